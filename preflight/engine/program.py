"""The program's process: started early, given its job when the configuration is ready, read frame by frame.

A frame is one JSON object a line on the process's stdout; what the program itself prints comes on its stderr.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ..errors import CheckError
from . import environment
from .process import Child

Frame = dict[str, Any]

_INSIDE: Final = Path(__file__).parent / "inside"
# Frames that wait to be read; the program waits too when there are more.
_WAITING: Final = 1_000
_NEVER_ENDING: Final = b""
_STACK_SECONDS: Final = 5.0
_ENDING_SECONDS: Final = 2.0
_STACK_BYTES: Final = 65_536
_LAST: Final = frozenset({"done", "failed"})
TIMEOUT_SECONDS: Final = 900.0


class Program:
    """One run of one program."""

    def __init__(self, python: Path, folder: Path, *, inside: Path = _INSIDE, timeout: float = TIMEOUT_SECONDS) -> None:
        """Raises CheckError where the interpreter cannot be started."""
        self.python = python
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._queue: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._closed = threading.Event()
        # Where the program's process writes its stack when it is asked to: past its streams, which are the program's.
        self._stack, writing = os.pipe()
        try:
            command = [str(python), str(inside), str(writing)]
            self.child = Child(command, folder, environment.activated(python), [writing])
        except OSError as error:
            os.close(self._stack)
            raise CheckError(f"{python} cannot be started: {error.strerror}; choose another with --python.") from error
        finally:
            os.close(writing)
        threading.Thread(target=self._read, daemon=True).start()

    def close(self) -> None:
        """End the program."""
        self._closed.set()
        self.child.end()
        with contextlib.suppress(OSError):
            os.close(self._stack)

    def show_output(self, show: Callable[[str], None]) -> None:
        """Hand every line that the program prints to `show`, in another thread."""
        self.child.on_error_line = show

    def send(self, message: Mapping[str, object]) -> None:
        """Send one line: the job, or the answer to a `remediate` frame. A program that is gone gets nothing."""
        with contextlib.suppress(BrokenPipeError):
            self.child.stdin.write(json.dumps(message).encode() + b"\n")
            self.child.stdin.flush()

    def frames(self) -> Iterator[Frame]:
        """The frames up to and including the last one, which is `done` or `failed`.

        A process that ends without saying so gives a `failed` frame of the kind `died`; one that is not through in
        time gives one of the kind `timeout`, with the stack of its main thread. What waits to be read then is read.
        """
        late = 0
        while True:
            left = self._deadline - time.monotonic()
            late += left < 0
            try:
                line = self._queue.get(timeout=max(0.0, left)) if late <= _WAITING else _NEVER_ENDING
            except queue.Empty:
                line = _NEVER_ENDING
            if line == _NEVER_ENDING:
                yield from self._timed_out()
                return
            if line is None:
                yield self._died()
                return
            frame = _decode(line)
            yield frame
            if frame["event"] in _LAST:
                return

    def _read(self) -> None:
        for line in self.child.lines(self.child.stdout):
            self._put(line)
        self._put(None)

    def _put(self, line: bytes | None) -> None:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(line, timeout=0.2)
                return

    def _timed_out(self) -> Iterator[Frame]:
        """What the program still sends when it is told to end, then why it was."""
        where = self._where()
        self.child.tell(signal.SIGTERM)
        end = time.monotonic() + _ENDING_SECONDS
        with contextlib.suppress(queue.Empty):
            while line := self._queue.get(timeout=max(0.0, end - time.monotonic())):
                frame = _decode(line)
                if frame["event"] in _LAST or time.monotonic() > end:
                    break
                yield frame
        message = f"the program was not through after {self._timeout:g} seconds"
        yield {"event": "failed", "kind": "timeout", "message": message, "traceback": where}

    def _where(self) -> str:
        """The stack of the program's main thread, innermost line last; empty where its process does not say.

        Only a process that has said that it listens is asked: the signal ends any other, such as a Python that still
        starts. It need not be the child: that may be a script that runs a Python and waits.
        """
        with contextlib.suppress(OSError, ValueError):
            process = int(self._written(0))
            if self.child.process.poll() is None and os.getpgid(process) == self.child.process.pid:
                os.kill(process, signal.SIGUSR1)
                lines = self._written(_STACK_SECONDS).splitlines()
                return "\n".join(reversed([line for line in lines if line.startswith("  File ")]))
        return ""

    def _written(self, seconds: float) -> str:
        """What the process has written past its streams, waiting that long for a beginning."""
        written = b""
        while select.select([self._stack], [], [], seconds)[0]:
            piece = os.read(self._stack, _STACK_BYTES)
            if not piece:
                break
            written += piece
            # A stack comes in pieces, quickly.
            seconds = 0.05 if seconds else 0
        return written.decode("utf-8", "replace")

    def _died(self) -> Frame:
        with contextlib.suppress(Exception):
            self.child.process.wait(1.0)
        self.child.finish_output()
        status = self.child.process.poll()
        how = f"was killed by signal {-status}" if status is not None and status < 0 else f"ended with status {status}"
        return {
            "event": "failed",
            "kind": "died",
            "message": f"the program's process {how} before it was through",
            # What it printed last was shown as it came. Only its process knew which values are secret.
            "traceback": "",
        }


def _decode(line: bytes) -> Frame:
    try:
        frame = json.loads(line)
    except ValueError as error:
        raise CheckError("the program's process sent something that is not a frame; report this as a bug.") from error
    if not isinstance(frame, dict) or not isinstance(frame.get("event"), str):
        raise CheckError("the program's process sent a frame without an event; report this as a bug.")
    return frame
