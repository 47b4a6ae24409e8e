import pytest
from hypothesis import given
from hypothesis import strategies as st

from policypack.guardrails.oci.rejections.rejection import Unreadable
from policypack.guardrails.oci.statement import parse as parse_statement
from policypack.guardrails.oci.token_rules import MAX_DEPTH, AllOf, AnyOf, ClaimTest, Readings, parse
from policypack.guardrails.oci.workloads import Workloads, in_one_cluster, of_workloads_alone, workloads
from policypack.guardrails.values import UNKNOWN

A, B, C = (ClaimTest(name, name.upper()) for name in "abc")


def read(text):
    found = parse(text)
    assert isinstance(found, Readings), found
    assert found.widest == found.narrowest
    return found.widest


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("sub eq *", ClaimTest("sub", "*")),
        ('"username" eq kafka*', ClaimTest("username", "kafka*")),
        ('groups co "network-admin"', ClaimTest("groups", "*network-admin*")),
        ("sub eq 'repo:o/r:ref:refs/heads/main'", ClaimTest("sub", "repo:o/r:ref:refs/heads/main")),
        ("  sub  EQ  repo:o/r:environment:Production EU ", ClaimTest("sub", "repo:o/r:environment:Production EU")),
        (r'sub eq "a\"b"', ClaimTest("sub", 'a"b')),
        ('sub sw "a"', ClaimTest("sub", "a*")),
        ("sub ew 'a'", ClaimTest("sub", "*a")),
        ("sub pr", ClaimTest("sub", "*")),
        ("sub ne a", ClaimTest("sub", "*")),
        ("a eq A and b eq B or c eq C", AnyOf((AllOf((A, B)), C))),
        ("a eq A and (b eq B or c eq C)", AllOf((A, AnyOf((B, C))))),
        ("a eq A and not (b eq B)", AllOf((A, ClaimTest("", "*")))),
        ("a eq 'x and y'", ClaimTest("a", "x and y")),
        ("a eq A or(b eq B)", AnyOf((A, B))),
        ("https://acme.dev/team eq blue", ClaimTest("https://acme.dev/team", "blue")),
    ],
)
def test_a_rule_is_read(text, rule):
    assert read(text) == rule


@pytest.mark.parametrize(
    "text",
    ["", "true", "sub", "sub eq", "sub = x", "sub eq 'x", "sub eq x and", "(sub eq x", "emails[type eq x]",
     "(" * (MAX_DEPTH + 2) + "a eq A" + ")" * (MAX_DEPTH + 2), "a" * 30_000, None, 7.0, UNKNOWN],
)  # fmt: skip
def test_what_is_no_rule_is_not_read(text):
    assert isinstance(parse(text), Unreadable)


def test_a_part_that_may_be_anything_has_two_readings():
    found = parse("sub eq 'repo:standin0x0123456789abcdef/r:*'")
    assert isinstance(found, Readings)
    assert found.widest == ClaimTest("sub", "repo:*/r:*")
    assert found.narrowest == ClaimTest("sub", "repo:standin0x0123456789abcdef/r:*")
    assert isinstance(parse("standin0x0123456789abcdef"), Unreadable)


@given(st.text(st.sampled_from("ab *\"'()\\eqcoandornt"), max_size=60))
def test_no_text_raises(text):
    parse(text)


def test_only_asterisks_let_all_through():
    assert [ClaimTest("a", each).lets_all_through for each in ("*", "**", "", "*b")] == [True, True, False, False]


def ways(condition, subject="any-user"):
    return workloads(parse_statement(f"Allow {subject} to read buckets in tenancy where {condition}"))


P = "request.principal"


def test_the_ways_in_which_workloads_qualify():
    assert ways(f"{P}.type = 'workload'") == (Workloads(False, False, False),)
    assert ways(f"any {{{P}.type = 'instance', all {{{P}.type in ('x', 'Workload'), {P}.cluster_id = 'c'}}}}") == (
        Workloads(True, False, False),
    )
    assert ways(f"{P}.type = 'workload'", "group A") == ways(f"{P}.type = /other*/") == ()
    assert ways(f"all {{{P}.type = /work*/, {P}.namespace = /*/, {P}.service_account = 's'}}") == (
        Workloads(False, False, True),
    )


def test_whether_none_but_workloads_qualify():
    def alone(condition):
        return of_workloads_alone(parse_statement(f"Allow any-user to read buckets in tenancy where {condition}"))

    one = f"{P}.type = 'Workload'"
    assert alone(one)
    assert alone(f"any {{{one}, all {{{one}, {P}.namespace = 'n'}}}}")
    assert not alone(f"any {{{one}, {P}.namespace = 'n'}}")
    assert not alone(f"{P}.type in ('workload', 'instance')")
    assert not alone(f"{P}.type != 'workload'")
    assert not of_workloads_alone(parse_statement("Allow any-user to read buckets in tenancy"))


def test_too_many_ways_are_not_taken_for_none():
    one = "any {" + ", ".join(f"{P}.id = '{at}'" for at in range(20)) + "}"
    assert ways(f"all {{{one}, {one}, {one}}}")[-1] == Workloads(None, None, None)


def test_a_cluster_is_put_beside_what_is_tested():
    statement = parse_statement(
        f"Allow any-user to read buckets in tenancy where all {{{P}.type = 'workload', {P}.namespace = 'n'}}"
    )
    narrowed = str(in_one_cluster(statement))
    assert narrowed.endswith(f"{P}.namespace = 'n', {P}.cluster_id = 'CLUSTER_OCID'}}")
    assert [each.one_cluster for each in workloads(parse_statement(narrowed))] == [True]
