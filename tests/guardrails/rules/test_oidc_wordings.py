"""What a finding on a trust says: who gets in, in the words of the provider, and a condition to paste that mends it."""

import json
import re
from importlib.resources import files

import pytest
from federated_trusts import (
    AUD,
    EKS,
    SUB,
    github,
    judged,
    role,
    said,
    web,
)

from policypack.guardrails.findings import Concern, Severity
from policypack.guardrails.issuers.forms import Depth
from policypack.guardrails.issuers.table import issuer_of
from policypack.guardrails.model import Resource

CLUSTER = {"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}}

TABLE = json.loads(files("policypack.guardrails.issuers").joinpath("data/issuers.json").read_text(encoding="utf-8"))
ISSUERS: list[str] = [issuer for each in TABLE["issuers"] for issuer in each["issuers"]]
_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]+(?:_[A-Z]+)*(?![A-Za-z0-9])")


def filled(text: str) -> str:
    """A text with plain values for what stands in capitals."""
    return _CAPITALS.sub(lambda match: match[0].lower().replace("_", "-"), text)


def pasted(fix: str) -> dict[str, dict[str, str]]:
    """The condition that a fix says to write, filled in."""
    block, _ = json.JSONDecoder().raw_decode(fix.partition('"Condition": ')[2])
    return {operator: {key: filled(value) for key, value in tests.items()} for operator, tests in block.items()}


def name_of(written: str) -> str:
    """The name of an issuer that the table writes so."""
    return filled(re.sub(r"[{}]", "", written))


@pytest.mark.parametrize("written", ISSUERS)
def test_the_condition_of_the_fix_mends_a_trust_without_one(written: str) -> None:
    issuer = name_of(written)
    found = [one for one in judged(role(web(None, issuer))) if one.rule.concern is Concern.OIDC_AUDIENCE]
    assert found[0].severity.rank >= Severity.HIGH.rank
    blocks = [pasted(one.fix) for one in found]
    assert all(block == blocks[0] for block in blocks)
    assert said(role(web(blocks[0], issuer))) == set()


def worst(issuer: str, subject: str) -> Severity | None:
    """The severity of the worst that is said of a trust in a pattern of subjects, for the recommended audience."""
    of = issuer_of(issuer)
    tests = {f"{issuer}:{of.audience_claims[0]}": filled(of.audience), f"{issuer}:sub": subject}
    found = judged(role(web({"StringLike": tests}, issuer)))
    # That AWS wants a claim tested, which is no claim of the subject, is another matter.
    severities = [one.severity for one in found if one.rule.id != "oidc-trust-refused-by-aws"]
    return max(severities, key=lambda severity: severity.rank, default=None)


@pytest.mark.parametrize("written", ISSUERS)
def test_a_form_of_subjects_is_narrow_when_filled_and_wide_when_left_open(written: str) -> None:
    issuer = name_of(written)
    for form in issuer_of(issuer).ordinary_forms:
        whole = worst(issuer, form.filled(lambda slot: filled(slot.name)))
        names_a_project = form.tells(Depth.TENANT) and form.tells(Depth.PROJECT)
        assert whole in ((None, Severity.LOW) if names_a_project else (Severity.HIGH, Severity.CRITICAL)), form
        assert worst(issuer, form.filled(lambda slot: "*")) in (Severity.HIGH, Severity.CRITICAL), form
        if names_a_project and form.slot("tenant"):
            of_tenant = form.filled(lambda slot: filled(slot.name) if slot.kind == "tenant" else "*")
            assert worst(issuer, of_tenant) is Severity.HIGH, form


def test_the_fix_keeps_what_the_trust_fixes_already() -> None:
    (open_project,) = judged(
        role(web({"StringEquals": {AUD: "deploy.acme.net"}, "StringLike": {SUB: "repo:acme/app:*"}}))
    )
    assert pasted(open_project.fix) == {
        "StringEquals": {AUD: "deploy.acme.net", SUB: "repo:acme/app:ref:refs/heads/branch"}
    }


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        pytest.param(
            role(github("repo:acme*")),
            "anyone who gets a token of GitHub Actions may assume this role, for example with the subject repo:acme",
            id="strangers",
        ),
        pytest.param(
            role(web({"StringEquals": {"ci.acme.net:aud": "deploy"}}, "ci.acme.net")),
            "anyone with a token of ci.acme.net may assume this role, for example with the subject ",
            id="tokens-of-an-issuer-that-nobody-knows",
        ),
        pytest.param(
            role(github("repo:acme/*")),
            "another repository at GitHub Actions than the trust names may assume this role, for example with the "
            "subject repo:acme/anything:ref:refs/heads/main (by `repo:acme/*`)",
            id="organization",
        ),
        pytest.param(role(web(None, EKS)), "any namespace at Amazon EKS may assume this role, for ", id="cluster"),
        pytest.param(
            role(web({**CLUSTER, "StringLike": {f"{EKS}:sub": "system:serviceaccount:shop:*"}}, EKS)),
            "any service account of the namespace at Amazon EKS may assume this role, for example with the subject ",
            id="namespace",
        ),
        pytest.param(
            role(github("repo:acme/app:pull_request")),
            "a run for a pull request at GitHub Actions may assume this role, for example with the subject "
            "repo:acme/app:pull_request",
            id="pull-requests",
        ),
    ],
)
def test_who_is_admitted_is_told_in_the_words_of_the_provider(resource: Resource, told: str) -> None:
    (found,) = judged(resource)
    assert found.message.startswith(told)
