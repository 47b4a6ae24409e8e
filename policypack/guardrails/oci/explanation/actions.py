"""What a statement grants or denies, in words and permissions.

A verb grants what the verbs below it grant; denied, it takes what the verbs above it grant. Permissions as listed in
`permissions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ...values import may_be_anything
from .. import powers
from ..alike import alike
from ..conditions import OPERATION, PERMISSION, Asked, Part, Unmet, find, tests_of, ways
from ..permissions import ALL_RESOURCES, LADDER, added_by, families, granted, is_listed, of_verb
from ..tree import Grant, Opaque, OpaqueTail, Permissions, Verb, VerbAction

_MOST_TESTS: Final = 5_000
# What leads to more than is granted, the worst first; then by parts of the names.
_POWERS: Final = (
    powers.WRITE_POLICIES,
    powers.GIVE_CREDENTIALS,
    powers.JOIN_GROUPS,
    powers.WRITE_DYNAMIC_GROUPS,
    powers.ADMIT_IDENTITIES,
    powers.RUN_COMMANDS,
    powers.RUN_CODE,
    powers.READ_SECRETS,
    powers.USE_KEYS,
    powers.PUBLISH_BUCKETS,
)
_WORST: Final = tuple(name for power in _POWERS for name in power.permissions)
_WEIGHTY: Final = ("MANAGE", "ADD", "RESET", "DELETE", "CREATE", "UPDATE", "WRITE", "OVERWRITE")
_MEANS: Final = {
    Verb.INSPECT: "list",
    Verb.READ: "list and read",
    Verb.USE: "list, read and work with what exists",
    Verb.MANAGE: "everything, creating and deleting included",
    Verb.ASSOCIATE: "join one with another",
}
_DENIED: Final = {
    Verb.INSPECT: "and with it read, use and manage: nothing is left",
    Verb.READ: "and with it use and manage; what inspect grants is left",
    Verb.USE: "and with it manage; what read grants is left",
    Verb.MANAGE: "only what manage adds; what use grants is left",
    Verb.ASSOCIATE: "joining one with another",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one verb adds to the verb below it, the weightiest permissions first; `verb` is empty for permissions that
    are named one by one."""

    verb: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class What:
    """What is granted or denied: the highest verb first. `unlisted` are types and families of which there is more than
    is listed, `left` the permissions that the condition leaves, where it tests them; else None."""

    action: str
    words: str
    steps: tuple[Step, ...]
    everything: bool
    unlisted: tuple[str, ...]
    left: tuple[str, ...] | None

    @property
    def total(self) -> int:
        """How many permissions are listed."""
        return sum(len(step.permissions) for step in self.steps)


def what(statement: Grant) -> What:
    """What a statement grants or denies."""
    action = statement.action
    if isinstance(action, Opaque):
        return What(
            str(action), f"something that is not known: `{action}`", (), everything=False, unlisted=(), left=None
        )
    steps, unlisted = _steps(action, denies=statement.denies)
    everything = isinstance(action, VerbAction) and action.resource_type.lower() == ALL_RESOURCES
    words = _words(action, denies=statement.denies, everything=everything)
    return What(str(action), words, steps, everything, unlisted, _left(statement, steps))


def _words(action: VerbAction | Permissions, *, denies: bool, everything: bool) -> str:
    if isinstance(action, Permissions):
        return "what is named and nothing else"
    if isinstance(action.verb, Opaque):
        return f"{action.verb} {action.resource_type} (a verb that is not known)"
    more = ", of every service that there is and will be" if everything else ""
    return f"{action.verb.value} {action.resource_type} ({(_DENIED if denies else _MEANS)[action.verb]}){more}"


@lru_cache(maxsize=1024)
def _steps(action: VerbAction | Permissions, *, denies: bool) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """What the verbs that are meant add, the highest first, and of which types there is more than is listed."""
    if isinstance(action, Permissions):
        return (Step("", _weighty(granted(action).permissions)),), ()
    type_ = action.resource_type.lower()
    if may_be_anything(type_):
        return (), ()
    if not isinstance(action.verb, Verb) or action.verb not in LADDER:
        found = [("", granted(action).permissions)]
    else:
        place = LADDER.index(action.verb)
        meant = LADDER[place:] if denies else LADDER[: place + 1]
        found = [(verb.value, added_by(verb, type_)) for verb in reversed(meant)]
    steps = (Step(verb, _weighty(filter(is_listed, names))) for verb, names in found)
    unlisted = {name.partition(":")[0] for _, names in found for name in names if not is_listed(name)}
    # Of everything there is always more, and nobody wants to read of which.
    more = () if type_ == ALL_RESOURCES else tuple(sorted(filter(_is_unlisted, unlisted)))
    return tuple(step for step in steps if step.permissions), more


def _is_unlisted(type_: str) -> bool:
    """Whether more types join a family, or nothing at all is listed of a type; a verb may well add nothing."""
    return type_ in families() or not any(map(is_listed, of_verb(Verb.MANAGE, type_)))


def _weighty(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=_weight))


def _weight(name: str) -> tuple[int, int, str]:
    worst = _WORST.index(name) if name in _WORST else len(_WORST)
    parts = set(name.split("_"))
    return worst, next((place for place, word in enumerate(_WEIGHTY) if word in parts), len(_WEIGHTY)), name


def _left(statement: Grant, steps: Sequence[Step]) -> tuple[str, ...] | None:
    """The permissions with which a request can meet the condition, where that tests the permission or operation, and is
    not too long to ask for each."""
    condition = statement.condition
    if condition is None or isinstance(condition, OpaqueTail):
        return None
    if not any(test.variable.lower() in {PERMISSION, OPERATION} for test in tests_of(condition)):
        return None
    names = [name for step in steps for name in step.permissions]
    several, sets = ways(condition), alike(condition, names)
    if several is None or sets is None or len(sets) * sum(map(len, several)) > _MOST_TESTS:
        return None
    left: set[str] = set()
    for each in sets:
        if not isinstance(find(condition, Asked(permission=each[0], what=Part.CHOSEN)), Unmet):
            left.update(each)
    return tuple(name for name in names if name in left)
