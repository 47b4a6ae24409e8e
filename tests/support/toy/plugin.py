"""The plugin of the package `toy`: what `standin_provider` does, and a component and a method besides."""

from __future__ import annotations

import sys
from typing import Any, Final

import grpc
import standin_provider
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, resource_pb2, resource_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb

_COMPUTED: Final = ("serialNumber", "password", "ready", "color")


class Toy(standin_provider.Provider):
    """Inputs come back as outputs, and what the provider computes as unknown."""

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def Parameterize(self, request: Any, context: Any) -> pb.ParameterizeResponse:
        return pb.ParameterizeResponse(name=request.value.name, version=request.value.version)

    def Check(self, request: Any, context: Any) -> pb.CheckResponse:
        return pb.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> pb.DiffResponse:
        return pb.DiffResponse(changes=pb.DiffResponse.DIFF_NONE)

    def Create(self, request: Any, context: Any) -> pb.CreateResponse:
        outputs = struct_pb2.Struct()
        outputs.update(dict.fromkeys(_COMPUTED, rpc.UNKNOWN))
        outputs.MergeFrom(request.properties)
        return pb.CreateResponse(properties=outputs)

    def Call(self, request: Any, context: Any) -> pb.CallResponse:
        response = pb.CallResponse()
        getattr(response, "return").update({"text": rpc.UNKNOWN})
        return response

    def Construct(self, request: Any, context: Any) -> pb.ConstructResponse:
        with grpc.insecure_channel(request.monitorEndpoint) as channel:
            monitor = resource_pb2_grpc.ResourceMonitorStub(channel)
            box = monitor.RegisterResource(
                resource_pb2.RegisterResourceRequest(
                    type=request.type,
                    name=request.name,
                    parent=request.parent,
                    acceptSecrets=True,
                    object=request.inputs,
                )
            )
            inside = json_format.ParseDict({"label": "inside"}, struct_pb2.Struct())
            monitor.RegisterResource(
                resource_pb2.RegisterResourceRequest(
                    type="toy:index:Thing",
                    name=f"{request.name}-inside",
                    custom=True,
                    parent=box.urn,
                    object=inside,
                    providers=request.providers,
                )
            )
            outputs = json_format.ParseDict({"address": rpc.UNKNOWN}, struct_pb2.Struct())
            monitor.RegisterResourceOutputs(resource_pb2.RegisterResourceOutputsRequest(urn=box.urn, outputs=outputs))
        return pb.ConstructResponse(urn=box.urn, state=outputs)


if __name__ == "__main__":
    standin_provider.serve(Toy(sys.argv[1]))
