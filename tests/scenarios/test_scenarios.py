"""Whole programs with one common mistake each, judged as a user would have them judged: by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
SCENARIOS = sorted(path.parent for path in HERE.glob("*/expected.yaml"))


def check(scenario: Path) -> tuple[int, dict[str, Any], str]:
    policies = scenario / "policies.json"
    configured = ["--policy-config", str(policies)] if policies.exists() else []
    done = subprocess.run(
        [sys.executable, "-m", "preflight", "check", str(scenario), "--format", "json", *configured],
        capture_output=True,
        text=True,
        cwd=HERE.parents[1],
        env={**os.environ, "PULUMI_CONFIG_PASSPHRASE": "dev"},
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stdout


def expected(scenario: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((scenario / "expected.yaml").read_text())
    return loaded


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_scenario(scenario: Path) -> None:
    status, report, _ = check(scenario)
    wanted = expected(scenario)
    found = sorted((one["rule"], one["name"], one["path"], one["outcome"]) for one in report["findings"])
    want = sorted(
        (one["rule"], one["name"], one.get("path", ""), one.get("outcome", "violation")) for one in wanted["findings"]
    )
    assert [one[:2] + one[3:] for one in found] == [one[:2] + one[3:] for one in want]
    for (*_, path, _), (*_, prefix, _) in zip(found, want, strict=True):
        assert path.startswith(prefix)
    lines = {one["name"]: one["line"] for one in wanted["findings"] if "line" in one}
    assert {one["name"]: one["source"]["line"] for one in report["findings"] if one["name"] in lines} == lines
    actions = {(one["rule"], one["name"]): one["witness"] for one in wanted["findings"] if "witness" in one}
    shown = {(one["rule"], one["name"]): one["witness"] for one in report["findings"]}
    assert {key: shown[key]["action"] for key in actions} == actions
    assert status == wanted["exit"]


def test_every_rule_that_is_on_by_default_has_a_scenario() -> None:
    from policypack.guardrails.catalogue import RULES
    from policypack.guardrails.findings import Level

    shown = {one["rule"] for scenario in SCENARIOS for one in expected(scenario)["findings"]}
    assert {rule.id for rule in RULES if rule.default_level is not Level.DISABLED} - shown == set()
