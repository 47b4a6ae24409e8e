"""What the rules on identity pools of Cognito share."""

from __future__ import annotations

from typing import Final

from ..model import Value
from ..values import has_stand_in

IDENTITY_POOL_TYPES: Final = ("aws:cognito/identityPool:IdentityPool", "aws-native:cognito:IdentityPool")


def is_open(flag: Value) -> bool:
    """Whether a flag is set to something that cannot be read yet."""
    return flag.unknown or has_stand_in(flag.text or "")
