"""Waiting for what the owner of the device does, without a thread that waits."""

import asyncio
from typing import Any

from actviz_core import Result, Run, Task
from dashboard.state import services


async def answered(task: Task, whom: str) -> Any:
    """What comes of a task; raises what the owner could not do."""
    result, loop, done = services.scheduler().submit(task, whom=whom), asyncio.get_running_loop(), asyncio.Event()

    def tell(_result: Result) -> None:
        loop.call_soon_threadsafe(done.set)

    result.then(tell)
    await done.wait()
    return result.get()


async def ended(run: Run) -> None:
    """Until the run has ended."""
    loop, news = asyncio.get_running_loop(), asyncio.Event()

    def tell() -> None:
        loop.call_soon_threadsafe(news.set)

    run.listeners += (tell,)
    try:
        while not run.ended:
            await news.wait()
            news.clear()
    finally:
        run.listeners = tuple(listener for listener in run.listeners if listener is not tell)
