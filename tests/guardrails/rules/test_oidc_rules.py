"""What all rules together say of a trust policy: each mistake once, and a fix that mends it."""

import json
import re
from importlib.resources import files
from typing import Any

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
    judged,
    role,
    said,
    typed,
    web,
)
from pulumi.runtime.proto import analyzer_pb2 as pb
from rule_tables import ANYTHING, COMPUTED, Client, R, analyze_request

from policypack.guardrails import configuration
from policypack.guardrails.aws.issuers import issuer_of
from policypack.guardrails.aws.subjects import Level
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.configuration import Configured
from policypack.guardrails.findings import Concern, Severity
from policypack.guardrails.judge import Scene, judge_resource
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.rule import ResourceRule
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


ENTRIES: list[dict[str, Any]] = json.loads(
    files("policypack.guardrails.aws").joinpath("data/issuers.json").read_text(encoding="utf-8")
)["issuers"]
_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]+(?:_[A-Z]+)*(?![A-Za-z0-9])")


def filled(text: str) -> str:
    """A text with plain values for what stands in capitals."""
    return _CAPITALS.sub(lambda match: match[0].lower().replace("_", "-"), text)


def pasted(fix: str) -> dict[str, dict[str, str]]:
    """The condition that a fix says to write, filled in."""
    block, _ = json.JSONDecoder().raw_decode(fix.partition('"Condition": ')[2])
    return {operator: {key: filled(value) for key, value in tests.items()} for operator, tests in block.items()}


def name_of(entry: dict[str, Any]) -> str:
    """The name of an issuer of an entry of the table."""
    return filled(re.sub(r"[{}]", "", entry["issuer"]))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["issuer"]))
def test_the_condition_of_the_fix_mends_a_trust_without_one(entry: dict[str, Any]) -> None:
    issuer = name_of(entry)
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


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["issuer"]))
def test_a_form_of_subjects_is_narrow_when_filled_and_wide_when_left_open(entry: dict[str, Any]) -> None:
    issuer = name_of(entry)
    for form in issuer_of(issuer).ordinary_forms:
        whole = worst(issuer, form.filled(lambda slot: filled(slot.name)))
        names_a_project = form.tells(Level.TENANT) and form.tells(Level.PROJECT)
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


TRUST_RULES = [
    rule
    for rule in RULES
    if isinstance(rule, ResourceRule) and ("oidc-trust-without-subject" in (rule.id, *rule.settings_of))
]
OWN = "ci.acme.net"
SETTINGS: dict[str, Any] = {
    "issuers": [
        {
            "issuer": OWN,
            "shared": True,
            "audience": "deploy",
            "subjects": ["team/{tenant:TEAM}/{project:APP}/{place:STAGE}"],
        }
    ],
    "subjects": ["team/platform/*"],
}
OWN_CASES = [
    ("team/web/shop/live", []),
    ("team/web/shop/*", ["oidc-subject-whole-project"]),
    ("team/web/*", ["oidc-subject-whole-organization"]),
    ("team/*", ["oidc-trust-without-subject"]),
    ("app/web", ["oidc-subject-of-unknown-form"]),
    ("team/platform/*", []),
]


def of_own(subject: str) -> Resource:
    return role(web({"StringEquals": {f"{OWN}:aud": "deploy"}, "StringLike": {f"{OWN}:sub": subject}}, OWN))


@pytest.mark.parametrize(("subject", "ids"), OWN_CASES)
def test_what_is_configured_of_subjects_holds_for_all_rules_on_trusts(subject: str, ids: list[str]) -> None:
    policies = configuration.policies(TRUST_RULES, {"oidc-trust-without-subject": Configured(None, SETTINGS)})
    resource = of_own(subject)
    scene = Scene([resource], Run())
    found = [one for policy in policies.values() for one in judge_resource(policy, resource, scene)]
    assert [one.rule.id for one in found] == ids


def test_it_holds_for_all_rules_of_the_pack_too() -> None:
    client = Client(*TRUST_RULES)
    request = pb.ConfigureAnalyzerRequest()
    request.policyConfig["oidc-trust-without-subject"].properties.update(SETTINGS)
    client.stub.Configure(request)
    for subject, ids in OWN_CASES:
        answer = client.stub.Analyze(analyze_request(of_own(subject)))
        assert [one.policyName for one in answer.diagnostics] == ids
