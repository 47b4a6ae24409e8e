"""Run rules on a model and place what they find: level, subject, order. Both engines end here.

A rule that raises becomes one finding of outcome `error` that names the rule and the resource; the others still run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final, Generic, TypeAlias, TypeVar

from .aws.shared_secrets import SHARED_SECRETS
from .findings import Evidence, Finding, Level, Outcome, Severity, Source, WitnessRecord
from .model import Context, Resource, Run, Stack
from .rule import Program, ProgramRule, ResourceRule, Rule, StackRule
from .secrets.formats import HIDDEN, hide
from .secrets.known import configuration_texts
from .secrets.looks import is_common_word
from .values import describe_stand_ins


def _loosely(text: str) -> str:
    """A pattern for a text; one of several words in whatever letters, with any marks between the words."""
    if len(text.split()) < _SENTENCE:
        return re.escape(text)
    words = r"\W+".join(map(re.escape, re.findall(r"\w+", text)))
    return f"(?i:{words})" if words else re.escape(text)


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
    cause: str = ""
    source: Source | None = None


# A short secret is hidden as a word of its own only: `the` in a message gives nothing away, and hiding it in every
# word would make the message unreadable. A longer text than the last is a document, which rules do not quote.
_SHORTEST_HIDDEN: Final = 4
_SHORTEST_PART: Final = 8
_LONGEST_HIDDEN: Final = 4_096
# From so many words on a text may be printed anew.
_SENTENCE: Final = 4

_QUOTED: Final = re.compile(r"'([^'\s]{8,})'")
# Where a rule has cut what it quotes. The word beside it may be what is left of a credential, which no form tells then.
_CUT: Final = "…"
_MIXED: Final = r"(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*[0-9])[\w+/=-]{8,}"
_CUT_WORD: Final = re.compile(rf"(?<![\w+/=-]){_MIXED}(?=…)|(?<=…){_MIXED}", re.ASCII)

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


class Scene:
    """The resources of one request and the run, with what every finding on them needs worked out once."""

    def __init__(self, resources: Iterable[Resource], run: Run) -> None:
        self.resources = {resource.urn: resource for resource in resources}
        self.run = run

    @cached_property
    def _marked(self) -> set[str]:
        """The secrets of the resources that are not those of the configuration."""
        marked = {
            leaf.text
            for resource in self.resources.values()
            for value in resource.values()
            for leaf in value.leaves()
            if leaf.secret and leaf.text
        }
        return {text for text in marked if _is_hidden(text)} - self._configured

    @property
    def _configured(self) -> frozenset[str]:
        return self.run.remember("hidden texts", lambda: _hidden_of(self.run))

    @cached_property
    def _texts(self) -> list[str]:
        """All secrets, longest first."""
        return _longest_first(self._marked | self._configured)

    @cached_property
    def _secrets(self) -> Sequence[re.Pattern[str]]:
        """Match the secrets, those of the configuration by a pattern that is made once."""
        # Where one holds another, only one pattern takes the longer one first.
        if any(one in other or other in one for one in self._marked for other in self._configured):
            return [_pattern(self._marked | self._configured)]
        shared = self.run.remember("hidden pattern", lambda: _pattern(self._configured)) if self._configured else None
        own = _pattern(self._marked) if self._marked else None
        return [pattern for pattern in (own, shared) if pattern is not None]

    @cached_property
    def _begins(self) -> Mapping[str, list[str]]:
        """The secrets that may be cut, by their first characters."""
        return _grouped(self._texts)

    @cached_property
    def _ends(self) -> Mapping[str, list[str]]:
        """The same secrets backwards, by their last characters."""
        return _grouped(text[::-1] for text in self._texts)

    def show(self, text: str) -> str:
        """`text` without secrets and credentials, with a word for each invented part, and writable as UTF-8.

        The last line of defence of every rule: what it quotes may hold any of these.
        """
        for secrets in self._secrets:
            text = secrets.sub(HIDDEN, text)
        if _CUT in text:
            text = _CUT_WORD.sub(HIDDEN, self._without_cut_secrets(text))
        text = hide(text)
        return describe_stand_ins(text).encode("utf-8", "backslashreplace").decode("utf-8")

    def _without_cut_secrets(self, text: str) -> str:
        """`text` without the begin of a secret before a cut, and without the end of one behind it."""
        parts = text.split(_CUT)
        for index, part in enumerate(parts[1:], 1):
            kept = _before_secret(part[::-1], self._ends)
            parts[index] = part if kept == len(part) else HIDDEN + part[len(part) - kept :]
        for index, part in enumerate(parts[:-1]):
            kept = _before_secret(part, self._begins)
            parts[index] = part if kept == len(part) else part[:kept] + HIDDEN
        return _CUT.join(parts)

    def show_each(self, value: Any) -> Any:  # noqa: ANN401 - any part of a witness
        """`show` for every text in a witness, without the values of condition keys that two sides share as a secret."""
        if isinstance(value, str):
            return self.show(value)
        if isinstance(value, Mapping):
            return {
                self.show(key): HIDDEN if key.lower() in SHARED_SECRETS else self.show_each(inner)
                for key, inner in value.items()
            }
        return [self.show_each(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _hidden_of(run: Run) -> frozenset[str]:
    """The texts of secret configuration that are hidden."""
    configured = {text for value in run.secrets.values() for text in configuration_texts(value)}
    # A rule may quote a part of a text, and print a statement in other blanks and letters than it was written in.
    configured |= {part for text in configured for part in _QUOTED.findall(text)}
    return frozenset(text for text in configured if _is_hidden(text))


def _is_hidden(text: str) -> bool:
    return _SHORTEST_HIDDEN <= len(text) <= _LONGEST_HIDDEN and not is_common_word(text)


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (-len(text), text))


def _pattern(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            _loosely(text) if len(text) >= _SHORTEST_PART else rf"(?<!\w){re.escape(text)}(?!\w)"
            for text in _longest_first(texts)
        )
    )


def _grouped(secrets: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for secret in secrets:
        if len(secret) >= _SHORTEST_PART:
            groups.setdefault(secret[:_SHORTEST_PART], []).append(secret)
    return groups


def _before_secret(text: str, secrets: Mapping[str, list[str]]) -> int:
    """How many characters of `text` come before the begin of a secret at its end; all where there is none.

    `secrets` are as `_grouped` gives them.
    """
    for start in range(len(text) - _SHORTEST_PART + 1):
        if any(secret.startswith(text[start:]) for secret in secrets.get(text[start : start + _SHORTEST_PART], ())):
            return start
    return len(text)


def judge_resource(policy: Policy[ResourceRule], resource: Resource, scene: Scene) -> Iterator[Judged]:
    """What a resource rule says of one resource of the scene."""
    check = policy.rule.check
    return _judge(policy, lambda context: check(resource, context), scene, resource.urn)


def judge_stack(policy: Policy[StackRule], stack: Stack, scene: Scene) -> Iterator[Judged]:
    """What a stack rule says of a whole stack."""
    check = policy.rule.check
    return _judge(policy, lambda context: check(stack, context), scene, stack.root.urn if stack.root else "")


def judge_alone(policy: Policy[ResourceRule | StackRule], resource: Resource, scene: Scene) -> Iterator[Judged]:
    """What a rule says of one resource of the scene, as if it were all there is."""
    rule = policy.rule
    if isinstance(rule, StackRule):
        return judge_stack(Policy(rule, policy.level, policy.settings), Stack((resource,)), scene)
    return judge_resource(Policy(rule, policy.level, policy.settings), resource, scene)


def judge_program(policy: Policy[ProgramRule], program: Program, scene: Scene) -> Iterator[Judged]:
    """What a program rule says of the program that declared the resources of the scene."""
    check = policy.rule.check
    return _judge(policy, lambda context: check(program, context), scene, program.stack)


def _judge(
    policy: Policy[Rule], check: Callable[[Context], Iterable[Finding]], scene: Scene, urn: str
) -> Iterator[Judged]:
    try:
        for finding in check(policy.context(scene.run)):
            yield _place(policy, finding, scene, urn)
    except Exception as exception:  # noqa: BLE001 - whatever a rule raises must not silence the other rules
        yield _place(policy, crash(policy.rule, exception, urn), scene, urn)


def _place(policy: Policy[Rule], finding: Finding, scene: Scene, fallback: str) -> Judged:
    urn = finding.urn or fallback
    resource = scene.resources.get(urn)
    type_, name = _from_urn(urn)
    severity = finding.severity or policy.rule.severity
    return Judged(
        rule=policy.rule,
        severity=severity,
        level=Level.MANDATORY if finding.outcome is Outcome.ERROR else policy.level_of(finding, severity),
        outcome=finding.outcome,
        evidence=finding.evidence,
        urn=urn,
        type=resource.type if resource else type_,
        name=scene.show(finding.name or (resource.name if resource else name)),
        path=scene.show(finding.path),
        message=scene.show(finding.message),
        fix=scene.show(finding.fix or policy.rule.fix),
        witness=scene.show_each(finding.witness),
        cause=finding.cause,
        source=finding.source,
    )


def _from_urn(urn: str) -> tuple[str, str]:
    parts = urn.split("::", 3)
    return (parts[2].rpartition("$")[2], parts[3]) if len(parts) == 4 else ("", "")


def crash(rule: Rule, exception: Exception, urn: str) -> Finding:
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


# Resource, cause, rule and outcome.
Said: TypeAlias = tuple[str, str, str, Outcome]
Spoken: TypeAlias = Mapping[Said, int]
"""The rank of the gravest severity with which a rule has spoken of a cause."""
_NOTHING: Final[Spoken] = {}


def spoken(judged: Iterable[Judged]) -> Spoken:
    """What these have spoken of, and how gravely."""
    said: dict[Said, int] = {}
    for one in judged:
        if one.cause:
            key = (one.urn, one.cause, one.rule.id, one.outcome)
            said[key] = max(said.get(key, 0), one.severity.rank)
    return said


def order(judged: Iterable[Judged], before: Spoken = _NOTHING) -> list[Judged]:
    """Sorted the same way from run to run, each cause said once by the rule that has most to say of it.

    `before` is what was spoken of when the resources were judged one by one, for findings on the whole stack.
    """
    found = list(judged)
    said = {**before, **spoken(found)}
    seen: dict[tuple[object, ...], Judged] = {}
    for one in found:
        if not _said_already(one, said):
            key = (one.urn, one.rule.id, _numbered(one.path), one.name, one.outcome.value, one.message)
            seen.setdefault(key, one)
    return [seen[key] for key in sorted(seen)]


def _said_already(one: Judged, said: Spoken) -> bool:
    """Whether a rule that this one yields to has spoken of the same cause or of what it lies in.

    A violation yields neither to a doubt nor to what is less grave.
    """
    doubt = one.outcome is Outcome.UNDECIDED
    outcomes = (Outcome.VIOLATION, Outcome.UNDECIDED) if doubt else (Outcome.VIOLATION,)
    return any(
        said.get((one.urn, cause, other, outcome), 0) >= (1 if doubt else one.severity.rank)
        for cause in _around(one.cause)
        for other in one.rule.yields_to
        for outcome in outcomes
    )


def _around(path: str) -> list[str]:
    """A path and the places that it lies in: `policy.Statement[0]`, `policy.Statement` and `policy`."""
    ends = [match.start() for match in re.finditer(r"[.\[]", path)]
    return [path, *(path[:end] for end in reversed(ends))] if path else []


def _numbered(path: str) -> tuple[tuple[str, int], ...]:
    """A key that puts `Statement[2]` before `Statement[10]`."""
    return tuple((text, int(number or 0)) for text, number in re.findall(r"([^\[]*)(?:\[(\d+)\])?", path))
