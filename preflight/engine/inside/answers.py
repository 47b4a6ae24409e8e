"""Invokes and calls: what a provider's functions answer."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Final, cast

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, resource_pb2

from . import functions, invented, manifests, outputs, references, sdk, shapes, transforms, wire
from .channel import Channel
from .journal import Journal, Registered
from .provider_table import ProviderTable
from .texts import Subject

if TYPE_CHECKING:
    from .places import Place
    from .traces import Traces

_GET_RESOURCE: Final = "pulumi:pulumi:getResource"


class Answers:
    """Answers the functions that a program calls; `transforms` are the tokens of the stack's invoke transforms."""

    def __init__(self, channel: Channel, journal: Journal, table: ProviderTable, traces: Traces) -> None:
        self.transforms: list[str] = []
        self._channel = channel
        self._journal = journal
        self._table = table
        self._traces = traces

    def invoke(
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse | Coroutine[Any, Any, resource_pb2.ResourceInvokeResponse]:
        """Answer a provider function."""
        tokens = self.transforms
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
            found = self._journal.resources.get(urn) or self._made_by_component(urn)
            if found is None:
                message = f"unknown resource {urn}"
                raise pulumi.RunError(message)
            result.fields["urn"].string_value = urn
            result.fields["id"].string_value = found.id
            result.fields["state"].struct_value.CopyFrom(found.outputs)
            return _invoke_response(result)
        provider = self._table.of(request)
        args = struct_pb2.Struct()
        args.CopyFrom(request.args)
        # The SDK itself lets the answer hang on what its arguments hang on.
        invented.take(args)
        wire.replace_references(args)
        plain = wire.struct_to_plain(args)
        call = functions.current()
        if request.tok == functions.POLICY_DOCUMENT:
            return self._policy_document(plain, call)
        manifests_ = self._manifests(request.tok, plain, call)
        if manifests_ is not None:
            wire.assign(result.fields["result"], manifests_)
            return _invoke_response(result)
        if call.result is None:
            self._journal.notice_once(
                "unknown-function",
                request.tok,
                f"{request.tok} declares no result: it was answered with its own arguments",
                token=request.tok,
                source=call.source,
            )
        for key, value in self._fields(request.tok, plain, provider.place, call).items():
            wire.assign(result.fields[key], value)
        return _invoke_response(result)

    def _fields(
        self, token: str, args: dict[str, wire.Plain], place: Place, call: functions.Call
    ) -> dict[str, wire.Plain]:
        fields, hanging = functions.answer(token, args, place, call)
        if call.result is not None:
            self._traces.answered(call.result, token, hanging)
        return fields

    def _made_by_component(self, urn: str) -> Registered | None:
        """The state of a resource that a remote component is said to have made, None for any other URN."""
        type_ = references.invented_type(urn)
        if type_ is None:
            return None
        cls = shapes.resource_class(type_, "")
        shape = shapes.of_resource(cls) if cls is not None else None
        nothing = struct_pb2.Struct()
        subject = Subject(urn, type_, self._table.place_of(type_))
        built = outputs.build(subject, shape, nothing, nothing, ())
        state = invented.marked(built.program, built.invented)
        made = Registered(built.id, state)
        self._journal.resources[urn] = made
        return made

    def _manifests(self, token: str, args: dict[str, wire.Plain], call: functions.Call) -> wire.Plain:
        """What a function of the Kubernetes provider that yields manifests answers; None for any other."""
        unseen = manifests.UNSEEN.get(token)
        if token != manifests.DECODE and unseen is None:
            return None
        text = args.get("text")
        decoded = manifests.decode(text) if unseen is None and isinstance(text, str) else None
        if decoded is None:
            type_ = unseen or token
            self._journal.notice_once(
                "unchecked-type",
                type_,
                f"{type_} makes resources of what cannot be read here: they were not looked at",
                type=type_,
                source=call.source,
            )
        return decoded or []

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

    def call(self, request: resource_pb2.ResourceCallRequest) -> provider_pb2.CallResponse:
        """Answer a method of a provider or remote component by its declared result, without one as unknown."""
        call = functions.current()
        result = struct_pb2.Struct()
        given = struct_pb2.Struct()
        given.CopyFrom(request.args)
        invented.take(given)
        args = {key: value for key, value in wire.struct_to_plain(given).items() if key != "__self__"}
        if call.result is None:
            result.fields["result"].string_value = wire.UNKNOWN
            self._journal.notice_once(
                "unknown-function",
                request.tok,
                f"{request.tok} declares no result: it was answered as unknown",
                token=request.tok,
                source=call.source,
            )
        else:
            place = self._table.of(request).place
            for key, value in self._fields(request.tok, args, place, call).items():
                wire.assign(result.fields[key], value)
        response = provider_pb2.CallResponse()
        getattr(response, "return").CopyFrom(result)
        return response


def _invoke_response(
    result: struct_pb2.Struct, failures: Iterable[provider_pb2.CheckFailure] = ()
) -> resource_pb2.ResourceInvokeResponse:
    response: resource_pb2.ResourceInvokeResponse = sdk.invoke_response()(failures=failures)
    # The field's name is a keyword of the language.
    getattr(response, "return").CopyFrom(result)
    return response
