"""Reading the matching rules of dynamic groups."""

from __future__ import annotations

import pytest

from policypack.guardrails.oci.matching import parse
from policypack.guardrails.oci.rejections.rejection import Rejected, Unreadable
from policypack.guardrails.oci.tree import Combination, Opaque, Operator, Quantifier, Test, Value, ValueKind
from policypack.guardrails.values import UNKNOWN

ANYTHING = "standin0x0123456789abcdef"


def tag(name: str) -> Test:
    return Test(f"tag.{name}.value", Operator.PRESENT)


def equals(variable: str, value: str) -> Test:
    return Test(variable, Operator.EQUAL, (Value(ValueKind.LITERAL, value),))


RULES = {
    "instance.id = 'ocid1.instance.oc1..a'": equals("instance.id", "ocid1.instance.oc1..a"),
    "resource.type!='fnfunc'": Test("resource.type", Operator.UNEQUAL, (Value(ValueKind.LITERAL, "fnfunc"),)),
    "tag.Ops.Role.value": tag("Ops.Role"),
    "tag.Ops.Role.value = 'db'": equals("tag.Ops.Role.value", "db"),
    "ALL {resource.type = 'fnfunc', resource.compartment.id = 'c'}": Combination(
        Quantifier.ALL, (equals("resource.type", "fnfunc"), equals("resource.compartment.id", "c"))
    ),
    "Any{tag.a.b.value,\n all {instance.id='i'}}": Combination(
        Quantifier.ANY,
        (tag("a.b"), Combination(Quantifier.ALL, (equals("instance.id", "i"),))),
    ),
    f"all {{{ANYTHING}, resource.id = '{ANYTHING}'}}": Combination(
        Quantifier.ALL, (Opaque(ANYTHING), equals("resource.id", ANYTHING))
    ),
}


@pytest.mark.parametrize(("text", "rule"), RULES.items(), ids=RULES)
def test_rules(text, rule):
    assert parse(text) == rule
    assert parse(str(rule)) == rule


REJECTED = {
    "": 1,
    "instance.id": 12,
    "all {resource.type}": 19,
    "instance.id == 'x'": 14,
    "instance.id = x": 15,
    "instance.id = /x*/": 15,
    "instance.id in ('x')": 13,
    "instance.id = ocid1.instance.oc1..a": 15,
    "{instance.id = 'x'}": 1,
    "all {}": 6,
    "instance.id = 'x', instance.id = 'y'": 18,
    "instance.id = 'x' or instance.id = 'y'": 19,
    "where instance.id = 'x'": 1,
    "all {instance.id = 'x'": 23,
}


@pytest.mark.parametrize(("text", "column"), REJECTED.items(), ids=REJECTED)
def test_rules_that_the_language_rejects(text, column):
    rejected = parse(text)
    assert isinstance(rejected, Rejected)
    assert rejected.column == column


@pytest.mark.parametrize("text", [UNKNOWN, f"instance.id = {ANYTHING}", f"all {ANYTHING}"])
def test_rules_that_cannot_be_read_yet(text):
    assert isinstance(parse(text), Unreadable)


@pytest.mark.parametrize("text", [None, 3, ["all {}"]], ids=repr)
def test_what_is_no_text_is_rejected(text):
    assert isinstance(parse(text), Rejected)
