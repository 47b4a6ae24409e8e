"""What keeps the data of an S3 bucket beyond who may read it, and which of it a bucket has.

A safeguard stands in a resource of its own or in a property of the bucket; the properties of the deprecated BucketV2
and of CloudFormation have other names, and lists where the others have objects. Semantics: Amazon S3 User Guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..aws.truth import Truth, truth
from ..model import Resource, Stack, Value
from ..values import may_be_anything
from .bucket_uses import below, copied_to, written_to
from .buckets import NATIVE, Bucket, Part, buckets

# Where a configuration stands: the resource, and the object.
_Found = tuple[Resource, Value]
_KMS: Final = "aws:kms"
_KMS_TWICE: Final = "aws:kms:dsse"
_KEY_OF_AWS: Final = "alias/aws/s3"
_ENABLED: Final = "Enabled"
# The properties of a bucket of its own that hold a configuration, by their names in the types of buckets.
_ENCRYPTION: Final = ("serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations", "bucketEncryption")
_LIFECYCLE: Final = ("lifecycleRules", "lifecycleConfiguration")
_LOGGING: Final = ("logging", "loggings", "loggingConfiguration")
_REPLICATION: Final = ("replicationConfiguration", "replicationConfigurations")
_VERSIONING: Final = ("versioning", "versionings", "versioningConfiguration")
_RECEIVERS: Final = (
    *("lambdaFunctions", "queues", "topics"),
    *("lambdaConfigurations", "queueConfigurations", "topicConfigurations"),
)


@dataclass(frozen=True, slots=True)
class Safeguard:
    """`key` is what the setting calls it, `lack` says that a bucket has none. `resource` is the name of the class that
    gives it, with `arguments`, and `inline` what a bucket of CloudFormation takes instead. `held` tells whether a
    bucket has it."""

    key: str
    lack: str
    part: Part
    resource: str
    arguments: str
    inline: str
    held: Callable[[Stack, Bucket], Truth]


def mended(bucket: Bucket, missing: Sequence[Safeguard]) -> str:
    """What to write for one bucket: once for each kind of resource, as S3 has one of each for a bucket."""
    fixes: dict[Part, str] = {}
    for each in missing:
        fixes.setdefault(each.part, _fix(bucket, each))
    text = "; ".join(fixes.values())
    return text[:1].upper() + text[1:]


def _fix(bucket: Bucket, lacking: Safeguard) -> str:
    there = next(iter(bucket.of(lacking.part)), None)
    if there is not None:
        return f"put {lacking.arguments} into {lacking.resource} {there.name!r}"
    if bucket.resource is None or bucket.resource.type == NATIVE:
        return f"set {lacking.inline}"
    return f'add aws.s3.{lacking.resource}("{bucket.resource.name}", bucket=BUCKET.id, {lacking.arguments})'


def _held(stack: Stack, bucket: Bucket, part: Part, inline: Sequence[str], judge: Callable[[_Found], Truth]) -> Truth:
    """What the configurations of one kind say of a bucket; in doubt where they differ, or may be another's."""
    own = [(bucket.resource, value) for key in inline if (value := bucket.given(key)) is not None]
    told = {judge((resource, value)) for resource, value in own if resource is not None and value.raw != []}
    told |= {judge(_whole(each)) for each in bucket.of(part) if each.urn not in bucket.doubtful}
    if told:
        return told.pop() if len(told) == 1 else Truth.MAYBE
    perhaps = (*(each for each in bucket.of(part) if each.urn in bucket.doubtful), *_strays(stack, part))
    return Truth.NO if all(judge(_whole(each)) is Truth.NO for each in perhaps) else Truth.MAYBE


def _whole(resource: Resource) -> _Found:
    return resource, Value(dict(resource.properties), ())


def _strays(stack: Stack, part: Part) -> Sequence[Resource]:
    """The parts of a kind whose bucket may be any."""
    return stack.remember(
        f"stray {part.name}",
        lambda: [
            each
            for bucket in buckets(stack).all
            if bucket.resource is None
            for each in bucket.of(part)
            if each["bucket"].text is None or may_be_anything(each["bucket"].text or "")
        ],
    )


def _is(value: Value, *wanted: str) -> Truth:
    """Whether a value is one of some texts."""
    if value.unknown or may_be_anything(value.text or ""):
        return Truth.MAYBE
    return truth(value.text in wanted)


def _is_on(value: Value) -> Truth:
    if value.unknown or may_be_anything(value.text or ""):
        return Truth.MAYBE
    return truth(value.flag)


def _any(truths: Iterable[Truth]) -> Truth:
    return max(truths, default=Truth.NO)


def _versioned(found: _Found) -> Truth:
    _, value = found
    statuses = (*below(value, "status"), *below(value, "versioningConfiguration", "status"))
    return max(_any(_is(each, _ENABLED) for each in statuses), _any(map(_is_on, below(value, "enabled"))))


def _encryptions(value: Value) -> Iterator[tuple[Value, Value]]:
    """Each rule of an encryption with the defaults that it sets."""
    for way in (("rules",), ("rule",), ("serverSideEncryptionConfiguration",)):
        for rule in below(value, *way):
            for key in ("applyServerSideEncryptionByDefault", "serverSideEncryptionByDefault"):
                yield from ((rule, each) for each in (*rule[key].elements(), *rule[f"{key}s"].elements()))


def _has_key(found: _Found) -> Truth:
    resource, value = found
    return _any(
        min(_is(each["sseAlgorithm"], _KMS, _KMS_TWICE), _is_a_key(resource, each["kmsMasterKeyId"]))
        for _, each in _encryptions(value)
    )


def _is_a_key(resource: Resource, key: Value) -> Truth:
    if key.unknown:
        # What is computed from a key is its id, whatever that will be.
        return Truth.YES if resource.property_dependencies.get(str(key.keys[0])) else Truth.MAYBE
    text = key.text or ""
    return Truth.MAYBE if may_be_anything(text) else truth(text and not text.endswith(_KEY_OF_AWS))


def _has_bucket_key(found: _Found) -> Truth:
    # Without KMS there is nothing to spare, and its double encryption knows no bucket keys.
    states = (
        max(_is_on(rule["bucketKeyEnabled"]), _is(each["sseAlgorithm"], _KMS).negated())
        for rule, each in _encryptions(found[1])
    )
    return min(states, default=Truth.YES)


def _spares_requests(stack: Stack, bucket: Bucket) -> Truth:
    encrypts = _held(stack, bucket, Part.ENCRYPTION, _ENCRYPTION, lambda _: Truth.YES)
    return Truth.YES if encrypts is Truth.NO else _held(stack, bucket, Part.ENCRYPTION, _ENCRYPTION, _has_bucket_key)


def _is_there(found: _Found) -> Truth:
    return Truth.MAYBE if found[1].unknown else Truth.YES


def _logged(stack: Stack, bucket: Bucket) -> Truth:
    if bucket in written_to(stack):
        return Truth.YES
    return _held(stack, bucket, Part.LOGGING, _LOGGING, _is_there)


def _rules(value: Value) -> Iterator[tuple[Value, Truth]]:
    """The rules in a configuration or in a list of the bucket's own, with whether they are enabled."""
    for each in value.elements():
        for rule in each.elements() if each["rules"].absent else each["rules"].elements():
            yield rule, max(_is(rule["status"], _ENABLED), _is_on(rule["enabled"]))


def _has_rules(found: _Found) -> Truth:
    return _any(enabled for _, enabled in _rules(found[1]))


def _aborts(found: _Found) -> Truth:
    return _any(min(enabled, _aborts_all(rule)) for rule, enabled in _rules(found[1]))


def _aborts_all(rule: Value) -> Truth:
    """Whether a rule aborts every upload: one with a prefix aborts those below it only."""
    days = (rule["abortIncompleteMultipartUpload"], rule["abortIncompleteMultipartUploadDays"])
    prefixes = (
        rule["prefix"],
        *below(rule, "filter", "prefix"),
        *below(rule, "filter", "and", "prefix"),
    )
    if all(each.absent for each in days):
        return Truth.NO
    if any(each.unknown for each in (*days, *prefixes)):
        return Truth.MAYBE
    return truth(not any(each.text for each in prefixes))


def _locked(stack: Stack, bucket: Bucket) -> Truth:
    enabled = bucket.given("objectLockEnabled")
    inline = Truth.NO if enabled is None else _is_on(enabled)
    return max(inline, _held(stack, bucket, Part.LOCK, ("objectLockConfiguration",), _locks))


def _locks(found: _Found) -> Truth:
    enabled = found[1]["objectLockEnabled"]
    return Truth.YES if enabled.absent else _is(enabled, _ENABLED)


def _replicated(stack: Stack, bucket: Bucket) -> Truth:
    if bucket in copied_to(stack):
        return Truth.YES
    return _held(stack, bucket, Part.REPLICATION, _REPLICATION, _has_rules)


def _notifies(found: _Found) -> Truth:
    _, value = found
    events = (*below(value, "eventbridge"), *below(value, "eventBridgeConfiguration", "eventBridgeEnabled"))
    receivers = (_is_there((found[0], each)) for key in _RECEIVERS for each in value[key].elements())
    return max(_any(map(_is_on, events)), _any(receivers))


def _by(part: Part, inline: Sequence[str], judge: Callable[[_Found], Truth]) -> Callable[[Stack, Bucket], Truth]:
    return lambda stack, bucket: _held(stack, bucket, part, inline, judge)


SAFEGUARDS: Final = (
    Safeguard(
        "customer-key",
        "no key of your own",
        Part.ENCRYPTION,
        "BucketServerSideEncryptionConfiguration",
        'rules=[{"apply_server_side_encryption_by_default": '
        '{"sse_algorithm": "aws:kms", "kms_master_key_id": KEY.arn}, "bucket_key_enabled": True}]',
        'bucket_encryption={"server_side_encryption_configuration": [{"server_side_encryption_by_default": '
        '{"sse_algorithm": "aws:kms", "kms_master_key_id": KEY.arn}, "bucket_key_enabled": True}]}',
        _by(Part.ENCRYPTION, _ENCRYPTION, _has_key),
    ),
    Safeguard(
        "bucket-key",
        "no bucket key, which spares requests to KMS",
        Part.ENCRYPTION,
        "BucketServerSideEncryptionConfiguration",
        'rules=[{…, "bucket_key_enabled": True}]',
        'bucket_encryption={"server_side_encryption_configuration": [{…, "bucket_key_enabled": True}]}',
        _spares_requests,
    ),
    Safeguard(
        "versioning",
        "no versioning",
        Part.VERSIONING,
        "BucketVersioning",
        'versioning_configuration={"status": "Enabled"}',
        'versioning_configuration={"status": "Enabled"}',
        _by(Part.VERSIONING, _VERSIONING, _versioned),
    ),
    Safeguard(
        "access-logging",
        "no access log",
        Part.LOGGING,
        "BucketLogging",
        'target_bucket=LOGS.id, target_prefix="s3/"',
        'logging_configuration={"destination_bucket_name": LOGS.id, "log_file_prefix": "s3/"}',
        _logged,
    ),
    Safeguard(
        "incomplete-uploads",
        "no rule that aborts incomplete uploads, which are paid for and not listed",
        Part.LIFECYCLE,
        "BucketLifecycleConfiguration",
        'rules=[{"id": "uploads", "status": "Enabled", "filter": {}, '
        '"abort_incomplete_multipart_upload": {"days_after_initiation": 7}}]',
        'lifecycle_configuration={"rules": [{"id": "uploads", "status": "Enabled", '
        '"abort_incomplete_multipart_upload": {"days_after_initiation": 7}}]}',
        _by(Part.LIFECYCLE, _LIFECYCLE, _aborts),
    ),
    Safeguard(
        "lifecycle",
        "no lifecycle rule",
        Part.LIFECYCLE,
        "BucketLifecycleConfiguration",
        'rules=[{"id": "old-versions", "status": "Enabled", "filter": {}, '
        '"noncurrent_version_expiration": {"noncurrent_days": 90}}]',
        'lifecycle_configuration={"rules": [{"id": "old-versions", "status": "Enabled", '
        '"noncurrent_version_expiration": {"noncurrent_days": 90}}]}',
        _by(Part.LIFECYCLE, _LIFECYCLE, _has_rules),
    ),
    Safeguard(
        "object-lock",
        "no object lock",
        Part.LOCK,
        "BucketObjectLockConfiguration",
        'rule={"default_retention": {"mode": "GOVERNANCE", "days": 30}}',
        'object_lock_enabled=True, object_lock_configuration={"object_lock_enabled": "Enabled", '
        '"rule": {"default_retention": {"mode": "GOVERNANCE", "days": 30}}}',
        _locked,
    ),
    Safeguard(
        "replication",
        "no copy in another bucket",
        Part.REPLICATION,
        "BucketReplicationConfig",
        'role=ROLE.arn, rules=[{"status": "Enabled", "destination": {"bucket": COPY.arn}}]',
        'replication_configuration={"role": ROLE.arn, "rules": [{"status": "Enabled", '
        '"destination": {"bucket": COPY.arn}}]}',
        _replicated,
    ),
    Safeguard(
        "notifications",
        "no event notifications",
        Part.NOTIFICATION,
        "BucketNotification",
        "eventbridge=True",
        'notification_configuration={"event_bridge_configuration": {"event_bridge_enabled": True}}',
        _by(Part.NOTIFICATION, ("notificationConfiguration",), _notifies),
    ),
)
