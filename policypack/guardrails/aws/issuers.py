"""What is known of OIDC issuers: where their tenancy stands, and what a stranger's token can say.

Sources: IAM User Guide, "Identity-provider controls for shared OIDC providers" and "IAM and AWS STS condition context
keys"; the issuers' own documentation of subjects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Grammar:
    """A form of subject: a fixed start, the tenant up to `separator`, and an example of a stranger's subject."""

    start: str
    separator: str
    example: str


_GITHUB: Final = Grammar("repo:", "/", "repo:stranger/anything:ref:refs/heads/main")
_GITLAB: Final = Grammar("project_path:", "/", "project_path:stranger/anything:ref_type:branch:ref:main")
_BUILDKITE: Final = Grammar(
    "organization:", ":", "organization:stranger:pipeline:anything:ref:refs/heads/main:commit:0123456:step:build"
)
_TERRAFORM: Final = Grammar(
    "organization:", ":", "organization:stranger:project:anything:workspace:anything:run_phase:apply"
)
_SCALR: Final = Grammar("account:", ":", "account:stranger:environment:anything:workspace:anything")
_CODEFRESH: Final = Grammar("account:", ":", "account:stranger:pipeline:anything:initiator:anyone")
_VERCEL: Final = Grammar("owner:", ":", "owner:stranger:project:anything:environment:production")
_PULUMI: Final = (
    Grammar("pulumi:deploy:org:", ":", "pulumi:deploy:org:stranger:project:anything:stack:prod:operation:update"),
    Grammar("pulumi:environments:org:", ":", "pulumi:environments:org:stranger:env:anything/prod"),
)  # fmt: skip
# GitHub lets an organisation choose which claims its subjects are made of.
_GITHUB_CUSTOM: Final = (
    Grammar("repository_owner:", ":", "repository_owner:stranger:ref:refs/heads/main"),
    Grammar("repository_owner_id:", ":", "repository_owner_id:99999999:ref:refs/heads/main"),
    Grammar("repository:", "/", "repository:stranger/anything:ref:refs/heads/main"),
    Grammar("repository_id:", ":", "repository_id:999999999:ref:refs/heads/main"),
    Grammar("job_workflow_ref:", "/", "job_workflow_ref:stranger/anything/.github/workflows/any.yml@refs/heads/main"),
)
_KUBERNETES: Final = Grammar("system:serviceaccount:", ":", "system:serviceaccount:another-namespace:another-account")
_BITBUCKET: Final = Grammar("{", "}", "{99999999-9999-9999-9999-999999999999}:{88888888-8888-8888-8888-888888888888}")
_CIRCLECI: Final = Grammar("org/", "/", "org/stranger/project/anything/user/anyone")
_SPACELIFT: Final = Grammar("space:", ":", "space:another:stack:anything:run_type:TRACKED:scope:write")
_SEMAPHORE: Final = Grammar("org:", ":", "org:another:project:anything:repo:anything:ref_type:branch:ref:main")

# The forms to try for an issuer that the table does not know, such as a self-managed GitLab.
_ANY_GRAMMAR: Final = (
    _GITHUB, *_GITHUB_CUSTOM, _GITLAB, _BUILDKITE, _SCALR, _VERCEL, *_PULUMI, _KUBERNETES, _BITBUCKET, _CIRCLECI,
    _SPACELIFT, _SEMAPHORE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issuer:
    """What a trust document can test of an issuer's tokens.

    `grammars`: the forms of its subjects (none: opaque identifiers). `tenancy`: further claims that tell whose a token
    is. `audience`: the claims that hold the audience. `tenant_in_audience`: a fixed audience fixes the tenant.
    `unlisted`: the table does not know the issuer; `grammars` are then forms that it may have.
    """

    grammars: tuple[Grammar, ...] = ()
    tenancy: frozenset[str] = frozenset()
    audience: tuple[str, ...] = ("aud",)
    tenant_in_audience: bool = False
    unlisted: bool = False


_GITHUB_TENANCY: Final = frozenset(
    {"enterprise_id", "job_workflow_ref", "repository", "repository_id", "repository_owner", "repository_owner_id"}
)
_ISSUERS: Final = {
    "token.actions.githubusercontent.com": Issuer((_GITHUB, *_GITHUB_CUSTOM), _GITHUB_TENANCY),
    "gitlab.com": Issuer((_GITLAB,), frozenset({"namespace_id", "project_id", "user_id", "user_login", "user_email"})),
    "agent.buildkite.com": Issuer(
        (_BUILDKITE,), frozenset({"organization_id", "organization_slug", "pipeline_id", "cluster_id"})
    ),
    "app.terraform.io": Issuer((_TERRAFORM,)),
    "scalr.io": Issuer((_SCALR,)),
    "oidc.codefresh.io": Issuer((_CODEFRESH,)),
    "api.pulumi.com/oidc": Issuer(_PULUMI, tenant_in_audience=True),
    "oidc.vercel.com": Issuer((_VERCEL,), tenant_in_audience=True),
    "sandboxes.cloud": Issuer(tenant_in_audience=True),
    "cognito-identity.amazonaws.com": Issuer(tenant_in_audience=True),
    "accounts.google.com": Issuer(
        tenancy=frozenset({"email", "google/organization_number"}), audience=("aud", "oaud", "azp")
    ),
    "www.amazon.com": Issuer(audience=("app_id",), tenant_in_audience=True),
    "graph.facebook.com": Issuer(audience=("app_id",), tenant_in_audience=True),
}
_UNKNOWN: Final = Issuer(
    _ANY_GRAMMAR,
    _GITHUB_TENANCY | {"email", "rpst_id", "oidc.circleci.com/project-id", "namespace_id", "project_id"},
    unlisted=True,
)


def issuer_of(name: str) -> Issuer:
    """What is known of an issuer, given without scheme; a GitHub enterprise's own issuer counts as GitHub."""
    found = _ISSUERS.get(name.lower())
    if found is None and name.lower().startswith("token.actions."):
        return _ISSUERS["token.actions.githubusercontent.com"]
    return found or _UNKNOWN


def claims_of(name: str) -> frozenset[str]:
    """The claims of an issuer's tokens that STS has condition keys for, as far as they are known."""
    known = issuer_of(name)
    return frozenset({"aud", "sub", "amr", *known.audience, *known.tenancy})


# The words for what is a stranger's, and for anything, in the examples.
_PLACEHOLDERS: Final = (("stranger", "ORG"), ("anything", "NAME"), ("anyone", "USER"), ("0123456", "COMMIT"))


def subject_form(name: str) -> str:
    """A subject in the form of an issuer, with placeholders in capitals; plainly `SUBJECT` where it has no form."""
    known = issuer_of(name)
    if known.unlisted or not known.grammars:
        clustered = name.lower().startswith("oidc.eks.")
        return f"{_KUBERNETES.start}NAMESPACE:NAME" if clustered else "SUBJECT"
    form = known.grammars[0].example
    for word, placeholder in _PLACEHOLDERS:
        form = form.replace(word, placeholder)
    return form
