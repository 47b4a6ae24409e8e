"""The rules, listed or one of them explained, from their metadata."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.rule import AnyRule, ProgramRule, ResourceRule

from ..errors import CheckError


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    wrap: bool = False


_COLUMNS = (_Column("rule"), _Column("concern"), _Column("severity"), _Column("level"), _Column("title", wrap=True))


def as_json(name: str | None) -> str:
    """All rules, or the one named, as JSON."""
    content: object = _described(_find(name)) if name else {"rules": [_described(rule) for rule in RULES]}
    return json.dumps(content, indent=2) + "\n"


def as_text(name: str | None, *, width: int | None = None, color: bool = False) -> str:
    """All rules as a table, or everything about the one named. `width` None does not wrap."""
    if name:
        return _explanation(_find(name))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in _COLUMNS:
        table.add_column(column.name, no_wrap=not column.wrap, overflow="fold")
    for rule in RULES:
        level = rule.default_level.value
        table.add_row(rule.id, rule.concern.value, rule.severity.value, level, rule.title)
    out = io.StringIO()
    system: Literal["standard"] | None = "standard" if color else None
    console = Console(file=out, width=width or 10_000, force_terminal=color, color_system=system, highlight=False)
    console.print(table)
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def _find(name: str) -> AnyRule:
    by_id = {rule.id: rule for rule in RULES}
    if name in by_id:
        return by_id[name]
    close = get_close_matches(name, by_id, n=1, cutoff=0.4)
    hint = f"did you mean {close[0]!r}?" if close else "`preflight rules` lists them."
    raise CheckError(f"there is no rule {name!r}; {hint}")


def _described(rule: AnyRule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "concern": rule.concern.value,
        "severity": rule.severity.value,
        "level": rule.default_level.value,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "controls": list(rule.controls),
        "types": [] if isinstance(rule, ProgramRule) else list(rule.types),
        "evidence": "program" if isinstance(rule, ProgramRule) else "wire",
        "remediates": isinstance(rule, ResourceRule) and rule.remediate is not None,
        "settings": {key: dict(schema) for key, schema in rule.settings.items()},
        "docs": rule.docs,
    }


def _explanation(rule: AnyRule) -> str:
    described = _described(rule)
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
    fix = [f"    {line}" for line in rule.fix.split("\n")]
    lines += ["", f"why: {rule.why}", "", "fix:", *fix, "", f"docs: {rule.docs}"]
    return "\n".join(lines) + "\n"
