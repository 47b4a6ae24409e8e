"""Federated trust: the public cases, and mutants of one sound document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from aws_replay import replays

from policypack.guardrails.aws.answers import Answer, No, Undecided, Yes
from policypack.guardrails.aws.claim_keys import Slip
from policypack.guardrails.aws.claim_tests import Flaw
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import Verdict, evaluate
from policypack.guardrails.aws.federation import Federation, FederationAnswer, federation
from policypack.guardrails.aws.issuer_trust import subject_in
from policypack.guardrails.aws.tokens import Own
from policypack.guardrails.aws.trust_actions import SAML, WEB_IDENTITY
from policypack.guardrails.issuers.reach import Reach
from policypack.guardrails.issuers.table import configured
from policypack.guardrails.values import UNKNOWN

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "oidc-trust-cases.json").read_text())
HOST = "token.actions.githubusercontent.com"
AUD, SUB = f"{HOST}:aud", f"{HOST}:sub"
AUDIENCE = {AUD: "sts.amazonaws.com"}
SUBJECT = {SUB: "repo:acme/app:ref:refs/heads/main"}
BOTH = {**AUDIENCE, **SUBJECT}
COMPUTED = "standin0c0123456789abcdef"
ANYTHING = "standin0x0123456789abcdef"


def every(found: FederationAnswer) -> list[Answer]:
    return [found.audience, *(answer for _, answer in found.circles), found.anybody, found.guests]


def answers(document: Document, asked: Federation = federation) -> tuple[FederationAnswer, ...]:
    """The answers, each witness of which the document admits."""
    found = asked(document)
    for each in (answer for one in found for answer in every(one)):
        if isinstance(each, Yes):
            assert evaluate([document], each.witness.request).verdict is Verdict.ALLOWED
    return found


def provider_of(issuer: str) -> str:
    return f"arn:aws:iam::444455556666:oidc-provider/{issuer}"


def allow(condition: object, provider: object = provider_of(HOST), **more: object) -> dict[str, object]:
    principal = {"Principal": {"Federated": provider}, "Action": WEB_IDENTITY, "Condition": condition}
    return {"Effect": "Allow", **principal, **more}


def trust(*statements: object) -> Document:
    return parse({"Version": "2012-10-17", "Statement": list(statements)}, Kind.TRUST)


def one(
    condition: object, provider: object = provider_of(HOST), asked: Federation = federation, **more: object
) -> FederationAnswer:
    return answers(trust(allow(condition, provider, **more)), asked)[0]


def of(issuer: str, equal: dict[str, object], like: dict[str, object] | None = None) -> FederationAnswer:
    """The answer for conditions on claims of an issuer."""
    blocks = {"StringEquals": equal, "StringLike": like or {}}
    condition = {
        operator: {f"{issuer}:{claim}": value for claim, value in block.items()} for operator, block in blocks.items()
    }
    return one(condition, provider_of(issuer))


def kinds(found: FederationAnswer) -> tuple[type, Reach | type]:
    """The answer for the audience, and how far the subjects reach or that it cannot be told."""
    return type(found.audience), found.reach or type(found.subject)


# The public cases


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_public_cases(case: dict[str, Any]) -> None:
    document = parse(case["policy"], Kind.TRUST)
    found = answers(document)
    assert found
    said = [answer for one in found for answer in every(one)]
    assert not any(isinstance(each, Undecided) for each in said)
    assert all(replays([case["policy"]], [Kind.TRUST], each.witness) for each in said if isinstance(each, Yes))
    assert any(_is_bad(each) for each in found) == (case["verdict"] == "violation")


def _is_bad(found: FederationAnswer) -> bool:
    wide = found.reach in (Reach.STRANGERS, Reach.ORGANIZATION)
    dead = isinstance(found.anybody, No)
    return wide or dead or isinstance(found.audience, Yes) or bool(found.unsound or found.undemanded)


# Mutants of a sound trust


@pytest.mark.parametrize(
    ("condition", "audience", "reach"),
    [
        ({"StringEquals": BOTH}, No, No),
        ({"StringLike": BOTH}, No, No),
        ({"StringEquals": {key.upper(): value for key, value in BOTH.items()}}, No, No),
        ({"StringEquals": SUBJECT}, Yes, No),
        ({"StringLike": {**SUBJECT, AUD: "*"}}, Yes, No),
        ({"StringLike": {**SUBJECT, AUD: ["sts.amazonaws.com", "https://github.com/*"]}}, Yes, No),
        ({"StringEquals": {**SUBJECT, AUD: ["sts.amazonaws.com", "https://github.com/acme"]}}, No, No),
        ({"StringNotEquals": {AUD: "other"}, "StringEquals": SUBJECT}, Yes, No),
        # Every token has a subject and an audience, so these ask for them all the same.
        ({"StringEqualsIfExists": AUDIENCE, "StringEquals": SUBJECT}, No, No),
        ({"StringEquals": AUDIENCE, "StringEqualsIfExists": SUBJECT}, No, No),
        ({"StringEquals": AUDIENCE, "ForAllValues:StringLike": SUBJECT}, No, No),
        ({"StringEquals": AUDIENCE, "StringEqualsIgnoreCase": SUBJECT}, No, No),
        ({"StringEquals": AUDIENCE, "ArnLike": SUBJECT}, No, No),
        ({"StringEquals": AUDIENCE}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:*"}}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme*"}}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:*/deploy:ref:refs/heads/main"}}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "*:environment:prod"}}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:ac?e/app:*"}}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringNotLike": SUBJECT}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "Null": {SUB: "false"}}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: ["repo:acme/app:*", "repo:*"]}}, No, Reach.STRANGERS),
        ({"StringEquals": {**AUDIENCE, SUB: "environment:prod"}}, No, Reach.STRANGERS),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/*"}}, No, Reach.ORGANIZATION),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/app*"}}, No, Reach.ORGANIZATION),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme@*/*:ref:*"}}, No, Reach.ORGANIZATION),
        ({"StringEquals": {**AUDIENCE, SUB: "repository_owner:acme"}}, No, Reach.ORGANIZATION),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/app:*"}}, No, Reach.PROJECT),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme@*/app@*:*"}}, No, Reach.PROJECT),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/app:ref:refs/heads/*"}}, No, Reach.PROJECT),
        ({"StringEquals": {**AUDIENCE, SUB: "repository_id:123"}}, No, Reach.PROJECT),
        ({"StringEquals": {**AUDIENCE, SUB: "repo:acme/app:pull_request"}}, No, Reach.PULL_REQUESTS),
        ({"StringEquals": {**AUDIENCE, SUB: [SUBJECT[SUB], "repo:acme/app:pull_request"]}}, No, Reach.PULL_REQUESTS),
        ({"StringEquals": {**AUDIENCE, SUB: [SUBJECT[SUB], "repo:acme/app:environment:prod"]}}, No, No),
        # Other claims.
        ({"StringEquals": {**AUDIENCE, f"{HOST}:repository_owner_id": "123"}}, No, Reach.ORGANIZATION),
        ({"NumericEquals": {f"{HOST}:repository_owner_id": "123"}, "StringEquals": AUDIENCE}, No, Reach.ORGANIZATION),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:enterprise_id": "123"}}, No, Reach.ORGANIZATION),
        ({"StringLike": {f"{HOST}:repository": "acme/*"}, "StringEquals": AUDIENCE}, No, Reach.ORGANIZATION),
        (
            {
                "StringEquals": {
                    **AUDIENCE,
                    f"{HOST}:job_workflow_ref": "acme/w/.github/workflows/d.yml@refs/heads/main",
                }
            },
            No,
            Reach.ORGANIZATION,
        ),
        ({"StringLike": {f"{HOST}:job_workflow_ref": "*/d.yml@*"}, "StringEquals": AUDIENCE}, No, Reach.STRANGERS),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:repository_id": "123"}}, No, Reach.PROJECT),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:repository_id": "123", f"{HOST}:environment": "prod"}}, No, No),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:environment": "prod"}}, No, Reach.STRANGERS),
        ({"StringEquals": {**AUDIENCE, f"{HOST}:actor": "alice"}}, No, Reach.STRANGERS),
        ({"StringEquals": {**BOTH, f"{HOST}:actor": UNKNOWN}}, No, No),
        # Not every token has these, so a test that holds without them keeps nobody out.
        ({"StringEquals": AUDIENCE, "StringEqualsIfExists": {f"{HOST}:enterprise_id": "1"}}, No, Reach.STRANGERS),
        (
            {
                "StringEquals": {**AUDIENCE, f"{HOST}:repository_id": "1"},
                "StringEqualsIfExists": {f"{HOST}:environment": "prod"},
            },
            No,
            Reach.PROJECT,
        ),
        # Keys of the request that say nothing of whose the token is.
        ({"StringEquals": AUDIENCE, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, No, Reach.STRANGERS),
        ({"StringEquals": {**AUDIENCE, "sts:RoleSessionName": "deploy"}}, No, Reach.STRANGERS),
        ({"StringEquals": {**AUDIENCE, "aws:RequestTag/organization_slug": "acme"}}, No, Reach.STRANGERS),
        # A claim without its issuer is no claim.
        ({"StringEquals": AUDIENCE, "StringEqualsIfExists": {"repository_id": "123"}}, No, Reach.STRANGERS),
        ({"StringEquals": {**AUDIENCE, SUB: UNKNOWN}}, No, Undecided),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: f"repo:{ANYTHING}/app:*"}}, No, Undecided),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: f"repo:{COMPUTED}/app:*"}}, No, Reach.PROJECT),
        ({"StringEquals": {**SUBJECT, AUD: UNKNOWN}}, Undecided, No),
        ({"StringEquals": AUDIENCE, "Bogus": SUBJECT}, No, Undecided),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: []}}, No, Undecided),
        (UNKNOWN, Undecided, Undecided),
        ({}, Yes, Reach.STRANGERS),
    ],
    ids=str,
)
def test_mutants_of_a_sound_trust(condition: object, audience: type, reach: Reach | type) -> None:
    found = one(condition)
    assert kinds(found) == (audience, reach)
    assert found.subject is found.circle(found.reach) if found.reach else not isinstance(found.subject, Yes)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {**AUDIENCE, SUB: "repo:acme/app:*"}},
        {"StringEquals": {**BOTH, f"{HOST}:workflow_ref": "acme/app"}},
        {"StringEquals": {**AUDIENCE, "repository_id": "123"}},
        {"StringEquals": {**BOTH, "sts:ExternalId": "x"}},
        {"StringEquals": {**BOTH, "aws:PrincipalTag/team": "x"}},
        {"StringEquals": {**AUDIENCE, SUB: "${aws:username}"}},
        {"StringEquals": BOTH, "Null": {SUB: "true"}},
        {"StringEquals": BOTH, "StringNotEquals": SUBJECT},
    ],
    ids=str,
)
def test_nobody_is_admitted(condition: object) -> None:
    found = one(condition)
    assert isinstance(found.anybody, No)
    assert kinds(found) == (No, No)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": AUDIENCE}, "repo:stranger/anything:ref:refs/heads/main"),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:*/app:environment:*"}}, "repo:stranger/app:environment:any-environment"),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/*"}}, "repo:acme/anything:ref:refs/heads/main"),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/app*"}}, "repo:acme/app-anything:ref:refs/heads/main"),
        ({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/app:*"}}, "repo:acme/app:ref:refs/heads/any-branch"),
        ({"StringEquals": {**AUDIENCE, SUB: "repo:acme/app:pull_request"}}, "repo:acme/app:pull_request"),
    ],
)  # fmt: skip
def test_the_witness_is_a_token_of_somebody_else(condition: object, expected: str) -> None:
    found = one(condition)
    assert isinstance(found.subject, Yes)
    assert found.subject.witness.request.context == {**AUDIENCE, SUB: expected}
    assert subject_in(found.subject, HOST.upper()) == expected


# Statements, several of them and Denys


def test_a_deny_counts_and_other_statements_do_not() -> None:
    deny = allow({"StringNotEquals": AUDIENCE}, Effect="Deny")
    assert isinstance(answers(trust(allow({"StringEquals": SUBJECT}), deny))[0].audience, No)
    wide = allow({"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/*"}})
    narrowed = allow({"StringNotLike": {SUB: "repo:acme/app:*"}}, Effect="Deny")
    (found,) = answers(trust(wide, narrowed))
    assert found.reach is Reach.PROJECT
    both = answers(trust(allow({"StringEquals": BOTH}), allow({})))
    assert [each.reach for each in both] == [None, Reach.STRANGERS]
    assert [each.path for each in both] == ["Statement[0]", "Statement[1]"]


def test_subjects_that_no_token_has_open_nothing() -> None:
    """What a Deny leaves counts only as far as there are tokens with such subjects."""
    issuer = "app.terraform.io"
    wide = allow({"StringEquals": {f"{issuer}:aud": "aws.workload.identity"}}, provider_of(issuer))
    for denied, expected in (("organization:*", No), ("organization:acme:*", Reach.STRANGERS)):
        deny = allow({"StringLike": {f"{issuer}:sub": denied}}, provider_of(issuer), Effect="Deny")
        (found,) = answers(trust(wide, deny))
        assert kinds(found) == (No, expected)
    (opened,) = answers(
        trust(allow({"StringLike": {f"{issuer}:aud": "a", f"{issuer}:sub": "*:run_phase:plan"}}, provider_of(issuer)))
    )
    assert isinstance(opened.subject, Yes)
    assert subject_in(opened.subject, issuer).startswith("organization:")


def test_a_deny_that_cannot_be_read_leaves_it_open() -> None:
    (found,) = answers(trust(allow({"StringEquals": AUDIENCE}), allow(UNKNOWN, Effect="Deny")))
    assert kinds(found) == (No, Undecided)


def test_no_federation_no_answer() -> None:
    service = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    assert federation(trust(service, allow({}, Action="sts:AssumeRole"), allow({}, Effect="Deny"))) == ()
    assert federation(parse({"Version": "2012-10-17", "Statement": [allow({})]}, Kind.RESOURCE)) == ()


def test_several_providers_of_one_statement() -> None:
    """A condition on the claims of one keeps out the tokens of the other, which lack them."""
    providers = [provider_of(name) for name in (HOST, "gitlab.com")]
    for keys in (BOTH, {**AUDIENCE, "gitlab.com:aud": "x"}):
        found = answers(trust(allow({"StringEquals": keys, "StringNotEquals": {"aws:RequestTag/a": "b"}}, providers)))
        assert [each.name for each in found] == [HOST, "gitlab.com"]
        assert not any(each.wrong_keys for each in found)
        assert isinstance(found[1].anybody, No)
    loose = answers(trust(allow({"StringEqualsIfExists": BOTH}, providers)))
    assert [each.reach for each in loose] == [None, Reach.STRANGERS]


# Keys that no request carries, and tests that demand nothing


@pytest.mark.parametrize(
    ("key", "issuer", "slip", "proper"),
    [
        (f"https://{HOST}:sub", HOST, Slip.SCHEME, SUB),
        (f"HTTP://{HOST}:sub", HOST, Slip.SCHEME, SUB),
        ("idp.example:sub", "idp.example/tenant", Slip.ISSUER, "idp.example/tenant:sub"),
        ("idp.example:sub", "idp.example/", Slip.ISSUER, "idp.example/:sub"),
        ("idp.example/:sub", "idp.example", Slip.ISSUER, "idp.example:sub"),
        ("gitlab.com:sub", HOST, Slip.ISSUER, SUB),
        ("gitlab.com:nope", HOST, Slip.ISSUER, ""),
        ("repository_id", HOST, Slip.ISSUER, f"{HOST}:repository_id"),
        (f"{HOST}:workflow_ref", HOST, Slip.CLAIM, ""),
        ("idp.example:groups", "idp.example", Slip.CLAIM, ""),
        ("agent.buildkite.com:aws:RequestTag/organization_id", "agent.buildkite.com", Slip.CLAIM, ""),
    ],
)  # fmt: skip
def test_keys_that_no_request_carries(key: str, issuer: str, slip: Slip, proper: str) -> None:
    found = one({"StringEquals": {key: "x"}}, provider_of(issuer))
    (wrong,) = found.wrong_keys
    assert (wrong.condition.key, wrong.slip, wrong.issuer, wrong.proper) == (key, slip, issuer, proper)
    assert wrong.condition.path == f'Statement[0].Condition.StringEquals["{key}"]'
    assert not wrong.idle


@pytest.mark.parametrize(
    ("operator", "value", "idle"),
    [
        ("StringEquals", "x", False),
        ("StringLike", "*", False),
        ("ForAnyValue:StringEquals", "x", False),
        ("StringEqualsIfExists", "x", True),
        ("ForAllValues:StringLike", "x", True),
        ("StringNotEquals", "x", True),
        ("ForAnyValue:StringNotEquals", "x", False),
        ("Null", "true", True),
        ("Null", "false", False),
    ],
)
def test_whether_a_key_that_no_request_carries_keeps_anybody_out(operator: str, value: str, idle: bool) -> None:
    """Idle is what leaves the trust open, as the evaluation says too."""
    found = one({operator: {f"https://{SUB}": value}, "StringEqualsIgnoreCase": AUDIENCE})
    (wrong,) = found.wrong_keys
    assert wrong.idle is idle
    assert kinds(found) == (No, Reach.STRANGERS if idle else No)
    assert isinstance(found.anybody, Yes if idle else No)


@pytest.mark.parametrize("key", ["aws:RequestTag/a", "sts:RoleSessionName", "saml:aud", "iam:ResourceTag/a"])
def test_keys_of_aws_are_not_wrong(key: str) -> None:
    assert one({"StringEquals": {**BOTH, key: "b"}}).wrong_keys == ()


@pytest.mark.parametrize(
    ("block", "flaw"),
    [
        ({"StringEqualsIfExists": SUBJECT}, Flaw.IF_EXISTS),
        ({"ForAllValues:StringLike": SUBJECT}, Flaw.ALL),
        ({"StringNotLike": SUBJECT}, Flaw.NEGATED),
        ({"StringNotEqualsIfExists": SUBJECT}, Flaw.NEGATED),
        ({"Null": {SUB: "false"}}, Flaw.NULL),
        ({"StringEquals": SUBJECT}, None),
        ({"ForAnyValue:StringEquals": SUBJECT}, None),
        # One that demands a value is enough.
        ({"StringLike": SUBJECT, "Null": {SUB: "false"}}, None),
        ({"StringLike": SUBJECT, "StringNotLike": {SUB: "*:pull_request"}}, None),
    ],
    ids=str,
)
def test_tests_that_demand_nothing(block: dict[str, object], flaw: Flaw | None) -> None:
    found = one({"StringEquals": AUDIENCE, **block}) if "StringEquals" not in block else one(block)
    assert [(each.claim, each.flaw) for each in found.unsound] == ([("sub", flaw)] if flaw else [])


def test_which_claims_have_to_be_demanded() -> None:
    loose = {"StringEqualsIfExists": {f"{HOST}:{claim}": "1" for claim in ("aud", "repository_id", "actor", "ref")}}
    assert [each.claim for each in one(loose).unsound] == ["aud", "repository_id"]


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [("sub", False), ("job_workflow_ref", False), ("repository_id", True), ("aud", True)],
)
def test_what_aws_demands_to_be_tested(claim: str, wanted: bool) -> None:
    keys = (SUB, f"{HOST}:job_workflow_ref")
    assert one({"StringLike": {f"{HOST}:{claim}": "*"}}).undemanded == (keys if wanted else ())
    assert one({"StringEquals": {"idp.example:aud": "a"}}, provider_of("idp.example")).undemanded == ()
    assert one(UNKNOWN).undemanded == ()


# Providers


@pytest.mark.parametrize(
    ("account", "placeholder"),
    [("123456789012", True), ("111111111111", True), ("000000000000", True), ("<ACCOUNT_ID>", True), ("ACCOUNT", True), ("", True),
     ("444455556666", False), ("111122223333", False), ("864209750001", False), (COMPUTED, False)],
)  # fmt: skip
def test_placeholder_accounts(account: str, placeholder: bool) -> None:
    found = one({"StringEquals": BOTH}, f"arn:aws:iam::{account}:oidc-provider/{HOST}")
    assert found.placeholder == ("Statement[0].Principal.Federated" if placeholder else None)
    assert kinds(found) == (No, No)


def test_a_provider_that_cannot_be_read() -> None:
    found = one({"StringEquals": AUDIENCE}, UNKNOWN)
    assert kinds(found) == (No, Undecided)
    computed = one({"StringEquals": AUDIENCE}, COMPUTED)
    assert computed.name == HOST
    assert computed.reach is Reach.STRANGERS
    assert one({"StringEquals": BOTH}, COMPUTED).reach is None
    nameless = one({}, "*")
    assert (nameless.name, nameless.issuer.listed, kinds(nameless)) == ("", False, (Yes, Reach.STRANGERS))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param({"StringEquals": BOTH}, No, id="pinned-for-the-host-that-was-meant"),
        pytest.param({"StringEquals": AUDIENCE}, Undecided, id="open-if-the-keys-are-the-issuer-s"),
        pytest.param({"StringNotEquals": SUBJECT}, Reach.STRANGERS, id="open-whatever-the-issuer"),
        pytest.param({"StringEquals": {f"{COMPUTED}:aud": "a"}}, Reach.STRANGERS, id="keys-of-the-computed-issuer"),
        pytest.param(
            {"StringEquals": {f"{COMPUTED}:aud": "a", f"{COMPUTED}:sub": "system:serviceaccount:default:app"}},
            No,
            id="subject-of-the-computed-issuer",
        ),
    ],
)
def test_a_computed_issuer(condition: object, expected: Reach | type) -> None:
    found = one(condition, provider_of(COMPUTED))
    assert (found.reach or type(found.subject)) == expected
    assert not found.wrong_keys


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        # A text names somebody; a pattern does by a form that other issuers have.
        ("job-7", No),
        ("job-*", Undecided),
        ("*-job", Reach.STRANGERS),
        ("*", Reach.STRANGERS),
        ("project_path:*", Reach.STRANGERS),
        ("project_path:acme/*", Reach.ORGANIZATION),
        ("project_path:acme/app:*", Reach.PROJECT),
        ("system:serviceaccount:*:*", Reach.STRANGERS),
    ],
)
def test_subjects_of_an_unlisted_issuer(subject: str, expected: Reach | type) -> None:
    found = of("idp.example", {"aud": "aws"}, {"sub": subject})
    assert kinds(found) == (No, expected)
    assert not found.issuer.listed


def test_one_tenant_has_no_strangers() -> None:
    found = of("oidc.eks.eu-west-1.amazonaws.com/id/0A1B", {"aud": "sts.amazonaws.com"})
    assert [reach for reach, _ in found.circles] == [Reach.ORGANIZATION]
    named = of("oidc.eks.eu-west-1.amazonaws.com/id/0A1B", {"aud": "a"}, {"sub": "system:serviceaccount:shop:*"})
    assert kinds(named) == (No, Reach.PROJECT)


@pytest.mark.parametrize(
    ("equal", "expected"),
    [
        ({"aud": "aws:acme"}, Reach.ORGANIZATION),
        ({"sub": "pulumi:deploy:org:acme:project:web:stack:prod:operation:update:scope:write"}, None),
        ({"aud": "aws:acme", "sub": "pulumi:environments:org:acme:env:web/prod"}, None),
        ({}, Reach.STRANGERS),
    ],
)
def test_an_audience_that_fixes_the_tenant(equal: dict[str, object], expected: Reach | None) -> None:
    found = of("api.pulumi.com/oidc", equal)
    assert found.reach is expected
    assert isinstance(found.audience, No if "aud" in equal else Yes)


def test_session_tags_that_the_issuer_signs() -> None:
    """Whoever asks may choose tags of another issuer's session, but not these."""
    issuer = "agent.buildkite.com"
    for block, expected in (
        ({"aws:RequestTag/organization_id": "1"}, Reach.ORGANIZATION),
        ({"aws:RequestTag/organization_slug": "acme", "aws:requesttag/PIPELINE_SLUG": "web"}, Reach.PROJECT),
        ({"aws:RequestTag/pipeline_slug": "web"}, Reach.STRANGERS),
        ({"aws:RequestTag/team": "acme"}, Reach.STRANGERS),
    ):
        found = one({"StringEquals": {f"{issuer}:aud": "sts.amazonaws.com", **block}}, provider_of(issuer))
        assert found.reach is expected
    # A tag is no claim, so it has no key with the issuer.
    prefixed = {f"{issuer}:sub": "*", f"{issuer}:aws:RequestTag/organization_id": "1"}
    assert isinstance(one({"StringLike": prefixed}, provider_of(issuer)).anybody, No)
    # Not every session has tags.
    loose = {f"{issuer}:aud": "sts.amazonaws.com", "aws:RequestTag/organization_id": "1"}
    assert one({"StringEqualsIfExists": loose}, provider_of(issuer)).reach is Reach.STRANGERS


def test_a_session_name_that_tells_the_tenant() -> None:
    issuer = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/"
    named, key = {f"{issuer}:aud": "api://x"}, "sts:RoleSessionName"
    pinned = one({"StringEquals": {**named, key: "Sentinel_WORKSPACE"}}, provider_of(issuer))
    assert (pinned.reach, pinned.undemanded, type(pinned.anybody)) == (None, (), Yes)
    opened = one({"StringEquals": named, "StringLike": {key: "Sentinel_*"}}, provider_of(issuer))
    assert (opened.reach, opened.undemanded) == (Reach.STRANGERS, ())
    missing = one({"StringEquals": named}, provider_of(issuer))
    assert (missing.reach, [each.lower() for each in missing.undemanded]) == (Reach.STRANGERS, [key.lower()])


@pytest.mark.parametrize(
    ("test", "guests"),
    [
        ({"ForAnyValue:StringLike": {"amr": "authenticated"}}, No),
        ({"ForAnyValue:StringLike": {"amr": "unauthenticated"}}, No),
        ({"ForAnyValue:StringLike": {"amr": "*authenticated"}}, Yes),
        ({"ForAnyValue:StringEquals": {"amr": UNKNOWN}}, Undecided),
        ({}, Yes),
    ],
    ids=str,
)
def test_guests(test: dict[str, dict[str, object]], guests: type) -> None:
    pool = "cognito-identity.amazonaws.com"
    blocks = {"StringEquals": {"aud": "eu-west-1:pool"}, **test}
    condition = {each: {f"{pool}:{claim}": value for claim, value in block.items()} for each, block in blocks.items()}
    found = one(condition, pool)
    assert isinstance(found.guests, guests)
    # The users of one application are who is meant.
    assert kinds(found)[0] is No
    assert not isinstance(found.subject, Yes)


# What an organization says of itself


def test_issuers_of_ones_own() -> None:
    issuer = "ci.acme.example/web"
    entry = {"issuer": issuer, "shared": True, "subjects": ["team:{tenant:TEAM}:job:{project:JOB}"]}
    asked = Federation(configured({issuer: entry}))
    for subject, expected in (
        ("team:*", Reach.STRANGERS),
        ("team:web:*", Reach.ORGANIZATION),
        ("team:web:job:x", None),
    ):
        condition = {"StringLike": {f"{issuer}:aud": "AUDIENCE", f"{issuer}:sub": subject}}
        found = one(condition, provider_of(issuer), asked)
        assert (found.reach, found.issuer.listed) == (expected, True)


def test_tenants_audiences_and_subjects_of_ones_own() -> None:
    asked = Federation(own=Own(frozenset({"acme"}), ("sts.amazonaws.com",), ("repo:acme/*",)))
    sound = {"StringEquals": BOTH}
    foreign = {"StringEquals": {**AUDIENCE, SUB: "repo:other/app:ref:refs/heads/main"}}
    broad = {"StringEquals": AUDIENCE, "StringLike": {SUB: "repo:acme/*"}}
    elsewhere = {"StringEquals": {**SUBJECT, AUD: "elsewhere"}}
    assert [kinds(one(each, asked=asked))[1] for each in (sound, foreign, broad)] == [No, Reach.STRANGERS, No]
    assert isinstance(one(sound, asked=asked).audience, No)
    assert isinstance(one({"StringEquals": SUBJECT}, asked=asked).audience, Yes)
    assert kinds(one(elsewhere, asked=asked))[1] is No


def test_one_circle_is_asked_for_tenants_or_audiences_alone() -> None:
    sound = one({"StringEquals": BOTH})
    ours, theirs = frozenset({"acme"}), frozenset({"other"})
    assert isinstance(sound.foreign_tenant(ours), No)
    assert subject_in(cast("Yes", sound.foreign_tenant(theirs)), sound.name) == BOTH[SUB]
    assert isinstance(sound.foreign_audience(("sts.*",)), No)
    assert isinstance(sound.foreign_audience(("elsewhere",)), Yes)
    # Nobody else has tokens of a cluster.
    cluster = of("oidc.eks.eu-west-1.amazonaws.com/id/0A1B", {"sub": "system:serviceaccount:shop:api"})
    assert isinstance(cluster.foreign_tenant(ours), No)


def test_whoever_signs_in_to_an_application() -> None:
    store = "www.amazon.com"
    condition = {"StringEquals": {f"{store}:app_id": "client"}, "StringLike": {f"{store}:user_id": "*-staff"}}
    assert isinstance(one(condition, store).any_user, Yes)
    assert isinstance(one(condition, store).any_guest, No)


def test_subjects_of_no_known_form() -> None:
    issuer = "acme.app.spacelift.io"
    assert of(issuer, {"aud": issuer, "sub": "infra"}).odd_subjects == ("infra",)
    assert of(issuer, {"aud": issuer, "sub": "space:prod:stack:infra:run_type:x:scope:read"}).odd_subjects == ()
    # Where all forms are known, there is no such subject, and nobody gets in.
    impossible = one({"StringEquals": {**AUDIENCE, SUB: "acme/app"}})
    assert (impossible.odd_subjects, type(impossible.anybody)) == ((), No)
    assert of("idp.example", {"aud": "aws", "sub": "job-7"}).odd_subjects == ("job-7",)


# Assertions of SAML providers


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        pytest.param("arn:aws:iam::444455556666:saml-provider/corp", Yes, id="named"),
        pytest.param(UNKNOWN, Undecided, id="unknown"),
        pytest.param(ANYTHING, Undecided, id="anything"),
        pytest.param(COMPUTED, Yes, id="computed"),
        pytest.param(f"arn:aws:iam::864209751234:samlprovider/{COMPUTED}", Yes, id="computed-arn"),
        pytest.param("*", Yes, id="every-provider"),
    ],
)
def test_an_assertion_for_another_service(provider: object, expected: type) -> None:
    found = one({}, provider, Action=SAML)
    assert isinstance(found.audience, expected)
    assert (found.action, found.name, found.reach) == (SAML, "", None)
    pinned = one({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}, provider, Action=SAML)
    assert isinstance(pinned.audience, No)


@pytest.mark.parametrize(
    ("operator", "audience", "expected"),
    [
        ("StringEquals", "https://eu-west-1.signin.aws.amazon.com/saml", No),
        ("StringEquals", "https://signin.amazonaws.cn/saml", No),
        ("StringLike", "https://*.signin.aws.amazon.com/saml*", No),
        ("StringLike", "https://*", Yes),
        ("StringNotEquals", "https://signin.aws.amazon.com/saml", Yes),
        # An assertion always has an audience.
        ("StringEqualsIfExists", "https://signin.aws.amazon.com/saml", No),
    ],
)
def test_audiences_of_assertions(operator: str, audience: str, expected: type) -> None:
    provider = "arn:aws:iam::444455556666:saml-provider/corp"
    found = one({operator: {"saml:AUD": audience}}, provider, Action=SAML)
    assert isinstance(found.audience, expected)
    assert bool(found.unsound) == (operator in ("StringNotEquals", "StringEqualsIfExists"))


@pytest.mark.parametrize(
    "name", ["accounts.google.com", "www.amazon.com", "cognito-identity-us-gov.amazonaws.com", "graph.facebook.com"]
)
def test_a_provider_that_aws_knows_by_name(name: str) -> None:
    found = one({}, name)
    assert (found.name, found.provider, found.placeholder, found.action) == (name, name, None, WEB_IDENTITY)
    assert kinds(found) == (Yes, Reach.STRANGERS)


def test_both_kinds_of_provider_in_one_statement() -> None:
    providers = [provider_of(HOST), "arn:aws:iam::444455556666:saml-provider/corp"]
    found = answers(trust(allow({"StringEqualsIfExists": BOTH}, providers, Action="sts:*")))
    assert {(each.action, each.provider.rpartition(":")[2]) for each in found} == {
        (WEB_IDENTITY, f"oidc-provider/{HOST}"),
        (SAML, "saml-provider/corp"),
    }
