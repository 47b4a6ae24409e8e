"""Follows invented values without a token through the program, to where they are sent to the engine.

The SDK carries with every output the resources it depends on, through each `apply`, `all`, `format` and lookup. So an
output that holds such an invention is given one more resource to depend on, which stands for all of its kind. When an
output is serialised whose resources include that one, its value gets the mark of `invented`.

What a function answers is an object, most of whose fields are certain or hold tokens. So its reading is watched: a
callback of `apply` that reads a field with neither gives an output that hangs on it. A program that reads one outside
of any callback, or awaits an output that hangs on one, has a plain value, which nothing can follow: that is told.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import pulumi
from google.protobuf import struct_pb2

from . import invented, sdk, watched_text
from .functions import camel
from .invented import Hangs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
    from types import FrameType

    from pulumi.runtime.proto import resource_pb2

    from .channel import Channel
    from .sources import Sources

    Rescue = Callable[[Awaitable[Any]], Coroutine[Any, Any, Any]]

_URNS: Final = {
    Hangs.SIZE: "urn:pulumi:preflight::preflight::preflight:index:Invention::size",
    Hangs.VALUE: "urn:pulumi:preflight::preflight::preflight:index:Invention::value",
}
KIND: Final = "invented-answer"
_NONE: Final[dict[str, Hangs]] = {}
_READ: Final[contextvars.ContextVar[list[Hangs] | None]] = contextvars.ContextVar("preflight_read", default=None)


class Traces:
    """What is known of the inventions of one run."""

    def __init__(self, channel: Channel, sources: Sources) -> None:
        self._channel = channel
        self._sources = sources
        self._told: set[tuple[str, str]] = set()
        self._made: dict[Hangs, pulumi.Resource] = {}
        self._fields: dict[type, tuple[str, dict[str, Hangs]]] = {}

    def install(self) -> None:
        """Make the SDK of this process carry inventions along and mark them."""
        rpc: Any = sys.modules["pulumi.runtime.rpc"]
        rpc.resolve_outputs = _resolving(rpc.resolve_outputs, self)
        rpc.serialize_property = _serialising(rpc.serialize_property, self)
        module: Any = pulumi
        module.get = self._reading(module.get)
        watched_text.install(self._looked)
        output: Any = pulumi.Output
        output.future = self._awaiting(output.future)

    def answered(self, cls: type, token: str, fields: Mapping[str, Hangs]) -> None:
        """Remember what of a function's result, by wire name, is an invention without a token."""
        self._fields.setdefault(cls, (token, {}))[1].update(fields)

    def source(self, hangs: Hangs = Hangs.VALUE) -> pulumi.Resource:
        """The resource that stands for all inventions of a kind; made when first needed, on the program's loop."""
        if hangs not in self._made:
            from pulumi.resource import DependencyResource

            self._made[hangs] = DependencyResource(_URNS[hangs])
        return self._made[hangs]

    def among(self, resources: Iterable[pulumi.Resource]) -> Hangs:
        """The most that any of these resources stands for."""
        made = self._made.items()
        found = (hangs for one in resources for hangs, resource in made if one is resource) if made else ()
        return max(found, default=Hangs.NOTHING)

    def _in(self, value: object) -> Hangs:
        """What an answer hangs on as a whole: one that is a dictionary can be read past its properties."""
        _, fields = self._fields.get(type(value), ("", _NONE)) if isinstance(value, dict) else ("", _NONE)
        return max(fields.values(), default=Hangs.NOTHING)

    @staticmethod
    def guessed() -> Hangs:
        """What a callback of `apply` that has started what runs now has seen of inventions without a token."""
        return max(_READ.get() or (), default=Hangs.NOTHING)

    def watched(
        self, output: pulumi.Output[Any], callback: Callable[[Any], Any], value: object, rescue: Rescue
    ) -> object:
        """Call the callback of an `apply` on `output`; where it reads an invention, its result hangs on that.

        `rescue` makes a coroutine that does not raise of one that the callback gives.
        """
        # What the callback around this one has seen, this one may hang on too.
        read = [hangs for hangs in (self.among(sdk.resources_of(output)), self.guessed()) if hangs]
        before = len(read)
        if as_a_whole := self._in(value):
            read.append(as_a_whole)
        reset = _READ.set(read)
        try:
            result = callback(value)
            # The task that the coroutine becomes keeps what is being read.
            if inspect.isawaitable(result) and not isinstance(result, pulumi.Output):
                return self._later(asyncio.ensure_future(rescue(result)), read, before)
        finally:
            _READ.reset(reset)
        return self._hanging(result, max(read[before:])) if read[before:] else result

    def _hanging(self, result: object, hangs: Hangs) -> pulumi.Output[Any]:
        async def resources(output: pulumi.Output[Any]) -> set[pulumi.Resource]:
            return {*await output.resources(), self.source(hangs)}

        if isinstance(result, pulumi.Output):
            value = result.future(with_unknowns=True)
            return pulumi.Output(resources(result), value, result.is_known(), result.is_secret())
        done: asyncio.Future[object] = asyncio.Future()
        done.set_result(result)
        return pulumi.Output({self.source(hangs)}, done, _true())

    def _later(self, task: asyncio.Task[Any], read: list[Hangs], before: int) -> pulumi.Output[Any]:
        async def resources() -> set[pulumi.Resource]:
            await task
            return {self.source(hangs) for hangs in read[before:]}

        return pulumi.Output(resources(), task, _true())

    def _awaiting(self, original: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
        async def told(output: pulumi.Output[Any], waiting: Coroutine[Any, Any, Any], reader: FrameType) -> Any:  # noqa: ANN401
            value = await waiting
            if self.among(sdk.resources_of(output)):
                read = _READ.get()
                if read is None:
                    self._tell_place(
                        "the program awaits an output that hangs on an invented number, flag or list, which has no"
                        " room for a mark: what follows from it is a guess",
                        reader,
                    )
                else:
                    read.append(self.among(sdk.resources_of(output)))
            return value

        @wraps(original)
        def future(output: pulumi.Output[Any], *args: Any, **options: Any) -> Coroutine[Any, Any, Any]:  # noqa: ANN401
            waiting = original(output, *args, **options)
            reader = sys._getframe(1)
            # The SDK awaits outputs in all it does; a program that does has left what can be followed.
            return told(output, waiting, reader) if self._sources.relative(reader.f_code.co_filename) else waiting

        return future

    def _looked(self, frame: FrameType) -> None:
        """The program, in `frame`, asks what an invented text is."""
        if self._sources.relative(frame.f_code.co_filename) is None:
            return
        read = _READ.get()
        if read is None:
            self._tell_place(
                "the program asks what an invented text is, or cuts off what tells that it is one: what follows from"
                " the answer is a guess",
                frame,
            )
        else:
            read.append(Hangs.VALUE)

    def _tell_place(self, message: str, frame: FrameType) -> None:
        source = self._sources.of_frame(frame)
        if (message, str(source)) not in self._told:
            self._told.add((message, str(source)))
            self._channel.notice(KIND, message, source=source)

    def _tell(self, token: str, field: str, reader: FrameType) -> None:
        if (token, field) in self._told:
            return
        self._told.add((token, field))
        self._channel.notice(
            KIND,
            f"the program reads {field} of {token} as a plain value, which is invented here and has no room for a mark:"
            " what follows from it is a guess",
            source=self._sources.of_frame(reader),
        )

    def _reading(self, original: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
        @wraps(original)
        def get(self_: object, name: str) -> Any:  # noqa: ANN401 - the SDK's
            # The SDK copies an answer into a class derived from its own.
            token, fields = self._fields.get(type(self_)) or self._fields.get(type(self_).__mro__[1]) or ("", _NONE)
            # That copying reads all fields, but not by way of the properties, as programs do.
            if fields and camel(name) in fields and sys._getframe(1).f_code.co_name == name:
                read = _READ.get()
                if read is None:
                    self._tell(token, name, sys._getframe(2))
                else:
                    read.append(fields[camel(name)])
            return original(self_, name)

        return get


def _true() -> asyncio.Future[bool]:
    known: asyncio.Future[bool] = asyncio.Future()
    known.set_result(True)
    return known


def forget_dependencies(request: resource_pb2.RegisterResourceRequest) -> None:
    """Take the resources that stand for inventions out of what a registration says it depends on."""
    for urn in _URNS.values():
        if urn in request.dependencies:
            request.dependencies.remove(urn)
        for dependency in request.propertyDependencies.values():
            if urn in dependency.urns:
                dependency.urns.remove(urn)


def _resolving(original: Callable[..., None], traces: Traces) -> Callable[..., None]:
    """Take the marks off what the engine answers, and let the outputs of those properties depend on the invention."""

    @wraps(original)
    def resolve_outputs(
        resource: pulumi.Resource,
        serialized: struct_pb2.Struct,
        outputs: object,
        dependencies: dict[str, set[pulumi.Resource]],
        *rest: Any,  # noqa: ANN401 - the SDK's
        **options: Any,  # noqa: ANN401
    ) -> None:
        if isinstance(outputs, struct_pb2.Struct):
            found = {str(path[0]): traces.source(hangs) for path, hangs in invented.take(outputs)}
            dependencies = {
                **dependencies,
                **{name: {*dependencies.get(name, ()), source} for name, source in found.items()},
            }
        original(resource, serialized, outputs, dependencies, *rest, **options)

    return resolve_outputs


def _serialising(
    original: Callable[..., Coroutine[Any, Any, Any]], traces: Traces
) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Mark each output that depends on the invention where it is serialised."""

    async def output(
        value: pulumi.Output[Any],
        dependencies: list[Any] | None,
        key: str | None,
        *rest: Any,  # noqa: ANN401 - the SDK's
        **options: Any,  # noqa: ANN401
    ) -> object:
        found: list[Any] = []
        serialised = await original(value, found, key, *rest, **options)
        if dependencies is not None:
            dependencies.extend(found)
        hangs = traces.among(found)
        # Without a key it is an id, which is always text.
        return invented.as_marked(serialised, hangs) if key is not None and hangs else serialised

    @wraps(original)
    def serialize_property(
        value: object,
        deps: list[Any] | None,
        property_key: str | None = None,
        *rest: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Coroutine[Any, Any, Any]:
        if isinstance(value, pulumi.Output):
            return output(value, deps, property_key, *rest, **options)
        return original(value, deps, property_key, *rest, **options)

    return serialize_property
