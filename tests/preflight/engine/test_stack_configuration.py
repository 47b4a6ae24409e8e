"""Configuration against what the real CLI hands to a program (engine 3.260, recorded for this stack)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from policypack.guardrails.values import may_be_anything
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
    with pytest.raises(CheckError, match="the file that PULUMI_CONFIG_PASSPHRASE_FILE names cannot be read"):
        passphrase.from_environment({"PULUMI_CONFIG_PASSPHRASE_FILE": "/nowhere"})


def test_a_wrong_passphrase_is_refused() -> None:
    with pytest.raises(CheckError, match="is not the one of this stack"):
        read(RECORDED, {"PULUMI_CONFIG_PASSPHRASE": "wrong"})


@pytest.mark.parametrize(
    ("environment", "obstacle"),
    [
        pytest.param({}, "has encrypted values: set PULUMI_CONFIG_PASSPHRASE", id="none"),
        pytest.param(
            {"PULUMI_CONFIG_PASSPHRASE": ""}, "the passphrase is empty: set PULUMI_CONFIG_", id="a fork's build"
        ),
    ],
)
def test_without_a_passphrase_values_are_invented(environment: dict[str, str], obstacle: str) -> None:
    right, configuration = read(RECORDED, RIGHT), read(RECORDED, environment)
    assert obstacle in configuration.obstacle
    assert configuration.secret_keys == right.secret_keys
    assert {key: one.whole for key, one in configuration.invented.items()} == {
        "probe:nested": False,
        "probe:token": True,
    }
    assert may_be_anything(configuration.texts["probe:token"])
    assert {key for key, text in configuration.texts.items() if right.texts[key] != text} == set(configuration.invented)
    nested, known = (json.loads(one.texts["probe:nested"]) for one in (configuration, right))
    assert nested.keys() == known.keys()
    assert {key for key in known if known[key] != nested[key]} == {"inner"}


def test_parts_of_objects_and_lists_at_any_depth(program_of: FolderOf) -> None:
    secure = f"{{secure: '{TOKEN}'}}"
    value = f"{{users: [{{name: bob, password: {secure}}}, {secure}], deep: {{er: [[{secure}]]}}}}"
    folder = program_of(dev=f"encryptionsalt: {SALT}\nconfig:\n  shop:k: {value}\n  shop:l: [1, {secure}]\n")
    open_ = read(folder, RIGHT)
    word = "hunter2-hunter2"
    assert open_.invented == {}
    assert json.loads(open_.texts["shop:k"]) == {
        "users": [{"name": "bob", "password": word}, word],
        "deep": {"er": [[word]]},
    }
    assert json.loads(open_.texts["shop:l"]) == [1, word]
    closed = read(folder)
    k, one = json.loads(closed.texts["shop:k"]), json.loads(closed.texts["shop:l"])
    assert k["users"][0]["name"] == "bob"
    invented = [k["users"][0]["password"], k["users"][1], k["deep"]["er"][0][0], one[1]]
    assert all(map(may_be_anything, invented))
    assert len(set(invented)) == 4
    assert closed.secret_keys == open_.secret_keys == ["shop:k", "shop:l"]


@pytest.mark.parametrize(
    ("stack", "obstacle"),
    [
        pytest.param(
            "secretsprovider: awskms://alias/x\nencryptedkey: abc\n", "secrets provider awskms", id="a cloud's key"
        ),
        pytest.param("", "the service's key", id="the service"),
    ],
)
def test_other_ways_to_encrypt(program_of: FolderOf, stack: str, obstacle: str) -> None:
    configuration = read(program_of(dev=f"{stack}config:\n  shop:k: {{secure: '{TOKEN}'}}\n"), RIGHT)
    assert obstacle in configuration.obstacle
    assert may_be_anything(configuration.texts["shop:k"])


@pytest.mark.parametrize(
    ("salt", "message"),
    [
        pytest.param("v2:abc", "does not know", id="another version"),
        pytest.param("v1:!:v1:a:b", "damaged", id="damaged"),
    ],
)
def test_a_salt_that_is_none(program_of: FolderOf, salt: str, message: str) -> None:
    folder = program_of(dev=f"encryptionsalt: '{salt}'\nconfig:\n  shop:k: {{secure: '{TOKEN}'}}\n")
    with pytest.raises(CheckError, match=message):
        read(folder, RIGHT)


@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        ("{type: boolean}", "true"),
        ("{type: integer}", "1"),
        ("{type: number}", "1.0"),
        ("{type: array, items: {type: integer}}", "[1,1]"),
        ("{type: string}", None),
        ("{type: array, items: {type: string}}", None),
        ("{type: array, items: {type: array, items: {type: string}}}", None),
        ("{type: object}", None),
    ],
)
@pytest.mark.parametrize("encrypted", [False, True])
def test_an_invented_value_has_the_declared_type(
    program_of: FolderOf, schema: str, fits: str | None, encrypted: bool
) -> None:
    dev = f"encryptionsalt: {SALT}\nconfig:\n  shop:k: {{secure: '{TOKEN}'}}\n" if encrypted else ""
    folder = program_of(project=f"name: shop\nruntime: python\nconfig: {{k: {schema}}}\n", dev=dev)
    configuration = read(folder)
    (text,) = configuration.texts.values()
    assert may_be_anything(text) if fits is None else text == fits
    assert (configuration.invented["shop:k"].encrypted, configuration.secrets) == (encrypted, [])
    assert configuration.guarded == []
    (folder / "Pulumi.dev.yaml").write_text(f"config: {{shop:k: {json.dumps(json.loads(text) if fits else text)}}}")
    if fits:
        assert read(folder).invented == {}


@pytest.mark.parametrize(
    ("schema", "texts"),
    [
        pytest.param("k: short", {"shop:k": "short"}, id="short form"),
        pytest.param("k: 3", {"shop:k": "3"}, id="short form, a number"),
        pytest.param("k: [a, 1]", {"shop:k": '["a",1]'}, id="short form, a list"),
        pytest.param("k: {default: a}", {"shop:k": "a"}, id="default without a type"),
        pytest.param("k: {type: boolean, default: false}", {"shop:k": "false"}, id="a default that is false"),
        pytest.param("k: {type: integer, default: 0}", {"shop:k": "0"}, id="a default that is zero"),
        pytest.param("k: {type: string, default: ''}", {"shop:k": ""}, id="an empty default"),
        pytest.param("k: {value: {a: [1]}}", {"shop:k": '{"a":[1]}'}, id="a value"),
        pytest.param("aws:region: {value: eu-west-1}", {"aws:region": "eu-west-1"}, id="of a provider"),
        pytest.param("aws:region: eu-west-1", {"aws:region": "eu-west-1"}, id="of a provider, short form"),
        pytest.param("aws:profile: {description: which}", {}, id="of a provider, without a value"),
    ],
)
def test_what_the_project_sets(program_of: FolderOf, schema: str, texts: dict[str, str]) -> None:
    configuration = read(program_of(project=f"name: shop\nruntime: python\nconfig:\n  {schema}\n"))
    assert (configuration.texts, configuration.invented) == (texts, {})


def test_a_stack_file_of_the_old_form(program_of: FolderOf) -> None:
    folder = program_of(dev="config: {shop:config:k: a, 'aws:config:region': eu-west-1}")
    assert read(folder).texts == {"aws:region": "eu-west-1", "shop:k": "a"}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        pytest.param("[shop/dev, shared]", ["shop/dev", "shared"], id="names"),
        pytest.param("{imports: [{shop/dev: {merge: false}}]}", ["shop/dev"], id="with options"),
        pytest.param("{values: {pulumiConfig: {k: a}}}", [""], id="written there itself"),
        pytest.param("[]", [], id="none"),
    ],
)
def test_environments_are_named(program_of: FolderOf, written: str, names: list[str]) -> None:
    assert read(program_of(dev=f"environment: {written}\n")).environments == tuple(names)


def test_a_damaged_value_is_named_and_not_shown(program_of: FolderOf) -> None:
    folder = program_of(dev=f"encryptionsalt: {SALT}\nconfig:\n  shop:k: {{secure: 'v1:AAAA:AAAA'}}\n")
    with pytest.raises(CheckError, match=r"the secret value of shop:k in .* cannot be decrypted"):
        read(folder, RIGHT)


def test_overrides(program_of: FolderOf) -> None:
    folder = program_of(dev="config:\n  shop:plain: a\n  aws:region: eu-west-1\n")
    configuration = read(folder, plain="b=c", aws__region="us-east-1", new="x")
    assert configuration.texts == {"aws:region": "us-east-1", "shop:new": "x", "shop:plain": "b=c"}


def test_an_override_that_is_a_credential_by_its_name_is_secret(program_of: FolderOf) -> None:
    folder = program_of(
        project="name: shop\nruntime: python\nconfig: {dbPassword: {default: from-the-project}}\n",
        dev="config: {shop:apiToken: from-the-stack-file}\n",
    )
    assert read(folder).secret_keys == []
    generated = "Zq8kfn2Lm0" + "Pq7RsT4uVw"
    login = json.dumps({"user": "app", "password": "Sommerregen-im-Mai"})
    configuration = read(folder, apiToken=generated, dbPassword="Sommerregen", host="db.example.com", login=login)
    assert configuration.secret_keys == ["shop:apiToken", "shop:dbPassword", "shop:login"]
    assert configuration.texts["shop:apiToken"] == generated
    assert configuration.told == configuration.texts


def test_an_override_that_may_be_secret_is_not_shown_and_not_told_the_pack(program_of: FolderOf) -> None:
    given = {"keyPairName": "ops-bastion-2026", "authDomainName": "login-of-the-shop", "token": "a-word-or-two"}
    folder = program_of(dev="config: {shop:keyOfFile: in-the-file}\n")
    configuration = read(folder, **given)
    assert configuration.secret_keys == []
    assert configuration.told == {"shop:keyOfFile": "in-the-file"}
    assert sorted(configuration.guarded) == sorted([*given.values(), "in-the-file"])


def test_an_override_has_the_declared_type(program_of: FolderOf) -> None:
    folder = program_of(project="name: shop\nruntime: python\nconfig: {k: {type: integer}}\n")
    assert read(folder, k="12").texts == {"shop:k": "12"}
    with pytest.raises(CheckError, match="--config must give shop:k a value of type integer") as raised:
        read(folder, k="hunter2")
    assert "hunter2" not in str(raised.value)


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
        ("array, items: {type: integer}", "[1, '2']", True),
        ("array, items: {type: integer}", "[1, a]", False),
        ("array, items: {type: array, items: {type: string}}", "[[a]]", True),
        ("array, items: {type: array, items: {type: string}}", "[a]", False),
    ],
)
def test_values_have_the_declared_type(program_of: FolderOf, declared: str, value: str, fits: bool) -> None:
    project = f"name: shop\nruntime: python\nconfig: {{k: {{type: {declared}}}}}\n"
    folder = program_of(project=project, dev=f"config:\n  shop:k: {value}\n")
    if fits:
        assert "shop:k" in read(folder).texts
    else:
        with pytest.raises(CheckError, match=f"shop:k .* must be of type {declared.partition(',')[0]}"):
            read(folder)


@pytest.mark.parametrize("text", ["novalue", "=x", " =x"])
def test_an_override_without_key_or_value_is_not_repeated(text: str) -> None:
    with pytest.raises(CheckError, match="KEY=VALUE") as raised:
        stack_configuration.parse_override(text)
    assert "novalue" not in str(raised.value)
