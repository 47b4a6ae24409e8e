"""From a program to a report: it runs on the embedded engine, and the pack is called as the engine calls it."""

# The processes start before gRPC, `pulumi` and the rules are imported here: while these load, so does the program.

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from policypack.guardrails.model import STACK_TYPE, Run
from policypack.guardrails.rule import Judges

from .. import report as reports
from ..errors import CheckError
from ..redact import Redactor
from ..report import MISSING, RAISED, Notice, Report, Subject
from . import environment, policy_configuration, projects, stack_configuration, stack_outputs
from .checks import Clock, Options, Placer, enabled, for_pack, own_rules, unchecked_types
from .program import Program

if TYPE_CHECKING:
    from policypack.guardrails.rule import UploadedCredential

    from .analyzer import Analyzer, Deployment
    from .missing_configuration import Key
    from .observed import Observed
    from .own_rules import Facts
    from .stack_configuration import Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The program to check, and what the user says of how to run it."""

    program: Path
    stack: str | None = None
    config: Sequence[str] = field(default=(), repr=False)
    python: str | None = None


def check_program(target: Target, options: Options, clock: Clock) -> Report:
    """Run the Pulumi project at `target` and judge what it declares.

    Raises CheckError where the check could not be begun. A program that fails on the way gives a report with a
    failure and with everything that was checked until then. One that raises after it has looked for configuration
    that is not set may need it, whatever it says: it runs once more with that configuration invented, in what is left
    of the time, and where that run gets to its end it counts.
    """
    deadline = time.monotonic() + options.timeout
    report, absent = _check_once(target, options, clock, required=())
    raised = next((failure for failure in report.failures if failure.kind == RAISED), None)
    left = deadline - time.monotonic()
    if raised is None or not absent or left <= 0:
        return report
    from . import missing_configuration

    try:
        again, _ = _check_once(target, replace(options, timeout=left), clock, required=absent)
    except CheckError:
        # What the user has to know is why the program failed as it is.
        return report
    if any(failure.kind != MISSING for failure in again.failures):
        return report
    return replace(again, notices=(missing_configuration.ran_twice(raised, absent), *again.notices))


def _check_once(
    target: Target, options: Options, clock: Clock, *, required: Sequence[str]
) -> tuple[Report, Sequence[str]]:
    """One run with the configuration `required` invented where it is not set, and the keys it looked for in vain."""
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
            config=configuration.told,
            secret_keys=configuration.secret_keys,
        )
        analyzer.configure(deployment, for_pack(given, analyzer))
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
        from . import missing_configuration

        observed = Observed(analyzer, program, redact, options.show, project.root)
        _observe(program, observed, interpreter.path)
        clock.mark(f"program and Analyze ({observed.resources} resources)")
        invented = missing_configuration.keys(configuration, observed.invented)
        _tell_secrets(analyzer, deployment, invented)
        ran = _Ran(project, stack.name, configuration, observed)
        if observed.complete:
            analyzer.analyze_stack(observed.state, ran.root)
        records = analyzer.take()
        clock.mark("AnalyzeStack")
        clock.rules = analyzer.times()
        observed.notices += unchecked_types(analyzer)
        own = own_rules(given, analyzer, Judges.PROGRAMS)
        if own:
            records += own.judge(ran.facts(), ran.run)
            clock.rules |= own.times
            clock.mark("rules on the program")
    # Rules never quote a value: what is only likely to be secret stays in names and paths.
    known = [*configuration.secrets, *(configuration.texts[key] for key in observed.read_as_secret)]
    # Of a resource that it judges alone the pack knows no other's secrets, and a program that dies tells none.
    hide = Redactor(known, observed.secrets)
    placer = Placer(0, observed.sources, analyzer.levels, hide, strict=options.strict)
    subject = Subject(
        kind="program",
        path=str(target.program),
        project=project.name,
        stack=stack.name,
        resources=observed.resources,
    )
    report = reports.build(
        [subject],
        rules=enabled(analyzer.levels) + (own.count if own else 0),
        findings=placer.entries(records),
        notices=placer.notices(
            [
                *observed.notices,
                *_elsewhere(interpreter),
                *_without_file(project, stack.name),
                *missing_configuration.notices(configuration, invented),
                *stack_outputs.notices(observed.invented_outputs, observed.unused_outputs),
                *(own.notices if own else ()),
                *ran.unread,
            ]
        ),
        failures=[
            *(replace(one, message=hide(one.message), detail=hide(one.detail)) for one in observed.failures),
            *(missing_configuration.failures(configuration, invented) if options.strict else ()),
        ],
    )
    return report, observed.absent


@dataclass(frozen=True, slots=True)
class _Ran:
    """A run: of which project and stack, with what, and what it showed. `unread` is told of files, once asked for."""

    project: projects.Project
    stack: str
    configuration: Configuration
    observed: Observed
    unread: list[Notice] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The URN of the stack."""
        name = self.project.name
        return f"urn:pulumi:{self.stack}::{name}::{STACK_TYPE}::{name}-{self.stack}"

    @property
    def run(self) -> Run:
        """The configuration, with what the program has read as a secret as one."""
        secret_keys = frozenset([*self.configuration.secret_keys, *self.observed.read_as_secret])
        return Run(configuration=self.configuration.texts, secret_keys=secret_keys)

    def facts(self) -> Facts:
        """What preflight's own rules can ask of it."""
        from . import program_rules, stack_encryption
        from .own_rules import Facts

        file = self.project.stack_file(self.stack)
        return Facts(
            stack=self.root,
            secret_literals=lambda: tuple(map(program_rules.literal, self.observed.literals)),
            unknown_arguments=lambda: tuple(map(program_rules.argument, self.observed.problems)),
            uploaded_credentials=self._uploaded,
            weak_encryption=lambda: stack_encryption.of_stack_file(file, self.project.root),
        )

    def _uploaded(self) -> Sequence[UploadedCredential]:
        from . import uploads

        found, unread = uploads.credentials(self.observed.uploads, self.project.folder, self.project.root, self.run)
        self.unread.extend(unread)
        return found


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


def _elsewhere(interpreter: environment.Interpreter) -> list[Notice]:
    return [Notice(subject=0, kind="environment", message=interpreter.missing)] if interpreter.missing else []


def _without_file(project: projects.Project, stack: str) -> list[Notice]:
    """A stack without a file, in a project whose other stacks have one, may be a misspelt name."""
    stacks = project.stacks()
    if not stacks or project.stack_file(stack):
        return []
    message = f"there is no Pulumi.{stack}.yaml, so the defaults apply; the stacks with a file are {', '.join(stacks)}"
    return [Notice(subject=0, kind="no-stack-file", message=message)]
