"""What one run has seen, and the telling of it: every resource is announced to the driver and kept for the end."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2, resource_pb2

from . import invented, outputs, sdk, wire
from .channel import Channel, encode
from .urns import STACK_TYPE

if TYPE_CHECKING:
    from .hiding import Hiding
    from .invented import Hanging
    from .sources import Source

_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)")


class Registered:
    """One registered or read resource; `message` is what AnalyzeStack gets of it, None for a resource only read.

    Outputs and message are kept as bytes, and each look at them is a copy: as messages they take ten times the memory.
    """

    __slots__ = ("_message", "_outputs", "id", "parent", "protect", "transforms")

    def __init__(  # noqa: PLR0913, PLR0917 - the fields of a record
        self,
        id: str,  # noqa: A002 - what the protocol calls it
        outputs: struct_pb2.Struct,
        protect: bool | None = None,  # noqa: FBT001 - what the program said, if it did
        transforms: tuple[str, ...] = (),
        parent: str = "",
        message: analyzer_pb2.AnalyzerResource | None = None,
    ) -> None:
        self.id = id
        self.protect = protect
        self.transforms = transforms
        self.parent = parent
        self.outputs = outputs
        self.message = message

    @property
    def outputs(self) -> struct_pb2.Struct:
        return struct_pb2.Struct.FromString(self._outputs)

    @outputs.setter
    def outputs(self, outputs: struct_pb2.Struct) -> None:
        self._outputs = outputs.SerializeToString()

    @property
    def message(self) -> analyzer_pb2.AnalyzerResource | None:
        return None if self._message is None else analyzer_pb2.AnalyzerResource.FromString(self._message)

    @message.setter
    def message(self, message: analyzer_pb2.AnalyzerResource | None) -> None:
        self._message = None if message is None else message.SerializeToString()


@dataclass(frozen=True, slots=True)
class SecretText:
    """A known text that is secret among the inputs of a resource, or among the exports of the stack."""

    urn: str
    type: str
    keys: wire.Keys
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        """The innermost name on the way to it."""
        return next(key for key in reversed(self.keys) if isinstance(key, str))

    @property
    def exported(self) -> bool:
        return self.type == STACK_TYPE


class Journal:
    """The resources of a run in order; `remediate` says whether each is offered to the driver for changes first."""

    def __init__(self, channel: Channel, hiding: Hiding, *, remediate: bool) -> None:
        self.resources: dict[str, Registered] = {}
        self._channel = channel
        self._hiding = hiding
        self._remediate = remediate
        self._secret_texts: list[SecretText] = []
        self._notices: set[tuple[str, str]] = set()

    def state(self) -> Iterator[analyzer_pb2.AnalyzerResource]:
        """All registered resources with their outputs, as AnalyzeStack gets them."""
        return (message for item in self.resources.values() if (message := item.message) is not None)

    def secret_texts(self) -> list[SecretText]:
        """Every known secret text in the inputs of a resource, and in the exports of the stack."""
        return self._secret_texts

    def note_outputs(self, urn: str, type_: str, outputs: struct_pb2.Struct) -> None:
        """Learn which texts are secret among the outputs of a component, or the exports of the stack."""
        secret = [SecretText(urn, type_, keys, text) for keys, text in wire.secret_texts(outputs)]
        self._hiding.secrets.extend(one.text for one in secret)
        self._secret_texts.extend(one for one in secret if one.exported)

    def announce(
        self,
        analysis: analyzer_pb2.AnalyzeRequest,
        inputs: struct_pb2.Struct,
        source: Source | None,
        *,
        hanging: Sequence[Hanging] = (),
        remote: bool = False,
    ) -> tuple[struct_pb2.Struct, struct_pb2.Struct]:
        """Offer the resource for remediation if the job says so, tell about it, and give the inputs that now count.

        `hanging` is what hangs on inventions without a token: the pack is sent the unknown there. The first struct of
        the answer is for the program, the second is what the pack sees of it.
        """
        shown = invented.hidden(inputs, hanging)
        if self._remediate:
            analysis.properties.CopyFrom(shown)
            self._channel.send("remediate", request=encode(analysis))
            changed = self._channel.receive().get("properties")
            if isinstance(changed, str):
                shown = struct_pb2.Struct.FromString(base64.b64decode(changed))
                inputs = invented.restored(shown, inputs, hanging)
        analysis.properties.CopyFrom(wire.without_internal_keys(shown))
        secret = [SecretText(analysis.urn, analysis.type, keys, text) for keys, text in wire.secret_texts(inputs)]
        if _is_plain_parameter(analysis.type, inputs):
            self._hiding.settings.extend(one.text for one in secret)
        else:
            self._hiding.secrets.extend(one.text for one in secret)
            self._secret_texts.extend(secret)
        self._channel.send("resource", request=encode(analysis), source=source, remote=remote)
        return inputs, shown

    def record(
        self,
        request: resource_pb2.RegisterResourceRequest,
        analysis: analyzer_pb2.AnalyzeRequest,
        built: outputs.Outputs,
    ) -> None:
        """Keep a registered resource with its outputs."""
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
        self.resources[analysis.urn] = Registered(
            id=built.id,
            outputs=built.program,
            protect=request.protect if sdk.is_given(request, "protect") else None,
            transforms=tuple(callback.token for callback in request.transforms),
            parent=request.parent,
            message=message,
        )

    def notice_once(self, kind: str, subject: str, message: str, **fields: object) -> None:
        """Tell the user something about `subject` unless that kind of notice was given for it before."""
        if (kind, subject) not in self._notices:
            self._notices.add((kind, subject))
            self._channel.notice(kind, message, **fields)


def analysis_of(request: resource_pb2.RegisterResourceRequest, urn: str) -> analyzer_pb2.AnalyzeRequest:
    """What the engine asks a pack about a registration, without properties and provider."""
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


def _seconds(duration: str) -> float:
    """A Go duration (`1h5m`) in seconds; 0 for none."""
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration))


def _is_plain_parameter(type_: str, inputs: struct_pb2.Struct) -> bool:
    """Whether a resource is a parameter that is stored unencrypted: the SDK marks its value, which is a setting."""
    # As `guardrails.secrets.properties` has it, which this side may not import.
    kind = inputs.fields["type"].string_value if "type" in inputs.fields else ""
    return type_ == "aws:ssm/parameter:Parameter" and kind in {"String", "StringList"}
