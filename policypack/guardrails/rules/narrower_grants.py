"""The narrower grant that a fix proposes in place of a wide one, with the document's own actions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..aws import actions as table
from ..aws.actions import Action, ResourceUse, Service
from ..aws.answers import Undecided, Yes
from ..aws.arns import format_of
from ..aws.breadth import expanded
from ..aws.document import Statement, readable
from ..aws.invented import ACCOUNT, MEANT_FIRST
from ..glob import has_wildcard
from .arn_forms import narrower
from .wording import as_written

# Formats that a fix shows; the others are variants of these.
_SHOWN: Final = 2
# Actions that a fix quotes.
_LISTED: Final = 3
# EC2 gives out the ids of what it makes, and takes tags into account wherever it says so.
_BY_TAG: Final = re.compile(r"arn:\$\{Partition\}:ec2:.*Id\}")
# Another way to what a bucket holds; most policies name the bucket.
_ACCESS_POINT: Final = ":accesspoint/"
_TAG_KEY: Final = "aws:ResourceTag/"
_TAGGED: Final = '"Condition": {"StringEquals": {"aws:ResourceTag/KEY": "VALUE"}}'


def naming(statement: Statement, answer: Yes | Undecided) -> str:
    """The fix that grants the witness's action on named resources, or on those with a tag where AWS names them.

    What else the statement grants stays as it is, unless it works on the same resources.
    """
    if isinstance(answer, Undecided):
        return ""
    name = answer.witness.request.action
    action, service = table.action(name), table.service(name.partition(":")[0])
    if action is None or service is None:
        return ""
    uses = _uses(action, service, answer.witness.request.resource)
    listed = [(each, use) for use in uses for each in service.resource_types.get(use.type, ())]
    formats = ([each for each in listed if _ACCESS_POINT not in each[0]] or listed)[:_SHOWN]
    if not formats:
        return f"Leave out {name}, or grant it to the one identity that runs the account's settings."
    by_tag = _by_tag(action, formats)
    element = _TAGGED if by_tag else _resource_element(narrower(each for each, _ in formats))
    written = as_written(statement, name)
    together = _together(statement, written, {use.type for _, use in formats})
    if not written:
        return f"List the actions under Action, {name} in a statement of its own with {element}."
    listing = f" List the actions in place of {written}." if has_wildcard(written) else ""
    if len(together) < len(readable(statement.actions)):
        own = "their own" if len(together) > 1 else "its own"
        return f"Give {_several(together)} a statement of {own} with {element}.{listing}"
    if by_tag:
        return f"AWS gives out the ids, so ask for a tag: {element}.{listing}"
    return f"Name what it is for: {element}.{listing}"


def _uses(action: Action, service: Service, resource: str) -> list[ResourceUse]:
    """The resources to name, what the witness is about and what most people mean first."""
    first = MEANT_FIRST.get(action.name)
    uses = [use for use in action.resources if use.required or use.type == first] or list(action.resources)
    what = type_of(action.name, resource)
    uses.sort(key=lambda use: (use.type != first, _in_words_of_type(use.type) != what))
    return [use for use in uses if service.resource_types.get(use.type)]


def _by_tag(action: Action, formats: Iterable[tuple[str, ResourceUse]]) -> bool:
    return action.name.startswith("ec2:") and all(
        _BY_TAG.fullmatch(each) and any(key.startswith(_TAG_KEY) for key in (*use.keys, *action.keys))
        for each, use in formats
    )


def _together(statement: Statement, written: str, types: set[str]) -> list[str]:
    """The patterns of the statement that keep their sense on resources of some types, the given one first."""

    def fits(pattern: str) -> bool:
        found = expanded(pattern)
        return bool(found) and all(any(use.type in types for use in each.resources) for each in found)

    others = [each for each in readable(statement.actions) if each != written]
    return [written, *(each for each in others if fits(each))]


def _several(patterns: list[str]) -> str:
    shown, more = patterns[:_LISTED], len(patterns) - _LISTED
    last = f"{more} more" if more > 0 else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


def type_of(name: str, resource: str) -> str:
    """The type of a resource that an action works on, in words; empty where the action works on none."""
    action, service = table.action(name), table.service(name.partition(":")[0])
    if action is None or service is None:
        return ""
    for use in action.resources:
        formats = service.resource_types.get(use.type, ())
        if any(format_of(each, ACCOUNT).pattern.segmented.matches(resource) for each in formats):
            return _in_words_of_type(use.type)
    return ""


def _in_words_of_type(type_: str) -> str:
    """A resource type of the action table as a message says it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|-|_", " ", type_).lower()


def _resource_element(formats: Iterable[str]) -> str:
    """The Resource element that holds some ARNs."""
    listed = [f'"{each}"' for each in formats]
    return f'"Resource": {listed[0]}' if len(listed) == 1 else f'"Resource": [{", ".join(listed)}]'
