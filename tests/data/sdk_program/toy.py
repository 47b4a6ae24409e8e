"""A provider's SDK in small, written as the generated ones are, in forms that every supported version has."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import pulumi


@pulumi.output_type
class Endpoint(dict):
    def __init__(self, *, host: str, port: Optional[int] = None) -> None:
        pulumi.set(self, "host", host)
        if port is not None:
            pulumi.set(self, "port", port)

    @property
    @pulumi.getter
    def host(self) -> str:
        return pulumi.get(self, "host")

    @property
    @pulumi.getter
    def port(self) -> Optional[int]:
        return pulumi.get(self, "port")


class Thing(pulumi.CustomResource):
    pulumi_type = "toy:index:Thing"

    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        size: Optional[pulumi.Input[int]] = None,
        token: Optional[pulumi.Input[str]] = None,
        tags: Optional[pulumi.Input[Mapping[str, pulumi.Input[str]]]] = None,
    ) -> None:
        props: dict[str, Any] = {"size": size, "token": token, "tags": tags, "arn": None, "endpoints": None}
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(additional_secret_outputs=["token"]), opts)
        super().__init__(self.pulumi_type, resource_name, props, opts)

    @property
    @pulumi.getter
    def size(self) -> pulumi.Output[Optional[int]]:
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def token(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "token")

    @property
    @pulumi.getter
    def arn(self) -> pulumi.Output[str]:
        return pulumi.get(self, "arn")

    @property
    @pulumi.getter
    def endpoints(self) -> pulumi.Output[Sequence[Endpoint]]:
        return pulumi.get(self, "endpoints")


class Bucket(pulumi.CustomResource):
    """Has a type that the rules know."""

    pulumi_type = "aws:s3/bucket:Bucket"

    def __init__(
        self,
        resource_name: str,
        opts: Optional[pulumi.ResourceOptions] = None,
        acl: Optional[pulumi.Input[str]] = None,
    ) -> None:
        super().__init__(self.pulumi_type, resource_name, {"acl": acl, "arn": None}, opts)

    @property
    @pulumi.getter
    def acl(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "acl")

    @property
    @pulumi.getter
    def arn(self) -> pulumi.Output[str]:
        return pulumi.get(self, "arn")


@pulumi.output_type
class Looked(dict):
    def __init__(self, *, name: str, zones: Sequence[str]) -> None:
        pulumi.set(self, "name", name)
        pulumi.set(self, "zones", zones)

    @property
    @pulumi.getter
    def name(self) -> str:
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def zones(self) -> Sequence[str]:
        return pulumi.get(self, "zones")


def look(name: str, opts: Optional[pulumi.InvokeOptions] = None) -> Looked:
    return pulumi.runtime.invoke("toy:index:look", {"name": name}, opts=opts or pulumi.InvokeOptions(), typ=Looked).value
