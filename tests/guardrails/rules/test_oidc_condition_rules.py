from federated_trusts import (
    ACCOUNT,
    AT,
    AUD,
    COGNITO,
    EKS,
    GITHUB,
    GOOD,
    LAMBDA,
    MAIN,
    PINNED_AUD,
    PINNED_SUB,
    ROLE,
    SUB,
    arn,
    federated,
    github,
    role,
    typed,
    web,
)
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.rules.oidc_audience import (
    oidc_audience_not_allowed,
    oidc_condition_key_of_another_issuer,
    oidc_condition_key_with_scheme,
    oidc_condition_on_unknown_claim,
    oidc_trust_admits_nobody,
    oidc_trust_refused_by_aws,
    oidc_trust_without_audience,
    oidc_unsound_operator,
)
from policypack.guardrails.values import UNKNOWN

SAML = "sts:AssumeRoleWithSAML"
IDP = {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}
POOL = {f"{COGNITO}:aud": "eu-west-1:1b2c3d4e"}
UNREADABLE = R(ROLE, assumeRolePolicy=UNKNOWN)


def both(issuer: str, audience: str, subject: str) -> dict[str, object]:
    return web({"StringEquals": {f"{issuer}:aud": audience, f"{issuer}:sub": subject}}, issuer)


def at(operator: str, key: str) -> str:
    return f'{AT}.Condition.{operator}["{key}"]'


def saml(audience: object) -> object:
    return role(federated(IDP, {"StringEquals": {"SAML:aud": audience}}, SAML))


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
        Case("fail", "saml", role(federated(IDP, None, SAML)), [("violation", AT)]),
        Case(
            "fail",
            "saml-of-any-service",
            role(federated(IDP, {"StringLike": {"SAML:aud": "https://*/saml"}}, SAML)),
            [("violation", AT)],
        ),
        Case("pass", "both-pinned", role(GOOD)),
        Case(
            "pass",
            "re-cased-keys",
            role(web({"stringequals": {AUD.upper(): "sts.amazonaws.com", SUB.upper(): MAIN}})),
        ),
        Case("pass", "saml-sign-in", saml("https://signin.aws.amazon.com/saml")),
        Case("pass", "saml-sign-in-of-a-region", saml("https://eu-west-1.signin.aws.amazon.com/saml")),
        Case(
            "undecided",
            "unknown",
            typed(web({"StringLike": {AUD: UNKNOWN, **PINNED_SUB}})),
            [("undecided", at("StringLike", AUD))],
        ),
        Case(
            "undecided",
            "from-missing-configuration",
            role(web({"StringLike": {AUD: ANYTHING, **PINNED_SUB}})),
            [("undecided", at("StringLike", AUD))],
        ),
        Case("undecided", "document-unknown", UNREADABLE, [("undecided", "assumeRolePolicy")]),
        Case("not-applicable", "no-federation", LAMBDA),
        Case(
            "boundary", "computed-audience-is-one-audience", role(web({"StringEquals": {AUD: COMPUTED, **PINNED_SUB}}))
        ),
    ],
)

OURS = {"audiences": ["sts.amazonaws.com", "acme-*"]}
test_oidc_audience_not_allowed = table(
    oidc_audience_not_allowed.RULE,
    [
        Case("fail", "another", role(both(GITHUB, "vendor", MAIN)), [("violation", AT, "medium")], settings=OURS),
        Case(
            "fail",
            "one-of-two",
            role(web({"StringEquals": {AUD: ["sts.amazonaws.com", "vendor"], **PINNED_SUB}})),
            [("violation", AT)],
            settings=OURS,
        ),
        Case("pass", "allowed", role(GOOD), settings=OURS),
        Case("pass", "by-a-pattern", role(both(GITHUB, "acme-deploy", MAIN)), settings=OURS),
        Case("pass", "not-configured", role(both(GITHUB, "vendor", MAIN))),
        Case(
            "boundary",
            "subject-unknown",
            typed(web({"StringEquals": {AUD: "vendor", SUB: UNKNOWN}})),
            [("violation", AT)],
            settings=OURS,
        ),
        Case("not-applicable", "no-federation", LAMBDA, settings=OURS),
        Case("boundary", "any-audience", role(web({"StringEquals": PINNED_SUB})), settings=OURS),
    ],
    without={"undecided": "an audience that cannot be read is not named; the audience rule says what hangs on it"},
)

SCHEMED = {f"https://{AUD}": "sts.amazonaws.com", f"https://{SUB}": MAIN}
test_oidc_condition_key_with_scheme = table(
    oidc_condition_key_with_scheme.RULE,
    [
        Case(
            "fail",
            "both-keys",
            role(web({"StringEquals": SCHEMED})),
            [("violation", at("StringEquals", each), "medium") for each in SCHEMED],
        ),
        Case(
            "fail",
            "keeps-nobody-out",
            role(web({"StringEquals": PINNED_AUD, "StringNotEqualsIfExists": {f"https://{SUB}": MAIN}})),
            [("violation", at("StringNotEqualsIfExists", f"https://{SUB}"), "high")],
        ),
        Case(
            "fail",
            "http",
            role(web({"StringEquals": {**PINNED_AUD, f"http://{SUB}": MAIN}})),
            [("violation", at("StringEquals", f"http://{SUB}"))],
        ),
        Case(
            "fail",
            "beside-an-unknown-value",
            typed(web({"StringEquals": {**PINNED_AUD, f"https://{SUB}": UNKNOWN}})),
            [("violation", at("StringEquals", f"https://{SUB}"))],
        ),
        Case(
            "fail",
            "native",
            R("aws-native:iam:Role", assumeRolePolicyDocument={"Statement": [web({"StringEquals": SCHEMED})]}),
            [
                ("violation", at("StringEquals", each).replace("assumeRolePolicy", "assumeRolePolicyDocument"))
                for each in SCHEMED
            ],
        ),
        Case("pass", "no-scheme", role(GOOD)),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "another-rule-s-mistake", role(web({"StringEquals": {**PINNED_AUD, "gitlab.com:sub": "x"}}))),
    ],
    without={"undecided": "a key that cannot be read has no spelling to judge; the subject rule says what hangs on it"},
)

LOST = "oidc.eks.eu-west-1.amazonaws.com:sub"
ENTRA = "sts.windows.net/4b1c/"
test_oidc_condition_key_of_another_issuer = table(
    oidc_condition_key_of_another_issuer.RULE,
    [
        Case(
            "fail",
            "path-lost",
            role(web({"StringEquals": {LOST: "system:serviceaccount:a:b"}}, EKS)),
            [("violation", at("StringEquals", LOST), "medium")],
        ),
        Case(
            "fail",
            "slash-lost",
            role(web({"StringEquals": {f"{ENTRA[:-1]}:aud": "api://app"}}, ENTRA)),
            [("violation", at("StringEquals", f"{ENTRA[:-1]}:aud"))],
        ),
        Case(
            "fail",
            "another-issuer",
            role(web({"StringEquals": {**PINNED_AUD, "gitlab.com:sub": "x"}})),
            [("violation", at("StringEquals", "gitlab.com:sub"))],
        ),
        Case(
            "fail",
            "keeps-nobody-out",
            role(web({"StringEquals": PINNED_AUD, "ForAllValues:StringEquals": {"gitlab.com:sub": "x"}})),
            [("violation", at("ForAllValues:StringEquals", "gitlab.com:sub"), "high")],
        ),
        Case("pass", "same-issuer", role(GOOD)),
        Case("not-applicable", "no-federation", LAMBDA),
        Case(
            "boundary",
            "keys-of-aws-itself",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}, "StringLike": {"sts:RoleSessionName": "ci-*"}})),
        ),
        Case("boundary", "slash-kept", role(both(ENTRA, "api://app", "5f6a"))),
    ],
    without={
        "undecided": "a provider that cannot be read has no issuer to compare with; the subject rule says what hangs on it"
    },
)

BRANCH = f"{GITHUB}:branch"
test_oidc_condition_on_unknown_claim = table(
    oidc_condition_on_unknown_claim.RULE,
    [
        Case(
            "fail",
            "claim-that-sts-leaves-out",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB, BRANCH: "main"}})),
            [("violation", at("StringEquals", BRANCH), "medium")],
        ),
        Case(
            "fail",
            "keeps-nobody-out",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}, "StringEqualsIfExists": {BRANCH: "main"}})),
            [("violation", at("StringEqualsIfExists", BRANCH), "high")],
        ),
        Case(
            "pass",
            "claims-that-sts-knows",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB, f"{GITHUB}:ref": "refs/heads/main"}})),
        ),
        Case("pass", "issuer-that-nobody-knows", role(both("idp.acme.net", "app", "worker"))),
        Case("not-applicable", "no-federation", LAMBDA),
        Case(
            "boundary",
            "re-cased-claim",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB, f"{GITHUB}:Job_Workflow_Ref": "acme/ci/x@main"}})),
        ),
    ],
    without={"undecided": "a key that cannot be read names no claim; the subject rule says what hangs on it"},
)


def loose(operator: str, tests: dict[str, object], beside: dict[str, object]) -> object:
    return role(web({"StringEquals": beside, operator: tests}))


test_oidc_unsound_operator = table(
    oidc_unsound_operator.RULE,
    [
        Case(
            "fail",
            "for-all-values",
            loose("ForAllValues:StringLike", PINNED_SUB, PINNED_AUD),
            [("violation", at("ForAllValues:StringLike", SUB), "medium")],
        ),
        Case(
            "fail",
            "if-exists-on-the-audience",
            loose("StringEqualsIfExists", PINNED_AUD, PINNED_SUB),
            [("violation", at("StringEqualsIfExists", AUD))],
        ),
        Case(
            "fail", "negated", loose("StringNotLike", PINNED_SUB, PINNED_AUD), [("violation", at("StringNotLike", SUB))]
        ),
        Case("fail", "null-alone", loose("Null", {SUB: "false"}, PINNED_AUD), [("violation", at("Null", SUB))]),
        Case(
            "fail",
            "saml",
            role(federated(IDP, {"StringEqualsIfExists": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}, SAML)),
            [("violation", at("StringEqualsIfExists", "SAML:aud"))],
        ),
        Case("pass", "plain", role(GOOD)),
        Case("pass", "null-beside-a-value", loose("Null", {SUB: "false"}, {**PINNED_AUD, **PINNED_SUB})),
        Case(
            "pass",
            "any-of-several",
            role(web({"StringEquals": POOL, "ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}, COGNITO)),
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case(
            "boundary",
            "claim-that-tells-nobody",
            loose("StringNotEquals", {f"{GITHUB}:actor": "octocat"}, {**PINNED_AUD, **PINNED_SUB}),
        ),
        Case(
            "boundary",
            "negated-in-deny",
            role(
                GOOD,
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "*",
                    "Condition": {"StringNotEquals": {f"{GITHUB}:repository_id": "123456"}},
                },
            ),
        ),
    ],
    without={"undecided": "an operator is written in the document; one that cannot be read is no operator yet"},
)

test_oidc_trust_admits_nobody = table(
    oidc_trust_admits_nobody.RULE,
    [
        Case(
            "fail",
            "star-under-string-equals",
            role(github("repo:acme/*", "StringEquals")),
            [("violation", at("StringEquals", SUB), "medium")],
        ),
        Case(
            "fail",
            "one-statement-of-two",
            role(GOOD, github("repo:acme/*", "StringEquals")),
            [("violation", at("StringEquals", SUB).replace("[0]", "[1]"), "low")],
        ),
        Case(
            "fail",
            "one-value-of-two",
            role(github([MAIN, "repo:acme/*"], "StringEquals")),
            [("violation", at("StringEquals", SUB), "low")],
        ),
        Case(
            "fail",
            "one-provider-of-two",
            role(
                federated(
                    {"Federated": [arn(GITHUB), arn("gitlab.com")]}, {"StringEquals": {**PINNED_AUD, **PINNED_SUB}}
                )
            ),
            [("violation", AT, "low")],
        ),
        Case(
            "fail",
            "denied-again",
            role(GOOD, {"Effect": "Deny", "Principal": "*", "Action": "sts:*"}),
            [("violation", AT, "medium")],
        ),
        Case("pass", "pattern", role(github("repo:acme/*"))),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "star-in-a-negated-test", role(github("repo:acme/*", "StringNotEquals"))),
        Case("boundary", "subject-unknown", typed(web({"StringEquals": {**PINNED_AUD, SUB: UNKNOWN}}))),
    ],
    without={
        "undecided": "a trust that cannot be read admits somebody, for all that is known; the subject rule says so"
    },
)

test_oidc_trust_refused_by_aws = table(
    oidc_trust_refused_by_aws.RULE,
    [
        Case("fail", "audience-alone", role(web({"StringEquals": PINNED_AUD})), [("violation", AT, "medium")]),
        Case(
            "fail",
            "id-without-subject",
            role(web({"StringEquals": {**PINNED_AUD, f"{GITHUB}:repository_id": "123456"}})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "audience-of-pulumi",
            role(
                web(
                    {"StringEquals": {"api.pulumi.com/oidc:sub": "pulumi:environments:org:acme:env:app/dev"}},
                    "api.pulumi.com/oidc",
                )
            ),
            [("violation", AT)],
        ),
        Case("pass", "subject", role(web({"StringEquals": PINNED_SUB}))),
        Case(
            "pass",
            "workflow-in-its-place",
            role(web({"StringEquals": {f"{GITHUB}:job_workflow_ref": "acme/ci/.github/workflows/x.yml@main"}})),
        ),
        Case("pass", "private-issuer", role(web(None, EKS))),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "subject-unknown", typed(web({"StringEquals": {SUB: UNKNOWN}}))),
        Case("boundary", "key-with-scheme", role(web({"StringEquals": SCHEMED}))),
    ],
    without={"undecided": "which keys a document tests is known as soon as its conditions are"},
)
