"""Callbacks of `apply` that raise: their result becomes unknown, the user is told, and the run goes on.

Stand-ins are not what a provider would return, so a callback that takes a value apart may fail here and work in
earnest. Whatever it would have declared is then missing, which is why it is never passed over in silence.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi.output import UNKNOWN

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from .channel import Channel
    from .sources import Source, Sources
    from .traces import Traces

KIND: Final = "apply-raised"


class _Reporter:
    """Tells about each place that raised once per type of exception; never with the exception's own text."""

    def __init__(self, channel: Channel, sources: Sources) -> None:
        self._channel = channel
        self._sources = sources
        self._told: set[tuple[str, str, object]] = set()

    def place(self, callback: Callable[..., object], caller: FrameType) -> Source | None:
        """Where the program called `apply`, for callbacks whose traceback will not show a frame of the program."""
        code = getattr(callback, "__code__", None)
        if code is not None and self._sources.relative(code.co_filename) is not None:
            return None
        return self._sources.of_frame(caller)

    def tell(self, error: Exception, called: Source | None) -> None:
        source = self._innermost(error.__traceback__) or called
        type_ = type(error).__name__
        key = (type_, str(source["file"]) if source else "", source["line"] if source else 0)
        if key in self._told:
            return
        self._told.add(key)
        self._channel.notice(
            KIND,
            f"a function given to apply raised {type_}, perhaps because it was given an invented value; its result is"
            " taken as unknown, and resources that it declares may be missing here",
            source=source,
        )

    def _innermost(self, traceback: TracebackType | None) -> Source | None:
        found: Source | None = None
        while traceback is not None:
            file = self._sources.relative(traceback.tb_frame.f_code.co_filename)
            if file is not None:
                found = {"file": file, "line": traceback.tb_lineno}
            traceback = traceback.tb_next
        return found


def install(channel: Channel, sources: Sources, traces: Traces) -> None:
    """Make every `apply` of this process (and so `concat`, `format` and what else is built on it) survive.

    Only `Exception`s are taken: `sys.exit` and an interrupt still end the program.
    """
    output: Any = pulumi.Output
    original: Callable[..., pulumi.Output[Any]] = output.apply
    reporter = _Reporter(channel, sources)
    # The SDK's own recursion into inputs: the callback of most applies, and none that the program wrote.
    recursion = output.from_input

    @wraps(original)
    def apply(
        self: pulumi.Output[Any],
        func: Callable[[Any], object],
        run_with_unknowns: bool = False,  # noqa: FBT001, FBT002 - the SDK's signature
    ) -> pulumi.Output[Any]:
        if func is recursion:
            return original(self, func, run_with_unknowns)
        caller = inspect.currentframe()
        called = reporter.place(func, caller.f_back) if caller is not None and caller.f_back is not None else None

        async def rescued_later(result: Awaitable[Any]) -> object:
            try:
                return await result
            except Exception as error:  # noqa: BLE001 - a program may raise anything
                reporter.tell(error, called)
                return UNKNOWN

        def rescued(value: Any) -> object:  # noqa: ANN401 - whatever the output holds
            try:
                return traces.watched(self, func, value, rescued_later)
            except Exception as error:  # noqa: BLE001 - a program may raise anything
                reporter.tell(error, called)
                return UNKNOWN

        return original(self, rescued, run_with_unknowns)

    output.apply = apply
