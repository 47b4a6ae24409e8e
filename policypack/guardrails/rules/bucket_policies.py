"""What several rules on the policies of buckets share: whether strangers get through, and which bucket is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..aws.answers import Answer, No
from ..aws.document import Document, Effect, Statement, readable
from ..aws.exposure import Exposures, without_tls
from ..aws.questions import strangers
from ..aws.supposed import about_tls, passes_in_plain
from ..glob import has_wildcard
from ..model import Resource
from ..values import has_stand_in, settled
from .aws_documents import Placed
from .buckets import is_directory_name
from .resource_policies import BUCKET_LIKE, exposed, services_of

# Types whose policy is a bucket's own.
BUCKET_POLICIES: Final = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketV2:BucketV2",
    "aws-native:s3:BucketPolicy",
    "aws-native:s3express:BucketPolicy",
)
# Where the name stands in the parts of an ARN.
_NAME: Final = 5
_IN_PLAIN: Final = (
    '{{"Effect": "Deny", "Principal": "*", "Action": "{service}:*", "Resource": [{resources}], '
    '"Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}'
)


def open_to_strangers(document: Document) -> Answer:
    """Whether a stranger gets a request through. A question for `Placed.ask`."""
    return strangers(document, frozenset())


def strangers_through(resource: Resource, placed: Placed) -> Exposures:
    """What strangers may do through a policy; nothing through one of a bucket that `open_to_strangers` answers No of,
    whatever a survey leaves in doubt."""
    if resource.type in BUCKET_LIKE and isinstance(placed.ask(open_to_strangers), No):
        return Exposures((), ())
    return exposed(resource, placed)


def open_statements(resource: Resource, placed: Placed) -> frozenset[str]:
    """The statements through which strangers get at a bucket, which the rules on buckets speak of; none for a policy
    of anything else.

    Through an access point of a VPC no stranger gets, so the rules on buckets say nothing of its policy.
    """
    if resource.type not in BUCKET_LIKE or not resource["vpcConfiguration"].absent:
        return frozenset()
    return frozenset(each.statement for each in strangers_through(resource, placed).found)


@dataclass(frozen=True, slots=True)
class Standing:
    """A policy with the ARN of the bucket that it stands on, and the service of that bucket."""

    document: Document
    arn: str
    service: str


def standing(resource: Resource, document: Document) -> Standing:
    """A policy with its bucket: by the name it is given, else as it is written in the policy.

    A bucket's policy may speak of that bucket only, so what hides the whole ARN is read as its name. What is not known
    of the ARN is any.
    """
    name, written = _name(resource), next(_written(document), "")
    is_directory = is_directory_name(name) or ":s3express:" in written or services_of(resource) == ("s3express",)
    service = "s3express" if is_directory else "s3"
    whole = replace(document, statements=tuple(_with_arns(each, service) for each in document.statements))
    written = next(_written(whole), "")
    if written and (not name or has_stand_in(name + written) or name.startswith("arn:") or ":s3express:" in written):
        return Standing(whole, written, service)
    return Standing(whole, _usual(resource, document, service), service)


def _name(resource: Resource) -> str:
    given = resource["bucket"]
    return "" if given.secret else given.text or ""


def _usual(resource: Resource, document: Document, service: str) -> str:
    """The ARN that a bucket has by its name alone."""
    name = _name(resource)
    if name.startswith("arn:") and name.count(":") >= _NAME:
        return name
    partition = next((text.split(":")[1] for text in _texts(document) if text.count(":") >= _NAME), "aws")
    return _arn(str(settled(name, name)) or "BUCKET", service, partition)


def _arn(name: str, service: str, partition: str = "aws") -> str:
    place = "s3express:*:*:bucket/" if service == "s3express" else "s3:::"
    return f"arn:{partition}:{place}{name}"


def _with_arns(statement: Statement, service: str) -> Statement:
    """A statement in which no stand-in hides a whole ARN."""

    def spelt(texts: tuple[str | None, ...] | None) -> tuple[str | None, ...] | None:
        return texts and tuple(_arn(each, service) if each and _is_hidden(each) else each for each in texts)

    return replace(statement, resources=spelt(statement.resources), not_resources=spelt(statement.not_resources))


def _is_hidden(text: str) -> bool:
    return ":" not in text and not has_wildcard(text[:1]) and has_stand_in(text)


def _texts(document: Document) -> Iterator[str]:
    for each in document.statements:
        yield from readable(each.resources, each.not_resources)


def _written(document: Document) -> Iterator[str]:
    """The bucket of each ARN in a policy that names one without a wildcard."""
    for text in _texts(document):
        parts = text.split(":", _NAME)
        if len(parts) > _NAME and parts[2] in ("s3", "s3express"):
            head, slash, rest = parts[_NAME].partition("/")
            name = f"{head}{slash}{rest.partition('/')[0]}" if parts[2] == "s3express" else head
            if name and not has_wildcard(name) and "${" not in name:
                yield ":".join((*parts[:_NAME], name))


def tls_gap(resource: Resource, placed: Placed) -> Answer:
    """Whether a request without TLS gets past a policy that has a Deny about TLS, by a grant that the caller holds."""
    return _passes(standing(resource, placed.document)) if about_tls(placed.document) else No()


def without_tls_through(resource: Resource, placed: Placed) -> Answer:
    """Whether a request without TLS gets through a policy: by its own grants or, where it grants nothing, by those
    that callers hold."""
    stood = standing(resource, placed.document)
    if all(each.effect is Effect.DENY for each in placed.document.statements):
        return _passes(stood)
    return without_tls(placed.document, (stood.service,))


def _passes(stood: Standing) -> Answer:
    return passes_in_plain(stood.document, stood.service, _with_objects(stood.arn, stood.service))


def tls_deny(resource: Resource, placed: Placed) -> str:
    """A statement that denies all requests without TLS on a bucket, to be pasted."""
    stood = standing(resource, placed.document)
    arn = _filled_in(stood.arn, _usual(resource, placed.document, stood.service), stood.service)
    return deny_in_plain(", ".join(f'"{each}"' for each in _with_objects(arn, stood.service)), stood.service)


def deny_in_plain(resources: str, service: str = "s3") -> str:
    """The usual statement that denies all requests without TLS on `resources`, written as they are to stand there."""
    return _IN_PLAIN.format(service=service, resources=resources)


def _filled_in(arn: str, usual: str, service: str) -> str:
    """An ARN in which each part that a stand-in hides is that of the usual one, or left to be filled in."""
    blanks = ("arn", "aws", service, "REGION", "ACCOUNT", _arn("BUCKET", service).split(":", _NAME)[_NAME])
    for known in (usual.split(":", _NAME), blanks):
        parts = zip(arn.split(":", _NAME), known, strict=True)
        arn = ":".join(filled if part == "*" or has_stand_in(part) else part for part, filled in parts)
    return arn


def _with_objects(arn: str, service: str) -> tuple[str, ...]:
    """The ARNs of a bucket and of its objects; those of a directory bucket have none."""
    return (arn,) if service == "s3express" else (arn, f"{arn}/*")
