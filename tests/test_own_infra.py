"""The program of this repository under its own rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level

ROOT = Path(__file__).parents[1]


def check(*options: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    done = subprocess.run(
        [sys.executable, "-m", "preflight", "check", "infra", "--stack", "dev", "--format", "json", *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PULUMI_CONFIG_PASSPHRASE": "dev"},
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_infra_is_clean_at_default_levels_even_when_undecided_counts() -> None:
    status, report = check("--strict")
    assert (status, report["findings"]) == (0, [])


def test_the_readme_shows_what_the_check_says() -> None:
    _, report = check()
    summary: Any = report["summary"]
    shown = f"infra (dev): {summary['resources']} resources, {summary['rules']} rules, no violations."
    assert shown in (ROOT / "README.md").read_text(encoding="utf-8")


def test_with_every_rule_on_infra_gets_advice_alone(tmp_path: Path) -> None:
    configuration = tmp_path / "all-on.json"
    configuration.write_text(json.dumps({rule.id: "mandatory" for rule in RULES}))
    status, report = check("--policy-config", str(configuration))
    advice = {rule.id for rule in RULES if rule.default_level is Level.DISABLED}
    assert {one["rule"] for one in report["findings"]} <= advice
    assert {one["severity"] for one in report["findings"]} == {"low"}
    assert {
        ("secret-without-rotation", "ai-api-secret"),
        ("user-access-key", "model-data-users-ai-model-evaluator"),
    } <= {(one["rule"], one["name"]) for one in report["findings"]}
    assert status == 1
