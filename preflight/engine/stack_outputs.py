"""Outputs of other stacks that the command line gives: `--config STACK::OUTPUT=VALUE`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from policypack.guardrails.model import REDACTED

from ..errors import CheckError
from ..report import Notice
from .stack_configuration import may_be_secret

# A configuration key has at most one colon, so no key looks like this.
_OUTPUT: Final = re.compile(r"(?P<stack>[\w.-]+(?:/[\w.-]+){0,2})::(?P<name>[^=]+)=(?P<value>.*)", re.DOTALL | re.ASCII)
_IS_JSON: Final = re.compile(r"\s*[\[{\"]|(?:true|false|null)$")


@dataclass(slots=True)
class Outputs:
    """The outputs of one stack that were given. `secret` are names without a value."""

    values: dict[str, Any] = field(default_factory=dict, repr=False)
    secret: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, object]:
        """What the program's side has to know of them."""
        return {"values": self.values, "secret": sorted(self.secret)}


def split(texts: Iterable[str]) -> tuple[list[str], dict[str, Outputs]]:
    """The `--config` texts that are of configuration, and the outputs that the others give, by stack as written.

    A value is JSON where it begins with `[`, `{` or a quote or is `true`, `false` or `null`, and a text else: digits
    are more often an account than a number. `[secret]` marks an output secret without giving it.
    Raises CheckError, without repeating the value, where it should be JSON and is not.
    """
    configuration: list[str] = []
    outputs: dict[str, Outputs] = {}
    for text in texts:
        match = _OUTPUT.fullmatch(text)
        if match is None:
            configuration.append(text)
            continue
        given = outputs.setdefault(match["stack"], Outputs())
        if match["value"] == REDACTED:
            given.secret.add(match["name"])
        else:
            given.values[match["name"]] = _value(match["stack"], match["name"], match["value"])
    return configuration, outputs


def _value(stack: str, name: str, text: str) -> object:
    if not _IS_JSON.match(text):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise CheckError(
            f"--config gives {stack}::{name} a value that begins like JSON and is none; correct it, or write a text "
            "as a JSON string."
        ) from error


def by_full_name(outputs: dict[str, Outputs], organization: str, project: str) -> dict[str, Outputs]:
    """The same by `ORGANIZATION/PROJECT/STACK`; what a name leaves out is that of the program's own stack."""
    named: dict[str, Outputs] = {}
    for name, given in outputs.items():
        *before, stack = name.split("/")
        parts = [organization, project, stack]
        parts[: len(before)] = before
        whole = named.setdefault("/".join(parts), Outputs())
        whole.values |= given.values
        whole.secret |= given.secret
    return named


def notices(invented: Sequence[str], unused: Sequence[str]) -> list[Notice]:
    """What a reader of the report must know, of outputs as `STACK::OUTPUT`: nobody gave them, or nothing asked."""
    said = []
    if invented:
        message = (
            f"outputs of other stacks that nobody has given are invented: {', '.join(invented)}; give them with "
            "--config STACK::OUTPUT=VALUE"
        )
        said.append(Notice(subject=0, kind="stack-outputs-invented", message=message))
    if unused:
        message = f"--config gives {', '.join(unused)}, for which the program does not ask; check the names"
        said.append(Notice(subject=0, kind="stack-outputs-unused", message=message))
    return said


def guarded(outputs: dict[str, Outputs]) -> list[str]:
    """The given texts that nothing of the program's may show: those under names that tell of secrets."""
    texts = (
        (name, value if isinstance(value, str) else json.dumps(value))
        for given in outputs.values()
        for name, value in given.values.items()
    )
    return [text for name, text in texts if may_be_secret(name, text)]
