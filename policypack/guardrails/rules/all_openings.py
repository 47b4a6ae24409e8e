"""All ways in which the buckets of a stack are opened to strangers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..model import Stack
from .access_point_openings import ACCESS_POINT_TYPES, access_point_openings
from .acl_openings import ACL_TYPES, acl_openings
from .buckets import Bucket
from .closed_storage import CLOSED_TYPES, closed_openings
from .openings import Opening, is_said
from .policy_openings import POLICY_TYPES, policy_openings

OPENING_TYPES: Final = tuple(dict.fromkeys((*ACL_TYPES, *POLICY_TYPES, *ACCESS_POINT_TYPES, *CLOSED_TYPES)))


def all_openings(stack: Stack) -> Sequence[Opening]:
    """The openings of every kind, worked out once."""
    return stack.remember(
        "openings",
        lambda: (*acl_openings(stack), *policy_openings(stack), *access_point_openings(stack), *closed_openings(stack)),
    )


def opened_buckets(stack: Stack) -> frozenset[Bucket]:
    """The buckets of which something is said already: rules on what is missing around them are silent."""
    return stack.remember(
        "opened buckets",
        lambda: frozenset(bucket for one in all_openings(stack) if is_said(one) for bucket in one.buckets),
    )
