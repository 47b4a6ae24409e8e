"""Buckets of OCI Object Storage, with what else in a stack is about them.

Logs, replication policies and pre-authenticated requests name a bucket by its name, which is unique in a namespace and
region: joined to the bucket by the name, known or stand-in, or by what the engine recorded where it is not known yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

from ..model import Resource, Stack, Value
from ..values import has_stand_in, may_be_anything

BUCKET: Final = "oci:ObjectStorage/bucket:Bucket"
LOG: Final = "oci:Logging/log:Log"
REPLICATION: Final = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
_CONFIGURATION: Final = "configuration"


class Held(Enum):
    """Whether a bucket has something."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


def given(resource: Resource, key: str) -> Value:
    """A property; absent where the program left it to the provider and what that fills in is not known."""
    value = resource[key]
    told = not value.unknown and not has_stand_in(value.text or "")
    return value if told or resource.gave(key) else Value(None, (key,))


def shown(value: Value) -> str:
    """A name as a message may have it; empty for one that is secret or not known."""
    return "" if value.secret or value.text is None or may_be_anything(value.text) else value.text


def shown_name(bucket: Resource) -> str:
    """What to call a bucket in a message."""
    return shown(bucket["name"]) or bucket.name


def named(stack: Stack, resource: Resource, key: str, value: Value) -> Sequence[Resource] | None:
    """The buckets of the stack that `value`, in property `key` of a resource, names; None where that is not known."""
    if value.text is not None:
        found = _by_name(stack).get(value.text, ())
        if found or not may_be_anything(value.text):
            return found
    elif value.absent:
        return ()
    depends = (stack.by_urn.get(urn) for urn in resource.property_dependencies.get(key, ()))
    buckets = [each for each in depends if each is not None and each.type == BUCKET]
    return buckets if len(buckets) == 1 else None


def _by_name(stack: Stack) -> dict[str, list[Resource]]:
    def index() -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for bucket in stack.of_type([BUCKET]):
            if bucket["name"].text:
                found.setdefault(bucket["name"].text, []).append(bucket)
        return found

    return stack.remember("OCI buckets by name", index)


class Kept:
    """What is kept of the buckets of a stack: where writes are logged, and what is copied to another region."""

    def __init__(self, stack: Stack) -> None:
        self._logged: dict[str, Held] = {}
        self._copied: dict[str, Held] = {}
        self._copies: set[str] = set()
        self._any_logged = self._any_copied = Held.NO
        for log in stack.of_type([LOG]):
            held, source = _logs_writes(log)
            if held is not Held.NO:
                self._any_logged = self._note(self._logged, self._any_logged, held, named(stack, log, *source))
        for policy in stack.of_type([REPLICATION]):
            of = named(stack, policy, "bucket", policy["bucket"])
            self._any_copied = self._note(self._copied, self._any_copied, Held.YES, of)
            key = "destinationBucketName"
            self._copies |= {copy.urn for copy in named(stack, policy, key, policy[key]) or ()}

    @staticmethod
    def _note(known: dict[str, Held], of_any: Held, held: Held, buckets: Sequence[Resource] | None) -> Held:
        """Note what is held of some buckets; of which it is not known, all may have it."""
        if buckets is None:
            return Held.UNCLEAR
        for bucket in buckets:
            if known.get(bucket.urn) is not Held.YES:
                known[bucket.urn] = held
        return of_any

    def logged(self, bucket: Resource) -> Held:
        """Whether writes to a bucket are logged."""
        return self._logged.get(bucket.urn, self._any_logged)

    def copied(self, bucket: Resource) -> Held:
        """Whether a bucket is replicated, or holds what another one replicates to it."""
        if bucket.urn in self._copies:
            return Held.YES
        return self._copied.get(bucket.urn, self._any_copied)


def _logs_writes(log: Resource) -> tuple[Held, tuple[str, Value]]:
    """Whether a log is of writes to a bucket, with the property that names the bucket, and its value."""
    configuration = next(log[_CONFIGURATION].elements(), log[_CONFIGURATION])
    source = next(configuration["source"].elements(), configuration["source"])
    place = _CONFIGURATION, source["resource"]
    enabled = given(log, "isEnabled")
    asked = [_is(source["service"], "objectstorage"), _is(source["category"], "write")]
    if enabled.flag is False or Held.NO in asked:
        return Held.NO, place
    return (Held.UNCLEAR if enabled.unknown or Held.UNCLEAR in asked else Held.YES), place


def _is(value: Value, text: str) -> Held:
    if value.is_open:
        return Held.UNCLEAR
    return Held.YES if (value.text or "").lower() == text else Held.NO


def kept(stack: Stack) -> Kept:
    """What is kept of the buckets of a stack."""
    return stack.remember("kept of OCI buckets", lambda: Kept(stack))


def replications(stack: Stack) -> Iterator[tuple[Resource, Sequence[Resource] | None]]:
    """The replication policies of a stack, each with the buckets of the stack that its copy may be: others than what it
    copies, which may have the same name in another region. None where that is not known."""
    key = "destinationBucketName"
    for policy in stack.of_type([REPLICATION]):
        to, of = named(stack, policy, key, policy[key]), named(stack, policy, "bucket", policy["bucket"]) or ()
        yield policy, None if to is None else [each for each in to if each not in of]
