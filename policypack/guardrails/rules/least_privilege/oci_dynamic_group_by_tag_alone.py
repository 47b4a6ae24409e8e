"""A tag alone makes a resource a member of a dynamic group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.membership import Breadth, Taken
from ...rule import ResourceRule
from ..oci_groups import DYNAMIC_GROUPS, PROPERTY, listed, loose, witness


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from loose(resource, Breadth.TAGGED, _say, "a tag alone makes a resource join, in any compartment,")


def _say(ways: Sequence[Taken]) -> Finding:
    met = listed([taken.way for taken in ways])
    return Finding(
        path=PROPERTY,
        message=f"whoever may write the tag joins this group, with a resource in any compartment: {met}",
        witness=witness(ways[0]),
    )


RULE = ResourceRule(
    id="oci-dynamic-group-by-tag-alone",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A dynamic group takes in whatever bears a tag",
    why="Who may use the tag's namespace decides who joins, and that is granted more freely than what the group is allowed.",
    fix="Test the compartment beside the tag: ALL {resource.compartment.id = 'COMPARTMENT_OCID', tag.NAMESPACE.KEY.value = 'VALUE'}.",
    covers=("LP-88e",),
    types=DYNAMIC_GROUPS,
    check=check,
)
