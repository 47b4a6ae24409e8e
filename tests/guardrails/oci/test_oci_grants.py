"""What statements imply and what several of them grant together, held against requests that are tried one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Final

import oci_oracle as oracle
import pytest
from fuzzing import examples
from oci_oracle import Said

from policypack.guardrails.oci.grants import (
    Held,
    full_name,
    held,
    implies,
    includes_place,
    includes_subject,
)
from policypack.guardrails.oci.meaning import No, Power, Undecided
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Grant, Name, Subject

ANYTHING = "standin0x0123456789abcdef"
COMPUTED = "standin0c0123456789abcdef"


def grant(text: object) -> Grant:
    read = parse(str(text))
    assert isinstance(read, Grant), read
    return read


def subject(text: str) -> Subject:
    found = grant(f"allow {text} to read buckets in tenancy").subject
    assert isinstance(found, Subject)
    return found


BUCKETS = "allow group A to manage buckets in compartment x"
IMPLIES = [
    (BUCKETS, "Allow group a to USE Buckets in compartment X:y", True),
    (BUCKETS, "allow group 'Default'/'A' to {BUCKET_READ} in compartment x where target.bucket.name = 'b'", True),
    (BUCKETS, "allow group other/A to read buckets in compartment x", False),
    (BUCKETS, "allow group A, B to read buckets in compartment x", False),
    (BUCKETS, "allow dynamic-group A to read buckets in compartment x", False),
    (BUCKETS, "allow group A to read objects in compartment x", False),
    (BUCKETS, "allow group A to read buckets in compartment id ocid1.compartment.oc1..x", False),
    (BUCKETS, "allow group A to read buckets in tenancy", False),
    (BUCKETS, "deny group A to read buckets in compartment x", False),
    (BUCKETS, f"allow group A to {{BUCKET_READ, {ANYTHING}}} in compartment x", False),
    (BUCKETS, f"allow group {ANYTHING} to read buckets in compartment x", False),
    (f"{BUCKETS} where request.region = 'iad'", BUCKETS, False),
    ("allow group A, B to read buckets in tenancy", "allow group B to read buckets in compartment z", True),
    ("allow any-user to read buckets in tenancy", "allow service S to read buckets in tenancy", True),
    ("allow any-group to read buckets in tenancy", "allow dynamic-group D to read buckets in tenancy", True),
    ("allow any-group to read buckets in tenancy", "allow service S to read buckets in tenancy", False),
    ("allow any-group to read buckets in tenancy", "allow any-user to read buckets in tenancy", False),
    ("allow group id ocid1.group.oc1..a to use keys in tenancy", "allow group A to use keys in tenancy", False),
    (
        f"allow group A to use keys in compartment id ocid1.compartment.oc1..{COMPUTED}",
        f"allow group A to read keys in compartment id ocid1.compartment.oc1..{COMPUTED}",
        True,
    ),
    ("deny group A to inspect buckets in tenancy", "deny group A to manage buckets in compartment x", True),
    ("deny group A to manage buckets in tenancy", "deny group A to inspect buckets in tenancy", False),
    ("deny group A to manage all-resources in tenancy", "deny group A to inspect buckets in tenancy", False),
    ("deny group A to inspect all-resources in tenancy", "deny group A to {BUCKET_READ} in tenancy", True),
    ("endorse group A to manage objects in any-tenancy", "endorse group A to read objects in tenancy P", True),
    ("endorse group A to manage objects in tenancy P", "endorse group A to read objects in any-tenancy", False),
    ("endorse group A to manage objects in tenancy P", "endorse group A to read objects in tenancy Q", False),
    (
        "admit group A of tenancy P to manage objects in tenancy",
        "admit group A of tenancy P to read objects in tenancy",
        True,
    ),
    (
        "admit group A of tenancy P to manage objects in tenancy",
        "admit group A of tenancy Q to read objects in tenancy",
        False,
    ),
    ("allow group A to manage objects in tenancy", "admit group A of tenancy P to read objects in tenancy", False),
]


@pytest.mark.parametrize(("wider", "narrower", "answer"), IMPLIES)
def test_implies(wider: str, narrower: str, answer: bool) -> None:
    assert implies(grant(wider), grant(narrower)) is answer
    if answer:
        assert includes_subject(grant(wider).subject, grant(narrower).subject)
        assert includes_place(grant(wider).place, grant(narrower).place)


def test_a_name_without_a_domain_is_of_the_default_one() -> None:
    assert full_name(Name("Ops")) == full_name(Name("OPS", "default")) == "default/ops"
    assert full_name(Name("Ops", "Partners")) == "partners/ops"


HELD = [
    (["allow group A to use buckets in tenancy"], "group A", 0),
    (["allow group A, B to use buckets in tenancy"], "group B", 0),
    (["allow any-user to use buckets in tenancy"], "service S", 0),
    (["allow group B to use buckets in tenancy"], "group A", No),
    (["allow group A to read buckets in tenancy", "allow group A to use buckets in compartment x"], "group A", 1),
    (["define group A as ocid1.group.oc1..a"], "group A", No),
    (["allow group A to use buckets in tenancy where target.bucket.name = 'b'"], "group A", No),
    ([f"allow group A to {ANYTHING} in tenancy"], "group A", Undecided),
    (["allow group A to use buckets in tenancy", "deny group A to use buckets in tenancy"], "group A", No),
    (["allow group A to use buckets in tenancy", "deny any-group to inspect buckets in tenancy"], "group A", No),
    (["allow group A to use buckets in tenancy", "deny group A to manage buckets in tenancy"], "group A", 0),
    (["allow group A to use buckets in tenancy", "deny group A to use buckets in compartment x"], "group A", 0),
    (["allow group A to use buckets in compartment x", "deny group A to use buckets in tenancy"], "group A", No),
    (
        ["allow group A to use buckets in compartment x:y", "deny group A to use buckets in compartment x"],
        "group A",
        No,
    ),
    (["allow group A to use buckets in tenancy", "deny group B to use buckets in tenancy"], "group A", 0),
    (["allow group A to use buckets in tenancy", "deny group A to {BUCKET_UPDATE} in tenancy"], "group A", No),
    (
        [
            "allow group A to use buckets in tenancy",
            "deny group A to use buckets in tenancy where target.bucket.name = 'b'",
        ],
        "group A",
        0,
    ),
    (
        [
            "allow group A to use buckets in tenancy where request.region = 'iad'",
            "deny group A to use buckets in tenancy where request.region != 'fra'",
        ],
        "group A",
        No,
    ),
    # The Administrators of the default domain are not denied anything.
    (
        ["allow group Administrators to use buckets in tenancy", "deny any-user to use buckets in tenancy"],
        "group Administrators",
        0,
    ),
    (
        ["allow group Partners/Administrators to use buckets in tenancy", "deny any-user to use buckets in tenancy"],
        "group Partners/Administrators",
        No,
    ),
    # What is denied to one of two groups is held by the other.
    (["allow group A, B to use buckets in tenancy", "deny group A to use buckets in tenancy"], "group A, B", 0),
]
UPDATE: Final = Power(("BUCKET_UPDATE",))


@pytest.mark.parametrize(("texts", "who", "answer"), HELD)
def test_held(texts: Sequence[str], who: str, answer: object) -> None:
    read = [parse(text) for text in texts]
    found = held([one for one in read if not isinstance(one, str)], subject(who), UPDATE)  # type: ignore[misc]
    if isinstance(answer, int):
        assert isinstance(found, Held)
        assert (found.index, found.reached.permission) == (answer, "BUCKET_UPDATE")
    else:
        assert type(found) is answer


SUBJECTS = ("any-user", "any-group", "group A", "group B", "group A, B", "dynamic-group D", "service S")
ACTIONS = (
    *(f"{verb} {name}" for verb in oracle.VERBS for name in ("buckets", "object-family", "all-resources")),
    "manage objects",
    "{BUCKET_READ, OBJECT_READ}",
    "{BUCKET_UPDATE}",
)
WHERE = ("tenancy", "compartment x", "compartment x:y", "compartment X", "compartment z")
VALUES: Final[Mapping[str, Sequence[str]]] = {
    "target.bucket.name": ("'a'", "'A'", "'b'", "/a*/"),
    "request.permission": ("'BUCKET_READ'", "'bucket_update'", "/OBJECT_*/"),
}
PERMISSIONS = ("BUCKET_INSPECT", "BUCKET_READ", "BUCKET_UPDATE", "PAR_MANAGE", "OBJECT_READ", "FN_APP_READ")


def some(random: Random, *, denies: bool, conditions: bool = True) -> Said:
    condition = oracle.condition(random, VALUES, 1) if conditions and random.random() < 0.4 else None
    return Said(denies, random.choice(SUBJECTS), random.choice(ACTIONS), random.choice(WHERE), condition)


def requests(callers: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...], oracle.Request]]:
    for caller in callers:
        for permission in PERMISSIONS:
            for place in oracle.PLACES:
                for request in oracle.worlds({"target.bucket.name": [None, "a", "b", "ab", oracle.NEW]}):
                    yield caller, permission, place, request


def test_what_is_implied_speaks_of_no_other_request() -> None:
    random = Random(f"imply {examples(0)}")
    implied = 0
    for _ in range(examples(150)):
        wider = some(random, denies=random.random() < 0.5)
        other = some(random, denies=wider.denies)
        changes = {name: getattr(other, name) for name in ("subject", "action", "place", "condition")}
        narrower = replace(wider, **dict(random.sample(sorted(changes.items(), key=str), random.randint(1, 2))))
        if implies(grant(wider), grant(narrower)):
            implied += 1
            for request in requests(list(oracle.CALLERS)):
                told = f"{wider} does not speak of {request}, of which {narrower} does"
                assert not narrower.speaks_of(*request) or wider.speaks_of(*request), told
    assert implied


MEMBERS = {"group A": "ann", "group B": "bob", "dynamic-group D": "function", "service S": "agent"}


@pytest.mark.parametrize("conditions", [False, True])
def test_what_is_not_held_is_never_allowed_and_what_is_held_is(conditions: bool) -> None:
    random = Random(f"hold {conditions} {examples(0)}")
    answers = set()
    for _ in range(examples(120)):
        said = [some(random, denies=False) for _ in range(random.randint(1, 2))]
        said += [some(random, denies=True, conditions=conditions) for _ in range(random.randint(0, 2))]
        random.shuffle(said)
        who = random.choice(sorted(MEMBERS))
        power = Power(tuple(random.sample(PERMISSIONS, 2)))
        found = held([grant(one) for one in said], subject(who), power)
        answers.add(type(found))
        # A power is one over things that nobody named.
        asked = [
            request
            for request in requests([MEMBERS[who]])
            if request[1] in power.permissions and request[3].get("target.bucket.name") in {None, oracle.NEW}
        ]
        allowed = [request for request in asked if oracle.allowed(said, *request)]
        told = f"{[str(one) for one in said]}: {who}, {power.permissions}"
        if isinstance(found, Held):
            granting = said[found.index]
            assert not granting.denies
            reached = [one for one in asked if one[1] == found.reached.permission and granting.speaks_of(*one)]
            assert reached, told
            if not conditions:
                assert any(request in allowed for request in reached), told
        else:
            assert isinstance(found, No), told
            assert not allowed, f"{told}: {allowed[0]}"
    assert answers == {Held, No}
