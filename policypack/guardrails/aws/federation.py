"""Which tokens of identity providers a trust document admits.

For each Allow statement and provider: a token for another audience, a token of somebody else, from the widest circle to
the narrowest, and whether there is a token at all that is admitted. Semantics: IAM User Guide, "Available keys for AWS
web identity federation"; for the keys see `claim_keys`, for the operators `claim_tests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import partial
from typing import Final

from ..values import has_stand_in
from .accounts import BLANK_ACCOUNTS, account_of, is_account
from .answers import Answer, No, Undecided, Witness, Yes
from .arns import SEGMENTS
from .authority import Authority
from .callers import SAML_MARK
from .claim_keys import AWS_PREFIXES, WrongKey, unschemed, wrong_keys
from .claim_tests import UnsoundTest, demanded_values, unsound_tests
from .document import Document, Effect, Kind, PrincipalPattern, Statement, Text, join, readable
from .domains import Domains
from .evaluate import Principal, Request, Verdict, action_truth, evaluate
from .glob import compiled, has_wildcard
from .goals import Question, Requests
from .issuers import ISSUERS, Issuer, Issuers
from .operators import TEXTUAL, Family, operator_of
from .search import find
from .state import Budget
from .subjects import Level
from .tokens import NOBODY, OTHER_SERVICE, Own, Tokens, assertions, assertions_for_others
from .truth import Truth

WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
SAML: Final = "sts:AssumeRoleWithSAML"
OIDC_MARK: Final = ":oidc-provider/"
_PULL_REQUEST: Final = "pull_request"
_NO: Final = No()
_NOT_KNOWN: Final = "a-value-that-is-not-known-yet"
_LONGEST: Final = 8_192


class Reach(IntEnum):
    """Whose tokens a trust admits beside those that it names, from the widest circle to the narrowest."""

    # Of another tenant on an issuer that serves many; of an issuer that is not known, any of its tokens.
    STRANGERS = 1
    # For any project of the tenant; of an issuer that serves one tenant, any of its tokens.
    ORGANIZATION = 2
    # From any branch, environment or the like of a project that is named.
    PROJECT = 3
    # From runs for pull requests on a project that is named.
    PULL_REQUESTS = 4


_LEVELS: Final = {Reach.STRANGERS: Level.TENANT, Reach.ORGANIZATION: Level.PROJECT, Reach.PROJECT: Level.PLACE}


@dataclass(frozen=True)
class FederationAnswer:
    """What one Allow statement admits from one provider.

    `action` is the STS action asked about, `WEB_IDENTITY` or `SAML`. `name` is the issuer without scheme, empty for
    SAML and where it cannot be read, and `issuer` what is known of it. `audience`: is a token for an arbitrary audience
    admitted? `circles`: is a token of each circle admitted, as far as that had to be asked? `anybody`: is any token?
    `guests`: is one of those who have not signed in? `wrong_keys`: keys that no request carries. `unsound`: claims that
    are tested in a way that demands nothing. `undemanded`: the claims of which AWS wants one tested, if none is.
    `odd_subjects`: patterns of subjects that are of no form that subjects of the issuer are known to have.
    `placeholder`: the path of a provider ARN whose account was never filled in.
    """

    statement: Statement
    provider: str
    action: str
    name: str
    issuer: Issuer
    audience: Answer
    circles: tuple[tuple[Reach, Answer], ...] = ()
    anybody: Answer = _NO
    guests: Answer = _NO
    wrong_keys: tuple[WrongKey, ...] = ()
    unsound: tuple[UnsoundTest, ...] = ()
    undemanded: tuple[str, ...] = ()
    odd_subjects: tuple[str, ...] = ()
    placeholder: str | None = None

    @property
    def path(self) -> str:
        """The path of the statement."""
        return self.statement.path

    @property
    def reach(self) -> Reach | None:
        """The widest circle that is admitted for certain."""
        return next((reach for reach, answer in self.circles if isinstance(answer, Yes)), None)

    @property
    def subject(self) -> Answer:
        """Whether somebody is admitted whom the statement does not name, by the widest circle."""
        answers = [answer for _, answer in self.circles]
        certain = next((each for each in answers if isinstance(each, Yes)), None)
        return certain or next((each for each in answers if isinstance(each, Undecided)), No())

    def circle(self, reach: Reach) -> Answer:
        """Whether tokens of one circle are admitted; `No` where a wider one is."""
        return next((answer for each, answer in self.circles if each is reach), No())


@dataclass(frozen=True)
class Federation:
    """The question, with what an organization says of its own issuers, tenants and audiences."""

    issuers: Issuers = ISSUERS
    own: Own = NOBODY

    def __call__(self, document: Document) -> tuple[FederationAnswer, ...]:
        """The answers for each Allow statement that federated callers may use, and each provider it names."""
        if document.kind is not Kind.TRUST:
            return ()
        bounded, budget = _bounded(document), Budget()
        return tuple(
            found
            for statement in bounded.statements
            if statement.effect is not Effect.DENY
            for found in self._of_statement(bounded, statement, budget)
        )

    def _of_statement(self, document: Document, statement: Statement, budget: Budget) -> Iterator[FederationAnswer]:
        providers: list[tuple[PrincipalPattern, str, bool]] = []
        for pattern in statement.principals or ():
            if pattern.kind not in ("Federated", "") and not pattern.is_everyone:
                continue
            # A provider that cannot be read may be of either kind; then the action tells which questions to ask.
            name = pattern.name or ""
            if malformed(pattern):
                # AWS refuses the document, so that there is no token to ask for.
                continue
            if OIDC_MARK not in name and not self.issuers.of(name).built_in:
                yield from _saml(document, statement, pattern, budget)
            if SAML_MARK in name:
                continue
            certain, issuers = self._issuers(pattern, statement)
            providers += [(pattern, issuer, certain) for issuer in issuers]
        known = [issuer for _, issuer, certain in providers if certain]
        wrong = wrong_keys(statement, known if len(known) == len(providers) else [], self.issuers)
        for pattern, name, _ in providers:
            caller = _caller(pattern, name)
            if action_truth(statement, document.kind, caller, WEB_IDENTITY) is Truth.NO:
                continue
            ask = _Question(document, statement, caller, WEB_IDENTITY, budget)
            found = self._answer(ask, pattern, name)
            computed = (pattern.name or "").partition(OIDC_MARK)[2]
            if has_stand_in(computed) and computed != name:
                found = _agreed(ask, found, self._answer(ask, pattern, computed))
            yield replace(found, wrong_keys=tuple(each for each in wrong if each.issuer in ("", name)))

    def _issuers(self, pattern: PrincipalPattern, statement: Statement) -> tuple[bool, list[str]]:
        """Whether the provider tells its issuer, and the issuers: its own, else those that the condition keys name."""
        provider = pattern.name or ""
        _, mark, issuer = provider.partition(OIDC_MARK)
        keys = (each.key for each in statement.conditions if each.operator)
        named = [unschemed(key.rpartition(":")[0]) for key in keys if key.partition(":")[0].lower() not in AWS_PREFIXES]
        computed = has_stand_in(issuer) and any(each and each != issuer for each in named)
        if mark and not has_wildcard(issuer) and not computed:
            return True, [unschemed(issuer)]
        if self.issuers.of(unschemed(provider)).listed:
            return True, [unschemed(provider)]
        return False, list(dict.fromkeys(each for each in named if each)) or [""]

    def _answer(self, ask: _Question, pattern: PrincipalPattern, name: str) -> FederationAnswer:
        issuer = self.issuers.of(name)
        statement = ask.statement
        key = f"{name.lower()}:sub"
        denies = (each for each in ask.document.statements if each.effect is Effect.DENY)
        tokens = Tokens(
            name,
            issuer,
            subjects=_values(statement, key),
            denied=tuple(text for each in denies for text in _values(each, key)),
            own=self.own,
        )
        shown = tokens.shown(Level.TENANT)
        note = "whatever the audience of the token"
        audience = ask.answer(tokens.for_others(), note, dict(reversed(shown.items())), whatever=(key,))
        circles = tuple(_circles(ask, tokens))
        admitted = (each for each in (audience, *(found for _, found in circles)) if isinstance(each, Yes))
        return FederationAnswer(
            statement,
            ask.caller.name,
            WEB_IDENTITY,
            name,
            issuer,
            audience=audience,
            circles=circles,
            anybody=next(admitted, None) or _written_out(ask, tokens) or ask.answer(tokens.of_anybody(), "", {}),
            guests=_guests(ask, tokens),
            unsound=unsound_tests(statement, name, issuer),
            undemanded=_undemanded(ask.document, statement, name, issuer),
            odd_subjects=tokens.odd_subjects if issuer.subjects else (),
            placeholder=_placeholder(pattern),
        )


federation: Final = Federation()


def _written_out(ask: _Question, tokens: Tokens) -> Yes | None:
    """A token with just the values that a statement asks for; `None` where that is not as simple."""
    claims: dict[str, str] = {}
    prefix = f"{tokens.name.lower()}:"
    for condition in ask.statement.conditions:
        operator, key = operator_of(condition.operator), condition.key.lower()
        value = next(iter(readable(condition.values)), None)
        plain = operator is not None and operator.family in TEXTUAL and not operator.negated
        own = key.startswith(prefix) and tokens.issuer.knows(key.removeprefix(prefix)) and key not in claims
        if value is None or not plain or not own:
            return None
        claims[key] = compiled(value).example("any")
    request = Request(ask.caller, ask.action, "*", claims)
    subject = claims.get(f"{prefix}sub")
    if subject is not None and tokens.issuer.complete and not tokens.is_formed(subject):
        return None
    allowed = claims and evaluate((ask.document,), request).verdict is Verdict.ALLOWED
    return Yes(Witness(request), ask.statement.path) if allowed else None


def _circles(ask: _Question, tokens: Tokens) -> Iterator[tuple[Reach, Answer]]:
    """The circles from the widest on, up to the first that is admitted for certain."""
    issuer = tokens.issuer
    asked = [Reach.STRANGERS] if issuer.shared is not False else []
    if not issuer.users:
        asked.append(Reach.ORGANIZATION)
    if issuer.has_places and not issuer.users:
        asked.append(Reach.PROJECT)
    # Who asks for a token chooses its audience, unless that tells the tenant.
    chosen = (
        () if issuer.tenant_in_audience else tuple(f"{tokens.name.lower()}:{each}" for each in issuer.audience_claims)
    )
    for reach in asked:
        level = _LEVELS[reach]
        note, shown = "with a token of somebody else", tokens.shown(level)
        answer = ask.answer(tokens.of_others(level), note, shown, whatever=chosen)
        if isinstance(answer, Yes) and not tokens.is_formed(subject_in(answer, tokens.name)):
            formed = ask.answer(tokens.of_others(level, shaped=True), note, shown)
            answer = answer if isinstance(formed, Undecided) else formed
        if isinstance(answer, No) and tokens.odd_subjects:
            doubt = ask.answer(tokens.of_others(level, lenient=True), "", {})
            if isinstance(doubt, Yes):
                reason = (
                    f"the form of the subjects of {tokens.name} is not known, so it cannot be told whose tokens match"
                )
                yield reach, Undecided(reason, join(ask.statement.path, "Condition"))
                return
        yield reach, answer
        if isinstance(answer, Yes):
            return
    form = issuer.pull_request
    if form is not None and any(_PULL_REQUEST in each for each in tokens.subjects):
        note = "from a run for a pull request"
        yield Reach.PULL_REQUESTS, ask.answer(tokens.of_pull_requests(form), note, {})


def subject_in(answer: Yes, name: str) -> str:
    """The subject of the token that an answer shows, for an issuer of that name; empty where none is shown."""
    key = f"{name.lower()}:sub"
    context = answer.witness.request.context
    found = next((value for each, value in context.items() if each.lower() == key), "")
    return found if isinstance(found, str) else found[0]


def _guests(ask: _Question, tokens: Tokens) -> Answer:
    """Whether those who have not signed in are admitted by a statement that does not name them."""
    guest = "unauthenticated"
    one = any(not has_wildcard(text) for text in demanded_values(ask.statement, tokens.name, "sub"))
    if not tokens.issuer.guests or one or guest in _values(ask.statement, f"{tokens.name.lower()}:amr"):
        return No()
    return ask.answer(tokens.of_guests(), "with a token of a guest", {})


def _values(statement: Statement, key: str) -> tuple[str, ...]:
    """The texts that a statement compares a key (lower case) with, as far as they can be read."""
    found: list[str] = []
    for condition in statement.entries(key):
        operator = operator_of(condition.operator)
        if operator is not None and operator.family in TEXTUAL:
            folded = operator.family is Family.STRING_FOLDED
            found += [text.lower() if folded else text for text in readable(condition.values)]
    return tuple(found)


def _undemanded(document: Document, statement: Statement, name: str, issuer: Issuer) -> tuple[str, ...]:
    """The claims, or other keys, of which AWS wants one to be tested, if none is.

    What a Deny tests counts too: it is not documented that AWS wants the test in the statement that allows.
    """
    tests = [statement, *(each for each in document.statements if each.effect is Effect.DENY)]
    conditions = [condition for each in tests for condition in each.conditions]
    if not issuer.demanded or any(each.operator == "" for each in conditions):
        return ()
    tested = {each.key.lower() for each in conditions}
    wanted = tuple(each if ":" in each else f"{name}:{each}" for each in issuer.demanded)
    return () if any(each.lower() in tested for each in wanted) else wanted


def _caller(pattern: PrincipalPattern, issuer: str) -> Principal:
    everyone = pattern.is_everyone or pattern.name == "*"
    return Principal("Federated", (issuer or "any-provider") if everyone else pattern.name or "")


def _agreed(ask: _Question, meant: FederationAnswer, computed: FederationAnswer) -> FederationAnswer:
    """The answer where the issuer is computed: the condition keys may name it, or another one."""

    def agreed(one: Answer, other: Answer) -> Answer:
        if isinstance(one, Undecided | type(other)):
            return one
        reason = "the issuer is computed, so it cannot be told whether the condition keys are its own"
        return Undecided(reason, join(ask.statement.path, "Condition"))

    reaches = [reach for reach in Reach if any(reach is each for each, _ in (*meant.circles, *computed.circles))]
    return replace(
        meant,
        audience=agreed(meant.audience, computed.audience),
        circles=tuple((each, agreed(meant.circle(each), computed.circle(each))) for each in reaches),
        anybody=agreed(meant.anybody, computed.anybody),
        guests=agreed(meant.guests, computed.guests),
    )


def malformed(pattern: PrincipalPattern) -> str:
    """What is wrong with how a federated principal is written, to complete "this principal …"; empty for nothing."""
    name = pattern.name or ""
    if pattern.kind != "Federated" or has_wildcard(name) or has_stand_in(name) or ISSUERS.of(name).built_in or not name:
        return ""
    is_provider = name.startswith("arn:") and (OIDC_MARK in name or SAML_MARK in name)
    if not is_provider:
        return "is not the ARN of a provider"
    return "has a scheme in its ARN" if "://" in name else ""


def _placeholder(pattern: PrincipalPattern) -> str | None:
    """The path of a provider ARN whose account was never filled in."""
    name = pattern.name or ""
    if not name.startswith("arn:") or name.count(":") < SEGMENTS - 1:
        return None
    account = account_of(name)
    filled_in = account not in BLANK_ACCOUNTS and (is_account(account) or has_stand_in(account))
    return None if filled_in else pattern.path


def _saml(
    document: Document, statement: Statement, pattern: PrincipalPattern, budget: Budget
) -> Iterator[FederationAnswer]:
    caller = _caller(pattern, "")
    if action_truth(statement, document.kind, caller, SAML) is not Truth.NO:
        ask = _Question(document, statement, caller, SAML, budget)
        note = "whatever the audience of the assertion"
        # A SAML provider belongs to the account, so its subjects are nobody else's.
        yield FederationAnswer(
            statement,
            caller.name,
            SAML,
            "",
            ISSUERS.of(""),
            ask.answer(assertions_for_others, note, {"SAML:aud": OTHER_SERVICE}),
            anybody=ask.answer(assertions, "", {}),
            unsound=unsound_tests(statement, "SAML", None),
            placeholder=_placeholder(pattern),
        )


@dataclass(frozen=True)
class _Question:
    """One statement, one caller, one action; and the budget of the document."""

    document: Document
    statement: Statement
    caller: Principal
    action: str
    budget: Budget

    def answer(self, domains: Domains, note: str, claims: dict[str, str], whatever: tuple[str, ...] = ()) -> Answer:
        """Whether a token is admitted; the witness shows `claims` too, where they make no difference.

        What keys in `whatever` (lower case) are compared with does not matter where it cannot be read: a token has it.
        """
        found = self._answer(domains, note, claims)
        if isinstance(found, Undecided):
            told = _as_if_known(self.statement, whatever)
            if told is not self.statement:
                statements = tuple(told if each is self.statement else each for each in self.document.statements)
                assumed = replace(self, document=replace(self.document, statements=statements), statement=told)
                again = assumed._answer(domains, note, claims)
                return again if isinstance(again, Yes) else found
        return found

    def _answer(self, domains: Domains, note: str, claims: dict[str, str]) -> Answer:
        requests = Requests(self.caller, domains, (self.action,), ("*",))
        only = partial(_is, self.statement)
        found = find(Question(Authority.of((self.document,)), only=only), requests, note, self.budget)
        if not isinstance(found, Yes):
            return found
        request = found.witness.request
        held = {key.lower() for key in request.context}
        for key, value in claims.items():
            longer = replace(request, context={**request.context, key: value})
            if key.lower() not in held and evaluate((self.document,), longer).verdict is Verdict.ALLOWED:
                request = longer
        return Yes(Witness(request, note), found.path)


def _as_if_known(statement: Statement, keys: tuple[str, ...]) -> Statement:
    """The statement with a text for each value of some keys that cannot be read; itself where all can be."""
    if not any(None in each.values and each.key.lower() in keys for each in statement.conditions):
        return statement
    conditions = (
        replace(each, values=tuple(_NOT_KNOWN if value is None else value for value in each.values))
        if each.key.lower() in keys
        else each
        for each in statement.conditions
    )
    return replace(statement, conditions=tuple(conditions))


def _bounded(document: Document) -> Document:
    """The document without values that are longer than all that AWS takes for a trust policy."""
    if all(len(text) <= _LONGEST for each in document.statements for text in each.texts()):
        return document
    statements = (
        replace(each, conditions=tuple(replace(one, values=tuple(map(_short, one.values))) for one in each.conditions))
        for each in document.statements
    )
    return replace(document, statements=tuple(statements))


def _short(text: Text) -> Text:
    return None if text is None or len(text) > _LONGEST else text


def _is(statement: Statement, other: Statement) -> bool:
    return statement is other
