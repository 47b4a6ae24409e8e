"""A stack export shows a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...findings import Concern, Evidence, Finding, Severity, undecided
from ...model import STACK_TYPE, Context, Keys, Stack
from ...rule import StackRule
from ...secrets.detectors import may_hold_private_key
from ...secrets.held import held
from ...secrets.known import of_stack
from ...secrets.looks import is_reference
from ...secrets.names import is_named_credential, names_credential
from ...secrets.places import Place, presentable, unmarked
from ...secrets.search import KnownSecrets, Sighting
from ...values import has_stand_in
from ..shown_secrets import evidence, sources


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    root = stack.root
    if root is None:
        return
    known = of_stack(stack, context.run)
    for name in root.properties:
        if shown := known.sightings(name):
            message = f"the name of an export shows {sources(shown, known)} without a secret mark"
            fix = "Give the export another name."
            yield Finding(path="outputs", message=message, fix=fix, urn=root.urn, evidence=evidence(shown))
    for place in unmarked(root.properties):
        yield from _judge(place, known, root.urn)
    for value in root.values():
        for leaf in value.leaves():
            if leaf.unknown and not leaf.secret and _is_named(leaf.keys):
                yield _named(_Export.of(leaf.keys, known, root.urn))


@dataclass(frozen=True, slots=True)
class _Export:
    """What to call a place among the exports: a name that shows a secret is left out."""

    name: str
    path: str
    urn: str

    @classmethod
    def of(cls, keys: Keys, known: KnownSecrets, urn: str) -> _Export:
        path = presentable(keys, known.sightings)
        return cls(str(keys[0]) if path else "", ".".join(filter(None, ("outputs", path))), urn)

    def finding(self, says: str, severity: Severity | None = None, shown: Iterable[Sighting] = ()) -> Finding:
        fix = f'pulumi.export("{self.name}", pulumi.Output.secret(…)), or drop the `Output.unsecret` on the way to it.'
        return Finding(
            path=self.path,
            name=self.name,
            urn=self.urn,
            message=says,
            fix=fix,
            severity=severity,
            evidence=evidence(shown) if shown else Evidence.WIRE,
        )


def _judge(place: Place, known: KnownSecrets, urn: str) -> Iterator[Finding]:
    text = place.text
    export = _Export.of(place.keys, known, urn)
    what = f"{'a name in ' if place.is_name else ''}{f'the export {export.name}' if export.name else 'an export'}"
    if shown := known.sightings(text):
        yield export.finding(f"{what} shows {sources(shown, known)} without a secret mark", shown=shown)
    elif kind := _credential(text):
        yield export.finding(f"{what} shows {kind}")
    elif place.is_name:
        return
    elif has_stand_in(text):
        named = _is_named(place.keys) and not is_reference(text)
        if named or may_hold_private_key(text):
            yield _named(export)
    elif is_named_credential([key for key in place.keys if isinstance(key, str)], text):
        yield export.finding(f"{what} is a credential by its name and is not marked secret", Severity.MEDIUM)


def _named(export: _Export) -> Finding:
    reason = f"the export {export.name} is named like a credential, is not marked secret and its value is not known yet"
    return undecided(export.path, reason, urn=export.urn, name=export.name)


def _credential(text: str) -> str:
    """What a text holds that is a credential by its form, in words; empty for nothing."""
    found = next((one for one in held(text) if one.severity is not Severity.LOW), None)
    return f"{found.kind} {found.how}".rstrip() if found else ""


def _is_named(keys: Keys) -> bool:
    return isinstance(keys[-1], str) and names_credential(keys[-1])


RULE = StackRule(
    id="secret-exported-in-plain",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A stack export shows a secret",
    why="Exports are printed after every update, stored in clear unless marked, and readable by every stack that references this one.",
    fix="Export the value as the provider marks it, or wrap it in `pulumi.Output.secret(…)`.",
    covers=("SM-53", "PB-64"),
    types=(STACK_TYPE,),
    check=check,
)
