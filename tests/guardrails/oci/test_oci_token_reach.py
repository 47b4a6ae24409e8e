"""Whose tokens meet a rule, by what the issuer's tokens hold."""

from __future__ import annotations

import pytest

from policypack.guardrails.issuers.reach import Reach
from policypack.guardrails.issuers.table import issuer_of
from policypack.guardrails.oci.token_reach import Span, span_of, strange_subject
from policypack.guardrails.oci.token_rules import Readings, parse

GITHUB = "token.actions.githubusercontent.com"
GITLAB = "gitlab.com"
SERVER = "github.example.com/_services/token"
TERRAFORM = "app.terraform.io"


def span(rule: str, issuer: str) -> Span:
    read = parse(rule)
    assert isinstance(read, Readings)
    return span_of(read, issuer_of(issuer))


@pytest.mark.parametrize(
    ("issuer", "rule", "reach"),
    [
        (GITHUB, 'sub eq "*"', Reach.STRANGERS),
        (GITHUB, 'sub eq "repo:acme/*"', Reach.ORGANIZATION),
        (GITHUB, 'sub eq "repo:acme/app:*"', Reach.PROJECT),
        (GITHUB, 'sub eq "repo:acme/app:ref:refs/heads/main"', None),
        (GITHUB, 'aud eq "oci"', Reach.STRANGERS),
        (GITHUB, 'repository eq "acme/app"', Reach.PROJECT),
        # What STS has no keys for, tokens hold all the same.
        (GITHUB, 'repository_owner eq "acme"', Reach.ORGANIZATION),
        (GITHUB, 'workflow_ref eq "acme/app/.github/workflows/deploy.yml@refs/heads/main"', None),
        (GITHUB, 'repository_visibility eq "private"', Reach.STRANGERS),
        (GITHUB, 'event_name eq "push" and ref_type eq "branch"', Reach.STRANGERS),
        (GITHUB, 'repository_owner eq "acme" and event_name eq "push"', Reach.ORGANIZATION),
        (GITHUB, 'repository_owner eq "acme" or event_name eq "push"', Reach.STRANGERS),
        (GITLAB, 'namespace_path eq "acme"', Reach.ORGANIZATION),
        (GITLAB, 'namespace_path eq "acme*"', Reach.STRANGERS),
        (GITLAB, 'project_path eq "acme/app"', Reach.PROJECT),
        (GITLAB, 'project_path eq "acme/*"', Reach.ORGANIZATION),
        (GITLAB, 'ref eq "main" and ref_type eq "branch"', Reach.STRANGERS),
        (GITLAB, 'project_path eq "acme/app" and ref eq "main" and ref_type eq "branch"', None),
        (GITLAB, 'project_path eq "acme/*" and ref eq "main"', Reach.ORGANIZATION),
        (GITLAB, 'project_path eq "acme/app" and ref eq "*"', Reach.PROJECT),
        (SERVER, 'repository eq "acme/app"', Reach.PROJECT),
        # A name that other tenants may have too.
        (TERRAFORM, 'terraform_workspace_name eq "production"', Reach.STRANGERS),
        (TERRAFORM, 'terraform_organization_name eq "acme"', Reach.ORGANIZATION),
        (
            TERRAFORM,
            'terraform_organization_name eq "acme" and terraform_workspace_name eq "production"',
            Reach.PROJECT,
        ),
        (TERRAFORM, 'terraform_organization_name eq "acme" and terraform_workspace_name eq "*"', Reach.ORGANIZATION),
    ],
)
def test_whose_tokens_meet_a_rule(issuer: str, rule: str, reach: Reach | None) -> None:
    assert span(rule, issuer) == Span(reach, reach)


@pytest.mark.parametrize("rule", ['invented eq "x"', 'sub eq "x-y"'])
def test_a_claim_or_a_form_that_is_not_known_may_be_anybodys(rule: str) -> None:
    assert span(rule, GITHUB) == Span(None, Reach.STRANGERS)


def test_a_subject_of_a_stranger() -> None:
    forms = issuer_of(GITHUB).ordinary_forms[:1]
    assert strange_subject(forms, "*") == "repo:stranger/anything:ref:refs/heads/main"
    assert strange_subject(forms, "*:ref:refs/heads/prod") is None
