"""How long the rules over a stack take where it has many identities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from policypack.guardrails.model import Resource

from . import stacks
from .figures import Effort, Figure

_ACCOUNT: Final = "402918573664"
_BASIC: Final = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"


def _text(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(actions: list[str], resource: str, **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def _resource(type_: str, name: str, /, **properties: object) -> Resource:
    return Resource(urn=f"urn:pulumi:d::bench::{type_}::{name}", type=type_, name=name, properties=properties)


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:iam::{_ACCOUNT}:{kind}/{name}"


def identities(count: int) -> Iterator[Resource]:
    """So many roles, each with a policy of its own and one of AWS attached; the first may assume an administrator."""
    lambda_ = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    account = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    here = f"eu-west-1:{_ACCOUNT}"
    for name in (f"r{number}" for number in range(count)):
        to_itself = {"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}
        statements = [
            _allow(["dynamodb:GetItem", "dynamodb:PutItem"], f"arn:aws:dynamodb:{here}:table/{name}"),
            _allow(["lambda:UpdateFunctionCode"], f"arn:aws:lambda:{here}:function:{name}"),
            _allow(["iam:PassRole"], _arn("role", name), **to_itself),
        ]
        if name == "r0":
            statements.append(_allow(["sts:AssumeRole"], _arn("role", "administrator")))
        role = _arn("role", name)
        yield _resource("aws:iam/role:Role", name, name=name, arn=role, assumeRolePolicy=_text(lambda_))
        policy = _arn("policy", name)
        yield _resource("aws:iam/policy:Policy", name, name=name, arn=policy, policy=_text(*statements))
        for number, arn in enumerate((policy, _BASIC)):
            attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
            yield _resource(attachment, f"{name}-{number}", role=name, policyArn=arn)
    yield _resource(
        "aws:iam/role:Role",
        "administrator",
        name="administrator",
        arn=_arn("role", "administrator"),
        assumeRolePolicy=_text(account),
        managedPolicyArns=[_ADMINISTRATOR],
    )


def judged(count: int) -> tuple[float, int]:
    """The processor time of all rules over a stack with so many identities, and how many chains they find."""
    seconds, found = stacks.judged(identities(count))
    return seconds, found["privilege-escalation-chain"]


def identities_figure(effort: Effort) -> Figure:
    """Ten times as many identities against the first many."""
    few, _ = judged(effort.identities)
    many, _ = judged(effort.identities * stacks.TIMES)
    return stacks.growth("identities", effort.identities, few, many, "attachments")
