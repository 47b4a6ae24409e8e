"""The ownership controls of a bucket keep ACLs in use (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource, Stack, Value
from ...rule import StackRule
from ...values import may_be_anything
from ..bucket_uses import below, has_log_acl
from ..buckets import GENERAL_PURPOSE, PARTS, Part, buckets
from ..exposure import opened_buckets

_WITH_ACLS: Final = ("ObjectWriter", "BucketOwnerPreferred")


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    found, opened = buckets(stack), opened_buckets(stack)
    written = [(part, part["rule"], found.of(part)) for part in stack.of_type(PARTS[Part.OWNERSHIP])]
    for bucket in found.all:
        inline = bucket.given("ownershipControls")
        if inline is not None and bucket.resource is not None:
            written.append((bucket.resource, inline["rules"], (bucket,)))
    for resource, rules, owners in written:
        # S3 delivers logs by ACL to buckets that take them in this way.
        if not any(each in opened or has_log_acl(each) for each in owners):
            yield from _judge(resource, rules)


def _judge(resource: Resource, rules: Value) -> Iterator[Finding]:
    for value in below(rules, "objectOwnership"):
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
