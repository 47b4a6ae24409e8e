"""No resource can meet the matching rule of a dynamic group, or a branch of it."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.rejections.rejection import Unreadable
from ...rule import ResourceRule
from ..oci_groups import DYNAMIC_GROUPS, PROPERTY, members, told


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    found = members(resource)
    if isinstance(found, Unreadable):
        return
    where = "this branch" if found.taken else "this group"
    for reason, dead in {dead.reason: dead for dead in found.dead}.items():
        finding = Finding(
            path=PROPERTY,
            message=f"{where} takes in nothing: {reason}",
            fix=dead.fix,
            severity=None if dead.mistake else Severity.LOW,
        )
        yield told(resource, finding)


RULE = ResourceRule(
    id="oci-dynamic-group-takes-in-nothing",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="The matching rule of a dynamic group takes in nothing",
    why="What was meant to act as itself is refused at run time, and is then given a key or a wider rule in a hurry.",
    fix="Correct the rule: ALL {resource.type = 'fnfunc', resource.compartment.id = 'COMPARTMENT_OCID'}.",
    covers=("LP-88e",),
    types=DYNAMIC_GROUPS,
    check=check,
)
