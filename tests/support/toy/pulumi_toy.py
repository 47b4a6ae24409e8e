# ruff: noqa: UP045, N805, A002 - as the SDKs of providers write it
"""A provider SDK in one file: a resource, a component that its provider builds, a function and a method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

import pulumi


@pulumi.output_type
class Inner(dict):
    """A nested output."""

    def __init__(__self__, *, address: str, size: int, note: Optional[str] = None) -> None:
        pulumi.set(__self__, "address", address)
        pulumi.set(__self__, "size", size)
        pulumi.set(__self__, "note", note)

    @property
    @pulumi.getter
    def address(self) -> str:
        return pulumi.get(self, "address")

    @property
    @pulumi.getter
    def size(self) -> int:
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def note(self) -> Optional[str]:
        return pulumi.get(self, "note")


@pulumi.output_type
class Answer(dict):
    """What the function and the method answer."""

    def __init__(__self__, text: str) -> None:
        pulumi.set(__self__, "text", text)

    @property
    @pulumi.getter
    def text(self) -> str:
        return pulumi.get(self, "text")


class Thing(pulumi.CustomResource):
    """`label`, `color`, `owner`, `data`, `inner` are inputs; `color` is always there afterwards; the rest is computed."""

    pulumi_type = "toy:index:Thing"

    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        label: Any = None,
        color: Any = None,
        owner: Any = None,
        data: Any = None,
        inner: Any = None,
        parts: Any = None,
    ) -> None:
        given = {"label": label, "color": color, "owner": owner, "data": data, "inner": inner, "parts": parts}
        computed = {"serialNumber": None, "password": None, "ready": None}
        super().__init__("toy:index:Thing", resource_name, {**given, **computed}, opts)

    @staticmethod
    def get(resource_name: str, id: Any, opts: Optional[pulumi.ResourceOptions] = None) -> Thing:
        return Thing(resource_name, opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id)))

    @property
    @pulumi.getter
    def label(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "label")

    @property
    @pulumi.getter
    def color(self) -> pulumi.Output[str]:
        return pulumi.get(self, "color")

    @property
    @pulumi.getter
    def owner(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "owner")

    @property
    @pulumi.getter
    def data(self) -> pulumi.Output[Optional[Any]]:
        return pulumi.get(self, "data")

    @property
    @pulumi.getter
    def inner(self) -> pulumi.Output[Optional[Inner]]:
        return pulumi.get(self, "inner")

    @property
    @pulumi.getter
    def parts(self) -> pulumi.Output[Optional[Sequence[Any]]]:
        return pulumi.get(self, "parts")

    @property
    @pulumi.getter(name="serialNumber")
    def serial_number(self) -> pulumi.Output[str]:
        return pulumi.get(self, "serialNumber")

    @property
    @pulumi.getter
    def password(self) -> pulumi.Output[str]:
        return pulumi.get(self, "password")

    @property
    @pulumi.getter
    def ready(self) -> pulumi.Output[bool]:
        return pulumi.get(self, "ready")

    def describe(self, word: Any) -> pulumi.Output[Answer]:
        """A method of the provider."""
        return pulumi.runtime.call("toy:index:Thing/describe", {"__self__": self, "word": word}, self, typ=Answer)


class Box(pulumi.ComponentResource):
    """A component that the provider builds: one Thing below it."""

    pulumi_type = "toy:index:Box"

    def __init__(self, resource_name: str, size: Any = None, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("toy:index:Box", resource_name, {"size": size, "address": None}, opts, True)

    @property
    @pulumi.getter
    def address(self) -> pulumi.Output[str]:
        return pulumi.get(self, "address")


class Provider(pulumi.ProviderResource):
    """An explicit provider."""

    def __init__(self, resource_name: str, opts: Optional[pulumi.ResourceOptions] = None, **settings: Any) -> None:
        super().__init__("toy", resource_name, dict(settings), opts)


def get_answer(text: str, opts: Optional[pulumi.InvokeOptions] = None) -> Answer:
    """A function of the provider, answered at once."""
    result: Any = pulumi.runtime.invoke("toy:index:getAnswer", {"text": text}, opts=opts, typ=Answer)
    return result.value


def get_answer_output(text: Any, opts: Any = None) -> pulumi.Output[Answer]:
    """The same as an output."""
    return pulumi.runtime.invoke_output("toy:index:getAnswer", {"text": text}, opts=opts, typ=Answer)
