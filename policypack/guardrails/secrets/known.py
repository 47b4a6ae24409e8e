"""Every value that is known to be secret in a run, and where it came from.

Known are the values of secret configuration, everything that is marked in a resource, and the credentials that no SDK
marks. Of an object or a JSON text that is secret as a whole, its credentials count by themselves; of an address, its
password does.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..model import STACK_TYPE, Asset, Keys, Resource, Run, Secret, Stack, Value
from ..values import UNKNOWN, has_stand_in
from .json_text import members, whole_number
from .layers import layers, unescaped
from .looks import is_common, is_generated, is_identifier
from .names import finds, is_credential, is_named_credential, names_credential
from .properties import NOT_CREDENTIALS, UNMARKED_INPUTS, UNMARKED_OUTPUTS, is_plain_parameter, select
from .search import KnownSecret, KnownSecrets

_WHOLLY: Final = frozenset({"in base64", "in hexadecimal digits"})
_PASSWORDS: Final = (
    re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,40}://[^/\s:@]{0,256}:([^/\s@]+)@"),
    re.compile(r"(?i)(?:^|[;&?\s])(?:password|pwd|accountkey|sharedaccesskey|sig)=([^;&\s]+)"),
    re.compile(r"(?i)^(?:bearer|basic|token)\s+(\S{8,})$"),
    # What opens a pre-authenticated request of OCI; namespace, bucket and object stand behind it.
    re.compile(r"/p/([\w-]{16,256})/n/"),
)
# A line of a file of settings, of YAML, or of a start script.
_SETTING: Final = re.compile(
    r"""^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?["']?([\w.-]{2,64})["']?[ \t]*[=:][ \t]*"""
    r"""["']?([^\s"'#]{8,256})["']?[ \t]*$""",
    re.MULTILINE,
)


def of_run(run: Run) -> KnownSecrets:
    """The secrets of the configuration."""
    return run.remember("known secrets", lambda: KnownSecrets(_configured(run.secrets)))


def of_stack(stack: Stack, run: Run) -> KnownSecrets:
    """The secrets of the configuration and of all resources of a stack."""

    def found() -> Iterator[KnownSecret]:
        yield from _configured(run.secrets)
        parts: list[KnownSecret] = []
        for resource in sorted(stack.resources, key=lambda one: one.urn):
            owner = "of the stack" if resource.type == STACK_TYPE else f"of {resource.type} {resource.name!r}"
            for keys, text, marked in _credentials(resource):
                whole, *rest = _parts(text)
                yield KnownSecret(whole, owner, keys, marked=marked)
                parts += (KnownSecret(part, owner, keys, marked=marked) for part in rest)
        # What is a secret by itself is called by its own place, not by that of what holds it.
        yield from parts

    return stack.remember("known secrets", lambda: KnownSecrets(found()))


def _configured(secrets: Mapping[str, str]) -> Iterator[KnownSecret]:
    for key, value in sorted(secrets.items()):
        for text in configuration_credentials(value):
            for part in _parts(text):
                yield KnownSecret(part, f"the secret configuration {key}")


def _parts(text: str) -> Iterator[str]:
    """A secret, and what of it is secret by itself: a password in an address, a credential in a document or a file.

    A text that is encoded as a whole is one when it is decoded, too.
    """
    yield text
    if (stripped := text.strip()) != text:
        yield stripped
    if "\r\n" in text:
        yield text.replace("\r\n", "\n")
    yield from (layer.text for layer in layers(stripped) if layer.how in _WHOLLY and _is_all_of(layer.text, stripped))
    for pattern in _PASSWORDS:
        for match in pattern.finditer(text):
            yield match[1]
            yield unescaped(match[1])
    for names, inner in members(text):
        if names and _is_credential_beside(names, inner):
            yield from (inner, inner.strip())
    if "\n" in text:
        for match in _SETTING.finditer(text):
            if is_named_credential((match[1],), match[2]):
                yield match[2]


def _is_all_of(decoded: str, text: str) -> bool:
    """Whether a text is nothing but the base64 or the digits of `decoded`."""
    data = decoded.encode("utf-8", "surrogatepass")
    return text.rstrip("=") == base64.b64encode(data).decode().rstrip("=") or text.lower() == data.hex()


def _is_credential_beside(names: Sequence[str], text: str) -> bool:
    """Whether a member of what is secret as a whole is a credential, and not what stands beside one.

    What was invented looks generated whatever it stands for, and so does an identifier: there the name has to say it.
    An address counts by what it holds.
    """
    if has_stand_in(text):
        return names_credential(names[-1])
    if is_named_credential(names, text, in_configuration=True):
        return True
    if is_identifier(text):
        return False
    if finds(names[-1]):
        return "://" in text and not is_common(text) and is_generated(text)
    return is_credential(("",), text)


def _text_of(value: Value) -> str | None:
    """The text of a value or of an asset, and of a whole number its digits; None for anything else."""
    return value.raw.text if isinstance(value.raw, Asset) else whole_number(value.raw) or value.text


def _credentials(resource: Resource) -> Iterator[tuple[Keys, str, bool]]:
    """Keys and text of every credential in one resource, and whether it is marked: no SDK marks some.

    Without what the SDK marks though it is none. A provider may keep in clear what was given with a mark, so the inputs
    count beside the outputs.
    """
    for path in (*UNMARKED_OUTPUTS.get(resource.type, ()), *UNMARKED_INPUTS.get(resource.type, ())):
        for value in select(resource, path):
            for leaf in value.leaves():
                names = _names(leaf.keys[len(value.keys) :])
                if (text := _text_of(leaf)) is not None and (not names or _is_credential_beside(names, text)):
                    yield leaf.keys, text, leaf.secret
    ignored = NOT_CREDENTIALS.get(resource.type, frozenset())
    if is_plain_parameter(resource):
        return
    for properties in (resource.properties, resource.inputs or {}):
        for name, raw in properties.items():
            if name not in ignored and _holds_mark(raw):
                yield from ((keys, text, True) for keys, text in _marked(Value(raw, (name,))))


def _holds_mark(raw: object) -> bool:
    """Whether anything in a value is marked. Asked of all that a stack holds, so without `Value`s."""
    waiting = [raw]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, Secret):
            return True
        if isinstance(inner, dict):
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)
    return False


def _names(keys: Keys) -> tuple[str, ...]:
    return tuple(key for key in keys if isinstance(key, str))


def _marked(top: Value) -> Iterator[tuple[Keys, str]]:
    """Keys and text of the credentials that are marked in a property, or stand in a map that is marked as a whole.

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
            text = _text_of(value)
            # A host or a user name that is marked by itself became so by what it was computed beside.
            last = value.keys[-1]
            around = names or ((last,) if isinstance(last, str) and finds(last) else ())
            if text is not None and (not around or _is_credential_beside(around, text)):
                yield value.keys, text


def _has_own_mark(value: Value, name: str) -> bool:
    """Whether the member `name` of a map has a mark of its own."""
    return isinstance(value.raw, dict) and isinstance(value.raw.get(name), Secret)


def configuration_texts(value: str) -> list[str]:
    """The texts in a configuration value: itself, or the leaves of the object or list it is written as."""
    return [text for _, text in members(value)]


def configuration_credentials(value: str) -> list[str]:
    """The credentials in a secret configuration value: itself, or those of the object or list it is written as."""
    return [
        text
        for names, text in members(value)
        # Whoever stores an object as a secret has named its credentials; a marked document is made by the program.
        if not names or is_credential(names[-1:], text) or _is_credential_beside(names, text)
    ]
