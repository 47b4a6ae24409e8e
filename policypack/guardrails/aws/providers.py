"""Identity providers, as the principals of trust documents name them.

Source: IAM User Guide, "AWS JSON policy elements: Principal"; IAM API Reference, `CreateOpenIDConnectProvider`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..glob import has_wildcard
from ..issuers.table import ISSUERS, Issuers
from ..values import has_stand_in
from .accounts import BLANK_ACCOUNTS, account_of, is_account
from .arns import SEGMENTS
from .document import PrincipalPattern
from .evaluate import Principal

OIDC_MARK: Final = ":oidc-provider/"
SAML_MARK: Final = ":saml-provider/"


def unschemed(text: str) -> str:
    """The issuer without a scheme."""
    return re.sub(r"^https?:/*", "", text, flags=re.IGNORECASE)


def issuers_of(pattern: PrincipalPattern, named: Sequence[str], issuers: Issuers) -> tuple[bool, list[str]]:
    """Whether a provider tells its issuer, and the issuers: its own, else those that the condition keys name.

    `named` are the latter, without scheme. Where nothing names one, it is empty.
    """
    provider = pattern.name or ""
    _, mark, issuer = provider.partition(OIDC_MARK)
    computed = has_stand_in(issuer) and any(each != issuer for each in named)
    if mark and not has_wildcard(issuer) and not computed:
        return True, [unschemed(issuer)]
    if issuers.of(unschemed(provider)).listed:
        return True, [unschemed(provider)]
    return False, list(named) or [""]


def caller_with(pattern: PrincipalPattern, issuer: str) -> Principal:
    """Whoever has a token of an issuer that a principal admits."""
    everyone = pattern.is_everyone or pattern.name == "*"
    return Principal("Federated", (issuer or "any-provider") if everyone else pattern.name or "")


def malformed(pattern: PrincipalPattern) -> str:
    """What is wrong with how a federated principal is written, to complete "this principal …"; empty for nothing."""
    name = pattern.name or ""
    if pattern.kind != "Federated" or has_wildcard(name) or has_stand_in(name) or ISSUERS.of(name).built_in or not name:
        return ""
    is_provider = name.startswith("arn:") and (OIDC_MARK in name or SAML_MARK in name)
    if not is_provider:
        return "is not the ARN of a provider"
    return "has a scheme in its ARN" if "://" in name else ""


def blank_account(pattern: PrincipalPattern) -> str | None:
    """The path of a provider ARN whose account was never filled in."""
    name = pattern.name or ""
    if not name.startswith("arn:") or name.count(":") < SEGMENTS - 1:
        return None
    account = account_of(name)
    filled_in = account not in BLANK_ACCOUNTS and (is_account(account) or has_stand_in(account))
    return None if filled_in else pattern.path
