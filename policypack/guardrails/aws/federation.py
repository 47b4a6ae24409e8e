"""Which tokens of identity providers a trust document admits.

For each Allow statement and provider: is the audience pinned, is the subject pinned to a tenant, and do the condition
keys name claims that exist? Semantics: IAM User Guide, "Available keys for AWS web identity federation".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..values import has_stand_in
from .accounts import BLANK_ACCOUNTS, account_of, is_account
from .answers import Answer, No, Undecided, Witness, Yes
from .arns import SEGMENTS
from .authority import Authority
from .callers import SAML_MARK
from .document import Condition, Document, Effect, Kind, PrincipalPattern, Statement, join
from .domains import FREE, NEVER, NOT_TRUE, SEVERAL, Domain, Domains, up_to, whole
from .evaluate import Principal, Verdict, action_truth, evaluate
from .glob import Glob, compiled, has_wildcard, tokens_of
from .goals import Question, Requests
from .issuers import Grammar, Issuer, claims_of, issuer_of
from .search import find
from .truth import Truth

WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
SAML: Final = "sts:AssumeRoleWithSAML"
_MARK: Final = ":oidc-provider/"
_BUILT_IN: Final = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"}
)
# Keys of AWS itself; everything else under a web identity is a claim of an issuer.
_AWS_PREFIXES: Final = frozenset({"aws", "sts", "saml", "iam"})
_OTHER_AUDIENCE: Final = "an-arbitrary-audience"
_OTHER_SERVICE: Final = "https://another-service.example/saml"
_SEVERAL_CLAIMS: Final = frozenset({"amr", "aud"})


@dataclass(frozen=True, slots=True)
class MisspelledKey:
    """A condition key that no request carries; `proper` is the spelling that was likely meant, empty if none was."""

    path: str
    key: str
    proper: str


@dataclass(frozen=True, slots=True)
class FederationAnswer:
    """What one Allow statement admits from one provider.

    `audience`: is a token for an arbitrary audience admitted? `subject`: is a token of somebody else, or with an
    arbitrary subject? `action` is the STS action asked about, `WEB_IDENTITY` or `SAML`. `issuer` has no scheme, and is
    empty for SAML and where it cannot be read. `misspelled`: keys that no request carries. `placeholder`: the path of
    a provider ARN whose account was never filled in.
    """

    path: str
    provider: str
    action: str
    issuer: str
    audience: Answer
    subject: Answer
    misspelled: tuple[MisspelledKey, ...] = ()
    placeholder: str | None = None


def federation(document: Document) -> tuple[FederationAnswer, ...]:
    """The answers for each Allow statement that federated callers may use, and each provider it names."""
    return tuple(
        found
        for statement in document.statements
        if statement.effect is not Effect.DENY and document.kind is Kind.TRUST
        for found in _of_statement(document, statement)
    )


def _of_statement(document: Document, statement: Statement) -> Iterator[FederationAnswer]:
    providers: list[tuple[PrincipalPattern, str, bool]] = []
    for pattern in statement.principals or ():
        if pattern.kind not in ("Federated", "") and not pattern.is_everyone:
            continue
        # A provider that cannot be read may be of either kind; then the action tells which questions to ask.
        name = pattern.name or ""
        if _MARK not in name and name not in _BUILT_IN:
            yield from _saml(document, statement, pattern)
        if SAML_MARK in name:
            continue
        certain, issuers = _issuers(pattern, statement)
        providers += [(pattern, issuer, certain) for issuer in issuers]
    known = [issuer for _, issuer, certain in providers if certain]
    misspelled = _misspelled(statement, known if len(known) == len(providers) else [])
    for pattern, issuer, _ in providers:
        caller = _caller(pattern, issuer)
        if action_truth(statement, document.kind, caller, WEB_IDENTITY) is not Truth.NO:
            own = tuple(found for meant, found in misspelled if meant in ("", issuer))
            ask = _Question(document, statement, caller, WEB_IDENTITY)
            audience, subject = _web_identity(ask, issuer)
            computed = (pattern.name or "").partition(_MARK)[2]
            if has_stand_in(computed) and computed != issuer:
                other = _web_identity(ask, computed)
                audience, subject = _agreed(ask, audience, other[0]), _agreed(ask, subject, other[1])
            yield FederationAnswer(
                statement.path, caller.name, WEB_IDENTITY, issuer, audience, subject, own, _placeholder(pattern)
            )


def _caller(pattern: PrincipalPattern, issuer: str) -> Principal:
    everyone = pattern.is_everyone or pattern.name == "*"
    return Principal("Federated", (issuer or "any-provider") if everyone else pattern.name or "")


def _agreed(ask: _Question, meant: Answer, computed: Answer) -> Answer:
    """The answer where the issuer is computed: the condition keys may name it, or another one."""
    if isinstance(meant, Undecided | type(computed)):
        return meant
    reason = "the issuer is computed, so it cannot be told whether the condition keys are its own"
    return Undecided(reason, join(ask.statement.path, "Condition"))


def _issuers(pattern: PrincipalPattern, statement: Statement) -> tuple[bool, list[str]]:
    """Whether the provider tells its issuer, and the issuers: its own, else those that the condition keys name."""
    provider = pattern.name or ""
    _, mark, issuer = provider.partition(_MARK)
    named = [_unschemed(each.key.rpartition(":")[0]) for each in statement.conditions if _is_claim(each)]
    computed = has_stand_in(issuer) and any(each and each != issuer for each in named)
    if mark and not has_wildcard(issuer) and not computed:
        return True, [issuer]
    if provider in _BUILT_IN:
        return True, [provider]
    return False, list(dict.fromkeys(each for each in named if each)) or [""]


def _is_claim(condition: Condition) -> bool:
    """Whether a condition key is meant as an issuer's claim, not as a key of AWS itself."""
    return condition.operator != "" and condition.key.partition(":")[0].lower() not in _AWS_PREFIXES


def _unschemed(text: str) -> str:
    return re.sub(r"^https?:/*", "", text, flags=re.IGNORECASE)


def _placeholder(pattern: PrincipalPattern) -> str | None:
    """The path of a provider ARN whose account was never filled in."""
    name = pattern.name or ""
    if not name.startswith("arn:") or name.count(":") < SEGMENTS - 1:
        return None
    account = account_of(name)
    filled_in = account not in BLANK_ACCOUNTS and (is_account(account) or has_stand_in(account))
    return None if filled_in else pattern.path


def _host(issuer: str) -> str:
    return issuer.partition("/")[0].lower()


def _misspelled(statement: Statement, issuers: list[str]) -> list[tuple[str, MisspelledKey]]:
    """Keys with a scheme, and keys that name none of `issuers`, each with the issuer that was meant (if known)."""
    found: list[tuple[str, MisspelledKey]] = []
    for condition in statement.conditions:
        written, _, claim = condition.key.rpartition(":")
        bare = _unschemed(written)
        if not _is_claim(condition) or (
            bare == written and (not issuers or bare.lower() in [issuer.lower() for issuer in issuers])
        ):
            continue
        alike = [issuer for issuer in issuers if _host(issuer) == _host(bare)]
        meant = (alike or issuers or [""])[0]
        likely = alike or not issuers or claim in claims_of(meant)
        proper = f"{meant or bare}:{claim}" if likely else ""
        found.append((meant, MisspelledKey(condition.path, condition.key, proper)))
    return found


def _common(key: str) -> Domain:
    """The keys of a federated call that are no claims of the issuer."""
    if key == "aws:principalisawsservice":
        return NOT_TRUE
    prefix, _, name = key.partition(":")
    if prefix == "aws" and name.startswith(("principal", "userid", "username", "source", "multifactor", "resource")):
        return FREE if name in ("sourceip", "sourceidentity", "sourcevpc", "sourcevpce") else NEVER
    if prefix not in _AWS_PREFIXES or name == "externalid":
        return NEVER
    return SEVERAL if name in ("tagkeys", "transitivetagkeys") else FREE


def _saml(document: Document, statement: Statement, pattern: PrincipalPattern) -> Iterator[FederationAnswer]:
    caller = _caller(pattern, "")

    def domains(key: str) -> Domain:
        if key == "saml:aud":
            return Domain(named=whole, plain=True, examples=(_OTHER_SERVICE,))
        return Domain(plain=True) if key.startswith("saml:") else _common(key)

    if action_truth(statement, document.kind, caller, SAML) is not Truth.NO:
        ask = _Question(document, statement, caller, SAML)
        audience = ask.answer(domains, "whatever the audience of the assertion", {"SAML:aud": _OTHER_SERVICE})
        # A SAML provider belongs to the account, so its subjects are nobody else's.
        yield FederationAnswer(statement.path, caller.name, SAML, "", audience, No(), placeholder=_placeholder(pattern))


@dataclass(frozen=True)
class _Question:
    """One statement, one caller, one action."""

    document: Document
    statement: Statement
    caller: Principal
    action: str

    def answer(self, domains: Domains, note: str, claims: dict[str, str]) -> Answer:
        """Whether a token is admitted; the witness shows `claims` too, where they make no difference."""
        requests = Requests(self.caller, domains, (self.action,), ("*",))
        found = find(Question(Authority.of((self.document,)), only=lambda each: each is self.statement), requests, note)
        if not isinstance(found, Yes):
            return found
        request = found.witness.request
        held = {key.lower() for key in request.context}
        for key, value in claims.items():
            longer = replace(request, context={**request.context, key: value})
            if key.lower() not in held and evaluate((self.document,), longer).verdict is Verdict.ALLOWED:
                request = longer
        return Yes(Witness(request, note), found.path)


def _web_identity(ask: _Question, issuer: str) -> tuple[Answer, Answer]:
    """Whether an arbitrary audience, and whether a stranger's subject is admitted."""
    known = issuer_of(issuer)

    def domains(claim_domain: Callable[[str], Domain]) -> Domains:
        prefix = f"{issuer.lower()}:"
        return lambda key: claim_domain(key.removeprefix(prefix)) if issuer and key.startswith(prefix) else _common(key)

    def any_audience(claim: str) -> Domain:
        if claim in known.audience:
            return Domain(named=whole, plain=True, several=True, examples=(_OTHER_AUDIENCE,))
        return Domain(plain=True, several=claim in _SEVERAL_CLAIMS)

    def foreign_subject(claim: str, *, lenient: bool = False) -> Domain:
        if claim == "sub":
            return _subject(known, lenient=lenient)
        if claim in known.tenancy:
            return Domain(named=up_to("/"), plain=True, filler="stranger")
        if claim in known.audience and known.tenant_in_audience:
            return any_audience(claim)
        return Domain(plain=True, several=claim in _SEVERAL_CLAIMS)

    examples = _subject(known, lenient=False).examples
    shown = {f"{issuer}:sub": examples[0], f"{issuer}:{known.audience[0]}": _OTHER_AUDIENCE} if issuer else {}
    audience = ask.answer(domains(any_audience), "whatever the audience of the token", dict(reversed(shown.items())))
    subject = ask.answer(domains(foreign_subject), "with a token of somebody else", shown)
    if isinstance(subject, No) and known.unlisted:
        doubt = ask.answer(domains(lambda claim: foreign_subject(claim, lenient=True)), "", {})
        if isinstance(doubt, Yes):
            reason = f"the form of the subjects of {issuer} is not known, so it cannot be told whose tokens match"
            subject = Undecided(reason, join(ask.statement.path, "Condition"))
    return audience, subject


def _subject(issuer: Issuer, *, lenient: bool) -> Domain:
    """A stranger's subjects: texts in one of the issuer's forms, of a tenant that the document does not name.

    Where the form is not known, a pattern with a fixed start that fits no known form is taken to name a tenant;
    with `lenient`, to name nobody.
    """

    def named(text: str, *, fold: bool) -> tuple[Glob, ...]:
        grammar = next((each for each in issuer.grammars if text.startswith(each.start)), None)
        if grammar is not None:
            return _tenant(text, grammar, fold=fold)
        fixed_start = not has_wildcard(text[:1])
        return (Glob(tokens_of(text), fold=fold),) if issuer.unlisted and fixed_start and not lenient else ()

    forms = () if issuer.unlisted else issuer.grammars
    return Domain(
        named=named,
        shapes=tuple(compiled(f"{each.start}?*{each.separator}?*") for each in forms),
        plain=True,
        examples=("an-arbitrary-subject",) * issuer.unlisted
        + (tuple(each.example for each in issuer.grammars) or ("an-arbitrary-subject",)),
        filler="stranger",
    )


def _tenant(text: str, grammar: Grammar, *, fold: bool) -> tuple[Glob, ...]:
    """Every subject of the tenant that a pattern fixes. GitHub may write the owner's number after an `@`."""
    tenant, closed, _ = text.removeprefix(grammar.start).partition(grammar.separator)
    name, at, _ = tenant.partition("@")
    if not closed or not name or has_wildcard(name):
        return ()
    whose = f"{name}@*" if at else name
    return (Glob(tokens_of(f"{grammar.start}{whose}{grammar.separator}*"), fold=fold),)
