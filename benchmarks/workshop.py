"""python -m benchmarks.workshop --visitors 30 --minutes 5: a class at a server of its own, over loopback.

Members that speak Streamlit's protocol and ours join at once, follow what the teacher pushes (a recipe of 128 px with a
seed for each, and steps of a lesson), drop and return. Prints each figure beside its bar, and how busy the machine was.
"""

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import struct
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from actviz_core import Channel, Recipe, Spec, read_course
from benchmarks.server import PATIENCE, Server
from benchmarks.visitor import Visitor

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.4.0", 20), height=128, width=128, iterations=100_000))
SETTLED = 5.0  # seconds after a push from which pictures are counted
LOOK = 1.0  # seconds between two looks at the memory


class Member(Visitor):
    """One of the class: its page, its place in the class, and the pictures that its viewer gets."""

    def __init__(self, port: int, join: str) -> None:
        super().__init__(port, "explore")
        self.join, self.secret, self.name, self.component = join, "", "", ""
        self.tab, self.token = "", ""  # the component that tells who the tab was, and who it is
        self.joined = 0.0  # seconds, as all that follows
        self.heard, self.placed, self.obeyed = {}, {}, {}  # by the number of a push
        self.latest = 0  # the number of the push that it was told of last
        self.turn, self.problems = 0, []
        self.tasks: list[asyncio.Task] = []

    async def arrive(self) -> None:
        """Opens the page and joins; `joined` is when the class has told the name. A tab goes on as who it was."""
        self.known, kept = asyncio.Event(), self.token
        await self.open()
        if kept:
            await self.tell(self.tab, "remembered", kept)
            while not self.take(await self.hear_page()):
                pass
        self.token = self.viewer["live"].rpartition("/")[2]
        self.tasks = [asyncio.create_task(self.belong()), asyncio.create_task(self.look())]
        await asyncio.wait_for(self.known.wait(), PATIENCE)

    async def leave(self) -> None:
        """As a phone that sleeps: all of its connections are gone."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.socket.close()

    def take(self, message: ForwardMsg) -> bool:
        told = message.delta.new_element.bidi_component
        if told.component_name.endswith("actviz_member"):
            self.component = told.id
        elif told.component_name.endswith("actviz_tab"):
            self.tab = told.id
        return super().take(message)

    async def tell(self, component: str, kind: str, value: object) -> None:
        """The page runs anew with what one of its components says."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = self.page, self.query
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.json_value = component, "{}"
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = f"$$STREAMLIT_INTERNAL_KEY_{component}__events"
        widget.json_trigger_value = json.dumps([{"event": kind, "value": value}])
        await self.socket.send(message.SerializeToString())

    async def hear_page(self) -> ForwardMsg:
        return ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), PATIENCE))

    @property
    def shown(self) -> list[str]:
        """The runs that its viewer shows."""
        return [run["key"] for run in self.viewer.get("runs", ())]  # a step may show other things beside

    async def belong(self) -> None:
        """Its socket to the class: pulls whenever it hears that something has changed, and obeys what was pushed."""
        address = f"ws://127.0.0.1:{self.port}" + self.viewer["live"].replace("/live/", "/class/")
        async with connect(address, open_timeout=PATIENCE) as place:
            await place.send(json.dumps({"join": self.join, "secret": self.secret, "lang": "en"}))
            version = -1
            async for text in place:
                news = json.loads(text) if isinstance(text, str) else {}
                if "you" in news:
                    version = news["version"]
                    await self.hear(news)
                elif news.get("version", version) != version:
                    await place.send(json.dumps({"pull": version}))

    async def hear(self, news: dict) -> None:
        you, pushed = news["you"], news["class"]["pushed"]
        if self.name not in ("", you["name"]):
            self.problems.append(f"{self.name} has become {you['name']}")
        self.name, self.secret = you["name"], you["secret"]
        self.joined = self.joined or time.perf_counter()
        self.latest = pushed["number"] if pushed else 0
        self.known.set()
        if pushed and pushed["number"] not in self.heard:
            self.heard[pushed["number"]] = time.perf_counter()
            if you["followed"] < pushed["number"]:
                self.tasks.append(asyncio.create_task(self.follow(pushed)))

    async def follow(self, pushed: dict) -> None:
        """The page is told, as its component would; it is drawn with what was pushed."""
        self.turn += 1
        await self.tell(self.component, "event", {"kind": "pushed", "number": pushed["number"], "turn": self.turn})
        self.page = "learn" if pushed["kind"] == "step" else "explore"
        before, done = self.shown, False
        while not done:
            done = self.take(await self.hear_page())
            if self.shown != before:
                self.placed.setdefault(pushed["number"], time.perf_counter())
        self.obeyed[pushed["number"]] = time.perf_counter()

    async def look(self) -> None:
        """Its viewer's socket: whatever runs the page shows, each message acknowledged."""
        async with connect(f"ws://127.0.0.1:{self.port}{self.viewer['live']}", max_size=None) as live:
            watched: dict[str, int] = {}
            while True:
                shown = dict.fromkeys(self.shown, 0)
                if shown != watched:
                    watched = shown
                    await live.send(json.dumps({"watch": watched}))
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await self.see(await live.recv(), live)

    async def see(self, message: bytes | str, live: ClientConnection) -> None:
        if not message or isinstance(message, str):
            return
        (length,) = struct.unpack(">I", message[:4])
        header = json.loads(message[4 : 4 + length])
        if header["error"]:
            self.problems.append(header["error"])
        if header["sizes"]:
            self.pictures.append((time.perf_counter(), header["iteration"]))
        await live.send(json.dumps({"ack": header["seq"]}))


class Workshop:
    """The class at its server, and the figures."""

    def __init__(self, server: Server, count: int) -> None:
        self.server, self.random = server, random.Random(1)
        text = server.text()
        self.teacher_token = re.search(r"/class#([\w-]+)", text)[1]
        join = re.search(r"\?join=([\w-]+)", text)[1]
        self.members = [Member(server.port, join) for _ in range(count)]
        self.memory: list[tuple[float, float]] = []
        self.pushes: list[tuple[int, float, float]] = []  # number, when, and until when it was the last one
        self.rates: list[float] = []
        self.lost: list[str] = []

    async def hold(self, minutes: float) -> None:
        began = time.perf_counter()
        await asyncio.gather(*(member.arrive() for member in self.members))
        self.join_times = [member.joined - began for member in self.members]
        address = f"ws://127.0.0.1:{self.server.port}/class/wall"
        headers = {"Cookie": self.cookie()}
        async with connect(address, additional_headers=headers, max_size=None) as wall:
            self.number = 0
            looking = asyncio.create_task(self.read(wall))
            watching = asyncio.create_task(self.weigh(began))
            lesson = read_course().lessons[0]
            turn = 0
            while time.perf_counter() - began < 60 * minutes:
                step = lesson.steps[turn % len(lesson.steps)].id
                await self.push(wall, {"recipe": RECIPE.to_json(), "seeds": True}, 20, counted=True)
                await self.push(wall, {"lesson": lesson.name, "step": step}, 10)
                turn += 1
            looking.cancel()
            watching.cancel()
        for member in self.members:
            await member.leave()

    def cookie(self) -> str:
        body = json.dumps({"token": self.teacher_token}).encode()
        address = f"http://127.0.0.1:{self.server.port}/class/teacher"
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        return urllib.request.urlopen(request).headers["Set-Cookie"].partition(";")[0]

    async def read(self, wall: ClientConnection) -> None:
        """What the wall shows: the number of what was pushed last."""
        async for message in wall:
            if message and isinstance(message, bytes):
                (length,) = struct.unpack(">I", message[:4])
                pushed = json.loads(message[4 : 4 + length])["class"]["pushed"]
                self.number = pushed["number"] if pushed else 0

    async def weigh(self, began: float) -> None:
        status = Path(f"/proc/{self.server.process.pid}/status")
        while True:
            kilobytes = re.search(r"VmRSS:\s+(\d+)", status.read_text())[1]
            self.memory.append((time.perf_counter() - began, int(kilobytes) / 1024))
            await asyncio.sleep(LOOK)

    async def push(self, wall: ClientConnection, what: dict, seconds: float, counted: bool = False) -> None:
        """Pushes it, lets it be for a while, in which one of ten drops and returns, and counts pictures."""
        before, pushed = self.number, time.perf_counter()
        await wall.send(json.dumps({"push": what}))
        while self.number == before:
            await asyncio.sleep(0.01)
        await self.until(lambda: all(self.number in member.obeyed for member in self.members))
        self.pushes.append((self.number, pushed, time.perf_counter()))
        settled = time.perf_counter() + SETTLED
        away = self.random.sample(self.members, max(1, len(self.members) // 10))
        await asyncio.sleep(max(0.0, seconds - SETTLED))
        ended = time.perf_counter()
        if counted and ended > settled:
            self.rates += [
                sum(settled <= at <= ended for at, _ in member.pictures) / (ended - settled) for member in self.members
            ]
        await asyncio.gather(*map(self.drop, away))

    async def drop(self, member: Member) -> None:
        """Gone and back: with the same name, and with what was pushed meanwhile."""
        await member.leave()
        name, member.page, member.latest = member.name, "explore", 0
        await member.arrive()
        if member.name != name or member.latest != self.number:
            self.lost.append(name)

    async def until(self, good: Callable[[], bool]) -> None:
        began = time.perf_counter()
        while not good():
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError("somebody does not follow")
            await asyncio.sleep(0.01)

    def between(self, begin: float, end: float) -> float:
        """The median of the memory then, in MiB: each push moves it up and down."""
        found = [size for at, size in self.memory if begin <= at <= end]
        return statistics.median(found or [self.memory[-1][1]])

    def delays(self, of: str) -> list[float]:
        """Seconds from each push to each member's hearing of it, or obeying."""
        found = ((getattr(member, of), number, at) for number, at, _ in self.pushes for member in self.members)
        return [told[number] - at for told, number, at in found if number in told]

    def show(self) -> bool:
        """Prints the figures; whether nobody lost anything and nothing went wrong."""
        exceptions = [text for member in self.members for text in (*member.exceptions, *member.problems)]
        ended = self.memory[-1][0]
        second, last = self.between(60, 120), self.between(ended - 60, ended)
        line("joined, s", self.join_times, "at most 30")
        line("push to the sentence on the screen, s", self.delays("heard"), "at most 1")
        line("push to the place of its picture, s", self.delays("placed"), "at most 1")
        line("push to the page drawn anew, s", self.delays("obeyed"))
        line("pictures a second and visitor", self.rates, "at least 1 (the least)", least=True)
        print(f"{'memory, MiB, in the second minute, the last':42} {second:8.0f} {last:8.0f}   flat")
        print(f"{'names or pushes lost':42} {len(self.lost):8}   at most 0   {', '.join(self.lost)}")
        print(f"{'errors':42} {len(exceptions):8}   at most 0   {'; '.join(sorted(set(exceptions)))[:300]}", flush=True)
        return not self.lost and not exceptions and "Traceback" not in self.server.text()


def line(what: str, values: list[float], bar: str = "", least: bool = False) -> None:
    middle, worst = statistics.median(values), min(values) if least else max(values)
    print(f"{what:42} {middle:8.2f} {worst:8.2f}   {bar}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--visitors", type=int, default=30)
    options.add_argument("--minutes", type=float, default=5)
    options = options.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}; columns: median, worst")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), "--share")
        try:
            workshop = Workshop(server, options.visitors)
            asyncio.run(workshop.hold(options.minutes))
            good = workshop.show()
        finally:
            server.stop()
    sys.exit(not good)


if __name__ == "__main__":
    main()
