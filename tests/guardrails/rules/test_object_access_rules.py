import json

from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.rules.least_privilege import (
    function_role_may_invoke_itself,
    object_access_on_every_bucket,
    object_access_outside_stack,
    object_action_on_bucket_arn,
    policy_document_rejected,
)
from policypack.guardrails.values import UNKNOWN

POLICY = "aws:iam/policy:Policy"
BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"
FUNCTION = "aws:lambda/function:Function"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def allow(action: object, resource: object, **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def text(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def policy(*statements: object, name: str = "p") -> object:
    return R(POLICY, name, policy=text(*statements))


def typed(*statements: object) -> object:
    return R(POLICY, policy={"Version": "2012-10-17", "Statement": list(statements)})


AT = "policy.Statement[0]"
SCOPED = allow("s3:GetObject", "arn:aws:s3:::data/*")

test_object_access_on_every_bucket = table(
    object_access_on_every_bucket.RULE,
    [
        Case("fail", "star", policy(allow("s3:GetObject", "*")), [("violation", AT, "high")]),
        Case("fail", "every-bucket", policy(allow("s3:PutObject", "arn:aws:s3:::*/*")), [("violation", AT)]),
        Case("fail", "wildcard-action", policy(allow("s3:*Object", "arn:aws:s3:::*")), [("violation", AT)]),
        Case(
            "fail",
            "not-resource",
            policy({"Effect": "Allow", "Action": "s3:DeleteObject", "NotResource": "arn:aws:s3:::keep/*"}),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "negated-condition",
            policy(allow("s3:GetObject", "*", Condition={"StringNotEquals": {"s3:ExistingObjectTag/class": "a"}})),
            [("violation", AT)],
        ),
        Case("pass", "one-bucket", policy(SCOPED)),
        Case("pass", "computed-bucket", policy(allow("s3:GetObject", f"arn:aws:s3:::{COMPUTED}/*"))),
        Case("pass", "listing-all-buckets", policy(allow("s3:ListAllMyBuckets", "*"))),
        Case("undecided", "unknown-resource", typed(allow("s3:GetObject", UNKNOWN)), [("undecided", f"{AT}.Resource")]),
        Case(
            "undecided",
            "resource-from-missing-configuration",
            policy(allow("s3:GetObject", ANYTHING)),
            [("undecided", f"{AT}.Resource")],
        ),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "everything-is-another-rule-s", policy(allow("*", "*"))),
        Case("undecided", "wholly-unknown", R(POLICY, policy=UNKNOWN), [("undecided", "policy")]),
        Case("boundary", "a-family-of-buckets", policy(allow("s3:GetObject", "arn:aws:s3:::data-*/*"))),
    ],
)

test_object_action_on_bucket_arn = table(
    object_action_on_bucket_arn.RULE,
    [
        Case(
            "fail",
            "get",
            policy(allow("s3:GetObject", "arn:aws:s3:::data")),
            [("violation", f"{AT}.Resource", "medium")],
        ),
        Case(
            "fail",
            "re-cased",
            policy(allow(["S3:getobject"], ["arn:aws:s3:::data", "arn:aws:s3:::more"])),
            [("violation", f"{AT}.Resource")],
        ),
        Case(
            "fail",
            "computed-bucket",
            policy(allow("s3:GetObject", f"arn:aws:s3:::{COMPUTED}")),
            [("violation", f"{AT}.Resource")],
        ),
        Case(
            "fail",
            "in-a-bucket-policy",
            R(
                "aws:s3/bucketPolicy:BucketPolicy",
                policy=text(
                    {
                        **allow("s3:GetObject", "arn:aws:s3:::data"),
                        "Principal": {"AWS": "arn:aws:iam::402918573664:root"},
                    }
                ),
            ),
            [("violation", f"{AT}.Resource")],
        ),
        Case("pass", "objects", policy(SCOPED)),
        Case(
            "pass",
            "bucket-and-objects",
            policy(allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::data", "arn:aws:s3:::data/*"])),
        ),
        Case("pass", "bucket-action", policy(allow("s3:ListBucket", "arn:aws:s3:::data"))),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "wildcard-actions-mean-what-fits", policy(allow("s3:*", "arn:aws:s3:::data"))),
        Case("boundary", "anything-may-end-in-a-slash", policy(allow("s3:GetObject", f"arn:aws:s3:::{ANYTHING}"))),
        Case("boundary", "unknown-resource", typed(allow("s3:GetObject", UNKNOWN))),
    ],
    without={
        "undecided": "a resource that is not known yet is not known to be a bucket; the grant is judged by other rules"
    },
)

test_object_access_outside_stack = table(
    object_access_outside_stack.RULE,
    [
        Case(
            "fail",
            "another-bucket",
            [R(BUCKET, bucket="data"), policy(allow("s3:GetObject", "arn:aws:s3:::other/*"))],
            [("violation", f"{AT}.Resource", "low")],
        ),
        Case("pass", "own-bucket", [R(BUCKET, bucket="data"), policy(SCOPED)]),
        Case(
            "pass",
            "computed-bucket",
            [R(BUCKET, bucket="data"), policy(allow("s3:GetObject", f"arn:aws:s3:::{COMPUTED}/*"))],
        ),
        Case("not-applicable", "no-bucket-in-the-stack", policy(allow("s3:GetObject", "arn:aws:s3:::other/*"))),
        Case(
            "boundary",
            "a-bucket-without-a-name-yet",
            [R(BUCKET, bucket=UNKNOWN), policy(allow("s3:GetObject", "arn:aws:s3:::other/*"))],
        ),
        Case(
            "boundary",
            "wildcards-are-another-rule-s",
            [R(BUCKET, bucket="data"), policy(allow("s3:GetObject", "arn:aws:s3:::o*/*"))],
        ),
    ],
    without={"undecided": "advice: a name that is not known yet cannot be said to be foreign"},
)

ARN = "arn:aws:lambda:eu-west-1:402918573664:function:work"
INVOKE = allow("lambda:InvokeFunction", ARN)


def function(**more: object) -> object:
    return R(FUNCTION, "work", name="work", **more)


OWN = R(ROLE, "own", name="own", arn="arn:aws:iam::402918573664:role/own")

INLINE_OWN = R(INLINE, "inline", role="own", policy=text(INVOKE))
EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
WORK = function(role=OWN["arn"].text, arn=ARN)
POLICY_ARN = "arn:aws:iam::402918573664:policy/p"


def own(policy: object) -> object:
    return R(INLINE, "inline", role="own", policy=policy)


def attached_policy() -> object:
    return R(POLICY, "p", policy=text(INVOKE), arn=POLICY_ARN)


DENIED = text({"Effect": "Deny", "Action": "lambda:Invoke*", "Resource": f"{ARN}*"})

test_function_role_may_invoke_itself = table(
    function_role_may_invoke_itself.RULE,
    [
        Case("fail", "inline-by-name", [OWN, WORK, INLINE_OWN], [("violation", AT, "medium")]),
        Case(
            "fail", "qualified", [OWN, WORK, own(text(allow("lambda:InvokeFunction", f"{ARN}:*")))], [("violation", AT)]
        ),
        Case(
            "fail", "function-url", [OWN, WORK, own(text(allow("lambda:InvokeFunctionUrl", ARN)))], [("violation", AT)]
        ),
        Case(
            "fail",
            "attached-by-dependency",
            [
                R(ROLE, "own", name="own"),
                function(role=UNKNOWN, arn=UNKNOWN, deps={"role": [f"{ROLE}::own"]}),
                policy(INVOKE),
                R(ATTACHMENT, role="own", policyArn=UNKNOWN, deps={"policyArn": [f"{POLICY}::p"]}),
            ],
            [("violation", "role")],
        ),
        Case(
            "fail",
            "qualified-where-the-arn-is-unknown",
            [
                R(ROLE, "own", name="own"),
                function(role=UNKNOWN, arn=UNKNOWN, deps={"role": [f"{ROLE}::own"]}),
                own(text(allow("lambda:InvokeFunction", f"{ARN}:*"))),
            ],
            [("violation", AT)],
        ),
        Case(
            "fail",
            "exclusive-attachments",
            [OWN, WORK, attached_policy(), R(EXCLUSIVE, roleName="own", policyArns=[POLICY_ARN])],
            [("violation", "roleName")],
        ),
        Case(
            "fail",
            "policy-attachment",
            [
                OWN,
                WORK,
                attached_policy(),
                R("aws:iam/policyAttachment:PolicyAttachment", roles=["x", "own"], policyArn=POLICY_ARN),
            ],
            [("violation", "roles")],
        ),
        Case(
            "fail",
            "listed-in-the-role",
            [
                R(ROLE, "own", name="own", arn="a", managedPolicyArns=[POLICY_ARN]),
                function(role="a", arn=ARN),
                attached_policy(),
            ],
            [("violation", "managedPolicyArns")],
        ),
        Case(
            "fail",
            "inline-in-the-role",
            [
                R(ROLE, "own", name="own", arn="a", inlinePolicies=[{"policy": text(INVOKE)}]),
                function(role="a", arn=ARN),
            ],
            [("violation", "inlinePolicies[0].policy.Statement[0]")],
        ),
        Case(
            "fail",
            "second-of-two-documents",
            [OWN, WORK, own(text(SCOPED)), R(INLINE, "other", role="own", policy=text(INVOKE))],
            [("violation", AT)],
        ),
        Case(
            "pass",
            "attached-to-a-caller",
            [OWN, R(ROLE, "caller", name="caller"), WORK, R(INLINE, "inline", role="caller", policy=text(INVOKE))],
        ),
        Case("pass", "another-function", [OWN, function(role=OWN["arn"].text, arn=f"{ARN}-2"), INLINE_OWN]),
        Case(
            "pass", "denied-in-another-document", [OWN, WORK, INLINE_OWN, R(INLINE, "deny", role="own", policy=DENIED)]
        ),
        Case("undecided", "document-unknown", [OWN, WORK, own(UNKNOWN)], [("undecided", "policy")]),
        Case(
            "undecided",
            "resource-unknown",
            [OWN, WORK, own({"Version": "2012-10-17", "Statement": [allow("lambda:InvokeFunction", UNKNOWN)]})],
            [("undecided", "policy.Statement[0].Resource")],
        ),
        Case(
            "undecided",
            "resource-from-missing-configuration",
            [OWN, WORK, own(text(allow("lambda:InvokeFunction", ANYTHING)))],
            [("undecided", "policy.Statement[0].Resource")],
        ),
        Case("not-applicable", "no-function", [OWN, INLINE_OWN]),
        Case("boundary", "all-functions-is-a-matter-of-breadth", [OWN, WORK, own(text(allow("lambda:*", "*")))]),
        Case(
            "boundary",
            "computed-resource-is-another-thing",
            [
                OWN,
                WORK,
                own(text(allow("lambda:InvokeFunction", f"arn:aws:lambda:eu-west-1:402918573664:function:{COMPUTED}"))),
            ],
        ),
    ],
)

test_policy_document_rejected = table(
    policy_document_rejected.RULE,
    [
        Case(
            "fail",
            "misspelt-element",
            policy({"Efect": "Allow", "Action": "s3:GetObject", "Resource": "*"}),
            [("violation", f"{AT}.Efect", "medium")],
        ),
        Case(
            "fail",
            "two-bad-statements",
            policy({"Effect": "Allow", "Resource": "*"}, SCOPED, {"Effect": "Allow", "Action": "s3:GetObject"}),
            [("violation", AT), ("violation", "policy.Statement[2]")],
        ),
        Case("fail", "no-json", R(POLICY, policy="{"), [("violation", "policy")]),
        Case(
            "fail",
            "bad-version",
            R(POLICY, policy=json.dumps({"Version": "2020-01-01", "Statement": [SCOPED]})),
            [("violation", "policy.Version")],
        ),
        Case(
            "fail",
            "resource-in-a-trust-policy",
            R(
                ROLE,
                assumeRolePolicy=text(
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                        "Resource": "*",
                    }
                ),
            ),
            [("violation", "assumeRolePolicy.Statement[0]")],
        ),
        Case("pass", "usual", policy(SCOPED)),
        Case(
            "pass",
            "one-statement-not-in-a-list",
            R(POLICY, policy=json.dumps({"Version": "2012-10-17", "Statement": SCOPED})),
        ),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "unknown-parts-may-be-right", typed(UNKNOWN)),
        Case("boundary", "empty-text-is-no-document", R(POLICY, policy="")),
    ],
    without={"undecided": "what is not known yet is not known to be wrong"},
)
