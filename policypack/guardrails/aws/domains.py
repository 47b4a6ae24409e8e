"""What a condition key may hold in the requests of one kind of caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Protocol

from ..glob import Glob, compiled, has_wildcard, tokens_of
from .accounts import account_of
from .arns import SEGMENTS
from .patterns import compiled_arn


class Presence(Enum):
    """Whether requests carry a key."""

    EITHER = "either"
    ALWAYS = "always"
    NEVER = "never"


class NamedValues(Protocol):
    """The values that the fixed part of a pattern names; none where nothing is fixed."""

    def __call__(self, text: str, *, fold: bool) -> tuple[Glob, ...]: ...


@dataclass(frozen=True)
class Domain:
    """The values of one key.

    `only`: exactly these. `named`: the caller does not hold a value that the documents name; the function gives, for
    a pattern's text and its case folding, the values that the fixed part of a pattern with wildcards names; what has no
    wildcard names itself, unless the function is to be asked of it too (`reads_literals`).
    `excluded`: further values the caller does not hold. `shapes`: the value matches one of these. `plain`: a value
    holds no `*` and no `?`. `owners`: the value is the owner's, and no caller holds it elsewhere. `several`: a request
    may carry more than one value. `examples` and `filler` make witnesses readable.
    """

    presence: Presence = Presence.EITHER
    only: tuple[str, ...] | None = None
    named: NamedValues | None = None
    reads_literals: bool = False
    excluded: tuple[Glob, ...] = ()
    shapes: tuple[Glob, ...] = ()
    plain: bool = False
    several: bool = False
    owners: bool = False
    examples: tuple[str, ...] = ()
    filler: str = "any"

    def stand_in(self, key: str) -> str:
        """A value for a key that nothing else is asked of."""
        if self.only:
            return self.only[0]
        return self.examples[0] if self.examples else f"any-{key.rpartition(':')[2].rpartition('/')[2]}"

    def named_by(self, pattern: Glob) -> list[Glob]:
        """The values that a pattern of a document names, and that the caller therefore does not hold."""
        if self.named is None:
            return []
        if pattern.literal is not None and not self.reads_literals:
            return [pattern]
        text = "".join(token if isinstance(token, str) else "*" for token in pattern.tokens)
        return list(self.named(text, fold=pattern.fold))

    def admits(self, text: str, named: Sequence[Glob]) -> bool:
        """Whether the caller may hold this value."""
        return not (self.plain and has_wildcard(text)) and not any(each.matches(text) for each in named)


Domains = Callable[[str], Domain]

FREE: Final = Domain()
NEVER: Final = Domain(Presence.NEVER)
ALWAYS_FREE: Final = Domain(Presence.ALWAYS)
SEVERAL: Final = Domain(several=True)
NOT_TRUE: Final = Domain(Presence.ALWAYS, only=("false",))


def fixing(values: Mapping[str, str | tuple[str, ...]], otherwise: Domains) -> Domains:
    """Requests that carry some keys, in lower case, with these values, and of which all else is as it was.

    The accounts that they tell of are the owner's: a caller who does not hold what the documents name is of none.
    """
    if not values:
        return otherwise
    owned = tuple(
        pattern
        for key, value in values.items()
        if _is_owners(otherwise(key))
        for text in _texts(value)
        for pattern in _of_account(account_of(text) or text)
    )

    def domain(key: str) -> Domain:
        value, found = values.get(key), otherwise(key)
        if value is None:
            return found if found.named is None else replace(found, excluded=(*found.excluded, *owned))
        return Domain(Presence.ALWAYS, only=_texts(value), owners=_is_owners(found))

    return domain


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _is_owners(domain: Domain) -> bool:
    """Whether a fixed value of a key is the owner's: what a caller does not choose is not the caller's once fixed."""
    return domain.owners or domain.named is not None


def _of_account(account: str) -> tuple[Glob, ...]:
    """The values of trusted keys that tell of an account: its number, ARNs, and the ids of users it vouches for."""
    return compiled(account), compiled_arn(f"*:*:*:*:{account}:*"), compiled(f"{account}:*")


def whole(text: str, *, fold: bool) -> tuple[Glob, ...]:
    """A pattern with wildcards names no value."""
    return ()


def account_of_arn(text: str, *, fold: bool) -> tuple[Glob, ...]:
    """An ARN pattern that fixes the account names every ARN of it, and every text of its own.

    The latter, as a `*` that takes in a colon would move the account into another field, where no service writes it.
    """
    account = account_of(text)
    fixed = account and not has_wildcard(account) and text.count(":") >= SEGMENTS - 1
    return (compiled_arn(f"*:*:*:*:{account}:*"), Glob(tokens_of(text), fold=fold)) if fixed else ()


def up_to(separator: str) -> NamedValues:
    """A pattern names everything that starts with its first part, if that is fixed."""

    def named(text: str, *, fold: bool) -> tuple[Glob, ...]:
        first, found, _ = text.partition(separator)
        if not found or not first or has_wildcard(first):
            return ()
        return (Glob(tokens_of(f"{first}{separator}*"), fold=fold),)

    return named
