"""Configuration that the program needs and nobody has given: what it gets instead, and what is said of it.

Texts carry the token of a value that could be anything, so whatever the program makes of them decides nothing.
Numbers, flags, and how many members a list or an object has have no room for one. Where they are secret, they are
outputs, which `traces` follows; plain ones leave no trace, and the report says so.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from . import places
from .invented_configuration import invented_text, invented_value

if TYPE_CHECKING:
    from types import FrameType

    import pulumi

    from .invented import Hangs
    from .job import Invented, Job
    from .sources import Source

# The ending of an accessor of `pulumi.Config`, the type it reads where no schema says one, and the types it can read.
_ACCESSORS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "": ("string", frozenset({"string"})),
    "bool": ("boolean", frozenset({"boolean"})),
    "int": ("integer", frozenset({"integer"})),
    "float": ("number", frozenset({"integer", "number"})),
    "object": ("object", frozenset({"array", "object"})),
}
# The types whose plain values have room for a token.
_MARKABLE: Final = frozenset({"string", "object"})


class Reads:
    """Watches what the program reads of configuration, and invents what it requires and is not there."""

    def __init__(
        self, job: Job, of_frame: Callable[[FrameType | None], Source | None], read_as_secret: Callable[[str], None]
    ) -> None:
        """`of_frame` finds the program's line in a call stack.

        `read_as_secret` is told each given text that the program reads as a secret, however it was stored.
        """
        self._job = job
        self._of_frame = of_frame
        self._read_as_secret = read_as_secret
        self._invented: dict[str, Invented] = dict(job.invented)
        self._secret: set[str] = {key for key, one in job.invented.items() if one.secret}
        self._places: dict[str, Source | None] = {}
        self._kinds: dict[str, str] = {}
        self._plain: set[str] = set()
        self._numbers: set[str] = set()
        self._region_elsewhere = bool(os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"))
        self.secret: set[str] = set()
        """The given keys that the program reads as secrets, however they were stored."""
        self.absent: set[str] = set()
        """The keys that are not set and that the program has looked for without requiring them, so that an invented
        value could be marked."""

    def install(self, invention: Callable[[Hangs], pulumi.Resource]) -> None:
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
                "type": "number" if key in self._numbers else self._kinds[key],
                "secret": key in self._secret,
                "plain": key in self._plain or self._read_as_number(key),
                "text": invented_text(self._invented[key].schema, key),
                "source": source,
            }
            for key, source in self._places.items()
        ]

    def _read_as_number(self, key: str) -> bool:
        return any(path == key or path.startswith((f"{key}.", f"{key}[")) for path in self._numbers)

    def _answering(
        self, original: Callable[..., Any], accessor: str, *, secret: bool, required: bool
    ) -> Callable[..., Any]:
        kind, readable = _ACCESSORS[accessor]
        markable = secret or kind in _MARKABLE

        @wraps(original)
        def answer(config: Any, key: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the SDK's own
            full = config.full_key(key)
            given = self._job.config.get(full) if secret and not self._job.has_invented(full) else None
            if given is not None:
                self._read_as_secret(given)
                self.secret.add(full)
            # Every resource of AWS needs a region, also where the program is content without one.
            regional = full == places.REGION_KEY and not args and not kwargs and not self._region_elsewhere
            needed = required or regional or (markable and full in self._job.required)
            invented = self._invented.get(full) or (self._invent(full, kind) if needed else None)
            if invented is None:
                found = original(config, key, *args, **kwargs)
                if found is None and markable:
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
            value = invented_value(schema, full, self._numbers)
            return self._as_secret(value) if secret else value

        return answer

    def _as_secret(self, value: Any) -> pulumi.Output[Any]:  # noqa: ANN401 - of any type
        """A secret output; not by `Output.secret`, which would make a plain dictionary of an answering one."""
        import pulumi

        from .invented import hanging

        data: asyncio.Future[Any] = asyncio.Future()
        data.set_result(value)
        true: asyncio.Future[bool] = asyncio.Future()
        true.set_result(True)
        # An answering dictionary would say of any name that it has it.
        hangs = hanging(dict(value) if isinstance(value, dict) else value)
        return pulumi.Output({self._invention(hangs)} if hangs else set(), data, true, true)

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
