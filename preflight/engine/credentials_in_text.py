"""Credentials in the text of a file: which, in which line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from policypack.guardrails.findings import Severity
from policypack.guardrails.messages import escape
from policypack.guardrails.secrets.detectors import holds_private_key
from policypack.guardrails.secrets.encoded import decoded
from policypack.guardrails.secrets.formats import find, hide
from policypack.guardrails.secrets.held import PRIVATE_KEY
from policypack.guardrails.secrets.names import is_named_credential
from policypack.guardrails.secrets.search import KnownSecrets, Sighting

_SETTINGS: Final = re.compile(r"\.env(?:\..+)?|.+\.env|\.?(?:npmrc|pypirc|netrc|pgpass)|credentials|.+\.properties")
_ASSIGNMENT: Final = re.compile(r"^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[=:][ \t]*(.*?)[ \t]*$", re.MULTILINE)
_KEY_LINE: Final = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]{0,60}PRIVATE KEY")
_LENGTH: Final = 16_384  # characters that are searched at once
_AROUND: Final = 256
# A line of a text that is wrapped, or the first or last line of a key.
_BLOCK: Final = re.compile(r"^[ \t]*[A-Za-z0-9+/_-]{16,}={0,2}[ \t\r]*$|PRIVATE KEY-----", re.MULTILINE)
_EXAMPLE: Final = re.compile(r"example|sample|template|\.dist$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What to call a credential, and the line that it stands in; None where it is encoded over several lines."""

    kind: str
    line: int | None
    severity: Severity


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: str
    start: int
    end: int
    severity: Severity


@dataclass(frozen=True, slots=True)
class _Part:
    """Some lines of a text, the `first` of them by its number, with what stands just `before` and `after` them."""

    text: str
    first: int
    before: str
    after: str


def told(name: str, text: str, known: KnownSecrets) -> Iterator[Told]:
    """The credentials in the text of the file `name`, in the order of its lines.

    Each kind is told once a line, and what is several at once by its gravest name: first the `known` secrets. Takes one
    part of the text after the other, so whoever has enough may stop.
    """
    for part in _parts(text):
        yield from sorted(_told(name, part, known), key=lambda one: (one.line is None, one.line or 0))


def _parts(text: str) -> Iterator[_Part]:
    """Parts of some length. None ends amid a text that is wrapped, as a key is."""
    start, line = 0, 1
    while start < len(text):
        end = text.find("\n", start + _LENGTH) + 1 or len(text)
        while end < len(text) and _BLOCK.search(text, max(start, end - _AROUND), end + _AROUND):
            end = text.find("\n", end + _AROUND) + 1 or len(text)
        yield _Part(text[start:end], line, text[max(0, start - _AROUND) : start], text[end : end + _AROUND])
        line += text.count("\n", start, end)
        start = end


def _told(name: str, part: _Part, known: KnownSecrets) -> Iterable[Told]:
    text = part.text
    sightings = known.sightings(text)
    found: dict[tuple[int | None, str], Told] = {}
    line, counted = part.first, 0
    for hit in _apart([*_plain(part, sightings), *_settings(name, text)]):
        line += text.count("\n", counted, hit.start)
        counted = hit.start
        found.setdefault((line, hit.kind), Told(hit.kind, line, hit.severity))
    values: set[tuple[int | None, str]] = set()
    for (kind, how), (where, severity, is_value) in _by_line(_encoded(text, sightings), part, known):
        # By its form it is the value of a known secret that is encoded there in the same way.
        if (where, kind) not in found and (is_value or (where, how) not in values):
            found[where, kind] = Told(f"{kind} {how}".rstrip(), where, severity)
            values |= {(where, how)} if is_value else set()
    return found.values()


def _plain(part: _Part, sightings: Iterable[Sighting]) -> Iterator[_Hit]:
    """What stands in clear in a part of a text."""
    text = part.text
    for seen in sightings:
        at = text.find(seen.secret.text)
        if at >= 0:
            yield _Hit(seen.secret.place, at, at + len(seen.secret.text), Severity.HIGH)
    if holds_private_key(text) and (mark := _KEY_LINE.search(text)):
        yield _Hit(PRIVATE_KEY, *mark.span(), Severity.HIGH)
    # Of a key and its id one may stand in this part and one in the next.
    for one in find(f"{part.before}{text}{part.after}"):
        at = one.start - len(part.before)
        if 0 <= at < len(text) and one.severity is not Severity.LOW:
            yield _Hit(one.kind, at, at + one.end - one.start, _severity(one.severity))


def _settings(name: str, text: str) -> Iterator[_Hit]:
    """What a file of settings assigns to names of credentials."""
    name = PurePosixPath(name).name.lower()
    if _SETTINGS.fullmatch(name) and not _EXAMPLE.search(name):
        for match in _ASSIGNMENT.finditer(text):
            if is_named_credential((match[1],), match[2].strip("'\"")):
                yield _Hit(f"the value of {escape(hide(match[1]))}", *match.span(2), Severity.MEDIUM)


def _apart(hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """In the order of the text, of those that overlap the gravest; of equally grave ones the first that was found."""
    best: _Hit | None = None
    end = 0
    for hit in sorted(hits, key=lambda one: one.start):
        if best is not None and hit.start < end:
            best = max(best, hit, key=lambda one: one.severity.rank)
        else:
            if best is not None:
                yield best
            best = hit
        end = max(end, hit.end)
    if best is not None:
        yield best


_Encoded: TypeAlias = Mapping[tuple[str, str], tuple[Severity, bool]]


def _encoded(text: str, sightings: Iterable[Sighting]) -> _Encoded:
    """What stands in a text in another form than its own, by kind and form; True for the value of a known secret."""
    found = {(seen.secret.place, seen.how): (Severity.HIGH, True) for seen in sightings if seen.secret.text not in text}
    has_key = holds_private_key(text)
    if has_key and not _KEY_LINE.search(text):
        found.setdefault((PRIVATE_KEY, ""), (Severity.HIGH, False))
    for layer in decoded(text):
        if not has_key and holds_private_key(layer.text):
            has_key = True
            found.setdefault((PRIVATE_KEY, layer.how), (Severity.HIGH, False))
        for one in find(layer.text):
            # What stands in clear as well is told as that.
            if one.severity is not Severity.LOW and layer.text[one.start : one.end] not in text:
                found.setdefault((one.kind, layer.how), (_severity(one.severity), False))
    return found


def _by_line(
    whole: _Encoded, part: _Part, known: KnownSecrets
) -> Iterator[tuple[tuple[str, str], tuple[int | None, Severity, bool]]]:
    """What is encoded in a part of a text, each with the lines that show it alone, and None where none does."""
    located: set[tuple[str, str]] = set()
    for number, line in enumerate(part.text.split("\n") if whole else (), start=part.first):
        for key, (severity, is_value) in _encoded(line, known.sightings(line)).items():
            if key in whole:
                located.add(key)
                yield key, (number, severity, is_value)
    yield from ((key, (None, *value)) for key, value in whole.items() if key not in located)


def _severity(severity: Severity) -> Severity:
    return min(severity, Severity.HIGH, key=lambda one: one.rank)
