"""The class's file: what a server that is started again knows of its class. JSON, written whole, of its owner only.

It holds names, answers and recipes, and the secrets by which members come back; no photograph and no address of a
browser. It is gone with the class.
"""

import json
import logging
import threading
from pathlib import Path

from actviz_core import ActvizError, Recipe, default_folder, files
from dashboard.state import links
from dashboard.state.classroom import CLASSROOM, Classroom
from dashboard.state.member import Member
from dashboard.state.pushed import Push

log = logging.getLogger(__name__)

NAME = "class.json"
PLAIN = (
    *("teacher_token", "join_token", "code", "version", "seats", "seen"),
    *("paused", "names_hidden", "shown", "quiz_revealed"),
)
STRANGE = OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, ActvizError
EVERY = 1.0  # seconds between two looks whether something has changed
PROGRESS = 10  # looks after which the iterations of runs are written anew


class ClassFile:
    """`keep` looks once a second, in a thread of its own, until `close`."""

    def __init__(self, folder: Path, classroom: Classroom) -> None:
        self.path, self.classroom = folder / NAME, classroom
        self.written, self.closing, self.lock = -1, threading.Event(), threading.Lock()
        self.trouble = ""
        self.recipes: dict[str, tuple[tuple, str]] = {}  # by member: of which run and change, and its text

    def load(self) -> None:
        """Takes over the class that is in the file; a file that cannot be read is no class."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            restore(self.classroom, data)
        except FileNotFoundError:
            return
        except STRANGE as problem:
            log.warning("%s is no class that was kept, so a new one begins: %s", self.path, problem)
        if self.classroom.tidy():
            log.warning("The last class was over 12 hours ago: everything of it is forgotten.")

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


def kept(classroom: Classroom) -> dict:
    pushed = classroom.pushed
    told = pushed and {
        **{name: getattr(pushed, name) for name in ("kind", "number", "lesson", "step", "seeds", "at")},
        "recipe": pushed.recipe.to_json() if pushed.recipe else "",
    }
    members = [member.data() for member in classroom.members.values()]
    plain = {name: getattr(classroom, name) for name in PLAIN}
    return plain | {"pushed": told, "revealed": classroom.revealed, "members": members}


def restore(classroom: Classroom, data: dict) -> None:
    """Nothing is changed where something is wrong with the data."""
    members = [Member.from_data(each) for each in data["members"]]
    plain = {name: type(getattr(classroom, name))(data[name]) for name in PLAIN}
    if min(len(plain["teacher_token"]), len(plain["join_token"])) < 20:
        raise ValueError("its tokens are too short")
    pushed = data["pushed"]
    if pushed:
        recipe = Recipe.from_json(pushed["recipe"]) if pushed["recipe"] else None
        pushed = Push(**pushed | {"recipe": recipe})
    with classroom.lock:
        vars(classroom).update(plain, members={member.id: member for member in members}, pushed=pushed or None)
        classroom.revealed = tuple(data["revealed"]) if data["revealed"] else None


CLASS_FILE = ClassFile(default_folder(), CLASSROOM)
