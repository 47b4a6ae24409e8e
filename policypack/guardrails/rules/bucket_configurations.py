"""The configurations of S3 buckets: in resources of their own, or in properties of the buckets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..aws.truth import Truth
from ..model import Resource, Stack, Value
from ..values import may_be_anything
from .all_openings import opened_buckets
from .buckets import PARTS, Bucket, Part, buckets

# Where a configuration stands: the resource, and the object.
Found = tuple[Resource, Value]


def below(value: Value, *keys: str) -> Iterator[Value]:
    """What stands at the end of some keys, in every element of lists on the way; an unknown where one is met."""
    if not keys:
        yield from value.elements()
        return
    for each in value.elements():
        yield from below(each[keys[0]], *keys[1:])


def of_closed_buckets(
    stack: Stack, part: Part, inline: Sequence[str]
) -> Iterator[tuple[Resource, Value, Sequence[Bucket]]]:
    """The configurations of one kind, each with the buckets that it may belong to: nothing is said beside the verdict
    on an opened one. `inline` are the properties of buckets that hold it."""
    opened, found = opened_buckets(stack), buckets(stack)
    for each in stack.of_type(PARTS[part]):
        owners = found.of(each)
        if opened.isdisjoint(owners):
            yield *_whole(each), owners
    for bucket in found.all:
        if bucket not in opened:
            yield from ((resource, value, (bucket,)) for resource, value in _inline(bucket, inline))


def held(stack: Stack, bucket: Bucket, part: Part, inline: Sequence[str], judge: Callable[[Found], Truth]) -> Truth:
    """What the configurations of one kind say of a bucket; in doubt where they differ, or may be another's.

    `judge` is a function of a module: what it says of those whose bucket may be any is worked out once.
    """
    told = {judge(each) for each in _inline(bucket, inline) if each[1].raw != []}
    told |= {judge(_whole(each)) for each in bucket.of(part) if each.urn not in bucket.doubtful}
    if told:
        return told.pop() if len(told) == 1 else Truth.MAYBE
    doubtful = (each for each in bucket.of(part) if each.urn in bucket.doubtful)
    is_sure = all(judge(_whole(each)) is Truth.NO for each in doubtful) and not _strays_tell(stack, part, judge)
    return Truth.NO if is_sure else Truth.MAYBE


def _whole(resource: Resource) -> Found:
    return resource, Value(dict(resource.properties), ())


def _inline(bucket: Bucket, keys: Sequence[str]) -> Iterator[Found]:
    for key in keys:
        value = bucket.given(key)
        if bucket.resource is not None and value is not None:
            yield bucket.resource, value


def _strays_tell(stack: Stack, part: Part, judge: Callable[[Found], Truth]) -> bool:
    """Whether one of the parts whose bucket may be any says more than No."""
    told: dict[tuple[Part, Callable[[Found], Truth]], bool] = stack.remember("what strays tell", dict)
    if (part, judge) not in told:
        told[part, judge] = any(judge(_whole(each)) is not Truth.NO for each in _strays(stack, part))
    return told[part, judge]


def _strays(stack: Stack, part: Part) -> Iterator[Resource]:
    for bucket in buckets(stack).all:
        if bucket.resource is None:
            yield from (
                each
                for each in bucket.of(part)
                if may_be_anything(each["bucket"].text or "") or not each["bucket"].text
            )
