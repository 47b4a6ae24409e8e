"""How long the rules over a stack take where it has many identities."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Final

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.judge import Scene, default_policy, judge_stack
from policypack.guardrails.model import Resource, Run, Stack
from policypack.guardrails.rule import StackRule

from .figures import Effort, Figure

_ACCOUNT: Final = "402918573664"
_TIMES: Final = 10
# Ten times as many, and a little for memory that is farther away.
_BUDGET: Final = 12.0
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
    resources = tuple(identities(count))
    stack, scene = Stack(resources), Scene(resources, Run())
    rules = [rule for rule in RULES if isinstance(rule, StackRule)]
    start = time.process_time()
    found = [one for rule in rules for one in judge_stack(default_policy(rule), stack, scene)]
    chains = sum(one.rule.id == "privilege-escalation-chain" for one in found)
    return time.process_time() - start, chains


def identities_figure(effort: Effort) -> Figure:
    """Ten times as many identities against the first many."""
    few, _ = judged(effort.identities)
    many, _ = judged(effort.identities * _TIMES)
    ratio = many / few
    return Figure(
        name=f"The rules over a stack of {effort.identities * _TIMES:,} identities / of {effort.identities:,}",
        ratio=ratio,
        value=ratio,
        budget=_BUDGET,
        limit=f"{_BUDGET:g}x",
        measured=f"{many:.1f} s against {few:.2f} s of processor time, with attachments",
    )
