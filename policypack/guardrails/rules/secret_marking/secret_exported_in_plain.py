"""A stack export shows a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import STACK_TYPE, Asset, Context, Stack, Value
from ...rule import StackRule
from ...secrets.detectors import holds_private_key, may_hold_private_key
from ...secrets.formats import find
from ...secrets.known import of_stack, text_of
from ...secrets.layers import layers
from ...secrets.looks import is_reference
from ...secrets.names import is_named_credential
from ...secrets.search import KnownSecrets
from ...values import has_stand_in
from ..shown_secrets import evidence, sources

_CREDENTIAL_NAME: Final = re.compile(
    r"(?:^|[_\-.])(?:password|passwd|pwd|secret|secrets|token|apikey|private_?key|access_?key|credentials?|passphrase|connection_?string|dsn"
    r"|(?:database|db|redis|mongo|amqp)_ur[il])$"
)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    root = stack.root
    if root is None:
        return
    known = of_stack(stack, context.run)
    for name in root.properties:
        shown = known.sightings(name)
        if shown:
            message = f"the name of an export shows, unmarked, {sources(shown)}"
            fix = "Give the export another name."
            yield Finding(path="outputs", message=message, fix=fix, urn=root.urn, evidence=evidence(shown))
        else:
            yield from _export(name, root[name], known, root.urn)


def _export(export: str, top: Value, known: KnownSecrets, urn: str) -> Iterator[Finding]:
    fix = f'pulumi.export("{export}", pulumi.Output.secret(…)), or drop the `Output.unsecret` on the way to it.'
    waiting = [top]
    while waiting:
        value = waiting.pop()
        if value.secret:
            continue
        for name, inner in value.members():
            shown = known.sightings(name)
            if not shown:
                waiting.append(inner)
                continue
            message = f"a name in the export {export} shows, unmarked, {sources(shown)}"
            path = f"outputs.{value.path}"
            yield Finding(path=path, message=message, fix=fix, urn=urn, name=export, evidence=evidence(shown))
            # What stands under that name is judged under the path above it: a path would show the secret.
            waiting.append(Value(inner.raw, value.keys, secret=inner.secret))
        if isinstance(value.raw, list):
            waiting.extend(value.elements())
        elif not isinstance(value.raw, dict):
            for leaf in value.leaves():
                yield from _judge(export, leaf, known, fix, urn)


def _judge(export: str, leaf: Value, known: KnownSecrets, fix: str, urn: str) -> Iterator[Finding]:
    path = f"outputs.{leaf.path}"
    text = leaf.raw.text if isinstance(leaf.raw, Asset) else text_of(leaf)
    if leaf.unknown:
        if _CREDENTIAL_NAME.search(_words(leaf.path)):
            yield _named(export, path, urn)
        return
    if text is None:
        return
    shown = known.sightings(text)
    if shown:
        message = f"the export {export} shows, unmarked, {sources(shown)}"
        yield Finding(path=path, message=message, fix=fix, urn=urn, name=export, evidence=evidence(shown))
    elif kind := _credential(text):
        yield Finding(path=path, message=f"the export {export} shows {kind}", fix=fix, urn=urn, name=export)
    elif has_stand_in(text):
        named = _CREDENTIAL_NAME.search(_words(leaf.path)) and not is_reference(text)
        if named or may_hold_private_key(text):
            yield _named(export, path, urn)
    elif is_named_credential([key for key in leaf.keys if isinstance(key, str)], text):
        message = f"the export {export} is a credential by its name and is not marked secret"
        yield Finding(path=path, message=message, fix=fix, severity=Severity.MEDIUM, urn=urn, name=export)


def _named(export: str, path: str, urn: str) -> Finding:
    reason = f"the export {export} is named like a credential, is not marked secret and its value is not known yet"
    return undecided(path, reason, urn=urn, name=export)


def _credential(text: str) -> str:
    """What a text holds that is a credential by its form, in words; empty for nothing."""
    if holds_private_key(text):
        return "a private key"
    found = (one for layer in layers(text) for one in find(layer.text) if one.severity is not Severity.LOW)
    first = next(found, None)
    return first.kind if first else ""


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
    covers=("SM-53",),
    types=(STACK_TYPE,),
    check=check,
)
