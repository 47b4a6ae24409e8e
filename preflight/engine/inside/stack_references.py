"""Outputs of other stacks: those that were given, and a stand-in for any other name that the program asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec

import pulumi

from .any_text import AnyMember
from .job import StackOutputs

if TYPE_CHECKING:
    from .job import Job

_Arguments = ParamSpec("_Arguments")
_NOTHING: Final = StackOutputs({})


class AnyOutputs(dict[str, object]):
    """Outputs as they were given; every other name is answered with what could be anything."""

    def __init__(self, urn: str, given: Mapping[str, object]) -> None:
        super().__init__(given)
        self._urn = urn

    def __bool__(self) -> bool:
        # The SDK takes dictionaries apart that are true, and would make a plain one of this.
        return False

    def __missing__(self, name: str) -> str:
        return AnyMember.of(self._urn, name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def get(self, name: str, default: object = None) -> object:
        """The value of `name`; the default is never needed."""
        del default
        return self[name]


class References:
    """The stack references of one run, and the outputs that were given for them."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._used: set[str] = set()

    def unused(self) -> list[str]:
        """The stacks whose outputs were given and that the program does not refer to."""
        return sorted(self._job.stack_outputs.keys() - self._used)

    def install(self) -> None:
        """Make every StackReference of this process answer."""
        reference: Any = pulumi.StackReference
        reference.__init__ = self._answering(reference.__init__)

    def _answering(
        self, original: Callable[Concatenate[pulumi.StackReference, _Arguments], None]
    ) -> Callable[Concatenate[pulumi.StackReference, _Arguments], None]:
        @wraps(original)
        def init(self_: pulumi.StackReference, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
            original(self_, *args, **kwargs)
            given = self._given(_stack_name(*args, **kwargs))
            outputs: pulumi.Output[Any] = self_.urn.apply(lambda urn: AnyOutputs(urn, _outputs(urn, given)))
            # Like the engine: the outputs as a whole are secret where one of them is, and which ones are is known.
            self_.__dict__["outputs"] = pulumi.Output.secret(outputs) if given.secret else outputs
            self_.__dict__["secret_output_names"] = pulumi.Output.from_input(sorted(given.secret))

        return init

    def _given(self, name: object) -> StackOutputs:
        if not isinstance(name, str):
            return _NOTHING
        *before, stack = name.split("/")
        whole = [self._job.organization, self._job.project, stack]
        whole[: len(before)] = before
        full = "/".join(whole)
        self._used.add(full)
        return self._job.stack_outputs.get(full, _NOTHING)


def _stack_name(name: object = None, stack_name: object = None, *_args: object, **_options: object) -> object:
    return name if stack_name is None else stack_name


def _outputs(urn: str, given: StackOutputs) -> dict[str, object]:
    return {**given.values, **{name: AnyMember.of(urn, name) for name in given.secret}}
