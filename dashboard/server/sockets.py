"""Sockets: that answers leave by them at once, who may have a web socket, and the codes with which those are closed."""

import asyncio
import socket as network
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import anyio
import streamlit as st
from starlette.datastructures import Headers
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.state import addresses, streamlit_private
from dashboard.state.visitors import Visitor, Visitors

BAD_MESSAGE, UNKNOWN_VISITOR, FOREIGN = 4400, 4404, 1008
GOODBYE = 1.0  # seconds


async def admitted(socket: WebSocket, visitors: Visitors) -> Visitor | None:
    """The visitor whose socket this is, which is open from now on; None: it is closed, for there is none."""
    origin, host = socket.headers.get("origin"), socket.headers.get("host")
    # In a thread: for a foreign origin Streamlit may ask the network for this machine's address.
    if not await anyio.to_thread.run_sync(is_allowed, origin, host):
        await socket.close(FOREIGN)
        return None
    await socket.accept()
    visitor = visitors.get(socket.path_params["token"])
    if visitor is None:  # after accepting: a browser hides the code of a refused handshake
        await end(socket, UNKNOWN_VISITOR)
    return visitor


async def end(socket: WebSocket, code: int, reason: str = "") -> None:
    """Closes it; it may be closed already, and of one that takes nothing any more nobody waits for it."""
    with anyio.move_on_after(GOODBYE), suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(code, reason)


def is_from_here(headers: Headers) -> bool:
    """Whether a page of this very server asks, or a program, which sends no origin.

    Stricter than Streamlit's check, which trusts every port of this machine: a browser sends a teacher's cookie to all.
    """
    origin, host = headers.get("origin"), headers.get("host")
    if not is_allowed(None, host):
        return False
    with suppress(ValueError):  # an origin that is no address
        return origin is None or urlsplit(origin).netloc == host
    return False


def is_allowed(origin: str | None, host: str | None) -> bool:
    """As Streamlit sees it, which takes every origin to be an address."""
    with suppress(ValueError):
        return streamlit_private.is_origin_allowed(origin, host)
    return False


def names() -> list[str]:
    """By which a class's server may be called, what is told to others first."""
    bound, named = st.get_option("server.address") or "", st.get_option("browser.serverAddress")
    return addresses.hosts(bound, [named] if named != "localhost" else [])


def answer_to_names_only() -> None:
    """Where nobody has said by which names this server may be called: by its own, and by no name of a foreign page.

    The command `actviz` says them to Streamlit at the start; `streamlit run` does not.
    """
    if not st.get_option("server.allowedHosts"):
        streamlit_private.allow_hosts(names())


def send_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """What the loop listens on from now on sends each part of an answer at once.

    Else the second part waits for the receiver's word about the first, which takes 40 ms to come. asyncio sees to that
    for the sockets that it makes; Streamlit brings one, without its protocol's number, by which asyncio would know it.
    """
    if not isinstance(loop, asyncio.BaseEventLoop):  # uvloop knows it by itself
        return
    create = loop.create_server

    async def created(factory: Any, *arguments: Any, **options: Any) -> Any:
        sock = options.get("sock")
        if sock is not None and sock.family in (network.AF_INET, network.AF_INET6):
            sock.setsockopt(network.IPPROTO_TCP, network.TCP_NODELAY, 1)  # those that it accepts inherit it
        return await create(factory, *arguments, **options)

    vars(loop)["create_server"] = created
