"""A bucket policy lets strangers in."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Answer
from ...aws.document import Document
from ...aws.questions import strangers
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import BUCKET_POLICY_TYPES, bucket_policies


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in bucket_policies(resource):
        yield from placed.findings(
            placed.ask(_open_to_strangers),
            "a request by a stranger gets through this bucket policy",
            "strangers get through this bucket policy",
        )


def _open_to_strangers(document: Document) -> Answer:
    return strangers(document, frozenset())


RULE = ResourceRule(
    id="bucket-public-policy",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.CRITICAL,
    title="A bucket policy lets strangers in",
    why="Anyone on the internet can make the request that is shown, unless a public access block happens to refuse it.",
    fix='Name who needs access in "Principal", or add a condition that strangers cannot meet: aws:PrincipalOrgID, aws:SourceVpce, aws:SourceArn with fixed values.',
    controls=("FSBP-1.0.0:S3.2", "FSBP-1.0.0:S3.3"),
    types=BUCKET_POLICY_TYPES,
    check=check,
)
