"""Dynamic groups of OCI, and which resources each takes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ..findings import Finding, WitnessRecord, undecided
from ..model import Resource
from ..oci import matching
from ..oci.membership import RESOURCE_COMPARTMENT, RESOURCE_TYPE, Breadth, Membership, Taken, membership
from ..oci.rejections.rejection import Rejected, Unreadable
from ..oci.tree import Condition
from .oci_statements import shown

DYNAMIC_GROUPS: Final = (
    "oci:Identity/dynamicGroup:DynamicGroup",
    "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup",
)
PROPERTY: Final = "matchingRule"
_MOST_SHOWN: Final = 3


def rule_of(resource: Resource) -> Condition | Rejected | Unreadable:
    """The matching rule of a dynamic group, read."""
    return resource.remember("matching rule", lambda: matching.parse(resource[PROPERTY].raw))


def members(resource: Resource) -> Membership | Unreadable:
    """What a dynamic group takes in: nothing where it has no rule, or one that the language rejects."""

    def read() -> Membership | Unreadable:
        rule = rule_of(resource)
        if isinstance(rule, Unreadable):
            return rule
        return Membership() if isinstance(rule, Rejected) else membership(rule)

    return resource.remember("members", read)


def loose(
    resource: Resource, breadth: Breadth, say: Callable[[Sequence[Taken]], Finding], doubt: str
) -> Iterator[Finding]:
    """What `say` says of the ways to join a group that take in as much as `breadth`.

    `doubt` says what may be so where such a way has a part that is not known. Of a group that takes in all there is,
    nothing more is said.
    """
    found = members(resource)
    if isinstance(found, Unreadable):
        return
    value = resource[PROPERTY]
    certain = [taken for taken in found.taken if not taken.doubt]
    if breadth is not Breadth.EVERY_RESOURCE and any(taken.breadth is Breadth.EVERY_RESOURCE for taken in certain):
        return
    ways = [taken for taken in certain if taken.breadth is breadth]
    doubts = [taken.doubt for taken in found.taken if taken.doubt and taken.breadth is breadth]
    if ways:
        yield told(resource, say(ways))
    elif doubts:
        yield told(resource, undecided(value.path, f"whether {doubt} hangs on {doubts[0]}"))


def told(resource: Resource, finding: Finding) -> Finding:
    """`finding`, which quotes the rule of a group, or the same without the quotes where that is secret."""
    return shown(resource[PROPERTY], finding)


def listed(texts: Sequence[str]) -> str:
    """Some texts for a message, each once, and how many more there are."""
    each = list(dict.fromkeys(texts))
    more = f" and {len(each) - _MOST_SHOWN} more" if len(each) > _MOST_SHOWN else ""
    return ", ".join(f"`{text}`" for text in each[:_MOST_SHOWN]) + more


def witness(taken: Taken) -> WitnessRecord:
    """A resource that nobody meant, as a member of the group."""
    kind = f"a new resource of type {taken.type}" if taken.type else "a new resource of any type"
    pinned = {RESOURCE_TYPE: taken.type, RESOURCE_COMPARTMENT: taken.compartment}
    return {
        "principal": kind if taken.compartment else f"{kind} in any compartment",
        "action": "act as a member",
        "resource": "whatever the group is allowed",
        "context": {variable: value for variable, value in pinned.items() if value},
    }
