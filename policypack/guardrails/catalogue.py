"""All rules, in the order in which they are listed and documented."""

from __future__ import annotations

from typing import Final

from .rule import AnyRule
from .rules.least_privilege import (
    administrator_access,
    administrator_policy_attached,
    function_role_may_invoke_itself,
    object_access_on_every_bucket,
    object_access_outside_stack,
    object_action_on_bucket_arn,
    oci_policy_all_resources_in_tenancy,
    oci_policy_open_to_anyone,
    oci_policy_statement_rejected,
    policy_document_rejected,
    policy_document_unknown_argument,
    role_trust_wildcard_principal,
)
from .rules.oidc_audience import (
    oidc_condition_key_of_another_issuer,
    oidc_condition_key_with_scheme,
    oidc_provider_placeholder_account,
    oidc_trust_without_audience,
    oidc_trust_without_subject,
)
from .rules.private_buckets import (
    bucket_public_acl,
    bucket_public_policy,
    oci_bucket_public_access,
)
from .rules.secret_marking import (
    api_key_private_key,
    credential_output_unmarked,
    credential_property_unmarked,
    credential_stored_in_plain,
    secret_exported_in_plain,
    secret_literal_in_source,
    secret_without_rotation,
    user_access_key,
)

RULES: Final[tuple[AnyRule, ...]] = (
    administrator_access.RULE,
    administrator_policy_attached.RULE,
    function_role_may_invoke_itself.RULE,
    object_access_on_every_bucket.RULE,
    object_access_outside_stack.RULE,
    object_action_on_bucket_arn.RULE,
    oci_policy_all_resources_in_tenancy.RULE,
    oci_policy_open_to_anyone.RULE,
    oci_policy_statement_rejected.RULE,
    policy_document_rejected.RULE,
    policy_document_unknown_argument.RULE,
    role_trust_wildcard_principal.RULE,
    oidc_condition_key_of_another_issuer.RULE,
    oidc_condition_key_with_scheme.RULE,
    oidc_provider_placeholder_account.RULE,
    oidc_trust_without_audience.RULE,
    oidc_trust_without_subject.RULE,
    bucket_public_acl.RULE,
    bucket_public_policy.RULE,
    oci_bucket_public_access.RULE,
    api_key_private_key.RULE,
    credential_output_unmarked.RULE,
    credential_property_unmarked.RULE,
    credential_stored_in_plain.RULE,
    secret_exported_in_plain.RULE,
    secret_literal_in_source.RULE,
    secret_without_rotation.RULE,
    user_access_key.RULE,
)
