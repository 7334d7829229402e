"""python -m benchmarks.cold_start: many people open the page in the moment in which the server is up.

Then they press Start at once. Real sessions over loopback that speak Streamlit's protocol, a fresh server for each
page. Prints each figure beside its bar.
"""

import argparse
import asyncio
import contextlib
import http.client
import json
import multiprocessing
import os
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
PAGES = ("explore", "compare", "gallery")
PATIENCE = 120  # seconds for anything; a server that is later than this has failed
USABLE, HEALTH = 3.5, 250  # the bars: seconds, milliseconds
SHOWN = ("actviz_viewer", "actviz_gallery")  # the components whose data are of interest here


# the server


class Server:
    """`streamlit run dashboard/app.py` on a free port; `up`: seconds until it answered its health route."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        streamlit, began = Path(sys.executable).with_name("streamlit"), time.perf_counter()
        command = [str(streamlit), "run", str(APP), "--server.port", str(self.port)]
        self.log = (folder / f"{self.port}.log").open("w+")
        environment = os.environ | {"ACTVIZ_STORE": str(folder / "store")}
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, cwd=folder, env=environment)
        while not answers(self.port):
            if self.process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"the server did not start:\n{self.text()}")
            time.sleep(0.01)
        self.up = time.perf_counter() - began

    def text(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Health:
    """Asks the health route fifty times a second from a process of its own, which is there before the server is."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=ask_on, args=(theirs,), daemon=True)
        self.process.start()
        self.pipe.recv()

    def begin(self, port: int) -> None:
        self.pipe.send(port)

    def end(self) -> list[float]:
        """Milliseconds of each answer."""
        self.pipe.send("enough")
        delays = self.pipe.recv()
        self.process.join()
        return delays


def ask_on(pipe: Connection) -> None:
    pipe.send("there")
    delays, port = [], pipe.recv()
    while not pipe.poll(0.02):
        began = time.perf_counter()
        good = answers(port)
        delays.append(1000 * (time.perf_counter() - began) if good else float("inf"))
    pipe.send(delays)


# a visitor


class Visitor:
    """One session: what a browser would send, and what of the answers matters here."""

    def __init__(self, port: int, page: str, query: str = "") -> None:
        self.port, self.page, self.query = port, page, query
        self.exceptions: list[str] = []
        self.buttons: dict[str, str] = {}  # label -> id
        self.viewer: dict = {}  # what the page told its component last
        self.pictures: list[tuple[float, int]] = []  # (when, iteration)

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

    async def press(self, label: str) -> float:
        """Seconds until the page has obeyed."""
        began = time.perf_counter()
        await self.run(self.buttons[label])
        return time.perf_counter() - began

    async def run(self, pressed: str = "") -> None:
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = self.page, self.query
        message.rerun_script.context_info.url = f"http://127.0.0.1:{self.port}/{self.page}"
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
                case "bidi_component" if element.bidi_component.component_name.endswith(SHOWN):
                    told = element.bidi_component
                    self.viewer = json.loads(told.json or told.mixed.json or "{}")
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
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        with contextlib.closing(writer):
            while True:
                writer.write(
                    f"GET {self.viewer['door']}/state?since=0 HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()
                )
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await reader.readexactly(int(re.search(r"content-length: (\d+)", head)[1]))
                await asyncio.sleep(0.5)


# measuring


async def visits(port: int, page: str, count: int, seconds: float) -> tuple[list[Visitor], dict[str, list[float]]]:
    """All open the page at once; on Explore all press Start at once; then they look for some seconds.

    The visitors, and seconds by what they did.
    """
    visitors = [Visitor(port, page) for _ in range(count)]
    figures = {"page usable": await asyncio.gather(*(visitor.open() for visitor in visitors))}
    if page == "explore":
        pressed = time.perf_counter()
        figures["Start obeyed"] = await asyncio.gather(*(visitor.press("Start") for visitor in visitors))
        await look_for(visitors, seconds, until=lambda: all(visitor.pictures for visitor in visitors))
        figures["Start to the first picture"] = [
            visitor.pictures[0][0] - pressed for visitor in visitors if visitor.pictures
        ]
    elif page == "gallery":
        await look_for(visitors, seconds, until=lambda: True)
    for visitor in visitors:
        await visitor.socket.close()
    return visitors, figures


async def look_for(visitors: list[Visitor], seconds: float, until: Callable[[], bool]) -> None:
    """Everybody looks for so long, and longer until something has come about."""
    looking = [
        asyncio.create_task(visitor.watch() if visitor.page == "explore" else visitor.look()) for visitor in visitors
    ]
    began = time.perf_counter()
    while time.perf_counter() < began + seconds or (not until() and time.perf_counter() < began + PATIENCE):
        await asyncio.sleep(0.1)
    for task in looking:
        task.cancel()
    for outcome in await asyncio.gather(*looking, return_exceptions=True):
        if not isinstance(outcome, asyncio.CancelledError | None):
            raise outcome


def show(page: str, what: str, values: list[float], bar: str = "", digits: int = 2) -> None:
    middle, worst = statistics.median(values), max(values)
    print(f"{page:8} {what:28} median {middle:8.{digits}f}   worst {worst:8.{digits}f}   {bar}", flush=True)


def measure(page: str, count: int, seconds: float, folder: Path) -> bool:
    """A fresh server and `count` visitors of one page; whether nobody got an exception."""
    health, server = Health(), Server(folder)
    try:
        health.begin(server.port)
        visitors, figures = asyncio.run(visits(server.port, page, count, seconds))
        answered = health.end()
        show(page, "server up, s", [server.up])
        for what, delays in figures.items():
            show(page, f"{what}, s", delays, "" if "picture" in what else f"at most {USABLE}")
        show(
            page,
            "health route, ms",
            answered,
            f"at most {HEALTH}; {sum(delay > HEALTH for delay in answered)} of {len(answered)} later",
            0,
        )
        problems = [visitor.exceptions[0] for visitor in visitors if visitor.exceptions]
        print(
            f"{page:8} {'visitors with an exception':28} {len(problems)} of {count}   at most 0   "
            f"{'; '.join(sorted(set(problems)))}",
            flush=True,
        )
        return not problems and "Traceback" not in server.text()
    finally:
        server.stop()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--visitors", type=int, default=30)
    options.add_argument("--seconds", type=float, default=4, help="to look on after everybody has started")
    options.add_argument("--pages", nargs="+", default=PAGES, choices=PAGES)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        good = [measure(page, options.visitors, options.seconds, Path(folder)) for page in options.pages]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
