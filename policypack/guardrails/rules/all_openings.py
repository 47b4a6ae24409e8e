"""All ways in which the buckets of a stack are opened to strangers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """The buckets that are opened, whether or not something shuts them again: advice on them waits."""
    return stack.remember("opened buckets", lambda: _buckets_of(stack, lambda one: not one.is_doubt))


def spoken_of(stack: Stack) -> frozenset[Bucket]:
    """The buckets of which an opening is said, or a doubt: what is missing against openings is not said beside it."""
    return stack.remember("buckets spoken of", lambda: _buckets_of(stack, is_said))


def _buckets_of(stack: Stack, chosen: Callable[[Opening], bool]) -> frozenset[Bucket]:
    return frozenset(bucket for one in all_openings(stack) if chosen(one) for bucket in one.buckets)
