"""A member of a class: a name given by the server, and what comes back after a reload, sleep or restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actviz_core import ActvizError, quiz, reading
from dashboard.state.animals import NAMES, name_of
from dashboard.state.pushed import LARGEST
from dashboard.state.visitors import Visitor

LONGEST_KEPT = 2**14  # characters
MOST_ANSWERS, LONGEST_NAME = 64, 100
LONGEST_RECIPE = 2**20  # characters: with as many changes as a run may have
LATEST = 2**40  # seconds since 1970


@dataclass(frozen=True)
class Answer:
    """To the question of a step.

    choice    the number of the choice, from 0; None where the question has none
    estimate  the number that was guessed; None where the question asks for none
    right     None where nobody can say yet
    """

    choice: int | None = None
    estimate: float | None = None
    right: bool | None = None


@dataclass(frozen=True)
class Noted:
    """Where a member is in a lesson.

    lang     in which lessons are read, where they have it
    answers  by step
    done     the steps whose checks are met
    kept     a text from which the Learn page restores its progress
    """

    lesson: str
    lang: str
    step: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    kept: str = ""

    def __post_init__(self) -> None:
        texts = (self.lesson, self.lang, self.step, *self.answers, *self.done)
        if len(self.kept) > LONGEST_KEPT or len(self.answers) > MOST_ANSWERS or len(self.done) > MOST_ANSWERS:
            raise ValueError("more progress than is kept of a member")
        if any(len(text) > LONGEST_NAME for text in texts):
            raise ValueError("a longer name than lessons have")

    @classmethod
    def from_data(cls, data: Any) -> "Noted":
        """What `asdict` made of one; ActvizError or ValueError for what is none."""
        fields = reading.fields(cls, data, "lesson", "lang", "step", "done", "kept")
        answers = data.get("answers", {})
        if not isinstance(answers, dict):
            raise ActvizError("the answers of a member are no object of JSON.")
        return cls(**fields, answers={step: Answer(**reading.fields(Answer, each)) for step, each in answers.items()})


@dataclass(eq=False)
class Member:
    """Changed by the classroom only, under its lock.

    id        how the teacher's page calls it; the secret opens it and is told to its own browser only
    seat      from 0, in the order of joining: tells the seeds of the class apart
    number    of its name
    hidden    not on the wall
    seen      when it was there last, in seconds since 1970
    followed  the number of the last push that its page obeyed
    sitting   its quiz, as far as it is; None where it has not begun
    recipe    of the run on Explore, without photographs; "" where there was none; and how far it was
    """

    id: str
    secret: str
    seat: int
    number: int
    lang: str
    seen: float
    hidden: bool = False
    followed: int = 0
    noted: Noted | None = None
    sitting: quiz.Sitting | None = None
    recipe: str = ""
    iteration: int = 0
    visitor: Visitor | None = None  # its newest page
    connections: int = 0
    noted_by: str = ""  # the token of the page that has noted

    @property
    def name(self) -> str:
        return name_of(self.number, self.lang)

    @property
    def connected(self) -> bool:
        return self.connections > 0

    def data(self) -> dict[str, Any]:
        """What is kept of it."""
        noted = self.noted
        return {name: getattr(self, name) for name in KEPT_FIELDS} | {
            "noted": None
            if noted is None
            else vars(noted) | {"answers": {k: vars(a) for k, a in noted.answers.items()}},
            "sitting": self.sitting and self.sitting.data(),
        }

    @classmethod
    def from_data(cls, data: Any) -> "Member":
        """ActvizError or ValueError for what was not kept of one."""
        member = cls(**reading.fields(cls, data, *KEPT_FIELDS))
        noted, sitting = data.get("noted"), data.get("sitting")
        member.noted = None if noted is None else Noted.from_data(noted)
        member.sitting = None if sitting is None else quiz.Sitting.from_data(sitting)
        if len(member.secret) < 20 or not member.id:
            raise ValueError("not the secret, or the name, of a member")
        if max(map(len, (member.id, member.secret, member.lang))) > LONGEST_NAME or len(member.recipe) > LONGEST_RECIPE:
            raise ValueError("longer texts than a member has")
        if not 0 <= member.seen <= LATEST:
            raise ValueError("not a time at which a member was there")
        numbers = member.seat, member.followed, member.iteration
        if member.number not in range(NAMES) or not 0 <= min(numbers) <= max(numbers) <= LARGEST:
            raise ValueError("not the numbers of a member")
        return member


KEPT_FIELDS = "id", "secret", "seat", "number", "lang", "seen", "hidden", "followed", "recipe", "iteration"
