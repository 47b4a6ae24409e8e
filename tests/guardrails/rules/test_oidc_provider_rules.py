import json

import pytest
from rule_tables import ANY_ACCOUNT, ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.aws.claim_tests import pinned_values
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.judge import Scene, default_policy, judge_stack
from policypack.guardrails.model import Resource, Run, Stack
from policypack.guardrails.rules.oidc_audience import (
    identity_pool_classic_flow,
    identity_pool_open_to_guests,
    oidc_audience_not_registered,
    oidc_provider_of_another_account,
    oidc_provider_registered_twice,
    oidc_provider_shared_audiences,
    oidc_provider_unusable_url,
    oidc_provider_without_audience,
)
from policypack.guardrails.values import UNKNOWN

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
NATIVE = "aws-native:iam:OidcProvider"
ROLE = "aws:iam/role:Role"
POOL = "aws:cognito/identityPool:IdentityPool"
ISSUER = "token.actions.githubusercontent.com"
OWN, OTHER = "402918573664", "690237418853"
ARN = f"arn:aws:iam::{OWN}:oidc-provider/{ISSUER}"
STS = "sts.amazonaws.com"


def provider(*ids: object, name: str = "p", **properties: object) -> Resource:
    return R(PROVIDER, name, **{"url": f"https://{ISSUER}", "clientIdLists": list(ids), **properties})


test_oidc_provider_without_audience = table(
    oidc_provider_without_audience.RULE,
    [
        Case("fail", "empty", provider(), [("violation", "clientIdLists", "medium")]),
        Case("fail", "native-left-out", R(NATIVE, url=f"https://{ISSUER}"), [("violation", "clientIdList")]),
        Case(
            "fail",
            "thumbprint-alone",
            provider("", thumbprintLists=["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]),
            [("violation", "clientIdLists")],
        ),
        Case("fail", "wildcard-beside-another", provider(STS, "*"), [("violation", "clientIdLists[1]")]),
        Case("fail", "wildcard-beside-unknown", provider(UNKNOWN, "acme-*"), [("violation", "clientIdLists[1]")]),
        Case("pass", "one-without-thumbprint", provider(STS)),
        Case("boundary", "one-that-is-unknown", provider(UNKNOWN)),
        Case("undecided", "list", provider(clientIdLists=UNKNOWN), [("undecided", "clientIdLists")]),
        Case("not-applicable", "saml", R("aws:iam/samlProvider:SamlProvider", name="s")),
    ],
)

test_oidc_provider_shared_audiences = table(
    oidc_provider_shared_audiences.RULE,
    [
        Case("fail", "two", provider(STS, "https://github.com/acme"), [("violation", "clientIdLists", "low")]),
        Case("fail", "two-beside-an-unknown-one", provider(STS, "acme", UNKNOWN), [("violation", "clientIdLists")]),
        Case("pass", "one", provider(STS)),
        Case("boundary", "one-twice", provider(STS, STS)),
        Case("boundary", "one-beside-a-blank", provider(STS, "")),
        Case("boundary", "one-unknown", provider(UNKNOWN)),
        Case("undecided", "one-beside-an-unknown-one", provider(STS, UNKNOWN), [("undecided", "clientIdLists")]),
        Case("undecided", "one-beside-a-computed-one", provider(STS, COMPUTED), [("undecided", "clientIdLists")]),
        Case("undecided", "list", provider(clientIdLists=UNKNOWN), [("undecided", "clientIdLists")]),
        Case("not-applicable", "role", R(ROLE)),
    ],
)


def at(url: object) -> Resource:
    return R(PROVIDER, url=url, clientIdLists=[STS])


BAD_URL = [("violation", "url", "medium")]

test_oidc_provider_unusable_url = table(
    oidc_provider_unusable_url.RULE,
    [
        Case("fail", "http", at("http://gitlab.acme-data.net"), BAD_URL),
        Case("fail", "http-before-unknown", at(f"HTTP://{ANYTHING}"), BAD_URL),
        Case("fail", "port", at("https://gitlab.acme-data.net:8443"), BAD_URL),
        Case("fail", "query", R(NATIVE, url="https://login.acme.net/?tenant=a", clientIdList=[STS]), BAD_URL),
        Case("fail", "user", at("https://ci@login.acme.net"), BAD_URL),
        Case("fail", "discovery-document", at(f"https://{ISSUER}/.well-known/openid-configuration"), BAD_URL),
        Case("fail", "place-in-brackets", at("https://<your-org>.okta.com"), BAD_URL),
        Case("fail", "place-in-words", at("https://YOUR_ORG.semaphoreci.com"), BAD_URL),
        Case("fail", "wildcard", at("https://*.app.spacelift.io"), BAD_URL),
        Case("fail", "single-name", at("https://gitlab/group"), BAD_URL),
        Case("fail", "address", at("https://10.1.2.3/auth"), BAD_URL),
        Case("fail", "scheme-twice", at("https://https://gitlab.acme.net"), BAD_URL),
        Case("pass", "github", at(f"https://{ISSUER}")),
        Case("pass", "slash-at-the-end", at("https://acme.eu.auth0.com/")),
        Case("pass", "cluster", at("https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9")),
        Case("boundary", "as-AWS-reports-it", at(ISSUER)),
        Case("boundary", "computed-with-a-scheme-of-its-own", at(f"https://https://{COMPUTED}")),
        Case("boundary", "a-word-inside-a-name", at("https://yourtune.okta.com")),
        Case("undecided", "unknown", at(UNKNOWN), [("undecided", "url")]),
        Case("undecided", "from-configuration", at(f"https://{ANYTHING}.okta.com"), [("undecided", "url")]),
        Case("not-applicable", "role", R(ROLE)),
    ],
)

test_oidc_provider_registered_twice = table(
    oidc_provider_registered_twice.RULE,
    [
        Case(
            "fail",
            "same-arn",
            [provider(STS, name="a", arn=ARN), provider("b", name="b", arn=ARN), provider("c", name="c", arn=ARN)],
            [("violation", "url", "low"), ("violation", "url", "low")],
        ),
        Case("pass", "one", provider(STS, arn=ARN)),
        Case("pass", "two-accounts", [provider(arn=ARN), provider(name="b", arn=ARN.replace(OWN, OTHER))]),
        Case("boundary", "two-issuers-before-creation", [provider(), R(NATIVE, "b", url="https://gitlab.com")]),
        Case("boundary", "two-that-are-not-known", [provider(url=UNKNOWN), provider(name="b", url=UNKNOWN)]),
        Case(
            "undecided",
            "same-issuer-before-creation",
            [provider(arn=UNKNOWN), R(NATIVE, "b", url=f"https://{ISSUER}", arn=UNKNOWN)],
            [("undecided", "url")],
        ),
        Case("not-applicable", "role", R(ROLE)),
    ],
)


def trust(condition: dict[str, object], arn: object = ARN, **statement: object) -> dict[str, object]:
    return {
        "Effect": "Allow",
        "Principal": {"Federated": arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
        **statement,
    }


def role(*statements: object, computed_from: str = "", **properties: object) -> Resource:
    deps = {"assumeRolePolicy": [f"{PROVIDER}::{computed_from}"]} if computed_from else None
    return R(ROLE, deps=deps, assumeRolePolicy={"Version": "2012-10-17", "Statement": list(statements)}, **properties)


def audience(*values: object, operator: str = "StringEquals", issuer: str = ISSUER) -> dict[str, object]:
    return {operator: {f"{issuer}:aud": list(values)}}


AUD = f'assumeRolePolicy.Statement[0].Condition.StringEquals["{ISSUER}:aud"]'
REFUSED = [("violation", AUD, "medium")]
OPEN = [("undecided", AUD)]
GOOGLE = "accounts.google.com"

test_oidc_audience_not_registered = table(
    oidc_audience_not_registered.RULE,
    [
        Case("fail", "by-arn", [provider("acme", arn=ARN), role(trust(audience(STS)))], REFUSED),
        Case(
            "fail",
            "json-of-a-native-role",
            [
                R(NATIVE, url=f"https://{ISSUER}", clientIdList=["acme"], arn=ARN),
                R(
                    "aws-native:iam:Role",
                    assumeRolePolicyDocument=json.dumps({"Statement": trust(audience(STS))}),
                ),
            ],
            [("violation", f'assumeRolePolicyDocument.Statement.Condition.StringEquals["{ISSUER}:aud"]')],
        ),
        Case(
            "fail",
            "by-dependency",
            [provider("acme", arn=UNKNOWN), role(trust(audience(STS), UNKNOWN), computed_from="p")],
            REFUSED,
        ),
        Case(
            "fail",
            "by-account-and-issuer",
            [provider("acme", arn=UNKNOWN), role(trust(audience(STS)), arn=f"arn:aws:iam::{OWN}:role/r")],
            REFUSED,
        ),
        Case(
            "fail",
            "arn-that-is-computed",
            [provider("acme", arn=COMPUTED), role(trust(audience(STS), COMPUTED))],
            REFUSED,
        ),
        Case(
            "fail",
            "none-of-several",
            [provider("a", "b", arn=ARN), role(trust(audience("A", STS), Effect="Allow"))],
            REFUSED,
        ),
        Case(
            "fail",
            "second-statement",
            [provider(STS, arn=ARN), role(trust(audience(STS)), trust(audience("acme", operator="StringLike")))],
            [("violation", "assumeRolePolicy.Statement[1].Condition.StringLike[" + f'"{ISSUER}:aud"]')],
        ),
        Case("fail", "beside-a-wildcard", [provider("*", "acme", arn=ARN), role(trust(audience(STS)))], REFUSED),
        Case("pass", "registered", [provider("acme", STS, arn=ARN), role(trust(audience(STS)))]),
        Case("pass", "one-of-several-registered", [provider(STS, arn=ARN), role(trust(audience("acme", STS)))]),
        Case("pass", "computed-client", [provider(COMPUTED, arn=ARN), role(trust(audience(COMPUTED)))]),
        Case(
            "pass",
            "the-other-account-has-its-own",
            [
                provider("acme", arn=ARN.replace(OWN, OTHER)),
                provider("b", name="b", arn=UNKNOWN),
                role(trust(audience(STS))),
            ],
        ),
        Case(
            "pass",
            "registered-with-the-other-of-two",
            [
                provider("acme", arn=UNKNOWN),
                R(NATIVE, "n", url=f"https://{ISSUER}", clientIdList=[STS], arn=UNKNOWN),
                role(trust(audience(STS)), arn=f"arn:aws:iam::{OWN}:role/r"),
            ],
        ),
        Case(
            "pass",
            "account-that-is-computed-may-be-another",
            [provider("acme", arn=ARN), role(trust(audience(STS), ARN.replace(OWN, ANY_ACCOUNT)))],
        ),
        # What these are silent of, another rule says.
        Case("boundary", "no-client-id", [provider(arn=ARN), role(trust(audience(STS)))]),
        Case("boundary", "literal-asterisk", [provider("acme", arn=ARN), role(trust(audience("*")))]),
        Case(
            "boundary",
            "no-audience-pinned",
            [provider("acme", arn=ARN), role(trust(audience("s*", operator="StringLike")))],
        ),
        Case("boundary", "denied", [provider("acme", arn=ARN), role(trust(audience(STS), Effect="Deny"))]),
        Case(
            "boundary",
            "google-compares-another-claim",
            [
                provider("acme", url=f"https://{GOOGLE}", arn=ARN.replace(ISSUER, GOOGLE)),
                role(trust(audience(STS, issuer=GOOGLE), ARN.replace(ISSUER, GOOGLE))),
            ],
        ),
        Case(
            "boundary",
            "one-of-two-that-the-role-was-computed-from",
            [
                provider(STS, arn=UNKNOWN),
                provider("gl", name="gitlab", url="https://gitlab.com", arn=UNKNOWN),
                role(
                    trust(audience(STS), UNKNOWN),
                    trust(audience("gl", issuer="gitlab.com"), UNKNOWN),
                    computed_from="p",
                ),
            ],
        ),
        Case("undecided", "list", [provider(clientIdLists=UNKNOWN, arn=ARN), role(trust(audience(STS)))], OPEN),
        Case("undecided", "client-id", [provider("acme", COMPUTED, arn=ARN), role(trust(audience(STS)))], OPEN),
        Case("undecided", "audience", [provider(STS, arn=ARN), role(trust(audience("acme", UNKNOWN)))], OPEN),
        Case("not-applicable", "not-in-the-stack", role(trust(audience(STS)))),
        Case(
            "not-applicable",
            "another-issuer",
            [provider("acme", url="https://gitlab.com", arn=UNKNOWN), role(trust(audience(STS)))],
        ),
    ],
)


def test_the_finding_names_both_lists_and_what_to_write() -> None:
    resources = [provider("a", "b", "c", "d", "e", arn=ARN, name="github"), role(trust(audience(STS)))]
    (found,) = judge_stack(default_policy(oidc_audience_not_registered.RULE), Stack(resources), Scene(resources, Run()))
    assert '"sts.amazonaws.com"' in found.message
    assert '"a" and "b" and "c" and 2 more' in found.message
    assert found.fix.endswith(f'"StringEquals": {{"{ISSUER}:aud": "a"}}.')


def test_an_account_that_is_computed_joins_an_issuer() -> None:
    resources = [
        provider("acme", arn=ARN.replace(OWN, ANY_ACCOUNT)),
        role(trust(audience(STS), ARN.replace(OWN, "864209755678"))),
    ]
    policy = default_policy(oidc_audience_not_registered.RULE)
    assert [one.path for one in judge_stack(policy, Stack(resources), Scene(resources, Run()))] == [AUD]


KEY = f"{ISSUER}:aud"


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        pytest.param({"StringEquals": {KEY: "a"}}, ("a",), id="one"),
        pytest.param({"stringequals": {KEY.upper(): ["a", "b"]}}, ("a", "b"), id="re-cased"),
        pytest.param({"ForAnyValue:StringLike": {KEY: "a"}}, ("a",), id="any-value"),
        pytest.param({"StringEquals": {KEY: "*"}}, (), id="literal-asterisk"),
        pytest.param({"StringEquals": {KEY: ["a", "b"]}, "StringLike": {KEY: ["b", "c"]}}, ("b",), id="intersection"),
        pytest.param({"StringEquals": {KEY: ["a", UNKNOWN]}, "StringLike": {KEY: "b"}}, ("b",), id="unknown-beside"),
        pytest.param({"StringEquals": {KEY: ["a", UNKNOWN]}}, ("a", None), id="unknown"),
        pytest.param({"StringEquals": {KEY: "${aws:PrincipalTag/team}"}}, (None,), id="variable"),
        pytest.param({"StringEquals": {KEY: ANYTHING}}, (None,), id="may-be-anything"),
        pytest.param({"StringEquals": {KEY: "a"}, "StringNotEquals": {KEY: "a"}}, ("a",), id="negated-beside"),
        pytest.param({"StringLike": {KEY: ["a", "b*"]}}, None, id="pattern"),
        pytest.param({"StringEqualsIfExists": {KEY: "a"}}, None, id="if-exists"),
        pytest.param({"ForAllValues:StringEquals": {KEY: "a"}}, None, id="all-values"),
        pytest.param({"StringEquals": {f"https://{KEY}": "a"}}, None, id="another-key"),
        pytest.param({"Null": {KEY: "false"}}, None, id="presence"),
        pytest.param({"Sometimes": {KEY: "a"}}, None, id="no-operator"),
    ],
)
def test_pinned_values(condition: object, wanted: object) -> None:
    document = {"Version": "2012-10-17", "Statement": {**trust({}), "Condition": condition}}
    (statement,) = parse(document, Kind.TRUST).statements
    pinned = pinned_values(statement, ISSUER, "aud")
    assert (pinned and pinned.values) == wanted


def pool(**properties: object) -> Resource:
    return R(POOL, identityPoolName="shop", **properties)


test_identity_pool_open_to_guests = table(
    identity_pool_open_to_guests.RULE,
    [
        Case(
            "fail",
            "open",
            pool(allowUnauthenticatedIdentities=True),
            [("violation", "allowUnauthenticatedIdentities", "low")],
        ),
        Case(
            "fail",
            "native",
            R("aws-native:cognito:IdentityPool", allowUnauthenticatedIdentities="true"),
            [("violation", "allowUnauthenticatedIdentities")],
        ),
        Case("pass", "closed", pool(allowUnauthenticatedIdentities=False)),
        Case("boundary", "left-out", pool()),
        Case(
            "undecided",
            "unknown",
            pool(allowUnauthenticatedIdentities=UNKNOWN),
            [("undecided", "allowUnauthenticatedIdentities")],
        ),
        Case("not-applicable", "user-pool", R("aws:cognito/userPool:UserPool", name="u")),
    ],
)

test_identity_pool_classic_flow = table(
    identity_pool_classic_flow.RULE,
    [
        Case("fail", "allowed", pool(allowClassicFlow=True), [("violation", "allowClassicFlow", "low")]),
        Case("pass", "not-allowed", pool(allowClassicFlow=False)),
        Case("boundary", "left-out", pool()),
        Case("undecided", "configured", pool(allowClassicFlow=ANYTHING), [("undecided", "allowClassicFlow")]),
        Case("not-applicable", "user-pool", R("aws:cognito/userPool:UserPool", name="u")),
    ],
)


HERE = R("aws:sqs/queue:Queue", "q", arn=f"arn:aws:sqs:eu-west-1:{OWN}:q")
FOREIGN = ARN.replace(OWN, OTHER)

test_oidc_provider_of_another_account = table(
    oidc_provider_of_another_account.RULE,
    [
        Case(
            "fail",
            "another-account",
            [HERE, role(trust(audience(STS), FOREIGN))],
            [("violation", "assumeRolePolicy.Statement[0].Principal.Federated", "medium")],
        ),
        Case(
            "fail",
            "second-of-a-list",
            [HERE, role(trust(audience(STS), [ARN, FOREIGN]))],
            [("violation", "assumeRolePolicy.Statement[0].Principal.Federated[1]")],
        ),
        Case(
            "fail",
            "provider-of-the-stack-in-its-other-account",
            [HERE, role(trust(audience(STS)), arn=f"arn:aws:iam::{OTHER}:role/r")],
            [("violation", "assumeRolePolicy.Statement[0].Principal.Federated")],
        ),
        Case("pass", "own-account-and-not-in-the-stack", [HERE, role(trust(audience(STS)))]),
        Case("pass", "computed-account", [HERE, role(trust(audience(STS), ARN.replace(OWN, ANY_ACCOUNT)))]),
        Case("boundary", "placeholder", [HERE, role(trust(audience(STS), ARN.replace(OWN, "123456789012")))]),
        Case("boundary", "own-account-not-known", role(trust(audience(STS), FOREIGN))),
        Case(
            "boundary",
            "account-of-the-role-not-known",
            [HERE, role(trust(audience(STS), FOREIGN), arn=f"arn:aws:iam::{ANY_ACCOUNT}:role/r")],
        ),
        Case("boundary", "denied", [HERE, role(trust(audience(STS), FOREIGN, Effect="Deny"))]),
        Case("not-applicable", "saml", [HERE, role(trust({}, f"arn:aws:iam::{OTHER}:saml-provider/p"))]),
    ],
    without={"undecided": "a provider that cannot be read is taken for one of the role's own account"},
)
