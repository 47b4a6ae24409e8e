"""Which actions of a trust policy are of use to which principals.

Semantics: IAM User Guide, "AWS JSON policy elements: Principal"; STS API Reference, the `AssumeRole` calls.
"""

from __future__ import annotations

from typing import Final

from ..glob import compiled, has_wildcard
from ..values import has_stand_in
from .document import Effect, PrincipalPattern, Statement, Text, is_action, readable
from .providers import OIDC_MARK, SAML_MARK

ASSUME: Final = "sts:AssumeRole"
WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
SAML: Final = "sts:AssumeRoleWithSAML"
# What a trust policy may speak of beside the call itself (IAM User Guide, "Passing session tags").
_BESIDE: Final = ("sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext")


def usable(principal: PrincipalPattern) -> tuple[str, ...]:
    """The calls by which a principal of this kind can assume a role; none where no principal of the kind can."""
    name = principal.name or ""
    if principal.is_everyone:
        return (ASSUME, WEB_IDENTITY, SAML)
    if principal.kind != "Federated":
        return () if principal.kind == "CanonicalUser" else (ASSUME,)
    if SAML_MARK in name:
        return (SAML,)
    computed = not name or name == "*" or (has_stand_in(name) and OIDC_MARK not in name)
    return (WEB_IDENTITY, SAML) if computed else (WEB_IDENTITY,)


def named_calls(statement: Statement) -> tuple[str, ...]:
    """The calls by which roles are assumed that the actions of a statement name, as far as they can be read."""
    return tuple(call for call in (ASSUME, WEB_IDENTITY, SAML) if _names(statement.actions or (), call))


def unserved(statement: Statement) -> tuple[PrincipalPattern, ...]:
    """The principals of a statement to whom none of the actions that can be read is of any use.

    What is done beside the call (session tags, source identity) is of use where another statement allows the call. A
    statement that says `NotAction` has none.
    """
    if statement.actions is None:
        return ()
    return tuple(
        each
        for each in statement.principals or ()
        if not any(_names(statement.actions, call) for call in (*usable(each), *_BESIDE))
    )


def _names(patterns: tuple[Text, ...], action: str) -> bool:
    return any(is_action(pattern) and compiled(pattern, fold=True).matches(action) for pattern in readable(patterns))


def wide_actions(statement: Statement) -> tuple[str, ...]:
    """The action patterns of an Allow statement that admit more than the call its principals can make."""
    if statement.effect is Effect.DENY:
        return ()
    needed = {call for each in statement.principals or () for call in usable(each)}
    return tuple(
        pattern
        for pattern in readable(statement.actions)
        if has_wildcard(pattern) and is_action(pattern) and _reaches_beyond(pattern, needed)
    )


def _reaches_beyond(pattern: str, needed: set[str]) -> bool:
    calls = (ASSUME, WEB_IDENTITY, SAML, *_BESIDE)
    reached = {call for call in calls if compiled(pattern, fold=True).matches(call)}
    return len(reached) > 1 and bool(reached - needed)
