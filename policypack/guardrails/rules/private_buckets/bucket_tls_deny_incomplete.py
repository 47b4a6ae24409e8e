"""A bucket policy denies requests without TLS, but not all of them."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Yes
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..bucket_policies import BUCKET_POLICIES, tls_deny, tls_gap
from ..resource_policies import bucket_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in bucket_documents(resource):
        found = tls_gap(resource, placed)
        message = ""
        if isinstance(found, Yes):
            request = found.witness.request
            message = (
                f"{request.action} on {request.resource} still gets through without TLS: this Deny does not speak of "
                "it, and whoever is granted it by a policy of its own may do it"
            )
        yield from placed.findings(
            found,
            message,
            "this policy denies all requests without TLS",
            fix=f"Put this in its place: {tls_deny(resource, placed)}.",
            cause=placed.value.path,
        )


RULE = ResourceRule(
    id="bucket-tls-deny-incomplete",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    title="A bucket policy that is to demand TLS has a gap",
    why="Data and signatures of the requests that slip through can be read on the way, behind a policy that looks right.",
    fix='Deny "s3:*" to "Principal": "*" on both the bucket\'s ARN and that with /* behind it, with "Condition": {"Bool": {"aws:SecureTransport": "false"}}.',
    controls=("CIS-AWS-3.0.0:2.1.1", "FSBP-1.0.0:S3.5"),
    covers=("PB-24",),
    yields_to=("bucket-policy-locks-out-owner",),
    types=BUCKET_POLICIES,
    check=check,
)
