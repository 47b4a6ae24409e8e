"""Every value that is known to be secret in a run, and where it came from.

Known are the values of secret configuration, everything that is marked in a resource, and the credentials that no SDK
marks. Of an object or a JSON text that is secret as a whole, its credentials count by themselves; of an address, its
password does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..model import STACK_TYPE, Keys, Resource, Run, Secret, Stack, Value
from ..values import UNKNOWN, has_stand_in
from .json_text import members, whole_number
from .layers import unescaped
from .names import is_credential
from .properties import NOT_CREDENTIALS, UNMARKED_INPUTS, UNMARKED_OUTPUTS, select
from .search import KnownSecret, KnownSecrets

_PASSWORDS: Final = (
    re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s:@]*:([^/\s@]+)@"),
    re.compile(r"(?i)(?:^|[;&?\s])(?:password|pwd|accountkey|sharedaccesskey|sig)=([^;&\s]+)"),
)
# What finds something, at the end of the name under which a value is marked by itself.
_FINDS: Final = re.compile(
    r"(?:^|[_a-z])(?:user|username|login|email|host|hostname|port|endpoint|domain|region|zone|database|engine|bucket"
    r"|account)$",
    re.IGNORECASE,
)


def of_run(run: Run) -> KnownSecrets:
    """The secrets of the configuration."""
    return run.remember("known secrets", lambda: KnownSecrets(_configured(run.secrets)))


def of_stack(stack: Stack, run: Run) -> KnownSecrets:
    """The secrets of the configuration and of all resources of a stack."""

    def found() -> Iterator[KnownSecret]:
        yield from _configured(run.secrets)
        for resource in sorted(stack.resources, key=lambda one: one.urn):
            for path, text in _credentials(resource):
                for part in _parts(text):
                    yield KnownSecret(part, f"{path} of {resource.type} {resource.name!r}")

    return stack.remember("known secrets", lambda: KnownSecrets(found()))


def _configured(secrets: Mapping[str, str]) -> Iterator[KnownSecret]:
    for key, value in sorted(secrets.items()):
        for text in configuration_credentials(value):
            for part in _parts(text):
                yield KnownSecret(part, f"the secret configuration {key}")


def _parts(text: str) -> Iterator[str]:
    """A secret, and what of it is secret by itself: a password in an address, a credential in a JSON text."""
    yield text
    if (stripped := text.strip()) != text:
        yield stripped
    for pattern in _PASSWORDS:
        for match in pattern.finditer(text):
            yield match[1]
            yield unescaped(match[1])
    for names, inner in members(text):
        # What was invented looks generated, whatever it stands for.
        if names and is_credential(names, "" if has_stand_in(inner) else inner):
            yield from (inner, inner.strip())


def text_of(value: Value) -> str | None:
    """The text of a value, and of an integer its digits; None for anything else."""
    return whole_number(value.raw) or value.text


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
            if text is not None and (is_credential(names, text) if names else not _only_finds(value.keys, text)):
                yield value.path, text


def _only_finds(keys: Keys, text: str) -> bool:
    """Whether a value that is marked by itself, a host or a user name, became so by what it was computed beside."""
    name = keys[-1]
    return isinstance(name, str) and _FINDS.search(name) is not None and not is_credential((name,), text)


def _has_own_mark(value: Value, name: str) -> bool:
    """Whether the member `name` of a map has a mark of its own."""
    return isinstance(value.raw, dict) and isinstance(value.raw.get(name), Secret)


def configuration_texts(value: str) -> list[str]:
    """The texts in a configuration value: itself, or the leaves of the object or list it is written as."""
    return [text for _, text in members(value)]


def configuration_credentials(value: str) -> list[str]:
    """The credentials in a secret configuration value: itself, or those of the object or list it is written as."""
    return [text for names, text in members(value) if not names or is_credential(names, text)]
