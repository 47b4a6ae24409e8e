"""An identity policy gives administrator access."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Yes
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES, administrator_alone, identity_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in identity_documents(resource):
        answer = placed.ask(administrator_alone)
        gives = answer.witness.note if isinstance(answer, Yes) else ""
        yield from placed.findings(
            answer,
            f"this policy gives its holder {gives}",
            "this policy gives administrator access",
            cause=placed.value.path,
        )


RULE = ResourceRule(
    id="administrator-access",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="A policy gives administrator access",
    why="Whoever obtains such an identity owns the account: every key, every bucket, and the audit trail that would show it.",
    fix="Name the actions that are needed and the ARNs they are needed on, one statement a purpose.",
    controls=("CIS-AWS-3.0.0:1.16", "FSBP-1.0.0:IAM.1"),
    covers=("LP-01", "LP-14"),
    types=IDENTITY_TYPES,
    check=check,
)
