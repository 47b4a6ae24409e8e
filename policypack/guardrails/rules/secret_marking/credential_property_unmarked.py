"""A credential is passed to a resource without a secret mark."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import Edit, MarkSecret, ResourceRule
from ...secrets.properties import credential_inputs, select


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for path in credential_inputs()[resource.type]:
        for value in select(resource, path):
            if value.secret or value.text == "":
                continue
            if value.unknown:
                # An unknown keeps its mark on the wire, so this one has none; but what it turns out to be may be the
                # id of a stored secret.
                yield undecided(
                    value.path, f"{value.path} takes a credential and its value is not known yet, nor marked secret"
                )
            elif not _is_pointer(value.text):
                yield Finding(
                    path=value.path,
                    message=f"{value.path} takes a credential, and its value is not marked secret: it is stored in the state and shown in previews in clear",
                    fix=f'Read it with `config.require_secret("…")`, or wrap it: `pulumi.Output.secret(…)`, where {value.path} is set.',
                )


def _is_pointer(text: str | None) -> bool:
    """Whether the text only names where the credential is kept."""
    return text is not None and text.startswith(("arn:", "ocid1.vaultsecret.", "{{resolve:"))


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    for finding in check(resource, context):
        yield MarkSecret(finding.path.partition(".")[0].partition("[")[0])


RULE = ResourceRule(
    id="credential-property-unmarked",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A credential is passed without a secret mark",
    why="Pulumi encrypts and hides only what is marked secret; anything else lands in the state file, in previews and in logs in clear.",
    fix='Read the value with `config.require_secret("…")` or wrap it in `pulumi.Output.secret(…)`.',
    controls=(),
    types=tuple(credential_inputs()),
    check=check,
    remediate=remediate,
)
