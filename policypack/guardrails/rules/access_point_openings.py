"""What the policies of access points let strangers do.

A stranger gets at the data only where the policies of the access point and of the bucket behind it both let the request
through, and no access block stops it: that of the access point, the bucket, or the account. Requests of strangers never
stand on an identity policy of the bucket's own account, so the bucket has to allow them itself. An access point that
belongs to a VPC is never open to others (Amazon S3 User Guide, "Configuring IAM policies for using access points",
"Permissions" of Multi-Region Access Points, "Managing public access to access points", and "Blocking public access to
your Amazon S3 storage", on access points).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..aws.callers import meant
from ..aws.exposure import Exposures
from ..aws.truth import Truth
from ..findings import Finding, Outcome
from ..model import Resource, Stack
from .access_blocks import Flag, Held, either, flag, one_of
from .access_points import WITH_POLICY, AccessPoint, access_points, policies_beside
from .aws_documents import Placed
from .buckets import PARTS, Bucket, Buckets, Part, buckets
from .joint_requests import through_both
from .openings import Opening
from .policy_openings import beside, opened, restricting
from .resource_policies import BUCKET_LIKE, bucket_documents, exposed, reach_of_strangers
from .through_access_points import Carried, through, ways_through

ACCESS_POINT_TYPES: Final = WITH_POLICY
_NOT_HERE: Final = Held(Truth.MAYBE, "the public access block of the access point, which is not in this stack,")
# Of a directory bucket nothing is asked: its block stays on.
_OF_BUCKETS: Final = ("s3",)
_NOT_SHOWN: Final = (
    "strangers get through this access point; the policy of its bucket is marked secret, so what they may do is not "
    "shown"
)
_BY_ITSELF: Final = "the policy of the access point itself"
_OUTPOST: Final = Held(
    Truth.YES, "the public access block of every bucket on an Outpost, which stays on,", lasting=True
)


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
    behind = tuple(dict.fromkeys(bucket for point in points for bucket in point.buckets))
    for written in bucket_documents(resource):
        judged = [each for point in points or (None,) for each in _judged(found, resource, point, written)]
        said = [each.finding for each in judged if each.finding is not None]
        if said:
            finding = min(said, key=lambda one: one.outcome is Outcome.UNDECIDED)
            blocks = [_blocked(found, point, bucket) for point in points for bucket in point.buckets]
            held = one_of([each.held_if(finding) for each in judged])
            yield Opening(resource, behind, finding, held, _beside(found, behind, blocks))


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is said of the policy of an access point for one way in which requests may come, and what stops these."""

    finding: Finding | None
    held: Held

    def held_if(self, chosen: Finding) -> Held:
        """What keeps strangers out who would do what the chosen finding says."""
        in_doubt = self.finding is not None and self.finding.outcome is not chosen.outcome
        return Held(Truth.MAYBE, _BY_ITSELF) if in_doubt and self.held.truth is not Truth.YES else self.held


def _judged(found: Buckets, resource: Resource, point: AccessPoint | None, written: Placed) -> Iterator[_Judged]:
    behind = [each for bucket in point.buckets for _, each in _policies(bucket)] if point is not None else []
    ways = ways_through(point, [each.document for each in (written, *behind)])
    for carried in ways.carried:
        placed = through(written, carried)
        finding = next(opened(resource, placed, "this access point"), None)
        if finding is None:
            yield _Judged(None, Held(Truth.YES, _BY_ITSELF))
        elif point is None:
            held = restricting(placed, either(_NOT_HERE, flag(found, Bucket(None, resource.provider), Flag.RESTRICT)))
            yield _Judged(finding, held)
        else:
            reach = exposed(resource, placed)
            held = _held(found, point, carried, placed, reach)
            yield _Judged(_agreeing(finding, point, carried, placed, reach), held)
    if not ways.complete:
        yield _Judged(None, Held(Truth.MAYBE, _BY_ITSELF))


def _held(found: Buckets, point: AccessPoint, carried: Carried, placed: Placed, reach: Exposures) -> Held:
    """What keeps strangers out who get through the policy of an access point."""
    if point.on_outpost:
        return _OUTPOST
    vpc = Held(point.from_vpc, f"a VPC that the access point {point.resource.name!r} may belong to")
    holds = [either(vpc, restricting(placed, _blocked(found, point, bucket))) for bucket in point.buckets]
    holds = [
        held if held.truth is Truth.YES else either(held, _shut(bucket, carried, placed, reach))
        for held, bucket in zip(holds, point.buckets, strict=True)
    ]
    if not holds:
        return Held(Truth.MAYBE, f"a bucket behind the access point {point.resource.name!r}")
    # Of several buckets behind it, one that lets strangers through is enough.
    return min(holds, key=lambda held: held.truth) if point.sure else one_of(holds)


def _agreeing(finding: Finding, point: AccessPoint, carried: Carried, placed: Placed, reach: Exposures) -> Finding:
    """What is said of the policy of an access point, with a request that the policy of a bucket lets through too."""
    policies = [each for bucket in point.buckets for _, each in _policies(bucket)]
    # A request is made of all that is told apart, so it may hold a part of any of them.
    is_secret = any(each.value.secret for each in policies)
    for each in policies:
        behind = through(each, carried)
        both = through_both(placed.document, reach, behind.document, _strangers_behind(behind))
        if both is None:
            continue
        request = both.witness.request
        if is_secret:
            return replace(placed.finding(both.path, _NOT_SHOWN), urn=finding.urn)
        if isinstance(finding.witness, Mapping) and finding.witness["action"] == request.action:
            return replace(finding, witness=both.witness.to_json())
        message = f"{meant(request.principal)} may {request.action} on this access point"
        return replace(placed.finding(both.path, message, witness=both.witness), urn=finding.urn)
    return replace(finding, witness=None) if is_secret else finding


def _blocked(found: Buckets, point: AccessPoint, bucket: Bucket) -> Held:
    """Whether an access block stops policies that AWS counts as public."""
    # Its policy always comes after its block, which then refuses it: to block and to restrict is the same here.
    return either(point.flag(Flag.RESTRICT), point.flag(Flag.BLOCK_POLICY), flag(found, bucket, Flag.RESTRICT))


def _policies(bucket: Bucket) -> list[tuple[Resource, Placed]]:
    """The policies of a bucket, each with the resource that it is written in."""
    policies = [*bucket.of(Part.POLICY)]
    if bucket.resource is not None and bucket.resource.type in BUCKET_LIKE:
        policies.append(bucket.resource)
    return [(policy, each) for policy in policies for each in bucket_documents(policy)]


def _shut(bucket: Bucket, carried: Carried, placed: Placed, reach: Exposures) -> Held:
    """Whether the policy of a bucket shuts out strangers who come through an access point with what they may do there.

    A bucket that the program does not set up may have any policy: that of the access point is then judged alone.
    """
    written = _policies(bucket)
    if not written:
        by = f"the bucket {bucket.name!r}, which has no policy in this stack that lets them through,"
        return Held(Truth.YES if bucket.is_managed else Truth.NO, by)
    may = {action for one in reach.found for action in one.actions}
    shut = Truth.MAYBE if reach.doubts else Truth.YES
    for policy, each in written:
        behind = through(each, carried)
        there = _strangers_behind(behind)
        if through_both(placed.document, reach, behind.document, there) is not None:
            shut = min(shut, Truth.MAYBE if policy.urn in bucket.doubtful else Truth.NO)
        elif there.doubts or any(may.intersection(one.actions) for one in there.found):
            shut = min(shut, Truth.MAYBE)
    return Held(shut, f"the policy of the bucket {bucket.name!r}")


def _strangers_behind(placed: Placed) -> Exposures:
    return placed.ask(reach_of_strangers(_OF_BUCKETS))


def _beside(found: Buckets, behind: Sequence[Bucket], blocks: Sequence[Held]) -> str:
    refused = [flag(found, each, Flag.BLOCK_POLICY) for each in behind]
    nothing = Held(Truth.NO)
    said = beside(min(blocks, key=lambda held: held.truth, default=nothing), one_of(refused) if refused else nothing)
    if all(each.is_managed or each.of(Part.POLICY) for each in behind):
        return said
    return f"{said}; the policy of the bucket, which is not in this stack, has to let them through too"
