"""A bucket lacks what would keep its data (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.truth import Truth
from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..all_openings import opened_buckets
from ..bucket_safeguards import SAFEGUARDS, mended
from ..bucket_uses import trailed_to
from ..buckets import GENERAL_PURPOSE, buckets

_REQUIRED: Final = "required"
_KEYS: Final = list(dict.fromkeys(each.key for each in SAFEGUARDS))


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    required = context.settings[_REQUIRED]
    asked = [(each, each.not_for(stack)) for each in SAFEGUARDS if isinstance(required, list) and each.key in required]
    opened, trailed = opened_buckets(stack), trailed_to(stack)
    for bucket in buckets(stack).all:
        if bucket.resource is None or bucket.is_directory or bucket in opened:
            continue
        held = [(each, each.held(stack, bucket)) for each, not_for in asked if bucket not in not_for]
        missing = [each for each, answer in held if answer is Truth.NO]
        unclear = dict.fromkeys(each.key for each, answer in held if answer is Truth.MAYBE)
        if missing:
            what = "the bucket of a trail" if bucket in trailed else "the bucket"
            lacks = ", ".join(each.lack for each in missing)
            fix = mended(bucket.resource, bucket, missing)
            yield Finding(path="", urn=bucket.resource.urn, message=f"{what} has {lacks}", fix=fix)
        elif unclear:
            reason = f"whether the bucket has these is not known yet: {', '.join(unclear)}"
            yield undecided("", reason, urn=bucket.resource.urn)


RULE = StackRule(
    id="bucket-without-safeguards",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A bucket lacks what would keep its data",
    why="What is overwritten or deleted by mistake or by a thief is gone, and nothing tells who did it. The setting chooses which of this, and so of the controls, is asked for.",
    fix='Switch on versioning, log the access into another bucket and abort incomplete uploads: aws.s3.BucketVersioning(…, versioning_configuration={"status": "Enabled"}), BucketLogging, BucketLifecycleConfiguration.',
    controls=(
        "CIS-AWS-3.0.0:2.1.1",
        "CIS-AWS-3.0.0:3.4",
        "FSBP-1.0.0:S3.5",
        "FSBP-1.0.0:S3.7",
        "FSBP-1.0.0:S3.9",
        "FSBP-1.0.0:S3.10",
        "FSBP-1.0.0:S3.11",
        "FSBP-1.0.0:S3.13",
        "FSBP-1.0.0:S3.14",
        "FSBP-1.0.0:S3.15",
        "FSBP-1.0.0:S3.17",
    ),
    covers=("PB-24", "PB-40", "PB-41", "PB-42", "PB-44", "PB-45", "PB-46", "PB-47", "PB-48", "PB-50", "PB-51b"),
    settings={
        _REQUIRED: {
            "type": "array",
            "items": {"type": "string", "enum": _KEYS},
            "uniqueItems": True,
            # These fit nearly every bucket, and its clients use TLS anyhow. Keys of one's own, copies and locks cost money and bind, a lifecycle
            # deletes, and events need somebody who listens: they are decided for each bucket.
            "default": ["tls-only", "versioning", "access-logging", "incomplete-uploads"],
            "description": f"What each bucket must have, any of {', '.join(_KEYS)}; a list here replaces the default. A bucket that logs are written to needs no access log, one for logs of S3 or of load balancers takes no key of yours, one for those of S3 no lock, and a copy needs no copy. Of a policy that lets plain HTTP through, bucket-accepts-plain-http speaks",
        }
    },
    types=GENERAL_PURPOSE,
    check=check,
)
