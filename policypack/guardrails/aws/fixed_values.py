"""Whether S3 calls a resource policy public by its own definition, whoever gets through it.

A policy is taken for public until every Allow is limited to fixed values: principals written out, or values without
wildcard and variable of keys that tell who calls or from where. What a Deny takes away is no part of the definition.
Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", the meaning of "public".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..glob import has_wildcard
from . import network
from .answers import No, Undecided
from .arns import ACCOUNT
from .conditions import variables_of
from .document import Condition, Document, Effect, PrincipalPattern, Statement, Text
from .operators import TEXTUAL, Family, Operator, Quantifier, operator_of
from .truth import Truth, truth

_ACCESS_POINT: Final = "s3:dataaccesspointarn"
_ADDRESS: Final = "aws:sourceip"
# The keys that the definition lists, in lower case, and those that name a principal as the element does.
FIXED_KEYS: Final = frozenset(
    {"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths",
     "aws:principalservicename", "aws:principalservicenameslist",
     _ADDRESS, "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid",
     "s3:x-amz-server-side-encryption-aws-kms-key-id", _ACCESS_POINT, "s3:dataaccesspointaccount"}
)  # fmt: skip
# Anybody gets a token of this one, and the definition says so.
_OPEN_PROVIDER: Final = "graph.facebook.com"
_ESCAPE: Final = re.compile(r"\$\{\s*[*?$]\s*\}")
_MATCHING: Final = frozenset({Family.PATTERN, Family.ARN})
_UNREAD: Final = "what limits the statement cannot be read"


@dataclass(frozen=True)
class Public:
    """The Allow statement at `statement` is not limited to fixed values; `path` is where it says to whom it applies,
    and `reason` what is not fixed, as a clause."""

    statement: str
    path: str
    reason: str


def open_by_definition(document: Document) -> Public | Undecided | No:
    """Whether S3 calls the policy public: the first Allow that is not limited to fixed values, if there is one.

    Keys that all its requests carry alike (`Document.carried`) limit nothing.
    """
    doubt: Undecided | None = None
    carried = frozenset(key for key, _ in document.carried)
    for statement in document.statements:
        if statement.effect is Effect.DENY or not statement.named_principals:
            continue
        limiting = [each for each in statement.conditions if each.key.lower() not in carried]
        limited = max([_principals(statement), *(_limits(each, statement) for each in limiting)])
        if limited is Truth.NO and statement.effect is Effect.ALLOW:
            return Public(statement.path, statement.principal_path, _why(statement))
        if limited is not Truth.YES:
            doubt = doubt or Undecided(_UNREAD, statement.unread)
    if doubt is None and "" in document.holes:
        doubt = Undecided(_UNREAD, "")
    return doubt or No()


def _principals(statement: Statement) -> Truth:
    """Whether all principals of a statement are written out."""
    if statement.not_principals is not None:
        return Truth.NO
    return min(map(_principal, statement.principals or ()), default=Truth.NO)


def _principal(pattern: PrincipalPattern) -> Truth:
    if pattern.is_everyone or (pattern.kind, pattern.name) == ("Federated", _OPEN_PROVIDER):
        return Truth.NO
    return Truth.MAYBE if pattern.name is None else truth(not has_wildcard(pattern.name))


def _limits(condition: Condition, statement: Statement) -> Truth:
    """Whether a condition limits a statement to fixed values."""
    operator = operator_of(condition.operator)
    if not condition.operator or (operator is None and condition.key.lower() in FIXED_KEYS):
        return Truth.MAYBE
    if operator is None or condition.key.lower() not in FIXED_KEYS or _loose(operator, condition.key, statement):
        return Truth.NO
    fixed = [_fixed(operator, condition.key, each, statement) for each in condition.values]
    if Truth.NO in fixed:
        return Truth.NO
    if operator.family is Family.IP and _is_wide(condition):
        return Truth.NO
    # What an empty list means is documented both ways.
    return min(fixed, default=Truth.MAYBE)


def _loose(operator: Operator, key: str, statement: Statement) -> str:
    """Why an operator holds on more than the values that it is given; empty where it does not."""
    if operator.family not in TEXTUAL | {Family.IP}:
        return f"no value of {key} is fixed"
    if operator.negated:
        return f"every other value of {key} is let in"
    absent = f"requests without {key} are let in"
    if operator.if_exists:
        return absent
    return absent if operator.quantifier is Quantifier.ALL and not _is_required(key, statement) else ""


def _is_required(key: str, statement: Statement) -> bool:
    """Whether a statement asks for a key to be present."""
    return any(
        operator_of(each.operator) == Operator(Family.NULL)
        and {text.lower() if text is not None else None for text in each.values} == {"false"}
        for each in statement.entries(key.lower())
    )


def _fixed(operator: Operator, key: str, text: Text, statement: Statement) -> Truth:
    """Whether one value of a condition is fixed."""
    variables = statement.variables
    if text is None or (variables is None and "${" in text):
        return Truth.MAYBE
    if operator.family is Family.IP:
        return truth(network.block(text) is not None) or Truth.MAYBE
    if variables and variables_of(text):
        return Truth.NO
    if operator.family not in _MATCHING:
        return Truth.YES
    plain = _ESCAPE.sub("", text) if variables else text
    if key.lower() == _ACCESS_POINT:
        # Access points of a fixed account may have any name.
        parts = plain.split(":", ACCOUNT + 1)
        return truth(len(parts) > ACCOUNT + 1 and parts[ACCOUNT] and not has_wildcard(":".join(parts[:-1])))
    return truth(not has_wildcard(plain))


def _is_wide(condition: Condition) -> bool:
    """Whether the ranges of a condition, taken together, hold more addresses than a fixed network may."""
    blocks = [block for text in condition.values if text is not None and (block := network.block(text)) is not None]
    held = dict.fromkeys(network.BITS, 0)
    for atom in network.atoms(blocks):
        if not network.is_private(atom) and any(
            block.version == atom.version and block.low <= atom.low <= atom.high <= block.high for block in blocks
        ):
            held[atom.version] += atom.high - atom.low + 1
    return any(held[each] > network.LARGEST_FIXED[each] for each in network.BITS)


def _why(statement: Statement) -> str:
    """What is not fixed in a statement that nothing limits: in the conditions meant to, else in the principals."""
    return next(_slips(statement), "") or _open_principal(statement)


def _slips(statement: Statement) -> Iterator[str]:
    for each in statement.conditions:
        operator = operator_of(each.operator)
        if operator is None or operator.family is Family.NULL or each.key.lower() not in FIXED_KEYS:
            continue
        loose = _loose(operator, each.key, statement)
        if loose:
            yield loose
        for text in each.values:
            if text is not None and _fixed(operator, each.key, text, statement) is Truth.NO:
                what = "a policy variable" if statement.variables and variables_of(text) else "a wildcard"
                yield f"{text!r} of {each.key} has {what}"
        if operator.family is Family.IP and _is_wide(each):
            yield f"the ranges of {each.key} hold more addresses than a /8 (IPv4) or a /32 (IPv6)"


def _open_principal(statement: Statement) -> str:
    if statement.not_principals is not None:
        return "NotPrincipal names nobody who is let in"
    opening = next(each for each in statement.principals or () if _principal(each) is Truth.NO)
    if opening.name == _OPEN_PROVIDER:
        return f"everybody gets a token of {_OPEN_PROVIDER}"
    listed = f", and {' and '.join(keys)} is no key that counts" if (keys := _other_keys(statement)) else ""
    return f"the principal {opening.name or '*'!r} is nobody in particular{listed}"


def _other_keys(statement: Statement) -> list[str]:
    return list(dict.fromkeys(each.key for each in statement.conditions if each.key.lower() not in FIXED_KEYS))[:2]
