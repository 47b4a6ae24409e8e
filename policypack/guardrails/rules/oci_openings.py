"""Functions of OCI that strangers may call: by statements for everybody, or by gateways that ask nobody who he is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import Resource, Stack, Value
from ..oci.meaning import Open, Power, open_to_anyone
from ..values import has_stand_in
from .oci_code import FUNCTION, OF_FUNCTIONS, Admission, admissions
from .oci_compartments import Path
from .oci_gateways import DEPLOYMENT, is_private, open_functions
from .oci_gateways import Open as OpenRoute
from .oci_holdings import Said
from .oci_identities import identities
from .oci_ids import ids

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
    """The ways in which strangers may call functions that belong to dynamic groups of the stack, from the whole
    internet first."""
    for deployment in stack.of_type([DEPLOYMENT]):
        if not is_private(stack, deployment):
            for route in open_functions(deployment["specification"]):
                yield from _of_route(stack, deployment, route)
    for said in identities(stack).open:
        yield from _of_statement(stack, said)


def _of_statement(stack: Stack, said: Said) -> Iterator[Opening]:
    opened = open_to_anyone(said.written)
    held = identities(stack).everybody.by(said, _INVOKE) if isinstance(opened, Open) else None
    if not isinstance(opened, Open) or held is None or held.path is None:
        return
    caller = "any principal of that kind" if opened.kind_only else "anyone in the tenancy"
    how = "the statement that lets him is secret" if said.value.secret else f"`{said}`"
    found = [each for each in admissions(stack).near(OF_FUNCTIONS, held.path) if not each.tagged]
    yield Opening(caller, how, held.path, found, held.doubt)


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
