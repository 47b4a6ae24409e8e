"""Whether strangers are kept out of a bucket: the flags of access blocks, its own and the account's, and its ownership.

What AWS sets by default counts for nothing here: it holds for buckets made since April 2023, and while nobody changed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ..aws.truth import Truth, truth
from ..model import Resource, Value
from .accounts import same_account
from .buckets import Bucket, Buckets, Part

_ENFORCED: Final = "BucketOwnerEnforced"


class Flag(Enum):
    """The four settings of a public access block, by the name of their property."""

    BLOCK_ACLS = "blockPublicAcls"
    IGNORE_ACLS = "ignorePublicAcls"
    BLOCK_POLICY = "blockPublicPolicy"
    RESTRICT = "restrictPublicBuckets"

    @property
    def argument(self) -> str:
        """Its name in a Python program, such as `block_public_acls`."""
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in self.value)


@dataclass(frozen=True, slots=True)
class Held:
    """Whether something keeps strangers out, and what does; where that is in doubt, what it hangs on.

    What is `lasting` nobody can take away.
    """

    truth: Truth
    by: str = ""
    lasting: bool = False


_NOTHING: Final = Held(Truth.NO)


@dataclass(frozen=True, slots=True)
class _Strays:
    """Blocks that set a flag, or may, of which nobody knows yet whose they are: one of them all, and by each resource
    that the name of its bucket was computed from."""

    any: Resource | None
    by_source: Mapping[str, Resource]

    @staticmethod
    def of(found: Buckets, wanted: Flag) -> _Strays:
        setting = [block for block in found.stray_blocks if set_in(block[wanted.value], block)]
        by_source = {urn: block for block in setting for urn in block.property_dependencies.get("bucket", ())}
        return _Strays(next(iter(setting), None), by_source)

    def may_be_of(self, bucket: Bucket) -> Resource | None:
        """One that may be this bucket's. A name that is made with the bucket is known to nobody else beforehand."""
        if bucket.resource is None or not bucket.is_named_later:
            return self.any
        sources = bucket.resource.property_dependencies.get("bucket", ())
        return next((self.by_source[urn] for urn in sources if urn in self.by_source), None)


def flag(found: Buckets, bucket: Bucket, wanted: Flag) -> Held:
    """Whether a flag is set for a bucket, by its own block or by the account's."""
    if bucket.is_directory:
        return Held(Truth.YES, "the public access block of every directory bucket", lasting=True)
    if bucket.behind_access_point:
        return Held(Truth.MAYBE, "the public access block of the bucket behind the access point")
    known: dict[Bucket, Held] = found.stack.remember(f"flags {wanted.value}", dict)
    if bucket not in known:
        known[bucket] = either(*_own_flags(found, bucket, wanted), *_account_flags(found, bucket, wanted))
    return known[bucket]


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
        strays = found.stack.remember(f"stray blocks {wanted.value}", lambda: _Strays.of(found, wanted))
        stray = strays.may_be_of(bucket)
        if stray is not None:
            yield Held(Truth.MAYBE, f"the public access block {stray.name!r}, whose bucket is not known yet,")


def _account_flags(found: Buckets, bucket: Bucket, wanted: Flag) -> Iterator[Held]:
    by_provider = found.stack.remember(f"account blocks {wanted.value}", lambda: _of_accounts(found, wanted))
    same: dict[tuple[str, str], Truth] = found.stack.remember("providers of one account", dict)
    for provider, held in by_provider.items():
        asked = (provider, bucket.provider)
        if asked not in same:
            same[asked] = same_account(found.stack, *asked)
        doubt = ", whose provider may be another account's," if same[asked] is Truth.MAYBE else ""
        yield Held(min(held.truth, same[asked]), held.by + doubt)


def _of_accounts(found: Buckets, wanted: Flag) -> Mapping[str, Held]:
    """What the blocks of accounts do for a flag, by the provider that makes them."""
    held: dict[str, Held] = {}
    for block in found.account_blocks:
        one = Held(set_in(block[wanted.value], block), f"the account's public access block {block.name!r}")
        held[block.provider] = either(held.get(block.provider, _NOTHING), one)
    return held


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
    return Truth.MAYBE if value.is_open else truth(value.text == _ENFORCED)


def either(*holds: Held) -> Held:
    """What holds strangers back where any of several does; nothing where there is none."""
    return max(holds, key=lambda held: held.truth, default=_NOTHING)


def one_of(holds: Sequence[Held]) -> Held:
    """What holds for something that belongs to one of several buckets; in doubt where these differ."""
    least, most = min(holds, key=lambda held: held.truth), max(holds, key=lambda held: held.truth)
    return least if least.truth is most.truth else Held(Truth.MAYBE, most.by)
