"""The rules on what only preflight knows, because it has run the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.configuration import ConfigurationError, Configured, policies
from policypack.guardrails.details import record
from policypack.guardrails.findings import Level, Source
from policypack.guardrails.judge import Judged, Policy, Scene, judge_program, order
from policypack.guardrails.model import Run
from policypack.guardrails.rule import Judges, Program, ProgramRule, SecretLiteral, UnknownArgument

from ..errors import CheckError
from ..report import Place
from .analyzer import Record
from .observed import place
from .policy_configuration import Given, for_rules
from .program import Frame

_RULES = tuple(rule for rule in RULES if isinstance(rule, ProgramRule))


def without_ours(given: Mapping[str, Given]) -> dict[str, Given]:
    """What the configuration says of the pack's policies: all but the entries of rules that only preflight carries."""
    ours = {rule.id for rule in _RULES}
    return {name: entry for name, entry in given.items() if name not in ours}


def notices(given: Mapping[str, Given]) -> list[str]:
    """What the configuration asks for and no rule of ours can do."""
    cannot = {rule.id for rule in RULES if isinstance(rule, ProgramRule) or rule.remediate is None}
    return [
        f"{name} cannot mend what it finds, so for this rule `remediate` is the same as `mandatory`"
        for name, entry in given.items()
        if entry.level is Level.REMEDIATE and name in cannot
    ]


def enabled(given: Mapping[str, Given], judged: Judges) -> list[Policy[ProgramRule]]:
    """The policies that are on for programs or for states.

    Raises CheckError where the configuration names a setting that does not exist.
    """
    chosen = for_rules((rule.id for rule in _RULES), given)
    configured = {name: Configured(entry.level, entry.settings) for name, entry in chosen.items()}
    try:
        made = policies(_RULES, configured)
    except ConfigurationError as error:
        raise CheckError(f"policy configuration: {error}") from error
    return [policy for policy in made.values() if policy.level is not Level.DISABLED and policy.rule.judges & judged]


def judge(chosen: Sequence[Policy[ProgramRule]], program: Program, run: Run, times: dict[str, float]) -> list[Record]:
    """The findings of these policies, each with the members of a report's finding.

    The seconds each policy has run are put into `times`, by rule id.
    """
    scene = Scene((), run)
    judged: list[Judged] = []
    for policy in chosen:
        start = perf_counter()
        judged += judge_program(policy, program, scene)
        times[policy.rule.id] = perf_counter() - start
    found = order(judged)
    return [
        {**record(one, one.level), "source": Place(one.source.file, one.source.line) if one.source else None}
        for one in found
    ]


def literal(frame: Frame) -> SecretLiteral:
    """What the program's frame says of a secret that stands in its source."""
    source = Source(file=str(frame["file"]), line=int(frame["line"]))
    return SecretLiteral(
        urn=str(frame["urn"]),
        type=str(frame["type"]),
        keys=tuple(key if isinstance(key, int) else str(key) for key in frame["keys"]),
        member=frame["member"] is True,
        source=source,
    )


def argument(frame: Frame) -> UnknownArgument:
    """What the program's frame says of an argument that a function does not know."""
    where = place(frame.get("source"))
    return UnknownArgument(
        function=str(frame["token"]),
        path=str(frame["path"]),
        argument=str(frame["argument"]),
        suggestion=str(frame.get("known") or ""),
        source=Source(file=where.file, line=where.line) if where else None,
    )
