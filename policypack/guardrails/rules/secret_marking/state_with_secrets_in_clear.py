"""The file of an exported state holds secrets in clear.

Off until enabled: an export with `--show-secrets` is a routine step of some checks, and the file may be gone a moment
later. A notice says of every state that it holds secrets in clear; who keeps states in files turns it into a finding.
What comes on standard input is in no file and gets none.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Evidence, Finding, Level, Severity
from ...model import Context
from ...rule import Judges, Program, ProgramRule


def check(program: Program, context: Context) -> Iterator[Finding]:
    count = program.secrets_in_clear
    if count:
        number = "a secret" if count == 1 else f"{count:,} secrets"
        yield Finding(
            path="deployment",
            message=f"the file of this state holds {number} in clear, as `--show-secrets` writes them",
            evidence=Evidence.PROGRAM,
        )


RULE = ProgramRule(
    id="state-with-secrets-in-clear",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="An exported state holds secrets in clear",
    why="Everyone who gets hold of the file, of a backup or of a build's artifacts has every secret of the stack.",
    fix="Delete the file and export without secrets: `pulumi stack export --file state.json`. To check values, pipe them: `pulumi stack export --show-secrets | preflight state -`.",
    level=Level.DISABLED,
    judges=Judges.STATES,
    check=check,
)
