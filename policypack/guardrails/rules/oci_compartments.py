"""The compartments of a stack, and what lies in which.

A place is a path from the root of the tenancy, so that a name, a path of names and the OCID of a compartment of the
stack are the same place. The path of what lies in a compartment that the stack only names begins with its OCID.

Semantics: Oracle Cloud Infrastructure documentation, "How Policies Work": a statement looks up names from the
compartment that its policy is attached to; a policy may name that compartment itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from ..model import Resource, Stack
from ..oci.tree import Name, Opaque, Place, PlaceKind
from ..values import has_stand_in, may_be_anything
from .oci_ids import ids

COMPARTMENT: Final = "oci:Identity/compartment:Compartment"
LIES_IN: Final = "compartmentId"
# No compartment has it in its name.
_ELSEWHERE: Final = "@"
# Opens what stands for a name that is not known.
_UNNAMED: Final = "?"
_TENANCY: Final = "ocid1.tenancy."

Path: TypeAlias = tuple[str, ...]
ROOT: Final[Path] = ()


def within(inner: Path, outer: Path) -> bool | None:
    """Whether a place is another one or lies below it; None where that is not known."""
    if inner[: len(outer)] == outer:
        return True
    if _elsewhere(inner) != _elsewhere(outer) or (_elsewhere(inner) and inner[0] != outer[0]):
        return None if inner else False
    # The name that a policy looks up from there may be that of the compartment itself.
    if _elsewhere(inner) and len(inner) == 1 and len(outer) == 2:
        return None
    if len(inner) < len(outer):
        return False
    # Two whose names are not known are told apart by what they are.
    differ = ((one, other) for one, other in zip(inner, outer, strict=False) if one != other)
    return None if all(_is_unnamed(one) != _is_unnamed(other) for one, other in differ) else False


def apart(path: Path) -> Path:
    """As much of a place as decides, by itself, whether it is known to be within another one: the same for places that
    are alike in that."""
    if _elsewhere(path):
        return path[:2]
    return path if any(map(_is_unnamed, path)) else ROOT


def _is_unnamed(name: str) -> bool:
    return name.startswith(_UNNAMED) or has_stand_in(name)


def _elsewhere(path: Path) -> bool:
    return path[:1] != () and path[0].startswith(_ELSEWHERE)


class Compartments:
    """The places of a stack's resources and statements."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._ids = ids(stack)
        self._paths: dict[str, Path] = {}
        for compartment in stack.of_type([COMPARTMENT]):
            self.path(compartment)
        self._own = frozenset(self._paths.values())

    def is_of_stack(self, path: Path) -> bool:
        """Whether a compartment of the stack is at a path."""
        return path in self._own

    def path(self, compartment: Resource) -> Path:
        """Where a compartment of the stack is."""
        names: list[Resource] = []
        current: Resource | None = compartment
        base: Path | None = None
        while current is not None and current.urn not in self._paths and current not in names:
            names.append(current)
            parents = self._parents(current)
            base = None if parents else self._parent_elsewhere(current)
            current = parents[0] if parents else None
        path = self._paths.get(current.urn, ROOT) if current is not None else base or ROOT
        for each in reversed(names):
            path = (*path, (each["name"].text or f"{_UNNAMED}{each.urn}").lower())
            self._paths[each.urn] = path
        return self._paths[compartment.urn]

    def _parents(self, resource: Resource) -> list[Resource]:
        named = self._ids.resource(resource[LIES_IN].text or "")
        if named is not None and named.type == COMPARTMENT:
            return [named]
        return self._stack.targets(resource, LIES_IN, [COMPARTMENT], ["id"])

    def _parent_elsewhere(self, compartment: Resource) -> Path:
        parent = compartment[LIES_IN]
        if parent.absent:
            return ROOT
        return self.of_ocid(parent.text) if parent.text else (f"{_ELSEWHERE}above {compartment.urn}",)

    def of(self, resource: Resource) -> Path | None:
        """The compartment that a resource lies in, or a policy is attached to; None where that is not known."""
        parents = self._parents(resource)
        if parents:
            return self.path(parents[0]) if len(parents) == 1 else None
        text = resource[LIES_IN].text
        return self.of_ocid(text) if text else None

    def of_ocid(self, ocid: str) -> Path:
        """The place that an OCID names."""
        compartment = self._ids.resource(ocid)
        if compartment is not None and compartment.type == COMPARTMENT:
            return self.path(compartment)
        return ROOT if ocid.lower().startswith(_TENANCY) else (f"{_ELSEWHERE}{ocid.lower()}",)

    def named(self, name: str) -> Path | None:
        """The compartment of the stack with a name, wherever it is; None where that is not one."""
        found = [path for path in self._own if path[-1] == name.lower()]
        return found[0] if len(found) == 1 else None

    def of_statement(self, policy: Resource, place: Place | Opaque) -> Path | None:
        """The place that a statement of a policy names, in this tenancy; None where that is not known."""
        if isinstance(place, Opaque) or place.tenancy is not None or place.kind is PlaceKind.ANY_TENANCY:
            return None
        if place.kind is PlaceKind.TENANCY:
            return ROOT
        if place.ocid is not None:
            return self.of_ocid(place.ocid.text)
        names = tuple(name.text.lower() for name in place.path)
        if any(map(may_be_anything, names)):
            return None
        attached = self.of(policy)
        if attached is None:
            return (f"{_ELSEWHERE}around {policy.urn}", *names)
        own = attached[-1:] == names[:1] and attached in self._own and (*attached, names[0]) not in self._own
        return (*attached, *(names[1:] if own else names))

    def resources(self) -> Iterator[tuple[Resource, Path | None]]:
        """What lies in a compartment, compartments too, with the place it lies in; identities are of the tenancy."""
        for resource in self._stack.resources:
            identity = resource.type.startswith("oci:Identity/") and resource.type != COMPARTMENT
            if identity or not resource.type.startswith("oci:"):
                continue
            if not resource[LIES_IN].absent and not self._filled_in(resource):
                yield resource, self.of(resource)

    def _filled_in(self, resource: Resource) -> bool:
        """Whether the provider says where a resource lies: it lies where another one does, which the program says."""
        value = resource[LIES_IN]
        if resource.property_dependencies.get(LIES_IN):
            return False
        invented = value.text is not None and has_stand_in(value.text) and not may_be_anything(value.text)
        return value.unknown or (invented and self._ids.resource(value.text or "") is None)


def compartments(stack: Stack) -> Compartments:
    """The compartments of a stack."""
    return stack.remember("compartments", lambda: Compartments(stack))


def as_place(path: Path) -> Place:
    """A place as a statement in a policy of the tenancy would name it."""
    if not path:
        return Place(PlaceKind.TENANCY)
    return Place(PlaceKind.COMPARTMENT, path=tuple(map(Name, path)))
