"""Users of OCI: their API keys, and whether they administer the tenancy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..model import Resource, Stack, Value
from ..secrets.detectors import holds_private_key
from ..secrets.public_keys import NoKey, RsaKey, rsa_public_key
from ..values import State

# Each type of API key, with the property that holds the key.
KEYS: Final[Mapping[str, str]] = {
    "oci:Identity/apiKey:ApiKey": "keyValue",
    "oci:Identity/domainsApiKey:DomainsApiKey": "key",
    "oci:Identity/domainsMyApiKey:DomainsMyApiKey": "key",
}
USERS: Final = ("oci:Identity/user:User", "oci:Identity/domainsUser:DomainsUser")
MEMBERSHIP: Final = "oci:Identity/userGroupMembership:UserGroupMembership"
DOMAIN_GROUP: Final = "oci:Identity/domainsGroup:DomainsGroup"
GROUPS: Final = ("oci:Identity/group:Group", DOMAIN_GROUP)
DOMAIN: Final = "oci:Identity/domain:Domain"
_ENDPOINT: Final = "idcsEndpoint"
_ADMINISTRATORS: Final = "administrators"
_IDS: Final = ("id", "ocid")
# A reference in the API of identity domains: by the id within the domain, or by OCID.
_REFERENCE: Final = ("ocid", "value")


def public_key(resource: Resource) -> RsaKey | NoKey | None:
    """The public key that an API key uploads; None where it is not known yet, or is a private one."""

    def read() -> RsaKey | NoKey | None:
        value = resource[KEYS[resource.type]]
        text = value.text
        if value.state is not State.KNOWN:
            return None
        if text is None:
            return NoKey("no text")
        return None if holds_private_key(text) else rsa_public_key(text)

    return resource.remember("public key", read)


def user_named(stack: Stack, resource: Resource, key: str) -> str:
    """The user that a property names: the URN where the stack has it, else the text; empty where it is not known."""
    found = stack.targets(resource, key, USERS, _IDS)
    value = resource[key]
    if not found and isinstance(value.raw, dict):
        found = [user for user in stack.of_type(USERS) if _refers(value, user)]
    if found:
        return found[0].urn
    return next((text for each in (value, *(value[name] for name in _REFERENCE)) if (text := each.text)), "")


def keys_of_users(stack: Stack) -> Mapping[str, list[Resource]]:
    """The API keys of each user, by what `user_named` says of it; those of users that are not known are left out."""

    def read() -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        # The engine sends resources in no fixed order, and which key is one too many must not hang on it.
        for key in sorted(stack.of_type(KEYS), key=lambda each: each.urn):
            user = user_named(stack, key, user_property(key))
            if user:
                found.setdefault(user, []).append(key)
        return found

    return stack.remember("API keys of users", read)


def user_property(key: Resource) -> str:
    """The property by which an API key names its user."""
    return "userId" if "userId" in key.properties else "user"


def groups_of_users(stack: Stack) -> Mapping[str, list[Resource | str]]:
    """The groups of each user, by what `user_named` says of it; the OCID of a group that the stack only names, empty
    where it is not known."""

    def read() -> dict[str, list[Resource | str]]:
        found: dict[str, list[Resource | str]] = {}
        for membership in stack.of_type([MEMBERSHIP]):
            user = user_named(stack, membership, "userId")
            groups = stack.targets(membership, "groupId", GROUPS, _IDS)
            if user and (groups or not membership["groupId"].absent):
                found.setdefault(user, []).extend(groups or [membership["groupId"].text or ""])
        for group in stack.of_type([DOMAIN_GROUP]):
            for user in _members(stack, group):
                found.setdefault(user, []).append(group)
        return found

    return stack.remember("groups of users", read)


def _members(stack: Stack, group: Resource) -> Iterator[str]:
    """The users that a group lists, by what `user_named` says of them."""
    by_text = {text: user.urn for user in stack.of_type(USERS) for name in _IDS if (text := user[name].text)}
    named = {urn for urn in group.property_dependencies.get("members", ()) if urn in stack.by_urn}
    for member in group["members"].elements():
        texts = [text for name in _REFERENCE if (text := member[name].text)]
        named.update(by_text.get(text, text) for text in texts)
    yield from sorted(urn for urn in named if urn not in stack.by_urn or stack.by_urn[urn].type in USERS)


def _refers(value: Value, user: Resource) -> bool:
    texts = {text for name in _REFERENCE if (text := value[name].text)}
    return any(user[name].text in texts for name in _IDS)


def is_administrators(stack: Stack, group: Resource) -> bool | None:
    """Whether a group is the one called Administrators of the default domain, which administers the tenancy; None
    where it is not known which domain it is of."""
    name = group_name(group).text or ""
    endpoint = group[_ENDPOINT]
    if name.lower() != _ADMINISTRATORS or stack.targets(group, _ENDPOINT, [DOMAIN], ["url"]):
        # A domain that the stack makes is not the default one.
        return False
    return True if endpoint.absent else None


def group_name(group: Resource) -> Value:
    """The name of a group."""
    return group["displayName"] if group["name"].absent else group["name"]
