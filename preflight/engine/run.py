"""From a program, or exported states, to a report: the pack is called as the engine calls it, in its order."""

# The processes start before gRPC, `pulumi` and the rules are imported here: while these load, so does the program.

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policypack.guardrails.findings import Level, Outcome, undecided
from policypack.guardrails.model import STACK_TYPE, Run

from .. import report as reports
from ..errors import CheckError
from ..redact import Redactor
from ..report import RAISED, Entry, Notice, Place, Report, Subject
from . import environment, policy_configuration, projects, stack_configuration, stack_outputs
from .pack import Limits, Pack, folder_of_ours
from .policy_configuration import Given
from .program import TIMEOUT_SECONDS, Program

if TYPE_CHECKING:
    from ..sources.state import State
    from .analyzer import Analyzer, Deployment, Record
    from .missing_configuration import Key
    from .observed import Observed

# The pack's advice for what it cannot read sends people here.
_GENERAL_FIX: Final = undecided("", "").fix
_FIX_HERE: Final = (
    "Build the value from names and configuration in place of outputs, or give configuration that is missing "
    "with --config."
)


def show_on_stderr(line: str) -> None:
    """Show one line that the program printed."""
    # Whoever reads may be gone; the check goes on without.
    with suppress(OSError, ValueError):
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def show_nowhere(_line: str) -> None:
    """Drop what the program prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a check is made. `pack` None is the pack inside; `limits` and `timeout` bound how long anything may take.

    `show` gets each line that the program prints, secrets taken out.
    """

    pack: Path | None = None
    policy_config: Path | None = None
    strict: bool = False
    show: Callable[[str], None] = show_on_stderr
    limits: Limits = field(default_factory=Limits)
    timeout: float = TIMEOUT_SECONDS

    def start_pack(self) -> Pack:
        """Start the pack. Raises CheckError where its folder is none."""
        return Pack(self.pack or folder_of_ours(), self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The program to check, and what the user says of how to run it."""

    program: Path
    stack: str | None = None
    config: Sequence[str] = ()
    python: str | None = None


class Clock:
    """How long each phase took, in order, and each rule over all of them (`rules`, by id, seconds)."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.phases: list[tuple[str, float]] = []
        self.rules: dict[str, float] = {}

    def mark(self, phase: str) -> None:
        """End `phase`, which began where the one before ended."""
        now = time.perf_counter()
        self.phases.append((phase, now - self._last))
        self._last = now


def check_program(target: Target, options: Options, clock: Clock) -> Report:
    """Run the Pulumi project at `target` and judge what it declares.

    Raises CheckError where the check could not be begun. A program that fails on the way gives a report with a
    failure and with everything that was checked until then. One that raises after it has looked for configuration
    that is not set may need it, whatever it says: it runs once more with that configuration invented.
    """
    report, absent = _check_once(target, options, clock)
    if absent and any(failure.kind == RAISED for failure in report.failures):
        again, _ = _check_once(target, options, clock, required=absent)
        if not any(failure.kind == RAISED for failure in again.failures):
            return again
    return report


def _check_once(
    target: Target, options: Options, clock: Clock, required: Iterable[str] = ()
) -> tuple[Report, list[str]]:
    """One run, in which the configuration `required` is invented where it is not set, and what it looked for in vain."""
    given = policy_configuration.read(options.policy_config)
    texts, outputs = stack_outputs.split(target.config)
    overrides = [stack_configuration.parse_override(text) for text in texts]
    with ExitStack() as exits:
        pack = exits.enter_context(closing(options.start_pack()))
        project = projects.load(target.program)
        project.require_entry()
        stack = projects.choose_stack(project, target.stack)
        interpreter = environment.choose(project, target.python)
        program = exits.enter_context(closing(Program(interpreter.path, project.folder, timeout=options.timeout)))
        pool = exits.enter_context(ThreadPoolExecutor(1))
        reading = pool.submit(stack_configuration.read, project, stack.name, overrides)
        clock.mark(f"start the pack and {interpreter.path} ({interpreter.origin})")

        from .analyzer import Analyzer, Deployment
        from .observed import Observed

        analyzer = exits.enter_context(closing(Analyzer(pack)))
        clock.mark("pack ready")
        configuration = reading.result()
        deployment = Deployment(
            project=project.name,
            stack=stack.name,
            organization=stack.organization,
            config=configuration.texts,
            secret_keys=configuration.secret_keys,
        )
        analyzer.configure(deployment, _for_pack(given, analyzer))
        given_outputs = stack_outputs.by_full_name(outputs, stack.organization, project.name)
        redact = Redactor([*configuration.guarded, *stack_outputs.guarded(given_outputs)])
        program.show_output(lambda line: options.show(redact(line)))
        program.send(
            {
                "project": project.name,
                "stack": stack.name,
                "organization": stack.organization,
                "root_directory": str(project.root.absolute()),
                "main": project.main,
                "config": dict(configuration.texts),
                "secret_keys": list(configuration.secret_keys),
                "remediate": analyzer.remediates,
                "required": list(required),
                "invented": {key: one.as_json() for key, one in configuration.invented.items()},
                "stack_outputs": {name: one.as_json() for name, one in given_outputs.items()},
            }
        )
        clock.mark("configuration ready")
        from . import missing_configuration, program_rules

        observed = Observed(analyzer, program, redact, options.show, project.root)
        _observe(program, observed, interpreter.path)
        clock.mark(f"program and Analyze ({observed.resources} resources)")
        root = f"urn:pulumi:{stack.name}::{project.name}::{STACK_TYPE}::{project.name}-{stack.name}"
        invented = missing_configuration.keys(configuration, observed.invented)
        _tell_secrets(analyzer, deployment, invented)
        if observed.complete:
            analyzer.analyze_stack(observed.state, root)
        records = analyzer.take()
        clock.mark("AnalyzeStack")
        rules = _enabled(analyzer.levels)
        clock.rules = analyzer.times()
        said = []
        if analyzer.has_details:
            policies = program_rules.enabled(given)
            rules += len(policies)
            run = Run(secrets=tuple(configuration.secrets))
            facts = program_rules.facts(root, observed.literals, observed.problems)
            records += program_rules.judge(policies, facts, run, clock.rules)
            said = _notices(program_rules.notices(given))
            clock.mark("rules on the program")
        # Rules never quote a value: what is only likely to be secret stays in names and paths.
        placer = Placer(0, observed.sources, analyzer.levels, Redactor(configuration.secrets), strict=options.strict)
        subject = Subject(
            kind="program",
            path=str(target.program),
            project=project.name,
            stack=stack.name,
            resources=observed.resources,
        )
        report = reports.build(
            [subject],
            rules=rules,
            findings=placer.entries(records),
            notices=[
                *observed.notices,
                *_elsewhere(interpreter),
                *_without_file(project, stack.name),
                *missing_configuration.notices(configuration, invented, observed.unused),
                *said,
            ],
            failures=[
                *observed.failures,
                *(missing_configuration.failures(configuration, invented) if options.strict else ()),
            ],
        )
        return report, observed.absent


def _tell_secrets(analyzer: Analyzer, deployment: Deployment, invented: Iterable[Key]) -> None:
    """Name to the pack the secrets that only the run has shown: what a program reads as a secret is one."""
    secret = {key.name: key.text for key in invented if key.secret and key.name not in deployment.secret_keys}
    if secret:
        config = {**deployment.config, **secret}
        analyzer.describe(replace(deployment, config=config, secret_keys=[*deployment.secret_keys, *secret]))


def _observe(program: Program, observed: Observed, interpreter: Path) -> None:
    """Take all the program's frames. Raises CheckError where what was started as its interpreter is no Python."""
    try:
        for frame in program.frames():
            observed.take(frame)
    except CheckError:
        environment.require_python(interpreter)
        raise
    if observed.said_nothing:
        environment.require_python(interpreter)


def check_states(files: Sequence[Path], options: Options, clock: Clock) -> Report:
    """Judge exported states, each a subject of its own. Raises CheckError where one of them cannot be read."""
    given = policy_configuration.read(options.policy_config)
    with ExitStack() as exits:
        pack = exits.enter_context(closing(options.start_pack()))

        from ..sources import state as states
        from ..sources.state_file import expand
        from .analyzer import Analyzer

        # One after the other: many may be too much to hold at once.
        reading = map(states.read, expand(files))
        read = chain((next(reading),), reading)
        clock.mark("first state read")
        analyzer = exits.enter_context(closing(Analyzer(pack)))
        clock.mark("pack ready")
        subjects: list[Subject] = []
        entries: list[Entry] = []
        said: list[Notice] = []
        for index, state in enumerate(read):
            entries += _judge_state(index, state, analyzer, given, strict=options.strict)
            said += (Notice(subject=index, kind=kind, message=message) for kind, message in state.notices())
            subjects.append(_subject(state))
            clock.mark(f"Analyze and AnalyzeStack of {state.path}")
        clock.rules = analyzer.times()
        if analyzer.has_details:
            from . import program_rules

            said += _notices(program_rules.notices(given))
        return reports.build(subjects, rules=_enabled(analyzer.levels), findings=entries, notices=said)


def _subject(state: State) -> Subject:
    return Subject(
        kind="state",
        path=str(state.path),
        project=state.project,
        stack=state.stack,
        resources=sum(not reports.default_provider(one.urn) for one in state.resources),
    )


def _judge_state(
    index: int, state: State, analyzer: Analyzer, given: Mapping[str, Given], *, strict: bool
) -> list[Entry]:
    from .analyzer import Deployment

    deployment = Deployment(
        project=state.project,
        stack=state.stack,
        organization=projects.DEFAULT_ORGANIZATION,
        config={},
        secret_keys=(),
    )
    analyzer.configure(deployment, _for_pack(given, analyzer))
    # Nothing is offered for remediation: what exists already cannot be mended on the way.
    for one, request in state.requests():
        analyzer.analyze(request.SerializeToString(), one.urn, one.type)
    analyzer.analyze_stack((resource.SerializeToString() for resource in state.stack_resources()), state.root)
    places = {one.urn: one.source for one in state.resources}
    sources = {urn: source for urn, source in places.items() if source}
    return Placer(index, sources, analyzer.levels, Redactor(), strict=strict).entries(analyzer.take())


def _for_pack(given: Mapping[str, Given], analyzer: Analyzer) -> Mapping[str, Given]:
    if not given or not analyzer.has_details:
        return given
    from . import program_rules

    return program_rules.without_ours(given)


def _enabled(levels: Mapping[str, Level]) -> int:
    return sum(level is not Level.DISABLED for level in levels.values())


def _notices(messages: Iterable[str]) -> list[Notice]:
    return [Notice(subject=0, kind="policy-configuration", message=message) for message in messages]


def _elsewhere(interpreter: environment.Interpreter) -> list[Notice]:
    return [Notice(subject=0, kind="environment", message=interpreter.missing)] if interpreter.missing else []


def _without_file(project: projects.Project, stack: str) -> list[Notice]:
    """A stack without a file, in a project whose other stacks have one, may be a misspelt name."""
    stacks = project.stacks()
    if not stacks or project.stack_file(stack):
        return []
    message = f"there is no Pulumi.{stack}.yaml, so the defaults apply; the stacks with a file are {', '.join(stacks)}"
    return [Notice(subject=0, kind="no-stack-file", message=message)]


@dataclass(frozen=True, slots=True)
class Placer:
    """Makes report entries of what a pack says of one subject: source lines, levels, nothing secret."""

    subject: int
    sources: Mapping[str, Place]
    levels: Mapping[str, Level]
    redact: Redactor
    strict: bool = field(kw_only=True)

    def entries(self, records: Iterable[Record]) -> list[Entry]:
        """One entry a record."""
        return [self._entry(record) for record in records]

    def _entry(self, record: Record) -> Entry:
        fields: dict[str, Any] = {key: value for key, value in record.items() if key != "source"}
        if fields["fix"] == _GENERAL_FIX:
            fields["fix"] = _FIX_HERE
        for key in ("message", "fix", "path", "name"):
            fields[key] = self.redact(str(fields[key]))
        fields["witness"] = self.redact.deep(fields["witness"])
        if self.strict and fields["outcome"] == Outcome.UNDECIDED:
            # Sent as advisory whatever the rule's level; under --strict it counts like a violation of that level.
            level = self.levels.get(fields["rule"], Level.ADVISORY)
            fields["enforcement"] = (Level.MANDATORY if level is Level.REMEDIATE else level).value
        source = record.get("source") or self.sources.get(fields["urn"])
        return Entry(subject=self.subject, source=source, **fields)
