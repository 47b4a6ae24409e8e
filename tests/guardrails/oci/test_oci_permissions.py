"""What verbs grant and what a deny takes away, held against the ladders of the documentation."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import oci_oracle as oracle
import pytest
from fuzzing import examples

from policypack.guardrails.oci import permissions
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Action, Grant, Verb, VerbAction

ANYTHING = "standin0x0123456789abcdef"
LADDER = permissions.LADDER


def action(text: str) -> Action:
    read = parse(f"allow group G to {text} in tenancy")
    assert isinstance(read, Grant), read
    return read.action


NAMED = sorted({*oracle.TYPES, *oracle.FAMILIES} - {"all-resources"})


def of_the_oracle(names: frozenset[str]) -> frozenset[str]:
    return names & oracle.permissions("manage all-resources")


@pytest.mark.parametrize("verb", oracle.VERBS)
def test_grants_and_denials_are_those_of_the_documentation(verb: str) -> None:
    for name in NAMED:
        said = f"{verb} {name}"
        assert of_the_oracle(permissions.granted(action(said)).permissions) == oracle.permissions(said), said
        assert of_the_oracle(permissions.denied(action(said))) == oracle.permissions(said, denies=True), said
    said = f"{verb} all-resources"
    assert oracle.permissions(said) <= permissions.granted(action(said)).permissions
    assert oracle.permissions(said, denies=True) <= permissions.denied(action(said))


def test_each_verb_grants_what_those_below_grant_and_a_deny_turns_that_round() -> None:
    names = sorted(permissions.types() | permissions.families())
    for name in (*Random(f"types {examples(0)}").sample(names, min(len(names), examples(60))), "all-resources"):
        grants = [permissions.granted(VerbAction(verb, name)).permissions for verb in LADDER]
        denies = [permissions.denied(VerbAction(verb, name)) for verb in LADDER]
        assert all(lower <= higher for lower, higher in pairwise(grants)), name
        assert all(lower >= higher for lower, higher in pairwise(denies)), name
        assert denies[0] == grants[-1], name
        for below, above in zip(grants, denies[1:], strict=False):
            assert below | above == grants[-1], name
        every = [permissions.granted(VerbAction(verb, "all-resources")).permissions for verb in LADDER]
        assert all(permissions.covers(wide, narrow) for wide, narrow in zip(every, grants, strict=True)), name


GRANTED = {
    "use buckets": {"BUCKET_INSPECT", "BUCKET_READ", "BUCKET_UPDATE"},
    "Use BUCKETS": {"BUCKET_INSPECT", "BUCKET_READ", "BUCKET_UPDATE"},
    "{bucket_read, PAR_MANAGE}": {"BUCKET_READ", "PAR_MANAGE"},
    "read fn-app": {"FN_APP_LIST", "FN_APP_READ"},
    "use things-of-tomorrow": {
        "things-of-tomorrow:inspect",
        "things-of-tomorrow:read",
        "things-of-tomorrow:use",
    },
}


@pytest.mark.parametrize("text", GRANTED)
def test_granted(text: str) -> None:
    assert permissions.granted(action(text)) == permissions.Granted(frozenset(GRANTED[text]))


def test_a_family_grants_more_than_is_listed() -> None:
    granted = permissions.granted(action("use object-family")).permissions
    listed = set(filter(permissions.is_listed, granted))
    assert {"BUCKET_UPDATE", "OBJECT_OVERWRITE"} <= listed
    assert "object-family:use" in granted - listed


@pytest.mark.parametrize(
    ("text", "least", "doubted"),
    [
        (ANYTHING, set(), f"what it grants (`{ANYTHING}`)"),
        (f"{ANYTHING} fn-app", {"FN_APP_LIST"}, f"its verb (`{ANYTHING}`)"),
        (f"manage {ANYTHING}", set(), f"its resource type (`{ANYTHING}`)"),
        (f"{{BUCKET_READ, {ANYTHING}}}", {"BUCKET_READ"}, "a permission"),
    ],
)
def test_what_is_not_known_is_doubted_and_not_denied(text: str, least: set[str], doubted: str) -> None:
    found = permissions.granted(action(text))
    assert found.permissions == least
    assert doubted in found.doubt
    assert permissions.denied(action(text)) <= least


COVERS = [
    ("manage buckets", "use buckets", True),
    ("use buckets", "manage buckets", False),
    ("manage object-family", "manage buckets", True),
    ("manage buckets", "manage object-family", False),
    ("manage all-resources", "manage object-family", True),
    ("manage all-resources", "{A_PERMISSION_OF_TOMORROW}", True),
    ("use all-resources", "{A_PERMISSION_OF_TOMORROW}", False),
    ("use all-resources", "use things-of-tomorrow", True),
    ("read all-resources", "use things-of-tomorrow", False),
    ("{BUCKET_INSPECT, BUCKET_READ}", "read buckets", True),
    ("{BUCKET_INSPECT}", "read buckets", False),
]


@pytest.mark.parametrize(("held", "asked", "answer"), COVERS)
def test_covers(held: str, asked: str, answer: bool) -> None:
    assert permissions.covers(*(permissions.granted(action(one)).permissions for one in (held, asked))) is answer


def test_what_changes_something() -> None:
    assert permissions.changing(action("read object-family")) == ()
    assert permissions.changing(action("use buckets")) == ("BUCKET_UPDATE",)
    assert permissions.changing(action("{BUCKET_READ, PAR_MANAGE}")) == ("PAR_MANAGE",)


def test_the_words_of_the_language() -> None:
    assert "buckets" in permissions.types()
    assert "object-family" in permissions.families()
    assert permissions.types().isdisjoint(permissions.families())
    assert permissions.members("Object-Family") == {"objectstorage-namespaces", "buckets", "objects"}
    assert permissions.members("buckets") == frozenset()
    for word in ("Buckets", "object-family", "ALL-RESOURCES"):
        assert permissions.is_known(word)
    assert not permissions.is_known("things-of-tomorrow")
    assert "PAR_MANAGE" in permissions.permissions()
    assert all(map(permissions.is_listed, permissions.permissions()))


def test_operations_and_verbs() -> None:
    assert "updatebucket" in permissions.operations("BUCKET_UPDATE")
    assert permissions.operations("A_PERMISSION_OF_TOMORROW") == frozenset()
    assert permissions.is_operation("updateBUCKET")
    assert not permissions.is_operation("AnOperationOfTomorrow")
    assert permissions.added_by(Verb.USE, "buckets") == {"BUCKET_UPDATE"}
    assert permissions.of_verb(Verb.READ, "buckets") == {"BUCKET_INSPECT", "BUCKET_READ"}
    assert permissions.of_verb(Verb.ASSOCIATE, "vcns") == {"vcns:associate"}
