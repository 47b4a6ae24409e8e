"""What other resources use the buckets of a stack for: to write logs into, or copies of objects.

Resources name a bucket by its name, its ARN with a prefix or without, or a domain name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..aws.document import Effect
from ..model import Resource, Stack, Value
from .bucket_configurations import below
from .buckets import BUCKETS, PARTS, Bucket, Part, bucket_text, buckets, names_of
from .resource_policies import BUCKET_LIKE, bucket_documents
from .trails import TRAILS

# Where the name of a bucket that logs are written to stands. A trail's is none of these: what a trail records is worth
# a log of who reads it (CIS AWS 3.4), and its bucket does not fill itself.
_LOGS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    **dict.fromkeys(PARTS[Part.LOGGING], (("targetBucket",),)),
    "aws:s3/bucket:Bucket": (("logging", "targetBucket"),),
    "aws:s3/bucketV2:BucketV2": (("loggings", "targetBucket"),),
    "aws-native:s3:Bucket": (("loggingConfiguration", "destinationBucketName"),),
    "aws:lb/loadBalancer:LoadBalancer": (("accessLogs", "bucket"), ("connectionLogs", "bucket")),
    "aws:alb/loadBalancer:LoadBalancer": (("accessLogs", "bucket"), ("connectionLogs", "bucket")),
    "aws:elb/loadBalancer:LoadBalancer": (("accessLogs", "bucket"),),
    "aws:cloudfront/distribution:Distribution": (("loggingConfig", "bucket"),),
    "aws-native:cloudfront:Distribution": (("distributionConfig", "logging", "bucket"),),
    "aws:ec2/flowLog:FlowLog": (("logDestination",),),
    "aws-native:ec2:FlowLog": (("logDestination",),),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": (("destinationArn",),),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (("logDestinationConfigs",),),
}
_COPIES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(PARTS[Part.REPLICATION], ("rules", "destination", "bucket")),
    "aws:s3/bucket:Bucket": ("replicationConfiguration", "rules", "destination", "bucket"),
    "aws:s3/bucketV2:BucketV2": ("replicationConfigurations", "rules", "destinations", "bucket"),
    "aws-native:s3:Bucket": ("replicationConfiguration", "rules", "destination", "bucket"),
}
_DOMAINS: Final = ("bucketDomainName", "bucketRegionalDomainName", "domainName", "regionalDomainName")
# A domain name of a bucket, but for those of its website (Amazon S3 User Guide, "Virtual hosting of buckets").
S3_DOMAIN: Final = re.compile(r"(?P<bucket>.+?)\.s3(?:[.-](?!website)[\w.-]+)?\.amazonaws\.com(?:\.cn)?", re.IGNORECASE)
# Who delivers logs (Amazon S3 User Guide, "Enabling server access logging"; Amazon CloudWatch Logs User Guide,
# "Enable logging from AWS services").
_S3: Final = frozenset({"logging.s3.amazonaws.com"})
_BALANCERS: Final = frozenset({"logdelivery.elasticloadbalancing.amazonaws.com"})
_DELIVERERS: Final = _S3 | _BALANCERS | {"delivery.logs.amazonaws.com"}
_LOGS_OF_S3: Final = {key: ways for key, ways in _LOGS.items() if key in {*PARTS[Part.LOGGING], *BUCKETS}}
_LOGS_OF_BALANCERS: Final = {key: ways for key, ways in _LOGS.items() if key.endswith("LoadBalancer")}
_LOG_ACLS: Final = frozenset({"log-delivery-write", "LogDeliveryWrite"})
_LOG_GROUP: Final = "http://acs.amazonaws.com/groups/s3/LogDelivery"


@dataclass(frozen=True, slots=True)
class Names:
    """The buckets that a stack declares, by URN and by what may name one."""

    by_urn: Mapping[str, Bucket]
    by_text: Mapping[str, list[Bucket]]

    def meant(self, resource: Resource, value: Value) -> list[Bucket]:
        """The buckets that a value of a resource names; where it has no text yet, those that it was computed from."""
        if value.text is None:
            urns = resource.property_dependencies.get(str(value.keys[0]), ())
            return [self.by_urn[urn] for urn in urns if urn in self.by_urn]
        domain = S3_DOMAIN.fullmatch(value.text)
        name = domain["bucket"] if domain else bucket_text(value.text).partition("/")[0]
        return self.by_text.get(value.text) or self.by_text.get(name, [])


def names(stack: Stack) -> Names:
    """The buckets of a stack by what may name them."""
    return stack.remember("names of buckets", lambda: _names(stack))


def _names(stack: Stack) -> Names:
    by_urn: dict[str, Bucket] = {}
    by_text: dict[str, list[Bucket]] = {}
    for bucket in buckets(stack).all:
        if bucket.resource is None:
            continue
        by_urn[bucket.resource.urn] = bucket
        texts = names_of(bucket.resource)
        for text in sorted((texts | {bucket.resource[key].text or "" for key in _DOMAINS}) - {""}):
            by_text.setdefault(text, []).append(bucket)
    return Names(by_urn, by_text)


def written_to(stack: Stack) -> frozenset[Bucket]:
    """The buckets that get the logs of others: to log the access to those too would never end, or log logs."""
    return stack.remember("written to", lambda: frozenset(_written_to(stack)))


def copied_to(stack: Stack) -> frozenset[Bucket]:
    """The buckets that get copies of the objects of others."""
    return stack.remember("copied to", lambda: frozenset(_at(stack, {key: (way,) for key, way in _COPIES.items()})))


def trailed_to(stack: Stack) -> frozenset[Bucket]:
    """The buckets that get what trails record."""
    return stack.remember("trailed to", lambda: frozenset(_at(stack, {key: ((way,),) for key, way in TRAILS.items()})))


def _at(stack: Stack, ways: Mapping[str, Iterable[tuple[str, ...]]]) -> Iterator[Bucket]:
    known = names(stack)
    for resource in stack.of_type(ways):
        for way in ways[resource.type]:
            if not resource.gave(way[0]):
                continue
            for value in below(resource[way[0]], *way[1:]):
                yield from known.meant(resource, value)


def _written_to(stack: Stack) -> Iterator[Bucket]:
    yield from _at(stack, _LOGS)
    trailed = trailed_to(stack)
    yield from (each for each in _let_in(stack, _DELIVERERS) if each not in trailed)


def logged_to_by_s3(stack: Stack) -> frozenset[Bucket]:
    """The buckets that get the server access logs of others, which S3 writes into none that has a default retention
    (Amazon S3 User Guide, "Enabling server access logging")."""
    return stack.remember("logged to by S3", lambda: frozenset({*_at(stack, _LOGS_OF_S3), *_let_in(stack, _S3)}))


def kept_from_kms(stack: Stack) -> frozenset[Bucket]:
    """The buckets whose default key has to be that of S3: server access logs and those of load balancers are not
    written under keys of KMS (the same guide; Elastic Load Balancing User Guides, "Access logs")."""
    return stack.remember(
        "kept from KMS",
        lambda: logged_to_by_s3(stack).union(_at(stack, _LOGS_OF_BALANCERS), _let_in(stack, _BALANCERS)),
    )


def _let_in(stack: Stack, deliverers: frozenset[str]) -> Iterator[Bucket]:
    """The buckets that let one of these services deliver logs."""
    for each in buckets(stack).all:
        if (deliverers >= _S3 and has_log_acl(each)) or _takes_logs(each, deliverers):
            yield each


def has_log_acl(bucket: Bucket) -> bool:
    """Whether an ACL of a bucket, canned or granted, lets S3 deliver logs into it."""
    canned = [each[key] for each in _own(bucket) for key in ("acl", "accessControl")]
    groups = [group for each in _own(bucket) for group in below(each["grants"], "uri")]
    for part in bucket.of(Part.ACL):
        canned.append(part["acl"])
        groups += below(part["accessControlPolicy"], "grants", "grantee", "uri")
    return any(each.text in _LOG_ACLS for each in canned) or any(each.text == _LOG_GROUP for each in groups)


def _takes_logs(bucket: Bucket, deliverers: frozenset[str]) -> bool:
    """Whether the policy of a bucket lets one of these services deliver logs into it. Of one that cannot be read the
    rules on strangers speak."""
    return any(
        statement.effect is Effect.ALLOW and any(each.name in deliverers for each in statement.named_principals)
        for resource in (*bucket.of(Part.POLICY), *_own(bucket))
        if resource.type in BUCKET_LIKE
        for placed in bucket_documents(resource)
        for statement in placed.document.statements
    )


def _own(bucket: Bucket) -> list[Resource]:
    return [] if bucket.resource is None else [bucket.resource]
