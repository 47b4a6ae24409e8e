"""From exported states to a report."""

# The pack starts before gRPC and `pulumi` are imported here: while these load, so does it.

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from policypack.guardrails.model import Run

from .. import report as reports
from ..errors import CheckError
from ..redact import Redactor
from ..report import Entry, Failure, Notice, Report, Subject
from . import policy_configuration, projects
from .checks import Clock, Options, Placer, enabled, for_pack, policy_notices, unchecked_types
from .policy_configuration import Given

if TYPE_CHECKING:
    from ..sources.state import State
    from .analyzer import Analyzer, Record


def check_states(files: Sequence[Path], options: Options, clock: Clock) -> Report:
    """Judge exported states, each a subject of its own.

    Raises CheckError where the only one cannot be read; one among several is a failure beside the others' findings.
    """
    given = policy_configuration.read(options.policy_config)
    with ExitStack() as exits:
        pack = exits.enter_context(closing(options.start_pack()))

        from ..sources import state as states
        from ..sources.state_file import expand
        from .analyzer import Analyzer

        # One after the other: many may be too much to hold at once.
        reading = _read(expand(files), states.read)
        read = chain((next(reading),), reading)
        clock.mark("first state read")
        analyzer = exits.enter_context(closing(Analyzer(pack)))
        clock.mark("pack ready")
        own = _OwnRules(given) if analyzer.has_details else None
        subjects: list[Subject] = []
        entries: list[Entry] = []
        said: list[Notice] = []
        failures: list[Failure] = []
        for index, (path, state) in enumerate(read):
            if isinstance(state, CheckError):
                subjects.append(Subject(kind="state", path=str(path), project="", stack="", resources=0))
                failures.append(Failure(subject=index, kind="unreadable", message=str(state)))
                continue
            records = _judge_state(state, analyzer, given)
            sources = {one.urn: one.source for one in state.resources if one.source}
            ours = own.judge(state) if own else []
            placer = Placer(index, sources, analyzer.levels, Redactor(state.secrets), strict=options.strict)
            entries += placer.entries([*records, *ours])
            notices = (
                Notice(subject=index, kind=kind, message=message)
                for kind, message in state.notices()
                # What a finding says already.
                if not (own and kind == states.IN_CLEAR and own.says_in_clear(state))
            )
            said += placer.notices(notices)
            subjects.append(_subject(state))
            clock.mark(f"Analyze and AnalyzeStack of {state.path}")
        said += unchecked_types(analyzer)
        clock.rules = analyzer.times() | (own.times if own else {})
        said += own.notices if own else []
        rules = enabled(analyzer.levels) + (len(own.policies) if own else 0)
        return reports.build(subjects, rules=rules, findings=entries, notices=said, failures=failures)


class _OwnRules:
    """Preflight's own rules on states."""

    def __init__(self, given: Mapping[str, Given]) -> None:
        from policypack.guardrails.rule import Judges
        from policypack.guardrails.rules.secret_marking import stack_without_encryption, state_with_secrets_in_clear

        from . import program_rules

        self.policies = program_rules.enabled(given, Judges.STATES)
        self.times: dict[str, float] = {}
        self.notices = policy_notices(program_rules.notices(given))
        self._in_clear = program_rules.asks(self.policies, state_with_secrets_in_clear.RULE)
        self._encryption = program_rules.asks(self.policies, stack_without_encryption.RULE)

    def says_in_clear(self, state: State) -> bool:
        """Whether a finding says that there are secrets in clear; what comes on standard input is in no file."""
        return self._in_clear and bool(state.secrets) and state.path != Path("-")

    def judge(self, state: State) -> list[Record]:
        """What they say of one state."""
        from policypack.guardrails.rule import Program

        from . import program_rules, stack_encryption

        facts = Program(
            stack=state.root,
            weak_encryption=stack_encryption.of_state(state.provider) if self._encryption else None,
            secrets_in_clear=len(state.secrets) if self.says_in_clear(state) else 0,
        )
        times: dict[str, float] = {}
        records = program_rules.judge(self.policies, facts, Run(), times)
        for rule, seconds in times.items():
            self.times[rule] = self.times.get(rule, 0.0) + seconds
        return records


def _read(paths: Sequence[Path], read: Callable[[Path], State]) -> Iterator[tuple[Path, State | CheckError]]:
    for path in paths:
        try:
            yield path, read(path)
        except CheckError as error:
            if len(paths) == 1:
                raise
            yield path, error


def _subject(state: State) -> Subject:
    return Subject(
        kind="state",
        path=str(state.path),
        project=state.project,
        stack=state.stack,
        resources=sum(not reports.default_provider(one.urn) for one in state.resources),
    )


def _judge_state(state: State, analyzer: Analyzer, given: Mapping[str, Given]) -> list[Record]:
    from .analyzer import Deployment

    deployment = Deployment(
        project=state.project,
        stack=state.stack,
        organization=projects.DEFAULT_ORGANIZATION,
        config={},
        secret_keys=(),
    )
    analyzer.configure(deployment, for_pack(given, analyzer))
    # Nothing is offered for remediation: what exists already cannot be mended on the way.
    for one, request in state.requests():
        analyzer.analyze(request.SerializeToString(), one.urn, one.type)
    analyzer.analyze_stack((resource.SerializeToString() for resource in state.stack_resources()), state.root)
    return analyzer.take()
