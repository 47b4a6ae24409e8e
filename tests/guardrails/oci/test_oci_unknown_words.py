"""Words of statements that nobody knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policypack.guardrails.oci.permissions import granted
from policypack.guardrails.oci.rejections.unknown_words import unknown_words, unlisted_spellings
from policypack.guardrails.oci.rejections.wrong_ocids import wrong_ocids
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Definition, Grant

SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "oci-statements.json").read_text(encoding="utf-8"))


def unknown(text):
    return list(unknown_words(parse(text), text))


# resource type as it is written, the nearest one, and whether the correction is certain
TYPES = [
    ("bukets", "buckets", True),
    ("user", "users", True),
    ("Policy", "policies", True),
    ("route-table", "route-tables", True),
    ("object-storage", "object-family", False),
    ("virtual-network", "virtual-network-family", False),
    ("instances-family", "instance-family", True),
    ("virtual-network-familly", "virtual-network-family", True),
    ("objcts", "objects", True),
    ("bucket-family", "buckets", False),
    ("water-jug-family", None, False),
    ("autonomousdatabases", "autonomous-databases", True),
    ("unobjects", "objects", False),
    ("buket", "buckets", False),
    ("brand-new-things", None, False),
    ("pre-authenticated-requests", "buckets", False),
    ("q" * 10_000, None, False),
]


@pytest.mark.parametrize(("name", "nearest", "certain"), TYPES, ids=[row[0][:40] for row in TYPES])
def test_an_unknown_type_is_named_with_the_nearest(name, nearest, certain):
    (word,) = unknown(f"Allow group A to use {name} in tenancy")
    assert (word.column, word.found[:40], word.nearest) == (22, name[:40], nearest)
    assert word.corrected == (f"Allow group A to use {nearest} in tenancy" if certain else None)
    assert len(str(word)) <= 300


def test_an_unknown_type_reads_as_a_sentence():
    assert unknown("Allow group A to use buket in tenancy")[0].told() == (
        (
            "column 22: `buket` is no resource type or family that is known; did you mean `buckets`?; "
            "near: Allow group A to use buket in tenancy"
        ),
        "Write `buckets`, if that is what is meant; if OCI has `buket`, list it in the setting resourceTypes.",
    )
    assert unknown("Allow group A to use bukets in tenancy")[0].told()[1] == (
        "Write: Allow group A to use buckets in tenancy"
    )
    (new,) = unknown("Allow group A to use fires in tenancy")
    assert new.told()[1] == "Write a type that OCI lists; if OCI has `fires`, list it in the setting resourceTypes."
    assert "a statement has one verb" in str(unknown("Allow group A to use manage in tenancy")[0])


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("BUCKET_REED", "BUCKET_READ"),
        ("bucket_inspectt", "BUCKET_INSPECT"),
        ("USER_API_KEY_ADD", "USER_APIKEY_ADD"),
        ("BUCKET_DETACH", None),
        ("FIRE_LIGHT", None),
        ("PAR_MANAGE", None),
    ],
)
def test_a_permission_is_named_only_where_it_is_nearly_another(name, nearest):
    found = unknown(f"Allow group A to {{OBJECT_READ, {name}}} in tenancy")
    assert [(word.column, word.nearest) for word in found] == ([(32, nearest)] if nearest else [])


def test_of_one_word_the_whole_statement_is_written():
    (word,) = unknown("Allow group A to {OBJECT_READ, BUCKET_REED} in tenancy")
    assert word.told()[1] == "Write: Allow group A to {OBJECT_READ, BUCKET_READ} in tenancy"
    (grave,) = unknown("Allow group A to manage polcies in tenancy")
    assert (grave.nearest, grave.corrected) == ("policies", None)
    for text in (
        "Allow group A to {OBJCT_READ, BUCKET_REED} in tenancy",
        "Endorse group A to associate bukets in tenancy with objcts in any-tenancy",
    ):
        assert [(word.nearest is None, word.corrected) for word in unknown(text)] == [(False, None)] * 2


def test_a_verb_in_braces_is_no_permission():
    (word,) = unknown("Allow group A to {OBJECT_READ, Read} in tenancy")
    assert word.told() == (
        (
            "column 32: `Read` is a verb, and a permission is expected in braces; "
            "near: Allow group A to {OBJECT_READ, Read} in tenancy"
        ),
        "A verb stands in no braces, and a resource type follows it: `read buckets`.",
    )


@pytest.mark.parametrize("case", [case for case in SAMPLE if case["valid"]], ids=lambda case: case["statement"][:60])
def test_the_labelled_sample_has_no_unknown_word(case):
    assert unknown(case["statement"]) == []


# Forms met in public programs and pages, with other names.
SEEN = [
    "allow any-user {PAR_MANAGE} in compartment Lake where ALL {request.principal.type='disworkspace',request.principal.id='ocid1.disworkspace.oc1..a'\n}",
    "Allow any-user to manage instance in tenancy where all {request.principal.type='resourceschedule', request.principal.id='ocid1.resourceschedule.oc1..a'}",
    "Allow any-group to {STREAM_READ, STREAM_CONSUME} in compartment id ocid1.compartment.oc1..a where all {request.principal.type='serviceconnector', target.stream.id='s'}",
    "allow group jobs to manage dataflow-family in compartment Lake where any {request.user.id = target.user.id, request.permission = 'DATAFLOW_RUN_CREATE'}",
    "allow group stg-admins,net-admins to use cloud-shell in tenancy",
    "allow group stg-admins to read bucket in compartment net-cmp",
    "Allow dynamic-group lz.domain/'hpc-dg' to use tag-namespace in tenancy",
    "Allow service compute_management, blockstorage,objectstorage-eu-frankfurt-1 to use keys in compartment A:B:C",
    "Allow resource psmrp psm to inspect autonomous-database in compartment Apps",
    "Allow group Backup to manage objects in compartment A where\n  all {target.bucket.name='b', \n any {request.networkSource.name='n', request.networkSource.name='m'},\n any {request.permission='OBJECT_CREATE'}}",
    "Allow group A to manage buckets in tenancy where sets-intersect(target.resource.compartment.tag.ns.key, ('net', 'db'))",
    "Define tenancy usage-report as ocid1.tenancy.oc1..a",
    "Define compartment AcceptorComp as id ocid1.compartment.oc1..a",
    "ENDORSE GROUP Admins TO read objects IN TENANCY usage-report",
    "endorse group A to associate dns-zones in tenancy with dns-records in tenancy Parents",
    "Admit any-user of tenancy Pools to {INSTANCE_IMAGE_INSPECT, INSTANCE_IMAGE_READ} in tenancy where request.principal.type = 'nodepool'",
    "Allow any-user to use keys in tenancy where target.resource.tag.orcl-aidp.governingAidpId=request.principal.id",
    "Allow group Night to manage instance-family in tenancy where request.utc-timestamp.time-of-day between '17:00:00Z' and '01:00:00Z'",
]


@pytest.mark.parametrize("text", SEEN, ids=[text[:60] for text in SEEN])
def test_what_people_write_is_read_and_known(text):
    statement = parse(text)
    assert isinstance(statement, (Grant, Definition)), statement
    assert unknown(text) == []
    assert parse(str(statement)) == statement


def test_what_only_examples_write_is_known_and_said():
    text = "Allow group A to read bucket in tenancy"
    assert unknown(text) == []
    (said,) = unlisted_spellings(parse(text), text)
    assert (said.column, said.nearest, said.corrected) == (23, "buckets", text.replace("bucket", "buckets"))
    assert granted(parse(text).action) == granted(parse(text.replace("bucket", "buckets")).action)
    assert list(unlisted_spellings(parse(said.corrected), said.corrected)) == []


# statement, columns of OCIDs of the wrong kind
OCIDS = [
    ("Define tenancy T as ocid1.compartment.oc1..a", [21]),
    ("Define group T as ocid1.tenancy.oc1..a", [19]),
    ("Define compartment T as ocid1.tenancy.oc1..a", []),
    ("Define tenancy T as ocid1.tenancy.oc1..standin0c0123456789abcdef", []),
    ("Allow group id ocid1.group.oc1..a, id ocid1.user.oc1..a to read vcns in compartment id ocid1.vcn.oc1..a", [39]),
    (
        "Endorse group id ocid1.group.oc1..a to associate x in compartment id ocid1.user.oc1..a with y in any-tenancy",
        [70],
    ),
    (
        "Endorse group id ocid1.new.oc1..a to associate x in tenancy with y in compartment id ocid1.group.oc1..a of tenancy T",
        [86],
    ),
]


@pytest.mark.parametrize(("text", "columns"), OCIDS, ids=[text[:40] for text, _ in OCIDS])
def test_an_ocid_of_another_kind_is_named(text, columns):
    assert [word.column for word in wrong_ocids(parse(text), text)] == columns


def test_an_ocid_of_another_kind_reads_as_a_sentence():
    text = "Define tenancy T as ocid1.compartment.oc1..a"
    assert next(wrong_ocids(parse(text), text)).told() == (
        (
            "column 21: `ocid1.compartment.oc1..a` is the OCID of a compartment, and that of a tenancy is expected; "
            f"near: {text}"
        ),
        "Write an OCID that starts with `ocid1.tenancy.`.",
    )


def test_a_flood_of_a_word_ends_in_one_short_sentence():
    (word,) = unknown(f"Allow group A to use {'x-' * 20_000} in tenancy")
    assert len(str(word)) <= 300
