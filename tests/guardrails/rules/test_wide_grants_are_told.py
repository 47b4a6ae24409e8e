"""What reaches resources that nobody named is told of, by one rule and at the statement that grants it.

Rules on one document leave to rules over the stack what escalates, and these look at all documents of an identity. No
division of a grant over statements and documents, and no Deny beside it, may make a statement fall between them.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from rule_tables import R

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level, Outcome
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, judge_stack, order
from policypack.guardrails.model import Resource, Run, Stack
from policypack.guardrails.rule import ResourceRule, StackRule
from policypack.guardrails.rules.precedence import IDENTITY_RULES

ROLE, ROLE_POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
DANGEROUS = [
    "iam:PutRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreatePolicyVersion",
    "iam:PassRole",
    "sts:AssumeRole",
    "secretsmanager:GetSecretValue",
    "kms:PutKeyPolicy",
    "s3:GetObject",
    "lambda:UpdateFunctionCode",
    "dynamodb:DeleteTable",
]
BESIDE = ["lambda:CreateFunction", "lambda:InvokeFunction", "ec2:RunInstances", "logs:PutLogEvents", "iam:GetRole"]
FAMILY = {
    *IDENTITY_RULES,
    "administrator-access-in-parts",
    "privilege-escalation",
    "privilege-escalation-chain",
    "resource-policy-takeover-escalation",
    "wide-grant-partly-denied",
}


def said(resources: list[Resource]) -> list[Judged]:
    """The violations of the family, of both phases, as the pack orders them."""
    scene, found = Scene(resources, Run()), []
    rules = [rule for rule in RULES if rule.default_level is not Level.DISABLED]
    for resource in resources:
        on = [rule for rule in rules if isinstance(rule, ResourceRule) and resource.type in rule.types]
        found += order(one for rule in on for one in judge_resource(default_policy(rule), resource, scene))
    over = [rule for rule in rules if isinstance(rule, StackRule)]
    found += order(one for rule in over for one in judge_stack(default_policy(rule), Stack(tuple(resources)), scene))
    return [one for one in found if one.rule.id in FAMILY and one.outcome is Outcome.VIOLATION]


@st.composite
def divided(draw: st.DrawFn) -> tuple[list[list[set[str]]], set[str]]:
    """Dangerous actions, each in one statement of one of two documents, and those that a third one denies."""
    actions = draw(st.lists(st.sampled_from(DANGEROUS), min_size=1, max_size=4, unique=True))
    documents: list[list[set[str]]] = [[set() for _ in range(2)] for _ in range(2)]
    for action in actions:
        documents[draw(st.integers(0, 1))][draw(st.integers(0, 1))].add(action)
    for statements in documents:
        for statement in statements:
            if statement:
                statement |= set(draw(st.lists(st.sampled_from(BESIDE), max_size=1)))
    denied = draw(st.sets(st.sampled_from(actions), max_size=len(actions) - 1))
    return documents, denied


def role(documents: list[list[set[str]]], denied: set[str]) -> list[Resource]:
    resources = [R(ROLE, "r", name="r", arn="arn:aws:iam::402918573664:role/r")]
    for name, statements in zip("ab", documents, strict=True):
        written = [{"Effect": "Allow", "Action": sorted(each), "Resource": "*"} for each in statements if each]
        if written:
            resources.append(R(ROLE_POLICY, name, role="r", policy={"Statement": written}))
    if denied:
        deny = {"Effect": "Deny", "Action": sorted(denied), "Resource": "*"}
        resources.append(R(ROLE_POLICY, "c", role="r", policy={"Statement": [deny]}))
    return resources


@settings(max_examples=80, deadline=None)
@given(divided())
def test_no_statement_falls_between_the_rules(drawn: tuple[list[list[set[str]]], set[str]]) -> None:
    documents, denied = drawn
    found = said(role(documents, denied))
    if any(one.rule.id == "administrator-access-in-parts" for one in found):
        return
    told = Counter((one.name, one.path.split("].")[0].rstrip("]")) for one in found)
    for name, statements in zip("ab", documents, strict=True):
        for index, actions in enumerate(each for each in statements if each):
            place = name, f"policy.Statement[{index}"
            if actions & (set(DANGEROUS) - denied):
                assert told[place] >= 1, (place, documents, denied, found)
            if not denied:
                assert told[place] <= 1 or _joined(found, place), (place, documents, found)


def _joined(found: list[Judged], place: tuple[str, str]) -> bool:
    """Whether one of several findings on a statement is of what only several documents together allow."""
    at = [one for one in found if (one.name, one.path.split("].")[0].rstrip("]")) == place]
    return any(isinstance(one.rule, StackRule) and len(one.witness or ()) > 1 for one in at)
