"""Which documents together decide a request: grants, ceilings, and the Denys of them all.

A request is allowed when no Deny of any document matches it and, on at least one path, every clause holds an Allow
that matches it. Source: IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from ..glob import has_wildcard
from .arns import service_segment
from .document import Document, Effect, Kind, Statement, readable

if TYPE_CHECKING:
    from .evaluate import Principal


class Naming(Enum):
    """How a statement must name a principal to count."""

    ANY = "itself, its account, or everyone"
    DIRECT = "itself or everyone"
    SESSION = "itself or everyone, and it is a user or a session"


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement, the kind of its document, that document's index, and how it must name the principal."""

    statement: Statement
    kind: Kind
    document: int = 0
    naming: Naming = Naming.ANY


# One of its statements must allow.
Clause = tuple[Placed, ...]
# Each of its clauses must allow.
Path = tuple[Clause, ...]


# What a pattern of actions with wildcards inside costs, against a statement.
_SLOW: Final = 6


class Wording(NamedTuple):
    """The actions that statements name, as written, the services of their ARNs, and whether one says `NotAction`."""

    actions: tuple[str, ...]
    arn_services: tuple[str, ...]
    excluding: bool
    # Patterns with a wildcard in the service, for which all services are looked through.
    scans: int
    # Patterns with a wildcard before their end, each of which is compared with what stands for each other one.
    tangled: int

    def joined(self, other: Wording) -> Wording:
        """Both together."""
        return Wording(
            tuple(dict.fromkeys((*self.actions, *other.actions))),
            tuple(dict.fromkeys((*self.arn_services, *other.arn_services))),
            self.excluding or other.excluding,
            self.scans + other.scans,
            self.tangled + other.tangled,
        )


@dataclass(frozen=True)
class Authority:
    """The statements that decide: `paths`, one of which must allow, and `denies`, none of which may match."""

    paths: tuple[Path, ...]
    denies: tuple[Placed, ...] = ()

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Authority:
        """Documents of which any may grant and any may deny."""
        builder = _Builder()
        clause = tuple(chain.from_iterable(map(builder.allows, documents)))
        return cls(((clause,),), tuple(builder.denies))

    @cached_property
    def wording(self) -> Wording:
        """The texts of actions and resources in all statements."""
        actions: dict[str, None] = {}
        segments: dict[str, None] = {}
        for each in self.statements():
            statement = each.statement
            actions.update(dict.fromkeys(readable(statement.actions, statement.not_actions)))
            for text in readable(statement.resources, statement.not_resources):
                segments.setdefault(service_segment(text))
        excluding = any(each.statement.not_actions is not None for each in self.statements())
        scans = sum(1 for pattern in actions if has_wildcard(pattern.partition(":")[0]))
        tangled = sum(1 for pattern in actions if has_wildcard(pattern.rstrip("*")))
        return Wording(tuple(actions), tuple(segments), excluding, scans, tangled)

    @cached_property
    def size(self) -> int:
        """How much there is to look through: statements, and the principals, resources and actions they name."""
        total = 0
        for each in self.statements():
            statement = each.statement
            actions = statement.actions or statement.not_actions or ()
            total += 1 + len(statement.named_principals) + len(actions) // 4
            total += len(statement.resources or statement.not_resources or ())
            # A text, or a text with a `*` behind it, is compared at once; other patterns are not.
            total += sum(_SLOW for text in readable(actions) if has_wildcard(text.rstrip("*")))
        return total

    def statements(self) -> Iterable[Placed]:
        """All statements, those that allow first; one that stands on several paths comes several times."""
        for path in self.paths:
            for clause in path:
                yield from clause
        yield from self.denies


@dataclass(kw_only=True)
class Layers:
    """What bears on the requests of one principal for resources of the account `owner`.

    `identity`: its own policies. `resource`: the policy of the resource, if it has one; `exclusive` where nobody gets
    in without it, as with the policy of a key and the trust of a role. `boundary` and `session`: ceilings of one or
    more documents, `None` where there is none. `service_control` and `resource_control`: one list of documents for
    each level of the organization, of which one must allow.
    """

    identity: Sequence[Document] = ()
    resource: Document | None = None
    exclusive: bool = False
    boundary: Sequence[Document] | None = None
    session: Sequence[Document] | None = None
    service_control: Sequence[Sequence[Document]] = ()
    resource_control: Sequence[Sequence[Document]] = ()
    owner: str = ""

    def documents(self) -> tuple[Document, ...]:
        """All documents in the order in which answers count them."""
        return (
            *self.identity,
            *((self.resource,) if self.resource is not None else ()),
            *(self.boundary or ()),
            *(self.session or ()),
            *chain.from_iterable(self.service_control),
            *chain.from_iterable(self.resource_control),
        )


@dataclass
class _Builder:
    """Places statements of documents, which are counted in the order they come in."""

    denies: list[Placed] = field(default_factory=list)
    count: int = 0

    def allows(self, document: Document) -> Clause:
        index, self.count = self.count, self.count + 1
        found: list[Placed] = []
        for statement in document.statements:
            placed = Placed(statement, document.kind, index)
            (self.denies if statement.effect is Effect.DENY else found).append(placed)
        return tuple(found)

    def clause(self, documents: Iterable[Document]) -> Clause:
        return tuple(chain.from_iterable(map(self.allows, documents)))


def effective(layers: Layers, principal: Principal) -> Authority:
    """What the principal may do under all layers.

    In its own account a grant of the identity or of the resource is enough; across accounts both are needed. A policy
    of the resource that names only the account hands the decision to that account. What it grants to a user or a
    session, by name or as everyone, is not limited by what boundary and session leave out, but by what they deny.
    Callers without an account (services, tokens, the anonymous) have the policy of the resource only.
    """
    builder = _Builder()
    identity = builder.clause(layers.identity)
    resource = builder.allows(layers.resource) if layers.resource is not None else ()
    limits = [builder.clause(each) for each in (layers.boundary, layers.session) if each is not None]
    organization = [builder.clause(each) for each in layers.service_control]
    outer = [builder.clause(each) for each in layers.resource_control]
    if principal.kind != "AWS":
        paths = [(resource, *outer)]
    elif layers.owner and principal.account and principal.account != layers.owner:
        paths = [(resource, identity, *limits, *organization, *outer)]
    elif layers.resource is None:
        paths = [(identity, *limits, *organization, *outer)]
    else:
        direct = tuple(Placed(each.statement, each.kind, each.document, Naming.DIRECT) for each in resource)
        itself = tuple(Placed(each.statement, each.kind, each.document, Naming.SESSION) for each in resource)
        own = (identity, resource) if layers.exclusive else (identity,)
        paths = [
            (*own, *limits, *organization, *outer),
            (direct, *limits, *organization, *outer),
            *([(itself, *organization, *outer)] if limits else []),
        ]
    return Authority(tuple(paths), tuple(builder.denies))
