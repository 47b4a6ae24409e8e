"""Who may assume a role besides one workload: callers with tokens or assertions that its trust policy takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from ..aws.answers import Answer, Undecided, Yes
from ..aws.federation import FederationAnswer
from ..aws.tokens import GUEST
from ..aws.trust_actions import SAML
from ..issuers.reach import Reach
from ..model import Context, Resource, Stack
from .aws_documents import ROLE_TYPES, Placed, trust_documents
from .federated import answers, shown_issuer, who
from .trust_fixes import condition

ATTACHMENT_TYPES: Final = (
    "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment",
    "aws-native:cognito:IdentityPoolRoleAttachment",
)
_ARN_NAMES: Final = ("arn", "id")


class Breadth(IntEnum):
    """How many callers a trust lets in, the most first: the circles of tokens, and who stands between two of them."""

    STRANGERS = 2 * Reach.STRANGERS
    GUESTS = STRANGERS + 1
    ORGANIZATION = 2 * Reach.ORGANIZATION
    USERS = ORGANIZATION + 1
    PROJECT = 2 * Reach.PROJECT
    PULL_REQUESTS = 2 * Reach.PULL_REQUESTS
    ASSERTIONS = PULL_REQUESTS + 1

    @classmethod
    def of(cls, reach: Reach) -> Breadth:
        """The breadth of one circle."""
        return cls(2 * reach)

    @property
    def reach(self) -> Reach | None:
        """The circle that it is the breadth of, if of any."""
        return next((each for each in Reach if Breadth.of(each) is self), None)


# Those who are in no circle, to be completed by "may assume this role".
_BESIDE: Final = {
    Breadth.GUESTS: "any guest of an identity pool who has not signed in",
    Breadth.USERS: "any user who signs in by {}",
    Breadth.ASSERTIONS: "anyone with an assertion of {} for any service",
}


@dataclass(frozen=True)
class Callers:
    """Those that one statement of a trust policy lets in; where it is not `certain`, it may or may not."""

    breadth: Breadth
    placed: Placed
    trusted: FederationAnswer
    answer: Yes | Undecided
    certain: bool

    def __str__(self) -> str:
        """In words that "may assume this role" completes, with a token that shows it."""
        trusted = self.trusted
        reach = self.breadth.reach
        told = who(trusted, reach) if reach else _BESIDE[self.breadth].format(shown_issuer(trusted))
        claims = self.answer.witness.request.context if isinstance(self.answer, Yes) else {}
        shown = ", ".join(f"{key} = {value if isinstance(value, str) else value[0]}" for key, value in claims.items())
        return f"{told} (for example with {shown})" if shown else told

    @property
    def fix(self) -> str:
        """What to write, so that only one workload is left; empty where the issuer cannot be read."""
        if self.breadth is Breadth.USERS:
            claim = next(iter(self.trusted.issuer.claims), "sub")
            return f'"StringEquals": {{"{self.trusted.name}:{claim}": "USER_ID"}}, for the users who are meant'
        if self.breadth is Breadth.GUESTS:
            written = condition(self.trusted) if self.trusted.issuer.guests else ""
            return written and f"{written}, and a role of its own for guests"
        return condition(self.trusted)


def trusts_providers(role: Resource) -> bool:
    """Whether a role may trust a provider of tokens or assertions at all."""
    return any(
        each.kind in ("Federated", "") or each.is_everyone
        for placed in trust_documents(role)
        for statement in placed.document.statements
        for each in statement.principals or ()
    )


def broad_callers(stack: Stack, role: Resource, context: Context) -> Sequence[Callers]:
    """The callers of a role, those that certainly get in before those of whom it cannot be told, the most first."""
    found = [
        Callers(breadth, placed, answer, admitted, isinstance(admitted, Yes))
        for placed in trust_documents(role)
        for answer in answers(placed, context)
        for breadth, admitted in _admitted(answer)
        if isinstance(admitted, Yes | Undecided)
    ]
    hangs = next((each for each in found if not each.certain), None)
    if hangs is not None and _is_for_guests(stack, role):
        # Whatever the trust policy says in the end, the program gives the role to guests.
        found.append(replace(hangs, breadth=Breadth.GUESTS, certain=True))
    return sorted(found, key=lambda each: (not each.certain, each.breadth))


def _admitted(answer: FederationAnswer) -> Iterator[tuple[Breadth, Answer]]:
    if answer.action == SAML:
        yield Breadth.ASSERTIONS, answer.audience
        return
    yield Breadth.of(answer.reach or Reach.STRANGERS), answer.subject
    yield Breadth.GUESTS, answer.any_guest
    yield Breadth.USERS, answer.any_user


def _is_for_guests(stack: Stack, role: Resource) -> bool:
    """Whether an identity pool of the stack gives a role to those who have not signed in."""
    for attachment in stack.of_type(ATTACHMENT_TYPES):
        value = attachment["roles"][GUEST]
        known = value.text is not None and value.text in [role[name].text for name in _ARN_NAMES]
        if known or (value.unknown and role in stack.targets(attachment, "roles", ROLE_TYPES, _ARN_NAMES)):
            return True
    return False
