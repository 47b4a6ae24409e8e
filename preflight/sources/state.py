"""The resources of a state, and what the engine would send a pack of them.

Follows pkg/resource/deploy/analyze_snapshot.go of the engine: inputs go to Analyze, outputs to AnalyzeStack, resources
that wait to be deleted go nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeGuard
from urllib.parse import unquote

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails.messages import escape
from policypack.guardrails.model import STACK_TYPE

from ..errors import CheckError
from ..redact import Redactor
from ..report import Place
from . import state_file
from .state_wire import Writer, secrets

IN_CLEAR: Final = "secrets-in-clear"
"""The kind of the notice that a state holds secrets in clear."""

_POSITION: Final = re.compile(r"project:///(?P<file>[^#]+)#(?P<line>\d{1,9})(?:,\d+)?")
_PROVIDER: Final = "pulumi:providers:"
_NAMED: Final = 3  # how many resources a notice names


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One resource of a state. `inputs` and `outputs` are as exported, secrets as the export writes them."""

    urn: str
    type: str
    inputs: Mapping[str, Any] = field(repr=False)
    outputs: Mapping[str, Any] = field(repr=False)
    entry: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.urn.split("::", 3)[3]

    @property
    def deleted(self) -> bool:
        """Whether the resource waits to be deleted."""
        return self.entry.get("delete") is True

    @property
    def source(self) -> Place | None:
        """The program's line that declared the resource, where the state carries it."""
        trace = self.entry.get("stackTrace")
        frames = [self.entry, *(trace if isinstance(trace, list) else ())]
        places = (_place(frame.get("sourcePosition")) for frame in frames if isinstance(frame, dict))
        return None if self.type == STACK_TYPE else next((place for place in places if place), None)


@dataclass(frozen=True, kw_only=True)
class State:
    """One state. `project` and `stack` are empty where it has no resources and does not say them otherwise.

    `resources` are those to judge, `deleted` those that wait to be deleted, `pending` the URNs of those on which an
    operation was interrupted. `secrets` are the secrets that the file holds in clear, `provider` is what encrypts the
    others, as written.
    """

    path: Path
    project: str
    stack: str
    resources: Sequence[Exported]
    deleted: Sequence[Exported] = ()
    pending: Sequence[str] = ()
    secrets: Sequence[str] = field(default=(), repr=False)
    provider: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _writer: Writer = field(default_factory=Writer, repr=False)

    @property
    def root(self) -> str:
        """The URN of the stack itself."""
        found = next((one.urn for one in self.resources if one.type == STACK_TYPE), "")
        return found or f"urn:pulumi:{self.stack}::{self.project}::{STACK_TYPE}::{self.project}-{self.stack}"

    def requests(self) -> Iterator[tuple[Exported, pb.AnalyzeRequest]]:
        """What Analyze gets, resource by resource."""
        for one in self.resources:
            request = pb.AnalyzeRequest()
            with self._writing(one):
                self._fill(request, one, one.inputs)
            yield one, request

    def stack_resources(self) -> Iterator[pb.AnalyzerResource]:
        """What AnalyzeStack gets."""
        for one in self.resources:
            resource = pb.AnalyzerResource()
            with self._writing(one):
                self._fill(resource, one, one.outputs)
                resource.parent = _text(one.entry.get("parent"))
                resource.dependencies.extend(_texts(one.entry.get("dependencies")))
                by_property = one.entry.get("propertyDependencies")
                for key, urns in by_property.items() if isinstance(by_property, dict) else ():
                    if urns:
                        resource.propertyDependencies[key].urns.extend(_texts(urns))
            yield resource

    def notices(self) -> Iterator[tuple[str, str]]:
        """Kind and text of what a reader of the verdict must know."""
        file = state_file.name(self.path)
        if self.secrets:
            text = "holds secrets in clear, as `--show-secrets` writes them; keep it as secret, or export without that"
            yield IN_CLEAR, f"{file} {text}"
        if self.pending:
            text = "an operation was interrupted, so what is there may differ from this; `pulumi refresh` finds out"
            yield "pending-operation", f"{file}: {_named(self.pending)}: {text}"
        if self.deleted:
            text = "still there, not judged; the next `pulumi up` deletes it"
            yield "pending-deletion", f"{file}: {_named([one.urn for one in self.deleted])}: {text}"

    @cached_property
    def _providers(self) -> dict[str, pb.AnalyzerProviderResource]:
        found: dict[str, pb.AnalyzerProviderResource] = {}
        # One that was replaced may still be referred to; the one in its place has the same URN and counts.
        for one in (*self.deleted, *self.resources):
            if one.type.startswith(_PROVIDER):
                with self._writing(one):
                    sent = pb.AnalyzerProviderResource(urn=one.urn, type=one.type, name=one.name, properties=Struct())
                    self._writer.write(sent.properties, one.inputs)
                found[one.urn] = sent
        return found

    @contextmanager
    def _writing(self, one: Exported) -> Iterator[None]:
        try:
            yield
        except (OverflowError, ValueError) as error:
            file, urn = state_file.name(self.path), Redactor(self.secrets)(escape(one.urn))
            raise CheckError(f"{file}: {urn} holds a value that no engine writes; export it again.") from error

    def _fill(
        self, message: pb.AnalyzeRequest | pb.AnalyzerResource, one: Exported, properties: Mapping[str, Any]
    ) -> None:
        entry = one.entry
        message.urn, message.type, message.name = one.urn, one.type, one.name
        message.properties.SetInParent()
        self._writer.write(message.properties, properties)
        options = message.options
        options.protect = entry.get("protect") is True
        options.parent = _text(entry.get("parent"))
        options.ignoreChanges.extend(_texts(entry.get("ignoreChanges")))
        options.additionalSecretOutputs.extend(_texts(entry.get("additionalSecretOutputs")))
        options.aliases.extend(_texts(entry.get("aliases")))
        provider = _text(entry.get("provider")).rpartition("::")[0]
        if provider in self._providers:
            message.provider.CopyFrom(self._providers[provider])
        elif provider:
            # Which one it was tells resources of two providers apart, though this one is not in the file.
            message.provider.urn = provider


def read(path: Path) -> State:
    """The state in a file, or on standard input where `path` is `-`.

    Raises CheckError where it cannot be read or is not such a file.
    """
    found = state_file.read(path)
    file = state_file.name(path)
    resources = [_exported(file, entry) for entry in found.content.get("resources", [])]
    provider = found.content.get("secrets_providers")
    first = resources[0].urn.split("::") if resources else [f"urn:pulumi:{found.stack}", found.project]
    return State(
        path=path,
        project=first[1],
        stack=first[0].removeprefix("urn:pulumi:"),
        resources=[one for one in resources if not one.deleted],
        deleted=[one for one in resources if one.deleted],
        pending=_pending(found.content.get("pending_operations")),
        secrets=list(dict.fromkeys(secrets(found.content))),
        provider=provider if isinstance(provider, dict) else {},
    )


def _exported(file: str, entry: object) -> Exported:
    if not isinstance(entry, dict):
        raise CheckError(f"{file} has a resource that is not an object; export it again.")
    urn = entry.get("urn")
    if not _is_urn(urn):
        raise CheckError(f"{file} has a resource without a valid URN; export it again.")
    inputs, outputs = entry.get("inputs") or {}, entry.get("outputs") or {}
    if not isinstance(inputs, dict) or not isinstance(outputs, dict):
        raise CheckError(f"{file}: inputs or outputs of {escape(urn)} are not objects; export it again.")
    type_ = entry.get("type")
    token = type_ if isinstance(type_, str) and type_ else urn.split("::", 3)[2].rpartition("$")[2]
    return Exported(urn=urn, type=token, inputs=inputs, outputs=outputs, entry=entry)


def _is_urn(urn: object) -> TypeGuard[str]:
    if not isinstance(urn, str) or not urn.startswith("urn:pulumi:") or urn.count("::") < 3:
        return False
    try:
        urn.encode()
    except UnicodeEncodeError:
        return False
    return True


def _pending(operations: object) -> list[str]:
    """The URNs in a list of operations; what is not as it should be concerns nobody."""
    resources = (
        [one.get("resource") for one in operations if isinstance(one, dict)] if isinstance(operations, list) else []
    )
    urns = (one.get("urn") for one in resources if isinstance(one, dict))
    return [urn for urn in urns if _is_urn(urn)]


def _named(urns: Sequence[str]) -> str:
    names = [" ".join(urn.split("::", 3)[2:]).rpartition("$")[2] for urn in urns]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _place(position: object) -> Place | None:
    match = _POSITION.fullmatch(position) if isinstance(position, str) else None
    if match is None:
        return None
    file = unquote(match["file"])
    # A line of the SDK, or of anything else that is installed, says nothing of the program.
    foreign = file.startswith(("../", "/")) or "site-packages/" in file
    return Place(file, int(match["line"])) if file.isprintable() and not foreign else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
