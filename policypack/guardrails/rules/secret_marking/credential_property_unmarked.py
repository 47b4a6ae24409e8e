"""A credential is passed to a resource without a secret mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import Edit, MarkSecret, ResourceRule
from ...secrets.properties import REFERENCE_INPUTS, credential_inputs, select
from ...values import has_stand_in

# A whole ARN of Secrets Manager or Systems Manager, the id of a secret in a vault, or a reference that AWS resolves.
# The embedded engine names what it invents by the resource's type, which is shorter than the service's word.
_POINTER: Final = re.compile(
    r"arn:aws[a-z-]*:(?:secretsmanager|ssm):[^:\s]*:[^:\s]*:\S+"
    r"|ocid1\.(?:vaultsecret\.\S+|secret\.\S*standin0c[0-9a-f]{16})"
    r"|\{\{resolve:(?:secretsmanager|ssm-secure):[^{}]+\}\}"
)

_PROVIDER: Final = "pulumi:providers:"
# What the engine calls a provider that no program makes, with the version of its plugin.
_DEFAULT: Final = re.compile(r"default(?:_\d.*)?")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value in _unmarked(resource):
        if value.is_open:
            # An unknown keeps its mark on the wire, so this one has none; but what it turns out to be may be the id
            # of a stored secret. An output of another stack may be marked there.
            reason = f"{value.path} takes a credential and its value is not known yet, nor marked secret"
            yield undecided(value.path, reason, cause=value.path)
        else:
            yield Finding(
                path=value.path,
                cause=value.path,
                message=f"{value.path} takes a credential, and its value is not marked secret: it is stored in the state and shown in previews in clear",
                fix=_fix(resource, value),
            )
    yield from _misplaced(resource)


def _fix(resource: Resource, value: Value) -> str:
    if resource.type.startswith(_PROVIDER) and _DEFAULT.fullmatch(resource.name):
        # No line of the program sets it: the engine takes it from the configuration.
        key = f"{resource.type.removeprefix(_PROVIDER)}:{value.path}"
        key = key if len(value.keys) == 1 else f"--path '{key}'"
        return f"Replace the credential, and store the new one with `pulumi config set --secret {key}`."
    return (
        f'Read it with `config.require_secret("…")`, or wrap it: `pulumi.Output.secret(…)`, where {value.path} is set.'
    )


def _unmarked(resource: Resource) -> Iterator[Value]:
    for path in credential_inputs().get(resource.type, ()):
        for value in select(resource, path):
            for leaf in value.leaves():
                if not (leaf.secret or leaf.absent or leaf.text == "" or _is_pointer(leaf.text)):
                    yield leaf


def _misplaced(resource: Resource) -> Iterator[Finding]:
    """What stands where the id of a stored secret belongs and is none."""
    for path in REFERENCE_INPUTS.get(resource.type, ()):
        for value in select(resource, path):
            if value.secret or value.text == "" or _is_pointer(value.text):
                continue
            if value.unknown or has_stand_in(value.text or ""):
                reason = f"whether {value.path} names a secret in a vault is not known yet"
                yield undecided(value.path, reason, cause=value.path)
            else:
                yield Finding(
                    path=value.path,
                    cause=value.path,
                    message=f"{value.path} takes the id of a secret in a vault, and its value is none: "
                    "a credential given here is stored in the state and shown in previews in clear",
                    fix="Keep the credential in an `oci.vault.Secret` and pass the secret's id.",
                )


def _is_pointer(text: str | None) -> bool:
    """Whether the text only names where the credential is kept."""
    return text is not None and _POINTER.fullmatch(text) is not None


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    return (MarkSecret(value.keys) for value in _unmarked(resource))


RULE = ResourceRule(
    id="credential-property-unmarked",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A credential is passed without a secret mark",
    why="Pulumi encrypts and hides only what is marked secret; anything else lands in the state file, in previews and in logs in clear.",
    fix='Read the value with `config.require_secret("…")` or wrap it in `pulumi.Output.secret(…)`.',
    covers=(
        "SM-06",
        "SM-07",
        "SM-08",
        "SM-09",
        "SM-10",
        "SM-11",
        "SM-12",
        "SM-15",
        "SM-43",
        "SM-50",
        "SM-51",
        "SM-52",
    ),
    types=tuple({**credential_inputs(), **REFERENCE_INPUTS}),
    check=check,
    remediate=remediate,
)
