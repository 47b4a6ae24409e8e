"""Read what `pulumi stack export` writes, and turn it into what the engine would send a pack.

Follows pkg/resource/deploy/analyze_snapshot.go of the engine: inputs go to Analyze, outputs to AnalyzeStack, resources
that wait to be deleted go nowhere.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails.model import STACK_TYPE

from ..errors import CheckError
from ..report import Place

_STANDARD_INPUT: Final = Path("-")
_VERSIONS: Final = (3, 4)
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark of a secret, not one
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_REDACTED: Final = "[secret]"
_POSITION: Final = re.compile(r"project:///(?P<file>[^#]+)#(?P<line>\d+)(?:,\d+)?")
_DEEPEST: Final = 90  # protobuf parsers refuse messages nested deeper than 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One resource of a state. `inputs` and `outputs` are as exported, secrets as the export writes them."""

    urn: str
    type: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    entry: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.urn.split("::", 3)[3]

    @property
    def source(self) -> Place | None:
        """The program's line that declared the resource, where the state carries it."""
        trace = self.entry.get("stackTrace")
        frames = [self.entry, *(trace if isinstance(trace, list) else ())]
        places = (_place(frame.get("sourcePosition")) for frame in frames if isinstance(frame, dict))
        return None if self.type == STACK_TYPE else next((place for place in places if place), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One exported state; `project` and `stack` are empty where it has no resources."""

    path: Path
    project: str
    stack: str
    resources: list[Exported]

    @property
    def root(self) -> str:
        """The URN of the stack itself."""
        found = next((one.urn for one in self.resources if one.type == STACK_TYPE), "")
        return found or f"urn:pulumi:{self.stack}::{self.project}::{STACK_TYPE}::{self.project}-{self.stack}"

    def requests(self) -> Iterator[tuple[Exported, pb.AnalyzeRequest]]:
        """What Analyze gets, resource by resource."""
        providers = self._providers()
        for one in self.resources:
            request = pb.AnalyzeRequest()
            self._fill(request, one, one.inputs, providers)
            yield one, request

    def stack_resources(self) -> Iterator[pb.AnalyzerResource]:
        """What AnalyzeStack gets."""
        providers = self._providers()
        for one in self.resources:
            resource = pb.AnalyzerResource()
            self._fill(resource, one, one.outputs, providers)
            resource.parent = _text(one.entry.get("parent"))
            resource.dependencies.extend(_texts(one.entry.get("dependencies")))
            by_property = one.entry.get("propertyDependencies")
            for key, urns in by_property.items() if isinstance(by_property, dict) else ():
                if urns:
                    resource.propertyDependencies[key].urns.extend(_texts(urns))
            yield resource

    def _providers(self) -> dict[str, Exported]:
        return {one.urn: one for one in self.resources if one.type.startswith("pulumi:providers:")}

    def _fill(
        self,
        message: pb.AnalyzeRequest | pb.AnalyzerResource,
        one: Exported,
        properties: Mapping[str, Any],
        providers: Mapping[str, Exported],
    ) -> None:
        entry = one.entry
        message.urn, message.type, message.name = one.urn, one.type, one.name
        message.properties.SetInParent()
        self._write(message.properties, properties, one.urn)
        options = message.options
        options.protect = entry.get("protect") is True
        options.parent = _text(entry.get("parent"))
        options.ignoreChanges.extend(_texts(entry.get("ignoreChanges")))
        options.additionalSecretOutputs.extend(_texts(entry.get("additionalSecretOutputs")))
        options.aliases.extend(_texts(entry.get("aliases")))
        provider = providers.get(_text(entry.get("provider")).rpartition("::")[0])
        if provider:
            sent = message.provider
            sent.urn, sent.type, sent.name = provider.urn, provider.type, provider.name
            self._write(sent.properties, provider.inputs, provider.urn)

    def _write(self, struct: Struct, properties: Mapping[str, Any], urn: str) -> None:
        try:
            for key, value in properties.items():
                # Engine-internal keys go to Remediate only.
                if not key.startswith("__"):
                    _write(struct.fields[key], value, 0)
        except RecursionError as error:
            raise CheckError(f"{self.path}: a property of {urn} is nested too deeply to be read.") from error
        except (OverflowError, UnicodeEncodeError) as error:
            raise CheckError(f"{self.path}: a property of {urn} holds a value that no engine writes.") from error


def expand(files: Iterable[Path]) -> list[Path]:
    """The files, with every `*.json` of a folder in its place. Raises CheckError for a folder without one."""
    found: list[Path] = []
    for path in files:
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise CheckError(f"{path} has no *.json in it; write states there with `pulumi stack export --file`.")
        found += inside
    return found


def read(path: Path) -> State:
    """The state in an exported file, or on standard input where `path` is `-`.

    Raises CheckError where it cannot be read or is not such a file.
    """
    try:
        content = json.loads(_content(path))
    except OSError as error:
        raise CheckError(f"cannot read {path}: {error.strerror}; check the path.") from error
    except (ValueError, RecursionError) as error:
        raise CheckError(f"{path} is not JSON; write it with `pulumi stack export --file {path.name}`.") from error
    deployment = content.get("deployment") if isinstance(content, dict) else None
    if not isinstance(deployment, dict):
        raise CheckError(f"{path} is not an exported state; write it with `pulumi stack export --file {path.name}`.")
    version = content.get("version")
    if version not in _VERSIONS:
        raise CheckError(f"{path} has version {version!r} of the format and preflight reads 3 and 4; export it again.")
    # An export of a stack without resources leaves them out, and has its manifest all the same.
    entries = deployment.get("resources", [] if "manifest" in deployment else None)
    if not isinstance(entries, list):
        raise CheckError(f"{path} has no list of resources, so it is not a whole export; export it again.")
    resources = [_exported(path, entry) for entry in entries]
    kept = [one for one in resources if one.entry.get("delete") is not True]
    first = resources[0].urn.split("::") if resources else ["urn:pulumi:", ""]
    return State(path=path, project=first[1], stack=first[0].removeprefix("urn:pulumi:"), resources=kept)


def _content(path: Path) -> bytes:
    if path != _STANDARD_INPUT:
        return path.read_bytes()
    if sys.stdin is None:
        raise CheckError("there is no standard input to read the state from; give a file.")
    return sys.stdin.buffer.read()


def _exported(path: Path, entry: object) -> Exported:
    if not isinstance(entry, dict):
        raise CheckError(f"{path} has a resource that is not an object; export it again.")
    urn = entry.get("urn")
    if not isinstance(urn, str) or not urn.startswith("urn:pulumi:") or len(urn.split("::", 3)) != 4:
        raise CheckError(f"{path} has a resource without a valid URN; export it again.")
    inputs, outputs = entry.get("inputs") or {}, entry.get("outputs") or {}
    if not isinstance(inputs, dict) or not isinstance(outputs, dict):
        raise CheckError(f"{path}: inputs or outputs of {urn} are not objects; export it again.")
    type_ = entry.get("type")
    token = type_ if isinstance(type_, str) else urn.split("::", 3)[2].rpartition("$")[2]
    return Exported(urn=urn, type=token, inputs=inputs, outputs=outputs, entry=entry)


def _write(target: Value, value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, dict | list) or value == _REDACTED:
        _write_nested(target, value, depth)
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    else:
        target.null_value = 0  # type: ignore[assignment]


def _write_nested(target: Value, value: object, depth: int) -> None:
    if isinstance(value, list):
        target.list_value.SetInParent()
        for inner in value:
            _write(target.list_value.values.add(), inner, depth + 1)
    elif not isinstance(value, dict):
        _write_secret(target, _UNKNOWN, depth)
    elif value.get(_SIGNATURE) == _SECRET:
        _write_secret(target, _secret(value), depth)
    else:
        target.struct_value.SetInParent()
        for key, inner in value.items():
            _write(target.struct_value.fields[key], inner, depth + 1)


def _write_secret(target: Value, inner: object, depth: int) -> None:
    fields = target.struct_value.fields
    fields[_SIGNATURE].string_value = _SECRET
    if isinstance(inner, str):
        fields["value"].string_value = inner
    else:
        _write(fields["value"], inner, depth + 1)


def _secret(value: Mapping[str, Any]) -> object:
    """What a secret of an export holds: its value where it was exported in clear, else unknown."""
    plaintext = value.get("plaintext")
    if isinstance(plaintext, str):
        try:
            inner: object = json.loads(plaintext)
        except ValueError:
            return _UNKNOWN
        return _UNKNOWN if inner == _REDACTED else inner
    return value.get("value", _UNKNOWN)


def _place(position: object) -> Place | None:
    match = _POSITION.fullmatch(position) if isinstance(position, str) else None
    if match is None:
        return None
    file = unquote(match["file"])
    # A line of the SDK, or of anything else that is installed, says nothing of the program.
    return None if file.startswith(("../", "/")) or "site-packages/" in file else Place(file, int(match["line"]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
