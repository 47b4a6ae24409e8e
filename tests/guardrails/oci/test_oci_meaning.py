"""The two questions to a statement: all resources in the tenancy, and open to anyone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policypack.guardrails.oci.meaning import (
    GrantsAll,
    No,
    Open,
    Scope,
    Undecided,
    grants_all_resources,
    open_to_anyone,
)
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Verb

SAMPLE = [
    case
    for case in json.loads((Path(__file__).parents[2] / "data" / "oci-statements.json").read_text(encoding="utf-8"))
    if case["valid"]
]


def grants_all_resources_in_tenancy(statement):
    found = grants_all_resources(statement)
    if isinstance(found, GrantsAll) and found.scope is None:
        return Undecided("where that is")
    return No() if isinstance(found, GrantsAll) and found.scope is not Scope.TENANCY else found


COMPUTED = "standin0c0123456789abcdef"
ANYTHING = "standin0x0123456789abcdef"

# The statements of the sample that each question is about, told from the label and its reason, not from the code.
ALL_RESOURCES = {
    "Allow group Administrators to manage all-resources in tenancy",
    "Allow group Admins to use all-resources in tenancy",
    "Allow any-user to manage all-resources in tenancy",
    "Admit dynamic-group Replicator of tenancy Partner to manage all-resources in tenancy",
}


def in_scope(case, question):
    if case["verdict"] != "over-broad":
        return False
    if question is grants_all_resources_in_tenancy:
        return case["statement"] in ALL_RESOURCES
    return case["statement"].startswith(("Allow any-user", "Allow any-group"))


@pytest.mark.parametrize("question", [grants_all_resources_in_tenancy, open_to_anyone])
@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case["statement"][:70])
def test_the_labelled_sample(question, case):
    assert isinstance(question(parse(case["statement"])), GrantsAll | Open) is in_scope(case, question)


ALL = "allow group A to manage all-resources in "
TENANCY = ALL + "tenancy where "
GRANTS_ALL = {
    "allow group A to inspect all-resources in tenancy": Verb.INSPECT,
    "allow dynamic-group A to Read ALL-Resources in Tenancy": Verb.READ,
    "allow service x to use all-resources in tenancy": Verb.USE,
    "endorse group A to manage all-resources in tenancy with drgs in tenancy B": Verb.MANAGE,
    ALL + "compartment id ocid1.tenancy.oc1..a": Verb.MANAGE,
    ALL + "compartment id 'OCID1.Tenancy.oc1..a'": Verb.MANAGE,
    ALL + "compartment id ocid1.compartment.oc1..a": No,
    ALL + "compartment Root": No,
    ALL + "compartment Root:Child": No,
    ALL + f"compartment app-{ANYTHING}": No,
    ALL + f"compartment {COMPUTED}": No,
    ALL + f"compartment id ocid1.compartment.oc1..{ANYTHING}": No,
    ALL + f"compartment id ocid1.tenancy.oc1..{COMPUTED}": Verb.MANAGE,
    ALL + f"compartment id {COMPUTED}": Undecided,
    ALL + f"compartment id {ANYTHING}": Undecided,
    ALL + f"compartment {ANYTHING}": Undecided,
    ALL + ANYTHING: Undecided,
    ALL + f"tenancy {ANYTHING}": Undecided,
    f"allow group A to manage {ANYTHING} in tenancy": Undecided,
    f"allow group A to {ANYTHING} in tenancy": Undecided,
    f"allow group A to {ANYTHING} in compartment B": Undecided,
    f"allow group A to manage buckets in {ANYTHING}": No,
    f"allow group {ANYTHING} to manage all-resources in tenancy": Verb.MANAGE,
    f"allow {ANYTHING} to manage all-resources in tenancy": Verb.MANAGE,
    f"allow group A to {ANYTHING} all-resources in tenancy": Verb.INSPECT,
    "allow group A to manage object-family in tenancy": No,
    "allow group A to {USER_UPDATE} in tenancy": No,
    "deny group A to manage all-resources in tenancy": No,
    "deny admit group A of tenancy B to manage all-resources in tenancy": No,
    "endorse group A to manage all-resources in any-tenancy": No,
    "endorse group A to manage all-resources in tenancy B": No,
    "endorse group A to manage all-resources in compartment C of tenancy B": No,
    "define tenancy A as ocid1.tenancy.oc1..a": No,
    TENANCY + "target.compartment.id = 'ocid1.compartment.oc1..a'": No,
    TENANCY + "TARGET.Compartment.Name = 'x'": No,
    TENANCY + "target.resource.tag.Ops.Project = 'A'": No,
    TENANCY + "target.bucket.name = /app-*/": No,
    TENANCY + f"target.bucket.name = '{ANYTHING}'": No,
    TENANCY + f"target.bucket.name = /{COMPUTED}*/": No,
    TENANCY + f"target.bucket.name = /{ANYTHING}*/": Undecided,
    TENANCY + f"target.bucket.name = {ANYTHING}": Undecided,
    TENANCY + "target.bucket.name = /*/": Verb.MANAGE,
    TENANCY + "target.bucket.name = /**/": Verb.MANAGE,
    TENANCY + "target.bucket.name != 'x'": Verb.MANAGE,
    TENANCY + f"target.bucket.name != {ANYTHING}": Verb.MANAGE,
    TENANCY + "target.bucket.name not in ('x')": Verb.MANAGE,
    TENANCY + "target.bucket.name in ('x', 'y')": No,
    TENANCY + "target.bucket.name in ('x', /*/)": Verb.MANAGE,
    TENANCY + "target.bucket.name": Verb.MANAGE,
    TENANCY + "!target.bucket.name": Verb.MANAGE,
    TENANCY + "request.permission = 'BUCKET_READ'": No,
    TENANCY + "request.permission != 'BUCKET_DELETE'": Verb.MANAGE,
    TENANCY + "request.operation in ('ListBuckets')": No,
    TENANCY + "request.operation = /List*/": No,
    TENANCY + "request.user.mfaTotpVerified = 'true'": Verb.MANAGE,
    TENANCY + "request.user.id = 'ocid1.user.oc1..a'": Verb.MANAGE,
    TENANCY + "request.networkSource.name = 'corp'": Verb.MANAGE,
    TENANCY + "request.region = 'iad'": Verb.MANAGE,
    TENANCY + "request.utc-timestamp before '2027-01-01T00:00Z'": Verb.MANAGE,
    TENANCY + "request.utc-timestamp.day-of-week = 'monday'": Verb.MANAGE,
    TENANCY + "request.new.variable = 'x'": Undecided,
    TENANCY + "request.new.variable != 'x'": Verb.MANAGE,
    TENANCY + "all {request.new.variable = 'x', target.bucket.name = 'x'}": No,
    TENANCY + "any {request.new.variable = 'x', request.region = 'iad'}": Verb.MANAGE,
    TENANCY + "all {request.region = 'iad', target.bucket.name = 'x'}": No,
    TENANCY + "any {request.region = 'iad', target.bucket.name = 'x'}": Verb.MANAGE,
    TENANCY + "any {target.bucket.name = 'y', target.bucket.name = 'x'}": No,
    TENANCY + "all {any {target.bucket.name = 'y', request.region = 'iad'}, request.operation = 'x'}": No,
    TENANCY + "any {all {target.bucket.name = 'y', request.region = 'iad'}, target.user.name != 'x'}": Verb.MANAGE,
    TENANCY + ANYTHING: Undecided,
    TENANCY + f"all {{{ANYTHING}, target.bucket.name = 'x'}}": No,
    TENANCY + f"any {{{ANYTHING}, target.bucket.name = 'x'}}": Undecided,
    TENANCY + f"any {{{ANYTHING}, target.bucket.name != 'x'}}": Verb.MANAGE,
    TENANCY + f"{ANYTHING} = 'x'": Undecided,
    TENANCY + f"{ANYTHING} != 'x'": Verb.MANAGE,
}


@pytest.mark.parametrize(("text", "answer"), GRANTS_ALL.items(), ids=GRANTS_ALL)
def test_all_resources_in_the_tenancy(text, answer):
    found = grants_all_resources_in_tenancy(parse(text))
    assert found.verb is answer if isinstance(found, GrantsAll) else isinstance(found, answer)


ANYONE = "allow any-user to read objects in compartment Data where "
WHOLLY, BY_KIND = "wholly", "by kind"
OPEN = {
    "allow any-user to read objects in tenancy": WHOLLY,
    "allow ANY-GROUP to inspect users in compartment X": WHOLLY,
    "allow any-user to {OBJECT_READ} in tenancy": WHOLLY,
    "admit any-user of any-tenancy to read objects in tenancy": WHOLLY,
    "admit any-user of tenancy B to read objects in tenancy": WHOLLY,
    "endorse any-user to read objects in any-tenancy": WHOLLY,
    "endorse any-group {OBJECT_READ} in tenancy B": WHOLLY,
    f"endorse any-user to read objects in tenancy {ANYTHING}": WHOLLY,
    f"allow any-user to {ANYTHING} in tenancy": WHOLLY,
    f"allow any-user to read {ANYTHING} in compartment {ANYTHING}": WHOLLY,
    "deny any-user to read objects in tenancy": No,
    "allow group any-user to read objects in tenancy": No,
    f"allow group {ANYTHING} to read objects in tenancy": No,
    "allow service x to read objects in tenancy": No,
    "define group any-user as ocid1.group.oc1..a": No,
    f"allow {ANYTHING} to read objects in tenancy": Undecided,
    f"allow {ANYTHING} to read objects in tenancy where request.user.id = 'x'": No,
    f"allow any-user to read objects in {ANYTHING}": Undecided,
    f"allow any-user to read objects in {ANYTHING} where request.user.id = 'x'": No,
    f"allow any-user to read objects in {ANYTHING} where request.region = 'x'": WHOLLY,
    f"allow any-user to read objects in tenancy {ANYTHING}": Undecided,
    ANYONE + "request.user.id = 'ocid1.user.oc1..a'": No,
    ANYONE + f"request.user.id = ocid1.user.oc1..{COMPUTED}": No,
    ANYONE + f"request.user.id = '{ANYTHING}'": No,
    ANYONE + f"request.user.id = {ANYTHING}": Undecided,
    ANYONE + "Request.User.Name = 'alice'": No,
    ANYONE + "request.user.name = /svc*/": WHOLLY,
    ANYONE + "request.user.name = /svc/": No,
    ANYONE + f"request.user.name = /{ANYTHING}/": Undecided,
    ANYONE + f"request.user.name = /{ANYTHING}*/": WHOLLY,
    ANYONE + "request.user.name in ('alice', /svc*/)": WHOLLY,
    ANYONE + "request.user.name != 'alice'": WHOLLY,
    ANYONE + "request.groups.id = 'ocid1.group.oc1..a'": No,
    ANYONE + "request.principal.id = 'ocid1.fnfunc.oc1..a'": No,
    ANYONE + "request.principal.id = /ocid1.fnfunc.*/": WHOLLY,
    ANYONE + "request.principal.id": WHOLLY,
    ANYONE + "request.principal.compartment.id = 'c'": No,
    ANYONE + "request.resource.compartment.id = 'c'": No,
    ANYONE + "request.principal.group.tag.Ops.Role = 'x'": No,
    ANYONE + "request.principal.cluster_id = 'c'": No,
    ANYONE + "request.principal.type = 'ApiGateway'": BY_KIND,
    ANYONE + "request.principal.type in ('ApiGateway', 'instance')": BY_KIND,
    ANYONE + f"request.principal.type = '{ANYTHING}'": BY_KIND,
    ANYONE + "request.principal.type != 'instance'": WHOLLY,
    ANYONE + "all {request.principal.type = 'workload', request.principal.namespace = 'n'}": BY_KIND,
    ANYONE + "all {request.principal.type = 'x', request.principal.compartment.id = 'c'}": No,
    ANYONE + "any {request.principal.type = 'x', request.principal.compartment.id = 'c'}": BY_KIND,
    ANYONE + "any {request.principal.type = 'x', target.bucket.name = 'c'}": WHOLLY,
    ANYONE + "request.domain.name = 'Default'": BY_KIND,
    ANYONE + "target.bucket.name = 'x'": WHOLLY,
    ANYONE + "request.permission = 'OBJECT_READ'": WHOLLY,
    ANYONE + "request.region = /*/": WHOLLY,
    ANYONE + "request.networkSource.name = 'corp'": WHOLLY,
    ANYONE + "request.principal.claim = 'x'": Undecided,
    ANYONE + "all {request.principal.claim = 'x', request.user.id = 'x'}": No,
    ANYONE + "any {request.principal.claim = 'x', request.principal.type = 'x'}": BY_KIND,
    ANYONE + ANYTHING: Undecided,
}


@pytest.mark.parametrize(("text", "answer"), OPEN.items(), ids=OPEN)
def test_open_to_anyone(text, answer):
    found = open_to_anyone(parse(text))
    if isinstance(answer, str):
        assert isinstance(found, Open)
        assert found.kind_only is (answer == BY_KIND)
    else:
        assert isinstance(found, answer)


def test_the_witness_is_the_part_that_shows_it():
    found = grants_all_resources_in_tenancy(parse("Allow any-user to  MANAGE all-resources in tenancy"))
    assert (found.verb, found.column) == (Verb.MANAGE, 20)
    found = open_to_anyone(parse("admit any-user of any-tenancy to read buckets in tenancy where request.region='x'"))
    assert (found.witness, found.column) == ("any-user of any-tenancy where request.region = 'x'", 7)


def test_the_reason_names_each_part_that_is_not_known():
    found = grants_all_resources_in_tenancy(parse(f"allow group A to read {ANYTHING} in compartment id {COMPUTED}"))
    assert f"its location (`compartment id {COMPUTED}`)" in found.reason
    assert f"its resource type (`{ANYTHING}`)" in found.reason
