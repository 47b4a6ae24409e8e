"""The S3 buckets that a stack speaks of, each with what the stack says of it elsewhere.

Others name a bucket by its name, its id or its ARN: known, invented or not known yet. What names one that is not in the
stack belongs together by the text. The tokens are those of pulumi_aws 7 and pulumi_aws_native.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from ..aws.truth import Truth, truth
from ..model import Resource, Stack, Value
from ..values import may_be_anything

NATIVE: Final = "aws-native:s3:Bucket"
DIRECTORY: Final = "aws:s3/directoryBucket:DirectoryBucket"
GENERAL_PURPOSE: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", NATIVE)
BUCKETS: Final = (*GENERAL_PURPOSE, DIRECTORY, "aws-native:s3express:DirectoryBucket")
ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
# What every name of a directory bucket ends in, and no other may (Amazon S3 User Guide, "Directory bucket naming rules").
_OF_A_DIRECTORY: Final = "--x-s3"
_NAMES: Final = ("bucket", "bucketName", "id", "arn")
_ARN: Final = "arn:"
_ENFORCED: Final = "BucketOwnerEnforced"


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

    `doubtful` are the URNs of parts of which only so much is known that they belong to one of several buckets.
    """

    resource: Resource | None
    provider: str
    named: str = ""
    parts: dict[Part, list[Resource]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

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
    def is_managed(self) -> bool:
        """Whether it is this program's to set up: one that is only read was given nothing, not even a name."""
        return self.resource is not None and self.resource.inputs != {}

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory bucket: those are closed to strangers, and nothing opens them."""
        known = self.resource is not None and self.resource.type not in GENERAL_PURPOSE
        return known or self.name.endswith(_OF_A_DIRECTORY)


@dataclass(frozen=True)
class Buckets:
    """All buckets that a stack speaks of, those that it declares first, and what might protect any of them."""

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


def bucket_text(text: str) -> str:
    """The name in what names a bucket: itself, or the end of the bucket's ARN."""
    if text.startswith(_ARN) and ":s3:::" in text:
        return text.rpartition(":")[2]
    return text


def _joined(stack: Stack) -> Buckets:
    declared = {each.urn: Bucket(each, each.provider) for each in stack.of_type(BUCKETS)}
    by_name: dict[str, list[Bucket]] = {}
    for bucket in declared.values():
        for name in sorted(_names(bucket.resource)):
            by_name.setdefault(name, []).append(bucket)
    elsewhere: dict[str, Bucket] = {}
    by_part: dict[str, Sequence[Bucket]] = {}
    strays: list[Resource] = []
    for part in stack.of_type(_PART_OF):
        kind = _PART_OF[part.type]
        owners, sure = _owners(part, declared, by_name)
        if not owners:
            text = bucket_text(part["bucket"].text or "")
            if kind is Part.BLOCK and (not text or may_be_anything(text)):
                strays.append(part)
            if kind is Part.BLOCK and not text:
                continue
            named = "" if part["bucket"].secret else text
            owners, sure = [elsewhere.setdefault(text or part.urn, Bucket(None, part.provider, named))], True
        by_part[part.urn] = owners
        for owner in owners:
            owner.parts.setdefault(kind, []).append(part)
            if not sure:
                owner.doubtful.add(part.urn)
    account_blocks = tuple(stack.of_type([ACCOUNT_BLOCK]))
    return Buckets((*declared.values(), *elsewhere.values()), account_blocks, strays, by_part)


def _names(resource: Resource | None) -> set[str]:
    texts = (resource[key].text for key in _NAMES) if resource is not None else ()
    return {bucket_text(text) for text in texts if text}


def _owners(
    part: Resource, declared: Mapping[str, Bucket], by_name: Mapping[str, list[Bucket]]
) -> tuple[list[Bucket], bool]:
    """The declared buckets that a part names, and whether it is that of all of them.

    Of what has no text yet it is one of those that it was computed from.
    """
    text = bucket_text(part["bucket"].text or "")
    if text in by_name:
        return by_name[text], True
    computed_from = [declared[urn] for urn in part.property_dependencies.get("bucket", ()) if urn in declared]
    # A text that is known names another bucket than one whose name is known too.
    possible = [each for each in computed_from if not (text and _names(each.resource))]
    return possible, len(possible) == 1


class Flag(Enum):
    """The four settings of a public access block, by the name of their property."""

    BLOCK_ACLS = "blockPublicAcls"
    IGNORE_ACLS = "ignorePublicAcls"
    BLOCK_POLICY = "blockPublicPolicy"
    RESTRICT = "restrictPublicBuckets"


@dataclass(frozen=True, slots=True)
class Held:
    """Whether something keeps strangers out, and what does; where that is in doubt, what it hangs on."""

    truth: Truth
    by: str = ""


_NOTHING: Final = Held(Truth.NO)


def flag(found: Buckets, bucket: Bucket, wanted: Flag) -> Held:
    """Whether a flag is set for a bucket, by its own block or by the account's.

    What AWS sets by default counts for nothing here: it holds for buckets made since April 2023, and while nobody
    changed it.
    """
    if bucket.is_directory:
        return Held(Truth.YES, "the public access block of every directory bucket")
    return _either((*_own_flags(found, bucket, wanted), *_account_flags(found, bucket, wanted)))


def _own_flags(found: Buckets, bucket: Bucket, wanted: Flag) -> Iterator[Held]:
    inline = bucket.given("publicAccessBlockConfiguration")
    settings = (
        []
        if inline is None
        else [Held(set_in(inline[wanted.value], bucket.resource), "the bucket's own public access block")]
    )
    doubtful: list[Held] = []
    for block in bucket.of(Part.BLOCK):
        held = Held(set_in(block[wanted.value], block), f"the public access block {block.name!r}")
        if block.urn not in bucket.doubtful:
            settings.append(held)
        elif held.truth is not Truth.NO:
            doubtful.append(Held(Truth.MAYBE, f"{held.by}, which is this bucket's or another's,"))
    # Of several blocks on one bucket the last one that is written counts, whichever that is.
    yield min(settings, key=lambda held: held.truth, default=_NOTHING)
    yield from doubtful
    if not settings:
        # A block of this bucket by the very text is no stray of it.
        for stray in (each for each in found.stray_blocks if each not in bucket.of(Part.BLOCK)):
            if set_in(stray[wanted.value], stray) is not Truth.NO:
                yield Held(Truth.MAYBE, f"the public access block {stray.name!r}, whose bucket is not known yet,")


def _account_flags(found: Buckets, bucket: Bucket, wanted: Flag) -> Iterator[Held]:
    for block in found.account_blocks:
        held = Held(set_in(block[wanted.value], block), f"the account's public access block {block.name!r}")
        # Another provider may be another account.
        same = not (block.provider and bucket.provider) or block.provider == bucket.provider
        if held.truth is Truth.NO or same:
            yield held
        else:
            yield Held(Truth.MAYBE, f"{held.by}, whose provider may be another account's,")


def set_in(value: Value, resource: Resource | None) -> Truth:
    """Whether a flag of a resource is true; one that was left out is false."""
    given = resource is None or resource.gave(str(value.keys[0]))
    if value.absent or not given:
        return Truth.NO
    return Truth.MAYBE if value.flag is None else truth(value.flag)


def acls_are_off(bucket: Bucket) -> Held:
    """Whether the ownership controls of a bucket turn all ACLs off, its objects' too."""
    written = [(f"the ownership setting {each.name!r}", each["rule"]) for each in bucket.of(Part.OWNERSHIP)]
    inline = bucket.given("ownershipControls")
    if inline is not None:
        written.append(("the bucket's ownership setting", inline["rules"]))
    found = [Held(_is_enforced(rule["objectOwnership"]), by) for by, rules in written for rule in rules.elements()]
    doubtful = any(each.urn in bucket.doubtful for each in bucket.of(Part.OWNERSHIP))
    least = min(found, key=lambda held: held.truth, default=_NOTHING)
    return Held(Truth.MAYBE, least.by) if doubtful and least.truth is Truth.YES else least


def _is_enforced(value: Value) -> Truth:
    doubtful = value.unknown or may_be_anything(value.text or "")
    return Truth.MAYBE if doubtful else truth(value.text == _ENFORCED)


def either(*holds: Held) -> Held:
    """What holds strangers back where any of several does."""
    return _either(holds)


def one_of(holds: Sequence[Held]) -> Held:
    """What holds for something that belongs to one of several buckets; in doubt where these differ."""
    least, most = min(holds, key=lambda held: held.truth), max(holds, key=lambda held: held.truth)
    return least if least.truth is most.truth else Held(Truth.MAYBE, most.by)


def _either(holds: Sequence[Held]) -> Held:
    return max(holds, key=lambda held: held.truth, default=_NOTHING)


def _shown(value: Value) -> str | None:
    return None if value.secret else value.text
