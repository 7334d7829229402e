"""A sitting: one person's quiz, as far as it is."""

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from .. import reading
from .design import FORMS, LEFT, RIGHT, Form, Trial, trials

ANSWERS = 6  # from "left, sure" over "left, a guess" and "right, a guess" to "right, sure"
LONGEST = 200  # letters of a name


@dataclass(frozen=True)
class Given:
    """An answer, 1 to 6, and whether it was right."""

    answer: int
    right: bool

    def __post_init__(self) -> None:
        if type(self.answer) is not int or type(self.right) is not bool or not 1 <= self.answer <= ANSWERS:
            raise ValueError("an answer is a whole number from 1 to 6")

    @property
    def side(self) -> str:
        return LEFT if self.answer <= ANSWERS // 2 else RIGHT

    @property
    def confidence(self) -> int:
        """1: a guess, 3: sure."""
        return ANSWERS // 2 + 1 - self.answer if self.side == LEFT else self.answer - ANSWERS // 2


@dataclass(frozen=True)
class Sitting:
    """
    network  its name and weights
    images   tells them from others (stamp_of)
    seed     from which units, sides and places come, and `row` the order of the blocks
    answers  in the order of the trials
    """

    form: str
    network: tuple[str, str]
    images: str
    seed: str
    row: int
    answers: tuple[Given, ...] = ()

    def __post_init__(self) -> None:
        texts = (self.form, *self.network, self.images, self.seed)
        if self.form not in FORMS or len(self.network) != 2 or type(self.row) is not int:
            raise ValueError("not the sitting of a quiz")
        if any(len(text) > LONGEST for text in texts) or len(self.answers) > self.length.trials:
            raise ValueError("more than a sitting has")

    @property
    def length(self) -> Form:
        return FORMS[self.form]

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        return trials(self.length, self.seed, self.row)

    @property
    def trial(self) -> Trial | None:
        """The one that is to be answered; None at the end."""
        return self.trials[len(self.answers)] if len(self.answers) < len(self.trials) else None

    @property
    def finished(self) -> bool:
        return self.trial is None

    def answered(self, answer: int) -> "Sitting":
        """With an answer to the trial that is next; ValueError: it is none, or there is no trial."""
        if self.trial is None:
            raise ValueError("all trials are answered")
        given = Given(answer, False)
        return replace(self, answers=(*self.answers, replace(given, right=given.side == self.trial.side)))

    def data(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Any) -> "Sitting":
        """What `data` told; ActvizError or ValueError for what is none."""
        return cls(**reading.fields(cls, data))
