"""What a text holds that lets somebody in, told by its form: in clear and encoded, for all who look at texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ..findings import Severity
from .detectors import holds_private_key
from .encoded import decoded
from .formats import find
from .search import KnownSecret, KnownSecrets

PRIVATE_KEY: Final = "a private key"
_MARK: Final = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]{0,60}PRIVATE KEY")


@dataclass(frozen=True, slots=True)
class Held:
    """A credential. `kind` is what to call it, such as `a GitHub token`; `how` says how it is written, empty for plain.

    It stands at `start` to `end` of the text; both are None where it is encoded, and for a key without its first line.
    `text` is the credential itself, of a private key all that it stands in: never to be printed.
    """

    kind: str
    start: int | None
    end: int | None
    how: str
    severity: Severity
    text: str = field(repr=False)


def held(text: str) -> Iterator[Held]:
    """The credentials in a text: a private key, and what issuers give, each in clear or in one of the text's `layers`.

    Those in clear come first, and what stands in clear is not given once more as decoded. Takes some microseconds for a
    short text that holds nothing. For values of programs: documentation's examples and placeholders are none.
    """
    if holds_private_key(text):
        mark = _MARK.search(text)
        start, end = mark.span() if mark else (None, None)
        yield Held(PRIVATE_KEY, start, end, "", Severity.HIGH, text)
    else:
        for layer in decoded(text):
            if holds_private_key(layer.text):
                yield Held(PRIVATE_KEY, None, None, layer.how, Severity.HIGH, layer.text)
                break
    yield from issued(text)


def issued(text: str) -> Iterator[Held]:
    """`held` without private keys."""
    known: set[str] = set()
    for found in find(text):
        credential = text[found.start : found.end]
        known.add(credential)
        yield Held(found.kind, found.start, found.end, "", found.severity, credential)
    yield from encoded(text, known)


def encoded(text: str, known: set[str] | None = None) -> Iterator[Held]:
    """`issued`, of what is encoded alone and not among the `known`."""
    seen = known or set()
    for layer in decoded(text):
        for found in find(layer.text):
            credential = layer.text[found.start : found.end]
            if credential not in seen:
                seen.add(credential)
                yield Held(found.kind, None, None, layer.how, found.severity, credential)


def showing(*secrets: str) -> Callable[[str], bool]:
    """Whether a name must not be printed: it holds a credential, or shows one of `secrets` in whatever form."""
    known = KnownSecrets(KnownSecret(secret, "") for secret in secrets)

    def shows(name: str) -> bool:
        return bool(known.sightings(name)) or next(held(name), None) is not None

    return shows
