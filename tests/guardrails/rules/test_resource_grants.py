"""Lambda permissions and function URLs, keys, shares, endpoints, and resource policies that are wider than needed."""

import json

import pytest

from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.evaluate import Principal, Request, Verdict, evaluate
from policypack.guardrails.judge import Scene, default_policy, judge_resource, judge_stack, order
from policypack.guardrails.model import Resource, Run, Stack
from policypack.guardrails.rule import ResourceRule
from policypack.guardrails.rules.least_privilege import (
    endpoint_policy_allows_everything,
    function_url_cors_open,
    function_url_without_sign_in,
    key_without_policy,
    lambda_permission_beyond_invoke,
    lambda_permission_without_source,
    policy_lockout_check_bypassed,
    resource_policy_every_action,
    resource_policy_foreign_account,
    resource_policy_not_action,
    resource_policy_not_principal,
    resource_policy_open_to_strangers,
    resource_policy_without_source,
    resource_policy_without_tls,
    resource_share_outside_organization,
    ssm_document_shared_with_everyone,
)
from policypack.guardrails.values import UNKNOWN
from tests.support.rule_tables import ANY_ACCOUNT, ANYTHING, COMPUTED, Case, R, table

PERMISSION = "aws:lambda/permission:Permission"
URL = "aws:lambda/functionUrl:FunctionUrl"
KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
QUEUE = "aws:sqs/queuePolicy:QueuePolicy"
TOPIC = "aws:sns/topicPolicy:TopicPolicy"
SECRET = "aws:secretsmanager/secretPolicy:SecretPolicy"
SHARE = "aws:ram/resourceShare:ResourceShare"
RUNBOOK = "aws:ssm/document:Document"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
BUCKET = "aws:s3/bucket:Bucket"
SEARCH = "aws:opensearch/domainPolicy:DomainPolicy"
DOMAIN_ARN = f"arn:aws:es:eu-west-1:{ANY_ACCOUNT}:domain/logs"
OWN_ROOT = {"AWS": f"arn:aws:iam::{ANY_ACCOUNT}:root"}
ROLE = {"AWS": f"arn:aws:iam::{ANY_ACCOUNT}:role/worker"}
SNS = {"Service": "sns.amazonaws.com"}
PARTNER = "402918573664"
SEND = "sqs:SendMessage"
ACTION, AT = "policy.Statement[0].Action", "policy.Statement[0].Principal"


def document(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, principal: object = "*", resource: object = "*", /, **condition: object) -> dict[str, object]:
    given: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {**given, "Condition": condition} if condition else given


def deny(action: object, /, **condition: object) -> dict[str, object]:
    return {**allow(action, **condition), "Effect": "Deny"}


def on(type_: str, *statements: object, name: str = "r") -> Resource:
    return R(type_, name, policy=json.dumps(document(*statements)))


def permission(principal: object, /, **given: object) -> Resource:
    return R(PERMISSION, **{"action": "lambda:InvokeFunction", "function": "f", "principal": principal, **given})


test_lambda_permission_beyond_invoke = table(
    lambda_permission_beyond_invoke.RULE,
    [
        Case("fail", "all", permission("s3.amazonaws.com", action="lambda:*"), [("violation", "action", "medium")]),
        Case("fail", "code", permission(PARTNER, action="lambda:UpdateFunctionCode"), [("violation", "action")]),
        Case(
            "fail",
            "of-cloudformation",
            R("aws-native:lambda:Permission", principal=PARTNER, action="*"),
            [("violation", "action")],
        ),
        Case("pass", "invoke", permission(PARTNER)),
        Case("pass", "invoke-url", permission(PARTNER, action="lambda:invokeFunctionUrl")),
        Case("boundary", "invoke-by-pattern", permission(PARTNER, action="lambda:Invoke*"), [("violation", "action")]),
        Case("undecided", "unknown", permission(PARTNER, action=UNKNOWN), [("undecided", "action")]),
        Case("not-applicable", "none", R(PERMISSION, principal=PARTNER)),
    ],
)

S3, EVENTS, ALEXA = "s3.amazonaws.com", "events.amazonaws.com", "alexa-appkit.amazon.com"

test_lambda_permission_without_source = table(
    lambda_permission_without_source.RULE,
    [
        Case("fail", "none", permission(S3), [("violation", "principal", "medium")]),
        Case(
            "fail", "every-bucket", permission(S3, sourceArn="arn:aws:s3:::*"), [("violation", "principal", "medium")]
        ),
        Case(
            "fail",
            "rule-of-any-account",
            permission(EVENTS, sourceArn="arn:aws:events:eu-west-1:*:rule/nightly"),
            [("violation", "principal", "medium")],
        ),
        Case("fail", "skill", permission(ALEXA), [("violation", "principal", "medium")]),
        Case(
            "boundary",
            "bucket-without-account",
            permission(S3, sourceArn="arn:aws:s3:::uploads"),
            [("violation", "sourceArn", "low")],
        ),
        Case(
            "boundary",
            "computed-bucket",
            permission(S3, sourceArn=f"arn:aws:s3:::{COMPUTED}"),
            [("violation", "sourceArn", "low")],
        ),
        Case("pass", "every-bucket-of-an-account", permission(S3, sourceArn="arn:aws:s3:::*", sourceAccount=PARTNER)),
        Case("pass", "account-alone", permission("config.amazonaws.com", sourceAccount=ANY_ACCOUNT)),
        Case(
            "pass",
            "account-not-known-yet",
            permission(S3, sourceArn="arn:aws:s3:::u", sourceAccount=UNKNOWN),
        ),
        Case("pass", "rule", permission(EVENTS, sourceArn=f"arn:aws:events:eu-west-1:{ANY_ACCOUNT}:rule/nightly")),
        Case("pass", "skill-with-token", permission(ALEXA, eventSourceToken="amzn1.ask.skill.1")),
        Case("undecided", "unknown", permission(EVENTS, sourceArn=UNKNOWN), [("undecided", "sourceArn")]),
        Case(
            "undecided", "missing-configuration", permission(EVENTS, sourceArn=ANYTHING), [("undecided", "sourceArn")]
        ),
        Case("not-applicable", "account", permission(PARTNER)),
        Case("not-applicable", "principal-unknown", permission(UNKNOWN)),
        Case("not-applicable", "incomplete", R(PERMISSION, action="lambda:InvokeFunction")),
    ],
)

test_function_url_without_sign_in = table(
    function_url_without_sign_in.RULE,
    [
        Case("fail", "none", R(URL, authorizationType="NONE"), [("violation", "authorizationType", "medium")]),
        Case("fail", "of-cloudformation", R("aws-native:lambda:Url", authType="NONE"), [("violation", "authType")]),
        Case("pass", "iam", R(URL, authorizationType="AWS_IAM")),
        Case("undecided", "unknown", R(URL, authorizationType=UNKNOWN), [("undecided", "authorizationType")]),
        Case("undecided", "anything", R(URL, authorizationType=ANYTHING), [("undecided", "authorizationType")]),
        Case("not-applicable", "permission", permission(PARTNER)),
        Case("boundary", "absent", R(URL, functionName="f")),
    ],
)

test_function_url_cors_open = table(
    function_url_cors_open.RULE,
    [
        Case(
            "fail",
            "any",
            R(URL, cors={"allowOrigins": ["https://a.example", "*"]}),
            [("violation", "cors.allowOrigins[1]", "low")],
        ),
        Case("pass", "sites", R(URL, cors={"allowOrigins": ["https://a.example"]})),
        Case("undecided", "unknown", R(URL, cors={"allowOrigins": UNKNOWN}), [("undecided", "cors.allowOrigins")]),
        Case("not-applicable", "no-cors", R(URL, authorizationType="AWS_IAM")),
        Case("boundary", "subdomains", R(URL, cors={"allowOrigins": ["https://*.example"], "allowMethods": ["*"]})),
    ],
)

test_policy_lockout_check_bypassed = table(
    policy_lockout_check_bypassed.RULE,
    [
        Case(
            "fail",
            "key",
            R(KEY, bypassPolicyLockoutSafetyCheck=True),
            [("violation", "bypassPolicyLockoutSafetyCheck", "medium")],
        ),
        Case(
            "fail",
            "traces",
            R("aws:xray/resourcePolicy:ResourcePolicy", bypassPolicyLockoutCheck=True),
            [("violation", "bypassPolicyLockoutCheck")],
        ),
        Case("pass", "not-bypassed", R(KEY, bypassPolicyLockoutSafetyCheck=False)),
        Case(
            "undecided",
            "unknown",
            R(KEY, bypassPolicyLockoutSafetyCheck=UNKNOWN),
            [("undecided", "bypassPolicyLockoutSafetyCheck")],
        ),
        Case("not-applicable", "absent", R(KEY)),
        Case(
            "boundary",
            "as-text",
            R(KEY_POLICY, bypassPolicyLockoutSafetyCheck="true"),
            [("violation", "bypassPolicyLockoutSafetyCheck")],
        ),
    ],
)

test_ssm_document_shared_with_everyone = table(
    ssm_document_shared_with_everyone.RULE,
    [
        Case(
            "fail",
            "all",
            R(RUNBOOK, permissions={"type": "Share", "account_ids": "All"}),
            [("violation", "permissions.account_ids", "high")],
        ),
        Case(
            "fail",
            "other-spelling",
            R(RUNBOOK, permissions={"type": "Share", "accountIds": "all"}),
            [("violation", "permissions.accountIds")],
        ),
        Case("pass", "accounts", R(RUNBOOK, permissions={"type": "Share", "account_ids": f"{PARTNER}, {ANY_ACCOUNT}"})),
        Case("undecided", "unknown", R(RUNBOOK, permissions=UNKNOWN), [("undecided", "permissions.accountIds")]),
        Case("not-applicable", "not-shared", R(RUNBOOK, content="{}")),
        Case(
            "boundary",
            "among-others",
            R(RUNBOOK, permissions={"account_ids": f"{PARTNER}, all"}),
            [("violation", "permissions.account_ids")],
        ),
    ],
)

test_resource_share_outside_organization = table(
    resource_share_outside_organization.RULE,
    [
        Case(
            "fail",
            "external",
            R(SHARE, allowExternalPrincipals=True),
            [("violation", "allowExternalPrincipals", "low")],
        ),
        Case("pass", "internal", R(SHARE, allowExternalPrincipals=False)),
        Case(
            "undecided",
            "unknown",
            R(SHARE, allowExternalPrincipals=UNKNOWN),
            [("undecided", "allowExternalPrincipals")],
        ),
        Case("not-applicable", "bucket", R(BUCKET)),
        Case("boundary", "default", R(SHARE, name="network")),
        Case(
            "boundary",
            "default-of-cloudformation",
            R("aws-native:ram:ResourceShare", name="network"),
            [("violation", "allowExternalPrincipals", "low")],
        ),
    ],
)

test_key_without_policy = table(
    key_without_policy.RULE,
    [
        Case("fail", "none", R(KEY), [("violation", "policy", "low")]),
        Case(
            "fail", "policy-of-another-key", [R(KEY, keyId="k1"), R(KEY_POLICY, keyId="k2")], [("violation", "policy")]
        ),
        Case("pass", "own", on(KEY, allow("kms:*", OWN_ROOT))),
        Case("pass", "beside", [R(KEY, keyId="k1"), R(KEY_POLICY, keyId="k1")]),
        Case(
            "boundary",
            "beside-by-dependency",
            [R(KEY, keyId=UNKNOWN), R(KEY_POLICY, keyId=UNKNOWN, deps={"keyId": [f"{KEY}::r"]})],
        ),
        Case("boundary", "policy-not-known-yet", R(KEY, policy=UNKNOWN)),
        Case("not-applicable", "bucket", R(BUCKET)),
    ],
    without={"undecided": "a policy that is given is one, whatever it says"},
)

PERIMETER = {"aws:PrincipalOrgID": "o-1", "aws:ResourceOrgID": "o-1"}

test_endpoint_policy_allows_everything = table(
    endpoint_policy_allows_everything.RULE,
    [
        Case("fail", "everything", on(ENDPOINT, allow("*")), [("violation", "policy.Statement[0]", "low")]),
        Case("fail", "every-bucket", on(ENDPOINT, allow("s3:*")), [("violation", "policy.Statement[0]")]),
        Case("pass", "perimeter", on(ENDPOINT, allow("*", StringEquals=PERIMETER))),
        Case("pass", "own-resources", on(ENDPOINT, allow("*", StringEquals={"aws:ResourceAccount": ANY_ACCOUNT}))),
        Case("pass", "one-bucket", on(ENDPOINT, allow("s3:*", "*", "arn:aws:s3:::data/*"))),
        Case("undecided", "unknown", R(ENDPOINT, policy=UNKNOWN), [("undecided", "policy")]),
        Case("not-applicable", "default", R(ENDPOINT, serviceName="s3")),
        Case(
            "boundary",
            "if-exists",
            on(ENDPOINT, allow("*", StringEqualsIfExists={"aws:ResourceOrgID": "o-1"})),
            [("violation", "policy.Statement[0]")],
        ),
    ],
)

test_resource_policy_every_action = table(
    resource_policy_every_action.RULE,
    [
        Case("fail", "service", on(QUEUE, allow("sqs:*", ROLE)), [("violation", ACTION, "medium")]),
        Case("fail", "everything", on(KEY, allow("*", ROLE)), [("violation", ACTION)]),
        Case("fail", "in-pieces", on(QUEUE, allow(["sqs:[A-M]*", "SQS:?*"], ROLE)), [("violation", ACTION)]),
        Case(
            "fail",
            "nothing-left-out",
            on(QUEUE, {"Effect": "Allow", "Principal": ROLE, "NotAction": "s3:*", "Resource": "*"}),
            [("violation", "policy.Statement[0].NotAction")],
        ),
        Case(
            "fail",
            "beside-the-account",
            on(KEY, allow("kms:*", {"AWS": [OWN_ROOT["AWS"], ROLE["AWS"]]})),
            [("violation", ACTION)],
        ),
        Case("pass", "own-account", on(KEY, allow("kms:*", OWN_ROOT))),
        Case("pass", "needed", on(QUEUE, allow([SEND, "sqs:GetQueueUrl"], ROLE))),
        Case("pass", "data-of-a-domain", R(SEARCH, accessPolicies=document(allow("es:*", ROLE, f"{DOMAIN_ARN}/*")))),
        Case(
            "boundary",
            "domain-and-its-data",
            R(SEARCH, accessPolicies=document(allow("es:*", ROLE, [DOMAIN_ARN, f"{DOMAIN_ARN}/*"]))),
            [("violation", "accessPolicies.Statement[0].Action")],
        ),
        Case("pass", "denied", on(QUEUE, deny("*", Bool={"aws:SecureTransport": "false"}))),
        Case("boundary", "account-by-number", on(KEY, allow("kms:*", {"AWS": ANY_ACCOUNT}))),
        Case("boundary", "all-but-one", on(QUEUE, allow(["sqs:[!A]*", "sqs:Se*", "sqs:C*"], ROLE))),
        Case("undecided", "unknown", R(QUEUE, policy=UNKNOWN), [("undecided", "policy")]),
        Case("not-applicable", "no-policy", R(KEY)),
    ],
)


def without(element: str, value: object, principal: object = ROLE) -> dict[str, object]:
    given: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": SEND, "Resource": "*"}
    given.pop(element.removeprefix("Not"))
    return {**given, element: value}


test_resource_policy_not_action = table(
    resource_policy_not_action.RULE,
    [
        Case(
            "fail",
            "but-one",
            on(QUEUE, without("NotAction", "sqs:DeleteQueue")),
            [("violation", "policy.Statement[0].NotAction", "medium")],
        ),
        Case("pass", "action", on(QUEUE, allow(SEND, ROLE))),
        Case("pass", "deny", on(QUEUE, {**without("NotAction", SEND), "Effect": "Deny"})),
        Case("boundary", "nothing-remains", on(QUEUE, without("NotAction", "sqs:*"))),
        Case("undecided", "unknown", R(QUEUE, policy=UNKNOWN), [("undecided", "policy")]),
        Case("not-applicable", "no-policy", R("aws:sqs/queue:Queue")),
    ],
)

test_resource_policy_not_principal = table(
    resource_policy_not_principal.RULE,
    [
        Case(
            "fail",
            "but-one",
            on(QUEUE, without("NotPrincipal", ROLE)),
            [("violation", "policy.Statement[0].NotPrincipal", "medium")],
        ),
        Case("pass", "principal", on(QUEUE, allow(SEND, ROLE))),
        Case("boundary", "deny", on(QUEUE, {**without("NotPrincipal", ROLE), "Effect": "Deny"})),
        Case("undecided", "unknown", R(QUEUE, policy=UNKNOWN), [("undecided", "policy")]),
        Case("not-applicable", "no-policy", R("aws:sqs/queue:Queue")),
    ],
)


def for_others(principal: object = SNS, /, **condition: object) -> Resource:
    return on(QUEUE, allow(SEND, principal, "*", **condition))


EVERY_SERVICE = {"Service": "*"}

test_resource_policy_without_source = table(
    resource_policy_without_source.RULE,
    [
        Case("fail", "none", for_others(), [("violation", AT, "medium")]),
        Case(
            "fail",
            "topic-of-any-account",
            for_others(ArnLike={"aws:SourceArn": "arn:aws:sns:*:*:*"}),
            [("violation", AT, "medium")],
        ),
        Case("fail", "every-service", for_others(EVERY_SERVICE), [("violation", AT, "high")]),
        Case(
            "fail",
            "every-service-by-another-action",
            on(QUEUE, allow("sqs:TagQueue", EVERY_SERVICE)),
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "every-service-by-condition",
            for_others("*", Bool={"aws:PrincipalIsAWSService": "true"}),
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "each-statement",
            on(QUEUE, allow(SEND, SNS), allow(SEND, {"Service": S3})),
            [("violation", AT), ("violation", "policy.Statement[1].Principal")],
        ),
        Case(
            "fail",
            "alarms",
            on(TOPIC, allow("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})),
            [("violation", AT, "low")],
        ),
        Case("pass", "bucket", for_others({"Service": S3}, ArnLike={"aws:SourceArn": "arn:aws:s3:::uploads"})),
        Case("pass", "account", for_others(StringEquals={"aws:SourceAccount": ANY_ACCOUNT})),
        Case("pass", "organization", for_others(StringEquals={"aws:SourceOrgID": "o-1"})),
        Case("pass", "computed-source", for_others(ArnEquals={"aws:SourceArn": COMPUTED})),
        Case(
            "pass",
            "denied",
            on(
                QUEUE,
                allow(SEND, SNS),
                deny(
                    "sqs:*",
                    StringNotEquals={"aws:SourceAccount": ANY_ACCOUNT},
                    Bool={"aws:PrincipalIsAWSService": "true"},
                ),
            ),
        ),
        Case("boundary", "metadata", on(QUEUE, allow("sqs:GetQueueAttributes", SNS))),
        Case("boundary", "service-that-serves-its-own-account", for_others({"Service": "ec2.amazonaws.com"})),
        Case("boundary", "event-bus-to-a-topic", on(TOPIC, allow("sns:Publish", {"Service": EVENTS}))),
        Case(
            "undecided",
            "source",
            R(QUEUE, policy=document(allow(SEND, SNS, "*", ArnEquals={"aws:SourceArn": UNKNOWN}))),
            [("undecided", 'policy.Statement[0].Condition.ArnEquals["aws:SourceArn"]')],
        ),
        Case("not-applicable", "role", on(QUEUE, allow(SEND, ROLE))),
    ],
)

test_resource_policy_without_tls = table(
    resource_policy_without_tls.RULE,
    [
        Case("fail", "role", on(QUEUE, allow(SEND, ROLE)), [("violation", "policy.Statement[0]", "low")]),
        Case(
            "fail",
            "deny-of-another-action",
            on(TOPIC, allow("sns:Publish", ROLE), deny("sns:Subscribe", Bool={"aws:SecureTransport": "false"})),
            [("violation", "policy.Statement[0]")],
        ),
        Case("pass", "deny", on(QUEUE, allow(SEND, ROLE), deny("sqs:*", Bool={"aws:SecureTransport": "false"}))),
        Case(
            "pass",
            "deny-in-other-words",
            on(QUEUE, allow(SEND, ROLE), deny("*", StringNotEqualsIgnoreCase={"aws:SecureTransport": "TRUE"})),
        ),
        Case("pass", "in-the-allow", on(QUEUE, allow(SEND, ROLE, "*", Bool={"aws:SecureTransport": "true"}))),
        Case(
            "pass",
            "deny-of-the-service-beside-not-action",
            on(
                TOPIC,
                {"Effect": "Allow", "Principal": ROLE, "NotAction": "sns:DeleteTopic", "Resource": "*"},
                deny("sns:*", Bool={"aws:SecureTransport": "false"}),
            ),
        ),
        Case("boundary", "services-alone", on(QUEUE, allow(SEND, SNS))),
        Case(
            "boundary",
            "services-by-their-source",
            on(QUEUE, allow(SEND, "*", "*", ArnEquals={"aws:SourceArn": "arn:aws:s3:::uploads"})),
        ),
        Case("undecided", "unknown", R(QUEUE, policy=UNKNOWN), [("undecided", "policy")]),
        Case("not-applicable", "no-policy", R("aws:sqs/queue:Queue")),
    ],
)

LIVES = R("aws:lambda/function:Function", "f", arn="arn:aws:lambda:eu-west-1:213098465721:function:f")
OTHER = {"AWS": f"arn:aws:iam::{PARTNER}:root"}

UNREAD = R(QUEUE, policy=document(allow(SEND, OTHER, "*", StringEquals={"aws:PrincipalOrgID": UNKNOWN})))
WHICH = 'policy.Statement[0].Condition.StringEquals["aws:PrincipalOrgID"]'

test_resource_policy_foreign_account = table(
    resource_policy_foreign_account.RULE,
    [
        Case("fail", "use", [LIVES, on(QUEUE, allow(SEND, OTHER))], [("violation", AT, "low")]),
        Case(
            "fail",
            "by-number-of-several",
            [LIVES, on(QUEUE, allow(SEND, {"AWS": [PARTNER, "213098465721"]}))],
            [("violation", AT, "low")],
        ),
        Case("fail", "policy", [LIVES, on(SECRET, allow("secretsmanager:*", OTHER))], [("violation", AT, "high")]),
        Case(
            "fail",
            "by-condition",
            [LIVES, on(QUEUE, allow(SEND, "*", "*", StringEquals={"aws:PrincipalAccount": PARTNER}))],
            [("violation", AT, "low")],
        ),
        Case("fail", "function", [LIVES, permission(PARTNER)], [("violation", "principal", "low")]),
        Case(
            "fail",
            "key-of-a-foreign-owner-alone",
            [LIVES, on(KEY, allow("kms:*", OTHER))],
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "foreign-account-in-a-resource",
            [LIVES, on(QUEUE, allow(SEND, OTHER, f"arn:aws:sqs:eu-west-1:{PARTNER}:jobs"))],
            [("violation", AT, "low")],
        ),
        Case(
            "fail",
            "owner-of-another-resource",
            [
                on(KEY, allow("kms:*", OTHER)),
                on(KEY, allow("kms:*", {"AWS": "213098465721"}), name="second"),
                on(QUEUE, allow(SEND, OTHER), name="q"),
            ],
            [("violation", AT, "low")],
        ),
        Case(
            "pass", "owner-that-all-agree-on", [on(KEY, allow("kms:*", OTHER)), on(QUEUE, allow(SEND, OTHER), name="q")]
        ),
        Case(
            "fail",
            "policy-for-another-than-the-owner",
            on(KEY, allow("kms:*", OTHER), allow("kms:PutKeyPolicy", {"AWS": "213098465721"})),
            [("violation", "policy.Statement[1].Principal", "high")],
        ),
        Case(
            "fail",
            "account-in-a-deny",
            on(QUEUE, allow(SEND, OTHER), {**deny(SEND), "Resource": f"arn:aws:sqs:eu-west-1:{PARTNER}:jobs"}),
            [("violation", AT, "low")],
        ),
        Case(
            "fail",
            "grants-for-services",
            [LIVES, on(KEY, allow("kms:CreateGrant", OTHER, "*", Bool={"kms:GrantIsForAWSResource": "true"}))],
            [("violation", AT, "low")],
        ),
        Case("pass", "open-to-everybody", [LIVES, on(QUEUE, allow(SEND, {"AWS": ["*", PARTNER]}))]),
        Case("fail", "own-account-not-known", on(SECRET, allow("secretsmanager:*", OTHER)), [("violation", AT, "low")]),
        Case("pass", "own", [LIVES, on(QUEUE, allow(SEND, {"AWS": "213098465721"}))]),
        Case(
            "pass",
            "own-and-unread",
            [
                LIVES,
                R(
                    QUEUE,
                    policy=document(
                        allow(SEND, {"AWS": "213098465721"}, "*", StringEquals={"aws:PrincipalOrgID": UNKNOWN})
                    ),
                ),
            ],
        ),
        Case("pass", "computed", on(QUEUE, allow(SEND, ROLE))),
        Case(
            "pass",
            "organization",
            [LIVES, on(QUEUE, allow(SEND, OTHER, "*", StringEquals={"aws:PrincipalOrgID": "o-1"}))],
        ),
        Case("pass", "trusted", [LIVES, on(QUEUE, allow(SEND, OTHER))], settings={"trustedAccounts": [PARTNER]}),
        Case(
            "pass",
            "own-key",
            on(KEY, allow("kms:*", OTHER), allow("kms:Decrypt", {"AWS": f"arn:aws:iam::{PARTNER}:role/x"})),
        ),
        Case("pass", "owner-of-what-is-named", on(QUEUE, allow(SEND, OTHER, f"arn:aws:sqs:eu-west-1:{PARTNER}:jobs"))),
        Case(
            "boundary",
            "denied",
            [LIVES, on(QUEUE, allow(SEND, OTHER), deny("*", StringNotEquals={"aws:PrincipalOrgID": "o-1"}))],
        ),
        Case(
            "boundary",
            "two-owners-of-a-key",
            on(KEY, allow("kms:*", OTHER), allow("kms:*", {"AWS": "213098465721"})),
            [("violation", AT, "low"), ("violation", "policy.Statement[1].Principal", "low")],
        ),
        Case("undecided", "unknown", [LIVES, UNREAD], [("undecided", WHICH)]),
        Case("not-applicable", "services", [LIVES, on(QUEUE, allow(SEND, SNS))]),
    ],
)

ALL = [
    lambda_permission_without_source.RULE,
    resource_policy_every_action.RULE,
    resource_policy_foreign_account.RULE,
    resource_policy_not_action.RULE,
    resource_policy_not_principal.RULE,
    resource_policy_open_to_strangers.RULE,
    resource_policy_without_source.RULE,
    resource_policy_without_tls.RULE,
]


def findings(resource: Resource):
    scene = Scene([LIVES, resource], Run())
    found = []
    for rule in ALL:
        policy = default_policy(rule)
        if isinstance(rule, ResourceRule):
            found += judge_resource(policy, resource, scene) if resource.type in rule.types else []
        else:
            found += judge_stack(policy, Stack([LIVES, resource]), scene)
    return order(found)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (R(QUEUE, policy=UNKNOWN), {"resource-policy-open-to-strangers"}),
        (on(QUEUE, allow("sqs:*")), {"resource-policy-open-to-strangers", "resource-policy-without-tls"}),
        (on(SECRET, without("NotAction", "kms:*", "*")), {"resource-policy-open-to-strangers"}),
        (on(SECRET, allow("secretsmanager:*", {"AWS": f"arn:aws:iam::{PARTNER}:role/x"})), {
            "resource-policy-every-action", "resource-policy-foreign-account"
        }),
        (on(SECRET, allow("secretsmanager:*", EVERY_SERVICE)), {"resource-policy-without-source"}),
        (on(SECRET, {
            "Effect": "Allow", "NotPrincipal": ROLE, "Action": "secretsmanager:*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": "213098465721"}},
        }), {"resource-policy-every-action"}),
        (on(SECRET, allow("secretsmanager:*", {"AWS": ["*", PARTNER]})), {"resource-policy-open-to-strangers"}),
        (permission("*", action="lambda:*"), {"resource-policy-open-to-strangers"}),
    ],
)  # fmt: skip
def test_one_cause_is_one_finding(resource, expected) -> None:
    assert {one.rule.id for one in findings(resource)} == expected


def test_a_permission_on_a_function_is_about_functions() -> None:
    found = {one.rule.id: one for one in findings(permission(PARTNER, action="lambda:*"))}
    foreign = found["resource-policy-foreign-account"]
    assert foreign.witness["action"] == "lambda:AddPermission"
    assert ":function:" in foreign.witness["resource"]
    assert "principal_org_id" in foreign.fix
    assert "Condition" not in foreign.fix


def test_what_a_permission_lets_whom_do_is_said() -> None:
    role = f"arn:aws:iam::{ANY_ACCOUNT}:role/operator"
    resource = permission(role, action="lambda:*")
    policy = default_policy(lambda_permission_beyond_invoke.RULE)
    (found,) = judge_resource(policy, resource, Scene([resource], Run()))
    assert "role/operator" in found.message
    assert "lambda:AddPermission" in found.message
    assert found.witness["action"] == "lambda:AddPermission"


@pytest.mark.parametrize(
    ("arn", "shown"),
    [("arn:aws:sqs:eu-west-1:213098465721:jobs", '"arn:aws:sqs:eu-west-1:213098465721:jobs"'),
     (f"arn:aws:sqs:eu-west-1:{ANY_ACCOUNT}:jobs", '"QUEUE_ARN"'), (COMPUTED, '"QUEUE_ARN"')],
)  # fmt: skip
def test_the_deny_without_tls_can_be_pasted(arn: str, shown: str) -> None:
    found = {one.rule.id: one for one in findings(on(QUEUE, allow(SEND, ROLE, arn)))}
    fix = found["resource-policy-without-tls"].fix
    assert f'"Resource": {shown}' in fix
    assert "<" not in fix


@pytest.mark.parametrize(
    "statement",
    [
        allow("sqs:*"),
        allow(SEND, OTHER),
        allow(SEND, "*", "*", StringNotEquals={"aws:PrincipalOrgID": "o-1"}),
        allow("sqs:Re*", "*", "*", StringLike={"aws:PrincipalArn": "arn:aws:iam::*:role/x-*"}),
    ],
)
def test_witnesses_are_allowed(statement) -> None:
    parsed = parse(document(statement), Kind.RESOURCE)
    found = findings(on(QUEUE, statement))
    assert found
    for one in found:
        shown = one.witness
        kind = "anonymous" if shown["principal"] == "anonymous" else "AWS"
        context = {key: tuple(each) if isinstance(each, list) else each for key, each in shown["context"].items()}
        request = Request(Principal(kind, shown["principal"]), shown["action"], shown["resource"], context)
        assert evaluate((parsed,), request).verdict is Verdict.ALLOWED
