"""On whom and on what a step of privilege escalation may be taken: the holder itself, and targets of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..glob import Glob, has_wildcard
from ..values import has_stand_in
from .accounts import account_of
from .arns import ACCOUNT, SEGMENTS, ArnPattern, format_of, pattern_of
from .authority import Placed
from .callers import HOLDER
from .conditions import without_variables
from .document import Statement, readable
from .evaluate import Principal
from .places import Place
from .regions import representatives
from .state import Budget, ExhaustedError

_MATCHES_PER_STEP: Final = 8
_ACCOUNT_OF_AWS: Final = ":iam::aws:"
_USER: Final = "iam:user"
_MISSING: Final = ":" * (SEGMENTS - 1)
# What a name is made of that nobody has; one of them no document is likely to name.
_UNNAMED: Final = ("any-", "unnamed-", "some-other-", "0-")
# The user who holds a policy of which nobody knows the holder, where it acts on other users.
_HOLDING_USER: Final = "the-holder"


@dataclass(frozen=True)
class Holder:
    """What is known of the identity itself.

    `kind` is `user`, `role`, `group` or empty, and `arn`, `account` may be empty. `groups` are the groups of a user,
    by name or ARN, and `attached` the ARNs of the managed policies of the identity; `None` where they are not known.
    An identity of which nothing is known is any one of its account, neither of which the policy names.
    """

    kind: str = ""
    arn: str = ""
    account: str = ""
    groups: tuple[str, ...] | None = None
    attached: tuple[str, ...] | None = None

    @property
    def principal(self) -> Principal:
        """Who makes the requests."""
        return Principal("AWS", self.arn) if self.arn and self.kind != "group" else HOLDER

    @property
    def own_account(self) -> str:
        """Its account; empty where it is not known."""
        return self.account or account_of(self.arn)

    @property
    def known_arn(self) -> str:
        """What its requests say of who calls; empty where that is not known to the letter."""
        return "" if self.kind == "group" or has_stand_in(self.arn) else self.arn


def opaque(arn: str) -> str:
    """The resource to ask for where an invented text stands for all of an ARN, which matches this text for certain."""
    return arn + _MISSING if ":" not in arn and has_stand_in(arn) else arn


def shown(resource: str) -> str:
    """The text that a resource was made of by `opaque`."""
    return resource.removesuffix(_MISSING)


@dataclass(frozen=True)
class Reach:
    """The resources that some granting statements may speak of: exact ones, patterns, or any."""

    exact: frozenset[str]
    patterns: tuple[Glob, ...]
    anything: bool
    # The steps that it takes to compare a resource with the patterns.
    cost: int

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> Reach:
        """What statements may reach, whatever their variables stand for."""
        texts = dict.fromkeys(text for each in statements for text in readable(each.resources))
        exact = frozenset(
            text for text in texts if text.count(":") >= SEGMENTS - 1 and not has_wildcard(text) and "${" not in text
        )
        open_ = [pattern_of(without_variables(text)) for text in texts if text not in exact]
        # What is short may match segment by segment only, all else that does matches as a whole too.
        globs = tuple(
            glob for each in open_ for glob in ((each.whole, each.segmented) if each.short else (each.whole,))
        )
        slow = sum(1 for each in globs if each.prefix is None)
        anything = any(each.resources is None or None in each.resources for each in statements)
        return cls(exact, globs, anything, 1 + slow + len(globs) // _MATCHES_PER_STEP)

    def may_reach(self, resource: str, budget: Budget) -> bool:
        """Whether a resource may be reached. A false answer is certain. Raises `ExhaustedError`."""
        if self.anything or resource in self.exact:
            return True
        budget.left -= self.cost
        if budget.left < 0:
            raise ExhaustedError
        return any(each.matches(shown(resource)) or each.matches(resource) for each in self.patterns)


@dataclass
class Targets:
    """The targets that the statements which speak of a step tell apart, in one place."""

    holder: Holder
    place: Place
    relevant: Sequence[Placed]
    budget: Budget
    patterns: list[ArnPattern] = field(init=False)
    computed: list[str] = field(init=False)
    _bounds: dict[ArnPattern, list[ArnPattern]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        texts: dict[str, None] = {}
        for placed in self.relevant:
            statement = placed.statement
            texts.update(dict.fromkeys(readable(statement.resources, statement.not_resources)))
        self.computed = [text for text in texts if ":" not in text and has_stand_in(text) and not has_wildcard(text)]
        self.patterns = [each for text in texts if (each := pattern_of(without_variables(text))).segments]

    def own(self, kind: str) -> list[str]:
        """The resources of a kind that the holder is, is in, or has."""
        holder, type_ = self.holder, kind.rpartition(":")[2]
        known: tuple[str, ...] | None = None
        if type_ == "policy":
            known = holder.attached
        elif type_ == "group" and holder.kind == "user":
            known = holder.groups
        elif holder.kind not in ("", type_) and (holder.kind, type_) != ("group", "user"):
            known = ()
        elif type_ == holder.kind and holder.arn:
            known = (holder.arn,)
        if known is None:
            return [self.unnamed(kind)]
        named = [each if ":" in each or has_stand_in(each) else self.place.arn(type_, each) for each in known]
        return [text for each in named if _ACCOUNT_OF_AWS not in each for text in self._meant(each, kind)]

    def _meant(self, arn: str, kind: str) -> list[str]:
        """The ARNs that one which is invented, in whole or in its account, may stand for."""
        if ":" not in arn:
            return [opaque(arn), self.unnamed(kind)]
        parts = arn.split(":", SEGMENTS - 1)
        if len(parts) == SEGMENTS:
            # The two differ only where one is invented.
            parts[ACCOUNT] = self.place.account
        return [":".join(parts)]

    def user_name(self, *, own: bool) -> str:
        """The name of the user who holds the policy; that of any user in a step on itself, so that it is no target in
        a step on others."""
        if self.holder.kind == "user" and self.holder.arn:
            return self.holder.arn.rpartition("/")[2]
        return self.unnamed(_USER).rpartition("/")[2] if own else _HOLDING_USER

    def is_holder(self, resource: str) -> bool:
        """Whether a target is the holder itself."""
        return resource in (opaque(self.holder.arn), self.place.arn("user", self.user_name(own=False)))

    def unnamed(self, kind: str) -> str:
        """An identity or a policy that nobody names."""
        type_ = kind.rpartition(":")[2]
        return self._fresh(self.place.arn(type_, ""), type_)

    def fresh(self, formats: Iterable[str], like: Iterable[str]) -> Iterator[str]:
        """Targets of these forms that nobody names, in the partition and region of some that are allowed."""
        seen = set()
        for text in formats:
            example = self._example(text)
            last = example.split(":", SEGMENTS - 1)[-1]
            for head in dict.fromkeys([example.rpartition(last)[0], *(_head(each) for each in like)]):
                stem, _, name = last.rpartition("any-")
                found = self._fresh(head + stem, name)
                if found not in seen and pattern_of(without_variables(self.place.fill(text))).whole.matches(found):
                    seen.add(found)
                    yield found

    def _fresh(self, stem: str, name: str) -> str:
        narrow = self.narrower(pattern_of(f"{stem}*"))
        names = (f"{stem}{prefix}{name}" for prefix in _UNNAMED)
        return next((each for each in names if not any(one.segmented.matches(each) for one in narrow)), stem + name)

    def _example(self, text: str) -> str:
        return format_of(self.place.fill(text), self.place.account).example

    def narrower(self, bound: ArnPattern) -> list[ArnPattern]:
        """The patterns of the statements that some, but not all, resources of another match."""
        known = self._bounds.get(bound)
        if known is None:
            self.budget.left -= 1 + len(self.patterns) // 4
            known = [each for each in self.patterns if each.overlaps(bound) and not each.covers(bound)]
            self._bounds[bound] = known
        return known

    def classes(self, formats: Iterable[str]) -> Iterator[str]:
        """A target of these forms for each combination of patterns that it may match. Raises `ExhaustedError` where
        not all can be found."""
        yield from map(opaque, self.computed)
        for text in formats:
            written = self.place.fill(text)
            format_, bound = format_of(written, self.place.account), pattern_of(without_variables(written))
            narrow = self.narrower(bound)
            examples = [common for each in narrow if (common := each.common(format_)) is not None]
            yield from examples
            if len(narrow) > 1 and any(each.whole.literal is None for each in narrow):
                found, complete = representatives(
                    [each.segmented for each in narrow], examples, within=[bound.segmented], spend=self._spend
                )
                yield from (each for each in found if format_.takes(each))
                if not complete:
                    raise ExhaustedError

    def _spend(self, steps: int) -> None:
        self.budget.left -= steps
        if self.budget.left < 0:
            raise ExhaustedError


def _head(resource: str) -> str:
    """All of an ARN but the last segment."""
    parts = resource.split(":", SEGMENTS - 1)
    return ":".join((*parts[:-1], "")) if len(parts) == SEGMENTS else ""
