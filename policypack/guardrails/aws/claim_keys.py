"""Condition keys that are meant as claims of an identity provider.

STS names a claim by the issuer as it stands in the provider's ARN, with its path and without a scheme, a colon and the
claim. Letter case does not count. What is written otherwise is a key that no request carries, and so is a claim that
STS does not look at. Source: IAM User Guide, "Available keys for AWS web identity federation".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ..issuers.table import Issuers
from .document import Condition, Statement
from .operators import Family, Quantifier, operator_of
from .providers import unschemed

# Keys of AWS itself; everything else under a web identity is a claim of an issuer.
AWS_PREFIXES: Final = frozenset({"aws", "sts", "saml", "iam"})


class Slip(Enum):
    """Why no request carries a key."""

    SCHEME = "it has a scheme"
    ISSUER = "it names another issuer"
    CLAIM = "STS does not look at this claim"


@dataclass(frozen=True, slots=True)
class WrongKey:
    """A condition key that no request carries.

    `issuer` is the one that was meant, empty where that is not known; `proper` the spelling that was likely meant,
    empty if none was. `idle`: the condition holds for requests without the key, so that it keeps nobody out; else it
    keeps everybody out.
    """

    condition: Condition
    slip: Slip
    issuer: str
    claim: str
    proper: str
    idle: bool


def claims_in(statement: Statement, issuer: str) -> Iterator[tuple[Condition, str]]:
    """The conditions on claims of an issuer, with the claims in lower case."""
    prefix = f"{issuer.lower()}:"
    for condition in statement.conditions:
        key = condition.key.lower()
        if condition.operator and key.startswith(prefix):
            yield condition, key.removeprefix(prefix)


def named_issuers(statement: Statement) -> list[str]:
    """The issuers that the condition keys of a statement name, without scheme."""
    keys = (each.key for each in statement.conditions if each.operator)
    named = (unschemed(key.rpartition(":")[0]) for key in keys if key.partition(":")[0].lower() not in AWS_PREFIXES)
    return list(dict.fromkeys(each for each in named if each))


def tests_claims(statement: Statement) -> bool:
    """Whether some condition is meant as one on a token or an assertion."""
    prefixes = (each.key.lower().partition(":")[0] for each in statement.conditions if each.operator)
    return any(each == "saml" or each not in AWS_PREFIXES for each in prefixes)


def wrong_keys(statement: Statement, names: list[str], issuers: Issuers) -> tuple[WrongKey, ...]:
    """The keys that no request carries; `names` are the issuers that the statement trusts, if all are known."""
    return tuple(_wrong_keys(statement, names, issuers))


def _wrong_keys(statement: Statement, names: list[str], issuers: Issuers) -> Iterator[WrongKey]:
    for condition in statement.conditions:
        if condition.operator == "" or condition.key.partition(":")[0].lower() in AWS_PREFIXES:
            continue
        own = next((each for each in names if condition.key.lower().startswith(f"{each.lower()}:")), None)
        # Some claims are URLs without a scheme, but no claim has a colon in it.
        written, _, claim = condition.key.rpartition(":")
        bare = unschemed(written)
        idle = _is_idle(condition)
        if own is not None:
            claim = condition.key[len(own) + 1 :]
            known = issuers.of(own)
            if not known.knows(claim.lower()) and not (known.claims and not known.listed):
                yield WrongKey(condition, Slip.CLAIM, own, claim, "", idle)
            continue
        if bare == written and not names:
            continue
        alike = [each for each in names if _host(each) == _host(bare)]
        meant = (alike or names or [""])[0]
        likely = alike or not names or issuers.of(meant).knows(claim.lower())
        slip = Slip.ISSUER if bare == written else Slip.SCHEME
        yield WrongKey(condition, slip, meant, claim, f"{meant or bare}:{claim}" if likely else "", idle)


def _host(issuer: str) -> str:
    return issuer.partition("/")[0].lower()


def _is_idle(condition: Condition) -> bool:
    """Whether a condition holds where its key is absent."""
    operator = operator_of(condition.operator)
    if operator is None:
        return False
    if operator.family is Family.NULL:
        return [text.lower() for text in condition.values if text is not None] == ["true"]
    negated = operator.negated and operator.quantifier is not Quantifier.ANY
    return operator.if_exists or operator.quantifier is Quantifier.ALL or negated
