"""Invented resources: what a statement must take in to be wide, for each form of ARN that an action works on.

Partition, region and account of an invented resource are what the pattern of the statement says; its name is one that
nobody gave to anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from . import actions as table
from .actions import Action
from .arns import format_of, pattern_of
from .dangers import ACCOUNT_WIDE
from .document import Statement

INVENTED: Final = "nobody-named-this"
ACCOUNT: Final = "555566667777"
ON_NOTHING: Final = "*"
_PLACE: Final = re.compile(r"\$\{[^}]+\}|\*")
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_OWN: Final = "of-the-holder"
_RESOURCE: Final = 5
_WORD: Final = re.compile(r"[^*?]+")
# EC2 asks for an action on several resources at once; elsewhere a type that is listed as required may be one of
# several, any of which will do.
_SEVERAL_AT_ONCE: Final = "ec2:"

# What most people mean by an action that works on resources of several types: the documents of Systems Manager say how
# a session or command runs, the instance says where.
MEANT_FIRST: Final = {"ssm:SendCommand": "instance", "ssm:StartSession": "instance"}

# One resource of each of these lists of formats is needed; any format of a list will do.
Needs: TypeAlias = tuple[tuple[str, ...], ...]


@lru_cache(maxsize=65_536)
def needs_of(action: Action) -> Needs:
    """The formats that an action needs resources of; none where nothing narrower than `*` can be asked for."""
    service = table.service(action.name.partition(":")[0])
    if not action.resources or service is None:
        return ((ON_NOTHING,),) if action.name in ACCOUNT_WIDE else ()
    types = [use.type for use in action.resources if use.required] or [use.type for use in action.resources]
    lists = [tuple(each for each in service.resource_types.get(type_, ()) if _may_be_named(each)) for type_ in types]
    first = frozenset(service.resource_types.get(MEANT_FIRST.get(action.name, ""), ()))
    lists = [each for each in lists if each]
    if action.name.startswith(_SEVERAL_AT_ONCE) and any(use.required for use in action.resources):
        return tuple(lists)
    return (
        (tuple(sorted(chain.from_iterable(lists), key=lambda each: (each not in first, len(each)))),) if lists else ()
    )


def _may_be_named(format_: str) -> bool:
    """Whether there can be several resources of a format in one account and region."""
    return _PLACE.search(_resource_part(format_)) is not None


def _resource_part(text: str) -> str:
    parts = text.split(":", _RESOURCE)
    return parts[_RESOURCE] if len(parts) > _RESOURCE else ""


@lru_cache(maxsize=16_384)
def _invented_format(format_: str) -> str:
    *head, last = format_.split(":", _RESOURCE)
    return ":".join((*head, _PLACE.sub(INVENTED, last)))


def invented(statement: Statement, formats: tuple[str, ...]) -> Iterator[str]:
    """Invented resources of some formats that the patterns of a statement take in."""
    for format_ in formats:
        if statement.resources is None:
            yield _example(format_)
            continue
        for text in statement.resources:
            if text is None:
                yield _example(format_)
            else:
                found = _taken_in(text, format_)
                if found is not None:
                    yield found


def _example(format_: str) -> str:
    return ON_NOTHING if format_ == ON_NOTHING else format_of(_invented_format(format_), ACCOUNT).example


def _names_one(pattern: str, format_: str) -> bool:
    """Whether a pattern has a text where the format has a name, so that it takes in no invented one; False may miss it.

    Most patterns do, and to see it takes no compiling.
    """
    head, _, name = pattern.partition(":")
    if head != "arn" or name.count(":") < _RESOURCE - 1:
        return False
    words = _WORD.findall(pattern.split(":", _RESOURCE)[-1])
    fixed = _fixed(format_)
    return any(not any(word in each for each in fixed) for word in words)


@lru_cache(maxsize=4096)
def _fixed(format_: str) -> tuple[str, ...]:
    """What stands between the parts of a format's resource that vary."""
    return tuple(_PLACE.split(format_.split(":", _RESOURCE)[-1]))


@lru_cache(maxsize=65_536)
def _taken_in(pattern: str, format_: str) -> str | None:
    """An invented resource of a format that a pattern takes in; its partition, region and account are the pattern's."""
    if "${" in pattern:
        # What a variable stands for in the name is the holder's own, such as its user name.
        *head, last = _VARIABLE.sub(_OWN, pattern).split(":", _RESOURCE)
        pattern = ":".join((*(each.replace(_OWN, "*") for each in head), last))
    if format_ != ON_NOTHING and _names_one(pattern, format_):
        return None
    plain = pattern_of(pattern)
    if format_ == ON_NOTHING:
        return ON_NOTHING if plain.everything else None
    return plain.common(format_of(_invented_format(format_), ACCOUNT))


def may_be_wide(statement: Statement) -> bool:
    """Whether any resource pattern leaves the end of the name open, or cannot be read."""
    # An ARN that ends before its name stands for all names.
    return statement.resources is None or any(
        text is None or "*" in text or "?" in text or text.count(":") < _RESOURCE for text in statement.resources
    )
