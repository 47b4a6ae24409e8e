"""Whatever is in a compartment, or each of its instances, is a member of a dynamic group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.membership import Breadth, Taken
from ...rule import ResourceRule
from ..oci_groups import DYNAMIC_GROUPS, PROPERTY, loose, witness


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    whole = list(loose(resource, Breadth.WHOLE_COMPARTMENT, _all, "all that is in a compartment joins"))
    yield from whole or loose(resource, Breadth.EVERY_INSTANCE, _instances, "every instance of a compartment joins")


def _all(ways: Sequence[Taken]) -> Finding:
    narrower = f"ALL {{resource.type = 'fnfunc', resource.compartment.id = '{ways[0].compartment}'}}"
    return Finding(
        path=PROPERTY,
        message=f"whatever is created in the compartment joins this group, of any type: `{ways[0].way}`",
        fix=f"Name the type that is meant: {narrower}.",
        witness=witness(ways[0]),
    )


def _instances(ways: Sequence[Taken]) -> Finding:
    narrower = f"ALL {{instance.compartment.id = '{ways[0].compartment}', tag.NAMESPACE.KEY.value = 'VALUE'}}"
    return Finding(
        path=PROPERTY,
        message=f"every instance of the compartment joins this group, those created later included: `{ways[0].way}`",
        fix=f"Name the instances (ANY {{instance.id = 'OCID', …}}), or test a defined tag of theirs too: {narrower}.",
        witness=witness(ways[0]),
    )


RULE = ResourceRule(
    id="oci-dynamic-group-takes-in-whole-compartment",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A dynamic group takes in whatever is in a compartment",
    why="Whoever may create a resource there, or runs code on one, then acts with all that the group is allowed.",
    fix="Name the type too: ALL {resource.type = 'fnfunc', resource.compartment.id = 'COMPARTMENT_OCID'}.",
    covers=("LP-88e",),
    types=DYNAMIC_GROUPS,
    check=check,
)
