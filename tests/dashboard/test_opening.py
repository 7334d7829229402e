"""Thirty people in the second after the start: a real server, and sessions that speak Streamlit's protocol."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.visitor import Visitor


def run_aside(journey: Coroutine):
    """What comes of it, on a thread of its own.

    In this one Playwright's loop is running once a browser has been opened.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, journey).result()


async def crowd(port: int) -> list[Visitor]:
    """Thirty open the pages at once, then all of them on Explore press Start at once."""
    visitors = [Visitor(port, page) for page in ("explore", "compare", "gallery") for _ in range(10)]
    await asyncio.gather(*(visitor.open() for visitor in visitors))
    await asyncio.gather(*(visitor.press("Start") for visitor in visitors if visitor.page == "explore"))
    for visitor in visitors:
        await visitor.socket.close()
    return visitors


async def refusal(address: str, size: int) -> int:
    """The code with which a message of that size ends the connection."""
    async with connect(address, max_size=None) as socket:
        with pytest.raises(ConnectionClosed) as ended:  # while it is being sent, or afterwards
            await socket.send("x" * size)
            await socket.recv()
        return ended.value.rcvd.code


def test_thirty_at_once_meet_nothing_half_made(server):
    visitors = run_aside(crowd(server.port))
    assert [visitor.exceptions for visitor in visitors if visitor.exceptions] == []
    assert all(len(visitor.viewer["runs"]) == 1 for visitor in visitors if visitor.page == "explore")
    assert server.late == []
    assert "Traceback" not in server.text()
    assert run_aside(refusal(f"ws://127.0.0.1:{server.port}{visitors[0].viewer['live']}", 17 * 2**20)) == 1009, (
        "it takes any message into memory"
    )
