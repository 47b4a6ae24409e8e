"""Questions about AWS policy documents that rules ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from .answers import Answer, No, Undecided, Witness, Yes, first
from .authority import Authority
from .caller_keys import NARROW, free_domains, holder_domains, stranger_domains
from .callers import (
    HOLDER,
    PUBLIC_PROVIDERS,
    as_itself,
    foreign,
    foreign_saml,
    named_callers,
    stranger_account,
    strangers_of,
)
from .document import Document, Effect, Kind, Statement
from .domains import fixing
from .evaluate import Principal, action_truth, evaluate
from .goals import Question, Requests
from .places import MOST, TOO_MANY, places_of
from .search import find
from .state import Budget
from .trust_actions import ASSUME, SAML, WEB_IDENTITY
from .truth import Truth

# Actions by which an identity can give itself any further permission.
_GRANTING: Final = (
    ("iam:PutUserPolicy", "user"),
    ("iam:PutRolePolicy", "role"),
    ("iam:PutGroupPolicy", "group"),
    ("iam:AttachUserPolicy", "user"),
    ("iam:AttachRolePolicy", "role"),
    ("iam:AttachGroupPolicy", "group"),
    ("iam:CreatePolicyVersion", "policy"),
    ("iam:UpdateAssumeRolePolicy", "role"),
)
_IDENTITY_WORK: Final = (
    *_GRANTING,
    ("iam:CreateUser", "user"),
    ("iam:CreateRole", "role"),
    ("iam:CreateAccessKey", "user"),
    ("iam:PassRole", "role"),
    ("iam:DeleteRole", "role"),
    ("iam:GetRole", "role"),
    ("iam:ListUsers", "user"),
    ("iam:AnyOtherAction", "user"),
)
_WIDE: Final = (
    ("s3:GetObject", "arn:{0}:s3:::any-bucket/any-object"),
    ("s3:PutBucketPolicy", "arn:{0}:s3:::any-bucket"),
    ("ec2:TerminateInstances", "arn:{0}:ec2:us-east-1:{1}:instance/i-0123456789abcdef0"),
    ("ec2:AuthorizeSecurityGroupIngress", "arn:{0}:ec2:us-east-1:{1}:security-group/sg-0123456789abcdef0"),
    ("lambda:UpdateFunctionCode", "arn:{0}:lambda:us-east-1:{1}:function:any-function"),
    ("dynamodb:DeleteTable", "arn:{0}:dynamodb:us-east-1:{1}:table/any-table"),
    ("rds:DeleteDBInstance", "arn:{0}:rds:us-east-1:{1}:db:any-database"),
    ("kms:ScheduleKeyDeletion", "arn:{0}:kms:us-east-1:{1}:key/any-key"),
    ("secretsmanager:GetSecretValue", "arn:{0}:secretsmanager:us-east-1:{1}:secret:any-secret"),
    ("sqs:SendMessage", "arn:{0}:sqs:us-east-1:{1}:any-queue"),
    ("cloudtrail:StopLogging", "arn:{0}:cloudtrail:us-east-1:{1}:trail/any-trail"),
    ("anyservice:AnyAction", "arn:{0}:anyservice:us-east-1:{1}:any-resource"),
)
# A Deny of a few actions takes nothing essential away from an administrator.
_SHARE: Final = 0.75


def administrator(documents: Sequence[Document], authority: Authority | None = None) -> Answer:
    """Whether the policies of one identity, taken together, give it administrator access.

    `authority` is what decides its requests where there is more to it than these documents, such as a boundary.

    That is: it can change permissions on arbitrary users, roles, groups or policies of its account, and it either can
    do most of a spread of actions over many services, or most of what IAM offers (with which it can grant itself the
    rest). Conditions that the session can meet do not count; conditions on resource, service or request parameters
    do, unless they hold on absent keys.
    """
    granting = [
        statement
        for document in documents
        for statement in document.statements
        if statement.effect is not Effect.DENY and _may_grant(statement, document.kind)
    ]
    if not granting:
        return No()
    others = (each for document in documents for each in document.statements if each not in granting)
    places, budget = places_of(granting, others), Budget()
    question = Question(authority or Authority.of(documents))
    tried = (_administrator_in(question, place.partition, place.account, budget) for place in places[:MOST])
    return first(chain(tried, [Undecided(TOO_MANY, granting[0].path)] if len(places) > MOST else ()))


def _may_grant(statement: Statement, kind: Kind) -> bool:
    """Whether a statement speaks of an action by which an identity can give itself permissions."""
    caller = HOLDER
    return any(action_truth(statement, kind, caller, action) is not Truth.NO for action, _ in _GRANTING)


def _administrator_in(question: Question, partition: str, account: str, budget: Budget) -> Answer:
    domains = holder_domains(account)

    def ask(action: str, resource: str, note: str) -> Answer:
        caller = HOLDER
        return find(question, Requests(caller, domains, (action,), (resource,)), note, budget)

    def iam(probes: Iterable[tuple[str, str]], note: str) -> Iterator[Answer]:
        for action, kind in probes:
            yield ask(action, f"arn:{partition}:iam::{account}:{kind}/any-{kind}", note)

    wide_note, iam_note = "administrator access", "full control of IAM, which can grant itself everything else"
    grant = first(iam(_GRANTING, wide_note))
    if isinstance(grant, No):
        return grant
    wide = [ask(action, resource.format(partition, account), wide_note) for action, resource in _WIDE]
    spread = _most(wide)
    if isinstance(grant, Yes) and isinstance(spread, Yes):
        return grant
    all_iam = _most(list(iam(_IDENTITY_WORK, iam_note)))
    if isinstance(grant, Yes) and isinstance(all_iam, Yes):
        return Yes(Witness(grant.witness.request, iam_note), grant.path, grant.document)
    if isinstance(spread, No) and isinstance(all_iam, No):
        return No()
    return next(each for each in (grant, spread, all_iam) if isinstance(each, Undecided))


def _most(answers: list[Answer]) -> Answer:
    """Yes if most answers are, undecided if they might be."""
    needed = _SHARE * len(answers)
    positive = [each for each in answers if isinstance(each, Yes)]
    doubtful = [each for each in answers if isinstance(each, Undecided)]
    if len(positive) >= needed:
        return positive[0]
    return doubtful[0] if doubtful and len(positive) + len(doubtful) >= needed else No()


def strangers(document: Document, own_accounts: frozenset[str]) -> Answer:
    """Whether a resource policy allows a request by somebody outside.

    A stranger is anonymous, a principal of an account that the document does not name and that is not among
    `own_accounts`, or the holder of a token of a public identity provider. Fixed values of trusted keys keep
    strangers out, and so does a network of at most a /8 (IPv4) or a /32 (IPv6) in all; not so those that the requests
    carry whoever sends them (`Document.carried`).
    """
    account, carried = stranger_account((document,), own_accounts), dict(document.carried)
    return _outsiders(
        document,
        (
            Requests(caller, fixing(carried, stranger_domains(caller, account, own_accounts)), narrow=NARROW)
            for caller in strangers_of(document, account)
        ),
    )


def anyone_may_assume(document: Document) -> Answer:
    """Whether a trust document lets a stranger assume the role through a wildcard.

    A stranger is a principal of an account that the document does not name, the holder of a token of a public provider
    that it does not name, or whoever a SAML provider in a stranger's account vouches for. An external id that the
    document fixes keeps strangers out, as they do not know it.
    """
    account = stranger_account((document,), frozenset())
    named = {
        each.name for statement in document.statements for each in (statement.principals or ()) if each.name is not None
    }
    keys = " ".join(each.key.lower() for statement in document.statements for each in statement.conditions)
    unnamed = [each for each in PUBLIC_PROVIDERS if each not in named] or ["an-unnamed-provider"]
    tried = [each for each in unnamed if each in keys] or unnamed[:1]
    callers = [
        (foreign(account), (ASSUME,)),
        *((Principal("Federated", each), (WEB_IDENTITY,)) for each in tried),
        (foreign_saml(account), (SAML,)),
    ]
    return _outsiders(
        document,
        (
            Requests(caller, stranger_domains(caller, account, frozenset()), actions, ("*",), narrow=NARROW)
            for caller, actions in callers
        ),
    )


def _outsiders(document: Document, asked: Iterable[Requests]) -> Answer:
    """Yes to the first of several sets of requests that holds an allowed one; the path is that of the principals."""
    question, budget = Question(Authority.of((document,))), Budget()
    found = first(find(question, requests, budget=budget) for requests in asked)
    if not isinstance(found, Yes):
        return found
    statement = next(each for each in document.statements if each.path == found.path)
    witness = as_itself(found.witness, lambda each: evaluate((document,), each).verdict)
    return replace(found, witness=witness, path=statement.principal_path)


def allows(
    documents: Sequence[Document],
    action: str,
    resource: str,
    context: Mapping[str, str | tuple[str, ...]] | None = None,
) -> Answer:
    """Whether the documents let anybody they speak of do `action` on `resource`; the path is the Allow statement's.

    `context` fixes condition keys; every other key may hold what helps.
    """
    domains = fixing({key.lower(): value for key, value in (context or {}).items()}, free_domains)
    question, budget = Question(Authority.of(documents)), Budget()
    return first(
        find(question, Requests(caller, domains, (action,), (resource,)), budget=budget)
        for caller in named_callers(documents)
    )
