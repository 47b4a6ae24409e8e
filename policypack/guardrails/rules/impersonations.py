"""Which tokens may act as a service user, by the rules of an identity propagation trust."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ..aws.glob import Glob, overlapping, tokens_of
from ..aws.issuers import Issuer, Issuers
from ..aws.subjects import Form, Level, Slot
from ..findings import Finding, undecided
from ..model import Context, Resource, Value
from ..oci.rejection import Unreadable
from ..oci.token_rules import AllOf, ClaimTest, TokenRule, parse
from .federated import question
from .propagation_trusts import issuer_in, issuer_shown, names_audience, of_active, other_tests, quoted

# Every token has them, and they say nothing of whose it is.
_IN_EVERY_TOKEN: Final = frozenset({"", "iss", "exp", "iat", "nbf", "jti", "auth_time"})
_STRANGER: Final[Mapping[str, str]] = {"tenant": "stranger", "project": "anything", "project_name": "anything"}


class Reach(IntEnum):
    """How many tokens of an issuer qualify."""

    NAMED = 0
    PROJECT = 1
    ORGANIZATION = 2
    ANYONE = 3


@dataclass(frozen=True, slots=True)
class Impersonation:
    """One rule, at `value`, and the least and the most that qualify by it, whatever its unknown parts turn out to be.

    `doubt` says what the difference hangs on. `test` is the rule's own where it is a single one.
    """

    value: Value
    user: Value
    least: Reach
    most: Reach
    doubt: str = ""
    test: ClaimTest | None = None


def impersonations(resource: Resource, context: Context) -> Sequence[Impersonation]:
    """The rules of a trust, whether or not it is in force."""
    by_issuers: dict[Issuers, list[Impersonation]] = resource.remember("impersonations", dict)
    issuers = question(context).issuers
    if issuers not in by_issuers:
        by_issuers[issuers] = list(_impersonations(resource, context))
    return by_issuers[issuers]


def findings(
    resource: Resource, context: Context, reach: Reach, message: Callable[[Impersonation], Finding]
) -> Iterator[Finding]:
    """What to say of the rules by which tokens qualify as far as `reach`, and of those that may."""
    return of_active(resource, _findings(resource, context, reach, message), impersonation=True)


def _findings(
    resource: Resource, context: Context, reach: Reach, message: Callable[[Impersonation], Finding]
) -> Iterator[Finding]:
    for each in impersonations(resource, context):
        if each.least is reach:
            yield message(each)
        elif each.most is reach:
            yield undecided(each.value.path, each.doubt)


def narrower(resource: Resource, context: Context, found: Impersonation) -> str:
    """A rule to paste: a whole subject in the form of the issuer, with what is fixed already kept."""
    pattern = found.test.pattern if found.test and found.test.claim.lower() == "sub" and not found.value.secret else ""
    forms = issuer_in(resource, context)[1].subjects or ()
    kept = [form for form in forms if form.named(pattern, Level.TENANT) is not None]
    if not forms:
        subject = "SUBJECT"
    else:
        form = (kept or forms)[0]
        fixed = form.read(pattern)
        subject = form.filled(lambda slot: "*" if slot.kind == "free" else fixed.get(slot, slot.name))
    return f'Write the rule as: sub eq "{subject}"'


def stranger(resource: Resource, context: Context, found: Impersonation) -> Mapping[str, object] | None:
    """A token of another customer that meets a rule; `None` where none can be written down."""
    name, known = issuer_in(resource, context)
    forms = [form for form in known.subjects or () if form.slot("tenant") is not None]
    test = found.test
    if test is None or found.value.secret or resource["issuer"].secret or not forms or not known.shared:
        return None
    token: dict[str, object] = {"iss": f"https://{name}"}
    claim, values = resource["clientClaimName"], list(resource["clientClaimValues"].elements())
    if claim.text and values and values[0].text and not values[0].secret:
        token[claim.text] = values[0].text
    subject = forms[0].filled(_strange)
    if test.claim.lower() == "sub" and not test.lets_all_through:
        subject = next((text for text in _candidates(forms, test.pattern) if _matches(test.pattern, text)), "")
        if not any(form.shape.matches(subject) for form in forms):
            return None
    elif test.claim.lower() != "sub" and test.claim and not test.lets_all_through:
        token[test.claim] = test.pattern.replace("*", "anything")
    return {**token, "sub": subject}


def _candidates(forms: Iterable[Form], pattern: str) -> Iterator[str]:
    yield from (form.filled(_strange) for form in forms)
    yield pattern.replace("*", "stranger")


def _strange(slot: Slot) -> str:
    return _STRANGER.get(slot.kind, "main")


def _matches(pattern: str, text: str) -> bool:
    return Glob(tokens_of(pattern)).matches(text)


def _impersonations(resource: Resource, context: Context) -> Iterator[Impersonation]:
    known = issuer_in(resource, context)[1]
    beside = other_tests(resource)
    for each in resource["impersonationServiceUsers"].elements():
        rule = each["rule"] if isinstance(each.raw, dict) else each
        read = parse(rule.raw)
        if isinstance(read, Unreadable):
            most = min(Reach.ANYONE, _reach(beside.widest, known)[1])
            doubt = f"which tokens this rule lets through cannot be told: {read.reason}"
            yield Impersonation(rule, each["value"], Reach.NAMED, most, doubt)
            continue
        least = _reach(AllOf((read.narrowest, beside.narrowest)), known)[0]
        most = _reach(AllOf((read.widest, beside.widest)), known)[1]
        doubt = (
            f"whose tokens of {issuer_shown(resource, context)} meet {quoted(rule)} hangs on a part that is not known, "
            "or on a claim or a form of subject that is not known of this issuer"
        )
        test = read.narrowest if isinstance(read.narrowest, ClaimTest) else None
        yield Impersonation(rule, each["value"], least, most, doubt, test)


_Range = tuple[Reach, Reach]
_ANYONE: Final = (Reach.ANYONE, Reach.ANYONE)
_NAMED: Final = (Reach.NAMED, Reach.NAMED)
_NOT_KNOWN: Final = (Reach.NAMED, Reach.ANYONE)


def _reach(rule: TokenRule, issuer: Issuer) -> _Range:
    """The least and the most that a rule may let through."""
    if isinstance(rule, ClaimTest):
        return _reach_of_test(rule, issuer)
    members = [_reach(each, issuer) for each in rule.members]
    if isinstance(rule, AllOf):
        return min((least for least, _ in members), default=Reach.ANYONE), min(
            (most for _, most in members), default=Reach.ANYONE
        )
    return max(least for least, _ in members), max(most for _, most in members)


def _reach_of_test(test: ClaimTest, issuer: Issuer) -> _Range:
    claim = test.claim.lower()
    if test.lets_all_through or claim in _IN_EVERY_TOKEN:
        return _ANYONE
    if claim in {"aud", *issuer.audience_claims}:
        return (Reach.ORGANIZATION, Reach.ORGANIZATION) if issuer.tenant_in_audience else _ANYONE
    if claim == "sub":
        return _reach_of_subject(test.pattern, issuer)
    form = issuer.claims.get(claim)
    if form is None:
        # The client that had a token made is one of somebody's own.
        return _NOT_KNOWN if issuer.shared and not names_audience(claim, issuer) else _NAMED
    return _reach_in([form], test.pattern, whole=not issuer.has_places) or _ANYONE


def _reach_of_subject(pattern: str, issuer: Issuer) -> _Range:
    found = _reach_in(issuer.forms, pattern, whole=True)
    if found is not None:
        return found
    if issuer.shared is None:
        start = pattern.partition("*")[0]
        open_form = "*" in pattern and any(form.start and start.startswith(form.start) for form in issuer.forms)
        return (Reach.ORGANIZATION, Reach.ORGANIZATION) if open_form else _NAMED
    if not issuer.forms:
        # Of identifiers that the issuer makes up, the first letters say nothing.
        return (_ANYONE if issuer.shared else (Reach.ORGANIZATION, Reach.ORGANIZATION)) if "*" in pattern else _NAMED
    if not any(overlapping(Glob(tokens_of(pattern)), form.shape) for form in issuer.forms):
        return _NOT_KNOWN if issuer.shared else _NAMED
    return _ANYONE if issuer.shared else (Reach.ORGANIZATION, Reach.ORGANIZATION)


def _reach_in(forms: Sequence[Form], pattern: str, *, whole: bool) -> _Range | None:
    """The reach of a pattern that fixes whose a token is; `None` for one that does so in none of the forms.

    `whole`: the forms hold all that tells one workload from another, the place too where tokens have any.
    """
    projects = [form for form in forms if form.named(pattern, Level.PROJECT) is not None]
    exact = whole and "*" not in pattern
    if any(form.named(pattern, Level.PLACE) is not None or (exact and not form.has_place) for form in projects):
        return _NAMED
    if projects:
        return Reach.PROJECT, Reach.PROJECT
    if any(form.named(pattern, Level.TENANT) is not None for form in forms):
        return Reach.ORGANIZATION, Reach.ORGANIZATION
    return None
