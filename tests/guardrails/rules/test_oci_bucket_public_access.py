from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Context, Secret
from policypack.guardrails.rule import SetText
from policypack.guardrails.rules.private_buckets.oci_bucket_public_access import RULE
from policypack.guardrails.values import UNKNOWN

BUCKET = "oci:ObjectStorage/bucket:Bucket"
UNDECIDED = [("undecided", "accessType")]

test_oci_bucket_public_access = table(
    RULE,
    [
        Case("fail", "read-and-list", R(BUCKET, accessType="ObjectRead"), [("violation", "accessType", "high")]),
        Case("fail", "read-only", R(BUCKET, accessType="ObjectReadWithoutList"), [("violation", "accessType", "high")]),
        Case("pass", "private", R(BUCKET, accessType="NoPublicAccess")),
        Case("undecided", "unknown", R(BUCKET, accessType=UNKNOWN), UNDECIDED),
        Case("undecided", "from-missing-configuration", R(BUCKET, accessType=ANYTHING), UNDECIDED),
        Case("undecided", "from-another-resource", R(BUCKET, accessType=COMPUTED), UNDECIDED),
        Case("undecided", "of-another-version", R(BUCKET, accessType="ObjectReadX"), UNDECIDED),
        Case("undecided", "of-another-service", R(BUCKET, accessType="Public"), UNDECIDED),
        Case("not-applicable", "absent-means-the-private-default", R(BUCKET, name="data")),
        Case("boundary", "the-service-ignores-case", R(BUCKET, accessType="objectread"), [("violation", "accessType")]),
        Case("boundary", "private-in-other-letters", R(BUCKET, accessType="nopublicaccess")),
        Case("boundary", "empty-is-absent", R(BUCKET, accessType="")),
    ],
)


def test_a_name_that_is_marked_secret_stands_in_no_witness() -> None:
    (finding,) = RULE.check(R(BUCKET, "logical", name=Secret("hidden-bucket"), accessType="ObjectRead"), Context())
    assert finding.witness is not None
    assert "hidden-bucket" not in repr(finding)
    assert "'logical/any-object'" in repr(finding.witness)


def test_what_is_no_access_type_is_called_that() -> None:
    (finding,) = RULE.check(R(BUCKET, accessType="Public"), Context())
    assert finding.message == "'Public' is no access type that is known, so whom it lets in cannot be told"
    assert finding.fix.startswith('Set access_type="NoPublicAccess"')
    (finding,) = RULE.check(R(BUCKET, accessType=Secret("hidden")), Context())
    assert finding.message.startswith("this is no access type")


def test_the_witness_lists_only_where_strangers_may() -> None:
    def actions(access: str) -> list[object]:
        (finding,) = RULE.check(R(BUCKET, name="data", accessType=access), Context())
        assert isinstance(finding.witness, list)
        return [request["action"] for request in finding.witness]

    assert actions("ObjectRead") == ["ListObjects", "GetObject"]
    assert actions("ObjectReadWithoutList") == ["GetObject"]


def test_what_lets_strangers_in_is_mended_and_nothing_else() -> None:
    assert RULE.remediate is not None
    for access in ("ObjectRead", "objectreadwithoutlist"):
        edits = list(RULE.remediate(R(BUCKET, accessType=access), Context()))
        assert edits == [SetText(("accessType",), "NoPublicAccess")]
    for other in ("NoPublicAccess", "ObjectReadX", UNKNOWN, ANYTHING, None):
        assert not list(RULE.remediate(R(BUCKET, accessType=other), Context()))
