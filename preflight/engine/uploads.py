"""Credentials in the files that a program uploads: code of functions, layers, objects of a bucket.

The wire carries only the paths of these files, so the pack cannot look into them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from google.protobuf.struct_pb2 import Struct

from policypack.guardrails import wire
from policypack.guardrails.findings import Severity, Source
from policypack.guardrails.messages import escape
from policypack.guardrails.model import Asset, Run, Value
from policypack.guardrails.rule import UploadedCredential
from policypack.guardrails.secrets import formats
from policypack.guardrails.secrets.detectors import holds_private_key
from policypack.guardrails.secrets.known import of_run
from policypack.guardrails.secrets.names import is_named_credential
from policypack.guardrails.values import has_stand_in

from ..report import Notice
from ..sources.uploaded_files import Reader, UploadedFile

_ASSETS: Final = (b"c44067f5952c0a294b673a41bacd8c17", b"0def7320c3a5731c473e5ecbe6d01bc7")
_SETTINGS: Final = re.compile(r"\.env(?:\..+)?|.+\.env|\.?(?:npmrc|pypirc|netrc|pgpass)|credentials|.+\.properties")
_ASSIGNMENT: Final = re.compile(r"^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[=:][ \t]*(.*?)[ \t]*$", re.MULTILINE)
_EXAMPLE: Final = re.compile(r"example|sample|template|\.dist$", re.IGNORECASE)
_KEY: Final = re.compile(r"PRIVATE KEY")


@dataclass(frozen=True, slots=True)
class Upload:
    """A path that an input of a resource names: the resource's URN, the property's path, the path as given."""

    urn: str
    path: str
    location: str


def named(urn: str, raw: bytes, properties: Struct) -> Iterator[Upload]:
    """The files that the inputs of a resource name; `raw` is the message that the inputs stand in."""
    if not any(signature in raw for signature in _ASSETS):
        return
    for key, value in wire.decode(properties).items():
        for leaf in Value(value, (key,)).leaves():
            if isinstance(leaf.raw, Asset) and leaf.raw.location and not has_stand_in(leaf.raw.location):
                yield Upload(urn, leaf.path, leaf.raw.location)


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: str
    line: int
    severity: Severity


def credentials(
    uploads: Iterable[Upload], folder: Path, root: Path, run: Run
) -> tuple[Sequence[UploadedCredential], Sequence[Notice]]:
    """The credentials in the files that are uploaded, and notices of what was not read.

    `folder` is the one that the program runs in, `root` the project's, to which places are relative.
    """
    found: list[UploadedCredential] = []
    notices: list[Notice] = []
    reader = Reader()
    seen: dict[str, list[tuple[UploadedFile, list[_Hit]]]] = {}
    for upload in uploads:
        if upload.location not in seen:
            reader.skipped.clear()
            # A file is forgotten as soon as it is searched: together they may be large.
            seen[upload.location] = [
                (UploadedFile(file.name, "", file.file), hits)
                for file in reader.read(upload.location, folder)
                if (hits := list(_hits(file, run)))
            ]
            notices += (_notice(upload, reason, count) for reason, count in sorted(reader.skipped.items()))
        found += (_credential(upload, file, hit, root) for file, hits in seen[upload.location] for hit in hits)
    return found, notices


def _credential(upload: Upload, file: UploadedFile, hit: _Hit, root: Path) -> UploadedCredential:
    return UploadedCredential(
        urn=upload.urn,
        path=upload.path,
        file=escape(_name(upload, file)),
        kind=hit.kind,
        line=hit.line,
        severity=hit.severity,
        source=_source(file.file, hit.line, root),
    )


def _name(upload: Upload, file: UploadedFile) -> str:
    location = PurePosixPath(upload.location)
    return (
        location.name if file.file is not None and file.file.name == location.name else f"{location.name}/{file.name}"
    )


def _source(file: Path | None, line: int, root: Path) -> Source | None:
    if file is None:
        return None
    real, top = os.path.realpath(file), os.path.realpath(root)
    return (
        Source(file=Path(os.path.relpath(real, top)).as_posix(), line=line) if real.startswith(top + os.sep) else None
    )


def _notice(upload: Upload, reason: str, count: int) -> Notice:
    name = upload.urn.rpartition("::")[2]
    number = "a file" if count == 1 else f"{count:,} files"
    each = reason if count == 1 else reason.replace("is ", "are ", 1).replace("comes ", "come ", 1)
    message = f"{upload.path} of {escape(name)} names {number} that {each}: not searched for credentials"
    return Notice(subject=0, kind="upload-not-read", message=message)


def _hits(file: UploadedFile, run: Run) -> Iterator[_Hit]:
    """What is secret in a text, each line once and by its gravest name."""
    lines: dict[int, _Hit] = {}
    for hit in _all_hits(file, run):
        known = lines.get(hit.line)
        if known is None or hit.severity.rank > known.severity.rank:
            lines[hit.line] = hit
    return iter(lines[line] for line in sorted(lines))


def _all_hits(file: UploadedFile, run: Run) -> Iterator[_Hit]:
    text = file.text
    known = of_run(run)
    if known:
        for seen in known.sightings(text):
            start = text.find(seen.secret.text)
            yield _Hit(seen.secret.place, _line(text, max(start, 0)), Severity.HIGH)
    for one in formats.find(text):
        if one.severity is not Severity.LOW:
            yield _Hit(one.kind, _line(text, one.start), min(one.severity, Severity.HIGH, key=_rank))
    if holds_private_key(text):
        match = _KEY.search(text)
        yield _Hit("a private key", _line(text, match.start() if match else 0), Severity.HIGH)
    name = PurePosixPath(file.name).name.lower()
    if _SETTINGS.fullmatch(name) and not _EXAMPLE.search(name):
        for match in _ASSIGNMENT.finditer(text):
            value = match[2].strip("'\"")
            if is_named_credential((match[1],), value):
                yield _Hit(f"the value of {escape(match[1])}", _line(text, match.start(2)), Severity.MEDIUM)


def _rank(severity: Severity) -> int:
    return severity.rank


def _line(text: str, start: int) -> int:
    return text.count("\n", 0, start) + 1
