"""No trail records what is done to objects (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.truth import Truth
from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource, Stack, Value
from ...rule import StackRule
from ...values import may_be_anything
from ..bucket_uses import TRAILS

_OBJECT: Final = "AWS::S3::Object"
_BOTH: Final = frozenset({"writes", "reads"})
_OF_SELECTOR: Final = {"All": _BOTH, "WriteOnly": frozenset({"writes"}), "ReadOnly": frozenset({"reads"})}
_ABSENT: Final = Value(None, ())
_OF_READ_ONLY: Final = {"true": frozenset({"reads"}), "false": frozenset({"writes"})}


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    trails = list(stack.of_type(TRAILS))
    if not trails:
        return
    recorded = [each for trail in trails for each in _recorded(trail)]
    # Trails complete each other: one records what another leaves out.
    missing = _BOTH.difference(*(kinds for kinds, truth in recorded if truth is Truth.YES))
    perhaps = frozenset().union(*(kinds for kinds, truth in recorded if truth is Truth.MAYBE))
    if sure := sorted(missing - perhaps):
        message = f"no trail of this stack records {' and '.join(sure)} of objects, in any bucket"
        yield Finding(path="", urn=trails[0].urn, message=message)
    elif missing:
        reason = f"whether a trail records {' and '.join(sorted(missing))} of objects is not known yet"
        yield undecided("", reason, urn=trails[0].urn)


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


RULE = StackRule(
    id="trail-without-object-events",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="No trail records what is done to objects",
    why="A trail records who changed a bucket, but not who read or deleted its objects, unless it is told to.",
    fix='Set event_selectors=[{"read_write_type": "All", "include_management_events": True, "data_resources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}]. Each event costs.',
    controls=("CIS-AWS-3.0.0:3.8", "CIS-AWS-3.0.0:3.9"),
    covers=("PB-49",),
    types=tuple(TRAILS),
    check=check,
)
