"""The engine that a program meets: an object with the methods of the SDK's resource monitor.

It answers registrations, reads, invokes and calls, and tells the driver outside what a real engine tells a policy
pack, message for message. It runs on the program's event loop and never blocks, except while a pack is asked to
remediate.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import pulumi
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, callback_pb2, provider_pb2, resource_pb2

from . import functions, identifiers, naming, outputs, providers, shapes, transforms, urns, wire
from .channel import Channel, encode
from .texts import Subject

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Iterator

    from .job import Job
    from .providers import Package, Provider
    from .shapes import Shape
    from .sources import Source, Sources

_FEATURES: Final = (
    "SECRETS",
    "RESOURCE_REFERENCES",
    "ALIAS_SPECS",
    "REPLACEMENT_TRIGGER",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
)
_LEGACY_FEATURES: Final = frozenset(
    {"secrets", "resourceReferences", "aliasSpecs", "deletedWith", "transforms", "invokeTransforms"}
    | {"parameterization", "resourceHooks", "errorHooks", "replaceWith"}
)
_GET_RESOURCE: Final = "pulumi:pulumi:getResource"
_STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)")


@dataclass(slots=True)
class Registered:
    """One registered or read resource; `message` is what AnalyzeStack gets of it, None for a resource only read."""

    id: str
    outputs: struct_pb2.Struct
    protect: bool | None = None
    transforms: tuple[str, ...] = ()
    parent: str = ""
    message: analyzer_pb2.AnalyzerResource | None = None


@dataclass(slots=True)
class Known:
    """What the run has seen so far, in order."""

    resources: dict[str, Registered] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    packages: dict[str, Package] = field(default_factory=dict)
    stack_transforms: list[str] = field(default_factory=list)
    invoke_transforms: list[str] = field(default_factory=list)
    secret_texts: list[tuple[str, str, str]] = field(default_factory=list)
    notices: set[tuple[str, str]] = field(default_factory=set)


class Monitor:
    """See the module. Method names in CamelCase are the protocol's."""

    def __init__(self, job: Job, channel: Channel, sources: Sources) -> None:
        self._job = job
        self._channel = channel
        self._sources = sources
        self._known = Known()

    # What the driver is told at the end.

    def state(self) -> Iterator[analyzer_pb2.AnalyzerResource]:
        """All registered resources with their outputs, as AnalyzeStack gets them."""
        return (item.message for item in self._known.resources.values() if item.message is not None)

    def secret_texts(self) -> list[tuple[str, str, str]]:
        """URN, path and value of every known secret text in the inputs of a resource."""
        return self._known.secret_texts

    # Registrations.

    def RegisterResource(  # noqa: N802
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse | Coroutine[Any, Any, resource_pb2.RegisterResourceResponse]:
        """Register one resource; a coroutine where transforms of the program have to run first."""
        tokens = self._transforms(request)
        return self._transformed(request, tokens) if tokens else self._register(request)

    async def _transformed(
        self, request: resource_pb2.RegisterResourceRequest, tokens: list[str]
    ) -> resource_pb2.RegisterResourceResponse:
        await transforms.apply_to_resource(request, tokens)
        return self._register(request)

    def _transforms(self, request: resource_pb2.RegisterResourceRequest) -> list[str]:
        tokens = [callback.token for callback in request.transforms]
        parent = self._known.resources.get(request.parent)
        while parent is not None:
            tokens.extend(parent.transforms)
            parent = self._known.resources.get(parent.parent)
        tokens.extend(self._known.stack_transforms)
        return tokens

    def _register(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:
        job, known = self._job, self._known
        urn = urns.build(job.stack, job.project, request.parent, request.type, request.name)
        if urn in known.resources:
            message = f"Duplicate resource URN '{urn}'; try giving it a unique name"
            raise pulumi.RunError(message)
        self._inherit_protect(request)
        if request.type.startswith(urns.PROVIDER_PREFIX):
            return self._register_provider(request, urn)

        references = request.object if wire.mentions(request.object, wire.RESOURCE) else None
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.object)
        wire.replace_references(inputs)
        shape = self._shape(request)
        provider = self._provider(request) if request.custom or request.remote else None
        if shape is not None and request.custom:
            naming.fill(request.type, request.name, urn, shape, inputs)
        analysis = _analysis(request, urn)
        if provider is not None and request.custom:
            analysis.provider.CopyFrom(provider.message)
        inputs = self._announce(analysis, inputs, self._sources.of_request(request), remote=request.remote)

        if request.custom or request.remote:
            place = (provider or self._provider(request)).place
            built = outputs.build(
                Subject(urn, request.type, place), shape, inputs, list(request.additionalSecretOutputs)
            )
            self._record(request, analysis, built)
            program = _with_references(built.program, references, shape)
            id_ = built.id if request.custom else ""
            return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=program)
        # A component has no outputs until it registers them.
        self._record(request, analysis, outputs.Outputs("", struct_pb2.Struct(), struct_pb2.Struct()))
        return resource_pb2.RegisterResourceResponse(urn=urn)

    def _register_provider(
        self, request: resource_pb2.RegisterResourceRequest, urn: str
    ) -> resource_pb2.RegisterResourceResponse:
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.object)
        wire.replace_references(inputs)
        version = self._package(request).version
        if version:
            inputs.fields["version"].string_value = version.removeprefix("v")
        analysis = _analysis(request, urn)
        inputs = self._announce(analysis, inputs, self._sources.of_request(request))
        self._known.providers[urn] = providers.describe(request.type, urn, request.name, inputs)
        pack = wire.without_internal_keys(inputs)
        self._record(request, analysis, outputs.Outputs("", inputs, pack))
        # Without an id: at preview a provider resource has none yet.
        return resource_pb2.RegisterResourceResponse(urn=urn, object=pack)

    def _announce(
        self,
        analysis: analyzer_pb2.AnalyzeRequest,
        inputs: struct_pb2.Struct,
        source: Source | None,
        *,
        remote: bool = False,
    ) -> struct_pb2.Struct:
        """Offer the resource for remediation if the job says so, tell about it, and give the inputs that now count."""
        if self._job.remediate:
            analysis.properties.CopyFrom(inputs)
            self._channel.send("remediate", request=encode(analysis))
            changed = self._channel.receive().get("properties")
            if isinstance(changed, str):
                inputs = struct_pb2.Struct.FromString(base64.b64decode(changed))
        analysis.properties.CopyFrom(wire.without_internal_keys(inputs))
        self._known.secret_texts.extend((analysis.urn, path, text) for path, text in wire.secret_texts(inputs))
        self._channel.send("resource", request=encode(analysis), source=source, remote=remote)
        return inputs

    def _record(
        self,
        request: resource_pb2.RegisterResourceRequest,
        analysis: analyzer_pb2.AnalyzeRequest,
        built: outputs.Outputs,
    ) -> None:
        message = analyzer_pb2.AnalyzerResource(
            type=request.type,
            urn=analysis.urn,
            name=request.name,
            properties=wire.without_internal_keys(built.pack),
            options=analysis.options,
            parent=request.parent,
            dependencies=sorted(request.dependencies),
        )
        if analysis.HasField("provider"):
            message.provider.CopyFrom(analysis.provider)
        for key, dependency in request.propertyDependencies.items():
            if dependency.urns:
                message.propertyDependencies[key].urns.extend(sorted(dependency.urns))
        self._known.resources[analysis.urn] = Registered(
            id=built.id,
            outputs=built.program,
            protect=request.protect if request.HasField("protect") else None,
            transforms=tuple(callback.token for callback in request.transforms),
            parent=request.parent,
            message=message,
        )

    def _inherit_protect(self, request: resource_pb2.RegisterResourceRequest) -> None:
        parent = self._known.resources.get(request.parent)
        if not request.HasField("protect") and parent is not None and parent.protect is not None:
            request.protect = parent.protect

    def _shape(self, request: resource_pb2.RegisterResourceRequest) -> Shape | None:
        if not request.custom and not request.remote:
            return None
        cls = shapes.resource_class(request.type, request.version)
        if request.remote:
            self._notice_once(
                "unchecked-type",
                request.type,
                f"{request.type} is a component that its provider builds: its resources were not looked at",
                type=request.type,
            )
        return shapes.of_resource(cls) if cls is not None else None

    # Providers.

    def _package(
        self,
        request: resource_pb2.RegisterResourceRequest
        | resource_pb2.ReadResourceRequest
        | resource_pb2.ResourceInvokeRequest
        | resource_pb2.ResourceCallRequest,
    ) -> Package:
        registered = self._known.packages.get(getattr(request, "packageRef", ""))
        if registered is not None:
            return registered
        token = getattr(request, "type", "") or getattr(request, "tok", "")
        return providers.Package(urns.package(token), request.version, request.pluginDownloadURL)

    def _provider(
        self,
        request: resource_pb2.RegisterResourceRequest
        | resource_pb2.ReadResourceRequest
        | resource_pb2.ResourceInvokeRequest
        | resource_pb2.ResourceCallRequest,
    ) -> Provider:
        """The provider that serves a request; a default one is told about before its first use."""
        if request.provider:
            explicit = self._known.providers.get(request.provider.rpartition("::")[0])
            if explicit is not None:
                return explicit
        package = self._package(request)
        urn = providers.default_urn(package, self._job)
        if urn not in self._known.providers:
            as_registered = resource_pb2.RegisterResourceRequest(
                type=urns.PROVIDER_PREFIX + package.name,
                name=providers.default_name(package),
                custom=True,
                object=providers.default_inputs(package, self._job),
            )
            self._register_provider(as_registered, urn)
        return self._known.providers[urn]

    def RegisterPackage(  # noqa: N802
        self, request: resource_pb2.RegisterPackageRequest
    ) -> resource_pb2.RegisterPackageResponse:
        """Register a parameterised package."""
        name, version = request.name, request.version
        if request.HasField("parameterization"):
            name, version = request.parameterization.name, request.parameterization.version
        reference = f"{name}@{version}"
        self._known.packages[reference] = providers.Package(name, version, request.download_url)
        return resource_pb2.RegisterPackageResponse(ref=reference)

    # Outputs, reads, functions.

    def RegisterResourceOutputs(  # noqa: N802
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Take the outputs of a component, or the stack's exports."""
        registered = self._known.resources.get(request.urn)
        if registered is not None and registered.message is not None:
            given = struct_pb2.Struct()
            given.CopyFrom(request.outputs)
            wire.replace_references(given)
            registered.outputs.CopyFrom(request.outputs)
            registered.message.properties.CopyFrom(given)
        return empty_pb2.Empty()

    def ReadResource(  # noqa: N802
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Answer for a resource that exists already: what its id makes certain, stand-ins for the rest."""
        urn = urns.build(self._job.stack, self._job.project, request.parent, request.type, request.name)
        provider = self._provider(request)
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.properties)
        wire.replace_references(inputs)
        identifying = identifiers.identifying_property(request.type)
        if identifying is not None:
            inputs.fields[identifying].string_value = request.id
        cls = shapes.resource_class(request.type, request.version)
        shape = shapes.of_resource(cls) if cls is not None and request.type != _STACK_REFERENCE else None
        secret = list(request.additionalSecretOutputs)
        built = outputs.build(Subject(urn, request.type, provider.place), shape, inputs, secret)
        self._known.resources[urn] = Registered(request.id, built.program, parent=request.parent)
        response = resource_pb2.ReadResourceResponse(urn=urn, properties=built.program)
        if "id" in response.DESCRIPTOR.fields_by_name:
            response.id = request.id
        return response

    def ExistsResource(self, request: object) -> resource_pb2.ExistsResourceResponse:  # noqa: N802
        """Whether a resource exists cannot be known here."""
        del request
        return resource_pb2.ExistsResourceResponse(exists=False, unknown=True)

    def Invoke(  # noqa: N802
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse | Coroutine[Any, Any, resource_pb2.ResourceInvokeResponse]:
        """Answer a provider function."""
        tokens = self._known.invoke_transforms
        if tokens and request.tok != _GET_RESOURCE:
            return self._transformed_invoke(request, tokens)
        return self._invoke(request)

    async def _transformed_invoke(
        self, request: resource_pb2.ResourceInvokeRequest, tokens: list[str]
    ) -> resource_pb2.ResourceInvokeResponse:
        await transforms.apply_to_invoke(request, tokens)
        return self._invoke(request)

    def _invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:
        result = struct_pb2.Struct()
        if request.tok == _GET_RESOURCE:
            urn = request.args.fields["urn"].string_value
            found = self._known.resources.get(urn)
            if found is None:
                message = f"unknown resource {urn}"
                raise pulumi.RunError(message)
            result.fields["urn"].string_value = urn
            result.fields["id"].string_value = found.id
            result.fields["state"].struct_value.CopyFrom(found.outputs)
            return _invoke_response(result)
        provider = self._provider(request)
        args = struct_pb2.Struct()
        args.CopyFrom(request.args)
        wire.replace_references(args)
        plain = wire.struct_to_plain(args)
        call = functions.current()
        if request.tok == functions.POLICY_DOCUMENT:
            return self._policy_document(plain, call)
        if call.result is None:
            self._notice_once(
                "unknown-function",
                request.tok,
                f"{request.tok} declares no result: it was answered with its own arguments",
                token=request.tok,
                source=call.source,
            )
        for key, value in functions.answer(request.tok, plain, provider.place, call.result).items():
            wire.assign(result.fields[key], value)
        return _invoke_response(result)

    def _policy_document(
        self, args: dict[str, wire.Plain], call: functions.Call
    ) -> resource_pb2.ResourceInvokeResponse:
        # Imported on first use: most programs that start here are small, and this module is not.
        from .policy_document import PolicyDocumentError, render

        result = struct_pb2.Struct()
        failures: list[provider_pb2.CheckFailure] = []
        try:
            rendered, problems = render(functions.camel_cased(args))
            result.update(cast("Any", rendered))
        except PolicyDocumentError as error:
            problems = error.problems
            failures.append(provider_pb2.CheckFailure(reason=str(error)))
        for problem in sorted(problems, key=lambda problem: problem.path):
            self._channel.send(
                "invoke-problem",
                token=functions.POLICY_DOCUMENT,
                path=problem.path,
                argument=problem.argument,
                known=problem.suggestion,
                source=call.source,
            )
        return _invoke_response(result, failures)

    def Call(self, request: resource_pb2.ResourceCallRequest) -> provider_pb2.CallResponse:  # noqa: N802
        """Answer a method of a provider or remote component by its declared result, without one as unknown."""
        call = functions.current()
        result = struct_pb2.Struct()
        args = {key: value for key, value in wire.struct_to_plain(request.args).items() if key != "__self__"}
        if call.result is None:
            result.fields["result"].string_value = wire.UNKNOWN
            self._notice_once(
                "unknown-function",
                request.tok,
                f"{request.tok} declares no result: it was answered as unknown",
                token=request.tok,
                source=call.source,
            )
        else:
            answered = functions.answer(request.tok, args, self._provider(request).place, call.result)
            for key, value in answered.items():
                wire.assign(result.fields[key], value)
        response = provider_pb2.CallResponse()
        getattr(response, "return").CopyFrom(result)
        return response

    # Registrations of functions of the program.

    def RegisterStackTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        """Take a transform for all further resources."""
        self._known.stack_transforms.append(request.token)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        """Take a transform for all further invokes."""
        self._known.invoke_transforms.append(request.token)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: object) -> empty_pb2.Empty:  # noqa: N802
        """Accept a hook; hooks run around real operations, of which there are none."""
        del request
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: object) -> empty_pb2.Empty:  # noqa: N802
        """Accept an error hook; see `RegisterResourceHook`."""
        del request
        return empty_pb2.Empty()

    # The protocol's small talk.

    def GetDeploymentInfo(self, request: object) -> resource_pb2.DeploymentInfo:  # noqa: N802
        """What this engine supports."""
        del request
        declared = dict(resource_pb2.ResourceMonitorFeature.items())
        names = (f"RESOURCE_MONITOR_FEATURE_{name}" for name in _FEATURES)
        return resource_pb2.DeploymentInfo(supportedFeatures=[declared[name] for name in names if name in declared])

    def SupportsFeature(  # noqa: N802
        self, request: resource_pb2.SupportsFeatureRequest
    ) -> resource_pb2.SupportsFeatureResponse:
        """The same question as older SDKs ask it."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _LEGACY_FEATURES)

    def SignalAndWaitForShutdown(self, request: object) -> empty_pb2.Empty:  # noqa: N802
        """There is nothing to wait for."""
        del request
        return empty_pb2.Empty()

    def _notice_once(self, kind: str, subject: str, message: str, **fields: object) -> None:
        if (kind, subject) not in self._known.notices:
            self._known.notices.add((kind, subject))
            self._channel.notice(kind, message, **fields)


def _analysis(request: resource_pb2.RegisterResourceRequest, urn: str) -> analyzer_pb2.AnalyzeRequest:
    timeouts = request.customTimeouts
    return analyzer_pb2.AnalyzeRequest(
        type=request.type,
        urn=urn,
        name=request.name,
        options=analyzer_pb2.AnalyzerResourceOptions(
            protect=request.protect,
            ignoreChanges=request.ignoreChanges,
            deleteBeforeReplace=request.deleteBeforeReplace,
            deleteBeforeReplaceDefined=request.deleteBeforeReplaceDefined,
            additionalSecretOutputs=request.additionalSecretOutputs,
            customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(
                create=_seconds(timeouts.create),
                update=_seconds(timeouts.update),
                delete=_seconds(timeouts.delete),
            ),
            parent=request.parent,
        ),
    )


def _with_references(
    program: struct_pb2.Struct, references: struct_pb2.Struct | None, shape: Shape | None
) -> struct_pb2.Struct:
    """Give back as a reference what the program passed as one, where the declared output is a resource."""
    if references is None or shape is None:
        return program
    for key, value in references.fields.items():
        declared = shape.output(key)
        if declared is not None and wire.signature(value) == wire.RESOURCE and declared.type is not str:
            program.fields[key].CopyFrom(value)
    return program


def _invoke_response(
    result: struct_pb2.Struct, failures: Iterable[provider_pb2.CheckFailure] = ()
) -> resource_pb2.ResourceInvokeResponse:
    response = resource_pb2.ResourceInvokeResponse(failures=failures)
    # The field's name is a keyword of the language.
    getattr(response, "return").CopyFrom(result)
    return response


def _seconds(duration: str) -> float:
    """A Go duration (`1h5m`) in seconds; 0 for none."""
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration))
