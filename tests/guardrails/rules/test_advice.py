from rule_tables import Case, R, table

from policypack.guardrails.rules.secret_marking import secret_without_rotation, user_access_key
from policypack.guardrails.values import UNKNOWN

SECRET = "aws:secretsmanager/secret:Secret"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"

test_user_access_key = table(
    user_access_key.RULE,
    [
        Case("fail", "any", R("aws:iam/accessKey:AccessKey", user="u"), [("violation", "user", "low")]),
        Case("boundary", "unknown-user", R("aws:iam/accessKey:AccessKey", user=UNKNOWN), [("violation", "user")]),
        Case("not-applicable", "user-without-key", R("aws:iam/user:User", name="u")),
    ],
    without={"undecided": "the resource itself is the finding", "pass": "the resource itself is the finding"},
)

test_secret_without_rotation = table(
    secret_without_rotation.RULE,
    [
        Case("fail", "alone", R(SECRET, name="s"), [("violation", "", "low")]),
        Case(
            "fail",
            "another-one-is-rotated",
            [
                R(SECRET, "a", name="a"),
                R(SECRET, "b", name="b"),
                R(ROTATION, secretId=UNKNOWN, deps={"secretId": [f"{SECRET}::b"]}),
            ],
            [("violation", "")],
        ),
        Case(
            "pass",
            "rotated-by-dependency",
            [R(SECRET, "a"), R(ROTATION, secretId=UNKNOWN, deps={"secretId": [f"{SECRET}::a"]})],
        ),
        Case(
            "boundary",
            "rotated-by-equal-arn",
            [
                R(SECRET, "a", arn="arn:aws:secretsmanager:eu-west-1:402918573664:secret:a-abcdef"),
                R(ROTATION, secretId="arn:aws:secretsmanager:eu-west-1:402918573664:secret:a-abcdef"),
            ],
        ),
        Case(
            "undecided",
            "rotation-of-a-secret-not-known-yet",
            [
                R(SECRET, "a"),
                R(SECRET, "b", id="b"),
                R(ROTATION, "x", secretId="b"),
                R(ROTATION, "y", secretId=UNKNOWN),
            ],
            [("undecided", "")],
        ),
        Case("boundary", "rotation-of-another-stack", [R(SECRET, "a"), R(ROTATION, secretId="x")], [("violation", "")]),
        Case("not-applicable", "no-secret", R(ROTATION, secretId="x")),
        Case(
            "not-applicable", "managed-by-the-database", R("aws:rds/instance:Instance", manageMasterUserPassword=True)
        ),
    ],
)
