"""A file of OCI statements explained, one after the other, as they stand: who may do what, where, and if what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Final

from rich.cells import cell_len
from rich.text import Text

from policypack.guardrails.findings import Severity
from policypack.guardrails.messages import escape
from policypack.guardrails.oci.explanation.actions import Step, What
from policypack.guardrails.oci.explanation.conditions import Clause
from policypack.guardrails.oci.explanation.statements import Explanation, Form
from policypack.guardrails.oci.permissions import checked, families
from policypack.guardrails.oci.rejections.rejection import Rejected, Unreadable

from ..engine.check_oci_policies import Explained, Refused, Said, fix_in_file
from ..report import Report
from ..sources.oci_policy_file import Part, Written
from . import text as words
from .actions import series
from .policy import Look
from .text import Page

_INDENT: Final = 4
_STATEMENTS: Final = 30
_PERMISSIONS: Final = 12
_TYPES: Final = 4
# Of a line that is rejected, what is shown around the column at most, and at least.
_AROUND: Final = 72
_NARROWEST: Final = 32
_REJECTED: Final = "rejected"
_UNREADABLE: Final = "cannot be read"


def as_json(explained: Explained) -> dict[str, Any]:
    """What the JSON report says of the statements beside the findings: its member `explanation`."""
    return {
        "kind": "oci",
        "statements": [_statement(*each) for each in explained.statements],
        "permission_table": {"date": checked()},
    }


def _statement(part: Part, written: Written, said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {
        "path": written.path,
        "line": written.line,
        "policy": part.name,
        "kind": _kind(said),
        "text": written.text,
        "canonical": "",
        "says": "",
        "who": None,
        "permissions": None,
        "where": None,
        "condition": None,
        "notes": [],
        "problem": None,
    }
    if isinstance(said, Rejected):
        return {**found, "problem": _problem(written, said)}
    if isinstance(said, Unreadable):
        return {**found, "problem": {"message": said.reason, "fix": "", "line": written.line, "column": None}}
    if isinstance(said, Refused):
        found["problem"] = _problem(written, said.words[0])
        said = said.explanation
    found |= {"canonical": said.text, "says": said.says, "notes": list(said.notes)}
    if said.who is not None:
        found["who"] = {"kind": said.who.kind, "names": list(said.who.names), "words": said.who.words}
    if said.what is not None:
        found["permissions"] = _permissions(said.what)
    if said.where is not None:
        found["where"] = {"kind": said.where.kind, "words": said.where.words}
    if said.condition is not None:
        found["condition"] = _clause(said.condition)
    return found


def _problem(written: Written, rejected: Rejected) -> dict[str, Any]:
    line, _, column = written.position(rejected.column)
    return {
        "message": str(replace(rejected, column=column)),
        "fix": _fix(written, rejected),
        "line": line,
        "column": column,
    }


def _permissions(what: What) -> dict[str, Any]:
    return {
        "action": what.action,
        "words": what.words,
        "everything": what.everything,
        "total": what.total,
        "by_verb": [{"verb": step.verb, "names": list(step.permissions)} for step in what.steps],
        "not_listed": list(what.unlisted),
        "left_by_condition": None if what.left is None else list(what.left),
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "text": clause.text,
        "words": clause.words,
        "narrows": clause.narrows,
        "note": clause.note,
        "holds": clause.holds,
        "members": [_clause(member) for member in clause.members],
    }


def _kind(said: Said) -> str:
    if isinstance(said, Rejected | Refused):
        return _REJECTED
    if isinstance(said, Unreadable):
        return _UNREADABLE
    if not said.denies:
        return said.form.value
    return "deny" if said.form is Form.ALLOW else f"deny {said.form.value}"


def render(explained: Explained, report: Report, fail_on: Severity | None, look: Look, *, strict: bool = False) -> str:
    """The statements as text, and what the rules find."""
    lines = Counter(written.line for _, written, _ in explained.statements)
    page = _Page(look, {line for line, several in lines.items() if several > 1})
    page.line(f"{escape(report.subjects[0].label)}: {_counted(explained)}")
    unwrapped = f", taken out of {explained.file.unwrapped}" if explained.file.unwrapped else ""
    marks = "; the bullets and quotes around them are left out" if explained.file.marked else ""
    rules = all(part.rule for part in explained.file.parts)
    what = "matching rules of dynamic groups" if rules else "OCI statements"
    page.line(f"Read as {what}{unwrapped}{marks}.")
    page.line()
    page.heading("Statements, as they stand")
    shown = explained.statements if look.whole else explained.statements[:_STATEMENTS]
    for part, written, said in shown:
        page.statement(part, written, said)
    left = len(explained.statements) - len(shown)
    if left:
        page.line(f"and {left:,} more statements; --verbose lists them")
        page.line()
    page.line(Text(f"Permissions as Oracle listed them on {checked()}.", style="dim"))
    page.line()
    words.add(page, report, fail_on, strict=strict)
    return page.text()


def _counted(explained: Explained) -> str:
    kinds = Counter(_kind(said) for _, _, said in explained.statements)
    rules = kinds.pop(Form.MATCHING_RULE.value, 0)
    total = kinds.total()
    found = []
    if total:
        inside = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        found.append(f"{total:,} statement{'' if total == 1 else 's'} ({inside})")
    if rules:
        found.append(f"{rules:,} matching rule{'' if rules == 1 else 's'}")
    return f"{' and '.join(found)}."


class _Page(Page):
    """A page on which statements are explained; a line of `shared` holds several of them."""

    def __init__(self, look: Look, shared: AbstractSet[int]) -> None:
        super().__init__(look.width, color=look.color)
        self._shared = shared
        self._whole = look.whole
        self._around = max(_NARROWEST, min(_AROUND, (look.width or _AROUND) - 2 * _INDENT))

    def statement(self, part: Part, written: Written, said: Said) -> None:
        """One statement or matching rule."""
        of = f"  {escape(part.name)}" if part.name else ""
        place = written.path if written.line in self._shared else f"line {written.line}"
        head = Text.assemble((place, "bold"), of)
        if isinstance(said, Explanation):
            self.line(Text.assemble(head, f"  {escape(said.text)}"), hang=_INDENT)
            self._explanation(said)
        else:
            self.line(Text.assemble(head, f"  {_kind(said)}"))
            for problem in said.words if isinstance(said, Refused) else (said,):
                self._problem(written, problem)
            if isinstance(said, Refused):
                self.line(f"otherwise it reads: {escape(said.explanation.text)}", _INDENT, hang=_INDENT)
                self._explanation(said.explanation)
        self.line()

    def _explanation(self, said: Explanation) -> None:
        if said.says:
            self.line(escape(said.says), _INDENT, hang=_INDENT)
        if said.who is not None:
            self.line(f"who: {escape(said.who.words)}", _INDENT, hang=_INDENT)
        if said.what is not None:
            self._what(said.what, "may not" if said.denies else "may")
        if said.where is not None:
            self.line(f"in: {escape(said.where.words)}", _INDENT, hang=_INDENT)
        if said.condition is not None:
            self._condition(said.condition, "where:" if said.form is Form.MATCHING_RULE else "if:", _INDENT)
        for note in said.notes:
            self.line(f"note: {escape(note)}", _INDENT, hang=_INDENT)

    def _problem(self, written: Written, said: Rejected | Unreadable) -> None:
        if isinstance(said, Unreadable):
            self.line(escape(said.reason), _INDENT, hang=_INDENT)
            return
        line, text, column = written.position(said.column)
        start = max(0, min(column - 1 - self._around // 2, len(text) - self._around))
        excerpt = _printable(text[start : start + self._around])
        label = f"{line}: " if line != written.line else ""
        lead = f"{label}{'…' if start else ''}"
        more = "…" if start + self._around < len(text) else ""
        self.line(f"{lead}{excerpt}{more}", _INDENT, verbatim=True)
        self.line(f"{' ' * cell_len(lead + excerpt[: column - 1 - start])}^", _INDENT, verbatim=True)
        self.line(escape(str(replace(said, column=column, excerpt=""))), _INDENT, hang=_INDENT)
        if fix := _fix(written, said):
            self.line(f"fix: {escape(fix)}", _INDENT, hang=_INDENT)

    def _what(self, what: What, may: str) -> None:
        self.line(f"{may}: {escape(what.words)}", _INDENT, hang=_INDENT)
        for line in _lines(what, whole=self._whole):
            self.line(escape(line), 2 * _INDENT, hang=_INDENT)

    def _condition(self, clause: Clause, lead: str, indent: int) -> None:
        note = f" ({clause.note})" if clause.note else ""
        colon = ":" if clause.members else ""
        self.line(f"{lead} {escape(clause.words + note)}{colon}", indent, hang=_INDENT)
        for member in clause.members:
            self._condition(member, "-", indent + _INDENT)


def _fix(written: Written, said: Rejected) -> str:
    """What to write in place of a statement, where that is known; else its message says what fits."""
    return fix_in_file(said.told()[1], written) if said.corrected or said.remedy else ""


def _lines(what: What, *, whole: bool) -> Iterator[str]:
    """The permissions, those of the highest verb first, cut where nobody would read on."""
    if what.everything and not whole:
        yield f"{what.total:,} permissions are listed: {_and(_counts(what.steps))}; --verbose lists them"
    else:
        room = _PERMISSIONS
        for number, step in enumerate(what.steps):
            if room <= 0 and not whole:
                left = what.steps[number:]
                yield f"and {sum(len(one.permissions) for one in left)} more: {_and(_counts(left))}"
                break
            lead = f"{step.verb} adds " if step.verb else ""
            yield f"{lead}{series(step.permissions, room, whole=whole)}"
            room -= len(step.permissions)
    if what.left is not None and len(what.left) < what.total:
        yield f"of these the condition {_left(what, what.left, whole=whole)}"
    growing = [name for name in what.unlisted if name in families()]
    unlisted = [name for name in what.unlisted if name not in families()]
    also = "and " if what.steps else ""
    if unlisted:
        yield f"{also}the permissions of {series(unlisted, _TYPES, whole=whole)} (not listed here)"
    if growing:
        yield f"{also}those of types that join {_and(growing)} later"


def _left(what: What, left: Sequence[str], *, whole: bool) -> str:
    """What a condition makes of permissions, in the shorter way."""
    if not left:
        return "leaves none"
    gone = [name for step in what.steps for name in step.permissions if name not in left]
    if len(gone) < len(left):
        return f"takes away {series(gone, _PERMISSIONS, whole=whole)}"
    return f"leaves {series(left, _PERMISSIONS, whole=whole)}"


def _counts(steps: Sequence[Step]) -> list[str]:
    return [f"{len(step.permissions):,} that {step.verb} adds" for step in steps]


def _and(texts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def _printable(text: str) -> str:
    """The same number of characters, none of which a terminal acts on."""
    return "".join(character if escape(character) == character else " " for character in text)
