"""Identity propagation trusts of OCI: which outside tokens an identity domain takes.

Semantics: Oracle Cloud Infrastructure documentation, "Token Exchange Grant Type", and the Identity Domains API,
"IdentityPropagationTrust".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ..findings import Finding, Outcome, undecided
from ..issuers.table import Issuer
from ..model import Context, Resource, Value
from ..oci.token_rules import AllOf, AnyOf, ClaimTest, Readings, TokenRule
from ..values import State, may_be_anything
from .own_issuers import question

TRUST_TYPES: Final = ("oci:Identity/domainsIdentityPropagationTrust:DomainsIdentityPropagationTrust",)
# Of Kerberos, of certificates, and of AWS's own signatures: nothing in them says for whom they were made.
_WITHOUT_CLAIMS: Final = frozenset({"SPNEGO", "X509", "AWS", "AWS-CREDENTIAL"})


def of_active(
    resource: Resource, findings: Iterable[Finding], *, tokens_alone: bool = False, impersonation: bool = False
) -> Iterator[Finding]:
    """What there is to say of a trust if it is active, and of a kind that is asked about.

    `tokens_alone`: of trusts in JWT and SAML tokens, which carry claims. `impersonation`: of those that lend the
    name of a service user. Where that cannot be read yet, a violation is undecided.
    """
    doubts = []
    flags = ("active", "allowImpersonation") if impersonation else ("active",)
    for name in flags:
        flag = resource[name]
        if flag.absent or flag.flag is False:
            return
        if flag.flag is None:
            doubts.append(f"`{name}`")
    kind = resource["type"]
    if tokens_alone and kind.state is State.KNOWN and str(kind.raw).upper() in _WITHOUT_CLAIMS:
        return
    if tokens_alone and kind.state in {State.UNKNOWN, State.STAND_IN}:
        doubts.append("`type`")
    for each in findings:
        if doubts and each.outcome is Outcome.VIOLATION:
            reason = f"it hangs on {' and '.join(doubts)}, which cannot be read yet, whether this holds: {each.message}"
            yield undecided(each.path, reason)
        else:
            yield each


def quoted(value: Value) -> str:
    """A value for a message, which shows nothing of a secret."""
    return "(marked secret)" if value.secret else f"`{value.raw}`"


def issuer_in(resource: Resource, context: Context) -> tuple[str, Issuer]:
    """The issuer of a trust, without scheme and empty where it cannot be read, and what is known of it."""
    text = resource["issuer"].text or ""
    name = text.partition("://")[2] or text
    return name, question(context).issuers.of(name)


def issuer_shown(resource: Resource, context: Context) -> str:
    """The issuer of a trust for a message."""
    name, known = issuer_in(resource, context)
    if resource["issuer"].secret or not name:
        return "the issuer"
    return known.name if known.listed else name


def other_tests(resource: Resource) -> Readings:
    """What a token has to meet beside the rule of a service user: the client claim and the validations of claims."""
    widest: list[TokenRule] = []
    narrowest: list[TokenRule] = []
    pairs = [(resource["clientClaimName"], resource["clientClaimValues"])]
    pairs += [(each["name"], each["value"]) for each in resource["claimValidations"].elements()]
    for name, values in pairs:
        elements = [each for each in values.elements() if each.raw != ""]
        if name.text is None or may_be_anything(name.text) or not (name.text and elements):
            continue
        widest.append(AnyOf(tuple(ClaimTest(name.text, _pattern(each, widest=True)) for each in elements)))
        narrowest.append(AnyOf(tuple(ClaimTest(name.text, _pattern(each, widest=False)) for each in elements)))
    return Readings(AllOf(tuple(widest)), AllOf(tuple(narrowest)))


def _pattern(value: Value, *, widest: bool) -> str:
    if value.text is None:
        return "*" if widest else "a text that is not known yet"
    return "*" if widest and may_be_anything(value.text) else value.text
