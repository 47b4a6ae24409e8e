"""Which of several findings on one place are said."""

from collections.abc import Sequence

import pytest

from policypack.guardrails.findings import Concern, Finding, Outcome, Severity
from policypack.guardrails.judge import Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.rule import ResourceRule

RESOURCE = Resource(urn="urn:pulumi:d::p::a:b:C::r", type="a:b:C", name="r", properties={})


def rule(name: str, finding: Finding, *yields_to: str) -> ResourceRule:
    return ResourceRule(
        id=name,
        concern=Concern.LEAST_PRIVILEGE,
        severity=Severity.HIGH,
        title="t",
        why="w",
        fix="f",
        yields_to=yields_to,
        types=("a:b:C",),
        check=lambda _resource, _context: [finding],
    )


def said(*rules: ResourceRule) -> list[str]:
    scene = Scene([RESOURCE], Run())
    judged = [one for each in rules for one in judge_resource(default_policy(each), RESOURCE, scene)]
    return [one.rule.id for one in order(judged)]


def at(cause: str, outcome: Outcome = Outcome.VIOLATION) -> Finding:
    return Finding(path=cause, message="m", cause=cause, outcome=outcome)


UNDECIDED = Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("greater", "lesser", "expected"),
    [
        (at("policy.Statement[0]"), at("policy.Statement[0]"), ["greater"]),
        (at("policy"), at("policy.Statement[0]"), ["greater"]),
        (at("policy.Statement[1]"), at("policy.Statement[10]"), ["greater", "lesser"]),
        (at("policy.Statement[0]"), at("policy"), ["greater", "lesser"]),
        (at("policy", UNDECIDED), at("policy.Statement[0]"), ["greater", "lesser"]),
        (at("policy", UNDECIDED), at("policy.Statement[0]", UNDECIDED), ["greater"]),
        (at("policy"), at("policy.Statement[0]", UNDECIDED), ["greater"]),
        (at(""), at(""), ["greater", "lesser"]),
    ],
    ids=["same", "around", "beside", "inside", "a-doubt-around", "two-doubts", "doubt-yields", "no-cause"],
)
def test_one_cause_is_said_once_by_the_rule_that_has_most_to_say(
    greater: Finding, lesser: Finding, expected: Sequence[str]
) -> None:
    rules = rule("greater", greater), rule("lesser", lesser, "greater")
    assert sorted(said(*rules)) == expected
    assert said(rules[1]) == ["lesser"]


def test_what_two_sides_share_as_a_secret_is_not_shown_in_a_request() -> None:
    request = {"principal": "anonymous", "context": {"aws:referer": "quiet-heron", "aws:SourceVpc": "vpc-1"}}
    witnessed = Finding(path="policy", message="m", witness=[request])
    judged = judge_resource(default_policy(rule("r", witnessed)), RESOURCE, Scene([RESOURCE], Run()))
    assert [one.witness for one in judged] == [
        [{"principal": "anonymous", "context": {"aws:referer": "[secret]", "aws:SourceVpc": "vpc-1"}}]
    ]
