"""What checks of programs and of states have in common: how they are made, timed, and told of."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policypack.guardrails.findings import Level, Outcome, undecided

from ..redact import Redactor
from ..report import UNCHECKED_TYPE, Entry, Notice, Place
from .pack import Limits, Pack, folder_of_ours
from .policy_configuration import Given
from .program import TIMEOUT_SECONDS

if TYPE_CHECKING:
    from policypack.guardrails.rule import Judges

    from .analyzer import Analyzer, Record
    from .own_rules import OwnRules

# The pack's advice for what it cannot read sends people here.
_GENERAL_FIX: Final = undecided("", "").fix
_FIX_HERE: Final = (
    "Build the value from names and configuration in place of outputs, or give configuration that is missing "
    "with --config."
)


def show_on_stderr(line: str) -> None:
    """Show one line that the program printed."""
    # Whoever reads may be gone; the check goes on without.
    with suppress(OSError, ValueError):
        # On a terminal the line that says what is going on stands there.
        over = "\x1b[2K\r" if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else ""
        sys.stderr.write(f"{over}{line}\n")
        sys.stderr.flush()


def show_nowhere(_line: str) -> None:
    """Drop what the program prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a check is made. `pack` None is the pack inside; `limits` and `timeout` bound how long anything may take.

    `show` gets each line that the program prints, secrets taken out.
    """

    pack: Path | None = None
    policy_config: Path | None = None
    strict: bool = False
    show: Callable[[str], None] = show_on_stderr
    limits: Limits = field(default_factory=Limits)
    timeout: float = TIMEOUT_SECONDS

    def start_pack(self) -> Pack:
        """Start the pack. Raises CheckError where its folder is none."""
        return Pack(self.pack or folder_of_ours(), self.limits)


class Clock:
    """How long each phase took, in order, and each rule over all of them (`rules`, by id, seconds)."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.phases: list[tuple[str, float]] = []
        self.rules: dict[str, float] = {}

    def mark(self, phase: str) -> None:
        """End `phase`, which began where the one before ended."""
        now = time.perf_counter()
        self.phases.append((phase, now - self._last))
        self._last = now


def for_pack(given: Mapping[str, Given], analyzer: Analyzer) -> Mapping[str, Given]:
    """The policy configuration without what concerns preflight's own rules, which only a pack of ours is without."""
    if not given or not analyzer.has_details:
        return given
    from . import program_rules

    return program_rules.without_ours(given)


def own_rules(given: Mapping[str, Given], analyzer: Analyzer, judged: Judges) -> OwnRules | None:
    """Preflight's own rules, for packs of ours alone."""
    if not analyzer.has_details:
        return None
    from .own_rules import OwnRules

    return OwnRules(given, judged)


def enabled(levels: Mapping[str, Level]) -> int:
    """How many rules are on."""
    return sum(level is not Level.DISABLED for level in levels.values())


def unchecked_types(analyzer: Analyzer) -> list[Notice]:
    """The types of resources whose policy documents no rule has looked into."""
    return [Notice(subject=0, kind=UNCHECKED_TYPE, message=type_) for type_ in analyzer.unread_types]


def policy_notices(messages: Iterable[str]) -> list[Notice]:
    """Notices of what is odd in the policy configuration."""
    return [Notice(subject=0, kind="policy-configuration", message=message) for message in messages]


@dataclass(frozen=True, slots=True)
class Placer:
    """Makes report entries of what a pack says of one subject: source lines, levels, nothing secret."""

    subject: int
    sources: Mapping[str, Place]
    levels: Mapping[str, Level]
    redact: Redactor
    strict: bool = field(kw_only=True)

    def entries(self, records: Iterable[Record]) -> list[Entry]:
        """One entry a record."""
        return [self._entry(record) for record in records]

    def notices(self, said: Iterable[Notice]) -> list[Notice]:
        """The same notices, with nothing secret in their texts."""
        return [replace(notice, message=self.redact(notice.message)) for notice in said]

    def _entry(self, record: Record) -> Entry:
        fields: dict[str, Any] = {key: value for key, value in record.items() if key != "source"}
        if fields["fix"] == _GENERAL_FIX:
            fields["fix"] = _FIX_HERE
        # The place is looked up by the URN as it is.
        source = record.get("source") or self.sources.get(fields["urn"])
        for key in ("message", "fix", "path", "urn", "type", "name"):
            fields[key] = self.redact(str(fields[key]))
        fields["witness"] = self.redact.deep(fields["witness"])
        if self.strict and fields["outcome"] == Outcome.UNDECIDED:
            # Sent as advisory whatever the rule's level; under --strict it counts like a violation of that level.
            level = self.levels.get(fields["rule"], Level.ADVISORY)
            fields["enforcement"] = (Level.MANDATORY if level is Level.REMEDIATE else level).value
        return Entry(subject=self.subject, source=source, **fields)
