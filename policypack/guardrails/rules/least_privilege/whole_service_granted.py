"""An identity policy grants all of a service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws import actions as table
from ...aws.answers import Yes
from ...aws.breadth import expanded, granted, telling_first
from ...aws.dangers import AGENT_CHANNELS
from ...aws.document import Statement, readable
from ...aws.glob import has_wildcard
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import Grant, as_written, breadth_of, grants, resources_in_words

# Leaving out a few actions makes no difference to what is granted; a service of a few actions is soon named whole.
_SHARE: Final = 0.9
_FEWEST: Final = 5
_QUESTION: Final = "this policy grants all of a service"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for grant in grants(resource, _QUESTION):
        if isinstance(grant, Finding):
            yield grant
            continue
        for service, names in _whole(grant.statement):
            found = list(_judge(grant, service, names))
            yield from found
            if found:
                break


def _judge(grant: Grant, service: str, names: tuple[str, ...]) -> Iterator[Finding]:
    statement = grant.statement
    share = f"{len(names)} of the {_total(service)} actions of {service} are granted"
    fix = _by_level(service, names)
    reached = [reach.answer for reach in breadth_of(grant).reaches.values() if not set(reach.actions).isdisjoint(names)]
    wide = next((each for each in reached if isinstance(each, Yes)), None) or next(iter(reached), None)
    if wide is not None:
        yield from grant.findings(wide, f"{share} on every resource", _QUESTION, fix=fix)
        return
    asked = [
        granted(grant.placed.document, statement, (name,))
        for name in sorted(_added(grant, service, names), key=telling_first)
    ]
    answers = [each for each in asked if each is not None]
    answer = next((each for each in answers if isinstance(each, Yes)), next(iter(answers), None))
    action = answer.witness.request.action if isinstance(answer, Yes) else ""
    message = f"{share} on {resources_in_words(statement)}, {action} among them"
    yield from grant.findings(answer, message, _QUESTION, fix=fix, severity=Severity.LOW)


def _by_level(service: str, names: tuple[str, ...]) -> str:
    """How many actions there are of each level, with one of each."""
    listed = []
    for level in table.DANGER:
        found = sorted((name for name in names if table.rank(name) == table.DANGER.index(level)), key=telling_first)
        listed += [f"{len(found)} {level.value} ({found[0]}{', …' if len(found) > 1 else ''})"] if found else []
    return f"List the actions that are used in place of all of {service}: it has {', '.join(listed)}."


def _added(grant: Grant, service: str, names: tuple[str, ...]) -> list[str]:
    """What a wildcard adds to what the holder may well need on its own resource, or where there are no resources."""
    by_wildcard = [name for name in names if has_wildcard(as_written(grant.statement, name))]
    listed = table.service(service)
    if listed is None or service in AGENT_CHANNELS:
        return []
    # On its own resource the holder may well read and write all there is, but not decide who else does.
    least = table.AccessLevel.PERMISSIONS_MANAGEMENT if listed.resource_types else table.AccessLevel.WRITE
    return [name for name in by_wildcard if table.rank(name) >= table.DANGER.index(least)]


def _whole(statement: Statement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The services of which a statement names nearly all actions, some that write among them."""
    found: dict[str, dict[str, None]] = {}
    for pattern in readable(statement.actions):
        service = pattern.partition(":")[0].lower()
        if not has_wildcard(service):
            found.setdefault(service, {}).update((each.name, None) for each in expanded(pattern))
    for service, names in found.items():
        enough = len(names) >= max(_FEWEST, _SHARE * _total(service))
        if enough and any(table.rank(name) >= table.DANGER.index(table.AccessLevel.WRITE) for name in names):
            yield service, tuple(names)


def _total(service: str) -> int:
    listed = table.service(service)
    return 0 if listed is None else len(listed.actions)


RULE = ResourceRule(
    id="whole-service-granted",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy grants all of a service",
    why="Beside what the holder needs, it deletes, changes settings and lets others in, and gets what AWS adds later.",
    fix='List the actions by what they do, such as "Action": ["dynamodb:GetItem", "dynamodb:PutItem"], and name the resources.',
    controls=("FSBP-1.0.0:IAM.21",),
    covers=("LP-03", "LP-21"),
    yields_to=above("whole-service-granted"),
    types=IDENTITY_TYPES,
    check=check,
)
