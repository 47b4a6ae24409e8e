"""What an organization says of its own issuers: it holds for all rules on trusts, and what cannot be used is refused."""

import json
from typing import Any

import grpc
import pytest
from federated_trusts import role, web
from pulumi.runtime.proto import analyzer_pb2 as pb
from rule_tables import Client, analyze_request

from policypack.guardrails.catalogue import RULES as ALL_RULES
from policypack.guardrails.configuration import ConfigurationError, Configured, policies
from policypack.guardrails.judge import Scene, judge_resource
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.rule import ResourceRule
from policypack.guardrails.rules.oidc_audience import oidc_subject_whole_project, oidc_trust_without_subject
from preflight.errors import CheckError
from preflight.reports.rules import levels

RULES = (oidc_trust_without_subject.RULE, oidc_subject_whole_project.RULE)
NAME = "oidc-trust-without-subject"
A_FORM = "repo:{tenant:OWNER}/{project:REPOSITORY}:environment:{place:ENVIRONMENT}"


def of(*forms: object) -> dict[str, object]:
    return {"issuers": [{"issuer": "ci.acme.net", "subjects": list(forms)}]}


def issuer(name: object) -> dict[str, object]:
    return {"issuers": [{"issuer": "gitlab.acme.net"}, {"issuer": name}]}


def form_refused(form: str, index: int = 0) -> str:
    shown = json.dumps(form)
    return f'`issuers[0].subjects[{index}]` is {shown}, which is no form of a subject; one is "{A_FORM}"'


BAD: list[Any] = [
    pytest.param(of(""), form_refused(""), id="empty-form"),
    pytest.param(of("a/{project}", "{tenant}{project}"), form_refused("{tenant}{project}", 1), id="adjacent-slots"),
    pytest.param(of("repo:{owner}/{project}"), form_refused("repo:{owner}/{project}"), id="unknown-kind"),
    pytest.param(of("x:{any}"), form_refused("x:{any}"), id="anything-at-the-end"),
    pytest.param(of("{any}"), form_refused("{any}"), id="anything-alone"),
    pytest.param(of("repo:{tenant"), form_refused("repo:{tenant"), id="open-brace"),
    pytest.param(issuer("https://ci.acme.net"), '`issuers[1].issuer` is "https://ci.acme.net"; write', id="scheme"),
    pytest.param(issuer("{TENANT}.acme.net"), '`issuers[1].issuer` is "{TENANT}.acme.net"; write', id="braces"),
    pytest.param(issuer("ci.acme.net:8443"), '`issuers[1].issuer` is "ci.acme.net:8443"; write', id="port"),
    pytest.param(issuer(""), '`issuers[1].issuer` is ""; write', id="empty-issuer"),
    pytest.param({"issuers": [{"shared": True}]}, "`issuers[0].issuer` is missing; write", id="no-issuer"),
    pytest.param(
        {"issuers": ["ci.acme.net"]}, '`issuers[0]` is "ci.acme.net"; write an object', id="text-for-an-entry"
    ),
    pytest.param({"issuers": "ci.acme.net"}, '`issuers` is "ci.acme.net"; write a list', id="text-for-the-list"),
    pytest.param(
        {"issuers": [{"issuer": "ci.acme.net", "shered": True}]},
        '`issuers[0]` has "shered", which is none of issuer, shared, audience, subjects',
        id="misspelt-member",
    ),
    pytest.param({"issuers": [{"issuer": "ci.acme.net", "shared": "no"}]}, '`issuers[0].shared` is "no"', id="shared"),
    pytest.param(
        {"issuers": [{"issuer": "ci.acme.net", "audience": 7.5}]}, "`issuers[0].audience` is 7.5", id="number"
    ),
    pytest.param(of(7.5), '`issuers[0].subjects[0]` is 7.5; write a text, such as "repo:', id="form-that-is-no-text"),
    pytest.param({"subjects": "repo:acme/*"}, '`subjects` is "repo:acme/*"; write a list', id="text-for-subjects"),
    pytest.param({"subjects": [True]}, '`subjects[0]` is true; write a text, such as "repo:', id="subject-no-text"),
]


@pytest.mark.parametrize(("settings", "told"), BAD)
def test_settings_that_cannot_be_used_are_refused(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        policies(RULES, {NAME: Configured(None, settings)})
    assert str(refused.value).startswith(f"policy '{NAME}': {told}")


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        (
            "oidc-trust-foreign-organization",
            {"organizations": "acme"},
            '`organizations` is "acme"; write a list, such as ["your-organization"]',
        ),
        (
            "oidc-audience-not-allowed",
            {"audiences": ["x", 7.5]},
            '`audiences[1]` is 7.5; write a text, such as "sts.amazonaws.com"',
        ),
    ],
)
def test_lists_of_ones_own_are_lists_of_texts(name: str, settings: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        policies(TRUST_RULES, {name: Configured(None, settings)})
    assert str(refused.value) == f"policy '{name}': {told}"


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(*RULES)


@pytest.mark.parametrize(("settings", "told"), [BAD[0], BAD[6], BAD[12]])
def test_the_pack_refuses_them_where_nothing_has_looked_at_the_schema(client: Client, settings: Any, told: str) -> None:
    request = pb.ConfigureAnalyzerRequest()
    request.policyConfig[NAME].properties.update(settings)
    with pytest.raises(grpc.RpcError) as refused:
        client.stub.Configure(request)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.details().startswith(f"policy configuration: policy '{NAME}': {told}")


def test_preflight_refuses_them_when_it_lists_the_rules(tmp_path: Any) -> None:
    path = tmp_path / "policies.json"
    path.write_text(json.dumps({NAME: of("")}))
    with pytest.raises(CheckError, match="which is no form of a subject"):
        levels(path)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="nothing"),
        pytest.param(of(A_FORM, "job-deploy", "{project:EMAIL}", "{{x}}/{project}"), id="forms"),
        pytest.param(issuer("oidc.acme.net/id/5"), id="path"),
        pytest.param({"subjects": ["repo:acme/*", "*"]}, id="subjects"),
    ],
)
def test_others_are_taken(settings: dict[str, object]) -> None:
    assert policies(RULES, {NAME: Configured(None, settings)})[NAME].settings["subjects"] == settings.get(
        "subjects", []
    )


TRUST_RULES = [
    rule
    for rule in ALL_RULES
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
    chosen = policies(TRUST_RULES, {"oidc-trust-without-subject": Configured(None, SETTINGS)})
    resource = of_own(subject)
    scene = Scene([resource], Run())
    found = [one for policy in chosen.values() for one in judge_resource(policy, resource, scene)]
    assert [one.rule.id for one in found] == ids


def test_it_holds_for_all_rules_of_the_pack_too() -> None:
    client = Client(*TRUST_RULES)
    request = pb.ConfigureAnalyzerRequest()
    request.policyConfig["oidc-trust-without-subject"].properties.update(SETTINGS)
    client.stub.Configure(request)
    for subject, ids in OWN_CASES:
        answer = client.stub.Analyze(analyze_request(of_own(subject)))
        assert [one.policyName for one in answer.diagnostics] == ids
