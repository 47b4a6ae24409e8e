"""Functions of OCI that strangers may call: by statements for everybody, or by gateways that ask nobody who he is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import Resource, Stack, Value
from ..oci.meaning import ANYONE, Open, Power, Reached, open_to_anyone, reaches
from ..oci.tree import Grant, Kind, Subject
from ..values import has_stand_in
from .oci_code import FUNCTION, OF_FUNCTIONS, Admission, admissions
from .oci_compartments import Path, compartments
from .oci_gateways import DEPLOYMENT, is_private, open_functions
from .oci_gateways import Open as OpenRoute
from .oci_grants import granted
from .oci_ids import ids
from .oci_statements import STATEMENT_TYPES

_INVOKE: Final = Power(("FN_INVOCATION",))


@dataclass(frozen=True, slots=True)
class Opening:
    """`caller` may call the functions that `admissions` take in, which are in `place`; `how` says by what. `doubt`
    names what is not known, where that decides."""

    caller: str
    how: str
    place: Path | None
    admissions: Sequence[Admission]
    doubt: str = ""


def openings(stack: Stack) -> Iterator[Opening]:
    """The ways in which strangers may call functions that belong to dynamic groups of the stack."""
    for policy in stack.of_type(STATEMENT_TYPES):
        for value, statement in granted(policy):
            yield from _of_statement(stack, policy, value, statement)
    for deployment in stack.of_type([DEPLOYMENT]):
        if not is_private(stack, deployment):
            for route in open_functions(deployment["specification"]):
                yield from _of_route(stack, deployment, route)


def _of_statement(stack: Stack, policy: Resource, value: Value, statement: Grant) -> Iterator[Opening]:
    subject = statement.subject
    if statement.kind is not Kind.ALLOW or not isinstance(subject, Subject) or subject.kind not in ANYONE:
        return
    opened = open_to_anyone(statement)
    place = compartments(stack).of_statement(policy, statement.place)
    if not isinstance(opened, Open) or place is None or not isinstance(reaches(statement, _INVOKE), Reached):
        return
    caller = "any principal of that kind" if opened.kind_only else "anyone in the tenancy"
    how = "the statement that lets him is secret" if value.secret else f"`{statement}`"
    found = [each for each in admissions(stack).near(OF_FUNCTIONS, place) if not each.tagged]
    yield Opening(caller, how, place, found)


def _of_route(stack: Stack, deployment: Resource, route: OpenRoute) -> Iterator[Opening]:
    function_id = route.route["backend"]["functionId"]
    functions = _functions(stack, deployment, function_id)
    doubt = f"{route.doubt}, at {route.shown}" if route.doubt else ""
    known = admissions(stack)
    how = f"nobody has to sign in at {route.shown} of {deployment.name!r}"
    if not functions and function_id.text:
        yield Opening("anyone who has the URL", how, None, list(known.named(function_id.text)), doubt)
    for function in functions:
        found = list(known.of(function))
        several = "" if len(functions) == 1 else f"which function stands behind {route.shown}"
        yield Opening("anyone who has the URL", how, known.place(function), found, doubt or several)


def _functions(stack: Stack, deployment: Resource, value: Value) -> list[Resource]:
    """The functions of the stack that a route may call: the one it names, or those its deployment was computed from."""
    if value.text is not None:
        named = ids(stack).resource(value.text)
        if named is not None or not has_stand_in(value.text):
            return [named] if named is not None and named.type == FUNCTION else []
    depends = deployment.property_dependencies.get("specification", ()) if not value.absent else ()
    found = [stack.by_urn[urn] for urn in depends if urn in stack.by_urn]
    return [each for each in found if each.type == FUNCTION]
