"""A bucket policy lets requests without TLS through."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.supposed import about_tls
from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..bucket_policies import BUCKET_POLICIES, tls_deny, without_tls_through
from ..resource_policies import bucket_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in bucket_documents(resource):
        # What a Deny about TLS leaves open is the slip of that Deny, and another rule's.
        if not about_tls(placed.document):
            yield from placed.findings(
                without_tls_through(resource, placed),
                "a request without TLS gets through this policy",
                "requests without TLS get through",
                fix=f"Add {tls_deny(resource, placed)}.",
                cause=placed.value.path,
            )


RULE = ResourceRule(
    id="bucket-accepts-plain-http",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A bucket may be used without TLS",
    why="S3 answers on plain HTTP too, where everybody on the way can read and change what is sent.",
    fix='Deny "s3:*" to "Principal": "*" on both the bucket\'s ARN and that with /* behind it, with "Condition": {"Bool": {"aws:SecureTransport": "false"}}.',
    controls=("CIS-AWS-3.0.0:2.1.1", "FSBP-1.0.0:S3.5"),
    covers=("PB-24",),
    yields_to=("bucket-policy-locks-out-owner", "bucket-tls-deny-incomplete"),
    types=BUCKET_POLICIES,
    check=check,
)
