"""Files of policy documents: what they may be wrapped in, what they are read as, and what is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from policypack.guardrails.aws.document import Kind
from preflight.errors import CheckError
from preflight.sources import policy_file
from preflight.sources.policy_file import PolicyFile

READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
OPEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
}


def read(tmp_path: Path, content: object, kind: Kind | None = None, name: str = "policy.json") -> PolicyFile:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return policy_file.read(path, kind)


def text(document: object) -> str:
    return json.dumps(document)


@pytest.mark.parametrize(
    ("content", "kind", "unwrapped"),
    [
        pytest.param(READ, Kind.IDENTITY, "", id="by itself"),
        pytest.param(quote(text(READ)), Kind.IDENTITY, "its URL encoding", id="URL-encoded"),
        pytest.param(json.dumps(text(READ)), Kind.IDENTITY, "a JSON text", id="a JSON text"),
        pytest.param(
            {"PolicyVersion": {"Document": READ}}, Kind.IDENTITY, "get-policy-version", id="get-policy-version"
        ),
        pytest.param(
            {"PolicyVersion": {"Document": quote(text(READ))}}, Kind.IDENTITY, "get-policy-version", id="its API's form"
        ),
        pytest.param({"RoleName": "r", "PolicyDocument": READ}, Kind.IDENTITY, "get-role-policy", id="get-role-policy"),
        pytest.param({"PolicyDocument": OPEN}, Kind.RESOURCE, "get-role-policy", id="as in a template"),
        pytest.param({"Role": {"AssumeRolePolicyDocument": TRUST}}, Kind.TRUST, "aws iam get-role", id="get-role"),
        pytest.param({"AssumeRolePolicyDocument": TRUST}, Kind.TRUST, "aws iam get-role", id="its role"),
        pytest.param({"Policy": text(OPEN)}, Kind.RESOURCE, "get-bucket-policy", id="get-bucket-policy"),
        pytest.param({"Policy": text(OPEN), "RevisionId": "1"}, Kind.RESOURCE, "get-bucket-policy", id="lambda"),
        pytest.param({"Attributes": {"Policy": text(OPEN)}}, Kind.RESOURCE, "get-queue-attributes", id="a queue"),
        pytest.param({"policyText": text(OPEN)}, Kind.RESOURCE, "get-repository-policy", id="a repository"),
        pytest.param({"ResourcePolicy": text(OPEN)}, Kind.RESOURCE, "get-resource-policy", id="a secret"),
    ],
)
def test_wrappers(content: object, kind: Kind, unwrapped: str, tmp_path: Path) -> None:
    found = read(tmp_path, content)
    assert (found.document.kind, found.document.problems) == (kind, ())
    assert len(found.document.statements) == 1
    assert unwrapped in found.unwrapped
    assert bool(unwrapped) == bool(found.unwrapped)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"], ids=lambda encoding: encoding
)
def test_encodings(encoding: str, tmp_path: Path) -> None:
    found = read(tmp_path, text(READ).encode(encoding))
    assert found.document.problems == ()
    assert found.unwrapped == ""


@pytest.mark.parametrize(
    ("document", "kind", "why"),
    [
        pytest.param(READ, Kind.IDENTITY, "no statement names a principal", id="identity"),
        pytest.param(OPEN, Kind.RESOURCE, "a statement names a principal", id="resource"),
        pytest.param(TRUST, Kind.TRUST, "its statements are on assuming a role", id="trust"),
        pytest.param(
            {**TRUST, "Statement": {**TRUST["Statement"], "Action": ["sts:AssumeRoleWithSAML", "sts:tagsession"]}},  # type: ignore[dict-item]
            Kind.TRUST,
            "its statements are on assuming a role",
            id="trust, tagged sessions",
        ),
        pytest.param(
            {**TRUST, "Statement": {**TRUST["Statement"], "Resource": "*"}},  # type: ignore[dict-item]
            Kind.RESOURCE,
            "a statement names a principal",
            id="with a resource",
        ),
        pytest.param(
            {**TRUST, "Statement": {**TRUST["Statement"], "Action": "sts:*"}},  # type: ignore[dict-item]
            Kind.RESOURCE,
            "a statement names a principal",
            id="every action of sts",
        ),
        pytest.param(
            {"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*"}},
            Kind.RESOURCE,
            "a statement names a principal",
            id="NotPrincipal",
        ),
    ],
)
def test_the_kind_is_inferred_and_said(document: object, kind: Kind, why: str, tmp_path: Path) -> None:
    found = read(tmp_path, document)
    assert (found.document.kind, found.why) == (kind, why)
    given = read(tmp_path, document, Kind.IDENTITY)
    assert (given.document.kind, given.why) == (Kind.IDENTITY, "")


def test_a_name_that_stands_twice_survives_the_unwrapping(tmp_path: Path) -> None:
    inner = '{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "é:\\ud800", "Resource": "*"}}'
    alone = read(tmp_path, inner)
    wrapped = read(tmp_path, f'{{"PolicyVersion": {{"Document": {inner}}}}}')
    assert wrapped.document == alone.document
    assert alone.document.problems
    wrapped.text.encode()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        pytest.param("", "x.json", "is empty", id="empty"),
        pytest.param("{\n  oops-secret", "x.json", "not JSON: line 2, column 3", id="not JSON"),
        pytest.param('{"Policy": "{oops-secret"}', "x.json", "not JSON: line 1, column 2", id="not JSON inside"),
        pytest.param("[1]", "x.json", "no policy document, which is an object", id="a list"),
        pytest.param("7", "x.json", "no policy document, which is an object", id="a number"),
        pytest.param('"oops-secret"', "x.json", "no policy document, which is an object", id="a text"),
        pytest.param(b"\x89PNG\xff\xfe oops", "x.json", "is no text", id="binary"),
        pytest.param("[" * 100_000, "x.json", "nested too deeply", id="deep"),
        pytest.param(" " * 1_000_001 + "{}", "x.json", "characters, far more than AWS takes", id="long"),
        pytest.param("x" * 4_000_001, "x.json", "larger than 4 MB", id="huge"),
        pytest.param("Version: '2012-10-17'\nStatement: []\n", "x.json", "looks like YAML", id="YAML"),
        pytest.param("# oops-secret\n", "x.yml", "looks like YAML", id="YAML by its name"),
        pytest.param("Allow group A to read buckets in tenancy", "x.txt", "OCI statements", id="OCI statements"),
        pytest.param('["allow group A to read buckets in tenancy"]', "x.json", "OCI statements", id="OCI, a list"),
        pytest.param('{"statements": ["Define x as y"]}', "x.json", "OCI statements", id="OCI, a policy"),
        pytest.param('{"Policy": {"Arn": "x"}}', "x.json", "`aws iam get-policy-version` prints it", id="get-policy"),
        pytest.param('{"version": 3, "deployment": {}}', "x.json", "`preflight state` judges states", id="a state"),
    ],
)
def test_what_is_refused_in_one_sentence(content: str | bytes, name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CheckError) as raised:
        read(tmp_path, content, name=name)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "oops" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "message"), [("nowhere", "cannot read"), (".", "is a folder; give the file of a policy document")]
)
def test_what_is_no_file(name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=message):
        policy_file.read(tmp_path / name, None)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text(READ).encode("utf-8-sig"))))
    assert policy_file.read(Path("-"), None).document.kind is Kind.IDENTITY
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(CheckError, match="no standard input"):
        policy_file.read(Path("-"), None)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Action": "s3:GetObject", "Resource": "*"}, "s3"),
        ({"Action": ["S3:Get*", "s3:List*"], "Resource": "*"}, "s3"),
        ({"Action": "*", "Resource": "arn:aws-cn:s3:::b/*"}, "s3"),
        ({"NotAction": "s3:GetObject", "Resource": "*"}, "s3"),
        ({"Action": "*", "Resource": "*"}, ""),
        ({"Action": ["s3:GetObject", "sqs:SendMessage"], "Resource": "*"}, ""),
        ({"Action": "*", "Resource": ["arn:aws:s3:::b/*", "arn:aws:sqs:::q"]}, ""),
        ({"Action": "ecr:BatchGetImage"}, "ecr"),
    ],
)
def test_the_service_that_a_resource_policy_is_about(
    elements: dict[str, object], expected: str, tmp_path: Path
) -> None:
    document = {"Statement": {"Effect": "Allow", "Principal": "*", **elements}}
    assert policy_file.service_of(read(tmp_path, document).document) == expected
