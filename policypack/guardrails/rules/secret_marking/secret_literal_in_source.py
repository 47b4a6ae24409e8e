"""A secret stands as a literal in the program's source."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Evidence, Finding, Severity
from ...model import STACK_TYPE, Context, Value
from ...rule import Program, ProgramRule
from ...secrets.plain_configuration import is_credential_at


def check(program: Program, context: Context) -> Iterator[Finding]:
    for literal in program.secret_literals:
        names = [key for key in literal.keys if isinstance(key, str)]
        if not (literal.member or is_credential_at(literal.type, names)):
            continue
        exported = literal.type == STACK_TYPE
        path = Value(None, ("outputs", *literal.keys) if exported else literal.keys).path
        yield Finding(
            path=path,
            urn=literal.urn,
            name=names[0] if exported else "",
            message=f"{path} is written out in the program: marking it secret hides it in the state, not in the repository",
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
