"""An SSM document is shared with every AWS account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule

_EVERYONE: Final = "all"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    permissions = resource["permissions"]
    accounts = permissions["account_ids"] if permissions["accountIds"].absent else permissions["accountIds"]
    if accounts.is_open:
        yield undecided(accounts.path, "with whom the document is shared is not known yet")
    elif _EVERYONE in (each.strip().lower() for each in (accounts.text or "").split(",")):
        yield Finding(
            path=accounts.path,
            message="every AWS account can read and run this document",
            fix='Name the accounts: permissions={"type": "Share", "account_ids": "111122223333,444455556666"}.',
            witness={
                "principal": "any principal of any AWS account",
                "action": "ssm:GetDocument",
                "resource": "*",
                "context": {},
            },
        )


RULE = ResourceRule(
    id="ssm-document-shared-with-everyone",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An SSM document is shared with every AWS account",
    why="Runbooks name hosts, paths and parameters, and often hold credentials; everyone can read them all.",
    fix="Share the document with the accounts that run it, by number.",
    controls=("FSBP-1.0.0:SSM.4",),
    covers=("LP-62",),
    types=("aws:ssm/document:Document",),
    check=check,
)
