"""An identity policy reads credentials that nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...aws.dangers import Danger
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import wide_findings

# The others sign in with what they get, or are signed in.
_STORED: Final = re.compile(r"secretsmanager:|ssm:GetParameter|acm:ExportCertificate|bedrock-agentcore:GetResource")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from wide_findings(
        resource,
        Danger.CREDENTIALS,
        _harm,
        "this policy reads every credential",
    )


def _harm(name: str) -> str:
    return "reads the credentials of everything else in the account" if _STORED.match(name) else "gets into all of them"


RULE = ResourceRule(
    id="credentials-readable-on-every-resource",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy reads the credentials of the whole account",
    why="Credentials that one workload can read are as safe as that workload: one leak of it is a leak of all of them.",
    fix="Name the secrets or the prefix that the workload owns: `arn:aws:secretsmanager:REGION:ACCOUNT:secret:APP/*`.",
    covers=("LP-10",),
    yields_to=above("credentials-readable-on-every-resource"),
    types=IDENTITY_TYPES,
    check=check,
)
