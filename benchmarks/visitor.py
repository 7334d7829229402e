"""A visitor of a server by scripts: a real session over loopback that speaks Streamlit's protocol, and the routes'."""

import asyncio
import contextlib
import json
import math
import re
import struct
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from benchmarks.server import PATIENCE

SHOWN = ("actviz_viewer", "actviz_gallery", "actviz_explain")  # the components whose data are of interest here


class Visitor:
    """One session: what a browser would send, and what of the answers matters here."""

    def __init__(self, port: int, page: str, query: str = "") -> None:
        self.port, self.page, self.query = port, page, query
        self.exceptions: list[str] = []
        self.buttons: dict[str, str] = {}  # label -> id
        self.viewer: dict = {}  # what the page told its component last
        self.panel: dict = {}  # what it told that of the unit
        self.pictures: list[tuple[float, int]] = []  # (when, iteration)
        self.mapped = 0.0  # when its map was there
        self.answered = self.synthesized = 0.0  # when the unit's images were, and its picture

    async def open(self) -> float:
        """Seconds until the page is there, all of it."""
        began = time.perf_counter()
        self.socket = await connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=PATIENCE,
        )
        await self.run()
        return time.perf_counter() - began

    async def begin_welcome(self) -> None:
        """Has the first picture begin, where the page offers one, as a browser does; the viewer shows it."""
        if address := self.viewer.get("welcome"):
            async with self.asking() as ask:
                told = await ask(address, "POST")
            if ask.status == 200:
                self.viewer = self.viewer | {"runs": [json.loads(told)]}

    async def welcomed(self) -> tuple[float, float]:
        """Seconds until the page is there, and until its first picture that nobody has asked for."""
        began, usable = time.perf_counter(), await self.open()
        await self.begin_welcome()
        watching = asyncio.create_task(self.watch())
        while not self.pictures and self.viewer["runs"] and time.perf_counter() < began + PATIENCE:
            await asyncio.sleep(0.02)
        watching.cancel()
        first = self.pictures[0][0] - began if self.pictures else math.nan
        self.pictures = []
        return usable, first

    async def press(self, label: str) -> float:
        """Seconds until the page has obeyed."""
        began = time.perf_counter()
        await self.run(self.buttons[label])
        return time.perf_counter() - began

    async def run(self, pressed: str = "") -> None:
        message = BackMsg()
        page = "explore" if self.page == "unit" else self.page
        message.rerun_script.page_name, message.rerun_script.query_string = page, self.query
        message.rerun_script.context_info.url = f"http://127.0.0.1:{self.port}/{page}"
        if pressed:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.trigger_value = pressed, True
        await self.socket.send(message.SerializeToString())
        while not self.take(ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), PATIENCE))):
            pass

    def take(self, message: ForwardMsg) -> bool:
        """Notes what came; whether it was the last of this run of the script."""
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            match element.WhichOneof("type"):
                case "exception":
                    self.exceptions.append(f"{element.exception.type}: {element.exception.message}")
                case "button":
                    self.buttons[element.button.label] = element.button.id
                case "bidi_component":
                    told = element.bidi_component
                    data = json.loads(told.json or told.mixed.json or "{}")
                    if told.component_name.endswith("actviz_unit"):
                        self.panel = data
                    elif told.component_name.endswith(SHOWN):
                        self.viewer = data
        return kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY

    async def watch(self) -> None:
        """Sees what the page shows, acknowledging every message, until it is cancelled."""
        watched = {run["key"]: 0 for run in self.viewer["runs"]}
        async with connect(
            f"ws://127.0.0.1:{self.port}{self.viewer['live']}", max_size=None, open_timeout=PATIENCE
        ) as live:
            await live.send(json.dumps({"watch": watched}))
            async for message in live:
                if not message:  # a sign of life
                    continue
                (length,) = struct.unpack(">I", message[:4])
                header = json.loads(message[4 : 4 + length])
                if header["sizes"]:
                    self.pictures.append((time.perf_counter(), header["iteration"]))
                await live.send(json.dumps({"ack": header["seq"]}))

    async def look(self) -> None:
        """Asks for the gallery's news twice a second, as its sheet does, until it is cancelled."""
        async with self.asking() as ask:
            while True:
                await ask(f"{self.viewer['door']}/state?since=0")
                await asyncio.sleep(0.5)

    async def explain(self) -> None:
        """Asks for the map and for what is made beside it, six times a second, as the page does, until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self.await_map())
            both.create_task(self.watch_synthesis())

    async def await_map(self) -> None:
        (entry,) = self.viewer["maps"]
        async with self.asking() as ask:
            while not is_finished(await ask(f"{self.viewer['door']}/maps/{entry['key']}")):
                await asyncio.sleep(0.16)
            self.mapped = time.perf_counter()

    async def watch_synthesis(self) -> None:
        async with self.asking() as ask:
            while True:
                await ask(self.viewer["synthesized"])
                await asyncio.sleep(0.16)

    async def open_panel(self) -> None:
        """Asks for the unit's images and its picture, as its panel does, until both are there."""
        (unit,) = self.panel["units"]
        asked = urlencode({name: unit[name] for name in ("layer", "channel")})
        await asyncio.gather(self.await_images(unit["door"], asked), self.await_picture(unit["door"], asked))

    async def await_images(self, door: str, unit: str) -> None:
        async with self.asking() as ask:
            while (said := json.loads(await ask(f"{door}/unit?{unit}")))["status"] == "making":
                await asyncio.sleep(0.5)
            if said["status"] != "ready":
                raise RuntimeError(said["words"])
            for image in {patch[0] for kind in ("best", "random", "spread") for patch in said[kind]}:
                await ask(f"{door}/{said['source']}/image/{image}.jpg")
            self.answered = time.perf_counter()

    async def await_picture(self, door: str, unit: str) -> None:
        async with self.asking() as ask:
            while ask.status != 200:
                await ask(f"{door}/synthesized?{unit}")
                await asyncio.sleep(0.16)
            self.synthesized = time.perf_counter()

    @contextlib.asynccontextmanager
    async def asking(self) -> AsyncIterator["Asking"]:
        """Over one connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        with contextlib.closing(writer):
            yield Asking(reader, writer)


class Asking:
    """A connection: an address to the body of its answer, whose status is kept."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.status = reader, writer, 0

    async def __call__(self, address: str, method: str = "GET") -> bytes:
        self.writer.write(f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        self.status = int(head.split()[1])
        return await self.reader.readexactly(int(re.search(r"content-length: (\d+)", head)[1]))


def is_finished(message: bytes) -> bool:
    """Whether a map is; RuntimeError where there will be none."""
    (length,) = struct.unpack("<I", message[:4])
    header = json.loads(message[4 : 4 + length])
    if header["error"]:
        raise RuntimeError(header["error"])
    return header["status"] == "finished"
