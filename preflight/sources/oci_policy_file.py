"""Find the OCI statements, and matching rules of dynamic groups, in a file.

Text with one statement after the other, each on a line or on several; or JSON: a list of statements, a policy, a
dynamic group, or what `oci iam policy get`, `oci iam dynamic-group list` and their like print.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
_COMMENT: Final = ("#", "//")
_YAML: Final = re.compile(r"---\s*$|[\w-]+:(\s|$)|- ")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_LIST: Final = "statements"
_RULES: Final = ("matchingRule", "matching-rule", "matching_rule")
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
    """What a file holds. `unwrapped` names what it was taken out of, empty where there is nothing to say."""

    path: Path
    parts: tuple[Part, ...]
    unwrapped: str = ""


def holds_statements(text: str) -> bool:
    """Whether the content of a file plainly is OCI's: it starts with a statement, or is JSON that holds one or a
    matching rule."""
    if text.lstrip()[:1] not in ("{", "["):
        first = next((line for _, line in _lines(text)), "")
        return _FIRST.match(first) is not None
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
        return OciPolicyFile(path, (_from_text(path, text),))
    content = _decoded(path, text)
    parts = tuple(_numbered(text, _parts(path, content)))
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
        if line.strip() and not line.lstrip().startswith(_COMMENT):
            yield number, line.rstrip()


def _from_text(path: Path, text: str) -> Part:
    statements: list[list[tuple[int, str]]] = []
    for number, line in _lines(text):
        goes_on = bool(statements) and not _START.match(line)
        # The two words of `deny endorse` may stand on two lines.
        if goes_on or (statements and _DENY.fullmatch(statements[-1][-1][1]) and _SECOND.match(line)):
            statements[-1].append((number, line))
        else:
            statements.append([(number, line)])
    if not statements:
        _nothing(path)
    first = statements[0][0][1]
    if not _START.match(first) and (path.suffix.lower() in (".yaml", ".yml") or _YAML.match(first)):
        raise CheckError(f"{name(path)} looks like YAML; give OCI statements as text, one after the other, or as JSON.")
    if not any(_START.match(lines[0][1]) for lines in statements):
        _nothing(path)
    written = tuple(
        Written("\n".join(line for _, line in lines), f"{_LIST}[{index}]", tuple(number for number, _ in lines))
        for index, lines in enumerate(statements)
    )
    return Part(_LIST, "", "", rule=False, written=written)


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
        "nor a dynamic group with its matching rule."
    )
