"""A key of plain configuration holds a credential.

Said once for each key, of the stack, whatever the program does with it. A key whose value reaches a credential of some
resource is left to the rules that name that place: `secret-from-plain-configuration`, and
`credential-property-unmarked` where it is not even marked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import STACK_TYPE, Context, Resource, Stack
from ...rule import StackRule
from ...secrets.held import held
from ...secrets.looks import is_placeholder, is_reference
from ...secrets.names import is_named_credential
from ...secrets.plain_configuration import Entry, credentials, entries, sources_of

# What providers read from configuration and is a credential whatever it looks like.
_OF_PROVIDERS: Final = frozenset(
    {"aws:secretKey", "aws:token", "oci:privateKey", "oci:privateKeyPassword", "oci:tokenExchangeClientSecret"}
)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    spoken = {entry: found for entry in entries(context.run) if (found := _said(entry)) is not None}
    root = stack.root
    if root is None or not spoken:
        return
    suspected = list(spoken)
    reached = {entry for resource in stack.resources for entry in _reached(resource, suspected)}
    for entry, (said, severity) in spoken.items():
        if entry not in reached:
            yield Finding(
                path=f"config[{json.dumps(entry.place)}]",
                urn=root.urn,
                name=entry.place,
                message=f"the configuration key {entry.place} {said}, in clear in the stack's file",
                fix=f"Replace the credential, and store the new one with `pulumi config set --secret {entry.key}`.",
                severity=severity,
            )


def _said(entry: Entry) -> tuple[str, Severity] | None:
    """What is to be said of an entry, and how grave that is; None where it is no credential."""
    found = max(held(entry.text), key=lambda one: one.severity.rank, default=None)
    if found is not None:
        return " ".join(filter(None, ("holds", found.kind, found.how))), found.severity
    if entry.place in _OF_PROVIDERS and not (is_reference(entry.text) or is_placeholder(entry.text)):
        return "holds a key of the provider", Severity.HIGH
    if is_named_credential(entry.words, entry.text, in_configuration=True):
        return "is named like a credential and holds a value", Severity.MEDIUM
    return None


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
