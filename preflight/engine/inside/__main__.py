"""Entry point: `python <this folder> [DESCRIPTOR]`, with the job on stdin and the frames on stdout (see `channel`).

This file has to parse on any Python 3, so that one that is too old is told. Where a descriptor is given, the number of
the process is written to it as a line once it listens, then the stack of its main thread whenever it gets SIGUSR1.
"""

import faulthandler
import importlib.util
import json
import os
import signal
import sys
from pathlib import Path

PACKAGE = "_preflight_inside"
OLDEST = (3, 10)


def main() -> None:
    """Load this folder as the private package `_preflight_inside` and run the job that stdin holds."""
    if sys.version_info < OLDEST:
        message = "{} is Python {}.{}, and programs run here from {}.{} on; choose another with --python".format(
            sys.executable, *sys.version_info[:2], *OLDEST
        )
        print(json.dumps({"event": "failed", "kind": "environment", "message": message, "traceback": ""}))  # noqa: T201
        return
    if len(sys.argv) > 1:
        descriptor = int(sys.argv[1])
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - the function's own signature
        faulthandler.register(signal.SIGUSR1, descriptor, all_threads=False)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    folder = Path(__file__).resolve().parent
    # The interpreter put this folder at the front of the path; a program must find its own modules there, not ours.
    if sys.path and sys.path[0] and Path(sys.path[0]).resolve() == folder:
        del sys.path[0]
    spec = importlib.util.spec_from_file_location(
        PACKAGE, str(folder / "__init__.py"), submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        message = f"cannot load {folder}"
        raise ImportError(message)
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{PACKAGE}.runner").run()


main()
