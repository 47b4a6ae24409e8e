"""Findings in full for preflight: what the analyzer protocol has no room for.

A diagnostic is one text. A report also wants the property path, the witness, the fix and the evidence each on its
own, so the pack serves them beside the analyzer service, on the same port, to whoever subscribes: `Subscribe` turns
the collecting on, `Take` returns what has been found since the last call, `Times` how long each rule has run, and
`Types` the resource types that some rule reads by name. The engine never calls any of them, so there nothing is kept or
measured.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from time import perf_counter
from typing import Final

import grpc

from .findings import Level
from .judge import Judged

SERVICE: Final = "guardrails.Details"


class Collector:
    """Keeps findings, once somebody has subscribed, until they are taken."""

    def __init__(self) -> None:
        self._wanted = False
        self._lock = threading.Lock()
        self._kept: list[dict[str, object]] = []
        self._seconds: dict[str, float] = {}
        self.types: frozenset[str] = frozenset()

    def timed(self, rule: str, judged: Iterator[Judged]) -> Iterator[Judged]:
        """`judged` as it is, with the time it takes put down to `rule` once somebody has subscribed."""
        if not self._wanted:
            return judged
        start = perf_counter()
        found = list(judged)
        with self._lock:
            self._seconds[rule] = self._seconds.get(rule, 0.0) + perf_counter() - start
        return iter(found)

    def add(self, judged: Judged, *, mended: bool = False) -> None:
        """Keep `judged` if anyone has asked for details. `mended`: a remediation has taken care of it."""
        if self._wanted:
            with self._lock:
                self._kept.append(record(judged, Level.REMEDIATE if mended else judged.level))

    def subscribe(self, _request: bytes, _context: grpc.ServicerContext) -> bytes:
        self._wanted = True
        return b""

    def times(self, _request: bytes, _context: grpc.ServicerContext) -> bytes:
        with self._lock:
            return json.dumps(self._seconds).encode()

    def read_types(self, _request: bytes, _context: grpc.ServicerContext) -> bytes:
        return json.dumps(sorted(self.types)).encode()

    def take(self, _request: bytes, _context: grpc.ServicerContext) -> bytes:
        with self._lock:
            kept, self._kept = self._kept, []
        return json.dumps(kept).encode()


def record(judged: Judged, level: Level) -> dict[str, object]:
    """The members of a report's finding that the pack knows, by the names the report gives them."""
    return {
        "rule": judged.rule.id,
        "concern": judged.rule.concern.value,
        "severity": judged.severity.value,
        "enforcement": level.value,
        "outcome": judged.outcome.value,
        "evidence": judged.evidence.value,
        "urn": judged.urn,
        "type": judged.type,
        "name": judged.name,
        "path": judged.path,
        "message": judged.message,
        "fix": judged.fix,
        "witness": judged.witness,
        "docs": judged.rule.docs,
    }


def handler(collector: Collector) -> grpc.GenericRpcHandler[bytes, bytes]:
    """The service as a handler for a gRPC server; requests are empty, answers are JSON."""
    methods = {
        "Subscribe": collector.subscribe,
        "Take": collector.take,
        "Times": collector.times,
        "Types": collector.read_types,
    }
    return grpc.method_handlers_generic_handler(
        SERVICE, {name: grpc.unary_unary_rpc_method_handler(method) for name, method in methods.items()}
    )
