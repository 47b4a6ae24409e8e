"""A secret stands as a literal in the program's source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Evidence, Finding, Severity
from ...model import Context
from ...rule import Program, ProgramRule
from ...secrets.plain_configuration import is_credential_at

_NAME: Final = re.compile(r"[A-Za-z_][^.\[\]\"]*")


def check(program: Program, context: Context) -> Iterator[Finding]:
    for literal in program.secret_literals:
        type_ = literal.urn.split("::")[2].rpartition("$")[2]
        if not (literal.member or is_credential_at(type_, _NAME.findall(literal.path))):
            continue
        yield Finding(
            path=literal.path,
            urn=literal.urn,
            message=f"the value of {literal.path} is written in the program: marking it secret hides it in the state, not in the repository",
            evidence=Evidence.PROGRAM,
            source=literal.source,
        )


RULE = ProgramRule(
    id="secret-literal-in-source",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A secret is written in the program's source",
    why="Everyone who can read the repository, its history or a build log has the secret, whatever mark it carries in Pulumi.",
    fix='Move it to secret configuration (`pulumi config set --secret NAME`), read it with `config.require_secret("NAME")`, and replace the secret: it is in the history.',
    covers=("SM-01", "SM-20"),
    check=check,
)
