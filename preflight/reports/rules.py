"""The rules, listed or one of them explained, from their metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal

from rich.console import Console
from rich.table import Table

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.configuration import ConfigurationError, Configured, policies
from policypack.guardrails.findings import Level
from policypack.guardrails.rule import AnyRule, ProgramRule

from ..engine import policy_configuration
from ..errors import CheckError


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    wrap: bool = False


_COLUMNS: Final = (
    _Column("rule"),
    _Column("concern"),
    _Column("severity"),
    _Column("level"),
    _Column("title", wrap=True),
)
_NAMES: Final = tuple(column.name for column in _COLUMNS)
# What goes first where the terminal is too narrow; rule ids are never cut.
_DISPENSABLE: Final = ("title", "concern", "severity", "level")
_NARROWEST_TITLE: Final = 24
_GAP: Final = 1
_NAMED: Final = 10

Levels = Mapping[str, Level]


def levels(policy_config: Path | None) -> Levels:
    """The level of every rule under this configuration. Raises CheckError where the file cannot be used."""
    given = policy_configuration.read(policy_config)
    ids = [rule.id for rule in RULES]
    entries = {**policy_configuration.for_rules(ids, given), **policy_configuration.strangers(given, ids)}
    configured = {name: Configured(entry.level, entry.settings) for name, entry in entries.items()}
    try:
        return {name: policy.level for name, policy in policies(RULES, configured).items()}
    except ConfigurationError as error:
        raise CheckError(f"policy configuration: {error}") from error


def as_json(name: str | None, effective: Levels) -> str:
    """All rules, or the one named, as JSON."""
    content: object = (
        _described(_find(name), effective) if name else {"rules": [_described(rule, effective) for rule in RULES]}
    )
    return json.dumps(content, indent=2) + "\n"


def as_text(name: str | None, effective: Levels, *, width: int | None = None, color: bool = False) -> str:
    """All rules as a table, or everything about the one named. `width` None does not wrap."""
    if name:
        return _explanation(_find(name), effective)
    rows = [
        dict(zip(_NAMES, (rule.id, rule.concern, rule.severity.value, effective[rule.id], rule.title), strict=True))
        for rule in RULES
    ]
    columns, needed = _fitting(rows, width)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    for column in columns:
        table.add_column(column.name, no_wrap=not column.wrap, overflow="fold")
    for row in rows:
        table.add_row(*(row[column.name] for column in columns))
    out = io.StringIO()
    system: Literal["standard"] | None = "standard" if color else None
    console = Console(
        file=out, width=max(width or 10_000, needed), force_terminal=color, color_system=system, highlight=False
    )
    console.print(table)
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def _fitting(rows: Sequence[Mapping[str, str]], width: int | None) -> tuple[list[_Column], int]:
    """The columns that fit into `width`, and the width that they need."""
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in _NAMES}
    widths["title"] = _NARROWEST_TITLE
    columns = list(_COLUMNS)
    dropped = iter(_DISPENSABLE)
    while True:
        needed = sum(widths[column.name] + _GAP for column in columns)
        if width is None or needed <= width or len(columns) == 1:
            return columns, needed
        name = next(dropped)
        columns = [column for column in columns if column.name != name]


def _find(name: str) -> AnyRule:
    by_id = {rule.id: rule for rule in RULES}
    if name in by_id:
        return by_id[name]
    folded = name.lower()
    holding = sorted((each for each in by_id if folded in each), key=lambda each: (not each.startswith(folded), each))
    if len(holding) > 1:
        more = f" and {len(holding) - _NAMED:,} more" if len(holding) > _NAMED else ""
        raise CheckError(
            f"there is no rule {name!r}; these have it in their name: {', '.join(holding[:_NAMED])}{more}."
        )
    close = holding or get_close_matches(name, by_id, n=1, cutoff=0.4)
    hint = f"did you mean {close[0]!r}?" if close else "`preflight rules` lists them."
    raise CheckError(f"there is no rule {name!r}; {hint}")


def _described(rule: AnyRule, effective: Levels) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "concern": rule.concern.value,
        "severity": rule.severity.value,
        "level": effective[rule.id].value,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "controls": list(rule.controls),
        "types": [] if isinstance(rule, ProgramRule) else list(rule.types),
        "evidence": "program" if isinstance(rule, ProgramRule) else "wire",
        "remediates": not isinstance(rule, ProgramRule) and rule.remediate is not None,
        "settings": {key: dict(schema) for key, schema in rule.settings.items()},
        "settings_of": list(rule.settings_of),
        "docs": rule.docs,
    }


def _explanation(rule: AnyRule, effective: Levels) -> str:
    described = _described(rule, effective)
    lines = [f"{rule.id}: {rule.title}", ""]
    lines += [f"{name}: {described[name]}" for name in ("concern", "severity", "level", "evidence")]
    if described["types"]:
        lines.append(f"reads: {', '.join(described['types'])}")
    elif described["evidence"] == "wire":
        lines.append("reads: every type")
    if described["controls"]:
        lines.append(f"controls: {', '.join(described['controls'])}")
    if described["remediates"]:
        lines.append("remediates: at the level `remediate`")
    lines += [f"setting {key}: {json.dumps(schema)}" for key, schema in described["settings"].items()]
    lines += [f"settings of: {other}" for other in described["settings_of"]]
    fix = [f"    {line}" for line in rule.fix.split("\n")]
    lines += ["", f"why: {rule.why}", "", "fix:", *fix, "", f"docs: {rule.docs}"]
    return "\n".join(lines) + "\n"
