"""A member's socket: joins by a token or comes back by its secret, and says when the class has changed.

Client -> server, JSON text. First, within ten seconds: {"join": join token, code or "", "secret": secret or "",
    "lang": language}; then any of {"pull": version known}  {"hide": bool}  {"rename": true}  {"leave": true}
Server -> client, JSON text: what holds now, {"version", "you", "class"}, first and after each message;
    {"version": n} when there is something to pull; {} where nothing was sent for a while; {"refused": reason} or
    {"ended": true} before closing. Binary: the picture that the teacher shows to all, JPEG.
"""

import asyncio
import json
import time
from contextlib import suppress

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from actviz_core import ActvizError
from dashboard.server.sockets import BAD_MESSAGE, FOREIGN, admitted, end, is_from_here
from dashboard.server.thumbnails import LARGE, Thumbnails, awaited
from dashboard.state.animals import LANGUAGES
from dashboard.state.classroom import Classroom, NotAdmitted
from dashboard.state.courses import COURSES
from dashboard.state.member import Member
from dashboard.state.visitors import Visitor, Visitors
from dashboard.words.lessons import unmarked

NOT_ADMITTED, OVER, ELSEWHERE = 4403, 4410, 4409
LONGEST_TEXT = 1024
MOST_A_SECOND = 20  # messages
FIRST_WORD, AFTER_A_WRONG_ONE = 10.0, 1.0  # seconds
BEAT = 1.0  # seconds between two looks for a picture, and two signs of life


class Members:
    """The sockets of all members: one of each page."""

    def __init__(self, visitors: Visitors, classroom: Classroom, thumbnails: Thumbnails) -> None:
        self.visitors, self.classroom, self.thumbnails = visitors, classroom, thumbnails
        self.artists = anyio.CapacityLimiter(1)
        self.open: dict[str, MemberSocket] = {}

    async def socket(self, socket: WebSocket) -> None:
        if not is_from_here(socket.headers):
            await socket.close(FOREIGN)
            return
        visitor = await admitted(socket, self.visitors)
        if visitor is None:
            return
        before = self.open.get(visitor.token)
        mine = self.open[visitor.token] = MemberSocket(socket, visitor, self)
        if before is not None:
            await end(before.socket, ELSEWHERE)
        try:
            await mine.serve()
        finally:
            if self.open.get(visitor.token) is mine:
                del self.open[visitor.token]


class MemberSocket:
    """One socket; everything happens on the loop's thread, but for making the picture."""

    def __init__(self, socket: WebSocket, visitor: Visitor, members: Members) -> None:
        self.socket, self.visitor, self.members = socket, visitor, members
        self.classroom = members.classroom
        self.loop, self.changed = asyncio.get_running_loop(), asyncio.Event()
        self.second, self.messages, self.version = time.monotonic(), 0, -1
        self.picture: tuple[str, int] | None = None

    async def serve(self) -> None:
        member = await self.admitted()
        if member is None:
            return
        self.classroom.listeners += (self.wake,)
        try:
            await self.tell(member)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self.send, member)
                await self.receive(member)
                tasks.cancel_scope.cancel()
        finally:
            self.classroom.listeners = tuple(each for each in self.classroom.listeners if each != self.wake)
            self.classroom.left(member)

    async def admitted(self) -> Member | None:
        with anyio.move_on_after(FIRST_WORD):
            event = await self.socket.receive()
            if event["type"] == "websocket.disconnect":
                return None
            asked = parse(event.get("text"))
            if asked is not None:
                try:
                    given = (asked.get(name) for name in ("join", "secret", "lang"))
                    return self.classroom.join(self.visitor, *(each if isinstance(each, str) else "" for each in given))
                except NotAdmitted as problem:
                    await asyncio.sleep(AFTER_A_WRONG_ONE)
                    await self.sent({"refused": str(problem)})
                    await end(self.socket, NOT_ADMITTED)
                    return None
        await end(self.socket, BAD_MESSAGE)
        return None

    def wake(self) -> None:
        with suppress(RuntimeError):  # the server is shutting down, its loop is closed
            self.loop.call_soon_threadsafe(self.changed.set)

    async def receive(self, member: Member) -> None:
        while (event := await self.socket.receive())["type"] != "websocket.disconnect":
            asked = parse(event.get("text"))
            if asked is None or self.too_many():
                return await end(self.socket, BAD_MESSAGE)
            if self.gone(member):
                continue  # `send` says so
            if isinstance(asked.get("hide"), bool):
                self.classroom.hide(member, asked["hide"])
            if asked.get("rename") is True:
                self.classroom.rename(member)
            if asked.get("leave") is True:
                self.classroom.remove(member)
                continue
            await self.tell(member)
        return None

    def too_many(self) -> bool:
        now = time.monotonic()
        if now - self.second >= 1:
            self.second, self.messages = now, 0
        self.messages += 1
        return self.messages > MOST_A_SECOND

    def gone(self, member: Member) -> bool:
        return self.classroom.members.get(member.id) is not member

    async def send(self, member: Member) -> None:
        while True:
            with anyio.move_on_after(BEAT):
                await self.changed.wait()
            self.changed.clear()
            if self.gone(member):
                await self.sent({"ended": True})
                return await end(self.socket, OVER)
            news = {"version": self.classroom.version} if self.version != self.classroom.version else {}
            if not (await self.sent(news) and await self.send_picture()):
                return None

    async def send_picture(self) -> bool:
        shown = self.classroom.members.get(self.classroom.shown)
        if shown is None:
            self.picture = None
            return True
        found = await anyio.to_thread.run_sync(self.picture_of, shown, limiter=self.members.artists)
        if found is None or found[0] == self.picture:
            return True
        self.picture = found[0]
        return await self.sent(found[1])

    def picture_of(self, shown: Member) -> tuple[tuple[str, int], bytes] | None:
        return self.members.thumbnails.of(shown, LARGE, awaited(self.classroom))

    async def tell(self, member: Member) -> None:
        """What holds now."""
        self.version = self.classroom.version
        await self.sent({"version": self.version, "you": you(member), "class": class_of(self.classroom, member)})

    async def sent(self, message: dict | bytes) -> bool:
        """False: the page is gone, and `receive` hears of it too."""
        try:
            if isinstance(message, bytes):
                await self.socket.send_bytes(message)
            else:
                await self.socket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError):
            return False
        return True


def parse(text: str | None) -> dict | None:
    """A client's message; None where it is none."""
    if text is None or len(text) > LONGEST_TEXT:
        return None
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) else None


def you(member: Member) -> dict:
    """What a member's own browser is told of it."""
    return {
        "name": member.name,
        "secret": member.secret,
        "hidden": member.hidden,
        "seat": member.seat,
        "followed": member.followed,
        "known": member.noted is not None or bool(member.recipe),
    }


def class_of(classroom: Classroom, member: Member) -> dict:
    """What holds in the class, as that member may see it: the class's answers only after one's own."""
    with classroom.lock:
        pushed, shown, revealed = classroom.pushed, classroom.members.get(classroom.shown), classroom.revealed
        noted = member.noted
        answered = revealed and noted and noted.lesson == revealed[0] and revealed[1] in noted.answers
        return {
            "pushed": pushed
            and {
                "kind": pushed.kind,
                "number": pushed.number,
                "lesson": pushed.lesson,
                "step": pushed.step,
                "at": pushed.at,
            },
            "paused": classroom.paused,
            "shown": None if shown is None else {"name": "" if classroom.names_hidden else shown.name},
            "revealed": histogram_of(classroom, *revealed, noted.lang) if revealed and noted and answered else None,
        }


def histogram_of(classroom: Classroom, lesson: str, step: str, lang: str = LANGUAGES[0]) -> dict:
    found, (question, texts) = classroom.histogram(lesson, step), asked_at(lesson, step, lang)
    return {
        "lesson": lesson,
        "step": step,
        "question": question,
        "texts": texts,
        "choices": [[choice, count] for choice, count in found.choices.items()],
        "estimates": found.estimates,
        "of": found.of,
    }


def asked_at(lesson: str, step: str, lang: str) -> tuple[str, list[str]]:
    """The question there and the answers to choose from, without marks; nothing where there is no such step."""
    with suppress(ActvizError):
        question = COURSES.lesson(lesson, lang).step(step).question
        if question is not None:
            return unmarked(question.text), [unmarked(choice.text) for choice in question.choices]
    return "", []
