"""A group of an outside identity provider is mapped to administrators of the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..oci_gains import administers
from ..oci_identities import identities
from ..oci_users import GROUPS, group_name

_MAPPING: Final = "oci:Identity/idpGroupMapping:IdpGroupMapping"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for mapping in stack.of_type([_MAPPING]):
        groups = stack.targets(mapping, "groupId", GROUPS, ("id", "ocid"))
        group = mapping["groupId"]
        if not groups and not group.absent:
            reason = "the group is not in this stack, so it cannot be told whether it is Administrators"
            yield undecided(group.path, reason, urn=mapping.urn)
        for each in groups:
            identity = identities(stack).group(each)
            if identity is not None and administers(identity):
                name = group_name(each)
                shown = "a group whose name is secret" if name.secret else f"`{name.text or each.name}`"
                whom = mapping["idpGroupName"]
                outside = f" `{whom.text}`" if whom.text and not whom.secret else ""
                message = (
                    f"whoever the identity provider puts into its group{outside} administers the tenancy, as {shown}"
                )
                yield Finding(path=group.path, message=message, urn=mapping.urn)


RULE = StackRule(
    id="oci-identity-provider-maps-administrators",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="An outside identity provider decides who administers the tenancy",
    why="Whoever administers the identity provider, or breaks into it, then administers the tenancy as well.",
    fix="Map the outside group to a group with what its people need, and keep Administrators for users of the tenancy itself.",
    covers=("OI-12e",),
    types=(_MAPPING,),
    check=check,
)
