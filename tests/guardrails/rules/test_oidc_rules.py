"""What all rules together say of a trust policy: each mistake once."""

import pytest
from federated_trusts import (
    ACCOUNT,
    AT,
    AUD,
    COGNITO,
    EKS,
    GITHUB,
    GOOD,
    MAIN,
    PINNED_AUD,
    PINNED_SUB,
    ROLE,
    SUB,
    WEB_IDENTITY,
    arn,
    federated,
    github,
    role,
    said,
    typed,
    web,
)
from rule_tables import ANYTHING, COMPUTED, R

from policypack.guardrails.model import Resource
from policypack.guardrails.values import UNKNOWN

GITLAB = "gitlab.com"
PULUMI = "api.pulumi.com/oidc"
GOOGLE = "accounts.google.com"
SAML = "sts:AssumeRoleWithSAML"
IDP = {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}
PINNED = {"StringEquals": {**PINNED_AUD, **PINNED_SUB}}
POOL = {"StringEquals": {f"{COGNITO}:aud": "eu-west-1:1b2c3d4e"}}
SIGNED_IN = {"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}
CLUSTER = {"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}}
SCHEMED = f"https://{SUB}"
SECOND = "assumeRolePolicy.Statement[1]"


def at(operator: str, key: str) -> str:
    return f'{AT}.Condition.{operator}["{key}"]'


def of_computed(subject: str | None) -> Resource:
    """A role of a cluster that is not there yet: its issuer stands in the ARN and in the keys."""
    tests = {f"{COMPUTED}:aud": "sts.amazonaws.com"} | ({f"{COMPUTED}:sub": subject} if subject else {})
    return role(web({"StringLike": tests}, COMPUTED))


@pytest.mark.parametrize(
    ("resource", "findings"),
    [
        pytest.param(role(GOOD), set(), id="as-it-should-be"),
        pytest.param(role(web(None)), {("oidc-trust-without-subject", "critical", AT)}, id="no-condition"),
        pytest.param(
            role(web({"StringEquals": PINNED_AUD})),
            {("oidc-trust-without-subject", "critical", AT)},
            id="audience-alone",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_SUB})), {("oidc-trust-without-audience", "high", AT)}, id="subject-alone"
        ),
        pytest.param(
            role(web({"StringEquals": {**PINNED_AUD, SCHEMED: MAIN}})),
            {("oidc-condition-key-with-scheme", "medium", at("StringEquals", SCHEMED))},
            id="scheme-that-locks-out",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_AUD, "StringEqualsIfExists": {SCHEMED: MAIN}})),
            {("oidc-trust-without-subject", "critical", AT)},
            id="scheme-that-opens",
        ),
        pytest.param(
            role(
                web(
                    {
                        "StringEquals": {**PINNED_AUD, f"{GITHUB}:repository_id": "123456"},
                        "StringEqualsIfExists": {SCHEMED: MAIN},
                    }
                )
            ),
            {("oidc-condition-key-with-scheme", "high", at("StringEqualsIfExists", SCHEMED))},
            id="scheme-that-opens-a-project",
        ),
        pytest.param(
            role(github([MAIN, "repo:acme/app:pull_request", "repo:acme/web:*", "repo:acme/*", "repo:ac*"])),
            {("oidc-trust-without-subject", "critical", AT)},
            id="several-weak-entries",
        ),
        pytest.param(
            role(github(["repo:acme/app:pull_request", "repo:acme/web:*", "repo:acme/*"])),
            {("oidc-subject-whole-organization", "high", AT)},
            id="organization-and-less",
        ),
        pytest.param(
            role(github(["repo:acme/app:pull_request", "repo:acme/web:*"])),
            {("oidc-subject-whole-project", "low", AT)},
            id="project-and-less",
        ),
        pytest.param(
            role(github("repo:acme/app:pull_request")), {("oidc-subject-pull-request", "low", AT)}, id="pull-request"
        ),
        pytest.param(
            role(federated("*", None)),
            {("role-trust-wildcard-principal", "critical", f"{AT}.Principal")},
            id="everyone",
        ),
        pytest.param(
            role(federated("*", PINNED)), {("oidc-provider-wildcard", "high", f"{AT}.Principal")}, id="everyone-pinned"
        ),
        pytest.param(
            role(federated({"Federated": "*"}, PINNED)),
            {("oidc-provider-wildcard", "high", f"{AT}.Principal.Federated")},
            id="every-provider",
        ),
        pytest.param(
            role(federated(IDP, None, SAML)), {("oidc-trust-without-audience", "high", AT)}, id="saml-without-audience"
        ),
        pytest.param(role(web(None, COGNITO)), {("oidc-trust-without-subject", "critical", AT)}, id="cognito-open"),
        pytest.param(
            role(web(SIGNED_IN, COGNITO)),
            {("oidc-trust-without-subject", "critical", AT)},
            id="cognito-without-pool",
        ),
        pytest.param(
            role(web(POOL, COGNITO)), {("cognito-trust-without-sign-in", "medium", AT)}, id="cognito-without-sign-in"
        ),
        pytest.param(
            role(web({**POOL, "StringNotEquals": {f"{COGNITO}:amr": "acme"}}, COGNITO)),
            {("oidc-unsound-operator", "medium", at("StringNotEquals", f"{COGNITO}:amr"))},
            id="cognito-sign-in-by-negation",
        ),
        pytest.param(
            role(
                web(
                    {
                        "StringEquals": {**PINNED_AUD, f"{GITHUB}:repository_id": "123456"},
                        "StringNotEquals": PINNED_SUB,
                    }
                )
            ),
            {("oidc-unsound-operator", "medium", at("StringNotEquals", SUB))},
            id="all-but-one-branch-of-a-project",
        ),
        pytest.param(
            typed(
                web(
                    {
                        "StringEquals": {**PINNED_AUD, f"{GITHUB}:workflow": UNKNOWN},
                        "StringLike": {SUB: ["repo:acme/app:*", "repo:acme/app:pull_request"]},
                    }
                )
            ),
            {("oidc-subject-whole-project", "undecided", at("StringEquals", f"{GITHUB}:workflow"))},
            id="project-or-pull-request-undecided",
        ),
        pytest.param(role(web({**POOL, **SIGNED_IN}, COGNITO)), set(), id="cognito"),
        pytest.param(
            role(web(None, EKS)), {("oidc-subject-whole-organization", "high", AT)}, id="private-without-condition"
        ),
        pytest.param(
            role(web({**CLUSTER, "StringLike": {f"{EKS}:sub": "system:serviceaccount:shop:*"}}, EKS)),
            {("oidc-subject-whole-project", "low", AT)},
            id="namespace",
        ),
        pytest.param(
            role(web({"StringEquals": {f"{GOOGLE}:aud": "app.apps.googleusercontent.com"}}, GOOGLE)),
            {("oidc-trust-without-subject", "critical", AT)},
            id="google-without-account",
        ),
        pytest.param(
            role(federated({"Federated": [arn(GITHUB), arn(GITLAB)]}, PINNED)),
            {("oidc-trust-refused-by-aws", "medium", AT)},
            id="one-condition-for-two-providers",
        ),
        pytest.param(
            role(GOOD, github("repo:acme/*")),
            {("oidc-subject-whole-organization", "high", SECOND)},
            id="second-statement-weaker",
        ),
        pytest.param(
            role(github("repo:acme/*", "StringEquals")),
            {("oidc-trust-admits-nobody", "medium", at("StringEquals", SUB))},
            id="star-that-locks-out",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_AUD, "ForAllValues:StringEquals": PINNED_SUB})),
            {("oidc-unsound-operator", "medium", at("ForAllValues:StringEquals", SUB))},
            id="for-all-values",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_AUD, "StringNotEquals": PINNED_SUB})),
            {("oidc-trust-without-subject", "critical", AT)},
            id="all-but-one",
        ),
        pytest.param(
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}}, account="123456789012")),
            {("oidc-provider-placeholder-account", "medium", f"{AT}.Principal.Federated")},
            id="placeholder-account",
        ),
        pytest.param(
            role(federated({"Federated": arn(GITHUB)}, PINNED, "sts:*")),
            {("role-trust-action-wildcard", "low", f"{AT}.Action")},
            id="every-action",
        ),
        pytest.param(
            role(federated({"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}, PINNED, WEB_IDENTITY)),
            {("role-trust-grants-nothing", "medium", f"{AT}.Principal.AWS")},
            id="web-identity-of-a-role",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_SUB, "StringEqualsIfExists": {f"https://{AUD}": "sts.amazonaws.com"}})),
            {("oidc-trust-without-audience", "high", AT)},
            id="scheme-that-opens-the-audience",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_SUB, "StringEqualsIfExists": {f"{GITLAB}:aud": "acme"}})),
            {("oidc-trust-without-audience", "high", AT)},
            id="another-issuer-s-audience-that-opens",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_AUD, "StringEqualsIfExists": {f"{GITLAB}:sub": MAIN}})),
            {("oidc-trust-without-subject", "critical", AT)},
            id="another-issuer-s-subject-that-opens",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_AUD, "StringEqualsIfExists": {f"{GITHUB}:branch": "main"}})),
            {("oidc-trust-without-subject", "critical", AT)},
            id="unknown-claim-that-opens",
        ),
        pytest.param(
            role(web({**CLUSTER, "StringNotEquals": {f"{EKS}:sub": "system:serviceaccount:shop:api"}}, EKS)),
            {("oidc-subject-whole-organization", "high", AT)},
            id="private-all-but-one",
        ),
        *(
            pytest.param(
                role(web({**CLUSTER, "StringEqualsIfExists": {key: "system:serviceaccount:shop:api"}}, EKS)),
                {("oidc-subject-whole-organization", "high", AT)},
                id=f"private-{slip}-that-opens",
            )
            for slip, key in (
                ("scheme", f"https://{EKS}:sub"),
                ("lost-path", f"{EKS.partition('/')[0]}:sub"),
                ("unknown-claim", f"{EKS}:namespace"),
            )
        ),
        *(
            pytest.param(
                role(
                    web(
                        {
                            "StringEquals": PINNED_AUD,
                            "StringLike": {SUB: subject},
                            "StringEqualsIfExists": {key: "main"},
                        }
                    )
                ),
                {(rule, "high", at("StringEqualsIfExists", key))},
                id=f"{rule}-beside-{subject}",
            )
            for rule, key in (
                ("oidc-condition-key-with-scheme", f"https://{GITHUB}:ref"),
                ("oidc-condition-key-of-another-issuer", f"{GITLAB}:ref"),
                ("oidc-condition-on-unknown-claim", f"{GITHUB}:base_ref"),
            )
            for subject in ("repo:acme/app:*", "repo:acme/app:pull_request")
        ),
        pytest.param(
            role(web({"StringEquals": {f"{EKS.partition('/')[0]}:sub": "system:serviceaccount:shop:api"}}, EKS)),
            {
                (
                    "oidc-condition-key-of-another-issuer",
                    "medium",
                    at("StringEquals", f"{EKS.partition('/')[0]}:sub"),
                )
            },
            id="lost-path-that-locks-out",
        ),
        pytest.param(
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB, f"{GITHUB}:branch": "main"}})),
            {("oidc-condition-on-unknown-claim", "medium", at("StringEquals", f"{GITHUB}:branch"))},
            id="unknown-claim-that-locks-out",
        ),
        pytest.param(
            role(web({"StringEquals": {**PINNED_AUD, f"{GITHUB}:repository_id": "123456"}})),
            {("oidc-trust-refused-by-aws", "medium", AT)},
            id="id-without-subject",
        ),
        pytest.param(
            role(web({"StringEquals": {**PINNED_AUD, f"{GITHUB}:repository_owner_id": "123456"}})),
            {("oidc-subject-whole-organization", "high", AT)},
            id="id-of-the-owner-alone",
        ),
        pytest.param(
            role(
                web(
                    {"StringEquals": {f"{PULUMI}:sub": "pulumi:environments:org:acme:env:app/dev"}},
                    PULUMI,
                )
            ),
            {("oidc-trust-without-audience", "high", AT)},
            id="pulumi-without-audience",
        ),
        pytest.param(
            role(web({"StringEquals": PINNED_SUB, "StringNotEquals": PINNED_AUD})),
            {("oidc-trust-without-audience", "high", AT)},
            id="all-audiences-but-one",
        ),
        pytest.param(
            role(federated({"Federated": "*"}, {"StringEqualsIfExists": {**PINNED_AUD, **PINNED_SUB}})),
            {("role-trust-wildcard-principal", "critical", f"{AT}.Principal")},
            id="every-provider-if-exists",
        ),
        pytest.param(
            role(federated({"Federated": arn(GITHUB)}, {"StringEquals": {SUB: "repo:acme/*"}}, "sts:AssumeRole")),
            {("role-trust-grants-nothing", "medium", f"{AT}.Principal.Federated")},
            id="wrong-call",
        ),
        pytest.param(
            role(
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"Federated": arn(GITHUB)},
                    "Action": WEB_IDENTITY,
                    "Condition": PINNED,
                }
            ),
            {("role-trust-not-principal", "medium", f"{AT}.NotPrincipal")},
            id="all-providers-but-one",
        ),
        pytest.param(
            R(ROLE, assumeRolePolicy=UNKNOWN),
            {
                ("oidc-trust-without-subject", "undecided", "assumeRolePolicy"),
                ("role-trust-wildcard-principal", "undecided", "assumeRolePolicy"),
            },
            id="document-unknown",
        ),
        pytest.param(
            typed(web({"StringEquals": {**PINNED_AUD, SUB: UNKNOWN}})),
            {("oidc-trust-without-subject", "undecided", at("StringEquals", SUB))},
            id="subject-unknown",
        ),
        pytest.param(
            typed(web({"StringEquals": {AUD: UNKNOWN, **PINNED_SUB}})),
            {("oidc-trust-without-audience", "undecided", at("StringEquals", AUD))},
            id="audience-unknown",
        ),
        pytest.param(role(github(COMPUTED, "StringEquals")), set(), id="subject-computed"),
        pytest.param(role(github(f"repo:{COMPUTED}/app:ref:refs/heads/main")), set(), id="owner-computed"),
        pytest.param(
            role(github(f"repo:{ANYTHING}/app:ref:refs/heads/main", "StringEquals")),
            {("oidc-trust-without-subject", "undecided", at("StringEquals", SUB))},
            id="owner-from-missing-configuration",
        ),
        pytest.param(of_computed("system:serviceaccount:shop:api"), set(), id="cluster-to-be-made"),
        pytest.param(
            of_computed(None), {("oidc-trust-without-subject", "high", AT)}, id="cluster-to-be-made-without-subject"
        ),
    ],
)
def test_each_mistake_is_said_once(resource: Resource, findings: set[tuple[str, str, str]]) -> None:
    assert said(resource) == findings
