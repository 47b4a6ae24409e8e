"""The provider resources of a run: explicit ones as the program registers them, default ones before first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from . import outputs, providers, urns, wire
from .journal import Journal, analysis_of
from .providers import Package, Provider

if TYPE_CHECKING:
    from .job import Job
    from .sources import Sources


class ProviderTable:
    """Registers providers and parameterised packages, and finds the provider that serves a request."""

    def __init__(self, job: Job, journal: Journal, sources: Sources) -> None:
        self._job = job
        self._journal = journal
        self._sources = sources
        self._providers: dict[str, Provider] = {}
        self._packages: dict[str, Package] = {}

    def register(
        self, request: resource_pb2.RegisterResourceRequest, urn: str
    ) -> resource_pb2.RegisterResourceResponse:
        """Register a provider resource under its URN."""
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.object)
        wire.replace_references(inputs)
        version = self._package(request).version
        if version:
            inputs.fields["version"].string_value = version.removeprefix("v")
        analysis = analysis_of(request, urn)
        inputs = self._journal.announce(analysis, inputs, self._sources.of_request(request))
        self._providers[urn] = providers.describe(request.type, urn, request.name, inputs)
        pack = wire.without_internal_keys(inputs)
        self._journal.record(request, analysis, outputs.Outputs("", inputs, pack))
        # Without an id: at preview a provider resource has none yet.
        return resource_pb2.RegisterResourceResponse(urn=urn, object=pack)

    def _package(
        self,
        request: resource_pb2.RegisterResourceRequest
        | resource_pb2.ReadResourceRequest
        | resource_pb2.ResourceInvokeRequest
        | resource_pb2.ResourceCallRequest,
    ) -> Package:
        registered = self._packages.get(getattr(request, "packageRef", ""))
        if registered is not None:
            return registered
        token = getattr(request, "type", "") or getattr(request, "tok", "")
        return providers.Package(urns.package(token), request.version, request.pluginDownloadURL)

    def of(
        self,
        request: resource_pb2.RegisterResourceRequest
        | resource_pb2.ReadResourceRequest
        | resource_pb2.ResourceInvokeRequest
        | resource_pb2.ResourceCallRequest,
    ) -> Provider:
        """The provider that serves a request; a default one is told about before its first use."""
        if request.provider:
            explicit = self._providers.get(request.provider.rpartition("::")[0])
            if explicit is not None:
                return explicit
        package = self._package(request)
        urn = providers.default_urn(package, self._job)
        if urn not in self._providers:
            as_registered = resource_pb2.RegisterResourceRequest(
                type=urns.PROVIDER_PREFIX + package.name,
                name=providers.default_name(package),
                custom=True,
                object=providers.default_inputs(package, self._job),
            )
            self.register(as_registered, urn)
        return self._providers[urn]

    def register_package(self, request: resource_pb2.RegisterPackageRequest) -> resource_pb2.RegisterPackageResponse:
        """Register a parameterised package."""
        name, version = request.name, request.version
        if request.HasField("parameterization"):
            name, version = request.parameterization.name, request.parameterization.version
        reference = f"{name}@{version}"
        self._packages[reference] = providers.Package(name, version, request.download_url)
        return resource_pb2.RegisterPackageResponse(ref=reference)
