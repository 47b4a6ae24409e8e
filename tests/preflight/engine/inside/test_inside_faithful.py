"""The embedded engine against recordings of the real one, a small program for each thing that programs do.

What differs must be explained by a row of `differences.DIFFERENCES`, every row must explain something, and the table
in `docs/embedded-engine.md` is the same. `tests/real_engine` holds the recordings to the real engine.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import faithful
import pytest
from differences import ABSENT, DIFFERENCES, Found, goes_on, reveal, stand_in
from pulumi.runtime import rpc

Json = dict[str, Any]


def recording(name: str) -> Json:
    found: Json = json.loads((faithful.RECORDINGS / f"{name}.json").read_text())
    return found


# Two programs at a time: while the tests look at one, the next one runs.
POOL = ThreadPoolExecutor(2)


@cache
def started(name: str) -> Future[Json]:
    def run() -> Json:
        with TemporaryDirectory() as folder:
            return faithful.embedded(name, Path(folder))

    return POOL.submit(run)


def embedded(name: str) -> Json:
    running = started(name)
    for following in faithful.NAMES[faithful.NAMES.index(name) + 1 :][:1]:
        started(following)
    return running.result()


def rows(found: Found) -> set[str]:
    return {name for name, one in DIFFERENCES.items() if one.covers(found)}


@pytest.mark.parametrize("name", faithful.NAMES)
def test_the_pack_is_sent_what_the_real_engine_sends(name: str) -> None:
    found = faithful.differences(name, recording(name), embedded(name))
    unexplained = [one for one in found if not rows(one)]
    assert unexplained == []


@pytest.mark.parametrize("name", faithful.NAMES)
def test_what_the_program_says_is_passed_on(name: str) -> None:
    ours = embedded(name)
    said = ours["printed"] + "".join(one["message"] for one in ours["report"].get("notices", []))
    assert [text for text in recording(name)["logged"] if text not in said] == []


# What the real engine says around the cause of a failure, or beside it.
_AROUND = re.compile(r"^(?:Exception: |Preview failed: |ValueError has risen: |invoke of \S+ failed: |Invoke: )+")
_BESIDE = re.compile(r"^(?:an unhandled error occurred: program exited|context canceled)")
PASSING = {name for one in DIFFERENCES.values() if one.explains is goes_on for name in one.programs}
FAILING = [name for name in faithful.NAMES if recording(name)["failed"] and name not in PASSING]
_SOURCE = re.compile(r" {4}\S")
_STATUS = re.compile(r"program exited with non-zero exit code: (\d+)$")


# The command that `automation` starts is there on one machine and not on another.
@pytest.mark.parametrize("name", sorted({*FAILING} - {"automation"}))
def test_a_failure_has_the_cause_that_the_real_engine_names(name: str) -> None:
    said = "".join(one["message"] + one["detail"] for one in embedded(name)["report"]["failures"])
    causes = [_AROUND.sub("", text) for text in recording(name)["errors"] if not _BESIDE.match(text)]
    # Of a program that ends itself the status is all.
    causes = causes or [
        f"ended itself with {status}" for text in recording(name)["errors"] for status in _STATUS.findall(text)
    ]
    assert causes != []
    # Lines of the source, which may hold a literal, stand in no report.
    assert [text for text in causes if text.strip() not in said and not _SOURCE.match(text)] == []


# What is not known in a preview and yet certain here, or an echo of what the program gave.
CERTAIN = {"certain-output", "id-of-a-read-resource", "function-of-a-planned-resource"}


@pytest.mark.parametrize("name", faithful.NAMES)
def test_what_a_preview_does_not_know_is_unknown_or_says_that_it_is_invented(name: str) -> None:
    found = faithful.differences(name, recording(name), embedded(name))
    told = [one for one in found if reveal(one.real) == rpc.UNKNOWN and one.ours != ABSENT]
    assert [one for one in told if not stand_in(one.ours) and not rows(one) & CERTAIN] == []


def test_every_named_difference_is_there() -> None:
    found = [one for name in faithful.NAMES for one in faithful.differences(name, recording(name), embedded(name))]
    assert {row for one in found for row in rows(one)} == DIFFERENCES.keys()
    assert {name for one in DIFFERENCES.values() for name in one.programs} <= {*faithful.NAMES}


def test_the_document_lists_the_differences() -> None:
    text = (faithful.ROOT / "docs" / "embedded-engine.md").read_text()
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", text, re.MULTILINE))
    assert listed == {name: one.reason for name, one in DIFFERENCES.items()}
