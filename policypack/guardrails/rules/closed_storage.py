"""Policies of storage that strangers never get at, whatever its policies say: AWS keeps its access block on.

For vector buckets and table buckets all settings are on and cannot be turned off (Amazon S3 User Guide, "Working with
S3 Vectors and vector buckets", "Working with Amazon S3 Tables and table buckets"), nor can they for directory buckets
with their access points ("Security best practices for S3 Express One Zone"), for buckets on Outposts (Amazon S3 on
Outposts User Guide, on access management), and for Object Lambda access points (API reference,
GetAccessPointForObjectLambda).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..aws.truth import Truth
from ..model import Stack
from .access_blocks import Held
from .openings import Opening
from .policy_openings import opened
from .resource_policies import bucket_documents

_TABLE_BUCKET: Final = ("this table bucket", "table bucket")
_TABLE: Final = ("this table", "table bucket")
_VECTORS: Final = ("this vector bucket", "vector bucket")
_OUTPOST: Final = ("this bucket", "bucket on an Outpost")
_OUTPOST_POINT: Final = ("this access point", "bucket on an Outpost")
_DIRECTORY: Final = ("this bucket", "directory bucket")
_DIRECTORY_POINT: Final = ("this access point", "directory bucket")
_OBJECT_LAMBDA: Final = ("this access point", "Object Lambda access point")
# Of each type, what its policy opens, and whose access block stays on.
_CLOSED: Final[Mapping[str, tuple[str, str]]] = {
    "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy": _VECTORS,
    "aws:s3control/bucketPolicy:BucketPolicy": _OUTPOST,
    "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy": _OBJECT_LAMBDA,
    "aws:s3tables/tableBucketPolicy:TableBucketPolicy": _TABLE_BUCKET,
    "aws:s3tables/tablePolicy:TablePolicy": _TABLE,
    "aws-native:s3express:AccessPoint": _DIRECTORY_POINT,
    "aws-native:s3express:BucketPolicy": _DIRECTORY,
    "aws-native:s3objectlambda:AccessPointPolicy": _OBJECT_LAMBDA,
    "aws-native:s3outposts:AccessPoint": _OUTPOST_POINT,
    "aws-native:s3outposts:BucketPolicy": _OUTPOST,
    "aws-native:s3tables:TableBucketPolicy": _TABLE_BUCKET,
    "aws-native:s3tables:TablePolicy": _TABLE,
    "aws-native:s3vectors:VectorBucketPolicy": _VECTORS,
}
CLOSED_TYPES: Final = tuple(_CLOSED)


def closed_openings(stack: Stack) -> Sequence[Opening]:
    """The policies of such storage that would let strangers in, all of them held back."""
    return stack.remember("closed openings", lambda: tuple(_openings(stack)))


def _openings(stack: Stack) -> Iterator[Opening]:
    for resource in stack.of_type(_CLOSED):
        what, whose = _CLOSED[resource.type]
        held = Held(Truth.YES, f"the public access block of every {whose}, which stays on,", lasting=True)
        for placed in bucket_documents(resource):
            for finding in opened(resource, placed, what):
                yield Opening(resource, (), finding, held)
