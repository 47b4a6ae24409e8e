"""The provider resources of a run: explicit ones as the program registers them, default ones before first use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from . import invented, outputs, providers, urns, wire
from .journal import Journal, analysis_of
from .providers import Package, Provider

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .invented import Hanging
    from .job import Job
    from .places import Place
    from .sources import Sources

    Request = (
        resource_pb2.RegisterResourceRequest
        | resource_pb2.ReadResourceRequest
        | resource_pb2.ResourceInvokeRequest
        | resource_pb2.ResourceCallRequest
    )
    """Any request that a provider serves."""

_DISABLED: Final = "pulumi:disable-default-providers"


class ProviderTable:
    """Registers providers and parameterised packages, and finds the provider that serves a request."""

    def __init__(self, job: Job, journal: Journal, sources: Sources) -> None:
        self._job = job
        self._journal = journal
        self._sources = sources
        self._providers: dict[str, Provider] = {}
        self._packages: dict[str, Package] = {}

    def register(
        self, request: resource_pb2.RegisterResourceRequest, urn: str, hanging: Sequence[Hanging] = ()
    ) -> resource_pb2.RegisterResourceResponse:
        """Register a provider resource under its URN; `hanging` as in `Journal.announce`."""
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.object)
        wire.replace_references(inputs)
        version = self._package(request).version
        if version:
            inputs.fields["version"].string_value = version.removeprefix("v")
        analysis = analysis_of(request, urn)
        inputs, shown = self._journal.announce(analysis, inputs, self._sources.of_request(request), hanging=hanging)
        self._providers[urn] = providers.describe(request.type, urn, request.name, shown)
        pack = wire.without_internal_keys(shown)
        self._journal.record(request, analysis, outputs.Outputs("", inputs, pack))
        # Without an id: at preview a provider resource has none yet.
        visible = wire.without_internal_keys(inputs)
        program = invented.marked(visible, {}, hanging)
        return resource_pb2.RegisterResourceResponse(urn=urn, object=program)

    def _package(self, request: Request) -> Package:
        registered = self._packages.get(getattr(request, "packageRef", ""))
        if registered is not None:
            return registered
        token = getattr(request, "type", "") or getattr(request, "tok", "")
        return providers.Package(urns.package(token), request.version, request.pluginDownloadURL)

    def of(self, request: Request) -> Provider:
        """The provider that serves a request; a default one is told about before its first use."""
        if request.provider:
            explicit = self._providers.get(request.provider.rpartition("::")[0])
            if explicit is not None:
                return explicit
        package = self._package(request)
        self._refuse_disabled(request, package.name)
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

    def _refuse_disabled(self, request: Request, package: str) -> None:
        """Raises RunError where the configuration disables the package's default provider, or is no list of names."""
        text = self._job.config.get(_DISABLED, "")
        if not text or package == "pulumi":
            return
        disabled = _disabled(text)
        if "*" not in disabled and package not in disabled:
            return
        job = self._job
        if isinstance(request, (resource_pb2.ResourceInvokeRequest, resource_pb2.ResourceCallRequest)):
            user = request.tok
        else:
            user = urns.build(job.stack, job.project, request.parent, request.type, request.name)
        message = f"Default provider for '{package}' disabled. '{user}' must use an explicit provider."
        raise pulumi.RunError(message)

    def place_of(self, type_: str) -> Place:
        """Where the default provider of a type's package works, without a need for that provider."""
        package = providers.Package(urns.package(type_), "", "")
        return providers.describe("", "", "", providers.default_inputs(package, self._job)).place

    def register_package(self, request: resource_pb2.RegisterPackageRequest) -> resource_pb2.RegisterPackageResponse:
        """Register a parameterised package."""
        name, version = request.name, request.version
        if request.HasField("parameterization"):
            name, version = request.parameterization.name, request.parameterization.version
        reference = f"{name}@{version}"
        self._packages[reference] = providers.Package(name, version, request.download_url)
        return resource_pb2.RegisterPackageResponse(ref=reference)


def _disabled(text: str) -> set[str]:
    """The packages of a JSON list. Says what is wrong with it as the engine does."""
    try:
        names = json.loads(text)
        if not (names is None or isinstance(names, list)):
            message = "it is no list"
            raise TypeError(message)
    except (ValueError, TypeError) as error:
        message = f"Failed to parse {text}: {error}"
        raise pulumi.RunError(message) from None
    for index, name in enumerate(names or ()):
        if not isinstance(name, str):
            message = f"{_DISABLED}[{index}] must be a string"
            raise pulumi.RunError(message)
    return {name.strip() for name in names or ()}
