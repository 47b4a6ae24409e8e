"""How long all rules over a stack take, and how that grows with the stack."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Final

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.judge import Scene, default_policy, judge_stack
from policypack.guardrails.model import Resource, Run, Stack
from policypack.guardrails.rule import StackRule

from .figures import Figure

TIMES: Final = 10
# Ten times as many, and a little for memory that is farther away.
_BUDGET: Final = 12.0


def judged(resources: Iterable[Resource]) -> tuple[float, Counter[str]]:
    """The processor time of all rules over a stack, in seconds, and how many findings each has."""
    everything = tuple(resources)
    stack, scene = Stack(everything), Scene(everything, Run())
    rules = [rule for rule in RULES if isinstance(rule, StackRule)]
    start = time.process_time()
    found = [one for rule in rules for one in judge_stack(default_policy(rule), stack, scene)]
    return time.process_time() - start, Counter(one.rule.id for one in found)


def growth(of: str, count: int, few: float, many: float, beside: str = "") -> Figure:
    """`TIMES` as many of something against the first `count`: seconds of processor time."""
    return Figure(
        name=f"The rules over a stack of {count * TIMES:,} {of} / of {count:,}",
        ratio=many / few,
        value=many / few,
        budget=_BUDGET,
        limit=f"{_BUDGET:g}x",
        measured=f"{many:.1f} s against {few:.2f} s of processor time" + (f", with {beside}" if beside else ""),
    )
