"""Rules on pre-authenticated requests of Object Storage."""

from datetime import UTC, date, datetime, timedelta

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Context, Run, Secret, Stack, Value
from policypack.guardrails.rules.oci_preauthenticated import days_left, expires
from policypack.guardrails.rules.private_buckets import (
    oci_preauthenticated_request_for_every_object,
    oci_preauthenticated_request_long_lived,
    oci_preauthenticated_request_may_write,
)
from policypack.guardrails.rules.secret_marking import secret_copied_in_plain
from policypack.guardrails.values import UNKNOWN

REQUEST = "oci:ObjectStorage/preauthrequest:Preauthrequest"
PAST = "2020-01-01T00:00:00Z"
NEVER = "9999-12-31T23:59:59-12:00"


def ahead(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def par(kind: object = "ObjectRead", /, **properties: object):
    return R(REQUEST, accessType=kind, **{"bucket": "reports", "timeExpires": ahead(7), **properties})


def opens(severity: str) -> list[tuple[str, str, str]]:
    return [("violation", "accessType", severity)]


def late(severity: str) -> list[tuple[str, str, str]]:
    return [("violation", "timeExpires", severity)]


LISTS = {"bucketListingAction": "ListObjects"}

test_oci_preauthenticated_request_for_every_object = table(
    oci_preauthenticated_request_for_every_object.RULE,
    [
        Case("fail", "read", par("AnyObjectRead"), opens("medium")),
        Case("fail", "write-which-the-provider-does-not-document", par("AnyObjectWrite"), opens("medium")),
        Case("fail", "both", par("AnyObjectReadWrite"), opens("high")),
        Case("fail", "lists", par("AnyObjectRead", **LISTS), opens("high")),
        Case("fail", "writes-below-a-prefix-by-its-old-name", par("AnyObjectWrite", object="2026/"), opens("low")),
        Case("fail", "lists-below-a-prefix", par("AnyObjectRead", objectName="2026/", **LISTS), opens("medium")),
        Case("fail", "writes-below-what-is-to-be-known", par("AnyObjectWrite", objectName=UNKNOWN), opens("low")),
        Case("fail", "does-not-expire-as-far-as-known", par("AnyObjectRead", timeExpires=UNKNOWN), opens("medium")),
        Case("pass", "one-object", par(objectName="report.pdf")),
        Case("pass", "has-expired", par("AnyObjectReadWrite", timeExpires=PAST)),
        Case("pass", "reads-below-a-prefix", par("AnyObjectRead", objectName="2026/", bucketListingAction="Deny")),
        Case("pass", "prefix-of-the-stack-and-no-word-of-lists", par("AnyObjectRead", object=COMPUTED)),
        Case("undecided", "prefix", par("AnyObjectRead", objectName=UNKNOWN), [("undecided", "objectName")]),
        Case(
            "undecided",
            "lists-perhaps",
            par("AnyObjectRead", objectName="2026/", bucketListingAction=ANYTHING),
            [("undecided", "bucketListingAction")],
        ),
        Case("undecided", "unknown", par(UNKNOWN), [("undecided", "accessType")]),
        Case("undecided", "from-missing-configuration", par(ANYTHING), [("undecided", "accessType")]),
        Case("undecided", "of-another-version", par("EveryObjectRead"), [("undecided", "accessType")]),
        Case("boundary", "an-empty-prefix-is-none", par("AnyObjectRead", objectName=""), opens("medium")),
        Case("boundary", "any-letter-case", par("anyobjectread"), opens("medium")),
        Case("not-applicable", "another-type", R("oci:ObjectStorage/bucket:Bucket", name="reports")),
    ],
)

test_oci_preauthenticated_request_may_write = table(
    oci_preauthenticated_request_may_write.RULE,
    [
        Case("fail", "write", par("ObjectWrite", objectName="upload.zip"), opens("low")),
        Case("fail", "read-and-write", par("ObjectReadWrite", objectName=UNKNOWN), opens("low")),
        Case("pass", "read", par(objectName="report.pdf")),
        Case("boundary", "every-object-is-another-finding", par("AnyObjectWrite")),
        Case("boundary", "has-expired", par("ObjectWrite", timeExpires=PAST)),
        Case("not-applicable", "unknown-type-is-said-elsewhere", par(UNKNOWN)),
    ],
    without={"undecided": "the rule on every object says that the access type is not known"},
)

test_oci_preauthenticated_request_long_lived = table(
    oci_preauthenticated_request_long_lived.RULE,
    [
        Case("fail", "one-object-for-months", par(timeExpires=ahead(90)), late("low")),
        Case("fail", "one-object-for-ever", par(timeExpires=NEVER), late("medium")),
        Case("fail", "every-object-for-months", par("AnyObjectRead", timeExpires=ahead(90)), late("medium")),
        Case("fail", "writes-for-months", par("ObjectWrite", timeExpires=ahead(90)), late("medium")),
        Case("fail", "unknown-type-for-months", par(UNKNOWN, timeExpires=ahead(90)), late("medium")),
        Case("pass", "a-week", par()),
        Case("pass", "has-expired", par(timeExpires=PAST)),
        Case("undecided", "unknown", par(timeExpires=UNKNOWN), [("undecided", "timeExpires")]),
        Case("undecided", "computed", par(timeExpires=COMPUTED), [("undecided", "timeExpires")]),
        Case("undecided", "no-time", par(timeExpires="in a week"), [("undecided", "timeExpires")]),
        Case("undecided", "no-such-day", par(timeExpires="2031-02-30T00:00:00Z"), [("undecided", "timeExpires")]),
        Case("boundary", "as-long-as-allowed", par(timeExpires=ahead(30))),
        Case("boundary", "a-day-longer", par(timeExpires=ahead(31)), late("low")),
        Case("boundary", "as-configured", par(timeExpires=ahead(90)), settings={"maximumDays": 90}),
        Case("not-applicable", "another-type", R("oci:ObjectStorage/bucket:Bucket", name="reports")),
    ],
)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-29T00:00:00Z",
        "2026-11-29t00:00:00z",
        "2026-11-29 00:00:00.123456789Z",
        "2026-11-29T02:00:00+02:00",
        "2026-11-28T19:30:00.5-04:30",
        "2026-11-28T23:59:60Z",
    ],
)
def test_a_time_may_be_spelt_in_many_ways(text: str) -> None:
    moment = expires(Value(text, ("timeExpires",)))
    assert moment is not None
    assert abs(moment - datetime(2026, 11, 29, tzinfo=UTC)) <= timedelta(seconds=1)


@pytest.mark.parametrize("text", ["2026-11-29", "2026-11-29T00:00:00", "2026-11-29T25:00:00Z", ""])
def test_what_names_no_moment_is_no_time(text: str) -> None:
    assert expires(Value(text, ("timeExpires",))) is None


def test_days_are_counted_from_the_begin_of_the_day_of_the_run() -> None:
    request = par(timeExpires="2026-12-22T23:59:59Z")
    assert days_left(request, date(2026, 11, 22)) == 30
    assert days_left(request, date(2026, 12, 22)) == 0
    assert days_left(request, date(2026, 12, 23)) == -1
    settings = {"maximumDays": 30}
    check = oci_preauthenticated_request_long_lived.RULE.check
    assert not list(check(request, Context(settings, Run(today=date(2026, 11, 22)))))
    assert list(check(request, Context(settings, Run(today=date(2026, 11, 21)))))


def test_names_that_are_marked_secret_are_not_shown() -> None:
    hidden = par("AnyObjectRead", bucket=Secret("hidden-bucket"), objectName=Secret("hidden-prefix"), **LISTS)
    (finding,) = oci_preauthenticated_request_for_every_object.RULE.check(hidden, Context())
    assert "hidden" not in repr(finding)
    assert "begins with the prefix of the bucket" in finding.message
    (finding,) = oci_preauthenticated_request_for_every_object.RULE.check(par(Secret("hidden")), Context())
    assert finding.message == "this is no access type that is known, so what it opens cannot be told"


def test_what_is_not_known_of_the_list_is_said_in_one_clause() -> None:
    (finding,) = oci_preauthenticated_request_for_every_object.RULE.check(
        par("AnyObjectRead", bucketListingAction=UNKNOWN), Context()
    )
    assert finding.message == (
        "whoever has the URL may read every object of bucket 'reports', and perhaps list them, without signing in"
    )


def test_a_word_that_is_none_of_the_service_is_mended_by_one_that_is() -> None:
    (finding,) = oci_preauthenticated_request_for_every_object.RULE.check(par("Any"), Context())
    assert finding.message == "'Any' is no access type that is known, so what it opens cannot be told"
    (late_,) = oci_preauthenticated_request_long_lived.RULE.check(par(timeExpires="soon"), Context({"maximumDays": 30}))
    # The advice of the rule is what to write.
    assert not finding.fix
    assert not late_.fix


def test_who_writes_is_not_told_to_read() -> None:
    (finding,) = oci_preauthenticated_request_for_every_object.RULE.check(par("AnyObjectWrite"), Context())
    assert finding.fix.startswith('Take uploads by a request for each object: access_type="ObjectWrite"')


def test_of_the_url_the_token_is_secret_and_not_the_bucket_that_it_names() -> None:
    token, name = "q7Zp" + "Xw3vT" * 12, "survey-reports-3f2a91c"
    uri = f"/p/{token}/n/axh2k9qmz4wt/b/{name}/o/"
    marked = par(bucket=name, accessUri=Secret(uri), fullPath=Secret(f"https://objectstorage.example{uri}"))
    shows = [R("toy:index:Thing", "thing", bucket=name, note=text) for text in ("in the open", token, uri)]
    found = list(secret_copied_in_plain.RULE.check(Stack([marked, *shows]), Context()))
    assert [one.path for one in found] == ["note", "note"]
