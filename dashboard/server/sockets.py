"""Sockets: who may have one, and the codes with which they are closed."""

import anyio
from starlette.websockets import WebSocket

from dashboard.state import streamlit_private
from dashboard.state.visitors import Visitor, Visitors

BAD_MESSAGE, UNKNOWN_VISITOR, FOREIGN = 4400, 4404, 1008


async def admitted(socket: WebSocket, visitors: Visitors) -> Visitor | None:
    """The visitor whose socket this is, which is open from now on; None: it is closed, for there is none."""
    origin, host = socket.headers.get("origin"), socket.headers.get("host")
    # In a thread: for a foreign origin Streamlit may ask the network for this machine's address.
    if not await anyio.to_thread.run_sync(streamlit_private.is_origin_allowed, origin, host):
        await socket.close(FOREIGN)
        return None
    await socket.accept()
    visitor = visitors.get(socket.path_params["token"])
    if visitor is None:  # after accepting: a browser hides the code of a refused handshake
        await socket.close(UNKNOWN_VISITOR)
    return visitor
