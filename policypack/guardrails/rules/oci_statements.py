"""Where OCI policy statements stand in resources, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..findings import Finding
from ..model import Resource, Value
from ..oci.rejections.rejection import Rejected, Unreadable
from ..oci.statement import parse
from ..oci.tree import Statement

STATEMENT_TYPES: Final = ("oci:Identity/policy:Policy",)


def statements(resource: Resource) -> Sequence[tuple[Value, Statement | Rejected | Unreadable]]:
    """Each statement of a policy with its place; the whole list where it is not known yet."""
    return resource.remember(
        "statements", lambda: [(value, parse(value.raw)) for value in resource["statements"].elements()]
    )


def shown(value: Value, finding: Finding) -> Finding:
    """`finding`, which quotes the statement at `value`, or the same without the quote where that is secret."""
    if not value.secret:
        return finding
    return replace(finding, message="the statement is marked secret, so nothing of it is shown", fix="", witness=None)


def cause_of_workloads(value: Value) -> str:
    """The cause of what is said of pods in a statement: within the statement, beside what is said of others."""
    return f"{value.path}.workloads"
