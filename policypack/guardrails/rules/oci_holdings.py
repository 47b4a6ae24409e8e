"""Statements of a stack's OCI policies at their places: what each grants, and what others deny again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, cast

from ..findings import Finding, WitnessRecord
from ..model import Resource, Value
from ..oci.conditions import OPERATION, PERMISSION, tests_of
from ..oci.grants import takes_away
from ..oci.meaning import No, Power, Reached, Scope, Undecided, never_holds, reaches
from ..oci.permissions import denied, granted, is_listed
from ..oci.tree import Grant, ValueKind, brief
from .oci_compartments import ROOT, Compartments, Path, apart, within
from .oci_statements import shown

_COMPARTMENT: Final = "target.compartment.id"
_COMPARTMENT_NAME: Final = "target.compartment.name"

T = TypeVar("T")


class Memory:
    """Answers that are worked out once. What is asked by is kept, so that its identity stays its own."""

    def __init__(self) -> None:
        self._answers: dict[object, object] = {}
        self._of_powers: dict[tuple[str, int], tuple[Power, object]] = {}

    def remember(self, question: object, answer: Callable[[], T]) -> T:
        """The answer to `question`."""
        if question not in self._answers:
            self._answers[question] = answer()
        return cast("T", self._answers[question])

    def of_power(self, question: str, power: Power, answer: Callable[[Power], T]) -> T:
        """The answer to a question about a power that is asked for often."""
        key = question, id(power)
        if key not in self._of_powers:
            self._of_powers[key] = power, answer(power)
        return cast("T", self._of_powers[key][1])


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """A statement at its place in a policy: as it is `written`, and as it is compared, with the `path` of where it
    grants. The path is None where it is not known."""

    policy: Resource
    value: Value
    written: Grant
    grant: Grant
    path: Path | None
    compartments: Compartments
    _memory: Memory = field(default_factory=Memory)

    def __str__(self) -> str:
        return self._memory.remember("text", lambda: self.show(self.written))

    def show(self, part: object) -> str:
        """A part of the statement for a message, unless the statement is marked secret."""
        return "[secret]" if self.value.secret else brief(part)

    def finding(self, finding: Finding) -> Finding:
        """`finding` for this statement, without the quotes where it is secret."""
        return shown(self.value, replace(finding, path=self.value.path, urn=self.policy.urn, cause=self.value.path))

    def holding(self, power: Power) -> Holding | None:
        """A power that the statement grants, or may, if nothing denies it again; None where it does not. To be asked
        of powers that are asked for often."""
        return self._memory.of_power("holding", power, self.grants)

    def grants(self, power: Power) -> Holding | None:
        """The same of any power."""
        answer = self._reaches(power)
        if isinstance(answer, Undecided):
            return Holding(self, answer, self.path)
        return None if isinstance(answer, No) else Holding(self, answer, self._place(answer))

    def _reaches(self, power: Power) -> Reached | No | Undecided:
        tested = self._memory.remember("tested", lambda: _variables(self.grant))
        held = granted(self.grant.action)
        permission = next((name for name in power.permissions if name in held.permissions), None)
        if permission is None or held.doubt or not tested or tested & {PERMISSION, OPERATION}:
            return reaches(self.grant, power)
        # To the condition, powers are alike that say the same of what it tests.
        asked = tuple((name, power.to[name]) for name in sorted(tested & power.to.keys()))
        one = replace(power, permissions=(permission,))
        answer = self._memory.remember(("reached", asked), lambda: reaches(self.grant, one))
        return replace(answer, permission=permission) if isinstance(answer, Reached) else answer

    def _place(self, reached: Reached) -> Path | None:
        """Where a power is held: in the compartment that the condition asks for, where it asks for one."""
        if self.path != ROOT or reached.scope is Scope.TENANCY:
            return self.path
        asked = {name.lower(): text for name, text in reached.context.items()}
        if _COMPARTMENT in asked:
            return self.compartments.of_ocid(asked[_COMPARTMENT])
        return self.compartments.named(asked[_COMPARTMENT_NAME]) if _COMPARTMENT_NAME in asked else None


def _variables(grant: Grant) -> frozenset[str]:
    """The variables that the condition of a statement tests, and those that it compares them with."""
    tests = tests_of(grant.condition)
    compared = (value.text for test in tests for value in test.values if value.kind is ValueKind.VARIABLE)
    return frozenset(name.lower() for name in (*(test.variable for test in tests), *compared))


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """A power that a subject holds by a statement: the `path` of where, None if that is not known, and how it is
    reached, or why it is not known whether it is."""

    said: Said
    reached: Reached | Undecided
    path: Path | None

    @property
    def doubt(self) -> str:
        """Why it is not known whether the power is held; empty where it is."""
        return f"`{self.said}`: {self.reached.reason}" if isinstance(self.reached, Undecided) else ""

    def request(self, actor: str) -> WitnessRecord:
        """The request by which somebody uses the power."""
        said, reached = self.said, self.reached
        known = reached if isinstance(reached, Reached) and not said.value.secret else None
        return {
            "principal": actor,
            "action": known.permission if known and is_listed(known.permission) else said.show(said.written.action),
            "resource": said.show(said.written.place),
            "context": dict(known.context) if known else {},
        }


class Denials:
    """Deny statements, found by the place that they are about. Of those that `tell_apart` who asks it is not known
    whether they are about the subject."""

    def __init__(self, denying: Sequence[Said], tell_apart: Sequence[Said] = ()) -> None:
        self._at: dict[Path | None, list[_Denial]] = {}
        # In places of which it is not known what lies in them.
        self._unsure: list[_Denial] = []
        for each in (*denying, *tell_apart):
            if not never_holds(each.written):
                denial = _Denial(each, denied(each.written.action), each in tell_apart)
                self._at.setdefault(each.path, []).append(denial)
                if each.path is None or apart(each.path) != ROOT:
                    self._unsure.append(denial)
        every = (denial.permissions for several in self._at.values() for denial in several)
        self.permissions = frozenset[str]().union(*every)

    def taken(self, said: Said, power: Power, at: Path | None = None) -> Mapping[str, Said | None]:
        """The permissions of a power that are denied in a place, or wherever a statement grants them: each with the deny statement of
        which it is not known whether it does that, None where one does for certain."""
        if self.permissions.isdisjoint(power.permissions):
            return {}
        path = at if at is not None else said.path or ROOT
        found: dict[str, Said | None] = {}
        for place in (path[:end] for end in range(len(path) + 1)):
            for denial in self._at.get(place, ()):
                denial.take(found, said, power, certain=True)
        for denial in self._unsure:
            if denial.said.path is None or within(path, denial.said.path) is None:
                denial.take(found, said, power, certain=False)
        return found


@dataclass(frozen=True, slots=True)
class _Denial:
    said: Said
    permissions: frozenset[str]
    tells_apart: bool

    def take(self, found: dict[str, Said | None], said: Said, power: Power, *, certain: bool) -> None:
        """Add to `found` what is taken away, or may be."""
        for name in power.permissions:
            if name in self.permissions and found.get(name, self) is not None:
                grant = self.said.grant
                answer = takes_away(grant, said.grant, power, name, tells_apart=self.tells_apart)
                if answer is True and certain:
                    found[name] = None
                elif answer is not False:
                    found.setdefault(name, self.said)
