"""Which rule speaks where several have something to say of one place in a document.

One bad statement is one finding, of the highest meaning; a milder one silences no graver one. Causes are statements,
and for findings about a document as a whole its path, so that what is said of the whole silences what could be said of
a part.

The rules on a resource are put in order when it is judged, and those on a stack when all of it is known. These yield to
the former too, and the former to rules of their own sort only. What one statement grants by itself and what it grants
beside the others of the stack may be two findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

# From the highest meaning to the lowest: what gives the account away, what gives other rights or secrets, what gives
# data, what changes things, how a statement is written.
IDENTITY_RULES: Final = (
    "administrator-access",
    "allow-not-action",
    "allow-not-resource",
    "every-action-granted",
    "permissions-management-on-every-resource",
    "pass-role-to-any-role",
    "credentials-readable-on-every-resource",
    "object-access-on-every-bucket",
    "decrypt-with-every-key",
    "data-readable-on-every-resource",
    "whole-service-granted",
    "write-on-every-resource",
    "role-creation-without-boundary",
    "pass-role-without-service",
    "wildcard-in-statement",
    "resource-wildcard-on-metadata",
)
# What trust policies are about: from anyone to what is merely written oddly.
TRUST_RULES: Final = (
    "role-trust-wildcard-principal",
    "role-trust-not-principal",
    "role-trust-not-action",
    "role-trust-grants-nothing",
    "role-trust-unsound-condition",
    "role-trust-confused-deputy",
    "role-trust-action-wildcard",
)
# Whom a policy lets in, by what right and whether in plain text are matters apart: other rules on resource policies
# yield to what is above one of these, and not to each other.
RESOURCE_POLICY_RULES: Final = (
    "resource-policy-open-to-strangers",
    "resource-policy-every-action",
    "resource-policy-not-action",
)
# What is said of identities with all that they hold. What others may do to them through resources, and what is attached
# to them, is no part of a grant that others deny, and yields to the rest.
ESCALATION_RULES: Final = (
    "administrator-access-in-parts",
    "privilege-escalation-chain",
    "wide-grant-partly-denied",
    "privilege-escalation",
)
# What a statement of an OCI policy grants: everything, to strangers, more rights, secrets, data, and what is wide only.
OCI_STATEMENT_RULES: Final = (
    "oci-policy-all-resources-in-tenancy",
    "oci-policy-admits-any-tenancy",
    "oci-policy-endorses-any-tenancy",
    "oci-policy-open-to-anyone",
    "oci-policy-all-resources-in-compartment",
    "oci-escalation-by-policies",
    "oci-escalation-by-credentials",
    "oci-escalation-by-groups",
    "oci-escalation-by-dynamic-groups",
    "oci-escalation-by-identity-providers",
    "oci-escalation-by-run-command",
    "oci-secrets-readable-in-tenancy",
    "oci-keys-open-in-tenancy",
    "oci-buckets-publishable",
    "oci-objects-readable-in-tenancy",
    "oci-policy-admits-foreign-administrator",
    "oci-dynamic-group-granted-in-tenancy",
    "oci-service-granted-in-tenancy",
    "oci-escalation-by-function-code",
    "oci-escalation-past-administrators",
    "oci-escalation-by-user-profiles",
    "oci-policy-condition-without-effect",
    "oci-storage-deletable-in-tenancy",
    "oci-service-administrator-in-tenancy",
)
# What a statement of an OCI policy grants beside the others of its stack.
OCI_STACK_RULES: Final = (
    "oci-scope-in-name-only",
    "oci-escalation-through-dynamic-group",
    "oci-escalation-by-statements-together",
    "oci-open-function-with-powers",
)
# Whose tokens a role admits, then how the tests are written, then who gets in that is nearer. Rules of one rung speak of
# different slips and do not yield to each other; where a finding lies, `federated.Cause` says.
FEDERATION_RULES: Final[tuple[tuple[str, ...], ...]] = (
    ("role-trust-wildcard-principal",),
    ("oidc-trust-without-subject",),
    ("oidc-subject-whole-organization",),
    ("oidc-trust-without-audience",),
    (
        "oidc-condition-key-of-another-issuer",
        "oidc-condition-key-with-scheme",
        "oidc-condition-on-unknown-claim",
        "oidc-trust-refused-by-aws",
        "oidc-unsound-operator",
    ),
    ("cognito-trust-without-sign-in", "oidc-subject-whole-project", "oidc-trust-admits-nobody"),
    ("oidc-subject-pull-request",),
    (
        "oidc-audience-not-allowed",
        "oidc-subject-name-reusable",
        "oidc-subject-of-unknown-form",
        "oidc-trust-foreign-organization",
    ),
)


def _below(*rungs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {rule_id: tuple(chain(*rungs[:place])) for place, rung in enumerate(rungs) for rule_id in rung}


_ABOVE: Final[Mapping[str, tuple[str, ...]]] = {
    **_below(*([each] for each in IDENTITY_RULES)),
    **_below(*FEDERATION_RULES),
    **_below(*([each] for each in TRUST_RULES)),
    **_below(*([each] for each in RESOURCE_POLICY_RULES)),
    **_below(*([each] for each in ESCALATION_RULES)),
    **_below(*([each] for each in OCI_STATEMENT_RULES)),
    **_below(*([each] for each in OCI_STACK_RULES)),
}


def above(rule_id: str) -> tuple[str, ...]:
    """The rules of its family that a rule yields to. Raises `KeyError` for one that has no place here."""
    return _ABOVE[rule_id]
