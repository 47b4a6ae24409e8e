"""A credential stands in a file that the program uploads."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Evidence, Finding, Severity
from ...model import Context
from ...rule import Program, ProgramRule


def check(program: Program, context: Context) -> Iterator[Finding]:
    for one in program.uploaded_credentials:
        line = "" if one.line is None else f" in line {one.line}"
        yield Finding(
            path=one.path,
            urn=one.urn,
            message=f"{one.path} uploads {one.file}, which holds {one.kind}{line}",
            severity=one.severity,
            evidence=Evidence.PROGRAM,
            source=one.source,
        )


RULE = ProgramRule(
    id="credential-in-function-code",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A credential stands in code or a file that is uploaded",
    why="Everyone who may read the function, the layer or the bucket has the credential, and so has the repository.",
    fix="Take it out of the file and have the code read it when it runs (from Secrets Manager, a SecureString parameter or an OCI Vault secret, by name); then replace the credential, since it has been uploaded.",
    check=check,
)
