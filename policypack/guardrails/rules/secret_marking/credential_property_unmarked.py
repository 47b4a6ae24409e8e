"""A credential is passed to a resource without a secret mark."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import Edit, MarkSecret, ResourceRule
from ...secrets.properties import credential_inputs, select


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value in _unmarked(resource):
        if value.unknown:
            # An unknown keeps its mark on the wire, so this one has none; but what it turns out to be may be the id
            # of a stored secret.
            reason = f"{value.path} takes a credential and its value is not known yet, nor marked secret"
            yield undecided(value.path, reason)
        else:
            yield Finding(
                path=value.path,
                message=f"{value.path} takes a credential, and its value is not marked secret: it is stored in the state and shown in previews in clear",
                fix=f'Read it with `config.require_secret("…")`, or wrap it: `pulumi.Output.secret(…)`, where {value.path} is set.',
            )


def _unmarked(resource: Resource) -> Iterator[Value]:
    for path in credential_inputs()[resource.type]:
        for value in select(resource, path):
            if not value.secret and value.text != "" and not _is_pointer(value.text):
                yield value


def _is_pointer(text: str | None) -> bool:
    """Whether the text only names where the credential is kept."""
    return text is not None and text.startswith(("arn:", "ocid1.vaultsecret.", "{{resolve:"))


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    return (MarkSecret(value.keys) for value in _unmarked(resource))


RULE = ResourceRule(
    id="credential-property-unmarked",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A credential is passed without a secret mark",
    why="Pulumi encrypts and hides only what is marked secret; anything else lands in the state file, in previews and in logs in clear.",
    fix='Read the value with `config.require_secret("…")` or wrap it in `pulumi.Output.secret(…)`.',
    types=tuple(credential_inputs()),
    check=check,
    remediate=remediate,
)
