"""One policy document explained: its grants, the widest first, what denies, what does nothing, what is not certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from rich.text import Text

from policypack.guardrails.aws import actions as table
from policypack.guardrails.aws.answers import Undecided, Witness
from policypack.guardrails.aws.document import Document, Effect, Kind, Statement
from policypack.guardrails.aws.explanation import Grant, Share
from policypack.guardrails.findings import Severity
from policypack.guardrails.messages import describe_witness, escape

from ..engine.check_policies import ARTICLE, REJECTED, Explained
from ..report import Report
from ..shared_secrets import Hiding, shown
from . import text as words
from .actions import by_level, lines, phrase, series
from .text import Page

T = TypeVar("T")

_INDENT: Final = 4
_RESOURCES: Final = 4
_CALLERS: Final = 6
# Statements, or places, under one heading.
_ENTRIES: Final = 30


def as_json(explained: Explained) -> dict[str, Any]:
    """What the JSON report says of a document beside the findings: its member `explanation`."""
    document, explanation = explained.file.document, explained.explanation
    hide = Hiding([document])
    return {
        "kind": document.kind.value,
        "grants": [_grant(each, document, hide) for each in explanation.grants],
        "denials": [
            {
                "statement": each.path,
                "sid": each.sid or "",
                "actions": _texts(each.actions),
                "not_actions": _texts(each.not_actions),
                "resources": _texts(each.resources),
                "not_resources": _texts(each.not_resources),
                "conditions": list(map(shown, each.conditions)),
            }
            for each in _denials(explained)
        ],
        "dead": [{"path": each.path, "what": each.what, "reason": each.reason} for each in explanation.dead],
        "undecided": doubts(explanation.undecided, hide),
        "problems": [{"path": each.path, "message": hide(each.message)} for each in document.problems],
        "action_table": action_table(),
    }


def _grant(grant: Grant, document: Document, hide: Hiding) -> dict[str, Any]:
    statement = _statement(document, grant.path)
    return {
        "statement": grant.path,
        "sid": grant.sid,
        "who": list(grant.who),
        "services": [
            {
                "name": share.service,
                "total": share.total,
                "actions": {level: list(names) for level, names in by_level(share).items()},
            }
            for share in grant.shares
        ],
        "everything": grant.everything,
        "except": _texts(statement.not_actions) if grant.everything else [],
        "resources": list(grant.resources),
        "conditions": list(map(shown, statement.conditions)),
        "witnesses": [hide.witness(each.to_json()) for each in grant.witnesses],
    }


def doubts(undecided: Iterable[Undecided], hide: Hiding) -> list[dict[str, str]]:
    """What cannot be told, as JSON."""
    return [{"path": each.path, "reason": hide(each.reason)} for each in undecided]


def action_table() -> dict[str, str]:
    """Which list of actions an answer rests on, as JSON."""
    about = table.about()
    return {"package": about.package, "version": about.version, "date": about.date.isoformat()}


def _statement(document: Document, path: str) -> Statement:
    return next(each for each in document.statements if each.path == path)


def _texts(patterns: Sequence[str | None] | None) -> list[str]:
    return [text if text is not None else "a text that cannot be read" for text in patterns or ()]


def _denials(explained: Explained) -> list[Statement]:
    """The statements that deny something."""
    dead = {each.path for each in explained.explanation.dead if not each.what}
    return [each for each in explained.file.document.statements if each.effect is Effect.DENY and each.path not in dead]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a text looks: `width` None does not wrap, `whole` leaves nothing out."""

    width: int | None = None
    color: bool = False
    whole: bool = False


def render(explained: Explained, report: Report, fail_on: Severity | None, look: Look, *, strict: bool = False) -> str:
    """The explanation as text, and what the rules find."""
    file, explanation = explained.file, explained.explanation
    document = file.document
    denials = _denials(explained)
    sheet = Sheet([document], look)
    sheet.line(f"{escape(report.subjects[0].label)}: {escape(_widest(explained))}")
    why = f", because {file.why} (--kind overrides)" if file.why else ""
    unwrapped = f", taken out of {file.unwrapped}" if file.unwrapped else ""
    sheet.line(f"Read as {ARTICLE[document.kind]}{why}{unwrapped}.")
    sheet.line()
    if explanation.grants:
        sheet.heading("Grants, the widest first")
    for grant in sheet.most(explanation.grants):
        sheet.grant(grant, document, denied=bool(denials))
    sheet.rest(explanation.grants, "grants")
    if denials:
        sheet.heading("Denials, whatever is granted")
    for statement in sheet.most(denials):
        sheet.denial(statement)
    sheet.rest(denials, "denials")
    dead = ((each.path, f"{each.what}: {each.reason}" if each.what else each.reason) for each in explanation.dead)
    sheet.places("Does nothing", _named(document, dead))
    sheet.places("Cannot be told", _named(document, ((each.path, each.reason) for each in explanation.undecided)))
    # Where the rule is on, it says the same at each place.
    if not any(entry.rule == REJECTED for entry in report.findings):
        sheet.places("Rejected by AWS", _named(document, ((each.path, each.message) for each in document.problems)))
    sheet.closing()
    sheet.line()
    words.add(sheet, report, fail_on, strict=strict)
    return sheet.text()


class Sheet(Page):
    """A page on documents, on which none of their shared secrets stands."""

    def __init__(self, documents: Iterable[Document], look: Look) -> None:
        super().__init__(look.width, color=look.color)
        self.whole = look.whole
        self._hide = Hiding(documents)

    def title(self, path: str, sid: str, more: str = "") -> None:
        """The line that names a statement."""
        head = Text(escape(path or "the document"), style="bold")
        for part in filter(None, (sid, more)):
            head.append(f"  {escape(part)}", style="not bold")
        self.line(head)

    def services(self, shares: Sequence[Share], indent: int) -> None:
        """What may be done, service by service."""
        for line in lines(shares, whole=self.whole):
            self.line(escape(line), indent, hang=_INDENT)

    def example(self, witness: Witness) -> None:
        """One request that is allowed."""
        said = describe_witness(self._hide.witness(witness.to_json()))
        note = f" ({witness.note})" if witness.note else ""
        self.line(f"for example: {escape(said + note)}", _INDENT, hang=_INDENT)

    def places(self, heading: str, items: Iterable[tuple[str, str]]) -> None:
        """A list of places with what is to say of each; nothing where there is none."""
        found = list(items)
        if found:
            self.heading(heading)
            for path, said in self.most(found):
                self.line(f"{escape(path or 'the document')}: {escape(self._hide(said))}", hang=_INDENT)
            if not self.rest(found, "places"):
                self.line()

    def most(self, entries: Sequence[T]) -> Sequence[T]:
        """The entries under a heading that are shown."""
        return entries if self.whole else entries[:_ENTRIES]

    def rest(self, entries: Sequence[object], what: str) -> bool:
        """Say how many entries are not shown; whether there are any."""
        left = len(entries) - len(self.most(entries))
        if left:
            self.line(f"and {left:,} more {what}; --verbose lists them")
            self.line()
        return bool(left)

    def closing(self) -> None:
        """Say which list of actions all this rests on."""
        self.line(Text(f"Actions and levels as AWS listed them on {table.about().date.isoformat()}.", style="dim"))

    def grant(self, grant: Grant, document: Document, *, denied: bool) -> None:
        """What one statement grants; `denied` where others deny some of it."""
        statement = _statement(document, grant.path)
        self.title(grant.path, grant.sid)
        if document.kind is not Kind.IDENTITY:
            self._series("who", grant.who, _CALLERS, "; ")
        self.line("may:", _INDENT)
        shares: Sequence[Share] = grant.shares
        if grant.everything:
            spared = f" but {', '.join(_texts(statement.not_actions))}" if statement.not_actions else ""
            less = ", less what is denied below" if denied else ""
            self.line(escape(f"every action of every service{spared}{less}"), 2 * _INDENT, hang=_INDENT)
            shares = [share for share in shares if share.total != len(share.actions)]
        self.services(shares, 2 * _INDENT)
        self._on(grant.resources)
        self._conditions(statement)
        self.example(telling(grant.witnesses))
        self.line()

    def denial(self, statement: Statement) -> None:
        """What one statement denies, as written."""
        self.title(statement.path, statement.sid or "")
        who = ["anyone" if each.is_everyone else each.name or "one not known" for each in statement.principals or ()]
        who += [f"all but {each.name or 'one not known'}" for each in statement.not_principals or ()]
        actions = [*_texts(statement.actions), *(f"all but {each}" for each in _texts(statement.not_actions))]
        resources = [*_texts(statement.resources), *(f"all but {each}" for each in _texts(statement.not_resources))]
        if who:
            self._series("who", who, _CALLERS, "; ")
        self._series("may not", actions, _CALLERS)
        if resources:
            self._on(resources)
        self._conditions(statement)
        self.line()

    def _series(self, label: str, texts: Sequence[str], most: int, between: str = ", ") -> None:
        shown = series(texts, most, whole=self.whole, show=escape, between=between)
        self.line(f"{label}: {shown}", _INDENT, hang=_INDENT)

    def _on(self, resources: Sequence[str]) -> None:
        self._series("on", ["every resource"] if "*" in resources else resources, _RESOURCES)

    def _conditions(self, statement: Statement) -> None:
        for number, condition in enumerate(statement.conditions):
            self.line(f"{'and' if number else 'if'}: {escape(shown(condition))}", _INDENT, hang=_INDENT)


def telling(witnesses: Iterable[Witness]) -> Witness:
    """The first witness that manages permissions, or else the first: in whose class the worst is, though it may not be
    the worst itself."""
    return max(witnesses, key=lambda witness: table.rank(witness.request.action) == len(table.DANGER) - 1)


def _named(document: Document, items: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Places with the Sid of the statement that each lies in."""
    sids = {each.path: each.sid for each in document.statements if each.sid}
    for path, said in items:
        head, bracket, _ = path.partition("]")
        sid = sids.get(head + bracket)
        yield (f"{path} ({sid})" if sid else path), said


def _widest(explained: Explained) -> str:
    """The widest of all that is granted, in one sentence."""
    explanation = explained.explanation
    if not explanation.grants:
        return "what this policy grants cannot be told." if explanation.undecided else "this policy grants nothing."
    grant = explanation.grants[0]
    statement = _statement(explained.file.document, grant.path)
    if not grant.everything:
        what = phrase(grant.shares)
    else:
        spared = f" but {series(_texts(statement.not_actions), 3, whole=False)}" if statement.not_actions else ""
        less = " that is not denied" if _denials(explained) else ""
        what = f"do everything{spared}{less}"
    number = len(grant.conditions)
    under = f", under {'one condition' if number == 1 else f'{number} conditions'}" if number else ""
    where = f"{len(grant.resources)} resources" if "*" not in grant.resources else "every resource"
    if len(grant.resources) == 1 and "*" not in grant.resources:
        where = grant.resources[0]
    # Whoever else is named is one of them.
    who = grant.who[:1] if grant.who[0].startswith("anyone") else grant.who
    return f"{series(who, 2, whole=False, between=' or ')} may {what} on {where}{under}."
