"""Whom a resource policy lets in: strangers, services on a stranger's behalf, named accounts, callers without TLS.

Of what a policy grants, only the actions of the services that its resource belongs to count: the others grant nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..values import STAND_IN
from . import actions as table
from .actions import AccessLevel
from .answers import Answer, No, Undecided, Witness, Yes
from .authority import Authority
from .callers import (
    NARROW,
    PUBLIC_PROVIDERS,
    as_itself,
    callers_of,
    domains_of,
    foreign,
    is_stranger,
    named_callers,
    named_principals,
    stranger_account,
    stranger_domains,
)
from .document import Document, Effect, Kind, Statement
from .domains import NEVER, Domain, Domains, NamedValues, Presence, account_of_arn, up_to, whole
from .evaluate import ANONYMOUS, Principal, action_truth, evaluate
from .glob import Glob, compiled, compiled_arn, has_wildcard
from .goals import Question, Requests
from .search import TOO_MANY_CALLERS, find, survey
from .state import Budget
from .truth import Truth

# Services that answer requests without a signature, each by its own documentation.
_UNSIGNED: Final = frozenset(
    {"sqs", "sns", "es", "execute-api", "elasticfilesystem", "mediastore", "vpc-lattice-svcs", "cloudsearch"}
)
# Only a service that calls on behalf of a resource sends these.
_OF_THE_SOURCE: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorg")
_OF_AN_ORGANIZATION: Final = ("aws:principalorg", "aws:resourceorg")
# What carries data out, for the services that endpoints are most often made for.
_CARRYING_OUT: Final = (
    ("s3:PutObject", "arn:aws:s3:::a-bucket-nobody-named/any-object"),
    ("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:{}:table/any-table"),
    ("sqs:SendMessage", "arn:aws:sqs:us-east-1:{}:any-queue"),
    ("anyservice:AnyAction", "arn:aws:anyservice:us-east-1:{}:any-resource"),
)
_TAKING_AWAY: Final = re.compile(":(Delete|Remove|Retire|Revoke)")
_BUCKET_OF_ARN: Final = 5
_ACCOUNT_DIGITS: Final = 12


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
    account = stranger_account((document,), frozenset())
    callers = [ANONYMOUS, foreign(account)]
    if _UNSIGNED.isdisjoint(services):
        callers.reverse()
    if any(each.kind in ("Federated", "") for statement in document.statements for each in statement.named_principals):
        callers += [Principal("Federated", name) for name in PUBLIC_PROVIDERS]
    budget = Budget()
    return _merged(
        _surveyed(
            document,
            Requests(
                caller,
                _of_buckets(stranger_domains(caller, account, frozenset())),
                narrow=NARROW,
                hints=_telling(services),
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
            is_account = len(caller.account) == _ACCOUNT_DIGITS and caller.account.isdigit()
            if is_account and not is_stranger(caller) and is_asked(caller.account):
                asked.setdefault(caller, statement.path)

    def each() -> Iterator[Exposures]:
        for caller, path in asked.items():
            if budget.left < 0:
                yield Exposures((), (Undecided(TOO_MANY_CALLERS, path),))
                return
            requests = Requests(caller, _elsewhere(domains_of(caller, named)), hints=_telling(services))
            yield _surveyed(document, requests, services, budget)

    return _merged(each())


def deputies(document: Document) -> Answer:
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
    return _first(
        document, (Requests(caller, _on_behalf(caller, account)) for caller in (Principal("Service", n) for n in names))
    )


def deputies_through(
    document: Document, statement: Statement, asked: Callable[[Principal], tuple[str, ...]], budget: Budget
) -> Answer:
    """Whether one Allow statement lets a service do, on behalf of a stranger's resource, one of the actions that are
    `asked` about it (none: the service is left aside)."""
    account = stranger_account((document,), frozenset())
    callers = [each for each in callers_of(statement, document.kind, account) if each.kind == "Service"]
    return _first(
        document,
        (Requests(caller, _on_behalf(caller, account), asked(caller)) for caller in callers if asked(caller)),
        lambda each: each is statement,
        budget,
    )


def without_tls(document: Document, services: tuple[str, ...]) -> Answer:
    """Whether somebody who is no service may use a resource of these services without TLS."""
    named, actions = named_principals((document,)), actions_of(services)
    callers = [each for each in named_callers((document,)) if each.kind != "Service"]
    found = _first(document, (Requests(caller, _in_plain(domains_of(caller, named)), actions) for caller in callers))
    if not isinstance(found, Yes):
        return found
    request = found.witness.request
    context = {"aws:SecureTransport": "false", **request.context}
    return replace(found, witness=replace(found.witness, request=replace(request, context=context)))


def use_through(document: Document, statement: Statement, action: str | None) -> Answer:
    """Whether one Allow statement lets somebody that it speaks of do an action (`None`: any).

    Whom it names outright is asked about first, then the accounts it names and strangers.
    """
    named = named_principals((document,))
    actions = None if action is None else (action,)
    callers = callers_of(statement, document.kind, stranger_account((document,), frozenset()))
    callers.sort(key=lambda caller: caller.name not in named)
    return _first(
        document,
        (Requests(caller, domains_of(caller, named), actions) for caller in callers),
        lambda each: each is statement,
    )


def anything_passes(document: Document) -> Answer:
    """Whether the policy of a VPC endpoint lets a stranger's principal reach a stranger's resource."""
    account = stranger_account((document,), frozenset())
    caller = foreign(account)
    domains = _elsewhere(stranger_domains(caller, account, frozenset()))
    return _first(
        document,
        (Requests(caller, domains, (action,), (resource.format(account),)) for action, resource in _CARRYING_OUT),
    )


def grants_whole_service(statement: Statement, service: str) -> bool:
    """Whether the actions of a statement are all that a service has, some of which change policies."""
    names = actions_of((service,))
    return any(manages_permissions(name) or name.endswith("Policy") for name in names) and all(
        action_truth(statement, Kind.RESOURCE, ANONYMOUS, name) is Truth.YES and _reached(statement, name)
        for name in names
    )


def most_dangerous(statement: Statement, services: tuple[str, ...]) -> str:
    """The action of these services that a statement speaks of and that does most; empty where it speaks of none."""
    telling = _telling(services)
    names = [
        name
        for name in actions_of(services)
        if action_truth(statement, Kind.RESOURCE, ANONYMOUS, name) is Truth.YES
        and _reached(statement, name)
        and _works_there(statement, name)
    ]
    return max(names, key=lambda name: (table.rank(name), name in telling, not _TAKING_AWAY.search(name)), default="")


def manages_permissions(action: str) -> bool:
    """Whether an action changes who may use a resource."""
    found = table.action(action)
    return found is not None and found.level is AccessLevel.PERMISSIONS_MANAGEMENT


def actions_of(services: tuple[str, ...]) -> tuple[str, ...]:
    """The names of all actions of these services."""
    listed = [table.service(each) for each in services]
    return tuple(action.name for service in listed if service is not None for action in service.actions.values())


def _reached(statement: Statement, action: str) -> bool:
    """Whether the resources of a statement are those that an action may work on, as far as paths below a search domain
    go: its configuration is asked for by the domain's own ARN, and only its data below that.

    Source: OpenSearch Service, "Identity and Access Management".
    """
    if not action.startswith(_CONFIGURING) or action.startswith(_BELOW_A_DOMAIN) or statement.resources is None:
        return True
    return any(text is None or "$" in text or text.count("/") <= 1 for text in statement.resources)


def _works_there(statement: Statement, action: str) -> bool:
    """Whether a statement may speak of one of the ARNs that an action works on."""
    formats = formats_of(action) or ()
    return not formats or any(may_meet(statement, Kind.RESOURCE, _PART.sub("any", each)) for each in formats)


def _first(
    document: Document,
    asked: Iterable[Requests],
    only: Callable[[Statement], bool] = lambda _statement: True,
    budget: Budget | None = None,
) -> Answer:
    """Yes to the first of several sets of requests that holds an allowed one; the path is the statement's."""
    doubt: Undecided | None = None
    question, budget = Question(Authority.of((document,)), only=only), budget or Budget()
    for requests in asked:
        found = find(question, requests, budget=budget)
        if isinstance(found, Yes):
            return replace(found, witness=_agreeing(document, found.witness))
        if isinstance(found, Undecided):
            doubt = doubt or found
    return doubt or No()


def _agreeing(document: Document, witness: Witness) -> Witness:
    return as_itself(witness, lambda request: evaluate((document,), request).verdict)


def _surveyed(document: Document, requests: Requests, services: tuple[str, ...], budget: Budget) -> Exposures:
    surveyed = survey(Question(Authority.of((document,))), requests, budget)
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


def _telling(services: tuple[str, ...]) -> tuple[str, ...]:
    """Actions of the services to be shown before others: on policies and permissions, then on what is kept there."""
    listed = [table.service(each) for each in services]
    names = [action.name for service in listed if service is not None for action in service.actions.values()]
    policies = [name for name in names if manages_permissions(name) and name.endswith(("Policy", "Permission"))]
    readable = [name for name in Requests.hints if name.partition(":")[0] in services]
    return (*policies, *readable, *names[:1])


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
        return outside(key) if key.startswith(_OF_THE_SOURCE) or key == "lambda:eventsourcetoken" else inside(key)

    return domain


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


def _in_plain(domains: Domains) -> Domains:
    """The keys of a request that somebody makes without TLS, on nobody's behalf."""

    def domain(key: str) -> Domain:
        if key == "aws:securetransport":
            return Domain(Presence.ALWAYS, only=("false",))
        return NEVER if key.startswith(_OF_THE_SOURCE) else domains(key)

    return domain
