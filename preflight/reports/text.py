"""The report for a person: what is wrong, where, what shows it, what to do; the verdict last.

On a terminal lines are wrapped to its width; in a pipe each sentence stays on one line, and nothing is coloured.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from policypack.guardrails.findings import Level, Outcome, Severity
from policypack.guardrails.messages import describe_witness, escape

from ..report import MISSING, Entry, Exit, Report

_NARROWEST: Final = 40
_STYLES: Final = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
_INDENT: Final = 4


def _advisory(entry: Entry) -> bool:
    return entry.outcome == Outcome.VIOLATION and entry.enforcement == Level.ADVISORY


def _mended(entry: Entry) -> bool:
    return entry.outcome == Outcome.VIOLATION and entry.enforcement == Level.REMEDIATE


def _violation(entry: Entry) -> bool:
    return entry.outcome == Outcome.VIOLATION and not _advisory(entry) and not _mended(entry)


# Heading, what belongs under it, and what one of it and several of it are called in the summary.
_SECTIONS: Final[Sequence[tuple[str, Callable[[Entry], bool], str, str]]] = (
    ("Errors (the check itself failed)", lambda entry: entry.outcome == Outcome.ERROR, "error", "errors"),
    ("Violations", _violation, "violation", "violations"),
    ("Remediated (mended before the resource was judged)", _mended, "remediated", "remediated"),
    ("Advisory (does not fail the run)", _advisory, "advisory", "advisory"),
    (
        "Undecided (hangs on what cannot be known yet)",
        lambda entry: entry.outcome == Outcome.UNDECIDED,
        "undecided",
        "undecided",
    ),
    ("Waived", lambda entry: entry.outcome == Outcome.WAIVED, "waived", "waived"),
)


class Page:
    """Lines of text, wrapped where there is a width, coloured where that is wanted."""

    def __init__(self, width: int | None, *, color: bool) -> None:
        self._width = max(width, _NARROWEST) if width else None
        self._color = color
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=self._width or 80,
            force_terminal=color,
            color_system="standard" if color else None,
            highlight=False,
            legacy_windows=False,
        )

    def line(self, text: Text | str = "", indent: int = 0, *, hang: int = 0, verbatim: bool = False) -> None:
        """One paragraph, whose lines but the first stand `hang` further in. `verbatim` is never wrapped, so that it
        can be pasted."""
        whole = Text(text) if isinstance(text, str) else text
        lines: Iterable[Text] = [whole]
        if self._width and not verbatim and whole.plain:
            lines = whole.wrap(self._console, self._width - indent - hang)
        for number, one in enumerate(lines):
            self._console.print(Text(" " * (indent + hang * bool(number))) + one, soft_wrap=True)

    def heading(self, text: str) -> None:
        """What the following is about."""
        self.line(Text(text, style="bold underline" if self._color else ""))
        self.line()

    def text(self) -> str:
        """Everything so far, without blanks at line ends."""
        return "".join(line.rstrip() + "\n" for line in self._out.getvalue().splitlines())


def summary(report: Report, fail_on: Severity | None, *, strict: bool = False) -> str:
    """What was checked and found in one line."""
    page = Page(None, color=False)
    _summary(page, report, fail_on, strict=strict)
    return page.text().split("\n", 1)[0]


def render(
    report: Report, fail_on: Severity | None, *, strict: bool = False, width: int | None = None, color: bool = False
) -> str:
    """The report as text. `width` None does not wrap."""
    page = Page(width, color=color)
    add(page, report, fail_on, strict=strict)
    return page.text()


def add(page: Page, report: Report, fail_on: Severity | None, *, strict: bool) -> None:
    """Write the report on a page."""
    for heading, belongs, _, _ in _SECTIONS:
        entries = sorted(filter(belongs, report.findings), key=_worst_first)
        if entries:
            page.heading(heading)
            for entry in entries:
                _finding(page, report, entry)
    _notices(page, report)
    if len(report.subjects) > 1:
        _each(page, report)
    _summary(page, report, fail_on, strict=strict)


def _worst_first(entry: Entry) -> tuple[object, ...]:
    return (-Severity(entry.severity).rank, entry.order)


def _finding(page: Page, report: Report, entry: Entry) -> None:
    resource = escape(f"{entry.type} {entry.name}".strip())
    head = Text.assemble((entry.severity, _STYLES[entry.severity]), "  ", (escape(entry.rule), "bold"), "  ", resource)
    if entry.source:
        head.append(f"  {escape(entry.source.file)}:{entry.source.line}", style="dim")
    if len(report.subjects) > 1:
        head.append(f"  in {escape(report.subjects[entry.subject].label)}")
    page.line(head)
    page.line(escape(entry.message), _INDENT)
    if entry.path:
        page.line(f"at {escape(entry.path)}", _INDENT)
    if entry.witness is not None:
        page.line(f"for example {escape(describe_witness(entry.witness))}", _INDENT)
    if entry.fix:
        _fix(page, entry.fix)
    if entry.docs:
        page.line(f"docs: {escape(entry.docs)}", _INDENT, verbatim=True)
    page.line()


def _fix(page: Page, fix: str) -> None:
    lines = fix.strip("\n").split("\n")
    if len(lines) == 1:
        page.line(f"fix: {escape(lines[0])}", _INDENT, verbatim=True)
        return
    page.line("fix:", _INDENT)
    for line in lines:
        page.line(escape(line), 2 * _INDENT, verbatim=True)


def _notices(page: Page, report: Report) -> None:
    if not report.notices and not report.unchecked_types:
        return
    page.line("Not certain, or not checked:")
    for notice in report.notices:
        place = f" ({escape(notice.source.file)}:{notice.source.line})" if notice.source else ""
        page.line(f"{notice.kind}: {escape(notice.message)}{place}", _INDENT)
    if report.unchecked_types:
        page.line(f"not looked inside: {', '.join(map(escape, report.unchecked_types))}", _INDENT)
    page.line()


def _summary(page: Page, report: Report, fail_on: Severity | None, *, strict: bool) -> None:
    counts = _counts(report.findings)
    failing = sum(entry.fails(fail_on, strict=strict) for entry in report.findings)
    silent = not failing and not any(map(_violation, report.findings))
    # Nothing is said of what was not checked.
    if silent and report.rules and not report.failures:
        counts.insert(0, "no violations")
    subjects = report.subjects
    label = escape(subjects[0].label) if len(subjects) == 1 else f"{len(subjects)} states"
    resources = _count(report.resources, "resource")
    if report.failures:
        resources += " was checked" if report.resources == 1 else " were checked"
    rules = _count(report.rules, "rule") if report.rules else "no rules are enabled"
    # A document is no resource, and belongs to none that is known.
    judged = (rules,) if subjects[0].kind == "policy" else (resources, rules)
    page.line(f"{label}: {', '.join((*judged, *counts))}.")
    status = report.exit_status(fail_on, strict=strict)
    if status is Exit.UNABLE:
        why = "a rule failed"
        if report.failures:
            invented = all(failure.kind == MISSING for failure in report.failures)
            why = "configuration is missing" if invented else "the program did not run to its end"
        page.line(Text.assemble(("unable", "bold red"), f": {why}, so this is not all there is to say."))
    elif status is Exit.FAILED:
        page.line(Text.assemble(("failed", "bold red"), f": {_count(failing, 'finding')} must be mended."))
    elif report.findings:
        page.line(Text.assemble(("passed", "bold green"), ": nothing here fails the run."))


def _each(page: Page, report: Report) -> None:
    """A line for each of several subjects."""
    by_subject: dict[int, list[Entry]] = {}
    for entry in report.findings:
        by_subject.setdefault(entry.subject, []).append(entry)
    for index, subject in enumerate(report.subjects):
        counts = _counts(by_subject.get(index, ())) or ["nothing found"]
        page.line(f"{escape(subject.label)}: {', '.join((_count(subject.resources, 'resource'), *counts))}")
    page.line()


def _counts(entries: Sequence[Entry]) -> list[str]:
    counts = []
    for _, belongs, one, several in _SECTIONS:
        number = sum(map(belongs, entries))
        if number:
            counts.append(f"{number} {one if number == 1 else several}")
    return counts


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
