"""Find the deployment in a file of state, whichever of Pulumi's commands or backends has written it.

An export (`pulumi stack export`), a checkpoint as a self-managed backend keeps it (pkg/backend/diy: `STACK.json`,
gzipped or not), or a deployment alone.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from ..errors import CheckError

_STANDARD_INPUT: Final = Path("-")
_PATTERNS: Final = ("*.json", "*.json.gz")
# What a self-managed backend keeps beside the states: former ones, and who holds which stack.
_BESIDE_STATES: Final = frozenset({"history", "backups", "locks"})
_VERSIONS: Final = (3, 4)
# Those of pkg/resource/stack/deployment.go. A state that needs another one means something that is not known here.
_FEATURES: Final = frozenset(
    {
        "refreshBeforeUpdate",
        "views",
        "hooks",
        "taint",
        "replaceWith",
        "snippets-prototype",
        "extensionParameterization",
        "byteString",
    }
)
# The engine's limit for a message, and AnalyzeStack is one message.
_LARGEST: Final = 400 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_PARTS_OF_STACK: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """`content` is the deployment as written; `project` and `stack` are empty where only its resources say them."""

    content: Mapping[str, Any] = field(repr=False)
    project: str = ""
    stack: str = ""


def expand(files: Iterable[Path]) -> list[Path]:
    """The files, each once, with every `*.json` and `*.json.gz` below a folder in its place.

    Raises CheckError for a folder without one.
    """
    found: dict[Path, None] = {}
    for path in files:
        inside = _below(path) if path != _STANDARD_INPUT and path.is_dir() else [path]
        if not inside:
            raise CheckError(f"{path} has no *.json in it; write states there with `pulumi stack export --file`.")
        found |= dict.fromkeys(inside)
    return list(found)


def _below(folder: Path) -> list[Path]:
    paths = {path for pattern in _PATTERNS for path in folder.rglob(pattern) if path.is_file()}
    return sorted(path for path in paths if _BESIDE_STATES.isdisjoint(path.relative_to(folder).parts[:-1]))


def read(path: Path) -> Deployment:
    """The deployment in a file, or on standard input where `path` is `-`. Raises CheckError where there is none."""
    content = _parse(path)
    if not isinstance(content, dict):
        _no_state(path)
    project = stack = ""
    if isinstance(content.get("deployment"), dict):
        deployment = content["deployment"]
    elif isinstance(content.get("checkpoint"), dict):
        checkpoint = content["checkpoint"]
        # A stack that was never updated has no latest deployment.
        deployment = checkpoint.get("latest", {"manifest": {}})
        project, stack = _names(checkpoint.get("stack"))
    elif "manifest" in content and "version" not in content:
        return _whole(path, Deployment(content=content))
    else:
        _no_state(path)
    version, features = content.get("version"), content.get("features")
    if version not in _VERSIONS:
        raise CheckError(
            f"{name(path)} has version {version!r} of the format and preflight reads 3 and 4; export it again."
        )
    unknown = sorted(map(str, set(map(str, features)) - _FEATURES)) if isinstance(features, list) else []
    if unknown:
        raise CheckError(
            f"{name(path)} uses {', '.join(unknown)[:100]!r}, which this preflight does not know; upgrade it."
        )
    if not isinstance(deployment, dict):
        _no_state(path)
    return _whole(path, Deployment(content=deployment, project=project, stack=stack))


def name(path: Path) -> str:
    """What to call the file in a sentence."""
    return "standard input" if path == _STANDARD_INPUT else str(path)


def _no_state(path: Path) -> NoReturn:
    raise CheckError(f"{name(path)} is not an exported state; {_how(path)}.")


def _how(path: Path) -> str:
    file = "" if path == _STANDARD_INPUT else f" --file {path.name}"
    return f"write it with `pulumi stack export{file}`"


def _whole(path: Path, found: Deployment) -> Deployment:
    # An export of a stack without resources leaves them out, and has its manifest all the same.
    entries = found.content.get("resources", [] if "manifest" in found.content else None)
    if not isinstance(entries, list):
        raise CheckError(f"{name(path)} has no list of resources, so it is not a whole export; export it again.")
    return found


def _names(written: object) -> tuple[str, str]:
    """Project and stack of a checkpoint, which says `organization/PROJECT/STACK`, or in former days `STACK` alone."""
    parts = written.split("/") if isinstance(written, str) and written.isprintable() else []
    return (parts[1], parts[2]) if len(parts) == _PARTS_OF_STACK else ("", "".join(parts[:1]))


def _parse(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    content = _content(path)
    if not content.strip():
        raise CheckError(f"{name(path)} is empty; {_how(path)}.")
    try:
        # PowerShell writes UTF-16, and a mark of the byte order before UTF-8.
        return json.loads(content.decode(json.detect_encoding(content)))
    except RecursionError as error:
        raise CheckError(f"{name(path)} is nested too deeply to be a state; {_how(path)}.") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CheckError(f"{name(path)} is not JSON, or not all of it; {_how(path)}.") from error
    except ValueError as error:
        # Python refuses to read it: that takes a time that grows with its square.
        raise CheckError(f"{name(path)} holds a number of thousands of digits, which no engine writes.") from error


def _content(path: Path) -> bytes:
    if path == _STANDARD_INPUT and sys.stdin is None:
        raise CheckError("there is no standard input to read the state from; give a file.")
    try:
        if path == _STANDARD_INPUT:
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
    except OSError as error:
        raise CheckError(f"cannot read {name(path)}: {error.strerror}; check the path.") from error
    if content.startswith(_ZSTD):
        raise CheckError(f"{name(path)} is compressed with zstd; unpack it with `zstd -d` first.")
    if content.startswith(_GZIP):
        content = _unpacked(path, content)
    if len(content) > _LARGEST:
        raise CheckError(f"{name(path)} is larger than {_LARGEST >> 20} MB, which no policy pack can be sent.")
    return content


def _unpacked(path: Path, content: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        unpacked = unpacker.decompress(content, _LARGEST + 1)
    except zlib.error as error:
        raise CheckError(f"{name(path)} is a broken gzip file; copy it again.") from error
    if not unpacker.eof and len(unpacked) <= _LARGEST:
        raise CheckError(f"{name(path)} is a gzip file without its end; copy it again.")
    return unpacked
