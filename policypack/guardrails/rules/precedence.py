"""Which rule speaks where several have something to say of one place in an identity document.

One bad statement is one finding, of the highest meaning. Causes are statements, and for findings about a document as a
whole its path, so that what is said of the whole silences what could be said of a part.
"""

from __future__ import annotations

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


def above(rule_id: str) -> tuple[str, ...]:
    """The rules that a rule on identity documents yields to. Raises `ValueError` for one that has no place here."""
    return IDENTITY_RULES[: IDENTITY_RULES.index(rule_id)]
