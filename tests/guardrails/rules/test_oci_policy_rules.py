import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.judge import Scene, default_policy, judge_resource
from policypack.guardrails.model import Run
from policypack.guardrails.rules.least_privilege import (
    oci_policy_alias_undefined,
    oci_policy_all_resources_in_tenancy,
    oci_policy_open_to_anyone,
    oci_policy_statement_redundant,
    oci_policy_statement_rejected,
)
from policypack.guardrails.values import UNKNOWN

POLICY = "oci:Identity/policy:Policy"
GROUP = "oci:Identity/dynamicGroup:DynamicGroup"


def policy(*statements: object) -> object:
    return R(POLICY, compartmentId="ocid1.tenancy.oc1..aaaa", statements=list(statements))


NARROW = "Allow group Readers to read buckets in compartment Data"
FIRST = "statements[0]"

test_oci_policy_all_resources_in_tenancy = table(
    oci_policy_all_resources_in_tenancy.RULE,
    [
        Case(
            "fail",
            "manage",
            policy("Allow group Admins to manage all-resources in tenancy"),
            [("violation", FIRST, "critical")],
        ),
        Case(
            "fail",
            "read",
            policy("allow group Auditors to READ all-resources IN TENANCY"),
            [("violation", FIRST, "high")],
        ),
        Case(
            "fail",
            "inspect",
            policy("Allow group Auditors to inspect all-resources in tenancy"),
            [("violation", FIRST, "low")],
        ),
        Case(
            "fail",
            "root-compartment-by-id",
            policy("Allow group A to manage all-resources in compartment id ocid1.tenancy.oc1..aaaa"),
            [("violation", FIRST)],
        ),
        Case(
            "fail",
            "a-condition-on-who",
            policy("Allow group A to manage all-resources in tenancy where request.user.name != 'x'"),
            [("violation", FIRST)],
        ),
        Case(
            "fail",
            "second-statement-beside-an-unknown-one",
            policy(UNKNOWN, "Allow group A to use all-resources in tenancy"),
            [("undecided", FIRST), ("violation", "statements[1]")],
        ),
        Case("pass", "one-family", policy(NARROW)),
        Case("pass", "one-compartment", policy("Allow group A to manage all-resources in compartment Sandbox")),
        Case(
            "pass",
            "computed-compartment",
            policy(f"Allow group A to manage all-resources in compartment id ocid1.compartment.oc1..{COMPUTED}"),
        ),
        Case("undecided", "unknown-statement", policy(UNKNOWN), [("undecided", FIRST)]),
        Case("undecided", "unknown-list", R(POLICY, statements=UNKNOWN), [("undecided", "statements")]),
        Case(
            "undecided",
            "place-from-missing-configuration",
            policy(f"Allow group A to manage all-resources in {ANYTHING}"),
            [("undecided", FIRST)],
        ),
        Case("not-applicable", "no-statements", R(POLICY, description="d")),
        Case("boundary", "a-family-of-nearly-that-name", policy("Allow group A to manage all-resources-x in tenancy")),
    ],
)

test_oci_policy_open_to_anyone = table(
    oci_policy_open_to_anyone.RULE,
    [
        Case(
            "fail",
            "any-user",
            policy("Allow any-user to read buckets in compartment Data"),
            [("violation", FIRST, "critical")],
        ),
        Case("fail", "any-group", policy("Allow any-group to use fn-invocation in tenancy"), [("violation", FIRST)]),
        Case(
            "fail",
            "condition-on-the-target-only",
            policy("Allow any-user to read objects in tenancy where target.bucket.name = 'data'"),
            [("violation", FIRST)],
        ),
        Case(
            "fail",
            "kind-of-principal-only",
            policy("Allow any-user to use fn-invocation in tenancy where request.principal.type = 'ApiGateway'"),
            [("violation", FIRST, "high")],
        ),
        Case(
            "fail",
            "one-weak-branch",
            policy(
                "Allow any-user to read objects in tenancy where any {request.principal.id = 'ocid1.fnfunc.oc1..a', target.bucket.name = 'data'}"
            ),
            [("violation", FIRST)],
        ),
        Case("pass", "named-group", policy(NARROW)),
        Case(
            "pass",
            "one-principal",
            policy(
                "Allow any-user to read objects in tenancy where all {request.principal.id = 'ocid1.fnfunc.oc1..a', target.bucket.name = 'data'}"
            ),
        ),
        Case(
            "pass",
            "computed-principal",
            policy(
                f"Allow any-user to use fn-invocation in tenancy where request.principal.id = 'ocid1.fnfunc.oc1..{COMPUTED}'"
            ),
        ),
        Case(
            "undecided",
            "subject-from-missing-configuration",
            policy(f"Allow {ANYTHING} to read buckets in tenancy"),
            [("undecided", FIRST)],
        ),
        Case("not-applicable", "no-statements", R(POLICY, description="d")),
        Case("undecided", "unknown-text", policy(UNKNOWN), [("undecided", FIRST)]),
        Case("boundary", "denied", policy("Deny any-user to read buckets in tenancy")),
    ],
)

test_oci_policy_statement_rejected = table(
    oci_policy_statement_rejected.RULE,
    [
        Case(
            "fail",
            "unknown-verb",
            policy("Allow group A to write buckets in tenancy"),
            [("violation", FIRST, "medium")],
        ),
        Case(
            "fail",
            "double-equals",
            policy("Allow group A to read buckets in tenancy where target.bucket.name == 'a'"),
            [("violation", FIRST)],
        ),
        Case("fail", "no-text-at-all", policy(17.0), [("violation", FIRST)]),
        Case(
            "fail",
            "unknown-resource-types-on-both-sides",
            policy("Endorse group A to associate bukets in tenancy with fires in any-tenancy"),
            [("violation", FIRST), ("violation", FIRST)],
        ),
        Case(
            "fail",
            "misspelt-permission",
            policy("Allow group A to {BUCKET_REED, OBJECT_READ} in tenancy"),
            [("violation", FIRST)],
        ),
        Case("fail", "too-many-statements", policy(*[NARROW] * 501), [("violation", "statements")]),
        Case("fail", "second-statement", policy(NARROW, "Allow group"), [("violation", "statements[1]")]),
        Case(
            "fail",
            "matching-rule",
            R(GROUP, matchingRule="All {resource.type = 'fnfunc'"),
            [("violation", "matchingRule")],
        ),
        Case("pass", "statement", policy(NARROW)),
        Case(
            "pass",
            "matching-rule-of-one-function",
            R(
                GROUP,
                matchingRule="ALL {resource.type = 'fnfunc', resource.compartment.id = 'ocid1.compartment.oc1..a'}",
            ),
        ),
        Case("pass", "computed-name", policy(f"Allow group {COMPUTED} to read buckets in tenancy")),
        Case("not-applicable", "no-statements", R(POLICY, description="d")),
        Case("boundary", "unknown-text-may-be-right", policy(UNKNOWN)),
        Case(
            "boundary",
            "new-resource-types-are-allowed",
            policy("Allow group A to read Fires in tenancy", "Allow group A to read water-jugs in tenancy"),
            settings={"resourceTypes": ["fires", "water-*"]},
        ),
        Case(
            "boundary",
            "types-that-examples-spell-otherwise",
            policy("Allow group A to read bucket in tenancy"),
            [("violation", FIRST, "low")],
        ),
        Case(
            "boundary",
            "an-ocid-of-another-kind",
            policy("Define tenancy Partner as ocid1.compartment.oc1..a"),
            [("violation", FIRST, "low")],
        ),
        Case("boundary", "computed-type", policy(f"Allow group A to read {COMPUTED} in tenancy")),
        Case("boundary", "permission-like-no-other", policy("Allow group A to {FIRE_LIGHT} in tenancy")),
        Case("boundary", "as-many-statements-as-there-may-be", policy(*[NARROW] * 500)),
    ],
    without={"undecided": "whether a text that is not known yet parses is said by oci-policy-all-resources-in-tenancy"},
)

DEFINED = (
    "Define tenancy Partner as ocid1.tenancy.oc1..partner",
    "define group Theirs as ocid1.group.oc1..theirs",
    "Define dynamic-group Machines as ocid1.dynamicgroup.oc1..machines",
    "Define compartment Shared as ocid1.compartment.oc1..shared",
)
SECOND = "statements[1]"

test_oci_policy_alias_undefined = table(
    oci_policy_alias_undefined.RULE,
    [
        Case(
            "fail",
            "endorsed-into-a-tenancy",
            policy("Endorse group A to read objects in tenancy Partner"),
            [("violation", FIRST, "low")],
        ),
        Case(
            "fail",
            "admitted-group",
            policy(DEFINED[0], "Admit group Theirs of tenancy Partner to read buckets in tenancy"),
            [("violation", SECOND)],
        ),
        Case(
            "fail",
            "a-group-is-no-dynamic-group",
            policy(*DEFINED[:2], "Admit dynamic-group Theirs of tenancy Partner to read buckets in tenancy"),
            [("violation", "statements[2]")],
        ),
        Case(
            "fail",
            "other-side-of-a-pair",
            policy(
                "Endorse group A to associate drgs in tenancy with drg-attachments in compartment Shared of tenancy X",
                DEFINED[3],
            ),
            [("violation", FIRST)],
        ),
        Case(
            "pass",
            "all-defined",
            policy(
                "Endorse group A to read objects in compartment shared of tenancy PARTNER",
                "Admit group Default/Theirs of tenancy Partner to read buckets in tenancy",
                "Admit dynamic-group Machines of tenancy Partner to read buckets in compartment Data",
                *DEFINED,
            ),
        ),
        Case("pass", "any-tenancy", policy("Endorse group A to read objects in any-tenancy")),
        Case(
            "pass",
            "groups-by-ocid",
            policy(DEFINED[0], "Admit group id ocid1.group.oc1..a of tenancy Partner to read buckets in tenancy"),
        ),
        Case("pass", "within-the-tenancy", policy(NARROW)),
        Case(
            "undecided",
            "unknown-statement-may-define",
            policy(UNKNOWN, "Endorse group A to read objects in tenancy Partner"),
            [("undecided", SECOND)],
        ),
        Case("not-applicable", "no-statements", R(POLICY, description="d")),
        Case("boundary", "names-that-are-not-known", policy(f"Endorse group A to read objects in tenancy {ANYTHING}")),
        Case(
            "boundary",
            "definition-of-a-computed-tenancy",
            policy(
                f"Define tenancy {COMPUTED} as ocid1.tenancy.oc1..{COMPUTED}",
                f"Endorse group A to read objects in tenancy {COMPUTED}",
            ),
        ),
    ],
)

test_oci_policy_statement_redundant = table(
    oci_policy_statement_redundant.RULE,
    [
        Case(
            "fail",
            "lower-verb",
            policy(NARROW, "Allow group Readers to manage object-family in tenancy"),
            [("violation", FIRST, "low")],
        ),
        Case(
            "fail",
            "one-of-several-groups",
            policy("Allow group Writers, Readers to read buckets in compartment Data", NARROW),
            [("violation", "statements[1]")],
        ),
        Case(
            "fail",
            "compartment-below-and-a-condition",
            policy(NARROW, "Allow group readers to read buckets in compartment data:raw where request.region = 'iad'"),
            [("violation", "statements[1]")],
        ),
        Case("fail", "twice", policy(NARROW, NARROW.upper()), [("violation", "statements[1]")]),
        Case(
            "fail",
            "permission-of-the-verb",
            policy("Allow group A to {OBJECT_READ} in tenancy", "Allow any-user to read objects in tenancy"),
            [("violation", FIRST)],
        ),
        Case(
            "fail",
            "a-deny-takes-the-verbs-above-along",
            policy("Deny group A to inspect buckets in tenancy", "Deny group A to use buckets in tenancy"),
            [("violation", "statements[1]")],
        ),
        Case("pass", "other-group", policy(NARROW, "Allow group Writers to manage buckets in tenancy")),
        Case("pass", "other-compartment", policy(NARROW, "Allow group Readers to manage buckets in compartment Logs")),
        Case(
            "pass",
            "wider-one-has-a-condition",
            policy("Allow group Readers to manage buckets in tenancy where target.bucket.name = 'a'", NARROW),
        ),
        Case("not-applicable", "no-statements", R(POLICY, description="d")),
        Case("boundary", "a-deny-beside-it", policy(NARROW, "Deny group Readers to inspect buckets in tenancy")),
        Case(
            "boundary",
            "a-new-member-of-the-family",
            policy(
                "Allow group A to manage object-family in tenancy", "Allow group A to manage fast-objects in tenancy"
            ),
        ),
    ],
    without={"undecided": "a statement that cannot be read yet is spoken of by oci-policy-all-resources-in-tenancy"},
)


def test_a_setting_that_names_no_resource_type_is_refused():
    check = oci_policy_statement_rejected.RULE.check_settings
    assert list(check({"resourceTypes": ["queues", "queue-*"]})) == []
    (problem,) = check({"resourceTypes": ["read queues"]})
    assert problem == "resourceTypes: 'read queues' is no resource type; they read like queues or, for several, queue-*"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("Allow group A to mange buckets in tenancy", "Write: Allow group A to manage buckets in tenancy"),
        ("Allow group A to read buckets", "The location is missing: `in tenancy` or `in compartment NAME`."),
        (
            "Allow group A to read fires in tenancy",
            "Write a type that OCI lists; if OCI has `fires`, list it in the setting resourceTypes.",
        ),
    ],
)
def test_the_fix_of_a_rejected_statement_fits_the_mistake(text, fix):
    resource = policy(text)
    rule = default_policy(oci_policy_statement_rejected.RULE)
    (found,) = judge_resource(rule, resource, Scene([resource], Run()))
    assert found.fix == fix
    assert fix not in found.message
