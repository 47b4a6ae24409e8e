"""Runs programs on the inner half of the embedded engine as the driver does: a subprocess and its frames."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2

import preflight.engine.inside

INSIDE = Path(preflight.engine.inside.__file__).parent


def plain(value: struct_pb2.Value):
    """A protobuf value as Python, marks left as they are on the wire."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return {key: plain(item) for key, item in value.struct_value.fields.items()}
        case "list_value":
            return [plain(item) for item in value.list_value.values]
        case "null_value":
            return None
        case kind:
            return getattr(value, kind)


def properties(message) -> dict:
    return {key: plain(item) for key, item in message.properties.fields.items()}


@dataclass
class Outcome:
    """The frames of one run, and what the program printed."""

    frames: list[dict]
    stderr: str

    def of(self, event: str) -> list[dict]:
        return [frame for frame in self.frames if frame["event"] == event]

    def notices(self, kind: str) -> list[dict]:
        return [frame for frame in self.of("notice") if frame["kind"] == kind]

    @property
    def end(self) -> dict:
        return self.frames[-1]

    @property
    def requests(self) -> dict[str, analyzer_pb2.AnalyzeRequest]:
        """The analysed resources by URN."""
        decoded = [analyzer_pb2.AnalyzeRequest.FromString(base64.b64decode(f["request"])) for f in self.of("resource")]
        return {message.urn: message for message in decoded}

    @property
    def state(self) -> dict[str, analyzer_pb2.AnalyzerResource]:
        """The resources of the state frames by URN."""
        texts = [text for frame in self.of("state") for text in frame["resources"]]
        decoded = [analyzer_pb2.AnalyzerResource.FromString(base64.b64decode(text)) for text in texts]
        return {message.urn: message for message in decoded}

    def inputs(self, name: str) -> dict:
        """The inputs of the resource of that name, as sent."""
        return properties(self.named(self.requests, name))

    def outputs(self, name: str) -> dict:
        """The outputs of the resource of that name, as sent."""
        return properties(self.named(self.state, name))

    def source(self, name: str) -> dict | None:
        urn = self.named(self.requests, name).urn
        return next(
            frame["source"]
            for frame in self.of("resource")
            if analyzer_pb2.AnalyzeRequest.FromString(base64.b64decode(frame["request"])).urn == urn
        )

    @property
    def exports(self) -> dict:
        return properties(self.named(self.state, "demo-dev"))

    @staticmethod
    def named(messages: dict, name: str):
        (found,) = [message for message in messages.values() if message.name == name]
        return found


def execute(root: Path, job: dict, answers: list[dict], timeout: float = 60) -> Outcome:
    lines = "".join(json.dumps(line) + "\n" for line in (job, *answers))
    done = subprocess.run(
        [sys.executable, str(INSIDE)],
        input=lines,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=root,
        check=True,
    )
    return Outcome([json.loads(line) for line in done.stdout.splitlines()], done.stderr)


def make_job(root: Path, **changes) -> dict:
    return {
        "project": "demo",
        "stack": "dev",
        "organization": "acme",
        "root_directory": str(root),
        "main": ".",
        "config": {},
        "secret_keys": [],
        "remediate": False,
    } | changes


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Outcome]:
    """Write a program (and other files) into an empty project and run it."""

    def run_program(
        source: str, *, files: dict[str, str] | None = None, answers: list[dict] | None = None, **job
    ) -> Outcome:
        for name, text in {"__main__.py": source, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return execute(tmp_path, make_job(tmp_path, **job), answers or [])

    return run_program


@pytest.fixture(scope="session")
def tools() -> SimpleNamespace:
    """The functions above, for tests that bring their own program."""
    return SimpleNamespace(execute=execute, make_job=make_job, properties=properties)
