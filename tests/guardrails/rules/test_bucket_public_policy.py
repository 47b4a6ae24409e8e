import json

from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.rules.private_buckets.bucket_public_policy import RULE
from policypack.guardrails.values import UNKNOWN

POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def statement(
    principal: object = "*",
    effect: str = "Allow",
    action: object = "s3:GetObject",
    resource: object = "arn:aws:s3:::data/*",
    **condition: object,
) -> dict[str, object]:
    base = {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource}
    return {**base, "Condition": condition} if condition else base


def policy(*statements: object) -> object:
    return R(POLICY, bucket="data", policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def typed(*statements: object) -> object:
    return R(POLICY, bucket="data", policy={"Version": "2012-10-17", "Statement": list(statements)})


def named(bucket: str) -> object:
    document = {"Version": "2012-10-17", "Statement": [statement(resource=f"arn:aws:s3:::site-{ANYTHING}/*")]}
    return R(POLICY, bucket=bucket, policy=json.dumps(document))


TLS = statement(effect="Deny", action="s3:*", Bool={"aws:SecureTransport": "false"})
AT = "policy.Statement[0].Principal"

test_bucket_public_policy = table(
    RULE,
    [
        Case("fail", "everyone", policy(statement()), [("violation", AT, "critical")]),
        Case("fail", "aws-star", policy(statement({"AWS": "*"})), [("violation", AT)]),
        Case(
            "fail",
            "anonymous-by-canonical-id",
            policy(statement({"CanonicalUser": "65a011a29cdf8ec533ec3d1ccaae921c"})),
            [("violation", AT)],
        ),
        Case("fail", "behind-a-tls-deny", policy(TLS, statement()), [("violation", "policy.Statement[1].Principal")]),
        Case(
            "fail",
            "referer-is-chosen-by-the-caller",
            policy(statement(StringLike={"aws:Referer": "https://example.com/*"})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "organisation-if-exists",
            policy(statement(StringEqualsIfExists={"aws:PrincipalOrgID": "o-1"})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "not-from-one-address",
            policy(statement(NotIpAddress={"aws:SourceIp": "203.0.113.7/32"})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "two-halves-of-the-internet",
            policy(statement(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "on-the-bucket-itself",
            R("aws:s3/bucket:Bucket", policy=json.dumps({"Version": "2012-10-17", "Statement": [statement()]})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "beside-an-unknown-statement",
            typed(UNKNOWN, statement()),
            [("violation", "policy.Statement[1].Principal")],
        ),
        Case("pass", "one-role", policy(TLS, statement({"AWS": "arn:aws:iam::402918573664:role/reader"}))),
        Case("pass", "organisation", policy(statement(StringEquals={"aws:PrincipalOrgID": "o-1"}))),
        Case(
            "pass", "own-organisation", policy(statement(StringEquals={"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}))
        ),
        Case(
            "pass",
            "denied-outside-the-own-account",
            policy(
                statement(),
                statement(
                    effect="Deny", action="s3:*", StringNotEquals={"aws:ResourceAccount": "${aws:PrincipalAccount}"}
                ),
            ),
        ),
        Case(
            "fail",
            "account-that-the-caller-chooses",
            policy(statement(StringEquals={"aws:ResourceAccount": "${aws:PrincipalTag/account}"})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "account-unless-there-is-none",
            policy(statement(StringEquals={"aws:ResourceAccount": "${aws:PrincipalAccount, '402918573664'}"})),
            [("violation", AT)],
        ),
        Case("pass", "office-network", policy(statement(IpAddress={"aws:SourceIp": "203.0.113.0/24"}))),
        Case(
            "pass",
            "denied-outside-the-organisation",
            policy(statement(), statement(effect="Deny", action="s3:*", StringNotEquals={"aws:PrincipalOrgID": "o-1"})),
        ),
        Case("pass", "computed-role", policy(statement({"AWS": f"arn:aws:iam::864209751234:role/{COMPUTED}"}))),
        Case("undecided", "document-unknown", R(POLICY, policy=UNKNOWN), [("undecided", "policy")]),
        Case("undecided", "principal-unknown", typed(statement({"AWS": UNKNOWN})), [("undecided", f"{AT}.AWS")]),
        Case(
            "undecided",
            "organisation-from-missing-configuration",
            policy(statement(StringLike={"aws:PrincipalOrgID": ANYTHING})),
            [("undecided", 'policy.Statement[0].Condition.StringLike["aws:PrincipalOrgID"]')],
        ),
        Case("fail", "bucket-named-by-missing-configuration", named(f"site-{ANYTHING}"), [("violation", AT)]),
        Case("undecided", "resource-of-another-name", named("site"), [("undecided", "policy.Statement[0].Resource")]),
        Case("not-applicable", "no-policy", R("aws:s3/bucket:Bucket", bucket="data")),
        Case("boundary", "nothing-but-a-deny", policy(TLS)),
        Case(
            "boundary",
            "cloudfront-of-one-distribution",
            policy(
                statement(
                    {"Service": "cloudfront.amazonaws.com"},
                    StringEquals={"aws:SourceArn": "arn:aws:cloudfront::402918573664:distribution/E1"},
                )
            ),
        ),
    ],
)
