"""What AWS rejects in the texts of a statement: policy variables where or as they are not read, malformed values.

Sources: IAM User Guide, "Condition operators" and "Variables and tags"; the checks of Access Analyzer.
"""

from __future__ import annotations

import re
from typing import Final

from ..values import has_stand_in
from . import network
from .conditions import decoded_bytes, moment, number
from .operators import Family, Operator, Quantifier
from .shared_secrets import SHARED_SECRETS

_QUOTED: Final = 60
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)(\}?)")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_ESCAPES: Final = frozenset("*?$")
_BOOLEANS: Final = frozenset({"true", "false"})
# The operators whose values may hold variables. The documentation contradicts itself on Bool.
_WITH_VARIABLES: Final = frozenset(
    {Family.STRING, Family.STRING_FOLDED, Family.PATTERN, Family.ARN, Family.BOOL}
)  # fmt: skip


def quoted(text: str) -> str:
    """A text for a message: shortened, and printable whatever it holds."""
    return f"`{printable(text if len(text) <= _QUOTED else text[:_QUOTED] + '…')}`"


def printable(text: str) -> str:
    """The text with a mark in place of each half of a character (a lone surrogate), which no output takes."""
    return _SURROGATE.sub("\ufffd", text)


def variable_problem(text: str, *, variables: bool | None) -> str | None:
    """What is wrong with the variables of a text that may hold some; `variables` as in `Statement`."""
    if "${" not in text or variables is None:
        return None
    found = [(inner, closed) for inner, closed in _VARIABLE.findall(text) if not has_stand_in(inner)]
    if not variables:
        named = [inner for inner, closed in found if closed]
        if not named:
            return None
        return f"{quoted('${' + named[0] + '}')} is plain text here: variables are read from Version 2012-10-17 on"
    for inner, closed in found:
        wrong = _malformed(inner, closed=bool(closed))
        if wrong:
            return wrong
    return None


def _malformed(inner: str, *, closed: bool) -> str | None:
    shown = quoted("${" + inner + ("}" if closed else ""))
    name, comma, default = inner.partition(",")
    if not closed:
        return f"the variable {shown} has no closing brace"
    if inner in _ESCAPES:
        return None
    if not name.strip():
        return f"the variable {shown} names no condition key"
    default = default.strip()
    if comma and not (len(default) > 1 and default[0] == default[-1] == "'"):
        return f"the default of the variable {shown} stands in single quotes: `${{key, 'default'}}`"
    if any(char.isspace() for char in name):
        return f"the variable {shown} holds a space"
    if ":" not in name:
        return f"the variable {shown} names no condition key (`service:name`), so it never has a value"
    return None


def value_problem(operator: Operator, key: str, text: str, *, variables: bool | None) -> str | None:
    """What is wrong with one value of a condition on a key."""
    if "${" in text and operator.family in _WITH_VARIABLES:
        return variable_problem(text, variables=variables)
    if has_stand_in(text):
        return None
    expected = _expected(operator.family, text)
    shown = "`<hidden>`" if key.strip().lower() in SHARED_SECRETS else quoted(text)
    if expected and "${" in text:
        return f"{shown}: variables are read under string and ARN operators only"
    return f"{shown} is no {expected}" if expected else None


def _expected(family: Family, text: str) -> str | None:
    """What a value of this family has to be, where the text is not."""
    if family in (Family.BOOL, Family.NULL):
        return None if text.lower() in _BOOLEANS else "boolean: `true` or `false`"
    if family is Family.NUMERIC:
        return None if number(text) is not None else "number"
    if family is Family.DATE:
        return None if moment(text) is not None else "date such as `2026-01-31T00:00:00Z`, nor seconds since 1970"
    if family is Family.IP:
        return None if network.block(text) else "IP address or CIDR block"
    if family is Family.BINARY:
        return None if decoded_bytes(text) is not None else "base64 text"
    if family is Family.ARN:
        return None if text.startswith(("arn:", "*", "?")) else "ARN, so nothing matches it"
    return None


def values_problem(operator: Operator, values: tuple[str | None, ...]) -> str | None:
    """What is wrong with the values of a condition taken together."""
    if not values:
        return "the list of values is empty"
    plain = operator.quantifier is Quantifier.PLAIN
    if plain and operator.family in (Family.BOOL, Family.NULL):
        given = {text.lower() for text in values if text is not None}
        if given >= _BOOLEANS:
            null = operator.family is Family.NULL
            return f"both true and false: {'Null contradicts itself' if null else 'Bool then restricts nothing'}"
    return None
