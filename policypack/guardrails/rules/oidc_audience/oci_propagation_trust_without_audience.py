"""An identity propagation trust does not test for whom a token was made."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...issuers.table import Issuer
from ...model import Context, Resource, Value
from ...oci.rejections.rejection import Unreadable
from ...oci.token_reach import names_audience
from ...oci.token_rules import AnyOf, ClaimTest, TokenRule, parse
from ...rule import ResourceRule
from ...values import may_be_anything
from ..own_issuers import SETTINGS_OF
from ..propagation_trusts import TRUST_TYPES, issuer_in, issuer_shown, of_active, other_tests


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    issuer = issuer_in(resource, context)[1]
    if not _tested_elsewhere(resource, issuer):
        found = _findings(resource, issuer, issuer_shown(resource, context))
        yield from of_active(resource, found, tokens_alone=True)


def _findings(resource: Resource, issuer: Issuer, shown: str) -> Iterator[Finding]:
    name, values = resource["clientClaimName"], resource["clientClaimValues"]
    elements = [each for each in values.elements() if each.raw != ""]
    fix = (
        f'Set clientClaimName to "{issuer.audience_claims[0]}" and clientClaimValues to the audience of your workload.'
    )
    tokens = f"the trust takes tokens of {shown} whatever their audience"
    if name.absent or name.raw == "":
        yield Finding(path="clientClaimName", message=f"{tokens}: it names no client claim", fix=fix)
    elif not elements:
        yield Finding(path="clientClaimValues", message=f"{tokens}: no value of the client claim is given", fix=fix)
    elif any(_open(each) for each in elements):
        place = next(each for each in elements if _open(each))
        yield Finding(path=place.path, message=f"{tokens}: the value given is a wildcard", fix=fix)
    elif name.text is None or may_be_anything(name.text) or not all(_known(each) for each in elements):
        place = next((each for each in elements if not _known(each)), name)
        yield undecided(place.path, "whether the audience is tested hangs on a value that cannot be read yet")
    elif not names_audience(name.text, issuer) and (name.text.lower() in {"sub", "iss"} or issuer.listed):
        message = f"{tokens}: its client claim is `{name.text}`, which does not say for whom a token was made"
        yield Finding(path="clientClaimName", message=message, fix=fix, severity=Severity.MEDIUM)


def _open(value: Value) -> bool:
    return value.text is not None and not value.text.strip("* ")


def _known(value: Value) -> bool:
    return value.text is not None and not may_be_anything(value.text)


def _tested_elsewhere(resource: Resource, issuer: Issuer) -> bool:
    """Whether each rule of a service user, or a validation of claims, tests the audience."""
    if _tests(other_tests(resource).widest, issuer):
        return True
    rules = [each["rule"] for each in resource["impersonationServiceUsers"].elements()]
    read = [parse(rule.raw) for rule in rules]
    tested = [not isinstance(each, Unreadable) and _tests(each.widest, issuer) for each in read]
    return resource["allowImpersonation"].flag is True and bool(tested) and all(tested)


def _tests(rule: TokenRule, issuer: Issuer) -> bool:
    if isinstance(rule, ClaimTest):
        return names_audience(rule.claim, issuer) and not rule.lets_all_through
    answers = [_tests(each, issuer) for each in rule.members]
    return all(answers) if isinstance(rule, AnyOf) else any(answers)


RULE = ResourceRule(
    id="oci-propagation-trust-without-audience",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="An identity propagation trust takes tokens for any audience",
    why="A token that was made for another service, and handed to it, can be exchanged here for a session in OCI.",
    fix="Set clientClaimName to the claim with the audience and clientClaimValues to the one that your workload asks for.",
    covers=("OI-12a",),
    settings_of=SETTINGS_OF,
    types=TRUST_TYPES,
    check=check,
)
