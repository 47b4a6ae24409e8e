"""CloudFront asks a bucket without an identity of its own.

An origin without `customOriginConfig` and `vpcOriginConfig` is one of S3, whatever its name (Amazon CloudFront API
Reference, "Origin"). A bucket's website endpoint is an ordinary web server to CloudFront: no access control fits it,
and what is wrong there is that the bucket is a website.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack, Value
from ...rule import StackRule
from ...values import has_stand_in
from ..all_openings import opened_buckets
from ..bucket_configurations import below
from ..bucket_uses import S3_DOMAIN, names

_NATIVE: Final = "aws-native:cloudfront:Distribution"
_TYPES: Final = (
    "aws:cloudfront/distribution:Distribution",
    "aws:cloudfront/multitenantDistribution:MultitenantDistribution",
    _NATIVE,
)
_OTHER_KINDS: Final = ("customOriginConfig", "customOriginConfigs", "vpcOriginConfig", "vpcOriginConfigs")


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    opened, known = opened_buckets(stack), names(stack)
    for distribution in stack.of_type(_TYPES):
        origins = (distribution["distributionConfig"] if distribution.type == _NATIVE else distribution)["origins"]
        if origins.unknown:
            yield undecided(origins.path, "the origins are not known yet", urn=distribution.urn)
            continue
        for origin in origins.elements():
            domain = origin["domainName"]
            meant = known.meant(distribution, domain)
            # Where strangers reach the bucket, that is said, and CloudFront's part in it is none.
            if not (meant or _is_s3(origin)) or _has_identity(origin) or any(each in opened for each in meant):
                continue
            reads = "cannot read it" if meant else "can read it only while everyone can"
            yield Finding(
                path=domain.path,
                urn=distribution.urn,
                message=f"CloudFront asks this bucket without an identity of its own, so it {reads}",
            )


def _is_s3(origin: Value) -> bool:
    domain = origin["domainName"]
    text = domain.text or ""
    if domain.unknown or has_stand_in(text):
        return not any(True for key in _OTHER_KINDS for _ in origin[key].elements())
    return S3_DOMAIN.fullmatch(text) is not None


def _has_identity(origin: Value) -> bool:
    """Whether an origin names an access control or identity: any id is given, known or not."""
    given = (origin["originAccessControlId"], *below(origin, "s3OriginConfig", "originAccessIdentity"))
    return any(not each.absent and each.raw != "" for each in given)


RULE = StackRule(
    id="distribution-origin-without-access-control",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    title="CloudFront reaches a bucket without an access control",
    why="It works only once the bucket is open to everyone, past CloudFront, its log, its firewall and its rules.",
    fix='Add aws.cloudfront.OriginAccessControl("ORIGIN", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"), give its id as origin_access_control_id and allow cloudfront.amazonaws.com with aws:SourceArn in the bucket policy.',
    controls=("FSBP-1.0.0:CloudFront.13",),
    covers=("PB-28",),
    types=_TYPES,
    check=check,
)
