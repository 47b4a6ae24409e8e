"""All policy documents of AWS in one resource, whatever their kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Resource
from .aws_documents import (
    IDENTITY_TYPES,
    ROLE_TYPES,
    Placed,
    identity_documents,
    trust_documents,
)
from .resource_policies import BUCKET_LIKE, RESOURCE_POLICY_TYPES, resource_policies

_WITH_POLICY: Final = (*BUCKET_LIKE, *RESOURCE_POLICY_TYPES)
ALL_TYPES: Final = (*IDENTITY_TYPES, *_WITH_POLICY)


def all_documents(resource: Resource) -> Iterator[Placed]:
    """Every document in one resource of `ALL_TYPES`."""
    if resource.type in IDENTITY_TYPES:
        yield from identity_documents(resource)
    if resource.type in ROLE_TYPES:
        yield from trust_documents(resource)
    if resource.type in _WITH_POLICY:
        yield from resource_policies(resource)
