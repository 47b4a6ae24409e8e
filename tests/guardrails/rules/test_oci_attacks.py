"""Statements that look harmless, or harmful, and are not: each with what all rules together say of it."""

from __future__ import annotations

import pytest

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.rule import ResourceRule

POLICY = "oci:Identity/policy:Policy"
ROOT = "ocid1.tenancy.oc1..root"
GROUP = "ocid1.group.oc1..a"


def said(statement: str, name: str = "p") -> list[Judged]:
    properties: dict[str, object] = {"name": name, "statements": [statement]}
    resource = Resource(urn=f"urn:pulumi:d::p::{POLICY}::r", type=POLICY, name="r", properties=properties)
    rules = [rule for rule in RULES if isinstance(rule, ResourceRule) and POLICY in rule.types]
    on = [default_policy(rule) for rule in rules if rule.default_level is not Level.DISABLED]
    scene = Scene([resource], Run())
    return order(one for policy in on for one in judge_resource(policy, resource, scene))


def worst(statement: str, name: str = "p") -> str:
    """The gravest severity of a violation, else whether something is undecided, else nothing."""
    found = said(statement, name)
    violations = [one for one in found if one.outcome.value == "violation"]
    if violations:
        return max(violations, key=lambda one: one.severity.rank).severity.value
    return "undecided" if found else "-"


# What another part of the statement says does not make a grave part less grave.
BESIDE = {
    "{USER_APIKEY_ADD, SECRET_BUNDLE_READ} in tenancy where target.group.name != 'Administrators'": "high",
    "{GROUP_UPDATE, DYNAMIC_GROUP_UPDATE} in tenancy where target.group.name != 'Administrators'": "high",
    "read all-resources in tenancy where any {target.compartment.name = 'x', request.permission = 'SECRET_BUNDLE_READ'}": "high",
    "manage all-resources in tenancy where any {target.compartment.name = 'x', request.permission = 'GROUP_UPDATE'}": "critical",
    "read all-resources in tenancy where all {request.permission != 'OBJECT_READ', request.permission != 'SECRET_BUNDLE_READ'}": "low",
}
ADMINISTRATORS = {
    "manage groups in tenancy where target.resource.domain.name = 'Default'": "critical",
    "manage groups in tenancy where target.resource.domain.name != 'Default'": "low",
    f"manage groups in tenancy where target.group.id = '{GROUP}'": "-",
    f"manage groups in tenancy where target.group.id != '{GROUP}'": "low",
    "use groups in tenancy where target.group.id = /ocid1.group.*/": "undecided",
    "manage groups in tenancy where target.group.member = 'true'": "-",
    "manage groups in tenancy where target.group.id = target.group.id": "critical",
    "manage groups in tenancy where target.group.name in ('App', target.group.name)": "critical",
    "use groups in tenancy where request.operation = 'UpdateGroup'": "-",
    "use groups in tenancy where request.operation != 'AddUserToGroup'": "-",
    "use groups in tenancy where request.operation = 'AddUserToGroup'": "critical",
    "manage users in tenancy where target.user.name = /*@corp.com/": "undecided",
    "manage users in tenancy where target.user.name = /svc-*/": "-",
    "manage users in tenancy where target.user.name != 'root'": "critical",
    "manage users in tenancy where target.user.id = request.user.id": "-",
    "manage users in tenancy where request.user.id = target.user.id": "-",
    "manage domain in tenancy": "high",
}
PLACES = {
    f"manage policies in tenancy where target.compartment.id = '{ROOT}'": "critical",
    "manage policies in tenancy where target.compartment.id = /ocid1.tenancy*/": "critical",
    "manage policies in tenancy where target.compartment.id = 'ocid1.compartment.oc1..c'": "medium",
    "manage policies in tenancy where target.compartment.name = 'Sandbox'": "medium",
    "manage all-resources in tenancy where target.compartment.id = target.compartment.id": "critical",
    f"manage policies in compartment id {ROOT}": "critical",
}
OF_TARGETS = {
    "manage all-resources in tenancy where target.tenant.id = 'ocid1.tenancy.oc1..a'": "critical",
    "manage policies in tenancy where target.resource.kind = 'policy'": "undecided",
    "manage policies in tenancy where target.foo = 'x'": "undecided",
    "use buckets in tenancy where target.stream-pool.id = 'ocid1.streampool.oc1..a'": "-",
    "manage policies in tenancy where target.resource.compartment.tag.a.b = 'x'": "medium",
    "manage users in tenancy where target.resource.compartment.id = 'ocid1.tenancy.oc1..a'": "critical",
    "manage policies in tenancy where target.resource.compartment.id = 'ocid1.compartment.oc1..a'": "medium",
    "use buckets in tenancy where target.bucket.nmae != 'x'": "medium",
}
SEVERAL = {
    f"manage policies in tenancy where all {{request.groups.id = '{GROUP}', request.groups.id = '{GROUP}b'}}": "critical",
    "manage policies in tenancy where all {request.principal.group.tag.a.b = 'x', request.principal.group.tag.a.b = 'y'}": "critical",
    "manage policies in tenancy where all {target.policy.name = 'x', target.policy.name = 'y'}": "low",
    "use buckets in tenancy where sets-intersect(target.bucket.tag.a.b, ('x'))": "-",
    "use buckets in tenancy where any {sets-intersect(target.bucket.tag.a.b, ('x')), request.region = 'iad'}": "medium",
    "use buckets in tenancy where target.bucket.name = '*'": "undecided",
    "use buckets in tenancy where target.bucket.name = 'app-*'": "-",
}


@pytest.mark.parametrize(("granted", "severity"), (BESIDE | ADMINISTRATORS | PLACES | OF_TARGETS | SEVERAL).items())
def test_a_group_is_granted(granted: str, severity: str) -> None:
    assert worst(f"Allow group A to {granted}") == severity


ANYONE = {
    "request.principal.id = request.principal.id": "critical",
    "request.principal.id = 'ocid1.fnfunc.oc1..a'": "-",
    "request.principal.id = target.resource.id": "-",
    "target.resource.id = request.principal.id": "-",
    "all {request.principal.type = 'fnfunc', request.principal.compartment.id = 'ocid1.compartment.oc1..c'}": "-",
    f"any {{{', '.join(f'request.principal.id = {chr(39)}ocid1.instance.oc1..{n}{chr(39)}' for n in range(300))}}}": "-",
}


@pytest.mark.parametrize(("condition", "severity"), ANYONE.items(), ids=[text[:60] for text in ANYONE])
def test_anyone_reads_objects(condition: str, severity: str) -> None:
    assert worst(f"Allow any-user to read objects in compartment Data where {condition}") == severity


def test_what_a_condition_picks_out_is_a_dynamic_group_by_another_name() -> None:
    functions = "request.principal.type = 'fnfunc', request.principal.compartment.id = 'ocid1.compartment.oc1..c'"
    (found,) = said(f"Allow any-user to manage instance-family in tenancy where all {{{functions}}}")
    assert (found.rule.id, found.severity.value) == ("oci-dynamic-group-granted-in-tenancy", "medium")


@pytest.mark.parametrize("kind", ["service", "dynamic-group"])
def test_to_list_what_nobody_knows_changes_nothing(kind: str) -> None:
    assert worst(f"Allow {kind} A to inspect brand-new-things in tenancy") == "medium"
    assert [one.rule.id for one in said(f"Allow {kind} A to inspect brand-new-things in tenancy")] == [
        "oci-policy-statement-rejected"
    ]


def test_a_misspelt_variable_is_named_beside_what_is_granted() -> None:
    found = [one.rule.id for one in said("Allow group A to use buckets in tenancy where target.bucket.nmae != 'x'")]
    assert found == ["oci-buckets-publishable", "oci-policy-condition-never-holds"]


@pytest.mark.parametrize(
    ("name", "subject", "severity"),
    [
        ("Tenant Admin Policy", "group Administrators", "-"),
        ("Tenant Admin Policy", "group Corp/Administrators", "critical"),
        ("Tenant Admin Policy", "dynamic-group Administrators", "critical"),
        ("administrators", "group Administrators", "critical"),
    ],
)
def test_the_policy_that_every_tenancy_begins_with(name: str, subject: str, severity: str) -> None:
    assert worst(f"ALLOW {subject} to manage all-resources IN TENANCY", name=name) == severity


def test_a_group_of_another_tenancy_is_said_to_be_one() -> None:
    found = {
        one.rule.id: one for one in said("Admit group Admins of tenancy Partner to manage all-resources in tenancy")
    }
    assert found["oci-policy-all-resources-in-tenancy"].message.startswith("group Admins of tenancy Partner may do")


def test_long_words_stay_out_of_messages() -> None:
    for condition in (f"target.{'t' * 40_000} = 'a'", f"target.bucket.name = /{'a*' * 5_000}b/"):
        for one in said(f"Allow group A to use buckets in tenancy where {condition}"):
            assert len(one.message) + len(one.fix) < 1_000


def test_a_statement_that_is_a_secret_of_the_configuration_is_not_printed_anew() -> None:
    secret = "Allow any-user   to READ objects in tenancy where any {request.region = 'Quiet-Otter-77', request.user.name != 'x'}"
    properties: dict[str, object] = {"name": "p", "statements": [secret]}
    resource = Resource(urn=f"urn:pulumi:d::p::{POLICY}::r", type=POLICY, name="r", properties=properties)
    scene = Scene(
        [resource], Run(configuration={"tables:statement": secret}, secret_keys=frozenset({"tables:statement"}))
    )
    rules = [rule for rule in RULES if isinstance(rule, ResourceRule) and POLICY in rule.types]
    found = [one for rule in rules for one in judge_resource(default_policy(rule), resource, scene)]
    assert found
    assert not [one for one in found if "quiet-otter" in f"{one.message} {one.fix} {one.witness}".lower()]
