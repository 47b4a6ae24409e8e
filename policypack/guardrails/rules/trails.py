"""What the trails of a stack record of the objects in buckets, by their selectors, basic and advanced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..aws.truth import Truth
from ..model import Resource, Value
from ..values import may_be_anything

# The types, and the property that names the bucket which a trail writes to.
TRAILS: Final[Mapping[str, str]] = {
    "aws:cloudtrail/trail:Trail": "s3BucketName",
    "aws-native:cloudtrail:Trail": "s3BucketName",
}
_OBJECT: Final = "AWS::S3::Object"
_BOTH: Final = frozenset({"writes", "reads"})
_OF_SELECTOR: Final = {"All": _BOTH, "WriteOnly": frozenset({"writes"}), "ReadOnly": frozenset({"reads"})}
_ABSENT: Final = Value(None, ())
_OF_READ_ONLY: Final = {"true": frozenset({"reads"}), "false": frozenset({"writes"})}


def unrecorded(trails: Sequence[Resource]) -> tuple[frozenset[str], frozenset[str]]:
    """Which of "reads" and "writes" no trail records of objects: surely, and perhaps."""
    recorded = [each for trail in trails for each in _recorded(trail)]
    # Trails complete each other: one records what another leaves out.
    missing = _BOTH.difference(*(kinds for kinds, is_sure in recorded if is_sure is Truth.YES))
    perhaps = frozenset[str]().union(*(kinds for kinds, is_sure in recorded if is_sure is Truth.MAYBE))
    return missing - perhaps, missing & perhaps


def _recorded(trail: Resource) -> Iterator[tuple[frozenset[str], Truth]]:
    """What the selectors of a trail record of objects; which buckets they choose is the program's affair."""
    if any(trail[key].flag is False for key in ("enableLogging", "isLogging")):
        return
    for selector in trail["eventSelectors"].elements():
        kind = selector["readWriteType"]
        # Absent, it is both.
        kinds = _BOTH if _is_open(kind) else _OF_SELECTOR.get(kind.text or "All", frozenset())
        for each in selector["dataResources"].elements():
            yield kinds, min(_is_object(each["type"]), _is_known(kind))
    for selector in trail["advancedEventSelectors"].elements():
        fields = {each["field"].text: each["equals"] for each in selector["fieldSelectors"].elements()}
        types, flags = fields.get("resources.type", selector), list(fields.get("readOnly", _ABSENT).elements())
        texts = [each.text or "" for each in flags]
        kinds = frozenset().union(*(_OF_READ_ONLY.get(each, _BOTH) for each in texts)) if flags else _BOTH
        yield kinds, min((_is_object(types), *map(_is_known, flags)))


def _is_object(types: Value) -> Truth:
    """Whether a type of what is recorded, or one of several, is the object."""
    found = list(types.elements())
    if any(each.text == _OBJECT for each in found):
        return Truth.YES
    return Truth.MAYBE if any(map(_is_open, found)) else Truth.NO


def _is_known(value: Value) -> Truth:
    return Truth.MAYBE if _is_open(value) else Truth.YES


def _is_open(value: Value) -> bool:
    return value.unknown or may_be_anything(value.text or "")
