"""The texts in files, folders and archives that a program uploads, read within bounds.

Nothing is fetched, unpacked to disk or executed. What is not read is counted, so that nobody takes it for read.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Final

_LARGEST_FILE: Final = 1 << 20
_LARGEST_ARCHIVE: Final = 256 << 20  # what a function's code may measure unpacked
_MOST_FILES: Final = 2_000
_MOST_OCTETS: Final = 20 << 20
# Installed packages: other people's code, with keys in its tests and examples that open nothing.
_FOREIGN: Final = frozenset(
    {"node_modules", "site-packages", "dist-packages", ".venv", "venv", ".git", "__pycache__", ".terraform"}
)
_RECORD: Final = re.compile(r"(?:^|/)[^/]+\.dist-info/RECORD$")
_COMPRESSED: Final = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
_BROKEN: Final = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, lzma.LZMAError)
_BROKEN_ARCHIVES: Final = (*_BROKEN, zipfile.BadZipFile, tarfile.TarError)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A text. `file` is where it stands on disk, None where it stands in an archive; `name` is what to call it."""

    name: str
    text: str = field(repr=False)
    file: Path | None


@dataclass(slots=True)
class Reader:
    """Reads what a program uploads, all of it under one budget. `skipped` counts by reason what was not read."""

    skipped: dict[str, int] = field(default_factory=dict)
    _files: int = 0
    _octets: int = 0

    def read(self, location: str, folder: Path) -> Iterator[UploadedFile]:
        """The texts at a path that a program in `folder` names; of a folder or an archive those in it."""
        if "://" in location:
            self._skip("is not on this machine")
            return
        try:
            path = folder / location
            mode = path.stat().st_mode
        except _BROKEN:
            self._skip("cannot be read")
            return
        if stat.S_ISDIR(mode):
            yield from self._folder(path)
        elif stat.S_ISREG(mode):
            yield from self._file(path)
        else:
            self._skip("is no file")

    def _skip(self, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def _folder(self, root: Path) -> Iterator[UploadedFile]:
        real = os.path.realpath(root)
        paths: list[Path] = []
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(set(folders) - _FOREIGN)
            paths += (Path(folder, name) for name in sorted(files))
            if len(paths) > _MOST_FILES:
                break
        installed: set[str] = set()
        for path in paths:
            name = path.relative_to(root).as_posix()
            if _RECORD.search(name) and (record := self._content(path)) is not None:
                installed |= _installed(name, record)
        for path in paths:
            if path.relative_to(root).parts[0] in installed:
                continue
            # What a link leads to outside is uploaded, too, and is nothing that the program names.
            if not os.path.realpath(path).startswith(real + os.sep):
                self._skip("is a link that leads out of its folder")
                continue
            content = self._content(path)
            if content is not None and (text := self._text(content)) is not None:
                yield UploadedFile(path.relative_to(root).as_posix(), text, path)

    def _content(self, path: Path) -> bytes | None:
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return None
            with path.open("rb") as file:
                return self._whole(file)
        except _BROKEN:
            self._skip("cannot be read")
            return None

    def _file(self, path: Path) -> Iterator[UploadedFile]:
        try:
            with path.open("rb") as file:
                head = file.read(8)
            if head.startswith(b"PK") and zipfile.is_zipfile(path):
                yield from self._zip(path)
                return
            packed = next((opening for magic, opening in _COMPRESSED if head.startswith(magic)), None)
            if packed is not None or tarfile.is_tarfile(path):
                with packed(path, "rb") if packed else path.open("rb") as stream:
                    yield from self._tar(stream)
                return
        except _BROKEN_ARCHIVES:
            self._skip("cannot be read")
            return
        content = self._content(path)
        if content is not None and (text := self._text(content)) is not None:
            yield UploadedFile(path.name, text, path)

    def _zip(self, path: Path) -> Iterator[UploadedFile]:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist()[: _MOST_FILES * 10] if not one.is_dir()]
            installed: set[str] = set()
            for one in members:
                if _RECORD.search(one.filename):
                    with archive.open(one) as stream:
                        installed |= _installed(one.filename, self._whole(stream) or b"")
            for one in members:
                if _is_foreign(one.filename, installed):
                    continue
                with archive.open(one) as stream:
                    content = self._whole(stream)
                if content is not None and (text := self._text(content)) is not None:
                    yield UploadedFile(one.filename, text, None)

    def _tar(self, stream: IO[bytes] | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile) -> Iterator[UploadedFile]:
        with tarfile.open(fileobj=_Bounded(stream), mode="r|") as archive:
            for member in archive:
                if member.isfile() and not _is_foreign(member.name, set()):
                    file = archive.extractfile(member)
                    content = self._whole(file) if file is not None else None
                    if content is not None and (text := self._text(content)) is not None:
                        yield UploadedFile(member.name, text, None)

    def _whole(self, stream: IO[bytes]) -> bytes | None:
        """The content, None where it is larger than a source file is or the budget is used up."""
        if self._files >= _MOST_FILES or self._octets >= _MOST_OCTETS:
            self._skip("comes after as much as is read")
            return None
        self._files += 1
        content = stream.read(_LARGEST_FILE + 1)
        self._octets += len(content)
        if len(content) > _LARGEST_FILE:
            if b"\0" not in content:
                self._skip("is larger than 1 MB")
            return None
        return content

    @staticmethod
    def _text(content: bytes) -> str | None:
        """The content as text, None where it is none."""
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16", "replace")
        return None if b"\0" in content else content.decode("utf-8", "replace")


class _Bounded(io.RawIOBase):
    """A stream that ends with an error after as much as any archive may hold: a small one may unpack to no end."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile) -> None:
        self._stream = stream
        self._left = _LARGEST_ARCHIVE

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            message = "larger than any archive that is uploaded"
            raise OSError(message)
        return content


def _is_foreign(name: str, installed: set[str]) -> bool:
    parts = PurePosixPath(name).parts
    return not parts or parts[0] in installed or not _FOREIGN.isdisjoint(parts)


def _installed(name: str, record: bytes) -> set[str]:
    """The folders and files at the top that a package manager has installed there, from its list of them (PEP 376)."""
    if PurePosixPath(name).parent.parent != PurePosixPath():
        return set()
    lines = record.decode("utf-8", "replace").splitlines()
    return {line.partition(",")[0].strip('"').split("/")[0] for line in lines} - {"", "..", "."}
