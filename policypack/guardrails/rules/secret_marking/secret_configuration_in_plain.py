"""The value of secret configuration stands in an input without a mark."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import STACK_TYPE, Context, Resource
from ...rule import Edit, MarkSecret, ResourceRule
from ...secrets.known import of_run
from ...secrets.places import Place, joined, unmarked
from ..shown_secrets import KEEP_MARK, LOST_MARK, at_name, at_place


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    known = of_run(context.run)
    # What a program exports is judged when all of the stack is known.
    if not known or resource.type == STACK_TYPE:
        return
    yield from at_name(resource, known)
    if not known.may_show(joined(resource.properties)):
        return
    for place in unmarked(resource.properties):
        yield from at_place(place, known, resource)


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    known = of_run(context.run)
    if known and resource.type != STACK_TYPE:
        places: dict[Place, None] = {
            place: None for place in unmarked(resource.properties) if known.sightings(place.text)
        }
        yield from (MarkSecret(place.keys) for place in places)


RULE = ResourceRule(
    id="secret-configuration-in-plain",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="Secret configuration is passed on without its mark",
    why=LOST_MARK,
    fix=KEEP_MARK,
    covers=("SM-54", "SM-55"),
    yields_to=("credential-property-unmarked", "api-key-private-key"),
    types=(),
    check=check,
    remediate=remediate,
)
