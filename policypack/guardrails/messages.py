"""The text of a diagnostic: all that a person sees in `pulumi preview`.

The CLI shows level, severity, policy name, resource and this message, and nothing else, so cause, witness, fix and
docs are in it. It also obeys colour directives (`<{%fg 1%}>`) and passes terminal escapes through: what comes from a
program must not reach it as such.
"""

from __future__ import annotations

from typing import Final

from .findings import Outcome
from .judge import Judged

_LIMIT: Final = 4_000
_VISIBLE: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape(text: str, limit: int = _LIMIT) -> str:
    """`text` on one line, without anything that a terminal or the CLI would act on."""
    shown = "".join(
        _VISIBLE.get(character, f"\\u{ord(character):04x}") if _acts(character) else character
        for character in text[:limit]
    )
    shown = shown.replace("<{%", "<\\{%")
    return shown if len(text) <= limit else f"{shown}… ({len(text):,} characters)"


def _acts(character: str) -> bool:
    # Control characters, and the marks that reorder or hide what follows them.
    code = ord(character)
    return (
        code < 32
        or 127 <= code < 160
        or 0x200B <= code <= 0x200F
        or 0x2028 <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xD800 <= code <= 0xDFFF
    )


def render(judged: Judged) -> str:
    """The message of one diagnostic: what is wrong, where, the request that shows it, what to do, where to read on."""
    lead = "undecided: " if judged.outcome is Outcome.UNDECIDED else ""
    lines = [lead + escape(judged.message)]
    if judged.path:
        lines.append(f"  at {escape(judged.path, 300)}")
    if judged.witness is not None:
        lines.append(f"  for example {escape(describe_witness(judged.witness))}")
    lines.append(f"  fix: {escape_block(judged.fix)}")
    if judged.outcome is not Outcome.ERROR:
        lines.append(f"  docs: {judged.rule.docs}")
    return "\n".join(lines)


def escape_block(text: str) -> str:
    """Like `escape`, for a text of several lines whose line ends are its own."""
    return "\n       ".join(escape(line) for line in text.split("\n"))


def describe_witness(witness: object) -> str:
    """A witness in one line: who may do what to which, given which context."""
    if isinstance(witness, (list, tuple)):
        return "; then ".join(describe_witness(step) for step in witness)
    if not isinstance(witness, dict):
        return str(witness)
    context = witness.get("context") or {}
    given = ", ".join(f"{key}={value}" for key, value in context.items()) if isinstance(context, dict) else ""
    if "action" not in witness:
        return ", ".join(f"{key}={value}" for key, value in witness.items() if not isinstance(value, dict))
    sentence = f"{witness.get('principal')} may {witness['action']}"
    if witness.get("resource"):
        sentence += f" on {witness['resource']}"
    return f"{sentence} with {given}" if given else sentence
