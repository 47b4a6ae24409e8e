"""The ownership controls of a bucket keep ACLs in use (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ...values import may_be_anything
from ..bucket_configurations import below, of_closed_buckets
from ..bucket_uses import has_log_acl
from ..buckets import GENERAL_PURPOSE, PARTS, Part

_WITH_ACLS: Final = ("ObjectWriter", "BucketOwnerPreferred")


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for resource, controls, owners in of_closed_buckets(stack, Part.OWNERSHIP, ("ownershipControls",)):
        # S3 delivers logs by ACL to buckets that take them in this way.
        if any(map(has_log_acl, owners)):
            continue
        for value in (*below(controls, "rule", "objectOwnership"), *below(controls, "rules", "objectOwnership")):
            if value.unknown or may_be_anything(value.text or ""):
                yield undecided(value.path, "whether ACLs are in use is not known yet", urn=resource.urn)
            elif value.text in _WITH_ACLS:
                yield Finding(
                    path=value.path,
                    urn=resource.urn,
                    message=f"with {value.text} each object has an ACL of its own, which whoever writes it may open",
                )


RULE = StackRule(
    id="bucket-acls-in-use",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="Ownership controls keep the ACLs of a bucket in use",
    why="Who may read an object then hangs on every single object, where no policy and no review shows it.",
    fix='Set object_ownership="BucketOwnerEnforced" and grant access by policy.',
    controls=("FSBP-1.0.0:S3.12",),
    covers=("PB-14",),
    types=(*PARTS[Part.OWNERSHIP], *GENERAL_PURPOSE),
    check=check,
)
