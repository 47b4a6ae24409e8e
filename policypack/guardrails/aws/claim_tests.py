"""What a statement demands of the claims of a token, and the tests that demand nothing.

Source: IAM User Guide, "IfExists", "Creating a condition with multiple context keys or values".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from ..glob import has_wildcard
from ..issuers.table import Issuer
from .claim_keys import claims_in
from .conditions import variables_of
from .document import Condition, Statement, Text, readable
from .operators import Family, Quantifier, operator_of


class Flaw(Enum):
    """Why a test demands nothing, to be read after the operator."""

    ALL = "also holds where the claim is absent"
    IF_EXISTS = "also holds for a token without the claim"
    NEGATED = "names who is kept out, and lets in everybody else"
    NULL = "only asks whether the claim is there"


@dataclass(frozen=True, slots=True)
class UnsoundTest:
    """A claim (lower case) that is tested, and by no operator that demands a value."""

    condition: Condition
    claim: str
    flaw: Flaw


def unsound_tests(statement: Statement, name: str, issuer: Issuer | None) -> tuple[UnsoundTest, ...]:
    """The claims that tell whose a token is, and that a statement tests by unsound operators alone.

    `name` stands before the colon of the keys; no `issuer`: the claims are those of a SAML assertion.
    """
    tests: dict[str, list[Condition]] = {}
    for condition, claim in claims_in(statement, name):
        if _tells(claim, issuer):
            tests.setdefault(claim, []).append(condition)
    return tuple(_unsound(tests))


def _tells(claim: str, issuer: Issuer | None) -> bool:
    """Whether a claim tells whose a token is, or for whom."""
    if issuer is None:
        return claim == "aud"
    form = issuer.claims.get(claim)
    identifies = form is not None and form.slot("tenant", "project", "project_name") is not None
    return identifies or claim in ("sub", "amr", *issuer.audience_claims)


def _unsound(tests: dict[str, list[Condition]]) -> Iterator[UnsoundTest]:
    for claim, conditions in tests.items():
        flaws = [_flaw(each) for each in conditions]
        if flaws[0] is not None and None not in flaws:
            yield UnsoundTest(conditions[0], claim, flaws[0])


def _flaw(condition: Condition) -> Flaw | None:
    operator = operator_of(condition.operator)
    if operator is None:
        return None
    if operator.family is Family.NULL:
        return Flaw.NULL
    if operator.negated:
        return Flaw.NEGATED
    if operator.quantifier is Quantifier.ALL:
        return Flaw.ALL
    return Flaw.IF_EXISTS if operator.if_exists else None


def demanded_values(statement: Statement, name: str, claim: str) -> tuple[str, ...]:
    """The values of which a statement demands one for a claim, as patterns; those that no token can hold left out."""
    return tuple(dict.fromkeys(_living(_demanding(statement, name, claim))))


def meant_values(statement: Statement, name: str, claim: str) -> tuple[str, ...]:
    """The values that a statement asks a claim for, also those that no token has or no operator demands."""
    asked = (condition for condition, each in claims_in(statement, name) if each == claim)
    meant = (each for each in asked if _flaw(each) in (None, Flaw.ALL, Flaw.IF_EXISTS))
    texts = (text for each in meant for text in readable(each.values) if not variables_of(text))
    return tuple(dict.fromkeys(texts))


def _living(conditions: Iterable[Condition]) -> Iterator[str]:
    for condition in conditions:
        # What a variable stands for is in the request.
        living = (text for text in readable(condition.values) if not is_dead_value(condition, text))
        yield from (text for text in living if not variables_of(text))


@dataclass(frozen=True, slots=True)
class Pinned:
    """The values of a claim that a statement admits at most; `None` stands for one that cannot be read.

    `path` is the condition that names them.
    """

    path: str
    values: tuple[Text, ...]


def pinned_values(statement: Statement, name: str, claim: str) -> Pinned | None:
    """The values to which a statement pins a claim; those that no token can hold left out.

    `None` where no condition pins it to texts. Other conditions may narrow them further. Of several that pin it, what
    all of them name is left.
    """
    blocks = [
        Pinned(each.path, _texts(each, statement)) for each in _demanding(statement, name, claim) if _is_exact(each)
    ]
    known = [each for each in blocks if None not in each.values]
    if not known:
        return next(iter(blocks), None)
    common = set(known[0].values).intersection(*(each.values for each in known))
    return Pinned(known[0].path, tuple(each for each in known[0].values if each in common))


def _demanding(statement: Statement, name: str, claim: str) -> Iterator[Condition]:
    """The conditions that demand one of their values for a claim."""
    return (condition for condition, each in claims_in(statement, name) if each == claim and _flaw(condition) is None)


def _is_exact(condition: Condition) -> bool:
    """Whether each value of a condition is one text."""
    operator = operator_of(condition.operator)
    if operator is None or operator.family not in (Family.STRING, Family.PATTERN):
        return False
    return operator.family is Family.STRING or not any(has_wildcard(each or "") for each in condition.values)


def _texts(condition: Condition, statement: Statement) -> tuple[Text, ...]:
    """The values that a token can hold, without those with a variable: what it stands for is in the request."""
    variables = statement.variables is not False
    alive = (each for each in condition.values if each is None or not is_dead_value(condition, each))
    return tuple(None if variables and each and variables_of(each) else each for each in alive)


def is_dead_value(condition: Condition, text: str) -> bool:
    """Whether a value holds a wildcard under an operator that compares letter for letter, so that no claim has it."""
    operator = operator_of(condition.operator)
    literal = operator is not None and operator.family in (Family.STRING, Family.STRING_FOLDED) and not operator.negated
    return literal and has_wildcard(text)


def dead_values(statement: Statement, name: str) -> tuple[tuple[Condition, str], ...]:
    """The values that no token can hold, with the conditions that ask for them."""
    return tuple(
        (condition, text)
        for condition, _ in claims_in(statement, name)
        for text in readable(condition.values)
        if is_dead_value(condition, text)
    )
