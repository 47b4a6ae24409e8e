"""A resource's outputs hold a credential in clear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import STACK_TYPE, Asset, Context, Keys, Resource, Stack, Value
from ...rule import StackRule
from ...secrets.detectors import holds_private_key, may_hold_private_key
from ...secrets.held import showing
from ...secrets.places import Place, presentable, within
from ...secrets.properties import NOT_CREDENTIALS, decided, marked
from ...values import has_stand_in
from ..oci_users import KEYS

_CREDENTIALS: Final = {
    token: names
    for token, marks in marked().items()
    if (names := frozenset(marks["outputs"]) - NOT_CREDENTIALS.get(token, frozenset()))
}
_SHORTEST: Final = 27  # a line that marks the begin of a private key


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for resource in stack.resources:
        # Exports are what `secret-exported-in-plain` decides.
        if resource.type == STACK_TYPE:
            continue
        credentials = _CREDENTIALS.get(resource.type, frozenset())
        for value in resource.values():
            whole = value.keys[0] in credentials
            if whole or _hides_private_key(value.raw):
                yield from _judge(resource, value, credential=whole)


def _hides_private_key(raw: object) -> bool:
    """Whether a private key stands in clear anywhere below, or may. Asked of all that a stack holds, so without `Value`s."""
    waiting = [raw]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, str):
            if len(inner) >= _SHORTEST and (holds_private_key(inner) or may_hold_private_key(inner)):
                return True
        elif isinstance(inner, dict):
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)
        elif isinstance(inner, Asset):
            waiting += (inner.text, *inner.members.values())
    return False


def _judge(resource: Resource, value: Value, *, credential: bool) -> Iterator[Finding]:
    others = _decided(resource)
    for leaf in value.leaves():
        text = leaf.raw.text if isinstance(leaf.raw, Asset) else leaf.text
        if leaf.secret or not text or any(leaf.keys[: len(keys)] == keys for keys in others):
            continue
        invented = may_hold_private_key(text)
        # What a provider has not returned yet, or what was invented for it, stands in no state.
        if not invented and (has_stand_in(text) or not (credential or holds_private_key(text))):
            continue
        path = presentable(leaf.keys, showing(text))
        if invented:
            reason = f"{path} holds a value that nobody has given and that is named like a private key"
            yield undecided(path, f"{reason}; it is not marked secret", cause=path, urn=resource.urn)
            continue
        inner = [one.keys for one in within(Place(leaf.keys, text)) if holds_private_key(one.text)]
        for path in {presentable(keys, showing(text)): None for keys in inner or [leaf.keys]}:
            yield Finding(
                path=path,
                cause=path,
                urn=resource.urn,
                message=f"{path} holds a {'credential' if credential else 'private key'} and is not marked secret: "
                "it stands in the state in clear, for everyone who can read or export it",
            )


def _decided(resource: Resource) -> set[Keys]:
    """What the rules on properties decide, and the public key that `api-key-private-key` does."""
    key = KEYS.get(resource.type)
    return decided(resource) | ({(key,)} if key is not None and resource.gave(key) else set())


RULE = StackRule(
    id="credential-stored-in-plain",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A credential stands in the state in clear",
    why="The state is kept in a bucket or a service, exported for support and read by pipelines; what is in it in clear is as public as its widest reader.",
    fix="Wrap the input it comes from in `pulumi.Output.secret(…)`, or name the output in `additional_secret_outputs` of the resource's options; run `pulumi up` and replace the credential, because former versions of the state hold it too.",
    covers=("SM-03", "SM-50"),
    yields_to=("secret-configuration-in-plain",),
    types=(STACK_TYPE, *_CREDENTIALS),
    check=check,
)
