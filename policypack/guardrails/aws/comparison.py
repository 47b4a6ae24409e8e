"""What one set of documents allows that another does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from . import actions as table
from .answers import Undecided, Witness
from .authority import Authority
from .caller_keys import domains_of
from .callers import as_itself, named_callers, named_principals
from .document import Document
from .goals import Question, Requests
from .search import TOO_MANY_CALLERS, survey
from .state import Budget


class Relation(Enum):
    """How what is allowed now stands to what was allowed before."""

    EQUAL = "equal"
    WIDER = "wider"
    NARROWER = "narrower"
    INCOMPARABLE = "incomparable"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Difference:
    """A request that one side allows and the other does not; `path` is the granting statement in the document with
    that index, `actions` are those that it grants in the same way."""

    witness: Witness
    path: str
    document: int
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """`gained` is allowed now and was not before, `lost` the other way round. A doubt in `gained_doubts` may hide a
    gain, one in `lost_doubts` a loss."""

    gained: tuple[Difference, ...]
    lost: tuple[Difference, ...]
    gained_doubts: tuple[Undecided, ...]
    lost_doubts: tuple[Undecided, ...]

    @property
    def relation(self) -> Relation:
        """What is certain of the two."""
        if self.gained and self.lost:
            return Relation.INCOMPARABLE
        if (self.gained_doubts and not self.gained) or (self.lost_doubts and not self.lost):
            return Relation.UNDECIDED
        if self.gained:
            return Relation.WIDER
        return Relation.NARROWER if self.lost else Relation.EQUAL


def compare(base: Sequence[Document], head: Sequence[Document]) -> Comparison:
    """What `head` allows that `base` did not, and the other way round, whoever calls."""
    if list(base) == list(head) and not any(document.holes for document in base):
        return Comparison((), (), (), ())
    budget = Budget()
    gained, gained_doubts = _differences(head, base, budget)
    lost, lost_doubts = _differences(base, head, budget)
    return Comparison(gained, lost, gained_doubts, lost_doubts)


def _questions(documents: Sequence[Document], others: Sequence[Document]) -> Iterator[tuple[Question, Requests]]:
    both = (*documents, *others)
    named = named_principals(both)
    question = Question(Authority.of(documents), Authority.of(others))
    for caller in named_callers(both):
        yield question, Requests(caller, domains_of(caller, named))


def _differences(
    documents: Sequence[Document], others: Sequence[Document], budget: Budget
) -> tuple[tuple[Difference, ...], tuple[Undecided, ...]]:
    found: list[Difference] = []
    known: set[tuple[int, str, str]] = set()
    doubts: dict[Undecided, None] = {}
    for question, requests in _questions(documents, others):
        if budget.left < 0:
            doubts[Undecided(TOO_MANY_CALLERS, "")] = None
            break
        surveyed = survey(question, requests, budget)
        doubts.update((each.reason, None) for each in surveyed.doubts)
        for each in surveyed.found:
            answer = each.answer
            fresh = [action for action in each.actions if (answer.document, answer.path, action) not in known]
            if not fresh:
                continue
            known.update((answer.document, answer.path, action) for action in fresh)
            witness = as_itself(answer.witness, question.verdict)
            found.append(Difference(witness, answer.path, answer.document, tuple(fresh)))
    # The most dangerous first.
    found.sort(key=lambda each: (-table.rank(each.witness.request.action), -len(each.actions)))
    return tuple(found), tuple(doubts)
