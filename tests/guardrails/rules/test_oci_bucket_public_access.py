from rule_tables import ANYTHING, Case, R, table

from policypack.guardrails.model import Context, Secret
from policypack.guardrails.rules.private_buckets.oci_bucket_public_access import RULE
from policypack.guardrails.values import UNKNOWN

BUCKET = "oci:ObjectStorage/bucket:Bucket"

test_oci_bucket_public_access = table(
    RULE,
    [
        Case("fail", "read-and-list", R(BUCKET, accessType="ObjectRead"), [("violation", "accessType", "high")]),
        Case("fail", "read-only", R(BUCKET, accessType="ObjectReadWithoutList"), [("violation", "accessType", "high")]),
        Case("pass", "private", R(BUCKET, accessType="NoPublicAccess")),
        Case("undecided", "unknown", R(BUCKET, accessType=UNKNOWN), [("undecided", "accessType")]),
        Case("undecided", "from-missing-configuration", R(BUCKET, accessType=ANYTHING), [("undecided", "accessType")]),
        Case("not-applicable", "absent-means-the-private-default", R(BUCKET, name="data")),
        Case("boundary", "the-service-ignores-case", R(BUCKET, accessType="objectread"), [("violation", "accessType")]),
        Case("boundary", "a-longer-word", R(BUCKET, accessType="ObjectReadX")),
    ],
)


def test_a_name_that_is_marked_secret_stands_in_no_witness() -> None:
    (finding,) = RULE.check(R(BUCKET, "logical", name=Secret("hidden-bucket"), accessType="ObjectRead"), Context())
    assert finding.witness is not None
    assert "hidden-bucket" not in repr(finding)
    assert "'logical/any-object'" in repr(finding.witness)
