"""Run rules on a model and place what they find: level, subject, order. Both engines end here.

A rule that raises becomes one finding of outcome `error` that names the rule and the resource; the others still run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final, Generic, TypeVar

from .findings import Evidence, Finding, Level, Outcome, Severity, Source, WitnessRecord
from .model import Context, Resource, Run, Stack
from .rule import Program, ProgramRule, ResourceRule, Rule, StackRule
from .values import describe_stand_ins


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding with everything a report says of it."""

    rule: Rule
    severity: Severity
    level: Level
    outcome: Outcome
    evidence: Evidence
    urn: str
    type: str
    name: str
    path: str
    message: str
    fix: str
    witness: WitnessRecord | Sequence[WitnessRecord] | None
    source: Source | None = None


_SHORTEST_HIDDEN: Final = 3  # as the CLI does it

RuleT = TypeVar("RuleT", bound=Rule)
RuleT_co = TypeVar("RuleT_co", bound=Rule, covariant=True)


@dataclass(frozen=True, slots=True)
class Policy(Generic[RuleT_co]):
    """How one rule is configured: its level and its settings with the defaults filled in."""

    rule: RuleT_co
    level: Level
    settings: Mapping[str, object]

    def context(self, run: Run) -> Context:
        """What the rule may read beside the resources."""
        return Context(self.settings, run)

    def level_of(self, finding: Finding, severity: Severity) -> Level:
        """The level at which a finding of this policy goes out.

        A finding milder than its rule goes out at the level of its own severity, unless the rule's level was
        configured. What `remediate` left unmended is mandatory, as in the stock servicer.
        """
        if finding.outcome is Outcome.UNDECIDED:
            return Level.ADVISORY
        if self.level is Level.REMEDIATE:
            return Level.MANDATORY
        if self.level is self.rule.default_level and severity.rank < self.rule.severity.rank:
            return min(self.level, severity.level, key=[Level.ADVISORY, Level.MANDATORY].index)
        return self.level


def default_policy(rule: RuleT) -> Policy[RuleT]:
    """The policy of a rule that nobody configured."""
    return Policy(rule, rule.default_level, {key: schema["default"] for key, schema in rule.settings.items()})


def judge_resource(policy: Policy[ResourceRule], resource: Resource, run: Run) -> Iterator[Judged]:
    """What a resource rule says of one resource."""
    check = policy.rule.check
    return _judge(policy, lambda context: check(resource, context), run, {resource.urn: resource}, resource.urn)


def judge_stack(policy: Policy[StackRule], stack: Stack, run: Run) -> Iterator[Judged]:
    """What a stack rule says of a whole stack."""
    check = policy.rule.check
    root = stack.root
    return _judge(policy, lambda context: check(stack, context), run, stack.by_urn, root.urn if root else "")


def judge_program(
    policy: Policy[ProgramRule], program: Program, resources: Mapping[str, Resource], run: Run
) -> Iterator[Judged]:
    """What a program rule says of the program that declared `resources`, given by URN."""
    check = policy.rule.check
    return _judge(policy, lambda context: check(program, context), run, resources, program.stack)


def _judge(
    policy: Policy[Rule],
    check: Callable[[Context], Iterable[Finding]],
    run: Run,
    resources: Mapping[str, Resource],
    fallback: str,
) -> Iterator[Judged]:
    try:
        for finding in check(policy.context(run)):
            yield _place(policy, finding, resources, fallback, run)
    except Exception as exception:  # noqa: BLE001 - whatever a rule raises must not silence the other rules
        yield _place(policy, _crash(policy.rule, exception, fallback), resources, fallback, run)


def _place(
    policy: Policy[Rule], finding: Finding, resources: Mapping[str, Resource], fallback: str, run: Run
) -> Judged:
    urn = finding.urn or fallback
    resource = resources.get(urn)
    type_, name = _from_urn(urn)
    hide = _hiding(resource, run)
    severity = finding.severity or policy.rule.severity
    return Judged(
        rule=policy.rule,
        severity=severity,
        level=Level.MANDATORY if finding.outcome is Outcome.ERROR else policy.level_of(finding, severity),
        outcome=finding.outcome,
        evidence=finding.evidence,
        urn=urn,
        type=resource.type if resource else type_,
        name=finding.name or (resource.name if resource else name),
        path=finding.path,
        message=hide(finding.message),
        fix=hide(finding.fix or policy.rule.fix),
        witness=_each_text(finding.witness, hide),
        source=finding.source,
    )


def _hiding(resource: Resource | None, run: Run) -> Callable[[str], str]:
    """Takes the resource's and the configuration's secrets, and invented values, out of a text.

    The last line of defence of every rule: what a rule quotes may hold either.
    """
    leaves = (leaf for value in resource.values() for leaf in value.leaves()) if resource else ()
    secrets = {leaf.text for leaf in leaves if leaf.secret and leaf.text} | set(run.secrets)
    longest_first = sorted((text for text in secrets if len(text) >= _SHORTEST_HIDDEN), key=len, reverse=True)

    def hide(text: str) -> str:
        for secret in longest_first:
            text = text.replace(secret, "[secret]")
        return describe_stand_ins(text)

    return hide


def _each_text(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - any part of a witness
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(inner, change) for key, inner in value.items()}
    return [_each_text(inner, change) for inner in value] if isinstance(value, (list, tuple)) else value


def _from_urn(urn: str) -> tuple[str, str]:
    parts = urn.split("::", 3)
    return (parts[2].rpartition("$")[2], parts[3]) if len(parts) == 4 else ("", "")


def _crash(rule: Rule, exception: Exception, urn: str) -> Finding:
    """Names the rule, the resource and the line that failed. Never the exception's text, which may quote a value."""
    frames = extract_tb(exception.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Finding(
        path="",
        urn=urn,
        outcome=Outcome.ERROR,
        message=f"rule {rule.id} failed on {urn or 'the stack'} ({type(exception).__name__}{place}), "
        "so nothing is known of what it checks there",
        fix="Report this with the type of the resource; until then, disable the rule in the policy configuration.",
    )


def order(judged: Iterable[Judged]) -> list[Judged]:
    """Sorted the same way from run to run, each said once."""
    seen: dict[tuple[str, ...], Judged] = {}
    for one in judged:
        seen.setdefault((one.urn, one.rule.id, one.path, one.name, one.outcome.value, one.message), one)
    return [seen[key] for key in sorted(seen)]
