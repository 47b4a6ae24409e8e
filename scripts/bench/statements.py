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

from . import stacks
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
_ROOT: Final = "ocid1.tenancy.oc1..bench"

# Taking an interpreter down is no loading.
_START: Final = "import os\nfrom policypack.guardrails.oci import statement\n{}os._exit(0)\n"
_PARSED: Final = "statement.parse('Allow group A to read buckets in tenancy')\n"


def statement_figures(effort: Effort) -> Iterator[Figure]:
    """Everything that is measured of statements."""
    texts = [case["statement"] for case in json.loads(_SAMPLE.read_text(encoding="utf-8")) if case["valid"]]
    yield statement_figure(texts)
    yield policy_figure(texts)
    yield stack_figure(effort)
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


def _resource(type_: str, name: str, /, **properties: object) -> Resource:
    return Resource(urn=f"urn:pulumi:d::bench::{type_}::{name}", type=type_, name=name, properties=properties)


def _team(number: int) -> Iterator[Resource]:
    """A group that changes others but Administrators, in which one user is, and the functions that it deploys."""
    place = f"compartment id ocid1.compartment.oc1..c{number}"
    yield _resource("oci:Identity/group:Group", f"g{number}", name=f"g{number}", id=f"ocid1.group.oc1..g{number}")
    yield _resource("oci:Identity/user:User", f"u{number}", name=f"u{number}", id=f"ocid1.user.oc1..u{number}")
    membership = {"groupId": f"ocid1.group.oc1..g{number}", "userId": f"ocid1.user.oc1..u{number}"}
    yield _resource("oci:Identity/userGroupMembership:UserGroupMembership", f"m{number}", **membership)
    key = {"userId": f"ocid1.user.oc1..u{number}", "keyValue": "x"}
    yield _resource("oci:Identity/apiKey:ApiKey", f"k{number}", **key)
    rule = f"ALL {{resource.type = 'fnfunc', resource.compartment.id = 'ocid1.compartment.oc1..c{number}'}}"
    yield _resource("oci:Identity/dynamicGroup:DynamicGroup", f"d{number}", name=f"d{number}", matchingRule=rule)
    statements = [
        f"Allow group g{number} to use groups in tenancy where target.group.name != 'Administrators'",
        f"Allow group g{number} to use users in tenancy",
        f"Allow group g{number} to manage users in tenancy where target.user.name = /u*/",
        f"Allow group g{number} to use dynamic-groups in tenancy where target.dynamicgroup.name = 'd{number}'",
        f"Allow group g{number} to manage functions-family in {place}",
        f"Deny group g{number} to manage fn-app in {place} where request.region = 'fra'",
        f"Allow dynamic-group d{number} to read secret-family in compartment X{number}",
    ]
    yield _resource(_TYPE, f"p{number}", compartmentId=_ROOT, name=f"p{number}", statements=statements)


def judged_together(teams: int) -> tuple[float, int]:
    """The processor time of all rules over a stack of so many teams, each with users and policies of its own, and how
    many of them may act as their functions."""
    seconds, found = stacks.judged(resource for number in range(teams) for resource in _team(number))
    return seconds, found["oci-escalation-through-dynamic-group"]


def stack_figure(effort: Effort) -> Figure:
    """Ten times as many identities of OCI against the first many."""
    teams = max(1, effort.identities // stacks.TIMES)
    few, _ = judged_together(teams)
    many, _ = judged_together(teams * stacks.TIMES)
    return stacks.growth("OCI groups and what is around them", teams, few, many)


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
