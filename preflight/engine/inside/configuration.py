"""Configuration that the program needs and nobody has given: what it gets instead, and what is said of it.

Texts carry the token of a value that could be anything, so whatever the program makes of them decides nothing.
Numbers, flags, and how many members a list or an object has have no room for one. Where they are secret, they are
outputs, which `traces` follows; plain ones leave no trace, and the report says so.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Final

from . import places, stand_ins, texts

if TYPE_CHECKING:
    from types import FrameType

    import pulumi

    from .job import Invented, Job
    from .sources import Source

_OWNER: Final = "configuration"
_REGION_ELSEWHERE: Final = bool(os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"))
_ITEMS: Final = 2
# The ending of an accessor of `pulumi.Config`, the type it reads where no schema says one, and the types it can read.
_ACCESSORS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "": ("string", frozenset({"string"})),
    "bool": ("boolean", frozenset({"boolean"})),
    "int": ("integer", frozenset({"integer"})),
    "float": ("number", frozenset({"integer", "number"})),
    "object": ("object", frozenset({"array", "object"})),
}


class AnyText(str):
    """An invented text that may also be an object: asked for a member, it answers with another such text.

    It may be a number, too: `int(config.require("port"))`. Which ones were read so is in `numbers`.
    """

    __slots__ = ("_path",)

    _path: str
    numbers: ClassVar[set[str]] = set()

    @classmethod
    def of(cls, path: str) -> AnyText:
        """The text for the value at `path`, a configuration key and the members below it."""
        name = re.sub(r"[-_]+(\w)", lambda match: match[1].upper(), re.split(r"[:.]", path)[-1])
        text = cls(texts.taken_apart(_OWNER, name, path) or stand_ins.anything(_OWNER, path))
        text._path = path
        return text

    def __getitem__(self, index: Any) -> str:  # noqa: ANN401 - of a text, or a member's name
        return AnyText.of(f"{self._path}.{index}") if isinstance(index, str) else str(self)[index]

    def get(self, name: str, default: object = None) -> object:
        """The member `name`; the default where there is one."""
        return self[name] if default is None else default

    def __int__(self) -> int:
        AnyText.numbers.add(self._path)
        return 1

    def __float__(self) -> float:
        return float(int(self))


class AnyObject(dict[str, object]):
    """An invented object: it has one member that may be anything, and answers every other name."""

    def __init__(self, path: str) -> None:
        name = AnyText.of(f"{path}.*")
        super().__init__({name: AnyText.of(f"{path}.{name}")})
        self._path = path

    def __missing__(self, name: object) -> str:
        return AnyText.of(f"{self._path}.{name}")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def get(self, name: str, default: Any = None) -> object:  # noqa: ANN401 - as of any mapping
        """The member `name`; the default where there is one, which tells what the program expects."""
        return self[name] if default is None else default


def invented_value(schema: Mapping[str, object], key: str) -> object:
    """A value of the type that `schema` declares, an entry of `config` in Pulumi.yaml (`type` and `items`).

    A flag is set: what a program declares only then is looked at too. A list has two elements.
    """
    kind = schema.get("type")
    if key == places.REGION_KEY:
        return places.ambient_region()
    if kind == "boolean":
        return True
    if kind == "integer":
        return 1
    if kind == "number":
        return 1.0
    if kind == "object":
        return AnyObject(key)
    if kind == "array":
        items = schema.get("items")
        inner = items if isinstance(items, Mapping) else {}
        return [invented_value(inner, f"{key}[{index}]") for index in range(_ITEMS)]
    return AnyText.of(key)


def invented_text(schema: Mapping[str, object], key: str) -> str:
    """The same value as configuration holds it: a text, objects and lists as JSON."""
    value = invented_value(schema, key)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def token(path: str) -> str:
    """The text in place of one value inside an object or a list; `path` is the key and the way to it."""
    return stand_ins.anything(_OWNER, path)


class Reads:
    """Watches what the program reads of configuration, and invents what it requires and is not there."""

    def __init__(self, job: Job, of_frame: Callable[[FrameType | None], Source | None]) -> None:
        """`of_frame` finds the program's line in a call stack."""
        self._of_frame = of_frame
        self._invented: dict[str, Invented] = dict(job.invented)
        self._secret: set[str] = {key for key, one in job.invented.items() if one.secret}
        self._places: dict[str, Source | None] = {}
        self._kinds: dict[str, str] = {}
        self._plain: set[str] = set()
        self._required = job.required
        self.absent: set[str] = set()
        """The keys that are not set and that the program has looked for without requiring them."""

    def install(self, invention: Callable[[], pulumi.Resource]) -> None:
        """Make every `pulumi.Config` of this process answer; `invention` is the source of `traces`."""
        import pulumi

        self._invention = invention

        for name, original in list(vars(pulumi.Config).items()):
            verb, _, rest = name.partition("_")
            secret = rest.startswith("secret")
            accessor = rest.removeprefix("secret").removeprefix("_")
            if verb in {"get", "require"} and accessor in _ACCESSORS:
                wrapper = self._answering(original, accessor, secret=secret, required=verb == "require")
                setattr(pulumi.Config, name, wrapper)

    def frame(self) -> list[dict[str, object]]:
        """Each invented key that the program has read: its type, its text, the line of the first read.

        `plain` says that some read has given it as a plain value and not as an output.
        """
        return [
            {
                "key": key,
                "type": "number" if key in AnyText.numbers else self._kinds[key],
                "secret": key in self._secret,
                "plain": key in self._plain or key in AnyText.numbers,
                "text": invented_text(self._invented[key].schema, key),
                "source": source,
            }
            for key, source in self._places.items()
        ]

    def _answering(
        self, original: Callable[..., Any], accessor: str, *, secret: bool, required: bool
    ) -> Callable[..., Any]:
        kind, readable = _ACCESSORS[accessor]

        @wraps(original)
        def answer(config: Any, key: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the SDK's own
            full = config.full_key(key)
            # Every resource of AWS needs a region, also where the program is content without one.
            regional = full == places.REGION_KEY and not args and not kwargs and not _REGION_ELSEWHERE
            needed = required or regional or full in self._required
            invented = self._invented.get(full) or (self._invent(full, kind) if needed else None)
            if invented is None:
                found = original(config, key, *args, **kwargs)
                if found is None:
                    self.absent.add(full)
                return found
            self._places.setdefault(full, self._of_frame(sys._getframe(1)))
            (self._secret if secret else self._plain).add(full)
            declared = str(invented.schema.get("type") or "string")
            if self._kinds.get(full, "string") == "string":
                self._kinds[full] = kind if declared == "string" else declared
            # A text may be written as what it is read as; what the schema knows to be no text is read as it stands.
            if not invented.whole or (declared != "string" and declared not in readable):
                return original(config, key, *args, **kwargs)
            schema = invented.schema if declared in readable else {"type": kind}
            value = invented_value(schema, full)
            return self._as_secret(value) if secret else value

        return answer

    def _as_secret(self, value: object) -> pulumi.Output[Any]:
        """A secret output; not by `Output.secret`, which would make a plain dictionary of an answering one."""
        import pulumi

        data: asyncio.Future[Any] = asyncio.Future()
        data.set_result(value)
        true: asyncio.Future[bool] = asyncio.Future()
        true.set_result(True)
        return pulumi.Output(set() if isinstance(value, str) else {self._invention()}, data, true, true)

    def _invent(self, key: str, kind: str) -> Invented | None:
        """Take a key for missing that is not set; None for one that is."""
        from pulumi.runtime import config

        from .job import Invented

        if config.get_config(key) is not None:
            return None
        self._invented[key] = Invented({"type": kind}, secret=False, whole=True)
        # A later `get` finds what `require` has found.
        config.set_config(key, invented_text({"type": kind}, key))
        return self._invented[key]
