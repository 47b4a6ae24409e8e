"""Which buckets of a stack its statements share with other tenancies.

Whom the words of a statement mean decides whether that is exposure. `any-user` is everybody and everything that signs in
to the tenancy, however many that are, and nobody who does not: a bucket that any-user reads is open to insiders, not to
strangers. Principals of another tenancy come in by an admit statement here and an endorse statement there: of a named
tenancy they are a partner's people, and `of any-tenancy` they are strangers, as everybody may have a tenancy. Both wide
forms are decided by the statement alone, whichever bucket it reaches, and are said of it there; what is left is what one
tenancy is let do to the buckets of the stack. What Oracle's services do for a bucket, such as its replication, is
allowed to a service principal of the same tenancy.

A condition may ask for the name of a bucket, its OCID or a tag of it; of tags only defined ones count. The defaults of a
compartment give it tags that the program does not.

Semantics: Oracle Cloud Infrastructure documentation, "Using Tags to Manage Access", "Cross-Tenancy Access Policies" and
"Details for Object Storage".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..model import Resource, Stack, Value
from ..oci.conditions import Part, tests_of
from ..oci.meaning import No, Power, Reached, Undecided, open_to_anyone
from ..oci.tree import Grant, Kind, Name, ValueKind
from ..values import UNKNOWN
from .oci_buckets import BUCKET, given, shown_name
from .oci_compartments import Compartments, Path, compartments, within
from .oci_holdings import Said
from .oci_statements import STATEMENT_TYPES, statements

_NAME: Final = "target.bucket.name"
_OBJECT: Final = "target.object.name"
_ID: Final = "target.bucket.id"
_TAG: Final = re.compile(r"target\.(?:bucket|resource)\.tag\.(?P<key>.+)")
# What a condition may ask of a bucket: not of its compartment, nor of an identity domain.
_OF_BUCKET: Final = re.compile(r"target\.(?:bucket|resource)\.(?!compartment\.|domain\.).+")
_TAG_DEFAULT: Final = "oci:Identity/tagDefault:TagDefault"


@dataclass(frozen=True, slots=True)
class Use:
    """What may be done to a bucket, by any of some permissions: `means` says it, with `{}` for the bucket. With `opens` it may
    be opened to the internet."""

    permissions: tuple[str, ...]
    means: str
    opens: bool = False
    by: frozenset[str] = frozenset()


# The worst first.
_USES: Final = (
    Use(("BUCKET_UPDATE",), "open {} to the internet", opens=True, by=frozenset({"updatebucket"})),
    Use(("OBJECT_DELETE", "OBJECT_CREATE", "OBJECT_OVERWRITE"), "change the objects of {}"),
    Use(("OBJECT_READ",), "read the objects of {}"),
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A statement lets principals of another tenancy do something to some buckets, by their names for a message;
    `reached` shows how, or says why that is not known."""

    said: Said
    use: Use
    buckets: tuple[str, ...]
    reached: Reached | Undecided


def shared(stack: Stack) -> Iterator[Shared]:
    """What each statement that admits principals of one named tenancy lets them do, at worst, to the stack's buckets."""
    places = compartments(stack)
    asked = [
        (policy, value, statement)
        for policy in stack.of_type(STATEMENT_TYPES)
        for value, statement in statements(policy)
        if isinstance(statement, Grant) and _is_asked(statement)
    ]
    buckets = _by_place(stack, places) if asked else {}
    more_tags = any(True for _ in stack.of_type([_TAG_DEFAULT]))
    for policy, value, statement in asked:
        path = places.of_statement(policy, statement.place)
        if path is not None:
            said = Said(policy, value, statement, statement, path, places)
            yield from _of(said, path, buckets, _asked(statement, more_tags=more_tags))


def _by_place(stack: Stack, places: Compartments) -> dict[Path | None, list[Resource]]:
    found: dict[Path | None, list[Resource]] = {}
    for bucket in stack.of_type([BUCKET]):
        found.setdefault(places.of(bucket), []).append(bucket)
    return found


def _is_asked(statement: Grant) -> bool:
    admits = statement.kind is Kind.ADMIT and not statement.denies and isinstance(statement.origin, Name)
    return admits and isinstance(open_to_anyone(statement), No)


def _of(said: Said, path: Path, buckets: Mapping[Path | None, Sequence[Resource]], asked: _Asked) -> Iterator[Shared]:
    near = [place for place in buckets if place is None or within(place, path) is not False]
    doubtful: list[Shared] = []
    for use in _USES:
        sure: list[tuple[Resource, Reached]] = []
        doubts: list[tuple[Resource, Undecided]] = []
        for place in near:
            for bucket, how in _answers(said, place, buckets[place], use, asked):
                if isinstance(how, Undecided):
                    doubts.append((bucket, how))
                else:
                    sure.append((bucket, how))
        if sure:
            yield Shared(said, use, tuple(shown_name(bucket) for bucket, _ in sure), sure[0][1])
            return
        if doubts:
            doubtful.append(Shared(said, use, tuple(shown_name(bucket) for bucket, _ in doubts), doubts[0][1]))
    yield from doubtful[:1]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a condition asks of a bucket, by its variables in lower case; `compared` are those that it compares with
    others. With `more_tags` a bucket may have some that the program does not give it."""

    variables: frozenset[str]
    compared: frozenset[str]
    more_tags: bool


def _asked(statement: Grant, *, more_tags: bool) -> _Asked:
    variables: set[str] = set()
    compared: set[str] = set()
    for test in tests_of(statement.condition):
        others = [value.text for value in test.values if value.kind is ValueKind.VARIABLE]
        own = {name.lower() for name in (test.variable, *others) if _OF_BUCKET.fullmatch(name.lower())}
        variables |= own
        compared |= own if others else set()
    return _Asked(frozenset(variables), frozenset(compared), more_tags)


def _answers(
    said: Said, place: Path | None, buckets: Sequence[Resource], use: Use, asked: _Asked
) -> Iterator[tuple[Resource, Reached | Undecided]]:
    """The buckets in a place that a statement lets be used, or may."""
    # Where nothing of the bucket is tested, what is true of one is true of all.
    same = None if asked.variables else _answer(said, place, {}, use)
    for bucket in buckets:
        how = _of_one(said, place, bucket, use, asked) if asked.variables else same
        if how is not None:
            yield bucket, how


def _of_one(said: Said, place: Path | None, bucket: Resource, use: Use, asked: _Asked) -> Reached | Undecided | None:
    """How one bucket is used in a place; None where it is not."""
    told = {name: _told(bucket, name, more_tags=asked.more_tags) for name in sorted(asked.variables)}
    doubtful = [name for name, value in told.items() if value.unknown or name in asked.compared]
    known = {name: value.text or Part.ABSENT for name, value in told.items() if name not in doubtful}
    how = _answer(said, place, {**known, **dict.fromkeys(doubtful, Part.UNTOLD)}, use)
    if isinstance(how, Reached):
        secret = {name for name, value in told.items() if value.secret}
        shown = {name: text for name, text in how.context.items() if name.lower() not in secret}
        return replace(how, context=shown)
    if not doubtful:
        return how
    if _answer(said, place, {**known, **dict.fromkeys(doubtful, Part.CHOSEN)}, use) is None:
        return None
    return Undecided(f"it hangs on `{doubtful[0]}`, which is not known of the bucket")


def _told(bucket: Resource, variable: str, *, more_tags: bool) -> Value:
    """What a variable of a bucket holds; absent for a tag that it has not, unknown for what nobody tells."""
    unknown = Value(UNKNOWN, (variable,))
    if variable in {_NAME, _ID}:
        value = bucket["name" if variable == _NAME else "bucketId"]
        return value if value.text else unknown
    tag = _TAG.fullmatch(variable)
    if tag is None:
        return unknown
    tags = given(bucket, "definedTags")
    own = [value for key, value in tags.members() if key.lower() == tag["key"]]
    if own:
        return own[0]
    return unknown if tags.unknown or more_tags else Value(None, (variable,))


def _answer(
    said: Said, place: Path | None, of_bucket: Mapping[str, str | Part], use: Use
) -> Reached | Undecided | None:
    """How a bucket of which the condition is told this is used in a place; None where it is not."""
    to = {_OBJECT: Part.CHOSEN, **of_bucket}
    held = said.grants(Power(use.permissions, to, use.by))
    # The condition may ask for a compartment within the place of the statement.
    inside = None if held is None or held.path is None or place is None else within(place, held.path)
    if held is None or inside is False:
        return None
    if isinstance(held.reached, Undecided):
        return held.reached
    return Undecided("in which compartment the bucket lies is not known") if inside is None else held.reached
