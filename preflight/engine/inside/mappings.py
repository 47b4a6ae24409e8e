"""Mappings whose members only a provider knows: they answer every name that a program asks for.

An invented mapping has one member, name and value a token of something that may be anything: a program that goes
through the members meets one. `mapping["name"]` answers with a text derived from the mapping and the name; `get`, `in`,
`len` and comparisons see the one member and nothing else.
"""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from . import stand_ins
from .any_text import AnyMember

if TYPE_CHECKING:
    from collections.abc import Callable


class AnyMembers(dict[str, Any]):
    """An invented mapping in the program's hands."""

    def __missing__(self, name: object) -> object:
        (key, value), *_ = self.items()
        if not isinstance(name, str):
            raise KeyError(name)
        return AnyMember.of(key, name) if value == key else value


def install() -> None:
    """Make every mapping of this form an `AnyMembers` where the SDK takes in what the engine answers."""
    module: Any = sys.modules["pulumi.runtime.rpc"]
    original = cast("Callable[..., Any]", module.translate_output_properties)

    # The SDK calls itself by this name for what is inside.
    @wraps(original)
    def translate_output_properties(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - the SDK's
        result = original(*args, **options)
        if type(result) is dict and len(result) == 1 and stand_ins.is_anything(next(iter(result))):
            return AnyMembers(result)
        return result

    module.translate_output_properties = translate_output_properties
