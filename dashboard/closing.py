"""The closing: SIGTERM ends the server within seconds, whatever is open, and leaves nothing of its visitors behind."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import streamlit as st

from dashboard.server import sockets
from dashboard.state import folders, streamlit_private

GRACE = 4.0  # seconds for sockets and requests to end by themselves
ALL = ("0.0.0.0", "::")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """While the server lives; begins when its signal handlers stand."""
    address = st.get_option("server.address")
    # Streamlit's own greeting asks a server outside for this machine's address (.streamlit/config.toml switches it
    # off).
    print(
        f"\n  actviz is at {streamlit_private.url_of('localhost' if not address or address in ALL else address)}\n",
        flush=True,
    )
    sockets.send_at_once(asyncio.get_running_loop())
    for number in (signal.SIGTERM, signal.SIGINT):
        bounded(number)
    yield
    folders.clear()


def bounded(number: int) -> None:
    """The signal's handler stays; but once the signal has come, the process ends after the grace, come what may.

    The server waits for every request, with no bound of its own: for an export that takes a minute, a download that
    somebody reads slowly, a thread that computes.
    """
    before = signal.getsignal(number)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        return

    def end() -> None:
        folders.clear()
        os._exit(128 + number)

    def handler(number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(GRACE, end)
        timer.daemon = True
        timer.start()
        before(number, frame)

    signal.signal(number, handler)
