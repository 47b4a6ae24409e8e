"""Who is judged over a stack: every identity with all that bears on it, and every document that none of them holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ..aws.accounts import account_of
from ..aws.answers import Answer, Undecided, Witness, Yes, first
from ..aws.authority import Authority, Layers, effective
from ..aws.document import Document, Effect, Statement
from ..aws.escalation import Escalation, Escalations, escalations, speaks_of
from ..aws.escalation_methods import Family
from ..aws.escalation_targets import Holder
from ..aws.questions import administrator
from ..findings import Finding, Severity
from ..glob import has_wildcard
from ..model import Resource, Stack
from .accounts import own_accounts
from .aws_documents import POLICY_TYPES, Placed, administrator_alone
from .identities import Held, Identity, identities, unheld
from .wording import as_written


def _by_kind(kind: str) -> Callable[[Document], Escalations]:
    def of(document: Document) -> Escalations:
        return escalations(Authority.of((document,)), Holder(kind=kind))

    return of


# The same function for each kind, as answers are remembered by their question.
_BY_KIND: Final = {kind: _by_kind(kind) for kind in ("", "user", "role", "group")}
_NOBODY: Final = "whoever holds this policy"
_PRINCIPALS: Final = frozenset({"user", "role", "group"})


@dataclass(eq=False)
class Bearer:
    """One identity, or one document by itself (`identity` is `None`), as if one identity held it alone."""

    identity: Identity | None
    held: Sequence[Held]
    account: str

    def __str__(self) -> str:
        return _NOBODY if self.identity is None else str(self.identity)

    @property
    def documents(self) -> list[Document]:
        """The documents that grant; answers count them in this order."""
        return [one.placed.document for one in self.held]

    @property
    def boundary(self) -> Sequence[Placed] | None:
        """What limits it; `None` where nothing does."""
        return None if self.identity is None else self.identity.boundary

    @property
    def arn(self) -> str:
        """Its ARN; empty where there is none or it is not known yet."""
        return "" if self.identity is None else self.identity.arn(self.account)

    @cached_property
    def holder(self) -> Holder:
        """What is known of the identity itself."""
        one = self.identity
        if one is None or one.kind not in _PRINCIPALS:
            own = self.held[0].owner["arn"].text if one is None and self.held[0].owner.type in POLICY_TYPES else None
            return Holder(account=self.account, attached=(own,) if own else None)
        return Holder(
            kind=one.kind,
            arn=self.arn,
            account=self.account,
            groups=tuple(group.arn(self.account) or group.name for group in one.groups),
            attached=None if any(not value.text for _, value in one.unread) else tuple(one.attached),
        )

    @cached_property
    def layers(self) -> Layers:
        """The documents that decide its requests."""
        limits = None if self.boundary is None else [one.document for one in self.boundary]
        return Layers(identity=self.documents, boundary=limits)

    @cached_property
    def authority(self) -> Authority:
        """The statements that decide its requests."""
        return effective(self.layers, self.holder.principal)

    @cached_property
    def dangerous(self) -> Sequence[tuple[tuple[int, str], Statement]]:
        """The grants, with their places, that speak of an action of some method of escalation."""
        return [
            ((index, statement.path), statement)
            for index, document in enumerate(self.documents)
            for statement in document.statements
            if statement.effect is not Effect.DENY and speaks_of(statement)
        ]

    @cached_property
    def administrator(self) -> Answer:
        """Whether all documents together, within what limits the identity, give administrator access."""
        if self.boundary is None:
            alone = (one.placed.ask(administrator_alone) for one in self.held)
            found = first(alone)
            if isinstance(found, Yes) or len(self.held) == 1:
                return found
        return administrator(self.documents, self.authority)

    @cached_property
    def escalations(self) -> Escalations:
        """How it can get more than it has; nothing for what AWS lets its own services do, where nobody else is let in."""
        found = self._of_aws_alone() if self.held and all(one.of_aws for one in self.held) else None
        found = escalations(self.authority, self.holder) if found is None else found
        if self.identity is None or not self.identity.serves_only:
            return found
        own = (one for one in found.found if not all(self.held[document].for_services for document, _ in one.places))
        return replace(found, found=tuple(own))

    def _of_aws_alone(self) -> Escalations | None:
        """The escalations by one policy of AWS, worked out once for all that hold nothing else: it names none of them."""
        if len(self.held) > 1 or self.boundary is not None:
            return None
        kind = self.holder.kind
        return self.held[0].placed.ask(_BY_KIND[kind])

    @property
    def own_escalations(self) -> list[Escalation]:
        """Those that need no target which happens to hold more, and are not about resource policies."""
        return [
            one for one in self.escalations.found if not one.conditional and one.method.family is not Family.TAKEOVER
        ]

    def spot(self, place: tuple[int, str]) -> Spot:
        """A place in one of the documents that grant; for one in what limits them, the first of these."""
        index, path = place if place[0] < len(self.held) else (0, "")
        return Spot(self.held[index].owner, self.held[index].placed, path)

    def granted(self, action: str, place: tuple[int, str]) -> tuple[str, str]:
        """By what an action is granted at a place, in words, and what to write in a fix for the action."""
        held = self.held[place[0]]
        if held.of_aws:
            return f", by the managed policy {held.of_aws}", ""
        statement = next(each for each in held.placed.document.statements if each.path == place[1])
        written = as_written(statement, action)
        if not written:
            return f", as {action} is none of the exceptions", action
        if has_wildcard(written) and not held.placed.value.secret:
            return f", by {written}", f"{action}, which {written} takes in,"
        return "", action


@dataclass(frozen=True)
class Spot:
    """A place inside a document of a resource; findings on it are made here."""

    owner: Resource
    placed: Placed
    path: str

    @property
    def cause(self) -> str:
        """The property path of the place, or of what names the document."""
        return self.placed.place(self.path)

    @property
    def key(self) -> tuple[str, str]:
        """The place in the stack."""
        return self.owner.urn, self.cause

    def finding(
        self, message: str, witnesses: Sequence[Witness], *, severity: Severity | None = None, fix: str = ""
    ) -> Finding:
        """A violation here."""
        shown = witnesses[0] if len(witnesses) == 1 else witnesses
        found = self.placed.finding(self.path, message, witness=shown, severity=severity, fix=fix, cause=self.cause)
        return replace(found, urn=self.owner.urn)

    def doubt(self, reason: Undecided, question: str) -> Finding:
        """What cannot be told here; `question` completes "whether …"."""
        (found,) = self.placed.findings(reason, "", question, cause=self.cause)
        return replace(found, urn=self.owner.urn)


def bearers(stack: Stack) -> Sequence[Bearer]:
    """All of a stack, each once."""

    def all_of_them() -> tuple[Bearer, ...]:
        account = min(own_accounts(stack), default="")
        joined = [Bearer(one, one.held, account_of(one.arn("")) or account) for one in identities(stack)]
        alone = [
            Bearer(None, [Held(placed, owner, owner)], account_of(owner["arn"].text or "") or account)
            for owner, placed in unheld(stack)
        ]
        return (*joined, *alone)

    return stack.remember("bearers", all_of_them)
