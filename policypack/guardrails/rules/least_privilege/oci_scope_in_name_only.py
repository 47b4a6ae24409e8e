"""A compartment in which everything is granted holds all that the stack has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...oci.meaning import GrantsAll, Power, Scope, grants_all_resources
from ...oci.narrower import of_one_family
from ...oci.tree import Grant, Verb
from ...rule import StackRule
from ..oci_compartments import Compartments, Path, compartments
from ..oci_grants import granted, paste, who
from ..oci_holdings import Said
from ..oci_statements import STATEMENT_TYPES, shown
from ..precedence import above

_VERBS: Final = {Verb.MANAGE: "do everything", Verb.USE: "change everything"}
_FEWEST: Final = 2


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    known = compartments(stack)
    for policy in stack.of_type(STATEMENT_TYPES):
        for value, statement in granted(policy):
            answer = grants_all_resources(statement)
            if not isinstance(answer, GrantsAll) or answer.scope is not Scope.COMPARTMENT or answer.verb not in _VERBS:
                continue
            path = _place(known, policy, statement)
            if path is None or not known.is_of_stack(path):
                continue
            where = "there" if path == known.of_statement(policy, statement.place) else "where its condition lets it"
            inside, outside, unknown = _counted(stack, path)
            if outside or inside < _FEWEST:
                continue
            if unknown:
                reason = f"whether all that the stack has lies in {statement.place} hangs on where {unknown!r} lies"
                finding = undecided(value.path, reason, cause=value.path, urn=policy.urn)
            else:
                finding = Finding(
                    path=value.path,
                    message=f"{who(statement)} may {_VERBS[answer.verb]} in {statement.place}, and all that the stack has in compartments ({inside} resources) lies {where}",
                    fix=paste(
                        "Grant the families that are needed, one a statement", statement, of_one_family(statement)
                    ),
                    witness={
                        "principal": str(statement.subject),
                        "action": f"{answer.verb.value} all-resources",
                        "resource": str(statement.place),
                        "context": {},
                    },
                    cause=value.path,
                    urn=policy.urn,
                )
            yield shown(value, finding)


def _place(known: Compartments, policy: Resource, statement: Grant) -> Path | None:
    """Where a statement grants: in the compartment that its condition asks for, where it asks for one."""
    said = Said(policy, policy["statements"], statement, statement, known.of_statement(policy, statement.place), known)
    held = said.grants(Power(("all-resources:use",)))
    return held.path if held is not None and not held.doubt else said.path


def _counted(stack: Stack, place: Path) -> tuple[int, int, str]:
    """How many resources lie in a compartment, how many do not, and the name of one of which it is not known.

    The compartments around it are no part of what it might hold. What the stack only names is not below what it makes.
    """
    below, total, unknown = stack.remember("resources by compartment", lambda: _count(stack))
    around = sum(compartments(stack).is_of_stack(place[:end]) for end in range(1, len(place) + 1))
    return below[place], total - below[place] - around, unknown


def _count(stack: Stack) -> tuple[Counter[Path], int, str]:
    below: Counter[Path] = Counter()
    total, unknown = 0, ""
    for resource, lies_in in compartments(stack).resources():
        if lies_in is None:
            unknown = unknown or resource.name
            continue
        total += 1
        below.update(lies_in[:end] for end in range(len(lies_in) + 1))
    return below, total, unknown


RULE = StackRule(
    id="oci-scope-in-name-only",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A compartment in which everything is granted holds all that the stack has",
    why="Its administrator is the administrator of everything; the compartment only looks like a bound.",
    fix="Grant the families that are needed, or keep what he is not meant to reach in a compartment beside it.",
    controls=("CIS-OCI-3.0.0:1.1",),
    covers=("LP-81", "LP-88c"),
    yields_to=above("oci-scope-in-name-only"),
    types=STATEMENT_TYPES,
    check=check,
)
