"""Escalation over the identities of a stack: one by one, in chains, and what only all policies of an identity allow."""

import json

import pytest
from rule_tables import ANY_ACCOUNT, COMPUTED, Case, R, on_model, table

from policypack.guardrails.model import Resource, Secret
from policypack.guardrails.rules.least_privilege import (
    administrator_access_in_parts,
    privilege_escalation,
    privilege_escalation_chain,
    resource_policy_takeover_escalation,
    wide_grant_partly_denied,
)
from policypack.guardrails.values import UNKNOWN

ROLE, USER, POLICY = "aws:iam/role:Role", "aws:iam/user:User", "aws:iam/policy:Policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ACCOUNT = "402918573664"
CRITICAL, HIGH, MEDIUM = "critical", "high", "medium"
LAMBDA = {"Service": "lambda.amazonaws.com"}
MANAGED = "arn:aws:iam::aws:policy"


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*") -> dict[str, object]:
    return {"Effect": "Deny", "Action": action, "Resource": resource}


def document(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def arn(kind: str, name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def role(name: str, *statements: object, trust: object = LAMBDA, when: object = None, **more: object) -> Resource:
    """A role with one inline policy, which lets somebody in on a condition."""
    inline = [{"name": name, "policy": document(*statements)}] if statements else []
    condition = {} if when is None else {"Condition": when}
    trusted = document({"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole", **condition})
    return R(
        ROLE,
        name,
        name=name,
        arn=arn("role", name),
        assumeRolePolicy=trusted,
        inlinePolicies=inline,
        **more,
    )


def passed_to(service: str) -> dict[str, object]:
    return {"Condition": {"StringEquals": {"iam:PassedToService": service}}}


INLINE = "inlinePolicies[0].policy.Statement"
WRITES_ITSELF = allow("iam:PutRolePolicy")
RUNS_ANY = [allow("iam:PassRole"), allow(["lambda:CreateFunction", "lambda:InvokeFunction"])]

test_privilege_escalation = table(
    privilege_escalation.RULE,
    [
        Case("fail", "on-itself", role("a", WRITES_ITSELF), [("violation", f"{INLINE}[0]", CRITICAL)]),
        Case(
            "fail",
            "on-itself-by-name",
            role("a", allow("iam:PutRolePolicy", arn("role", "a"))),
            [("violation", f"{INLINE}[0]", CRITICAL)],
        ),
        Case("pass", "on-another", role("a", allow("iam:PutRolePolicy", arn("role", "b")))),
        Case("fail", "passes-any-role", role("a", *RUNS_ANY), [("violation", f"{INLINE}[0]", HIGH)]),
        Case(
            "pass",
            "passes-to-another-service",
            role("a", allow("iam:PassRole", **passed_to("ecs-tasks.amazonaws.com")), RUNS_ANY[1]),
        ),
        Case("pass", "passes-one-role", role("a", allow("iam:PassRole", arn("role", "a")), RUNS_ANY[1])),
        Case(
            "fail",
            "over-two-documents",
            [
                role("a", RUNS_ANY[0]),
                R(ROLE_POLICY, "b", role="a", policy=document(RUNS_ANY[1])),
            ],
            [("violation", f"{INLINE}[0]", HIGH)],
        ),
        Case(
            "pass",
            "denied-in-another-document",
            [role("a", WRITES_ITSELF), R(ROLE_POLICY, "b", role="a", policy=document(deny("iam:Put*")))],
        ),
        Case(
            "pass",
            "within-a-boundary",
            [
                role("a", WRITES_ITSELF, permissionsBoundary=arn("policy", "limit")),
                R(POLICY, "limit", arn=arn("policy", "limit"), policy=document(allow(["s3:*", "sqs:*"]))),
            ],
        ),
        Case(
            "undecided",
            "within-a-boundary-of-another-stack",
            role("a", WRITES_ITSELF, permissionsBoundary=arn("policy", "limit")),
            [("undecided", f"{INLINE}[0]")],
        ),
        Case("pass", "not-known-is-said-of-the-document", role("a", allow("iam:PutRolePolicy", UNKNOWN))),
        Case(
            "fail",
            "beside-what-is-not-known",
            role("a", allow("iam:PutRolePolicy", [UNKNOWN, "*"])),
            [("violation", f"{INLINE}[0]", CRITICAL)],
        ),
        Case(
            "fail",
            "nobody-holds-it",
            R(POLICY, "p", policy=document(WRITES_ITSELF)),
            [("violation", "policy.Statement[0]")],
        ),
        Case(
            "pass",
            "nobody-holds-it-and-it-names-others",
            R(POLICY, "p", policy=document(allow("iam:PutRolePolicy", arn("role", "a")))),
        ),
        Case(
            "fail",
            "held-by-two-said-once",
            [
                R(POLICY, "p", arn=arn("policy", "p"), policy=document(WRITES_ITSELF)),
                role("a", managedPolicyArns=[arn("policy", "p")]),
                role("b", managedPolicyArns=[arn("policy", "p")]),
            ],
            [("violation", "policy.Statement[0]", CRITICAL)],
        ),
        Case(
            "fail",
            "through-a-group",
            [
                R(USER, "u", name="ann", arn=arn("user", "ann")),
                R("aws:iam/group:Group", "g", name="staff", arn=arn("group", "staff")),
                R("aws:iam/groupPolicy:GroupPolicy", "gp", group="staff", policy=document(RUNS_ANY[0])),
                R("aws:iam/userPolicy:UserPolicy", "up", user="ann", policy=document(RUNS_ANY[1])),
                R("aws:iam/userGroupMembership:UserGroupMembership", "m", user="ann", groups=["staff"]),
            ],
            [("violation", "policy.Statement[0]", HIGH)],
        ),
        Case(
            "fail",
            "by-a-customer-managed-policy-of-a-permission-set",
            [
                R("aws:ssoadmin/permissionSet:PermissionSet", "s", arn="arn:aws:sso:::permissionSet/ssoins-1/ps-1"),
                R(
                    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
                    "i",
                    permissionSetArn="arn:aws:sso:::permissionSet/ssoins-1/ps-1",
                    inlinePolicy=document(RUNS_ANY[1]),
                ),
                R(POLICY, "p", name="passing", policy=document(RUNS_ANY[0])),
                R(
                    "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment",
                    "c",
                    permissionSetArn="arn:aws:sso:::permissionSet/ssoins-1/ps-1",
                    customerManagedPolicyReference={"name": "passing"},
                ),
            ],
            [("violation", "policy.Statement[0]", HIGH)],
        ),
        Case(
            "fail",
            "rewrites-the-policy-that-it-is",
            R(
                POLICY,
                "p",
                arn=arn("policy", "p"),
                policy=document(allow("iam:CreatePolicyVersion", arn("policy", "p"))),
            ),
            [("violation", "policy.Statement[0]", CRITICAL)],
        ),
        Case(
            "fail",
            "its-arn-is-made-of-its-name",
            R(ROLE_POLICY, "p", role="zz", policy=document(allow("iam:PutRolePolicy", arn("role", "zz")))),
            [("violation", "policy.Statement[0]", CRITICAL)],
        ),
        Case(
            "fail",
            "a-policy-for-services-on-a-user",
            [
                R(USER, "u", name="ann"),
                R(
                    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
                    "a",
                    user="ann",
                    policyArn=f"{MANAGED}/service-role/AmazonElasticMapReduceRole",
                ),
            ],
            [("violation", "policyArn", HIGH)],
        ),
        Case(
            "fail",
            "by-a-policy-of-aws",
            role("a", managedPolicyArns=[f"{MANAGED}/AWSLambda_FullAccess"]),
            [("violation", "managedPolicyArns[0]", HIGH)],
        ),
        Case(
            "pass",
            "what-aws-lets-its-services-do",
            role("a", managedPolicyArns=[f"{MANAGED}/service-role/AWSBackupServiceRolePolicyForRestores"]),
        ),
        Case(
            "fail",
            "needs-more-of-what-is-there",
            role("a", allow("lambda:UpdateFunctionCode")),
            [("violation", f"{INLINE}[0]", MEDIUM)],
        ),
        Case(
            "fail",
            "secret-document",
            R(POLICY, "p", policy=Secret(json.dumps(document(WRITES_ITSELF)))),
            [("violation", "policy", CRITICAL)],
        ),
        Case("pass", "administrators-have-nothing-to-escalate-to", role("a", allow("*"))),
        Case("not-applicable", "no-policy", R(ROLE, "a", name="a")),
        Case("boundary", "takeover-is-another-rule's", role("a", allow("kms:PutKeyPolicy"))),
    ],
)

test_resource_policy_takeover = table(
    resource_policy_takeover_escalation.RULE,
    [
        Case("fail", "every-key", role("a", allow("kms:PutKeyPolicy")), [("violation", f"{INLINE}[0]", HIGH)]),
        Case(
            "fail",
            "every-bucket",
            role("a", allow("s3:PutBucketPolicy", "arn:aws:s3:::*")),
            [("violation", f"{INLINE}[0]", HIGH)],
        ),
        Case("pass", "one-bucket", role("a", allow("s3:PutBucketPolicy", "arn:aws:s3:::orders"))),
        Case("pass", "denied", role("a", allow("s3:*"), deny("s3:PutBucket*"))),
        Case(
            "undecided",
            "within-a-boundary-of-another-stack",
            role("a", allow("kms:PutKeyPolicy"), permissionsBoundary=arn("policy", "limit")),
            [("undecided", f"{INLINE}[0]")],
        ),
        Case("not-applicable", "reading", role("a", allow("kms:GetKeyPolicy"))),
        Case("boundary", "escalation-is-another-rule's", role("a", WRITES_ITSELF)),
    ],
)

test_administrator_access_in_parts = table(
    administrator_access_in_parts.RULE,
    [
        Case(
            "fail",
            "two-documents",
            [
                role("a", allow(["iam:[a-m]*", "iam:A*", "iam:Put*", "iam:C*"])),
                R(
                    ROLE_POLICY,
                    "b",
                    role="a",
                    policy=document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
                ),
            ],
            [("violation", f"{INLINE}[0]", CRITICAL)],
        ),
        Case(
            "fail",
            "power-user-and-iam",
            role("a", allow(["iam:Attach*", "iam:Put*"]), managedPolicyArns=[f"{MANAGED}/PowerUserAccess"]),
            [("violation", f"{INLINE}[0]", CRITICAL)],
        ),
        Case("pass", "power-user", role("a", allow("s3:GetObject"), managedPolicyArns=[f"{MANAGED}/PowerUserAccess"])),
        Case(
            "pass",
            "within-a-boundary",
            [
                role(
                    "a",
                    allow(["iam:Attach*", "iam:Put*"]),
                    managedPolicyArns=[f"{MANAGED}/PowerUserAccess"],
                    permissionsBoundary=f"{MANAGED}/ReadOnlyAccess",
                ),
            ],
        ),
        Case("not-applicable", "no-policy", R(ROLE, "a", name="a")),
        Case("boundary", "one-document-alone", role("a", allow("*"), allow("s3:GetObject"))),
    ],
    without={"undecided": "a document that cannot be read is undecided where it is judged alone"},
)

RUNS_AND_READS = allow(
    ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction", "secretsmanager:GetSecretValue"]
)


def denying(*actions: str) -> Resource:
    return R(ROLE_POLICY, "b", role="a", policy=document(deny(list(actions))))


test_wide_grant_partly_denied = table(
    wide_grant_partly_denied.RULE,
    [
        Case(
            "fail",
            "roles-are-left",
            [role("a", RUNS_AND_READS), denying("lambda:*")],
            [("violation", f"{INLINE}[0]", HIGH)],
        ),
        Case(
            "fail",
            "secrets-are-left",
            [role("a", RUNS_AND_READS), denying("lambda:*", "iam:*")],
            [("violation", f"{INLINE}[0]", HIGH)],
        ),
        Case("pass", "nothing-grave-is-left", [role("a", WRITES_ITSELF), denying("iam:Put*")]),
        Case("pass", "escalates", role("a", RUNS_AND_READS)),
        Case(
            "fail",
            "within-a-boundary-that-is-not-known",
            role("a", RUNS_AND_READS, permissionsBoundary=UNKNOWN),
            [("violation", f"{INLINE}[0]", HIGH)],
        ),
        Case(
            "not-applicable",
            "does-not-escalate-alone",
            [role("a", allow("secretsmanager:GetSecretValue")), denying("iam:*")],
        ),
        Case("boundary", "administrator", [role("a", allow("*")), denying("s3:*")]),
    ],
    without={"undecided": "what may be denied is taken for granted, as where the document is judged alone"},
)

KEEPER = role("keeper", WRITES_ITSELF, trust={"AWS": arn("role", "bot")})


def function(name: str, of: str) -> Resource:
    return R(
        "aws:lambda/function:Function",
        name,
        arn=f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}",
        role=arn("role", of),
    )


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"


OPEN_TO_ACCOUNT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
BY_POLICY = [("violation", f"{INLINE}[0]", CRITICAL)]

test_chain = table(
    privilege_escalation_chain.RULE,
    [
        Case("fail", "assumes", [KEEPER, role("bot", allow("sts:AssumeRole", arn("role", "keeper")))], BY_POLICY),
        Case(
            "fail",
            "is-let-in-without-a-grant",
            [KEEPER, role("bot", allow("s3:GetObject", "arn:aws:s3:::a/*"))],
            [("violation", "assumeRolePolicy.Statement[0]", CRITICAL)],
        ),
        Case(
            "pass",
            "is-not-let-in",
            [
                role("keeper", WRITES_ITSELF, trust={"AWS": arn("role", "another")}),
                role("bot", allow("sts:AssumeRole", arn("role", "keeper"))),
            ],
        ),
        Case(
            "pass",
            "the-account-is-let-in-and-it-has-no-grant",
            [
                role("keeper", WRITES_ITSELF, trust=OPEN_TO_ACCOUNT),
                role("bot", allow("sts:AssumeRole", arn("role", "x"))),
            ],
        ),
        Case(
            "fail",
            "the-account-is-let-in-and-it-has-a-grant",
            [
                role("keeper", WRITES_ITSELF, trust=OPEN_TO_ACCOUNT),
                role("bot", allow("sts:*", f"arn:aws:iam::{ACCOUNT}:role/k*")),
            ],
            BY_POLICY,
        ),
        Case(
            "fail",
            "code-of-a-function",
            [
                role("keeper", WRITES_ITSELF),
                function("f", "keeper"),
                role("bot", allow("lambda:Update*", function_arn("f"))),
            ],
            BY_POLICY,
        ),
        Case(
            "pass",
            "code-of-another-function",
            [
                role("keeper", WRITES_ITSELF),
                function("f", "keeper"),
                role("bot", allow("lambda:Update*", function_arn("g"))),
            ],
        ),
        Case(
            "fail",
            "session-on-an-instance",
            [
                role("keeper", WRITES_ITSELF, trust={"Service": "ec2.amazonaws.com"}),
                R("aws:iam/instanceProfile:InstanceProfile", "p", name="p", role="keeper"),
                R(
                    "aws:ec2/instance:Instance",
                    "i",
                    arn=f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0a",
                    iamInstanceProfile="p",
                ),
                role("bot", allow("ssm:StartSession", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0a")),
            ],
            BY_POLICY,
        ),
        Case(
            "fail",
            "passes-it-to-a-function",
            [
                role("keeper", WRITES_ITSELF),
                role(
                    "bot",
                    allow("iam:PassRole", arn("role", "keeper"), **passed_to("lambda.amazonaws.com")),
                    allow(["lambda:CreateFunction", "lambda:InvokeFunction"], function_arn("bot-*")),
                ),
            ],
            [("violation", f"{INLINE}[1]", CRITICAL)],
        ),
        Case(
            "pass",
            "passes-it-to-a-service-that-it-does-not-trust",
            [
                role("keeper", WRITES_ITSELF, trust={"Service": "ecs-tasks.amazonaws.com"}),
                role(
                    "bot",
                    allow("iam:PassRole", arn("role", "keeper")),
                    allow(["lambda:CreateFunction", "lambda:InvokeFunction"], function_arn("bot-*")),
                ),
            ],
        ),
        Case(
            "fail",
            "keys-of-a-user-who-administers",
            [
                R(USER, "root-like", name="boss", arn=arn("user", "boss")),
                R(
                    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
                    "a",
                    user="boss",
                    policyArn=f"{MANAGED}/AdministratorAccess",
                ),
                role("bot", allow("iam:CreateAccessKey", arn("user", "boss"))),
            ],
            BY_POLICY,
        ),
        Case("pass", "denied", [KEEPER, role("bot", allow("sts:AssumeRole", arn("role", "keeper")), deny("sts:*"))]),
        Case(
            "fail",
            "lets-in-one-without-policies",
            [KEEPER, R(ROLE, "bot", name="bot", arn=arn("role", "bot"))],
            [("violation", "assumeRolePolicy.Statement[0]", CRITICAL)],
        ),
        Case(
            "fail",
            "gives-a-role-what-it-likes-and-assumes-it",
            [
                role("a", trust={"AWS": arn("role", "bot")}),
                role("bot", allow(["iam:PutRolePolicy", "sts:AssumeRole"], arn("role", "a"))),
            ],
            BY_POLICY,
        ),
        Case(
            "pass",
            "gives-a-role-what-it-likes-and-is-not-let-in",
            [
                role("a", trust={"AWS": arn("role", "another")}),
                role("bot", allow(["iam:PutRolePolicy", "sts:AssumeRole"], arn("role", "a"))),
            ],
        ),
        Case(
            "fail",
            "rewrites-the-policy-of-what-runs",
            [
                R(POLICY, "p", arn=arn("policy", "p"), policy=document(allow("s3:GetObject", "arn:aws:s3:::a/*"))),
                role("a", managedPolicyArns=[arn("policy", "p")]),
                function("f", "a"),
                role(
                    "bot",
                    allow("iam:CreatePolicyVersion", arn("policy", "p")),
                    allow("lambda:UpdateFunctionCode", function_arn("f")),
                ),
            ],
            [("violation", f"{INLINE}[1]", CRITICAL)],
        ),
        Case(
            "fail",
            "a-policy-that-nobody-holds",
            [
                role("keeper", WRITES_ITSELF, trust=OPEN_TO_ACCOUNT),
                R(POLICY, "p", policy=document(allow("sts:AssumeRole", arn("role", "keeper")))),
            ],
            [("violation", "policy.Statement[0]", CRITICAL)],
        ),
        Case(
            "pass",
            "lets-in-others-of-the-account",
            [
                role(
                    "keeper",
                    WRITES_ITSELF,
                    trust=OPEN_TO_ACCOUNT,
                    when={"ArnLike": {"aws:PrincipalArn": arn("role", "ops-*")}},
                ),
                role("bot", allow("sts:AssumeRole", arn("role", "keeper"))),
            ],
        ),
        Case(
            "fail",
            "lets-in-its-kind-of-the-account",
            [
                role(
                    "keeper",
                    WRITES_ITSELF,
                    trust=OPEN_TO_ACCOUNT,
                    when={"ArnLike": {"aws:PrincipalArn": arn("role", "b*")}},
                ),
                role("bot", allow("sts:AssumeRole", arn("role", "keeper"))),
            ],
            BY_POLICY,
        ),
        Case(
            "pass",
            "lets-in-whoever-has-a-tag",
            [
                role(
                    "keeper",
                    WRITES_ITSELF,
                    trust=OPEN_TO_ACCOUNT,
                    when={"StringEquals": {"aws:PrincipalTag/team": "ops"}},
                ),
                role("bot", allow("sts:AssumeRole", arn("role", "keeper"))),
            ],
        ),
        Case(
            "pass",
            "gives-what-it-likes-to-a-role-within-a-boundary",
            [
                role("a", trust={"AWS": arn("role", "bot")}, permissionsBoundary=f"{MANAGED}/ReadOnlyAccess"),
                role("bot", allow(["iam:PutRolePolicy", "sts:AssumeRole"], arn("role", "a"))),
            ],
        ),
        Case(
            "undecided",
            "whom-it-lets-in-is-not-known",
            [
                role("keeper", WRITES_ITSELF, trust={"AWS": UNKNOWN}),
                role("bot", allow("sts:AssumeRole", arn("role", "keeper"))),
            ],
            [("undecided", f"{INLINE}[0]")],
        ),
        Case(
            "not-applicable",
            "nobody-at-the-top",
            [role("a", allow("sts:AssumeRole", arn("role", "b"))), role("b", trust=OPEN_TO_ACCOUNT)],
        ),
        Case(
            "boundary",
            "invented-names-and-account",
            [
                R(
                    ROLE,
                    "keeper",
                    name=f"keeper-{COMPUTED}",
                    arn=f"arn:aws:iam::{ANY_ACCOUNT}:role/keeper-{COMPUTED}",
                    assumeRolePolicy=document(
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": f"arn:aws:iam::{ANY_ACCOUNT}:role/bot"},
                            "Action": "sts:AssumeRole",
                        }
                    ),
                    inlinePolicies=[{"name": "p", "policy": document(allow("iam:*"))}],
                ),
                R(
                    ROLE,
                    "bot",
                    name="bot",
                    arn=f"arn:aws:iam::{ANY_ACCOUNT}:role/bot",
                    assumeRolePolicy=document({"Effect": "Allow", "Principal": LAMBDA, "Action": "sts:AssumeRole"}),
                    inlinePolicies=[
                        {
                            "name": "p",
                            "policy": document(
                                allow("sts:AssumeRole", f"arn:aws:iam::{ANY_ACCOUNT}:role/keeper-{COMPUTED}")
                            ),
                        }
                    ],
                ),
            ],
            BY_POLICY,
        ),
    ],
)


@pytest.mark.parametrize("length", [2, 5])
def test_a_chain_is_as_long_as_the_stack_makes_it(length: int):
    ends = [role("r0", allow("*"), trust={"AWS": arn("role", "r1")})]
    links = [
        role(
            f"r{number}",
            allow("sts:AssumeRole", arn("role", f"r{number - 1}")),
            trust={"AWS": arn("role", f"r{number + 1}")},
        )
        for number in range(1, length + 1)
    ]
    found = list(on_model(privilege_escalation_chain.RULE, Case("fail", "long", [*links, *ends])))
    assert len(found) == length
