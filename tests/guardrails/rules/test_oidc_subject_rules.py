from federated_trusts import (
    AT,
    AUD,
    EKS,
    GITHUB,
    GOOD,
    LAMBDA,
    MAIN,
    PINNED_AUD,
    PINNED_SUB,
    ROLE,
    SUB,
    github,
    role,
    typed,
    web,
)
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.rules.oidc_audience import (
    oidc_subject_name_reusable,
    oidc_subject_of_unknown_form,
    oidc_subject_pull_request,
    oidc_subject_whole_organization,
    oidc_subject_whole_project,
    oidc_trust_foreign_organization,
    oidc_trust_without_subject,
)
from policypack.guardrails.values import UNKNOWN

GITLAB = "gitlab.com"
OWN = "ci.acme.net"
UNREADABLE = R(ROLE, assumeRolePolicy=UNKNOWN)


def cluster(subject: object, operator: str = "StringLike") -> dict[str, object]:
    return web({"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}, operator: {f"{EKS}:sub": subject}}, EKS)


def unknown(issuer: str, audience: str = "sts.amazonaws.com") -> object:
    return typed(web({"StringEquals": {f"{issuer}:aud": audience, f"{issuer}:sub": UNKNOWN}}, issuer))


def runner(subject: object = None, issuer: str = OWN) -> object:
    tests = {f"{issuer}:aud": "deploy"} | ({} if subject is None else {f"{issuer}:sub": subject})
    return role(web({"StringLike": tests}, issuer))


test_oidc_trust_without_subject = table(
    oidc_trust_without_subject.RULE,
    [
        Case("fail", "audience-alone", role(web({"StringEquals": PINNED_AUD})), [("violation", AT, "critical")]),
        Case("fail", "no-condition", role(web(None)), [("violation", AT)]),
        Case(
            "fail",
            "native",
            R("aws-native:iam:Role", assumeRolePolicyDocument={"Statement": [github("repo:*")]}),
            [("violation", AT.replace("assumeRolePolicy", "assumeRolePolicyDocument"))],
        ),
        Case("fail", "any-repository", role(github("repo:*")), [("violation", AT)]),
        Case("fail", "owner-without-its-slash", role(github("repo:acme*")), [("violation", AT)]),
        Case("fail", "one-weak-entry", role(github([MAIN, "repo:*/app:*"])), [("violation", AT)]),
        Case("fail", "environment-that-anybody-has", role(github("environment:production")), [("violation", AT)]),
        Case("fail", "not-one-repository", role(github(MAIN, "StringNotEquals")), [("violation", AT)]),
        Case(
            "fail",
            "key-with-scheme-that-keeps-nobody-out",
            role(web({"StringEquals": PINNED_AUD, "StringEqualsIfExists": {f"https://{SUB}": MAIN}})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "workflow-of-somebody-else",
            role(web({"StringEquals": {**PINNED_AUD, f"{GITHUB}:environment": "production"}})),
            [("violation", AT)],
        ),
        Case("fail", "issuer-that-nobody-knows", runner(), [("violation", AT, "high")]),
        Case(
            "fail",
            "own-issuer-that-others-share",
            runner(),
            [("violation", AT, "critical")],
            settings={"issuers": [{"issuer": OWN, "shared": True}]},
        ),
        Case(
            "fail",
            "own-form-left-open",
            runner("team/*"),
            [("violation", AT, "critical")],
            settings={"issuers": [{"issuer": OWN, "shared": True, "subjects": ["team/{tenant:TEAM}/{project:APP}"]}]},
        ),
        Case("pass", "both-pinned", role(GOOD)),
        Case(
            "pass",
            "id-that-nobody-else-gets",
            role(web({"StringEquals": {**PINNED_AUD, f"{GITHUB}:repository_id": "123456"}})),
        ),
        Case("pass", "own-issuer", runner(), settings={"issuers": [{"issuer": OWN}]}),
        Case(
            "pass",
            "own-form",
            runner("team/web/shop"),
            settings={"issuers": [{"issuer": OWN, "shared": True, "subjects": ["team/{tenant:TEAM}/{project:APP}"]}]},
        ),
        Case("pass", "subjects-that-may-be-broad", role(github("*")), settings={"subjects": ["*"]}),
        Case(
            "fail",
            "broader-than-the-subjects-that-may-be",
            role(github("repo:acm*")),
            [("violation", AT)],
            settings={"subjects": ["repo:acme/*"]},
        ),
        Case("undecided", "document-unknown", UNREADABLE, [("undecided", "assumeRolePolicy")]),
        Case(
            "undecided",
            "subject-unknown",
            typed(web({"StringLike": {**PINNED_AUD, SUB: UNKNOWN}})),
            [("undecided", f'{AT}.Condition.StringLike["{SUB}"]')],
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "nobody-at-all", role(github("repo:*", "StringEquals"))),
        Case("boundary", "denied-again", role(web(None), {"Effect": "Deny", "Principal": "*", "Action": "sts:*"})),
        Case("boundary", "of-the-organization", role(github("repo:acme/*"))),
    ],
)

test_oidc_subject_whole_organization = table(
    oidc_subject_whole_organization.RULE,
    [
        Case("fail", "any-repository", role(github("repo:acme/*")), [("violation", AT, "high")]),
        Case("fail", "repository-without-its-colon", role(github("repo:acme/app*")), [("violation", AT)]),
        Case("fail", "one-weak-entry", role(github([MAIN, "repo:acme/*:ref:*"])), [("violation", AT)]),
        Case(
            "fail",
            "second-statement",
            role(GOOD, github("repo:acme/*")),
            [("violation", "assumeRolePolicy.Statement[1]")],
        ),
        Case(
            "fail",
            "immutable-owner-alone",
            role(github("repo:acme@1234/*")),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "private-issuer-without-subject",
            role(web({"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}}, EKS)),
            [("violation", AT)],
        ),
        Case("fail", "any-namespace", role(cluster("system:serviceaccount:*:deployer")), [("violation", AT)]),
        Case("pass", "both-pinned", role(GOOD)),
        Case("pass", "immutable-subject", role(github("repo:acme@1234/app@5678:ref:refs/heads/main"))),
        Case("pass", "one-namespace", role(cluster("system:serviceaccount:shop:api", "StringEquals"))),
        Case(
            "undecided", "subject-unknown", unknown(EKS), [("undecided", f'{AT}.Condition.StringEquals["{EKS}:sub"]')]
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "whole-project", role(github("repo:acme/app:*"))),
        Case("boundary", "strangers", role(github("repo:*"))),
    ],
)

test_oidc_subject_whole_project = table(
    oidc_subject_whole_project.RULE,
    [
        Case("fail", "any-branch", role(github("repo:acme/app:*")), [("violation", AT, "low")]),
        Case("fail", "any-ref", role(github("repo:acme/app:ref:*")), [("violation", AT)]),
        Case("fail", "any-environment", role(github("repo:acme/app:environment:*")), [("violation", AT)]),
        Case("fail", "any-service-account", role(cluster("system:serviceaccount:shop:*")), [("violation", AT)]),
        Case(
            "fail",
            "id-of-the-repository-alone",
            role(web({"StringEquals": {**PINNED_AUD, f"{GITHUB}:repository_id": "123456"}})),
            [("violation", AT)],
        ),
        Case("pass", "branch", role(GOOD)),
        Case("pass", "branches-of-a-prefix", role(github("repo:acme/app:ref:refs/heads/release/*"))),
        Case("pass", "environment", role(github("repo:acme/app:environment:production"))),
        Case(
            "undecided",
            "subject-unknown",
            unknown(EKS),
            [("undecided", f'{AT}.Condition.StringEquals["{EKS}:sub"]')],
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "whole-organization", role(github("repo:acme/*"))),
        Case("boundary", "pull-requests-alone", role(github("repo:acme/app:pull_request"))),
        Case(
            "boundary",
            "closed-by-another-claim",
            role(
                web(
                    {
                        "StringEquals": {**PINNED_AUD, f"{GITHUB}:environment": "production"},
                        "StringLike": {SUB: "repo:acme/app:*"},
                    }
                )
            ),
        ),
    ],
)

test_oidc_subject_pull_request = table(
    oidc_subject_pull_request.RULE,
    [
        Case("fail", "pull-request", role(github("repo:acme/app:pull_request")), [("violation", AT, "low")]),
        Case("fail", "beside-a-branch", role(github([MAIN, "repo:acme/app:pull_request"])), [("violation", AT)]),
        Case("pass", "branch", role(GOOD)),
        Case("pass", "issuer-without-pull-requests", role(cluster("system:serviceaccount:shop:pull_request"))),
        Case(
            "undecided",
            "audience-unknown",
            typed(web({"StringLike": {AUD: UNKNOWN, SUB: "repo:acme/app:pull_request"}})),
            [("undecided", f'{AT}.Condition.StringLike["{AUD}"]')],
        ),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "whole-project", role(github("repo:acme/app:*"))),
        Case(
            "boundary",
            "kept-out-again",
            role(
                github(["repo:acme/app:pull_request"]),
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "*",
                    "Condition": {"StringLike": {SUB: "*:pull_request"}},
                },
            ),
        ),
    ],
)

test_oidc_subject_name_reusable = table(
    oidc_subject_name_reusable.RULE,
    [
        Case("fail", "names", role(GOOD), [("violation", AT, "low")]),
        Case(
            "fail",
            "gitlab",
            role(
                web(
                    {
                        "StringEquals": {
                            f"{GITLAB}:aud": "https://gitlab.com",
                            f"{GITLAB}:sub": "project_path:acme/app:ref_type:branch:ref:main",
                        }
                    },
                    GITLAB,
                )
            ),
            [("violation", AT)],
        ),
        Case("pass", "subject-with-ids", role(github("repo:acme@1234/app@5678:ref:refs/heads/main"))),
        Case(
            "pass",
            "id-beside-the-names",
            role(web({"StringEquals": {**PINNED_AUD, **PINNED_SUB, f"{GITHUB}:repository_id": "123456"}})),
        ),
        Case("pass", "issuer-without-ids", role(cluster("system:serviceaccount:shop:api", "StringEquals"))),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "whole-organization", role(github("repo:acme/*"))),
    ],
    without={"undecided": "a subject that cannot be read holds no name; the subject rule says what hangs on it"},
)


def stacks(subject: str | list[str]) -> object:
    """A role for stacks of Spacelift, whose subjects may have forms that are not known."""
    issuer = "acme.app.spacelift.io"
    return role(web({"StringLike": {f"{issuer}:aud": issuer, f"{issuer}:sub": subject}}, issuer))


test_oidc_subject_of_unknown_form = table(
    oidc_subject_of_unknown_form.RULE,
    [
        Case("fail", "no-prefix", stacks("infra:*"), [("violation", AT, "low")]),
        Case("fail", "one-of-two", stacks(["space:prod:stack:infra:*", "infra"]), [("violation", AT)]),
        Case("pass", "stack", stacks("space:prod:stack:infra:*")),
        Case("pass", "impossible", role(github("acme/app:ref:refs/heads/main"))),
        Case("pass", "custom-claims", role(github("repository_owner:acme:environment:production"))),
        Case("pass", "issuer-that-nobody-knows", runner("anything/goes")),
        Case("not-applicable", "no-federation", LAMBDA),
        Case("boundary", "everything", role(github("*"))),
        Case("boundary", "computed", role(github(COMPUTED, "StringEquals"))),
        Case("boundary", "from-missing-configuration", role(github(ANYTHING, "StringEquals"))),
    ],
    without={"undecided": "a subject that cannot be read has no form; the subject rule says what hangs on it"},
)

ACME = {"organizations": ["Acme"]}
test_oidc_trust_foreign_organization = table(
    oidc_trust_foreign_organization.RULE,
    [
        Case("fail", "vendor", role(github("repo:vendor/app:*")), [("violation", AT, "high")], settings=ACME),
        Case("fail", "one-of-two", role(github([MAIN, "repo:vendor/app:*"])), [("violation", AT)], settings=ACME),
        Case("pass", "own", role(GOOD), settings=ACME),
        Case("pass", "own-with-ids", role(github("repo:acme@1/app@2:*")), settings=ACME),
        Case("pass", "not-configured", role(github("repo:vendor/app:*"))),
        Case("pass", "private-issuer", role(cluster("system:serviceaccount:shop:api")), settings=ACME),
        Case(
            "boundary",
            "audience-unknown",
            typed(web({"StringLike": {AUD: UNKNOWN, SUB: "repo:vendor/app:ref:refs/heads/main"}})),
            [("violation", AT)],
            settings=ACME,
        ),
        Case("not-applicable", "no-federation", LAMBDA, settings=ACME),
        Case("boundary", "strangers", role(github("repo:*")), settings=ACME),
        Case(
            "boundary",
            "name-that-starts-alike",
            role(github("repo:acme-vendor/app:*")),
            [("violation", AT)],
            settings=ACME,
        ),
    ],
    without={"undecided": "whom a trust names is known or not; the subject rule says what hangs on it"},
)
