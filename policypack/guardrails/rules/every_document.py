"""All policy documents of AWS in one resource, whatever their kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Resource
from .aws_documents import (
    BUCKET_POLICY_TYPES,
    IDENTITY_TYPES,
    ROLE_TYPES,
    Placed,
    bucket_policies,
    identity_documents,
    trust_documents,
)
from .resource_policies import RESOURCE_POLICY_TYPES, resource_policies

ALL_TYPES: Final = (*IDENTITY_TYPES, *BUCKET_POLICY_TYPES, *RESOURCE_POLICY_TYPES)


def all_documents(resource: Resource) -> Iterator[Placed]:
    """Every document in one resource of `ALL_TYPES`."""
    if resource.type in IDENTITY_TYPES:
        yield from identity_documents(resource)
    if resource.type in ROLE_TYPES:
        yield from trust_documents(resource)
    if resource.type in BUCKET_POLICY_TYPES:
        yield from bucket_policies(resource)
    if resource.type in RESOURCE_POLICY_TYPES:
        yield from resource_policies(resource)
