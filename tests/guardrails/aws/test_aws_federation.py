"""Federated trust: the public cases, and mutants of one sound document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policypack.guardrails.aws.answers import No, Undecided, Yes
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import Verdict, evaluate
from policypack.guardrails.aws.federation import SAML, FederationAnswer, federation
from policypack.guardrails.values import UNKNOWN

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "oidc-trust-cases.json").read_text())
TENANT_WIDE = "the tenant is fixed; which of its projects may enter is not judged here"
OUT_OF_SCOPE = {
    "gh-org-star": TENANT_WIDE,
    "gh-repo-prefix": TENANT_WIDE,
    "gh-list-with-weak-member": TENANT_WIDE,
    "gh-string-equals-wildcard": "the trust is dead: no token is admitted",
    "gh-ids-without-sub": "tight in what it admits; AWS refuses it for lacking sub",
    "cognito-amr-forall": "audience and tenant are fixed; amr is neither",
}
HOST = "token.actions.githubusercontent.com"
AUDIENCE = {f"{HOST}:aud": "sts.amazonaws.com"}
SUBJECT = {f"{HOST}:sub": "repo:acme/app:ref:refs/heads/main"}


def answers(document: Document) -> tuple[FederationAnswer, ...]:
    found = federation(document)
    for answer in found:
        for each in (answer.audience, answer.subject):
            if isinstance(each, Yes):
                assert evaluate([document], each.witness.request).verdict is Verdict.ALLOWED
    return found


def is_open(found: tuple[FederationAnswer, ...]) -> bool:
    return any(isinstance(each, Yes) for answer in found for each in (answer.audience, answer.subject))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_public_cases(case: dict[str, Any]) -> None:
    document = parse(case["policy"], Kind.TRUST)
    found = answers(document)
    assert found
    assert not any(isinstance(each, Undecided) for answer in found for each in (answer.audience, answer.subject))
    flagged = is_open(found) or any(answer.misspelled for answer in found)
    assert flagged == (case["verdict"] == "violation" and case["name"] not in OUT_OF_SCOPE)


def one(
    condition: object, provider: object = f"arn:aws:iam::444455556666:oidc-provider/{HOST}", **more: object
) -> FederationAnswer:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
        **more,
    }
    return answers(parse({"Version": "2012-10-17", "Statement": [statement]}, Kind.TRUST))[0]


@pytest.mark.parametrize(
    ("condition", "audience", "subject"),
    [
        ({"StringEquals": {**AUDIENCE, **SUBJECT}}, No, No),
        ({"StringLike": {**AUDIENCE, **SUBJECT}}, No, No),
        ({"StringEquals": {key.upper(): value for key, value in {**AUDIENCE, **SUBJECT}.items()}}, No, No),
        ({"StringEquals": SUBJECT}, Yes, No),
        ({"StringEqualsIfExists": AUDIENCE, "StringEquals": SUBJECT}, Yes, No),
        ({"StringLike": {**SUBJECT, f"{HOST}:aud": "*"}}, Yes, No),
        ({"StringEquals": AUDIENCE}, No, Yes),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": "repo:*"}}, No, Yes),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": "repo:acme*"}}, No, Yes),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": "repo:*/deploy:ref:refs/heads/main"}}, No, Yes),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": "*:environment:prod"}}, No, Yes),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": "repo:ac?e/app:*"}}, No, Yes),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": "repo:acme/app:*"}}, No, No),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{HOST}:sub": "repo:acme@*/app@*:*"}}, No, No),
        ({"StringEquals": AUDIENCE, "StringEqualsIgnoreCase": SUBJECT}, No, No),
        ({"StringEquals": AUDIENCE, "StringEqualsIfExists": SUBJECT}, No, Yes),
        ({"StringEquals": AUDIENCE, "StringNotLike": SUBJECT}, No, Yes),
        ({"StringEquals": AUDIENCE, "Null": {f"{HOST}:sub": "false"}}, No, Yes),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:repository_owner_id": "123"}}, No, No),
        (
            {
                "StringEquals": {
                    **AUDIENCE,
                    f"{HOST}:job_workflow_ref": "acme/w/.github/workflows/d.yml@refs/heads/main",
                }
            },
            No,
            No,
        ),
        ({"StringLike": {f"{HOST}:repository": "acme/*"}, "StringEquals": AUDIENCE}, No, No),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:environment": "prod"}}, No, Yes),
        ({"StringEquals": {**AUDIENCE, **SUBJECT, f"{HOST}:actor": UNKNOWN}}, No, No),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:sub": UNKNOWN}}, No, Undecided),
        ({"StringEquals": {**SUBJECT, f"{HOST}:aud": UNKNOWN}}, Undecided, No),
        (UNKNOWN, Undecided, Undecided),
        ({}, Yes, Yes),
    ],
    ids=str,
)
def test_mutants_of_a_sound_trust(condition: object, audience: type, subject: type) -> None:
    found = one(condition)
    assert (type(found.audience), type(found.subject)) == (audience, subject)


def test_the_witness_is_a_token_of_a_stranger() -> None:
    found = one({"StringEquals": AUDIENCE})
    assert isinstance(found.subject, Yes)
    assert found.subject.witness.request.context == {
        f"{HOST}:aud": "sts.amazonaws.com",
        f"{HOST}:sub": "repo:stranger/anything:ref:refs/heads/main",
    }


@pytest.mark.parametrize(
    ("key", "issuer", "proper"),
    [
        (f"https://{HOST}:sub", HOST, f"{HOST}:sub"),
        ("idp.example:sub", "idp.example/tenant", "idp.example/tenant:sub"),
        ("idp.example:sub", "idp.example/", "idp.example/:sub"),
        ("idp.example/:sub", "idp.example", "idp.example:sub"),
        ("gitlab.com:sub", HOST, f"{HOST}:sub"),
    ],
)
def test_misspelled_keys(key: str, issuer: str, proper: str) -> None:
    found = one({"StringEquals": {key: "x"}}, f"arn:aws:iam::444455556666:oidc-provider/{issuer}")
    (misspelled,) = found.misspelled
    assert (misspelled.key, misspelled.proper) == (key, proper)
    assert misspelled.path == f'Statement[0].Condition.StringEquals["{key}"]'


def test_keys_of_aws_and_of_the_other_provider_are_not_misspelled() -> None:
    providers = [f"arn:aws:iam::444455556666:oidc-provider/{name}" for name in (HOST, "gitlab.com")]
    found = one({"StringEquals": {**AUDIENCE, "gitlab.com:aud": "x", "aws:RequestTag/a": "b"}}, providers)
    assert found.misspelled == ()


@pytest.mark.parametrize(
    ("account", "placeholder"),
    [("123456789012", True), ("111111111111", True), ("000000000000", True), ("<ACCOUNT_ID>", True), ("ACCOUNT", True), ("", True),
     ("444455556666", False), ("111122223333", False), ("864209750001", False), ("standin0c0123456789abcdef", False)],
)  # fmt: skip
def test_placeholder_accounts(account: str, placeholder: bool) -> None:
    found = one({"StringEquals": {**AUDIENCE, **SUBJECT}}, f"arn:aws:iam::{account}:oidc-provider/{HOST}")
    assert found.placeholder == ("Statement[0].Principal.Federated" if placeholder else None)


def test_a_provider_that_cannot_be_read() -> None:
    found = one({"StringEquals": AUDIENCE}, UNKNOWN)
    assert isinstance(found.subject, Undecided)
    computed = one({"StringEquals": AUDIENCE}, "standin0c0123456789abcdef")
    assert computed.issuer == HOST
    assert isinstance(computed.subject, Yes)


def test_subjects_of_an_unlisted_issuer() -> None:
    provider = "arn:aws:iam::444455556666:oidc-provider/idp.example"
    fixed = {"idp.example:aud": "aws"}
    strict = one({"StringEquals": {**fixed, "idp.example:sub": "job-7"}}, provider)
    loose = one({"StringEquals": fixed, "StringLike": {"idp.example:sub": "job-*"}}, provider)
    gitlab = one({"StringEquals": fixed, "StringLike": {"idp.example:sub": "project_path:*"}}, provider)
    assert [type(each.subject) for each in (strict, loose, gitlab)] == [No, Undecided, Yes]


def test_a_deny_counts_and_other_statements_do_not() -> None:
    allow = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::444455556666:oidc-provider/{HOST}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    deny = {**allow, "Effect": "Deny", "Condition": {"StringNotEquals": {**AUDIENCE}}}
    strict = {**allow, "Condition": {"StringEquals": {**AUDIENCE, **SUBJECT}}}
    document = parse(
        {"Version": "2012-10-17", "Statement": [{**allow, "Condition": {"StringEquals": SUBJECT}}, deny]}, Kind.TRUST
    )
    assert isinstance(answers(document)[0].audience, No)
    both = answers(parse({"Version": "2012-10-17", "Statement": [strict, allow]}, Kind.TRUST))
    assert [is_open((each,)) for each in both] == [False, True]
    assert [each.path for each in both] == ["Statement[0]", "Statement[1]"]


def test_no_federation_no_answer() -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    mismatch = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::1:oidc-provider/{HOST}"},
        "Action": "sts:AssumeRole",
    }
    assert federation(parse({"Version": "2012-10-17", "Statement": [trust, mismatch]}, Kind.TRUST)) == ()


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        pytest.param(UNKNOWN, Undecided, id="unknown"),
        pytest.param("standin0x0123456789abcdef", Undecided, id="anything"),
        pytest.param("standin0c0123456789abcdef", Yes, id="computed"),
        pytest.param("arn:aws:iam::864209751234:samlprovider/standin0c0123456789abcdef", Yes, id="computed-arn"),
        pytest.param("*", Yes, id="every-provider"),
    ],
)
def test_an_assertion_of_a_provider_that_cannot_be_read(provider: object, expected: type) -> None:
    found = one({}, provider, Action=SAML)
    assert isinstance(found.audience, expected)
    assert found.action == SAML
    pinned = one({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}, provider, Action=SAML)
    assert isinstance(pinned.audience, No)


COMPUTED = "standin0c0123456789abcdef"


@pytest.mark.parametrize(
    ("condition", "subject"),
    [
        pytest.param({"StringEquals": {**AUDIENCE, **SUBJECT}}, No, id="pinned-for-the-host-that-was-meant"),
        pytest.param({"StringEquals": AUDIENCE}, Undecided, id="open-if-the-keys-are-the-issuer-s"),
        pytest.param({"StringNotEquals": SUBJECT}, Yes, id="open-whatever-the-issuer"),
        pytest.param({"StringEquals": {f"{COMPUTED}:aud": "a"}}, Yes, id="keys-of-the-computed-issuer-itself"),
    ],
)
def test_a_computed_issuer(condition: object, subject: type) -> None:
    found = one(condition, f"arn:aws:iam::444455556666:oidc-provider/{COMPUTED}")
    assert isinstance(found.subject, subject)
    assert not found.misspelled


def test_no_right_spelling_is_invented() -> None:
    found = one({"StringEquals": {**AUDIENCE, **SUBJECT, "bitbucket.example:nope": "x", "gitlab.com:sub": "y"}})
    assert [each.proper for each in found.misspelled] == ["", f"{HOST}:sub"]
