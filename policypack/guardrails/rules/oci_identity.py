"""One subject of OCI policies: what it holds by all that is said of it, after what it is denied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from ..model import Resource
from ..oci.comparison import POSITIVE, is_plain
from ..oci.conditions import Asked, Part, Unmet, Way, find, ways
from ..oci.grants import without
from ..oci.meaning import Power, Undecided
from ..oci.membership import RESOURCE_TYPE
from ..oci.rejections.rejection import Rejected, Unreadable
from ..oci.tree import Condition, OpaqueTail, SubjectKind, Test
from .oci_compartments import Path
from .oci_groups import rule_of
from .oci_holdings import Denials, Holding, Memory, Said
from .oci_users import USERS

_CALLER_TYPE: Final = "request.principal.type"
_A_USER: Final = "user"

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Identity:
    """A group, a dynamic group, a user with all that his groups hold, or the `callers` that a condition describes.

    `title` names it in messages; `name` is what conditions compare, without a domain, and empty where it is not known.
    `everybody` is who it belongs to by being anything at all; what denies that `tell_apart` who asks say of it is not
    known. `inherent` is what it is allowed without any statement of the stack. `maybe` are the resources of the stack one of which it may be.
    """

    kind: SubjectKind
    title: str
    name: str
    resource: Resource | None = None
    said: list[Said] = field(default_factory=list)
    denying: list[Said] = field(default_factory=list)
    tell_apart: list[Said] = field(default_factory=list)
    everybody: Identity | None = None
    groups: Sequence[Identity] = ()
    callers: Condition | None = None
    administrators: bool = False
    inherent: Said | None = None
    maybe: Sequence[Resource] = ()
    _memory: Memory = field(default_factory=Memory)

    @property
    def one_of_it(self) -> str:
        """How a message names what is taken in, after `as`."""
        return f"one of the {self.title}" if self.callers is not None else f"a member of {self.title}"

    @property
    def is_user(self) -> bool:
        """Whether it is a user of the stack."""
        return self.resource is not None and self.resource.type in USERS

    def remember(self, question: object, answer: Callable[[], T]) -> T:
        """The answer to `question`, worked out once."""
        return self._memory.remember(question, answer)

    def of_power(self, question: str, power: Power, answer: Callable[[Power], T]) -> T:
        """The answer to a question about a power that is asked for often, worked out once."""
        return self._memory.of_power(question, power, answer)

    def share_memory(self, other: Identity) -> None:
        """Answer as another one does, of which the same is said."""
        self._memory = other._memory

    def is_like(self, other: Identity) -> bool:
        """Whether it is known to answer as another one does."""
        return self._memory is other._memory

    def holds(self, power: Power) -> Sequence[Holding]:
        """Each statement by which it holds a power that nothing denies it again, or may."""
        return self.of_power("holds", power, self._holds)

    def own(self, power: Power) -> Sequence[Holding]:
        """The same, without what everybody holds."""
        return self.of_power("own", power, self._own)

    def _holds(self, power: Power) -> Sequence[Holding]:
        own = self.own(power)
        if self.everybody is None:
            return own
        shared = self.everybody.holds(power)
        if not self._denials().permissions.isdisjoint(power.permissions):
            shared = self._left(shared, power)
        return (*own, *shared) if own else shared

    def _own(self, power: Power) -> Sequence[Holding]:
        return self._left((held for said in self.said if (held := said.holding(power)) is not None), power)

    def _left(self, holdings: Iterable[Holding], power: Power) -> tuple[Holding, ...]:
        """What is left of what statements grant, after what it is denied."""
        left = (self._after_denials(each, power) for each in holdings)
        return tuple(each for each in left if each is not None)

    def by(self, said: Said, power: Power) -> Holding | None:
        """Whether it holds a power by one statement, or may: then the holding."""
        held = said.grants(power)
        return None if held is None else self._after_denials(held, power)

    def left_at(self, path: Path, held: Holding, power: Power) -> Holding | None:
        """What is left of a power in a place at or below the one where it is held."""
        return self._after_denials(held, power, path)

    def is_denied_some(self, power: Power) -> bool:
        """Whether it is denied a power somewhere, or may be."""
        if not self._denials().permissions.isdisjoint(power.permissions):
            return True
        return self.everybody is not None and self.everybody.is_denied_some(power)

    def _after_denials(self, held: Holding, power: Power, at: Path | None = None) -> Holding | None:
        taken = self._taken(held.said, power, at)
        if not taken:
            return held
        certain = [name for name, doubt in taken.items() if doubt is None]
        left = held.said.grants(without(power, certain)) if certain else held
        if left is None or left.doubt or len(certain) == len(taken):
            return left
        sure = held.said.grants(without(power, taken))
        if sure is not None and not sure.doubt:
            return sure
        deny = next(each for each in taken.values() if each is not None)
        return Holding(held.said, Undecided(f"`{deny}` may take it away again"), left.path)

    def _taken(self, said: Said, power: Power, at: Path | None) -> Mapping[str, Said | None]:
        """The permissions that it is denied, or may be, in a place or wherever a statement grants them, as
        `Denials.taken` has them."""
        everybody = {} if self.everybody is None else self.everybody._taken(said, power, at)
        own = self._denials().taken(said, power, at)
        if not everybody or not own:
            return own or everybody
        return {**own, **everybody, **{name: None for name, doubt in own.items() if doubt is None}}

    def _denials(self) -> Denials:
        return self.remember("denials", lambda: Denials(self.denying, list(self._telling_apart())))

    def _telling_apart(self) -> Iterator[Said]:
        """The denies that ask who the caller is and may be about this one."""
        # Of all groups together it is asked for each.
        everybody = self.everybody if self.kind is not SubjectKind.ANY_GROUP else None
        while everybody is not None:
            yield from (each for each in everybody.tell_apart if self._may_meet(each.written.condition))
            everybody = everybody.everybody

    def _may_meet(self, condition: Condition | OpaqueTail | None) -> bool:
        kinds: Sequence[str] = ()
        if self.callers is not None:
            kinds = _pinned(self.callers, _CALLER_TYPE)
        elif self.kind is SubjectKind.DYNAMIC_GROUP and self.resource is not None:
            rule = rule_of(self.resource)
            kinds = _pinned(rule, RESOURCE_TYPE) if not isinstance(rule, Rejected | Unreadable) else ()
        elif self.kind is SubjectKind.GROUP:
            kinds = (_A_USER,)
        asked = [Asked(what=Part.CHOSEN, held={_CALLER_TYPE: kind}) for kind in kinds] or [Asked(what=Part.CHOSEN)]
        return not all(isinstance(find(condition, each), Unmet) for each in asked)


def _pinned(condition: Condition, variable: str) -> list[str]:
    """The texts for one of which each way to meet a condition tests a variable; none where one does not."""
    found: list[str] = []
    for way in ways(condition) or ():
        texts = [text for test in literal(way) if test.variable.lower() == variable for text in texts_of(test)]
        if not texts:
            return []
        found += texts
    return found


def literal(way: Way) -> Iterator[Test]:
    """The tests of a way that pin a variable to texts."""
    for part in way:
        if isinstance(part, Test) and part.operator in POSITIVE and all(map(is_plain, part.values)):
            yield part


def texts_of(test: Test) -> list[str]:
    """What a test compares with, in lower case."""
    return [value.text.lower() for value in test.values]
