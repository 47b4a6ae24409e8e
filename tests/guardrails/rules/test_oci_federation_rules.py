import json

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.configuration import Configured, policies
from policypack.guardrails.findings import Level, Severity
from policypack.guardrails.judge import Judged, Scene, judge_resource, order
from policypack.guardrails.model import Resource, Run, Secret
from policypack.guardrails.rule import ResourceRule
from policypack.guardrails.rules.oidc_audience import (
    oci_federation_key_over_http,
    oci_identity_provider_maps_administrators,
    oci_impersonation_by_any_token,
    oci_impersonation_by_whole_organization,
    oci_impersonation_by_whole_project,
    oci_propagation_trust_long_clock_skew,
    oci_propagation_trust_placeholder_issuer,
    oci_propagation_trust_without_audience,
    oci_propagation_trust_without_client,
    oci_propagation_trust_without_key,
    oci_workload_statement_without_cluster,
    oci_workload_statement_without_service_account,
)
from policypack.guardrails.values import UNKNOWN

TRUST = "oci:Identity/domainsIdentityPropagationTrust:DomainsIdentityPropagationTrust"
PROVIDER = "oci:Identity/identityProvider:IdentityProvider"
MAPPING = "oci:Identity/idpGroupMapping:IdpGroupMapping"
GROUP = "oci:Identity/group:Group"
DOMAIN_GROUP = "oci:Identity/domainsGroup:DomainsGroup"
POLICY = "oci:Identity/policy:Policy"
GITHUB = "https://token.actions.githubusercontent.com"
GITLAB = "https://gitlab.com"
PRIVATE = "https://login.harbourline.dev/realms/build"
EKS = "https://oidc.eks.eu-central-1.amazonaws.com/id/9F3C61A07B2E4D58A1C0D9E8F7B6A5C4"
DOMAIN = "https://idcs-harbourline.identity.oraclecloud.com"
BRANCH = "repo:harbourline/ferries:ref:refs/heads/main"
RULE = "impersonationServiceUsers[0].rule"


def users(*rules: object) -> list[object]:
    return [{"rule": rule, "value": "5f1c0a7e"} for rule in rules]


def trust(*rules: object, **changes: object) -> Resource:
    """A trust with nothing wrong, but for its rules and the changes; a change to None takes a property away."""
    sound: dict[str, object] = {
        "active": True,
        "type": "JWT",
        "issuer": GITHUB,
        "publicKeyEndpoint": f"{GITHUB}/.well-known/jwks",
        "clientClaimName": "aud",
        "clientClaimValues": [DOMAIN],
        "oauthClients": ["exchange"],
        "clockSkewSeconds": 60.0,
        "allowImpersonation": True,
        "impersonationServiceUsers": users(*(rules or (f'sub eq "{BRANCH}"',))),
    }
    return R(TRUST, **{key: value for key, value in {**sound, **changes}.items() if value is not None})


INACTIVE = trust("sub eq *", active=False, clientClaimName=None, oauthClients=None, publicKeyEndpoint=None)
OTHER = R("oci:Identity/user:User", name="deployer")

test_oci_propagation_trust_without_audience = table(
    oci_propagation_trust_without_audience.RULE,
    [
        Case("fail", "no-client-claim", trust(clientClaimName=None, clientClaimValues=None), [("violation", "clientClaimName", "high")]),
        Case("fail", "no-values", trust(clientClaimValues=[]), [("violation", "clientClaimValues", "high")]),
        Case("fail", "wildcard-beside-an-unknown-value", trust(clientClaimValues=[UNKNOWN, "*"]), [("violation", "clientClaimValues[1]", "high")]),
        Case("fail", "subject-in-place-of-the-audience", trust(clientClaimName="sub", clientClaimValues=[BRANCH]), [("violation", "clientClaimName", "medium")]),
        Case("fail", "one-of-two-rules-tests-it", trust("aud eq oci-plan", "sub eq x", clientClaimName=None), [("violation", "clientClaimName")]),
        Case("pass", "audience", trust()),
        Case("pass", "client-of-a-private-issuer", trust(issuer=PRIVATE, clientClaimName="appid", clientClaimValues=["6d0c"])),
        Case("pass", "each-rule-tests-it", trust(f'aud eq "oci-plan" and sub eq "{BRANCH}"', clientClaimName=None)),
        Case("pass", "validation-of-claims", trust(clientClaimName=None, claimValidations=[{"name": "aud", "value": "oci"}])),
        Case("undecided", "unknown-values", trust(clientClaimValues=UNKNOWN), [("undecided", "clientClaimValues")]),
        Case("undecided", "values-nobody-gave", trust(clientClaimValues=[ANYTHING]), [("undecided", "clientClaimValues[0]")]),
        Case("undecided", "may-be-inactive", trust(active=UNKNOWN, clientClaimName=None), [("undecided", "clientClaimName")]),
        Case("undecided", "may-be-kerberos", trust(type=UNKNOWN, clientClaimName=None), [("undecided", "clientClaimName")]),
        Case("not-applicable", "kerberos", trust(type="SPNEGO", clientClaimName=None)),
        Case("boundary", "inactive", INACTIVE),
        Case("boundary", "computed-value", trust(clientClaimValues=[COMPUTED])),
    ],
)  # fmt: skip

test_oci_propagation_trust_without_client = table(
    oci_propagation_trust_without_client.RULE,
    [
        Case("fail", "none", trust(oauthClients=None), [("violation", "oauthClients", "medium")]),
        Case("fail", "empty", trust(oauthClients=[]), [("violation", "oauthClients", "medium")]),
        Case("fail", "wildcard", trust(oauthClients=["exchange", "*"]), [("violation", "oauthClients[1]", "medium")]),
        Case("pass", "named", trust()),
        Case("undecided", "unknown", trust(oauthClients=UNKNOWN), [("undecided", "oauthClients")]),
        Case("not-applicable", "no-trust", OTHER),
        Case("boundary", "a-client-that-is-made-here", trust(oauthClients=[UNKNOWN])),
        Case("boundary", "inactive", INACTIVE),
    ],
)

test_oci_propagation_trust_without_key = table(
    oci_propagation_trust_without_key.RULE,
    [
        Case("fail", "neither", trust(publicKeyEndpoint=None), [("violation", "publicKeyEndpoint", "medium")]),
        Case("fail", "empty", trust(publicKeyEndpoint="", type="SAML"), [("violation", "publicKeyEndpoint", "medium")]),
        Case("pass", "endpoint", trust()),
        Case("pass", "certificate", trust(publicKeyEndpoint=None, publicCertificate="MIIB")),
        Case("undecided", "may-be-inactive", trust(publicKeyEndpoint=None, active=UNKNOWN), [("undecided", "publicKeyEndpoint")]),
        Case("not-applicable", "kerberos", trust(publicKeyEndpoint=None, type="SPNEGO")),
        Case("boundary", "unknown-is-given", trust(publicKeyEndpoint=UNKNOWN)),
    ],
)  # fmt: skip

test_oci_federation_key_over_http = table(
    oci_federation_key_over_http.RULE,
    [
        Case("fail", "endpoint", trust(publicKeyEndpoint="HTTP://login.harbourline.dev/keys"), [("violation", "publicKeyEndpoint", "medium")]),
        Case("fail", "metadata", R(PROVIDER, metadataUrl="http://adfs.harbourline.dev/metadata.xml"), [("violation", "metadataUrl", "medium")]),
        Case("pass", "https", [trust(), R(PROVIDER, metadataUrl="https://adfs.harbourline.dev/metadata.xml")]),
        Case("pass", "host-computed", trust(publicKeyEndpoint=f"https://{COMPUTED}/keys")),
        Case("undecided", "unknown", trust(publicKeyEndpoint=UNKNOWN), [("undecided", "publicKeyEndpoint")]),
        Case("undecided", "nobody-gave-it", R(PROVIDER, metadataUrl=ANYTHING), [("undecided", "metadataUrl")]),
        Case("not-applicable", "certificate", trust(publicKeyEndpoint=None, publicCertificate="MIIB")),
        Case("boundary", "inactive", trust(publicKeyEndpoint="http://x/keys", active=False)),
    ],
)  # fmt: skip

test_oci_propagation_trust_long_clock_skew = table(
    oci_propagation_trust_long_clock_skew.RULE,
    [
        Case("fail", "an-hour", trust(clockSkewSeconds=3600.0), [("violation", "clockSkewSeconds", "low")]),
        Case("fail", "as-text", trust(clockSkewSeconds="301"), [("violation", "clockSkewSeconds", "low")]),
        Case("pass", "a-minute", trust()),
        Case("undecided", "unknown", trust(clockSkewSeconds=UNKNOWN), [("undecided", "clockSkewSeconds")]),
        Case("not-applicable", "not-given", trust(clockSkewSeconds=None)),
        Case("boundary", "five-minutes", trust(clockSkewSeconds=300.0)),
    ],
)

test_oci_propagation_trust_placeholder_issuer = table(
    oci_propagation_trust_placeholder_issuer.RULE,
    [
        *(
            Case("fail", name, trust(issuer=issuer), [("violation", "issuer", "medium")])
            for name, issuer in (
                ("brackets", "https://sts.windows.net/<tenant-id>/"),
                ("zeros", "https://sts.windows.net/00000000-0000-0000-0000-000000000000/"),
                ("yours", "https://your-issuer.com"),
                ("empty", ""),
            )
        ),
        Case("pass", "github", trust()),
        Case("undecided", "may-be-inactive", trust(issuer="${issuer}", active=UNKNOWN), [("undecided", "issuer")]),
        Case("not-applicable", "no-trust", OTHER),
        Case("boundary", "a-name-that-sounds-like-one", trust(issuer="https://yourbank.com/replacements")),
        Case("boundary", "unknown", trust(issuer=UNKNOWN)),
    ],
)

ANYONE = [("violation", RULE, "critical")]
ANY_OF_OURS = [("violation", RULE, "high")]

test_oci_impersonation_by_any_token = table(
    oci_impersonation_by_any_token.RULE,
    [
        Case("fail", "wildcard", trust("sub eq *"), ANYONE),
        Case("fail", "audience-alone", trust('"aud" eq oci-deploy', issuer=GITLAB), ANYONE),
        Case("fail", "every-owner", trust("sub eq 'repo:*/ferries:ref:refs/heads/main'"), ANYONE),
        Case("fail", "owners-that-start-so", trust('sub sw "repo:harbour"'), ANYONE),
        Case("fail", "contained-anywhere", trust('sub co "harbourline/ferries"'), ANYONE),
        Case("fail", "what-others-have-too", trust("environment eq production"), ANYONE),
        Case("fail", "one-of-two-is-enough", trust(f'sub eq "{BRANCH}" or aud eq x'), ANYONE),
        Case("fail", "negated", trust(f'not (sub eq "{BRANCH}")'), ANYONE),
        Case("fail", "present", trust("sub pr"), ANYONE),
        Case("fail", "second-rule", trust(UNKNOWN, "sub eq *"), [("undecided", RULE, "critical"), ("violation", "impersonationServiceUsers[1].rule", "critical")]),
        Case("fail", "private-issuer", trust("sub eq *", issuer=PRIVATE), ANY_OF_OURS),
        Case("fail", "issuer-not-known-yet", trust("sub eq *", issuer=UNKNOWN), ANY_OF_OURS),
        Case("pass", "branch", trust()),
        Case("pass", "unquoted", trust(f"sub eq {BRANCH}")),
        Case("pass", "blanks-in-the-name", trust("sub eq repo:harbourline/ferries:environment:Production EU")),
        Case("pass", "both-have-to-hold", trust(f"(aud eq x) and (sub eq '{BRANCH}')")),
        Case("pass", "client-claim-pins-the-subject", trust("sub eq *", clientClaimName="sub", clientClaimValues=[BRANCH])),
        Case("pass", "validated-subject", trust("sub eq *", claimValidations=[{"name": "sub", "value": BRANCH}])),
        Case("pass", "private-issuer-one-subject", trust("sub eq build-42", issuer=PRIVATE)),
        Case("pass", "no-impersonation", trust("sub eq *", allowImpersonation=False)),
        Case("undecided", "unknown-list", trust(impersonationServiceUsers=UNKNOWN), [("undecided", "impersonationServiceUsers")]),
        Case("undecided", "owner-nobody-gave", trust(f'sub eq "repo:{ANYTHING}/ferries:ref:refs/heads/main"'), [("undecided", RULE)]),
        Case("undecided", "unreadable", trust("true"), [("undecided", RULE)]),
        Case("undecided", "claim-nobody-knows", trust("colour eq blue"), [("undecided", RULE)]),
        Case("undecided", "may-not-impersonate", trust("sub eq *", allowImpersonation=UNKNOWN), [("undecided", RULE)]),
        Case("not-applicable", "no-rules", trust(impersonationServiceUsers=None)),
        Case("boundary", "inactive", INACTIVE),
        Case("boundary", "computed-owner", trust(f'sub eq "repo:{COMPUTED}/ferries:ref:refs/heads/main"')),
        Case("boundary", "nested-too-deep", trust("(" * 3000 + "sub eq x" + ")" * 3000), [("undecided", RULE)]),
    ],
)  # fmt: skip

test_oci_impersonation_by_whole_organization = table(
    oci_impersonation_by_whole_organization.RULE,
    [
        Case("fail", "organization", trust("sub eq 'repo:harbourline/*'"), ANY_OF_OURS),
        Case("fail", "group", trust('sub sw "project_path:harbourline/"', issuer=GITLAB), ANY_OF_OURS),
        Case("fail", "claim", trust("repository_owner_id eq 7712345"), ANY_OF_OURS),
        Case("fail", "every-service-account", trust("sub eq system:serviceaccount:*", issuer=EKS), ANY_OF_OURS),
        Case("pass", "repository", trust("sub eq 'repo:harbourline/ferries:*'")),
        Case("undecided", "repository-nobody-gave", trust(f'sub eq "repo:harbourline/{ANYTHING}"'), [("undecided", RULE)]),
        Case("not-applicable", "no-trust", OTHER),
        Case("boundary", "strangers-are-another-rule", trust("sub eq *")),
    ],
)  # fmt: skip

test_oci_impersonation_by_whole_project = table(
    oci_impersonation_by_whole_project.RULE,
    [
        Case("fail", "repository", trust("sub eq 'repo:harbourline/ferries:*'"), [("violation", RULE, "low")]),
        Case("fail", "by-number", trust("repository_id eq 612345678"), [("violation", RULE, "low")]),
        Case("pass", "environment", trust("sub eq repo:harbourline/ferries:environment:production")),
        Case("pass", "release-branches", trust("sub eq repo:harbourline/ferries:ref:refs/heads/release-*")),
        Case("undecided", "place-nobody-gave", trust(f"sub eq repo:harbourline/ferries:{ANYTHING}"), [("undecided", RULE)]),
        Case("not-applicable", "no-trust", OTHER),
        Case("boundary", "one-account", trust("email eq ci@harbourline.iam.gserviceaccount.com", issuer="https://accounts.google.com")),
        Case("boundary", "one-user-of-a-directory", trust("sub eq 6d0c1b52", issuer="https://sts.windows.net/6f2d9c1e-1111-4222-8333-944455556666/")),
    ],
)  # fmt: skip

FIRST = "statements[0]"


def policy(*tests: str, subject: str = "any-user", quantifier: str = "all") -> Resource:
    joined = ", ".join(f"request.principal.{test}" for test in tests)
    return R(POLICY, statements=[f"Allow {subject} to read buckets in compartment App where {quantifier} {{{joined}}}"])


TYPE, NAMESPACE, ACCOUNT = "type = 'workload'", "namespace = 'orders'", "service_account = 'reader'"
CLUSTER = "cluster_id = 'ocid1.cluster.oc1.eu-frankfurt-1.aaaa'"

test_oci_workload_statement_without_cluster = table(
    oci_workload_statement_without_cluster.RULE,
    [
        Case("fail", "any-workload", policy(TYPE), [("violation", FIRST, "high")]),
        Case("fail", "one-name-in-any-cluster", policy("type = 'WORKLOAD'", NAMESPACE, ACCOUNT), [("violation", FIRST, "medium")]),
        Case("fail", "cluster-by-pattern", policy(TYPE, NAMESPACE, ACCOUNT, "cluster_id = /ocid1.cluster*/"), [("violation", FIRST)]),
        Case("fail", "any-of-them", policy(TYPE, CLUSTER, quantifier="any"), [("violation", FIRST, "high")]),
        Case("pass", "cluster", policy(TYPE, NAMESPACE, ACCOUNT, CLUSTER)),
        Case("pass", "computed-cluster", policy(TYPE, f"cluster_id = '{COMPUTED}'")),
        Case("undecided", "variable-nobody-knows", policy(TYPE, "colour = 'blue'"), [("undecided", FIRST)]),
        Case("not-applicable", "other-principals", policy("type = 'instance'")),
        Case("not-applicable", "a-group", R(POLICY, statements=["Allow group A to read buckets in tenancy"])),
        Case("boundary", "all-but-workloads", policy("type != 'workload'")),
        Case("boundary", "unknown-statement", R(POLICY, statements=UNKNOWN)),
    ],
)  # fmt: skip

test_oci_workload_statement_without_service_account = table(
    oci_workload_statement_without_service_account.RULE,
    [
        Case("fail", "whole-cluster", policy(TYPE, CLUSTER), [("violation", FIRST, "low")]),
        Case("fail", "whole-namespace", policy(TYPE, CLUSTER, NAMESPACE), [("violation", FIRST, "low")]),
        Case("fail", "account-in-every-namespace", policy(TYPE, CLUSTER, ACCOUNT), [("violation", FIRST, "low")]),
        Case("pass", "both", policy(TYPE, CLUSTER, NAMESPACE, ACCOUNT)),
        Case("not-applicable", "other-principals", policy("type = 'instance'")),
        Case("boundary", "no-cluster-is-another-rule", policy(TYPE)),
    ],
    without={"undecided": "advice: what cannot be read is not advised on"},
)


def mapping(**group: object) -> tuple[Resource, ...]:
    own = R(GROUP, "g", id="ocid1.group.oc1..g", **group)
    return own, R(MAPPING, "m", groupId="ocid1.group.oc1..g", idpGroupName="Everyone")


MANAGE = "to manage all-resources in tenancy"

test_oci_identity_provider_maps_administrators = table(
    oci_identity_provider_maps_administrators.RULE,
    [
        Case("fail", "administrators", mapping(name="Administrators"), [("violation", "groupId", "medium")]),
        Case("fail", "as-good-as", (*mapping(name="Root"), R(POLICY, statements=[f"Allow group Root {MANAGE}"])), [("violation", "groupId")]),
        Case("fail", "by-id", (*mapping(name="Root"), R(POLICY, statements=[f"Allow group id ocid1.group.oc1..g {MANAGE}"])), [("violation", "groupId")]),
        Case(
            "fail",
            "id-not-known-yet",
            (R(GROUP, "g", name="administrators"), R(MAPPING, "m", groupId=UNKNOWN, deps={"groupId": [f"{GROUP}::g"]})),
            [("violation", "groupId")],
        ),
        Case("fail", "group-of-a-domain", (R(DOMAIN_GROUP, "g", ocid="o", displayName="Administrators"), R(MAPPING, groupId="o")), [("violation", "groupId")]),
        Case("pass", "auditors", (*mapping(name="Auditors"), R(POLICY, statements=[f"Allow group Root {MANAGE}"]))),
        Case("undecided", "group-of-elsewhere", R(MAPPING, groupId="ocid1.group.oc1..elsewhere"), [("undecided", "groupId")]),
        Case("not-applicable", "no-mapping", R(GROUP, name="Administrators")),
        Case("boundary", "reads-all", (*mapping(name="Root"), R(POLICY, statements=["Allow group Root to read all-resources in tenancy"]))),
    ],
)  # fmt: skip


RESOURCE_RULES = [rule for rule in RULES if isinstance(rule, ResourceRule)]


def said(resource: Resource, **settings: object) -> list[Judged]:
    """What the rules that are on say of a resource; `settings` are those that the rules on trusts share."""
    scene = Scene([resource], Run())
    configured = {"oidc-trust-without-subject": Configured(None, settings)}
    return [
        one
        for policy in policies(RESOURCE_RULES, configured).values()
        if resource.type in policy.rule.types and policy.level is not Level.DISABLED
        for one in judge_resource(policy, resource, scene)
    ]


def test_a_sound_trust_gets_nothing() -> None:
    assert said(trust()) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sub eq *", [("oci-impersonation-by-any-token", Severity.CRITICAL)]),
        ("sub eq team/blue/*", [("oci-impersonation-by-whole-organization", Severity.HIGH)]),
        ("sub eq team/blue/ferries", []),
    ],
)
def test_an_issuer_of_ones_own_is_judged_as_it_is_configured(text: str, told: object) -> None:
    own = {
        "issuer": PRIVATE.removeprefix("https://"),
        "shared": True,
        "audience": "oci",
        "subjects": ["team/{tenant:TEAM}/{project:APP}"],
    }
    resource = trust(text, issuer=PRIVATE)
    assert {one.severity for one in said(resource)} <= {Severity.HIGH}
    # The same resource again: what was worked out for other settings is not taken for these.
    assert [(one.rule.id, one.severity) for one in said(resource, issuers=[own])] == told


def test_a_statement_for_pods_is_told_of_once() -> None:
    def told(resource: Resource) -> list[str]:
        return [one.rule.id for one in order(said(resource))]

    assert told(policy(TYPE, NAMESPACE)) == ["oci-workload-statement-without-cluster"]
    assert told(policy(TYPE, "colour = 'blue'")) == ["oci-workload-statement-without-cluster"]
    # Instances are not kept out by the name of a cluster.
    both = {"oci-workload-statement-without-cluster", "oci-policy-open-to-anyone"}
    assert set(told(policy(TYPE, "type = 'instance'", quantifier="any"))) == both
    assert set(told(policy("type in ('workload', 'instance')"))) == both
    assert told(R(POLICY, statements=["Allow any-user to read buckets in tenancy"])) == ["oci-policy-open-to-anyone"]


def test_the_witness_is_a_token_of_a_stranger_and_the_fix_keeps_what_was_written() -> None:
    found = {one.rule.id: one for one in said(trust("sub eq *"))}["oci-impersonation-by-any-token"]
    assert found.witness == {"iss": GITHUB, "aud": DOMAIN, "sub": "repo:stranger/anything:ref:refs/heads/main"}
    kept = {one.rule.id: one for one in said(trust("sub eq 'repo:harbourline/*'"))}
    assert "repo:harbourline/REPOSITORY:" in kept["oci-impersonation-by-whole-organization"].fix
    by_project = {one.rule.id: one for one in said(trust("sub eq 'repo:*/ferries:ref:refs/heads/main'"))}
    assert by_project["oci-impersonation-by-any-token"].witness == {
        "iss": GITHUB,
        "aud": DOMAIN,
        "sub": "repo:stranger/ferries:ref:refs/heads/main",
    }


@pytest.mark.parametrize(
    "text", ["sub eq 'repo:*/hush-hush:*'", "colour eq hush-hush", "sub eq 'repo:harbourline/*' or x eq hush-hush"]
)
def test_nothing_of_a_secret_rule_is_shown(text: str) -> None:
    for one in said(trust(Secret(text))):
        assert "hush-hush" not in json.dumps([one.message, one.fix, one.witness])


@pytest.mark.parametrize(
    "odd", [None, 7.0, [], {}, [[]], [{"rule": None}], [{"rule": 3.0, "value": []}], "sub eq *", ["x"]]
)
def test_odd_values_are_read(odd: object) -> None:
    for key in ("impersonationServiceUsers", "clientClaimName", "clientClaimValues", "claimValidations", "issuer",
                "oauthClients", "publicKeyEndpoint", "clockSkewSeconds", "type", "active"):  # fmt: skip
        assert all("crash" not in one.message for one in said(trust("sub eq *", **{key: odd})))
