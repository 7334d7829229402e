"""The closing: SIGTERM ends the server within seconds, whatever is open, and leaves nothing of its visitors behind."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import streamlit as st

from actviz_core.memory import KEEPER
from dashboard.server import sockets
from dashboard.server.wall import join_link
from dashboard.state import addresses, folders, streamlit_private
from dashboard.state.class_file import CLASS_FILE
from dashboard.state.classroom import CLASSROOM

GRACE = 4.0  # seconds for sockets and requests to end by themselves
TIDIES = 60.0  # seconds between two moments at which free memory goes back to the system: 20 to 50 ms with thirty runs


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """While the server lives; begins when its signal handlers stand."""
    # Streamlit's own greeting asks a server outside for this machine's address (.streamlit/config.toml switches it
    # off).
    print(f"\n  actviz is at {url()}\n", flush=True)
    if CLASSROOM.open:
        print(invitation(url()), flush=True)
        CLASS_FILE.keep()
    sockets.send_at_once(asyncio.get_running_loop())
    for number in (signal.SIGTERM, signal.SIGINT):
        bounded(number)
    tidying = asyncio.create_task(tidy())
    yield
    tidying.cancel()
    clear()


async def tidy(every: float = TIDIES) -> None:
    """Without end: what runs have freed and nobody uses is the system's again."""
    while True:
        await asyncio.sleep(every)
        await asyncio.to_thread(KEEPER.give_back)


def clear() -> None:
    """The class is kept for a server that is started again; what visitors gave is gone."""
    if CLASSROOM.open:
        CLASS_FILE.close()
    folders.clear()


def url() -> str:
    """Where this server is, for those who are to come: for others where it has a class, else for this machine."""
    if CLASSROOM.open:
        return streamlit_private.url_of(sockets.names()[0])
    bound = st.get_option("server.address") or ""
    return streamlit_private.url_of("localhost" if bound in addresses.ALL else bound)


def invitation(url: str) -> str:
    """What whoever starts a class has to know."""
    code = f"{CLASSROOM.code[:3]} {CLASSROOM.code[3:]}"
    return (
        f"  To join the class:       {join_link(url, CLASSROOM)}\n"
        f"  or, at {url}, with the code {code}\n\n"
        f"  For the teacher only:    {url}/class#{CLASSROOM.teacher_token}\n\n"
        "  Names and answers of the class are forgotten when the teacher ends it, or 12 hours after its last sign of "
        "life.\n"
    )


def bounded(number: int) -> None:
    """The signal's handler stays; but once the signal has come, the process ends after the grace, come what may.

    The server waits for every request, with no bound of its own: for an export that takes a minute, a download that
    somebody reads slowly, a thread that computes.
    """
    before = signal.getsignal(number)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        return

    def end() -> None:
        clear()
        os._exit(128 + number)

    def handler(number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(GRACE, end)
        timer.daemon = True
        timer.start()
        before(number, frame)

    signal.signal(number, handler)
