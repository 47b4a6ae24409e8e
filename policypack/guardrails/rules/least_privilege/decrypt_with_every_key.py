"""An identity policy decrypts with keys that nobody named."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.dangers import Danger
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import wide_findings


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from wide_findings(
        resource,
        Danger.DECRYPTION,
        "decrypts whatever ciphertext it gets hold of",
        "this policy decrypts with every key",
    )


RULE = ResourceRule(
    id="decrypt-with-every-key",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy decrypts with every key",
    why="Keys keep data apart only where each identity may use its own: with all of them, any ciphertext that is found is readable.",
    fix="Name the keys, or say through which service with `kms:ViaService`: `arn:aws:kms:REGION:ACCOUNT:key/KEY_ID`.",
    controls=("FSBP-1.0.0:KMS.1", "FSBP-1.0.0:KMS.2"),
    covers=("LP-23",),
    yields_to=above("decrypt-with-every-key"),
    types=IDENTITY_TYPES,
    check=check,
)
