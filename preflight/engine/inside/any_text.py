"""Texts that nobody has given, in a program's hands: whatever it makes of one can still be told for an invention.

A text that was changed may be anything as much as before, so a change that would lose the token gives the text back as
it was.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from . import stand_ins, texts
from .watched_text import WatchedText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

_ITEMS: Final = 2


def _kept(original: Callable[..., str]) -> Any:  # noqa: ANN401 - a method of `str` as the class below declares it
    """The method with a result that still holds the token."""

    @wraps(original)
    def method(self: AnyText, *args: Any, **options: Any) -> str:  # noqa: ANN401 - the method's own
        return self._keep(original(self, *args, **options))

    return method


def _all_kept(original: Callable[..., list[str]]) -> Any:  # noqa: ANN401
    """The method with parts of which one or more still hold the token."""

    @wraps(original)
    def method(self: AnyText, *args: Any, **options: Any) -> list[str]:  # noqa: ANN401
        parts = original(self, *args, **options)
        if self.token in self and not any(self.token in part for part in parts):
            return [self]
        return [self._keep(part) if self.token in part else part for part in parts]

    return method


class AnyText(WatchedText):
    """An invented text that may also be an object: asked for a member by its name, it answers with another such text.

    It may be a number, too, as in `int(config.require("port"))`, where `numbers` takes the paths that were read so.
    """

    __slots__ = ("_numbers", "_owner", "_path", "token")

    token: str
    _owner: str
    _path: str
    _numbers: set[str] | None

    @classmethod
    def of(cls, owner: str, path: str, numbers: set[str] | None = None) -> Self:
        """The text for the value at `path` of `owner`: a configuration key or a stack's URN, and members below."""
        name = re.sub(r"[-_]+(\w)", lambda match: match[1].upper(), re.split(r"[:.]", path)[-1])
        token = stand_ins.anything(owner, path)
        return cls(texts.taken_apart(owner, name, path) or token)._of(token, owner, path, numbers)

    def _of(self, token: str, owner: str, path: str, numbers: set[str] | None) -> Self:
        self.token, self._owner, self._path, self._numbers = token, owner, path, numbers
        return self

    def _keep(self, changed: str) -> str:
        if self.token not in changed:
            return self
        return type(self)(changed)._of(self.token, self._owner, self._path, self._numbers)

    def member(self, path: str) -> AnyMember:
        """The text for what is at `path` below this one."""
        return AnyMember.of(self._owner, self._path + path, self._numbers)

    def __getitem__(self, index: Any) -> str:  # noqa: ANN401 - of a text, or a member's name
        return self.member(f".{index}") if isinstance(index, str) else self._keep(str(self)[index])

    def get(self, name: str, default: object = None) -> object:
        """The member `name`; the default where there is one."""
        return self[name] if default is None else default

    def __format__(self, _width: str) -> str:
        return str(self)

    def __int__(self) -> int:
        if self._numbers is None:
            return int(str(self))
        self._numbers.add(self._path)
        return 1

    def __float__(self) -> float:
        return float(int(self))

    capitalize = _kept(str.capitalize)
    casefold = _kept(str.casefold)
    lower = _kept(str.lower)
    lstrip = _kept(str.lstrip)
    removeprefix = _kept(str.removeprefix)
    removesuffix = _kept(str.removesuffix)
    replace = _kept(str.replace)
    rsplit = _all_kept(str.rsplit)
    rstrip = _kept(str.rstrip)
    split = _all_kept(str.split)
    strip = _kept(str.strip)
    swapcase = _kept(str.swapcase)
    title = _kept(str.title)
    translate = _kept(str.translate)
    upper = _kept(str.upper)


class AnyMember(AnyText):
    """A member of something invented, or an output of another stack: it may be a list, too, of two."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return (self.member(f"[{index}]") for index in range(_ITEMS))

    def __getitem__(self, index: Any) -> str:  # noqa: ANN401 - of a list or a text, or a member's name
        return self.member(f"[{index % _ITEMS}]") if isinstance(index, int) else super().__getitem__(index)
