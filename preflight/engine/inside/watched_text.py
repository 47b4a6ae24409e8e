"""Invented texts in a program's hands, which notice when the program looks at what they are.

What a program makes of a text still holds the token, and is told for an invention by it. A comparison does not
(`if name == "prod"`), nor does what cuts the token away: what follows from these is a guess, as it is of a flag.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from . import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

_ASKING: Final = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__len__", "count", "endswith", "rfind", "rindex"),
    *("isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable"),
    *("isspace", "istitle", "isupper"),
)
# The form of a text in front of its token is certain: that a URL begins with `https://`, an ARN with `arn:`.
_FINDING: Final = ("__contains__", "find", "index", "startswith")
_CHANGING: Final = (
    *("__getitem__", "capitalize", "casefold", "lower", "lstrip", "partition", "removeprefix", "removesuffix"),
    *("replace", "rpartition", "rsplit", "rstrip", "split", "splitlines", "strip", "swapcase", "title", "translate"),
    "upper",
)


class WatchedText(str):
    """A text with a token. `looked` is called with the frame that has asked what the text is."""

    __slots__ = ()

    looked: Callable[[FrameType], None] = staticmethod(lambda _frame: None)

    __hash__ = str.__hash__

    def __bool__(self) -> bool:
        # That there is a text is certain.
        return True

    def __iter__(self) -> Iterator[str]:
        WatchedText.looked(sys._getframe(1))
        return iter(str(self))


def watched(value: object) -> object:
    """A text with a token as a `WatchedText`; anything else as it is."""
    return WatchedText(value) if type(value) is str and stand_ins.RECOGNISED.search(value) else value


def install(looked: Callable[[FrameType], None]) -> None:
    """Hand such texts to the program where the SDK takes in what the engine answers; `looked` is told of its asking."""
    WatchedText.looked = staticmethod(looked)
    module: Any = sys.modules["pulumi.runtime.rpc"]
    original: Callable[..., object] = module.translate_output_properties

    # The SDK calls itself by this name for what is inside.
    @wraps(original)
    def translate_output_properties(*args: Any, **options: Any) -> object:  # noqa: ANN401 - the SDK's
        return watched(original(*args, **options))

    module.translate_output_properties = translate_output_properties
    with suppress(ImportError):
        import yaml  # the SDK brings it; it writes no class of text that it has not been told of

        yaml.SafeDumper.add_multi_representer(WatchedText, lambda dumper, text: dumper.represent_str(str(text)))
        yaml.Dumper.add_multi_representer(WatchedText, lambda dumper, text: dumper.represent_str(str(text)))


def _asking(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def method(self: WatchedText, *args: Any) -> Any:  # noqa: ANN401 - the method's own
        WatchedText.looked(sys._getframe(1))
        return original(self, *args)

    return method


def _finding(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def method(self: WatchedText, *args: Any) -> Any:  # noqa: ANN401
        text = str(self)
        token = stand_ins.RECOGNISED.search(text)
        sought = args[0] if args and isinstance(args[0], str) else ""
        if not sought or not token or str(sought) not in text[: token.start()]:
            WatchedText.looked(sys._getframe(1))
        return original(self, *args)

    return method


def _changing(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def method(self: WatchedText, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        result = original(self, *args, **options)
        parts: Iterable[str] = (result,) if isinstance(result, str) else result
        if not any(map(stand_ins.RECOGNISED.search, parts)):
            WatchedText.looked(sys._getframe(1))
        return watched(result) if isinstance(result, str) else type(result)(map(watched, result))

    return method


for _kind, _names in ((_asking, _ASKING), (_finding, _FINDING), (_changing, _CHANGING)):
    for _name in _names:
        setattr(WatchedText, _name, _kind(getattr(str, _name)))
