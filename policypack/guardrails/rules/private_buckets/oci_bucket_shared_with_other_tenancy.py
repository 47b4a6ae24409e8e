"""A statement of the stack lets people of another tenancy use its buckets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...oci.meaning import Undecided
from ...oci.tree import Permissions
from ...rule import StackRule
from ..oci_grants import request, who
from ..oci_shared_buckets import Shared, shared
from ..oci_statements import STATEMENT_TYPES
from ..precedence import OCI_STATEMENT_RULES

_MOST_NAMED: Final = 3


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for each in shared(stack):
        yield each.said.finding(_judged(each))


def _judged(each: Shared) -> Finding:
    statement = each.said.written
    means = f"{who(statement)} may {each.use.means.format(_names(each.buckets))}"
    if isinstance(each.reached, Undecided):
        return undecided("", f"whether {means}: {each.reached.reason}")
    opens = each.use.opens and not isinstance(statement.action, Permissions)
    return Finding(
        path="",
        message=f"{means}: `{each.said}`",
        severity=None if opens else Severity.LOW,
        witness={
            **request(statement, each.reached.permission, each.reached.context),
            "resource": each.buckets[0],
        },
    )


def _names(buckets: tuple[str, ...]) -> str:
    named = ", ".join(map(repr, buckets[:_MOST_NAMED]))
    beyond = len(buckets) - _MOST_NAMED
    return f"the bucket{'s' if len(buckets) > 1 else ''} {named}{f' and {beyond} more' if beyond > 0 else ''}"


RULE = StackRule(
    id="oci-bucket-shared-with-other-tenancy",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.MEDIUM,
    title="A statement lets people of another tenancy use buckets of the stack",
    why="Who belongs to a group of another tenancy is decided there; whoever may change a bucket may open it to the internet.",
    fix="Admit one group to read the objects of one bucket: Admit group NAME of tenancy PARTNER to read objects in compartment NAME where target.bucket.name = 'NAME'.",
    covers=("PB-65",),
    yields_to=OCI_STATEMENT_RULES,
    types=STATEMENT_TYPES,
    check=check,
)
