"""What is known of OIDC issuers: whose tokens they make, for which audience, and what their subjects say.

The table is data/issuers.json. Its entries are for one issuer or several, and have the fields of `Issuer`, or those of
the entry that they are `like`; a configuration may add entries of its own. What a claim that is no claim of the token
itself holds, such as a session tag that the issuer has signed, stands there with the whole key.
Sources: IAM User Guide, "Identity-provider controls for shared OIDC providers" and "IAM and AWS STS condition context
keys"; the issuers' own documentation of subjects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from ..values import has_stand_in
from .forms import Form, form_of

_SLOT: Final = re.compile(r"\{[A-Z_]+\}")
# The claims that STS has keys for whatever the issuer ("Available keys for AWS web identity federation").
STANDARD_CLAIMS: Final = frozenset({"aud", "sub", "amr", "email", "oaud", "azp"})
AN_AUDIENCE: Final = "AUDIENCE"


@dataclass(frozen=True)
class Issuer:
    """What a trust document can test of an issuer's tokens.

    `name`: what people call it. `shared`: whether one URL serves all its customers, so that strangers have tokens of it
    too; `None` for an issuer that the table does not hold. `audience`: what to write in a trust, with placeholders in
    capitals. `audience_claims`: the claims that hold the audience. `tenant_in_audience`: a fixed audience fixes the
    tenant. `subjects`: the forms of its subjects, the one to be recommended first; none for opaque identifiers, `None`
    where they are not known; `complete`: no subject is of another form. `claims`: the further claims that STS has keys
    for, with the form of their values; those in `optional` are not in every token, and those in `immutable` never pass
    to somebody else. `token_claims`: all further claims that its tokens hold. `demanded`: the claims, or other keys, of
    which AWS demands one to be tested. `users`: its subjects are the users of an application, and with `guests` some
    have not signed in. `built_in`: AWS knows it by its name, without a provider in the account. `pull_request`: the
    form of its subjects in runs for pull requests, if these have one of their own.
    """

    name: str
    shared: bool | None
    audience: str = AN_AUDIENCE
    audience_claims: tuple[str, ...] = ("aud",)
    tenant_in_audience: bool = False
    subjects: tuple[Form, ...] | None = None
    complete: bool = False
    claims: Mapping[str, Form] = field(default_factory=dict, hash=False)
    token_claims: Mapping[str, Form] = field(default_factory=dict, hash=False)
    optional: frozenset[str] = frozenset()
    immutable: frozenset[str] = frozenset()
    demanded: tuple[str, ...] = ()
    users: bool = False
    guests: bool = False
    built_in: bool = False
    pull_request: Form | None = None

    @property
    def listed(self) -> bool:
        """Whether the table holds it."""
        return self.shared is not None

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms of its subjects; those of all others where they are not known."""
        return _every_form() if self.subjects is None else self.subjects

    @cached_property
    def ordinary_forms(self) -> tuple[Form, ...]:
        """The known forms of its subjects, but for those that only say what stands somewhere in one."""
        return tuple(each for each in self.subjects or () if each.slot("any") is None)

    @cached_property
    def has_places(self) -> bool:
        """Whether its subjects can name a branch, an environment or the like."""
        return any(each.has_place for each in self.forms)

    def form_of_claim(self, claim: str) -> Form | None:
        """The form of a claim's values, but for the audience and the subject; `None` where STS has no key for it."""
        return self.claims.get(claim) or (form_of("{free}") if claim in self._standard else None)

    def knows(self, claim: str) -> bool:
        """Whether STS has a condition key for a claim of this issuer's tokens."""
        return ":" not in claim and claim in {*self._standard, *self.audience_claims, *self.claims}

    @property
    def _standard(self) -> frozenset[str]:
        """The standard claims that STS sees of this issuer; where an application has an id, there is no audience."""
        return STANDARD_CLAIMS if "aud" in self.audience_claims else STANDARD_CLAIMS - {"aud"}


@dataclass(frozen=True)
class Issuers:
    """The issuers that are known, by name. `own` are a configuration's, which come before those of the table."""

    own: tuple[tuple[str, Issuer], ...] = ()

    def of(self, name: str) -> Issuer:
        """What is known of an issuer, given without scheme."""
        lowered = name.lower()
        for own, issuer in self.own:
            if own == lowered:
                return issuer
        listed = _find(lowered)
        return listed.issuer if listed else _computed() if has_stand_in(name) else _UNLISTED


def configured(entries: Mapping[str, Mapping[str, object]]) -> Issuers:
    """The issuers, with what a configuration says of some, by name.

    It says what is different from what the table has for the issuer, if that is there. Raises `ValueError` for a form
    that is none.
    """
    told = ((name, _find(name.lower()), each) for name, each in entries.items())
    return Issuers(
        tuple((name.lower(), read(name, _over(found.fields if found else {}, each))) for name, found, each in told)
    )


def _over(fields: Mapping[str, object], own: Mapping[str, object]) -> Mapping[str, object]:
    """What the table has, but for what a configuration says; whoever tells forms of subjects may not tell all."""
    return {**fields, **({"complete": False} if "subjects" in own else {}), **own}


def issuer_of(name: str) -> Issuer:
    """What the table says of an issuer, given without scheme."""
    return ISSUERS.of(name)


def parts_of(name: str) -> Mapping[str, str]:
    """What the name of an issuer says, by the slots that the table has in its place."""
    found = _find(name.lower())
    matched = found.pattern.fullmatch(name) if found and found.pattern else None
    slots = [each[1:-1] for each in _SLOT.findall(found.name)] if found else []
    return dict(zip(slots, matched.groups(), strict=True)) if matched else {}


@dataclass(frozen=True)
class _Entry:
    """What the table has for one name, and the expression for all that it stands for; `None` for one issuer."""

    name: str
    pattern: re.Pattern[str] | None
    fields: Mapping[str, object]
    issuer: Issuer


def _entry(name: str, fields: Mapping[str, object]) -> _Entry:
    if not _SLOT.search(name):
        return _Entry(name.lower(), None, fields, read(name, fields))
    # A part of a host holds no dot, and a part of a path no slash.
    host, slash, path = name.partition("/")
    part = "[^/]+" if _SLOT.fullmatch(host) else r"[^/.]+"
    pattern = re.compile(_expression(host, part) + re.escape(slash) + _expression(path, "[^/]+"))
    return _Entry(name, pattern, fields, read(name, fields))


def _expression(text: str, slot: str) -> str:
    return f"({slot})".join(re.escape(each.lower()) for each in _SLOT.split(text))


@lru_cache(maxsize=1024)
def _find(name: str) -> _Entry | None:
    """The entry for an issuer, in lower case."""
    return next(
        (each for each in _table() if (each.pattern.fullmatch(name) if each.pattern else each.name == name)), None
    )


@cache
def _table() -> list[_Entry]:
    table = json.loads(Path(__file__).with_name("data").joinpath("issuers.json").read_text(encoding="utf-8"))
    by_name = {name: each for each in table["issuers"] for name in each["issuers"]}
    entries = [_entry(name, _whole(each, by_name.get(each.get("like"), {}))) for name, each in by_name.items()]
    # An entry without slots says more than one with them.
    return sorted(entries, key=lambda each: each.pattern is not None)


def _whole(entry: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, object]:
    """An entry with the fields of the one that it is like. Tokens hold the claims of that too, whatever STS serves."""
    held = {**other.get("claims", {}), **other.get("token_claims", {}), **entry.get("token_claims", {})}
    return {**other, **entry, "token_claims": held}


def read(name: str, entry: Mapping[str, object]) -> Issuer:
    """An issuer as the table and the configuration write it. Raises `ValueError` for a form that is none."""
    audience, subjects, claims = entry.get("audience"), entry.get("subjects"), _forms(entry.get("claims"))
    pull_request = entry.get("pull_request")
    return Issuer(
        name=str(entry.get("name") or name),
        shared=bool(entry.get("shared")),
        audience=audience if isinstance(audience, str) else AN_AUDIENCE,
        audience_claims=tuple(_texts(entry.get("audience_claims"))) or ("aud",),
        tenant_in_audience=entry.get("tenant_in_audience") is True,
        subjects=None if subjects is None else tuple(form_of(each) for each in _texts(subjects)),
        complete=entry.get("complete") is True,
        claims=claims,
        token_claims={**_forms(entry.get("token_claims")), **claims},
        optional=frozenset(each.lower() for each in _texts(entry.get("optional"))),
        immutable=frozenset(_texts(entry.get("immutable"))),
        demanded=tuple(_texts(entry.get("demanded"))),
        users=entry.get("users") is True,
        guests=entry.get("guests") is True,
        built_in=entry.get("built_in") is True,
        pull_request=form_of(pull_request) if isinstance(pull_request, str) else None,
    )


def _forms(value: object) -> Mapping[str, Form]:
    found = value if isinstance(value, dict) else {}
    return {str(key).lower(): form_of(str(form)) for key, form in found.items()}


def _texts(value: object) -> Iterator[str]:
    yield from (each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


@cache
def _every_form() -> tuple[Form, ...]:
    """The forms of all issuers that may stand for one that is not known: those that start with a text of their own."""
    forms = (form for entry in _table() for form in entry.issuer.subjects or ())
    return tuple(dict.fromkeys(form for form in forms if form.start and form.slot("tenant", "project")))


_UNLISTED: Final = Issuer("an issuer", None)


@cache
def _computed() -> Issuer:
    """An issuer whose name is not known yet, so that any claim may be one of its."""
    issuers = [each.issuer for each in _table()]
    claims = {claim: form for each in issuers for claim, form in each.claims.items()}
    token_claims = {claim: form for each in issuers for claim, form in each.token_claims.items()}
    return replace(_UNLISTED, claims=claims, token_claims=token_claims)


ISSUERS: Final = Issuers()
