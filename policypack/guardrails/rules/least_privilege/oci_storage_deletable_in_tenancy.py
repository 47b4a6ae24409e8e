"""An OCI policy lets storage administrators delete what they manage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import without
from ...oci.permissions import granted
from ...oci.powers import DELETE_STORED
from ...oci.tree import Grant, SubjectKind
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above


def _without_deletion(statement: Grant) -> Grant:
    held = granted(statement.action).permissions
    return without(statement, [name for name in DELETE_STORED.permissions if name in held])


_DANGER: Final = Danger(
    power=DELETE_STORED,
    means="may delete volumes, files or objects {where}",
    narrower=_without_deletion,
    tenancy=Severity.LOW,
    subjects=frozenset({SubjectKind.GROUP}),
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-storage-deletable-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="An OCI policy lets storage administrators delete what they manage",
    why="An administrator whose key is stolen should not be able to destroy data and its backups together.",
    fix="Leave deletion to others: where request.permission != 'VOLUME_DELETE', one such test for each permission under `all {…}`.",
    controls=("CIS-OCI-3.0.0:1.15",),
    covers=("LP-83",),
    yields_to=above("oci-storage-deletable-in-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
