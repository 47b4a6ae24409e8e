"""A stack export shows a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Evidence, Finding, Severity, undecided
from ...model import STACK_TYPE, Context, Stack, Value
from ...rule import StackRule
from ...secrets.detectors import holds_private_key
from ...secrets.known import KnownSecrets
from ...values import has_stand_in

_CREDENTIAL_NAME: Final = re.compile(
    r"(?:^|[_\-.])(?:password|passwd|pwd|secret|secrets|token|apikey|private_?key|access_?key|credentials?|passphrase|connection_?string)$"
)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    root = stack.root
    if root is None:
        return
    known = KnownSecrets(stack, context.run.secrets)
    for export in root.values():
        for leaf in export.leaves():
            if not leaf.secret:
                yield from _judge(export.path, leaf, known, root.urn)


def _judge(name: str, leaf: Value, known: KnownSecrets, urn: str) -> Iterator[Finding]:
    path = f"outputs.{leaf.path}"
    fix = f'pulumi.export("{name}", pulumi.Output.secret(…)), or drop the `Output.unsecret` on the way to it.'
    text = leaf.text
    if leaf.unknown:
        if _CREDENTIAL_NAME.search(_words(leaf.path)):
            reason = (
                f"the export {name} is named like a credential, is not marked secret and its value is not known yet"
            )
            yield undecided(path, reason, urn=urn, name=name)
        return
    if text is None:
        return
    source = known.source_of(text)
    if source is not None:
        yield Finding(
            path=path,
            message=f"the export {name} shows, unmarked, the value of {source.place}, which is secret",
            fix=fix,
            urn=urn,
            name=name,
            evidence=Evidence.PROGRAM if has_stand_in(source.text) else Evidence.WIRE,
        )
    elif holds_private_key(text):
        yield Finding(path=path, message=f"the export {name} shows a private key", fix=fix, urn=urn, name=name)


def _words(path: str) -> str:
    """`apiToken` and `api-token` both as `api_token`, so that word ends can be seen."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path).lower()


RULE = StackRule(
    id="secret-exported-in-plain",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A stack export shows a secret",
    why="Exports are printed after every update, stored in clear unless marked, and readable by every stack that references this one.",
    fix="Export the value as the provider marks it, or wrap it in `pulumi.Output.secret(…)`.",
    types=(STACK_TYPE,),
    check=check,
)
