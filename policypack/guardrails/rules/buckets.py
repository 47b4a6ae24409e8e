"""The S3 buckets that a stack speaks of, each with what the stack says of it elsewhere.

Others name a bucket by its name, its id or its ARN: known, invented or not known yet. What names one that is not in the
stack belongs together by the text. The tokens are those of pulumi_aws 7 and pulumi_aws_native.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import chain, islice
from typing import Final

from ..model import Resource, Stack, Value
from ..values import has_stand_in, may_be_anything

NATIVE: Final = "aws-native:s3:Bucket"
_DIRECTORY: Final = "aws:s3/directoryBucket:DirectoryBucket"
GENERAL_PURPOSE: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", NATIVE)
BUCKETS: Final = (*GENERAL_PURPOSE, _DIRECTORY, "aws-native:s3express:DirectoryBucket")
ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
# What every name of a directory bucket ends in, and no other may (Amazon S3 User Guide, "Directory bucket naming rules").
_OF_A_DIRECTORY: Final = "--x-s3"
_NAMES: Final = ("bucket", "bucketName", "id", "arn")
_ARN: Final = "arn:"
# What every alias of an access point ends in (Amazon S3 User Guide, "Access points aliases").
_ALIAS: Final = "-s3alias"
# No more buckets than these have one name: past it a part is taken for one of a bucket that is not here.
_MOST: Final = 8


class Part(Enum):
    """What a stack says of a bucket in a resource of its own."""

    ACCESS_POINT = auto()
    ACL = auto()
    BLOCK = auto()
    CORS = auto()
    ENCRYPTION = auto()
    LIFECYCLE = auto()
    LOCK = auto()
    LOGGING = auto()
    NOTIFICATION = auto()
    OBJECT = auto()
    OWNERSHIP = auto()
    POLICY = auto()
    REPLICATION = auto()
    VERSIONING = auto()
    WEBSITE = auto()


def _both(name: str) -> tuple[str, str]:
    """A type's token, and that of the deprecated twin which the provider keeps beside it."""
    token = f"aws:s3/{name[0].lower()}{name[1:]}"
    return f"{token}:{name}", f"{token}V2:{name}V2"


# The types of each part; all of them name the bucket in `bucket`.
PARTS: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.ACCESS_POINT: ("aws:s3/accessPoint:AccessPoint", "aws-native:s3:AccessPoint"),
    Part.ACL: _both("BucketAcl"),
    Part.BLOCK: ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",),
    Part.CORS: _both("BucketCorsConfiguration"),
    Part.ENCRYPTION: _both("BucketServerSideEncryptionConfiguration"),
    Part.LIFECYCLE: _both("BucketLifecycleConfiguration"),
    Part.LOCK: _both("BucketObjectLockConfiguration"),
    Part.LOGGING: _both("BucketLogging"),
    Part.NOTIFICATION: ("aws:s3/bucketNotification:BucketNotification",),
    Part.OBJECT: (
        "aws:s3/bucketObject:BucketObject",
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "aws:s3/objectCopy:ObjectCopy",
    ),
    Part.OWNERSHIP: ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",),
    Part.POLICY: ("aws:s3/bucketPolicy:BucketPolicy", "aws-native:s3:BucketPolicy"),
    Part.REPLICATION: ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",),
    Part.VERSIONING: _both("BucketVersioning"),
    Part.WEBSITE: _both("BucketWebsiteConfiguration"),
}
_PART_OF: Final = {token: part for part, tokens in PARTS.items() for token in tokens}


@dataclass(eq=False, slots=True)
class Bucket:
    """A bucket: its resource, or None where it is not in the stack, and its parts in the order of the stack.

    `doubtful` are the URNs of parts of which only so much is known that they belong to one of several buckets. What is
    `behind_access_point` is any bucket, of which no more is known.
    """

    resource: Resource | None
    provider: str
    named: str = ""
    parts: dict[Part, list[Resource]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    behind_access_point: bool = False

    def of(self, part: Part) -> Sequence[Resource]:
        """Its resources of one kind."""
        return self.parts.get(part, ())

    def given(self, key: str) -> Value | None:
        """A property of the bucket itself that the program gave; None for any other."""
        if self.resource is None or not self.resource.gave(key) or self.resource[key].absent:
            return None
        return self.resource[key]

    @property
    def name(self) -> str:
        """What to call it, in messages and in the ARNs of witnesses."""
        if self.resource is None:
            return self.named or "the-bucket"
        return next(filter(None, (_shown(self.resource[key]) for key in ("bucket", "bucketName"))), self.resource.name)

    @property
    def is_named_later(self) -> bool:
        """Whether its name is made with it, so that nobody can have written it down."""
        names = names_of(self.resource)
        return self.resource is not None and all(has_stand_in(name) and not may_be_anything(name) for name in names)

    @property
    def is_managed(self) -> bool:
        """Whether it is this program's to set up: one that is only read was given nothing, not even a name."""
        return self.resource is not None and self.resource.inputs != {}

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory bucket: those are closed to strangers, and nothing opens them."""
        known = self.resource is not None and self.resource.type not in GENERAL_PURPOSE
        return known or is_directory_name(self.name)


@dataclass(frozen=True)
class Buckets:
    """All buckets that a stack speaks of, those that it declares first, and what might protect any of them.

    `stray_blocks` are the blocks of which nobody knows yet whose they are.
    """

    stack: Stack
    all: Sequence[Bucket]
    account_blocks: Sequence[Resource]
    stray_blocks: Sequence[Resource]
    by_part: Mapping[str, Sequence[Bucket]]

    def of(self, part: Resource) -> Sequence[Bucket]:
        """The buckets that a resource of `PARTS` belongs to; several only where that is in doubt."""
        return self.by_part.get(part.urn, ())


def buckets(stack: Stack) -> Buckets:
    """The buckets of a stack with their parts, joined once for all rules."""
    return stack.remember("buckets", lambda: _joined(stack))


def is_directory_name(name: str) -> bool:
    """Whether a name is one of a directory bucket."""
    return name.endswith(_OF_A_DIRECTORY)


def bucket_text(text: str) -> str:
    """The name in what names a bucket: itself, or the end of the bucket's ARN."""
    if text.startswith(_ARN) and ":s3:::" in text:
        return text.rpartition(":")[2]
    return text


def _joined(stack: Stack) -> Buckets:
    declared = {each.urn: Bucket(each, each.provider) for each in stack.of_type(BUCKETS)}
    by_name: dict[str, list[Bucket]] = {}
    for bucket in declared.values():
        for name in sorted(names_of(bucket.resource)):
            by_name.setdefault(name, []).append(bucket)
    named_from: dict[str, list[Bucket]] = {}
    for bucket in declared.values():
        for urn in bucket.resource.property_dependencies.get("bucket", ()) if bucket.resource is not None else ():
            named_from.setdefault(urn, []).append(bucket)
    elsewhere: dict[tuple[str, str], Bucket] = {}
    by_part: dict[str, Sequence[Bucket]] = {}
    strays: list[Resource] = []
    for part in stack.of_type(_PART_OF):
        kind = _PART_OF[part.type]
        owners, sure = _owners(part, _computed_from(stack, part, declared, named_from), by_name)
        if not owners or len(owners) > _MOST:
            text = bucket_text(part["bucket"].text or "")
            if kind is Part.BLOCK and (not text or may_be_anything(text)):
                strays.append(part)
            if kind is Part.BLOCK and not text:
                continue
            named = "" if part["bucket"].secret else text
            # A name is one bucket's in a partition only, and another provider may be in another one.
            owner = elsewhere.setdefault((text or part.urn, part.provider), Bucket(None, part.provider, named))
            owner.behind_access_point = owner.behind_access_point or _is_access_point(part, stack)
            owners, sure = [owner], True
        by_part[part.urn] = owners
        for owner in owners:
            owner.parts.setdefault(kind, []).append(part)
            if not sure:
                owner.doubtful.add(part.urn)
    account_blocks = tuple(stack.of_type([ACCOUNT_BLOCK]))
    return Buckets(stack, (*declared.values(), *elsewhere.values()), account_blocks, strays, by_part)


def _is_access_point(part: Resource, stack: Stack) -> bool:
    """Whether a part names an access point in place of a bucket, by ARN, by alias or by where it was computed from."""
    text = part["bucket"].text or ""
    sources = (stack.by_urn.get(urn) for urn in part.property_dependencies.get("bucket", ()))
    return (
        ":accesspoint/" in text
        or text.endswith(_ALIAS)
        or any(each is not None and each.type in PARTS[Part.ACCESS_POINT] for each in sources)
    )


def names_of(resource: Resource | None) -> set[str]:
    """The texts by which others may name a declared bucket."""
    texts = (resource[key].text for key in _NAMES) if resource is not None else ()
    return {bucket_text(text) for text in texts if text}


def _computed_from(
    stack: Stack, part: Resource, declared: Mapping[str, Bucket], named_from: Mapping[str, Sequence[Bucket]]
) -> Sequence[Bucket]:
    """The declared buckets that the name in a part was computed from; else those named from the same resources."""
    sources = _sources(stack, part)
    found = [declared[urn] for urn in sources if urn in declared]
    return found or list(islice(chain.from_iterable(named_from.get(urn, ()) for urn in sources), _MOST + 1))


def _sources(stack: Stack, part: Resource) -> Sequence[str]:
    """What the name of a part's bucket was computed from, by URN; through other parts, which hand the name on."""
    found: dict[str, None] = {}
    waiting = [part]
    while waiting:
        for urn in waiting.pop().property_dependencies.get("bucket", ()):
            source = stack.by_urn.get(urn)
            if urn not in found and source is not None and source.type in _PART_OF:
                waiting.append(source)
            found.setdefault(urn)
    return list(found)


def _owners(
    part: Resource, computed_from: Sequence[Bucket], by_name: Mapping[str, list[Bucket]]
) -> tuple[list[Bucket], bool]:
    """The declared buckets that a part names, and whether it is that of all of them.

    Of what has no text yet it is one of those that it was computed from.
    """
    text = bucket_text(part["bucket"].text or "")
    named = by_name.get(text, [])[: _MOST + 1]
    if named:
        # One name may be two buckets' in two partitions: the program says which, or the provider does.
        told = [each for each in computed_from if each in named]
        alike = [each for each in named if each.provider == part.provider]
        chosen = named if len(named) == 1 else told or alike or named
        return chosen, len({each.provider for each in chosen}) == 1
    # A text that is known names another bucket than one whose name is known too.
    possible = [each for each in computed_from if not (text and names_of(each.resource))]
    return possible, len(possible) == 1


def _shown(value: Value) -> str | None:
    return None if value.secret else value.text
