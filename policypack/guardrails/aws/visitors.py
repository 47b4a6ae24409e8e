"""Whether a statement that trusts a provider of users lets in all who sign in, and guests.

Such trusts are meant for many, so by itself nothing is wrong with one: it depends on what the role may do. Source: IAM
User Guide, "Amazon Cognito for mobile apps"; Amazon Cognito Developer Guide, "Role trust and permissions".
"""

from __future__ import annotations

from .answers import Answer, No
from .authority import Authority
from .document import Document, readable
from .domains import Domains
from .evaluate import Principal
from .federation import FederationAnswer
from .goals import Question, Requests
from .search import find
from .subjects import Level
from .tokens import Tokens


def guests(document: Document, answer: FederationAnswer) -> Answer:
    """Whether those are admitted who have not signed in, also where the statement means them."""
    if not answer.issuer.guests:
        return No()
    return _whether(document, answer, _tokens(answer).of_guests(), "a guest, who has not signed in")


def users(document: Document, answer: FederationAnswer) -> Answer:
    """Whether users are admitted whom the statement does not name."""
    if not answer.issuer.users:
        return No()
    return _whether(document, answer, _tokens(answer).of_others(Level.PROJECT), "any user who signs in")


def _tokens(answer: FederationAnswer) -> Tokens:
    subjects = readable(*(each.values for each in answer.statement.entries(f"{answer.name.lower()}:sub")))
    return Tokens(answer.name, answer.issuer, tuple(subjects))


def _whether(document: Document, answer: FederationAnswer, tokens: Domains, note: str) -> Answer:
    asked = Question(Authority.of((document,)), only=lambda each: each is answer.statement)
    caller = Principal("Federated", answer.provider)
    return find(asked, Requests(caller, tokens, (answer.action,), ("*",)), note)
