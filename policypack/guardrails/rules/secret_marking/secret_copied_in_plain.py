"""A value that is marked secret in one place stands in another one without a mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import STACK_TYPE, Context, Resource, Stack
from ...rule import StackRule
from ...secrets.known import of_stack
from ...secrets.places import Place, joined, unmarked
from ...secrets.search import KnownSecret, KnownSecrets
from ..shown_secrets import KEEP_MARK, LOST_MARK, at_name, at_place

# The tags of a resource together with the provider's, which are judged where they are given.
_DERIVED: Final = frozenset({"tagsAll"})
_TOGETHER: Final = 64  # resources that are looked at in one text: few have anything to say


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    known = of_stack(stack, context.run)
    if not known:
        return
    # What is exported is decided by `secret-exported-in-plain`.
    resources = [resource for resource in stack.resources if resource.type != STACK_TYPE]
    for start in range(0, len(resources), _TOGETHER):
        some = resources[start : start + _TOGETHER]
        if known.may_show("\0".join(map(_texts, some))):
            for resource in some:
                if known.may_show(_texts(resource)):
                    yield from _resource(resource, known)


def _texts(resource: Resource) -> str:
    """The resource's name, and all texts of its outputs and of the inputs that differ from them."""
    outputs, inputs = resource.properties, resource.inputs or {}
    kept = {key: value for key, value in inputs.items() if outputs.get(key) != value}
    return "\0".join((resource.name, joined(outputs), joined(kept)))


def _resource(resource: Resource, known: KnownSecrets) -> Iterator[Finding]:
    yield from at_name(resource, known)
    shown: set[KnownSecret] = {sighting.secret for sighting in known.sightings(resource.name)}
    given, computed = _places(resource)
    for place in given:
        shown |= {sighting.secret for sighting in known.sightings(place.text)}
        yield from at_place(place, known, resource)
    for place in computed:
        # What a provider computes of an input, such as an ARN of a name, shows no more than the input does.
        yield from at_place(place, known, resource, but=shown)


def _places(resource: Resource) -> tuple[list[Place], list[Place]]:
    """What was given, as the outputs and the inputs have it, and what the provider has added."""
    given: list[Place] = []
    computed: list[Place] = []
    for place in unmarked(resource.properties):
        if place.keys[0] not in _DERIVED:
            (given if resource.gave(str(place.keys[0])) else computed).append(place)
    seen = {(place.keys, place.text) for place in given}
    given += (place for place in unmarked(resource.inputs or {}) if (place.keys, place.text) not in seen)
    return given, computed


RULE = StackRule(
    id="secret-copied-in-plain",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A secret stands in another place without its mark",
    why=LOST_MARK,
    fix=KEEP_MARK,
    covers=("SM-54",),
    yields_to=(
        "secret-configuration-in-plain",
        "credential-property-unmarked",
        "credential-output-unmarked",
        "credential-stored-in-plain",
        "api-key-private-key",
        "build-environment-with-access-keys",
        "credential-in-plain-value",
        "named-credential-in-plain",
    ),
    types=(),
    check=check,
)
