"""A statement of an identity policy names actions or resources with a wildcard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ...aws import actions as table
from ...aws.breadth import expanded
from ...aws.document import readable
from ...findings import Concern, Finding, Level, Severity
from ...glob import has_wildcard
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import grants, unreadable

_QUESTION: Final = "this policy holds a wildcard"
_SEVERITIES: Final = {
    table.AccessLevel.WRITE: Severity.MEDIUM,
    table.AccessLevel.PERMISSIONS_MANAGEMENT: Severity.HIGH,
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        wild = [each for each in readable(grant.statement.actions) if has_wildcard(each)]
        names = [each for each in readable(grant.statement.resources) if has_wildcard(each)]
        if wild or names:
            level, added = _added(wild)
            parts = [f"{', '.join(wild)} adds {added}"] if wild else []
            parts += [f"{', '.join(names)} matches whatever is named so, now or later"] if names else []
            yield grant.violation("; ".join(parts), severity=_SEVERITIES.get(level, Severity.LOW) if level else None)


def _added(patterns: list[str]) -> tuple[table.AccessLevel | None, str]:
    """The most dangerous level that patterns bring in, and how many actions of each."""
    if any(has_wildcard(each.partition(":")[0]) for each in patterns):
        return table.DANGER[-1], "actions of every service that it matches"
    counted = Counter(each.level for each in {each.name: each for one in patterns for each in expanded(one)}.values())
    ordered = sorted(counted, key=table.DANGER.index, reverse=True)
    shown = ", ".join(f"{counted[level]} {level.value}" for level in ordered)
    return (ordered[0], f"{sum(counted.values())} actions ({shown})") if ordered else (None, "no listed action")


RULE = ResourceRule(
    id="wildcard-in-statement",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A statement holds a wildcard",
    why="A wildcard also grants what is added later, by AWS among the actions and by anybody among the resources.",
    fix="List the actions and the resources that are needed; keep a wildcard where a whole prefix belongs to the holder.",
    covers=("LP-04",),
    yields_to=above("wildcard-in-statement"),
    level=Level.DISABLED,
    types=IDENTITY_TYPES,
    check=check,
)
