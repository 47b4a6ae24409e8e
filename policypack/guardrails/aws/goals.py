"""What is asked: a set of requests, and which statements a request must match and which not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, product
from typing import Final

from .authority import Authority, Clause, Placed, Wording
from .document import Statement
from .domains import Domains
from .evaluate import Principal, Request, Verdict, decide

# Actions that a reader knows, to be shown before others where they are allowed.
_READABLE: Final = (
    "s3:GetObject", "s3:ListBucket", "s3:PutObject", "sqs:SendMessage", "sns:Publish", "lambda:InvokeFunction",
    "kms:Decrypt", "secretsmanager:GetSecretValue", "ecr:BatchGetImage", "sts:AssumeRole", "iam:PutRolePolicy",
)  # fmt: skip


@dataclass(frozen=True)
class Requests:
    """A set of requests: one caller, some actions and resources (`None`: any), and what each key may hold.

    `formats` are forms of ARN that any resource must have (`None`: those that the action works on).

    `narrow` are the keys (lower case) whose allowed addresses must be more than a /8 (IPv4) or a /32 (IPv6) for the
    request to count; `hints` are readable actions to be tried first. Invented resources lie in `account`.
    """

    principal: Principal
    domains: Domains
    actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    formats: tuple[str, ...] | None = None
    narrow: frozenset[str] = frozenset()
    hints: tuple[str, ...] = _READABLE
    account: str = "555566667777"


@dataclass(frozen=True)
class Goal:
    """What a request must do: match one statement of each clause of `required`, and none of `forbidden`."""

    required: tuple[Clause, ...]
    forbidden: tuple[Placed, ...]


@dataclass(frozen=True)
class Question:
    """Which requests `allowed` allows, through a granting statement that `only` admits, and `refused` does not."""

    allowed: Authority
    refused: Authority | None = None
    only: Callable[[Statement], bool] = lambda _statement: True

    def grants(self) -> list[Placed]:
        """The granting statements that are asked about."""
        found = {
            id(each.statement): each for path in self.allowed.paths for each in path[0] if self.only(each.statement)
        }
        return list(found.values())

    def goals(self) -> Iterator[Goal]:
        """What a request must do, in one way or another."""
        for grants, *ceilings in self.allowed.paths:
            asked = tuple(each for each in grants if self.only(each.statement))
            for refusal in _refusals(self.refused) if self.refused is not None else [Goal((), ())]:
                yield Goal((asked, *ceilings, *refusal.required), (*self.allowed.denies, *refusal.forbidden))

    def statements(self) -> Iterator[Placed]:
        """The statements of both sides."""
        yield from self.allowed.statements()
        if self.refused is not None:
            yield from self.refused.statements()

    @property
    def size(self) -> int:
        """How much there is to look through."""
        return self.allowed.size + (self.refused.size if self.refused is not None else 0)

    @property
    def wording(self) -> Wording:
        """The texts of both sides."""
        return self.allowed.wording if self.refused is None else self.allowed.wording.joined(self.refused.wording)

    def verdict(self, request: Request) -> Verdict:
        """Whether one request does it: ALLOWED if so."""
        ours = decide(self.allowed, request).verdict
        if ours is not Verdict.ALLOWED or self.refused is None:
            return ours
        theirs = decide(self.refused, request).verdict
        if theirs is Verdict.UNDECIDED:
            return theirs
        return Verdict.EXPLICITLY_DENIED if theirs is Verdict.ALLOWED else Verdict.ALLOWED


def _refusals(authority: Authority) -> Iterator[Goal]:
    """The ways in which a request is not allowed: on each path no statement of some clause matches, or a Deny does."""
    for clauses in product(*authority.paths):
        yield Goal((), tuple(chain.from_iterable(clauses)))
    if authority.denies:
        yield Goal((authority.denies,), ())
