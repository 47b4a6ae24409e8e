"""Credentials in text, told by the forms that their issuers give them. Private keys are for `detectors`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from ..findings import Severity
from ..values import has_stand_in
from .format_checks import is_aws_secret_key
from .format_table import ACCESS_KEY_ID, FORMATS, SECRET_KEY, Format
from .looks import is_example

HIDDEN: Final = "[secret]"
_NEARBY: Final = 200  # characters between an AWS access key id and its secret in one text

# Whatever parts words from each other made a blank; what is not ASCII stays.
_PARTED: Final = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_-")}
_LEAD: Final = 4  # characters of a word by which it is looked up
_LONG: Final = 12  # a keyword with a shorter lead begins a word of at least so many
_ESCAPE: Final = re.compile(r"\\[nrt]")


class _Index(NamedTuple):
    """Places in the table by the first letters of a word, by those of a long word, and by what stands inside one."""

    full: dict[str, list[int]]
    three: dict[str, list[int]]
    two: dict[str, list[int]]
    inside: list[tuple[str, int]]


def _index() -> _Index:
    index = _Index({}, {}, {}, [])
    for place, form in enumerate(FORMATS):
        for keyword in form.keywords:
            if form.inside:
                index.inside.append((keyword, place))
                continue
            word = keyword.translate(_PARTED).split()[0]
            whole = len(word) >= _LEAD or len(word) < len(keyword.lstrip(":.;&?"))
            table = index.full if whole else index.three if len(word) > 2 else index.two
            table.setdefault(word[:_LEAD], []).append(place)
    return index


_INDEX: Final = _index()
_FORTY: Final = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")


@dataclass(frozen=True, slots=True)
class Found:
    """A credential at `text[start:end]`. `kind` is what to call it, such as `a GitHub token`."""

    kind: str
    start: int
    end: int
    severity: Severity


def find(text: str) -> Iterator[Found]:
    """The credentials in `text`, in their order and without overlap.

    Takes time linear in the length of `text`. Examples from documentation, placeholders, and what was invented for a
    value that nobody gave are none. An AWS access key id is LOW: it gives nothing without its secret.
    """
    # The letter of an escape belongs to no word.
    if "\\" in text:
        text = _ESCAPE.sub("  ", text)
    places = _candidates(text)
    if not places:
        return iter(())
    found = [(one, place) for place in places for one in _of_format(FORMATS[place], text)]
    ids = [one for one, _ in found if one.kind == ACCESS_KEY_ID]
    found += [(one, 0) for one in _beside(ids, text)]
    return _merged(sorted(found, key=lambda pair: (pair[0].start, -pair[0].end)))


def hide(text: str) -> str:
    """`text` with `[secret]` in place of each credential that `find` finds in it."""
    while found := list(find(text)):
        parts: list[str] = []
        end = 0
        for one in found:
            parts += (text[end : one.start], HIDDEN)
            end = one.end
        text = "".join(parts) + text[end:]
    return text


def _candidates(text: str) -> list[int]:
    """The places of the forms that `text` may hold, told by how its words begin: two microseconds for a short one."""
    places = [place for keyword, place in _INDEX.inside if keyword in text]
    words = set(text.translate(_PARTED).split())
    for lead in _INDEX.full.keys() & {word[:_LEAD] for word in words}:
        places += _INDEX.full[lead]
    long = [word for word in words if len(word) >= _LONG]
    for lead in _INDEX.three.keys() & {word[:3] for word in long}:
        places += _INDEX.three[lead]
    for lead in _INDEX.two.keys() & {word[:2] for word in long}:
        places += _INDEX.two[lead]
    return sorted(set(places))


def _of_format(form: Format, text: str) -> Iterator[Found]:
    match = form.pattern.match
    for keyword in form.keywords:
        at = text.find(keyword)
        while at >= 0:
            start = at - form.width
            after = at + len(keyword)
            if start >= 0 and (form.anywhere or _begins(text, start)) and (matched := match(text, start)):
                group = "secret" if "secret" in form.pattern.groupindex else 0
                secret = matched[group]
                after = matched.end()
                if form.check(secret) and not (is_example(secret) or has_stand_in(matched[0])):
                    yield Found(form.kind, *matched.span(group), form.severity)
            at = text.find(keyword, after)


def _begins(text: str, start: int) -> bool:
    """Whether a word may begin at `start`."""
    before = text[start - 1 : start]
    return not before or not (before.isalnum() or before in "_-")


def _beside(ids: Iterable[Found], text: str) -> Iterator[Found]:
    """Secret access keys near the ids of access keys."""
    done = 0
    for one in ids:
        begin = max(done, one.start - _NEARBY)
        for matched in _FORTY.finditer(text, begin, one.end + _NEARBY):
            if is_aws_secret_key(matched[0]) and not (is_example(matched[0]) or has_stand_in(matched[0])):
                yield Found(SECRET_KEY, *matched.span(), Severity.HIGH)
        done = one.end


def _merged(found: Iterable[tuple[Found, int]]) -> Iterator[Found]:
    """What overlaps made one, called by the form that stands first in the table."""
    last: Found | None = None
    rank = 0
    for one, place in found:
        if last is not None and one.start < last.end:
            kind = one.kind if place < rank else last.kind
            severity = max(one.severity, last.severity, key=lambda severity: severity.rank)
            last, rank = Found(kind, last.start, max(one.end, last.end), severity), min(place, rank)
            continue
        if last is not None:
            yield last
        last, rank = one, place
    if last is not None:
        yield last
