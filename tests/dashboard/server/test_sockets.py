"""The sockets of the server."""

import asyncio
import socket

import pytest
from starlette.websockets import WebSocketDisconnect

from dashboard.server import sockets
from dashboard.server.sockets import send_at_once


async def delays(at_once: bool) -> bool:
    """Whether what is accepted by a socket like Streamlit's, which says no protocol, holds small answers back."""
    loop, accepted = asyncio.get_running_loop(), asyncio.Event()
    held_back = []

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport):
            own = transport.get_extra_info("socket")
            held_back.append(not own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            accepted.set()
            transport.close()

    if at_once:
        send_at_once(loop)
    listening = socket.socket(family=socket.AF_INET)
    listening.bind(("127.0.0.1", 0))
    listening.setblocking(False)
    server = await loop.create_server(Protocol, sock=listening)
    _, writer = await asyncio.open_connection(*listening.getsockname())
    await asyncio.wait_for(accepted.wait(), 20)
    writer.close()
    server.close()
    return held_back == [True]


def test_small_answers_leave_at_once():
    assert asyncio.run(delays(at_once=False)), "asyncio sees to it by itself"
    assert not asyncio.run(delays(at_once=True))


class Socket:
    """One whose other end is gone, or takes nothing any more."""

    def __init__(self, close):
        self.close = close


@pytest.mark.parametrize("problem", [WebSocketDisconnect(1006), RuntimeError("it is closed"), None])
def test_of_a_socket_that_is_ended_nobody_hears_that_it_was_gone(problem, monkeypatch):
    monkeypatch.setattr(sockets, "GOODBYE", 0.01)
    told = []

    async def close(code, reason):
        told.append((code, reason))
        if problem:
            raise problem
        await asyncio.Event().wait()

    asyncio.run(sockets.end(Socket(close), 4404, "gone"))
    assert told == [(4404, "gone")]
