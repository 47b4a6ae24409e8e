"""Find the OCI statements, and matching rules of dynamic groups, in a file.

Text with one statement after the other, each on a line or on several, or with one matching rule; or JSON: a list of
statements, a policy, a dynamic group, or what `oci iam policy get`, `oci iam dynamic-group list` and their like print.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NoReturn

from ..errors import CheckError
from .state_file import name

# A line of a text starts a statement with one of its words, or with any other word, which may be a misspelt one, before
# the kind of a subject.
_MISSPELT: Final = r"[a-z]+\s+(?:dynamic-group|group|any-user|any-group|service|user)\s"
_START: Final = re.compile(
    rf"\s*(?:(?:allow|deny|define|endorse|admit)(?![\w.@+-])|{_MISSPELT})",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(rf"\s*(?:(?:allow|deny|define|endorse|admit)\s+\S|{_MISSPELT})", re.IGNORECASE)
_DENY: Final = re.compile(r"\s*deny\s*", re.IGNORECASE)
_SECOND: Final = re.compile(r"\s*(?:endorse|admit)(?![\w.@+-])", re.IGNORECASE)
# A statement behind something else, which no value in quotes is.
_BEHIND: Final = re.compile(
    r"[^']*(?<![\w.@+-])(?:allow|deny|endorse|admit)\s+(?:dynamic-group|group|any-user|any-group|service)\s",
    re.IGNORECASE,
)
# What a wiki, HCL or JSON puts before a statement, and on lines of its own around several.
_MARK: Final = re.compile(r"\s*(?:(?:[-*+•·–—]|\d{1,3}[.)])\s+)?([\"'`“‘]?)\s*")  # noqa: RUF001
_CLOSING: Final = {"“": "”", "‘": "’"}  # noqa: RUF001
_OPENED: Final = re.compile(r"""\s*(?:"?statements"?\s*[=:]\s*\[|```\w*)\s*""")
_CLOSED: Final = re.compile(r"\s*[\])}]+[,;]?\s*")
_MATCHING_RULE: Final = re.compile(
    r"\s*(?:(?:all|any)\s*\{|(?:resource|instance|tag)(?:\.[\w-]+)+\s*(?:!?=|$))", re.IGNORECASE
)
_COMMENT: Final = ("#", "//")
_YAML: Final = re.compile(r"---\s*$|[\w-]+:(\s|$)|- ")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_LIST: Final = "statements"
_RULE: Final = "matchingRule"
_RULES: Final = (_RULE, "matching-rule", "matching_rule")
_COMPARTMENTS: Final = ("compartmentId", "compartment-id", "compartment_id")


@dataclass(frozen=True, slots=True)
class Written:
    """A statement or matching rule as written. `path` is its place in the JSON, in a list or a text that of a policy's
    `statements`. `lines` are the numbers of the lines of the file that the lines of `text` are; in JSON, where it
    starts."""

    text: str
    path: str
    lines: tuple[int, ...]

    @property
    def line(self) -> int:
        """The line it starts on."""
        return self.lines[0]

    def position(self, column: int) -> tuple[int, str, int]:
        """The line of the file that a column of `text` is on, the text of that line, and the column there."""
        before = self.text[: column - 1]
        index = before.count("\n")
        # The lines of a text in JSON are on one line of the file.
        line = self.lines[min(index, len(self.lines) - 1)]
        return line, self.text.split("\n")[index], len(before) - (before.rfind("\n") + 1) + 1


@dataclass(frozen=True, slots=True)
class Part:
    """A policy, or where `rule` is set a dynamic group, whose matching rule is the one member of `written`.

    `name` and `compartment` are empty where the file does not say.
    """

    path: str
    name: str
    compartment: str
    rule: bool
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class OciPolicyFile:
    """What a file holds. `unwrapped` names what it was taken out of, empty where there is nothing to say; `marked` says
    that bullets or quotes stand around its statements, in whose place `text` has blanks."""

    path: Path
    parts: tuple[Part, ...]
    unwrapped: str = ""
    marked: bool = False


def holds_statements(text: str) -> bool:
    """Whether the content of a file plainly is OCI's: it starts with a statement or a matching rule, or is JSON that
    holds one."""
    if text.lstrip()[:1] not in ("{", "["):
        first = next((line for _, line in _lines(text)), "")
        return any(form.match(_bare(first)[0]) for form in (_FIRST, _MATCHING_RULE))
    try:
        parts = list(_parts(Path(), _decoded(Path(), text)))
    except CheckError:
        return False
    return any(part.rule or any(_FIRST.match(each.text) for each in part.written) for part in parts)


def parse(path: Path, text: str) -> OciPolicyFile:
    """The statements and rules in the content of the file at `path`.

    Raises CheckError where there are none. Nothing that the file holds is quoted.
    """
    if _CONTROL.search(text):
        raise CheckError(f"{name(path)} is no text, so it holds no OCI statements.")
    if text.lstrip()[:1] not in ("{", "["):
        return _from_text(path, text)
    content = _decoded(path, text)
    parts = tuple(_numbered(text, _parts(path, content)))
    if content in ([], {"data": []}):
        raise CheckError(f"{name(path)} is an empty listing: no policy, statement or dynamic group is in it.")
    if not any(part.written for part in parts):
        _nothing(path)
    wrapped = isinstance(content, dict) and "data" in content
    return OciPolicyFile(path, parts, "the output of the `oci` command" if wrapped else "")


def _decoded(path: Path, text: str) -> object:
    try:
        # Numbers mean nothing here, and the language refuses to read those of thousands of digits.
        return json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise CheckError(
            f"{name(path)} holds no OCI statements: it starts like JSON, which breaks at {place}."
        ) from error
    except RecursionError as error:
        raise CheckError(f"{name(path)} is nested too deeply to hold OCI statements.") from error


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text that hold something, by their number."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line.strip() and not line.lstrip().startswith(_COMMENT) and not _OPENED.fullmatch(line):
            yield number, line.rstrip()


def _bare(line: str) -> tuple[str, str]:
    """A line with blanks for what is put before a statement, and the quote that closes it, empty where none opens."""
    mark = _MARK.match(line)
    if mark is None or not mark[0].strip() or not _START.match(line[mark.end() :]):
        return line, ""
    return f"{' ' * mark.end()}{line[mark.end() :]}", _CLOSING.get(mark[1], mark[1])


@dataclass(slots=True)
class _Statement:
    """The lines of a statement in a text, by their number; `quote` is to stand at its end, where one opens it."""

    quote: str
    lines: list[tuple[int, str]] = field(default_factory=list)
    closed: bool = False
    _quotes: int = 0

    def add(self, number: int, line: str) -> None:
        """Add a line, without the quote that closes the statement. The quotes of values come in pairs."""
        if self.quote:
            self._quotes += line.count(self.quote)
            bare = line.rstrip(",; \t")
            if self._quotes % 2 and bare.endswith(self.quote):
                line, self.closed = bare.removesuffix(self.quote), True
        self.lines.append((number, line))


def _from_text(path: Path, text: str) -> OciPolicyFile:
    lines = list(_lines(text))
    if not lines:
        _nothing(path)
    first = _bare(lines[0][1])[0]
    if _MATCHING_RULE.match(first):
        return OciPolicyFile(path, (Part(_RULE, "", "", rule=True, written=(_written(lines, _RULE),)),))
    if not _START.match(first) and (path.suffix.lower() in (".yaml", ".yml") or _YAML.match(first)):
        raise CheckError(f"{name(path)} looks like YAML; give OCI statements as text, one after the other, or as JSON.")
    statements, marked = _statements(lines)
    if not any(_START.match(each.lines[0][1]) for each in statements):
        _nothing(path)
    written = tuple(_written(each.lines, f"{_LIST}[{index}]") for index, each in enumerate(statements))
    return OciPolicyFile(path, (Part(_LIST, "", "", rule=False, written=written),), marked=marked)


def _written(lines: Sequence[tuple[int, str]], path: str) -> Written:
    return Written("\n".join(line for _, line in lines), path, tuple(number for number, _ in lines))


def _statements(lines: Sequence[tuple[int, str]]) -> tuple[list[_Statement], bool]:
    """The statements in the lines of a text, and whether something was put around one."""
    found: list[_Statement] = []
    marked = False
    for number, line in lines:
        bare, quote = _bare(line)
        marked |= bare != line
        last = found[-1] if found else None
        if last is not None and last.closed and _CLOSED.fullmatch(line):
            continue
        starts = last is None or last.closed or _START.match(bare) or _BEHIND.match(bare)
        # The two words of `deny endorse` may stand on two lines.
        if last is None or (starts and not (_DENY.fullmatch(last.lines[-1][1]) and _SECOND.match(bare))):
            last = _Statement(quote)
            found.append(last)
        last.add(number, bare)
    return found, marked


def _parts(path: Path, content: object) -> Iterator[Part]:
    """The policies and dynamic groups in decoded JSON."""
    place = ""
    if isinstance(content, dict) and "data" in content:
        place, content = "data", content["data"]
    if isinstance(content, list) and not any(isinstance(one, dict) for one in content):
        yield Part(place or _LIST, "", "", rule=False, written=_texts(path, place or _LIST, content))
    elif isinstance(content, list):
        for index, each in enumerate(content):
            yield from _of_object(path, f"{place}[{index}].", each)
    else:
        yield from _of_object(path, f"{place}." if place else "", content)


def _of_object(path: Path, inside: str, content: object) -> Iterator[Part]:
    """The policy, the dynamic group or both that a JSON object is."""
    if not isinstance(content, dict):
        _nothing(path)
    _of_another_kind(path, content)
    title, compartment = _text(content, ("name",)), _text(content, _COMPARTMENTS)
    rule = next((key for key in _RULES if key in content), None)
    if rule is not None:
        place, text = f"{inside}{rule}", content[rule]
        if not isinstance(text, str):
            raise CheckError(f"{place} in {name(path)} is no text, which a matching rule is.")
        yield Part(place, title, compartment, rule=True, written=_texts(path, place, text))
    if "statements" in content:
        place = f"{inside}statements"
        yield Part(place, title, compartment, rule=False, written=_texts(path, place, content["statements"]))
    elif rule is None:
        _nothing(path)


def _of_another_kind(path: Path, content: Mapping[str, object]) -> None:
    if any(key.lower() == "statement" for key in content):
        raise CheckError(f"{name(path)} is an AWS policy document, not OCI statements; leave --kind out.")
    if {"deployment", "checkpoint"} & content.keys():
        raise CheckError(f"{name(path)} is an exported state, not OCI statements; `preflight state` judges states.")


def _text(content: Mapping[str, object], keys: Sequence[str]) -> str:
    """The text under the first of some names that is there."""
    found = next((content[key] for key in keys if key in content), "")
    return _plain(found) if isinstance(found, str) else ""


def _texts(path: Path, place: str, content: object) -> tuple[Written, ...]:
    if isinstance(content, str):
        return (Written(_plain(content), place, ()),)
    if not isinstance(content, list) or not all(isinstance(each, str) for each in content):
        raise CheckError(f"{place} in {name(path)} holds something that is no text; a statement is one.")
    return tuple(Written(_plain(each), f"{place}[{index}]", ()) for index, each in enumerate(content))


def _plain(text: str) -> str:
    # Half of a character, which nothing can pass on, is escaped as JSON does.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _numbered(text: str, parts: Iterator[Part]) -> Iterator[Part]:
    """The parts with the line of the JSON text that each of their texts stands on."""
    lines: dict[str, list[int]] = {}
    line, seen = 1, 0
    for match in _JSON_STRING.finditer(text):
        line, seen = line + text.count("\n", seen, match.start()), match.start()
        lines.setdefault(_plain(json.loads(match.group())), []).append(line)
    for part in parts:
        # The same text twice is met in the order of the file.
        written = tuple(replace(each, lines=(lines[each.text].pop(0),)) for each in part.written)
        yield replace(part, written=written)


def _nothing(path: Path) -> NoReturn:
    raise CheckError(
        f"{name(path)} holds no OCI statement, which starts with allow, deny, define, endorse or admit, "
        "nor the matching rule of a dynamic group."
    )
