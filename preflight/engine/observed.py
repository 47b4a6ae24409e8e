"""What a program's frames say, as they come in."""

from __future__ import annotations

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails import wire
from policypack.guardrails.messages import escape
from policypack.guardrails.model import STACK_TYPE
from policypack.guardrails.secrets.search import is_telling

from ..redact import Redactor
from ..report import UNCHECKED_TYPE, Failure, Notice, Place, default_provider
from . import uploads
from .analyzer import Analyzer
from .program import Frame, Program

# What the program says with `pulumi.log`. An error logged there stays in the report; a preview shows it and goes on.
_LOG: Final = "log"
# The kinds of failure whose traceback shows where in the program.
_PLACED: Final = ("exception", "import", "timeout")
_MARK: Final = wire.SECRET.encode()
_FRAME: Final = re.compile(r'^[ |]*File "([^"]+)", line (\d+)', re.MULTILINE)

# What to do about a program that did not run through, by the kind of failure.
_HINTS: Final = {
    "exception": "correct the program, or set what it lacks",
    "exit": "let the program run to its end",
    "import": "install what is missing for {python}, or choose another Python with --python",
    "died": "look at what it printed last",
    "timeout": "see what it waits for, or give it longer with --timeout",
}


class Observed:
    """What has been seen of one program. Each resource is handed to the pack as it comes."""

    def __init__(
        self, analyzer: Analyzer, program: Program, redact: Redactor, show: Callable[[str], None], root: Path
    ) -> None:
        """`root` is the project's folder, to which the places of errors are relative."""
        self._root = os.path.realpath(root)
        self._analyzer = analyzer
        self._program = program
        self._redact = redact
        self._show = show
        self.resources = 0
        self.complete = False
        self.said_nothing = False
        self._frames = 0
        self._with_secrets: list[bytes] = []
        self.state: list[bytes] = []
        self.sources: dict[str, Place] = {}
        self.notices: list[Notice] = []
        self.failures: list[Failure] = []
        self.literals: list[Frame] = []
        self.uploads: list[uploads.Upload] = []
        self.problems: list[Frame] = []
        self.invented: list[Frame] = []
        self.absent: list[str] = []
        self.read_as_secret: list[str] = []
        self.unused_outputs: list[str] = []
        self.invented_outputs: list[str] = []

    @property
    def secrets(self) -> list[str]:
        """The values that some input is marked secret for, without what is too short or too common to tell."""
        requests = map(pb.AnalyzeRequest.FromString, self._with_secrets)
        leaves = (leaf for request in requests for top in wire.resource(request).values() for leaf in top.leaves())
        return sorted({leaf.text for leaf in leaves if leaf.secret and leaf.text and is_telling(leaf.text)})

    def take(self, frame: Frame) -> None:
        """Act on one frame; an unknown event is passed over. Raises CheckError where the pack fails."""
        actions: dict[str, Callable[[Frame], None]] = {
            "resource": self._resource,
            "remediate": self._remediate,
            "state": self._state,
            "end": self._end,
            "invoke-problem": self.problems.append,
            "configuration": self._configuration,
            "stack-outputs": self._stack_outputs,
            "literals": lambda these: self.literals.extend(these["literals"]),
            "notice": self._notice,
            "failed": self._failed,
        }
        self._frames += 1
        action = actions.get(frame["event"])
        if action:
            action(frame)

    def _resource(self, frame: Frame) -> None:
        raw = b64decode(frame["request"])
        request = pb.AnalyzeRequest.FromString(raw)
        source = place(frame.get("source"))
        if source and request.type != STACK_TYPE:
            self.sources[request.urn] = source
        self.uploads += uploads.named(request.urn, raw, request.properties)
        if _MARK in raw:
            self._with_secrets.append(raw)
        self.resources += not default_provider(request.urn)
        self._analyzer.analyze(raw, request.urn, request.type)

    def _remediate(self, frame: Frame) -> None:
        mended = self._analyzer.remediate(b64decode(frame["request"]))
        self._program.send({"properties": None if mended is None else b64encode(mended).decode()})

    def _state(self, frame: Frame) -> None:
        self.state += [b64decode(raw) for raw in frame["resources"]]

    def _end(self, frame: Frame) -> None:
        self.complete = frame["complete"] is True

    def _configuration(self, frame: Frame) -> None:
        self.invented = frame["read"]
        self.absent = frame["absent"]
        self.read_as_secret = frame["secret"]

    def _stack_outputs(self, frame: Frame) -> None:
        self.invented_outputs = frame["invented"]
        self.unused_outputs = frame["unused"]

    def _notice(self, frame: Frame) -> None:
        message = self._redact(str(frame.get("message", "")))
        kind = str(frame.get("kind", ""))
        if kind == _LOG:
            severity = frame.get("severity")
            self._show(f"{severity}: {message}")
            if severity != "error":
                return
        if kind == UNCHECKED_TYPE:
            message = str(frame["type"])
        self.notices.append(Notice(subject=0, kind=kind, message=message, source=place(frame.get("source"))))

    def _failed(self, frame: Frame) -> None:
        kind = str(frame.get("kind", ""))
        hint = _HINTS.get(kind, "").format(python=self._program.python)
        trace = str(frame.get("traceback") or "")
        text = escape(self._redact(str(frame.get("message", ""))))
        where = self._where(trace) if kind in _PLACED else ""
        if frame.get("command"):
            hint = f"set it with `{frame['command']}`, or for this run with --config"
        self.said_nothing = kind == "died" and self._frames == 1
        said = f"{text} (at {where})" if where else text
        message = self._redact("; ".join(filter(None, (said, hint))) + ".")
        detail = self._redact(trace)
        self.failures.append(Failure(subject=0, kind=kind, message=message, detail=detail))

    def _where(self, trace: str) -> str:
        """The program's own innermost line in a traceback, `FILE:LINE`; empty where none of its lines is in it."""
        for file, line in reversed(_FRAME.findall(trace)):
            path = os.path.realpath(file)
            if path.startswith(self._root + os.sep) and "site-packages" not in path:
                return f"{os.path.relpath(path, self._root)}:{line}"
        return ""


def place(source: object) -> Place | None:
    """A line of the program from a frame's `source`; None where the frame has none."""
    if not isinstance(source, dict) or not source.get("file"):
        return None
    return Place(str(source["file"]), int(source.get("line") or 0))
