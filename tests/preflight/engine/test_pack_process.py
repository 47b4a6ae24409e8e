"""Packs that do not start, and how to tell."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from preflight.engine.pack import Limits, Pack, folder_of_ours
from preflight.errors import CheckError

FolderOf = Callable[..., Path]


@pytest.mark.parametrize(
    ("main", "message"),
    [
        pytest.param("print('hello')\nimport time\ntime.sleep(30)", "something else than its port", id="junk"),
        pytest.param("print(70000)", "something else than its port", id="no port"),
        pytest.param("print()", "something else than its port", id="an empty line"),
        pytest.param(
            "raise ValueError('no luck')", r"ended before it printed its port \(ValueError: no luck\)", id="raises"
        ),
        pytest.param("", "ended before it printed its port; mend", id="ends"),
        pytest.param("import time\ntime.sleep(30)", "printed no port within 0.5 seconds", id="hangs"),
    ],
)
def test_a_pack_that_does_not_start(pack_of: FolderOf, main: str, message: str) -> None:
    limits = Limits(start=0.5 if "hangs" in message or "within" in message else 20.0)
    with closing(Pack(pack_of(main), limits)) as pack, pytest.raises(CheckError, match=message):
        pack.port()


def test_a_pack_is_started_as_the_engine_starts_it(pack_of: FolderOf) -> None:
    folder = pack_of(
        """
        import os, pathlib, sys
        pathlib.Path("seen").write_text("\\n".join([os.getcwd(), *sys.argv]))
        print(50051, flush=True)
        print("more output")
        """
    )
    with closing(Pack(folder)) as pack:
        assert pack.port() == 50051
    folder_, self_, engine, again = (folder / "seen").read_text().split("\n")
    assert (folder_, self_, again) == (str(folder), str(folder), str(folder))
    assert engine.startswith("127.0.0.1:")


def test_a_pack_with_an_environment_of_its_own_runs_in_it(pack_of: FolderOf) -> None:
    folder = pack_of(
        "import sys; print(50051 if 'own' in sys.executable else 1)", "{name: python, options: {virtualenv: own}}"
    )
    python = folder / "own" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec -a "$0" {sys.executable} "$@"\n'.replace("#!/bin/sh", "#!/bin/bash"))
    python.chmod(0o755)
    with closing(Pack(folder)) as pack:
        assert pack.port() == 50051


@pytest.mark.parametrize(("runtime", "message"), [("nodejs", "'nodejs'"), (None, "has no PulumiPolicy.yaml")])
def test_what_is_no_python_pack(pack_of: FolderOf, tmp_path: Path, runtime: str | None, message: str) -> None:
    folder = pack_of("", runtime) if runtime else tmp_path
    with pytest.raises(CheckError, match=message):
        Pack(folder)


def test_the_pack_inside_is_a_pack() -> None:
    assert (folder_of_ours() / "PulumiPolicy.yaml").is_file()
