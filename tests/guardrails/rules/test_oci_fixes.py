"""The statement that a fix shows is one that OCI takes, and of which the rule has nothing more to say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Grant
from policypack.guardrails.rule import ResourceRule

POLICY = "oci:Identity/policy:Policy"
SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "oci-statements.json").read_text(encoding="utf-8"))
STATEMENTS = [
    *(case["statement"] for case in SAMPLE if case["valid"]),
    "Allow group A to manage volume-family in tenancy",
    "Allow group A to {OBJECT_READ, OBJECT_DELETE} in tenancy where request.region = 'iad'",
    "Allow group A to manage all-resources in compartment B:C where request.user.mfaTotpVerified = 'true'",
    "Allow group A to use users in tenancy",
    "Allow group A to manage dynamic-groups in tenancy",
    "Allow group A to manage identity-providers in tenancy",
    "Allow group A to use keys in tenancy",
    "Allow group A to read objects in tenancy",
    "Allow group A to manage instance-agent-command-family in compartment B",
    "Allow dynamic-group A to use instances in tenancy",
    "Allow service A to manage object-family in tenancy",
    "Admit group A of tenancy B to manage volume-family in compartment C",
]
# The reader fills these in.
FILLED = {"FAMILY": "virtual-network-family", "COMPARTMENT": "Apps"}
PASTED = re.compile(r": ((?:allow|admit|endorse) .*)", re.DOTALL)


def said(statement: str) -> list[Judged]:
    resource = Resource(
        urn=f"urn:pulumi:d::p::{POLICY}::r", type=POLICY, name="r", properties={"statements": [statement]}
    )
    rules = [rule for rule in RULES if isinstance(rule, ResourceRule) and POLICY in rule.types]
    scene = Scene([resource], Run())
    return order(one for rule in rules for one in judge_resource(default_policy(rule), resource, scene))


def pasted(one: Judged) -> str | None:
    shown = PASTED.search(one.fix)
    text = shown[1] if shown else ""
    for blank, filled in FILLED.items():
        text = re.sub(rf"\b{blank}\b", filled, text)
    return text or None


@pytest.mark.parametrize("statement", STATEMENTS, ids=[statement[:70] for statement in STATEMENTS])
def test_the_statement_of_a_fix_is_taken_and_mends(statement: str) -> None:
    for one in said(statement):
        text = pasted(one)
        if text is not None:
            assert isinstance(parse(text), Grant), text
            left = [
                other for other in said(text) if other.rule is one.rule and other.severity.rank >= one.severity.rank
            ]
            assert left == [], text


def test_most_fixes_show_a_statement() -> None:
    found = [one for statement in STATEMENTS for one in said(statement)]
    assert sum(pasted(one) is not None for one in found) > len(found) / 2
