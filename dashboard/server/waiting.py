"""Waiting for what the owner of the device does, without a thread that waits."""

import asyncio
from typing import Any

from actviz_core import Result, Task
from dashboard.state import services


async def answered(task: Task, whom: str) -> Any:
    """What comes of a task; raises what the owner could not do."""
    result, loop, done = services.scheduler().submit(task, whom=whom), asyncio.get_running_loop(), asyncio.Event()

    def tell(_result: Result) -> None:
        loop.call_soon_threadsafe(done.set)

    result.then(tell)
    await done.wait()
    return result.get()
