"""The teacher's socket: who is where, with pictures, once a second what has changed; and what the teacher does.

Server -> client: binary, framed as the live route's (feed.py): {"class": what holds, "tiles": those that have changed,
    "gone": ids, "sizes"}, and the pictures of the tiles that say "pictured", JPEG; an empty one where nothing changed.
Client -> server, JSON text, one of: {"push": {"lesson", "step"} | {"quiz": true} | {"recipe": JSON, "seeds": bool} |
    {"look": "" or a place} | null}  {"pause": bool}  {"show": member or ""}  {"reveal": {"lesson", "step"} | null}
    {"reveal_quiz": bool}  {"hide_names": bool}  {"end": true}. What cannot be done is answered with
    {"error": sentence}, text.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache

import anyio
import segno
from starlette.websockets import WebSocket, WebSocketDisconnect

from actviz_core import ActvizError, Recipe
from dashboard.server import quiz_results
from dashboard.server.feed import pack
from dashboard.server.members import histogram_of
from dashboard.server.sockets import BAD_MESSAGE, end
from dashboard.server.thumbnails import NOBODY, Thumbnails, awaited, cover_of, newest
from dashboard.server.waits import Waits, counted
from dashboard.state.animals import LANGUAGES
from dashboard.state.classroom import Classroom
from dashboard.state.courses import COURSES
from dashboard.state.learning import END, Place
from dashboard.state.member import LONGEST_NAME, Member
from dashboard.state.pushed import PLACES
from dashboard.state.quizzing import Quizzing

EVERY = 1.0  # seconds
PATIENCE = 30.0  # seconds for a message to leave
LONGEST_TEXT = 2**17  # letters: a recipe with many changes


class Wall:
    """One teacher's socket. What it has sent of each member is known, so that only what is new goes out."""

    def __init__(self, socket: WebSocket, classroom: Classroom, thumbnails: Thumbnails, waits: Waits, url: str) -> None:
        self.socket, self.classroom, self.thumbnails, self.url = socket, classroom, thumbnails, url
        self.waits = waits
        self.changed, self.loop = asyncio.Event(), asyncio.get_running_loop()
        self.tiles: dict[str, dict] = {}
        self.pictures: dict[str, tuple[str, int]] = {}
        self.about: dict = {}

    async def serve(self) -> None:
        self.classroom.listeners += (self.wake,)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self.send)
                await self.receive()
                tasks.cancel_scope.cancel()
        finally:
            self.classroom.listeners = tuple(each for each in self.classroom.listeners if each != self.wake)

    def wake(self) -> None:
        with suppress(RuntimeError):  # the server is shutting down, its loop is closed
            self.loop.call_soon_threadsafe(self.changed.set)

    async def send(self) -> None:
        try:
            while True:
                message = await anyio.to_thread.run_sync(self.news)
                with anyio.fail_after(PATIENCE):
                    await self.socket.send_bytes(message)
                with anyio.move_on_after(EVERY):
                    await self.changed.wait()
                    self.changed.clear()
                    await asyncio.sleep(EVERY / 10)  # what changes together goes together
                self.classroom.sign_of_life()
        except (WebSocketDisconnect, RuntimeError):
            return  # `receive` hears of it too
        except TimeoutError:
            await end(self.socket, BAD_MESSAGE)

    def news(self) -> bytes:
        """What has changed since the last message; empty where nothing has."""
        with self.classroom.lock:
            everybody = list(self.classroom.members.values())
            waits = self.waits.look(everybody)
            about = about_class(self.classroom, self.url) | {"waiting": counted(waits.values())}
        members = [member for member in everybody if not member.hidden]
        tiles, pictures, places = [], [], awaited(self.classroom)
        for member in members:
            wait = waits.get(member.id)
            found = self.thumbnails.of(member, awaited=places)
            told = {"wait": wait and asdict(wait), "there": found is not None}
            tile = tile_of(member, self.classroom.names_hidden, places) | told
            pictured = found is not None and self.pictures.get(member.id) != found[0]
            if pictured or self.tiles.get(member.id) != tile:
                tiles.append(tile | {"pictured": pictured})
            if pictured and found is not None:
                self.pictures[member.id] = found[0]
                pictures.append(found[1])
            if found is None:  # the page lets go of it: it may have it from a server before this one
                self.pictures.pop(member.id, None)
            self.tiles[member.id] = tile
        gone = list(self.tiles.keys() - {member.id for member in members})
        for each in gone:
            del self.tiles[each]
            self.pictures.pop(each, None)
        self.thumbnails.forget(set(self.classroom.members))
        if not tiles and not gone and about == self.about:
            return b""
        self.about = about
        return pack({"class": about, "tiles": tiles, "gone": gone}, pictures)

    async def receive(self) -> None:
        while (event := await self.socket.receive())["type"] != "websocket.disconnect":
            text = event.get("text")
            if text is None or len(text) > LONGEST_TEXT:
                await end(self.socket, BAD_MESSAGE)
                return
            problem = await anyio.to_thread.run_sync(obey, self.classroom, text)
            if problem:
                await self.socket.send_text(json.dumps({"error": problem}))


@lru_cache(4)
def qr_code(link: str) -> list[str]:
    """The rows of a QR code, a letter for each module: "1" is dark."""
    return ["".join(map(str, row)) for row in segno.make(link, error="m", micro=False).matrix]


def join_link(url: str, classroom: Classroom) -> str:
    return f"{url}/?join={classroom.join_token}"


def about_class(classroom: Classroom, url: str) -> dict:
    """What the teacher's page says of the class as a whole."""
    pushed, members = classroom.pushed, classroom.members.values()
    runs = [run for member in members if member.visitor for run in member.visitor.active if run.wanted]
    return {
        "code": classroom.code,
        "address": url,
        "link": join_link(url, classroom),
        "qr": qr_code(join_link(url, classroom)),
        "members": len(members),
        "hidden": sum(member.hidden for member in members),
        "pushed": pushed
        and {name: getattr(pushed, name) for name in ("kind", "number", "lesson", "step", "seeds", "at")}
        | {"followed": sum(member.followed >= pushed.number for member in members)},
        "paused": classroom.paused,
        "shown": classroom.shown,
        "names_hidden": classroom.names_hidden,
        "revealed": classroom.revealed and histogram_of(classroom, *classroom.revealed),
        "runs": len(runs),
        "quiz_revealed": classroom.quiz_revealed,
        "quiz": quiz_results.of_class(Quizzing(classroom)),
    }


def tile_of(member: Member, nameless: bool, places: frozenset[Place] = NOBODY) -> dict:
    """A member as the wall has it, with those steps covered for others: never the secret."""
    found, noted = newest(member.visitor, places) if member.visitor else None, member.noted
    entry, frame = found or (None, None)
    place, learns = place_of(member)
    return {
        "id": member.id,
        "name": "" if nameless else member.name,
        "seat": member.seat,
        "connected": member.connected,
        "place": place,
        "done": len(noted.done) if noted and learns else 0,
        "covered": cover_of(member.visitor, places) if member.visitor else "",
        "status": entry.run.status if entry else "",
        "iteration": frame.iteration if frame else 0,
        "score": round(float(frame.score[0]), 2) if frame else None,
    }


def place_of(member: Member) -> tuple[str, bool]:
    """Where it is, as the pages call that, and whether that is in a lesson; before its page is known, where it was."""
    visitor, noted = member.visitor, member.noted
    page = visitor.page if visitor is not None else ""
    if page not in ("", "learn"):
        return page.capitalize(), False
    learning = visitor.state.learning if visitor is not None and visitor.state else None
    if page and learning:
        return (
            (title_of(*learning.place), True)
            if learning.lesson
            else (quiz_of(member) if learning.quiz else "Learn", False)
        )
    return (title_of(noted.lesson, noted.step), True) if noted else ("", False)


def quiz_of(member: Member) -> str:
    """How far it is in the quiz."""
    sitting = member.sitting
    return f"Quiz, {len(sitting.answers)} of {len(sitting.trials)}" if sitting else "Quiz"


def title_of(lesson: str, step: str) -> str:
    """Of a step, in the language of the teacher's page; "Learn" where there is none of that name."""
    with suppress(ActvizError):
        found = COURSES.lesson(lesson, LANGUAGES[0])
        return f"end of “{found.title}”" if step == END else found.step(step).title
    return "Learn"


def obey(classroom: Classroom, text: str) -> str:
    """Does what the teacher's page asks for; a sentence where that cannot be done."""
    try:
        asked = json.loads(text)
        act(classroom, asked if isinstance(asked, dict) else {})
    except ActvizError as problem:
        return str(problem)
    except (ValueError, TypeError, KeyError, RecursionError):
        return "the server does not understand what this page asks for: reload it."
    return ""


def check_step(lesson: str, step: str) -> None:
    """Raises ActvizError where this server teaches no such step."""
    if max(len(lesson), len(step)) > LONGEST_NAME:
        raise ActvizError("there is no step of that name.")
    COURSES.lesson(lesson, "en").step(step)


def act(classroom: Classroom, asked: dict) -> None:
    """One thing; ValueError, TypeError or KeyError for what is none."""
    ((what, value),) = asked.items()
    match what, value:
        case "push", None:
            classroom.unpush()
        case "push", {"lesson": str(lesson), "step": str(step)}:
            check_step(lesson, step)
            classroom.push("step", lesson=lesson, step=step)
        case "push", {"quiz": True}:
            classroom.push("quiz")
        case "push", {"recipe": str(recipe)}:
            classroom.push("recipe", recipe=Recipe.from_json(recipe), seeds=value.get("seeds") is True)
        case "push", {"look": str(at)} if at in ("", *PLACES):
            classroom.push("look", at=at)
        case "pause", bool():
            classroom.pause(value)
        case "show", str():
            classroom.show(value)
        case "reveal", None:
            classroom.reveal("", "")
        case "reveal", {"lesson": str(lesson), "step": str(step)}:
            check_step(lesson, step)
            classroom.reveal(lesson, step)
        case "reveal_quiz", bool():
            classroom.reveal_quiz(value)
        case "hide_names", bool():
            classroom.hide_names(value)
        case "end", True:
            classroom.forget()
        case _:
            raise ValueError(what)
