"""The classroom: who is in the class, where they are, and what the teacher has pushed. Knows neither pages nor sockets.

One object for all threads, behind a lock. Pushes change its version; who hears that it has changed asks what holds now,
so whoever was away misses nothing.
"""

import hmac
import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actviz_core import ActvizError
from dashboard.state import animals
from dashboard.state.member import LONGEST_NAME, Member, Noted
from dashboard.state.pushed import Kind, Push
from dashboard.state.visitors import Visitor

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0, O, 1, I and L, which look alike on a projector
CODE_LENGTH = 6
MOST_MEMBERS = 200
KEPT_FOR = 12 * 3600.0  # seconds after the last sign of life


class NotAdmitted(Exception):
    """Somebody cannot join: "unknown" token, code or secret, or the class is "full"."""


@dataclass(frozen=True)
class Histogram:
    """What the class has answered at a step: how often each choice, and all estimates; of how many members."""

    choices: dict[int, int]
    estimates: tuple[float, ...]
    of: int


class Classroom:
    """`open`: whether this server has a class at all; without one nobody is a member and nothing is noted.

    changes    counts everything that is kept; version what members have to hear of
    listeners  called after every change of the version, by any thread
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock, self.lock = clock, threading.RLock()
        self.open, self.version, self.changes = False, 0, 0
        self.draw = random.Random()
        self.teacher_token = secrets.token_urlsafe(16)
        self.listeners: tuple[Callable[[], None], ...] = ()
        self.halted: dict[str, Visitor] = {}
        self.begin()

    def begin(self) -> None:
        """A class without members."""
        self.join_token = secrets.token_urlsafe(16)
        self.code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        self.members: dict[str, Member] = {}
        self.by_visitor: dict[str, Member] = {}
        self.pushed: Push | None = None
        self.paused = self.names_hidden = False
        self.shown = ""  # the id of the member whose screen all see
        self.revealed: tuple[str, str] | None = None  # the lesson and step whose answers all may see
        self.quiz_revealed = False  # whether all who have finished the quiz may see what the class has
        self.seats, self.seen = 0, self.clock()

    # who is in the class

    def admits(self, join: str) -> bool:
        """Whether that is the join token, or the code as somebody types it."""
        typed = "".join(letter for letter in join.upper() if letter.isalnum())
        return alike(join, self.join_token) | alike(typed, self.code)

    def join(self, visitor: Visitor, join: str, secret: str, lang: str) -> Member:
        """The member with that secret, or a new one; raises NotAdmitted. Its page is that visitor's from now on."""
        with self.lock:
            known = next((each for each in self.members.values() if alike(each.secret, secret)), None)
            member = known or self.by_visitor.get(visitor.token)
            if member is None:
                if not self.open or not self.admits(join):
                    raise NotAdmitted("unknown")
                member = self.add(lang)
            self.by_visitor[visitor.token] = member
            before, member.visitor, member.connections = member.visitor, visitor, member.connections + 1
            self.sign_of_life(member)
            halt = self.paused
        if before is not None:
            before.succeeded = before is not visitor
        visitor.succeeded = False
        if halt:
            self.halt(visitor)
        return member

    def add(self, lang: str) -> Member:
        if len(self.members) >= MOST_MEMBERS:
            idle = [each for each in self.members.values() if not (each.connected or each.noted or each.sitting)]
            if not idle:
                raise NotAdmitted("full")
            del self.members[min(idle, key=lambda each: each.seen).id]
        lang = lang if lang in animals.LANGUAGES else animals.LANGUAGES[0]
        number, secret = self.free_number(), secrets.token_urlsafe(16)
        member = Member(secrets.token_urlsafe(6), secret, self.seats, number, lang, self.clock())
        self.members[member.id] = member
        self.seats += 1
        return member

    def free_number(self) -> int:
        return animals.free_number({each.number for each in self.members.values()}, self.draw)

    def remove(self, member: Member) -> None:
        """It leaves the class: nothing of it is kept."""
        with self.lock:
            self.members.pop(member.id, None)
            self.by_visitor = {token: each for token, each in self.by_visitor.items() if each is not member}
            halted = self.halted.pop(member.visitor.token, None) if member.visitor else None
        if halted is not None:
            halted.halt(False)
        self.show("") if self.shown == member.id else self.tell()

    def left(self, member: Member) -> None:
        """One of its connections is gone."""
        with self.lock:
            member.connections -= 1
            self.sign_of_life(member)

    def sign_of_life(self, member: Member | None = None) -> None:
        with self.lock:
            self.seen = self.clock()
            if member is not None:
                member.seen = self.seen
            self.changes += 1

    def rename(self, member: Member) -> None:
        """Another name, drawn as the first."""
        with self.lock:
            member.number = self.free_number()
            self.sign_of_life(member)

    def hide(self, member: Member, hidden: bool) -> None:
        """Not on the wall, or on it again."""
        with self.lock:
            member.hidden = hidden
            if hidden and self.shown == member.id:
                self.show("")
            self.sign_of_life(member)

    def of(self, visitor_token: str) -> Member | None:
        return self.by_visitor.get(visitor_token)

    # where they are

    def note(self, visitor_token: str, noted: Noted) -> None:
        """Where the member is that this visitor is, whole; nothing for who is none."""
        with self.lock:
            member = self.by_visitor.get(visitor_token)
            if member is None:
                return
            member.noted_by = visitor_token
            if member.noted == noted:
                return
            before, member.noted = member.noted, noted
            self.sign_of_life(member)
            answered = before is None or before.lesson != noted.lesson or before.answers != noted.answers
        if answered and self.revealed is not None and self.revealed[0] == noted.lesson:
            self.tell()

    def histogram(self, lesson: str, step: str) -> Histogram:
        with self.lock:
            noted = [each.noted for each in self.members.values() if each.noted and each.noted.lesson == lesson]
            answers = [each.answers[step] for each in noted if step in each.answers]
            chosen = [answer.choice for answer in answers if answer.choice is not None]
            estimates = tuple(answer.estimate for answer in answers if answer.estimate is not None)
            return Histogram({each: chosen.count(each) for each in sorted(set(chosen))}, estimates, len(self.members))

    # what the teacher does

    def push(self, kind: Kind, **what: Any) -> Push:
        with self.lock:
            self.pushed = Push(kind, self.version + 1, **what)
            if kind != "look" and self.revealed != (self.pushed.lesson, self.pushed.step):
                self.revealed = None  # the class is elsewhere
        self.tell()
        return self.pushed

    def unpush(self) -> None:
        """Nothing is shown to all any more; what pages have begun goes on."""
        self.pushed = None
        self.tell()

    def followed(self, member: Member, number: int) -> None:
        """Its page has obeyed the push of that number."""
        with self.lock:
            member.followed = max(member.followed, number)
            self.sign_of_life(member)

    def pause(self, paused: bool) -> None:
        """Everybody's runs wait, or go on."""
        with self.lock:
            self.paused = paused
            pages = [] if not paused else [each.visitor for each in self.members.values() if each.visitor]
            going_on = [] if paused else list(self.halted.values())
        for visitor in pages:
            self.halt(visitor)
        for visitor in going_on:
            visitor.halt(False)
            self.halted.pop(visitor.token, None)
        self.tell()

    def halt(self, visitor: Visitor) -> None:
        self.halted[visitor.token] = visitor
        visitor.halt(True)

    def show(self, member_id: str) -> None:
        """That member's picture on all screens; "": nobody's. Raises ActvizError where it is not on the wall."""
        with self.lock:
            member = self.members.get(member_id)
            if member_id and (member is None or member.hidden):
                raise ActvizError("this member is not on the wall.")
            self.shown = member_id
        self.tell()

    def reveal(self, lesson: str, step: str) -> None:
        """Everybody who has answered there may see what the class has; "": nothing any more."""
        if max(len(lesson), len(step)) > LONGEST_NAME:
            raise ActvizError("there is no step of that name.")
        self.revealed = (lesson, step) if lesson else None
        self.tell()

    def reveal_quiz(self, revealed: bool) -> None:
        """The class's averages in the quiz on the teacher's page and on those of who has finished it, or on none."""
        self.quiz_revealed = revealed
        self.tell()

    def hide_names(self, hidden: bool) -> None:
        self.names_hidden = hidden
        self.tell()

    def forget(self) -> None:
        """The end of the class: members, names, answers and join tokens are gone."""
        if self.paused:
            self.pause(False)
        with self.lock:
            self.begin()
        self.tell()

    def tidy(self) -> bool:
        """Lets go of pages that are gone for good, with their pictures.

        Forgets a class of whose members and teacher nothing was heard for long; whether it did.
        """
        with self.lock:
            for member in self.members.values():
                if member.visitor is not None and member.visitor.released:
                    member.visitor = None
            self.by_visitor = {
                token: each
                for token, each in self.by_visitor.items()
                if each.visitor is not None and (each.visitor.token == token or token in each.visitor.visitors.by_token)
            }
            self.halted = {token: each for token, each in self.halted.items() if not each.released}
        due = bool(self.members) and self.clock() - self.seen > KEPT_FOR
        if due:
            self.forget()
        return due

    def tell(self) -> None:
        """Everybody hears that something has changed."""
        with self.lock:
            self.version += 1
            self.sign_of_life()
        for listener in self.listeners:
            listener()


def alike(given: str, known: str) -> bool:
    """Takes as long whatever they have in common."""
    return hmac.compare_digest(given.encode(errors="replace"), known.encode(errors="replace"))


CLASSROOM = Classroom()
