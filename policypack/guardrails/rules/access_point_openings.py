"""What the policies of access points let strangers do.

A stranger gets at the data only where the policies of the access point and of the bucket behind it both let the request
through, and no access block stops it: that of the access point, the bucket, or the account. Requests of strangers never
stand on an identity policy of the bucket's own account, so the bucket has to allow them itself. An access point that
belongs to a VPC is never open to others (Amazon S3 User Guide, "Configuring IAM policies for using access points",
"Permissions" of Multi-Region Access Points, "Managing public access to access points", and "Blocking public access to
your Amazon S3 storage", on access points).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..aws.document import Document
from ..aws.exposure import Exposures, exposures
from ..aws.truth import Truth
from ..model import Resource, Stack
from .access_points import WITH_POLICY, AccessPoint, access_points, policies_beside
from .aws_documents import Placed
from .buckets import PARTS, Bucket, Buckets, Flag, Held, Part, buckets, either, flag, one_of
from .openings import Opening
from .policy_openings import beside, opened, restricting
from .resource_policies import BUCKET_LIKE, bucket_documents, exposed
from .through_access_points import through

ACCESS_POINT_TYPES: Final = WITH_POLICY
_OF_BUCKETS: Final = ("s3", "s3express")
_NOT_HERE: Final = Held(Truth.MAYBE, "the public access block of the access point, which is not in this stack,")
_OUTPOST: Final = Held(Truth.YES, "the public access block of every bucket on an Outpost, which stays on,")


def access_point_openings(stack: Stack) -> Sequence[Opening]:
    """The policies of access points that let strangers in, or may."""
    return stack.remember("access point openings", lambda: tuple(_openings(stack)))


def opened_points(stack: Stack) -> frozenset[str]:
    """The URNs of the access points of which something is said already."""
    opened_by = {one.resource.urn for one in access_point_openings(stack)}
    beside_them = {
        point.resource.urn for policy, points in policies_beside(stack) if policy.urn in opened_by for point in points
    }
    return frozenset(opened_by | beside_them)


def _openings(stack: Stack) -> Iterator[Opening]:
    points = access_points(stack)
    for point in points.values():
        if point.resource.type in PARTS[Part.ACCESS_POINT]:
            yield from _of_resource(stack, point.resource, (point,))
    for policy, possible in policies_beside(stack):
        yield from _of_resource(stack, policy, possible)


def _of_resource(stack: Stack, resource: Resource, points: tuple[AccessPoint, ...]) -> Iterator[Opening]:
    if points and all(point.from_vpc is Truth.YES for point in points):
        return
    found = buckets(stack)
    arns = stack.remember("ARNs of access points", lambda: _arns(stack))
    for written in bucket_documents(resource):
        placed = through(written, points[0].resource if len(points) == 1 else None, arns)
        for finding in opened(resource, placed, "this access point"):
            behind = tuple(dict.fromkeys(bucket for point in points for bucket in point.buckets))
            reach = exposed(resource, placed)
            holds = [_held(found, point, arns, placed, reach) for point in points]
            held = one_of(holds) if holds else restricting(placed, either(_NOT_HERE, _of_account(found, resource)))
            blocks = [_blocked(found, point, bucket) for point in points for bucket in point.buckets]
            yield Opening(resource, behind, finding, held, _beside(found, behind, blocks))


def _arns(stack: Stack) -> frozenset[str]:
    texts = (each.resource["arn"].text for each in access_points(stack).values())
    return frozenset(text for text in texts if text)


def _held(found: Buckets, point: AccessPoint, arns: frozenset[str], placed: Placed, reach: Exposures) -> Held:
    """What keeps strangers out who get through the policy of an access point."""
    if point.on_outpost:
        return _OUTPOST
    vpc = Held(point.from_vpc, f"a VPC that the access point {point.resource.name!r} may belong to")
    holds = [either(vpc, restricting(placed, _blocked(found, point, bucket))) for bucket in point.buckets]
    holds = [
        held if held.truth is Truth.YES else either(held, _shut(point, arns, bucket, reach))
        for held, bucket in zip(holds, point.buckets, strict=True)
    ]
    if not holds:
        return Held(Truth.MAYBE, f"a bucket behind the access point {point.resource.name!r}")
    # Of several buckets behind it, one that lets strangers through is enough.
    return min(holds, key=lambda held: held.truth) if point.sure else one_of(holds)


def _blocked(found: Buckets, point: AccessPoint, bucket: Bucket) -> Held:
    """Whether an access block stops policies that AWS counts as public."""
    # Its policy always comes after its block, which then refuses it: to block and to restrict is the same here.
    return either(point.flag(Flag.RESTRICT), point.flag(Flag.BLOCK_POLICY), flag(found, bucket, Flag.RESTRICT))


def _of_account(found: Buckets, resource: Resource) -> Held:
    return flag(found, Bucket(None, resource.provider), Flag.RESTRICT)


def _shut(point: AccessPoint, arns: frozenset[str], bucket: Bucket, reach: Exposures) -> Held:
    """Whether the policy of a bucket shuts out strangers who come through an access point with what they may do there.

    A bucket that the stack does not have may have any policy: that of the access point is then judged alone.
    """
    policies = [*bucket.of(Part.POLICY)]
    if bucket.resource is not None and bucket.resource.type in BUCKET_LIKE:
        policies.append(bucket.resource)
    written = [(policy, each) for policy in policies for each in bucket_documents(policy)]
    if not written:
        by = f"the bucket {bucket.name!r}, which has no policy in this stack that lets them through,"
        return Held(Truth.NO if bucket.resource is None else Truth.YES, by)
    may = {action for one in reach.found for action in one.actions}
    shut = Truth.MAYBE if reach.doubts else Truth.YES
    for policy, each in written:
        there = through(each, point.resource, arns).ask(_reach_of_strangers)
        if any(may.intersection(one.actions) for one in there.found):
            shut = min(shut, Truth.MAYBE if policy.urn in bucket.doubtful else Truth.NO)
        elif there.doubts:
            shut = min(shut, Truth.MAYBE)
    return Held(shut, f"the policy of the bucket {bucket.name!r}")


def _reach_of_strangers(document: Document) -> Exposures:
    return exposures(document, _OF_BUCKETS)


def _beside(found: Buckets, behind: Sequence[Bucket], blocks: Sequence[Held]) -> str:
    refused = [flag(found, each, Flag.BLOCK_POLICY) for each in behind]
    nothing = Held(Truth.NO)
    said = beside(min(blocks, key=lambda held: held.truth, default=nothing), one_of(refused) if refused else nothing)
    if all(each.resource is not None or each.of(Part.POLICY) for each in behind):
        return said
    return f"{said}; the policy of the bucket, which is not in this stack, has to let them through too"
