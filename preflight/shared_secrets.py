"""Condition keys whose values are secrets that two sides share: documents have to name them, reports must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from policypack.guardrails.aws.document import Condition, Document
from policypack.guardrails.aws.shared_secrets import SHARED_SECRETS

HIDDEN: Final = "<hidden>"
# Shorter texts stand in too many harmless places.
_SHORTEST: Final = 4
_OPEN: Final = frozenset("*?")


def _is_secret_key(key: str) -> bool:
    return key.strip().lower() in SHARED_SECRETS


def _holds_secret(condition: Condition, value: str) -> bool:
    """Whether a value of a condition is one: what only asks for presence, or admits any value, gives nothing away."""
    return (
        _is_secret_key(condition.key)
        and not condition.operator.lower().startswith("null")
        and bool(value.strip())
        and not _OPEN.issuperset(value)
    )


def shown(condition: Condition) -> str:
    """A condition in words, without what is secret."""
    if not condition.operator:
        return "a condition that cannot be read"
    values = (
        "a value that cannot be read" if each is None else HIDDEN if _holds_secret(condition, each) else each
        for each in condition.values
    )
    return f"{condition.key} {condition.operator} {' or '.join(dict.fromkeys(values))}"


class Hiding:
    """Takes the shared secrets of documents out of what is said of them."""

    def __init__(self, documents: Iterable[Document]) -> None:
        texts = {text for document in documents for text in _texts(document) if len(text) >= _SHORTEST}
        # Longest first, so that one that contains another goes whole.
        self._texts = sorted(texts, key=lambda text: (-len(text), text))

    def __call__(self, text: str) -> str:
        """A sentence without them."""
        for secret in self._texts:
            text = text.replace(secret, HIDDEN)
        return text

    def witness(self, record: object) -> Any:  # noqa: ANN401 - the JSON that it was
        """A witness, or a list of them, without them. What is invented to match a pattern goes like the pattern."""
        if isinstance(record, list | tuple):
            return [self.witness(one) for one in record]
        if not isinstance(record, Mapping) or not isinstance(record.get("context"), Mapping):
            return record
        context = {
            key: HIDDEN if _is_secret_key(key) else self._deep(value) for key, value in record["context"].items()
        }
        return {**record, "context": context}

    def _deep(self, value: object) -> object:
        return [self._deep(one) for one in value] if isinstance(value, list) else self(str(value))


def _texts(document: Document) -> Iterator[str]:
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values:
                if value is not None and _holds_secret(condition, value):
                    # Patterns are quoted as they stand, and what matches them holds their literal parts.
                    yield from {value, *value.replace("?", "*").split("*")}
