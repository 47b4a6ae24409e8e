from federated_trusts import (
    ACCOUNT,
    AT,
    COGNITO,
    GITHUB,
    GOOD,
    LAMBDA,
    PINNED_AUD,
    PINNED_SUB,
    arn,
    federated,
    role,
    typed,
    web,
)
from rule_tables import ANY_ACCOUNT, COMPUTED, Case, table

from policypack.guardrails.rules.oidc_audience import (
    cognito_trust_without_sign_in,
    oidc_provider_malformed,
    oidc_provider_placeholder_account,
    oidc_provider_wildcard,
)
from policypack.guardrails.values import UNKNOWN

SAML = "sts:AssumeRoleWithSAML"
IDP = {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}
POOL = {f"{COGNITO}:aud": "eu-west-1:1b2c3d4e"}
PINNED = {"StringEquals": {**PINNED_AUD, **PINNED_SUB}}
FEDERATED = f"{AT}.Principal.Federated"


def at(operator: str, key: str) -> str:
    return f'{AT}.Condition.{operator}["{key}"]'


test_oidc_provider_malformed = table(
    oidc_provider_malformed.RULE,
    [
        Case("fail", "scheme", role(web(PINNED, f"https://{GITHUB}")), [("violation", FEDERATED, "medium")]),
        Case("fail", "issuer-without-arn", role(federated({"Federated": GITHUB}, PINNED)), [("violation", FEDERATED)]),
        Case(
            "fail",
            "arn-of-a-role",
            role(federated({"Federated": f"arn:aws:iam::{ACCOUNT}:role/ci"}, PINNED)),
            [("violation", FEDERATED)],
        ),
        Case(
            "fail",
            "second-of-two",
            role(federated({"Federated": [arn(GITHUB), GITHUB]}, PINNED)),
            [("violation", f"{FEDERATED}[1]")],
        ),
        Case("pass", "provider", role(GOOD)),
        Case("pass", "saml", role(federated(IDP, None, SAML))),
        Case("pass", "built-in", role(web({"StringEquals": POOL}, COGNITO))),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "every-provider", role(federated({"Federated": "*"}, PINNED))),
        Case("boundary", "computed", role(federated({"Federated": COMPUTED}, PINNED))),
        Case("boundary", "built-in-elsewhere", role(web(None, "cognito-identity-us-gov.amazonaws.com"))),
    ],
    without={"undecided": "a provider that cannot be read is none that is written wrong"},
)

test_oidc_provider_placeholder_account = table(
    oidc_provider_placeholder_account.RULE,
    [
        Case(
            "fail",
            "from-the-documentation",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}}, account="123456789012")),
            [("violation", FEDERATED, "medium")],
        ),
        Case(
            "fail",
            "never-filled-in",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}}, account="<ACCOUNT_ID>")),
            [("violation", FEDERATED)],
        ),
        Case("pass", "an-account", role(GOOD)),
        Case(
            "pass", "computed-account", role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}}, account=ANY_ACCOUNT))
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case(
            "boundary",
            "built-in-provider-without-arn",
            role(
                web(
                    {"StringEquals": {"accounts.google.com:aud": "a", "accounts.google.com:sub": "b"}},
                    "accounts.google.com",
                )
            ),
        ),
    ],
    without={"undecided": "an account that cannot be read is no placeholder; the subject rule says what hangs on it"},
)

test_oidc_provider_wildcard = table(
    oidc_provider_wildcard.RULE,
    [
        Case("fail", "everyone", role(federated("*", PINNED)), [("violation", f"{AT}.Principal", "high")]),
        Case(
            "fail",
            "federated",
            role(federated({"Federated": "*"}, PINNED)),
            [("violation", FEDERATED)],
        ),
        Case(
            "fail",
            "saml",
            role(federated({"Federated": "*"}, None, SAML)),
            [("violation", FEDERATED)],
        ),
        Case("pass", "named", role(GOOD)),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "everyone-of-an-account", role(federated("*", None, "sts:AssumeRole"))),
        Case("boundary", "provider-unknown", typed(federated({"Federated": UNKNOWN}, PINNED))),
    ],
    without={"undecided": "a provider that cannot be read is one provider; the subject rule says what hangs on it"},
)

SIGNED_IN = {"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}
test_cognito_trust_without_sign_in = table(
    cognito_trust_without_sign_in.RULE,
    [
        Case("fail", "pool-alone", role(web({"StringEquals": POOL}, COGNITO)), [("violation", AT, "medium")]),
        Case(
            "fail",
            "any-sign-in",
            role(web({"StringEquals": POOL, "ForAnyValue:StringLike": {f"{COGNITO}:amr": "*"}}, COGNITO)),
            [("violation", AT)],
        ),
        Case(
            "boundary",
            "operator-that-demands-nothing",
            role(
                web({"StringEquals": POOL, "ForAllValues:StringEquals": {f"{COGNITO}:amr": "authenticated"}}, COGNITO)
            ),
        ),
        Case("pass", "signed-in", role(web({"StringEquals": POOL, **SIGNED_IN}, COGNITO))),
        Case(
            "undecided",
            "amr-unknown",
            typed(web({"StringEquals": POOL, "ForAnyValue:StringLike": {f"{COGNITO}:amr": UNKNOWN}}, COGNITO)),
            [("undecided", at("ForAnyValue:StringLike", f"{COGNITO}:amr"))],
        ),
        Case("not-applicable", "another-issuer", role(web({"StringEquals": PINNED_AUD}))),
        Case(
            "boundary",
            "role-for-guests",
            role(web({"StringEquals": POOL, "ForAnyValue:StringLike": {f"{COGNITO}:amr": "unauthenticated"}}, COGNITO)),
        ),
    ],
)
