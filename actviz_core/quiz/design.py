"""The design: which unit is asked about in which condition, in which order, on which side the right image is.

Conditions stand in blocks. Their order is a row of a Latin square in which each condition stands once at every place
and comes once after each other one (Williams 1949), so four people in a row even out what practice and tiring do.
"""

import random
from dataclasses import dataclass
from typing import Literal

Condition = Literal["none", "synthetic", "natural", "both"]
CONDITIONS: tuple[Condition, ...] = ("none", "synthetic", "natural", "both")  # what is shown beside the two images
SQUARE: tuple[tuple[int, ...], ...] = ((0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1))
CATCHING: tuple[Condition, ...] = ("natural", "both")  # blocks with a trial that repeats an image shown beside it
POOL = 15  # units, which are the same for everybody: as many as the whole quiz has trials

Kind = Literal["practice", "scored", "catch"]
PRACTICE: Kind = "practice"
SCORED: Kind = "scored"
CATCH: Kind = "catch"  # one of the two images is shown beside them as well
LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class Form:
    """How long a quiz is.

    practice  the conditions of the trials that are answered with a word and do not count
    blocks    how many trials count in the block at each place
    minutes   that it takes, about
    """

    name: str
    practice: tuple[Condition, ...]
    blocks: tuple[int, int, int, int]
    minutes: int

    @property
    def trials(self) -> int:
        return len(self.practice) + sum(self.blocks) + len(CATCHING)


FORMS = {
    each.name: each
    for each in (
        Form("whole", ("natural", "synthetic", "both"), (3, 2, 3, 2), 3),
        Form("short", ("natural",), (1, 1, 1, 1), 1),
    )
}


@dataclass(frozen=True)
class Trial:
    """
    unit  its number in the pool
    side  "left" or "right": where the image lies that drives it more
    """

    kind: Kind
    condition: Condition
    unit: int
    side: str


def trials(form: Form, seed: str, row: int) -> tuple[Trial, ...]:
    """One person's, the same ones for the same seed: no unit comes twice; `row` of the square, of any whole number."""
    rng = random.Random(seed)
    units = list(range(POOL))
    rng.shuffle(units)
    planned: list[tuple[Kind, Condition]] = [(PRACTICE, condition) for condition in form.practice]
    for number, count in zip(SQUARE[row % len(SQUARE)], form.blocks, strict=True):
        condition = CONDITIONS[number]
        block: list[tuple[Kind, Condition]] = [(SCORED, condition)] * count
        if condition in CATCHING:
            block.insert(rng.randint(0, count), (CATCH, condition))
        planned += block
    return tuple(
        Trial(kind, condition, unit, rng.choice((LEFT, RIGHT)))
        for (kind, condition), unit in zip(planned, units, strict=False)
    )
