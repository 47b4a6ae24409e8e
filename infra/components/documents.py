"""Policy documents that a preview can read.

Every text that goes in is known before anything exists, so `get_policy_document` answers at once with the whole
document; one formatted inside `apply` would be a single unknown value until the first update. (The SDK's typed
`PolicyDocumentArgs` cannot carry a list of actions: pulumi-aws 7.51 fails to serialise it.)
"""

from __future__ import annotations

from pulumi_aws.iam import (
    GetPolicyDocumentStatementArgs,
    GetPolicyDocumentStatementConditionArgs,
    GetPolicyDocumentStatementPrincipalArgs,
    get_policy_document,
)


def principal(kind: str, identifier: str) -> GetPolicyDocumentStatementPrincipalArgs:
    """One principal; `kind` is AWS, Service, Federated or `*`."""
    return GetPolicyDocumentStatementPrincipalArgs(type=kind, identifiers=[identifier])


def condition(operator: str, key: str, value: str) -> GetPolicyDocumentStatementConditionArgs:
    """One entry of a condition block."""
    return GetPolicyDocumentStatementConditionArgs(test=operator, variable=key, values=[value])


def document(*statements: GetPolicyDocumentStatementArgs) -> str:
    """The JSON text of a policy document."""
    text: str = get_policy_document(statements=statements).json
    return text
