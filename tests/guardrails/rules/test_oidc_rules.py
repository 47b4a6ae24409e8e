import json

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.federation import FederationAnswer, federation
from policypack.guardrails.rules.federated import audience_fix, subject_fix
from policypack.guardrails.rules.oidc_audience import (
    oidc_condition_key_of_another_issuer,
    oidc_condition_key_with_scheme,
    oidc_provider_placeholder_account,
    oidc_trust_without_audience,
    oidc_trust_without_subject,
)
from policypack.guardrails.values import UNKNOWN

ROLE = "aws:iam/role:Role"
ISSUER = "token.actions.githubusercontent.com"
AUD, SUB = f"{ISSUER}:aud", f"{ISSUER}:sub"
ACCOUNT = "402918573664"
PINNED_AUD = {AUD: "sts.amazonaws.com"}
PINNED_SUB = {SUB: "repo:acme/app:ref:refs/heads/main"}
AT = "assumeRolePolicy.Statement[0]"


def web(conditions: dict[str, object] | None, account: str = ACCOUNT, issuer: str = ISSUER) -> dict[str, object]:
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    return statement if conditions is None else {**statement, "Condition": conditions}


def role(*statements: object) -> object:
    return R(ROLE, assumeRolePolicy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def typed(*statements: object) -> object:
    return R(ROLE, assumeRolePolicy={"Version": "2012-10-17", "Statement": list(statements)})


GOOD = web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}})
LAMBDA = R(
    ROLE,
    assumeRolePolicy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}',
)

test_oidc_trust_without_audience = table(
    oidc_trust_without_audience.RULE,
    [
        Case("fail", "subject-alone", role(web({"StringEquals": PINNED_SUB})), [("violation", AT, "high")]),
        Case("fail", "star", role(web({"StringEquals": PINNED_SUB, "StringLike": {AUD: "*"}})), [("violation", AT)]),
        Case(
            "fail",
            "if-exists-on-a-key-with-scheme",
            role(web({"StringEquals": PINNED_SUB, "StringEqualsIfExists": {f"https://{AUD}": "sts.amazonaws.com"}})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "second-statement",
            role(GOOD, web({"StringEquals": PINNED_SUB})),
            [("violation", "assumeRolePolicy.Statement[1]")],
        ),
        Case("pass", "both-pinned", role(GOOD)),
        Case(
            "pass",
            "re-cased-keys",
            role(
                web(
                    {
                        "stringequals": {
                            AUD.upper(): "sts.amazonaws.com",
                            SUB.upper(): "repo:acme/app:ref:refs/heads/main",
                        }
                    }
                )
            ),
        ),
        Case(
            "undecided",
            "audience-unknown",
            typed(web({"StringLike": {AUD: UNKNOWN, **PINNED_SUB}})),
            [("undecided", f'{AT}.Condition.StringLike["{AUD}"]')],
        ),
        Case(
            "undecided",
            "audience-from-missing-configuration",
            role(web({"StringLike": {AUD: ANYTHING, **PINNED_SUB}})),
            [("undecided", f'{AT}.Condition.StringLike["{AUD}"]')],
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("undecided", "document-unknown", R(ROLE, assumeRolePolicy=UNKNOWN), [("undecided", "assumeRolePolicy")]),
        Case(
            "boundary", "computed-audience-is-one-audience", role(web({"StringEquals": {AUD: COMPUTED, **PINNED_SUB}}))
        ),
    ],
)

test_oidc_trust_without_subject = table(
    oidc_trust_without_subject.RULE,
    [
        Case("fail", "audience-alone", role(web({"StringEquals": PINNED_AUD})), [("violation", AT, "critical")]),
        Case("fail", "no-condition", role(web(None)), [("violation", AT)]),
        Case(
            "fail",
            "any-repository",
            role(web({"StringEquals": PINNED_AUD, "StringLike": {SUB: "repo:*"}})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "owner-without-its-slash",
            role(web({"StringEquals": PINNED_AUD, "StringLike": {SUB: "repo:acme*"}})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "for-all-values",
            role(web({"StringEquals": PINNED_AUD, "ForAllValues:StringEquals": PINNED_SUB})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "not-one-repository",
            role(web({"StringEquals": PINNED_AUD, "StringNotEquals": PINNED_SUB})),
            [("violation", AT)],
        ),
        Case("pass", "both-pinned", role(GOOD)),
        Case(
            "pass",
            "immutable-owner-id",
            role(web({"StringEquals": {**PINNED_AUD, f"{ISSUER}:repository_id": "123456"}})),
        ),
        Case("undecided", "document-unknown", R(ROLE, assumeRolePolicy=UNKNOWN), [("undecided", "assumeRolePolicy")]),
        Case(
            "undecided",
            "subject-unknown",
            typed(web({"StringLike": {**PINNED_AUD, SUB: UNKNOWN}})),
            [("undecided", f'{AT}.Condition.StringLike["{SUB}"]')],
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "nobody-at-all", role(web({"StringEquals": {**PINNED_AUD, SUB: "repo:*"}}))),
        Case("boundary", "denied-again", role(web(None), {"Effect": "Deny", "Principal": "*", "Action": "sts:*"})),
    ],
)

test_oidc_condition_key_with_scheme = table(
    oidc_condition_key_with_scheme.RULE,
    [
        Case(
            "fail",
            "both-keys",
            role(
                web(
                    {
                        "StringEquals": {
                            f"https://{AUD}": "sts.amazonaws.com",
                            f"https://{SUB}": "repo:acme/app:ref:refs/heads/main",
                        }
                    }
                )
            ),
            [
                ("violation", f'{AT}.Condition.StringEquals["https://{AUD}"]', "high"),
                ("violation", f'{AT}.Condition.StringEquals["https://{SUB}"]', "high"),
            ],
        ),
        Case(
            "fail",
            "beside-an-unknown-value",
            typed(web({"StringEquals": {**PINNED_AUD, f"https://{SUB}": UNKNOWN}})),
            [("violation", f'{AT}.Condition.StringEquals["https://{SUB}"]')],
        ),
        Case("pass", "no-scheme", role(GOOD)),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "another-rule-s-mistake", role(web({"StringEquals": {**PINNED_AUD, "gitlab.com:sub": "x"}}))),
    ],
    without={"undecided": "a key that cannot be read has no spelling to judge; the subject rule says what hangs on it"},
)

test_oidc_condition_key_of_another_issuer = table(
    oidc_condition_key_of_another_issuer.RULE,
    [
        Case(
            "fail",
            "path-lost",
            role(
                web(
                    {"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com:sub": "system:serviceaccount:a:b"}},
                    issuer="oidc.eks.eu-west-1.amazonaws.com/id/ABC",
                )
            ),
            [("violation", f'{AT}.Condition.StringEquals["oidc.eks.eu-west-1.amazonaws.com:sub"]', "high")],
        ),
        Case(
            "fail",
            "another-issuer",
            role(web({"StringEquals": {**PINNED_AUD, "gitlab.com:sub": "x"}})),
            [("violation", f'{AT}.Condition.StringEquals["gitlab.com:sub"]')],
        ),
        Case("pass", "same-issuer", role(GOOD)),
        Case("not-applicable", "no-federation", LAMBDA),
        Case(
            "boundary",
            "keys-of-aws-itself",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}, "StringLike": {"sts:RoleSessionName": "ci-*"}})),
        ),
    ],
    without={
        "undecided": "a provider that cannot be read has no issuer to compare with; the subject rule says what hangs on it"
    },
)

test_oidc_provider_placeholder_account = table(
    oidc_provider_placeholder_account.RULE,
    [
        Case(
            "fail",
            "from-the-documentation",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}}, account="123456789012")),
            [("violation", f"{AT}.Principal.Federated", "medium")],
        ),
        Case(
            "fail",
            "never-filled-in",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}}, account="<ACCOUNT_ID>")),
            [("violation", f"{AT}.Principal.Federated")],
        ),
        Case("pass", "an-account", role(GOOD)),
        Case(
            "pass",
            "computed-account",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}}, account="864209751234")),
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case(
            "boundary",
            "built-in-provider-without-arn",
            role(
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": "accounts.google.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {"accounts.google.com:aud": "a", "accounts.google.com:sub": "b"}},
                }
            ),
        ),
    ],
    without={"undecided": "an account that cannot be read is no placeholder; the subject rule says what hangs on it"},
)


SIGN_IN = "https://signin.aws.amazon.com/saml"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"


def trusting(provider: str, action: str = "sts:AssumeRoleWithWebIdentity") -> FederationAnswer:
    statement = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": action}
    return federation(parse({"Version": "2012-10-17", "Statement": [statement]}, Kind.TRUST))[0]


def condition_of(fix: str) -> dict[str, object]:
    """The condition that a fix says to paste."""
    found, _ = json.JSONDecoder().raw_decode("{" + fix.partition("}")[0] + "}}")
    return found


@pytest.mark.parametrize(
    ("answer", "pinned"),
    [
        pytest.param(
            trusting(f"arn:aws:iam::{ACCOUNT}:saml-provider/idp", "sts:AssumeRoleWithSAML"),
            {"SAML:aud": SIGN_IN},
            id="saml",
        ),
        pytest.param(trusting("www.amazon.com"), {"www.amazon.com:app_id": "APP_ID"}, id="amazon"),
        pytest.param(trusting("graph.facebook.com"), {"graph.facebook.com:app_id": "APP_ID"}, id="facebook"),
        pytest.param(trusting(f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"), {AUD: "AUDIENCE"}, id="github"),
    ],
)
def test_the_audience_fix_names_a_key_that_tokens_have(answer: FederationAnswer, pinned: dict[str, str]) -> None:
    assert condition_of(audience_fix(answer)) == {"StringEquals": pinned}


@pytest.mark.parametrize(
    ("issuer", "pinned"),
    [
        (ISSUER, {SUB: "repo:ORG/NAME:ref:refs/heads/main"}),
        ("gitlab.com", {"gitlab.com:sub": "project_path:ORG/NAME:ref_type:branch:ref:main"}),
        (EKS, {f"{EKS}:sub": "system:serviceaccount:NAMESPACE:NAME"}),
        ("idp.example", {"idp.example:sub": "SUBJECT"}),
        ("api.pulumi.com/oidc", {"api.pulumi.com/oidc:aud": "AUDIENCE"}),
        ("oidc.vercel.com", {"oidc.vercel.com:aud": "AUDIENCE"}),
    ],
)
def test_the_subject_fix_is_in_the_form_of_the_issuer(issuer: str, pinned: dict[str, str]) -> None:
    answer = trusting(f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}")
    assert condition_of(subject_fix(answer)) == {"StringEquals": pinned}


def test_the_subject_fix_of_cognito_pins_the_pool_and_the_sign_in() -> None:
    fix = subject_fix(trusting("cognito-identity.amazonaws.com"))
    assert condition_of(fix) == {"StringEquals": {"cognito-identity.amazonaws.com:aud": "AUDIENCE"}}
    assert '"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}' in fix
