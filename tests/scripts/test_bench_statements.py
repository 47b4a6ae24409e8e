"""`make bench`, the figures about OCI statements: what is timed is what is meant."""

import math

import pytest

from policypack.guardrails.oci.rejections.rejection import Rejected
from policypack.guardrails.oci.statement import parse
from scripts.bench import statements
from scripts.bench.figures import Effort

POLICIES = statements.enabled()


def test_statements_are_judged_by_the_rules_on_them() -> None:
    (found,) = statements.judged(["Allow group A to manage policies in tenancy"], POLICIES)
    assert (found.rule.id, found.path) == ("oci-escalation-by-policies", "statements[0]")


def test_many_identities_are_judged_together() -> None:
    seconds, through = statements.judged_together(3)
    assert seconds > 0
    assert through == 3


def test_figures_about_statements() -> None:
    figures = [
        statements.statement_figure(["Allow group A to read buckets in tenancy"]),
        statements.policy_figure(["Allow group A to read buckets in tenancy"]),
        statements.stack_figure(Effort(identities=2)),
        statements.parser_figure(Effort(runs=1)),
    ]
    assert all(math.isfinite(number) for one in figures for number in (one.ratio, one.value, one.budget))


REFUSED = {name for name, text in statements.hostile_statements().items() if isinstance(parse(text), Rejected)}


def test_most_hostile_statements_are_refused() -> None:
    assert len(REFUSED) >= len(statements.hostile_statements()) // 2


@pytest.mark.parametrize("name", statements.hostile_statements())
def test_a_hostile_statement_ends_in_one_clear_finding_at_most(name: str) -> None:
    found = statements.judged([statements.hostile_statements()[name]], POLICIES)
    assert len(found) <= 1
    assert ("oci-policy-statement-rejected" in [one.rule.id for one in found]) == (name in REFUSED)
    assert all(len(one.message) < 400 and one.message.isprintable() for one in found)
