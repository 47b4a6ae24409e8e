"""Two policy documents compared: what one newly allows, what it no longer does, and what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from policypack.guardrails.aws import actions as table
from policypack.guardrails.aws.comparison import Comparison, Difference, Relation
from policypack.guardrails.messages import escape

from ..engine.check_policies import ARTICLE, Compared
from ..report import Exit
from ..shared_secrets import Hiding
from ..sources.policy_file import PolicyFile
from .actions import shares_of
from .policy import Look, Sheet, action_table, doubts, telling

_INDENT: Final = 4


def exit_status(comparison: Comparison, *, fails: bool, strict: bool) -> Exit:
    """1 where something is newly allowed, and under `strict` where something may be. `fails` False: never."""
    gained = comparison.gained or (strict and comparison.gained_doubts)
    return Exit.FAILED if gained and fails else Exit.PASSED


def as_json(compared: Compared) -> dict[str, Any]:
    """What the JSON report says of two documents: its member `comparison`."""
    comparison, hide = compared.comparison, _hiding(compared)
    return {
        "kind": compared.head.document.kind.value,
        "relation": comparison.relation.value,
        "newly_allowed": _differences(comparison.gained, hide),
        "no_longer_allowed": _differences(comparison.lost, hide),
        "undecided": [
            *({**each, "may_hide": "newly_allowed"} for each in doubts(comparison.gained_doubts, hide)),
            *({**each, "may_hide": "no_longer_allowed"} for each in doubts(comparison.lost_doubts, hide)),
        ],
        "action_table": action_table(),
    }


def _hiding(compared: Compared) -> Hiding:
    return Hiding([compared.base.document, compared.head.document])


def _differences(found: Sequence[Difference], hide: Hiding) -> list[dict[str, Any]]:
    return [
        {"actions": list(each.actions), "statement": each.path, "witness": hide.witness(each.witness.to_json())}
        for each in found
    ]


def summary(compared: Compared) -> str:
    """How the two stand to each other, in one line."""
    base, head, comparison = compared.base.path, compared.head.path, compared.comparison
    new = f"{head} allows what {base} does not"
    said = {
        Relation.EQUAL: "both allow the same",
        Relation.WIDER: new,
        Relation.NARROWER: f"{head} allows less than {base}, and nothing new",
        Relation.INCOMPARABLE: f"{new}, and no longer allows what {base} does",
        Relation.UNDECIDED: f"whether {head} allows anything new cannot be told",
    }[comparison.relation]
    if comparison.relation is Relation.UNDECIDED and not comparison.gained_doubts:
        first = new if comparison.gained else "nothing new is allowed"
        said = f"{first}, and whether anything no longer is cannot be told"
    elif comparison.relation is Relation.UNDECIDED and comparison.gained:
        said = f"{new}, and what else changes cannot be told"
    return escape(f"{comparison.relation.value}: {said}.")


def render(compared: Compared, look: Look, *, fails: bool, strict: bool = False) -> str:
    """The comparison as text."""
    comparison = compared.comparison
    sheet = Sheet([compared.base.document, compared.head.document], look)
    sheet.line(summary(compared))
    files = (compared.base, compared.head) if compared.base.path != compared.head.path else (compared.base,)
    for file in files:
        if file.document.problems:
            sheet.line(f"AWS rejects parts of {escape(str(file.path))}: `preflight policy` says which.")
    if comparison.relation is Relation.EQUAL:
        return sheet.text()
    inferred = " (--kind overrides)" if any(file.why for file in files) else ""
    sheet.line(f"Both were read as {ARTICLE[compared.head.document.kind]}{inferred}.")
    for file in files:
        if file.unwrapped:
            sheet.line(f"{escape(str(file.path))} was taken out of {file.unwrapped}.")
    sheet.line()
    _write(sheet, "Newly allowed", comparison.gained, compared.head)
    _write(sheet, "No longer allowed", comparison.lost, compared.base)
    gains = ((each.path, f"{each.reason}; this may hide a gain") for each in comparison.gained_doubts)
    losses = ((each.path, f"{each.reason}; this may hide a loss") for each in comparison.lost_doubts)
    sheet.places("Cannot be told", (*gains, *losses))
    sheet.closing()
    if exit_status(comparison, fails=fails, strict=strict) is Exit.FAILED:
        why = (
            "something is newly allowed" if comparison.gained else "under --strict, for something may be newly allowed"
        )
        sheet.line(f"failed: {why}.")
    return sheet.text()


def _write(sheet: Sheet, heading: str, found: Sequence[Difference], file: PolicyFile) -> None:
    if found:
        sheet.heading(heading)
    by_statement: dict[str, list[Difference]] = {}
    for each in found:
        by_statement.setdefault(each.path, []).append(each)
    for path, differences in sheet.most(list(by_statement.items())):
        statement = next((each for each in file.document.statements if each.path == path), None)
        sheet.title(path, (statement.sid if statement else None) or "", f"in {file.path}")
        names = {name for each in differences for name in each.actions}
        others = set(filter(_stands_for_others, names))
        if others:
            sheet.line("every action of the services that neither document names", _INDENT, hang=_INDENT)
        sheet.services(shares_of(names - others), _INDENT)
        sheet.example(telling(each.witness for each in differences))
        sheet.line()
    sheet.rest(list(by_statement), "statements")


def _stands_for_others(name: str) -> bool:
    """Whether an action is the one that the language room invents for all that no service lists."""
    service, _, action = name.partition(":")
    return action == "AnyAction" and table.service(service) is None
