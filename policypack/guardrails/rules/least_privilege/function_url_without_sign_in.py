"""A function URL answers everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..function_urls import AUTHORIZATION


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    value = resource[AUTHORIZATION[resource.type]]
    if value.is_open:
        yield undecided(value.path, "whether callers of this URL must sign in is not known yet")
    elif value.text == "NONE":
        yield Finding(
            path=value.path,
            message="anyone who has the URL can call the function: AWS asks for no signature",
            witness={
                "principal": "anonymous",
                "action": "lambda:InvokeFunctionUrl",
                "resource": "*",
                "context": {"lambda:FunctionUrlAuthType": "NONE"},
            },
        )


RULE = ResourceRule(
    id="function-url-without-sign-in",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A function URL answers callers that did not sign in",
    why="The URL is on the internet, and everything that keeps strangers out is then left to the function's own code.",
    fix='Ask for a signature: authorization_type="AWS_IAM". For a webhook, check the sender\'s signature in the function, and make this rule advisory in the policy configuration.',
    covers=("LP-43",),
    types=tuple(AUTHORIZATION),
    check=check,
)
