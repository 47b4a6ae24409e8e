"""AWSCloudShellFullAccess is attached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..identities import ATTACHING

_CLOUDSHELL: Final = re.compile(r"arn:[^:]+:iam::aws:policy/AWSCloudShellFullAccess")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    key = ATTACHING[resource.type]
    for value in resource[key].elements() if resource.gave(key) else ():
        if _CLOUDSHELL.fullmatch(value.text or ""):
            yield Finding(
                path=value.path,
                message="AWSCloudShellFullAccess lets its holder move files in and out of a shell that has the internet",
            )


RULE = ResourceRule(
    id="cloudshell-full-access-attached",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="AWSCloudShellFullAccess is attached",
    why="Its holder can download data of the account to any machine and upload tools, past the network that is watched.",
    fix="Attach a policy that allows the cloudshell actions that are used, with a Deny of cloudshell:GetFileDownloadUrls and cloudshell:GetFileUploadUrls.",
    controls=("CIS-AWS-3.0.0:1.22",),
    covers=("LP-26",),
    types=tuple(ATTACHING),
    check=check,
)
