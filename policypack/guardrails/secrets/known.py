"""Every value that is known to be secret in a run, and where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ..model import STACK_TYPE, Resource, Stack
from ..values import UNKNOWN
from .properties import NOT_CREDENTIALS, UNMARKED_INPUTS, UNMARKED_OUTPUTS, select

_SHORTEST: Final = 8  # shorter texts are too common for an equal one to mean a leak
_SHORTEST_PART: Final = 16
# What may well be marked and equal elsewhere without being a credential: regions, dates, identifiers.
_COMMON: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d|\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?|(?:arn:|ocid1\.).*")


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """`text` is the secret itself and never leaves this process; `place` says where it is marked."""

    text: str = field(repr=False)
    place: str


class KnownSecrets:
    """The secrets of a stack by value: everything that is marked in its resources, and secret configuration."""

    def __init__(self, stack: Stack, configuration: Iterable[str]) -> None:
        self._by_text: dict[str, KnownSecret] = {}
        for value in configuration:
            for text in configuration_texts(value):
                self._add(text, "secret configuration")
        for resource in stack.resources:
            for path, text in _credentials(resource):
                self._add(text, f"{path} of {resource.type} {resource.name!r}")
        self._long = [secret for secret in self._by_text.values() if len(secret.text) >= _SHORTEST_PART]

    def _add(self, text: str, place: str) -> None:
        if len(text) >= _SHORTEST and not _COMMON.fullmatch(text):
            self._by_text.setdefault(text, KnownSecret(text, place))

    def source_of(self, text: str) -> KnownSecret | None:
        """The secret that `text` is, or that stands in it with at least 16 characters; None where there is none."""
        exact = self._by_text.get(text)
        return exact or next((secret for secret in self._long if secret.text in text), None)


def _credentials(resource: Resource) -> Iterator[tuple[str, str]]:
    """Path and text of every credential in one resource: what is marked, and what no SDK marks.

    Without what the SDK marks though it is none.
    """
    if resource.type == STACK_TYPE:
        return
    for path in (*UNMARKED_OUTPUTS.get(resource.type, ()), *UNMARKED_INPUTS.get(resource.type, ())):
        for value in select(resource, path):
            if value.text is not None and not value.secret:
                yield value.path, value.text
    ignored = NOT_CREDENTIALS.get(resource.type, frozenset())
    # The SDK marks the value of every parameter; only a SecureString is one that somebody meant to be secret.
    if resource.type == "aws:ssm/parameter:Parameter" and resource["type"].raw in ("String", "StringList"):
        return
    for value in resource.values():
        if value.path in ignored:
            continue
        for leaf in value.leaves():
            if leaf.secret and leaf.raw is not UNKNOWN and leaf.text is not None:
                yield leaf.path, leaf.text


def configuration_texts(value: str) -> list[str]:
    """The texts in a configuration value: itself, or the leaves of the object or list it is written as."""
    if not value.startswith(("{", "[")):
        return [value]
    try:
        waiting: list[object] = [json.loads(value)]
    except (ValueError, RecursionError):
        return [value]
    texts = []
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, str):
            texts.append(inner)
        elif isinstance(inner, dict):
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)
    return texts
