"""The URLs of Lambda functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# The property that says whether callers must sign in.
AUTHORIZATION: Final[Mapping[str, str]] = {
    "aws:lambda/functionUrl:FunctionUrl": "authorizationType",
    "aws-native:lambda:Url": "authType",
}
