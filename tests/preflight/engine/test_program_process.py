"""The program's process, with a stand-in for the part that runs inside it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from preflight.engine.program import Program
from preflight.errors import CheckError

Start = Callable[..., Program]


@contextmanager
def started(tmp_path: Path, inside: str, timeout: float = 20.0) -> Iterator[Program]:
    script = tmp_path / "inside"
    script.mkdir()
    (script / "__main__.py").write_text("import json, sys, os, time\n" + inside)
    with closing(Program(Path(sys.executable), tmp_path, inside=script, timeout=timeout)) as program:
        yield program


def test_a_job_goes_in_and_frames_come_out(tmp_path: Path) -> None:
    inside = """
job = json.loads(sys.stdin.readline())
print(json.dumps({"event": "notice", "kind": job["project"], "message": os.getcwd()}))
print(json.dumps({"event": "done"}), flush=True)
print(json.dumps({"event": "notice", "kind": "late", "message": ""}), flush=True)
"""
    with started(tmp_path, inside) as program:
        program.send({"project": "shop"})
        frames = list(program.frames())
    assert frames == [{"event": "notice", "kind": "shop", "message": str(tmp_path)}, {"event": "done"}]


def test_an_answer_is_waited_for(tmp_path: Path) -> None:
    inside = """
print(json.dumps({"event": "remediate"}), flush=True)
print(json.dumps({"event": "failed", "message": json.loads(sys.stdin.readline())["properties"]}), flush=True)
"""
    with started(tmp_path, inside) as program:
        frames = program.frames()
        assert next(frames) == {"event": "remediate"}
        program.send({"properties": "abc"})
        assert next(frames)["message"] == "abc"


def test_more_frames_than_are_kept_waiting(tmp_path: Path) -> None:
    inside = """
for number in range(5000):
    print(json.dumps({"event": "resource", "number": number}))
print(json.dumps({"event": "done"}), flush=True)
"""
    with started(tmp_path, inside) as program:
        assert [frame.get("number") for frame in program.frames()] == [*range(5000), None]


def test_a_frame_of_megabytes(tmp_path: Path) -> None:
    with started(tmp_path, 'print(json.dumps({"event": "done", "text": "x" * 5_000_000}), flush=True)') as program:
        assert len(next(program.frames())["text"]) == 5_000_000


@pytest.mark.parametrize(
    ("inside", "how"),
    [
        pytest.param("raise SystemExit(7)", "ended with status 7", id="exit"),
        pytest.param("os.kill(os.getpid(), 9)", "killed by signal 9", id="killed"),
        pytest.param("sys.stderr.write('last words'); sys.exit(1)", "ended with status 1", id="words"),
    ],
)
def test_a_process_that_ends_too_early(tmp_path: Path, inside: str, how: str) -> None:
    with started(tmp_path, inside) as program:
        (frame,) = program.frames()
    assert frame["event"] == "failed"
    assert how in frame["message"]
    # What it printed may be secret, and only its process knew.
    assert "last words" not in json.dumps(frame)


def test_a_process_that_hangs(tmp_path: Path) -> None:
    with started(tmp_path, "time.sleep(60)", timeout=0.3) as program:
        (frame,) = program.frames()
        process = program.child.process
    assert (frame["event"], frame["kind"]) == ("failed", "timeout")
    assert process.poll() is not None


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_what_it_starts_ends_with_it(tmp_path: Path) -> None:
    inside = """
child = os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "60")
print(json.dumps({"event": "done", "child": child}), flush=True)
time.sleep(60)
"""
    with started(tmp_path, inside) as program:
        child = next(program.frames())["child"]
    # SIGKILL is sent, not awaited: the kernel ends what is no child of ours when it next runs it.
    deadline = time.monotonic() + 10
    while lives(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not lives(child)


@pytest.mark.parametrize(("end", "kind"), [("time.sleep(60)", None), ("os._exit(3)", "died")], ids=["hangs", "dies"])
def test_what_it_starts_in_another_session_is_not_waited_for(tmp_path: Path, end: str, kind: str | None) -> None:
    inside = f"""
import subprocess
child = subprocess.Popen(["sleep", "40"], start_new_session=True).pid
print(json.dumps({{"event": "child", "child": child}}), flush=True)
{"print(json.dumps({'event': 'done'}), flush=True)" if kind is None else ""}
{end}
"""
    with started(tmp_path, inside) as program:
        first, last = program.frames()
    assert last.get("kind") == kind
    # It has the other ends of the pipes open still.
    assert lives(first["child"])
    os.kill(first["child"], signal.SIGKILL)


def test_a_line_in_pieces_and_one_without_an_end(tmp_path: Path) -> None:
    lines: list[str] = []
    inside = """
sys.stdin.readline()
for piece in ("a", "b\\nc\\n\\nd\\re", "f"):
    sys.stderr.write(piece)
    sys.stderr.flush()
    time.sleep(0.05)
"""
    with started(tmp_path, inside) as program:
        program.show_output(lines.append)
        program.send({})
        list(program.frames())
    assert lines == ["ab", "c", "", "d\ref"]


@pytest.mark.parametrize("line", ["not json", "[1]", '{"no": "event"}'])
def test_what_is_not_a_frame(tmp_path: Path, line: str) -> None:
    with (
        started(tmp_path, f"print({line!r}, flush=True); time.sleep(5)") as program,
        pytest.raises(CheckError, match="frame"),
    ):
        list(program.frames())


def test_what_the_program_prints(tmp_path: Path) -> None:
    lines: list[str] = []
    inside = """
sys.stdin.readline()
sys.stderr.write("one\\ntwo\\n")
sys.stderr.flush()
print(json.dumps({"event": "done"}), flush=True)
"""
    with started(tmp_path, inside) as program:
        program.show_output(lines.append)
        program.send({})
        list(program.frames())
    assert lines == ["one", "two"]


def test_an_interpreter_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="choose another with --python"):
        Program(tmp_path / "nothing", tmp_path)


def test_a_job_for_a_process_that_is_gone(tmp_path: Path) -> None:
    with started(tmp_path, "sys.exit(0)") as program:
        list(program.frames())
        program.send({"large": "x" * 1_000_000})
        assert json.dumps(program.child.process.returncode) == "0"
