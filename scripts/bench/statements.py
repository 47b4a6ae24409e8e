"""How long the decision about OCI statements takes: as people write them, and as an attacker would."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level
from policypack.guardrails.judge import Judged, Policy, Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.rule import ResourceRule

from .documents import seconds_each
from .figures import Effort, Figure
from .processes import alternate, run

_SAMPLE: Final = Path(__file__).parents[2] / "tests" / "data" / "oci-statements.json"
_TYPE: Final = "oci:Identity/policy:Policy"
_STATEMENT_BUDGET_MS: Final = 1.0
_START_BUDGET_MS: Final = 50.0
_POLICY_BUDGET_S: Final = 1.0
_HOSTILE_BUDGET_S: Final = 1.0
_MOST_STATEMENTS: Final = 500

# Taking an interpreter down is no loading.
_START: Final = "import os\nfrom policypack.guardrails.oci import statement\n{}os._exit(0)\n"
_PARSED: Final = "statement.parse('Allow group A to read buckets in tenancy')\n"


def statement_figures(effort: Effort) -> Iterator[Figure]:
    """Everything that is measured of statements."""
    texts = [case["statement"] for case in json.loads(_SAMPLE.read_text(encoding="utf-8")) if case["valid"]]
    yield statement_figure(texts)
    yield policy_figure(texts)
    yield parser_figure(effort)
    yield hostile_figure()


def judged(statements: Sequence[str], policies: Sequence[Policy[ResourceRule]]) -> list[Judged]:
    """What rules say of a policy with these statements, read anew."""
    urn = f"urn:pulumi:d::bench::{_TYPE}::p"
    resource = Resource(urn=urn, type=_TYPE, name="p", properties={"statements": list(statements)})
    scene = Scene([resource], Run())
    return order(one for policy in policies for one in judge_resource(policy, resource, scene))


def enabled() -> list[Policy[ResourceRule]]:
    """The rules on OCI policies that are on by default."""
    rules = (rule for rule in RULES if isinstance(rule, ResourceRule) and _TYPE in rule.types)
    return [default_policy(rule) for rule in rules if rule.default_level is not Level.DISABLED]


def statement_figure(texts: Sequence[str]) -> Figure:
    """A statement parsed and judged by every rule, in the second round, against splitting it into words."""
    policies = enabled()

    def judge(text: str) -> object:
        return judged([text], policies)

    seconds_each((judge,), texts)
    spent, splitting = seconds_each((judge, str.split), texts)
    us, them = statistics.median(spent), statistics.median(splitting)
    return Figure(
        name=f"An OCI statement judged by {len(policies)} rules, median of {len(texts)} / splitting it into words",
        ratio=us / them,
        value=us * 1e3,
        budget=_STATEMENT_BUDGET_MS,
        limit=f"{_STATEMENT_BUDGET_MS:.0f} ms",
        measured=f"{us * 1e3:.2f} / {them * 1e3:.4f} ms; slowest {max(spent) * 1e3:.1f} ms",
    )


def policy_figure(texts: Sequence[str]) -> Figure:
    """A policy of as many statements as OCI takes, against one of a single statement."""
    policies = enabled()
    many = (list(texts) * (_MOST_STATEMENTS // len(texts) + 1))[:_MOST_STATEMENTS]
    (us,), (them,) = (seconds_each((lambda each: judged(each, policies),), [each])[0] for each in (many, many[:1]))
    return Figure(
        name=f"A policy of {_MOST_STATEMENTS} OCI statements / one of a single statement",
        ratio=us / them,
        value=us,
        budget=_POLICY_BUDGET_S,
        limit=f"{_POLICY_BUDGET_S:.0f} s",
        measured=f"{us:.2f} s / {them * 1e3:.2f} ms",
    )


def parser_figure(effort: Effort) -> Figure:
    """The first statement in a new process, against only importing what parses it."""
    whole, nothing = (["-c", _START.format(parsed)] for parsed in (_PARSED, ""))
    us, them = alternate((lambda: run(whole).seconds, lambda: run(nothing).seconds), effort.runs)
    more = (us - them) * 1e3
    return Figure(
        name="A process that parses its first OCI statement / that imports the module",
        ratio=us / them,
        value=more,
        budget=_START_BUDGET_MS,
        limit=f"+{_START_BUDGET_MS:.0f} ms",
        measured=f"{more:+.0f} ms: {us * 1e3:.0f} ms / {them * 1e3:.0f} ms",
    )


def hostile_statements() -> dict[str, str]:
    """Statements that nobody would write, by what is wrong with them."""
    allow = "Allow group A to read buckets in tenancy where "
    names = [f"target.bucket.name != 'b{number}'" for number in range(400)]
    return {
        "a megabyte of one word": "Allow " + "a" * 1_000_000,
        "a megabyte of blanks": "Allow group" + " " * 1_000_000 + "A to read buckets in tenancy",
        "a hundred thousand open braces": allow + "all {" * 100_000,
        "a quote that never ends": allow + "target.bucket.name = '" + "x" * 1_000_000,
        "a pattern of asterisks": allow + f"target.bucket.name = /{'a*' * 5_000}b/",
        "many tests": allow + f"all {{{', '.join(names)}}}",
        "many ways to meet a condition": allow + "all {" + ", ".join(["any {" + ", ".join(names[:9]) + "}"] * 9) + "}",
        "bytes of no text": "\x00\x01\ud800\uffff" * 100_000,
    }


def hostile_figure() -> Figure:
    """The slowest of the hostile statements, judged by every rule, against splitting them all into words."""
    policies = enabled()
    hostile = hostile_statements()
    times, splitting = seconds_each((lambda text: judged([text], policies), str.split), list(hostile.values()))
    spent = dict(zip(hostile, times, strict=True))
    name = max(spent, key=spent.__getitem__)
    return Figure(
        name="The slowest hostile OCI statement / splitting all of them into words",
        ratio=spent[name] / sum(splitting),
        value=spent[name],
        budget=_HOSTILE_BUDGET_S,
        limit=f"{_HOSTILE_BUDGET_S:.0f} s",
        measured=f"{spent[name]:.2f} s: {name} / {sum(splitting) * 1e3:.0f} ms",
    )
