"""Resource hooks: functions of the program that the engine calls around the operations on a resource.

A preview calls those that ask for it (`on_dry_run`), before and after each creation that it plans. Hooks of updates
and deletions have nothing to run around, and error hooks no failure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime.proto import resource_pb2

from . import sdk, transforms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf import struct_pb2

    from .journal import Registered


class Hooks:
    """The hooks that a program has registered, by name."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._hooks: dict[str, resource_pb2.RegisterResourceHookRequest] = {}
        self._planned: dict[str, tuple[tuple[str, ...], resource_pb2.ResourceHookRequest]] = {}

    def register(self, request: resource_pb2.RegisterResourceHookRequest) -> None:
        """Take a hook. Raises RunError where one of that name is there already."""
        self.register_name(request.name)
        if request.on_dry_run:
            self._hooks[request.name] = request

    def register_name(self, name: str) -> None:
        """Take the name of a hook that no preview runs. Raises RunError as `register` does."""
        if name in self._names:
            message = f'resource hook already registered for name "{name}"'
            raise pulumi.RunError(message)
        self._names.add(name)

    def wanted(self, request: resource_pb2.RegisterResourceRequest) -> bool:
        """Whether `run` has anything to do for this registration."""
        return bool(self._hooks) and sdk.has_field(request, "hooks") and request.HasField("hooks")

    async def run(
        self, request: resource_pb2.RegisterResourceRequest, urn: str, registered: Registered, inputs: struct_pb2.Struct
    ) -> None:
        """Run the hooks before and after the creation of a resource. Raises RunError where one of them fails.

        A component is created when it registers its outputs: `finish` runs its later hooks.
        """
        told = resource_pb2.ResourceHookRequest(urn=urn, name=request.name, type=request.type, new_inputs=inputs)
        await self._run_each("before", request.hooks.before_create, told)
        self._planned[urn] = (tuple(request.hooks.after_create), told)
        if request.custom:
            await self.finish(urn, registered.outputs)

    def planned(self, urn: str) -> bool:
        """Whether `finish` has anything to do for this resource."""
        return urn in self._planned

    async def finish(self, urn: str, outputs: struct_pb2.Struct) -> empty_pb2.Empty:
        """Run the hooks after the creation of a resource. Raises RunError where one of them fails."""
        names, told = self._planned.pop(urn)
        # No id: there is none yet at a preview.
        told.new_outputs.CopyFrom(outputs)
        await self._run_each("after", names, told)
        return empty_pb2.Empty()

    async def _run_each(self, kind: str, names: Iterable[str], told: resource_pb2.ResourceHookRequest) -> None:
        for hook in (self._hooks[name] for name in names if name in self._hooks):
            response = await transforms.call_back(hook.callback.token, told, resource_pb2.ResourceHookResponse)
            if not response.error:
                continue
            if not hook.ignore_errors:
                message = f'{kind} hook "{hook.name}" failed: {response.error}'
                raise pulumi.RunError(message)
            pulumi.log.warn(f'{kind}_create hook "{hook.name}" failed: {response.error}')
