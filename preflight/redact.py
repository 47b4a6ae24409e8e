"""Keep the values of secret configuration out of everything that is shown.

Rules never quote a value. Programs do: in what they print and in the exceptions they raise. What a program prints in
another form (in base64, in parts) is passed on as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from policypack.guardrails.secrets.known import configuration_texts

REDACTED: Final = "[secret]"
# Shorter texts stand in too many harmless places; the Pulumi CLI draws the line at the same length.
_SHORTEST: Final = 3


class Redactor:
    """Replaces every occurrence of a secret value by `[secret]`."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        texts = {text for value in values for text in (value, *configuration_texts(value)) if len(text) >= _SHORTEST}
        texts -= {"true", "false"}
        escaped = {json.dumps(text)[1:-1] for text in texts} | {repr(text)[1:-1] for text in texts}
        lines = {line for text in texts for line in text.splitlines() if len(line) > 2 * _SHORTEST}
        # Longest first, so that a secret that contains another one goes whole.
        wanted = sorted(texts | escaped | lines, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(re.escape, wanted))) if wanted else None

    def __call__(self, text: str) -> str:
        """`text` without secret values."""
        return self._pattern.sub(REDACTED, text) if self._pattern else text

    def deep(self, value: object) -> object:
        """A JSON value without secret values at any depth."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {key: self.deep(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.deep(inner) for inner in value]
        return value
