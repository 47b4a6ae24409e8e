"""Which tokens of one issuer one statement of a trust document admits: circle by circle, and of users and guests.

Semantics: IAM User Guide, "Available keys for AWS web identity federation"; Amazon Cognito Developer Guide, "Role trust
and permissions".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..glob import compiled, has_wildcard
from ..issuers.forms import Depth
from ..issuers.reach import Reach
from .admission import Admission
from .answers import Answer, No, Undecided, Witness, Yes
from .claim_tests import demanded_values
from .document import Statement, join, readable
from .evaluate import Request, Verdict, evaluate
from .operators import TEXTUAL, Family, operator_of
from .tokens import GUEST, Tokens

_DEPTHS: Final = {Reach.STRANGERS: Depth.TENANT, Reach.ORGANIZATION: Depth.PROJECT, Reach.PROJECT: Depth.PLACE}


@dataclass(frozen=True)
class IssuerTrust:
    """What one statement admits of the tokens of one issuer. Each method is a question, worked out anew."""

    admission: Admission
    tokens: Tokens

    def audience(self) -> Answer:
        """Whether a token is admitted for an audience that the document does not name."""
        shown = dict(reversed(self.tokens.shown(Depth.TENANT).items()))
        subject = f"{self.tokens.name.lower()}:sub"
        note = "whatever the audience of the token"
        return self.admission.answer(self.tokens.for_others(), note, shown, whatever=(subject,))

    def circles(self) -> Iterator[tuple[Reach, Answer]]:
        """The circles from the widest on, up to the first that is admitted for certain."""
        issuer = self.tokens.issuer
        reaches = [Reach.STRANGERS] if issuer.shared is not False else []
        if not issuer.users:
            reaches.append(Reach.ORGANIZATION)
        if issuer.has_places and not issuer.users:
            reaches.append(Reach.PROJECT)
        for reach in reaches:
            answer = self._circle(reach)
            doubt = self._doubt(reach) if isinstance(answer, No) else None
            yield reach, doubt or answer
            if doubt is not None or isinstance(answer, Yes):
                return
        form = issuer.pull_request
        meant = (each for each in self.tokens.subjects if form is not None and form.named(each, Depth.PLACE))
        if form is not None and any(form.fits(compiled(each)) for each in meant):
            runs = self.tokens.of_pull_requests(form)
            yield Reach.PULL_REQUESTS, self.admission.answer(runs, "from a run for a pull request")

    def _circle(self, reach: Reach) -> Answer:
        """Whether a token of one circle is admitted, as far as the forms of subjects are known."""
        tokens = self.tokens
        depth, note = _DEPTHS[reach], "with a token of somebody else"
        # Who asks for a token chooses its audience, unless that tells the tenant.
        claims = () if tokens.issuer.tenant_in_audience else tokens.issuer.audience_claims
        chosen = tuple(f"{tokens.name.lower()}:{each}" for each in claims)
        shown = tokens.shown(depth)
        answer = self.admission.answer(tokens.of_others(depth), note, shown, whatever=chosen)
        if isinstance(answer, Yes) and not tokens.is_formed(subject_in(answer, tokens.name)):
            formed = self.admission.answer(tokens.of_others(depth, shaped=True), note, shown)
            return answer if isinstance(formed, Undecided) else formed
        return answer

    def _doubt(self, reach: Reach) -> Undecided | None:
        """The doubt whose tokens match a pattern of no known form; `None` where there is none."""
        tokens = self.tokens
        if not tokens.odd_subjects:
            return None
        if not isinstance(self.admission.answer(tokens.of_others(_DEPTHS[reach], lenient=True)), Yes):
            return None
        reason = f"the form of the subjects of {tokens.name} is not known, so it cannot be told whose tokens match"
        return Undecided(reason, join(self.admission.statement.path, "Condition"))

    def foreign_tenant(self, tenants: frozenset[str]) -> Answer:
        """Whether tokens of a tenant of a shared issuer are admitted that is none of `tenants` (lower case)."""
        if self.tokens.issuer.shared is False:
            return No()
        strict = self._with(replace(self.tokens, own=replace(self.tokens.own, tenants=tenants)))
        answer = strict._circle(Reach.STRANGERS)
        return (strict._doubt(Reach.STRANGERS) or answer) if isinstance(answer, No) else answer

    def foreign_audience(self, audiences: tuple[str, ...]) -> Answer:
        """Whether a token is admitted for an audience that matches none of `audiences`, which may be patterns."""
        return self._with(replace(self.tokens, own=replace(self.tokens.own, audiences=audiences))).audience()

    def _with(self, tokens: Tokens) -> IssuerTrust:
        return replace(self, tokens=tokens)

    def guests(self) -> Answer:
        """Whether those who have not signed in are admitted by a statement that does not name them."""
        tokens, statement = self.tokens, self.admission.statement
        one = any(not has_wildcard(text) for text in demanded_values(statement, tokens.name, "sub"))
        if not tokens.issuer.guests or one or GUEST in compared(statement, f"{tokens.name.lower()}:amr"):
            return No()
        return self.admission.answer(tokens.of_guests(), "with a token of a guest")

    def any_guest(self) -> Answer:
        """Whether those are admitted who have not signed in, also where the statement means them."""
        if not self.tokens.issuer.guests:
            return No()
        return self.admission.answer(self.tokens.of_guests(), "a guest, who has not signed in")

    def any_user(self) -> Answer:
        """Whether users of an application are admitted whom the statement does not name."""
        if not self.tokens.issuer.users:
            return No()
        return self.admission.answer(self.tokens.of_others(Depth.PROJECT), "any user who signs in")

    def anybody(self) -> Answer:
        """Whether there is a token at all that is admitted."""
        return self._written_out() or self.admission.answer(self.tokens.of_anybody())

    def _written_out(self) -> Yes | None:
        """A token with just the values that a statement asks for; `None` where that is not as simple."""
        admission, tokens = self.admission, self.tokens
        claims: dict[str, str] = {}
        prefix = f"{tokens.name.lower()}:"
        for condition in admission.statement.conditions:
            operator, key = operator_of(condition.operator), condition.key.lower()
            value = next(iter(readable(condition.values)), None)
            plain = operator is not None and operator.family in TEXTUAL and not operator.negated
            own = key.startswith(prefix) and tokens.issuer.knows(key.removeprefix(prefix)) and key not in claims
            if value is None or not plain or not own:
                return None
            claims[key] = compiled(value).example("any")
        request = Request(admission.caller, admission.action, "*", claims)
        subject = claims.get(f"{prefix}sub")
        if subject is not None and tokens.issuer.complete and not tokens.is_formed(subject):
            return None
        allowed = claims and evaluate((admission.document,), request).verdict is Verdict.ALLOWED
        return Yes(Witness(request), admission.statement.path) if allowed else None


def subject_in(answer: Yes, name: str) -> str:
    """The subject of the token that an answer shows, for an issuer of that name; empty where none is shown."""
    key = f"{name.lower()}:sub"
    context = answer.witness.request.context
    found = next((value for each, value in context.items() if each.lower() == key), "")
    return found if isinstance(found, str) else found[0]


def compared(statement: Statement, key: str) -> tuple[str, ...]:
    """The texts that a statement compares a key (lower case) with, as far as they can be read."""
    found: list[str] = []
    for condition in statement.entries(key):
        operator = operator_of(condition.operator)
        if operator is not None and operator.family in TEXTUAL:
            folded = operator.family is Family.STRING_FOLDED
            found += [text.lower() if folded else text for text in readable(condition.values)]
    return tuple(found)
