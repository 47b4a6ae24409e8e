"""An identity policy grants all of a service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ...aws import actions as table
from ...aws.answers import Undecided, Yes
from ...aws.breadth import expanded, granted, speaks_of, telling_first
from ...aws.dangers import AGENT_CHANNELS
from ...aws.document import readable
from ...findings import Concern, Finding, Severity
from ...glob import has_wildcard
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import Grant, breadth_of, grants, resources_in_words, unreadable
from ..wording import as_written

# Leaving out a few actions makes no difference to what is granted; a service of a few actions is soon named whole.
_SHARE: Final = 0.9
_FEWEST: Final = 5
_QUESTION: Final = "this policy grants all of a service"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    alike: dict[object, list[Grant]] = {}
    for grant in grants(resource):
        alike.setdefault(_but_for_actions(grant), []).append(grant)
    for parts in alike.values():
        yield from _check(parts)


def _check(parts: list[Grant]) -> Iterator[Finding]:
    """One finding for each statement that names all of a service, else one for several that do so together."""
    whole = {grant.cause: list(_whole([grant])) for grant in parts}
    alone = {service for found in whole.values() for service, _ in found}
    for grant in parts:
        judged = (list(_judge([grant], service, names)) for service, names in whole[grant.cause])
        yield from next((found for found in judged if found), [])
    for service, names in _whole(parts):
        if service not in alone:
            sharing = [each for each in parts if any(speaks_of(each.statement, name) for name in names)]
            yield from _judge(sharing, service, names)


def _but_for_actions(grant: Grant) -> object:
    """What two statements have in common that could as well be one."""
    statement = grant.statement
    conditions = tuple(sorted((each.key, each.operator, str(each.values)) for each in statement.conditions))
    return grant.placed.value.path, str(statement.resources), str(statement.not_resources), conditions


def _judge(parts: list[Grant], service: str, names: tuple[str, ...]) -> Iterator[Finding]:
    first, statement = parts[0], parts[0].statement
    verb = "granted" if "*" in (statement.resources or ()) else "named"
    others = ", ".join(each.statement.path for each in parts[1:])
    together = f", together with {others}" if others else ""
    share = f"{len(names)} of the {_total(service)} actions of {service} are {verb}"
    fix = _by_level(service, names)
    reaches = [(each, reach) for each in parts for reach in breadth_of(each).reaches.values()]
    reached = [(each, reach.answer) for each, reach in reaches if not set(reach.actions).isdisjoint(names)]
    reached.sort(key=lambda each: isinstance(each[1], Undecided))
    if reached:
        grant, wide = reached[0]
        yield from grant.findings(wide, f"{share} on every resource{together}", _QUESTION, fix=fix)
        return
    answers = [
        (grant, answer)
        for grant in parts
        for name in sorted(_added(grant, service, names), key=telling_first)
        if (answer := granted(grant.placed.document, grant.statement, (name,))) is not None
    ]
    answers.sort(key=lambda each: isinstance(each[1], Undecided))
    grant, answer = next(iter(answers), (first, None))
    action = answer.witness.request.action if isinstance(answer, Yes) else ""
    where = "and allowed where no Deny says otherwise" if verb == "granted" else f"on {resources_in_words(statement)}"
    message = f"{share.removesuffix(verb)}named {where}{together}, {action} among them"
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


def _whole(parts: Iterable[Grant]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The services of which statements name nearly all actions, some that write among them."""
    found: dict[str, dict[str, None]] = {}
    for pattern in readable(*(each.statement.actions for each in parts)):
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
