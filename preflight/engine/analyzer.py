"""The conversation with a policy pack: the engine's calls over gRPC, in the engine's order.

Nothing here knows the rules. A pack that also serves `guardrails.Details` gives its findings in full; of any other
pack the diagnostics are all there is.
"""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import plugin_pb2

from policypack.guardrails.findings import Evidence, Level, Outcome, Severity

from ..errors import CheckError
from .pack import Pack
from .policy_configuration import LEVELS, Given, reconcile

_DETAILS: Final = "/guardrails.Details/"
_ANALYZER: Final = "/pulumirpc.Analyzer/"
_MESSAGE_LIMIT: Final = 400 * 1024 * 1024  # the engine's own
# The tag of the field `resources` of an AnalyzeStackRequest: its number, and that a length follows.
_RESOURCES: Final = bytes([pb.AnalyzeStackRequest.RESOURCES_FIELD_NUMBER << 3 | 2])
_IN_FLIGHT: Final = 16
_LOST: Final = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
_UNDECIDED: Final = ("undecided:", "can't run policy")
# In the order of the protocol's enumeration, which starts with "unspecified".
_SEVERITIES: Final = (None, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)

# What a policy document has in any of its spellings, as an object or as text.
_DOCUMENT: Final = b"Statement"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What ConfigureStack tells a pack."""

    project: str
    stack: str
    organization: str
    config: Mapping[str, str] = field(repr=False)
    secret_keys: Sequence[str]


class Analyzer:
    """A connected pack."""

    def __init__(self, pack: Pack) -> None:
        """Wait for the pack's port, connect, and ask for the findings in full. Raises CheckError where that fails."""
        self._pack = pack
        self._limits = pack.limits
        self.name = pack.folder.name
        self.levels: dict[str, Level] = {}
        self.has_details = False
        self._pending: deque[tuple[str, grpc.CallFuture[pb.AnalyzeResponse]]] = deque()
        self._records: list[Record] = []
        self._types: dict[str, str] = {}
        self._read_types: frozenset[str] | None = None
        self._unread_types: set[str] = set()
        size = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
        address = f"127.0.0.1:{pack.port()}"
        self._channel = grpc.insecure_channel(address, [*size, ("grpc.enable_http_proxy", 0)])
        self._analyze = self._unary(_ANALYZER + "Analyze", pb.AnalyzeResponse)
        try:
            self._unary(_DETAILS + "Subscribe", None)(b"", timeout=self._limits.call)
            self.has_details = True
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                raise self._failed("its start", error) from error
        self._call("GetPluginInfo", empty_pb2.Empty(), plugin_pb2.PluginInfo)
        self._info: pb.AnalyzerInfo = self._call("GetAnalyzerInfo", empty_pb2.Empty(), pb.AnalyzerInfo)
        self.name = self._info.name or self.name

    def close(self) -> None:
        """The engine's last call. A pack that does not know it, or is gone already, has nothing to cancel."""
        with contextlib.suppress(grpc.RpcError):
            self._unary(_ANALYZER + "Cancel", empty_pb2.Empty)(empty_pb2.Empty(), timeout=1.0)
        self._channel.close()

    def _unary(self, path: str, answer: Any) -> Any:  # noqa: ANN401 - any generated message class
        return self._channel.unary_unary(
            path,
            request_serializer=lambda request: request if isinstance(request, bytes) else request.SerializeToString(),
            response_deserializer=answer.FromString if answer else None,
        )

    def _call(self, method: str, request: object, answer: Any) -> Any:  # noqa: ANN401
        try:
            return self._unary(_ANALYZER + method, answer)(request, timeout=self._limits.call)
        except grpc.RpcError as error:
            raise self._failed(method, error) from error

    def _failed(self, what: str, error: grpc.RpcError) -> CheckError:
        code = error.code()
        if code is grpc.StatusCode.INVALID_ARGUMENT:
            return CheckError(f"the pack {self.name} refuses the {error.details()}")
        if code is grpc.StatusCode.DEADLINE_EXCEEDED:
            return CheckError(f"the pack {self.name} gave no answer to {what} in time; look for a policy that hangs.")
        if code is grpc.StatusCode.UNAVAILABLE:
            return self._pack.died(f"during {what}")
        return CheckError(f"the pack {self.name} failed at {what} ({code.name}); `pulumi preview` may say why.")

    def configure(self, deployment: Deployment, given: Mapping[str, Given]) -> None:
        """ConfigureStack and Configure. Raises CheckError where the pack refuses the configuration."""
        self.describe(deployment)
        policies = reconcile(self._info, given)
        request = pb.ConfigureAnalyzerRequest()
        for name, entry in policies.items():
            request.policyConfig[name].enforcementLevel = LEVELS.index(entry.level or Level.ADVISORY)  # type: ignore[assignment]
            request.policyConfig[name].properties.update(dict(entry.settings))
        self._call("Configure", request, empty_pb2.Empty)
        self.levels = {policy.name: policies[policy.name].level or Level.ADVISORY for policy in self._info.policies}

    def describe(self, deployment: Deployment) -> None:
        """ConfigureStack alone: again where a run has shown more of its configuration."""
        while self._pending:
            self._collect()
        stack = pb.AnalyzerStackConfigureRequest(
            stack=deployment.stack,
            project=deployment.project,
            organization=deployment.organization,
            dry_run=True,
            config=dict(deployment.config),
            config_secret_keys=list(deployment.secret_keys),
        )
        self._call("ConfigureStack", stack, pb.AnalyzerStackConfigureResponse)

    @property
    def remediates(self) -> bool:
        """Whether some policy may change inputs."""
        return Level.REMEDIATE in self.levels.values()

    def remediate(self, raw: bytes) -> bytes | None:
        """Offer one resource (a serialised AnalyzeRequest) for mending.

        Returns its new inputs as a serialised Struct, or None where nothing changes.
        """
        request = pb.AnalyzeRequest.FromString(raw)
        self._types[request.urn] = request.type
        response: pb.RemediateResponse = self._call("Remediate", raw, pb.RemediateResponse)
        mended = None
        for one in response.remediations:
            if one.diagnostic:
                self._records.append(self._record(one.policyName, request.urn, one.diagnostic, Level.ADVISORY))
            elif one.HasField("properties"):
                mended = one.properties.SerializeToString()
                self._records.append(self._record(one.policyName, request.urn, one.description, Level.REMEDIATE))
        return mended

    def analyze(self, raw: bytes, urn: str, type_: str) -> None:
        """Have one resource judged (a serialised AnalyzeRequest), without waiting for the answer."""
        self._types[urn] = type_
        if _DOCUMENT in raw and type_ not in self._types_that_are_read():
            self._unread_types.add(type_)
        self._pending.append((urn, self._analyze.future(raw, timeout=self._limits.call)))
        while len(self._pending) > _IN_FLIGHT:
            self._collect()

    def _collect(self) -> None:
        urn, future = self._pending.popleft()
        try:
            response = future.result()
        except grpc.RpcError as error:
            self._crashed("Analyze", urn, error)
            return
        # The engine, too, takes the URN of the request and not of the diagnostic.
        self._records += (self._from_diagnostic(one, urn) for one in response.diagnostics)

    def analyze_stack(self, resources: Iterable[bytes], root: str) -> None:
        """Have the whole stack judged: serialised AnalyzerResources. `root` is the URN of the stack itself."""
        while self._pending:
            self._collect()
        # One message by its encoding, field by field: as an object it would take ten times the memory.
        requests: list[bytes] = []
        present: dict[str, str] = {}
        for raw in resources:
            resource = pb.AnalyzerResource.FromString(raw)
            present[resource.urn] = resource.type
            requests += (_RESOURCES, _varint(len(raw)), raw)
        request = b"".join(requests)
        self._types.update(present)
        try:
            response = self._unary(_ANALYZER + "AnalyzeStack", pb.AnalyzeResponse)(request, timeout=self._limits.stack)
        except grpc.RpcError as error:
            self._crashed("AnalyzeStack", root, error)
            return
        self._records += (
            self._from_diagnostic(one, one.urn if one.urn in present else root) for one in response.diagnostics
        )

    def take(self) -> list[Record]:
        """All findings since the last call, each with the members of a report's finding."""
        while self._pending:
            self._collect()
        records, self._records = self._records, []
        if not self.has_details:
            return records
        detailed: list[Record] = json.loads(self._detail("Take"))
        # What comes in full comes for all rules of the pack; ordinary policies beside them have diagnostics only.
        full = {record["rule"] for record in detailed}
        return detailed + [record for record in records if record["rule"] not in full]

    def _types_that_are_read(self) -> frozenset[str]:
        if self._read_types is None:
            self._read_types = frozenset(json.loads(self._detail("Types"))) if self.has_details else frozenset()
        return self._read_types

    @property
    def unread_types(self) -> Sequence[str]:
        """The types of resources that hold what looks like a policy document, and that no rule reads by name.

        Nothing for a pack that does not tell what its rules read.
        """
        return sorted(self._unread_types) if self.has_details else ()

    def _detail(self, method: str) -> bytes:
        """One call of `guardrails.Details`."""
        try:
            answer: bytes = self._unary(_DETAILS + method, None)(b"", timeout=self._limits.call)
        except grpc.RpcError as error:
            raise self._failed(method, error) from error
        return answer

    def times(self) -> dict[str, float]:
        """Seconds each rule has run since the start; nothing for a pack that does not measure."""
        if not self.has_details:
            return {}
        measured: dict[str, float] = json.loads(self._detail("Times"))
        return measured

    def _crashed(self, method: str, urn: str, error: grpc.RpcError) -> None:
        if error.code() in _LOST:
            raise self._failed(f"{method} of {urn}", error) from error
        # Never the error's text: it quotes the exception, which may quote a value.
        message = f"the pack {self.name} failed here ({error.code().name}), so nothing is known of what it checks"
        record = self._record(self.name, urn, message, Level.MANDATORY, Severity.HIGH)
        self._records.append({**record, "outcome": Outcome.ERROR.value})

    def _from_diagnostic(self, one: pb.AnalyzeDiagnostic, urn: str) -> Record:
        level = LEVELS[one.enforcementLevel]
        # What a remediation has left is mandatory, for the engine too.
        level = Level.MANDATORY if level is Level.REMEDIATE else level
        return self._record(one.policyName, urn, one.message, level, _SEVERITIES[one.severity])

    def _record(self, rule: str, urn: str, message: str, level: Level, severity: Severity | None = None) -> Record:
        """A finding of which only a diagnostic is known: what the pack does not say stays empty.

        A policy without severity counts as low where it is advisory and as medium where it is more, which are the
        severities whose own levels these are.
        """
        if severity is None:
            severity = Severity.LOW if level is Level.ADVISORY else Severity.MEDIUM
        undecided = message.startswith(_UNDECIDED) and level is Level.ADVISORY
        return {
            "rule": rule,
            "concern": "",
            "severity": severity.value,
            "enforcement": level.value,
            "outcome": (Outcome.UNDECIDED if undecided else Outcome.VIOLATION).value,
            "evidence": Evidence.WIRE.value,
            "urn": urn,
            "type": self._types.get(urn) or _type_of(urn),
            "name": urn.split("::", 3)[-1],
            "path": "",
            "message": message,
            "fix": "",
            "witness": None,
            "docs": "",
        }


def _type_of(urn: str) -> str:
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) == 4 else ""


def _varint(number: int) -> bytes:
    """A length as protobuf writes it: seven bits a byte, the lowest first, the high bit set in all but the last."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
