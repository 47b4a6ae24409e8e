"""What reading a document brings to light beside its statements: problems, and parts that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from ..values import Unknown, may_be_anything
from .statements import Problem, Text, join
from .value_checks import printable, quoted

_MAX_VALUES: Final = 20_000
_MANY_PROBLEMS: Final = 100
_LONGEST_NAME: Final = 200


class TooLargeError(Exception):
    """The document holds more texts than any real one."""


def bounded(name: object) -> str:
    """A name for a path: bounded, so that long names in large documents cost no more than others."""
    if not isinstance(name, str):
        return ""
    return printable(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…")


def noun(given: object) -> str:
    """The kind of a JSON value, for a message."""
    for kind, word in (
        (dict, "an object"), (list, "a list"), (str, "a text"), (bool, "a boolean"), (int | float, "a number")
    ):  # fmt: skip
        if isinstance(given, kind):
            return word
    return "null" if given is None else "something else"


@dataclass(kw_only=True)
class Notes:
    """The problems and the holes found so far, how many texts may still come, and what is known of them all."""

    problems: list[Problem] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    left: int = _MAX_VALUES
    # Whether no text of the document stands for content that may be anything.
    certain: bool = False

    def problem(self, path: str, message: str) -> None:
        """Note what is wrong at a place."""
        self.problems.append(Problem(path, message))

    def nearest(self, name: str, known: tuple[str, ...]) -> str | None:
        """The known spelling that a wrong one most resembles; not looked for in documents that are wrong all over."""
        if len(self.problems) > _MANY_PROBLEMS:
            return None
        lowered = {each.lower(): each for each in known}
        near = get_close_matches(bounded(name).lower(), lowered, 1, 0.7)
        return lowered[near[0]] if near else None

    def hole(self, path: str) -> None:
        """Note a place that cannot be read."""
        self.holes.append(path)

    def elements(self, source: dict[object, object], known: tuple[str, ...], path: str) -> dict[str, object]:
        """The known elements, under their proper spelling; the others are problems."""
        found: dict[str, object] = {}
        for name, value in source.items():
            if name in known:
                found[str(name)] = value
                continue
            text = name if isinstance(name, str) else ""
            self.spend()
            proper = next((each for each in known if each.lower() == text.lower()), None) or self.nearest(text, known)
            hint = f"; did you mean `{proper}`?" if proper else ""
            self.problem(join(path, bounded(text)), f"unknown element {quoted(text)}{hint}")
            if proper and text.lower() == proper.lower() and proper not in source:
                # A wrongly cased element is judged as what it was meant to be, lest the mistake hide what it grants.
                found[proper] = value
        return found

    def spend(self) -> None:
        """Count one more text or object. Raises `TooLargeError` past the bound."""
        self.left -= 1
        if self.left < 0:
            raise TooLargeError

    def items(self, given: object, path: str) -> Iterator[tuple[str, object]]:
        """The items of a list, or the one item that stands without a list."""
        if isinstance(given, list):
            for index, item in enumerate(given):
                yield f"{path}[{index}]", item
        else:
            yield path, given

    def is_anything(self, text: str) -> bool:
        """Whether a text stands for content that may be anything."""
        return not self.certain and may_be_anything(text)

    def text(self, given: object, path: str) -> Text:
        """A text, or `None` with a hole or a problem."""
        self.spend()
        if isinstance(given, str):
            if self.is_anything(given):
                self.hole(path)
                return None
            return self.whole(given, path)
        self.hole(path)
        if not isinstance(given, Unknown):
            self.problem(path, f"a text is expected here, not {noun(given)}")
        return None

    def whole(self, text: str, path: str) -> str:
        """The text, with a mark for each half of a character that JSON lets one write."""
        if text.isascii() or printable(text) == text:
            return text
        self.problem(path, "the text holds half of a character (a lone surrogate)")
        return printable(text)
