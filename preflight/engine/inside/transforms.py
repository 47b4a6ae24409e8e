"""Transforms: functions of the program that the engine calls back to change a registration or an invoke."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pulumi.runtime import _callbacks
from pulumi.runtime.proto import resource_pb2

from . import sdk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.message import Message

_Response = TypeVar("_Response")

_COPIED = (
    ("ignoreChanges", "ignore_changes"),
    ("replaceOnChanges", "replace_on_changes"),
    ("additionalSecretOutputs", "additional_secret_outputs"),
    ("aliases", "aliases"),
    ("version", "version"),
    ("pluginDownloadURL", "plugin_download_url"),
    ("provider", "provider"),
    ("deletedWith", "deleted_with"),
    ("importId", "import"),
    ("hideDiffs", "hide_diff"),
    ("replace_with", "replace_with"),
)
_MESSAGES = ("hooks", "replacement_trigger")
"""What older SDKs lack of this and of `_COPIED` is left out."""


async def call_back(token: str, request: Message, expected: type[_Response]) -> _Response:
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
        response = await call_back(
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
        response = await call_back(
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
    if sdk.is_given(request, "protect"):
        options.protect = request.protect
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    if sdk.is_given(request, "retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    for there, here in _COPIED:
        _copy(request, there, options, here)
    for name in _MESSAGES:
        _copy_message(request, options, name)
    return options


def _set_options(request: resource_pb2.RegisterResourceRequest, options: resource_pb2.TransformResourceOptions) -> None:
    for there, here in _COPIED:
        _copy(options, here, request, there)
    if sdk.is_given(options, "protect"):
        request.protect = options.protect
    else:
        request.ClearField("protect")
    if sdk.is_given(options, "retain_on_delete"):
        request.retainOnDelete = options.retain_on_delete
    else:
        request.ClearField("retainOnDelete")
    for name in _MESSAGES:
        _copy_message(options, request, name)
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace
    request.customTimeouts.CopyFrom(options.custom_timeouts)
    urns = {urn for dependency in request.propertyDependencies.values() for urn in dependency.urns}
    urns.update(options.depends_on)
    request.ClearField("dependencies")
    request.dependencies.extend(sorted(urns))


def _copy_message(source: Message, target: Message, name: str) -> None:
    if sdk.has_field(source, name) and sdk.has_field(target, name):
        target.ClearField(name)
        if source.HasField(name):
            getattr(target, name).CopyFrom(getattr(source, name))


def _copy(source: Message, source_field: str, target: Message, target_field: str) -> None:
    if not sdk.has_field(source, source_field) or not sdk.has_field(target, target_field):
        return
    value = getattr(source, source_field)
    if isinstance(value, str):
        setattr(target, target_field, value)
    else:
        target.ClearField(target_field)
        getattr(target, target_field).extend(value)
