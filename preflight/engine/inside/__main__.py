"""Entry point: `python <this folder>`, with the job on stdin and the frames on stdout (see `channel`)."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

PACKAGE = "_preflight_inside"


def main() -> None:
    """Load this folder as the private package `_preflight_inside` and run the job that stdin holds."""
    folder = Path(__file__).resolve().parent
    # The interpreter put this folder at the front of the path; a program must find its own modules there, not ours.
    if sys.path and sys.path[0] and Path(sys.path[0]).resolve() == folder:
        del sys.path[0]
    spec = importlib.util.spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[os.fspath(folder)]
    )
    if spec is None or spec.loader is None:
        message = f"cannot load {folder}"
        raise ImportError(message)
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{PACKAGE}.runner").run()


main()
