"""Every resource of the tenancy is a member of a dynamic group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.membership import Breadth, Taken
from ...oci.rejections.rejection import Unreadable
from ...rule import ResourceRule
from ..oci_groups import DYNAMIC_GROUPS, PROPERTY, listed, loose, members, told, witness


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    found = members(resource)
    if isinstance(found, Unreadable):
        yield told(resource, undecided(PROPERTY, f"which resources join cannot be read yet: {found.reason}"))
    elif found.doubt:
        yield undecided(PROPERTY, f"which resources join cannot be told: {found.doubt}")
    yield from loose(resource, Breadth.EVERY_RESOURCE, _say, "every resource of the tenancy joins")


def _say(ways: Sequence[Taken]) -> Finding:
    met = listed([taken.way for taken in ways])
    return Finding(
        path=PROPERTY,
        message=f"whatever anybody creates in the tenancy joins this group, as it meets {met}",
        witness=witness(ways[0]),
    )


RULE = ResourceRule(
    id="oci-dynamic-group-takes-in-every-resource",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A dynamic group takes in every resource of the tenancy",
    why="Whoever may create any resource, in any compartment, then acts with all that the group is allowed. `!=` leaves out one thing and takes in all others.",
    fix="Say which resources are meant: ALL {resource.type = 'fnfunc', resource.compartment.id = 'COMPARTMENT_OCID'}.",
    covers=("LP-88e",),
    types=DYNAMIC_GROUPS,
    check=check,
)
