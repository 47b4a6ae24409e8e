"""Outputs of other stacks: those that were given, and a stand-in for any other name that the program asks for."""

from __future__ import annotations

import sys
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

    def __init__(self, urn: str, given: Mapping[str, object], asked: set[str]) -> None:
        """`asked` takes the names that the program asks for."""
        super().__init__(given)
        self._urn = urn
        self._asked = asked

    def __bool__(self) -> bool:
        # The SDK takes dictionaries apart that are true, and would make a plain one of this.
        return False

    def __getitem__(self, name: str) -> object:
        # The SDK looks into all that there is, for unknowns.
        if sys._getframe(1).f_globals.get("__name__") != "pulumi.runtime.rpc":
            self._asked.add(name)
        return super().__getitem__(name)

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
        self._asked: dict[str, set[str]] = {}

    def invented(self) -> list[str]:
        """The outputs that the program asked for and nobody gave, as `STACK::OUTPUT`."""
        return sorted(
            f"{stack}::{name}"
            for stack, names in self._asked.items()
            for name in names - self._job.stack_outputs.get(stack, _NOTHING).values.keys()
        )

    def unused(self) -> list[str]:
        """The outputs that were given and that the program did not ask for, as `STACK::OUTPUT`."""
        return sorted(
            f"{stack}::{name}"
            for stack, given in self._job.stack_outputs.items()
            for name in (given.values.keys() | given.secret) - self._asked.get(stack, set())
        )

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
            stack = self._full_name(_stack_name(*args, **kwargs))
            given = self._job.stack_outputs.get(stack, _NOTHING)
            asked = self._asked.setdefault(stack, set())
            outputs: pulumi.Output[Any] = self_.urn.apply(lambda urn: AnyOutputs(urn, _outputs(urn, given), asked))
            # Like the engine: the outputs as a whole are secret where one of them is, and which ones are is known.
            self_.__dict__["outputs"] = pulumi.Output.secret(outputs) if given.secret else outputs
            self_.__dict__["secret_output_names"] = pulumi.Output.from_input(sorted(given.secret))

        return init

    def _full_name(self, name: object) -> str:
        *before, stack = name.split("/") if isinstance(name, str) else ("a stack with a computed name",)
        whole = [self._job.organization, self._job.project, stack]
        whole[: len(before)] = before
        return "/".join(whole)


def _stack_name(name: object = None, stack_name: object = None, *_args: object, **_options: object) -> object:
    return name if stack_name is None else stack_name


def _outputs(urn: str, given: StackOutputs) -> dict[str, object]:
    return {**given.values, **{name: AnyMember.of(urn, name) for name in given.secret}}
