"""Child processes: started, read without blocking them, and always ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_GRACE_SECONDS = 2.0
_TAIL_LINES = 40


class Child:
    """A process in its own group, with its standard error read in a thread. Ended when the context is left."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
        """Raises OSError where the process cannot be started."""
        self.process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Its own group, so that what it starts ends with it and Ctrl-C reaches us first.
            start_new_session=True,
        )
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.on_error_line: Callable[[str], None] | None = None
        self._reader = self.read_lines(self._pipe(self.process.stderr), self._error_line)

    @property
    def stdin(self) -> IO[bytes]:
        return self._pipe(self.process.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        return self._pipe(self.process.stdout)

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None  # noqa: S101 - all three are pipes, as asked for above
        return pipe

    @staticmethod
    def read_lines(pipe: IO[bytes], use: Callable[[str], None]) -> threading.Thread:
        """Hand each line of `pipe` to `use` in a thread of its own, until the pipe ends."""

        def read() -> None:
            with contextlib.suppress(ValueError, OSError):  # the pipe was closed while it was read
                for line in pipe:
                    use(line.decode("utf-8", "replace").rstrip("\r\n"))

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def _error_line(self, line: str) -> None:
        self.tail.append(line)
        if self.on_error_line:
            self.on_error_line(line)

    def finish_output(self, timeout: float = 1.0) -> None:
        """Wait until everything the process has written to its standard error was read."""
        self._reader.join(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """End the process and everything in its group."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._signal(signal.SIGKILL)
        self.process.wait()
        self.finish_output()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)
