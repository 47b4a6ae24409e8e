"""Invokes and calls: what a provider's functions answer."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import Any, Final, cast

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, resource_pb2

from . import functions, transforms, wire
from .channel import Channel
from .journal import Journal
from .provider_table import ProviderTable

_GET_RESOURCE: Final = "pulumi:pulumi:getResource"


class Answers:
    """Answers the functions that a program calls; `transforms` are the tokens of the stack's invoke transforms."""

    def __init__(self, channel: Channel, journal: Journal, table: ProviderTable) -> None:
        self.transforms: list[str] = []
        self._channel = channel
        self._journal = journal
        self._table = table

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
            found = self._journal.resources.get(urn)
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
        wire.replace_references(args)
        plain = wire.struct_to_plain(args)
        call = functions.current()
        if request.tok == functions.POLICY_DOCUMENT:
            return self._policy_document(plain, call)
        if call.result is None:
            self._journal.notice_once(
                "unknown-function",
                request.tok,
                f"{request.tok} declares no result: it was answered with its own arguments",
                token=request.tok,
                source=call.source,
            )
        for key, value in functions.answer(request.tok, plain, provider.place, call).items():
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

    def call(self, request: resource_pb2.ResourceCallRequest) -> provider_pb2.CallResponse:
        """Answer a method of a provider or remote component by its declared result, without one as unknown."""
        call = functions.current()
        result = struct_pb2.Struct()
        args = {key: value for key, value in wire.struct_to_plain(request.args).items() if key != "__self__"}
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
            answered = functions.answer(request.tok, args, self._table.of(request).place, call)
            for key, value in answered.items():
                wire.assign(result.fields[key], value)
        response = provider_pb2.CallResponse()
        getattr(response, "return").CopyFrom(result)
        return response


def _invoke_response(
    result: struct_pb2.Struct, failures: Iterable[provider_pb2.CheckFailure] = ()
) -> resource_pb2.ResourceInvokeResponse:
    response = resource_pb2.ResourceInvokeResponse(failures=failures)
    # The field's name is a keyword of the language.
    getattr(response, "return").CopyFrom(result)
    return response
