"""Nothing of a trust policy that is marked secret is quoted, whichever rule has something to say of it."""

import json

import pytest
from federated_trusts import (
    ACCOUNT,
    AUD,
    COGNITO,
    GITHUB,
    PINNED_AUD,
    PINNED_SUB,
    ROLE,
    SUB,
    arn,
    federated,
    github,
    web,
)
from rule_tables import R

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.configuration import Configured, policies
from policypack.guardrails.findings import Concern, Outcome
from policypack.guardrails.judge import Judged, Policy, Scene, judge_resource, judge_stack
from policypack.guardrails.model import Resource, Run, Secret, Stack
from policypack.guardrails.rule import ResourceRule, StackRule

HUSH = "hush-hush"
BRANCH = f"repo:{HUSH}/app:ref:refs/heads/main"
PINNED = {"StringEquals": {**PINNED_AUD, **PINNED_SUB}}
RESOURCE_RULES = [
    rule
    for rule in RULES
    if rule.concern is Concern.OIDC_AUDIENCE and isinstance(rule, ResourceRule) and ROLE in rule.types
]
STACK_RULES = [rule for rule in RULES if rule.concern is Concern.OIDC_AUDIENCE and isinstance(rule, StackRule)]
CONFIGURED = {
    "oidc-trust-foreign-organization": Configured(None, {"organizations": ["acme"]}),
    "oidc-audience-not-allowed": Configured(None, {"audiences": ["sts.amazonaws.com"]}),
}
PROVIDER = R(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "p",
    url=f"https://{GITHUB}",
    clientIdLists=["sts.amazonaws.com"],
    arn=arn(GITHUB),
)


def slip(key: str) -> dict[str, object]:
    return web({"StringEquals": {**PINNED_AUD, **PINNED_SUB, key: HUSH}})


def judged(resource: Resource) -> list[Judged]:
    resources = (resource, PROVIDER)
    scene, found = Scene(resources, Run()), list[Judged]()
    for policy in policies(RESOURCE_RULES, CONFIGURED).values():
        found += judge_resource(policy, resource, scene)
    for rule in STACK_RULES:
        found += judge_stack(Policy(rule, rule.default_level, {}), Stack(resources), scene)
    return [one for one in found if one.urn == resource.urn]


FAMILIES = {
    "strangers": (github(f"repo:{HUSH}*"), {"oidc-trust-without-subject", "oidc-broad-trust-on-powerful-role"}),
    "organization": (github(f"repo:{HUSH}/*"), {"oidc-subject-whole-organization", "oidc-trust-foreign-organization"}),
    "project": (github(f"repo:{HUSH}/app:*"), {"oidc-subject-whole-project"}),
    "pull-requests": (github(f"repo:{HUSH}/app:pull_request"), {"oidc-subject-pull-request"}),
    "names": (github(BRANCH), {"oidc-subject-name-reusable"}),
    "audience": (web({"StringEquals": {SUB: BRANCH}}), {"oidc-trust-without-audience"}),
    "another-audience": (
        web({"StringEquals": {AUD: HUSH, SUB: BRANCH}}),
        {"oidc-audience-not-allowed", "oidc-audience-not-registered"},
    ),
    "scheme": (slip(f"https://{HUSH}/x:sub"), {"oidc-condition-key-with-scheme"}),
    "another-issuer": (slip(f"{HUSH}.acme.net:sub"), {"oidc-condition-key-of-another-issuer"}),
    "unknown-claim": (slip(f"{GITHUB}:{HUSH}"), {"oidc-condition-on-unknown-claim"}),
    "operator": (web({"StringEquals": PINNED_AUD, "StringNotEquals": {SUB: BRANCH}}), {"oidc-unsound-operator"}),
    "dead-value": (github(f"repo:{HUSH}/*", "StringEquals"), {"oidc-trust-admits-nobody"}),
    "dead-statement": (github(f"{HUSH}/app", "StringEquals"), {"oidc-trust-admits-nobody"}),
    "refused": (web({"StringEquals": {AUD: HUSH, f"{GITHUB}:repository_id": "1"}}), {"oidc-trust-refused-by-aws"}),
    "unknown-form": (
        web({"StringLike": {f"{HUSH}.app.spacelift.io:sub": f"{HUSH}:*"}}, f"{HUSH}.app.spacelift.io"),
        {"oidc-subject-of-unknown-form"},
    ),
    "guests": (web({"StringEquals": {f"{COGNITO}:aud": HUSH}}, COGNITO), {"cognito-trust-without-sign-in"}),
    "placeholder": (web(PINNED, HUSH, "<ACCOUNT_ID>"), {"oidc-provider-placeholder-account"}),
    "malformed": (federated({"Federated": HUSH}, PINNED), {"oidc-provider-malformed"}),
    "every-provider": (federated({"Federated": "*"}, {"StringEquals": {SUB: BRANCH}}), {"oidc-provider-wildcard"}),
    "another-account": (web(PINNED, f"{HUSH}.net", "690237418853"), {"oidc-provider-of-another-account"}),
    "assertions": (
        federated({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/{HUSH}"}, None, "sts:AssumeRoleWithSAML"),
        {"oidc-trust-without-audience"},
    ),
}


def test_each_rule_on_trust_policies_has_a_family() -> None:
    on_documents = {rule.id for rule in (*RESOURCE_RULES, *STACK_RULES) if ROLE in rule.types}
    assert set().union(*(ids for _, ids in FAMILIES.values())) == on_documents


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_of_a_secret_trust_is_quoted(family: str) -> None:
    statement, ids = FAMILIES[family]
    document = Secret(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    powers = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    found = judged(R(ROLE, arn=f"arn:aws:iam::{ACCOUNT}:role/r", assumeRolePolicy=document, managedPolicyArns=powers))
    assert ids <= {one.rule.id for one in found}
    for one in found:
        assert one.outcome is not Outcome.ERROR
        assert HUSH not in json.dumps([one.message, one.fix, one.path, one.witness])
