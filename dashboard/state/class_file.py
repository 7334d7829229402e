"""The class's file: what a server that is started again knows of its class. JSON, written whole, of its owner only.

It holds names, answers and recipes, and the secrets by which members come back; no photograph and no address of a
browser. It is gone with the class.
"""

import json
import logging
import re
import threading
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from actviz_core import ActvizError, default_folder, files, reading
from dashboard.state import links
from dashboard.state.classroom import CLASSROOM, CODE_LENGTH, LETTERS, MOST_MEMBERS, Classroom
from dashboard.state.member import LATEST, Member
from dashboard.state.pushed import LARGEST, Push

log = logging.getLogger(__name__)

NAME, UNREAD = "class.json", "class.json.unread"
STRANGE = OSError, ValueError, RecursionError, ActvizError
TOKEN, CODE = re.compile("[A-Za-z0-9_-]{20,100}"), re.compile(f"[{LETTERS}]{{{CODE_LENGTH}}}")
EVERY = 1.0  # seconds between two looks whether something has changed
PROGRESS = 10  # looks after which the iterations of runs are written anew


@dataclass(frozen=True)
class Kept:
    """What is kept of the class as a whole, as the classroom calls it; what was added later has a default."""

    teacher_token: str
    join_token: str
    code: str
    version: int
    seats: int
    seen: float
    paused: bool = False
    names_hidden: bool = False
    shown: str = ""
    quiz_revealed: bool = False
    revealed: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if not (TOKEN.fullmatch(self.teacher_token) and TOKEN.fullmatch(self.join_token) and CODE.fullmatch(self.code)):
            raise ActvizError("its tokens, or its code, are none that a class has.")
        if not 0 <= min(self.version, self.seats) <= max(self.version, self.seats) <= LARGEST:
            raise ActvizError(f"its version and seats must be whole numbers from 0 to {LARGEST}.")
        if not 0 <= self.seen <= LATEST:
            raise ActvizError("its last sign of life is at no time that there is.")


class ClassFile:
    """`keep` looks once a second, in a thread of its own, until `close`."""

    def __init__(self, folder: Path, classroom: Classroom) -> None:
        self.path, self.classroom = folder / NAME, classroom
        self.written, self.closing, self.lock = -1, threading.Event(), threading.Lock()
        self.trouble = ""
        self.recipes: dict[str, tuple[tuple, str]] = {}  # by member: of which run and change, and its text

    def load(self) -> None:
        """Takes over the class that is in the file; a file that cannot be read is no class, and is moved aside."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            restore(self.classroom, data)
        except FileNotFoundError:
            return
        except STRANGE as problem:
            log.warning("%s is no class that was kept, so a new one begins: %s", self.path, problem)
            self.move_aside()
        if self.classroom.tidy():
            log.warning("The last class was over 12 hours ago: everything of it is forgotten.")

    def move_aside(self) -> None:
        """Somebody may mend it; of several such files the last one stays."""
        unread = self.path.with_name(UNREAD)
        try:
            self.path.replace(unread)
            log.warning("What could not be read is now %s.", unread)
        except OSError as problem:
            log.warning("It cannot be moved aside to %s: %s", unread, problem.strerror)

    def keep(self) -> None:
        thread = threading.Thread(target=self.look_on, name="class file", daemon=True)
        thread.start()

    def look_on(self) -> None:
        looks = 0
        while not self.closing.wait(EVERY):
            looks += 1
            self.classroom.tidy()
            if self.classroom.changes != self.written or looks % PROGRESS == 0:
                self.save()

    def close(self) -> None:
        """Writes for the last time."""
        self.closing.set()
        self.save()

    def save(self) -> None:
        """Without members there is nothing to keep, and no file."""
        with self.lock:
            try:
                if not self.classroom.members:
                    self.path.unlink(missing_ok=True)
                    return
                with self.classroom.lock:
                    changes = self.classroom.changes
                    self.note_runs()
                    data = json.dumps(kept(self.classroom)).encode()
                self.path.parent.mkdir(parents=True, exist_ok=True)
                files.replaced(self.path, data, mode=0o600)
                self.written = changes
                self.trouble = ""
            except OSError as problem:
                if str(problem.strerror) != self.trouble:  # once, and not every second
                    self.trouble = str(problem.strerror)
                    log.warning("The class cannot be kept in %s: %s", self.path, self.trouble)

    def note_runs(self) -> None:
        """What each member's Explore shows by now."""
        for member in self.classroom.members.values():
            state = member.visitor.state if member.visitor else None
            entry = member.visitor.get(state.run) if state and member.visitor else None
            if entry is None:
                continue
            key = entry.key, len(entry.run.marks)
            if self.recipes.get(member.id, (None, ""))[0] != key:
                recipe = entry.recipe()
                self.recipes[member.id] = key, "" if recipe.spec.start == "photograph" else links.write(recipe)
            member.recipe, member.iteration = self.recipes[member.id][1], entry.run.iteration


def kept(classroom: Classroom) -> dict[str, Any]:
    plain = {field.name: getattr(classroom, field.name) for field in fields(Kept)}
    members = [member.data() for member in classroom.members.values()]
    return plain | {"pushed": classroom.pushed and classroom.pushed.data(), "members": members}


def restore(classroom: Classroom, data: Any) -> None:
    """ActvizError or ValueError, and nothing is changed, where something is wrong with the data."""
    plain = Kept(**reading.fields(Kept, data))
    told, pushed = data.get("members"), data.get("pushed")
    if not isinstance(told, list):
        raise ActvizError("it has no list of members.")
    if len(told) > MOST_MEMBERS:
        raise ActvizError(f"it has more than {MOST_MEMBERS} members.")
    members = [Member.from_data(each) for each in told]
    if len({member.id for member in members}) < len(told) or len({member.secret for member in members}) < len(told):
        raise ActvizError("two of its members are the same.")
    pushed = None if pushed is None else Push.from_data(pushed)
    with classroom.lock:
        seen = min(plain.seen, classroom.clock())  # a clock that was ahead must not keep it for ever
        vars(classroom).update(vars(plain), seen=seen, members={member.id: member for member in members}, pushed=pushed)


CLASS_FILE = ClassFile(default_folder(), CLASSROOM)
