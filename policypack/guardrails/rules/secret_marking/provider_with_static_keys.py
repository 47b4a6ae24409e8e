"""A provider is given long-lived keys (advice)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule

_KEYS: Final[Mapping[str, Sequence[str]]] = {
    "pulumi:providers:aws": ("accessKey", "secretKey", "token"),
    "pulumi:providers:oci": ("privateKey", "privateKeyPassword"),
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    given = [name for name in _KEYS[resource.type] if not resource[name].absent and resource[name].text != ""]
    if given:
        message = f"the provider is given its keys ({', '.join(given)}): they are kept in the state of every stack that uses it"
        yield Finding(path=given[0], message=message)


RULE = ResourceRule(
    id="provider-with-static-keys",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A provider is configured with static keys",
    why="Keys in a provider live long, are kept in the state and act wherever the state is read; a short-lived session ends by itself.",
    fix="Leave the keys out: let the provider take them from the environment, a profile, an assumed role or an instance principal.",
    covers=("SM-01", "SM-40"),
    types=tuple(_KEYS),
    check=check,
)
