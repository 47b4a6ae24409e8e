"""The access points of a stack: which buckets they lead to, which policies they have, and their own access block.

All four settings of that block are on unless whoever makes the access point turns them off, and nobody can change them
afterwards (Amazon S3 User Guide, "Managing public access to access points" and "Blocking public access with Amazon S3
Multi-Region Access Points"). So a setting that was left out counts as on here: that has held for every access point
since there are any, unlike the default of buckets, which came in April 2023 and which anybody may lift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..aws.accounts import account_of
from ..aws.truth import Truth, truth
from ..model import Resource, Stack, Value
from .access_blocks import Flag, Held
from .buckets import PARTS, Bucket, Buckets, Part, bucket_text, buckets

_MULTI_REGION: Final = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"
_NATIVE_MULTI_REGION: Final = "aws-native:s3:MultiRegionAccessPoint"
_SINGLE: Final = PARTS[Part.ACCESS_POINT]
ACCESS_POINTS: Final = (*_SINGLE, _MULTI_REGION, _NATIVE_MULTI_REGION)
# The buckets of an Outpost are named by ARNs of their own.
_OF_OUTPOST: Final = ":s3-outposts:"
_NAMES: Final = ("bucket", "bucketName", "id", "arn")


@dataclass(frozen=True, slots=True)
class _Joint:
    """How a policy names its access point: the steps to the name, and those that lead to it in the types it may be."""

    named: tuple[str, ...]
    types: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]


_JOINTS: Final[Mapping[str, _Joint]] = {
    "aws:s3control/accessPointPolicy:AccessPointPolicy": _Joint(("accessPointArn",), _SINGLE, (("arn",), ("id",))),
    "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy": _Joint(
        ("details", "name"), (_MULTI_REGION,), (("details", "name"),)
    ),
    "aws-native:s3:MultiRegionAccessPointPolicy": _Joint(("mrapName",), (_NATIVE_MULTI_REGION,), (("name",), ("id",))),
}
_POLICIES_BESIDE: Final = tuple(_JOINTS)
WITH_POLICY: Final = (*_SINGLE, *_POLICIES_BESIDE)


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """An access point and the buckets behind it. `sure` tells whether all of those are; else it is one of them."""

    resource: Resource
    buckets: tuple[Bucket, ...]
    sure: bool = True

    @property
    def from_vpc(self) -> Truth:
        """Whether only requests out of one VPC may come through it."""
        value = _single(self.resource["vpcConfiguration"])
        if not self.resource.gave("vpcConfiguration") or value.absent:
            return Truth.NO
        return Truth.MAYBE if value.unknown else truth(bool(value.raw))

    @property
    def arn(self) -> str | None:
        """Its ARN, which may have invented parts; None where it is not known or not to be shown."""
        return _shown(self.resource["arn"])

    @property
    def name(self) -> str | None:
        """Its name as its ARN has it; None where that is not known."""
        return _shown(self.resource["name"]) if self.resource.type in _SINGLE else None

    @property
    def account(self) -> str | None:
        """The account that it is in."""
        return _shown(self.resource["accountId"]) or account_of(self.arn or "") or None

    @property
    def owner(self) -> str | None:
        """The account of its bucket where the program gives it, as it has to for that of another account."""
        return _shown(self.resource["bucketAccountId"]) if self.resource.gave("bucketAccountId") else None

    @property
    def on_outpost(self) -> bool:
        """Whether it leads to a bucket on an Outpost."""
        return _OF_OUTPOST in (self.resource["bucket"].text or "")

    def setting(self, wanted: Flag) -> Value:
        """A setting of its own access block as the program gives it."""
        return _block(self.resource)[wanted.value]

    def flag(self, wanted: Flag) -> Held:
        """Whether a setting of its own access block is on."""
        return Held(self._state(wanted), f"the public access block of the access point {self.resource.name!r}")

    def _state(self, wanted: Flag) -> Truth:
        block, value = _block(self.resource), self.setting(wanted)
        if block.absent or not self.resource.gave(str(block.keys[0])):
            return Truth.YES
        if value.absent:
            # CloudFormation sends the block as it stands, in which what is left out is off.
            return truth(not self.resource.type.startswith("aws-native:"))
        return Truth.MAYBE if value.flag is None else truth(value.flag)


def access_points(stack: Stack) -> Mapping[str, AccessPoint]:
    """The access points of a stack by URN."""
    return stack.remember("access points", lambda: {each.resource.urn: each for each in _all(stack)})


def policies_beside(stack: Stack) -> Sequence[tuple[Resource, tuple[AccessPoint, ...]]]:
    """The policies of access points in resources of their own, each with the access points that it may belong to."""
    return stack.remember("policies of access points", lambda: tuple(_policies(stack)))


def _all(stack: Stack) -> Iterator[AccessPoint]:
    found = buckets(stack)
    by_name = {name: bucket for bucket in reversed(found.all) for name in _names(bucket)}
    for resource in stack.of_type(_SINGLE):
        owners = tuple(found.of(resource))
        yield AccessPoint(resource, owners, sure=not any(resource.urn in each.doubtful for each in owners))
    for resource in stack.of_type((_MULTI_REGION, _NATIVE_MULTI_REGION)):
        yield AccessPoint(resource, tuple(dict.fromkeys(_behind(resource, found, by_name))))


def _behind(resource: Resource, found: Buckets, by_name: Mapping[str, Bucket]) -> Iterator[Bucket]:
    """The buckets of a multi-region access point; one that is not in the stack where a region names such a one."""
    top = "details" if resource.type == _MULTI_REGION else "regions"
    regions = _details(resource)["regions"] if resource.type == _MULTI_REGION else resource["regions"]
    computed_from = set(resource.property_dependencies.get(top, ()))
    for region in regions.elements():
        text = bucket_text(region["bucket"].text or "")
        possible = [each for each in found.all if each.resource is not None and each.resource.urn in computed_from]
        if text in by_name:
            yield by_name[text]
        elif possible:
            yield from possible
        else:
            yield Bucket(None, resource.provider, "" if region["bucket"].secret else text)


def _names(bucket: Bucket) -> Iterator[str]:
    values = [bucket.resource[key] for key in _NAMES] if bucket.resource is not None else []
    yield from (bucket_text(text) for text in (bucket.named, *(value.text for value in values)) if text)


def _details(resource: Resource) -> Value:
    return _single(resource["details"])


def _single(value: Value) -> Value:
    """What stands in a property of one value, which provider inputs may write as a list of one."""
    return next(value.elements(), value)


def _shown(value: Value) -> str | None:
    return None if value.secret else value.text


def _block(resource: Resource) -> Value:
    if resource.type == _MULTI_REGION:
        return _single(_details(resource)["publicAccessBlock"])
    return _single(resource["publicAccessBlockConfiguration"])


def _policies(stack: Stack) -> Iterator[tuple[Resource, tuple[AccessPoint, ...]]]:
    points = access_points(stack)
    for type_, joint in _JOINTS.items():
        by_name: dict[str, AccessPoint] = {}
        for target in stack.of_type(joint.types):
            for path in joint.names:
                if text := _at(target, path).text:
                    by_name.setdefault(text, points[target.urn])
        for policy in stack.of_type((type_,)):
            text = _at(policy, joint.named).text
            computed_from = policy.property_dependencies.get(joint.named[0], ())
            possible = tuple(points[urn] for urn in computed_from if urn in points)
            yield policy, (by_name[text],) if text in by_name else possible


def _at(resource: Resource, path: tuple[str, ...]) -> Value:
    return resource[path[0]] if len(path) == 1 else _details(resource)[path[1]]
