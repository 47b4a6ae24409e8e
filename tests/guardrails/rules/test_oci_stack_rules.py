"""Rules that judge the subjects of OCI policies by all that a stack says of them."""

from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.judge import Scene, default_policy, judge_stack
from policypack.guardrails.model import Resource, Run, Secret, Stack
from policypack.guardrails.rules.least_privilege import (
    oci_escalation_by_statements_together,
    oci_escalation_through_dynamic_group,
    oci_open_function_with_powers,
    oci_scope_in_name_only,
)
from policypack.guardrails.rules.oci_compartments import Compartments, within
from policypack.guardrails.values import UNKNOWN

POLICY = "oci:Identity/policy:Policy"
COMPARTMENT = "oci:Identity/compartment:Compartment"
GROUP = "oci:Identity/group:Group"
DOMAIN_GROUP = "oci:Identity/domainsGroup:DomainsGroup"
DYNAMIC_GROUP = "oci:Identity/dynamicGroup:DynamicGroup"
DOMAIN_DYNAMIC_GROUP = "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup"
USER = "oci:Identity/user:User"
MEMBERSHIP = "oci:Identity/userGroupMembership:UserGroupMembership"
BUCKET = "oci:ObjectStorage/bucket:Bucket"
APPLICATION = "oci:Functions/application:Application"
FUNCTION = "oci:Functions/function:Function"
DEPLOYMENT = "oci:ApiGateway/deployment:Deployment"
GATEWAY = "oci:ApiGateway/gateway:Gateway"

ROOT = "ocid1.tenancy.oc1..harbour"
ORDERS = "ocid1.compartment.oc1..orders"
ONE = "ocid1.fnfunc.oc1..receipt"


def policy(*statements: object, at: object = ROOT, name: str = "p") -> Resource:
    return R(POLICY, name, compartmentId=at, statements=list(statements))


def compartment(name: object = "Orders", parent: object = ROOT, id: object = ORDERS) -> Resource:  # noqa: A002
    return R(COMPARTMENT, str(name), name=name, compartmentId=parent, id=id)


def functions(rule: object = f"ALL {{resource.type='fnfunc', resource.compartment.id='{ORDERS}'}}") -> Resource:
    return R(DYNAMIC_GROUP, "fns", name="Fns", matchingRule=rule)


def says(severity: str, at: int = 0, outcome: str = "violation") -> list[tuple[str, str, str]]:
    return [(outcome, f"statements[{at}]", severity)]


DEPLOY = "Allow group devs to manage functions-family in compartment Orders"
ALL_HERE = "Allow dynamic-group fns to manage all-resources in compartment Orders"
SECRETS = "Allow dynamic-group fns to read secret-family in compartment Vault"
SECRETS_HERE = SECRETS.replace("Vault", "Orders")
POLICIES = "Allow dynamic-group fns to manage policies in compartment Orders"
HERE = [compartment(), functions()]
CALLERS = f"where all {{request.principal.type = 'fnfunc', request.principal.compartment.id = '{ORDERS}'}}"
TO_CALLERS = f"Allow any-user to manage all-resources in compartment Vault {CALLERS}"

test_oci_escalation_through_dynamic_group = table(
    oci_escalation_through_dynamic_group.RULE,
    [
        Case("fail", "everything", [*HERE, policy(DEPLOY, ALL_HERE)], says("high")),
        Case("fail", "other-policies-and-ways-to-name", [
            *HERE,
            policy("ALLOW GROUP 'Default'/'Devs' TO MANAGE fn-function IN TENANCY"),
            policy("allow dynamic-group FNS to use policies in compartment id " + ORDERS, POLICIES, at=ORDERS, name="q"),
        ], says("high")),
        Case("fail", "domain", [
            compartment(),
            R(DOMAIN_DYNAMIC_GROUP, "fns", displayName="fns", ocid="ocid1.dynamicgroup.oc1..f", matchingRule="resource.type = 'fnfunc'"),
            policy(DEPLOY, ALL_HERE.replace("fns", "id ocid1.dynamicgroup.oc1..f")),
        ], says("high")),
        Case("fail", "one-function-of-the-stack", [
            compartment(id=COMPUTED),
            R(APPLICATION, "a", id="app", compartmentId=COMPUTED),
            R(FUNCTION, "f", id=ONE, applicationId="app"),
            functions(f"resource.id = '{ONE}'"),
            policy(DEPLOY, ALL_HERE),
        ], says("high")),
        Case("fail", "by-dependency", [
            R(COMPARTMENT, "orders", name="Orders", compartmentId=ROOT),
            R(APPLICATION, "a", compartmentId=UNKNOWN, deps={"compartmentId": [f"{COMPARTMENT}::orders"]}, id="app"),
            R(FUNCTION, "f", id=ONE, applicationId="app"),
            functions(f"resource.id = '{ONE}'"),
            policy(DEPLOY, ALL_HERE),
        ], says("high")),
        Case("fail", "letter-case-of-ocids", [
            functions(f"ALL {{resource.type='fnfunc', resource.compartment.id='{ORDERS.upper()}'}}"),
            policy(DEPLOY.replace("Orders", f"id {ORDERS}"), ALL_HERE),
        ], says("high")),
        Case("fail", "callers-in-place-of-a-group", [compartment(), policy(DEPLOY, TO_CALLERS)], says("high")),
        Case("fail", "callers-by-id", [
            *HERE[:1],
            R(APPLICATION, "a", id="app", compartmentId=ORDERS),
            R(FUNCTION, "f", id=ONE, applicationId="app"),
            policy(DEPLOY, f"Allow any-user to manage policies in tenancy where request.principal.id = '{ONE}'"),
        ], says("high")),
        Case("fail", "nodes-of-a-cluster", [
            compartment(),
            functions(f"instance.compartment.id = '{ORDERS}'"),
            policy("Allow group devs to manage cluster-family in compartment Orders", POLICIES),
        ], says("high")),
        Case("fail", "jobs-of-resource-manager", [
            compartment(),
            functions(f"ALL {{resource.type = 'ormstack', resource.compartment.id = '{ORDERS}'}}"),
            policy("Allow group devs to manage orm-jobs in compartment Orders", POLICIES),
        ], says("high")),
        Case("pass", "callers-of-another-kind-or-place", [
            compartment(),
            policy(DEPLOY, TO_CALLERS.replace("fnfunc", "apigateway"), TO_CALLERS.replace(ORDERS, f"{ORDERS}2").replace("Vault", "X")),
            compartment("Two", id=f"{ORDERS}2"),
        ]),
        Case("fail", "run-command", [
            compartment(),
            functions(f"instance.compartment.id = '{ORDERS}'"),
            policy(DEPLOY.replace("functions", "instance-agent-command"), ALL_HERE),
        ], says("high")),
        Case("fail", "new-instances", [
            compartment(),
            functions(f"any {{instance.compartment.id = '{ORDERS}', resource.id = 'ocid1.cluster.oc1..a'}}"),
            policy(DEPLOY.replace("functions", "instance"), ALL_HERE),
        ], says("high")),
        Case("fail", "from-a-dynamic-group", [
            *HERE,
            R(DYNAMIC_GROUP, "ci", name="ci", matchingRule="resource.type = 'devopsbuildpipeline'"),
            policy(DEPLOY.replace("group devs", "dynamic-group ci"), ALL_HERE),
        ], says("high")),
        Case("fail", "secrets-elsewhere", [*HERE, policy(DEPLOY, SECRETS)], says("medium")),
        Case("fail", "secrets-in-the-same-place", [*HERE, policy(DEPLOY, SECRETS_HERE)], says("low")),
        Case("fail", "objects-elsewhere", [*HERE, policy(DEPLOY, SECRETS.replace("secret", "object"))], says("medium")),
        Case("fail", "by-tag", [
            compartment(),
            functions("ALL {resource.type='fnfunc', tag.roles.orders.value='writer'}"),
            policy(DEPLOY, ALL_HERE),
        ], says("medium")),
        Case("fail", "names-suggest-it", [functions(), policy(DEPLOY, ALL_HERE)], says("medium")),
        Case("fail", "below", [
            compartment("shop", id="ocid1.compartment.oc1..shop"),
            compartment(parent="ocid1.compartment.oc1..shop"),
            functions(),
            policy(DEPLOY.replace("Orders", "Shop"), ALL_HERE.replace("Orders", "Shop:Orders")),
        ], says("high")),
        Case("fail", "secret", [*HERE, R(POLICY, "p", compartmentId=ROOT, statements=[Secret(DEPLOY), ALL_HERE])], says("high")),
        Case("pass", "usual", [
            *HERE,
            policy(
                DEPLOY,
                "Allow dynamic-group fns to read objects in compartment Orders where target.bucket.name = 'receipts'",
                "Allow dynamic-group fns to use keys in compartment Orders",
                "Allow dynamic-group fns to read secret-bundles in compartment Vault where target.secret.name = 'mail'",
                "Allow service FaaS to use virtual-network-family in compartment Orders",
            ),
        ]),
        Case("pass", "elsewhere", [*HERE, policy(DEPLOY.replace("Orders", "Web"), ALL_HERE)]),
        Case("pass", "administrators", [
            *HERE, policy("Allow group Administrators to manage functions-family in tenancy", "Allow group keepers to manage all-resources in tenancy", ALL_HERE)
        ]),
        Case("pass", "no-more-than-it-has", [
            *HERE, policy(DEPLOY.replace("functions-family", "all-resources"), ALL_HERE),
        ]),
        Case("pass", "callers", [*HERE, policy("Allow group web to use fn-invocation in compartment Orders", ALL_HERE)]),
        Case("pass", "denied-to-the-group", [
            *HERE, policy(DEPLOY, POLICIES), policy("Deny dynamic-group fns to manage policies in tenancy", name="q")
        ]),
        Case("pass", "denied-to-the-holder", [
            *HERE, policy(DEPLOY, ALL_HERE), policy("Deny group devs to inspect fn-function in compartment Orders", name="q")
        ]),
        Case("undecided", "rule-not-known", [compartment(), functions(UNKNOWN), policy(DEPLOY, ALL_HERE)], says("high", outcome="undecided")),
        Case("undecided", "part-of-the-rule", [
            compartment(), functions(f"all {{resource.type='fnfunc', {ANYTHING}}}"), policy(DEPLOY, ALL_HERE)
        ], says("high", outcome="undecided")),
        Case("undecided", "which-compartment", [
            functions(), policy(DEPLOY, ALL_HERE.replace("Orders", "Shop")),
        ], says("high", outcome="undecided")),
        Case("undecided", "where-it-deploys", [
            *HERE, policy(DEPLOY.replace("Orders", ANYTHING), ALL_HERE),
        ], says("high", outcome="undecided")),
        Case("undecided", "condition", [
            *HERE, policy(f"{DEPLOY} where {ANYTHING} = 'x'", ALL_HERE),
        ], says("high", outcome="undecided")),
        Case("not-applicable", "no-dynamic-group", policy(DEPLOY, ALL_HERE)),
        Case("boundary", "denied-in-another-place", [
            *HERE, policy(DEPLOY, POLICIES), policy("Deny dynamic-group fns to manage policies in compartment Web", name="q")
        ], says("high")),
        Case("boundary", "the-compartment-above-is-not-taken-in", [
            compartment("shop", id="ocid1.compartment.oc1..shop"),
            compartment(parent="ocid1.compartment.oc1..shop"),
            functions("all {resource.type='fnfunc', resource.compartment.id='ocid1.compartment.oc1..shop'}"),
            policy(DEPLOY.replace("Orders", "Shop:Orders"), ALL_HERE),
        ]),
        Case("boundary", "all-but-this-compartment", [
            compartment(), functions(f"all {{resource.type='fnfunc', resource.compartment.id != '{ORDERS}'}}"), policy(DEPLOY, ALL_HERE)
        ]),
        Case("boundary", "new-function-is-not-the-one", [
            compartment(), functions(f"resource.id = '{ONE}'"), policy("Allow group devs to {FN_FUNCTION_CREATE} in tenancy", ALL_HERE)
        ]),
        Case("boundary", "other-domain", [
            *HERE, policy(DEPLOY, ALL_HERE.replace("fns", "'Partners'/fns"))
        ]),
        Case("fail", "callers-in-no-group-that-any-group-denies", [
            compartment(), policy(DEPLOY, TO_CALLERS.replace("all-resources", "policies"), "Deny any-group to inspect policies in tenancy")
        ], says("high")),
        Case("fail", "other-administrators", [
            *HERE,
            R(DYNAMIC_GROUP, "a", name="Administrators", matchingRule="resource.type = 'instance'"),
            policy(DEPLOY.replace("group devs", "group Sandbox/Administrators"), DEPLOY.replace("group devs", "dynamic-group Administrators"), ALL_HERE),
        ], [*says("high"), *says("high", 1)]),
        Case("fail", "by-the-condition-in-place-of-the-location", [
            *HERE, policy(f"{DEPLOY.replace('compartment Orders', 'tenancy')} where target.compartment.name = 'orders'", ALL_HERE)
        ], says("high")),
        Case("fail", "by-the-user-that-a-condition-names", [
            *HERE, R(USER, "ada", id="ada"), policy(f"{DEPLOY.replace('group devs', 'any-user')} where request.user.id = 'ada'", ALL_HERE)
        ], says("high")),
        Case("pass", "held-by-the-group-that-a-condition-names", [
            *HERE,
            R(GROUP, "devs", name="devs", id="ocid1.group.oc1..devs"),
            policy(DEPLOY, ALL_HERE, "Allow any-user to manage all-resources in tenancy where request.groups.id = 'ocid1.group.oc1..devs'"),
        ]),
        *(
            Case("pass", f"denied-by-{name}", [*HERE, policy(DEPLOY, ALL_HERE, f"Deny group devs to manage fn-function in {place} where {condition}")])
            for name, place, condition in [
                ("permissions", "tenancy", "any {request.permission = 'FN_FUNCTION_CREATE', request.permission = 'FN_FUNCTION_UPDATE'}"),
                ("all-other-permissions", "compartment Orders", "request.permission != 'FN_FUNCTION_DELETE'"),
            ]
        ),
        Case("pass", "denied-where-the-members-are", [
            *HERE, policy(DEPLOY.replace("compartment Orders", "tenancy"), ALL_HERE, "Deny group devs to inspect fn-function in compartment Orders")
        ]),
        Case("undecided", "denied-to-a-kind-of-principal", [
            *HERE, policy(DEPLOY, POLICIES, "Deny any-user to inspect policies in tenancy where request.principal.type = 'fnfunc'")
        ], says("high", outcome="undecided")),
        Case("boundary", "denied-to-another-kind-of-principal", [
            *HERE, policy(DEPLOY, POLICIES, "Deny any-user to inspect policies in tenancy where request.principal.type = 'instance'")
        ], says("high")),
        Case("undecided", "denied-nobody-knows-where", [
            *HERE, policy(DEPLOY, ALL_HERE, f"Deny group devs to inspect fn-function in compartment id {COMPUTED}")
        ], says("high", outcome="undecided")),
        Case("undecided", "name-of-the-compartment", [
            compartment(name=UNKNOWN), functions(), policy(DEPLOY, ALL_HERE.replace("Orders", "Vault"))
        ], says("high", outcome="undecided")),
        Case("undecided", "which-of-two-groups", [
            *HERE, R(DYNAMIC_GROUP, "two", name="fns", matchingRule="resource.type = 'instance'"), policy(DEPLOY, ALL_HERE)
        ], says("high", outcome="undecided")),
        Case("undecided", "name-of-the-group", [
            compartment(), R(DYNAMIC_GROUP, "g", name=UNKNOWN, matchingRule="resource.type = 'fnfunc'"), policy(DEPLOY, ALL_HERE)
        ], says("high", outcome="undecided")),
        Case("boundary", "named-by-everybody", [*HERE, policy(DEPLOY.replace("group devs", "any-user"), ALL_HERE)]),
    ],
)  # fmt: skip

OPEN = "Allow any-user to use fn-invocation in compartment Orders"
GATEWAYS = f"{OPEN} where request.principal.type = 'ApiGateway'"
READS = [("violation", "statements[0]", "medium")]


def deployed(function: object = ONE, **given: object) -> Resource:
    route = {"path": "/receipt", "backend": {"type": "ORACLE_FUNCTIONS_BACKEND", "functionId": function}}
    return R(DEPLOYMENT, "web", gatewayId="g", specification={"routes": [route], **given})


BEHIND = [
    compartment(),
    R(APPLICATION, "a", id="app", compartmentId=ORDERS),
    R(FUNCTION, "f", id=ONE, applicationId="app"),
    functions(),
]

test_oci_open_function_with_powers = table(
    oci_open_function_with_powers.RULE,
    [
        Case("fail", "anyone", [*HERE, policy(SECRETS, OPEN)], READS),
        Case("fail", "any-gateway", [*HERE, policy(ALL_HERE, GATEWAYS)], says("high")),
        Case("fail", "callers-in-place-of-a-group", [compartment(), policy(TO_CALLERS, OPEN)], says("high")),
        Case("fail", "gateway-without-sign-in", [*BEHIND, deployed(), policy(SECRETS_HERE)], READS),
        Case("fail", "gateway-before-one", [functions(f"resource.id = '{ONE}'"), deployed(), policy(POLICIES)], says("high")),
        Case("fail", "gateway-by-dependency", [
            *BEHIND,
            R(
                DEPLOYMENT,
                "web",
                deps={"specification": [f"{FUNCTION}::f"]},
                specification=deployed(UNKNOWN).properties["specification"],
            ),
            policy(POLICIES),
        ], says("high")),
        Case("pass", "usual", [
            *BEHIND,
            deployed(),
            policy("Allow dynamic-group fns to manage objects in compartment Orders", "Allow dynamic-group fns to read secret-family in compartment Orders where target.secret.name = 'mail'"),
        ]),
        Case("pass", "sign-in", [*BEHIND, deployed(requestPolicies={"authentication": {"type": "JWT_AUTHENTICATION"}}), policy(ALL_HERE)]),
        Case("pass", "one-gateway", [*HERE, policy(ALL_HERE, f"{OPEN} where request.principal.id = 'ocid1.apigateway.oc1..g'")]),
        Case("pass", "private", [*BEHIND, R(GATEWAY, "g", id="g", endpointType="PRIVATE"), deployed(), policy(ALL_HERE)]),
        Case("fail", "by-the-condition-in-place-of-the-location", [
            *HERE, policy(SECRETS, f"{OPEN.replace('compartment Orders', 'tenancy')} where target.compartment.id = '{ORDERS}'")
        ], READS),
        Case("pass", "by-the-condition-elsewhere", [
            *HERE, policy(SECRETS, f"{OPEN.replace('compartment Orders', 'tenancy')} where target.compartment.id = '{ORDERS}2'")
        ]),
        Case("pass", "denied-to-everybody", [*HERE, policy(SECRETS, OPEN, "Deny any-user to use fn-invocation in tenancy")]),
        Case("undecided", "sign-in-not-known", [*BEHIND, deployed(requestPolicies=UNKNOWN), policy(ALL_HERE)], [("undecided", "statements[0]")]),
        Case("undecided", "rule-not-known", [functions(UNKNOWN), policy(ALL_HERE, OPEN)], [("undecided", "statements[0]")]),
        Case("not-applicable", "no-function", [compartment(), policy(OPEN)]),
        Case("boundary", "function-of-another-compartment", [
            compartment("web", id="ocid1.compartment.oc1..web"),
            *BEHIND[:1],
            R(APPLICATION, "a", id="app", compartmentId="ocid1.compartment.oc1..web"),
            *BEHIND[2:],
            deployed(),
            policy(ALL_HERE),
        ]),
        Case("boundary", "not-to-invoke", [*HERE, policy(ALL_HERE, OPEN.replace("use fn-invocation", "read fn-function"))]),
    ],
)  # fmt: skip

ADMIN = "Allow group ops to manage all-resources in compartment Orders"
BOTH = [R(BUCKET, "b", compartmentId=ORDERS), R(BUCKET, "c", compartmentId=ORDERS)]

test_oci_scope_in_name_only = table(
    oci_scope_in_name_only.RULE,
    [
        Case("fail", "by-name", [compartment(), *BOTH, policy(ADMIN)], says("high")),
        Case("fail", "by-ocid", [compartment(), *BOTH, policy(ADMIN.replace("Orders", f"id {ORDERS}"))], says("high")),
        Case("fail", "by-condition", [
            compartment(), *BOTH, policy("Allow group ops to manage all-resources in tenancy where target.compartment.name = 'Orders'")
        ], says("high")),
        Case("fail", "path-of-all", [
            compartment("shop", id="ocid1.compartment.oc1..shop"),
            compartment(parent="ocid1.compartment.oc1..shop"),
            *BOTH,
            policy(ADMIN.replace("manage", "use").replace("Orders", "Shop:Orders")),
        ], says("high")),
        Case("fail", "from-the-compartment-itself", [compartment(), *BOTH, policy(ADMIN, at=ORDERS)], says("high")),
        Case("fail", "compartments-below", [
            compartment(),
            compartment("a", ORDERS, "ocid1.compartment.oc1..a"),
            compartment("b", COMPUTED, "ocid1.compartment.oc1..b"),
            compartment("c", ORDERS, COMPUTED),
            policy(ADMIN),
        ], says("high")),
        Case("fail", "made-here", [
            compartment(id=UNKNOWN),
            R(BUCKET, "b", compartmentId=UNKNOWN, deps={"compartmentId": [f"{COMPARTMENT}::Orders"]}),
            R(BUCKET, "c", compartmentId=UNKNOWN, deps={"compartmentId": [f"{COMPARTMENT}::Orders"]}),
            policy(ADMIN),
        ], says("high")),
        Case("pass", "another-beside", [compartment(), compartment("Web", id="ocid1.compartment.oc1..web"), *BOTH, policy(ADMIN)]),
        Case("pass", "one-family", [compartment(), *BOTH, policy(ADMIN.replace("all-resources", "object-family"))]),
        Case("pass", "reads", [compartment(), *BOTH, policy(ADMIN.replace("manage", "read"))]),
        Case("undecided", "one-lies-nobody-knows-where", [
            compartment(), *BOTH, R(BUCKET, "d", compartmentId=UNKNOWN, deps={"compartmentId": [f"{GROUP}::g"]}), policy(ADMIN)
        ], says("high", outcome="undecided")),
        Case("not-applicable", "no-compartment", [*BOTH, policy(ADMIN)]),
        Case("boundary", "what-the-provider-fills-in", [
            compartment(), *BOTH, R(FUNCTION, "f", compartmentId=UNKNOWN), R(FUNCTION, "g", compartmentId=COMPUTED), policy(ADMIN)
        ], says("high")),
        Case("boundary", "one-resource", [compartment(), *BOTH[:1], policy(ADMIN)]),
        Case("boundary", "identities-are-of-the-tenancy", [
            compartment(), *BOTH, R(GROUP, "g", compartmentId=ROOT), R(USER, "u", compartmentId=ROOT), policy(ADMIN)
        ], says("high")),
        Case("boundary", "in-the-tenancy-is-said-elsewhere", [compartment(), *BOTH, policy(ADMIN.replace("compartment Orders", "tenancy"))]),
        Case("boundary", "same-name-elsewhere", [compartment(), *BOTH, policy(ADMIN, at="ocid1.compartment.oc1..other")]),
    ],
)  # fmt: skip

JOIN = "Allow group help to use groups in tenancy where target.group.name = 'ops'"
CHANGE = "Allow group help to use users in tenancy"
WRITES = "Allow group ops to manage policies in tenancy"
REWRITE = "Allow group help to use dynamic-groups in tenancy where target.dynamicgroup.name = 'fns'"


def member(user: str, group: str) -> Resource:
    return R(MEMBERSHIP, f"{user}-{group}", userId=user, groupId=group)


def groups(*names: str) -> list[Resource]:
    return [R(GROUP, name, name=name, id=name) for name in names]


ADA = R(USER, "ada", id="ada", name="ada")

test_oci_escalation_by_statements_together = table(
    oci_escalation_by_statements_together.RULE,
    [
        Case("fail", "joins", policy(JOIN, CHANGE, WRITES), says("high")),
        Case("fail", "joins-in-one-statement", policy("Allow group help to {GROUP_UPDATE, USER_UPDATE} in tenancy where target.group.name = 'ops'", WRITES), says("high")),
        Case("fail", "several-policies", [*groups("ops"), policy(WRITES, CHANGE), policy(JOIN, name="q")], says("high")),
        Case("fail", "by-two-groups-of-a-user", [
            *groups("help", "desk"), ADA, member("ada", "help"), member("ada", "desk"),
            policy(JOIN, CHANGE.replace("help", "desk"), WRITES),
        ], says("high")),
        Case("fail", "credentials-of-a-user", [
            *groups("ops"), ADA, member("ada", "ops"),
            policy("Allow group help to manage users in tenancy where target.user.name = 'ada'", WRITES),
        ], says("high")),
        Case("fail", "credentials-of-a-member-of-a-domain", [
            R(DOMAIN_GROUP, "ops", displayName="ops", members=[{"type": "User", "value": "5f1c"}]),
            R("oci:Identity/domainsUser:DomainsUser", "ada", id="5f1c", userName="ada"),
            policy("Allow group help to {USER_APIKEY_ADD} in tenancy where target.user.id = '5f1c'", WRITES),
        ], says("high")),
        Case("fail", "credentials-of-an-administrator", [
            *groups("Administrators"), ADA, member("ada", "Administrators"),
            policy("Allow group help to manage users in tenancy where target.user.name = 'ada'"),
        ], says("high")),
        Case("pass", "denied-for-the-one", policy(
            JOIN.replace("= 'ops'", "= /o*/"), CHANGE, WRITES, "Deny group help to use groups in tenancy where target.group.name = 'ops'"
        )),
        Case("pass", "denied-the-operation", policy(
            JOIN, CHANGE, WRITES, "Deny group help to use groups in tenancy where request.operation = 'AddUserToGroup'"
        )),
        Case("undecided", "more-than-can-be-looked-through", policy(
            JOIN.replace("= 'ops'", "= /zz*/"),
            CHANGE,
            *(f"Allow group {', '.join(f'g{part}x{number}' for number in range(80))} to manage policies in tenancy" for part in range(4)),
        ), says("high", outcome="undecided")),
        Case("fail", "rewrites-a-dynamic-group", [
            functions(f"resource.id = '{ONE}'"),
            policy(REWRITE, "Allow group help to manage functions-family in compartment Play", POLICIES),
        ], says("high")),
        Case("fail", "secrets", policy(JOIN, CHANGE, "Allow group ops to read secret-family in compartment Orders"), says("medium")),
        Case("fail", "another-administrator", policy(JOIN.replace("= 'ops'", "!= 'Administrators'"), CHANGE, WRITES), says("high")),
        Case("fail", "one-of-several-names", policy(
            "Allow group help to use groups in tenancy where any {target.group.name = 'other', target.group.name in ('x', 'OPS')}", CHANGE, WRITES
        ), says("high")),
        Case("pass", "denied-again", policy(JOIN, CHANGE, WRITES, "Deny group help to use groups in tenancy where target.group.name = 'ops'")),
        Case("fail", "denied-something-else", policy(
            JOIN, CHANGE, WRITES,
            "Deny group help to use groups in tenancy where target.group.name = 'other'",
            "Deny group help to use groups in compartment Orders",
            "Deny group help to manage buckets in tenancy",
            "Deny group help to use groups in tenancy where all {request.region = 'a', request.region = 'b'}",
        ), says("high")),
        Case("pass", "as-cis-asks", [
            policy(
                "Allow group help to manage groups in tenancy where target.group.name != 'Administrators'",
                "Allow group help to manage users in tenancy where target.group.name != 'Administrators'",
                "Allow group ops to manage object-family in tenancy",
                "Allow group keys to manage secret-family in tenancy",
            ),
        ]),
        Case("pass", "joins-what-holds-no-more", policy(JOIN, CHANGE, "Allow group ops to manage buckets in tenancy")),
        Case("pass", "cannot-change-users", policy(JOIN, WRITES)),
        Case("pass", "two-users", [
            *groups("help", "desk"), ADA, R(USER, "bob", id="bob", name="bob"), member("ada", "help"), member("bob", "desk"),
            policy(JOIN, CHANGE.replace("help", "desk"), WRITES),
        ]),
        Case("pass", "any-group-is-said-elsewhere", policy(JOIN.partition(" where")[0], CHANGE, WRITES)),
        Case("pass", "nothing-to-take-in", [functions(), policy(REWRITE, POLICIES)]),
        Case("undecided", "what-it-gets", policy(JOIN, CHANGE, f"{WRITES} where {ANYTHING} = 'x'"), says("high", outcome="undecided")),
        Case("not-applicable", "none-of-it", policy("Allow group help to read buckets in tenancy")),
        Case("boundary", "itself", policy(JOIN.replace("help", "ops"), CHANGE.replace("help", "ops"), "Allow group ops to read secret-family in tenancy")),
        Case("boundary", "has-it-already", policy(JOIN, CHANGE, WRITES, WRITES.replace("ops", "help"))),
        Case("boundary", "which-group-is-asked-elsewhere", policy(JOIN.replace("ops", ANYTHING), CHANGE, WRITES)),
        Case("boundary", "denied", [policy(JOIN, CHANGE, WRITES), policy("Deny group help to use users in tenancy", name="q")]),
    ],
)  # fmt: skip


def test_places_that_are_the_same() -> None:
    stack = Stack(
        (compartment("shop", id=COMPUTED), compartment(parent=COMPUTED), R(BUCKET, "b", compartmentId=ORDERS))
    )
    known = Compartments(stack)
    assert known.of(stack.resources[2]) == known.of_ocid(ORDERS) == ("shop", "orders")
    assert known.of_ocid(ROOT) == ()


def test_ids_are_learned_from_what_was_computed_from_them() -> None:
    orders = R(COMPARTMENT, "orders", name="Orders", compartmentId=ROOT)
    lies_in = {"compartmentId": [f"{COMPARTMENT}::orders"]}
    bucket = R(BUCKET, "b", compartmentId=f"ocid1.compartment.oc1..{COMPUTED}", deps=lies_in)
    known = Compartments(Stack((orders, bucket)))
    assert known.of_ocid(f"ocid1.compartment.oc1..{COMPUTED}") == ("orders",)


def test_the_id_of_a_parent_that_is_passed_on_is_not_that_of_the_child() -> None:
    parent, shop = f"ocid1.compartment.oc1..{COMPUTED}", f"{COMPARTMENT}::shop"
    orders = R(COMPARTMENT, "orders", name="Orders", compartmentId=parent, deps={"compartmentId": [shop]})
    bucket = R(BUCKET, "b", compartmentId=parent, deps={"compartmentId": [f"{COMPARTMENT}::orders"]})
    known = Compartments(Stack((bucket, R(COMPARTMENT, "shop", name="Shop", compartmentId=ROOT), orders)))
    assert known.of(bucket) == ("shop",)


def test_a_circle_of_compartments_ends() -> None:
    known = Compartments(Stack((compartment("a", "id-b", "id-a"), compartment("b", "id-a", "id-b"))))
    assert known.of_ocid("id-a")[-1] == "a"


def test_what_lies_where() -> None:
    assert within(("shop", "orders"), ("shop",)) is True
    assert within(("shop",), ("shop", "orders")) is False
    assert within(("@x",), ("shop",)) is None
    assert within(("@x",), ("@x", "shop")) is None
    assert within((), ("@x",)) is False


def test_a_name_that_is_not_known_may_be_any() -> None:
    assert within(("?a", "b"), ("shop",)) is None
    assert within(("?a",), ("?b",)) is False
    assert within(("?a", "b"), ("shop", "c")) is False


def test_the_whole_internet_is_told_before_the_tenancy() -> None:
    resources = [*BEHIND, deployed(), policy(SECRETS_HERE, OPEN)]
    rule = default_policy(oci_open_function_with_powers.RULE)
    (told,) = judge_stack(rule, Stack(resources), Scene(resources, Run()))
    assert told.message.startswith("anyone who has the URL")


def test_a_secret_statement_is_not_told() -> None:
    hidden = R(POLICY, "p", compartmentId=ROOT, statements=[DEPLOY, Secret(ALL_HERE)])
    resources = [*HERE, hidden]
    policy_ = default_policy(oci_escalation_through_dynamic_group.RULE)
    (told,) = judge_stack(policy_, Stack(resources), Scene(resources, Run()))
    assert "all-resources" not in f"{told.message} {told.fix} {told.witness}"


def test_the_steps_are_shown() -> None:
    resources = [*HERE, policy(DEPLOY, ALL_HERE)]
    policy_ = default_policy(oci_escalation_through_dynamic_group.RULE)
    (told,) = judge_stack(policy_, Stack(resources), Scene(resources, Run()))
    assert [(step["principal"], step["action"]) for step in told.witness] == [  # type: ignore[index, union-attr]
        ("group devs", "FN_FUNCTION_UPDATE"),
        ("the function, as a member of dynamic-group Fns", "manage all-resources"),
    ]
    assert "allow dynamic-group fns to manage FAMILY in compartment Orders" in told.fix
