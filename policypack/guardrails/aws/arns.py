"""Resource patterns cut into the segments of an ARN, so that overlap, cover and common texts are found piece by piece.

Segments: `arn`, partition, service, region, account, resource; the last one takes all remaining colons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from ..glob import STAR, Glob, Token, overlapping, tokens_of
from .patterns import by_segment
from .regions import TangledError, representatives

SEGMENTS: Final = 6
SERVICE: Final = 2
ACCOUNT: Final = 4
# Tells an account from a name that slipped into its segment; `aws` is the account of what AWS owns.
_ACCOUNT: Final = re.compile(r"(\d{12}|aws|cloudfront|)")
_EVERYTHING: Final = Glob([STAR])
_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
# Names that are all of the last segment and that AWS lets hold no slash.
_FLAT: Final = frozenset({"${BucketName}", "${QueueName}", "${TopicName}"})
_USUAL: Final = {"Partition": "aws", "Region": "us-east-1"}


def service_segment(text: str) -> str:
    """The third segment of a pattern; empty where there is none."""
    parts = text.split(":", SERVICE + 1)
    return parts[SERVICE] if len(parts) > SERVICE else ""


@dataclass(frozen=True, slots=True)
class ArnPattern:
    """A pattern for resources. `segments` is empty for a text that is no ARN, such as a stand-in for one; `short` has
    wildcards and too few segments, so that it may be meant to match across colons."""

    whole: Glob
    segments: tuple[Glob, ...]
    short: bool

    @property
    def segmented(self) -> Glob:
        """The pattern whose wildcards stay within their segment."""
        return _segmented(self.whole.tokens)

    @property
    def everything(self) -> bool:
        """Whether it stands for every resource."""
        return self.whole.prefix == ""

    def covers(self, other: ArnPattern) -> bool:
        """Whether every resource of `other` matches for certain. False may miss a cover."""
        if self.everything:
            return True
        if not (self.segments and other.segments):
            # Whether a text that is no ARN means an ARN is in doubt.
            return False
        return all(mine.covers(theirs) for mine, theirs in zip(self.segments, other.segments, strict=True))

    def overlaps(self, other: ArnPattern) -> bool:
        """Whether some resource matches both for certain."""
        if self.everything or other.everything:
            return True
        if not (self.segments and other.segments):
            return overlapping(self.whole, other.whole)
        return all(overlapping(mine, theirs) for mine, theirs in zip(self.segments, other.segments, strict=True))

    def common(self, format_: Format) -> str | None:
        """A readable resource of that format that matches for certain; None where there is none, or none is found."""
        if self.everything:
            return format_.example
        if not self.segments:
            return None
        found = []
        for index, (mine, theirs, example) in enumerate(
            zip(self.segments, format_.pattern.segments, format_.example.split(":", SEGMENTS - 1), strict=True)
        ):
            text = _common_text(mine, theirs, example)
            if text is None or (index == ACCOUNT and not _may_be_account(text)):
                return None
            found.append(text)
        resource = ":".join(found)
        return resource if format_.takes(resource) else None

    def example(self, filler: str = "any-object") -> str:
        """A readable text that matches."""
        return (
            self.whole.example(filler)
            if not self.segments
            else ":".join(
                "any"
                if index < SEGMENTS - 1 and each == _EVERYTHING
                else each.example(filler if index == SEGMENTS - 1 else "any")
                for index, each in enumerate(self.segments)
            )
        )


def _may_be_account(text: str) -> bool:
    return _ACCOUNT.fullmatch(text) is not None or not text.isalpha()


@lru_cache(maxsize=16_384)
def _common_text(a: Glob, b: Glob, example: str) -> str | None:
    """A text that matches both: the example if it does, else one made of either, else the shortest.

    Raises `TangledError`.
    """
    for text in (
        example,
        _by_component(a, example),
        a.example(example or "any"),
        b.example(a.literal or a.lead or "any"),
        a.example(""),
    ):
        if a.matches(text) and b.matches(text):
            return text
    if not overlapping(a, b):
        return None
    found, complete = representatives((), (), within=(a, b))
    if not found and not complete:
        raise TangledError
    # An empty text is no segment worth asking for where anything else would do.
    return found[0] if found else ""


def _by_component(glob: Glob, example: str) -> str:
    """A text that matches a pattern, with what its wildcards stand for taken from the same place of the example."""
    written: list[list[Token]] = [[]]
    for each in glob.tokens:
        if each == "/":
            written.append([])
        else:
            written[-1].append(each)
    given = example.split("/", len(written) - 1) if example else []
    return "/".join(
        Glob(component).example(given[index] if index < len(given) else "any")
        for index, component in enumerate(written)
    )


@dataclass(frozen=True, slots=True)
class Format:
    """A form of ARN that actions work on, and a readable resource of that form. Names that are `flat` hold no slash."""

    pattern: ArnPattern
    example: str
    flat: bool

    def takes(self, resource: str) -> bool:
        """Whether a resource that matches the pattern is one: what is below a bucket is no bucket."""
        return not self.flat or "/" not in resource


@lru_cache(maxsize=4096)
def format_of(text: str, account: str) -> Format:
    """A format of the action table, such as `arn:${Partition}:s3:::${BucketName}`; resources lie in `account`."""
    return Format(
        pattern_of(_PLACEHOLDER.sub("*", text)),
        _PLACEHOLDER.sub(
            lambda match: _USUAL.get(match[1]) or (account if match[1] == "Account" else _any(match[1])), text
        ),
        text.rpartition(":")[2] in _FLAT,
    )


def _any(placeholder: str) -> str:
    words = [word.lower() for word in _WORD.findall(placeholder)]
    meant = [word for word in words if word not in ("name", "id", "with", "path")] or words
    return "-".join(["any", *(word for word, _ in groupby(meant))])


@lru_cache(maxsize=16_384)
def pattern_of(text: str) -> ArnPattern:
    """A pattern without variables."""
    return pattern_of_tokens(tokens_of(text))


def pattern_of_tokens(tokens: Sequence[Token]) -> ArnPattern:
    """A pattern whose variables are filled in: what they put in are characters, never wildcards."""
    whole, segments = Glob(tokens), _segments(tokens)
    short = list(tokens).count(":") + 1 < SEGMENTS and whole.literal is None and whole.prefix != ""
    return ArnPattern(whole, segments, short)


@lru_cache(maxsize=4096)
def _segmented(tokens: tuple[Token, ...]) -> Glob:
    return Glob(by_segment(list(tokens)))


def _segments(tokens: Sequence[Token]) -> tuple[Glob, ...]:
    found: list[list[Token]] = [[]]
    for each in tokens:
        if each == ":" and len(found) < SEGMENTS:
            found.append([])
        else:
            found[-1].append(each)
    if not Glob(found[0]).matches("arn"):
        return ()
    missing: Iterable[list[Token]] = ([STAR] for _ in range(SEGMENTS - len(found)))
    return tuple(Glob(segment) for segment in (*found, *missing))
