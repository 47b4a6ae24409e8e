"""A package that is a parameter of another."""

import base64

import pulumi
import pulumi_toy as toy
from pulumi.runtime.proto import resource_pb2

package = pulumi.runtime.settings.get_monitor().RegisterPackage(
    resource_pb2.RegisterPackageRequest(
        name="toy",
        version="1.0.0",
        parameterization=resource_pb2.Parameterization(name="gadgets", version="2.0.0", value=base64.b64encode(b"x")),
    )
).ref


async def reference():
    return package


class Gadget(pulumi.CustomResource):
    def __init__(self, name, opts=None):
        super().__init__("gadgets:index:Gadget", name, {"size": 1}, opts, False, reference())


class Provider(pulumi.ProviderResource):
    def __init__(self, name):
        super().__init__("gadgets", name, {"zone": "a"}, None, False, reference())


Gadget("one")
Gadget("two", pulumi.ResourceOptions(provider=Provider("own")))
toy.Thing("three")
