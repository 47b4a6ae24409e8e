"""A resource share is open to accounts outside the organization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule

_ALLOWED: Final = "allowExternalPrincipals"
# CloudFormation leaves a missing value to RAM, which takes it for true; the classic provider sends false.
_OPEN_BY_DEFAULT: Final = "aws-native:ram:ResourceShare"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    value = resource[_ALLOWED]
    if value.flag is True or (value.absent and resource.type == _OPEN_BY_DEFAULT):
        yield Finding(path=value.path, message="accounts outside the organization can be added to this share")
    elif not value.absent and value.flag is None:
        yield undecided(value.path, "whether accounts outside the organization can be added is not known yet")


RULE = ResourceRule(
    id="resource-share-outside-organization",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A resource share is open to accounts outside the organization",
    why="Whoever may add principals to the share can hand what it holds to an account of somebody else.",
    fix="Set allow_external_principals=False and share within the organization; keep a share of its own for each partner.",
    covers=("LP-64",),
    types=("aws:ram/resourceShare:ResourceShare", _OPEN_BY_DEFAULT),
    check=check,
)
