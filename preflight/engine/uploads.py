"""Credentials in the files that a program uploads: code of functions, layers, objects of a bucket.

The wire carries only the paths of these files, so the pack cannot look into them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from google.protobuf.struct_pb2 import Struct

from policypack.guardrails import wire
from policypack.guardrails.findings import Source
from policypack.guardrails.messages import escape
from policypack.guardrails.model import Asset, Run, Value
from policypack.guardrails.rule import UploadedCredential
from policypack.guardrails.secrets.formats import hide
from policypack.guardrails.secrets.held import showing
from policypack.guardrails.secrets.known import of_run
from policypack.guardrails.secrets.places import presentable
from policypack.guardrails.values import has_stand_in

from ..report import Notice
from ..sources.uploaded_files import Reader, UploadedFile
from .credentials_in_text import Told, told

_MOST: Final = 20  # credentials that are told of one file
_ASSETS: Final = (b"c44067f5952c0a294b673a41bacd8c17", b"0def7320c3a5731c473e5ecbe6d01bc7")


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
                yield Upload(urn, presentable(leaf.keys, showing()), leaf.raw.location)


def credentials(
    uploads: Iterable[Upload], folder: Path, root: Path, run: Run
) -> tuple[Sequence[UploadedCredential], Sequence[Notice]]:
    """The credentials in the files that are uploaded, and notices of what was not read.

    `folder` is the one that the program runs in, `root` the project's, to which places are relative.
    """
    found: list[UploadedCredential] = []
    notices: list[Notice] = []
    reader = Reader()
    known = of_run(run)
    seen: dict[str, list[tuple[UploadedFile, list[Told]]]] = {}
    for upload in uploads:
        if upload.location not in seen:
            reader.skipped.clear()
            # A file is forgotten as soon as it is searched: together they may be large.
            each = [
                (UploadedFile(file.name, "", file.file), list(islice(told(file.name, file.text, known), _MOST + 1)))
                for file in reader.read(upload.location, folder)
            ]
            seen[upload.location] = [(file, some[:_MOST]) for file, some in each]
            notices += (_cut(upload, file) for file, some in each if len(some) > _MOST)
            notices += (_notice(upload, reason, count) for reason, count in sorted(reader.skipped.items()))
        found += (_credential(upload, file, one, root) for file, each in seen[upload.location] for one in each)
    return found, notices


def _credential(upload: Upload, file: UploadedFile, one: Told, root: Path) -> UploadedCredential:
    return UploadedCredential(
        urn=upload.urn,
        path=upload.path,
        file=escape(hide(_name(upload, file))),
        kind=one.kind,
        line=one.line,
        severity=one.severity,
        source=_source(file.file, one.line, root),
    )


def _name(upload: Upload, file: UploadedFile) -> str:
    location = PurePosixPath(upload.location)
    return (
        location.name if file.file is not None and file.file.name == location.name else f"{location.name}/{file.name}"
    )


def _source(file: Path | None, line: int | None, root: Path) -> Source | None:
    if file is None or line is None:
        return None
    real, top = os.path.realpath(file), os.path.realpath(root)
    return (
        Source(file=Path(os.path.relpath(real, top)).as_posix(), line=line) if real.startswith(top + os.sep) else None
    )


def _cut(upload: Upload, file: UploadedFile) -> Notice:
    name = escape(upload.urn.rpartition("::")[2])
    what = escape(hide(_name(upload, file)))
    message = f"{what}, which {upload.path} of {name} uploads, holds more than {_MOST} credentials: the first are told"
    return Notice(subject=0, kind="upload-cut", message=message)


def _notice(upload: Upload, reason: str, count: int) -> Notice:
    name = upload.urn.rpartition("::")[2]
    number = "a file" if count == 1 else f"{count:,} files"
    each = reason if count == 1 else reason.replace("is ", "are ", 1).replace("comes ", "come ", 1)
    message = f"{upload.path} of {escape(name)} names {number} that {each}: not searched for credentials"
    return Notice(subject=0, kind="upload-not-read", message=message)
