"""Statements of a stack's OCI policies at their places: what each grants, and what others deny again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, cast

from ..findings import Finding, WitnessRecord
from ..model import Resource, Value
from ..oci.grants import takes_back
from ..oci.meaning import No, Power, Reached, Scope, Undecided, never_holds, reaches
from ..oci.permissions import denied, is_listed
from ..oci.tree import Grant, brief
from .oci_compartments import ROOT, Compartments, Path
from .oci_statements import shown

_COMPARTMENT: Final = "target.compartment.id"

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
        return self.show(self.written)

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
        answer = reaches(self.grant, power)
        if isinstance(answer, Undecided):
            return Holding(self, answer, self.path)
        return None if isinstance(answer, No) else Holding(self, answer, self._place(answer))

    def _place(self, reached: Reached) -> Path | None:
        """Where a power is held: in the compartment that the condition asks for, where it asks for one."""
        if self.path != ROOT or reached.scope is Scope.TENANCY:
            return self.path
        asked = (text for name, text in reached.context.items() if name.lower() == _COMPARTMENT)
        return next(map(self.compartments.of_ocid, asked), None)


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
    """Deny statements, found by the place that they are about."""

    def __init__(self, denying: Sequence[Said]) -> None:
        self._at: dict[Path | None, list[tuple[Said, frozenset[str]]]] = {}
        for each in denying:
            if not never_holds(each.written):
                self._at.setdefault(each.path, []).append((each, denied(each.written.action)))
        self.permissions = frozenset[str]().union(*(taken for several in self._at.values() for _, taken in several))

    def taken(self, said: Said) -> frozenset[str]:
        """The permissions that are denied wherever a statement grants them."""
        path = ROOT if said.path is None else said.path
        found = set[str]()
        for place in (*(path[:end] for end in range(len(path) + 1)), None):
            for deny, taken in self._at.get(place, ()):
                if not taken <= found and takes_back(deny.grant, said.grant):
                    found |= taken
        return frozenset(found)
