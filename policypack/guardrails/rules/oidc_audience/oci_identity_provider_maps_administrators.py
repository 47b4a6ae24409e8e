"""A group of an outside identity provider is mapped to administrators of the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack, Value
from ...oci.meaning import GrantsAll, grants_all_resources_in_tenancy
from ...oci.tree import Grant, Subject, SubjectKind, Verb
from ...rule import StackRule
from ..oci_statements import STATEMENT_TYPES, statements

_MAPPING: Final = "oci:Identity/idpGroupMapping:IdpGroupMapping"
_GROUPS: Final = ("oci:Identity/group:Group", "oci:Identity/domainsGroup:DomainsGroup")
_ADMINISTRATORS: Final = "administrators"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for mapping in stack.of_type([_MAPPING]):
        groups = stack.targets(mapping, "groupId", _GROUPS, ("id", "ocid"))
        group = mapping["groupId"]
        if not groups and not group.absent:
            reason = "the group is not in this stack, so it cannot be told whether it is Administrators"
            yield undecided(group.path, reason, urn=mapping.urn)
        for each in groups:
            if _administers(stack, each):
                name = _name(each)
                shown = "a group whose name is secret" if name.secret else f"`{name.text or each.name}`"
                whom = mapping["idpGroupName"]
                outside = f" `{whom.text}`" if whom.text and not whom.secret else ""
                message = (
                    f"whoever the identity provider puts into its group{outside} administers the tenancy, as {shown}"
                )
                yield Finding(path=group.path, message=message, urn=mapping.urn)


def _name(group: Resource) -> Value:
    return group["displayName"] if group["name"].absent else group["name"]


def _administers(stack: Stack, group: Resource) -> bool:
    name = (_name(group).text or "").lower()
    if name == _ADMINISTRATORS:
        return True
    own = {text.lower() for text in (group["id"].text, group["ocid"].text) if text}
    for policy in stack.of_type(STATEMENT_TYPES):
        for _, statement in statements(policy):
            if not isinstance(statement, Grant) or not isinstance(statement.subject, Subject):
                continue
            subject = statement.subject
            named = {each.text.lower() for each in subject.names} if subject.kind is SubjectKind.GROUP else set()
            known = {each.text.lower() for each in subject.ids}
            answer = grants_all_resources_in_tenancy(statement)
            if (
                isinstance(answer, GrantsAll)
                and answer.verb is Verb.MANAGE
                and ((name and name in named) or own & known)
            ):
                return True
    return False


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
