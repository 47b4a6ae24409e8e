"""Policies as requests meet them that come through an access point.

Such a request carries the access point's ARN, its account and whether it belongs to a VPC, whoever sends it, in the
policy of the access point as in that of the bucket behind it (Amazon S3 User Guide, "Configuring IAM policies for using
access points", condition keys). Of a value that is not known yet, one stands for each way in which the policies can
tell it apart: what holds for all of these holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from ..aws.accounts import account_of
from ..aws.conditions import NoValueError, text_glob, without_variables
from ..aws.document import Document, readable
from ..aws.operators import TEXTUAL, Family, operator_of
from ..aws.patterns import compiled_arn
from ..aws.regions import representatives
from ..aws.state import variable_keys
from ..aws.truth import Truth
from ..glob import Glob, compiled, has_wildcard
from ..values import STAND_IN, has_stand_in
from .access_points import AccessPoint
from .aws_documents import Placed

_ARN: Final = "s3:dataaccesspointarn"
_ACCOUNT: Final = "s3:dataaccesspointaccount"
_ORIGIN: Final = "s3:accesspointnetworkorigin"
_OWNER: Final = "aws:resourceaccount"
_KEYS: Final = (_ARN, _ACCOUNT, _ORIGIN, _OWNER)
_ORIGINS: Final = {Truth.NO: ("Internet",), Truth.YES: ("VPC",), Truth.MAYBE: ("Internet", "VPC")}
_ANY_ACCOUNT: Final = "?" * 12
_AN_ACCOUNT: Final = "555566667777"
_LAST: Final = len(("arn", "partition", "service", "region", "account"))
# No more kinds of requests are told apart; real policies name a handful of access points.
_MOST: Final = 12

Carried = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """What requests may carry that come through one access point; not `complete` where there is more to it."""

    carried: tuple[Carried, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A text that a key is compared with, and what it stands for."""

    text: str
    pattern: Glob


def ways_through(point: AccessPoint | None, documents: Sequence[Document]) -> Ways:
    """What requests through an access point carry as far as the documents tell it apart; None is one elsewhere."""
    if not any(map(_mentioned, documents)):
        return Ways(((),))
    found = list(islice(_ways(point, documents), _MOST + 1))
    return Ways(tuple(found[:_MOST]), len(found) <= _MOST)


def through(placed: Placed, carried: Carried) -> Placed:
    """A document as it is asked about requests that carry these keys."""
    mentioned = _mentioned(placed.document)
    kept = tuple((key, value) for key, value in carried if key in mentioned)
    if not kept:
        return placed
    document = replace(placed.document, carried=kept)
    return Placed(placed.value, document, named=placed.named, answers=placed.ask(_answers_on(kept)))


@lru_cache(maxsize=4096)
def _answers_on(_carried: Carried) -> Callable[[Document], dict[object, object]]:
    """A question whose answer keeps the answers about requests that carry these keys, for all who ask about them."""
    return lambda _document: {}


def _mentioned(document: Document) -> frozenset[str]:
    keys = {each.key.lower() for statement in document.statements for each in statement.conditions}
    keys.update(key for statement in document.statements for key in variable_keys(statement))
    return frozenset(keys.intersection(_KEYS))


def _ways(point: AccessPoint | None, documents: Sequence[Document]) -> Iterator[Carried]:
    arn, name, own = (point.arn, point.name, point.account) if point is not None else (None, None, None)
    # A bucket is its access point's account's, unless the program says whose.
    owner = point.owner if point is not None else None
    arns = list(_spoken(_ARN, documents))
    written = (account_of(each.text) for each in arns if name is None or _may_be_called(name, each.text))
    accounts = [*_spoken(_ACCOUNT, documents), *_spoken(_OWNER, documents)]
    accounts += (_Spoken(each, compiled(each)) for each in written if each)
    for origin in _ORIGINS[point.from_vpc if point is not None else Truth.MAYBE]:
        for account in _values(own, compiled(_ANY_ACCOUNT), _AN_ACCOUNT, accounts):
            shape = _shape(arn, name, account, arns)
            for each in _values(arn if account == own else None, compiled_arn(shape), _filled(shape), arns):
                yield ((_ARN, each), (_ACCOUNT, account), (_ORIGIN, origin), (_OWNER, owner or account))


def _values(text: str | None, shape: Glob, example: str, spoken: Sequence[_Spoken]) -> Sequence[str]:
    """The values to try for a key that holds `text`, or is not known.

    Without invented parts that is the text. Else it is one of the shape for each way in which what is spoken of can be
    told apart, and the text where its invented parts are spoken of too; the text alone where the rest says the same of
    all of them.
    """
    if text is not None and not has_stand_in(text):
        return (text,)
    tokens = [match[0] for match in STAND_IN.finditer(text or "")]
    others = [each.pattern for each in spoken if not any(token in each.text for token in tokens)]
    found, _ = representatives(others, (example,), (shape,))
    if text is None or len(others) == len(spoken):
        return found
    alike = all(each.matches(text) is each.matches(value) for each in others for value in found)
    return (text,) if alike else (text, *found)


def _shape(arn: str | None, name: str | None, account: str, arns: Sequence[_Spoken]) -> str:
    """The pattern of the ARN of an access point in an account, of which parts may not be known."""
    if arn is not None and arn.count(":") >= _LAST:
        parts = STAND_IN.sub("*", arn).split(":", _LAST)
        return ":".join((*parts[: _LAST - 1], account, parts[_LAST]))
    # All that one program makes is in one partition, so it is that of the ARNs that it writes.
    written = (each.text.split(":")[1] for each in arns if each.text.startswith("arn:aws"))
    partition = next((each for each in written if not has_wildcard(each)), "aws")
    return f"arn:{partition}:s3:*:{account}:accesspoint/{'*' if name is None else STAND_IN.sub('*', name)}"


def _filled(shape: str) -> str:
    return shape.replace("*", "any")


def _may_be_called(name: str, pattern: str) -> bool:
    """Whether a pattern for ARNs may mean an access point of that name."""
    last = without_variables(pattern).split(":", _LAST)[-1]
    return has_stand_in(name + last) or compiled(last).matches(f"accesspoint/{name}")


def _spoken(key: str, documents: Sequence[Document]) -> Iterator[_Spoken]:
    for statement in (each for document in documents for each in document.statements):
        for condition in statement.entries(key):
            operator = operator_of(condition.operator)
            if operator is None or operator.family not in TEXTUAL:
                continue
            for text in readable(condition.values):
                plain = without_variables(text) if statement.variables else text
                family = operator.family if plain == text else Family.PATTERN
                with suppress(NoValueError):
                    yield _Spoken(text, text_glob(family, plain, _no_value, variables=False))


def _no_value(_key: str) -> None:
    return None
