"""Which resources the matching rule of a dynamic group takes in.

A rule is judged by the resources that nobody meant: for each way to meet it, the loosest resource that does. A way is
tight if it names a resource, or one kind of resource within a compartment. `!=` never narrows: whatever is created
next meets it. What one branch of `any` lets in is in, however tight the others are.

Semantics: Oracle Cloud Infrastructure documentation, "Writing Matching Rules to Define Dynamic Groups"; words are
compared without regard to letter case. Membership does not reach into the compartments below one that is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from ..values import has_stand_in, may_be_anything
from .conditions import Way, ways
from .principals import INSTANCE, mistaken_type
from .tree import Condition, Opaque, Operator, Test, brief

INSTANCE_ID: Final = "instance.id"
INSTANCE_COMPARTMENT: Final = "instance.compartment.id"
RESOURCE_ID: Final = "resource.id"
RESOURCE_COMPARTMENT: Final = "resource.compartment.id"
RESOURCE_TYPE: Final = "resource.type"
# Each variable -> what the OCIDs that it holds are of; nothing where they may be of any kind, or it holds none.
_VARIABLES: Final = {
    INSTANCE_ID: (INSTANCE,),
    INSTANCE_COMPARTMENT: ("compartment", "tenancy"),
    RESOURCE_ID: (),
    RESOURCE_COMPARTMENT: ("compartment", "tenancy"),
    RESOURCE_TYPE: (),
}
# The kinds that an invented OCID has of the resource that it stands for; others may be called otherwise there.
_SURE: Final = frozenset({"compartment", "tenancy", INSTANCE})
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_TAG: Final = re.compile(r"tag\.[^.]+\.[^.]+\.value", re.IGNORECASE)
# What all ways together may hold of tests: far beyond any rule met in practice, and soon looked through.
_MOST_TESTS: Final = 40_000


class Breadth(Enum):
    """How much one way to meet a rule takes in."""

    EVERY_RESOURCE = auto()  # of the tenancy
    EVERY_COMPARTMENT = auto()  # the resources of some type, wherever they are
    WHOLE_COMPARTMENT = auto()  # whatever is in a compartment
    EVERY_INSTANCE = auto()  # of a compartment
    TAGGED = auto()  # whatever bears a tag, wherever it is
    MEANT = auto()  # resources that are named, or a kind of them within a compartment


@dataclass(frozen=True, slots=True)
class Taken:
    """What one way to meet a rule takes in.

    `way` is the way in canonical text; `type` and `compartment` are what it pins, empty for any. `doubt`, where not
    empty, names the unknown part on which it hangs that it is no tighter.
    """

    breadth: Breadth
    way: str
    type: str = ""
    compartment: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Dead:
    """A way that no resource can meet. `mistake`: it holds a word that is wrong whatever stands beside it."""

    way: str
    reason: str
    mistake: bool
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a rule takes in, way by way; `doubt` says why not all of it can be judged."""

    taken: tuple[Taken, ...] = ()
    dead: tuple[Dead, ...] = ()
    doubt: str = ""


def membership(rule: Condition) -> Membership:
    """What the matching rule of a dynamic group takes in."""
    several = ways(rule, _MOST_TESTS)
    if several is None:
        return Membership(doubt="it has too many branches to be looked through")
    taken: list[Taken] = []
    dead: list[Dead] = []
    for way in several:
        found = _dead(way)
        if found is None:
            taken.append(_taken(way))
        else:
            dead.append(found)
    return Membership(tuple(dict.fromkeys(taken)), tuple(dict.fromkeys(dead)))


def _text(way: Way) -> str:
    return brief(way[0] if len(way) == 1 else f"ALL {{{', '.join(map(str, way))}}}")


def _taken(way: Way) -> Taken:
    pinned = _pinned(way)
    opaque = next((test for test in way if isinstance(test, Opaque) or may_be_anything(test.variable)), None)
    tagged = any(
        isinstance(test, Test) and _TAG.fullmatch(test.variable) and test.operator is not Operator.UNEQUAL
        for test in way
    )
    instance = INSTANCE_COMPARTMENT in pinned
    compartment = pinned.get(INSTANCE_COMPARTMENT) or pinned.get(RESOURCE_COMPARTMENT) or ""
    type_ = INSTANCE if instance else pinned.get(RESOURCE_TYPE, "")
    if pinned.keys() & {INSTANCE_ID, RESOURCE_ID} or (compartment and tagged):
        breadth = Breadth.MEANT
    elif compartment and type_:
        breadth = Breadth.EVERY_INSTANCE if type_.lower() == INSTANCE else Breadth.MEANT
    elif compartment:
        breadth = Breadth.WHOLE_COMPARTMENT
    elif tagged:
        breadth = Breadth.TAGGED
    else:
        breadth = Breadth.EVERY_COMPARTMENT if type_ else Breadth.EVERY_RESOURCE
    return Taken(
        breadth,
        _text(way),
        brief(type_),
        brief(compartment),
        f"`{brief(opaque)}`, which is not known yet" if opaque is not None else "",
    )


def _equal(way: Way) -> Iterator[Test]:
    """The tests of a way that pin a variable to one value."""
    return (test for test in way if isinstance(test, Test) and test.operator is Operator.EQUAL)


def _pinned(way: Way) -> dict[str, str]:
    return {test.variable.lower(): test.values[0].text for test in _equal(way)}


def _dead(way: Way) -> Dead | None:
    """Why no resource can meet a way; None where one may."""
    text = _text(way)
    for test in way:
        if isinstance(test, Test) and not may_be_anything(test.variable):
            variable = _wrong_variable(test.variable)
            if variable is not None:
                return Dead(text, *variable)
    for test in _equal(way):
        value = _wrong_value(test)
        if value is not None:
            return Dead(text, *value)
    return _contradiction(way, text)


def _wrong_variable(written: str) -> tuple[str, bool, str] | None:
    folded, variable = written.lower(), brief(written)
    if folded in _VARIABLES or _TAG.fullmatch(written):
        return None
    if folded.startswith("tag."):
        meant = f"{variable}.value"
    else:
        ends = [known for known in _VARIABLES if known.removesuffix(".id") == folded.removesuffix(".id")]
        meant = (ends or [f"{folded.partition('.')[0]}.compartment.id"])[0]
        meant = meant if meant in _VARIABLES else RESOURCE_COMPARTMENT
    return f"`{variable}` is no variable of matching rules", True, f"Test `{meant}` in its place."


def _wrong_value(test: Test) -> tuple[str, bool, str] | None:
    variable, value = test.variable.lower(), test.values[0].text
    shown = brief(value)
    if has_stand_in(value) and not value.lower().startswith("ocid1."):
        return None
    if variable == RESOURCE_TYPE:
        if not has_stand_in(value) and not _WORD.fullmatch(value):
            why = f"the type `{shown}`: `*` stands for itself here" if "*" in value else f"the type `{shown}`"
            fix = "Write `resource.type = 'fnfunc'`, or another type."
            return f"no resource has {why if value else 'an empty type'}", True, fix
        near = None if has_stand_in(value) else mistaken_type(value)
        if near is None:
            return None
        return f"no resource has the type `{shown}`", True, f"Write `resource.type = '{near}'`."
    if variable not in _VARIABLES:
        return None
    kinds = _VARIABLES[variable]
    found = _kind(value)
    if found is None:
        wanted = f"ocid1.{kinds[0]}.…" if kinds else "ocid1.…"
        return f"`{shown}` is no OCID, and `{test.variable}` is one", True, f"Compare with the OCID: `'{wanted}'`."
    if kinds and found and found not in kinds:
        fix = f"Compare with `'ocid1.{kinds[0]}.…'`, or test `{RESOURCE_ID}`."
        reason = f"`{test.variable}` holds the OCID of a {kinds[0]}, and `ocid1.{brief(found)}` is another kind"
        return reason, True, fix
    return None


def _kind(ocid: str) -> str | None:
    """What an OCID is of, in lower case; empty where that is not known, None where the text is no OCID."""
    parts = ocid.lower().split(".")
    if parts[0] != "ocid1" or len(parts) < 3:
        return "" if has_stand_in(ocid) else None
    if has_stand_in(parts[1]) or (has_stand_in(ocid) and not may_be_anything(ocid) and parts[1] not in _SURE):
        return ""
    return parts[1]


def _contradiction(way: Way, text: str) -> Dead | None:
    values: dict[str, list[str]] = {}
    for test in _equal(way):
        values.setdefault(test.variable.lower(), []).append(test.values[0].text)
    for refusing in way:
        if isinstance(refusing, Test) and refusing.operator is Operator.UNEQUAL:
            refused = refusing.values[0].text
            if any(each.lower() == refused.lower() for each in values.get(refusing.variable.lower(), ())):
                return Dead(
                    text, f"`{refusing.variable}` cannot both be `{brief(refused)}` and not be it", mistake=False
                )
    for variable, texts in values.items():
        for one, other in pairwise(dict.fromkeys(texts)):
            if _differ(one, other):
                fix = "Put `ANY` in place of `ALL`, if each of them was meant." if len(way) == len(texts) else ""
                reason = f"`{variable}` cannot be `{brief(one)}` and `{brief(other)}` at once"
                return Dead(text, reason, mistake=False, fix=fix)
    kinds = _kinds(values)
    for (one, first), (other, second) in pairwise(kinds.items()):
        if first != second:
            return Dead(text, f"{one} and {other}: no resource is both", mistake=False)
    return None


def _kinds(values: dict[str, list[str]]) -> dict[str, str]:
    """What the tests of a way say of the kind of resource: each as a text, with the kind in lower case."""
    found: dict[str, str] = {}
    for variable, texts in values.items():
        if variable in {INSTANCE_ID, INSTANCE_COMPARTMENT}:
            found[f"`{variable}` is of instances"] = INSTANCE
        elif variable == RESOURCE_TYPE and not has_stand_in(texts[0]):
            found[f"the type is `{brief(texts[0])}`"] = texts[0].lower()
        elif variable == RESOURCE_ID and (kind := _kind(texts[0])):
            found[f"the OCID is `ocid1.{brief(kind)}`"] = kind
    return found


def _differ(one: str, other: str) -> bool:
    return one.lower() != other.lower() and not (may_be_anything(one) or may_be_anything(other))
