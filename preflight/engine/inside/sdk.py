"""What differs between the versions of the SDK that a program may bring, and how each answers the same question."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import typing
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    import pulumi
    from google.protobuf.message import Message

_Class = TypeVar("_Class")

OLDEST: Final = (3, 158)
"""The first version whose programs run here: before, the messages to packs lack a resource's parent."""


def unfit() -> str:
    """Why programs cannot run on this environment's `pulumi`, and what to do; empty where they can."""
    python = sys.executable
    pip = f"`{python} -m pip install"
    elsewhere = "or choose another Python with --python"
    try:
        import pulumi  # noqa: F401 - the environment may lack it
    except Exception as error:  # noqa: BLE001 - what does not fit together fails in many ways
        if isinstance(error, ModuleNotFoundError) and error.name == "pulumi":
            install = f"install the program's packages with `pulumi install` or {pip} -r requirements.txt`"
            return f"{python} has no pulumi; {install}, {elsewhere}"
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return f"the pulumi of {python} cannot be imported ({said}); mend it with {pip} -U pulumi`, {elsewhere}"
    text = _version()
    if text and tuple(int(part) for part in re.findall(r"\d+", text)[:2]) < OLDEST:
        needed = ".".join(map(str, OLDEST))
        return (
            f"{python} has pulumi {text}, and its programs run here from {needed} on; "
            f"renew it with {pip} 'pulumi>={needed},<4'`, {elsewhere}"
        )
    return ""


def _version() -> str:
    try:
        return importlib.metadata.version("pulumi")
    except importlib.metadata.PackageNotFoundError:
        return ""


def has_field(message: Message, name: str) -> bool:
    """Whether this version of the protocol has a field of that name in such a message."""
    return name in message.DESCRIPTOR.fields_by_name


def is_given(message: Message, name: str) -> bool:
    """Whether a scalar field was set; where the protocol cannot tell false from unset, whether it is true."""
    field = message.DESCRIPTOR.fields_by_name[name]
    return message.HasField(name) if field.has_presence else bool(getattr(message, name))


def invoke_response() -> Any:  # noqa: ANN401 - one of two message classes
    """The message that answers an invoke: it has moved from one file of the protocol to another."""
    from pulumi.runtime.proto import provider_pb2, resource_pb2

    return getattr(resource_pb2, "ResourceInvokeResponse", None) or getattr(provider_pb2, "InvokeResponse", None)


def as_stub(cls: type[_Class]) -> type[_Class]:
    """`cls` as a subclass of the SDK's own monitor, which older versions insist on before they take transforms."""
    from pulumi.runtime.proto import resource_pb2_grpc

    return type(cls.__name__, (cls, resource_pb2_grpc.ResourceMonitorStub), {})


def raw_hints(cls: type) -> dict[str, Any]:
    """The type hint of every property of a class by wire name, `Output` and `Optional` still around it."""
    import pulumi
    from pulumi import _types

    # Cached there, and asked for by the SDK anyway.
    newer = getattr(_types, "_raw_return_hints", None)
    if newer is not None:
        found: dict[str, Any] = newer(cls)
        return found
    names = {"Output": pulumi.Output, "T": type(None)}
    hints = {}
    for _, name, item in _types._py_properties(cls):
        if item.fget is not None:
            hint = typing.get_type_hints(item.fget, _types._globals_for_cls(cls), names).get("return")
            if hint is not None:
                hints[name] = hint
    return hints


def resources_of(output: pulumi.Output[Any]) -> set[pulumi.Resource]:
    """The resources that an output depends on, once its value is there; empty before that."""
    # Not with getattr: an output answers every name with another output.
    fields = output.__dict__
    data = fields.get("_data")
    future = fields.get("_resources") if data is None else data
    if future is None or not future.done():
        return set()
    found: set[pulumi.Resource] = future.result() if data is None else future.result().resources
    return found
