"""The texts in what a program uploads: files, folders, archives, bounded."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from preflight.sources import uploaded_files
from preflight.sources.uploaded_files import Reader

FILES = {
    "app.py": b"one",
    "lib/part.py": b"two",
    "node_modules/x/index.js": b"foreign",
    "botocore/session.py": b"foreign",
    "botocore-1.2.dist-info/RECORD": b"botocore/session.py,sha256=x,7\nbotocore-1.2.dist-info/RECORD,,\n",
    "picture.png": b"\x89PNG\0\0",
    "wide.txt": "three".encode("utf-16"),
}
TEXTS = {"app.py": "one", "lib/part.py": "two"}


def folder(root: Path) -> Path:
    for name, content in FILES.items():
        path = root / "code" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root / "code"


def zipped(root: Path) -> Path:
    with zipfile.ZipFile(root / "code.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return root / "code.zip"


def tarred(root: Path, mode: str = "w:gz") -> Path:
    with tarfile.open(root / "code.tar", mode) as archive:  # type: ignore[call-overload]
        for name, content in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return root / "code.tar"


@pytest.mark.parametrize("make", [folder, zipped, tarred, lambda root: tarred(root, "w")])
def test_the_texts_of_folders_and_archives_are_read(tmp_path: Path, make) -> None:
    path = make(tmp_path)
    reader = Reader()
    found = {one.name: one.text.removeprefix("\ufeff") for one in reader.read(path.name, tmp_path)}
    # A tar archive has no list of contents to look up what is installed before it is read.
    if make in (folder, zipped):
        assert found == {**TEXTS, "wide.txt": "three"}
    assert found.items() >= TEXTS.items()
    assert not any("node_modules" in name for name in found)
    assert reader.skipped == {}
    assert all((one.file is not None) == (make is folder) for one in Reader().read(str(path), tmp_path))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "cannot be read"),
        ("https://example.com/x.zip", "is not on this machine"),
        ("pipe", "is no file"),
        ("broken.zip", "cannot be read"),
        ("broken.tar.gz", "cannot be read"),
        ("long.txt", "is larger than 1 MB"),
        ("nul\0", "cannot be read"),
    ],
)
def test_what_is_not_read_is_counted(tmp_path: Path, name: str, reason: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken.zip").write_bytes(zipped(tmp_path).read_bytes().replace(b"app.py", b"bad.py", 1))
    (tmp_path / "broken.tar.gz").write_bytes(b"\x1f\x8b\x08\0\0")
    (tmp_path / "long.txt").write_bytes(b"a" * (1 << 20) + b"b")
    reader = Reader()
    list(reader.read(name, tmp_path))
    assert reader.skipped == {reason: 1}


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    code = folder(tmp_path)
    (tmp_path / "outside.txt").write_text("outside")
    (code / "link.txt").symlink_to(tmp_path / "outside.txt")
    (code / "again.txt").symlink_to(code / "app.py")
    reader = Reader()
    found = {one.name for one in reader.read("code", tmp_path)}
    assert "link.txt" not in found
    assert "again.txt" in found
    assert reader.skipped == {"is a link that leads out of its folder": 1}


def test_reading_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_files, "_MOST_FILES", 3)
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text("x")
    reader = Reader()
    assert len(list(reader.read(".", tmp_path))) == 3
    assert sum(reader.skipped.values()) > 0
    monkeypatch.setattr(uploaded_files, "_LARGEST_ARCHIVE", 10_000)
    with tarfile.open(tmp_path / "bomb.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("zeros")
        member.size = 1 << 20
        archive.addfile(member, io.BytesIO(bytes(1 << 20)))
    bounded = Reader()
    assert list(bounded.read("bomb.tar.gz", tmp_path)) == []
    assert bounded.skipped == {"cannot be read": 1}
