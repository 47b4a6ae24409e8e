"""Requests of the product before the second implementation."""

import json
from collections.abc import Sequence
from typing import Any

from aws_oracle import Call, Verdict, decide

from policypack.guardrails.aws.answers import Witness
from policypack.guardrails.aws.document import Kind
from policypack.guardrails.aws.evaluate import Request


def call_of(request: Request) -> Call:
    """The product's request as a call of the second implementation."""
    context = {key: value if isinstance(value, str) else list(value) for key, value in request.context.items()}
    return Call(request.principal.kind, request.principal.name, request.action, request.resource, context)


def replays(documents: Sequence[dict[str, Any] | str], kinds: Sequence[Kind], witness: Witness) -> bool:
    """Whether the second implementation allows the witness under the documents, given as JSON text or decoded."""
    read = [json.loads(each) if isinstance(each, str) else each for each in documents]
    placed = [(each, kind.value) for each, kind in zip(read, kinds, strict=True)]
    return decide(placed, call_of(witness.request)) is Verdict.ALLOWED
