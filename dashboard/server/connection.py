"""One viewer's socket: sends it what is new as fast as it can take it, and does what it wishes.

Client -> server, JSON text, any of:  {"watch": {run: last iteration received, ...}}   {"ack": seq}
                                      {"wish": "pause" | "resume" | "step" | "cancel", "run": run}
Server -> client: binary messages, see feed.py; an empty one where nothing was sent for a while.
"""

import asyncio
import json
import time
from contextlib import suppress

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.server.feed import Feed
from dashboard.server.sockets import BAD_MESSAGE, UNKNOWN_VISITOR, end
from dashboard.server.window import Window
from dashboard.state.visitors import Visitor

WISHES = ("pause", "resume", "step", "cancel")
MESSAGE_LENGTH, WATCHED = 16_384, 64
# Seconds after which a word is due: a network that is cut says nothing, and a run may have nothing to say.
SILENCE = 2.0
FASTEST = 1 / 60  # seconds between two messages about one run: no screen shows more


def parse(text: str | None) -> dict:
    """A client's message; ValueError when it is none."""
    if text is None or len(text) > MESSAGE_LENGTH:
        raise ValueError("not a text, or too long")
    try:
        message = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(message, dict):
        raise ValueError("not an object")
    watch, ack, wish, run = (message.get(name) for name in ("watch", "ack", "wish", "run"))
    good_watch = watch is None or (
        isinstance(watch, dict) and len(watch) <= WATCHED and all(isinstance(last, int) for last in watch.values())
    )
    if not (good_watch and isinstance(ack, int | None) and wish in (None, *WISHES) and isinstance(run, str | None)):
        raise ValueError("not a message of this protocol")
    return message


class Connection:
    """One viewer's socket. Everything here happens on the event loop's thread, but for packing the messages."""

    def __init__(self, socket: WebSocket, visitor: Visitor, packers: anyio.CapacityLimiter) -> None:
        self.socket, self.visitor, self.packers = socket, visitor, packers
        self.feeds: dict[str, Feed] = {}
        self.window, self.seq = Window(), 0
        self.loop, self.changed = asyncio.get_running_loop(), asyncio.Event()

    async def serve(self) -> None:
        with self.visitor.viewing():
            try:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self.send)
                    await self.receive()
                    tasks.cancel_scope.cancel()
            finally:
                self.watch({})

    async def receive(self) -> None:
        while (event := await self.socket.receive())["type"] != "websocket.disconnect":
            try:
                self.obey(parse(event.get("text")))
            except ValueError:
                await end(self.socket, BAD_MESSAGE)
                return

    def obey(self, message: dict) -> None:
        if self.visitor.released:
            return
        if message.get("ack") is not None:
            self.window.ack(message["ack"], time.monotonic())
        if message.get("watch") is not None:
            self.watch(message["watch"])
        entry = self.visitor.get(message.get("run", ""))
        if entry is not None and message.get("wish"):
            self.visitor.wish(entry.run, message["wish"])
        self.changed.set()

    def watch(self, wanted: dict[str, int]) -> None:
        """What is already watched goes on; runs that are not this visitor's do not exist."""
        for key in set(self.feeds) - set(wanted):
            run = self.feeds.pop(key).run
            run.listeners = tuple(listener for listener in run.listeners if listener != self.wake)
        for key in set(wanted) - set(self.feeds):
            entry = self.visitor.get(key)
            if entry is not None:
                entry.run.listeners += (self.wake,)
                self.feeds[key] = Feed(entry, wanted[key])

    def wake(self) -> None:
        """Called by the scheduler's thread, which must never fail because of a viewer."""
        with suppress(RuntimeError):  # the server is shutting down, its loop is closed
            self.loop.call_soon_threadsafe(self.changed.set)

    def next(self) -> Feed | None:
        """Changes of status pass at once; pictures and points when the window is open, each run in turn."""
        feeds = [feed for feed in self.feeds.values() if feed.urgent or (feed.due and self.window.open)]
        return min(feeds, key=lambda feed: (not feed.urgent, feed.turn), default=None)

    async def send(self) -> None:
        while not self.visitor.released:
            with anyio.move_on_after(SILENCE) as silence:
                await self.changed.wait()
            if silence.cancelled_caught and not await self.sent(b""):
                return
            self.changed.clear()
            while (feed := self.next()) is not None:
                self.seq += 1
                message, pictured = await anyio.to_thread.run_sync(feed.message, self.seq, limiter=self.packers)
                self.window.send(self.seq, time.monotonic(), timed=pictured)
                if not await self.sent(message):
                    return
                await asyncio.sleep(FASTEST / max(1, len(self.feeds)))
        await end(self.socket, UNKNOWN_VISITOR)

    async def sent(self, message: bytes) -> bool:
        """False: the viewer is gone, and `receive` hears of it too."""
        try:
            await self.socket.send_bytes(message)
        except (WebSocketDisconnect, RuntimeError):
            return False
        return True
