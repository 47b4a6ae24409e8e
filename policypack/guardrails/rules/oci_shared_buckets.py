"""Which buckets of a stack its statements share with other tenancies.

Whom the words of a statement mean decides whether that is exposure. `any-user` is everybody and everything that signs in
to the tenancy, however many that are, and nobody who does not: a bucket that any-user reads is open to insiders, not to
strangers. Principals of another tenancy come in by an admit statement here and an endorse statement there: of a named
tenancy they are a partner's people, and `of any-tenancy` they are strangers, as everybody may have a tenancy. Both wide
forms are decided by the statement alone, whichever bucket it reaches, and are said of it there; what is left is what one
tenancy is let do to the buckets of the stack. What Oracle's services do for a bucket, such as its replication, is
allowed to a service principal of the same tenancy.

Semantics: Oracle Cloud Infrastructure documentation, "Cross-Tenancy Access Policies" and "Details for Object Storage".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import Resource, Stack
from ..oci.conditions import Part, tests_of
from ..oci.meaning import No, Power, Reached, Undecided, open_to_anyone
from ..oci.tree import Grant, Kind, Name
from .oci_buckets import BUCKET, shown_name
from .oci_compartments import Compartments, Path, compartments, within
from .oci_holdings import Said
from .oci_statements import STATEMENT_TYPES, statements

_NAME: Final = "target.bucket.name"
_OBJECT: Final = "target.object.name"


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
    for policy, value, statement in asked:
        path = places.of_statement(policy, statement.place)
        if path is not None:
            yield from _of(Said(policy, value, statement, statement, path, places), path, buckets)


def _by_place(stack: Stack, places: Compartments) -> dict[Path | None, list[Resource]]:
    found: dict[Path | None, list[Resource]] = {}
    for bucket in stack.of_type([BUCKET]):
        found.setdefault(places.of(bucket), []).append(bucket)
    return found


def _is_asked(statement: Grant) -> bool:
    admits = statement.kind is Kind.ADMIT and not statement.denies and isinstance(statement.origin, Name)
    return admits and isinstance(open_to_anyone(statement), No)


def _of(said: Said, path: Path, buckets: Mapping[Path | None, Sequence[Resource]]) -> Iterator[Shared]:
    near = [place for place in buckets if place is None or within(place, path) is not False]
    doubtful: list[Shared] = []
    for use in _USES:
        sure: list[tuple[Resource, Reached]] = []
        doubts: list[tuple[Resource, Undecided]] = []
        for place in near:
            for bucket, how in _answers(said, place, buckets[place], use):
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


def _answers(
    said: Said, place: Path | None, buckets: Sequence[Resource], use: Use
) -> Iterator[tuple[Resource, Reached | Undecided]]:
    """The buckets in a place that a statement lets be used, or may."""
    # Where no name is tested, what is true of one is true of all.
    by_name = any(test.variable.lower() == _NAME for test in tests_of(said.written.condition))
    same = None if by_name else _answer(said, place, Part.CHOSEN, use)
    for bucket in buckets:
        how = _answer(said, place, bucket["name"].text or Part.CHOSEN, use) if by_name else same
        if how is not None:
            yield bucket, how


def _answer(said: Said, place: Path | None, name: str | Part, use: Use) -> Reached | Undecided | None:
    """How a bucket of a name is used in a place; None where it is not."""
    held = said.grants(Power(use.permissions, {_NAME: name, _OBJECT: Part.CHOSEN}, use.by))
    # The condition may ask for a compartment within the place of the statement.
    inside = None if held is None or held.path is None or place is None else within(place, held.path)
    if held is None or inside is False:
        return None
    if isinstance(held.reached, Undecided):
        return held.reached
    if inside is None:
        return Undecided("in which compartment the bucket lies is not known")
    if name is Part.CHOSEN and _NAME in map(str.lower, held.reached.context):
        return Undecided("the name of the bucket is not known yet")
    return held.reached
