import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.judge import Scene, default_policy, judge_resource
from policypack.guardrails.model import Resource, Run, Secret
from policypack.guardrails.oci import matching
from policypack.guardrails.oci.membership import Breadth, membership
from policypack.guardrails.oci.principals import mistaken_type
from policypack.guardrails.rules.least_privilege import (
    oci_dynamic_group_by_tag_alone,
    oci_dynamic_group_takes_in_every_compartment,
    oci_dynamic_group_takes_in_every_resource,
    oci_dynamic_group_takes_in_nothing,
    oci_dynamic_group_takes_in_whole_compartment,
)
from policypack.guardrails.values import UNKNOWN

GROUP = "oci:Identity/dynamicGroup:DynamicGroup"
DOMAIN_GROUP = "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup"
HERE = "resource.compartment.id = 'ocid1.compartment.oc1..speech'"
INSTANCES = "instance.compartment.id = 'ocid1.compartment.oc1..speech'"
FUNCTION = "resource.type = 'fnfunc'"
TAG = "tag.roles.speech.value = 'worker'"
ONE = "resource.id = 'ocid1.fnfunc.oc1..a'"
USUAL = f"ALL {{{FUNCTION}, {HERE}}}"


def group(rule: object, type_: str = GROUP) -> Resource:
    return R(type_, matchingRule=rule)


def says(severity: str, outcome: str = "violation") -> list[tuple[str, str, str]]:
    return [(outcome, "matchingRule", severity)]


OTHER = R("oci:Identity/group:Group", name="operators")

test_oci_dynamic_group_takes_in_every_resource = table(
    oci_dynamic_group_takes_in_every_resource.RULE,
    [
        Case("fail", "all-but-one-type", group("resource.type != 'bucket'"), says("high")),
        Case("fail", "all-but-one-compartment", group(f"All {{{HERE.replace('=', '!=')}}}"), says("high")),
        Case("fail", "all-without-a-tag", group(TAG.replace("=", "!="), DOMAIN_GROUP), says("high")),
        Case("fail", "branch", group(f"ANY {{{ONE}, {USUAL}, instance.id != 'ocid1.instance.oc1..a'}}"), says("high")),
        Case("fail", "beside-an-unknown-branch", group(f"any {{resource.type != 'x', {ANYTHING}}}"), says("high")),
        Case("fail", "either-of-all", group("any {resource.type = 'cluster', resource.type != 'cluster'}"), says("high")),
        Case("pass", "usual", group(USUAL)),
        Case("pass", "one", group(ONE)),
        Case("pass", "tight-and-all-but-one", group(f"all {{{USUAL}, resource.id != 'ocid1.fnfunc.oc1..a'}}")),
        Case("undecided", "unknown", group(UNKNOWN), says("high", "undecided")),
        Case("undecided", "nobody-gave-it", group(ANYTHING), says("high", "undecided")),
        Case("undecided", "unknown-branch", group(f"any {{{USUAL}, {ANYTHING}}}"), says("high", "undecided")),
        Case("not-applicable", "no-dynamic-group", OTHER),
        Case("boundary", "unknown-part-can-only-narrow", group(f"all {{{USUAL}, {ANYTHING}}}")),
        Case("boundary", "rejected", group("resource.type")),
        Case(
            "boundary",
            "too-many-branches",
            group(f"all {{{', '.join(['any {' + FUNCTION + ', ' + TAG + '}'] * 30)}}}"),
            says("high", "undecided"),
        ),
    ],
)  # fmt: skip

test_oci_dynamic_group_takes_in_every_compartment = table(
    oci_dynamic_group_takes_in_every_compartment.RULE,
    [
        Case("fail", "functions", group(FUNCTION), says("medium")),
        Case("fail", "instances", group("ALL {RESOURCE.TYPE='Instance'}", DOMAIN_GROUP), says("medium")),
        Case("fail", "all-but-one-compartment", group(f"all {{{FUNCTION}, {HERE.replace('=', '!=')}}}"), says("medium")),
        Case("fail", "loose-branch", group(f"any {{{USUAL}, resource.type='ApiGateway'}}"), says("medium")),
        Case("fail", "type-nobody-gave", group(f"resource.type = '{ANYTHING}'"), says("medium")),
        Case("fail", "type-that-is-new", group("resource.type = 'quantumcircuit'"), says("medium")),
        Case("fail", "secret", group(Secret(FUNCTION)), says("medium")),
        Case("pass", "usual", group(USUAL)),
        Case("pass", "either-type-here", group(f"all {{{HERE}, any {{{FUNCTION}, resource.type='cluster'}}}}")),
        Case("undecided", "unknown-narrowing", group(f"all {{{FUNCTION}, {ANYTHING}}}"), says("medium", "undecided")),
        Case("not-applicable", "no-dynamic-group", OTHER),
        Case("boundary", "compartment-made-here", group(f"all {{{FUNCTION}, resource.compartment.id = '{COMPUTED}'}}")),
        Case("boundary", "all-there-is-is-said-elsewhere", group(f"any {{{FUNCTION}, resource.type != 'x'}}")),
    ],
)  # fmt: skip

test_oci_dynamic_group_takes_in_whole_compartment = table(
    oci_dynamic_group_takes_in_whole_compartment.RULE,
    [
        Case("fail", "every-type", group(HERE), says("medium")),
        Case("fail", "all-but-one-type", group(f"all {{{HERE}, resource.type != 'bucket'}}"), says("medium")),
        Case("fail", "root", group("resource.compartment.id = 'ocid1.tenancy.oc1..t'"), says("medium")),
        Case("fail", "compartment-made-here", group(f"ANY {{resource.compartment.id = '{COMPUTED}'}}"), says("medium")),
        Case("fail", "instances", group(INSTANCES), says("medium")),
        Case("fail", "instances-said-at-length", group(f"ALL {{resource.type='instance', {HERE}}}"), says("medium")),
        Case("fail", "both-are-one-finding", group(f"any {{{INSTANCES}, {HERE}}}", DOMAIN_GROUP), says("medium")),
        Case("pass", "usual", group(USUAL)),
        Case("pass", "instances-with-a-tag", group(f"all {{{INSTANCES}, {TAG}}}")),
        Case(
            "pass",
            "two-instances",
            group("any {instance.id = 'ocid1.instance.oc1..a', instance.id = 'ocid1.instance.oc1..b'}"),
        ),
        Case("undecided", "unknown-narrowing", group(f"all {{{HERE}, {ANYTHING}}}"), says("medium", "undecided")),
        Case("not-applicable", "no-dynamic-group", OTHER),
        Case("boundary", "one-instance-of-it", group(f"all {{{INSTANCES}, instance.id = 'ocid1.instance.oc1..a'}}")),
    ],
)

test_oci_dynamic_group_by_tag_alone = table(
    oci_dynamic_group_by_tag_alone.RULE,
    [
        Case("fail", "value", group(TAG), says("low")),
        Case("fail", "present", group("tag.roles.speech.value"), says("low")),
        Case("fail", "with-a-type", group(f"all {{{FUNCTION}, {TAG}}}"), says("low")),
        Case("pass", "in-a-compartment", group(f"all {{{HERE}, {TAG}}}")),
        Case("undecided", "unknown-narrowing", group(f"all {{{TAG}, {ANYTHING}}}"), says("low", "undecided")),
        Case("not-applicable", "no-dynamic-group", OTHER),
        Case("boundary", "unequal-is-no-tag", group(f"all {{{HERE}, {TAG.replace('=', '!=')}}}")),
    ],
)

test_oci_dynamic_group_takes_in_nothing = table(
    oci_dynamic_group_takes_in_nothing.RULE,
    [
        Case("fail", "type-of-one-page-of-oracle", group(f"ALL {{resource.type = 'fnfunction', {HERE}}}"), says("medium")),
        Case("fail", "type-of-statements", group("resource.type = 'api-gateways'"), says("medium")),
        Case("fail", "branch", group(f"any {{{USUAL}, resource.type = 'fnfunction'}}"), says("medium")),
        Case("fail", "unknown-variable", group("instance.compartment = 'ocid1.compartment.oc1..a'"), says("medium")),
        Case("fail", "empty-type", group("resource.type = ''"), says("medium")),
        Case("fail", "asterisk-in-quotes", group(f"all {{resource.type = 'fn*', {HERE}}}"), says("medium")),
        Case("fail", "tag-without-value", group("tag.roles.speech = 'worker'"), says("medium")),
        Case("fail", "instance-for-compartment", group("instance.compartment.id = 'ocid1.instance.oc1..a'"), says("medium")),
        Case("fail", "name-for-ocid", group("resource.compartment.id = 'speech'", DOMAIN_GROUP), says("medium")),
        Case("fail", "kind-is-known-name-is-not", group(f"instance.id = 'ocid1.volume.oc1..{ANYTHING}'"), says("medium")),
        Case("fail", "instance-that-is-made-here", group(f"instance.compartment.id = 'ocid1.instance.oc1..{COMPUTED}'"), says("medium")),
        Case("fail", "two-types", group(f"all {{{FUNCTION}, resource.type = 'cluster', {HERE}}}"), says("low")),
        Case("fail", "two-ids", group(f"all {{{ONE}, {ONE}b}}".replace("a'b", "b'")), says("low")),
        Case("fail", "functions-among-instances", group(f"all {{{FUNCTION}, {INSTANCES}}}"), says("low")),
        Case("fail", "id-of-another-type", group("all {resource.type = 'cluster', " + ONE + "}"), says("low")),
        Case("fail", "this-and-not-this", group(f"all {{{FUNCTION}, resource.type != 'FNFUNC'}}"), says("low")),
        Case("pass", "usual", group(USUAL)),
        Case("pass", "either-type", group(f"all {{{HERE}, any {{{FUNCTION}, resource.type = 'cluster'}}}}")),
        Case("pass", "type-that-is-new", group(f"all {{resource.type = 'quantumcircuit', {HERE}}}")),
        Case("not-applicable", "no-dynamic-group", OTHER),
        Case("boundary", "same-said-twice", group(f"all {{{FUNCTION}, resource.type = 'FnFunc', {HERE}}}")),
        Case("boundary", "other-letter-case", group(f"all {{resource.type = 'APIGATEWAY', {HERE.upper()}}}".replace("OCID1.COMPARTMENT.OC1..SPEECH", "ocid1.compartment.oc1..a"))),
        Case("boundary", "texts-that-are-not-known", group(f"all {{resource.type = '{ANYTHING}', resource.compartment.id = '{COMPUTED}'}}")),
        Case("boundary", "id-as-preflight-invents-it", group(f"all {{{FUNCTION}, resource.id = 'ocid1.function.oc1..{COMPUTED}'}}")),
        Case("boundary", "unknown", group(UNKNOWN)),
    ],
    without={"undecided": "a text that is not known yet may be right, and a group without members harms nobody"},
)  # fmt: skip


def test_the_fix_narrows_the_groups_own_rule_and_quotes_nothing_secret() -> None:
    policy = default_policy(oci_dynamic_group_takes_in_whole_compartment.RULE)
    for rule, shown in ((HERE, True), (Secret(HERE), False)):
        resource = group(rule)
        (found,) = judge_resource(policy, resource, Scene([resource], Run()))
        assert ("ocid1.compartment.oc1..speech" in found.fix) is shown
        assert ("ocid1.compartment.oc1..speech" in f"{found.message} {found.witness}") is shown


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("fnfunction", "fnfunc"),
        ("FnFunctions", "fnfunc"),
        ("fn-func", "fnfunc"),
        ("fnfucn", "fnfunc"),
        ("instances", "instance"),
        ("autonomous-databases", "autonomousdatabase"),
        ("apigatway", "ApiGateway"),
        ("fnfunc", None),
        ("datasciencejob", None),
        ("dbnodes", "dbnode"),
        ("quantumcircuit", None),
        ("x", None),
        ("", None),
    ],
)
def test_a_type_that_is_known_or_new_is_no_mistake(word: str, meant: str | None) -> None:
    assert mistaken_type(word) == meant


def test_a_long_list_of_instances_is_looked_through() -> None:
    rule = matching.parse("any {" + ", ".join(f"instance.id = 'ocid1.instance.oc1..{n}'" for n in range(1000)) + "}")
    found = membership(rule)  # type: ignore[arg-type]
    assert ({taken.breadth for taken in found.taken}, found.dead, found.doubt) == ({Breadth.MEANT}, (), "")
