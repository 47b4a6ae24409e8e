"""What the rules on federated trust share: how the organization is configured, whose mistake it is, and what to write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ..aws.answers import Yes
from ..aws.claim_keys import Slip, WrongKey, claims_in
from ..aws.claim_tests import demanded_values, meant_values
from ..aws.federation import SAML, Federation, FederationAnswer, Reach, federation, subject_in
from ..aws.glob import compiled, has_wildcard
from ..aws.issuers import Issuers
from ..aws.subjects import Form, Slot
from ..aws.tokens import Own
from ..findings import Finding, Outcome, Severity
from ..model import Context, Resource
from ..values import has_stand_in
from .aws_documents import Placed, trust_documents

# The rule under whose name the organization's own issuers and subjects are configured, for all rules on trusts.
SETTINGS_OF: Final = ("oidc-trust-without-subject",)
_SLOT: Final = r"\{(?:tenant|project|project_name|place|free)(?::\w+)?\}"
_LITERAL: Final = r"(?:[^{}]|\{\{|\}\})"
_FORM: Final = rf"^(?:{_SLOT})?(?:{_LITERAL}+{_SLOT})*{_LITERAL}*$"
SETTINGS: Final[Mapping[str, Mapping[str, object]]] = {
    "issuers": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "issuer": {"type": "string", "pattern": r"^[^:/\s{}]+(/[^\s{}]*)?$"},
                "shared": {"type": "boolean"},
                "audience": {"type": "string"},
                "subjects": {"type": "array", "items": {"type": "string", "minLength": 1, "pattern": _FORM}},
            },
            "required": ["issuer"],
        },
        "default": [],
        "description": "Issuers of your own, without https://, as docs/oidc.md describes them: whether customers of others share them, the audience to ask for, and the forms of their subjects.",
    },
    "subjects": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "description": "Patterns of subjects that may be trusted as they are, such as repo:your-organization/*.",
    },
}
# A place to be filled in: a word in capitals.
_BLANK: Final = re.compile(r"(?<![\w-])[A-Z][A-Z_]{2,}(?![\w-])")
_TELL_FORM: Final = (
    "Say in the setting `issuers` of oidc-trust-without-subject which forms its subjects have, or fix the subject:"
)
_SIGN_IN: Final = "https://signin.aws.amazon.com/saml"
_SIGNED_IN: Final = "authenticated"


def answers(placed: Placed, context: Context) -> Sequence[FederationAnswer]:
    """What the statements of a trust policy admit from each provider."""
    return placed.ask(question(context))


def question(context: Context) -> Federation:
    """The question about tokens, as it is configured."""
    return _configured(json.dumps([context.settings.get(key) or [] for key in SETTINGS]))


@lru_cache(maxsize=64)
def _configured(settings: str) -> Federation:
    entries, subjects = json.loads(settings)
    if not entries and not subjects:
        return federation
    own = {str(each["issuer"]): each for each in entries}
    return Federation(Issuers(own), Own(subjects=tuple(subjects)))


def federated(resource: Resource, context: Context) -> Iterator[tuple[Placed, FederationAnswer]]:
    """The trust policies of a role, with what their statements admit from each provider."""
    for placed in trust_documents(resource):
        for answer in answers(placed, context):
            yield placed, answer


def cause(placed: Placed, answer: FederationAnswer, claim: str) -> str:
    """The place whose mistake a finding on a claim is: a test in a statement, or a document that nobody can read.

    It lies in the statement, so that what is said of the statement as a whole is said alone.
    """
    return placed.value.path if placed.value.unknown else f"{placed.place(answer.path)}.{claim}"


def audience_cause(placed: Placed, answer: FederationAnswer) -> str:
    """The place of a missing audience: that of the missing subject, where one test is missing for both."""
    claims = {claim for _, claim in claims_in(answer.statement, answer.name)} if answer.name else {"aud"}
    return cause(placed, answer, "sub" if not claims or answer.issuer.tenant_in_audience else "aud")


def keys_with(slip: Slip, answer: FederationAnswer) -> list[WrongKey]:
    """The condition keys of a statement that no request carries, for one reason."""
    return [each for each in answer.wrong_keys if each.slip is slip]


def wrong_key(placed: Placed, answer: FederationAnswer, key: WrongKey, reason: str) -> Finding:
    """The finding on a key that no request carries.

    One that keeps nobody out is worse than one that keeps everybody out, which somebody will notice.
    """
    effect = "limits nobody" if key.idle else "locks everybody out"
    message = f"no request carries the condition key {key.condition.key}: {reason}, so the condition {effect}"
    fix = (
        f'Write the key as "{key.proper}".'
        if key.proper
        else f"Take the key out: {condition(answer)} asks for what tokens hold."
    )
    audience = key.claim.lower() in answer.issuer.audience_claims
    place = audience_cause(placed, answer) if audience else cause(placed, answer, "sub")
    return placed.finding(
        key.condition.path,
        message,
        fix=fix,
        cause=place if key.idle else cause(placed, answer, "nobody"),
        severity=None if key.idle else Severity.MEDIUM,
    )


def shown_subject(answer: FederationAnswer) -> str:
    """The subject that the answer shows as admitted; empty where it shows none."""
    return subject_in(answer.subject, answer.name) if isinstance(answer.subject, Yes) else ""


def of_circle(placed: Placed, answer: FederationAnswer, reach: Reach, who: str) -> Iterator[Finding]:
    """The finding that tokens of one circle are admitted; `who` completes "… may assume this role"."""
    found = placed.findings(
        answer.circle(reach),
        f"{who} may assume this role{such_as(answer)}",
        f"{who} may assume this role",
        fix=to_paste(answer),
        cause=cause(placed, answer, "sub"),
    )
    for one in found:
        odd = one.outcome is Outcome.UNDECIDED and answer.odd_subjects
        yield replace(one, fix=f"{_TELL_FORM} {to_paste(answer)}") if odd else one


def such_as(answer: FederationAnswer) -> str:
    """An example of the subjects that are admitted, and the value of the document that lets it in."""
    subject = shown_subject(answer)
    if not subject:
        return ""
    values = demanded_values(answer.statement, answer.name, "sub")
    through = next((text for text in values if compiled(text).matches(subject)), "")
    return f", such as {subject}" + (f" (by `{through}`)" if through and through != subject else "")


def to_paste(answer: FederationAnswer) -> str:
    """The fix that writes `condition`; empty where the issuer cannot be read."""
    written = condition(answer)
    blanks = _BLANK.search(written.replace(answer.name, "")) if answer.name else None
    return (
        f"Write {written}{', with your own values for what stands in capitals' if blanks else ''}." if written else ""
    )


def condition(answer: FederationAnswer) -> str:
    """The condition to paste: audience and subject in the issuer's own form, with what the statement fixes already.

    What is to be filled in stands in capitals. Empty where the issuer cannot be read.
    """
    if answer.action == SAML:
        return _written({"StringEquals": {"SAML:aud": _SIGN_IN}})
    if not answer.name:
        return ""
    # What is computed cannot be pasted.
    issuer, name = answer.issuer, "ISSUER" if has_stand_in(answer.name) else answer.name
    claim = issuer.audience_claims[0]
    pinned = [text for text in meant_values(answer.statement, answer.name, claim) if not has_wildcard(text)]
    known = len(pinned) == 1 and not has_stand_in(pinned[0])
    audience = pinned[0] if known else issuer.audience
    block: dict[str, dict[str, str]] = {"StringEquals": {f"{name}:{claim}": audience}}
    for key in (each for each in issuer.demanded if ":" in each):
        block["StringEquals"][key] = issuer.claims[key.lower()].filled(lambda slot: slot.name)
    if issuer.guests:
        block["ForAnyValue:StringLike"] = {f"{name}:amr": _SIGNED_IN}
    elif not issuer.users:
        subject = _subject(answer)
        operator = "StringLike" if compiled(subject).literal is None else "StringEquals"
        block.setdefault(operator, {})[f"{name}:sub"] = subject
    return _written(block)


def _written(block: Mapping[str, Mapping[str, str]]) -> str:
    return f'"Condition": {json.dumps(block)}'


def _subject(answer: FederationAnswer) -> str:
    """The subject to ask for, with what the statement fixes of it already."""
    values = meant_values(answer.statement, answer.name, "sub")
    forms = _forms(answer, values)
    known: Mapping[Slot, str] = {}
    chosen = forms[0] if forms else None
    for text in values:
        for form in forms:
            found = form.read(text)
            if len(found) > len(known):
                known, chosen = found, form if form.has_place or not forms[0].has_place else forms[0]
    if chosen is None:
        return "SUBJECT"
    by_kind = {slot.kind: value for slot, value in known.items()}
    return chosen.filled(
        lambda slot: "*" if slot.kind == "free" else known.get(slot) or by_kind.get(slot.kind) or slot.name
    )


def _forms(answer: FederationAnswer, values: Sequence[str]) -> tuple[Form, ...]:
    """The forms of an issuer's subjects; of one that is not known, that in which a statement writes them."""
    if answer.issuer.subjects is not None:
        return answer.issuer.ordinary_forms
    patterns = [compiled(text) for text in values if not has_wildcard(text[:1])]
    return tuple(each for each in answer.issuer.forms if any(map(each.fits, patterns)))[:1]


def example_of(answer: FederationAnswer) -> str:
    """A subject in the form that the issuer recommends."""
    return answer.issuer.forms[0].filled(lambda slot: slot.name)


def words_for(answer: FederationAnswer, kind: str) -> str:
    """What the issuer calls its tenants, projects or places, such as `branch, tag or environment`."""
    forms = _forms(answer, demanded_values(answer.statement, answer.name, "sub"))
    alike = [each for each in forms if each.start == forms[0].start]
    slots = [each.slot("project", "project_name") if kind == "project" else each.slot(kind) for each in alike]
    names = dict.fromkeys(_word(slot) for slot in slots if slot is not None)
    *most, last = names or ["workload" if kind == "project" else kind]
    return f"{', '.join(most)} or {last}" if most else last


def _word(slot: Slot) -> str:
    return re.sub(" (?:uu|oc)?id$", "", slot.name.lower().replace("_", " "))
