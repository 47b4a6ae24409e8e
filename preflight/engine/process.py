"""Child processes: started, read without blocking them, and always ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Final, Self

_GRACE_SECONDS: Final = 2.0
_TAIL_LINES: Final = 40
# How long a pipe must be silent until it is asked whether anybody still writes to it.
_SILENT_MILLISECONDS: Final = 100
_PIECE: Final = 1024 * 1024
_LONGEST_LINE: Final = 512 * 1024 * 1024
_INTERRUPTED: Final = 2
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Running:
    """The children that run, and what to do when a signal ends this process."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._starting = False
        self._postponed = False
        self._leave: Callable[[], None] | None = None

    def leave_with(self, leave: Callable[[], None]) -> None:
        self._leave = leave
        for number in _ENDING:
            # Under nohup, or in the background of a shell, a signal is ignored on purpose.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._signalled)

    @contextlib.contextmanager
    def start(self) -> Iterator[None]:
        """A signal that comes while a process is started waits until that one is known here."""
        self._starting = True
        try:
            yield
        finally:
            self._starting = False
        if self._postponed:
            self._end()

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)
        if self._starting:
            self._postponed = True
        else:
            self._end()

    def _end(self) -> None:
        # No exception: one that is raised between any two instructions may be swallowed where nobody can catch it.
        if self._leave:
            self._leave()
        children = list(self.children)
        for child in children:
            child.tell(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.01, deadline - time.monotonic()))
            child.tell(signal.SIGKILL)
        os._exit(_INTERRUPTED)


_running: Final = _Running()


def end_on_signals(leave: Callable[[], None]) -> None:
    """End every child and then this process, with status 2, when it is interrupted, terminated or hung up on.

    `leave` runs first; it must not rely on any lock, because it runs between two instructions of anything.
    """
    _running.leave_with(leave)


class Child:
    """A process in its own group, with its standard error read in a thread. Ended when the context is left."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str] = os.environ,
        descriptors: Sequence[int] = (),
    ) -> None:
        """`descriptors` stay open in the process. Raises OSError where it cannot be started."""
        with _running.start():
            self.process = subprocess.Popen(
                list(command),
                cwd=folder,
                # As the language host sets it: a stock pack prints its port without flushing.
                env={**environment, "PYTHONUNBUFFERED": "1"},
                pass_fds=descriptors,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Its own group, so that what it starts ends with it and Ctrl-C reaches us first.
                start_new_session=True,
            )
            _running.children.append(self)
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.on_error_line: Callable[[str], None] | None = None
        self._ended = threading.Event()
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

    def lines(self, pipe: IO[bytes]) -> Iterator[bytes]:
        """The lines that the process writes to `pipe`, each with its end, until the process is gone.

        The pipe need not end then: what the process has started in a session of its own may keep it open. Whoever reads
        the lines to the end has closed the pipe.
        """
        pending: list[bytes] = []
        length = 0
        for piece in self._pieces(pipe):
            *ended, rest = piece.split(b"\n")
            for line in ended:
                yield b"".join((*pending, line, b"\n"))
                pending, length = [], 0
            pending.append(rest)
            length += len(rest)
            if length >= _LONGEST_LINE:
                yield b"".join(pending)
                pending, length = [], 0
        if length:
            yield b"".join(pending)

    def _pieces(self, pipe: IO[bytes]) -> Iterator[bytes]:
        # Past the buffer of `pipe`, whose lock would be held while this waits.
        descriptor = pipe.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        gone = False
        try:
            while not self._ended.is_set():
                if poll.poll(_SILENT_MILLISECONDS):
                    piece = os.read(descriptor, _PIECE)
                    if not piece:
                        return
                    yield piece
                elif gone:
                    return
                else:
                    gone = self.process.poll() is not None
        finally:
            pipe.close()

    def read_lines(self, pipe: IO[bytes], use: Callable[[str], None]) -> threading.Thread:
        """Hand each of the lines of `pipe` to `use` in a thread of its own."""

        def read() -> None:
            for line in self.lines(pipe):
                # A line that cannot be shown must not stop the reading: the process would wait for ever.
                with contextlib.suppress(ValueError, OSError):
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
        self.tell(signal.SIGTERM)
        try:
            self.process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.tell(signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(ValueError):
            _running.children.remove(self)
        self.finish_output()
        # Those who read the other pipes close them.
        self._ended.set()
        with contextlib.suppress(OSError):
            self.stdin.close()

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the process and everything in its group, as far as they are still there."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)
