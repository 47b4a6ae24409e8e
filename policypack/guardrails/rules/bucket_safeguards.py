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
from .bucket_configurations import Found, below, held
from .bucket_policies import deny_in_plain
from .bucket_uses import copied_to, kept_from_kms, logged_to_by_s3, written_to
from .buckets import NATIVE, Bucket, Part
from .resource_policies import BUCKET_LIKE, bucket_documents

_AES: Final = "AES256"
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
_TLS_ONLY: Final = (
    '{"Version": "2012-10-17", "Statement": ['
    + deny_in_plain('BUCKET.arn, pulumi.Output.concat(BUCKET.arn, "/*")')
    + "]}"
)
_RECEIVERS: Final = (
    *("lambdaFunctions", "queues", "topics"),
    *("lambdaConfigurations", "queueConfigurations", "topicConfigurations"),
)


@dataclass(frozen=True, slots=True)
class Safeguard:
    """`key` is what the setting calls it, `lack` says that a bucket has none. `resource` is the name of the class that
    gives it, with `arguments`, and `inline` what a bucket of CloudFormation takes instead. `held` tells whether a
    bucket has it, `not_for` which buckets need none or would not do with it, and `spoilt_by` which resource of its kind
    is to be mended, where there are any."""

    key: str
    lack: str
    part: Part
    resource: str
    arguments: str
    inline: str
    held: Callable[[Stack, Bucket], Truth]
    spoilt_by: Callable[[Resource], bool] = lambda _: True
    not_for: Callable[[Stack], frozenset[Bucket]] = lambda _: frozenset()


def mended(resource: Resource, bucket: Bucket, missing: Sequence[Safeguard]) -> str:
    """What to write for one bucket that is declared as `resource`: once for each kind of resource, as S3 has one of each for a bucket."""
    fixes: dict[Part, str] = {}
    for each in missing:
        fixes.setdefault(each.part, _fix(resource, bucket, each))
    text = "; ".join(fixes.values())
    return text[:1].upper() + text[1:]


def _fix(resource: Resource, bucket: Bucket, lacking: Safeguard) -> str:
    there = next(filter(lacking.spoilt_by, bucket.of(lacking.part)), None)
    if there is not None:
        return f"put {lacking.arguments} into {there.type.rpartition(':')[2]} {there.name!r}"
    if resource.type == NATIVE:
        return f"set {lacking.inline}"
    return f'add aws.s3.{lacking.resource}("{resource.name}", bucket=BUCKET.id, {lacking.arguments})'


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


def _versioned(found: Found) -> Truth:
    _, value = found
    statuses = (*below(value, "status"), *below(value, "versioningConfiguration", "status"))
    return max(_any(_is(each, _ENABLED) for each in statuses), _any(map(_is_on, below(value, "enabled"))))


def _encryptions(value: Value) -> Iterator[tuple[Value, Value]]:
    """Each rule of an encryption with the defaults that it sets."""
    for way in (("rules",), ("rule",), ("serverSideEncryptionConfiguration",)):
        for rule in below(value, *way):
            for key in ("applyServerSideEncryptionByDefault", "serverSideEncryptionByDefault"):
                yield from ((rule, each) for each in (*rule[key].elements(), *rule[f"{key}s"].elements()))


def _has_key(found: Found) -> Truth:
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


def _keeps_key(stack: Stack, bucket: Bucket) -> Truth:
    """Whether no object leaves the key of its bucket aside; one without a key has none to leave."""
    is_left = (
        min(_names_another_key(each), Truth.MAYBE if each.urn in bucket.doubtful else Truth.YES)
        for each in bucket.of(Part.OBJECT)
    )
    has_key = held(stack, bucket, Part.ENCRYPTION, _ENCRYPTION, _has_key)
    return max(has_key.negated(), _any(is_left).negated())


def _names_another_key(resource: Resource) -> Truth:
    """Whether an object names a key of AWS, which S3 then takes in place of the bucket's (Amazon S3 API Reference,
    "PutObject"): KMS without a key is that of S3."""
    if resource.gave("kmsKeyId") and not resource["kmsKeyId"].absent:
        return _is_a_key(resource, resource["kmsKeyId"]).negated()
    # Among outputs, what nobody gave is the bucket's.
    given = resource.gave("serverSideEncryption")
    return _is(resource["serverSideEncryption"], _AES, _KMS, _KMS_TWICE) if given else Truth.NO


def _has_bucket_key(found: Found) -> Truth:
    # Without KMS there is nothing to spare, and its double encryption knows no bucket keys.
    states = (
        max(_is_on(rule["bucketKeyEnabled"]), _is(each["sseAlgorithm"], _KMS).negated())
        for rule, each in _encryptions(found[1])
    )
    return min(states, default=Truth.YES)


def _spares_requests(stack: Stack, bucket: Bucket) -> Truth:
    encrypts = held(stack, bucket, Part.ENCRYPTION, _ENCRYPTION, _is_there)
    return Truth.YES if encrypts is Truth.NO else held(stack, bucket, Part.ENCRYPTION, _ENCRYPTION, _has_bucket_key)


def _is_there(found: Found) -> Truth:
    return Truth.MAYBE if found[1].unknown else Truth.YES


def _rules(value: Value) -> Iterator[tuple[Value, Truth]]:
    """The rules in a configuration or in a list of the bucket's own, with whether they are enabled."""
    for each in value.elements():
        for rule in each.elements() if each["rules"].absent else each["rules"].elements():
            yield rule, max(_is(rule["status"], _ENABLED), _is_on(rule["enabled"]))


def _has_rules(found: Found) -> Truth:
    return _any(enabled for _, enabled in _rules(found[1]))


def _aborts(found: Found) -> Truth:
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
    return max(inline, held(stack, bucket, Part.LOCK, ("objectLockConfiguration",), _locks))


def _locks(found: Found) -> Truth:
    enabled = found[1]["objectLockEnabled"]
    return Truth.YES if enabled.absent else _is(enabled, _ENABLED)


def _notifies(found: Found) -> Truth:
    _, value = found
    events = (*below(value, "eventbridge"), *below(value, "eventBridgeConfiguration", "eventBridgeEnabled"))
    receivers = (_is_there((found[0], each)) for key in _RECEIVERS for each in value[key].elements())
    return max(_any(map(_is_on, events)), _any(receivers))


def _has_policy(found: Found) -> Truth:
    # Whether a policy that is there lets plain HTTP through is what the rules on policies say.
    return truth(found[0].type in BUCKET_LIKE and bucket_documents(found[0]))


def _by(part: Part, inline: Sequence[str], judge: Callable[[Found], Truth]) -> Callable[[Stack, Bucket], Truth]:
    return lambda stack, bucket: held(stack, bucket, part, inline, judge)


# Several may have one key.
SAFEGUARDS: Final = (
    Safeguard(
        "tls-only",
        "no policy that denies plain HTTP",
        Part.POLICY,
        "BucketPolicy",
        f"policy=pulumi.Output.json_dumps({_TLS_ONLY})",
        f"policy_document={_TLS_ONLY} in an aws_native.s3.BucketPolicy beside it",
        _by(Part.POLICY, ("policy",), _has_policy),
    ),
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
        not_for=kept_from_kms,
    ),
    Safeguard(
        "customer-key",
        "objects that a key of AWS encrypts in place of yours",
        Part.OBJECT,
        "BucketObjectv2",
        'server_side_encryption="aws:kms", kms_key_id=KEY.arn',
        "",
        _keeps_key,
        lambda each: _names_another_key(each) is Truth.YES,
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
        _by(Part.LOGGING, _LOGGING, _is_there),
        not_for=written_to,
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
        not_for=logged_to_by_s3,
    ),
    Safeguard(
        "replication",
        "no copy in another bucket",
        Part.REPLICATION,
        "BucketReplicationConfig",
        'role=ROLE.arn, rules=[{"status": "Enabled", "destination": {"bucket": COPY.arn}}]',
        'replication_configuration={"role": ROLE.arn, "rules": [{"status": "Enabled", '
        '"destination": {"bucket": COPY.arn}}]}',
        _by(Part.REPLICATION, _REPLICATION, _has_rules),
        not_for=copied_to,
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
