"""What is said of configuration that nobody has given: which values were invented, and how to give the real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..report import MISSING, Failure, Notice, Place
from .observed import place
from .program import Frame
from .stack_configuration import Configuration

_WORDS: Final[Mapping[str, str]] = {
    "": "text",
    "string": "text",
    "boolean": "flag",
    "integer": "integer",
    "number": "number",
    "array": "list",
    "object": "object",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One invented key, `whole` or in parts, which the program has read as a `plain` value or not.

    `type` is as a schema would say it, `text` the invented value, `order` the place among the first reads of all keys.
    """

    name: str
    type: str
    secret: bool
    encrypted: bool
    whole: bool
    plain: bool
    text: str
    source: Place | None
    order: int

    @property
    def described(self) -> str:
        """The key with the kind of its value."""
        return f"{self.name} ({'secret ' if self.secret else ''}{_WORDS.get(self.type, self.type)})"

    @property
    def command(self) -> str:
        """The command that sets it."""
        return f"`pulumi config set {'--secret ' if self.secret else ''}{self.name} <value>`"


def keys(configuration: Configuration, read: Iterable[Frame]) -> list[Key]:
    """The invented keys by name: those known before the run, and those the program turned out to require."""
    frames = {str(frame["key"]): {**frame, "order": order} for order, frame in enumerate(read)}
    found = []
    for name in sorted({*configuration.invented, *frames}):
        known = configuration.invented.get(name)
        frame = frames.get(name, {})
        kind = (known.schema.get("type") if known else None) or frame.get("type") or ""
        if known and not known.whole:
            kind = "object" if configuration.texts[name].startswith("{") else "array"
        found.append(
            Key(
                name=name,
                type=str(kind),
                secret=bool(frame.get("secret")) or (known.secret if known else False),
                encrypted=known.encrypted if known else False,
                whole=known.whole if known else True,
                plain=frame.get("plain") is True,
                text=configuration.texts.get(name) or str(frame.get("text", "")),
                source=place(frame.get("source")),
                order=int(frame.get("order", -1)),
            )
        )
    return found


def notices(configuration: Configuration, invented: Sequence[Key]) -> list[Notice]:
    """What a reader of the report must know."""
    said = []
    unset = [key for key in invented if not key.encrypted]
    encrypted = [key for key in invented if key.encrypted]
    if unset:
        message = (
            f"not set, so the values are invented: {_listed(unset)}; set them with `pulumi config set`, or for this "
            "run with --config KEY=VALUE"
        )
        said.append(_notice(f"{message}{_guesses(unset)}", unset))
    if encrypted:
        message = f"{configuration.obstacle}, or give the values with --config KEY=VALUE; invented are"
        said.append(_notice(f"{message} {_listed(encrypted)}{_guesses(encrypted)}", encrypted))
    if configuration.environments:
        named = ", ".join(filter(None, configuration.environments))
        message = (
            f"the stack's file takes configuration from {f'the environment {named}' if named else 'an environment'}, "
            "which is not opened here; give the values that matter with --config KEY=VALUE"
        )
        said.append(Notice(subject=0, kind="configuration-environment", message=message))
    return said


def ran_twice(raised: Failure, absent: Sequence[str]) -> Notice:
    """Why the program ran once more, after a run that `raised` and had looked for the keys `absent` in vain."""
    # The message ends with a hint of what to do.
    error = raised.message.rpartition("; ")[0] or raised.message
    message = (
        f"the program raised {error} after looking for {', '.join(absent)}, which nobody has set, so it ran once more "
        "with values invented for them; this is that run's report"
    )
    return Notice(subject=0, kind="ran-twice", message=message)


def failures(configuration: Configuration, invented: Sequence[Key]) -> list[Failure]:
    """The same as errors that name every key and the command that sets it: what --strict makes of invented values."""
    said = []
    unset = [key for key in invented if not key.encrypted]
    encrypted = [key for key in invented if key.encrypted]
    if unset:
        commands = ", ".join(key.command for key in unset)
        message = (
            f"the program needs configuration that is not set ({', '.join(key.name for key in unset)}); "
            f"set it with {commands}, or for this run with --config KEY=VALUE."
        )
        said.append(Failure(subject=0, kind=MISSING, message=message))
    if encrypted:
        names = ", ".join(key.name for key in encrypted)
        message = f"{configuration.obstacle}, or give the values of {names} with --config KEY=VALUE."
        said.append(Failure(subject=0, kind=MISSING, message=message))
    return said


def _listed(some: Iterable[Key]) -> str:
    return ", ".join(key.described for key in some)


def _guesses(some: Iterable[Key]) -> str:
    """What cannot be traced to where it was invented: plain values without room for a mark."""
    unmarked = [key.name for key in some if key.whole and key.plain and key.type not in {"", "string"}]
    if not unmarked:
        return ""
    return f"; a number, a flag and the length of a list carry no mark: what hangs on {', '.join(unmarked)} is a guess"


def _notice(message: str, some: Iterable[Key]) -> Notice:
    read = sorted((key for key in some if key.source), key=lambda key: key.order)
    return Notice(subject=0, kind="configuration-invented", message=message, source=read[0].source if read else None)
