"""The engine that a program meets: an object with the methods of the SDK's resource monitor.

It answers registrations, reads, invokes and calls, and tells the driver outside what a real engine tells a policy
pack, message for message. It runs on the program's event loop and never blocks, except while a pack is asked to
remediate.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

import pulumi
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, callback_pb2, provider_pb2, resource_pb2

from . import dynamic, identifiers, invented, naming, outputs, sdk, shapes, traces, transforms, urns, wire
from .answers import Answers
from .channel import Channel
from .hooks import Hooks
from .invented import Hanging, Hangs
from .journal import Journal, Registered, analysis_of
from .provider_table import ProviderTable
from .texts import Subject

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from .hiding import Hiding
    from .job import Job
    from .journal import SecretText
    from .shapes import Shape
    from .sources import Sources
    from .traces import Traces

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
_STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"


class Monitor:
    """See the module. Method names in CamelCase are the protocol's."""

    def __init__(self, job: Job, channel: Channel, sources: Sources, traced: Traces, hiding: Hiding) -> None:
        self._job = job
        self._hiding = hiding
        self._sources = sources
        self._stack_transforms: list[str] = []
        self._journal = Journal(channel, hiding, remediate=job.remediate)
        self._hooks = Hooks()
        self._dynamic = dynamic.Checker(job)
        self._traces = traced
        self._table = ProviderTable(job, self._journal, sources)
        self._answers = Answers(channel, self._journal, self._table, traced)

    def state(self) -> Iterator[analyzer_pb2.AnalyzerResource]:
        """See `Journal.state`."""
        return self._journal.state()

    def secret_texts(self) -> list[SecretText]:
        """See `Journal.secret_texts`."""
        return self._journal.secret_texts()

    # Registrations.

    def RegisterResource(  # noqa: N802
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse | Coroutine[Any, Any, resource_pb2.RegisterResourceResponse]:
        """Register one resource; a coroutine where transforms of the program have to run first."""
        traces.forget_dependencies(request)
        if (request.custom or request.remote) and request.type.count(":") < 2:
            message = f"Type '{request.type}' is not a valid type token (must have format '*:*:*')"
            raise pulumi.RunError(message)
        hanging = invented.take(request.object)
        self._inherit_protect(request)
        tokens = self._transforms(request)
        if tokens or self._hooks.wanted(request) or request.type.startswith(dynamic.PREFIX):
            return self._with_callbacks(request, tokens, hanging)
        return self._register(request, hanging)

    async def _with_callbacks(
        self, request: resource_pb2.RegisterResourceRequest, tokens: list[str], hanging: list[Hanging]
    ) -> resource_pb2.RegisterResourceResponse:
        before = struct_pb2.Struct()
        before.CopyFrom(request.object)
        await transforms.apply_to_resource(request, tokens)
        traces.forget_dependencies(request)
        if request.type.startswith(dynamic.PREFIX):
            await self._check_dynamic(request)
        moved = invented.changed(before, request.object, hanging)
        response = self._register(request, [*hanging, *moved, *invented.take(request.object)])
        if self._hooks.wanted(request):
            await self._hooks.run(request, response.urn, self._journal.resources[response.urn], request.object)
        return response

    async def _check_dynamic(self, request: resource_pb2.RegisterResourceRequest) -> None:
        try:
            refused = await self._dynamic.check(request)
        except dynamic.CheckError as error:
            self._journal.notice_once(
                "dynamic-check-raised",
                request.name,
                f"the dynamic provider of {request.name} raised {error.kind} in its check, perhaps because it was given"
                " an invented value; the inputs are taken as they were given",
                source=self._sources.of_request(request),
            )
            return
        if refused:
            self._hiding.secrets.extend(text for _, text in wire.secret_texts(request.object))
            message = f"{request.type} {request.name} failed its dynamic provider's check: {'; '.join(refused)}"
            raise pulumi.RunError(message)

    def _transforms(self, request: resource_pb2.RegisterResourceRequest) -> list[str]:
        tokens = [callback.token for callback in request.transforms]
        parent = self._journal.resources.get(request.parent)
        while parent is not None:
            tokens.extend(parent.transforms)
            parent = self._journal.resources.get(parent.parent)
        tokens.extend(self._stack_transforms)
        return tokens

    def _register(
        self, request: resource_pb2.RegisterResourceRequest, hanging: list[Hanging]
    ) -> resource_pb2.RegisterResourceResponse:
        """Register a resource; `hanging` says which parts of its properties hang on inventions without a token."""
        job = self._job
        urn = urns.build(job.stack, job.project, request.parent, request.type, request.name)
        if urn in self._journal.resources:
            message = f"Duplicate resource URN '{urn}'; try giving it a unique name"
            raise pulumi.RunError(message)
        if request.type.startswith(urns.PROVIDER_PREFIX):
            return self._table.register(request, urn, hanging)

        references = request.object if wire.mentions(request.object, wire.RESOURCE) else None
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.object)
        wire.replace_references(inputs)
        shape = self._shape(request)
        provider = self._table.of(request) if request.custom or request.remote else None
        if shape is not None and request.custom:
            naming.fill(request.type, request.name, urn, shape, inputs)
        analysis = analysis_of(request, urn)
        if provider is not None and request.custom:
            analysis.provider.CopyFrom(provider.message)
        source = self._sources.of_request(request)
        guessed = self._traces.guessed()
        if guessed:
            self._journal.notice_once(
                "invented-branch",
                str(source),
                "resources are declared in a function given to apply that saw an invented number, flag or list: whether"
                " they exist, and how many, is a guess",
                source=source,
            )
        if guessed is Hangs.VALUE:
            # A function that has seen a flag may have chosen anything by it.
            hanging = [Hanging((key,), guessed) for key in inputs.fields]
        inputs, shown = self._journal.announce(analysis, inputs, source, hanging=hanging, remote=request.remote)

        if request.custom or request.remote:
            place = (provider or self._table.of(request)).place
            subject = Subject(urn, request.type, place)
            built = outputs.build(subject, shape, inputs, shown, list(request.additionalSecretOutputs))
            if request.remote:
                built = dataclasses.replace(built, pack=_declared(built.pack, shape))
            self._journal.record(request, analysis, built)
            program = _with_references(built.program, references, shape)
            program = invented.marked(program, built.invented, hanging)
            id_ = built.id if request.custom else ""
            return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=program)
        # A component has no outputs until it registers them.
        self._journal.record(request, analysis, outputs.Outputs("", struct_pb2.Struct(), struct_pb2.Struct()))
        return resource_pb2.RegisterResourceResponse(urn=urn)

    def _inherit_protect(self, request: resource_pb2.RegisterResourceRequest) -> None:
        parent = self._journal.resources.get(request.parent)
        if not sdk.is_given(request, "protect") and parent is not None and parent.protect is not None:
            request.protect = parent.protect

    def _shape(self, request: resource_pb2.RegisterResourceRequest) -> Shape | None:
        if not request.custom and not request.remote:
            return None
        cls = shapes.resource_class(request.type, request.version)
        if request.remote:
            self._journal.notice_once(
                "unchecked-type",
                request.type,
                f"{request.type} is a component that its provider builds: its resources were not looked at",
                type=request.type,
            )
        return shapes.of_resource(cls) if cls is not None else None

    def RegisterPackage(  # noqa: N802
        self, request: resource_pb2.RegisterPackageRequest
    ) -> resource_pb2.RegisterPackageResponse:
        """Register a parameterised package."""
        return self._table.register_package(request)

    # Outputs, reads, functions.

    def RegisterResourceOutputs(  # noqa: N802
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty | Coroutine[Any, Any, empty_pb2.Empty]:
        """Take the outputs of a component, or the stack's exports."""
        registered = self._journal.resources.get(request.urn)
        message = registered.message if registered is not None else None
        if registered is not None and message is not None:
            given = struct_pb2.Struct()
            given.CopyFrom(request.outputs)
            self._journal.note_outputs(request.urn, message.type, given)
            hanging = invented.take(given)
            registered.outputs = given
            wire.replace_references(given)
            message.properties.CopyFrom(invented.hidden(given, hanging))
            registered.message = message
            if self._hooks.planned(request.urn):
                return self._hooks.finish(request.urn, registered.outputs)
        return empty_pb2.Empty()

    def ReadResource(  # noqa: N802
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Answer for a resource that exists already: what its id makes certain, stand-ins for the rest."""
        urn = urns.build(self._job.stack, self._job.project, request.parent, request.type, request.name)
        provider = self._table.of(request)
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.properties)
        hanging = invented.take(inputs)
        wire.replace_references(inputs)
        identifying = identifiers.identifying_property(request.type)
        if identifying is not None:
            inputs.fields[identifying].string_value = request.id
        cls = shapes.resource_class(request.type, request.version)
        shape = shapes.of_resource(cls) if cls is not None and request.type != _STACK_REFERENCE else None
        secret = list(request.additionalSecretOutputs)
        shown = invented.hidden(inputs, hanging)
        built = outputs.build(Subject(urn, request.type, provider.place), shape, inputs, shown, secret)
        self._journal.resources[urn] = Registered(request.id, built.program, parent=request.parent)
        program = invented.marked(built.program, built.invented, hanging)
        response = resource_pb2.ReadResourceResponse(urn=urn, properties=program)
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
        return self._answers.invoke(request)

    def Call(self, request: resource_pb2.ResourceCallRequest) -> provider_pb2.CallResponse:  # noqa: N802
        """Answer a method of a provider or of a remote component."""
        return self._answers.call(request)

    # Registrations of functions of the program.

    def RegisterStackTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        """Take a transform for all further resources."""
        self._stack_transforms.append(request.token)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802
        """Take a transform for all further invokes."""
        self._answers.transforms.append(request.token)
        return empty_pb2.Empty()

    def RegisterResourceHook(  # noqa: N802
        self, request: resource_pb2.RegisterResourceHookRequest
    ) -> empty_pb2.Empty:
        """Take a hook of resources; see `Hooks`."""
        self._hooks.register(request)
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: resource_pb2.RegisterErrorHookRequest) -> empty_pb2.Empty:  # noqa: N802
        """Take an error hook, which runs when an operation fails: never here."""
        self._hooks.register_name(request.name)
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


def _declared(pack: struct_pb2.Struct, shape: Shape | None) -> struct_pb2.Struct:
    """The outputs of a component that its provider builds: what its class declares, and inputs only among them."""
    declared = struct_pb2.Struct()
    for item in shape.outputs if shape is not None else ():
        if item.name in pack.fields:
            declared.fields[item.name].CopyFrom(pack.fields[item.name])
    return declared


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
