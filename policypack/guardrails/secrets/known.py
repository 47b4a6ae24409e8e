"""Every value that is known to be secret in a run, and where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ..model import STACK_TYPE, Keys, Resource, Secret, Stack, Value
from ..values import UNKNOWN
from .encodings import ENCODED_ANYWHERE, encodings
from .names import is_credential
from .properties import NOT_CREDENTIALS, UNMARKED_INPUTS, UNMARKED_OUTPUTS, select

_SHORTEST: Final = 8  # shorter texts are too common for an equal one to mean a leak
_LARGEST_EXACT: Final = 2**53  # a number on the wire is a double: larger integers are rounded
# What may well be marked and equal elsewhere without being a credential: regions, dates, identifiers.
_COMMON: Final = re.compile(
    r"[a-z]{2}(?:-[a-z]+)+-\d|\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?|arn:[\w-]*:[\w-]*:[\w-]*:\w*:.*|ocid1\..*"
)


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """`text` is the secret itself and never leaves this process; `place` says where it is marked."""

    text: str = field(repr=False)
    place: str


class KnownSecrets:
    """The secrets of a stack by value: everything that is marked in its resources, and secret configuration."""

    def __init__(self, stack: Stack, configuration: Iterable[str]) -> None:
        secrets: dict[str, KnownSecret] = {}

        def add(text: str, place: str) -> None:
            for one in (text, text.strip()):
                if len(one) >= _SHORTEST and not _COMMON.fullmatch(one):
                    secrets.setdefault(one, KnownSecret(one, place))

        for value in configuration:
            for text in configuration_credentials(value):
                add(text, "secret configuration")
        for resource in stack.resources:
            for path, text in _credentials(resource):
                add(text, f"{path} of {resource.type} {resource.name!r}")
        forms: dict[str, KnownSecret] = {}
        for secret in secrets.values():
            for form in encodings(secret.text):
                forms.setdefault(form, secret)
        # By what they begin with, the longest first: one look-up at each place of a text, however many secrets.
        self._by_head: dict[str, list[tuple[str, KnownSecret]]] = {}
        for form in sorted(forms, key=len, reverse=True):
            self._by_head.setdefault(form[:_SHORTEST], []).append((form, forms[form]))

    def source_of(self, text: str) -> KnownSecret | None:
        """The secret that `text` is or that stands in it, plain or in one of its `encodings`; None where none does.

        As a part, a form of fewer than 16 characters counts only where no word character touches it, and never if it is
        a plain word: `frontend` in `my-frontend-1` is a name.
        """
        for start in range(len(text) - _SHORTEST + 1):
            for form, secret in self._by_head.get(text[start : start + _SHORTEST], ()):
                if text.startswith(form, start) and (
                    len(form) == len(text)
                    or len(form) >= ENCODED_ANYWHERE
                    or (not _is_plain_word(form) and _stands_alone(text, start, start + len(form)))
                ):
                    return secret
        return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]))


def _is_plain_word(form: str) -> bool:
    """Whether a form is written as a word is: letters alone, in one case or with a capital."""
    return form.isalpha() and (form.islower() or form.isupper() or form.istitle())


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def text_of(value: Value) -> str | None:
    """The text of a value, and of an integer its digits; None for anything else."""
    raw = value.raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) < _LARGEST_EXACT and raw == int(raw):
        return str(int(raw))
    return value.text


def _credentials(resource: Resource) -> Iterator[tuple[str, str]]:
    """Path and text of every credential in one resource: what is marked, and what no SDK marks.

    Without what the SDK marks though it is none.
    """
    if resource.type == STACK_TYPE:
        return
    for path in (*UNMARKED_OUTPUTS.get(resource.type, ()), *UNMARKED_INPUTS.get(resource.type, ())):
        for value in select(resource, path):
            for leaf in value.leaves():
                names = _names(leaf.keys[len(value.keys) :])
                if (text := text_of(leaf)) is not None and (not names or is_credential(names, text)):
                    yield leaf.path, text
    ignored = NOT_CREDENTIALS.get(resource.type, frozenset())
    # The SDK marks the value of every parameter; only a SecureString is one that somebody meant to be secret.
    if resource.type == "aws:ssm/parameter:Parameter" and resource["type"].raw in ("String", "StringList"):
        return
    for value in resource.values():
        if value.path not in ignored:
            yield from _marked(value)


def _names(keys: Keys) -> tuple[str, ...]:
    return tuple(key for key in keys if isinstance(key, str))


def _marked(top: Value) -> Iterator[tuple[str, str]]:
    """Path and text of the credentials that are marked in a property, or stand in a map that is marked as a whole.

    Such a map may hold a host or a user name beside the password: of its members those count that are credentials by
    their names or by what they look like.
    """
    waiting: list[tuple[Value, tuple[str, ...]]] = [(top, ())]
    while waiting:
        value, names = waiting.pop()
        if isinstance(value.raw, dict):
            for name, inner in value.members():
                # A name counts from the mark inwards.
                waiting.append((inner, (*names, name) if value.secret and not _has_own_mark(value, name) else ()))
        elif isinstance(value.raw, list):
            waiting.extend((inner, names) for inner in value.elements())
        elif value.secret and value.raw is not UNKNOWN:
            text = text_of(value)
            if text is not None and (not names or is_credential(names, text)):
                yield value.path, text


def _has_own_mark(value: Value, name: str) -> bool:
    """Whether the member `name` of a map has a mark of its own."""
    return isinstance(value.raw, dict) and isinstance(value.raw.get(name), Secret)


def configuration_texts(value: str) -> list[str]:
    """The texts in a configuration value: itself, or the leaves of the object or list it is written as."""
    return [value] if (read := _read(value)) is None else [text for _, text in _leaves(read)]


def configuration_credentials(value: str) -> list[str]:
    """The credentials in a secret configuration value: itself, or those of the object or list it is written as."""
    if (read := _read(value)) is None:
        return [value]
    return [text for names, text in _leaves(read) if not names or is_credential(names, text)]


def _read(value: str) -> object:
    """The object or list that a configuration value is written as; None for any other text."""
    if not value.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _leaves(read: object) -> Iterator[tuple[tuple[str, ...], str]]:
    waiting: list[tuple[tuple[str, ...], object]] = [((), read)]
    while waiting:
        names, inner = waiting.pop()
        if isinstance(inner, str):
            yield names, inner
        elif isinstance(inner, int) and not isinstance(inner, bool):
            yield names, str(inner)
        elif isinstance(inner, dict):
            waiting.extend(((*names, name), value) for name, value in inner.items())
        elif isinstance(inner, list):
            waiting.extend((names, value) for value in inner)
