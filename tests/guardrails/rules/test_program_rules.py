"""Rules on what only running the program can tell."""

from __future__ import annotations

import pytest

from policypack.guardrails.findings import Evidence, Source
from policypack.guardrails.judge import Scene, default_policy, judge_program
from policypack.guardrails.model import Run
from policypack.guardrails.rule import Program, ProgramRule, SecretLiteral, UnknownArgument
from policypack.guardrails.rules.least_privilege import policy_document_unknown_argument
from policypack.guardrails.rules.secret_marking import secret_literal_in_source

STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
SECRET = "urn:pulumi:dev::p::aws:secretsmanager/secretVersion:SecretVersion::v"
AT = Source(file="__main__.py", line=7)
LITERAL = SecretLiteral(urn=SECRET, path="secretString", source=AT)


def unknown(argument: str, suggestion: str) -> UnknownArgument:
    return UnknownArgument(
        function="get_policy_document",
        path=f"statements[0].{argument}",
        argument=argument,
        suggestion=suggestion,
        source=AT,
    )


@pytest.mark.parametrize(
    ("rule", "program", "expected"),
    [
        pytest.param(secret_literal_in_source.RULE, Program(stack=STACK), [], id="no-literal"),
        pytest.param(
            secret_literal_in_source.RULE,
            Program(stack=STACK, secret_literals=[LITERAL]),
            [("v", "secretString")],
            id="literal",
        ),
        pytest.param(policy_document_unknown_argument.RULE, Program(stack=STACK), [], id="no-argument"),
        pytest.param(
            policy_document_unknown_argument.RULE,
            Program(stack=STACK, unknown_arguments=[unknown("Effect", "effect"), unknown("qqq", "")]),
            [("p-dev", "statements[0].Effect"), ("p-dev", "statements[0].qqq")],
            id="arguments",
        ),
    ],
)
def test_program_rules(rule: ProgramRule, program: Program, expected: list[tuple[str, str]]) -> None:
    found = list(judge_program(default_policy(rule), program, Scene((), Run())))
    assert [(one.name, one.path) for one in found] == expected
    assert {one.evidence for one in found} <= {Evidence.PROGRAM}
    assert all(one.source == AT for one in found)
    assert all(one.fix for one in found)


def test_the_right_spelling_is_named_where_there_is_one() -> None:
    program = Program(stack=STACK, unknown_arguments=[unknown("Effect", "effect"), unknown("qqq", "")])
    near, far = judge_program(default_policy(policy_document_unknown_argument.RULE), program, Scene((), Run()))
    assert near.message == "get_policy_document knows no argument `Effect`: it is called `effect`"
    assert far.message == "get_policy_document knows no argument `qqq`"
