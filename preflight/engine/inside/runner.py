"""Runs one program as the SDK's language host does, with the embedded engine in the real one's place."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn

from . import configuration, sdk, sources
from . import job as jobs
from .channel import BROKEN, Channel, encode
from .hiding import Hiding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

    from pulumi.runtime.proto.engine_pb2 import LogRequest

    from .job import Job
    from .monitor import Monitor
    from .stack_references import References
    from .traces import Traces

_OWN_FOLDER: Final = os.path.realpath(os.path.dirname(__file__))  # noqa: PTH120 - compared with code file names
_SETTLE_SECONDS: Final = 0.5
_PIECE: Final = 200
# Of the protocol's `LogSeverity`; 0 is for debugging.
_SEVERITIES: Final = {1: "info", 2: "warning", 3: "error"}


def run() -> NoReturn:
    """Take the job from the channel, run it, report and leave the process.

    The process ends at once after its last frame: threads that the program left running do not keep it alive.
    """
    channel = Channel()
    # Before the job is read: it comes late, and the time until then is not lost.
    unfit = sdk.unfit()
    if unfit:
        channel.send("failed", kind="environment", message=unfit, traceback="")
    else:
        run_of_job = Run(jobs.parse(channel.receive()), channel)
        try:
            run_of_job.report()
        except BaseException as error:  # noqa: BLE001 - json.dumps may be gone, or any part of Python
            _give_up(error, channel)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class Run:
    """One run of a program."""

    def __init__(self, job: Job, channel: Channel) -> None:
        self._job = job
        self._channel = channel
        self._sources = sources.Sources(job.root, job.main)
        # What was invented is no secret: that it is shown helps to see why a program fails.
        secret = {job.config[key] for key in job.secret_keys if key in job.config and not job.has_invented(key)}
        self._hide = Hiding(secret)
        self._reads = configuration.Reads(job, self._sources.of_frame, self._hide.secrets.append)
        self._through = False

    def report(self) -> None:
        """Run the program and send what is known at its end, however it ended."""
        # Imported after the check that there is a pulumi.
        from .monitor import Monitor
        from .stack_references import References
        from .traces import Traces

        references = References(self._job)
        traces = Traces(self._channel, self._sources)
        monitor = sdk.as_stub(Monitor)(self._job, self._channel, self._sources, traces, self._hide)
        error: BaseException | None = None
        try:
            signal.signal(signal.SIGTERM, _interrupt)
            self._execute(monitor, traces, references)
        except SystemExit as exit_:
            # Any object can be the code, and what it equals is the program's to say.
            passed = exit_.code is None or (isinstance(exit_.code, int) and int(exit_.code) == 0)
            error = None if passed else exit_
            if error is None and self._through:
                message = "a function given to apply ended the program: what would have followed is missing here"
                self._channel.notice("exit", message)
        except BaseException as raised:  # noqa: BLE001 - a program may raise anything
            error = raised
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        reads = self._reads
        configured = {"read": reads.frame(), "absent": sorted(reads.absent), "secret": sorted(reads.secret)}
        self._channel.send("configuration", **configured)
        self._channel.send("stack-outputs", invented=references.invented(), unused=references.unused())
        resources = monitor.state()
        # In pieces: all at once takes a large program several times the memory of its state.
        while piece := [encode(message) for message in islice(resources, _PIECE)]:
            self._channel.send("state", resources=piece)
        self._channel.send("end", complete=error is None)
        self._channel.send("literals", literals=self._literals(monitor))
        if error is not None:
            self._channel.send("failed", **self._failure(error))
        else:
            self._channel.send("done")

    def _execute(self, monitor: Monitor, traces: Traces, references: References) -> None:
        import pulumi.runtime

        from . import absent_files, applies, functions, mappings
        from .loop import InlineLoop

        job = self._job
        # A program finds its configuration in these, too, when the language host runs it.
        os.environ["PULUMI_CONFIG"] = json.dumps(job.config, separators=(",", ":"))
        os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(sorted(job.secret_keys))
        # Objects in configuration reach a program as texts, as they are in the job.
        pulumi.runtime.set_all_config(dict(job.config), sorted(job.secret_keys))
        wanted = {
            "project": job.project,
            "stack": job.stack,
            "organization": job.organization,
            "root_directory": os.fspath(job.root),
            "monitor": monitor,
            "engine": _Engine(self),
            "dry_run": True,
        }
        accepted = inspect.signature(pulumi.runtime.Settings.__init__).parameters
        settings: Any = pulumi.runtime.Settings
        pulumi.runtime.configure(settings(**{name: value for name, value in wanted.items() if name in accepted}))
        # One line of debug text per step of each resource goes to an engine that would drop it.
        pulumi.log.debug = _no_debug
        self._hide.install()
        functions.install(self._sources.of_frame)
        mappings.install()
        absent_files.install(self._channel, self._sources)
        self._reads.install(traces.source)
        references.install()
        traces.install()
        applies.install(self._channel, self._sources, traces)

        os.chdir(job.folder)
        sys.path.insert(0, os.fspath(job.folder))
        sys.argv = [os.fspath(job.main)]
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        loop = InlineLoop()
        asyncio.set_event_loop(loop)
        # As often as Python does by itself, collection takes two thirds of the time of a large program; never, a large
        # program takes half as much memory again. See the benchmarks.
        gc.set_threshold(400_000, 1_000, 1_000)
        gc.freeze()
        try:
            loop.run_until_complete(pulumi.runtime.run_in_stack(self._run_main))
        except BaseException:
            end = loop.time() + _SETTLE_SECONDS
            settled = False
            # An exit goes through every task that waits for the one it began in, and stops the loop each time.
            while not settled and loop.time() < end:
                with suppress(Exception, SystemExit, KeyboardInterrupt):
                    loop.run_until_complete(_settle(end))
                    settled = True
            raise

    def _run_main(self) -> None:
        main = self._job.main
        entry = main / "__main__.py" if main.is_dir() else main
        if not entry.is_file():
            message = f"there is no {entry}"
            raise ImportError(message)
        runpy.run_path(os.fspath(main), run_name="__main__")
        self._through = True

    def _literals(self, monitor: Monitor) -> list[dict[str, object]]:
        configured = set(self._job.config.values())
        wanted = [
            (secret, text)
            for secret in monitor.secret_texts()
            for text in sources.credentials(secret.text)
            # A configured word may well stand in the source for another reason; a generated one does not.
            if (text not in configured or sources.is_mixed(text))
            and sources.may_be_literal(secret.name, text, whole=text == secret.text, exported=secret.exported)
        ]
        # What a resource is given and an export shows again is one literal.
        given = {text for secret, text in wanted if not secret.exported}
        wanted = [(secret, text) for secret, text in wanted if not (secret.exported and text in given)]
        places = self._sources.literals(text for _, text in wanted)
        return [
            {"urn": one.urn, "type": one.type, "keys": one.keys, "member": text != one.text, **places[text]}
            for one, text in wanted
            if text in places
        ]

    def log(self, severity: str, message: str, urn: str) -> None:
        """Pass on what the program logs through `pulumi.log`."""
        self._channel.notice("log", self._hide(message), severity=severity, urn=urn)

    def _failure(self, error: BaseException) -> dict[str, object]:
        import pulumi

        tail = self._hide(self._tail(error))
        for cause in _chain(error):
            if isinstance(cause, pulumi.ConfigMissingError):
                command = f"pulumi config set {'--secret ' if cause.secret else ''}{cause.key} <value>"
                message = f"the program needs the configuration {cause.key}, which is not set"
                return {"kind": "config", "message": message, "traceback": tail, "key": cause.key, "command": command}
        if isinstance(error, SystemExit):
            message = f"the program ended itself with {self._hide(_written(repr, error.code))}"
            return {"kind": "exit", "message": message, "traceback": tail}
        if isinstance(error, KeyboardInterrupt):
            return {"kind": "exit", "message": "the program was interrupted", "traceback": tail}
        if isinstance(error, pulumi.RunError):
            # Errors of this class are written for users: the language host shows their text alone.
            return {"kind": "exception", "message": self._hide(_written(str, error)), "traceback": tail}
        kind = "import" if isinstance(error, ImportError) else "exception"
        message = self._hide(": ".join(filter(None, (type(error).__name__, _written(str, error)))))
        return {"kind": kind, "message": message, "traceback": tail}

    def _tail(self, error: BaseException) -> str:
        """The traceback from the program's first own frame on, without the engine's and without lines of source.

        A line of the program may hold a secret as a literal.
        """
        summary = traceback.TracebackException.from_exception(error, lookup_lines=False)
        pending: list[traceback.TracebackException | None] = [summary]
        while pending:
            current = pending.pop()
            if current is None:
                continue
            own = [index for index, frame in enumerate(current.stack) if self._sources.relative(frame.filename)]
            frames = current.stack[own[0] :] if own else []
            current.stack = _without_source(
                frame for frame in frames if not os.path.realpath(frame.filename).startswith(_OWN_FOLDER)
            )
            # Of a SyntaxError: the line with the mistake.
            current.text = ""
            pending += [current.__cause__, current.__context__, *(getattr(current, "exceptions", None) or ())]
        return "".join(summary.format())


def _give_up(error: BaseException, channel: Channel) -> None:
    """Say that this run cannot be told of, and where the error came from as far as that can still be said."""
    try:
        # Never the error's text: it may quote a value.
        lines = [*_without_source(traceback.extract_tb(error.__traceback__)).format(), type(error).__name__]
        channel.send("failed", kind="died", message=BROKEN, traceback="".join(lines))
    except BaseException:  # noqa: BLE001
        channel.send_broken()


def _without_source(frames: Iterable[traceback.FrameSummary]) -> traceback.StackSummary:
    """The same places, of which only file, line and function are shown."""
    bare = (traceback.FrameSummary(one.filename, one.lineno, one.name, lookup_line=False, line="") for one in frames)
    return traceback.StackSummary.from_list(bare)


def _written(write: Callable[[object], str], value: object) -> str:
    """`value` as text; how it writes itself is the program's code, which may raise anything."""
    try:
        return write(value)
    except BaseException:  # noqa: BLE001
        return f"<{type(value).__name__} that cannot be shown>"


class _Engine:
    """The SDK's other counterpart, which it logs to."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def Log(self, request: LogRequest) -> None:  # noqa: N802 - a name of the protocol
        """Pass a message on, unless it is for debugging."""
        severity = _SEVERITIES.get(request.severity)
        if severity is not None:
            self._run.log(severity, request.message, request.urn)

    def RequirePulumiVersion(self, request: object) -> None:  # noqa: N802
        """Every version is good enough: there is no engine whose age could matter."""
        del request


def _no_debug(msg: str, resource: object = None, stream_id: int | None = None, ephemeral: object = None) -> None:
    del msg, resource, stream_id, ephemeral


async def _settle(end: float) -> None:
    """Let what was declared before an exception come through, until `end`: the SDK does not wait after all of them."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        left = end - asyncio.get_running_loop().time()
        if left <= 0:
            return
        await asyncio.wait(others, timeout=left)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    # What is equal is the program's to say.
    while error is not None and not any(error is one for one in found):
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
