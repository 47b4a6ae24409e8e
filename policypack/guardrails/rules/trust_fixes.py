"""What to write in a trust policy so that one workload is left: the condition with the provider's own audience and subject."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..aws.claim_keys import AWS_PREFIXES, claims_in
from ..aws.claim_tests import demanded_values, meant_values
from ..aws.federation import FederationAnswer
from ..aws.tokens import is_carried
from ..aws.trust_actions import SAML
from ..glob import compiled, has_wildcard
from ..issuers.forms import Depth, Form
from ..issuers.table import parts_of
from ..values import has_stand_in

# A place to be filled in: a word in capitals.
_BLANK: Final = re.compile(r"(?<![\w-])[A-Z][A-Z_]{2,}(?![\w-])")
_WORD: Final = re.compile(r"[A-Z][A-Z_]+")
_SIGN_INS: Final = {
    "aws": "signin.aws.amazon.com",
    "aws-cn": "signin.amazonaws.cn",
    "aws-us-gov": "signin.amazonaws-us-gov.com",
}
_SIGNED_IN: Final = "authenticated"

_Block = dict[str, dict[str, str | list[str]]]


def to_paste(answer: FederationAnswer) -> str:
    """The fix that writes `condition`; empty where the issuer cannot be read."""
    written = condition(answer)
    if not written:
        return ""
    blanks = answer.name and _BLANK.search(written.replace(answer.name, ""))
    others = len(answer.statement.principals or ()) > 1
    return (
        f"Write {written}"
        + (", with your own values for what stands in capitals" if blanks else "")
        + (", in a statement of its own for each provider." if others else ".")
    )


def condition(answer: FederationAnswer) -> str:
    """The condition to paste: audience and subject in the issuer's own form, with what the statement fixes already.

    What is to be filled in stands in capitals. Empty where the issuer cannot be read.
    """
    if answer.action == SAML:
        return _written({"StringEquals": {"SAML:aud": _sign_in(answer.provider)}})
    if not answer.name:
        return ""
    # What is computed cannot be pasted.
    issuer, name = answer.issuer, "ISSUER" if has_stand_in(answer.name) else answer.name
    claim = issuer.audience_claims[0]
    pinned = [text for text in meant_values(answer.statement, answer.name, claim) if not has_wildcard(text)]
    known = bool(pinned) and not any(map(has_stand_in, pinned))
    told = _told(answer)
    block = _kept(answer)
    equal = block.setdefault("StringEquals", {})
    usual = _WORD.sub(lambda word: told.get(word[0], word[0]), issuer.audience)
    equal[f"{name}:{claim}"] = (pinned[0] if len(pinned) == 1 else pinned) if known else usual
    for key in (each for each in issuer.demanded if ":" in each):
        equal.setdefault(key, issuer.claims[key.lower()].filled(lambda slot: slot.name))
    if issuer.guests:
        block["ForAnyValue:StringLike"] = {f"{name}:amr": _SIGNED_IN}
    elif not issuer.users and not any(":" in each for each in issuer.demanded):
        subject = _subject(answer, told)
        operator = "StringLike" if compiled(subject).literal is None else "StringEquals"
        block.setdefault(operator, {})[f"{name}:sub"] = subject
    return _written(block)


def _written(block: Mapping[str, Mapping[str, object]]) -> str:
    return f'"Condition": {json.dumps({operator: keys for operator, keys in block.items() if keys})}'


def _kept(answer: FederationAnswer) -> _Block:
    """The conditions of the statement that demand something beside audience and subject, and can be written again."""
    replaced = {"amr", *answer.issuer.audience_claims} | (set() if answer.issuer.users else {"sub"})
    own = {id(entry): claim for entry, claim in claims_in(answer.statement, answer.name)}
    wrong = [each.condition for each in answer.wrong_keys] + [each.condition for each in answer.unsound]
    found: _Block = {"StringEquals": {}}
    for each in answer.statement.conditions:
        claim = own.get(id(each))
        key = each.key.lower()
        of_aws = key.partition(":")[0] in AWS_PREFIXES and is_carried(key) and each.key not in answer.issuer.demanded
        ours = claim not in replaced if claim is not None else of_aws
        values = [text for text in each.values if text is not None and not has_stand_in(text)]
        if each.operator and ours and each not in wrong and len(values) == len(each.values):
            found.setdefault(each.operator, {})[each.key] = values[0] if len(values) == 1 else values
    return found


def _subject(answer: FederationAnswer, told: Mapping[str, str]) -> str:
    """The subject to ask for, with what the statement fixes of it already."""
    values = meant_values(answer.statement, answer.name, "sub")
    forms = [each for each in forms_for(answer, values) if each.tells(Depth.PROJECT)]
    if not forms:
        return "SUBJECT"
    narrow = [each for each in forms if each.has_place] or forms
    readings = [(each.follows(text), each, each.read(text)) for text in values for each in narrow]
    followed, form, read = max(readings, key=lambda reading: reading[0], default=(0, narrow[0], {}))
    known = {**told, **{slot.name: value for slot, value in read.items()}}
    chosen = form if read or followed else narrow[0]
    return chosen.filled(lambda slot: known.get(slot.name) or ("*" if slot.kind == "free" else slot.name))


def _told(answer: FederationAnswer) -> dict[str, str]:
    """What the name of the issuer, other claims and the subject tell of a token, by what the table calls it."""
    found = dict(parts_of(answer.name))
    for claim, form in answer.issuer.claims.items():
        for text in demanded_values(answer.statement, answer.name, claim):
            found |= {slot.name: value for slot, value in form.read(text).items() if not has_stand_in(value)}
    for form in answer.issuer.ordinary_forms:
        for text in meant_values(answer.statement, answer.name, "sub"):
            read = form.read(text)
            found |= {slot.name: slot.bare(value) for slot, value in read.items() if slot.kind == "tenant"}
    return found


def _sign_in(provider: str) -> str:
    """Where AWS takes assertions, in the partition of a provider."""
    partition = provider.split(":")[1] if provider.startswith("arn:") else ""
    return f"https://{_SIGN_INS.get(partition, _SIGN_INS['aws'])}/saml"


def forms_for(answer: FederationAnswer, values: Sequence[str]) -> tuple[Form, ...]:
    """The forms of an issuer's subjects; of one that is not known, that in which a statement writes them."""
    if answer.issuer.subjects is not None:
        return answer.issuer.ordinary_forms
    known = [text for text in values if not has_wildcard(text[:1])]
    fitting = [each for each in answer.issuer.forms if any(each.fits(compiled(text)) for text in known)]
    return tuple(sorted(fitting, key=lambda form: -max(map(form.follows, known)))[:1])


def example_of(answer: FederationAnswer) -> str:
    """A subject in the form that the issuer recommends."""
    return answer.issuer.forms[0].filled(lambda slot: slot.name)
