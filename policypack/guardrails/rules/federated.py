"""What the rules on federated trust share: what is asked, whose mistake it is, who gets in, and what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from ..aws.answers import Answer, No, Undecided, Yes
from ..aws.claim_keys import Slip, WrongKey, claims_in
from ..aws.claim_tests import demanded_values
from ..aws.federation import FederationAnswer
from ..aws.issuer_trust import subject_in
from ..findings import Finding, Outcome, Severity
from ..glob import compiled
from ..issuers.forms import Slot
from ..issuers.reach import Reach
from ..model import Context, Resource
from .aws_documents import Placed, trust_documents
from .own_issuers import OWNER, question
from .trust_fixes import condition, forms_for, to_paste

_TELL_FORM: Final = f"Say in the setting `issuers` of {OWNER} which forms its subjects have, or fix the subject:"


class Cause(StrEnum):
    """What in a statement a finding is about: findings on one place are said once, by the order in `precedence`."""

    # Whose tokens are admitted: the circles, guests, and the slips that open them. A missing audience too, where one
    # test would close both.
    SUBJECT = "sub"
    # For which service the tokens are made.
    AUDIENCE = "aud"
    # Why nobody gets in: one wrong key or value, whatever else the statement says.
    NOBODY = "nobody"
    # The rest is said beside anything else: of a name that passes on, of an odd form, of what the organization allows.
    IDENTIFIER = "id"
    FORM = "form"
    ORGANIZATION = "organization"
    ALLOWED_AUDIENCE = "audience"


def answers(placed: Placed, context: Context) -> Sequence[FederationAnswer]:
    """What the statements of a trust policy admit from each provider."""
    return placed.ask(question(context))


def federated(resource: Resource, context: Context) -> Iterator[tuple[Placed, FederationAnswer]]:
    """The trust policies of a role, with what their statements admit from each provider."""
    for placed in trust_documents(resource):
        for answer in answers(placed, context):
            yield placed, answer


def cause(placed: Placed, answer: FederationAnswer, what: Cause) -> str:
    """The place whose mistake a finding on a claim is: a test in a statement, or a document that nobody can read.

    It lies in the statement, so that what is said of the statement as a whole is said alone.
    """
    return placed.value.path if placed.value.unknown else f"{placed.place(answer.path)}.{what}"


def audience_cause(placed: Placed, answer: FederationAnswer) -> str:
    """The place of a missing audience: that of the missing subject, where one test is missing for both."""
    claims = {claim for _, claim in claims_in(answer.statement, answer.name)} if answer.name else {"aud"}
    return cause(placed, answer, Cause.SUBJECT if not claims or answer.issuer.tenant_in_audience else Cause.AUDIENCE)


def wrong_keys(placed: Placed, answer: FederationAnswer, slip: Slip, reason: str) -> Iterator[Finding]:
    """The findings on keys that no request carries, for one reason, each at its place."""
    yield from (_wrong_key(placed, answer, each, reason) for each in answer.wrong_keys if each.slip is slip)


def _wrong_key(placed: Placed, answer: FederationAnswer, key: WrongKey, reason: str) -> Finding:
    """One that keeps nobody out is worse than one that keeps everybody out, which somebody will notice."""
    name = key.condition.key
    if key.slip is Slip.SCHEME and not answer.provider:
        # The URL of a provider that is not created yet has a scheme, and its output has none.
        doubt = Undecided("the provider is not known yet, and the key may come from it", key.condition.path)
        question = f"{name} is the key that requests will carry"
        return next(placed.findings(doubt, "", question, cause=cause(placed, answer, Cause.NOBODY)))
    effect = "limits nobody" if key.idle else "locks everybody out"
    written = condition(answer)
    instead = f"; {written} tests what STS does see" if written else ""
    fix = f'Write the key as "{key.proper}".' if key.proper else f"Take the key out{instead}."
    audience = key.claim.lower() in answer.issuer.audience_claims
    place = audience_cause(placed, answer) if audience else cause(placed, answer, Cause.SUBJECT)
    return placed.finding(
        key.condition.path,
        f"no request carries the condition key {name}: {reason}, so the condition {effect}",
        fix=fix,
        cause=place if key.idle else cause(placed, answer, Cause.NOBODY),
        severity=None if key.idle else Severity.MEDIUM,
    )


def of_circle(placed: Placed, answer: FederationAnswer, reach: Reach) -> Iterator[Finding]:
    """The finding that tokens of one circle are admitted."""
    circle = answer.circle(reach)
    if isinstance(circle, No):
        return
    admitted = f"{who(answer, reach)} may assume this role"
    found = placed.findings(
        circle,
        f"{admitted}{such_as(answer, circle)}",
        admitted,
        fix=to_paste(answer),
        cause=cause(placed, answer, Cause.SUBJECT),
    )
    for one in found:
        odd = one.outcome is Outcome.UNDECIDED and answer.odd_subjects and not placed.value.secret
        yield replace(one, fix=f"{_TELL_FORM} {to_paste(answer)}") if odd else one


def who(answer: FederationAnswer, reach: Reach) -> str:
    """Those of one circle, to be completed by "may assume this role"."""
    issuer = shown_issuer(answer)
    project = _words_for(answer, "project")
    if reach is Reach.STRANGERS:
        return f"anyone who gets a token of {issuer}" if answer.issuer.listed else f"anyone with a token of {issuer}"
    if reach is Reach.ORGANIZATION:
        named = demanded_values(answer.statement, answer.name, "sub")
        return f"another {project} at {issuer} than the trust names" if named else f"any {project} at {issuer}"
    if reach is Reach.PROJECT:
        admitting = _admitting(answer, answer.circle(reach))
        return f"any {_words_for(answer, 'place', admitting)} of the {project} at {issuer}"
    return f"a run for a pull request at {issuer}"


def shown_issuer(answer: FederationAnswer) -> str:
    """What people call the issuer; the ARN of the provider where that does not tell it."""
    known = answer.issuer.name if answer.issuer.listed else answer.name
    return known or (answer.provider if answer.provider.startswith("arn:") else "any provider")


def such_as(answer: FederationAnswer, admitted: Answer) -> str:
    """The subject of a token that is admitted, and the value of the document that lets it in."""
    subject = subject_in(admitted, answer.name) if isinstance(admitted, Yes) else ""
    if not subject:
        return ""
    through = next(iter(_admitting(answer, admitted)), "")
    return f", for example with the subject {subject}" + (f" (by `{through}`)" if through not in ("", subject) else "")


def _admitting(answer: FederationAnswer, admitted: Answer) -> list[str]:
    """The values of the statement that take the subject of an admitted token in."""
    subject = subject_in(admitted, answer.name) if isinstance(admitted, Yes) else ""
    values = demanded_values(answer.statement, answer.name, "sub")
    return [text for text in values if subject and compiled(text).matches(subject)]


def _words_for(answer: FederationAnswer, kind: str, admitting: Sequence[str] = ()) -> str:
    """What the issuer calls its projects, or the places of one, such as `branch, tag or environment`.

    `admitting` are the values that let somebody in, of which some speak of places of one kind alone.
    """
    values = demanded_values(answer.statement, answer.name, "sub")
    forms = [each for each in forms_for(answer, values) if each.slot("project", "project_name") is not None]
    texts = list(admitting or values)
    most = max((form.follows(text) for form in forms for text in texts), default=0)
    fitting = [form for form in forms if not texts or any(form.follows(text) == most for text in texts)]
    usual = [each.slot("project", "project_name") for each in fitting[:1]]
    slots = (
        usual
        if kind == "project"
        else [each.slot(kind) for each in fitting if [each.slot("project", "project_name")] == usual]
    )
    names = dict.fromkeys(_word(slot) for slot in slots if slot is not None)
    *others, last = names or ["workload" if kind == "project" else kind]
    return f"{', '.join(others)} or {last}" if others else last


def _word(slot: Slot) -> str:
    return re.sub(" (?:uu|oc)?id$", "", slot.name.lower().replace("_", " "))
