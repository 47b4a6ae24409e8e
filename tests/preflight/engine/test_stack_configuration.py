"""Configuration against what the real CLI hands to a program (engine 3.260, recorded for this stack)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.engine import passphrase, projects, stack_configuration
from preflight.engine.stack_configuration import Configuration
from preflight.errors import CheckError

RECORDED = Path(__file__).parents[1] / "data" / "configuration"
RIGHT = {"PULUMI_CONFIG_PASSPHRASE": "throw-away"}
SALT = "v1:TfeoW8ycC7U=:v1:oK/t4JYOIxvccU1h:BTNXI0olBu4Z7KzWuoQQbKhqbMYRlg=="
TOKEN = "v1:PIAFsQls3t8+mONI:jZk8yFNYBSO2VqahD1Ej7Np6ugym0Jn5HLFRTBFlCw=="

FolderOf = Callable[..., Path]


def read(folder: Path, environment: dict[str, str] | None = None, **overrides: str) -> Configuration:
    pairs = [(key.replace("__", ":"), value) for key, value in overrides.items()]
    return stack_configuration.read(projects.load(folder), "dev", pairs, environment or {})


def test_every_value_is_the_text_that_the_cli_gives() -> None:
    configuration = read(RECORDED, RIGHT)
    assert configuration.texts == json.loads((RECORDED / "expected.json").read_text())
    assert configuration.secret_keys == ["probe:nested", "probe:token"]


def test_a_configuration_does_not_show_its_values() -> None:
    assert "hunter2" not in repr(read(RECORDED, RIGHT))


def test_the_passphrase_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("throw-away\n")
    environment = {"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "phrase")}
    assert read(RECORDED, environment).texts["probe:token"] == "hunter2-hunter2"
    with pytest.raises(CheckError, match="PULUMI_CONFIG_PASSPHRASE_FILE names /nowhere"):
        passphrase.from_environment({"PULUMI_CONFIG_PASSPHRASE_FILE": "/nowhere"})


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        pytest.param({}, "has encrypted values; set PULUMI_CONFIG_PASSPHRASE", id="none"),
        pytest.param({"PULUMI_CONFIG_PASSPHRASE": "wrong"}, "is not the one of this stack", id="wrong"),
        pytest.param({"PULUMI_CONFIG_PASSPHRASE": ""}, "is not the one of this stack", id="empty"),
    ],
)
def test_without_the_right_passphrase(environment: dict[str, str], message: str) -> None:
    with pytest.raises(CheckError, match=message):
        read(RECORDED, environment)


@pytest.mark.parametrize(
    ("stack", "message"),
    [
        pytest.param(
            "secretsprovider: awskms://alias/x\nencryptedkey: abc\n", "secrets provider awskms", id="a cloud's key"
        ),
        pytest.param("", "the service's key", id="the service"),
        pytest.param("encryptionsalt: v2:abc\n", "does not know", id="another version"),
        pytest.param("encryptionsalt: 'v1:!:v1:a:b'\n", "damaged", id="damaged"),
    ],
)
def test_other_ways_to_encrypt(program_of: FolderOf, stack: str, message: str) -> None:
    folder = program_of(dev=f"{stack}config:\n  shop:k: {{secure: '{TOKEN}'}}\n")
    with pytest.raises(CheckError, match=message):
        read(folder, RIGHT)


def test_a_damaged_value_is_named_and_not_shown(program_of: FolderOf) -> None:
    folder = program_of(dev=f"encryptionsalt: {SALT}\nconfig:\n  shop:k: {{secure: 'v1:AAAA:AAAA'}}\n")
    with pytest.raises(CheckError, match=r"the secret value of shop:k in .* cannot be decrypted"):
        read(folder, RIGHT)


def test_overrides(program_of: FolderOf) -> None:
    folder = program_of(dev="config:\n  shop:plain: a\n  aws:region: eu-west-1\n")
    configuration = read(folder, plain="b=c", aws__region="us-east-1", new="x")
    assert configuration.texts == {"aws:region": "us-east-1", "shop:new": "x", "shop:plain": "b=c"}


def test_an_overridden_secret_stays_secret_and_needs_no_passphrase(program_of: FolderOf) -> None:
    folder = program_of(dev=f"encryptionsalt: {SALT}\nconfig:\n  shop:k: {{secure: '{TOKEN}'}}\n")
    assert read(folder, k="given") == Configuration({"shop:k": "given"}, ["shop:k"])


def test_what_the_project_declares_secret_is_secret(program_of: FolderOf) -> None:
    project = "name: shop\nruntime: python\nconfig: {k: {type: string, secret: true}}\n"
    folder = program_of(project=project)
    assert read(folder, k="given").secret_keys == ["shop:k"]
    (folder / "Pulumi.dev.yaml").write_text("config: {shop:k: in-clear}\n")
    with pytest.raises(CheckError, match="shop:k is declared secret and stands in clear"):
        read(folder)


@pytest.mark.parametrize(
    ("declared", "value", "fits"),
    [
        ("string", "text", True),
        ("string", "12", True),
        ("string", "[a]", False),
        ("integer", "12", True),
        ("integer", "'12'", True),
        ("integer", "1.5", False),
        ("integer", "true", False),
        ("number", "1.5", True),
        ("number", "x", False),
        ("boolean", "true", True),
        ("boolean", "'true'", True),
        ("boolean", "yes", False),
        ("array", "[a]", True),
        ("array", "{a: 1}", False),
        ("object", "{a: 1}", True),
        ("object", "a", False),
    ],
)
def test_values_have_the_declared_type(program_of: FolderOf, declared: str, value: str, fits: bool) -> None:
    project = f"name: shop\nruntime: python\nconfig: {{k: {{type: {declared}}}}}\n"
    folder = program_of(project=project, dev=f"config:\n  shop:k: {value}\n")
    if fits:
        assert "shop:k" in read(folder).texts
    else:
        with pytest.raises(CheckError, match=f"shop:k .* must be of type {declared}"):
            read(folder)


@pytest.mark.parametrize("text", ["novalue", "=x", " =x"])
def test_an_override_without_key_or_value_is_not_repeated(text: str) -> None:
    with pytest.raises(CheckError, match="KEY=VALUE") as raised:
        stack_configuration.parse_override(text)
    assert "novalue" not in str(raised.value)
