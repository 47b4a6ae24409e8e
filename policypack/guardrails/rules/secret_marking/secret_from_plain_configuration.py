"""A credential is read from configuration that stands in clear.

The SDKs mark many credentials whatever they are given, so a password from plain configuration travels as if it were
secret, and only its value tells where it came from. One that is not marked either is said by
`credential-property-unmarked`; a key that looks secret and reaches no credential by `credential-in-plain-configuration`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ...secrets.looks import is_reference
from ...secrets.plain_configuration import credentials, entries, sources_of
from ...secrets.properties import credential_inputs


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    known = entries(context.run)
    for value, names in credentials(resource):
        # What only names the place of a credential may well be configured in clear.
        if value.text is None or is_reference(value.text):
            continue
        entry = next(sources_of(value.text, names, known), None)
        if entry is not None:
            yield Finding(
                path=value.path,
                message=f"the credential {value.path} comes from the configuration key {entry.place}, which stands in clear in the "
                "stack's file: everyone with the repository or its history has it",
                fix=f"Replace the credential, store the new one with `pulumi config set --secret {entry.key}`, and read it with `config.require_secret`.",
                cause=value.path,
            )


RULE = ResourceRule(
    id="secret-from-plain-configuration",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A credential comes from configuration that is not secret",
    why="A stack's file is kept in the repository: what stands there in clear is known to all its readers, even if the resource marks it secret.",
    fix="Replace the credential, store the new one with `pulumi config set --secret KEY`, and read it with `config.require_secret`.",
    covers=("SM-06", "SM-07", "SM-08", "SM-09", "SM-10", "SM-11", "SM-12", "SM-20", "SM-50", "SM-55"),
    yields_to=("credential-property-unmarked",),
    types=tuple(credential_inputs()),
    check=check,
)
