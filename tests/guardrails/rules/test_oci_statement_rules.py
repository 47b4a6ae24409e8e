"""What one statement of an OCI policy grants: the rule for each danger, and the labelled sample as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, Kind, R, table

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level, Outcome, Severity
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Resource, Run, Secret
from policypack.guardrails.rule import ResourceRule
from policypack.guardrails.rules.least_privilege import (
    oci_buckets_publishable,
    oci_dynamic_group_granted_in_tenancy,
    oci_escalation_by_credentials,
    oci_escalation_by_dynamic_groups,
    oci_escalation_by_function_code,
    oci_escalation_by_groups,
    oci_escalation_by_identity_providers,
    oci_escalation_by_policies,
    oci_escalation_by_run_command,
    oci_escalation_by_user_profiles,
    oci_escalation_past_administrators,
    oci_keys_open_in_tenancy,
    oci_objects_readable_in_tenancy,
    oci_policy_admits_any_tenancy,
    oci_policy_admits_foreign_administrator,
    oci_policy_all_resources_in_compartment,
    oci_policy_condition_never_holds,
    oci_policy_condition_without_effect,
    oci_policy_endorses_any_tenancy,
    oci_secrets_readable_in_tenancy,
    oci_service_administrator_in_tenancy,
    oci_service_granted_in_tenancy,
    oci_storage_deletable_in_tenancy,
)

POLICY = "oci:Identity/policy:Policy"
FIRST = "statements[0]"
ROOT = "ocid1.tenancy.oc1..aaaa"
FAILING: list[tuple[ResourceRule, str]] = []
SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "oci-statements.json").read_text(encoding="utf-8"))


def policy(*statements: object) -> Resource:
    return R(POLICY, compartmentId=ROOT, statements=list(statements))


def statements(rule: ResourceRule, rows: str, without: Mapping[Kind, str] | None = None) -> Callable[..., None]:
    """A table from lines of `kind answer: statement`, where the answer is a severity, `undecided` or `-` for nothing."""
    cases = [Case("not-applicable", "no-statements", R(POLICY, description="d"))]
    for row in filter(None, map(str.strip, rows.splitlines())):
        head, _, text = row.partition(": ")
        kind, answer = head.split()
        expect: list[tuple[str, ...]] = [("violation", FIRST, answer)]
        if answer in {"-", "undecided"}:
            expect = [] if answer == "-" else [("undecided", FIRST)]
        cases.append(Case(cast("Kind", kind), text, policy(text), expect))
        if kind == "fail":
            FAILING.append((rule, text))
    return table(rule, cases, without=without)


test_oci_escalation_by_policies = statements(
    oci_escalation_by_policies.RULE,
    f"""
    fail critical: Allow group Ops to manage policies in tenancy
    fail critical: ALLOW GROUP Ops TO MANAGE Policies IN TENANCY
    fail critical: Allow group Ops to {{policy_create}} in tenancy where target.policy.name = 'ops'
    fail critical: Allow group Ops to {{POLICY_UPDATE, {ANYTHING}}} in tenancy
    fail critical: Allow group Ops to manage policies in compartment id {ROOT}
    fail critical: Allow group Ops to manage policies in tenancy where target.compartment.id = '{ROOT}'
    fail critical: Allow group Ops to manage policies in tenancy where request.permission != 'POLICY_DELETE'
    fail medium: Allow group Ops to manage policies in compartment App
    fail medium: Allow group Ops to manage policies in {ANYTHING}
    pass -: Allow group Ops to inspect policies in tenancy
    pass -: Allow group Ops to manage policies in tenancy where request.permission = 'POLICY_DELETE'
    pass -: Allow group Ops to manage policies in tenancy where request.operation = 'DeletePolicy'
    pass -: Deny group Ops to manage policies in tenancy
    undecided undecided: Allow group Ops to {{{ANYTHING}}} in tenancy
    undecided undecided: Allow group Ops to manage policies in tenancy where {ANYTHING}
    boundary -: Allow group Ops to use policies in tenancy
    """,
)

test_oci_escalation_by_credentials = statements(
    oci_escalation_by_credentials.RULE,
    f"""
    fail critical: Allow group Desk to manage users in tenancy
    fail critical: Allow group Desk to {{USER_UIPASS_RESET}} in tenancy
    fail critical: Allow group Desk to manage credentials in tenancy
    fail critical: Allow group Desk to manage users in tenancy where request.operation = 'UploadApiKey'
    fail critical: Allow group Desk to manage users in tenancy where request.permission != 'USER_APIKEY_ADD'
    fail critical: Allow group Desk to manage users in tenancy where target.group.name != 'Auditors'
    fail critical: Allow group Desk to manage users in tenancy where any {{target.group.name != 'Administrators', request.region = 'iad'}}
    fail critical: Allow group Desk to manage users in tenancy where target.resource.domain.name = 'Default'
    fail medium: Allow group Desk to manage users in compartment App
    pass -: Allow group Desk to use users in tenancy
    pass -: Allow group Desk to manage users in tenancy where target.user.name = 'robot'
    pass -: Allow group Desk to manage users in tenancy where request.user.id = target.user.id
    pass -: Allow group Desk to manage users in tenancy where request.permission = 'USER_UNBLOCK'
    undecided undecided: Allow group Desk to manage users in tenancy where request.permission = {ANYTHING}
    boundary -: Allow group Desk to manage users in tenancy where target.group.name != /Admin*/
    """,
)

test_oci_escalation_by_groups = statements(
    oci_escalation_by_groups.RULE,
    f"""
    fail critical: Allow group Iam to use groups in tenancy
    fail critical: Allow group Iam to {{GROUP_UPDATE}} in tenancy
    fail critical: Allow group Iam to manage group-memberships in tenancy
    fail critical: Allow group Iam to use groups in tenancy where target.group.name = 'administrators'
    fail critical: Allow group Iam to use groups in tenancy where target.group.name = /*admin*/
    pass -: Allow group Iam to manage groups in tenancy where target.group.name = /app-*/
    pass -: Allow group Iam to manage groups in tenancy where request.permission = 'GROUP_CREATE'
    pass -: Allow group Iam to use groups in tenancy where target.group.id = 'ocid1.group.oc1..{COMPUTED}'
    undecided undecided: Allow group Iam to use groups in tenancy where target.group.name = {ANYTHING}
    boundary critical: Allow group Iam to use groups in tenancy where any {{target.group.name = /app-*/, target.group.name = /*/}}
    """,
)

test_oci_escalation_past_administrators = statements(
    oci_escalation_past_administrators.RULE,
    f"""
    fail low: Allow group Desk to manage users in tenancy where target.group.name != 'ADMINISTRATORS'
    fail low: Allow group Desk to {{USER_APIKEY_ADD}} in tenancy where target.group.name != /Admin*/
    fail low: Allow group Iam to use groups in tenancy where target.resource.domain.name != 'Default'
    fail low: Allow group Iam to use groups in tenancy where target.group.name not in ('Administrators', 'SecOps')
    pass -: Allow group Iam to use groups in tenancy where target.group.name = /app-*/
    undecided undecided: Allow group Iam to use groups in tenancy where target.group.name = {ANYTHING}
    boundary -: Allow group Iam to use groups in tenancy
    """,
)

test_oci_escalation_by_dynamic_groups = statements(
    oci_escalation_by_dynamic_groups.RULE,
    f"""
    fail high: Allow group Iam to manage dynamic-groups in tenancy
    fail high: Allow group Iam to use dynamic-groups in tenancy where target.dynamicgroup.name != 'root'
    fail medium: Allow group Iam to {{DYNAMIC_GROUP_CREATE}} in compartment App
    pass -: Allow group Iam to use dynamic-groups in tenancy where target.dynamicgroup.name = 'app-functions'
    undecided undecided: Allow group Iam to use dynamic-groups in tenancy where target.dynamicgroup.name = {ANYTHING}
    boundary -: Allow group Iam to inspect dynamic-groups in tenancy
    """,
)

test_oci_escalation_by_identity_providers = statements(
    oci_escalation_by_identity_providers.RULE,
    """
    fail high: Allow group Iam to manage identity-providers in tenancy
    fail high: Allow group Iam to use domains in tenancy
    fail high: Allow group Iam to manage oauth2-clients in tenancy
    fail medium: Allow group Iam to manage domains in compartment App
    pass -: Allow group Iam to manage authentication-policies in tenancy where request.permission = 'AUTHENTICATION_POLICY_INSPECT'
    undecided undecided: Allow group Iam to manage identity-providers in tenancy where request.operation = 'AnOperationOfTomorrow'
    boundary -: Allow group Iam to use identity-providers in tenancy
    """,
)

test_oci_escalation_by_run_command = statements(
    oci_escalation_by_run_command.RULE,
    """
    fail high: Allow group Sre to manage instance-agent-command-family in tenancy
    fail high: Allow group Sre to {INSTANCE_AGENT_COMMAND_CREATE} in tenancy
    fail low: Allow group Sre to use instance-agent-commands in compartment App
    pass -: Allow group Sre to use instance-agent-commands in tenancy where target.instance.id = 'ocid1.instance.oc1..a'
    pass -: Allow dynamic-group Hosts to use instance-agent-command-execution-family in compartment A where request.instance.id = target.instance.id
    undecided undecided: Allow group Sre to use instance-agent-commands in tenancy where request.tomorrow = 'x'
    boundary -: Allow group Sre to read instance-agent-command-family in tenancy
    """,
)

test_oci_escalation_by_function_code = statements(
    oci_escalation_by_function_code.RULE,
    f"""
    fail low: Allow group Devs to manage functions-family in compartment Payments
    fail low: Allow group Devs to {{FN_FUNCTION_UPDATE}} in tenancy
    pass -: Allow group Devs to use fn-invocation in tenancy
    pass -: Allow group Devs to manage fn-function in compartment A where target.function.id = 'ocid1.fnfunc.oc1..{COMPUTED}'
    undecided undecided: Allow group Devs to manage fn-function in compartment A where {ANYTHING}
    boundary -: Allow group Devs to use functions-family in compartment Payments
    """,
)

test_oci_escalation_by_user_profiles = statements(
    oci_escalation_by_user_profiles.RULE,
    f"""
    fail low: Allow group Desk to use users in tenancy
    fail low: Allow group Desk to use users in tenancy where target.user.name != 'root'
    pass -: Allow group Desk to use users in tenancy where target.user.name = 'robot'
    pass -: Allow group Desk to use users in compartment App
    undecided undecided: Allow group Desk to use users in {ANYTHING}
    boundary -: Allow group Desk to read users in tenancy
    """,
)

test_oci_secrets_readable_in_tenancy = statements(
    oci_secrets_readable_in_tenancy.RULE,
    f"""
    fail high: Allow group App to read secret-family in tenancy
    fail high: Allow group 'Default'/'Key Readers' to {{SECRET_BUNDLE_READ}} in tenancy
    fail high: Allow group {ANYTHING} to read secret-bundles in tenancy where target.secret.name != 'root'
    fail high: Allow group App to read secret-bundles in tenancy where any {{target.secret.name = 'a', target.secret.name != 'b'}}
    pass -: Allow group App to read secret-bundles in tenancy where target.secret.name = /db-*/
    pass -: Allow group App to read secret-bundles in tenancy where all {{target.secret.name != 'b', target.compartment.name = 'App'}}
    pass -: Allow group App to read secret-family in compartment App
    pass -: Deny group App to inspect secret-bundles in tenancy
    undecided undecided: Allow group App to read secret-bundles in {ANYTHING}
    boundary -: Allow group App to manage secrets in tenancy
    """,
)

test_oci_keys_open_in_tenancy = statements(
    oci_keys_open_in_tenancy.RULE,
    f"""
    fail medium: Allow group Sec to manage vaults in tenancy where request.networkSource.name = 'corp'
    fail medium: Allow dynamic-group App to use keys in tenancy
    fail medium: Allow service blockstorage to manage keys in tenancy
    fail medium: Allow group Sec to {{KEY_DELETE}} in tenancy
    pass -: Allow service blockstorage, objectstorage-eu-frankfurt-1 to use keys in tenancy
    pass -: Allow group Sec to use keys in tenancy where target.key.id = 'ocid1.key.oc1..a'
    pass -: Allow group Sec to manage key-family in compartment Keys
    undecided undecided: Allow group Sec to use keys in compartment id {COMPUTED}
    boundary -: Allow group Sec to read keys in tenancy
    """,
)

test_oci_objects_readable_in_tenancy = statements(
    oci_objects_readable_in_tenancy.RULE,
    f"""
    fail medium: Allow group Data to read object-family in tenancy
    fail medium: Allow group Data to manage objects in tenancy where request.operation = 'GetObject'
    fail medium: Allow group Data to read objects in tenancy where target.bucket.name = /*/
    pass -: Allow group Data to read objects in tenancy where target.bucket.name in ('a', 'b')
    pass -: Allow group Data to read objects in tenancy where target.bucket.name = '{ANYTHING}'
    pass -: Allow group Data to manage objects in tenancy where request.permission = 'OBJECT_CREATE'
    pass -: Allow group Data to manage objects in compartment Data
    undecided undecided: Allow group Data to read objects in tenancy where target.bucket.name = {ANYTHING}
    boundary -: Allow group Data to inspect objects in tenancy
    """,
)

test_oci_buckets_publishable = statements(
    oci_buckets_publishable.RULE,
    f"""
    fail medium: Allow group Devs to use buckets in tenancy
    fail medium: Allow group Devs to {{PAR_MANAGE}} in tenancy
    fail medium: Allow group Devs to manage object-family in tenancy where request.permission != 'PAR_MANAGE'
    fail low: Allow group Devs to {{PAR_MANAGE, BUCKET_READ}} in compartment Exchange where target.bucket.name = 'drop'
    pass -: Allow group Devs to manage buckets in tenancy where all {{request.permission != 'PAR_MANAGE', request.permission != 'BUCKET_UPDATE'}}
    pass -: Allow group Devs to manage buckets in tenancy where target.bucket.name = 'b'
    pass -: Allow group Devs to manage object-family in compartment Data
    undecided undecided: Allow group Devs to manage buckets in {ANYTHING}
    boundary -: Allow group Devs to read buckets in tenancy
    """,
)

test_oci_storage_deletable_in_tenancy = statements(
    oci_storage_deletable_in_tenancy.RULE,
    f"""
    fail low: Allow group Storage to manage volume-family in tenancy
    fail low: Allow group Storage to manage volume-family in tenancy where request.permission != 'VOLUME_DELETE'
    fail low: Allow group Storage to manage file-family in tenancy where any {{request.permission != 'FILE_SYSTEM_DELETE', request.region = 'iad'}}
    pass -: Allow group Storage to manage volumes in tenancy where request.permission != 'VOLUME_DELETE'
    pass -: Allow group Storage to manage volume-family in compartment Data
    undecided undecided: Allow group Storage to manage volumes in {ANYTHING}
    boundary -: Allow group Storage to use volume-family in tenancy
    """,
)

test_oci_dynamic_group_granted_in_tenancy = statements(
    oci_dynamic_group_granted_in_tenancy.RULE,
    f"""
    fail medium: Allow dynamic-group App to use virtual-network-family in tenancy
    fail medium: Allow dynamic-group id ocid1.dynamicgroup.oc1..{COMPUTED} to manage instances in tenancy
    fail medium: Allow dynamic-group App to use subnets in tenancy where request.region = {ANYTHING}
    pass -: Allow dynamic-group App to use metrics in tenancy
    pass -: Allow dynamic-group App to read repos in tenancy
    pass -: Allow dynamic-group App to use instance-agent-command-execution-family in tenancy where request.instance.id = target.instance.id
    pass -: Allow dynamic-group App to manage objects in tenancy where target.bucket.name = 'b'
    pass -: Allow group App to use virtual-network-family in tenancy
    undecided undecided: Allow dynamic-group App to use virtual-network-family in tenancy where {ANYTHING}
    boundary -: Allow dynamic-group App to use virtual-network-family in compartment Net
    """,
)

test_oci_service_granted_in_tenancy = statements(
    oci_service_granted_in_tenancy.RULE,
    f"""
    fail medium: Allow service OKE to manage virtual-network-family in tenancy
    fail medium: Allow service blockstorage, fssoc1prod to manage volume-family in tenancy
    pass -: Allow service FaaS to use virtual-network-family in tenancy
    pass -: Allow service OKE to manage virtual-network-family in compartment Net
    pass -: Allow service s to manage objects in tenancy where target.bucket.name = 'b'
    undecided undecided: Allow service OKE to manage virtual-network-family in tenancy where {ANYTHING}
    boundary medium: Allow service OKE to manage virtual-network-family in tenancy where target.compartment.name != 'x'
    """,
)

test_oci_service_administrator_in_tenancy = statements(
    oci_service_administrator_in_tenancy.RULE,
    """
    fail low: Allow group Net to manage virtual-network-family in tenancy
    pass -: Allow group Net to manage virtual-network-family in compartment Net
    pass -: Allow group Net to manage vcns in tenancy where target.resource.tag.Ops.Team = 'net'
    boundary -: Allow group Net to use virtual-network-family in tenancy
    """,
    without={"undecided": "advice is given only where the grant is known"},
)

test_oci_policy_all_resources_in_compartment = statements(
    oci_policy_all_resources_in_compartment.RULE,
    f"""
    fail medium: Allow group App to manage all-resources in compartment Sandbox
    fail medium: Allow group App to use all-resources in compartment Root:Child
    fail low: Allow group App to read all-resources in compartment Sandbox
    fail medium: Allow group App to manage all-resources in compartment id ocid1.compartment.oc1..{COMPUTED}
    fail medium: Allow group App to manage all-resources in compartment Sandbox where request.permission != 'POLICY_CREATE'
    pass -: Allow group App to manage all-resources in compartment Sandbox where target.resource.tag.Ops.Team = 'a'
    pass -: Allow group App to manage all-resources in tenancy
    pass -: Allow group App to inspect all-resources in compartment Sandbox
    undecided undecided: Allow group App to manage all-resources in compartment Sandbox where {ANYTHING}
    boundary -: Allow group App to manage all-resources in compartment id {ROOT}
    """,
)

test_oci_policy_admits_any_tenancy = statements(
    oci_policy_admits_any_tenancy.RULE,
    f"""
    fail critical: Admit any-user of any-tenancy to read objects in compartment Data
    fail critical: Admit any-group of any-tenancy to read objects in compartment Data where target.bucket.name = 'b'
    pass -: Admit group Ops of tenancy Partner to read objects in compartment Data
    pass -: Deny admit any-user of any-tenancy to read objects in tenancy
    undecided undecided: Admit any-user of any-tenancy to read objects in tenancy where request.user.id = {ANYTHING}
    boundary -: Admit any-user of any-tenancy to read objects in tenancy where request.principal.id = 'ocid1.user.oc1..a'
    """,
)

test_oci_policy_admits_foreign_administrator = statements(
    oci_policy_admits_foreign_administrator.RULE,
    f"""
    fail medium: Admit group Ops of tenancy Partner to manage object-family in compartment Data
    fail medium: Admit dynamic-group Ops of tenancy Partner to manage databases in tenancy where request.region = 'iad'
    fail medium: Admit group Ops of tenancy Partner to {{BUCKET_CREATE, BUCKET_DELETE}} in compartment Data
    pass -: Admit group Ops of tenancy Partner to manage objects in compartment Data where target.bucket.name = 'b'
    pass -: Admit group Ops of tenancy Partner to manage objects in compartment Data where request.permission = 'OBJECT_READ'
    pass -: Deny admit group Ops of tenancy Partner to manage object-family in compartment Data
    undecided undecided: Admit group Ops of tenancy Partner to manage objects in compartment Data where {ANYTHING}
    boundary -: Admit group Ops of tenancy Partner to use object-family in compartment Data
    """,
)

test_oci_policy_endorses_any_tenancy = statements(
    oci_policy_endorses_any_tenancy.RULE,
    f"""
    fail critical: Endorse any-user to manage objects in any-tenancy
    fail high: Endorse group Ops {{OBJECT_CREATE}} in any-tenancy
    fail high: Endorse any-group to read objects in any-tenancy
    fail medium: Endorse group Ops to read objects in any-tenancy
    fail high: Endorse group Ops to associate local-peering-gateways in tenancy with local-peering-gateways in any-tenancy
    pass -: Endorse group Ops to manage objects in tenancy Partner
    pass -: Deny endorse group Ops to manage objects in any-tenancy
    pass -: Endorse group Ops to manage objects in any-tenancy where all {{target.bucket.name = 'a', target.bucket.name = 'b'}}
    undecided undecided: Endorse group Ops to manage objects in {ANYTHING}
    boundary -: Admit any-user of any-tenancy to read objects in compartment Data
    """,
)

test_oci_policy_condition_never_holds = statements(
    oci_policy_condition_never_holds.RULE,
    f"""
    fail low: Allow group A to read buckets in compartment C where all {{target.bucket.name = 'a', target.bucket.name = 'b'}}
    fail low: Allow group A to read buckets in compartment C where target.bucket.name != /*/
    fail low: Allow group A to read buckets in compartment C where request.permission = 'BUCKET_CREATE'
    fail low: Allow group A to read buckets in compartment C where target.bucket.nam = 'a'
    fail medium: Deny group A to read buckets in compartment C where all {{target.bucket.name = 'a', target.bucket.name != 'A'}}
    fail medium: Deny group A to manage dynamic-groups in tenancy where target.dynamicgroup.name = 'a'
    fail medium: Deny group A to manage buckets in compartment C where request.permission = 'BUCKET_READ'
    pass -: Allow group A to read buckets in compartment C where any {{target.bucket.name = 'a', target.bucket.name = 'b'}}
    pass -: Allow group A to read buckets in compartment C where all {{target.bucket.name = 'a', target.bucket.name = {ANYTHING}}}
    pass -: Allow group A to use functions-family in compartment C where request.permission = 'FN_OF_TOMORROW'
    pass -: Deny group A to read buckets in compartment C where request.permission = 'BUCKET_CREATE'
    pass -: Allow group A to read buckets in compartment C where any {{target.bucket.nam = 'a', target.bucket.name = 'a'}}
    boundary -: Allow group A to read buckets in compartment C where all {{target.bucket.name = 'a', target.bucket.name = 'A'}}
    """,
    without={"undecided": "only a contradiction that is there is spoken of"},
)

test_oci_policy_condition_without_effect = statements(
    oci_policy_condition_without_effect.RULE,
    f"""
    fail low: Allow group A to read buckets in compartment C where target.bucket.name = /*/
    fail low: Allow group A to read buckets in compartment C where any {{request.region = /**/, target.bucket.name = 'b'}}
    fail low: Allow group A to read buckets in compartment C where any {{target.bucket.name != 'a', target.bucket.name != 'b'}}
    fail low: Deny group A to read buckets in compartment C where target.bucket.name in ('a', /*/)
    pass -: Allow group A to read buckets in compartment C where all {{target.bucket.name = /*/, target.bucket.name = 'b'}}
    pass -: Allow group A to read buckets in compartment C where target.bucket.name = /{ANYTHING}/
    pass -: Allow group A to read buckets in compartment C where target.bucket.name != 'a'
    pass -: Allow group A to read buckets in compartment C where any {{target.bucket.name != 'a', target.bucket.name != 'A'}}
    boundary -: Allow group A to read buckets in compartment C where target.bucket.name = '*'
    """,
    without={"undecided": "only a test that is there is spoken of"},
)


ON_STATEMENTS = [
    rule
    for rule in RULES
    if isinstance(rule, ResourceRule) and POLICY in rule.types and rule.default_level is not Level.DISABLED
]


def judged(*texts: object) -> list[Judged]:
    resource = policy(*texts)
    scene = Scene([resource], Run())
    return order(one for rule in ON_STATEMENTS for one in judge_resource(default_policy(rule), resource, scene))


def of(text: str) -> list[Judged]:
    """The findings on a statement in a policy that defines the aliases of the sample."""
    aliases = (
        "Define tenancy Partner as ocid1.tenancy.oc1..examplepartner",
        "Define dynamic-group Replicator as ocid1.dynamicgroup.oc1..example",
    )
    return [one for one in judged(text, *aliases) if one.path.startswith(FIRST)]


def spellings(text: str) -> Iterator[str]:
    """The statement again as others would write it: quotes, patterns and permissions keep what they say."""
    pieces = re.split(r"('[^']*'|(?<== )/[^/]*/)", text)
    for change in (
        str.upper,
        str.lower,
        lambda words: words.replace(" ", "  "),
        lambda words: words.replace(" ", "\n\t").replace(",", " ,"),
    ):
        yield "".join(piece if number % 2 else change(piece) for number, piece in enumerate(pieces))
    yield f"\n {text}\n"
    yield re.sub(r"(?i)\b(group|dynamic-group) (?!id |')([A-Z][\w-]*) (?=to |of )", r"\1 '\2' ", text)


VERDICTS: Mapping[str, Callable[[list[Judged]], bool]] = {
    "over-broad": lambda found: max(one.severity.rank for one in found) >= Severity.MEDIUM.rank,
    "narrow": lambda found: not found,
    "review": lambda found: [one.severity for one in found] == [Severity.LOW],
    "invalid": lambda found: [one.rule.id for one in found] == ["oci-policy-statement-rejected"],
}


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case["statement"][:70])
def test_the_labelled_sample_in_every_spelling(case: dict[str, str]) -> None:
    found = of(case["statement"])
    assert {one.outcome for one in found} <= {Outcome.VIOLATION}
    assert VERDICTS[case["verdict"]](found)
    assert len(found) <= 1
    for spelling in spellings(case["statement"]):
        again = of(spelling)
        assert [(one.rule.id, one.severity) for one in again] == [(one.rule.id, one.severity) for one in found]


WIDE = [
    "Allow any-user to manage all-resources in tenancy",
    "Allow any-user to {USER_APIKEY_ADD, POLICY_CREATE, SECRET_BUNDLE_READ} in tenancy",
    "Allow dynamic-group A to {GROUP_UPDATE, PAR_MANAGE, KEY_DECRYPT, OBJECT_READ} in tenancy where target.x.y != 'a'",
    "Allow group A to manage all-resources in compartment C where target.bucket.name = /*/",
    f"Allow group A to manage all-resources in compartment id {COMPUTED}",
    "Allow service s to manage key-family in tenancy",
    "Allow group A to manage object-family in tenancy where request.region = /*/",
    "Admit any-user of any-tenancy to manage all-resources in compartment C",
    "Endorse any-user to manage all-resources in any-tenancy",
    f"Allow group A to {ANYTHING} in tenancy",
    f"Allow group A to manage {ANYTHING} in {ANYTHING}",
]


@pytest.mark.parametrize("text", WIDE)
def test_one_statement_is_one_finding(text: str) -> None:
    assert len(judged(text)) == 1


def test_each_statement_of_a_policy_is_judged_by_itself() -> None:
    found = judged("Allow group A to use buckets in tenancy", "Allow group A to read buckets in tenancy", *WIDE[:1])
    assert [(one.rule.id, one.path) for one in found] == [
        ("oci-buckets-publishable", "statements[0]"),
        ("oci-policy-all-resources-in-tenancy", "statements[2]"),
    ]


@pytest.mark.parametrize("text", [case["statement"] for case in SAMPLE if case["verdict"] != "narrow"])
def test_nothing_of_a_secret_statement_is_shown(text: str) -> None:
    for one in judged(Secret(text)):
        told = f"{one.message} {one.fix} {one.witness}"
        assert "marked secret" in one.message
        assert one.witness is None
        assert not [word for word in re.findall(r"'[^']+'|\b[A-Z]\w+s\b|ocid1\S+", text) if word in told]


@pytest.mark.parametrize("rule", {rule.id: rule for rule, _ in FAILING}.values(), ids=lambda rule: rule.id)
def test_a_statement_that_a_fix_pastes_is_found_no_more(rule: ResourceRule) -> None:
    for text in (text for one, text in FAILING if one is rule):
        for found in judged(text):
            pasted = re.search(r": ((?:allow|admit|endorse) [^<]*)$", found.fix)
            if found.rule is rule and pasted is not None:
                for again in judged(pasted[1].replace("FAMILY", "object-family")):
                    assert again.severity.rank <= found.severity.rank, found.fix
                    assert again.rule is not rule or again.severity.rank < found.severity.rank, found.fix
