"""What must be true of the table of OIDC issuers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

import policypack.guardrails.issuers
from policypack.guardrails.aws import actions
from policypack.guardrails.aws.callers import PUBLIC_PROVIDERS
from policypack.guardrails.issuers.forms import form_of
from policypack.guardrails.issuers.table import STANDARD_CLAIMS, Issuers, configured, issuer_of, read

TABLE: Final[dict[str, Any]] = json.loads(
    (Path(policypack.guardrails.issuers.__file__).parent / "data" / "issuers.json").read_text()
)
WRITTEN: Final[list[dict[str, Any]]] = TABLE["issuers"]
BY_ISSUER: Final = {issuer: each for each in WRITTEN for issuer in each["issuers"]}
# The entries, one for each issuer, with the fields of those that they are like.
ENTRIES: Final = [
    {**BY_ISSUER.get(each.get("like", ""), {}), **each, "issuer": issuer} for issuer, each in BY_ISSUER.items()
]
OPTIONAL_FIELDS: Final = {
    "like": str,
    "audience_claims": list,
    "tenant_in_audience": bool,
    "subjects": list,
    "pull_request": str,
    "claims": dict,
    "token_claims": dict,
    "optional": list,
    "immutable": list,
    "demanded": list,
    "users": bool,
    "guests": bool,
    "built_in": bool,
    "complete": bool,
}
SLOT: Final = re.compile(r"\{([A-Z_]+)\}")

# What AWS demands to be tested, in "Identity-provider controls for shared OIDC providers".
DEMANDED: Final = {
    "agent.buildkite.com": ["sub"],
    "api.pulumi.com/oidc": ["aud"],
    "app.terraform.io": ["sub"],
    "cognito-identity.amazonaws.com": ["aud"],
    "gitlab.com": ["sub"],
    "oidc-configuration.audit-log.githubusercontent.com": ["sub"],
    "oidc.codefresh.io": ["sub"],
    "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu": ["sub"],
    "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb": ["sub"],
    "oidc.vercel.com": ["aud"],
    "proidc.upbound.io": ["sub"],
    "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7": ["sub"],
    "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr": ["sub"],
    "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg": ["sub"],
    "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26": ["sub"],
    "sandboxes.cloud": ["aud"],
    "scalr.io": ["sub"],
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/": ["sts:RoleSessionName"],
    "studio.datachain.ai/api": ["sub"],
    "token.actions.githubusercontent.com": ["sub", "job_workflow_ref"],
    "tokens.cloud.shisho.dev": ["sub"],
    "vstoken.actions.githubusercontent.com": ["sub"],
}

# Issuers that must be found, and whether they serve more than one customer.
FOUND: Final = {
    **dict.fromkeys(DEMANDED, True),
    "accounts.google.com": True,
    "api.cursor.com": True,
    "app.devin.ai": True,
    "app.warp.dev": True,
    "federation.namespaceapis.com": True,
    "graph.facebook.com": True,
    "identity.depot.dev": True,
    "issuer.enforce.dev": True,
    "login.app.env0.com/": True,
    "oidc.modal.com": True,
    "www.amazon.com": True,
    "0a1b2c.tokens.sts.global.api.aws": False,
    "acme.app.spacelift.io": False,
    "acme.app.us.spacelift.io": False,
    "acme.auth0.com/": False,
    "acme.eu.auth0.com/": False,
    "acme.okta.com": False,
    "acme.okta.com/oauth2/aus1": False,
    "acme.semaphoreci.com": False,
    "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc": False,
    "app.harness.io/ng/api/oidc/account/abc": False,
    "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc": False,
    "container.googleapis.com/v1/projects/p/locations/l/clusters/c": False,
    "github.example.com/_services/token": False,
    "idcs-0a1b.identity.oraclecloud.com": False,
    "jenkins.example.com/oidc": False,
    "login.microsoftonline.com/0a1b/v2.0": False,
    "oidc.circleci.com/org/0a1b": False,
    "oidc.eks.cn-north-1.amazonaws.com.cn/id/0A1B": False,
    "oidc.eks.eu-west-1.amazonaws.com/id/0A1B": False,
    "oidc.fly.io/acme": False,
    "oidc.op1.openshiftapps.com/0a1b": False,
    "oidc.vercel.com/acme": False,
    "sts.windows.net/0a1b/": False,
    "token.actions.acme.ghe.com": False,
    "token.actions.githubusercontent.com/acme": False,
    "vstoken.dev.azure.com/0a1b": False,
}
UNKNOWN: Final = (
    "acme.auth0.com",
    "gitlab.example.com",
    "keycloak.example.com/realms/acme",
    "login.app.env0.com",
    "oidc.eks.eu-west-1.amazonaws.com",
    "tfe.example.com",
    "token.actions.githubusercontent.com/",
    "token.actions.githubusercontent.com.example.com",
    "xtoken.actions.githubusercontent.com",
)


def _named(entry: dict[str, Any]) -> str:
    """A name of an issuer as an entry writes it."""
    return SLOT.sub("x1", entry["issuer"])


def _whole(claim: str) -> bool:
    """Whether a claim stands in the table with its whole key."""
    return ":" in claim


each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=list(BY_ISSUER))


def test_the_table_says_where_it_is_from() -> None:
    assert set(TABLE) == {"source", "date", "issuers"}
    assert re.fullmatch(r"\d{4}-\d{2}", TABLE["date"])
    assert TABLE["source"].endswith(".")


@each_entry
def test_fields(entry: dict[str, Any]) -> None:
    assert all(isinstance(entry[field], str) and entry[field] for field in ("name", "audience"))
    assert isinstance(entry["shared"], bool)
    others = {
        field: value
        for field, value in entry.items()
        if field not in ("name", "issuer", "issuers", "audience", "shared")
    }
    assert all(isinstance(value, OPTIONAL_FIELDS[field]) for field, value in others.items())
    for value in others.values():
        if isinstance(value, list):
            assert all(isinstance(each, str) for each in value)
            assert len(set(value)) == len(value)


@pytest.mark.parametrize("entry", WRITTEN, ids=lambda entry: str(entry["issuers"][0]))
def test_nothing_is_written_in_vain(entry: dict[str, Any]) -> None:
    other = BY_ISSUER[entry["like"]] if "like" in entry else {}
    assert "like" not in other
    # What is off or empty is left out, but where it stands against the other entry; no subjects at all is something
    # else than opaque ones.
    said = {field: value for field, value in entry.items() if field not in ("shared", "subjects")}
    assert all(value or other.get(field) for field, value in said.items())
    # `shared` decides most, so it is always said.
    assert not [field for field, value in said.items() if other.get(field) == value]


@each_entry
def test_an_issuer_is_written_without_scheme_and_with_slots_in_capitals(entry: dict[str, Any]) -> None:
    rest = SLOT.sub("", entry["issuer"])
    assert rest == rest.lower()
    assert not set(rest) & set("{}* ")
    assert "://" not in rest


@each_entry
def test_the_forms_are_forms(entry: dict[str, Any]) -> None:
    subjects, claims = entry.get("subjects", []), entry.get("claims", {})
    for each in (*subjects, *claims.values(), *entry.get("token_claims", {}).values()):
        form_of(each)
    # What a fix shows names at least a project.
    assert not subjects or form_of(subjects[0]).slot("project", "place")
    assert "pull_request" not in entry or entry["pull_request"] in subjects


@each_entry
def test_an_entry_is_found_by_its_own_name(entry: dict[str, Any]) -> None:
    """So no other entry stands in its way: where two fit a name, the more special one is taken."""
    found = issuer_of(_named(entry))
    assert found == replace(read(entry["issuer"], entry), token_claims=found.token_claims)


def test_no_issuer_is_listed_twice() -> None:
    names = [issuer.lower() for each in WRITTEN for issuer in each["issuers"]]
    assert len(set(names)) == len(names)


@each_entry
def test_what_is_said_of_claims_is_said_of_claims_that_tokens_have(entry: dict[str, Any]) -> None:
    claims = set(entry.get("claims", {}))
    standard = {"sub", *entry.get("audience_claims", ("aud",))}
    assert set(entry.get("demanded", ())) <= claims | standard
    assert set(entry.get("optional", ())) <= claims
    assert set(entry.get("immutable", ())) <= claims


def test_providers_that_aws_knows_by_name() -> None:
    built_in = {each["issuer"] for each in ENTRIES if each.get("built_in")}
    assert set(PUBLIC_PROVIDERS) <= built_in
    # What is not everywhere is another partition's identity pools.
    assert {issuer_of(name).name for name in built_in} == {issuer_of(name).name for name in PUBLIC_PROVIDERS}
    assert all(issuer_of(name).shared for name in built_in)


@each_entry
def test_one_tenant_or_many(entry: dict[str, Any]) -> None:
    # Where a fixed audience fixes the tenant, and where AWS wants a claim to be tested, there are other tenants.
    if entry.get("tenant_in_audience") or entry.get("demanded"):
        assert entry["shared"]
    # Whoever signs in to an application needs the application to be told by the audience, or by the issuer.
    if entry.get("users"):
        assert not entry.get("subjects")
        assert entry.get("tenant_in_audience") or not entry["shared"]
    assert not entry.get("guests") or entry.get("users")


def test_what_aws_demands() -> None:
    assert {each["issuer"]: each["demanded"] for each in ENTRIES if each.get("demanded")} == DEMANDED


@pytest.mark.parametrize(("name", "shared"), FOUND.items())
def test_issuers_that_are_known(name: str, shared: bool) -> None:
    assert issuer_of(name).shared is shared
    assert issuer_of(name.upper()) == issuer_of(name)


@pytest.mark.parametrize("name", UNKNOWN)
def test_issuers_that_are_not_known(name: str) -> None:
    """A name that lost its slash, has one too many, or has another host is another issuer."""
    assert not issuer_of(name).listed


def _keys_of_sts() -> tuple[str, ...]:
    action = actions.action("sts:AssumeRoleWithWebIdentity")
    assert action is not None
    return action.keys


def test_the_claims_are_those_that_sts_has_keys_for() -> None:
    keys = [key.partition(":") for key in _keys_of_sts()]
    listed = {(re.sub(r"\$\{\w+\}", "x1", issuer).lower(), claim) for issuer, _, claim in keys if "." in issuer}
    unknown = [f"{issuer}:{claim}" for issuer, claim in listed if not issuer_of(issuer).knows(claim)]
    assert not unknown
    claims = {
        (_named(each).lower(), claim) for each in ENTRIES for claim in each.get("claims", {}) if not _whole(claim)
    }
    further = claims - listed
    hosts = {issuer for issuer, _ in listed}
    # GitHub's enterprises with data residency may add their name to the issuer, too.
    unlisted = {issuer for issuer, claim in further if claim not in STANDARD_CLAIMS} - hosts
    assert unlisted == {"token.actions.x1.ghe.com/x1"}
    assert {claim for issuer, claim in further if issuer in hosts} <= STANDARD_CLAIMS


def test_whole_keys_are_keys_of_the_request() -> None:
    """Those that anybody may choose, such as tags of the session, count because the issuer signs them."""
    keys = set(_keys_of_sts())
    whole = {claim for each in ENTRIES for claim in each.get("claims", {}) if _whole(claim)}
    assert {re.sub(r"(?<=^aws:RequestTag/).+", "${TagKey}", claim) for claim in whole} <= keys


@each_entry
def test_a_whole_key_that_a_token_may_lack_is_optional(entry: dict[str, Any]) -> None:
    """Each request names its session; all else that STS takes from elsewhere may be missing."""
    whole = {claim for claim in entry.get("claims", {}) if _whole(claim)}
    assert whole - {"sts:RoleSessionName"} <= set(entry.get("optional", ()))


def test_an_entry_has_the_fields_of_the_one_that_it_is_like() -> None:
    public, server = issuer_of("token.actions.githubusercontent.com"), issuer_of("github.example.com/_services/token")
    assert (server.subjects, server.pull_request, server.audience) == (
        public.subjects,
        public.pull_request,
        public.audience,
    )
    assert (server.name, server.shared, server.demanded, dict(server.claims)) == (
        "GitHub Enterprise Server",
        False,
        (),
        {},
    )


def test_tokens_hold_more_claims_than_sts_serves() -> None:
    for name, served, further in (
        ("token.actions.githubusercontent.com", "repository", "repository_owner"),
        ("gitlab.com", "project_id", "namespace_path"),
    ):
        issuer = issuer_of(name)
        assert issuer.knows(served)
        assert not issuer.knows(further)
        assert {served, further} <= set(issuer.token_claims)
    # The tokens of a server of one's own are like those of the public one.
    server = issuer_of("github.example.com/_services/token")
    assert dict(server.token_claims) == dict(issuer_of("token.actions.githubusercontent.com").token_claims)


@each_entry
def test_a_claim_is_served_or_not(entry: dict[str, Any]) -> None:
    assert not set(entry.get("claims", {})) & set(entry.get("token_claims", {}))


@pytest.mark.parametrize("form", ["{", "{tenant", "{owner:X}", "{tenant}{project}", "a{any}b", ""])
def test_an_entry_with_a_form_that_is_none(form: str) -> None:
    for entry in ({"subjects": [form]}, {"claims": {"x": form}}, {"token_claims": {"x": form}}, {"pull_request": form}):
        with pytest.raises(ValueError, match="is no form of a claim"):
            read("idp.example", entry)


def test_the_entry_of_a_configuration_comes_before_the_table() -> None:
    entries = {"gitlab.com": {"issuer": "gitlab.com", "audience": "aws", "subjects": ["job:{project:JOB}"]}}
    issuers, listed = configured(entries), issuer_of("gitlab.com")
    own = issuers.of("GitLab.com")
    assert (own.audience, own.subjects) == ("aws", (form_of("job:{project:JOB}"),))
    # What it does not say is as the table has it.
    assert (own.name, own.shared, own.demanded, own.claims) == (listed.name, True, listed.demanded, listed.claims)
    assert issuers.of("agent.buildkite.com") == issuer_of("agent.buildkite.com")
    assert {issuers, configured(entries)} == {issuers}
    assert issuers != Issuers()


def test_an_entry_for_an_issuer_that_is_not_in_the_table() -> None:
    own = configured({"idp.example": {"issuer": "idp.example"}}).of("idp.example")
    assert (own.name, own.shared, own.audience, own.subjects, own.listed) == (
        "idp.example",
        False,
        "AUDIENCE",
        None,
        True,
    )


def test_a_slot_of_an_issuer_is_one_label_or_one_part_of_a_path() -> None:
    assert issuer_of("acme.semaphoreci.com").name == "Semaphore"
    assert issuer_of("oidc.fly.io/acme").name == "Fly.io"
    assert not any(
        issuer_of(name).listed
        for name in ("a.b.semaphoreci.com", ".semaphoreci.com", "oidc.fly.io/a/b", "oidc.fly.io/", "oidc.fly.io")
    )


def test_an_issuer_of_ones_own_has_one_name() -> None:
    assert not configured({"ci.{ORG}.example": {"issuer": "x"}}).of("ci.acme.example").listed


def test_an_issuer_whose_name_is_computed_may_have_any_claim() -> None:
    computed = issuer_of("standin0c0123456789abcdef")
    assert not computed.listed
    assert computed.knows("repository_id")
    assert not issuer_of("idp.example").knows("repository_id")
