"""The camera's socket: a frame of a visitor's camera comes in, what a layer answers to it goes back.

Client -> server: JSON text {"layer": name}, the layer from now on; binary, a frame as JPEG.
Server -> client: for each frame a sheet, binary (layers.py), or JSON text {"error": sentence}. A frame that comes
while one is computed waits, in place of the one that waited before, which is not answered.

Frames are in memory only, seen by nobody else, and gone with the socket.
"""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import numpy as np
from jaxtyping import UInt8
from starlette.websockets import WebSocket, WebSocketDisconnect

from actviz_core import ActvizError, FeatureMaps, LayerMaps, ModelHandle, framing, photographs
from dashboard.server.sockets import BAD_MESSAGE, admitted, end
from dashboard.server.waiting import answered
from dashboard.state import services
from dashboard.state.visitors import Visitor, Visitors

LARGEST_FRAME = 2**18  # bytes
LARGEST_PICTURE = 1280 * 1280  # pixels: the longest side of a photo on the page, squared
LONGEST_TEXT = 1024  # letters
MOST_A_SECOND = 240  # messages; a camera has 60 frames at most
TOO_MANY = "This page sends more frames than can be looked at. Reload it."
ELSEWHERE = "The camera is used by another tab of this page."
NO_PROTOCOL = "What this page sends is not understood. Reload it."

T = TypeVar("T")
Pack = Callable[[FeatureMaps, ModelHandle, tuple[int, int], int], bytes]


def picture_of(frame: bytes, size: tuple[int, int]) -> UInt8[np.ndarray, "height width 3"]:
    """A frame as a network for pictures of that size sees it: its middle. Raises ActvizError for what is no picture."""
    pixels = photographs.read(frame, LARGEST_PICTURE)
    return framing.framed(pixels, framing.whole(pixels.shape[0], pixels.shape[1], size), size)


class Cameras:
    """The cameras of all visitors: one of each."""

    def __init__(self, visitors: Visitors, pack: Pack) -> None:
        self.visitors, self.pack = visitors, pack
        self.decoders = anyio.CapacityLimiter(2)  # their own: nothing else waits for frames, nor frames for it
        self.readers = anyio.CapacityLimiter(1)  # of what is posted
        self.open: dict[str, Camera] = {}

    async def decoded(self, read: Callable[..., T], *arguments: Any) -> T:
        """What comes of reading a frame, in a thread of those that are for it."""
        return await anyio.to_thread.run_sync(read, *arguments, limiter=self.decoders)

    async def posted(self, read: Callable[..., T], *arguments: Any) -> T:
        """What comes of reading a picture that was posted: no camera waits for it."""
        return await anyio.to_thread.run_sync(read, *arguments, limiter=self.readers)

    async def socket(self, socket: WebSocket) -> None:
        visitor = await admitted(socket, self.visitors)
        if visitor is None:
            return
        before = self.open.get(visitor.token)
        camera = self.open[visitor.token] = Camera(socket, visitor, self)  # before anything is waited for: one of each
        if before is not None:
            await end(before.socket, BAD_MESSAGE, ELSEWHERE)
        try:
            await camera.serve()
        finally:
            if self.open.get(visitor.token) is camera:
                del self.open[visitor.token]


class Camera:
    """One socket. `frame`: what waits to be looked at."""

    def __init__(self, socket: WebSocket, visitor: Visitor, cameras: Cameras) -> None:
        self.socket, self.visitor, self.cameras = socket, visitor, cameras
        self.layer, self.number = "", 0
        self.frame: bytes | None = None
        self.changed = asyncio.Event()
        self.second, self.messages = time.monotonic(), 0

    async def serve(self) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.answer)
            await self.receive()
            tasks.cancel_scope.cancel()

    async def sent(self, message: bytes | str) -> bool:
        """False: who had the camera is gone, and `receive` hears of it too."""
        try:
            await (self.socket.send_text(message) if isinstance(message, str) else self.socket.send_bytes(message))
        except (WebSocketDisconnect, RuntimeError):
            return False
        return True

    async def receive(self) -> None:
        while (event := await self.socket.receive())["type"] != "websocket.disconnect":
            problem = self.take(event.get("text"), event.get("bytes"))
            if problem:
                await end(self.socket, BAD_MESSAGE, problem)
                return

    def take(self, text: str | None, frame: bytes | None) -> str:
        """A message; what is wrong with it so that no other is heard."""
        now = time.monotonic()
        if now - self.second >= 1:
            self.second, self.messages = now, 0
        self.messages += 1
        if self.messages > MOST_A_SECOND:
            return TOO_MANY
        if text is None:
            self.frame = frame or b""
            self.changed.set()
            return ""
        layer = layer_in(text)
        if layer is None:
            return NO_PROTOCOL
        self.layer = layer
        return ""

    async def answer(self) -> None:
        """Looks at one frame after the other, the newest next."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            frame, self.frame = self.frame, None
            if frame is None:
                continue
            try:
                message: bytes | str = await self.looked_at(frame)
            except ActvizError as problem:
                text = str(problem)
                message = json.dumps({"error": text[:1].upper() + text[1:]})
            if not await self.sent(message):
                return

    async def looked_at(self, frame: bytes) -> bytes:
        if self.visitor.released or self.visitor.state is None:
            raise ActvizError("this page is no longer known to the server: reload it.")
        if not self.layer:
            raise ActvizError("no layer is chosen: choose one in the chart.")
        if len(frame) > LARGEST_FRAME:
            raise ActvizError(f"the frame has more than {LARGEST_FRAME // 1024} kB, the most that is looked at.")
        spec = self.visitor.state.recipe.spec
        model = services.known_model(spec.model, spec.weights)
        if model is None:
            raise ActvizError("the network is not loaded: reload this page.")
        size = (model.height, model.width)
        pixels = await self.cameras.decoded(picture_of, frame, size)
        maps = await answered(LayerMaps(model.network, pixels, self.layer), f"{self.visitor.token} camera")
        self.number += 1
        return await self.cameras.decoded(self.cameras.pack, maps, model, size, self.number)


def layer_in(text: str) -> str | None:
    """The layer that a message names; None where it is none of this protocol."""
    if len(text) > LONGEST_TEXT:
        return None
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    layer = asked.get("layer") if isinstance(asked, dict) else None
    return layer if isinstance(layer, str) else None
