"""Transforms: functions of the program that the engine calls back to change a registration or an invoke."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pulumi.runtime import _callbacks
from pulumi.runtime.proto import resource_pb2

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.message import Message

_Response = TypeVar("_Response", resource_pb2.TransformResponse, resource_pb2.TransformInvokeResponse)

_COPIED = (
    ("ignoreChanges", "ignore_changes"),
    ("replaceOnChanges", "replace_on_changes"),
    ("additionalSecretOutputs", "additional_secret_outputs"),
    ("aliases", "aliases"),
    ("version", "version"),
    ("pluginDownloadURL", "plugin_download_url"),
    ("provider", "provider"),
    ("deletedWith", "deleted_with"),
)


async def _call(token: str, request: Message, expected: type[_Response]) -> _Response:
    """Call back a registered function in this process: a blocking gRPC call from the loop would never return."""
    for servicer in _callbacks._CallbackServicer._servicers:
        callback = servicer._callbacks.get(token)
        if callback is not None:
            response = await callback(request.SerializeToString())
            if isinstance(response, expected):
                return response
    message = f"no callback is registered under {token}"
    raise LookupError(message)


async def apply_to_resource(request: resource_pb2.RegisterResourceRequest, tokens: Iterable[str]) -> None:
    """Change a registration in place as its transforms say, in the given order."""
    for token in tokens:
        response = await _call(
            token,
            resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=request.object,
                options=_options(request),
            ),
            resource_pb2.TransformResponse,
        )
        request.object.CopyFrom(response.properties)
        if response.HasField("options"):
            _set_options(request, response.options)


async def apply_to_invoke(request: resource_pb2.ResourceInvokeRequest, tokens: Iterable[str]) -> None:
    """Change an invoke in place as the stack's invoke transforms say."""
    for token in tokens:
        response = await _call(
            token,
            resource_pb2.TransformInvokeRequest(
                token=request.tok,
                args=request.args,
                options=resource_pb2.TransformInvokeOptions(
                    provider=request.provider, version=request.version, plugin_download_url=request.pluginDownloadURL
                ),
            ),
            resource_pb2.TransformInvokeResponse,
        )
        request.args.CopyFrom(response.args)
        if response.HasField("options"):
            request.provider = response.options.provider
            request.version = response.options.version or request.version


def _options(request: resource_pb2.RegisterResourceRequest) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies, providers=dict(request.providers), custom_timeouts=request.customTimeouts
    )
    if request.HasField("protect"):
        options.protect = request.protect
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.retainOnDelete:
        options.retain_on_delete = True
    for there, here in _COPIED:
        _copy(request, there, options, here)
    return options


def _set_options(request: resource_pb2.RegisterResourceRequest, options: resource_pb2.TransformResourceOptions) -> None:
    for there, here in _COPIED:
        _copy(options, here, request, there)
    if options.HasField("protect"):
        request.protect = options.protect
    else:
        request.ClearField("protect")
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace
    request.customTimeouts.CopyFrom(options.custom_timeouts)
    urns = {urn for dependency in request.propertyDependencies.values() for urn in dependency.urns}
    urns.update(options.depends_on)
    request.ClearField("dependencies")
    request.dependencies.extend(sorted(urns))


def _copy(source: Message, source_field: str, target: Message, target_field: str) -> None:
    value = getattr(source, source_field)
    if isinstance(value, str):
        setattr(target, target_field, value)
    else:
        target.ClearField(target_field)
        getattr(target, target_field).extend(value)
