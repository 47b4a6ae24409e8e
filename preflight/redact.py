"""Keep the values of secret configuration out of everything that is shown.

Rules never quote a value. Programs do: in what they print and in the exceptions they raise. What a program prints in
another form (in base64, in parts) is passed on as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Final, TypeVar, cast

from policypack.guardrails.secrets.formats import HIDDEN, hide
from policypack.guardrails.secrets.known import configuration_credentials, configuration_texts
from policypack.guardrails.secrets.looks import is_common_word

# Shorter texts stand in too many harmless places; the Pulumi CLI draws the line at the same length.
_SHORTEST: Final = 3

T = TypeVar("T")


class Redactor:
    """Replaces every occurrence of a secret value by `[secret]`.

    Of a value in JSON all texts are secret; of one that is only `marked`, the whole and the credentials in it, for the
    report is about what stands beside them: names of variables and resources. A word that configuration is full of
    stays: to hide `password` spoils the report, and tells what is hidden.
    """

    def __init__(self, values: Iterable[str] = (), marked: Iterable[str] = ()) -> None:
        whole = {text for value in values for text in (value, *configuration_texts(value))}
        whole |= {text for value in marked for text in (value, *configuration_credentials(value))}
        # What reads a value from a file or a variable strips it.
        texts = {text for text in whole | {text.strip() for text in whole} if len(text) >= _SHORTEST}
        texts -= {"true", "false"} | {text for text in texts if is_common_word(text)}
        # Twice: the text of a KeyError is written as Python writes it once more.
        once = {form for text in texts for form in _escaped(text)}
        escaped = once | {form for text in once for form in _escaped(text)}
        lines = {line for text in texts for line in text.splitlines() if len(line) > 2 * _SHORTEST}
        # Longest first, so that a secret that contains another one goes whole.
        wanted = sorted(texts | escaped | lines, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(re.escape, wanted))) if wanted else None

    def __call__(self, text: str) -> str:
        """`text` without secret values."""
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def deep(self, value: object) -> object:
        """A JSON value without secret values at any depth."""
        return _deep(value, self)


def without_credentials(value: T) -> T:
    """A text, or a JSON value, without what a credential is by its form: documents of the user's may hold one."""
    return cast("T", _deep(value, hide))


def _deep(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _deep(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_deep(inner, change) for inner in value]
    return value


def _escaped(text: str) -> set[str]:
    """`text` as JSON and Python write it, in each kind of quotes."""
    # In a text with both kinds of quotes Python writes a backslash before one of them.
    both = f"\"{text}'"
    written = {write(text)[1:-1] for write in (json.dumps, repr, ascii)}
    return written | {json.dumps(text, ensure_ascii=False)[1:-1], repr(both)[2:-3], ascii(both)[2:-3]}
