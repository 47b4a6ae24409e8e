"""Statements and actions that grant nothing by themselves, and conditions that every request meets.

All are answered by the search: that no request matches a statement, as it is or with one action alone, and that none
matches it without a condition which does not match it with that condition. Each is a mistake, whatever else the
documents say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final

from ..glob import compiled, has_wildcard
from . import actions as table
from .answers import No
from .arns import format_of, pattern_of
from .authority import Authority, Placed
from .caller_keys import domains_of
from .callers import callers_of, named_principals, stranger_account
from .conditions import entry_truth
from .document import Condition, Document, Effect, Kind, Statement, is_action, readable
from .domains import ALWAYS_FREE, Domain, Domains, Presence
from .evaluate import Principal
from .goals import Question, Requests
from .operators import TEXTUAL, Family, operator_of
from .patterns import compiled_arn
from .search import find
from .state import Budget
from .truth import Truth


class Cause(Enum):
    """The element without which a statement would grant something."""

    CONDITION = "Condition"
    RESOURCE = "Resource"
    PRINCIPAL = "Principal"


@dataclass(frozen=True, slots=True)
class Dead:
    """An Allow statement that no request matches. `path` is its own, `part` that of the part that keeps it from
    matching. For a resource, `action` is one that the statement names and `formats` are the ARNs it works on, `*` where
    it names no resource."""

    path: str
    part: str
    cause: Cause
    action: str = ""
    formats: tuple[str, ...] = ()


_SEVERAL: Final = 2
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]+\}|\*")
_ACCOUNT: Final = "555566667777"
# Keys that every signed request carries, and those of them that others carry too (IAM User Guide, "AWS global condition
# context keys").
_SIGNED: Final[Mapping[str, Domain]] = {
    "aws:principalarn": Domain(Presence.ALWAYS, shapes=(compiled_arn("arn:*:*:*:*:*"),)),
    "aws:principalaccount": ALWAYS_FREE,
    "aws:userid": ALWAYS_FREE,
    "aws:principalisawsservice": ALWAYS_FREE,
}
_EVERY: Final = frozenset({"aws:requestedregion", "aws:useragent", "aws:principaltype", "aws:securetransport",
                           "aws:currenttime", "aws:epochtime", "aws:viaawsservice"})  # fmt: skip
# Their values are single addresses: a network is no value that a text can be compared with.
_ADDRESSES: Final = frozenset({"aws:sourceip", "aws:vpcsourceip"})
_NETWORK: Final = compiled("*/*")
# AWS's own names, in which no wildcard stands: one that is compared by its letters is never met.
_NAMES: Final = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid",
                           "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:resourceaccount",
                           "aws:resourceorgid", "aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount"})  # fmt: skip


def dead(document: Document) -> tuple[Dead, ...]:
    """The Allow statements of a document through which nothing can be granted, for certain."""
    examiner = _Examiner(document)
    found = (examiner.dead(placed) for placed in examiner.grants)
    return tuple(each for each in found if each is not None)


def always_met(document: Document) -> tuple[tuple[str, Condition], ...]:
    """The conditions of Allow statements that every request meets, for certain, with the path of their statement."""
    examiner = _Examiner(document)
    return tuple(
        (placed.statement.path, condition) for placed in examiner.grants for condition in examiner.always_met(placed)
    )


@dataclass(frozen=True, slots=True)
class Misplaced:
    """An action at `path` that works on none of the resources of its statement, which grants others; `formats` are the
    ARNs it works on, `*` where it names no resource."""

    statement: str
    path: str
    action: str
    formats: tuple[str, ...]


def misplaced(document: Document) -> tuple[Misplaced, ...]:
    """The actions that Allow statements spell out and do not grant, for certain, because of their resources alone."""
    examiner = _Examiner(document)
    return tuple(found for placed in examiner.grants for found in examiner.misplaced(placed))


def _is_plain(condition: Condition) -> bool:
    """Whether a condition is one that some value meets, if the key may hold any."""
    operator = operator_of(condition.operator)
    if operator is None or operator.negated or operator.family not in TEXTUAL:
        return False
    texts = readable(condition.values)
    is_arn = operator.family is Family.ARN
    return any(
        text and not has_wildcard(text) and "$" not in text and (not is_arn or text[:4] == "arn:") for text in texts
    )


def _is_free(domain: Domain) -> bool:
    """Whether a key may hold any value."""
    bounded = domain.only is not None or domain.named is not None or domain.excluded or domain.shapes
    return domain.presence is not Presence.NEVER and not bounded


@lru_cache(maxsize=4096)
def _form(format_: str) -> re.Pattern[str]:
    """A format of ARN as an expression, which is faster than a pattern."""
    return re.compile("[^:]+".join(map(re.escape, _PLACEHOLDER.split(format_))))


def _is_one(text: str, format_: str) -> bool:
    """Whether a text is of a format for certain."""
    return _form(format_).fullmatch(text) is not None and format_of(format_, _ACCOUNT).takes(text)


def _names_what_it_works_on(statement: Statement) -> bool:
    """Whether some action that a statement spells out works on some resource that it names."""
    texts = readable(statement.resources)
    if "*" in texts and readable(statement.actions):
        return any(map(is_action, readable(statement.actions)))
    written = [text for text in texts if "$" not in text]
    # One text that the pattern takes in, at once; the pattern itself costs more.
    samples = sorted({text.replace("*", each).replace("?", "x") for text in written for each in ("x", "x/x")}, key=len)
    for name in readable(statement.actions):
        action, service = table.action(name), table.service(name.partition(":")[0])
        if action is None or service is None:
            continue
        if statement.resources is None:
            return True
        formats = [format_of(each, _ACCOUNT) for use in action.resources for each in service.resource_types[use.type]]
        works_on = [each for use in action.resources for each in service.resource_types[use.type]]
        if any(_is_one(text, each) for each in works_on for text in samples[::-1]):
            return True
        if any(pattern_of(text).overlaps(format_.pattern) for format_ in formats for text in written):
            return True
    return False


class _Examiner:
    def __init__(self, document: Document) -> None:
        self.grants = [
            Placed(statement, document.kind) for statement in document.statements if statement.effect is Effect.ALLOW
        ]
        self.document = document
        self.named = named_principals([document])
        self.stranger = stranger_account((document,), frozenset())
        self.budget = Budget()

    def dead(self, placed: Placed) -> Dead | None:
        statement = placed.statement
        callers = self.callers(placed)
        if not callers or self.plainly_alive(placed, callers) or not self.never(placed):
            return None
        bare = replace(placed, statement=replace(statement, conditions=()))
        if statement.conditions and not self.never(bare):
            return Dead(statement.path, self.condition(placed), Cause.CONDITION)
        anywhere = replace(placed, statement=replace(bare.statement, resources=("*",), not_resources=None))
        if statement.resources is not None and not self.never(anywhere):
            action, formats = _formats(placed)
            return Dead(statement.path, f"{statement.path}.Resource", Cause.RESOURCE, action, formats)
        named = any(map(is_action, readable(statement.actions)))
        return Dead(statement.path, statement.principal_path, Cause.PRINCIPAL) if named else None

    def plainly_alive(self, placed: Placed, callers: Sequence[Principal]) -> bool:
        """Whether a statement is of a usual form in which a request matches it; False may miss it.

        Nearly all are, and it costs a tenth of a search.
        """
        statement = placed.statement
        excluding = (statement.not_actions, statement.not_resources, statement.not_principals)
        if placed.kind is Kind.TRUST or excluding != (None, None, None):
            return False
        keys = [condition.key.lower() for condition in statement.conditions]
        if len(set(keys)) < len(keys) or not all(map(_is_plain, statement.conditions)):
            return False
        domains = map(self.requests, callers)
        carried = any(all(_is_free(domain(key)) for key in keys) for domain in domains)
        return carried and _names_what_it_works_on(statement)

    def misplaced(self, placed: Placed) -> Iterator[Misplaced]:
        statement = placed.statement
        written = statement.actions or ()
        bare = replace(placed, statement=replace(statement, conditions=()))
        if len(written) < _SEVERAL or statement.resources is None or "*" in statement.resources or self.never(bare):
            return
        for index, name in enumerate(written):
            alone = replace(placed, statement=replace(bare.statement, actions=(name,)))
            action, formats = _formats(alone)
            if action and self.never(alone):
                yield Misplaced(statement.path, f"{statement.action_path}[{index}]", action, formats)

    def condition(self, placed: Placed) -> str:
        """The path of the condition without which the statement would match, or of them all."""
        statement = placed.statement
        for condition in statement.conditions:
            others = tuple(each for each in statement.conditions if each is not condition)
            if not self.never(replace(placed, statement=replace(statement, conditions=others))):
                return condition.path
        return f"{statement.path}.Condition"

    def callers(self, placed: Placed) -> Sequence[Principal]:
        return callers_of(placed.statement, placed.kind, self.stranger)

    def never(self, placed: Placed) -> bool:
        """Whether no request matches a statement, for certain."""
        question = Question(Authority((((placed,),),)))
        return all(self.none(question, caller, self.requests(caller)) for caller in self.callers(placed))

    def requests(self, caller: Principal) -> Domains:
        known = domains_of(caller, self.named)

        def domain(key: str) -> Domain:
            found = known(key)
            if key in _ADDRESSES:
                return replace(found, excluded=(*found.excluded, _NETWORK))
            return replace(found, plain=True) if key in _NAMES else found

        return domain

    def none(self, question: Question, caller: Principal, domains: Domains) -> bool:
        return isinstance(find(question, Requests(caller, domains), budget=self.budget), No)

    def always_met(self, placed: Placed) -> Iterator[Condition]:
        statement, callers = placed.statement, list(self.callers(placed))
        # Who of AWS's principals it is makes no difference to what they all carry.
        callers = list({caller if caller.kind != "AWS" else "AWS": caller for caller in callers}.values())
        bare = replace(placed, statement=replace(statement, conditions=()))
        for condition in statement.conditions:
            # An empty text may be as good as no value: AWS does not say.
            if not condition.operator or "" in condition.values or not callers:
                continue
            alone = replace(placed, statement=replace(statement, conditions=(condition,)))
            question = Question(Authority((((bare,),),)), refused=Authority((((alone,),),)))
            if all(self.met(condition, question, caller, statement) for caller in callers) and not self.never(bare):
                yield condition

    def met(self, condition: Condition, question: Question, caller: Principal, statement: Statement) -> bool:
        """Whether every request of a caller meets a condition: none asked for is one that does not."""
        domains = self.carried(caller)
        presence = domains(condition.key.lower()).presence
        if _repeats(condition, statement, presence):
            return True
        # Most conditions fail for want of a key that need not be there, and this tells so without a search.
        absent = entry_truth(condition, None, lambda _key: None, variables=statement.variables)
        if presence is not Presence.ALWAYS and absent is Truth.NO:
            return False
        return self.none(question, caller, domains)

    def carried(self, caller: Principal) -> Domains:
        """The keys of requests by callers of one kind, with those that AWS puts into all of them.

        Whoever of the kind it is: that a condition names whom the statement names too is no mistake.
        """
        known = self.requests(caller)
        always = _EVERY | _SIGNED.keys() if caller.kind == "AWS" else _EVERY

        def domain(key: str) -> Domain:
            return _SIGNED.get(key, ALWAYS_FREE) if key in always else known(key)

        return domain


def _repeats(condition: Condition, statement: Statement, presence: Presence) -> bool:
    """Whether a condition compares a key with itself, and does not ask that the key be there or need not."""
    operator = operator_of(condition.operator)
    if operator is None or operator.negated or operator.family not in TEXTUAL or not statement.variables:
        return False
    itself = f"${{{condition.key.lower()}}}"
    return (presence is Presence.ALWAYS or operator.if_exists) and any(
        text.lower() == itself for text in readable(condition.values)
    )


def _formats(placed: Placed) -> tuple[str, tuple[str, ...]]:
    """The first action that a statement spells out, and the ARNs that it works on."""
    for name in readable(placed.statement.actions):
        action = None if has_wildcard(name) else table.action(name)
        service = table.service(name.partition(":")[0])
        if action is not None and service is not None:
            formats = (each for use in action.resources for each in service.resource_types[use.type])
            return action.name, tuple(dict.fromkeys(formats)) or ("*",)
    return "", ()
