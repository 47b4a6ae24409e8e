"""In which partitions and accounts an identity may be, as far as its policies tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..glob import compiled, has_wildcard
from ..values import COMPUTED_ACCOUNT, has_stand_in
from .accounts import account_like
from .arns import ACCOUNT, SEGMENTS
from .document import Statement, readable

# More would each cost all that is asked in one of them.
MOST: Final = 12
TOO_MANY: Final = "the documents name too many accounts to try them all"
_UNNAMED: Final = ("555566667777", "666677775555", "777755556666")
_ACCOUNT_CONDITIONS: Final = frozenset({"aws:resourceaccount", "aws:principalaccount"})
_CHINA: Final = "aws-cn"
_OF_CHINA: Final = ".amazonaws.com.cn"


@dataclass(frozen=True)
class Place:
    """A partition and an account in which an identity may be."""

    partition: str
    account: str

    def arn(self, type_: str, name: str) -> str:
        """The ARN of an identity or a policy here."""
        return f"arn:{self.partition}:iam::{self.account}:{type_}/{name}"

    def fill(self, text: str) -> str:
        """A form of ARN, for this partition and account."""
        return text.replace("${Partition}", self.partition).replace("${Account}", self.account)

    def values(self, demanded: tuple[str, ...]) -> tuple[str, ...]:
        """The values that a key may have to take here; services have names of their own in China."""
        kept = (each for each in demanded if self.partition == _CHINA or not each.endswith(_OF_CHINA))
        return tuple(map(self.fill, kept))


def places_of(granting: Sequence[Statement], others: Iterable[Statement] = (), own: str = "") -> list[Place]:
    """Where an identity may be: in its own account, and while that is not known where the statements put it, the likely
    first; more than `MOST` are too many to try.

    An account is named by the resources of a statement that grants, and by a condition on the account of the resource
    or of the principal; what a Deny takes away names none. An account that the program asks for is the identity's own,
    and without it one that nobody names stands for it.
    """
    everything = [*granting, *others]
    text = "\n".join(text for each in everything for text in each.texts())
    computed = COMPUTED_ACCOUNT.search(text)
    unnamed = next((each for each in _UNNAMED if each not in text), _UNNAMED[0])
    account = own or (computed[0] if computed is not None else unnamed)
    partitions: Counter[str] = Counter()
    named: Counter[Place] = Counter()
    for statement in granting:
        for pattern in readable(statement.resources):
            parts = pattern.split(":", SEGMENTS - 1) + [""] * SEGMENTS
            if parts[0] != "arn" or "$" in parts[1]:
                continue
            partition = "aws" if not parts[1] or has_wildcard(parts[1]) else parts[1]
            partitions[partition] += 1
            if parts[ACCOUNT] and "$" not in parts[ACCOUNT]:
                named[Place(partition, _like(parts[ACCOUNT], account))] += 1
    ordered = [each for each, _ in partitions.most_common()] or ["aws"]
    for condition in (each for statement in everything for each in statement.conditions):
        if condition.key.lower() in _ACCOUNT_CONDITIONS:
            named.update(Place(ordered[0], _like(each, account)) for each in readable(condition.values))
    likely = [
        each for each, _ in named.most_common() if each.account.isdigit() and (not own or _same(each.account, own))
    ]
    return list(dict.fromkeys((*(Place(each, account) for each in ordered), *likely)))


def _like(pattern: str, account: str) -> str:
    """An account that matches a pattern, the given one if it does."""
    return account if compiled(pattern).matches(account) else account_like(pattern)


def _same(account: str, own: str) -> bool:
    """Whether two accounts may be one, because one of them is invented."""
    return account == own or has_stand_in(account) or has_stand_in(own)
