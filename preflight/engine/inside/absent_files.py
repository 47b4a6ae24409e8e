"""Files and folders whose path hangs on an invention (`open(config.require("publicKeyPath"))`) and that are not there.

A file that is opened for reading holds a token, so what is made of the content decides nothing. A folder
that is listed is empty, and a path that is asked about (`exists`, `is_dir`, `stat`) is not there, as without this
module; both are said, once for each line, since what the program does next may hang on them. `os.walk`, `glob` and
`pathlib` rest on these calls. Not covered: `os.open`, `lstat` (`lexists`, `islink`), and modules that kept `open`
before the program began.
"""

from __future__ import annotations

import builtins
import glob
import io
import os
import pathlib
import re
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from . import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from .channel import Channel
    from .sources import Source, Sources

KIND: Final = "absent-folder"
_TOKEN: Final = re.compile(r"standin0[cx][0-9a-f]{16}")
_LOOKED: Final = (
    "the program looks for what is at a path that is invented; nothing is there, and resources that the program"
    " declares for what it finds are missing here"
)


def install(channel: Channel, sources: Sources) -> None:
    """Make reading of such files and folders answer in this process."""
    told: list[Source] = []

    def tell() -> None:
        source = sources.of_frame(sys._getframe(2))
        if source is not None and source not in told:
            told.append(source)
            channel.notice(KIND, _LOOKED, source=source)

    module: Any = os
    opening = _opening(builtins.open)
    builtins.open = opening
    io.open = opening
    replaced = {
        "listdir": _listing(os.listdir, list, tell),
        "scandir": _listing(os.scandir, _Nothing, tell),
        "stat": _asking(os.stat, tell),
    }
    for name, call in replaced.items():
        for able in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
            if getattr(module, name) in able:
                able.add(call)
        setattr(module, name, call)
    replaced["open"] = opening
    # Classes that keep the functions themselves: of pathlib in Python 3.10, of glob from 3.13 on.
    for holder in filter(None, (getattr(pathlib, "_NormalAccessor", None), getattr(glob, "_StringGlobber", None))):
        for name in replaced.keys() & vars(holder).keys():
            setattr(holder, name, staticmethod(replaced[name]))


def _token(path: object) -> str | None:
    found = _TOKEN.search(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else None
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
            # The content is another invention than the path: whoever shows the one does not show the other.
            content = stand_ins.anything(token, "content")
            return io.BytesIO(content.encode()) if "b" in mode else io.StringIO(content)

    return opened


def _listing(original: Callable[..., Any], nothing: Callable[[], Any], tell: Callable[[], None]) -> Callable[..., Any]:
    @wraps(original)
    def listed(path: Any = ".") -> Any:  # noqa: ANN401 - the language's own
        try:
            return original(path)
        except FileNotFoundError:
            if _token(path) is None:
                raise
            tell()
            return nothing()

    return listed


def _asking(original: Callable[..., Any], tell: Callable[[], None]) -> Callable[..., Any]:
    @wraps(original)
    def asked(path: Any, **options: Any) -> Any:  # noqa: ANN401 - the language's own
        try:
            return original(path, **options)
        except FileNotFoundError:
            if _token(path) is not None:
                tell()
            raise

    return asked


class _Nothing:
    """What `os.scandir` gives for an empty folder."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> os.DirEntry[str]:
        raise StopIteration

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is open."""
