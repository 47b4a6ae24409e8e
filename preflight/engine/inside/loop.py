"""An event loop that answers the SDK's calls to the engine on the spot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Executor

_Answer = TypeVar("_Answer")

_SDK: Final = "pulumi.runtime"


class InlineLoop(asyncio.SelectorEventLoop):
    """Runs what the SDK's runtime hands to an executor at once; what a program hands over keeps its thread.

    The SDK calls the engine from worker threads. Here the engine is an object that answers in microseconds, and
    answers that trickle in from threads make the SDK's waiting quadratic in the number of resources. An answer may be
    a coroutine (transforms are the program's own code and may await): it is then awaited on the loop.
    """

    # The signature that is overridden can be written from Python 3.11 on.
    def run_in_executor(  # type: ignore[override]
        self,
        executor: Executor | None,
        func: Callable[..., _Answer],
        *args: Any,  # noqa: ANN401 - whatever `func` takes
    ) -> asyncio.Future[_Answer]:
        """Run `func` now if it belongs to the SDK's runtime, else in a thread as usual."""
        if not (getattr(func, "__module__", None) or "").startswith(_SDK):
            return super().run_in_executor(executor, func, *args)
        # What the caller awaits is of the declared type, whether the answer comes at once or by way of a task.
        future: asyncio.Future[Any] = self.create_future()
        try:
            answer = func(*args)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the caller that awaits
            future.set_exception(error)
            return future
        if asyncio.iscoroutine(answer):
            return self.create_task(answer)
        # Invokes answer in pairs of result and error.
        if isinstance(answer, tuple) and answer and asyncio.iscoroutine(answer[0]):
            pair: Coroutine[Any, Any, Any] = _first_awaited(answer)
            return self.create_task(pair)
        future.set_result(answer)
        return future


async def _first_awaited(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    return (await answer[0], *answer[1:])
