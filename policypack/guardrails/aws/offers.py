"""What the services that a resource belongs to offer on it, and what of that a statement of its policy speaks of."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from . import actions as table
from .actions import AccessLevel
from .document import Kind, Statement
from .evaluate import ANONYMOUS, action_truth
from .goals import Requests
from .resources import patterns_of
from .truth import Truth
from .universe import formats_of

# Of a search domain: its configuration, and what works on the data that it holds.
CONFIGURING: Final = "es:"
BELOW_A_DOMAIN: Final = "es:ESHttp"
_TAKING_AWAY: Final = re.compile(":(Delete|Remove|Retire|Revoke)")
_PART: Final = re.compile(r"\$\{\w+\}")


def grants_whole_service(statement: Statement, service: str) -> bool:
    """Whether the actions of a statement are all that a service has, some of which change policies."""
    return _changes_policies(service) and all(
        action_truth(statement, Kind.RESOURCE, ANONYMOUS, name) is Truth.YES and reached(statement, name)
        for name in actions_of((service,))
    )


@cache
def _changes_policies(service: str) -> bool:
    return any(manages_permissions(name) or name.endswith("Policy") for name in actions_of((service,)))


def most_dangerous(statement: Statement, services: tuple[str, ...]) -> str:
    """The action of these services that a statement speaks of and that does most; empty where it speaks of none."""
    shown = telling(services)
    names = [
        name
        for name in actions_of(services)
        if action_truth(statement, Kind.RESOURCE, ANONYMOUS, name) is Truth.YES and reached(statement, name)
    ]
    names.sort(key=lambda name: (-table.rank(name), name not in shown, bool(_TAKING_AWAY.search(name))))
    return next((name for name in names if _works_there(statement, name)), "")


def manages_permissions(action: str) -> bool:
    """Whether an action changes who may use a resource."""
    found = table.action(action)
    return found is not None and found.level is AccessLevel.PERMISSIONS_MANAGEMENT


@cache
def actions_of(services: tuple[str, ...]) -> tuple[str, ...]:
    """The names of all actions of these services."""
    listed = [table.service(each) for each in services]
    return tuple(action.name for service in listed if service is not None for action in service.actions.values())


def reached(statement: Statement, action: str) -> bool:
    """Whether the resources of a statement are those that an action may work on, as far as paths below a search domain
    go: its configuration is asked for by the domain's own ARN, and only its data below that.

    Source: OpenSearch Service, "Identity and Access Management".
    """
    if not action.startswith(CONFIGURING) or action.startswith(BELOW_A_DOMAIN) or statement.resources is None:
        return True
    return any(text is None or "$" in text or text.count("/") <= 1 for text in statement.resources)


def _works_there(statement: Statement, action: str) -> bool:
    """Whether a statement may speak of one of the ARNs that an action works on."""
    formats = tuple(_PART.sub("*", each) for each in formats_of(action) or ())
    there = replace(statement, resources=formats, not_resources=None)
    return not formats or not patterns_of(statement).apart(patterns_of(there))


def telling(services: tuple[str, ...]) -> tuple[str, ...]:
    """Actions of the services to be shown before others: on policies and permissions, then on what is kept there."""
    names = actions_of(services)
    policies = [name for name in names if manages_permissions(name) and name.endswith(("Policy", "Permission"))]
    readable = [name for name in Requests.hints if name.partition(":")[0] in services]
    return (*policies, *readable, *names[:1])
