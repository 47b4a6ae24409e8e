"""Where OCI policy statements stand in resources, read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ..findings import Finding
from ..model import Resource, Value
from ..oci.rejection import Rejected, Unreadable
from ..oci.statement import parse
from ..oci.tree import Statement

STATEMENT_TYPES: Final = ("oci:Identity/policy:Policy",)


def statements(resource: Resource) -> Iterator[tuple[Value, Statement | Rejected | Unreadable]]:
    """Each statement of a policy with its place; the whole list where it is not known yet."""
    for value in resource["statements"].elements():
        yield value, _read(value.text) if value.text is not None else parse(value.raw)


def shown(value: Value, finding: Finding) -> Finding:
    """`finding`, which quotes the statement at `value`, or the same without the quote where that is secret."""
    if not value.secret:
        return finding
    return replace(finding, message="the statement is marked secret, so nothing of it is shown", witness=None)


@lru_cache(maxsize=1024)
def _read(text: str) -> Statement | Rejected | Unreadable:
    # Several rules read the same statement of the same request, one after the other.
    return parse(text)
