"""The resources of a type are members of a dynamic group wherever they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.membership import Breadth, Taken
from ...rule import ResourceRule
from ..oci_groups import DYNAMIC_GROUPS, PROPERTY, listed, loose, witness


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    doubt = "resources join wherever in the tenancy they are"
    yield from loose(resource, Breadth.EVERY_COMPARTMENT, _say, doubt)


def _say(ways: Sequence[Taken]) -> Finding:
    types = listed([taken.type for taken in ways])
    narrower = f"ALL {{resource.type = '{ways[0].type}', resource.compartment.id = 'COMPARTMENT_OCID'}}"
    return Finding(
        path=PROPERTY,
        message=f"every resource of type {types} joins this group, in whichever compartment somebody creates it",
        fix=f"Name the compartment too: {narrower}; or one resource: resource.id = 'OCID'.",
        witness=witness(ways[0]),
    )


RULE = ResourceRule(
    id="oci-dynamic-group-takes-in-every-compartment",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A dynamic group takes in a type of resource in every compartment",
    why="Whoever may create such a resource in any compartment, a playground included, then acts with all that the group is allowed.",
    fix="Name the compartment too: ALL {resource.type = 'fnfunc', resource.compartment.id = 'COMPARTMENT_OCID'}.",
    covers=("LP-88e",),
    types=DYNAMIC_GROUPS,
    check=check,
)
