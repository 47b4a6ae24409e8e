"""The rules of identity propagation trusts, by which outside tokens act as service users."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..findings import Finding, undecided
from ..issuers.forms import Depth
from ..issuers.reach import Reach
from ..issuers.table import Issuers
from ..model import Context, Resource, Value
from ..oci.rejections.rejection import Unreadable
from ..oci.token_reach import Span, span_of, strange_subject
from ..oci.token_rules import AllOf, ClaimTest, Readings, parse
from .own_issuers import question
from .propagation_trusts import issuer_in, issuer_shown, of_active, other_tests, quoted


@dataclass(frozen=True, slots=True)
class Impersonation:
    """One rule, at `value`, with whom it lets through beside those it names, whatever its unknown parts turn out to be.

    `doubt` says what the difference hangs on. `test` is the rule's own where it is a single one.
    """

    value: Value
    user: Value
    span: Span
    doubt: str = ""
    test: ClaimTest | None = None


def impersonations(resource: Resource, context: Context) -> Sequence[Impersonation]:
    """The rules of a trust, whether or not it is in force."""
    by_issuers: dict[Issuers, list[Impersonation]] = resource.remember("impersonations", dict)
    issuers = question(context).issuers
    if issuers not in by_issuers:
        by_issuers[issuers] = list(_impersonations(resource, context))
    return by_issuers[issuers]


def _impersonations(resource: Resource, context: Context) -> Iterator[Impersonation]:
    known = issuer_in(resource, context)[1]
    beside = other_tests(resource)
    for each in resource["impersonationServiceUsers"].elements():
        rule = each["rule"] if isinstance(each.raw, dict) else each
        read = parse(rule.raw)
        if isinstance(read, Unreadable):
            span = Span(None, span_of(beside, known).most)
            doubt = f"which tokens this rule lets through cannot be told: {read.reason}"
            yield Impersonation(rule, each["value"], span, doubt)
            continue
        both = Readings(AllOf((read.widest, beside.widest)), AllOf((read.narrowest, beside.narrowest)))
        doubt = (
            f"whose tokens of {issuer_shown(resource, context)} meet {quoted(rule)} hangs on a part that is not known, "
            "or on a claim or a form of subject that is not known of this issuer"
        )
        test = read.narrowest if isinstance(read.narrowest, ClaimTest) else None
        yield Impersonation(rule, each["value"], span_of(both, known), doubt, test)


def findings(
    resource: Resource, context: Context, reach: Reach, message: Callable[[Impersonation], Finding]
) -> Iterator[Finding]:
    """What to say of the rules by which tokens qualify as far as `reach`, and of those that may."""
    return of_active(resource, _findings(resource, context, reach, message), impersonation=True)


def _findings(
    resource: Resource, context: Context, reach: Reach, message: Callable[[Impersonation], Finding]
) -> Iterator[Finding]:
    for each in impersonations(resource, context):
        if each.span.least is reach:
            yield message(each)
        elif each.span.most is reach:
            yield undecided(each.value.path, each.doubt)


def narrower(resource: Resource, context: Context, found: Impersonation) -> str:
    """A rule to paste: a whole subject in the form of the issuer, with what is fixed already kept."""
    pattern = found.test.pattern if found.test and found.test.claim.lower() == "sub" and not found.value.secret else ""
    forms = issuer_in(resource, context)[1].subjects or ()
    kept = [form for form in forms if form.named(pattern, Depth.TENANT) is not None]
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
    of_subject = test.claim.lower() == "sub"
    subject = strange_subject(forms, test.pattern if of_subject else "*")
    if subject is None:
        return None
    token: dict[str, object] = {"iss": f"https://{name}"}
    claim, values = resource["clientClaimName"], list(resource["clientClaimValues"].elements())
    if claim.text and values and values[0].text and not values[0].secret:
        token[claim.text] = values[0].text
    if test.claim and not of_subject and not test.lets_all_through:
        token[test.claim] = test.pattern.replace("*", "anything")
    return {**token, "sub": subject}
