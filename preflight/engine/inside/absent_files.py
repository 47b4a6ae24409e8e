"""Files and folders whose path hangs on an invention (`open(config.require("publicKeyPath"))`).

A file holds the token in its path, so what is made of the content decides nothing. A folder is empty, which is said.
"""

from __future__ import annotations

import builtins
import io
import os
import re
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from .channel import Channel
    from .sources import Sources

KIND: Final = "absent-folder"
_TOKEN: Final = re.compile(r"standin0[cx][0-9a-f]{16}")


def install(channel: Channel, sources: Sources) -> None:
    """Make reading of such files and folders answer in this process."""
    module: Any = os
    opening = _opening(builtins.open)
    builtins.open = opening
    io.open = opening
    module.listdir = _listing(os.listdir, channel, sources)


def _token(path: object) -> str | None:
    found = _TOKEN.search(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else None
    return found[0] if found else None


def _opening(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def opened(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the language's own
        try:
            return original(file, mode, *args, **options)
        except FileNotFoundError:
            token = _token(file)
            if token is None or set(mode) & set("wax+"):
                raise
            return io.BytesIO(token.encode()) if "b" in mode else io.StringIO(token)

    return opened


def _listing(original: Callable[..., list[Any]], channel: Channel, sources: Sources) -> Callable[..., list[Any]]:
    @wraps(original)
    def listed(path: Any = ".") -> list[Any]:  # noqa: ANN401 - the language's own
        try:
            return original(path)
        except FileNotFoundError:
            if _token(path) is None:
                raise
            channel.notice(
                KIND,
                "the program lists a folder whose path is invented; it is taken for empty, and resources that the"
                " program declares for what is in there are missing here",
                source=sources.of_frame(sys._getframe(1)),
            )
            return []

    return listed
