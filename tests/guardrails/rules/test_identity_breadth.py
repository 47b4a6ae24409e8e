"""What the rules on the breadth of one identity document say, each by itself."""

import json

from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.least_privilege import (
    allow_not_action,
    allow_not_resource,
    credentials_readable_on_every_resource,
    data_readable_on_every_resource,
    decrypt_with_every_key,
    every_action_granted,
    pass_role_to_any_role,
    pass_role_without_service,
    permissions_management_on_every_resource,
    resource_wildcard_on_metadata,
    role_creation_without_boundary,
    whole_service_granted,
    wildcard_in_statement,
    write_on_every_resource,
)
from policypack.guardrails.values import UNKNOWN

POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
ACCOUNT = "402918573664"
AT = "policy.Statement[0]"
VIOLATION = [("violation", AT)]


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def when(operator: str, key: str, value: object) -> dict[str, object]:
    return {"Condition": {operator: {key: value}}}


def deny(action: object, **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": action, **more}


def policy(*statements: object) -> object:
    return R(POLICY, policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def typed(*statements: object) -> object:
    """A policy as an object, whose parts may be unknown."""
    return R(POLICY, policy={"Version": "2012-10-17", "Statement": list(statements)})


NO_DOCUMENT = Case("not-applicable", "no-document", R(ROLE, name="r"))
WHOLLY_UNKNOWN = Case("undecided", "wholly-unknown", R(POLICY, policy=UNKNOWN), [("undecided", "policy")])
EVERY_TABLE = f"arn:aws:dynamodb:*:{ACCOUNT}:table/*"
ROLES = f"arn:aws:iam::{ACCOUNT}:role"

test_every_action_granted = table(
    every_action_granted.RULE,
    [
        Case("fail", "one-bucket", policy(allow("*", "arn:aws:s3:::data/*")), [("violation", AT, "high")]),
        Case("fail", "another-spelling", policy(allow(["s3:GetObject", "?*:*"], "arn:aws:s3:::data/*")), VIOLATION),
        Case("fail", "all-but-iam", policy(allow("*"), deny("iam:*", Resource="*")), VIOLATION),
        Case("pass", "one-service", policy(allow("s3:*"))),
        Case("pass", "denied-again", policy(allow("*", "arn:aws:s3:::data/*"), deny("*", Resource="*"))),
        Case(
            "undecided",
            "unknown-action",
            typed(allow(UNKNOWN, "arn:aws:s3:::data/*")),
            [("undecided", f"{AT}.Action")],
        ),
        WHOLLY_UNKNOWN,
        NO_DOCUMENT,
        Case("boundary", "every-service-but-not-every-action", policy(allow("*:Describe*", "arn:aws:s3:::data/*"))),
        Case(
            "boundary",
            "not-action-is-another-rule-s",
            policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        ),
    ],
)

test_allow_not_action = table(
    allow_not_action.RULE,
    [
        Case(
            "fail",
            "power-user",
            policy({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}),
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "region-does-not-narrow",
            policy(
                {
                    "Effect": "Allow",
                    "NotAction": "iam:*",
                    "Resource": "arn:aws:*",
                    **when("StringEquals", "aws:RequestedRegion", "eu-west-1"),
                }
            ),
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "bounded",
            policy({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::data"}),
            [("violation", AT, "low")],
        ),
        Case("pass", "action", policy(allow("s3:GetObject", "arn:aws:s3:::data/*"))),
        Case("pass", "denied", policy({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"})),
        Case(
            "undecided",
            "unknown-not-action",
            typed({"Effect": "Allow", "NotAction": ["iam:*", UNKNOWN], "Resource": "*"}),
            [("undecided", f"{AT}.NotAction[1]")],
        ),
        WHOLLY_UNKNOWN,
        NO_DOCUMENT,
        Case(
            "boundary",
            "one-service-at-large-is-another-rule-s",
            policy({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}),
        ),
        Case("boundary", "nothing-left", policy({"Effect": "Allow", "NotAction": "*", "Resource": "*"})),
    ],
)

test_allow_not_resource = table(
    allow_not_resource.RULE,
    [
        Case(
            "fail",
            "all-but-one-bucket",
            policy(
                {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::keep/*"},
                deny(["iam:*", "sts:*"], Resource="*"),
            ),
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "harmless-actions",
            policy(
                {"Effect": "Allow", "Action": "dynamodb:Describe*", "NotResource": EVERY_TABLE.replace("*", "keep")}
            ),
            [("violation", AT, "low")],
        ),
        Case("pass", "resource", policy(allow("s3:GetObject", "arn:aws:s3:::data/*"))),
        Case(
            "undecided",
            "unknown-not-resource",
            typed({"Effect": "Allow", "Action": "*", "NotResource": UNKNOWN}),
            [("undecided", f"{AT}.NotResource")],
        ),
        WHOLLY_UNKNOWN,
        NO_DOCUMENT,
        Case(
            "boundary",
            "dangerous-actions-are-other-rules",
            policy({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::keep/*"}),
        ),
        Case("boundary", "nothing-left", policy({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "*"})),
    ],
)

test_permissions_management_on_every_resource = table(
    permissions_management_on_every_resource.RULE,
    [
        Case("fail", "snapshots", policy(allow("ec2:ModifySnapshotAttribute")), [("violation", AT, "high")]),
        Case("fail", "by-a-service-wildcard", policy(allow("BACKUP:*", "arn:aws:backup:*:*:*")), VIOLATION),
        Case("fail", "own-account-does-not-narrow", policy(allow("iam:DetachRolePolicy", f"{ROLES}/*")), VIOLATION),
        Case("fail", "whole-account", policy(allow("s3:PutAccountPublicAccessBlock")), VIOLATION),
        Case("fail", "secret-document", R(POLICY, policy=Secret(json.dumps({"Statement": allow("ec2:ModifySnapshotAttribute")}))),
             [("violation", "policy")]),
        Case("pass", "one-bucket", policy(allow("s3:PutBucketPolicy", "arn:aws:s3:::data"))),
        Case("pass", "path", policy(allow("iam:DetachRolePolicy", f"{ROLES}/app/*"))),
        Case("pass", "own-user", policy(allow("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}"))),
        Case("pass", "for-services", policy(allow("kms:CreateGrant", **when("Bool", "kms:GrantIsForAWSResource", "true")))),
        Case("pass", "empty-ones-and-what-lets-nobody-in", policy(allow([
            "sns:CreateTopic", "sqs:CreateQueue", "es:Create*Domain", "waf:CreateWebACL", "iam:CreatePolicy",
            "mediapackage:RotateIngestEndpointCredentials", "cloudformation:SetStackPolicy", "iam:*VirtualMFADevice",
            "cloudwatch:UpdateAccessProfile", "ec2:CreatePlacementGroup"]))),
        Case("pass", "resources-of-others", policy(
            allow("s3:PutObject*", **when("StringNotEquals", "s3:ResourceAccount", ACCOUNT)),
            allow("s3:PutObject*", **when("StringNotEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}")))),
        Case("pass", "reads-of-permissions", policy(allow(["quicksight:Describe*", "iam:Get*", "iam:List*"]))),
        Case("undecided", "unknown-resource", typed(allow("ec2:ModifySnapshotAttribute", UNKNOWN)),
             [("undecided", f"{AT}.Resource")]),
        WHOLLY_UNKNOWN,
        NO_DOCUMENT,
        Case("boundary", "escalation-is-another-rule-s", policy(allow(["kms:PutKeyPolicy", "iam:AttachRolePolicy"]))),
        Case("boundary", "network-interfaces-of-builds", policy(allow("ec2:CreateNetworkInterfacePermission"))),
    ],
)  # fmt: skip

test_credentials_readable_on_every_resource = table(
    credentials_readable_on_every_resource.RULE,
    [
        Case("fail", "secrets", policy(allow("secretsmanager:GetSecretValue")), [("violation", AT, "high")]),
        Case("fail", "parameters", policy(allow("ssm:Get*", f"arn:aws:ssm:*:{ACCOUNT}:parameter/*")), VIOLATION),
        Case("fail", "of-the-own-account",
             policy(allow("ssm:GetParameter", **when("StringEquals", "aws:ResourceAccount", ACCOUNT))), VIOLATION),
        Case("fail", "database-sign-in", policy(allow("rds-db:connect", "arn:aws:rds-db:*:*:dbuser:*/*")), VIOLATION),
        Case("pass", "prefix", policy(allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:app/*"))),
        Case("pass", "tagged", policy(
            allow("secretsmanager:GetSecretValue", **when("StringEquals", "aws:ResourceTag/app", "shop")))),
        Case("pass", "registry-sign-in", policy(allow(["ecr:GetAuthorizationToken", "sts:GetSessionToken"]))),
        Case("pass", "computed-secret", policy(allow("secretsmanager:GetSecretValue", COMPUTED))),
        Case("undecided", "from-missing-configuration", policy(allow("ssm:GetParameter", ANYTHING)),
             [("undecided", f"{AT}.Resource")]),
        WHOLLY_UNKNOWN,
        NO_DOCUMENT,
        Case("boundary", "agent-of-systems-manager",
             policy(allow(["ssm:UpdateInstanceInformation", "ssm:GetParameters", "ssm:GetParameter"]))),
        Case("boundary", "agent-and-more",
             policy(allow(["ssm:UpdateInstanceInformation", "ssm:GetParametersByPath"])), VIOLATION),
    ],
)  # fmt: skip

test_decrypt_with_every_key = table(
    decrypt_with_every_key.RULE,
    [
        Case("fail", "star", policy(allow("kms:Decrypt")), [("violation", AT, "medium")]),
        Case("fail", "every-key", policy(allow("kms:ReEncrypt*", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*")), VIOLATION),
        Case("pass", "one-key", policy(allow("kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234"))),
        Case("pass", "through-one-service",
             policy(allow("kms:Decrypt", **when("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com")))),
        Case("pass", "encryption", policy(allow(["kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptTo"]))),
        Case("fail", "absent-key-meets-it",
             typed(allow("kms:Decrypt", **when("StringNotEquals", "kms:ViaService", UNKNOWN))), VIOLATION),
        Case("undecided", "unknown-key", typed(allow("kms:Decrypt", UNKNOWN)), [("undecided", f"{AT}.Resource")]),
        NO_DOCUMENT,
        Case("boundary", "second-factor-does-not-narrow",
             policy(allow("kms:Decrypt", **when("Bool", "aws:MultiFactorAuthPresent", "true"))), VIOLATION),
    ],
)  # fmt: skip

test_data_readable_on_every_resource = table(
    data_readable_on_every_resource.RULE,
    [
        Case("fail", "tables", policy(allow("dynamodb:GetItem", EVERY_TABLE)), [("violation", AT, "medium")]),
        Case("fail", "messages", policy(allow("sqs:Receive*")), VIOLATION),
        Case("fail", "snapshots", policy(allow("ebs:GetSnapshotBlock", "arn:aws:ec2:*::snapshot/*")), VIOLATION),
        Case("pass", "table-and-indexes",
             policy(allow("dynamodb:Query", [EVERY_TABLE.replace("/*", "/orders"), EVERY_TABLE.replace("/*", "/orders/index/*")]))),
        Case("pass", "settings-and-logs", policy(allow(["dynamodb:Describe*", "logs:GetLogEvents", "s3:GetBucket*"]))),
        Case("undecided", "unknown-table", typed(allow("dynamodb:Scan", [UNKNOWN])), [("undecided", f"{AT}.Resource[0]")]),
        NO_DOCUMENT,
        Case("boundary", "denied-elsewhere", policy(
            allow("dynamodb:Scan"), deny("dynamodb:*", NotResource=EVERY_TABLE.replace("/*", "/orders")))),
        Case("boundary", "prefix", policy(allow("dynamodb:Scan", EVERY_TABLE.replace("/*", "/shop-*")))),
    ],
)  # fmt: skip

test_whole_service_granted = table(
    whole_service_granted.RULE,
    [
        Case("fail", "every-stream", policy(allow("firehose:*")), [("violation", AT, "medium")]),
        Case("fail", "by-initials", policy(allow([f"firehose:{letter}*" for letter in "CDLPSTU"])),
             [("violation", AT, "medium")]),
        Case("fail", "own-bucket", policy(allow("s3:?*", ["arn:aws:s3:::data", "arn:aws:s3:::data/*"])),
             [("violation", AT, "low")]),
        Case("fail", "by-statements", policy(*(allow(f"firehose:{letter}*") for letter in "CDLPSTU")),
             [("violation", "policy.Statement[1]", "medium")]),
        Case("fail", "own-bucket-by-statements",
             policy(*(allow(f"s3:{name}*", "arn:aws:s3:::data/*") for name in ("P", "G", "D", "L", "A", "R", "B",
                                                                             "C", "U", "I", "O", "S", "T", "E"))),
             [("violation", "policy.Statement[0]", "low")]),
        Case("pass", "parts-on-two-buckets", policy(
            allow([f"s3:{name}*" for name in "PGDL"], "arn:aws:s3:::data/*"),
            allow([f"s3:{name}*" for name in "ARBCUIOSTE"], "arn:aws:s3:::logs/*"))),
        Case("pass", "reads", policy(allow(["s3:Get*", "s3:List*"]))),
        Case("pass", "own-machine-without-permissions",
             policy(allow("states:*", f"arn:aws:states:*:{ACCOUNT}:stateMachine:one"))),
        Case("fail", "a-service-without-resources", policy(allow("route53domains:*")), [("violation", AT, "low")]),
        Case("pass", "channels-of-an-agent", policy(allow(["ssmmessages:*", "ec2messages:*"]))),
        Case("undecided", "unknown-resource", typed(allow("dynamodb:*", UNKNOWN)), [("undecided", f"{AT}.Resource")]),
        NO_DOCUMENT,
        Case("boundary", "own-bucket-but-for-its-permissions", policy(
            allow("s3:*", "arn:aws:s3:::data/*"), deny(["s3:Put*Acl", "s3:*Policy", "s3:Bypass*", "s3:ObjectOwner*"], Resource="*"))),
    ],
)  # fmt: skip

test_write_on_every_resource = table(
    write_on_every_resource.RULE,
    [
        Case("fail", "instances", policy(allow("ec2:TerminateInstances")), [("violation", AT, "medium")]),
        Case("fail", "records", policy(allow("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/*")), VIOLATION),
        Case("fail", "its-own-tag-does-not-narrow",
             policy(allow("ec2:StopInstances", **when("StringEquals", "aws:PrincipalTag/team", "a"))), VIOLATION),
        Case("fail", "a-way-into-what-is-there", policy(allow("lambda:CreateFunctionUrlConfig")), VIOLATION),
        Case("fail", "traffic-of-what-is-there", policy(allow(["ec2:CreateVpc", "ec2:CreateRoute"])), VIOLATION),
        Case("fail", "stack-policies", policy(allow("cloudformation:SetStackPolicy")), VIOLATION),
        Case("pass", "what-is-new", policy(allow(["ec2:Create*Group", "ec2:CreateVpc", "ec2:AllocateAddress",
            "ec2:RequestSpotInstances", "organizations:CreateOrganizationalUnit", "rds:CopyDBSnapshot"]))),
        Case("pass", "what-changes-nothing", policy(allow(["kms:Encrypt", "kms:GenerateDataKey", "athena:StartQueryExecution"]))),
        Case("pass", "tagged", policy(allow("ec2:StopInstances", **when("StringEquals", "aws:ResourceTag/team", "a")))),
        Case("pass", "in-one-subnet", policy(allow("ec2:RunInstances", [
            "arn:aws:ec2:*:*:subnet/subnet-1", *(f"arn:aws:ec2:*:*:{kind}/*" for kind in
            ("instance", "volume", "image", "network-interface", "security-group"))]))),
        Case("pass", "telemetry", policy(allow(["logs:CreateLogGroup", "logs:PutLogEvents", "cloudwatch:PutMetricData",
                                                "xray:PutTraceSegments"]))),
        Case("undecided", "unknown-topic", typed(allow("sns:Publish", UNKNOWN)), [("undecided", f"{AT}.Resource")]),
        NO_DOCUMENT,
        Case("boundary", "text-messages-only", policy(
            {"Effect": "Allow", "Action": "sns:Publish", "NotResource": "arn:aws:sns:*:*:*"})),
        Case("boundary", "beside-an-unknown-statement", typed(UNKNOWN, allow("sqs:DeleteQueue")),
             [("violation", "policy.Statement[1]")]),
    ],
)  # fmt: skip

PASSED = "iam:PassedToService"
test_pass_role_to_any_role = table(
    pass_role_to_any_role.RULE,
    [
        Case("fail", "any-service", policy(allow("iam:PassRole")), [("violation", AT, "high")]),
        Case("fail", "if-exists-with-a-wildcard",
             policy(allow("iam:Pass*", f"{ROLES}/*", **when("StringLikeIfExists", PASSED, "*.amazonaws.com"))),
             [("violation", AT, "high")]),
        Case("fail", "one-service", policy(allow("iam:PassRole", **when("StringEquals", PASSED, "ecs.amazonaws.com"))),
             [("violation", AT, "medium")]),
        Case("pass", "named", policy(allow("iam:PassRole", f"{ROLES}/task"))),
        Case("pass", "prefix", policy(allow("iam:PassRole", f"{ROLES}/app-*"))),
        Case("undecided", "unknown-role", typed(allow("iam:PassRole", UNKNOWN)), [("undecided", f"{AT}.Resource")]),
        WHOLLY_UNKNOWN,
        NO_DOCUMENT,
        Case("boundary", "to-one-function", policy(
            allow("iam:PassRole", **when("ArnEquals", "iam:AssociatedResourceArn", "arn:aws:lambda:*:*:function:one")))),
    ],
)  # fmt: skip

test_pass_role_without_service = table(
    pass_role_without_service.RULE,
    [
        Case("fail", "named", policy(allow("iam:PassRole", f"{ROLES}/task")), [("violation", AT, "low")]),
        Case("fail", "any-service-is-none",
             policy(allow("iam:PassRole", f"{ROLES}/app-*", **when("StringLike", PASSED, "*"))), VIOLATION),
        Case("pass", "service", policy(allow("iam:PassRole", f"{ROLES}/task", **when("StringEquals", PASSED, "ecs.amazonaws.com")))),
        Case("pass", "pass-role-is-not-among-them", policy(allow("iam:Get*", f"{ROLES}/task"))),
        Case("undecided", "unknown-service",
             typed(allow("iam:PassRole", f"{ROLES}/task", **when("StringEquals", PASSED, UNKNOWN))),
             [("undecided", f'{AT}.Condition.StringEquals["{PASSED}"]')]),
        NO_DOCUMENT,
        Case("boundary", "computed-role", policy(allow("iam:PassRole", COMPUTED)), VIOLATION),
    ],
)  # fmt: skip

BOUNDARY = "iam:PermissionsBoundary"
test_role_creation_without_boundary = table(
    role_creation_without_boundary.RULE,
    [
        Case("fail", "create", policy(allow("iam:CreateRole", f"{ROLES}/app-*")), [("violation", AT, "medium")]),
        Case("fail", "remove", policy(allow("iam:Delete*Boundary", f"{ROLES}/app-*")), VIOLATION),
        Case("fail", "any-boundary-is-none",
             policy(allow("iam:CreateRole", f"{ROLES}/app-*", **when("StringLike", BOUNDARY, "*"))), VIOLATION),
        Case("pass", "bounded", policy(
            allow(["iam:CreateRole", "iam:PutRolePermissionsBoundary"], f"{ROLES}/app-*",
                  **when("StringEquals", BOUNDARY, f"arn:aws:iam::{ACCOUNT}:policy/limit")))),
        Case("pass", "roles-of-services", policy(allow("iam:CreateServiceLinkedRole"))),
        Case("undecided", "unknown-boundary",
             typed(allow("iam:CreateRole", f"{ROLES}/app-*", **when("StringEquals", BOUNDARY, UNKNOWN))),
             [("undecided", f'{AT}.Condition.StringEquals["{BOUNDARY}"]')]),
        NO_DOCUMENT,
        Case("boundary", "removal-denied", policy(
            allow("iam:*Boundary", f"{ROLES}/app-*"), deny("iam:*PermissionsBoundary", Resource="*"))),
    ],
)  # fmt: skip

test_wildcard_in_statement = table(
    wildcard_in_statement.RULE,
    [
        Case("fail", "reads", policy(allow("dynamodb:Describe*", COMPUTED)), [("violation", AT, "low")]),
        Case("fail", "writes", policy(allow("dynamodb:Update*", COMPUTED)), [("violation", AT)]),
        Case("fail", "resource", policy(allow("s3:GetObject", "arn:aws:s3:::data/*")), [("violation", AT, "low")]),
        Case("pass", "spelled-out", policy(allow("s3:ListBucket", "arn:aws:s3:::data"))),
        WHOLLY_UNKNOWN,
        NO_DOCUMENT,
        Case("boundary", "all-of-a-service", policy(allow("s3:*", "arn:aws:s3:::data")), [("violation", AT, "high")]),
        Case("boundary", "a-variable-is-no-wildcard", policy(allow("iam:GetUser", "arn:aws:iam::1:user/${aws:username}"))),
    ],
)  # fmt: skip

test_resource_wildcard_on_metadata = table(
    resource_wildcard_on_metadata.RULE,
    [
        Case("fail", "describe", policy(allow("dynamodb:DescribeTable")), [("violation", AT, "low")]),
        Case("fail", "tag", policy(allow("ec2:CreateTags", "arn:aws:ec2:*:*:*/*")), VIOLATION),
        Case("pass", "works-on-nothing", policy(allow(["ec2:DescribeInstances", "s3:ListAllMyBuckets"]))),
        Case("pass", "named", policy(allow("dynamodb:DescribeTable", EVERY_TABLE.replace("/*", "/orders")))),
        Case("undecided", "unknown", typed(allow("dynamodb:DescribeTable", UNKNOWN)), [("undecided", f"{AT}.Resource")]),
        NO_DOCUMENT,
        Case("boundary", "writes-are-other-rules", policy(allow("dynamodb:DeleteTable"))),
    ],
)  # fmt: skip
