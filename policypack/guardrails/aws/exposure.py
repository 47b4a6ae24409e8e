"""Whom a resource policy lets in: strangers, services on a stranger's behalf, named accounts, callers without TLS.

Of what a policy grants, only the actions of the services that its resource belongs to count: the others grant nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..glob import Glob, compiled, has_wildcard
from ..values import STAND_IN
from . import actions as table
from .accounts import is_account
from .answers import Answer, No, Undecided, Witness, Yes, first
from .authority import Authority
from .caller_keys import NARROW, domains_of, stranger_domains
from .callers import (
    as_itself,
    callers_of,
    foreign,
    is_stranger,
    named_callers,
    named_principals,
    stranger_account,
    strangers_of,
)
from .document import Document, Effect, Statement
from .domains import NEVER, Domain, Domains, NamedValues, Presence, account_of_arn, fixing, up_to, whole
from .evaluate import Principal, evaluate
from .goals import Question, Requests
from .offers import BELOW_A_DOMAIN, CONFIGURING, actions_of, reached, telling
from .patterns import compiled_arn
from .plain_requests import OF_THE_SOURCE, as_plain, in_plain, tls_readings
from .search import TOO_MANY_CALLERS, find, survey
from .state import Budget

# Services that answer requests without a signature, each by its own documentation.
_UNSIGNED: Final = frozenset(
    {"sqs", "sns", "es", "execute-api", "elasticfilesystem", "mediastore", "vpc-lattice-svcs", "cloudsearch"}
)
_OF_AN_ORGANIZATION: Final = ("aws:principalorg", "aws:resourceorg")
# What carries data out, for the services that endpoints are most often made for.
_CARRYING_OUT: Final = (
    ("s3:PutObject", "arn:aws:s3:::a-bucket-nobody-named/any-object"),
    ("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:{}:table/any-table"),
    ("sqs:SendMessage", "arn:aws:sqs:us-east-1:{}:any-queue"),
    ("anyservice:AnyAction", "arn:aws:anyservice:us-east-1:{}:any-resource"),
)
_BUCKET_OF_ARN: Final = 5
# The resource types of actions that go through an access point, and the keys that only requests through one carry.
_ACCESS_POINT: Final = "accesspoint"
_OF_AN_ACCESS_POINT: Final = "s3:dataaccesspoint"


@dataclass(frozen=True)
class Exposure:
    """A request that the Allow statement at `statement` lets through, and the actions for which there is one like it.

    `path` is the element of the statement that names the principals.
    """

    statement: str
    path: str
    witness: Witness
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Exposures:
    """What was found, and one doubt for each statement that may let more through."""

    found: tuple[Exposure, ...]
    doubts: tuple[Undecided, ...]


def exposures(document: Document, services: tuple[str, ...]) -> Exposures:
    """What strangers may do to a resource of these services, whose policy the document is.

    Strangers are those of `questions.strangers`: principals of an account that the document does not name, the
    anonymous, and holders of tokens of public providers.
    """
    account, carried = stranger_account((document,), frozenset()), dict(document.carried)
    callers = strangers_of(document, account, signed_first=_UNSIGNED.isdisjoint(services))
    budget = Budget()
    return _merged(
        _surveyed(
            document,
            Requests(
                caller,
                fixing(carried, _of_buckets(stranger_domains(caller, account, frozenset()))),
                narrow=NARROW,
                hints=telling(services),
            ),
            services,
            budget,
        )
        for caller in callers
    )


def grants_to_accounts(document: Document, services: tuple[str, ...], is_asked: Callable[[str], bool]) -> Exposures:
    """What principals of those named accounts that are asked about may do to a resource of these services.

    They are taken to belong to no organization that the document names.
    """
    named = named_principals((document,))
    budget = Budget()
    asked: dict[Principal, str] = {}
    for statement in document.statements:
        for caller in callers_of(statement, document.kind, "") if statement.effect is not Effect.DENY else ():
            if is_account(caller.account) and not is_stranger(caller) and is_asked(caller.account):
                asked.setdefault(caller, statement.path)

    def each() -> Iterator[Exposures]:
        for caller, path in asked.items():
            if budget.left < 0:
                yield Exposures((), (Undecided(TOO_MANY_CALLERS, path),))
                return
            requests = Requests(caller, _elsewhere(domains_of(caller, named)), hints=telling(services))
            yield _surveyed(document, requests, services, budget)

    return _merged(each())


def serves_strangers(document: Document) -> Answer:
    """Whether a service that the document names may use the resource on behalf of a stranger's resource.

    The service tells for which resource and account it calls; what fixes neither lets it call for anybody's.
    """
    account = stranger_account((document,), frozenset())
    services = {
        each.name: None
        for statement in document.statements
        for each in statement.principals or ()
        if each.kind in ("Service", "") and each.name is not None
    }
    names = list(services) or ["any-service.amazonaws.com"]
    return _first_allowed(
        document, (Requests(caller, _on_behalf(caller, account)) for caller in (Principal("Service", n) for n in names))
    )


def grants_on_behalf(document: Document, asked: Callable[[Principal], tuple[str, ...]]) -> Exposures:
    """What services may do with a resource on behalf of strangers' resources: one request for each statement and
    service, of the actions that are `asked` about the service (none: it is left aside)."""
    account = stranger_account((document,), frozenset())
    question, budget = Question(Authority.of((document,))), Budget()
    statements = {each.path: each for each in document.statements if each.effect is not Effect.DENY}
    callers = dict.fromkeys(
        caller
        for statement in statements.values()
        for caller in callers_of(statement, document.kind, account)
        if caller.kind == "Service" and asked(caller)
    )

    def each() -> Iterator[Exposures]:
        for caller in callers:
            requests = Requests(caller, _on_behalf(caller, account), asked(caller))
            surveyed = survey(question, requests, budget, whole=False)
            found = [
                Exposure(one.answer.path, statements[one.answer.path].principal_path, one.answer.witness, one.actions)
                for one in surveyed.found
            ]
            yield Exposures(tuple(found), tuple(doubt.reason for doubt in surveyed.doubts))

    return _merged(each())


def without_tls(document: Document, services: tuple[str, ...]) -> Answer:
    """Whether somebody who is no service may use a resource of these services without TLS."""
    named, actions = named_principals((document,)), actions_of(services)
    callers = [each for each in named_callers((document,)) if each.kind != "Service"]
    found: Answer = No()
    for version in tls_readings(document):
        asked = (Requests(caller, in_plain(domains_of(caller, named), version), actions) for caller in callers)
        found = _first_allowed(document, asked)
        if isinstance(found, No):
            return found
    return replace(found, witness=as_plain(found.witness)) if isinstance(found, Yes) else found


def use_through(document: Document, statement: Statement, action: str | None) -> Answer:
    """Whether one Allow statement lets somebody that it speaks of do an action (`None`: any).

    Whom it names outright is asked about first, then the accounts it names and strangers.
    """
    named = named_principals((document,))
    actions = None if action is None else (action,)
    callers = callers_of(statement, document.kind, stranger_account((document,), frozenset()))
    callers.sort(key=lambda caller: caller.name not in named)
    return _first_allowed(
        document,
        (Requests(caller, _requested(action, domains_of(caller, named)), actions) for caller in callers),
        lambda each: each is statement,
    )


def anything_passes(document: Document) -> Answer:
    """Whether the policy of a VPC endpoint lets a stranger's principal reach a stranger's resource."""
    account = stranger_account((document,), frozenset())
    caller = foreign(account)
    domains = _elsewhere(stranger_domains(caller, account, frozenset()))
    return _first_allowed(
        document,
        (Requests(caller, domains, (action,), (resource.format(account),)) for action, resource in _CARRYING_OUT),
    )


def _first_allowed(
    document: Document,
    asked: Iterable[Requests],
    only: Callable[[Statement], bool] = lambda _statement: True,
) -> Answer:
    """Yes to the first of several sets of requests that holds an allowed one; the path is the statement's."""
    question, budget = Question(Authority.of((document,)), only=only), Budget()
    found = first(find(question, requests, budget=budget) for requests in asked)
    return replace(found, witness=_agreeing(document, found.witness)) if isinstance(found, Yes) else found


def _agreeing(document: Document, witness: Witness) -> Witness:
    return as_itself(witness, lambda request: evaluate((document,), request).verdict)


def _surveyed(document: Document, requests: Requests, services: tuple[str, ...], budget: Budget) -> Exposures:
    return _merged(
        _surveyed_through(document, replace(requests, actions=actions), services, budget, only)
        for actions, only in _ways_in(document, services)
    )


def _ways_in(
    document: Document, services: tuple[str, ...]
) -> list[tuple[tuple[str, ...] | None, Callable[[Statement], bool]]]:
    """The statements of a document in groups, each with the actions that they can grant (`None`: any)."""
    below = {id(each) for each in document.statements if not reached(each, CONFIGURING)}
    if CONFIGURING[:-1] not in services or not below:
        return [(None, lambda _statement: True)]
    data = tuple(name for name in actions_of(services) if name.startswith(BELOW_A_DOMAIN))
    return [(None, lambda statement: id(statement) not in below), (data, lambda statement: id(statement) in below)]


def _surveyed_through(
    document: Document,
    requests: Requests,
    services: tuple[str, ...],
    budget: Budget,
    only: Callable[[Statement], bool],
) -> Exposures:
    surveyed = survey(Question(Authority.of((document,)), only=only), requests, budget)
    statements = {each.path: each for each in document.statements}
    found = [
        Exposure(
            statement.path,
            statement.principal_path,
            _agreeing(document, each.answer.witness),
            _own(each.actions, services),
        )
        for each in surveyed.found
        for statement in [statements[each.answer.path]]
        if each.answer.witness.request.action.partition(":")[0].lower() in services
    ]
    return Exposures(tuple(found), tuple(doubt.reason for doubt in surveyed.doubts))


def _own(actions: Iterable[str], services: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in actions if each.partition(":")[0].lower() in services)


def _merged(asked: Iterable[Exposures]) -> Exposures:
    found: list[Exposure] = []
    doubts: dict[Undecided, None] = {}
    for each in asked:
        found += each.found
        doubts.update(dict.fromkeys(each.doubts))
    return Exposures(tuple(found), tuple(doubts))


def _of_buckets(domains: Domains) -> Domains:
    """A name of a bucket is one bucket's in all accounts, so a pattern that fixes it names nothing of a stranger's."""

    def domain(key: str) -> Domain:
        found = domains(key)
        return replace(found, named=_source) if key == "aws:sourcearn" and found.named is not None else found

    return domain


def _source(text: str, *, fold: bool) -> tuple[Glob, ...]:
    computed = STAND_IN.match(text)
    if computed is not None:
        # One ARN that nobody chose: with what follows it, it names one resource and its parts.
        return (compiled(f"{computed[0]}*"),)
    parts = text.split(":", _BUCKET_OF_ARN)
    if len(parts) > _BUCKET_OF_ARN and parts[2] == "s3" and not has_wildcard(parts[_BUCKET_OF_ARN]):
        return (compiled_arn(text),)
    named: NamedValues = account_of_arn
    return named(text, fold=fold)


def _on_behalf(caller: Principal, account: str) -> Domains:
    """The keys of a call that a service makes for a resource of a stranger."""
    outside = _of_buckets(stranger_domains(foreign(account), account, frozenset()))
    inside = domains_of(caller, frozenset())

    def domain(key: str) -> Domain:
        return outside(key) if key.startswith(OF_THE_SOURCE) or key == "lambda:eventsourcetoken" else inside(key)

    return domain


def _requested(action: str | None, domains: Domains) -> Domains:
    """The keys of requests for an action: access points take none that is about a bucket alone."""
    known = None if action is None else table.action(action)
    if known is None or any(use.type.startswith(_ACCESS_POINT) for use in known.resources):
        return domains
    return lambda key: NEVER if key.startswith(_OF_AN_ACCESS_POINT) else domains(key)


def _elsewhere(domains: Domains) -> Domains:
    """Neither the caller nor the resource belongs to an organization, or the resource to an account, that is named."""

    def domain(key: str) -> Domain:
        if key.startswith(_OF_AN_ORGANIZATION):
            return Domain(
                Presence.EITHER, named=up_to("/"), plain=True, several=key.endswith("paths"), filler="stranger"
            )
        if key == "aws:resourceaccount":
            return Domain(Presence.ALWAYS, named=whole, plain=True, filler="77889999")
        return domains(key)

    return domain
