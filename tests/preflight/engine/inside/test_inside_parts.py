"""The parts of the inner engine that need no program: tokens, names, places, certain forms, marks on the wire."""

from __future__ import annotations

import base64
import collections.abc
import enum
import re
import typing

import pulumi
import pytest
from google.protobuf import struct_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.secrets import looks, names
from policypack.guardrails.values import STAND_IN, has_stand_in, may_be_anything
from preflight.engine.inside import (
    canaries,
    constants,
    functions,
    identifiers,
    naming,
    places,
    providers,
    shapes,
    sources,
    stand_ins,
    synthesis,
    texts,
    urns,
    wire,
)

NOWHERE = places.place("urn", {})


@given(st.text(), st.text())
@settings(max_examples=50)
def test_tokens_are_recognised_and_stable(urn: str, path: str) -> None:
    assert STAND_IN.fullmatch(stand_ins.computed(urn, path))
    assert STAND_IN.fullmatch(stand_ins.account(urn))
    assert may_be_anything(stand_ins.anything(urn, path))
    assert stand_ins.computed(urn, path) == stand_ins.computed(urn, path) != stand_ins.computed(urn, path + "x")


@given(st.text(), st.sampled_from(["secret", "password", "token", "privateKeyPem"]))
@settings(max_examples=50)
def test_a_canary_contains_the_token_of_its_property(urn: str, path: str) -> None:
    assert stand_ins.computed(urn, path) in canaries.canary("toy:index:Thing", urn, path)


PASSWORD = "random:index/randomPassword:RandomPassword"


@pytest.mark.parametrize(
    ("type_", "path", "inputs", "pattern"),
    [
        ("aws:iam/accessKey:AccessKey", "secret", {}, r"[A-Za-z0-9+/]{40}"),
        ("aws:iam/accessKey:AccessKey", "sesSmtpPasswordV4", {}, r"[A-Za-z0-9+/]{44}"),
        ("aws:appsync/apiKey:ApiKey", "key", {}, r"da2-[a-z0-9]{26}"),
        (
            "aws:iam/userLoginProfile:UserLoginProfile",
            "password",
            {"passwordLength": 16.0},
            r"(?=.*[A-Z])(?=.*\W).{16}",
        ),
        ("oci:Identity/authToken:AuthToken", "token", {}, r"(?=.*[^A-Za-z0-9])[!-~]{20}"),
        ("oci:Identity/customerSecretKey:CustomerSecretKey", "key", {}, r"[A-Za-z0-9+/]{43}="),
        (
            "oci:ObjectStorage/preauthrequest:Preauthrequest",
            "accessUri",
            {"namespace": "ns", "bucket": "b"},
            r"/p/[\w-]+/n/ns/b/b/o/",
        ),
        ("tls:index/privateKey:PrivateKey", "privateKeyPem", {"algorithm": "RSA"}, r"-----BEGIN RSA P[^#]+\n"),
        ("tls:index/privateKey:PrivateKey", "privateKeyOpenssh", {}, r"-----BEGIN OPENSSH P[^#]+\n"),
        ("toy:index:Thing", "privateKeyPem", {}, r"-----BEGIN PRIVATE KEY-----\n\w+\n-----END PRIVATE KEY-----\n"),
        ("toy:index:Thing", "kubeTokenBase64", {}, r"c3RhbmRpbj[A-Za-z0-9+/]+=*"),
        (PASSWORD, "result", {"length": 16.0}, r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]).{16}"),
        (PASSWORD, "result", {"length": 20.0, "special": False}, r"[A-Za-z0-9]{20}"),
        (PASSWORD, "result", {"length": 20.0, "lower": False, "overrideSpecial": "_"}, r"[A-Z0-9_]*_[A-Z0-9_]*"),
        (PASSWORD, "result", {"length": 20.0, "numeric": False, "special": False}, r"[A-Za-z]{20}"),
        (PASSWORD, "result", {"length": 8.0}, r".{8}"),
        ("random:index/randomBytes:RandomBytes", "hex", {"length": 32.0}, r"7374616e64696e3063[0-9a-f]{46}"),
    ],
)
def test_canaries_look_like_the_credential(type_: str, path: str, inputs: dict, pattern: str) -> None:
    canary = canaries.canary(type_, "urn", path, inputs)
    assert re.fullmatch(pattern, canary)
    assert canary == canaries.canary(type_, "urn", path, inputs) != canaries.canary(type_, "other", path, inputs)
    has_room = len(canary) > 12 and inputs.get("numeric", True) and path != "hex"
    assert has_stand_in(canary) == has_room


def test_every_form_of_a_canary_is_for_a_declared_output() -> None:
    import pulumi_aws  # noqa: F401 - registers the classes
    import pulumi_oci  # noqa: F401

    for type_, path in canaries.FORMS:
        if type_.startswith(("aws:", "oci:")):
            cls = shapes.resource_class(type_, "")
            assert cls is not None, type_
            output = shapes.of_resource(cls).output(path)
            assert output is not None, (type_, path)
            assert shapes.unwrap(output.type)[0] is str, (type_, path)


@pytest.mark.parametrize("length", [1, 16, 31, 32, 33])
def test_a_canary_of_key_bytes_can_be_decoded(length: int) -> None:
    canary = canaries.canary("random:index/randomBytes:RandomBytes", "urn", "base64", {"length": length})
    assert len(base64.b64decode(canary, validate=True)) == length


@pytest.mark.parametrize(
    ("parent", "type_", "expected"),
    [
        ("", "pulumi:pulumi:Stack", "pulumi:pulumi:Stack"),
        ("urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev", "a:b:C", "a:b:C"),
        ("urn:pulumi:dev::demo::x:y:Z::z", "a:b:C", "x:y:Z$a:b:C"),
        ("urn:pulumi:dev::demo::u:v:W$x:y:Z::name::with::colons", "a:b:C", "u:v:W$x:y:Z$a:b:C"),
    ],
    ids=["stack", "child-of-stack", "child", "grandchild"],
)
def test_urns(parent: str, type_: str, expected: str) -> None:
    assert urns.build("dev", "demo", parent, type_, "n") == f"urn:pulumi:dev::demo::{expected}::n"


@pytest.mark.parametrize(
    ("properties", "account", "region"),
    [
        ({}, None, None),
        ({"region": "eu-west-1", "allowedAccountIds": '["123456789012"]'}, "123456789012", "eu-west-1"),
        ({"allowedAccountIds": '["123456789012", "210987654321"]'}, None, None),
        ({"allowedAccountIds": "not json"}, None, None),
        (
            {
                "assumeRoles": '[{"roleArn": "arn:aws:iam::111111111111:role/a"}, {"roleArn": "arn:aws:iam::222222222222:role/b"}]'
            },
            "222222222222",
            None,
        ),
    ],
    ids=["nothing", "one-account", "two-accounts", "unreadable", "role-chain"],
)
def test_places(properties: dict, account: str | None, region: str | None) -> None:
    place = places.place("urn", properties)
    assert place.account_known is (account is not None)
    assert has_stand_in(place.account) if account is None else place.account == account
    assert has_stand_in(place.region) if region is None else place.region == region


def test_accounts_differ_only_where_credentials_do() -> None:
    assert places.place("a", {"region": "eu-west-1"}).account == places.place("b", {}).account
    assert places.place("a", {"profile": "x"}).account != places.place("b", {}).account


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_partitions(region: str, partition: str) -> None:
    assert NOWHERE.at(region).partition == partition


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        (providers.Package("aws", "7.51.1", ""), "default_7_51_1"),
        (providers.Package("aws", "", ""), "default"),
        (providers.Package("x", "v1.0.0-rc.1+b", ""), "default_1_0_0_rc_1_b"),
    ],
    ids=["version", "no-version", "pre-release"],
)
def test_names_of_default_providers(package: providers.Package, expected: str) -> None:
    assert providers.default_name(package) == expected


@pytest.mark.parametrize(
    ("type_", "name", "pattern"),
    [
        ("aws:ec2/vpc:Vpc", "mainRouteTableArn", r"arn:aws:ec2:TOKEN:ACCOUNT:vpc/TOKEN"),
        ("aws:iam/thing:Thing", "arn", r"arn:aws:iam::ACCOUNT:thing/TOKEN"),
        ("aws:rds/instance:Instance", "secretArn", r"arn:aws:secretsmanager:TOKEN:ACCOUNT:secret:TOKEN"),
        ("aws:rds/instance:Instance", "kmsKeyId", r"arn:aws:kms:TOKEN:ACCOUNT:key/TOKEN"),
        ("aws:ecs/taskDefinition:TaskDefinition", "executionRoleArn", r"arn:aws:iam::ACCOUNT:role/TOKEN"),
        ("aws:macie2/x:X", "bucketArn", r"arn:aws:s3:::TOKEN"),
        ("aws:ses/x:X", "snsTopicArn", r"arn:aws:sns:TOKEN:ACCOUNT:TOKEN"),
        ("aws:batch/x:X", "jobQueueArn", r"arn:aws:batch:TOKEN:ACCOUNT:x/TOKEN"),
        ("aws:dms/endpoint:Endpoint", "certificateArn", r"arn:aws:acm:TOKEN:ACCOUNT:certificate/TOKEN"),
        ("aws:dms/certificate:Certificate", "certificateArn", r"arn:aws:dms:TOKEN:ACCOUNT:certificate/TOKEN"),
        ("oci:Core/vcn:Vcn", "defaultRouteTableId", r"ocid1\.defaultroutetable\.oc1\.\.TOKEN"),
        ("oci:Core/vcn:Vcn", "id", r"ocid1\.vcn\.oc1\.\.TOKEN"),
        ("aws:ec2/eip:Eip", "publicIp", r"249\.\d{1,3}\.\d{1,3}\.7"),
        ("aws:ec2/vpc:Vpc", "cidrBlock", r"248\.\d{1,3}\.0\.0/16"),
        ("x:y:Z", "callbackUrl", r"https://TOKEN\.invalid"),
        ("x:y:Z", "dnsName", r"TOKEN\.invalid"),
        ("x:y:Z", "zip", r"standin0x[0-9a-f]{16}"),
        ("x:y:Z", "valid", r"standin0x[0-9a-f]{16}"),
        ("aws:iam/getPolicy:getPolicy", "policy", r'\{"(standin0x[0-9a-f]{16})": "\1"\}'),
        ("x:y:Z", "policy", r"standin0x[0-9a-f]{16}"),
        ("x:y:Z", "certPem", r"-----BEGIN CERTIFICATE-----\nTOKEN\n-----END CERTIFICATE-----\n"),
    ],
)
def test_texts_are_well_formed_for_their_kind(type_: str, name: str, pattern: str) -> None:
    text = texts.text(texts.Subject("urn", type_, NOWHERE), name, name)
    expected = pattern.replace("TOKEN", r"standin0c[0-9a-f]{16}").replace("ACCOUNT", r"86420975\d{4}")
    assert re.fullmatch(expected, text)


SIZE = stand_ins.anything("urn", "size")


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@pytest.mark.parametrize(
    ("hint", "program", "pack"),
    [
        (bool, False, wire.UNKNOWN),
        (int, 1, wire.UNKNOWN),
        (float, 0.5, wire.UNKNOWN),
        (Color, "red", wire.UNKNOWN),
        (collections.abc.Mapping[str, str], {SIZE: SIZE}, wire.UNKNOWN),
        (collections.abc.Sequence[int], [1, 1, 1], wire.UNKNOWN),
        (pulumi.Output[int | None], 1, wire.UNKNOWN),
        (pulumi.Asset, None, wire.UNKNOWN),
    ],
    ids=["bool", "int", "float", "enum", "map", "list", "optional-output", "asset"],
)
def test_values_fit_their_type_and_only_recognisable_ones_reach_the_pack(hint, program, pack) -> None:
    subject = texts.Subject("urn", "x:y:Z", NOWHERE)
    assert synthesis.for_program(subject, hint, "size", "size") == program
    assert synthesis.for_pack(subject, hint, "size", "size") == pack


def test_an_address_is_one_that_the_pack_knows_for_an_invention() -> None:
    subject = texts.Subject("urn", "x:y:Z", NOWHERE)
    address = synthesis.for_program(subject, str, "publicIp", "publicIp")
    assert address.startswith("249.")
    assert synthesis.for_pack(subject, str, "publicIp", "publicIp") == address


def shape(*names: str) -> shapes.Shape:
    return shapes.Shape(tuple(shapes.Property(n, str, False, True) for n in names), frozenset(names))


@pytest.mark.parametrize(
    ("type_", "given_inputs", "expected"),
    [
        ("x:y:Z", {}, r"log-standin0c[0-9a-f]{16}"),
        ("x:y:Z", {"name": "mine"}, "mine"),
        ("x:y:Z", {"namePrefix": "mine-"}, None),
        ("x:y:Z", {"name": None}, r"log-standin0c[0-9a-f]{16}"),
        ("aws:kms/alias:Alias", {}, r"alias/log-standin0c[0-9a-f]{16}"),
        ("aws:sqs/queue:Queue", {"fifoQueue": True}, r"log-standin0c[0-9a-f]{16}\.fifo"),
    ],
    ids=["generated", "given", "prefix", "null", "alias", "fifo"],
)
def test_physical_names(type_: str, given_inputs: dict, expected: str | None) -> None:
    inputs = struct_pb2.Struct()
    inputs.update(given_inputs)
    naming.fill(type_, "log", "urn", shape("name", "namePrefix"), inputs)
    if expected is None:
        assert "name" not in inputs
    else:
        assert re.fullmatch(expected, inputs["name"])


def test_a_bucket_is_named_by_its_own_property() -> None:
    inputs = struct_pb2.Struct()
    naming.fill("aws:s3/bucket:Bucket", "log", "urn", shape("bucket", "name"), inputs)
    assert list(inputs.fields) == ["bucket"]


@pytest.mark.parametrize("table", [identifiers.ARNS, identifiers.IDS], ids=["arns", "ids"])
def test_every_template_of_the_tables_names_declared_parts(table: dict[str, str]) -> None:
    import pulumi_aws  # noqa: F401 - registers the classes
    import pulumi_oci  # noqa: F401

    special = {"partition", "region", "account", "dns_suffix", "random", "issuer", "name_path", "path", "id", "arn"}
    for type_, template in table.items():
        cls = shapes.resource_class(type_, "")
        assert cls is not None, type_
        parts: list[str] = []
        identifiers.fill(template, lambda part, parts=parts: parts.append(part) or "x")
        names = {item.name for item in shapes.of_resource(cls).outputs}
        assert set(parts) <= names | special, type_


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", ["plain"]),
        ('{"user": "ann", "password": "p", "nested": [{"api_key": "k"}]}', ["p", "k"]),
        ('{"STRIPE": "x", "tokenIssuer": "https://auth.acme.io/", "secretName": "a"}', []),
        ("{broken", []),
    ],
    ids=["text", "object", "settings", "broken"],
)
def test_credentials_inside_a_secret_text(text: str, expected: list[str]) -> None:
    whole, *inner = sources.credentials(text)
    assert whole == text
    assert sorted(inner) == sorted(expected if text != "plain" else [])


@pytest.mark.parametrize(
    ("name", "text", "whole", "expected"),
    [
        ("owner", "seven77", True, False),
        ("dbPassword", "hunt", True, True),
        ("dbPassword", "abc", True, False),
        ("dbPassword", "CHANGEME", True, False),
        ("secretName", "seven77", True, False),
        ("secretString", "https://auth.shop.acme.io/v2/", True, False),
        ("secretString", "https://hooks.acme.io/T0/" + "aB3dE5gH7jK9", True, True),
        ("secretString", "https://app:" + "hunter2" + "@db.acme.io/", True, True),
        ("password", "/prod/db/key-name", False, False),
        ("password", "shop/prod/app-secrets", False, False),
        ("password", "/aB3dE5gH7+jK9", False, True),
        ("password", "horse-staple", False, True),
    ],
)
def test_short_literals_count_where_a_credential_is_named(name: str, text: str, whole: bool, expected: bool) -> None:
    assert sources.may_be_literal(name, text, whole=whole) is expected


@pytest.mark.parametrize("name", ["session", "endpoint", "region"])
def test_words_that_are_exported_count_under_a_telling_name(name: str) -> None:
    assert not sources.may_be_literal(name, "eu-west-1", whole=True, exported=True)
    assert sources.may_be_literal(name, "Jk39sLq02nVx84", whole=True, exported=True)
    assert sources.may_be_literal(f"{name}Password", "horse-staple", whole=True, exported=True)


@pytest.mark.parametrize(
    "name",
    [
        *("tokenIssuer", "tokenTable", "secretName", "passwordPolicy", "TOKEN_URL", "secret-arn", "accessKeyId"),
        *("passwordLength", "token.ttl", "SecretVersion", "credentialsFile", "private_key_path", "passwordHash"),
        *("tokenEndpoint", "secretPrefix", "secretRotation", "tokenType", "pwdMinLength", "tokenAudience"),
    ],
)
def test_both_sides_know_the_settings_beside_a_credential(name: str) -> None:
    assert not names.is_credential((name,), "")
    assert not sources.names_credential(name)


@pytest.mark.parametrize(
    "name", ["password", "dbPassword", "api_token", "SECRET", "clientSecret", "secretAccessKey", "private-key", "pwd"]
)
def test_both_sides_know_the_names_of_credentials(name: str) -> None:
    assert names.is_credential((name,), "")
    assert sources.names_credential(name)


@pytest.mark.parametrize(
    "text",
    [
        *("CHANGEME", "change-me", " 'changeme' ", "please-change-me", "replace this", "insert_here", "fill in later"),
        *("your-password", "YOUR_API_KEY", "my-secret", "todo", "TODO: rotate", "tbd", "fixme", "n/a", "none", "null"),
        *("dummy", "dummy-value", "placeholder", "example", "redacted", "unset", "not set", "not-used", "default"),
        *("", "***", "...", "<password>", "${DB_PASSWORD}", "{{ password }}", "$(password)", "[secret]", "xxxxxxxx"),
        *("$PASSWORD", "%PASSWORD%", "%s", "__PASSWORD__", "password", "secret", "token", "unknown"),
    ],
)
def test_both_sides_take_the_same_texts_for_placeholders(text: str) -> None:
    assert looks.is_placeholder(text)
    assert sources.is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["Sommerregen-im-Mai", "exchange-metal", "defaults2024", "yourself", "hunter2", "password1", "xx-12", "nonesuch"],
)
def test_both_sides_take_other_texts_for_none(text: str) -> None:
    assert not looks.is_placeholder(text)
    assert not sources.is_placeholder(text)


@pytest.mark.parametrize(
    "text", ['{"user": "ann", "password": "CHANGEME"}', '{"password": "<password>", "nested": [{"api_key": "todo"}]}']
)
def test_an_object_with_placeholders_alone_has_no_credential(text: str) -> None:
    assert list(sources.credentials(text)) == []


def test_python_names_of_function_arguments_become_wire_names() -> None:
    assert functions.camel_cased({"statements": [{"not_actions": ["a_b"], "sid": "x"}]}) == {
        "statements": [{"notActions": ["a_b"], "sid": "x"}]
    }


plain_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(plain_values)
@settings(max_examples=100)
def test_values_survive_the_wire(value) -> None:
    message = struct_pb2.Value()
    wire.assign(message, value)
    assert wire.to_plain(message) == value
    wire.mark_secret(message)
    wire.mark_secret(message)
    assert wire.signature(message) == wire.SECRET
    assert wire.to_plain(message) == value
    assert wire.signature(wire.reveal(message)) != wire.SECRET


def struct(**fields) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    for key, value in fields.items():
        wire.assign(made.fields[key], value)
    return made


SECRET = {wire.SIGNATURE: wire.SECRET}


def test_secret_texts_come_with_their_paths() -> None:
    message = struct(
        a={**SECRET, "value": "one"},
        b=[{**SECRET, "value": {"c": "two", "d": [wire.UNKNOWN, "three"]}}, "open"],
        e={"f": {**SECRET, "value": 5}},
    )
    assert sorted(wire.secret_texts(message)) == [
        (("a",), "one"),
        (("b", 0, "c"), "two"),
        (("b", 0, "d", 1), "three"),
    ]


def test_the_engines_own_keys_are_left_out_and_those_inside_values_stay() -> None:
    message = struct(__internal={}, a={"__defaults": [], "b": [{"__x": 1, "y": 2}]}, c="__text")
    inside = {"__defaults": [], "b": [{"__x": 1, "y": 2}]}
    assert wire.struct_to_plain(wire.without_internal_keys(message)) == {"a": inside, "c": "__text"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, "x"]}, '{"a": [1.0, "x"]}'),
        ({"a": wire.UNKNOWN}, wire.UNKNOWN),
        ({"a": {**SECRET, "value": "s"}}, {**SECRET, "value": '{"a": "s"}'}),
    ],
    ids=["plain", "unknown-inside", "secret-inside"],
)
def test_documents_become_text(value, expected) -> None:
    message = struct_pb2.Value()
    wire.assign(message, value)
    wire.as_json_text(message)
    compare = struct_pb2.Value()
    wire.assign(compare, expected)
    assert message == compare


def test_hints_are_unwrapped() -> None:
    assert shapes.unwrap(pulumi.Output[typing.Optional[str]]) == (str, True)  # noqa: UP045 - what SDKs write
    assert shapes.unwrap(str | None) == (str, True)
    assert shapes.unwrap(typing.Union[str, Color]) == (str, False)  # noqa: UP007
    assert shapes.unwrap(int) == (int, False)


HOSTILE = {
    "circle": "from other import X\nfrom main import X as Y\nA = f'{X}{Y}'",
    "itself": "A = A + 'a'\nB = C\nC = B",
    "deep": "A = " + " + ".join(["'a'"] * 900),
    "percent": "A = '%999999999s' % 'a'\nB = '%*d' % (9, 'a')\nC = '%s' % ('a', 'b')",
    "format": "A = '{:>999999999}'.format('a')\nB = '{0.x}{'.format('a')\nC = '{a!r}'.format(a='b')",
    "growth": "A0 = 'aaaaaaaaaa'\n" + "".join(f"A{i + 1} = A{i} + A{i} + A{i}\n" for i in range(40)),
    "replace": f"A = {'a' * 60_000!r}.replace('a', {'b' * 60_000!r})",
    "kinds": "A = 'a' + b'b'\nB = b'\\xff'.decode()\nC = 'a'.encode('rot13')\nimport base64\nD = base64.b64decode('a')",
    "scopes": "class A:\n B = A.B\ndef f(x=f): return f(x)['a']\nC = C['a'] or D.get('a', C)\nD = {'a': D}\nE = D['a']['a']",
    "parts": "A = 'a,b'.split('')[9]\nB = 'a'[::0]\nC = 'a'.split(A)[0]\nD = [][0]\nE = {**D}['a']\nF = bytes.fromhex('x')",
    "broken": "def (",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_folding_is_bounded(tmp_path, source: str) -> None:
    files = {tmp_path / "main.py": "main", tmp_path / "other.py": "other"}
    (tmp_path / "main.py").write_text(source)
    (tmp_path / "other.py").write_text("from main import X")
    found = [literal.value for literal in constants.of_files({str(file): name for file, name in files.items()})]
    assert max((len(value) for value in found), default=0) <= 65_536


@pytest.mark.parametrize(
    ("name", "line"),
    [("pkg", "from .settings import PW"), ("pkg", "from . import settings"), ("pkg.sub", "from ..settings import PW")],
    ids=["module", "package", "parent"],
)
def test_relative_imports_are_followed(tmp_path, name: str, line: str) -> None:
    using = tmp_path.joinpath(*name.split("."), "__init__.py")
    using.parent.mkdir(parents=True)
    using.write_text(f"{line}\nA = {'settings.PW' if line.endswith('settings') else 'PW'} + '-suffix'\n")
    settings_file = tmp_path / "pkg" / "settings.py"
    settings_file.write_text("\nPW: str = 'the-password'\n")
    literals = constants.of_files({str(using): name, str(settings_file): "pkg.settings"})
    places_ = {(literal.value, literal.file, literal.line) for literal in literals}
    assert ("the-password-suffix", str(settings_file), 2) in places_


@pytest.mark.parametrize("module", ["pulumi_aws.wafv2", "pulumi_aws.cloudfront", "pulumi_aws.quicksight"])
def test_optional_fields_never_grow_without_bound(module: str) -> None:
    import importlib

    def size(value: object) -> int:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + sum(map(size, inner))

    subject = texts.Subject("urn", "x:y:Z", NOWHERE)
    declared = vars(importlib.import_module(f"{module}.outputs")).values()
    classes = [cls for cls in declared if isinstance(cls, type) and shapes.is_object(cls)]
    assert classes
    assert max(size(synthesis.for_program(subject, cls, "x", "x")) for cls in classes) < 3000


def test_a_document_as_text_is_the_same_whatever_order_the_wire_gives() -> None:
    # Which order a map of protobuf has differs between its versions, and in some from run to run.
    message = struct_pb2.Value()
    for name in "qwertyuiopasdfghjklzxcvbnm":
        message.struct_value.fields[name].number_value = 1
    wire.as_json_text(message)
    assert message.string_value == "{" + ", ".join(f'"{name}": 1.0' for name in "abcdefghijklmnopqrstuvwxyz") + "}"
