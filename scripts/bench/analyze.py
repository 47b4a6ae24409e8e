"""How long one request takes: all rules of the pack against a stock pack with one policy."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

# Not a public name: it is the service that a stock pack runs, and the only way to time it without its transport.
from pulumi_policy.policy import _PolicyAnalyzerServicer as StockServicer

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.pack import Servicer

from .figures import BenchError, Effort, Figure
from .processes import ROOT, connected, stock_pack
from .requests import SUBJECTS, Requests

_ANALYZE_BUDGET: Final = 3.0

Analyze = Callable[[pb.AnalyzeRequest, Any], object]


def the_pack() -> Servicer:
    """The pack's servicer with its rules as they are on by default."""
    return Servicer(RULES)


def one_policy() -> Any:  # noqa: ANN401 - the stock servicer has no types
    """The stock servicer with one policy that does nothing."""

    def nothing(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        del args, report_violation

    policy = ResourceValidationPolicy(name="nothing", description="Nothing.", validate=nothing)
    stock: Any = StockServicer
    return stock("stock", "0.0.1", [policy], EnforcementLevel.MANDATORY)


def seconds_a_call(sides: Sequence[Analyze], requests: Requests, effort: Effort) -> list[float]:
    """Processor seconds of one call, for each of `sides` its best round. `requests` makes so many, new each time."""
    size = _round_size(sides, requests, effort.seconds)
    best = [math.inf] * len(sides)
    for _ in range(effort.rounds):
        batch = requests(size)
        for index, analyze in enumerate(sides):
            best[index] = min(best[index], _timed(analyze, batch) / size)
    return best


def _round_size(sides: Sequence[Analyze], requests: Requests, seconds: float) -> int:
    """How many calls take the slowest side about `seconds`, at most 2000. Warms all sides up."""
    trial = requests(20)
    spent = [[_timed(analyze, trial) for _ in range(2)][-1] for analyze in sides]
    return max(1, min(2000, round(len(trial) * seconds / max(*spent, 1e-6))))


def _timed(analyze: Analyze, batch: Iterable[pb.AnalyzeRequest]) -> float:
    gc.collect()
    began = time.process_time()
    for request in batch:
        analyze(request, None)
    return time.process_time() - began


def seconds_a_request(
    sides: Sequence[Callable[[pb.AnalyzeRequest], object]], requests: Requests, wanted: int
) -> list[float]:
    """The median time on the clock of `wanted` requests, each sent to every side in turn."""
    spent: list[list[float]] = [[] for _ in sides]
    for request in requests(wanted):
        for times, side in zip(spent, sides, strict=True):
            began = time.perf_counter()
            side(request)
            times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in spent]


def analyze_figures(effort: Effort) -> Iterator[Figure]:
    """All rules on one request against a stock pack with one policy on the same request.

    What is bounded is what an engine waits for: an answer from the pack's process. The processor time of the two
    services without their transport stands beside it; there the reference never reads a document, and ours decides it.
    """
    ours, stock = the_pack(), one_policy()
    no_call: Any = None
    with stock_pack() as folder, connected(ROOT / "policypack") as pack, connected(folder) as reference:
        for subject in SUBJECTS:
            first = subject.request(0)
            if ours.Analyze(first, no_call).diagnostics:
                raise BenchError(f"{subject.name} is meant to be clean, so that what is timed is the judging alone")
            inside = seconds_a_call((ours.Analyze, stock.Analyze), subject.fresh(), effort)
            us, them = seconds_a_request((pack.Analyze, reference.Analyze), subject.fresh(), effort.requests)
            ms = " / ".join(f"{seconds * 1e3:.2f}" for seconds in (us, them))
            in_process = " / ".join(f"{seconds * 1e3:.3f}" for seconds in inside)
            yield Figure(
                name=f"Analyze of {subject.name}, {_bytes(first.ByteSize())}, all rules / stock pack with one policy",
                ratio=us / them,
                value=us / them,
                budget=_ANALYZE_BUDGET,
                limit=f"{_ANALYZE_BUDGET:.1f}x",
                measured=f"{ms} ms; in process {in_process} ms",
            )


def _bytes(size: int) -> str:
    return f"{size} B" if size < 1000 else f"{size / 1000:.1f} kB"
