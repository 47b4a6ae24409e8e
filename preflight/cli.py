"""The command line. Imports the rest only when a command needs it, so that `--help` and the start are quick."""

from __future__ import annotations

import errno
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import extract_tb, format_tb
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

import click

from . import __version__
from .errors import CheckError

if TYPE_CHECKING:
    from policypack.guardrails.aws.document import Kind
    from policypack.guardrails.findings import Severity

    from .engine.checks import Clock, Options
    from .report import Report

_UNABLE: Final = 2
_STANDARD_ERROR: Final = 2
_FORMATS: Final = ("text", "json", "sarif", "junit", "markdown", "html")
_BUILT: Final = ("text", "json")
_KINDS: Final = ("identity", "trust", "resource", "oci")
_THRESHOLDS: Final = ("low", "medium", "high", "critical", "never")
_SLOWEST: Final = 15
_LONGEST: Final = 86_400.0
_PATH: Final = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The options that every command takes."""

    pack: Path | None
    policy_config: Path | None
    format: str
    output: Path | None
    fail_on: str
    strict: bool
    quiet: bool
    verbose: bool
    debug: bool

    @property
    def threshold(self) -> Severity | None:
        """The mildest severity that fails the run; None where nothing does."""
        from policypack.guardrails.findings import Severity

        return None if self.fail_on == "never" else Severity(self.fail_on)

    def options(self) -> Options:
        """The part of the options that the check itself needs."""
        from .engine.checks import Options, show_nowhere, show_on_stderr

        show = show_nowhere if self.quiet else show_on_stderr
        return Options(pack=self.pack, policy_config=self.policy_config, strict=self.strict, show=show)


_COMMON: Final = (
    click.option("--pack", type=_PATH, metavar="DIR", help="Policy pack to run [default: the pack inside]."),
    click.option(
        "--policy-config", type=_PATH, metavar="FILE", help="Policy configuration: the JSON of --policy-pack-config."
    ),
    click.option("--format", type=click.Choice(_FORMATS), default="text", show_default=True, help="How to report."),
    click.option("--output", type=_PATH, metavar="FILE", help="Write the report to FILE instead of standard output."),
    click.option(
        "--fail-on", type=click.Choice(_THRESHOLDS), default="low", show_default=True, help="What severity fails."
    ),
    click.option(
        "--strict", is_flag=True, help="Count undecided findings as violations, and missing configuration as an error."
    ),
    click.option("--quiet", is_flag=True, help="Do not show what the program prints, nor progress."),
    click.option("--verbose", is_flag=True, help="Leave nothing out, and say how long each phase and each rule took."),
    click.option("--debug", is_flag=True, help="Show the traceback of an error."),
)


class _Seconds(click.FloatRange):
    """A time that is no more than a day."""

    def __init__(self) -> None:
        super().__init__(0, _LONGEST, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        seconds = float(super().convert(value, param, ctx))
        # No comparison tells that it is out of any range.
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a valid {self.name}.", param, ctx)
        return seconds


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the common options, handed over as one `common`."""

    def with_common(**arguments: Any) -> None:  # noqa: ANN401 - whatever options the command has
        common = Common(**{name: arguments.pop(name) for name in Common.__dataclass_fields__})
        if common.format not in _BUILT:
            raise CheckError(f"--format {common.format} is not built yet; use text or json.")
        command(common=common, **arguments)

    with_common.__name__, with_common.__doc__ = command.__name__, command.__doc__
    with_common.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    decorated: Callable[..., None] = with_common
    for option in reversed(_COMMON):
        decorated = option(decorated)
    return decorated


class _Command(click.Command):
    """A command that does not repeat what it has no use for: a value with a blank in it, cut by the shell."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            ctx.fail(f"Got {len(rest)} more arguments than expected; put quotes around a value with blanks.")
        return rest


class _Commands(click.Group):
    command_class = _Command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="preflight")
def cli() -> None:
    """Check Pulumi Python programs before anything is created: least privilege, secrets, buckets, OIDC trust."""


@cli.command()
@click.argument("program", type=_PATH)
@click.option("--stack", metavar="NAME", help="Stack to run as [default: the only one, PULUMI_STACK, dev].")
@click.option(
    "--config",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a configuration value for this run, or with STACK::OUTPUT=VALUE an output of another stack.",
)
@click.option("--python", metavar="PATH", help="Python, or virtual environment, that runs the program.")
@click.option(
    "--timeout",
    type=_Seconds(),
    default=900,
    show_default=True,
    metavar="SECONDS",
    help="How long the program may take.",
)
@_common
def check(  # noqa: PLR0913, PLR0917 - one for each option
    program: Path,
    stack: str | None,
    config: tuple[str, ...],
    python: str | None,
    timeout: float,
    common: Common,
) -> None:
    """Run the Pulumi program in the folder PROGRAM, without a cloud, and judge what it would create."""
    from .engine.check_program import Target, check_program
    from .engine.checks import Clock

    clock = Clock()
    target = Target(program=program, stack=stack, config=config, python=python)
    with _progress(f"checking {program}", common):
        report = check_program(target, replace(common.options(), timeout=timeout), clock)
    _finish(report, common, clock)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=_PATH, metavar="FILE...")
@_common
def state(files: tuple[Path, ...], common: Common) -> None:
    """Judge exported states, one or many (`pulumi stack export --file FILE`), or those of a self-managed backend.

    A folder stands for every *.json and *.json.gz below it, and `-` for standard input.
    """
    from .engine.check_states import check_states
    from .engine.checks import Clock

    clock = Clock()
    with _progress(f"checking {len(files)} states" if len(files) > 1 else f"checking {files[0]}", common):
        report = check_states(files, common.options(), clock)
    _finish(report, common, clock)


@cli.command()
@click.argument("rule", required=False)
@_common
def rules(rule: str | None, common: Common) -> None:
    """List the rules, or explain RULE."""
    from .reports import rules as listing

    color, width = _look(common)
    levels = listing.levels(common.policy_config)
    if common.format == "json":
        text = listing.as_json(rule, levels)
    else:
        text = listing.as_text(rule, levels, width=width, color=color)
    _write(text, common)


_kind = click.option(
    "--kind",
    type=click.Choice(_KINDS),
    help="What the documents are [default: what their principals and actions tell].",
)


@cli.command()
@click.argument("file", type=_PATH)
@_kind
@_common
def policy(file: Path, kind: str | None, common: Common) -> None:
    """Explain an AWS policy document, or OCI statements: who may do what to which; and judge it.

    FILE is `-` for standard input, or holds the document as JSON, OCI statements as text or a JSON list, the matching
    rule of a dynamic group as text, or what `aws iam get-policy-version`, `aws iam get-role`, `aws s3api
    get-bucket-policy`, `oci iam policy get`, `oci iam dynamic-group list` and their like print.
    """
    from .engine.checks import Clock
    from .sources.oci_policy_file import holds_statements
    from .sources.policy_file import text_of

    clock = Clock()
    content = text_of(file)
    if kind == "oci" or (kind is None and holds_statements(content)):
        report, text = _oci_policy(file, content, common, clock)
    else:
        report, text = _aws_policy(file, content, _kind_of(kind), common, clock)
    _leave_with(report, text, common, clock)


def _aws_policy(file: Path, content: str, kind: Kind | None, common: Common, clock: Clock) -> tuple[Report, str]:
    from .engine.check_policies import check_policy

    with _progress(f"reading {file}", common):
        report, explained = check_policy(file, kind, common.options(), clock, content)

    from .redact import without_credentials
    from .reports import policy as explanation

    if common.format == "json":
        from .reports import json

        return report, json.render(report, explanation=without_credentials(explanation.as_json(explained)))
    color, width = _look(common)
    look = explanation.Look(width=width, color=color, whole=common.verbose)
    text = explanation.render(explained, report, common.threshold, look, strict=common.strict)
    return report, without_credentials(text)


def _oci_policy(file: Path, content: str, common: Common, clock: Clock) -> tuple[Report, str]:
    from .engine.check_oci_policies import check_statements

    with _progress(f"reading {file}", common):
        report, explained = check_statements(file, content, common.options(), clock)

    from .redact import without_credentials
    from .reports import oci_policy as explanation

    if common.format == "json":
        from .reports import json

        return report, json.render(report, explanation=without_credentials(explanation.as_json(explained)))
    from .reports.policy import Look

    color, width = _look(common)
    look = Look(width=width, color=color, whole=common.verbose)
    text = explanation.render(explained, report, common.threshold, look, strict=common.strict)
    return report, without_credentials(text)


@cli.command()
@click.argument("base", type=_PATH)
@click.argument("head", type=_PATH)
@_kind
@_common
def compare(base: Path, head: Path, kind: str | None, common: Common) -> None:
    """Say what the policy document HEAD lets anyone do that the one in BASE did not, and the other way round.

    Both are files as `preflight policy` takes them; one may be `-`. Exits 1 where anything is newly allowed.
    """
    from .engine.check_policies import compare_policies
    from .engine.checks import Clock

    clock = Clock()
    with _progress(f"comparing {base} with {head}", common):
        report, compared = compare_policies(base, head, _kind_of(kind))
    clock.mark("documents compared")

    from .redact import without_credentials
    from .reports import comparison

    fails = common.threshold is not None
    if common.format == "json":
        from .reports import json

        text = json.render(report, comparison=without_credentials(comparison.as_json(compared)))
    else:
        from .reports.policy import Look

        color, width = _look(common)
        look = Look(width=width, color=color, whole=common.verbose)
        text = without_credentials(comparison.render(compared, look, fails=fails, strict=common.strict))
    _deliver(text, comparison.summary(compared), common, clock)
    raise SystemExit(int(comparison.exit_status(compared.comparison, fails=fails, strict=common.strict)))


def _kind_of(name: str | None) -> Kind | None:
    """The kind of AWS document that `--kind` names."""
    if name == "oci":
        raise CheckError("OCI statements cannot be compared yet; `preflight policy FILE --kind oci` explains them.")
    from policypack.guardrails.aws.document import Kind

    return Kind(name) if name else None


def _progress(what: str, common: Common) -> Any:  # noqa: ANN401 - one of two context managers
    """A line that says what is going on, on a terminal only and gone afterwards."""
    from contextlib import nullcontext

    if common.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return nullcontext()
    return _Status(what)


class _Status:
    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        sys.stderr.write(f"{self._what}…\r")
        sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        sys.stderr.write("\x1b[2K\r")
        sys.stderr.flush()


def _look(common: Common) -> tuple[bool, int | None]:
    """Whether to colour, and the width to wrap to; neither anywhere but on a terminal."""
    import shutil

    if common.output or sys.stdout is None or not sys.stdout.isatty():
        return False, None
    color = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return color, shutil.get_terminal_size().columns


def _finish(report: Report, common: Common, clock: Clock) -> NoReturn:
    """Write the report, say what went wrong, and leave with the status."""
    from .reports import text as words

    if common.format == "json":
        from .reports import json

        text = json.render(report)
    else:
        color, width = _look(common)
        text = words.render(report, common.threshold, strict=common.strict, width=width, color=color)
    _leave_with(report, text, common, clock)


def _leave_with(report: Report, text: str, common: Common, clock: Clock) -> NoReturn:
    """Write `text`, say what went wrong, and leave with the report's status."""
    from .reports import text as words

    _deliver(text, words.summary(report, common.threshold, strict=common.strict), common, clock)
    for failure in report.failures:
        if failure.detail and common.debug:
            _say(failure.detail.rstrip("\n"))
        _say(f"preflight: {failure.message}")
    raise SystemExit(int(report.exit_status(common.threshold, strict=common.strict)))


def _deliver(text: str, summary: str, common: Common, clock: Clock) -> None:
    """Write a report, and to whoever sent it into a file what it comes to."""
    _write(text, common)
    if common.output and not common.quiet:
        _say(summary)
    clock.mark("report")
    if common.verbose:
        _times(clock)


def _times(clock: Clock) -> None:
    for phase, seconds in clock.phases:
        _say(f"{seconds:8.3f} s  {phase}")
    slowest = sorted(clock.rules.items(), key=lambda one: (-one[1], one[0]))
    for rule, seconds in slowest[:_SLOWEST]:
        _say(f"{seconds:8.3f} s  rule {rule}")
    if slowest:
        _say(f"{sum(clock.rules.values()):8.3f} s  all {len(slowest)} rules that ran")


def _say(text: str) -> None:
    """Write to standard error; where nobody reads it any more, there is nobody to tell."""
    with suppress(OSError, ValueError):
        click.echo(text, err=True)


def _write(text: str, common: Common) -> None:
    if common.output is None:
        _print(text)
        return
    try:
        common.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CheckError(f"cannot write {common.output}: {error.strerror}; choose another --output.") from error


def _print(text: str) -> None:
    if sys.stdout is None:
        raise CheckError("standard output is closed, so there is nowhere to write to; use --output FILE.")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough.
        raise SystemExit(_UNABLE) from None
    except OSError as error:
        raise CheckError(f"cannot write to standard output: {error.strerror}; use --output FILE.") from error


def main() -> NoReturn:
    """Entry point of the console script."""
    from .engine.process import end_on_signals

    end_on_signals(_interrupted)
    _occupy_standard_descriptors()
    try:
        _run()
    finally:
        _settle(sys.stdout)
        _settle(sys.stderr)


def _interrupted() -> None:
    """Say that a signal ended this; past every buffer, whose locks may be held."""
    with suppress(OSError):
        os.write(2, b"preflight: interrupted; nothing was decided.\n")


def _occupy_standard_descriptors() -> None:
    """Where one was closed, a file opened later would get its number and be written to as if it were the terminal."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= _STANDARD_ERROR:
        descriptor = os.open(os.devnull, os.O_RDWR)
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lasts


def _settle(stream: TextIO | None) -> None:
    """Let nothing be left to write at the end, where Python would complain about what cannot be written."""
    if stream is None:
        return
    try:
        stream.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run() -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        # A report may hold any character and a terminal's encoding may not.
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        raise SystemExit(leave.exit_code) from None
    except click.ClickException as error:
        with suppress(OSError, ValueError):
            error.show()
        raise SystemExit(_UNABLE) from None
    except CheckError as error:
        _leave(str(error))
    except Exception as error:  # noqa: BLE001 - a person gets one sentence whatever went wrong
        # What else is read or written has its own sentence: this was a help text.
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _leave(f"cannot write to standard output: {error.strerror}.")
        # The type and the place, never the text: it may quote a value.
        frame = extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        _leave(f"internal error ({type(error).__name__} at {place}); run again with --debug and report it.")
    raise SystemExit(0)


def _traceback(error: BaseException | None) -> str:
    """Where an error and its causes were raised. Of others' errors without the text: it may quote a value."""
    parts: list[str] = []
    while error is not None:
        said = f": {error}" if isinstance(error, CheckError) else ""
        lines = ["Traceback (most recent call last):\n", *format_tb(error.__traceback__)]
        parts.append("".join([*lines, type(error).__name__, said]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def _leave(message: str) -> NoReturn:
    """Say why nothing was decided, after the traceback where that was asked for, and leave."""
    if "--debug" in sys.argv:
        _say(_traceback(sys.exception()))
    _say(f"preflight: {message}")
    raise SystemExit(_UNABLE) from None
