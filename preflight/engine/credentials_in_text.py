"""Credentials in the text of a file: which, in which line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from policypack.guardrails.findings import Severity
from policypack.guardrails.messages import escape
from policypack.guardrails.secrets.formats import hide
from policypack.guardrails.secrets.held import Held, held
from policypack.guardrails.secrets.names import is_named_credential
from policypack.guardrails.secrets.search import KnownSecrets

_SETTINGS: Final = re.compile(r"\.env(?:\..+)?|.+\.env|\.?(?:npmrc|pypirc|netrc|pgpass)|credentials|.+\.properties")
_ASSIGNMENT: Final = re.compile(r"^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[=:][ \t]*(.*?)[ \t]*$", re.MULTILINE)
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


def told(name: str, text: str, known: KnownSecrets) -> list[Told]:
    """The credentials in the text of the file `name`, in the order of its lines.

    Each kind is told once a line, and what is several at once by its gravest name: first the `known` secrets.
    """
    found: dict[tuple[int | None, str], Told] = {}
    line, counted = 1, 0
    for hit in _apart([*_plain(text, known), *_settings(name, text)]):
        line += text.count("\n", counted, hit.start)
        counted = hit.start
        found.setdefault((line, hit.kind), Told(hit.kind, line, hit.severity))
    values: set[tuple[int | None, str]] = set()
    for (kind, how), (where, severity, is_value) in _encoded_by_line(text, known):
        # By its form it is the value of a known secret that is encoded there in the same way.
        if (where, kind) not in found and (is_value or (where, how) not in values):
            found[where, kind] = Told(f"{kind} {how}".rstrip(), where, severity)
            values |= {(where, how)} if is_value else set()
    return sorted(found.values(), key=lambda one: (one.line is None, one.line or 0))


def _plain(text: str, known: KnownSecrets) -> Iterator[_Hit]:
    for seen in known.sightings(text):
        start = text.find(seen.secret.text)
        if start >= 0:
            yield _Hit(seen.secret.place, start, start + len(seen.secret.text), Severity.HIGH)
    for one in held(text):
        if _counts(one) and one.start is not None and one.end is not None:
            yield _Hit(one.kind, one.start, one.end, _severity(one))


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


def _encoded(text: str, known: KnownSecrets) -> _Encoded:
    """What stands in a text in another form than its own, by kind and form; True for the value of a known secret."""
    found = {
        (seen.secret.place, seen.how): (Severity.HIGH, True)
        for seen in known.sightings(text)
        if seen.secret.text not in text
    }
    for one in held(text):
        if _counts(one) and one.start is None:
            found.setdefault((one.kind, one.how), (_severity(one), False))
    return found


def _encoded_by_line(
    text: str, known: KnownSecrets
) -> Iterator[tuple[tuple[str, str], tuple[int | None, Severity, bool]]]:
    """`_encoded`, each with the lines that show it alone, and None where none does."""
    whole = _encoded(text, known)
    located: set[tuple[str, str]] = set()
    for number, line in enumerate(text.split("\n") if whole else (), start=1):
        for key, (severity, is_value) in _encoded(line, known).items():
            if key in whole:
                located.add(key)
                yield key, (number, severity, is_value)
    yield from ((key, (None, *value)) for key, value in whole.items() if key not in located)


def _counts(one: Held) -> bool:
    return one.severity is not Severity.LOW


def _severity(one: Held) -> Severity:
    return min(one.severity, Severity.HIGH, key=lambda severity: severity.rank)
