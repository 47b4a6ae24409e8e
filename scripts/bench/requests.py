"""The requests that are timed: one of each kind that the rules have most to read in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as pb

ACCOUNT: Final = "402917363552"

Requests = Callable[[int], Sequence[pb.AnalyzeRequest]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of request. `properties` makes those of the n-th one: no two hold the same document, so no cache of the
    pack answers for the parsing of one that it has not seen."""

    name: str
    type: str
    properties: Callable[[int], dict[str, Any]]

    def request(self, number: int) -> pb.AnalyzeRequest:
        """The n-th request, as the engine sends it: parsed from bytes."""
        properties = Struct()
        properties.update(self.properties(number))
        name = f"model-{number}"
        sent = pb.AnalyzeRequest(
            type=self.type, urn=f"urn:pulumi:dev::ai::{self.type}::{name}", name=name, properties=properties
        )
        return pb.AnalyzeRequest.FromString(sent.SerializeToString())

    def fresh(self) -> Requests:
        """Gives as many requests as it is asked for, none of them twice."""
        numbers = count(1)
        return lambda wanted: [self.request(number) for number in islice(numbers, wanted)]


def _bucket(number: int) -> dict[str, object]:
    return {"bucket": f"model-data-{number}", "forceDestroy": False, "tags": {"team": "ai", "stage": "dev"}}


def _statement(bucket: str, reader: int) -> dict[str, object]:
    return {
        "Sid": f"Reader{reader}",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/readers/batch-inference-{reader}"},
        "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/models/{reader}/*"],
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    }


def _bucket_policy(number: int) -> dict[str, object]:
    bucket = f"model-data-{number}"
    tls_only = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    statements = [tls_only, *(_statement(bucket, reader) for reader in range(40))]
    return {"bucket": bucket, "policy": document(statements)}


def _managed_policy(number: int) -> dict[str, object]:
    statements = [
        {key: value for key, value in _statement(f"model-data-{number}", reader).items() if key != "Principal"}
        for reader in range(20)
    ]
    return {"name": f"readers-{number}", "path": "/ai/", "policy": document(statements)}


def _role(number: int) -> dict[str, object]:
    issuer = "token.actions.githubusercontent.com"
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": f"repo:example/models-{number}:environment:production",
            }
        },
    }
    read = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": f"arn:aws:s3:::model-data-{number}/*",
    }
    return {
        "name": f"artifacts-{number}",
        "description": "Lets the release workflow write its artifacts",
        "maxSessionDuration": 3600,
        "assumeRolePolicy": document([trust]),
        "inlinePolicies": [{"name": "artifacts", "policy": document([read])}],
        "tags": {"team": "ai", "cost-center": "4711"},
    }


def document(statements: Sequence[object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _lifecycle(number: int) -> dict[str, object]:
    rules = [
        {
            "id": f"expire-{number}-{index}",
            "enabled": True,
            "prefix": f"models/{index}/checkpoints/",
            "tags": {"retention": "short", "team": "ai"},
            "transitions": [{"days": 30, "storageClass": "STANDARD_IA"}, {"days": 90, "storageClass": "GLACIER"}],
            "noncurrentVersionExpiration": {"days": 30},
            "expiration": {"days": 365},
        }
        for index in range(41)
    ]
    return {"bucket": f"model-data-{number}", "lifecycleRules": rules}


def _oci_policy(number: int) -> dict[str, object]:
    group, compartment = f"group 'Default'/'ai-users-{number}'", f"compartment ai:models-{number}"
    either = "any {request.permission = 'OBJECT_CREATE', request.permission = 'OBJECT_INSPECT'}"
    both = f"target.bucket.name = 'out-{number}', {either}"
    return {
        "compartmentId": "ocid1.compartment.oc1..aaaaaaaaexample",
        "name": f"ai-users-{number}",
        "description": "Lets the service account use the AI services",
        "statements": [
            f"Allow {group} to use ai-service-language-family in {compartment}",
            f"Allow {group} to read objects in {compartment} where target.bucket.name = 'models-{number}'",
            f"Allow {group} to use fn-invocation in {compartment} where target.function.id = 'ocid1.fnfunc..a{number}'",
            f"Allow {group} to manage objects in {compartment} where all {{{both}}}",
        ],
    }


def _pet(number: int) -> dict[str, Any]:
    return {"length": 2, "prefix": f"model-{number}", "separator": "-"}


SUBJECTS: Final = (
    Subject("a small bucket", "aws:s3/bucket:Bucket", _bucket),
    Subject("a bucket with lifecycle rules", "aws:s3/bucket:Bucket", _lifecycle),
    Subject("a bucket policy", "aws:s3/bucketPolicy:BucketPolicy", _bucket_policy),
    Subject("an IAM policy", "aws:iam/policy:Policy", _managed_policy),
    Subject("a role", "aws:iam/role:Role", _role),
    Subject("an OCI policy", "oci:Identity/policy:Policy", _oci_policy),
    Subject("a type that no rule names", "random:index/randomPet:RandomPet", _pet),
)
