"""Outputs of other stacks: a stand-in for any name that the program asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import pulumi

from . import stand_ins

_Arguments = ParamSpec("_Arguments")


class AnyOutputs(dict[str, str]):
    """Answers every name with a text that could be anything: the other stack is not at hand."""

    def __init__(self, urn: str) -> None:
        super().__init__()
        self._urn = urn

    def __missing__(self, name: str) -> str:
        return stand_ins.anything(self._urn, name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def get(self, name: str, default: object = None) -> str:
        """The stand-in for `name`; the default is never needed."""
        del default
        return self[name]


def install() -> None:
    """Make every StackReference of this process answer with `AnyOutputs`."""
    reference: Any = pulumi.StackReference
    reference.__init__ = _with_any_outputs(reference.__init__)


def _with_any_outputs(
    original: Callable[Concatenate[pulumi.StackReference, _Arguments], None],
) -> Callable[Concatenate[pulumi.StackReference, _Arguments], None]:
    @wraps(original)
    def init(self: pulumi.StackReference, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
        original(self, *args, **kwargs)
        self.__dict__["outputs"] = self.urn.apply(AnyOutputs)

    return init
