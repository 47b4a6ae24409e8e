"""Which tokens of identity providers a trust document admits.

For each Allow statement and provider: a token for another audience, a token of somebody else, from the widest circle to
the narrowest, and whether there is a token at all that is admitted. `issuer_trust` asks; for the keys see `claim_keys`,
for the operators `claim_tests`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from ..issuers.reach import Reach
from ..issuers.table import ISSUERS, Issuer, Issuers
from ..values import has_stand_in
from .admission import Admission
from .answers import Answer, No, Undecided, Yes
from .claim_keys import WrongKey, named_issuers, wrong_keys
from .claim_tests import UnsoundTest, unsound_tests
from .document import Document, Effect, Kind, PrincipalPattern, Statement, Text, join
from .evaluate import action_truth
from .issuer_trust import IssuerTrust, compared
from .providers import OIDC_MARK, SAML_MARK, blank_account, caller_with, issuers_of
from .state import Budget
from .tokens import NOBODY, OTHER_SERVICE, Own, Tokens, assertions, assertions_for_others
from .trust_actions import SAML, WEB_IDENTITY
from .truth import Truth

_NO: Final = No()
_LONGEST: Final = 8_192


@dataclass(frozen=True)
class FederationAnswer:
    """What one Allow statement admits from one provider.

    `action` is the STS action asked about, `WEB_IDENTITY` or `SAML`. `name` is the issuer without scheme, empty for
    SAML and where it cannot be read, and `issuer` what is known of it. `audience`: is a token for an arbitrary audience
    admitted? `circles`: is a token of each circle admitted, as far as that had to be asked? `anybody`: is any token?
    `guests`: is one of those who have not signed in, whom the statement does not name? `wrong_keys`: keys that no
    request carries. `unsound`: claims that are tested in a way that demands nothing. `undemanded`: the claims of which
    AWS wants one tested, if none is. `odd_subjects`: patterns of subjects that are of no form that subjects of the
    issuer are known to have. `placeholder`: the path of a provider ARN whose account was never filled in.
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
    # By the issuer that is meant, and by the computed one that this may be.
    _trusts: tuple[IssuerTrust, ...] = field(default=(), repr=False, compare=False)

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

    @cached_property
    def any_guest(self) -> Answer:
        """Whether those are admitted who have not signed in, also where the statement means them."""
        return self._ask(IssuerTrust.any_guest)

    @cached_property
    def any_user(self) -> Answer:
        """Whether users of an application are admitted whom the statement does not name.

        Such trusts are meant for many, so by itself nothing is wrong with one: it depends on what the role may do.
        """
        return self._ask(IssuerTrust.any_user)

    def foreign_tenant(self, tenants: frozenset[str]) -> Answer:
        """Whether tokens of a tenant of a shared issuer are admitted that is none of `tenants` (lower case)."""
        return self._ask(lambda trust: trust.foreign_tenant(tenants))

    def foreign_audience(self, audiences: tuple[str, ...]) -> Answer:
        """Whether a token is admitted for an audience that matches none of `audiences`, which may be patterns."""
        return self._ask(lambda trust: trust.foreign_audience(audiences))

    def _ask(self, question: Callable[[IssuerTrust], Answer]) -> Answer:
        found = [question(each) for each in self._trusts]
        return _agreed(self.path, found[0], found[-1]) if found else No()


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
        named = named_issuers(statement)
        providers: list[tuple[PrincipalPattern, str, bool]] = []
        for pattern in statement.principals or ():
            if pattern.kind not in ("Federated", "") and not pattern.is_everyone:
                continue
            name = pattern.name or ""
            if OIDC_MARK not in name and not self.issuers.of(name).built_in:
                yield from _saml(document, statement, pattern, budget)
            if SAML_MARK in name:
                continue
            certain, issuers = issuers_of(pattern, named, self.issuers)
            providers += [(pattern, issuer, certain) for issuer in issuers]
        known = [issuer for _, issuer, certain in providers if certain]
        wrong = wrong_keys(statement, known if len(known) == len(providers) else [], self.issuers)
        for pattern, name, _ in providers:
            caller = caller_with(pattern, name)
            if action_truth(statement, document.kind, caller, WEB_IDENTITY) is Truth.NO:
                continue
            admission = Admission(document, statement, caller, WEB_IDENTITY, budget)
            found = self._answer(admission, pattern, name)
            computed = (pattern.name or "").partition(OIDC_MARK)[2]
            if has_stand_in(computed) and computed != name:
                found = _either(found, self._answer(admission, pattern, computed))
            yield replace(found, wrong_keys=tuple(each for each in wrong if each.issuer in ("", name)))

    def _answer(self, admission: Admission, pattern: PrincipalPattern, name: str) -> FederationAnswer:
        issuer = self.issuers.of(name)
        document, statement = admission.document, admission.statement
        key = f"{name.lower()}:sub"
        denies = (each for each in document.statements if each.effect is Effect.DENY)
        tokens = Tokens(
            name,
            issuer,
            subjects=compared(statement, key),
            denied=tuple(text for each in denies for text in compared(each, key)),
            own=self.own,
        )
        trust = IssuerTrust(admission, tokens)
        audience = trust.audience()
        circles = tuple(trust.circles())
        admitted = (each for each in (audience, *(found for _, found in circles)) if isinstance(each, Yes))
        return FederationAnswer(
            statement,
            admission.caller.name,
            WEB_IDENTITY,
            name,
            issuer,
            audience=audience,
            circles=circles,
            anybody=next(admitted, None) or trust.anybody(),
            guests=trust.guests(),
            unsound=unsound_tests(statement, name, issuer),
            undemanded=_undemanded(document, statement, name, issuer),
            odd_subjects=tokens.odd_subjects,
            placeholder=blank_account(pattern),
            _trusts=(trust,),
        )


federation: Final = Federation()


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


def _agreed(path: str, meant: Answer, computed: Answer) -> Answer:
    """The answer where the issuer is computed: the condition keys may name it, or another one."""
    if isinstance(meant, Undecided | type(computed)):
        return meant
    reason = "the issuer is computed, so it cannot be told whether the condition keys are its own"
    return Undecided(reason, join(path, "Condition"))


def _either(meant: FederationAnswer, computed: FederationAnswer) -> FederationAnswer:
    """What is admitted from the issuer that the condition keys name, if it is the computed one."""
    path = meant.path
    reaches = [reach for reach in Reach if any(reach is each for each, _ in (*meant.circles, *computed.circles))]
    return replace(
        meant,
        audience=_agreed(path, meant.audience, computed.audience),
        circles=tuple((each, _agreed(path, meant.circle(each), computed.circle(each))) for each in reaches),
        anybody=_agreed(path, meant.anybody, computed.anybody),
        guests=_agreed(path, meant.guests, computed.guests),
        _trusts=(*meant._trusts, *computed._trusts),
    )


def _saml(
    document: Document, statement: Statement, pattern: PrincipalPattern, budget: Budget
) -> Iterator[FederationAnswer]:
    caller = caller_with(pattern, "")
    if action_truth(statement, document.kind, caller, SAML) is not Truth.NO:
        admission = Admission(document, statement, caller, SAML, budget)
        note = "whatever the audience of the assertion"
        # A SAML provider belongs to the account, so its subjects are nobody else's.
        yield FederationAnswer(
            statement,
            caller.name,
            SAML,
            "",
            ISSUERS.of(""),
            admission.answer(assertions_for_others, note, {"SAML:aud": OTHER_SERVICE}),
            anybody=admission.answer(assertions),
            unsound=unsound_tests(statement, "SAML", None),
            placeholder=blank_account(pattern),
        )


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
