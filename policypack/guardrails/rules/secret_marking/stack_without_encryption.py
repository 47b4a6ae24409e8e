"""What encrypts the secrets of a stack keeps nobody from reading them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Evidence, Finding, Level, Severity
from ...model import Context
from ...rule import Judges, Program, ProgramRule, Weakness

_CAUSES: Final = {
    Weakness.NO_ENCRYPTION: "the secrets of this stack are stored in base64, which anyone can decode",
    Weakness.EMPTY_PASSPHRASE: "the secrets of this stack are encrypted with an empty passphrase",
}


def check(program: Program, context: Context) -> Iterator[Finding]:
    weak = program.weak_encryption
    if weak is not None:
        yield Finding(
            path=weak.path,
            message=f"{_CAUSES[weak.weakness]}: whoever has the file reads them",
            evidence=Evidence.PROGRAM,
            source=weak.source,
        )


RULE = ProgramRule(
    id="stack-without-encryption",
    concern=Concern.SECRET_MARKING,
    severity=Severity.MEDIUM,
    title="A stack's secrets are stored without encryption, or with an empty passphrase",
    why="Secret configuration and secret outputs are then as good as plain: in the stack's file, in its state and in every copy of these.",
    fix='Choose a key and encrypt anew: `pulumi stack change-secrets-provider "awskms://alias/NAME?region=REGION"`, or `pulumi stack change-secrets-provider passphrase` with a passphrase of your own.',
    level=Level.DISABLED,
    judges=Judges.PROGRAMS | Judges.STATES,
    check=check,
)
