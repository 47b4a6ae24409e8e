"""What several rules on the policies of buckets share: whether strangers get through, and which bucket is meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..aws.answers import Answer, No
from ..aws.document import Document, Effect, readable
from ..aws.exposure import without_tls
from ..aws.questions import strangers
from ..aws.supposed import about_tls, passes_in_plain
from ..glob import has_wildcard
from ..model import Resource
from ..values import has_stand_in, settled
from .aws_documents import Placed
from .resource_policies import BUCKET_LIKE, exposed

# Types whose policy is a bucket's own.
BUCKET_POLICIES: Final = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketV2:BucketV2",
    "aws-native:s3:BucketPolicy",
    "aws-native:s3express:BucketPolicy",
)
# The accounts from which load balancers of the older regions write their logs (Elastic Load Balancing, "Enable access
# logs"). They are AWS's.
LOAD_BALANCERS: Final = frozenset(
    {"127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "985666609251", "054676820928",
     "156460612806", "652711504416", "635631232127", "009996457667", "897822967062", "754344448648", "582318560864",
     "600734575887", "383597477331", "114774131450", "783225319266", "589379963580", "718504428378", "076674570225",
     "507241528517", "048591011584", "190560391635", "638102146993", "037604701340"}
)  # fmt: skip
_NAME: Final = 5
_BUCKET_NAME: Final = "BUCKET"


def open_to_strangers(document: Document) -> Answer:
    """Whether a stranger gets a request through. A question for `Placed.ask`."""
    return strangers(document, frozenset())


def open_statements(resource: Resource, placed: Placed) -> frozenset[str]:
    """The statements through which strangers get at a bucket, which the rules on buckets speak of; none for a policy
    of anything else."""
    if resource.type not in BUCKET_LIKE or isinstance(placed.ask(open_to_strangers), No):
        return frozenset()
    return frozenset(each.statement for each in exposed(resource, placed).found)


def bucket_arn(resource: Resource, document: Document) -> str:
    """The ARN of the bucket that a policy stands on: by the name it is given, else as the policy writes it.

    A bucket's policy may speak of that bucket only. Where neither says it, the name is a stand-in to be filled in.
    """
    name = resource["bucket"].text or ""
    written = next(_written(document), "")
    if written and (not name or has_stand_in(name + written) or name.startswith("arn:") or ":s3express:" in written):
        return written
    if name.startswith("arn:"):
        return name
    partition = next((text.split(":")[1] for text in _texts(document) if text.count(":") >= _NAME), "aws")
    return f"arn:{partition}:s3:::{settled(name, name) or _BUCKET_NAME}"


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
        elif has_stand_in(text) and not has_wildcard(text.partition("/")[0]):
            yield text.partition("/")[0]


def tls_gap(resource: Resource, placed: Placed) -> Answer:
    """Whether a request without TLS gets past a policy that has a Deny about TLS, by a grant that the caller holds."""
    if not about_tls(placed.document):
        return No()
    arn, service = _asked(resource, placed.document)
    return passes_in_plain(placed.document, service, _with_objects(arn))


def without_tls_through(resource: Resource, placed: Placed) -> Answer:
    """Whether a request without TLS gets through a policy: by its own grants or, where it grants nothing, by those
    that callers hold."""
    arn, service = _asked(resource, placed.document)
    if all(each.effect is Effect.DENY for each in placed.document.statements):
        return passes_in_plain(placed.document, service, _with_objects(arn))
    return without_tls(placed.document, (service,))


def tls_deny(resource: Resource, placed: Placed) -> str:
    """A statement that denies all requests without TLS on a bucket, to be pasted."""
    arn, service = _asked(resource, placed.document)
    arn = f"arn:aws:s3:::{_BUCKET_NAME}" if has_stand_in(arn) else arn
    resources = ", ".join(f'"{each}"' for each in _with_objects(arn))
    return (
        f'{{"Effect": "Deny", "Principal": "*", "Action": "{service}:*", "Resource": [{resources}], '
        '"Condition": {"Bool": {"aws:SecureTransport": "false"}}}'
    )


def _asked(resource: Resource, document: Document) -> tuple[str, str]:
    """The ARN of the bucket that a policy stands on, and the service that it belongs to."""
    arn = bucket_arn(resource, document)
    return arn, service_of(arn)


def _with_objects(arn: str) -> tuple[str, ...]:
    """The ARNs of a bucket and of its objects; those of a directory bucket have none."""
    return (arn,) if service_of(arn) == "s3express" else (arn, f"{arn}/*")


def service_of(arn: str) -> str:
    """The service of a bucket's ARN; S3 where a stand-in hides it."""
    return "s3express" if ":s3express:" in arn else "s3"
