"""A key of plain configuration holds a credential.

Said once for each key, of the stack, whatever the program does with it. A key whose value reaches a credential of some
resource is left to the rules that name that place: `secret-from-plain-configuration`, and
`credential-property-unmarked` where it is not even marked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import STACK_TYPE, Context, Resource, Stack
from ...rule import StackRule
from ...secrets.detectors import holds_private_key
from ...secrets.formats import find
from ...secrets.looks import is_name_of_secret, is_ordinary, is_placeholder, is_reference
from ...secrets.names import is_named_credential
from ...secrets.plain_configuration import Entry, credentials, entries, sources_of

# What providers read from configuration and is a credential whatever it looks like.
_OF_PROVIDERS: Final = frozenset(
    {"aws:secretKey", "aws:token", "oci:privateKey", "oci:privateKeyPassword", "oci:tokenExchangeClientSecret"}
)
# Keys are named for people, so under these names a word that nobody generated is a credential as well. The last word
# says what a key holds (`tokenUrl` is a URL); a stage or a number may follow it.
_NAME: Final = re.compile(
    r"(?:^|_)(?:token|bearer|psk|(?:api|access|secret|private|signing|encryption|auth|account|license|master)_?key"
    r"|(?:api|app|auth|client|consumer|cookie|hmac|jwt|oauth|session|shared|signing|webhook)_?secret)"
    r"(?:_(?:value|text|plain|b64|base64|prod|production|dev|staging|test|old|new|\d+))?\d*$"
)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-.\s]")
_SHORTEST: Final = 8


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    kinds = {entry: kind for entry in entries(context.run) if (kind := _kind(entry)) is not None}
    root = stack.root
    if root is None or not kinds:
        return
    suspected = list(kinds)
    reached = {entry for resource in stack.resources for entry in _reached(resource, suspected)}
    for entry, (said, severity) in kinds.items():
        if entry not in reached:
            yield Finding(
                path=f"config[{json.dumps(entry.place)}]",
                urn=root.urn,
                name=entry.place,
                message=f"the configuration key {entry.place} holds {said}, and stands in clear in the stack's file",
                fix=f"Replace the credential, and store the new one with `pulumi config set --secret {entry.key}`.",
                severity=severity,
            )


def _kind(entry: Entry) -> tuple[str, Severity] | None:
    """What an entry holds, in words, and how grave that is; None where it is no credential."""
    if holds_private_key(entry.text):
        return "a private key", Severity.HIGH
    found = max(find(entry.text), key=lambda one: one.severity.rank, default=None)
    if found is not None:
        return found.kind, found.severity
    if entry.place in _OF_PROVIDERS and not (is_reference(entry.text) or is_placeholder(entry.text)):
        return "a key of the provider", Severity.HIGH
    if not (is_named_credential(entry.words, entry.text) or _is_word_under_telling_name(entry)):
        return None
    return "what its name calls a credential", Severity.MEDIUM


def _is_word_under_telling_name(entry: Entry) -> bool:
    """Whether a key that is named like a credential holds a word, as a test system's may be."""
    name, text = _CAMEL.sub("_", entry.words[-1]).lower(), entry.text.strip()
    return (
        _NAME.search(name) is not None
        and len(text) >= _SHORTEST
        and not (is_reference(text) or is_placeholder(text) or is_ordinary(text) or is_name_of_secret(text))
    )


def _reached(resource: Resource, suspected: Sequence[Entry]) -> Iterator[Entry]:
    """The entries that a credential of a resource was made of. Asked of what the program gave, not of what came back."""
    given = (
        resource
        if resource.inputs is None
        else Resource(urn=resource.urn, type=resource.type, name=resource.name, properties=resource.inputs)
    )
    for value, names in credentials(given):
        if value.text is not None:
            yield from sources_of(value.text, names, suspected)


RULE = StackRule(
    id="credential-in-plain-configuration",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="Plain configuration holds a credential",
    why="A stack's file is kept in the repository: what stands there in clear is known to everyone with the repository or its history.",
    fix="Replace the credential, and store the new one with `pulumi config set --secret KEY`.",
    covers=("SM-01", "SM-18", "SM-40"),
    types=(STACK_TYPE,),
    check=check,
)
