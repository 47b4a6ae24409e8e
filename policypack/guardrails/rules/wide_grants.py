"""How the breadth of a statement becomes a finding, for the rules on identity documents that share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..aws.answers import Undecided, Yes
from ..aws.breadth import Breadth, breadths
from ..aws.dangers import Danger
from ..aws.document import Effect, Statement, Text
from ..findings import Finding, Severity
from ..glob import has_wildcard
from ..model import Resource
from .aws_documents import Placed, identity_documents
from .escalating import escalating_statements
from .narrower_grants import naming, type_of
from .paths import below
from .wording import as_written

_NOT_KNOWN: Final = Undecided("the document is not known yet", "")
# Patterns that a message quotes.
_LISTED: Final = 3


@dataclass(frozen=True, slots=True)
class Grant:
    """One Allow statement of a document of a resource, where a rule may speak of it."""

    placed: Placed
    statement: Statement

    @property
    def cause(self) -> str:
        """The place that a finding is about."""
        return below(self.placed.value.path, self.statement.path)

    @property
    def escalates(self) -> bool:
        """Whether the holder can escalate by this statement, which is more than a rule on its breadth could say."""
        return self.statement.path in escalating_statements(self.placed)

    def findings(
        self,
        answer: Yes | Undecided | None,
        message: str,
        question: str,
        *,
        fix: str = "",
        severity: Severity | None = None,
    ) -> Iterator[Finding]:
        """What an answer about this statement says; see `Placed.findings`."""
        if answer is not None and not self.escalates:
            for found in self.placed.findings(answer, message, question, fix=fix, cause=self.cause):
                yield replace(found, severity=severity)

    def violation(self, message: str, *, severity: Severity | None = None) -> Finding:
        """A finding that needs no witness."""
        return replace(self.placed.finding(self.statement.path, message, cause=self.cause), severity=severity)


def grants(resource: Resource) -> Iterator[Grant]:
    """The Allow statements of a resource's identity documents, as far as these can be read; see `unreadable`."""
    for placed in identity_documents(resource):
        for statement in () if placed.value.unknown else placed.document.statements:
            if statement.effect is not Effect.DENY:
                yield Grant(placed, statement)


def unreadable(resource: Resource, question: str) -> Iterator[Finding]:
    """A finding for each identity document of a resource that cannot be read at all; `question` completes "whether …"."""
    for placed in identity_documents(resource):
        if placed.value.unknown:
            yield from placed.findings(_NOT_KNOWN, "", question, cause=placed.value.path)


def breadth_of(grant: Grant) -> Breadth:
    """The breadth of the statement, worked out once for all rules."""
    return next(each for each in grant.placed.ask(breadths) if each.statement is grant.statement)


def wide_findings(
    resource: Resource, danger: Danger, harm: str | Callable[[str], str], question: str
) -> Iterator[Finding]:
    """A finding for each statement that reaches resources that nobody named, for one danger. `harm`, of the witness's
    action where it takes one, completes "so its holder …", `question` completes "whether …"."""
    yield from unreadable(resource, question)
    for grant in grants(resource):
        reach = breadth_of(grant).reaches.get(danger)
        if reach is not None:
            shown, answer = allowed(grant.statement, reach.answer), reach.answer
            name = answer.witness.request.action if isinstance(answer, Yes) else ""
            harmed = harm if isinstance(harm, str) else harm(name)
            yield from grant.findings(
                answer, f"{shown}, so its holder {harmed}", question, fix=naming(grant.statement, answer)
            )


def allowed(statement: Statement, answer: Yes | Undecided) -> str:
    """What is allowed on what, such as `dynamodb:Scan (by dynamodb:*) is allowed on every table`."""
    if isinstance(answer, Undecided):
        return ""
    request = answer.witness.request
    written = as_written(statement, request.action)
    by = f" (by {written})" if written and has_wildcard(written) else ""
    what = type_of(request.action, request.resource)
    where = f"every {what}" if what else "the whole account"
    but = f" but {in_words(statement.not_resources)}" if statement.not_resources else ""
    return f"{request.action}{by} is allowed on {where}{but}"


def reaches_far(breadth: Breadth) -> bool:
    """Whether a statement grants anything dangerous on resources that nobody named."""
    return any(isinstance(each.answer, Yes) for each in breadth.reaches.values())


def in_words(texts: Iterable[Text]) -> str:
    """Patterns of a document, the first few."""
    shown = [each if each is not None else "one that is not known yet" for each in texts]
    more = len(shown) - _LISTED
    return ", ".join(shown[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def resources_in_words(statement: Statement) -> str:
    """What a statement grants on, as it says it."""
    if statement.not_resources is not None:
        return f"every resource but {in_words(statement.not_resources)}"
    return "every resource" if "*" in (statement.resources or ()) else in_words(statement.resources or ())


def actions_in_words(statement: Statement) -> str:
    """What a statement grants, as it says it."""
    if statement.not_actions is not None:
        return f"every action but {in_words(statement.not_actions)}"
    return in_words(statement.actions or ())
