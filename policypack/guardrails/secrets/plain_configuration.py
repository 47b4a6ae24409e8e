"""Where the configuration that stands in clear in a stack's file turns up in a credential.

A stack's file lies in the repository beside the program, so a credential that was read from it is known to everyone
who has the repository, whatever mark it carries from there on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..model import Resource, Run, Value
from ..values import has_stand_in
from .json_text import members
from .layers import layers
from .names import is_credential
from .properties import NOT_CREDENTIALS, credential_inputs, is_plain_parameter, select

_SHORTEST_WHOLE: Final = 4
_SHORTEST_PART: Final = 8  # shorter texts are too common for an equal part to mean anything
_LONGEST: Final = 65_536  # what is longer is a document
# Inputs that the SDKs mark together with the credential that they stand beside.
_PUBLIC: Final = frozenset(
    {"certificate", "certificateChain", "certificatePem", "clientId", "platformPrincipal", "secretId"}
)
# Documents and addresses are credentials by what stands in them only.
_BY_LOOK: Final = frozenset({"bootstrapScriptUrl", "content", "restoreFromObjectStore.uri", "source.sourceUrl"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of plain configuration: the full key it stands under, the names inside its value, and itself."""

    key: str
    names: tuple[str, ...]
    text: str = field(repr=False)

    @property
    def place(self) -> str:
        """The key, and the path inside its value where that is an object."""
        return ".".join((self.key, *self.names))

    @property
    def words(self) -> tuple[str, ...]:
        """All names that say what the text is."""
        return (self.key.partition(":")[2], *self.names)


def entries(run: Run) -> Sequence[Entry]:
    """The texts of plain configuration by key; of an object or a list its leaves. What was invented is none."""
    return run.remember(
        "plain configuration",
        lambda: [
            Entry(key, names, text)
            for key, value in sorted(run.plain.items())
            for names, text in members(value)
            if not has_stand_in(text)
        ],
    )


def credentials(resource: Resource) -> Iterator[tuple[Value, tuple[str, ...]]]:
    """The values that carry a credential among the inputs of a resource, marked or not.

    Each with the names inside the input that say what it is: a map or a document holds other things beside it.
    """
    if is_plain_parameter(resource):
        return
    for path in credential_inputs().get(resource.type, ()):
        if path in _PUBLIC:
            continue
        for value in select(resource, path):
            for leaf in value.leaves():
                inner = tuple(key for key in leaf.keys[len(value.keys) :] if isinstance(key, str))
                yield leaf, inner or _names(path)


def is_credential_at(type_: str, names: Sequence[str]) -> bool:
    """Whether the marked input of a resource that `names` lead to takes a credential, and not a setting beside one."""
    first, *inner = names
    if first in _PUBLIC or first in NOT_CREDENTIALS.get(type_, ()):
        return False
    around = inner or _names(first)
    return not around or is_credential(around, "")


def _names(path: str) -> tuple[str, ...]:
    """The names that must say that an input carries a credential; none where it always does."""
    return tuple(path.split(".")[-1:]) if path in _BY_LOOK else ()


def sources_of(credential: str, names: Sequence[str], known: Sequence[Entry]) -> Iterator[Entry]:
    """The entries, of those that are `known`, that a credential was made of.

    `names` lead to it inside its input. A whole credential, or one of the credentials in a JSON text, may equal any
    entry of four characters or more: a user name that is also the password is still in the file. A part counts from
    eight characters on and only if the entry is a credential itself, by its name or its look: prefixes, hosts and user
    names are parts of many. A text that is encoded, as the content of a vault's secret is, is decoded.
    """
    if not known or len(credential) > _LONGEST:
        return
    for layer in layers(credential):
        for inner, text in members(layer.text):
            around = (*names, *inner)
            if not around or is_credential(around, text):
                yield from (entry for entry in known if _is_whole(entry, text) or _is_part(entry, text))


def _is_whole(entry: Entry, text: str) -> bool:
    return entry.text == text and len(text) >= _SHORTEST_WHOLE


def _is_part(entry: Entry, text: str) -> bool:
    return len(entry.text) >= _SHORTEST_PART and entry.text in text and is_credential(entry.words, entry.text)
