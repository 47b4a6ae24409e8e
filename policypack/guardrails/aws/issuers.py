"""What is known of OIDC issuers: whose tokens they make, for which audience, and what their subjects say.

The table is data/issuers.json, whose entries have the fields of `Issuer`, or those of the one that they are `like`; a
configuration may add entries of its own. What a claim that is no claim of the token itself holds, such as a session tag
that the issuer has signed, stands there with the whole key.
Sources: IAM User Guide, "Identity-provider controls for shared OIDC providers" and "IAM and AWS STS condition context
keys"; the issuers' own documentation of subjects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ..values import has_stand_in
from .subjects import Form, form_of

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
    to somebody else. `demanded`: the claims, or other keys, of which AWS demands one to be tested. `users`: its
    subjects are the users of an application, and with `guests` some have not signed in. `built_in`: AWS knows it by its
    name, without a provider in the account. `pull_request`: the form of its subjects in runs for pull requests, if
    these have one of their own.
    """

    name: str
    shared: bool | None
    audience: str = AN_AUDIENCE
    audience_claims: tuple[str, ...] = ("aud",)
    tenant_in_audience: bool = False
    subjects: tuple[Form, ...] | None = None
    complete: bool = False
    claims: Mapping[str, Form] = field(default_factory=lambda: MappingProxyType({}))
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
        return self.claims.get(claim) or (form_of("{free}") if claim in STANDARD_CLAIMS else None)

    def knows(self, claim: str) -> bool:
        """Whether STS has a condition key for a claim of this issuer's tokens."""
        return ":" not in claim and claim in {*STANDARD_CLAIMS, *self.audience_claims, *self.claims}


class Issuers:
    """The issuers that are known, by name. `own` are a configuration's entries, each by its issuer.

    Such an entry comes before those of the table, and says what is different from the one that the table has for its
    issuer, if there is one.
    """

    def __init__(self, own: Mapping[str, Mapping[str, object]] | None = None) -> None:
        entries = own or {}
        self.own = json.dumps(entries, sort_keys=True)
        told = ((name, {**_of_table(name), **each}) for name, each in entries.items())
        self._known = [*(_Entry(name.lower(), None, each, read(each)) for name, each in told), *_table()]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Issuers) and self.own == other.own

    def __hash__(self) -> int:
        return hash(self.own)

    def of(self, name: str) -> Issuer:
        """What is known of an issuer, given without scheme."""
        found = _find(self._known, name)
        return found.issuer if found else _computed() if has_stand_in(name) else _UNLISTED


def issuer_of(name: str) -> Issuer:
    """What the table says of an issuer, given without scheme."""
    return ISSUERS.of(name)


@dataclass(frozen=True)
class _Entry:
    """An entry of the table, with the expression that names of its issuer match; `None` for one name alone."""

    name: str
    pattern: re.Pattern[str] | None
    fields: Mapping[str, object]
    issuer: Issuer


def _entry(name: str, fields: Mapping[str, object]) -> _Entry:
    if not _SLOT.search(name):
        return _Entry(name.lower(), None, fields, read(fields))
    # A part of a host holds no dot, and a part of a path no slash.
    host, slash, path = name.partition("/")
    part = "[^/]+" if _SLOT.fullmatch(host) else r"[^/.]+"
    pattern = re.compile(_expression(host, part) + re.escape(slash) + _expression(path, "[^/]+"))
    return _Entry(name, pattern, fields, read(fields))


def _expression(text: str, slot: str) -> str:
    return slot.join(re.escape(each.lower()) for each in _SLOT.split(text))


def _find(entries: Iterable[_Entry], name: str) -> _Entry | None:
    lowered = name.lower()
    return next(
        (each for each in entries if (each.pattern.fullmatch(lowered) if each.pattern else each.name == lowered)), None
    )


def _of_table(name: str) -> Mapping[str, object]:
    found = _find(_table(), name)
    return found.fields if found else {}


@cache
def _table() -> list[_Entry]:
    table = json.loads(Path(__file__).with_name("data").joinpath("issuers.json").read_text(encoding="utf-8"))
    by_name = {each["issuer"]: each for each in table["issuers"]}
    entries = [_entry(name, {**by_name.get(each.get("like"), {}), **each}) for name, each in by_name.items()]
    # An entry without slots says more than one with them.
    return sorted(entries, key=lambda each: each.pattern is not None)


def read(entry: Mapping[str, object]) -> Issuer:
    """An issuer as the table and the configuration write it. Raises `ValueError` for a form that is none."""
    audience, subjects, claims = entry.get("audience"), entry.get("subjects"), entry.get("claims")
    pull_request = entry.get("pull_request")
    return Issuer(
        name=str(entry.get("name") or entry["issuer"]),
        shared=bool(entry.get("shared")),
        audience=audience if isinstance(audience, str) else AN_AUDIENCE,
        audience_claims=tuple(_texts(entry.get("audience_claims"))) or ("aud",),
        tenant_in_audience=entry.get("tenant_in_audience") is True,
        subjects=None if subjects is None else tuple(form_of(each) for each in _texts(subjects)),
        complete=entry.get("complete") is True,
        claims={
            str(key).lower(): form_of(str(form)) for key, form in (claims if isinstance(claims, dict) else {}).items()
        },
        optional=frozenset(each.lower() for each in _texts(entry.get("optional"))),
        immutable=frozenset(_texts(entry.get("immutable"))),
        demanded=tuple(_texts(entry.get("demanded"))),
        users=entry.get("users") is True,
        guests=entry.get("guests") is True,
        built_in=entry.get("built_in") is True,
        pull_request=form_of(pull_request) if isinstance(pull_request, str) else None,
    )


def _texts(value: object) -> Iterator[str]:
    yield from (each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


@cache
def _every_form() -> tuple[Form, ...]:
    """The forms of all issuers that may stand for one that is not known: those that start with a text of their own."""
    forms = (form for entry in _table() for form in entry.issuer.subjects or ())
    return tuple(dict.fromkeys(form for form in forms if form.start and form.slot("tenant", "project")))


def _claims(issuers: Iterable[Issuer]) -> Mapping[str, Form]:
    return {claim: form for issuer in issuers for claim, form in issuer.claims.items()}


_UNLISTED: Final = Issuer("an issuer", None)


@cache
def _computed() -> Issuer:
    """An issuer whose name is not known yet, so that any claim may be one of its."""
    return replace(_UNLISTED, claims=_claims(each.issuer for each in _table()))


ISSUERS: Final = Issuers()
