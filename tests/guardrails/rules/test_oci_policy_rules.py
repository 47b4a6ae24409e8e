from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.rules.least_privilege import (
    oci_policy_all_resources_in_tenancy,
    oci_policy_open_to_anyone,
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
        Case("boundary", "new-resource-types-appear", policy("Allow group A to read brand-new-things in tenancy")),
    ],
    without={"undecided": "whether a text that is not known yet parses is said by oci-policy-all-resources-in-tenancy"},
)
