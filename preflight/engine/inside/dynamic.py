"""Resources of dynamic providers, whose providers are classes of the program.

A preview has such a provider configured and has it check the inputs, and nothing more: `diff`, `create` and the rest
never run. The SDK's plugin for this is a program that serves as soon as it is imported, so its few lines are here.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

import dill  # type: ignore[import-untyped]
from google.protobuf import struct_pb2
from pulumi import dynamic
from pulumi.runtime import _serialization, rpc

from . import wire

if TYPE_CHECKING:
    from pulumi.runtime.proto import resource_pb2

    from .job import Job

PREFIX: Final = "pulumi-python:"
_PROVIDER: Final = "__provider"


class CheckError(Exception):
    """The provider's own code has raised; `kind` is the exception's class."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Checker:
    """Runs the checks of dynamic providers."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._providers: dict[str, dynamic.ResourceProvider] = {}

    async def check(self, request: resource_pb2.RegisterResourceRequest) -> list[str]:
        """Put checked inputs in the place of the request's, and give the reasons why the check refuses them.

        Raises CheckError where the check raises.
        """
        given = struct_pb2.Struct()
        given.CopyFrom(request.object)
        bare = struct_pb2.Struct()
        bare.CopyFrom(given)
        wire.replace_references(bare)
        _remove_marks(bare)
        news = rpc.deserialize_properties(bare, keep_unknowns=True)
        try:
            result = self._provider(news[_PROVIDER]).check({}, news)
        except Exception as error:
            raise CheckError(type(error).__name__) from error
        inputs = {**result.inputs, _PROVIDER: news[_PROVIDER]}
        checked = await rpc.serialize_properties(inputs, {})
        _mark_as(checked, given)
        request.object.CopyFrom(checked)
        return [failure.reason for failure in result.failures or ()]

    def _provider(self, serialized: str) -> dynamic.ResourceProvider:
        if serialized not in self._providers:
            provider: dynamic.ResourceProvider = _serialization._deserialize(dill.loads, base64.b64decode(serialized))
            # Older SDKs configure no provider.
            if hasattr(dynamic, "ConfigureRequest"):
                config = dynamic.Config(raw_config=dict(self._job.config), project_name=self._job.project)
                provider.configure(dynamic.ConfigureRequest(config=config))
            self._providers[serialized] = provider
        return self._providers[serialized]


def _remove_marks(struct: struct_pb2.Struct) -> None:
    if wire.mentions(struct, wire.SECRET):
        for value in struct.fields.values():
            _remove_mark(value)


def _remove_mark(value: struct_pb2.Value) -> None:
    if wire.signature(value) == wire.SECRET:
        inner = struct_pb2.Value()
        inner.CopyFrom(wire.reveal(value))
        value.CopyFrom(inner)
    match value.WhichOneof("kind"):
        case "struct_value":
            for item in value.struct_value.fields.values():
                _remove_mark(item)
        case "list_value":
            for item in value.list_value.values:
                _remove_mark(item)


def _mark_as(checked: struct_pb2.Struct, given: struct_pb2.Struct) -> None:
    """Put marks on what was secret before the plugin, which takes none: a list counts as a whole."""
    for key, before in given.fields.items():
        if key not in checked.fields:
            continue
        after = checked.fields[key]
        plain = "struct_value" == before.WhichOneof("kind") == after.WhichOneof("kind") and not wire.signature(before)
        if plain:
            _mark_as(after.struct_value, before.struct_value)
        elif wire.mentions(before, wire.SECRET):
            wire.mark_secret(after)
