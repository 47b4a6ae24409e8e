"""Roles that may do anything and let in more callers than one workload."""

import json

from rule_tables import Case, R, table

from policypack.guardrails.judge import Judged, Scene, default_policy, judge_stack
from policypack.guardrails.model import Resource, Run, Secret, Stack
from policypack.guardrails.rules.oidc_audience import oidc_broad_trust_on_powerful_role
from policypack.guardrails.values import UNKNOWN

RULE = oidc_broad_trust_on_powerful_role.RULE
ROLE = "aws:iam/role:Role"
ACCOUNT = "402918573664"
GITHUB, GITLAB = "token.actions.githubusercontent.com", "gitlab.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
COGNITO = "cognito-identity.amazonaws.com"
POOL = "eu-west-1:11111111-2222-3333-4444-555555555555"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
AT = "assumeRolePolicy.Statement[0]"
CRITICAL, HIGH, MEDIUM = "critical", "high", "medium"
ATTACHMENT = "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment"


def document(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object = "*") -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def tokens(issuer: str = GITHUB, **operators: object) -> dict[str, object]:
    built_in = issuer == COGNITO
    return {
        "Effect": "Allow",
        "Principal": {"Federated": issuer if built_in else f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": operators,
    }


def github(subject: str) -> dict[str, object]:
    return tokens(StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"}, StringLike={f"{GITHUB}:sub": subject})


def pool(**operators: object) -> dict[str, object]:
    return tokens(COGNITO, StringEquals={f"{COGNITO}:aud": POOL}, **operators)


def assertions(*conditions: object) -> dict[str, object]:
    return {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/staff"},
        "Action": "sts:AssumeRoleWithSAML",
        **({"Condition": conditions[0]} if conditions else {}),
    }


def role(trust: object, *statements: object, name: str = "deployer", **more: object) -> Resource:
    inline = [{"name": "work", "policy": json.dumps(document(*statements))}] if statements else []
    return R(
        ROLE,
        name,
        name=name,
        arn=f"arn:aws:iam::{ACCOUNT}:role/{name}",
        assumeRolePolicy=trust if not isinstance(trust, dict) else json.dumps(document(trust)),
        inlinePolicies=inline,
        **more,
    )


ANY_REPOSITORY = github("repo:*")
ANY_OF_ACME = github("repo:acme/*")
ANY_BRANCH = github("repo:acme/app:*")
PULL_REQUEST = github("repo:acme/app:pull_request")
MAIN = github("repo:acme/app:ref:refs/heads/main")
NOT_TOLD = document(
    {**MAIN, "Condition": {"StringLike": {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": UNKNOWN}}}
)
GUESTS = pool(**{"ForAnyValue:StringEquals": {f"{COGNITO}:amr": "unauthenticated"}})
SIGNED_IN = pool(**{"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}})
EVERYTHING = allow("*")
WRITES_ITSELF = allow("iam:PutRolePolicy")
BUCKET = allow(["s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::acme-site/*")

test_oidc_broad_trust_on_powerful_role = table(
    RULE,
    [
        Case("fail", "strangers", role(ANY_REPOSITORY, EVERYTHING), [("violation", AT, CRITICAL)]),
        Case("fail", "organization", role(ANY_OF_ACME, WRITES_ITSELF), [("violation", AT, CRITICAL)]),
        Case(
            "fail",
            "any-pod-of-a-cluster",
            role(tokens(EKS, StringEquals={f"{EKS}:aud": "sts.amazonaws.com"}), EVERYTHING),
            [("violation", AT, CRITICAL)],
        ),
        Case(
            "fail",
            "any-branch-of-an-administrator",
            [
                role(ANY_BRANCH),
                R(
                    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                    "a",
                    role="deployer",
                    policyArn=ADMINISTRATOR,
                ),
            ],
            [("violation", AT, HIGH)],
        ),
        Case("fail", "any-branch-of-what-grows", role(ANY_BRANCH, WRITES_ITSELF), [("violation", AT, MEDIUM)]),
        Case("fail", "pull-request", role(PULL_REQUEST, EVERYTHING), [("violation", AT, HIGH)]),
        Case("fail", "guests", role(GUESTS, EVERYTHING), [("violation", AT, CRITICAL)]),
        Case("fail", "guests-as-sign-in-is-not-tested", role(pool(), EVERYTHING), [("violation", AT, CRITICAL)]),
        Case("fail", "any-user-who-signs-in", role(SIGNED_IN, EVERYTHING), [("violation", AT, HIGH)]),
        Case(
            "fail",
            "a-pool-gives-it-to-guests",
            [
                role(UNKNOWN, EVERYTHING),
                R(ATTACHMENT, "a", roles={"unauthenticated": f"arn:aws:iam::{ACCOUNT}:role/deployer"}),
            ],
            [("violation", "assumeRolePolicy", CRITICAL)],
        ),
        Case(
            "fail",
            "assertions-for-any-service",
            role(assertions(), EVERYTHING),
            [("violation", AT, HIGH)],
        ),
        Case(
            "fail",
            "the-worst-statement-is-named",
            role(json.dumps(document(ANY_BRANCH, MAIN, ANY_OF_ACME)), EVERYTHING),
            [("violation", "assumeRolePolicy.Statement[2]", CRITICAL)],
        ),
        Case("pass", "one-branch", role(MAIN, EVERYTHING)),
        Case("pass", "whole-organization-with-one-bucket", role(ANY_OF_ACME, BUCKET)),
        Case("pass", "signed-in", role(SIGNED_IN, BUCKET)),
        Case(
            "pass",
            "one-user",
            role(
                tokens(
                    COGNITO,
                    StringEquals={f"{COGNITO}:aud": POOL, f"{COGNITO}:sub": f"{POOL[:-1]}0"},
                    **{"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}},
                ),
                EVERYTHING,
            ),
        ),
        Case(
            "pass",
            "assertions-for-the-console",
            role(assertions({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}), EVERYTHING),
        ),
        Case(
            "pass",
            "within-a-boundary",
            [
                role(ANY_OF_ACME, EVERYTHING, permissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/limit"),
                R(
                    "aws:iam/policy:Policy",
                    "limit",
                    arn=f"arn:aws:iam::{ACCOUNT}:policy/limit",
                    policy=document(BUCKET),
                ),
            ],
        ),
        Case(
            "undecided",
            "both-hang",
            R(ROLE, assumeRolePolicy=NOT_TOLD, inlinePolicies=[{"name": "work", "policy": UNKNOWN}]),
            [("undecided", f'{AT}.Condition.StringLike["{GITHUB}:sub"]')],
        ),
        Case(
            "not-applicable",
            "no-federation",
            role(
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
                EVERYTHING,
            ),
        ),
        Case("boundary", "everyone-is-said-elsewhere", role({**tokens(), "Principal": "*"}, EVERYTHING)),
        Case(
            "boundary",
            "the-policies-are-said-elsewhere",
            R(ROLE, assumeRolePolicy=NOT_TOLD, inlinePolicies=[{"name": "work", "policy": document(EVERYTHING)}]),
        ),
    ],
)


def only(*resources: Resource) -> Judged:
    (found,) = judge_stack(default_policy(RULE), Stack(resources), Scene(resources, Run()))
    return found


def test_it_says_who_may_do_what_and_what_to_write() -> None:
    found = only(role(ANY_BRANCH, WRITES_ITSELF))
    assert found.name == "deployer"
    assert found.message.startswith("any branch, ")
    assert " of the repository at GitHub Actions (for example with " in found.message
    assert f"{GITHUB}:sub = repo:acme/app:" in found.message
    assert found.message.endswith(
        "may assume this role, and then write any inline policy for itself, for example by iam:PutRolePolicy on "
        f"arn:aws:iam::{ACCOUNT}:role/deployer"
    )
    assert f'"{GITHUB}:sub": "repo:acme/app:' in found.fix
    assert isinstance(found.witness, list)
    assert [one["action"] for one in found.witness] == ["sts:AssumeRoleWithWebIdentity", "iam:PutRolePolicy"]


def test_it_shows_nothing_of_a_secret_policy() -> None:
    inline = [{"name": "work", "policy": Secret(json.dumps(document(WRITES_ITSELF)))}]
    found = only(R(ROLE, "deployer", name="deployer", assumeRolePolicy=document(ANY_BRANCH), inlinePolicies=inline))
    assert found.message.endswith("and then write any inline policy for itself")
    assert isinstance(found.witness, list)
    assert [one["action"] for one in found.witness] == ["sts:AssumeRoleWithWebIdentity"]
