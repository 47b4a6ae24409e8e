"""How far rules on the claims of outside tokens reach: whose tokens meet them.

The forms of subjects and claims are those of the issuer (`issuers`). A rule that may mean more or less, as a part of it
or of the issuer is not known, has a least and a most reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..glob import compiled
from ..issuers.forms import Depth, Form, Slot
from ..issuers.reach import Reach
from ..issuers.table import Issuer
from .token_rules import AllOf, AnyOf, ClaimTest, Readings, TokenRule

# `aud` says for whom a token is, the others which client had it made.
_AUDIENCES: Final = frozenset({"aud", "appid", "azp", "cid", "client_id"})
# Every token has them, and they say nothing of whose it is.
_IN_EVERY_TOKEN: Final = frozenset({"", "iss", "exp", "iat", "nbf", "jti", "auth_time"})
_STRANGER: Final = {"tenant": "stranger", "project": "anything", "project_name": "anything"}


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the most that a rule may reach; `None`: no further than whom it names."""

    least: Reach | None
    most: Reach | None


_NAMED: Final = Span(None, None)
_PROJECT: Final = Span(Reach.PROJECT, Reach.PROJECT)
_ORGANIZATION: Final = Span(Reach.ORGANIZATION, Reach.ORGANIZATION)
_STRANGERS: Final = Span(Reach.STRANGERS, Reach.STRANGERS)
_NOT_KNOWN: Final = Span(None, Reach.STRANGERS)


def names_audience(claim: str, issuer: Issuer) -> bool:
    """Whether a claim says for whom a token was made, or which client had it made."""
    return claim.lower() in _AUDIENCES | set(issuer.audience_claims)


def span_of(readings: Readings, issuer: Issuer) -> Span:
    """The least that the narrowest reading of a rule lets through, and the most that the widest one does."""
    return Span(_span(readings.narrowest, issuer).least, _span(readings.widest, issuer).most)


def strange_subject(forms: Sequence[Form], pattern: str) -> str | None:
    """A stranger's subject of one of the forms that matches a pattern; `None` where none was found."""
    found = next((text for text in _candidates(forms, pattern) if compiled(pattern).matches(text)), "")
    return found if any(form.shape.matches(found) for form in forms) else None


def _candidates(forms: Iterable[Form], pattern: str) -> Iterator[str]:
    yield from (form.filled(_strange) for form in forms)
    yield pattern.replace("*", "stranger")


def _strange(slot: Slot) -> str:
    return _STRANGER.get(slot.kind, "main")


def _span(rule: TokenRule, issuer: Issuer) -> Span:
    if isinstance(rule, ClaimTest):
        return _of_test(rule, issuer)
    members = [_span(each, issuer) for each in rule.members]
    least, most = [each.least for each in members], [each.most for each in members]
    if isinstance(rule, AnyOf):
        return Span(_widest(least), _widest(most))
    project, place = (_names(rule, issuer, depth) for depth in (Depth.PROJECT, Depth.PLACE))
    return Span(*(_within(_narrowest(each), project=project, place=place) for each in (least, most)))


def _names(rule: AllOf, issuer: Issuer, depth: Depth) -> bool:
    """Whether a member fixes a project, or a place, by a name that means nothing without its tenant."""
    tests = [each for each in rule.members if isinstance(each, ClaimTest)]
    named = ((issuer.token_claims.get(each.claim.lower()), each.pattern) for each in tests)
    return any(form and not form.tells(Depth.TENANT) and form.named(text, depth) for form, text in named)


def _within(reach: Reach | None, *, project: bool, place: bool) -> Reach | None:
    """The reach of a test that fixes a tenant or a project, beside others that name a project or a place of it."""
    if reach is Reach.ORGANIZATION and project:
        reach = Reach.PROJECT
    return None if reach is Reach.PROJECT and place else reach


def _narrowest(reaches: Sequence[Reach | None]) -> Reach | None:
    """The reach of tests that all have to hold: everything, where there is none."""
    known = [each for each in reaches if each is not None]
    return max(known, default=Reach.STRANGERS) if len(known) == len(reaches) else None


def _widest(reaches: Sequence[Reach | None]) -> Reach | None:
    """The reach of tests of which one has to hold."""
    return min((each for each in reaches if each is not None), default=None)


def _of_test(test: ClaimTest, issuer: Issuer) -> Span:
    claim = test.claim.lower()
    if test.lets_all_through or claim in _IN_EVERY_TOKEN:
        return _STRANGERS
    if claim in {"aud", *issuer.audience_claims}:
        return _ORGANIZATION if issuer.tenant_in_audience else _STRANGERS
    if claim == "sub":
        return _of_subject(test.pattern, issuer)
    form = issuer.token_claims.get(claim)
    if form is None:
        # The client that had a token made is one of somebody's own.
        return _NOT_KNOWN if issuer.shared and not names_audience(claim, issuer) else _NAMED
    if issuer.shared and not form.tells(Depth.TENANT):
        return _STRANGERS
    return _in_forms([form], test.pattern, whole=not issuer.has_places) or _STRANGERS


def _of_subject(pattern: str, issuer: Issuer) -> Span:
    found = _in_forms(issuer.forms, pattern, whole=True)
    if found is not None:
        return found
    if issuer.shared is None:
        start = pattern.partition("*")[0]
        open_form = "*" in pattern and any(form.start and start.startswith(form.start) for form in issuer.forms)
        return _ORGANIZATION if open_form else _NAMED
    everybody = _STRANGERS if issuer.shared else _ORGANIZATION
    if not issuer.forms:
        # Of identifiers that the issuer makes up, the first letters say nothing.
        return everybody if "*" in pattern else _NAMED
    if not any(form.fits(compiled(pattern)) for form in issuer.forms):
        return _NOT_KNOWN if issuer.shared else _NAMED
    return everybody


def _in_forms(forms: Sequence[Form], pattern: str, *, whole: bool) -> Span | None:
    """The reach of a pattern that fixes whose a token is; `None` for one that does so in none of the forms.

    `whole`: the forms hold all that tells one workload from another, the place too where tokens have any.
    """
    projects = [form for form in forms if form.named(pattern, Depth.PROJECT) is not None]
    exact = whole and "*" not in pattern
    if any(form.named(pattern, Depth.PLACE) is not None or (exact and not form.has_place) for form in projects):
        return _NAMED
    if projects:
        return _PROJECT
    return _ORGANIZATION if any(form.named(pattern, Depth.TENANT) is not None for form in forms) else None
