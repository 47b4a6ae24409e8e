"""Resources that a component built by its provider is said to have made: stand-ins that exist by their reference only.

A remote component (`eks:index:Cluster`) gives resources as outputs. They travel as references; the SDK makes objects
of them and asks for their state. Their URNs have an invented name, by which they are known again.
"""

from __future__ import annotations

from typing import Final

from . import stand_ins, urns, wire
from .texts import Subject, resource_id

_URN_PREFIX: Final = "urn:pulumi:"


def to_invented(subject: Subject, cls: type, path: str) -> wire.Plain:
    """A reference to the resource of class `cls` that the output `path` of `subject` gives; None if it has no type."""
    type_ = getattr(cls, "pulumi_type", None)
    if not isinstance(type_, str) or not subject.key.startswith(_URN_PREFIX):
        return None
    name = stand_ins.computed(subject.key, path)
    _, _, stack, rest = subject.key.split(":", 3)
    urn = urns.build(stack, rest.split("::")[1], subject.key, type_, name)
    return {wire.SIGNATURE: wire.RESOURCE, "urn": urn, "id": resource_id(Subject(urn, type_, subject.place))}


def invented_type(urn: str) -> str | None:
    """The type of the resource with that URN if it is one of these, else None."""
    qualified, _, name = urn.removeprefix(_URN_PREFIX).partition("::")[2].partition("::")[2].rpartition("::")
    return qualified.rpartition("$")[2] if stand_ins.is_computed(name) else None
