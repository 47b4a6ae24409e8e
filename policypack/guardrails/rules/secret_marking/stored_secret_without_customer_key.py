"""A stored secret is encrypted with the key that all of the account shares (advice)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...secrets.properties import is_plain_parameter
from ...values import State

_PARAMETER: Final = "aws:ssm/parameter:Parameter"
_KEYS: Final[Mapping[str, str]] = {
    "aws:secretsmanager/secret:Secret": "kmsKeyId",
    "aws-native:secretsmanager:Secret": "kmsKeyId",
    _PARAMETER: "keyId",
}
# The key that AWS keeps for a service is given by its alias, or by the alias's ARN; everything else names a key of one's own.
_OF_AWS: Final = re.compile(r"(?:(?:arn:aws[\w-]*:kms:[\w-]*:\d*:)?alias/)?aws/[\w-]+")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if resource.type == _PARAMETER:
        kind = resource["type"]
        if kind.state is not State.KNOWN:
            yield undecided(kind.path, "whether the parameter is a SecureString is not known yet")
            return
        # It is not encrypted at all, which is another rule's to say.
        if is_plain_parameter(resource):
            return
    key = resource[_KEYS[resource.type]]
    if key.absent or _OF_AWS.fullmatch(key.text or ""):
        yield Finding(
            path=key.path, message="what is stored here is encrypted with the key of AWS, not with one of your own"
        )


RULE = ResourceRule(
    id="stored-secret-without-customer-key",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A stored secret has no encryption key of its own",
    why="The key of AWS has a policy that nobody can narrow, and cannot be switched off or shared with another account.",
    fix="Make an `aws.kms.Key` with a policy for those who read the secret, and give its ARN here.",
    covers=("SM-14", "SM-32"),
    types=tuple(_KEYS),
    check=check,
)
