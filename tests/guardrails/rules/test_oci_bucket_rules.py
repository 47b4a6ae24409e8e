"""Rules on Object Storage buckets that need the rest of the stack: what keeps their data, copies, other tenancies."""

from dataclasses import replace

from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Context, Resource, Secret, Stack
from policypack.guardrails.rules.private_buckets import (
    oci_bucket_replicated_elsewhere,
    oci_bucket_shared_with_other_tenancy,
    oci_bucket_without_safeguards,
)
from policypack.guardrails.values import UNKNOWN

BUCKET = "oci:ObjectStorage/bucket:Bucket"
LOG = "oci:Logging/log:Log"
REPLICATION = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
POLICY = "oci:Identity/policy:Policy"
ROOT = "ocid1.tenancy.oc1..harbour"
PARTNER = "Define tenancy Partner as ocid1.tenancy.oc1..partner"
ON_BUCKET = {"configuration": [f"{BUCKET}::r"]}


def bucket(name: object = "data", /, logical: str = "r", **properties: object) -> Resource:
    return R(BUCKET, logical, **{"name": name, "compartmentId": ROOT, **properties})


def log(resource: object = "data", /, deps=None, category: object = "write", **properties: object) -> Resource:
    source = {"service": "objectstorage", "sourceType": "OCISERVICE", "category": category, "resource": resource}
    return R(LOG, "writes", deps=deps, configuration={"source": source}, **properties)


def copies(to: object = "copy", of: object = "data", deps=None) -> Resource:
    names = {"bucket": of, "destinationBucketName": to, "destinationRegionName": "eu-zurich-1"}
    return R(REPLICATION, "copies", deps=deps, **names)


def asked(*keys: str) -> dict[str, object]:
    return {"required": list(keys)}


LACKS = [("violation", "", "low")]
UNDECIDED = [("undecided", "")]
WRITES, VERSIONS, COPIES = asked("write-logging"), asked("versioning"), asked("replication")
KEPT = {"versioning": "Enabled", "kmsKeyId": "ocid1.key.oc1..k", "objectEventsEnabled": True}

test_oci_bucket_without_safeguards = table(
    oci_bucket_without_safeguards.RULE,
    [
        Case("fail", "nothing", bucket(), LACKS),
        Case("fail", "no-log", bucket(**KEPT), LACKS),
        Case("fail", "a-part-is-not-known", bucket(versioning=UNKNOWN), LACKS),
        Case("fail", "versioning-suspended", bucket(versioning="Suspended"), LACKS, VERSIONS),
        Case("fail", "key-left-empty", bucket(kmsKeyId=""), LACKS, asked("customer-key")),
        Case("fail", "no-rule-in-the-list", bucket(retentionRules=[]), LACKS, asked("retention")),
        Case("fail", "log-of-reads", [bucket(), log(category="read")], LACKS, WRITES),
        Case("fail", "log-of-another-bucket", [bucket(), log("other")], LACKS, WRITES),
        Case("fail", "log-switched-off", [bucket(), log(isEnabled=False)], LACKS, WRITES),
        Case("fail", "log-of-something-else-computed-from-it", [bucket(), log("x", deps=ON_BUCKET)], LACKS, WRITES),
        Case("fail", "copy-of-another", [bucket(), copies(of="other")], LACKS, COPIES),
        Case("pass", "all", [bucket(**KEPT), log()]),
        Case("pass", "retention-in-place-of-versioning", bucket(retentionRules=[{}]), settings=VERSIONS),
        Case("pass", "versioning-in-place-of-retention", bucket(**KEPT), settings=asked("retention")),
        Case("pass", "log-by-stand-in", [bucket(COMPUTED), log(COMPUTED)], settings=WRITES),
        Case("pass", "log-by-dependency", [bucket(UNKNOWN), log(UNKNOWN, deps=ON_BUCKET)], settings=WRITES),
        Case("pass", "original-and-copy", [bucket(), bucket("copy", "c"), copies()], settings=COPIES),
        Case("pass", "nothing-asked", bucket(), settings=asked()),
        Case("pass", "key-by-stand-in", bucket(kmsKeyId=COMPUTED), settings=asked("customer-key")),
        Case(
            "pass",
            "key-of-the-stack",
            R(BUCKET, kmsKeyId=UNKNOWN, deps={"kmsKeyId": ["oci:Kms/key:Key::k"]}),
            settings=asked("customer-key"),
        ),
        Case("undecided", "versioning", bucket(versioning=UNKNOWN), UNDECIDED, VERSIONS),
        Case("undecided", "retention-perhaps", bucket(retentionRules=UNKNOWN), UNDECIDED, VERSIONS),
        Case("undecided", "key-from-configuration", bucket(kmsKeyId=ANYTHING), UNDECIDED, asked("customer-key")),
        Case("undecided", "log-of-what-is-not-known", [bucket(), log(ANYTHING)], UNDECIDED, WRITES),
        Case("undecided", "log-perhaps-of-writes", [bucket(), log(category=UNKNOWN)], UNDECIDED, WRITES),
        Case("undecided", "log-perhaps-on", [bucket(), log(isEnabled=UNKNOWN)], UNDECIDED, WRITES),
        Case("boundary", "one-of-two-buckets", [bucket(), bucket("b", "b"), log()], LACKS, WRITES),
        Case("not-applicable", "no-bucket", [log(), copies()]),
    ],
)


def test_each_thing_that_is_missing_has_a_fix_in_one_finding() -> None:
    every = oci_bucket_without_safeguards.RULE.settings["required"]["items"]
    assert isinstance(every, dict)
    (finding,) = oci_bucket_without_safeguards.RULE.check(Stack([bucket()]), Context(asked(*every["enum"])))
    assert finding.message.count(",") == len(every["enum"]) - 1
    assert f"any of {', '.join(every['enum'])}; a list here replaces the default" in str(
        oci_bucket_without_safeguards.RULE.settings["required"]["description"]
    )
    for word in (
        "versioning=",
        "kms_key_id=",
        "object_events_enabled=",
        "retention_rules=",
        "ReplicationPolicy",
        "Log(",
    ):
        assert word in finding.fix


def test_what_the_provider_fills_in_and_nobody_knows_is_missing() -> None:
    left_out = replace(bucket(versioning=COMPUTED, kmsKeyId=UNKNOWN), inputs={"name": "data"})
    context = Context(asked("versioning", "customer-key"))
    (finding,) = oci_bucket_without_safeguards.RULE.check(Stack([left_out]), context)
    assert finding.message == "the bucket has no versioning, no key of your own"


DESTINATION = [("violation", "destinationBucketName", "low")]

test_oci_bucket_replicated_elsewhere = table(
    oci_bucket_replicated_elsewhere.RULE,
    [
        Case("fail", "not-in-the-stack", [bucket(), copies()], DESTINATION),
        Case("fail", "name-of-the-original-in-another-region", [bucket(), copies("data")], DESTINATION),
        Case("pass", "in-the-stack", [bucket(), bucket("copy", "c"), copies()]),
        Case("pass", "of-the-same-name", [bucket(), bucket("data", "c"), copies("copy"), bucket("copy", "d")]),
        Case(
            "pass",
            "by-dependency",
            [bucket(), bucket(UNKNOWN, "c"), copies(UNKNOWN, deps={"destinationBucketName": [f"{BUCKET}::c"]})],
        ),
        Case("undecided", "unknown", [bucket(), copies(UNKNOWN)], [("undecided", "destinationBucketName")]),
        Case("undecided", "from-configuration", [bucket(), copies(ANYTHING)], [("undecided", "destinationBucketName")]),
        Case("boundary", "original-elsewhere-too", [bucket("copy", "c"), copies()]),
        Case("not-applicable", "no-replication", bucket()),
    ],
)


def admits(*statements: object, at: object = ROOT) -> Resource:
    return R(POLICY, "p", compartmentId=at, statements=[PARTNER, *statements])


def says(severity: str, outcome: str = "violation") -> list[tuple[str, str, str]]:
    return [(outcome, "statements[1]", severity)]


ADMIT = "Admit group Analysts of tenancy Partner to"
COMPARTMENT = R(
    "oci:Identity/compartment:Compartment", "lake", name="lake", compartmentId=ROOT, id="ocid1.compartment.l"
)
IN_LAKE = bucket(compartmentId="ocid1.compartment.l")
TAGGED = bucket(definedTags={"Ops.Share": "partner"}, bucketId="ocid1.bucket.oc1..data")
TAG_DEFAULT = R("oci:Identity/tagDefault:TagDefault", "default", compartmentId=ROOT, value="partner")
HANGS_ON = [("undecided", "statements[1]")]


def where(condition: str, verb: str = "read objects") -> Resource:
    return admits(f"{ADMIT} {verb} in tenancy where {condition}")


test_oci_bucket_shared_with_other_tenancy = table(
    oci_bucket_shared_with_other_tenancy.RULE,
    [
        Case("fail", "reads", [bucket(), admits(f"{ADMIT} read objects in tenancy")], says("low")),
        Case("fail", "overwrites", [bucket(), admits(f"{ADMIT} use object-family in tenancy")], says("medium")),
        Case("fail", "named-permission", [bucket(), admits(f"{ADMIT} {{BUCKET_UPDATE}} in tenancy")], says("low")),
        Case(
            "fail",
            "bucket-by-name-in-other-letters",
            [bucket(), admits(f"{ADMIT} read objects in tenancy where target.bucket.name = 'DATA'")],
            says("low"),
        ),
        Case(
            "fail",
            "in-its-compartment",
            [COMPARTMENT, IN_LAKE, admits(f"{ADMIT} read objects in compartment lake")],
            says("low"),
        ),
        Case(
            "pass",
            "another-bucket",
            [bucket(), admits(f"{ADMIT} read objects in tenancy where target.bucket.name = 'x'")],
        ),
        Case(
            "pass", "another-compartment", [bucket(), COMPARTMENT, admits(f"{ADMIT} read objects in compartment lake")]
        ),
        Case(
            "pass",
            "another-compartment-by-condition",
            [bucket(), COMPARTMENT, admits(f"{ADMIT} read objects in tenancy where target.compartment.name = 'lake'")],
        ),
        Case(
            "fail",
            "its-compartment-by-condition",
            [COMPARTMENT, IN_LAKE, admits(f"{ADMIT} read objects in tenancy where target.compartment.name = 'lake'")],
            says("low"),
        ),
        Case("fail", "tag-of-the-bucket", [TAGGED, where("target.bucket.tag.Ops.Share = 'Partner'")], says("low")),
        Case(
            "fail",
            "tag-of-the-resource",
            [TAGGED, where("target.resource.tag.ops.share = /*/", "use object-family")],
            says("medium"),
        ),
        Case("fail", "bucket-by-id", [TAGGED, where("target.bucket.id = 'ocid1.bucket.oc1..data'")], says("low")),
        Case(
            "fail",
            "id-by-stand-in",
            [bucket(bucketId=COMPUTED), where(f"target.bucket.id = '{COMPUTED}'")],
            says("low"),
        ),
        Case(
            "fail",
            "name-in-place-of-a-tag-to-be-known",
            [
                bucket(definedTags=UNKNOWN),
                where("any {target.resource.tag.Ops.Share = 'partner', target.bucket.name = 'data'}"),
            ],
            says("low"),
        ),
        Case("pass", "tag-of-another-value", [TAGGED, where("target.resource.tag.Ops.Share = 'nobody'")]),
        Case("pass", "tag-of-another-key", [TAGGED, where("target.resource.tag.Ops.Team = 'partner'")]),
        Case(
            "pass",
            "free-form-tags-do-not-count",
            [bucket(freeformTags={"Ops.Share": "partner"}), where("target.resource.tag.Ops.Share = 'partner'")],
        ),
        Case("pass", "id-of-another", [TAGGED, where("target.bucket.id = 'ocid1.bucket.oc1..x'")]),
        Case(
            "undecided",
            "tags",
            [bucket(definedTags=UNKNOWN), where("target.bucket.tag.Ops.Share = 'partner'")],
            HANGS_ON,
        ),
        Case(
            "undecided",
            "tag",
            [bucket(definedTags={"Ops.Share": UNKNOWN}), where("target.bucket.tag.Ops.Share = 'partner'")],
            HANGS_ON,
        ),
        Case(
            "undecided",
            "tag-by-default-perhaps",
            [bucket(), TAG_DEFAULT, where("target.bucket.tag.Ops.Share = 'partner'")],
            HANGS_ON,
        ),
        Case("undecided", "id", [bucket(), where("target.bucket.id = 'ocid1.bucket.oc1..data'")], HANGS_ON),
        Case(
            "undecided",
            "tag-of-the-caller",
            [TAGGED, where("target.bucket.tag.Ops.Share = request.principal.group.tag.Ops.Share")],
            HANGS_ON,
        ),
        Case("undecided", "another-word", [TAGGED, where("target.bucket.displayname = 'data'")], HANGS_ON),
        Case("pass", "lists-only", [bucket(), admits(f"{ADMIT} inspect buckets in tenancy")]),
        Case("pass", "own-people", [bucket(), admits("Allow group Analysts to read objects in tenancy")]),
        Case(
            "pass",
            "replication-service",
            [bucket(), admits("Allow service objectstorage-eu-zurich-1 to manage object-family in tenancy")],
        ),
        Case(
            "pass",
            "everybody-of-it-is-said-of-the-statement",
            [bucket(), admits("Admit any-user of tenancy Partner to read objects in tenancy")],
        ),
        Case(
            "pass",
            "strangers-are-said-of-the-statement",
            [bucket(), admits("Admit any-user of any-tenancy to read objects in tenancy")],
        ),
        Case("pass", "denied", [bucket(), admits(f"Deny {ADMIT} read objects in tenancy")]),
        Case(
            "undecided",
            "compartment-of-the-bucket",
            [bucket(compartmentId=UNKNOWN), COMPARTMENT, admits(f"{ADMIT} read objects in compartment lake")],
            [("undecided", "statements[1]")],
        ),
        Case(
            "undecided",
            "name-of-the-bucket",
            [bucket(UNKNOWN), admits(f"{ADMIT} read objects in tenancy where target.bucket.name = 'x'")],
            [("undecided", "statements[1]")],
        ),
        Case(
            "boundary",
            "name-by-stand-in",
            [bucket(COMPUTED), admits(f"{ADMIT} read objects in tenancy where target.bucket.name = '{COMPUTED}'")],
            says("low"),
        ),
        Case(
            "boundary",
            "worst-of-what-it-does",
            [bucket(), admits(f"{ADMIT} manage object-family in tenancy")],
            says("medium"),
        ),
        Case("not-applicable", "no-bucket", admits(f"{ADMIT} read objects in tenancy")),
    ],
)


def test_one_finding_names_the_buckets_that_a_statement_shares() -> None:
    several = [bucket(f"data-{number}", f"b{number}") for number in range(5)]
    stack = Stack([*several, admits(f"{ADMIT} read objects in tenancy")])
    (finding,) = oci_bucket_shared_with_other_tenancy.RULE.check(stack, Context())
    assert "group Analysts of tenancy Partner may read the objects of" in finding.message
    assert "'data-0', 'data-1', 'data-2' and 2 more" in finding.message
    assert isinstance(finding.witness, dict)
    assert (finding.witness["action"], finding.witness["resource"]) == ("OBJECT_READ", "data-0")


def test_of_a_bucket_nothing_that_is_secret_is_shown() -> None:
    hidden = bucket(Secret("hidden-name"), definedTags={"Ops.Share": Secret("hidden-tag")})
    named = where("all {target.bucket.name = /*/, target.resource.tag.Ops.Share = /hid*/}")
    (finding,) = oci_bucket_shared_with_other_tenancy.RULE.check(Stack([hidden, named]), Context())
    assert finding.witness is not None
    assert "hidden-" not in repr(finding)


def test_a_secret_statement_is_not_shown() -> None:
    stack = Stack([bucket(), admits(Secret(f"{ADMIT} read objects in tenancy"))])
    (finding,) = oci_bucket_shared_with_other_tenancy.RULE.check(stack, Context())
    assert "Analysts" not in repr(finding)
