"""A large state, as `pulumi stack export` writes one: data stores with their roles, policies and databases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

from .requests import ACCOUNT, document

_SECRET: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
_CIPHERTEXT: Final = {**_SECRET, "ciphertext": f"v1:mEEOdvnkFLCNAvX8:{'N' * 80}"}
_TAGS: Final = {"team": "ai", "stage": "production"}

Entry = dict[str, Any]


def write_state(file: Path, megabytes: float) -> int:
    """Write a state of at least that size to `file`, without a finding in it; returns its size in bytes."""
    texts = [_text(_entry("pulumi:pulumi:Stack", "models-prod", {}, {}, custom=False))]
    size = 0
    for number in count():
        if size >= megabytes * 1e6:
            break
        store = [_text(entry) for entry in _store(number)]
        texts += store
        size += sum(map(len, store))
    head = '{"version": 3, "deployment": {"manifest": {"time": "2026-01-01T00:00:00Z"}, "resources": [\n'
    return file.write_text(head + ",\n".join(texts) + "\n]}}\n", encoding="utf-8")


def _text(entry: Entry) -> str:
    # As indented as the CLI writes it.
    return json.dumps(entry, indent=4)


def _urn(type_: str, name: str) -> str:
    return f"urn:pulumi:prod::models::{type_}::{name}"


def _entry(
    type_: str, name: str, inputs: Mapping[str, object], outputs: Mapping[str, object], *, custom: bool = True
) -> Entry:
    return {
        "urn": _urn(type_, name),
        "custom": custom,
        "id": name,
        "type": type_,
        "inputs": {**inputs, "__defaults": ["region"]},
        "outputs": {**inputs, **outputs},
        "parent": "" if name == "models-prod" else _urn("pulumi:pulumi:Stack", "models-prod"),
        "propertyDependencies": {key: [] for key in inputs},
        "created": "2026-01-01T00:00:00Z",
        "modified": "2026-01-01T00:00:00Z",
        "sourcePosition": "project:///__main__.py#12",
        "stackTrace": [{"sourcePosition": "project:///__main__.py#12"}],
    }


def _store(number: int) -> Iterator[Entry]:
    bucket, role = f"model-data-{number}", f"reader-{number}"
    arn = f"arn:aws:s3:::{bucket}"
    default = {"rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}}
    grant = {"id": "c" * 64, "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}
    yield _entry(
        "aws:s3/bucket:Bucket",
        bucket,
        {"bucket": bucket, "forceDestroy": False, "tags": _TAGS, "region": "eu-central-1"},
        {
            "arn": arn,
            "bucketDomainName": f"{bucket}.s3.amazonaws.com",
            "versioning": {"enabled": True, "mfaDelete": False},
            "serverSideEncryptionConfiguration": default,
            "grants": [grant],
            "tagsAll": _TAGS,
            "lifecycleRules": [],
        },
    )
    tls_only = {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"{arn}/*"}
    readers = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/readers/{reader}"},
            "Action": ["s3:GetObject"],
            "Resource": f"{arn}/{reader}/*",
        }
        for reader in range(6)
    ]
    secure = {**tls_only, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    yield _entry(
        "aws:s3/bucketPolicy:BucketPolicy", bucket, {"bucket": bucket, "policy": document([secure, *readers])}, {}
    )
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    yield _entry(
        "aws:iam/role:Role",
        role,
        {"name": role, "assumeRolePolicy": document([trust]), "tags": _TAGS},
        {
            "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
            "maxSessionDuration": 3600,
            "path": "/",
            "managedPolicyArns": [],
        },
    )
    read = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"{arn}/*"}
    yield _entry("aws:iam/rolePolicy:RolePolicy", role, {"role": role, "policy": document([read])}, {})
    yield _entry(
        "aws:rds/instance:Instance",
        f"index-{number}",
        {"allocatedStorage": 20, "engine": "postgres", "instanceClass": "db.t4g.micro", "password": _CIPHERTEXT},
        {
            "address": f"index-{number}.abc.eu-central-1.rds.amazonaws.com",
            "arn": f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:index-{number}",
            "vpcSecurityGroupIds": ["sg-0123456789abcdef0"],
            "availabilityZone": "eu-central-1a",
        },
    )
