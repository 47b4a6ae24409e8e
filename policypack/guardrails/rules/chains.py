"""Chains of identities: who becomes whom in a stack, up to one that can do anything.

Links are followed backwards from the identities that administer the account or can make themselves do so: who may assume
their roles, change what runs with them, pass them to a service, or take them over in any other way that
`escalations_onto` knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..aws.answers import Answer, Undecided, Witness, Yes
from ..aws.authority import Layers, effective
from ..aws.callers import domains_of, named_principals
from ..aws.document import Document, Effect, Kind
from ..aws.escalation import Escalation, Target, escalations_onto
from ..aws.escalation_methods import Needs
from ..aws.evaluate import Principal
from ..aws.goals import Question, Requests
from ..aws.resources import may_meet
from ..aws.search import find
from ..findings import Severity
from ..model import Stack
from .aws_documents import trust_documents
from .bearers import Bearer, bearers
from .escalating import ASSUME, severity_of
from .workloads import Workload, workloads

_KINDS: Final = {"role": "iam:role", "user": "iam:user", "group": "iam:group"}
# Pairs of identities that are looked at, each of which takes some ten microseconds where nothing comes of it.
_MOST_PAIRS: Final = 500_000
_ASSUMING: Final = ("sts:AssumeRole",)


@dataclass(frozen=True)
class Link:
    """One step: what the identity does to become the next, the requests it makes, and the statement that lets it."""

    phrase: str
    witnesses: tuple[Witness, ...]
    place: tuple[int, str]


@dataclass(frozen=True)
class Chain:
    """The way of one identity to the top. `end` says what the last identity of the chain can do, `proof` the requests
    by which it does."""

    bearer: Bearer
    links: tuple[Link, ...]
    end: str
    proof: tuple[Witness, ...]


@dataclass(frozen=True)
class Doubt:
    """A link of which it cannot be told whether it is there, by the statement that would let the identity through."""

    bearer: Bearer
    target: Bearer
    place: tuple[int, str]
    reason: Undecided


@dataclass(frozen=True)
class Chains:
    """All chains of a stack, the shortest for each identity, what is in doubt, and whether all could be followed: there
    may be too many identities."""

    found: tuple[Chain, ...]
    doubts: tuple[Doubt, ...]
    complete: bool


def chains(stack: Stack) -> Chains:
    """The chains of a stack; identities that need no other to get to the top are in none."""
    return stack.remember("chains", lambda: _Climb(stack).all())


@dataclass
class _Climb:
    stack: Stack
    pairs: int = 0
    above: dict[int, Chain] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def all(self) -> Chains:
        found = tuple(self.followed())
        doubts = tuple(each for each in self.doubts if id(each.bearer) not in self.above)
        return Chains(found, doubts, complete=self.pairs <= _MOST_PAIRS)

    def followed(self) -> Iterator[Chain]:
        """The chains, the shortest first, for as long as there are not too many pairs to look at."""
        everyone = [one for one in bearers(self.stack) if one.identity is not None and one.identity.kind in _KINDS]
        tops = [(one, top) for one in everyone if (top := _top(one)) is not None]
        for one, (end, proof) in tops:
            self.above[id(one)] = Chain(one, (), end, proof)
        running: dict[str, list[Workload]] = {}
        for each in workloads(self.stack) if tops else ():
            running.setdefault(each.role.urn, []).append(each)
        reached = [one for one, _ in tops]
        while reached:
            fresh = []
            for target in reached:
                for one in everyone:
                    if id(one) in self.above:
                        continue
                    self.pairs += 1
                    if self.pairs > _MOST_PAIRS:
                        return
                    link = self.link(one, target, running)
                    if link is not None:
                        rest = self.above[id(target)]
                        self.above[id(one)] = Chain(one, (link, *rest.links), rest.end, rest.proof)
                        yield self.above[id(one)]
                        fresh.append(one)
            reached = fresh

    def link(self, one: Bearer, target: Bearer, running: dict[str, list[Workload]]) -> Link | None:
        """How one identity becomes another, if it can."""
        identity = target.identity
        if identity is None or identity.resource is None:
            return None
        assumed = self.assumes(one, target) if identity.kind == "role" else None
        if assumed is not None:
            return assumed
        if target.arn and _may_reach(one, target.arn):
            aim = Target(target.arn, _KINDS[identity.kind], self.services(target))
            for way in escalations_onto(one.authority, one.holder, aim).found:
                # Whether the role lets the holder in has just been looked at; what it controls is not known.
                if way.method.id != ASSUME and way.way.needs is not Needs.CONTROL:
                    return _link(way, f"{way.method.title}, here with {target}")
        for workload in running.get(identity.resource.urn, ()):
            if _may_reach(one, workload.arn):
                for kind in workload.kinds:
                    for way in escalations_onto(one.authority, one.holder, Target(workload.arn, kind)).found:
                        return _link(way, f"{way.method.title}, here of {workload}, which runs as {target}")
        return None

    def trust(self, target: Bearer) -> list[Document]:
        """The trust policy of a role."""
        resource = target.identity.resource if target.identity is not None else None
        if resource is None or target.identity is None or target.identity.kind != "role":
            return []
        return [placed.document for placed in trust_documents(resource)]

    def assumes(self, one: Bearer, target: Bearer) -> Link | None:
        """The link by sts:AssumeRole: the identity is allowed to, and the role lets it in."""
        if not one.arn or not target.arn or one.arn == target.arn:
            return None
        # Of a group it is a member that calls.
        caller = Principal("AWS", one.arn.replace(":group/", ":user/a-member-of-"))
        for trust in self.trust(target):
            if not (_may_reach(one, target.arn) or _names(trust, one.arn)):
                continue
            layers = Layers(
                identity=one.layers.identity,
                boundary=one.layers.boundary,
                resource=trust,
                exclusive=True,
                owner=caller.account,
            )
            domains = domains_of(caller, named_principals([trust]))
            asked = Requests(caller, domains, _ASSUMING, (target.arn,))
            answer: Answer = find(Question(effective(layers, caller)), asked)
            if isinstance(answer, Yes):
                # Where the role alone lets the identity in, it is the identity's first statement that is named.
                inside = answer.document < len(one.held)
                place = (answer.document, answer.path) if inside else (0, one.documents[0].statements[0].path)
                return Link(f"assume {target}", (answer.witness,), place)
            if isinstance(answer, Undecided):
                self.doubts.append(Doubt(one, target, next(_reaching(one, target.arn), (0, "")), answer))
        return None

    def services(self, target: Bearer) -> frozenset[str] | None:
        """The service principals that a role trusts; `None` where that is not known."""
        documents = self.trust(target)
        names: set[str] = set()
        for document in documents:
            for statement in document.statements:
                if statement.effect is Effect.DENY:
                    continue
                for each in statement.principals or ():
                    if each.name is None:
                        return None
                    if each.kind == "Service":
                        names.add(each.name)
        return frozenset(names)


def _top(one: Bearer) -> tuple[str, tuple[Witness, ...]] | None:
    """What an identity can do that needs no other, in words, with the requests that show it."""
    if isinstance(one.administrator, Yes):
        return "administer the account", (one.administrator.witness,)
    own = min(one.own_escalations, key=lambda each: (-severity_of(each).rank, each.method.row), default=None)
    return None if own is None or severity_of(own) is not Severity.CRITICAL else (own.method.title, own.witnesses)


def _link(way: Escalation, phrase: str) -> Link:
    return Link(phrase, way.witnesses, way.places[-1])


def _names(trust: Document, arn: str) -> bool:
    """Whether a trust policy may name a principal by itself."""
    return any(each.name in (None, arn) for statement in trust.statements for each in statement.principals or ())


def _reaching(one: Bearer, resource: str) -> Iterator[tuple[int, str]]:
    """The grants of an identity that may be one of a method on a resource, conditions left aside."""
    return (place for place, statement in one.dangerous if may_meet(statement, Kind.IDENTITY, resource))


def _may_reach(one: Bearer, resource: str) -> bool:
    return next(_reaching(one, resource), None) is not None


def path_of(chain: Chain) -> str:
    """A chain in words."""
    return "; then ".join([*(link.phrase for link in chain.links), chain.end])


def requests_of(chain: Chain) -> Sequence[Witness]:
    """The requests of a chain, one after the other."""
    return tuple(_all(chain))


def _all(chain: Chain) -> Iterator[Witness]:
    for link in chain.links:
        yield from link.witnesses
    yield from chain.proof
