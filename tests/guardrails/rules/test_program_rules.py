"""Rules on what only running the program can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policypack.guardrails.findings import Evidence, Severity, Source
from policypack.guardrails.judge import Scene, default_policy, judge_program
from policypack.guardrails.model import STACK_TYPE, Run
from policypack.guardrails.rule import (
    Program,
    ProgramRule,
    SecretLiteral,
    UnknownArgument,
    UploadedCredential,
    WeakEncryption,
    Weakness,
)
from policypack.guardrails.rules.least_privilege import policy_document_unknown_argument
from policypack.guardrails.rules.secret_marking import (
    credential_in_function_code,
    secret_literal_in_source,
    stack_without_encryption,
    state_with_secrets_in_clear,
)

STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
SECRET = "urn:pulumi:dev::p::aws:secretsmanager/secretVersion:SecretVersion::v"
AT = Source(file="__main__.py", line=7)
UPLOADED = UploadedCredential(
    urn="urn:pulumi:dev::p::aws:lambda/function:Function::f",
    path="code",
    file="code.zip/a.py",
    line=3,
    kind="a GitHub token",
    severity=Severity.HIGH,
    source=AT,
)
LITERAL = SecretLiteral(
    urn=SECRET, type="aws:secretsmanager/secretVersion:SecretVersion", keys=("secretString",), source=AT
)


def literal_at(type_: str, *keys: str | int) -> SecretLiteral:
    return SecretLiteral(urn=f"urn:pulumi:dev::p::{type_}::v", type=type_, keys=keys, source=AT)


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
        pytest.param(
            secret_literal_in_source.RULE,
            Program(
                stack=STACK,
                secret_literals=[
                    literal_at("oci:Identity/domainsPasswordPolicy:DomainsPasswordPolicy", "passwordStrength"),
                    literal_at("aws:glue/connection:Connection", "connectionProperties", "JDBC_ENFORCE_SSL"),
                    literal_at("aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion", "content"),
                ],
            ),
            [],
            id="what-sdks-mark-and-is-no-credential",
        ),
        pytest.param(
            secret_literal_in_source.RULE,
            Program(
                stack=STACK,
                secret_literals=[
                    literal_at("aws:glue/connection:Connection", "connectionProperties", "PASSWORD"),
                    literal_at("x:y:Z", "logins", 0, "a.b", "password"),
                ],
            ),
            [("v", "connectionProperties.PASSWORD"), ("v", 'logins[0]["a.b"].password')],
            id="a-credential-among-settings",
        ),
        pytest.param(
            secret_literal_in_source.RULE,
            Program(
                stack=STACK,
                secret_literals=[literal_at(STACK_TYPE, "session"), literal_at(STACK_TYPE, "db", 0, "password")],
            ),
            [("session", "outputs.session"), ("db", "outputs.db[0].password")],
            id="exports",
        ),
        pytest.param(credential_in_function_code.RULE, Program(stack=STACK), [], id="no-upload"),
        pytest.param(
            credential_in_function_code.RULE,
            Program(stack=STACK, uploaded_credentials=[UPLOADED]),
            [("f", "code")],
            id="upload",
        ),
        pytest.param(stack_without_encryption.RULE, Program(stack=STACK), [], id="encrypted"),
        *(
            pytest.param(
                stack_without_encryption.RULE,
                Program(stack=STACK, weak_encryption=WeakEncryption(weakness=weakness, path="x", source=AT)),
                [("p-dev", "x")],
                id=weakness.value,
            )
            for weakness in Weakness
        ),
        pytest.param(state_with_secrets_in_clear.RULE, Program(stack=STACK), [], id="nothing-in-clear"),
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


@pytest.mark.parametrize(("count", "words"), [(1, "holds a secret in"), (1_200, "holds 1,200 secrets in")])
def test_secrets_in_clear_are_counted(count: int, words: str) -> None:
    program = Program(stack=STACK, secrets_in_clear=count)
    (found,) = judge_program(default_policy(state_with_secrets_in_clear.RULE), program, Scene((), Run()))
    assert (found.name, found.path, found.evidence) == ("p-dev", "deployment", Evidence.PROGRAM)
    assert words in found.message


def test_an_upload_is_as_grave_as_what_it_holds() -> None:
    program = Program(stack=STACK, uploaded_credentials=[replace(UPLOADED, severity=Severity.MEDIUM)])
    (found,) = judge_program(default_policy(credential_in_function_code.RULE), program, Scene((), Run()))
    assert found.severity is Severity.MEDIUM
    assert found.message == "code uploads code.zip/a.py, which holds a GitHub token in line 3"


def test_the_right_spelling_is_named_where_there_is_one() -> None:
    program = Program(stack=STACK, unknown_arguments=[unknown("Effect", "effect"), unknown("qqq", "")])
    near, far = judge_program(default_policy(policy_document_unknown_argument.RULE), program, Scene((), Run()))
    assert near.message == "get_policy_document knows no argument `Effect`: it is called `effect`"
    assert far.message == "get_policy_document knows no argument `qqq`"
