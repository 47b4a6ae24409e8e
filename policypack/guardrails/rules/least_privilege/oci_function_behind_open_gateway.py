"""An API gateway lets callers reach a function without signing in."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..oci_gateways import DEPLOYMENT, Open, SignIn, is_private, open_functions, sign_in


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for deployment in stack.of_type([DEPLOYMENT]):
        specification = deployment["specification"]
        if specification.unknown or (
            specification["routes"].unknown and sign_in(specification) is not SignIn.EVERYBODY
        ):
            reason = "which functions stand behind this deployment, and who may call them, is not known yet"
            yield undecided(specification.path, reason, urn=deployment.urn)
            continue
        for route in open_functions(specification):
            yield _judged(stack, deployment, route)


def _judged(stack: Stack, deployment: Resource, route: Open) -> Finding:
    path = route.route.path
    if route.doubt:
        return undecided(path, f"{route.doubt} is not known yet, at {route.shown}", urn=deployment.urn)
    private = is_private(stack, deployment)
    who = "whoever reaches the gateway in its network" if private else "anyone who has the URL"
    function = route.route["backend"]["functionId"]
    return Finding(
        path=path,
        message=f"{who} can call the function behind {route.shown}: nobody has to sign in",
        urn=deployment.urn,
        severity=Severity.LOW if private else None,
        witness={
            "principal": "anonymous",
            "action": f"call {route.shown}",
            "resource": (function.text if not function.secret else None) or "the function",
            "context": {},
        },
    )


RULE = StackRule(
    id="oci-function-behind-open-gateway",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An API gateway calls a function for callers that did not sign in",
    why="The function runs with its own rights for whoever calls, and everything that keeps strangers out is then left to its code.",
    fix="Give the deployment request_policies.authentication, and its routes an authorization of AUTHENTICATION_ONLY or ANY_OF. For a webhook, check the sender's signature in the function.",
    covers=("LP-89",),
    types=(DEPLOYMENT,),
    check=check,
)
