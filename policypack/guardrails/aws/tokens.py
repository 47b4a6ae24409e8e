"""What the tokens of an identity provider may hold under each condition key, by whose tokens they are.

A set of tokens is given as domains (see `domains`): the tokens of others than a document names, those for another
audience, those that exist at all. Semantics: IAM User Guide, "Available keys for AWS web identity federation".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from typing import Final

from ..glob import Glob, compiled, has_wildcard, tokens_of
from ..issuers.forms import Depth, Form, Slot, named_in
from ..issuers.table import Issuer
from ..values import has_stand_in
from .claim_keys import AWS_PREFIXES
from .domains import FREE, NEVER, NOT_TRUE, SEVERAL, Domain, Domains, Presence, whole

OTHER_AUDIENCE: Final = "an-arbitrary-audience"
AN_ARBITRARY_SUBJECT: Final = "an-arbitrary-subject"
OTHER_SERVICE: Final = "https://another-service.example/saml"
# Where AWS takes assertions for a sign-in: of each partition, with and without a region.
_SIGN_IN: Final = tuple(
    compiled(f"https://{host}/saml*")
    for name in ("signin.aws.amazon.com", "signin.amazonaws.cn", "signin.amazonaws-us-gov.com")
    for host in (name, f"*.{name}")
)
_SEVERAL: Final = frozenset({"amr", "aud"})
# Patterns of which examples are made, and examples of each, of which one is shown.
_MOST_SHOWN: Final = 8
_MOST_ALIKE: Final = 3
GUEST: Final = "unauthenticated"
# What tokens say in an example, by the name or the kind of a slot: a stranger's, the organization's own, the project's.
_PLACES: Final = {"BRANCH": "main", "TAG": "v1"}
_SHOWN: Final = {
    Depth.TENANT: {**_PLACES, "tenant": "stranger", "project": "anything", "project_name": "anything"},
    Depth.PROJECT: {**_PLACES, "tenant": "your-organization", "project": "anything", "project_name": "anything"},
    Depth.PLACE: {"tenant": "your-organization", "project": "your-project", "project_name": "your-project"},
}


@dataclass(frozen=True)
class Own:
    """What an organization says of itself: its tenants (in lower case), its audiences, and subjects that may be broad.

    None of either: whoever a document names is taken to be meant.
    """

    tenants: frozenset[str] = frozenset()
    audiences: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


NOBODY: Final = Own()


@dataclass(frozen=True)
class Tokens:
    """The tokens of one issuer, which stands in condition keys as `name`, as far as a document tells them apart.

    `subjects` are the patterns of subjects in a statement, and `denied` those of the document's Deny statements, from
    which examples are made.
    """

    name: str
    issuer: Issuer
    subjects: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    own: Own = field(default=NOBODY)

    def of_others(self, depth: Depth, *, lenient: bool = False, shaped: bool = False) -> Domains:
        """Tokens of others than the document names: another tenant's, for another project, or from another place.

        Where the form of subjects is not known, a pattern with a fixed start that fits no known form is taken to name
        somebody; with `lenient`, to name nobody. Subjects are of the known forms only where they are `shaped`, which
        takes longer to search.
        """

        def domain(claim: str) -> Domain:
            issuer = self.issuer
            if claim == "sub":
                return self._subject(depth, lenient=lenient, shaped=shaped)
            if claim in issuer.audience_claims:
                # Whoever lists its tenants asks for one of them, and not for one that the document names.
                told = self.own.tenants and any(each.slot("tenant") for each in issuer.forms)
                names = issuer.tenant_in_audience and depth is Depth.TENANT and not told
                return self._audience() if names else self._plain(claim)
            form = issuer.form_of_claim(claim)
            if form is None:
                return NEVER
            return self._named(claim, (form,), depth) if form.tells(depth) else self._plain(claim)

        return self._domains(domain)

    def for_others(self) -> Domains:
        """Tokens for an audience that the document does not name."""
        return self._domains(
            lambda claim: self._audience() if claim in self.issuer.audience_claims else self._any(claim)
        )

    def of_anybody(self) -> Domains:
        """All tokens that there can be."""
        return self._domains(self._any)

    def of_guests(self) -> Domains:
        """Tokens of those who have not signed in."""
        guests = Domain(Presence.ALWAYS, only=(GUEST,))
        return self._domains(lambda claim: guests if claim == "amr" else self._any(claim))

    def of_pull_requests(self, form: Form) -> Domains:
        """Tokens of runs for pull requests."""
        subject = Domain(Presence.ALWAYS, only=tuple(self._examples(Depth.PLACE, (form,))))
        return self._domains(lambda claim: subject if claim == "sub" else self._any(claim))

    def shown(self, depth: Depth) -> dict[str, str]:
        """Claims of others, to be shown where they make no difference."""
        if not self.name:
            return {}
        claim = self.issuer.audience_claims[0]
        return {f"{self.name}:{claim}": OTHER_AUDIENCE, f"{self.name}:sub": next(self._examples(depth))}

    def _domains(self, of_claim: Callable[[str], Domain]) -> Domains:
        prefix = f"{self.name.lower()}:"

        def domain(key: str) -> Domain:
            if self.name and key.startswith(prefix):
                claim = key.removeprefix(prefix)
                # What is signed into a token beside its claims has a key of its own.
                return NEVER if ":" in claim else of_claim(claim)
            return of_claim(key) if ":" in key and key in self.issuer.claims else _common(key)

        return domain

    def _any(self, claim: str) -> Domain:
        if claim == "sub":
            shapes = self._shapes if self.issuer.complete and self.impossible_subjects else ()
            return Domain(Presence.ALWAYS, shapes=shapes, plain=True, examples=tuple(self._examples(Depth.PLACE)))
        known = claim in self.issuer.claims or self.issuer.knows(claim)
        return self._plain(claim) if known or not self.issuer.listed else NEVER

    def _plain(self, claim: str) -> Domain:
        return Domain(self._presence(claim), plain=True, several=claim in _SEVERAL)

    def _presence(self, claim: str) -> Presence:
        issuer = self.issuer
        always = claim in ("sub", issuer.audience_claims[0]) or (
            claim in issuer.claims and claim not in issuer.optional
        )
        return Presence.ALWAYS if always and issuer.listed else Presence.EITHER

    def _audience(self) -> Domain:
        allowed = tuple(compiled(each) for each in self.own.audiences)
        named = None if allowed else whole
        return Domain(
            Presence.ALWAYS, named=named, excluded=allowed, plain=True, several=True, examples=(OTHER_AUDIENCE,)
        )

    def _named(self, claim: str, forms: tuple[Form, ...], depth: Depth) -> Domain:
        def named(text: str, *, fold: bool) -> tuple[Glob, ...]:
            return named_in(forms, text, depth, fold=fold, tenants=self.own.tenants)

        return Domain(self._presence(claim), named=named, reads_literals=True, plain=True, filler="stranger")

    def _subject(self, depth: Depth, *, lenient: bool, shaped: bool) -> Domain:
        forms, odd = self.issuer.forms, self.odd_subjects

        def named(text: str, *, fold: bool) -> tuple[Glob, ...]:
            found = named_in(forms, text, depth, fold=fold, tenants=self.own.tenants)
            literal = not has_wildcard(text)
            # One text with a part that may say anything is no project as a whole, whatever that part is.
            whole = depth is Depth.PLACE and any(each.ends_freely and each.shape.matches(text) for each in forms)
            if found or not ((literal and (whole or has_stand_in(text))) or text in odd):
                return found
            guessed = not lenient and not has_wildcard(text[:1])
            return (Glob(tokens_of(text), fold=fold),) if guessed or not has_wildcard(text) else ()

        return Domain(
            Presence.ALWAYS,
            named=named,
            reads_literals=True,
            excluded=tuple(compiled(each) for each in self.own.subjects),
            shapes=self._shapes if shaped else (),
            plain=True,
            examples=tuple(self._examples(depth)),
            filler="stranger",
        )

    def is_formed(self, subject: str) -> bool:
        """Whether a subject is of a known form, or of one that the document takes for one."""
        forms = [each.shape for each in self.issuer.subjects or ()]
        return not forms or any(each.matches(subject) for each in (*forms, *map(compiled, self.odd_subjects)))

    @cached_property
    def odd_subjects(self) -> tuple[str, ...]:
        """The patterns of subjects that no known form fits, where there may be others."""
        found = self.impossible_subjects
        return tuple(filter(has_stand_in, found)) if self.issuer.complete else found

    @cached_property
    def impossible_subjects(self) -> tuple[str, ...]:
        """The patterns of subjects that no known form fits."""
        return tuple(text for text in self.subjects if self._is_odd(text))

    def _is_odd(self, text: str) -> bool:
        for form in self.issuer.forms:
            # A form that says what stands somewhere takes in nearly every pattern, and speaks of those it can read.
            anywhere = form.slot("any") is not None
            if form.named(text, Depth.TENANT) is not None if anywhere else form.fits(compiled(text)):
                return False
        return not has_wildcard(text[:1])

    @cached_property
    def _shapes(self) -> tuple[Glob, ...]:
        """The subjects that the document may speak of: those of the known forms, and what it takes for one.

        A form that no pattern of the document fits is of no use to it, but for one of which it says nothing.
        """
        forms = self.issuer.ordinary_forms
        patterns = [compiled(each) for each in self.subjects]
        spoken = [form.shape for form in forms if any(form.fits(each) for each in patterns)]
        apart = [each for each in spoken if not any(other != each and other.covers(each) for other in spoken)]
        odd = [compiled(each) for each in self.odd_subjects] if forms else []
        return tuple(dict.fromkeys([*(form.shape for form in forms[:1]), *apart, *odd]))

    def _examples(self, depth: Depth, forms: tuple[Form, ...] = ()) -> Iterator[str]:
        """Subjects to show: like those of the document as far as these are fixed, then of others."""
        known = forms or self.issuer.ordinary_forms or (self.issuer.forms if self.issuer.subjects is None else ())
        shown = partial(_shown, depth)
        for text in (*self.denied, *self.subjects)[:_MOST_SHOWN]:
            alike = (each for each in known if text.startswith(each.start))
            yield from (each.like(text, shown) for each in islice(alike, _MOST_ALIKE))
        usual = forms or self.issuer.ordinary_forms
        yield usual[0].filled(shown) if usual else AN_ARBITRARY_SUBJECT


def _shown(depth: Depth, slot: Slot) -> str:
    shown = _SHOWN[depth]
    word = None if slot.name.endswith("ID") else shown.get(slot.kind)
    return shown.get(slot.name) or word or f"any-{slot.name.lower().replace('_', '-')}"


def _of_aws(text: str, *, fold: bool) -> tuple[Glob, ...]:
    """A pattern names a service where it is of a sign-in of AWS alone."""
    pattern = Glob(tokens_of(text), fold=fold)
    return (pattern,) if any(each.covers(pattern) for each in _SIGN_IN) else ()


def assertions(key: str) -> Domain:
    """All assertions of a SAML provider."""
    return Domain(plain=True, several=key == "saml:aud") if key.startswith("saml:") else _common(key)


def assertions_for_others(key: str) -> Domain:
    """Assertions of a SAML provider for another service than AWS."""
    if key == "saml:aud":
        return Domain(
            Presence.ALWAYS, named=_of_aws, reads_literals=True, plain=True, several=True, examples=(OTHER_SERVICE,)
        )
    return Domain(plain=True) if key.startswith("saml:") else _common(key)


def is_carried(key: str) -> bool:
    """Whether a federated call may carry a key (lower case) that is no claim."""
    return _common(key).presence is not Presence.NEVER


def _common(key: str) -> Domain:
    """The keys of a federated call that are no claims of the issuer."""
    if key == "aws:principalisawsservice":
        return NOT_TRUE
    prefix, _, name = key.partition(":")
    if prefix == "aws" and name.startswith(("principal", "userid", "username", "source", "multifactor")):
        return FREE if name in ("sourceip", "sourceidentity", "sourcevpc", "sourcevpce") else NEVER
    if prefix not in AWS_PREFIXES or name == "externalid":
        return NEVER
    return SEVERAL if name in ("tagkeys", "transitivetagkeys") else FREE
