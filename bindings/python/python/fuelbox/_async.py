"""Guests beside the tasks of asyncio."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._native import Execution, Report

_AT_ONCE_SECONDS = 0.001
"""A guest that takes so little runs in the event loop itself: to change threads would take longer."""

_SLICE_SECONDS = 0.02
"""How long a thread runs a guest until it looks whether the task was cancelled."""

_SLEEP_SECONDS = 0.001
"""How often a guest that waits for time or input is looked at."""

_LOOK_SECONDS = 0.05
"""How often a guest that waits for an answer is asked whether it may wait on."""


async def drive(execution: Execution) -> Report:
    """Runs it to its end: in the event loop while it is short, then in threads; its questions in the loop."""
    step = execution.step(_AT_ONCE_SECONDS)
    begun = time.monotonic()
    try:
        while step != "done":
            if step == "asking":
                await _answer(execution)
                # Others have their turn, also where the answer took no time.
                if time.monotonic() - begun > _AT_ONCE_SECONDS:
                    await asyncio.sleep(0)
                    begun = time.monotonic()
                step = execution.step(_AT_ONCE_SECONDS)
            elif step == "waiting":
                await asyncio.sleep(_SLEEP_SECONDS)
                execution.sleep()
                step = execution.step(_AT_ONCE_SECONDS)
            else:
                step = await asyncio.to_thread(execution.step, _SLICE_SECONDS)
    except BaseException:
        # The task was cancelled, perhaps while a thread runs the guest: that ends within the cancel latency.
        execution.cancel_token.cancel()
        raise
    return execution.finish()


async def _answer(execution: Execution) -> None:
    """Awaits the function that the guest calls, as long as the guest may wait."""
    request = execution.request()
    if request is None:
        return
    function = asyncio.ensure_future(request.function.callable(*request.args))
    try:
        while not (await asyncio.wait({function}, timeout=_LOOK_SECONDS))[0]:
            if execution.step(_AT_ONCE_SECONDS) == "done":
                return
        execution.answer(function.result())
    except Exception as error:
        execution.fail(error)
    finally:
        function.cancel()
