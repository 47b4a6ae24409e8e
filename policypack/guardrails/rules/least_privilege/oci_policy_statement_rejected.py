"""A text is not a statement, or not a matching rule, of the OCI policy language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final, cast

from ...findings import Concern, Finding, Severity
from ...glob import compiled
from ...model import Context, Resource, Value
from ...oci.rejections.rejection import Rejected, Unreadable
from ...oci.rejections.unknown_words import unknown_words, unlisted_spellings
from ...oci.rejections.wrong_ocids import wrong_ocids
from ...rule import ResourceRule
from ..oci_groups import DYNAMIC_GROUPS, PROPERTY, rule_of
from ..oci_statements import STATEMENT_TYPES, shown, statements

_ALLOWED: Final = "resourceTypes"
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9*_-]*", re.IGNORECASE)
_MOST_STATEMENTS: Final = 500


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if resource.type in DYNAMIC_GROUPS:
        if not resource[PROPERTY].absent:
            yield from _judge(resource[PROPERTY], rule_of(resource))
        return
    patterns = [compiled(each, fold=True) for each in cast("list[str]", context.settings[_ALLOWED])]
    read = statements(resource)
    if len(read) > _MOST_STATEMENTS:
        yield Finding(
            path=resource["statements"].path,
            message=f"the policy has {len(read)} statements, and OCI takes {_MOST_STATEMENTS} on a path of compartments",
            fix="Grant families of resource types, or split the policy over compartments that are no parents of each other.",
        )
    for value, statement in read:
        yield from _judge(value, statement)
        if not isinstance(statement, Rejected | Unreadable) and value.text is not None:
            for word in unknown_words(statement, value.text, lambda name: any(each.matches(name) for each in patterns)):
                yield from _judge(value, word)
            for word in chain(unlisted_spellings(statement, value.text), wrong_ocids(statement, value.text)):
                yield from _judge(value, word, Severity.LOW)


def _judge(value: Value, read: object, severity: Severity | None = None) -> Iterator[Finding]:
    if isinstance(read, Rejected):
        message, fix = read.told()
        yield shown(value, Finding(path=value.path, message=message, fix=fix, severity=severity))


def check_settings(settings: Mapping[str, object]) -> Iterator[str]:
    for name in cast("list[str]", settings.get(_ALLOWED, [])):
        if not _TYPE.fullmatch(name):
            yield f"{_ALLOWED}: {name!r} is no resource type; they read like queues or, for several, queue-*"


RULE = ResourceRule(
    id="oci-policy-statement-rejected",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy statement or matching rule is not one that OCI takes",
    why=(
        "OCI refuses the whole policy in the middle of an update. So it does with a word it does not know, and with more "
        "than 500 statements a policy; beyond 50,000 characters or 40 levels of braces nothing is read. A type spelled as "
        "in examples only, or an OCID of the wrong kind, is of low severity."
    ),
    fix=(
        "Correct the statement at the column given: in `Allow group A to read bukets in tenancy` it is `buckets`. A "
        "resource type that OCI has and this rule does not know goes into the setting `resourceTypes`."
    ),
    settings={
        _ALLOWED: {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Resource types and families that OCI has and this rule does not know yet; queue-* stands for all that start so.",
        }
    },
    check_settings=check_settings,
    types=(*STATEMENT_TYPES, *DYNAMIC_GROUPS),
    check=check,
)
