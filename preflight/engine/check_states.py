"""From exported states to a report."""

# The pack starts before gRPC and `pulumi` are imported here: while these load, so does it.

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policypack.guardrails.model import Run
from policypack.guardrails.rule import Judges

from .. import report as reports
from ..errors import CheckError
from ..redact import Redactor
from ..report import Entry, Failure, Notice, Report, Subject
from . import policy_configuration, projects
from .checks import Clock, Options, Placer, enabled, for_pack, own_rules, unchecked_types
from .policy_configuration import Given

if TYPE_CHECKING:
    from ..sources.state import State
    from .analyzer import Analyzer, Record
    from .own_rules import Facts

_IN_CLEAR: Final = "state-with-secrets-in-clear"


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
        own = own_rules(given, analyzer, Judges.STATES)
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
            ours = own.judge(_facts(state), Run()) if own else []
            placer = Placer(index, sources, analyzer.levels, Redactor(state.secrets), strict=options.strict)
            entries += placer.entries([*records, *ours])
            notices = (
                Notice(subject=index, kind=kind, message=message)
                for kind, message in state.notices()
                # What a finding says already.
                if not (kind == states.IN_CLEAR and any(one["rule"] == _IN_CLEAR for one in ours))
            )
            said += placer.notices(notices)
            subjects.append(_subject(state))
            clock.mark(f"Analyze and AnalyzeStack of {state.path}")
        said += unchecked_types(analyzer)
        clock.rules = analyzer.times() | (own.times if own else {})
        said += own.notices if own else []
        rules = enabled(analyzer.levels) + (own.count if own else 0)
        return reports.build(subjects, rules=rules, findings=entries, notices=said, failures=failures)


def _facts(state: State) -> Facts:
    """What preflight's own rules can ask of a state. What comes on standard input is in no file."""
    from . import stack_encryption
    from .own_rules import Facts

    return Facts(
        stack=state.root,
        weak_encryption=lambda: stack_encryption.of_state(state.provider),
        secrets_in_clear=lambda: len(state.secrets) if state.path != Path("-") else 0,
    )


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
