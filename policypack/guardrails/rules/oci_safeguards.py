"""What keeps the data of an Object Storage bucket beyond who may read it, and what each bucket of a stack lacks.

Semantics: Oracle Cloud Infrastructure documentation, "Using Object Versioning" (a bucket has either versioning or
retention rules) and "Details for Object Storage" of the Logging service (category `write`, by the name of the bucket).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..model import Resource, Stack
from .oci_buckets import Held, given, kept

_LOG: Final = (
    'oci.logging.Log(…, log_type="SERVICE", is_enabled=True, configuration={"source": {"source_type": "OCISERVICE", '
    '"service": "objectstorage", "category": "write", "resource": bucket.name}})'
)


@dataclass(frozen=True, slots=True)
class Safeguard:
    """`key` is what the setting calls it, `lack` says that a bucket has none, `fix` is what to write."""

    key: str
    lack: str
    fix: str
    held: Callable[[Stack, Resource], Held]


def _versioned(_stack: Stack, bucket: Resource) -> Held:
    # Retention rules keep versions of objects from being overwritten, and allow no versioning beside them.
    return _either(_is_versioned(bucket), _is_retained(bucket))


def _retained(_stack: Stack, bucket: Resource) -> Held:
    return _either(_is_retained(bucket), _is_versioned(bucket))


def _either(one: Held, other: Held) -> Held:
    return one if other is Held.NO or one is Held.YES else other


def _is_versioned(bucket: Resource) -> Held:
    value = given(bucket, "versioning")
    if value.is_open:
        return Held.UNCLEAR
    return Held.YES if (value.text or "").lower() == "enabled" else Held.NO


def _is_retained(bucket: Resource) -> Held:
    rules = given(bucket, "retentionRules")
    if rules.unknown:
        return Held.UNCLEAR
    return Held.YES if any(True for _ in rules.elements()) else Held.NO


def _has_key(_stack: Stack, bucket: Resource) -> Held:
    key = given(bucket, "kmsKeyId")
    # What is computed from a key is its id, whatever that will be.
    if key.unknown and bucket.property_dependencies.get("kmsKeyId"):
        return Held.YES
    return Held.UNCLEAR if key.is_open else Held.YES if key.text else Held.NO


def _emits_events(_stack: Stack, bucket: Resource) -> Held:
    events = given(bucket, "objectEventsEnabled")
    return Held.UNCLEAR if events.is_open else Held.YES if events.flag else Held.NO


SAFEGUARDS: Final = (
    Safeguard("versioning", "no versioning", 'versioning="Enabled"', _versioned),
    Safeguard("customer-key", "no key of your own", "kms_key_id=key.id", _has_key),
    Safeguard("object-events", "no events for its objects", "object_events_enabled=True", _emits_events),
    Safeguard(
        "retention",
        "no retention rule",
        'retention_rules=[{"display_name": "keep", "duration": {"time_amount": "30", "time_unit": "DAYS"}}]',
        _retained,
    ),
    Safeguard(
        "replication",
        "no copy in another region",
        "oci.objectstorage.ReplicationPolicy(…, bucket=bucket.name, destination_bucket_name=…, "
        "destination_region_name=…)",
        lambda stack, bucket: kept(stack).copied(bucket),
    ),
    Safeguard("write-logging", "no log of writes", _LOG, lambda stack, bucket: kept(stack).logged(bucket)),
)
