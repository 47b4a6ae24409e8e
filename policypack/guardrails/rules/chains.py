"""Chains of identities: who becomes whom in a stack, up to one that can do anything.

Links are followed backwards from the identities that administer the account or can make themselves do so: who may assume
their roles, change what runs with them, pass them to a service, or take them over in any other way that
`escalations_onto` knows. An identity that an other one can give any permission is at the top for that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..aws.answers import Answer, Undecided, Witness, Yes
from ..aws.authority import effective
from ..aws.caller_keys import domains_of
from ..aws.callers import named_principals
from ..aws.document import Effect, Kind, Statement, readable
from ..aws.domains import NEVER, Domain, Domains, Presence
from ..aws.escalation import Escalation, Target, escalations_onto
from ..aws.escalation_methods import Family, Needs
from ..aws.evaluate import Principal
from ..aws.goals import Question, Requests
from ..aws.resources import may_meet
from ..aws.search import find
from ..glob import has_wildcard
from ..model import Stack
from .aws_documents import Placed, trust_documents
from .bearers import Bearer, Spot, bearers
from .workloads import Workload, workloads

_KINDS: Final = {"role": "iam:role", "user": "iam:user", "group": "iam:group"}
# Pairs of identities that are looked at, each of which takes some twenty microseconds where nothing comes of it.
_MOST_PAIRS: Final = 300_000
# A pair that is searched takes as long as so many others.
_SEARCHED: Final = 50
_TAG: Final = "aws:principaltag/"
_ASSUMING: Final = ("sts:AssumeRole",)
_GRANTING: Final = frozenset({"grant-to-roles", "rewrite-policies"})
# Steps of a chain that are shown at its beginning; of a longer one the last is shown too.
_SHOWN: Final = 3


@dataclass(frozen=True)
class Link:
    """One step: what the identity does to become the next, the requests it makes, and the statement that lets it."""

    phrase: str
    witnesses: tuple[Witness, ...]
    spot: Spot


@dataclass(frozen=True)
class Chain:
    """The way of one identity to the top. `end` says what the last identity of the chain can do, `proof` the requests
    by which it does."""

    bearer: Bearer
    links: tuple[Link, ...]
    end: str
    proof: tuple[Witness, ...]

    @property
    def path(self) -> str:
        """The steps in words."""
        return "; then ".join([*self._shown([link.phrase for link in self.links]), self.end])

    @property
    def requests(self) -> Sequence[Witness]:
        """The requests of the steps that are shown, one after the other."""
        links = self.links if len(self.links) <= _SHOWN + 1 else (*self.links[:_SHOWN], self.links[-1])
        return (*(witness for link in links for witness in link.witnesses), *self.proof)

    @staticmethod
    def _shown(phrases: Sequence[str]) -> Iterable[str]:
        left = len(phrases) - _SHOWN - 1
        return phrases if left <= 0 else (*phrases[:_SHOWN], f"{left} more such steps", phrases[-1])


@dataclass(frozen=True)
class Doubt:
    """A link of which it cannot be told whether it is there, by the statement that would let the identity through."""

    bearer: Bearer
    target: Bearer
    spot: Spot
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


class _TooManyError(Exception):
    """There are more pairs of identities than can be looked at."""


@dataclass
class _Movers:
    """The identities that may take over others, by the resources that their dangerous grants name in full."""

    by_text: dict[str, list[Bearer]] = field(default_factory=dict)
    by_arn: dict[str, list[Bearer]] = field(default_factory=dict)
    # Those with wildcards, variables, NotResource or what cannot be read.
    wide: list[Bearer] = field(default_factory=list)

    @classmethod
    def of(cls, everyone: Iterable[Bearer]) -> _Movers:
        found = cls()
        for one in everyone:
            if one.arn:
                found.by_arn.setdefault(one.arn, []).append(one)
            texts: dict[str, None] = {}
            for _, statement in one.dangerous:
                texts.update(dict.fromkeys(_written(statement) or ("",)))
            if "" in texts:
                found.wide.append(one)
            else:
                for text in texts:
                    found.by_text.setdefault(text, []).append(one)
        return found

    def near(self, texts: Iterable[str], named: Iterable[str]) -> Iterator[Bearer]:
        """Whoever may reach one of some resources, or is named by a trust policy."""
        found = [one for text in texts for one in self.by_text.get(text, ())]
        found += [one for arn in named for one in self.by_arn.get(arn, ())]
        return iter(dict.fromkeys((*found, *self.wide)))


def _written(statement: Statement) -> list[str]:
    """The resources of a statement, if it writes out every one."""
    texts = readable(statement.resources)
    whole = statement.resources is not None and None not in statement.resources and statement.not_resources is None
    return texts if whole and not any(has_wildcard(text) or "$" in text for text in texts) else []


@dataclass
class _Climb:
    stack: Stack
    pairs: int = 0
    above: dict[int, Chain] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    running: dict[str, list[Workload]] = field(default_factory=dict)

    def all(self) -> Chains:
        complete = True
        try:
            self.follow()
        except _TooManyError:
            complete = False
        doubts = tuple(each for each in self.doubts if id(each.bearer) not in self.above)
        return Chains(tuple(each for each in self.above.values() if each.links), doubts, complete)

    def follow(self) -> None:
        """Note the chains, the shortest first. Raises `_TooManyError` where there are too many pairs to look at."""
        everyone = bearers(self.stack)
        movers = _Movers.of(everyone)
        for each in workloads(self.stack):
            self.running.setdefault(each.role.urn, []).append(each)
        reached = []
        for one in everyone:
            top = _top(one)
            if top is not None:
                self.above[id(one)] = Chain(one, (), *top)
                reached.append(one)
        reached += self.lifted([one for one in everyone if id(one) not in self.above])
        while reached:
            fresh = []
            for target in reached:
                for one in movers.near(self.texts(target), self.named(target)):
                    link = self.link(one, target) if id(one) not in self.above else None
                    if link is not None:
                        rest = self.above[id(target)]
                        self.above[id(one)] = Chain(one, (link, *rest.links), rest.end, rest.proof)
                        fresh.append(one)
            reached = fresh

    def lifted(self, others: Sequence[Bearer]) -> list[Bearer]:
        """Those who can become a role of the stack that they can give any permission."""
        # Within a boundary a role has no more than that, whatever it is given.
        roles = [each for each in bearers(self.stack) if _kind(each) == "role" and each.arn and each.boundary is None]
        found: list[Bearer] = []
        for one in others:
            # Who can give anything to whomever it likes is told of as it is.
            granting = [way for way in one.escalations.found if way.method.id in _GRANTING and way.bounded]
            for target in roles if granting else ():
                self.look(1)
                proof = next(self.grants_to(one, target), None) if one is not target else None
                link = self.link(one, target) if proof is not None else None
                if proof is not None and link is not None:
                    self.above[id(one)] = Chain(one, (link,), f"give any permission to {target}", proof.witnesses)
                    found.append(one)
                    break
        return found

    def grants_to(self, one: Bearer, target: Bearer) -> Iterator[Escalation]:
        """How an identity can give a role any permission: by its own policies, or one that is attached to it."""
        attached = target.identity.attached if target.identity is not None else ()
        for kind, arn in (("iam:role", target.arn), *(("iam:policy", arn) for arn in attached)):
            if _may_reach(one, arn):
                self.look(_SEARCHED)
                for way in escalations_onto(one.authority, one.holder, Target(arn, kind)).found:
                    if way.method.id in _GRANTING:
                        yield way

    def look(self, pairs: int) -> None:
        """Count what is looked at. Raises `_TooManyError` past the budget."""
        self.pairs += pairs
        if self.pairs > _MOST_PAIRS:
            raise _TooManyError

    def texts(self, target: Bearer) -> list[str]:
        """The resources by which somebody may take over an identity."""
        resource = target.identity.resource if target.identity is not None else None
        running = self.running.get(resource.urn, ()) if resource is not None else ()
        return [text for text in (target.arn, *(each.arn for each in running)) if text]

    def named(self, target: Bearer) -> list[str]:
        """The principals that the trust policy of a role names."""
        return [
            each.name
            for placed in _trust(target)
            for statement in placed.document.statements
            for each in statement.principals or ()
            if each.name is not None
        ]

    def link(self, one: Bearer, target: Bearer) -> Link | None:
        """How one identity becomes another, if it can."""
        self.look(1)
        identity = target.identity
        if identity is None or identity.resource is None or identity.kind not in _KINDS:
            return None
        assumed = self.assumes(one, target) if identity.kind == "role" else None
        if assumed is not None:
            return assumed
        if target.arn and _may_reach(one, target.arn):
            aim = Target(target.arn, _KINDS[identity.kind], _services(target))
            for way in escalations_onto(one.authority, one.holder, aim).found:
                # Whether the role lets the holder in has just been looked at; what it controls is not known.
                assumes = any(each.actions == _ASSUMING for each in way.way.steps)
                if not assumes and way.way.needs is not Needs.CONTROL:
                    return _link(one, way, f"{way.method.title}, here with {target}")
        for workload in self.running.get(identity.resource.urn, ()):
            if _may_reach(one, workload.arn):
                for kind in workload.kinds:
                    for way in escalations_onto(one.authority, one.holder, Target(workload.arn, kind)).found:
                        return _link(one, way, f"{way.method.title}, here of {workload}, which runs as {target}")
        return None

    def assumes(self, one: Bearer, target: Bearer) -> Link | None:
        """The link by sts:AssumeRole: the identity is allowed to, and the role lets it in."""
        if not target.arn or one.arn == target.arn:
            return None
        caller = _caller(one, target.arn)
        for placed in _trust(target):
            if not (_may_reach(one, target.arn) or caller.name in self.named(target)):
                continue
            trust = placed.document
            layers = replace(one.layers, resource=trust, exclusive=True, owner=caller.account)
            domains = _domains(one, caller, domains_of(caller, named_principals([trust])))
            asked = Requests(caller, domains, _ASSUMING, (target.arn,))
            answer: Answer = find(Question(effective(layers, caller)), asked)
            if isinstance(answer, Yes):
                inside = answer.document < len(one.held)
                spot = (
                    one.spot((answer.document, answer.path))
                    if inside or target.identity is None or target.identity.resource is None
                    else Spot(target.identity.resource, placed, answer.path)
                )
                return Link(f"assume {target}", (answer.witness,), spot)
            if isinstance(answer, Undecided) and one.held:
                place = next(_reaching(one, target.arn), (0, ""))
                self.doubts.append(Doubt(one, target, one.spot(place), Undecided(answer.reason, place[1])))
        return None


def _kind(one: Bearer) -> str:
    return one.identity.kind if one.identity is not None else ""


def _trust(target: Bearer) -> Sequence[Placed]:
    """The trust policy of a role."""
    resource = target.identity.resource if target.identity is not None else None
    return trust_documents(resource) if resource is not None and _kind(target) == "role" else ()


def _services(target: Bearer) -> frozenset[str] | None:
    """The service principals that a role trusts; `None` where that is not known."""
    names: set[str] = set()
    for placed in _trust(target):
        for statement in placed.document.statements:
            for each in statement.principals or () if statement.effect is not Effect.DENY else ():
                if each.name is None:
                    return None
                if each.kind == "Service":
                    names.add(each.name)
    return frozenset(names)


def _caller(one: Bearer, of: str) -> Principal:
    """Who calls: the identity, a member of a group, or whoever holds a policy, in the account of an ARN."""
    account = ":".join(of.split(":", 5)[:5])
    arn = one.arn or f"{account}:role/{'permission-set' if one.identity is not None else 'whoever-holds-this-policy'}"
    return Principal("AWS", arn.replace(":group/", ":user/a-member-of-"))


def _domains(one: Bearer, caller: Principal, others: Domains) -> Domains:
    """The keys of requests by an identity of the stack, of which its ARN, its kind and its tags are known."""
    resource = one.identity.resource if one.identity is not None else None
    tags = resource["tags"] if resource is not None else None

    def domain(key: str) -> Domain:
        if key == "aws:principalarn" and one.arn:
            return Domain(Presence.ALWAYS, only=(caller.name,))
        if key == "aws:principaltype" and _kind(one) in ("role", "user"):
            return Domain(Presence.ALWAYS, only=("AssumedRole" if _kind(one) == "role" else "User",))
        if key.startswith(_TAG) and tags is not None and not tags.unknown:
            held = next((value for name, value in tags.members() if name.lower() == key.removeprefix(_TAG)), None)
            if held is None:
                return NEVER
            return Domain(Presence.ALWAYS, only=(held.text,)) if held.text is not None else others(key)
        return others(key)

    return domain


def _top(one: Bearer) -> tuple[str, tuple[Witness, ...]] | None:
    """What an identity can do that needs no other, in words, with the requests that show it."""
    if isinstance(one.administrator, Yes):
        return "administer the account", (_by(one, one.administrator.witness),)
    own = [each for each in one.own_escalations if each.method.family in (Family.SELF, Family.PRINCIPAL)]
    return (own[0].method.title, own[0].witnesses) if own else None


def _by(one: Bearer, witness: Witness) -> Witness:
    """A witness with the identity as its principal, where that has an ARN."""
    principal = one.holder.principal
    return replace(witness, request=replace(witness.request, principal=principal))


def _link(one: Bearer, way: Escalation, phrase: str) -> Link:
    return Link(phrase, way.witnesses, one.spot(way.places[-1]))


def _reaching(one: Bearer, resource: str) -> Iterator[tuple[int, str]]:
    """The grants of an identity that may be one of a method on a resource, conditions left aside."""
    return (place for place, statement in one.dangerous if may_meet(statement, Kind.IDENTITY, resource))


def _may_reach(one: Bearer, resource: str) -> bool:
    return next(_reaching(one, resource), None) is not None
