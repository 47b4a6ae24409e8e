"""Trust policies of roles for the tokens of identity providers, and what the whole catalogue says of one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from rule_tables import R

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.rule import ResourceRule

ROLE: Final = "aws:iam/role:Role"
ACCOUNT: Final = "402918573664"
WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
GITHUB: Final = "token.actions.githubusercontent.com"
EKS: Final = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
COGNITO: Final = "cognito-identity.amazonaws.com"
AUD: Final = f"{GITHUB}:aud"
SUB: Final = f"{GITHUB}:sub"
MAIN: Final = "repo:acme/app:ref:refs/heads/main"
PINNED_AUD: Final = {AUD: "sts.amazonaws.com"}
PINNED_SUB: Final = {SUB: MAIN}
AT: Final = "assumeRolePolicy.Statement[0]"

# A condition block: operators, keys, values.
Block = Mapping[str, object]
_RULES: Final = [
    default_policy(rule)
    for rule in RULES
    if isinstance(rule, ResourceRule) and rule.default_level is not Level.DISABLED and ROLE in rule.types
]


def arn(issuer: str, account: str = ACCOUNT) -> str:
    """The ARN of the provider of an issuer; those that AWS has built in have none."""
    built_in = issuer in ("accounts.google.com", "www.amazon.com", "graph.facebook.com") or issuer.startswith(
        "cognito-identity"
    )
    return issuer if built_in else f"arn:aws:iam::{account}:oidc-provider/{issuer}"


def federated(principal: object, condition: Block | None, action: object = WEB_IDENTITY) -> dict[str, object]:
    """A statement that lets in whom a provider vouches for."""
    statement: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": action}
    return statement if condition is None else {**statement, "Condition": condition}


def web(condition: Block | None, issuer: str = GITHUB, account: str = ACCOUNT) -> dict[str, object]:
    """A statement that lets in tokens of one issuer."""
    return federated({"Federated": arn(issuer, account)}, condition)


def github(subject: object, operator: str = "StringLike") -> dict[str, object]:
    """A statement that lets in workflows of GitHub by their subject, for the audience of AWS."""
    condition: dict[str, dict[str, object]] = {"StringEquals": dict(PINNED_AUD)}
    condition.setdefault(operator, {})[SUB] = subject
    return web(condition)


def role(*statements: object) -> Resource:
    """A role whose trust policy is a text."""
    return R(ROLE, assumeRolePolicy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def typed(*statements: object) -> Resource:
    """A role whose trust policy is an object, which can hold what is not known yet."""
    return R(ROLE, assumeRolePolicy={"Version": "2012-10-17", "Statement": list(statements)})


GOOD: Final = web({"StringEquals": {**PINNED_AUD, **PINNED_SUB}})
LAMBDA: Final = role(federated({"Service": "lambda.amazonaws.com"}, None, "sts:AssumeRole"))


def judged(resource: Resource) -> list[Judged]:
    """What all rules that are on by default say of one role, each cause once."""
    scene = Scene([resource], Run())
    return order(one for policy in _RULES for one in judge_resource(policy, resource, scene))


def said(resource: Resource) -> set[tuple[str, str, str]]:
    """The rule, the severity and the path of each finding; for what is undecided, that word stands for the severity."""
    found = [
        (one.rule.id, one.severity.value if one.outcome.value == "violation" else one.outcome.value, one.path)
        for one in judged(resource)
    ]
    assert len(set(found)) == len(found), f"said twice: {found}"
    return set(found)
