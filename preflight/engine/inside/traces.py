"""Follows invented values without a token through the program, to where they are sent to the engine.

The SDK carries with every output the resources it depends on, through each `apply`, `all`, `format` and lookup. So an
output that holds such an invention is given one more resource to depend on, which stands for all of them. When an
output is serialised whose resources include that one, its value gets the mark of `invented`.

What a function answers is an object, most of whose fields are certain or hold tokens. So its reading is watched: a
callback of `apply` that reads a field with neither gives an output that hangs on it. A program that reads one outside
of any callback has a plain value, which nothing can follow: that is told.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import pulumi
from google.protobuf import struct_pb2

from . import invented, sdk, wire
from .functions import camel

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from types import FrameType

    from pulumi.runtime.proto import resource_pb2

    from .channel import Channel
    from .sources import Sources

_URN: Final = "urn:pulumi:preflight::preflight::preflight:index:Invention::invention"
KIND: Final = "invented-answer"
_ITSELF: Final = "the output itself"
_NONE: Final[frozenset[str]] = frozenset()
_READ: Final[contextvars.ContextVar[list[str] | None]] = contextvars.ContextVar("preflight_read", default=None)


class Traces:
    """What is known of the inventions of one run."""

    def __init__(self, channel: Channel, sources: Sources) -> None:
        self._channel = channel
        self._sources = sources
        self._told: set[tuple[str, str]] = set()
        self._resource: pulumi.Resource | None = None
        self._fields: dict[type, tuple[str, set[str]]] = {}

    def install(self) -> None:
        """Make the SDK of this process carry inventions along and mark them."""
        rpc: Any = sys.modules["pulumi.runtime.rpc"]
        rpc.resolve_outputs = _resolving(rpc.resolve_outputs, self)
        rpc.serialize_property = _serialising(rpc.serialize_property, self)
        module: Any = pulumi
        module.get = self._reading(module.get)

    def answered(self, cls: type, token: str, fields: Iterable[str]) -> None:
        """Remember which fields of a function's result are inventions without a token, by their wire names."""
        self._fields.setdefault(cls, (token, set()))[1].update(fields)

    def source(self) -> pulumi.Resource:
        """The resource that stands for all inventions; made when it is first needed, on the program's loop."""
        if self._resource is None:
            from pulumi.resource import DependencyResource

            self._resource = DependencyResource(_URN)
        return self._resource

    def among(self, resources: Iterable[pulumi.Resource]) -> bool:
        """Whether one of these is the resource that stands for inventions."""
        return self._resource is not None and any(one is self._resource for one in resources)

    def watched(self, output: pulumi.Output[Any], callback: Callable[[Any], Any], value: object) -> object:
        """Call the callback of an `apply` on `output`; where it reads an invention, its result hangs on that."""
        hangs = self.among(sdk.resources_of(output))
        read = [_ITSELF] if hangs else []
        before = len(read)
        reset = _READ.set(read)
        try:
            result = callback(value)
        finally:
            _READ.reset(reset)
        return self._hanging(result) if len(read) > before else result

    @staticmethod
    def guessed() -> bool:
        """Whether what runs now was started by a callback of `apply` that has seen an invention without a token."""
        return bool(_READ.get())

    def _hanging(self, result: object) -> pulumi.Output[Any]:
        async def resources(output: pulumi.Output[Any]) -> set[pulumi.Resource]:
            return {*await output.resources(), self.source()}

        if isinstance(result, pulumi.Output):
            value = result.future(with_unknowns=True)
            return pulumi.Output(resources(result), value, result.is_known(), result.is_secret())
        known: asyncio.Future[bool] = asyncio.Future()
        known.set_result(True)
        promise: Any = result
        if not asyncio.iscoroutine(promise) and not asyncio.isfuture(promise):
            promise = asyncio.Future()
            promise.set_result(result)
        return pulumi.Output({self.source()}, promise, known)

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
                    read.append(name)
            return original(self_, name)

        return get


def forget_dependencies(request: resource_pb2.RegisterResourceRequest) -> None:
    """Take the resource that stands for inventions out of what a registration says it depends on."""
    if _URN in request.dependencies:
        request.dependencies.remove(_URN)
    for dependency in request.propertyDependencies.values():
        if _URN in dependency.urns:
            dependency.urns.remove(_URN)


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
            names = {str(path[0]) for path in invented.take(outputs)}
            dependencies = {
                **dependencies,
                **{name: {*dependencies.get(name, ()), traces.source()} for name in names},
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
        # Without a key it is an id, which is always text.
        return _marked(serialised) if key is not None and traces.among(found) else serialised

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


def _marked(value: object) -> object:
    if isinstance(value, dict) and value.get(wire.SIGNATURE) == wire.SECRET:
        return {**value, "value": _marked(value["value"])}
    return value if value == wire.UNKNOWN else {wire.SIGNATURE: invented.SIGNATURE, "value": value}
