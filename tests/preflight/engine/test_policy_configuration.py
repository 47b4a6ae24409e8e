"""The policy configuration, merged as pkg/resource/analyzer/config.go of the engine merges it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails.findings import Level
from preflight.engine import policy_configuration
from preflight.engine.policy_configuration import Given, for_rules, reconcile
from preflight.errors import CheckError


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "policies.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def info() -> pb.AnalyzerInfo:
    made = pb.AnalyzerInfo(
        policies=[
            pb.PolicyInfo(name="open", enforcementLevel=pb.MANDATORY),
            pb.PolicyInfo(name="long", enforcementLevel=pb.DISABLED),
        ]
    )
    made.policies[1].configSchema.properties.update(
        {
            "days": {"type": "integer", "default": 90, "minimum": 1, "maximum": 365},
            "mode": {"type": "string", "enum": ["a", "b"]},
            "names": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}, "default": []},
        }
    )
    return made


@pytest.mark.parametrize(
    ("content", "levels"),
    [
        pytest.param({}, ("mandatory", "disabled"), id="nothing"),
        pytest.param({"all": "advisory"}, ("advisory", "advisory"), id="all"),
        pytest.param({"all": "advisory", "open": "remediate"}, ("remediate", "advisory"), id="its own wins over all"),
        pytest.param({"open": {"enforcementLevel": "disabled"}}, ("disabled", "disabled"), id="long form"),
        pytest.param({"long": {"days": 7}}, ("mandatory", "disabled"), id="a setting leaves the level"),
        pytest.param({"environments": ["x"]}, ("mandatory", "disabled"), id="environments are no policy"),
    ],
)
def test_levels(tmp_path: Path, content: object, levels: tuple[str, str]) -> None:
    merged = reconcile(info(), policy_configuration.read(written(tmp_path, content)))
    assert (merged["open"].level, merged["long"].level) == levels


def test_settings_are_merged_into_the_defaults(tmp_path: Path) -> None:
    given = policy_configuration.read(written(tmp_path, {"long": {"enforcementLevel": "advisory", "days": 7}}))
    assert reconcile(info(), given)["long"] == Given(Level.ADVISORY, {"days": 7, "names": []})
    assert reconcile(info(), {})["long"].settings == {"days": 90.0, "names": []}


def test_what_the_pack_sets_itself_comes_between() -> None:
    made = info()
    made.initialConfig["open"].enforcementLevel = pb.ADVISORY
    assert reconcile(made, {})["open"].level == "advisory"
    assert reconcile(made, {"open": Given(Level.MANDATORY)})["open"].level == "mandatory"


def test_a_name_that_is_no_policy_is_left_to_the_pack() -> None:
    assert reconcile(info(), {"opne": Given(Level.ADVISORY)})["opne"].level == "advisory"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"days": "7"}, "long.days must be of type integer"),
        ({"days": True}, "long.days must be of type integer"),
        ({"days": 1.5}, "long.days must be a whole number"),
        ({"days": 0}, "long.days must be at least 1"),
        ({"days": 366}, "long.days must be at most 365"),
        ({"names": ["a1"]}, r"long.names has an element that must match \^\[a-z\]\+\$"),
        ({"mode": "c"}, "long.mode must be one of a, b"),
        ({"names": ["a", 1]}, "long.names has an element that must be of type string"),
    ],
)
def test_a_setting_that_does_not_fit(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(CheckError, match=message):
        reconcile(info(), {"long": Given(None, settings)})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("{", "is not valid JSON"),
        ('{"open": "advisory", "open": "disabled"}', "says 'open' twice"),
        ("[]", "must hold an object"),
        ({"open": 1}, "the entry of 'open'"),
        ({"open": "manditory"}, "what 'open' has is no enforcement level"),
        ({"open": {"enforcementLevel": ["x"]}}, "is no enforcement level"),
    ],
)
def test_a_file_that_is_no_policy_configuration(tmp_path: Path, content: object, message: str) -> None:
    with pytest.raises(CheckError, match=message):
        policy_configuration.read(written(tmp_path, content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert policy_configuration.read(None) == {}
    with pytest.raises(CheckError, match="check --policy-config"):
        policy_configuration.read(tmp_path / "none.json")


def test_rules_that_no_pack_carries() -> None:
    given = {"all": Given(Level.ADVISORY), "mine": Given(None, {"x": 1}), "other": Given(Level.DISABLED)}
    assert for_rules(["mine", "plain"], given) == {
        "mine": Given(Level.ADVISORY, {"x": 1}),
        "plain": Given(Level.ADVISORY),
    }
    assert for_rules(["mine"], {}) == {}
