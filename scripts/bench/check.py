"""How long a pack takes to start, and `preflight check` on the program of this repository."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .figures import Effort, Figure
from .processes import ROOT, Spent, alternate, run, start_to_port, stock_pack

_START_BUDGET: Final = 1.2
_CHECK_BUDGET_S: Final = 1.0
_MEMORY_BUDGET_MB: Final = 300.0


def start_figure(effort: Effort) -> Figure:
    """Start to port against a stock pack with one policy."""
    with stock_pack() as stock:
        us, them = alternate((lambda: start_to_port(ROOT / "policypack"), lambda: start_to_port(stock)), effort.starts)
    return Figure(
        name="Start to port, the pack / stock pack with one policy",
        ratio=us / them,
        value=us / them,
        budget=_START_BUDGET,
        limit=f"{_START_BUDGET:.1f}x",
        measured=f"{us:.3f} s / {them:.3f} s",
    )


def sdk_names(program: Path) -> list[str]:
    """Every dotted name of a provider SDK that the Python files of `program` use, such as `pulumi_aws.s3.Bucket`.

    A name and not only its package, because the SDKs load their modules when a name in them is first asked for.
    """
    names: set[str] = set()
    for file in sorted(program.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        packages: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                packages |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                packages |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in ast.walk(tree):
            root, _, rest = ast.unparse(node).partition(".") if isinstance(node, ast.Attribute) else ("", "", "")
            if rest and root in packages and all(part.isidentifier() for part in rest.split(".")):
                names.add(f"{packages[root]}.{rest}")
        names |= set(packages.values())
    return sorted(name for name in names if name.startswith("pulumi_"))


def import_command(names: Sequence[str]) -> list[str]:
    """The command that loads the modules of `names` and ends at once, as taking an interpreter down is no import."""
    packages = sorted({name.partition(".")[0] for name in names})
    return ["-c", "\n".join(["import os, pulumi", *(f"import {one}" for one in packages), *names, "os._exit(0)"])]


def check_figures(effort: Effort) -> Iterator[Figure]:
    """`preflight check infra`, start to exit, against importing the SDK modules that infra uses; then its memory."""
    names = sdk_names(ROOT / "infra")
    modules = sorted({".".join(name.split(".")[:2]) for name in names if "." in name})
    importing: list[Spent] = []
    checking: list[Spent] = []

    def measure(command: Sequence[str], into: list[Spent]) -> float:
        into.append(run(command))
        return into[-1].seconds

    us, sdk = alternate(
        (
            lambda: measure(["-m", "preflight", "check", "infra", "--stack", "dev"], checking),
            lambda: measure(import_command(names), importing),
        ),
        effort.runs,
    )
    yield Figure(
        name=f"`preflight check infra`, start to exit / importing its {len(modules)} SDK modules",
        ratio=us / sdk,
        value=us - sdk,
        budget=_CHECK_BUDGET_S,
        limit=f"+{_CHECK_BUDGET_S:.0f} s",
        measured=f"{us - sdk:+.2f} s: {us:.2f} s / {sdk:.2f} s",
    )
    ours, theirs = (max(spent.megabytes for spent in runs) for runs in (checking, importing))
    yield Figure(
        name="Peak memory of the largest process of that check / of that import",
        ratio=ours / theirs,
        value=ours,
        budget=_MEMORY_BUDGET_MB,
        limit=f"{_MEMORY_BUDGET_MB:.0f} MB",
        measured=f"{ours:.0f} MB / {theirs:.0f} MB",
    )
