"""Requests that are easily missed: for each document there is one, or it cannot be told; and what is no request at all."""

from __future__ import annotations

from typing import Any

import pytest

from policypack.guardrails.aws import regions
from policypack.guardrails.aws.answers import No, Undecided, Yes
from policypack.guardrails.aws.authority import Authority
from policypack.guardrails.aws.caller_keys import domains_of
from policypack.guardrails.aws.callers import named_callers, named_principals
from policypack.guardrails.aws.comparison import Relation, compare
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import Verdict, evaluate
from policypack.guardrails.aws.explanation import explain
from policypack.guardrails.aws.goals import Question, Requests
from policypack.guardrails.aws.questions import allows, anyone_may_assume, strangers
from policypack.guardrails.aws.search import find
from policypack.guardrails.aws.state import Budget
from policypack.guardrails.values import UNKNOWN

OBJECTS = "arn:aws:s3:::b/*"


def document(*statements: object, kind: Kind = Kind.IDENTITY, version: object = "2012-10-17") -> Document:
    return parse({"Version": version, "Statement": list(statements)}, kind)


def allow(action: object = "s3:GetObject", resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object = "s3:GetObject", resource: object = "*", **more: object) -> dict[str, object]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def when(operator: str, key: str, value: object) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


def without(statement: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in statement.items() if name not in names}


def answer(found: Document, budget: Budget | None = None) -> Yes | No | Undecided:
    """Whether anybody that a document speaks of may do anything."""
    doubt: Undecided | None = None
    for caller in named_callers([found]):
        requests = Requests(caller, domains_of(caller, named_principals([found])))
        each = find(Question(Authority.of([found])), requests, budget=budget)
        if isinstance(each, Yes):
            assert evaluate([found], each.witness.request).verdict is Verdict.ALLOWED
            return each
        doubt = doubt or (each if isinstance(each, Undecided) else None)
    return doubt or No()


NEW = "arn:aws:newsvc:*:*:thing/*"


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([allow("newsvc:Do", NEW), deny("newsvc:Do", "arn:aws:newsvc:*:*:thing/any*")], id="unlisted-service"),
        pytest.param([allow("s3:BrandNew", OBJECTS), deny("s3:BrandNew", "arn:aws:s3:::b/any*")], id="unlisted-action"),
        pytest.param(
            [allow("newsvc:Do"), {"Effect": "Deny", "Action": "newsvc:*", "NotResource": NEW}], id="unlisted-anywhere-but"
        ),
        pytest.param([allow("*", "arn:aws:newsvc:us-east-1:111122223333:thing")], id="every-action-on-an-unlisted-arn"),
        pytest.param([allow("*", "arn:aws:dynamo*:*:*:table/x")], id="every-action-on-some-services"),
        pytest.param([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "arn:aws:sns:*:*:t"}], id="all-but-some"),
        pytest.param([allow(), without(deny(), "Resource")], id="a-deny-of-no-resource"),
        pytest.param([allow("s3:PutObjectTagging", **when("StringEquals", "s3:RequestObjectTag/t", ""))], id="empty"),
        pytest.param(
            [
                allow("s3:PutObjectTagging", **when("Null", "s3:RequestObjectTag/t", "false")),
                deny("s3:*", **when("StringLike", "s3:RequestObjectTag/t", "?*")),
            ],
            id="nothing-but-empty",
        ),
        pytest.param([allow("s3:ListBucket", **when("NumericGreaterThan", "s3:max-keys", "1e16"))], id="large"),
        pytest.param([allow("s3:ListBucket", **when("NumericEquals", "s3:max-keys", "0.1234567890123456"))], id="long"),
        pytest.param(
            [
                allow("s3:PutObjectTagging", **when("Null", "s3:RequestObjectTag/t", "false")),
                deny("s3:*", **when("StringLike", "s3:RequestObjectTag/t", [f"{c}*" for c in regions._FILLERS + "\u25a1"])),
            ],
            id="every-character-that-is-tried",
        ),
        pytest.param(
            [allow(**when("StringEqualsIgnoreCase", "aws:username", "a")), deny(**when("StringEquals", "aws:username", "a"))],
            id="the-other-case",
        ),
        pytest.param([allow(**when("NumericLessThan", "s3:max-keys", "${aws:PrincipalTag/n}")), allow("sqs:*")], id="beside"),
    ],
)  # fmt: skip
def test_a_request_is_found(statements: list[object]) -> None:
    assert isinstance(answer(document(*statements)), Yes)


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(document(allow("s3:GetObject", "*foo")), id="a-text-that-is-no-arn"),
        pytest.param(document(allow("standin0c0123456789abcdef")), id="a-computed-action"),
        pytest.param(document(allow("s3:GetObject", "arn:aws:s3:::b/secret/x"), deny("s3:*", "*secret*")), id="nor-denied"),
        pytest.param(
            document(
                allow("newsvc:Get*"), deny(["newsvc:GetA*", "newsvc:Get?*Z", *[f"newsvc:Get{n}" for n in range(600)]])
            ),
            id="tangled-actions",
        ),
        pytest.param(
            document(allow("s3:ListBucket", "arn:aws:s3:::*b??????????d*"), deny("s3:*", "arn:aws:s3:::*a??????????c*")),
            id="tangled-resources",
        ),
        pytest.param(document(allow(**when("NumericLessThan", "s3:max-keys", "${aws:PrincipalTag/n}"))), id="bound-by-variable"),
        pytest.param(document(allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}"), version=UNKNOWN), id="unknown-version"),
    ],
)  # fmt: skip
def test_what_is_not_found_is_not_ruled_out(found: Document) -> None:
    assert not isinstance(answer(found), No)


def test_a_document_whose_version_is_unknown_covers_nothing() -> None:
    grant = allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}")
    known, unknown = document(grant), document(grant, version=UNKNOWN)
    assert compare([unknown], [known]).relation is Relation.UNDECIDED
    refused = document(deny("s3:GetObject", "arn:aws:s3:::b/${aws:username}"), version=UNKNOWN)
    question = Question(Authority.of([known, refused]))
    caller = named_callers([known])[0]
    assert isinstance(find(question, Requests(caller, domains_of(caller, frozenset()))), Undecided)


def trust(principal: object, action: str = "sts:AssumeRole", **more: object) -> Document:
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more}, kind=Kind.TRUST)


def grant(principal: object = "*", **more: object) -> Document:
    return document(allow(resource=OBJECTS, Principal=principal, **more), kind=Kind.RESOURCE)


SERVICE = {"Service": "cognito-idp.amazonaws.com"}
PROVIDER = {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example"}
AWS_SERVICES = when("Bool", "aws:PrincipalIsAWSService", "true")
ONE_SERVICE = {
    "Condition": {**AWS_SERVICES["Condition"], "StringEquals": {"aws:PrincipalServiceName": "s3.amazonaws.com"}}
}


@pytest.mark.parametrize(
    ("base", "head"),
    [
        pytest.param(
            trust(SERVICE, **when("StringEquals", "sts:ExternalId", "x")), trust(SERVICE, **when("StringLike", "sts:ExternalId", "*")),
            id="a-service-that-sends-an-external-id",
        ),
        pytest.param(
            trust(SERVICE, **when("StringEquals", "aws:PrincipalTag/x509Subject/CN", "bob")), trust(SERVICE),
            id="a-service-that-sends-tags",
        ),
        pytest.param(
            trust(PROVIDER, "sts:AssumeRoleWithWebIdentity", **when("StringEquals", "sts:RoleSessionName", "ci")),
            trust(PROVIDER, "sts:AssumeRoleWithWebIdentity", **when("StringLike", "sts:RoleSessionName", "*")),
            id="a-token-and-a-session-name",
        ),
        pytest.param(trust(SERVICE), trust(SERVICE, "sts:*"), id="session-actions"),
        pytest.param(grant(**ONE_SERVICE), grant(**AWS_SERVICES), id="every-service"),
        pytest.param(grant(SERVICE), grant({"Service": "*"}), id="any-service"),
        pytest.param(grant({"Federated": "www.amazon.com"}), grant({"Federated": "*"}), id="any-provider"),
        pytest.param(
            document(allow("s3:ListBucket", "arn:aws:s3:::b", **when("StringEquals", "s3:prefix", ["home/"]))),
            document(allow("s3:ListBucket", "arn:aws:s3:::b", **when("StringEquals", "s3:prefix", ["", "home/"]))),
            id="the-root-of-a-bucket",
        ),
        pytest.param(document(without(allow(), "Resource")), document(allow()), id="no-resource-before"),
        pytest.param(
            document({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:sns"}),
            document(allow("*", ["arn:aws:s3:::b", "arn:aws:sns:eu-west-1:111122223333:t"])), id="short-arns",
        ),
    ],
)  # fmt: skip
def test_a_gain_is_found(base: Document, head: Document) -> None:
    assert compare([base], [head]).gained


@pytest.mark.parametrize(
    ("base", "head"),
    [
        pytest.param(
            grant({"AWS": "111122223333"}), grant(**when("StringEquals", "aws:PrincipalAccount", "111122223333")),
            id="an-account-by-its-key",
        ),
        pytest.param(
            grant({"AWS": "111122223333"}), grant(**when("StringEquals", "kms:CallerAccount", "111122223333")), id="a-caller-s-account",
        ),
        pytest.param(
            grant({"AWS": "arn:aws:iam::111122223333:role/a"}),
            grant({"AWS": "111122223333"}, **when("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/a")),
            id="a-role-by-its-key",
        ),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_equal(base: Document, head: Document) -> None:
    assert compare([base], [head]).relation is Relation.EQUAL


@pytest.mark.parametrize(
    "condition",
    [
        when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/deploy"),
        when("StringEquals", "aws:VpceAccount", "${aws:PrincipalAccount}"),
        when("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalTag/org}"),
        when("StringEquals", "aws:PrincipalType", "Account"),
    ],
)
def test_what_a_variable_puts_in_names_nobody(condition: dict[str, object]) -> None:
    assert isinstance(strangers(grant(**condition), frozenset()), Yes)


def test_any_holder_of_a_token_may_choose_the_name_of_the_session() -> None:
    opened = trust("*", "sts:AssumeRoleWithWebIdentity", **when("StringLike", "sts:RoleSessionName", "*"))
    assert isinstance(anyone_may_assume(opened), Yes)


def test_one_resource_that_variables_may_name() -> None:
    home = document(allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}"))
    assert isinstance(allows([home], "s3:GetObject", "arn:aws:s3:::b/bob"), Yes)
    two = document(
        allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/a}/${aws:PrincipalTag/b}"),
        deny("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/a}/${aws:PrincipalTag/a}"),
    )
    assert not isinstance(allows([two], "s3:GetObject", "arn:aws:s3:::b/x/y"), No)


def test_a_spent_budget_is_never_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    found = document(
        allow(["s3:*", "sqs:*"], ["arn:aws:s3:::a*b?c*", "*"], **when("StringLike", "aws:username", ["a*b?", "*x*"])),
        deny("s3:Get*", "arn:aws:s3:::*b*c*", **when("StringLike", "aws:username", "*b*")),
        deny("sqs:*", "*", **when("StringNotLike", "aws:username", "*y*")),
    )
    assert isinstance(answer(found), Yes)
    for steps in (0, 1, 3, 10, 30, 100, 300):
        assert not isinstance(answer(found, Budget(steps)), No)
    monkeypatch.setattr(regions, "BUDGET", 1)
    assert not isinstance(answer(found), No)


def test_explaining_a_variable_under_a_numeric_operator_ends() -> None:
    explained = explain([document(allow(**when("NumericLessThan", "s3:max-keys", "${aws:PrincipalTag/n}")))])
    assert explained.undecided
    assert not explained.grants


def test_a_resource_that_no_value_of_a_variable_reaches_is_ruled_out() -> None:
    home = document(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*"))
    assert allows([home], "s3:GetObject", "arn:aws:s3:::other/bob/x") == No()


def test_a_principal_made_of_variables_is_no_caller() -> None:
    opened = grant(**when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/deploy"))
    assert not [caller for caller in named_callers([opened]) if "$" in caller.name]
    assert explain([opened]).grants[0].who == ("anyone signed in to any AWS account",)


@pytest.mark.parametrize("name", ["a:b", ":", "arn:aws:iam::", "arn:aws", "x:y:z:111122223333", "", "AIDAEXAMPLE"])
@pytest.mark.parametrize("kind", ["AWS", "Federated", "Service"])
def test_malformed_principals_are_explained(kind: str, name: str) -> None:
    found = grant({kind: name})
    explain([found])
    assert compare([found], [found]).relation is Relation.EQUAL
