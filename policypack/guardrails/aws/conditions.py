"""The truth of one condition entry for given context values, and policy variables.

Semantics: IAM User Guide, "Condition operators" and "Creating a condition with multiple context keys or values".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from ..glob import Glob, Token, compiled, tokens_of
from ..values import has_stand_in
from . import network
from .operators import TEXTUAL, Family, Operator, Quantifier, operator_of
from .patterns import by_segment, compiled_arn
from .statements import Condition, Text
from .truth import Truth, truth

# A context value: one text, several, or `None` where the request does not carry the key.
Value = str | tuple[str, ...] | None
Lookup = Callable[[str], Value]

_VARIABLE: Final = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_DEFAULTED: Final = re.compile(r"([^,]+?)\s*,\s*'(.*)'")
_ESCAPES: Final = ("*", "?", "$")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DATE: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_BOOLEANS: Final = frozenset({"true", "false"})


class NoValueError(Exception):
    """A variable stands for a key that the request does not carry, or carries with several values."""


def variables_of(text: str) -> tuple[str, ...]:
    """The keys of the variables of a text, in lower case."""
    if "${" not in text:
        return ()
    names = (name for name in _VARIABLE.findall(text) if name not in _ESCAPES)
    return tuple(_split(name)[0].lower() for name in names)


def without_variables(text: str) -> str:
    """The pattern of all that a text with variables may become."""
    return _VARIABLE.sub("*", text)


def single_variable(text: str) -> tuple[str, str] | None:
    """The texts before and after the only variable of a text; `None` where an escape stands in them."""
    found = _VARIABLE.search(text)
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    return None if "${" in before or "${" in after else (before, after)


def _split(name: str) -> tuple[str, str | None]:
    with_default = _DEFAULTED.fullmatch(name)
    return (with_default[1], with_default[2]) if with_default else (name, None)


def pieces(text: str, lookup: Lookup) -> list[tuple[str, bool]]:
    """The text cut into (part, was put in by a variable). Raises `NoValueError`."""
    found: list[tuple[str, bool]] = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        found.append((text[end : variable.start()], False))
        end = variable.end()
        name = variable[1]
        if name in _ESCAPES:
            found.append((name, True))
            continue
        key, default = _split(name)
        value = lookup(key)
        if isinstance(value, tuple):
            value = value[0] if len(value) == 1 else None
        if value is None:
            value = default
        if value is None:
            raise NoValueError
        found.append((value, True))
    found.append((text[end:], False))
    return found


def pattern_tokens(text: str, lookup: Lookup) -> list[Token]:
    """The tokens of a pattern with variables; what a variable puts in is literal. Raises `NoValueError`."""
    tokens: list[Token] = []
    for part, put_in in pieces(text, lookup):
        tokens += list(part) if put_in else tokens_of(part)
    return tokens


@lru_cache(maxsize=4096)
def _literal(text: str, *, fold: bool) -> Glob:
    return Glob(text, fold=fold)


# What an ARN, or a pattern of some, starts with.
_MAY_BE_ARN: Final = ("arn:", "*", "?", "a*", "ar*", "arn*", "a?", "ar?", "arn?")


def text_glob(family: Family, text: str, lookup: Lookup, *, variables: bool) -> Glob:
    """The pattern that a value of a textual operator stands for. Raises `NoValueError`."""
    fold = family is Family.STRING_FOLDED
    if variables and "${" in text:
        if family is Family.ARN:
            return Glob(by_segment(pattern_tokens(text, lookup)))
        if family is Family.PATTERN:
            return Glob(pattern_tokens(text, lookup))
        return Glob("".join(part for part, _ in pieces(text, lookup)), fold=fold)
    if family is Family.ARN:
        if not text.startswith(_MAY_BE_ARN) and not has_stand_in(text):
            raise NoValueError
        return compiled_arn(text)
    return compiled(text) if family is Family.PATTERN else _literal(text, fold=fold)


@lru_cache(maxsize=4096)
def number(text: str) -> float | None:
    """A decimal number, or `None`."""
    return float(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=4096)
def moment(text: str) -> float | None:
    """Seconds since 1970 of a date in one of the forms of the W3C note (UTC where it names no zone) or of seconds since
    1970; `None` otherwise. Four digits are a year."""
    found = _DATE.fullmatch(text)
    if found is None:
        return number(text)
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        moment_of = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
        seconds = moment_of.timestamp() + float(f"0.{fraction or 0}")
    except (ValueError, OverflowError):
        return None
    if not zone or zone == "Z":
        return seconds
    offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return seconds - offset if zone[0] == "+" else seconds + offset


def decoded_bytes(text: str) -> bytes | None:
    """The bytes of a base64 text, or `None`."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _compare(comparison: str, left: float, right: float) -> bool:
    return {
        "=": left == right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[comparison]


def _one(operator: Operator, given: str, wanted: Text, lookup: Lookup, *, variables: bool | None) -> Truth:
    """Whether one value of the request matches one value of the policy, negation left aside."""
    if wanted is None or (variables is None and "${" in wanted):
        return Truth.MAYBE
    family = operator.family
    if family in TEXTUAL:
        return truth(text_glob(family, wanted, lookup, variables=bool(variables)).matches(given))
    if family is Family.BOOL:
        # Whether Bool takes variables is documented both ways, and what other texts mean not at all.
        return truth(given.lower() == wanted.lower()) if wanted.lower() in _BOOLEANS else Truth.MAYBE
    if family is Family.IP:
        return _within(given, wanted)
    if family is Family.BINARY:
        left, right = decoded_bytes(given), decoded_bytes(wanted)
        return Truth.MAYBE if right is None else truth(left == right)
    read = number if family is Family.NUMERIC else moment
    bound, actual = read(wanted), read(given)
    if bound is None:
        # AWS does not say what a malformed bound does, and a stand-in is a number nobody knows.
        return Truth.MAYBE
    return truth(actual is not None and _compare(operator.comparison, actual, bound))


def _within(given: str, wanted: str) -> Truth:
    address, allowed = network.block(given), network.block(wanted)
    if allowed is None:
        return Truth.MAYBE
    if address is None:
        return Truth.NO
    return truth(address.version == allowed.version and allowed.low <= address.low <= address.high <= allowed.high)


def _any_of(
    operator: Operator, given: str, values: tuple[Text, ...], lookup: Lookup, *, variables: bool | None
) -> Truth:
    best = Truth.NO
    missing = False
    for wanted in values:
        try:
            best = max(best, _one(operator, given, wanted, lookup, variables=variables))
        except NoValueError:
            missing = True
            continue
        if best is Truth.YES and (operator.negated or not any(each and "${" in each for each in values)):
            break
    if operator.negated:
        return best.negated()
    # The statement then "does not take effect", AWS says, which leaves another value that matches in doubt.
    return min(best, Truth.MAYBE) if missing else best


def _presence(values: tuple[Text, ...], *, present: bool) -> Truth:
    wanted = {text.lower() if text is not None else None for text in values}
    if not wanted <= {"true", "false"} or len(wanted) != 1:
        return Truth.MAYBE
    return truth(present == (wanted == {"false"}))


def entry_truth(condition: Condition, value: Value, lookup: Lookup, *, variables: bool | None) -> Truth:
    """The truth of one entry for the value of its key (`None`: absent); `lookup` gives the values of variables.

    A positive operator is false on an absent key and a negated one true; `IfExists` and `ForAllValues` are true on
    it, `ForAnyValue` is false. Several values under an operator without set prefix are in doubt: `MAYBE`. A variable
    without a value equals nothing, so a negated operator holds on it ("Policy variables with no value").
    """
    operator = operator_of(condition.operator)
    if operator is None:
        return Truth.MAYBE
    given = (value,) if isinstance(value, str) else value or ()
    if operator.family is Family.NULL:
        return _presence(condition.values, present=bool(given))
    if not given:
        if operator.if_exists or operator.quantifier is Quantifier.ALL:
            return Truth.YES
        return truth(operator.negated and operator.quantifier is Quantifier.PLAIN)
    if not condition.values and operator.quantifier is Quantifier.PLAIN and not operator.negated:
        # The documentation of an empty list contradicts itself.
        return Truth.MAYBE
    found = [_any_of(operator, each, condition.values, lookup, variables=variables) for each in given]
    if operator.quantifier is Quantifier.PLAIN:
        return found[0] if len(found) == 1 else Truth.MAYBE
    if operator.quantifier is Quantifier.ANY:
        joined, of_none = max(found), Truth.NO
    else:
        joined, of_none = min(found), Truth.YES
    # Values that are all empty count as none at all; where that makes a difference, the two readings are in doubt.
    return joined if any(given) or joined is of_none else Truth.MAYBE
