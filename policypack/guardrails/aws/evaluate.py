"""What documents decide for one concrete request, in three-valued logic.

`evaluate` takes documents together: a grant in any of them allows, a Deny in any of them wins, and a caller from
another account is taken to hold the grant of its own account. `decide` knows ceilings and the halves of such a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from ..glob import Glob, compiled, has_wildcard
from .accounts import account_of, is_account
from .authority import Authority, Clause, Naming, Placed
from .conditions import Lookup, NoValueError, Value, entry_truth, pattern_tokens
from .document import Document, Effect, Kind, PrincipalPattern, Statement, Text, is_action
from .patterns import by_segment, match_resource, resource_truth
from .truth import Truth, truth

MAYBE_ALLOWED: Final = "it cannot be read whether this allows the request"
MAYBE_DENIED: Final = "it cannot be read whether this denies the request"
_FEDERATED_ACTIONS: Final = frozenset({"sts:assumerolewithwebidentity", "sts:assumerolewithsaml"})
_SESSION_ACTIONS: Final = frozenset({"sts:tagsession", "sts:setsourceidentity", "sts:setcontext"})
_ASSUME_ROLE: Final = "sts:assumerole"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. `kind` is `anonymous`, AWS (name: ARN), Service, Federated (name: provider) or CanonicalUser."""

    kind: str
    name: str

    @property
    def account(self) -> str:
        """The account of an ARN; empty where there is none."""
        return account_of(self.name) if self.kind == "AWS" else ""


ANONYMOUS: Final = Principal("anonymous", "anonymous")


@dataclass(frozen=True)
class Request:
    """One request. `context` maps condition keys, in any case, to one or several values; a key not there is absent.
    `resource` is an ARN, or `*` for an action that names none."""

    principal: Principal
    action: str
    resource: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def lookup(self) -> Lookup:
        """The values of the context by key, whatever the case."""
        lowered = {key.lower(): value for key, value in self.context.items()}

        def value_of(key: str) -> Value:
            return lowered.get(key.lower())

        return value_of


class Verdict(Enum):
    """The outcome of one request."""

    ALLOWED = "allowed"
    EXPLICITLY_DENIED = "explicitly denied"
    IMPLICITLY_DENIED = "implicitly denied"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and the path that decided it, or that it hangs on; empty for an implicit denial."""

    verdict: Verdict
    path: str = ""
    reason: str = ""


def _combined(positive: Truth | None, negative: Truth | None, neither: Truth) -> Truth:
    """The truth of an element and of its `Not` form; AWS refuses both at once, so then they must agree."""
    if negative is None:
        return neither if positive is None else positive
    if positive is None:
        return negative.negated()
    return positive if positive is negative.negated() else Truth.MAYBE


def _one_principal(pattern: PrincipalPattern, principal: Principal, naming: Naming) -> Truth:
    if naming is Naming.SESSION and pattern.name is not None and not pattern.is_everyone:
        return truth(pattern.kind == principal.kind and pattern.name == principal.name)
    if pattern.is_everyone:
        return Truth.YES
    kinds = ("AWS", "anonymous") if pattern.kind == "AWS" else (pattern.kind,)
    if pattern.name is None:
        may = not pattern.kind or principal.kind in kinds or pattern.kind == "AWS"
        return Truth.MAYBE if may else Truth.NO
    if principal.kind != pattern.kind:
        return Truth.NO
    if pattern.name in ("*", principal.name):
        return Truth.YES
    if pattern.kind != "AWS":
        refused = has_wildcard(pattern.name) and compiled(pattern.name).matches(principal.name)
        return Truth.MAYBE if refused else Truth.NO
    return _one_arn(pattern.name, principal, naming)


def _is_session(principal: Principal) -> bool:
    """Whether a principal is a user or a session, and not a role or an account."""
    return principal.name.split(":", 5)[-1].split("/")[0] in ("user", "assumed-role", "federated-user")


def _one_arn(name: str, principal: Principal, naming: Naming) -> Truth:
    """Whether an AWS principal is meant: itself, the role of its session, or all of its account."""
    names = [principal.name]
    parts = principal.name.split(":", 5)
    if len(parts) > len(("arn", "aws", "sts", "", "account")):
        if naming is Naming.ANY:
            names.append(f"{parts[0]}:{parts[1]}:iam::{parts[4]}:root")
        if parts[5].startswith("assumed-role/"):
            role = parts[5].split("/")[1]
            written = name.split(":", 5)
            if written[:5] == [parts[0], parts[1], "iam", "", parts[4]] and written[-1].startswith("role/"):
                named = written[-1].rpartition("/")[2]
                # AWS refuses wildcards inside a principal.
                return min(truth(compiled(named).matches(role)), Truth.MAYBE if has_wildcard(name) else Truth.YES)
    if name in names:
        return Truth.YES
    if name == principal.account and is_account(name):
        return truth(naming is Naming.ANY)
    # AWS refuses wildcards inside a principal; were it to take one, it might mean this.
    refused = has_wildcard(name) and any(compiled(name).matches(each) for each in names)
    return Truth.MAYBE if refused else Truth.NO


def principal_truth(statement: Statement, kind: Kind, principal: Principal, naming: Naming = Naming.ANY) -> Truth:
    """Whether a statement speaks of this principal. A policy of an identity always does; others name theirs."""
    if kind is Kind.IDENTITY:
        return Truth.YES
    if naming is Naming.SESSION and not _is_session(principal):
        return Truth.NO
    positive = negative = None
    if statement.principals is not None:
        positive = max((_one_principal(each, principal, naming) for each in statement.principals), default=Truth.NO)
    if statement.not_principals is not None:
        negative = max(
            (_one_principal(each, principal, Naming.ANY) for each in statement.not_principals), default=Truth.NO
        )
        if negative is Truth.YES and statement.effect is Effect.DENY and principal.kind == "AWS":
            negative = _exempt(statement.not_principals, principal)
    return _combined(positive, negative, Truth.NO)


def _exempt(named: Iterable[PrincipalPattern], principal: Principal) -> Truth:
    """A Deny spares a principal for certain only if its account and the principal itself are both named."""
    account = {f"arn:{part}:iam::{principal.account}:root" for part in ("aws", "aws-cn", "aws-us-gov")}
    account.add(principal.account)
    names = {each.name for each in named}
    return truth(principal.name in names and bool(names & account)) or Truth.MAYBE


def action_truth(statement: Statement, kind: Kind, principal: Principal, action: str) -> Truth:
    """Whether a statement speaks of this action; texts that are no action pattern match nothing.

    A trust document is asked only whether its role may be assumed.
    """
    lowered = action.lower()
    if kind is Kind.TRUST and lowered not in _SESSION_ACTIONS:
        possible = lowered in _FEDERATED_ACTIONS if principal.kind == "Federated" else lowered == _ASSUME_ROLE
        if not possible:
            return Truth.NO
    return _combined(_actions(statement.actions, action), _actions(statement.not_actions, action), Truth.NO)


class _Actions(NamedTuple):
    """Action patterns: those without wildcards in lower case, the others compiled, and whether all could be read."""

    literals: frozenset[str]
    globs: tuple[Glob, ...]
    read: bool


@lru_cache(maxsize=4096)
def _compiled(patterns: tuple[Text, ...]) -> _Actions:
    readable = [pattern for pattern in patterns if pattern is not None and is_action(pattern)]
    return _Actions(
        frozenset(pattern.lower() for pattern in readable if not has_wildcard(pattern)),
        tuple(compiled(pattern, fold=True) for pattern in readable if has_wildcard(pattern)),
        None not in patterns,
    )


def _actions(patterns: tuple[Text, ...] | None, action: str) -> Truth | None:
    if patterns is None:
        return None
    known = _compiled(patterns)
    if action.lower() in known.literals or any(glob.matches(action) for glob in known.globs):
        return Truth.YES
    return Truth.NO if known.read else Truth.MAYBE


def _resource_globs(pattern: str, lookup: Lookup) -> tuple[Glob, Glob]:
    """A resource pattern with variables, compiled plainly and by segment. Raises `NoValueError`."""
    tokens = pattern_tokens(pattern, lookup)
    return Glob(tokens), Glob(by_segment(tokens))


def _one_resource(pattern: Text, resource: str, lookup: Lookup, *, variables: bool | None) -> Truth:
    if pattern is None or (variables is None and "${" in pattern):
        return Truth.MAYBE
    if not (variables and "${" in pattern):
        return match_resource(pattern, resource)
    try:
        return resource_truth(*_resource_globs(pattern, lookup), resource)
    except NoValueError:
        return Truth.NO


def resource_match(statement: Statement, kind: Kind, resource: str, lookup: Lookup) -> Truth:
    """Whether a statement speaks of this resource. A trust document speaks of its role; a resource policy without
    the element (such as a repository policy) of what it is attached to."""
    if kind is Kind.TRUST:
        return Truth.YES

    def among(patterns: tuple[Text, ...] | None) -> Truth | None:
        if patterns is None:
            return None
        best = Truth.NO
        for pattern in patterns:
            best = max(best, _one_resource(pattern, resource, lookup, variables=statement.variables))
            if best is Truth.YES:
                break
        return best

    neither = Truth.YES if kind is Kind.RESOURCE else Truth.NO
    return _combined(among(statement.resources), among(statement.not_resources), neither)


def statement_truth(placed: Placed, request: Request, lookup: Lookup) -> Truth:
    """Whether a statement, whatever its effect, matches the request."""
    statement, kind = placed.statement, placed.kind
    found = action_truth(statement, kind, request.principal, request.action)
    if found is not Truth.NO:
        found = min(found, principal_truth(statement, kind, request.principal, placed.naming))
    if found is not Truth.NO:
        found = min(found, resource_match(statement, kind, request.resource, lookup))
    for condition in statement.conditions:
        if found is Truth.NO:
            break
        found = min(found, entry_truth(condition, lookup(condition.key), lookup, variables=statement.variables))
    return found


def evaluate(documents: Sequence[Document], request: Request) -> Decision:
    """Decide one request by documents of which any may grant: `decide` without ceilings."""
    return decide(Authority.of(documents), request)


def decide(authority: Authority, request: Request) -> Decision:
    """Decide one request: a matching Deny wins, else a path whose clauses all allow; what cannot be read is undecided.

    A statement whose effect cannot be read is a possible Allow and no possible Deny, so that it cannot hide what the
    other statements grant; it errs towards reporting.
    """
    lookup = request.lookup()
    maybe_denied: Placed | None = None
    for placed in authority.denies:
        found = statement_truth(placed, request, lookup)
        if found is Truth.YES:
            return Decision(Verdict.EXPLICITLY_DENIED, placed.statement.path)
        if found is Truth.MAYBE:
            maybe_denied = maybe_denied or placed
    best, by = Truth.NO, None
    for path in authority.paths:
        reached, through = _along(path, request, lookup)
        if reached > best:
            best, by = reached, through
    if by is None:
        return Decision(Verdict.IMPLICITLY_DENIED)
    if maybe_denied is not None:
        return Decision(Verdict.UNDECIDED, maybe_denied.statement.unread, MAYBE_DENIED)
    if best is Truth.YES:
        return Decision(Verdict.ALLOWED, by.statement.path)
    return Decision(Verdict.UNDECIDED, by.statement.unread, MAYBE_ALLOWED)


def _along(path: Iterable[Clause], request: Request, lookup: Lookup) -> tuple[Truth, Placed | None]:
    """Whether every clause of a path allows, and the statement that grants, or the one it hangs on."""
    reached, through = Truth.YES, None
    for clause in path:
        best, by = Truth.NO, None
        for placed in clause:
            found = statement_truth(placed, request, lookup)
            if placed.statement.effect is None:
                found = min(found, Truth.MAYBE)
            if found > best:
                best, by = found, placed
            if best is Truth.YES:
                break
        if best is Truth.NO:
            return Truth.NO, None
        if through is None or best < reached:
            through = by
        reached = min(reached, best)
    return reached, through
