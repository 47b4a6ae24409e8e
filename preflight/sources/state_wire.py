"""Values of a state, as the engine would write them for a policy pack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct, Value

from policypack.guardrails.model import REDACTED
from policypack.guardrails.wire import SECRET, SIGNATURE, UNKNOWN_TEXT

# A member of an object is three messages deep in its object, and parsers of protobuf refuse more than 100. What lies
# below is sent as unknown.
_DEEPEST: Final = 30


class Writer:
    """Writes properties into messages."""

    def write(self, struct: Struct, properties: Mapping[str, Any]) -> None:
        """Fill `struct`. Raises ValueError or OverflowError for what no engine writes: half a surrogate, 10**400."""
        for key, value in properties.items():
            # Engine-internal keys go to Remediate only.
            if not key.startswith("__"):
                self._write(struct.fields[key], value, 0)

    def _write(self, target: Value, value: object, depth: int) -> None:
        if isinstance(value, str):
            if value == REDACTED:
                self._secret(target, UNKNOWN_TEXT, depth)
            else:
                target.string_value = value
        elif isinstance(value, dict):
            if depth >= _DEEPEST:
                target.string_value = UNKNOWN_TEXT
            elif value.get(SIGNATURE) == SECRET:
                self._secret(target, _held(value), depth)
            else:
                fields = target.struct_value.fields
                target.struct_value.SetInParent()
                for key, inner in value.items():
                    self._write(fields[key], inner, depth + 1)
        elif isinstance(value, list):
            self._list(target, value, depth)
        elif isinstance(value, bool):
            target.bool_value = value
        elif isinstance(value, int | float):
            target.number_value = value
        else:
            target.null_value = 0  # type: ignore[assignment]

    def _list(self, target: Value, value: list[object], depth: int) -> None:
        if depth >= _DEEPEST:
            target.string_value = UNKNOWN_TEXT
            return
        values = target.list_value.values
        target.list_value.SetInParent()
        for inner in value:
            self._write(values.add(), inner, depth + 1)

    def _secret(self, target: Value, inner: object, depth: int) -> None:
        fields = target.struct_value.fields
        fields[SIGNATURE].string_value = SECRET
        if isinstance(inner, str):
            fields["value"].string_value = inner
        else:
            self._write(fields["value"], inner, depth + 1)


def secrets(content: object) -> Iterator[str]:
    """The secrets that stand in clear anywhere in a state: their texts, or their JSON where they are no text."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            plaintext = value.get("plaintext")
            if value.get(SIGNATURE) == SECRET and isinstance(plaintext, str):
                inner = _parsed(plaintext)
                # A secret may hold others.
                waiting.append(inner)
                if inner != REDACTED:
                    yield inner if isinstance(inner, str) and inner != UNKNOWN_TEXT else plaintext


def _held(secret: Mapping[str, Any]) -> object:
    """What a secret holds: its value where the file has it in clear, else unknown."""
    plaintext = secret.get("plaintext")
    inner = _parsed(plaintext) if isinstance(plaintext, str) else UNKNOWN_TEXT
    return UNKNOWN_TEXT if inner == REDACTED else inner


def _parsed(plaintext: str) -> object:
    """What the plaintext of a secret stands for; unknown where it is broken."""
    try:
        inner: object = json.loads(plaintext)
    except (ValueError, RecursionError):
        return UNKNOWN_TEXT
    return inner
