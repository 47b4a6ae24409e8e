"""Which resource of a stack an OCID is of.

The id of a resource is no property of it before it exists. Where a stand-in takes its place, what the engine recorded
tells: a property that was computed from one resource alone, and that holds one such id, holds that of this resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..model import Resource, Stack

_IDS: Final = ("id", "ocid")
_INVENTED: Final = re.compile(r"(?:ocid1\.[\w.-]{1,80})?standin0c[0-9a-f]{16}")
_PARENT: Final = "compartmentId"


class Ids:
    """The ids of a stack's resources."""

    def __init__(self, stack: Stack) -> None:
        self._resources: dict[str, Resource] = {}
        for resource in stack.resources:
            for key in _IDS:
                if text := resource[key].text:
                    self._resources.setdefault(text.lower(), resource)
        for resource in stack.resources:
            for text, owner in _learned(stack, resource):
                self._resources.setdefault(text.lower(), owner)
        self._texts: dict[str, list[str]] = {}
        for text, resource in self._resources.items():
            self._texts.setdefault(resource.urn, []).append(text)

    def resource(self, ocid: str) -> Resource | None:
        """The resource with an id, in any letter case."""
        return self._resources.get(ocid.lower())

    def of(self, resource: Resource) -> Sequence[str]:
        """The ids of a resource, as texts in lower case that others may name it by; none where they are not known."""
        return self._texts.get(resource.urn, ())


def _learned(stack: Stack, resource: Resource) -> Iterator[tuple[str, Resource]]:
    dependencies: Mapping[str, Sequence[str]] = resource.property_dependencies
    for key, urns in dependencies.items():
        owner = stack.by_urn.get(urns[0]) if len(urns) == 1 else None
        if owner is None:
            continue
        texts = (leaf.text for leaf in resource[key].leaves() if leaf.text)
        found = {match for text in texts for match in _INVENTED.findall(text)}
        # What is passed on from there may be where that one lies.
        if len(found) == 1 and found != {owner[_PARENT].text}:
            yield found.pop(), owner


def ids(stack: Stack) -> Ids:
    """The ids of a stack's resources."""
    return stack.remember("ids", lambda: Ids(stack))
