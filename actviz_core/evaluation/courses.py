"""How a score went, in each stretch of a run whose iterations can be compared: with one size and the same settings."""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..optimization.hyperparams import Hyperparams
from ..optimization.recipe import Recipe
from ..runs.history import Point

WIDTH = 12  # iterations whose mean is looked at, where there are twice as many
CLEAR = 4  # times what neighbouring scores differ: noisy ones wander for some dozens of iterations
MOST = 100  # means that a stretch is judged by: a long one is looked at often


@dataclass(frozen=True)
class Course:
    """Scores of the first and the last few iterations, and means [k] between.

    The means are over as many in between, around the iterations `centres` [k].
    """

    first: np.ndarray
    last: np.ndarray
    means: np.ndarray
    centres: np.ndarray

    @property
    def has_risen(self) -> bool:
        """Whether the last scores are better than the first, or some have been.

        That is, as far as these differ among themselves.
        """
        before, spread = self.first.mean(), self.first.std()
        at_once = self.means[-1] > self.first[:2].mean() + self.last.std()
        return bool(at_once or self.means[-1] > before + 0.5 * spread or self.means.max() > before + spread)

    @property
    def peak_lost(self) -> int:
        """The iteration since which more than half of a clear rise was lost, 0 where it was not."""
        peak = int(self.means.argmax())
        gained = self.means[peak] - self.first.mean()
        clear = gained > CLEAR * max(self.first.std(), self.last.std())
        lost = clear and self.means[-1] < self.means[peak] - gained / 2
        return int(self.centres[peak]) if lost else 0


def courses(recipe: Recipe, points: Sequence[Point], same: Callable[[Hyperparams], object]) -> list[Course]:
    """Of every stretch with one size and the same of the settings; the points are those of consecutive iterations."""
    spec, befores = recipe.spec, (recipe.hyperparams, *(change.hyperparams for change in recipe.changes))
    changes = {
        change.iteration
        for before, change in zip(befores, recipe.changes, strict=False)  # nothing comes after the last change
        if same(before) != same(change.hyperparams)
    }
    sizes = {1 + math.ceil(octave * spec.scheduled / spec.octaves) for octave in range(1, spec.octaves)}
    cuts = (bisect_left(points, iteration, key=lambda point: point.iteration) for iteration in sorted(changes | sizes))
    return [course(points, start, end) for start, end in pairwise((0, *cuts, len(points))) if start < end]


def course(points: Sequence[Point], start: int, end: int) -> Course:
    width, stride = max(1, min(WIDTH, (end - start) // 2)), 1
    while (end - start) / stride > MOST:  # doubled, so that a peak stays where it was found
        stride *= 2
    places = sorted({*range(start + width, end, stride), end})
    scores = [np.array([np.mean(point.score) for point in points[place - width : place]]) for place in places]
    centres = np.array([points[place - 1 - width // 2].iteration for place in places])
    return Course(scores[0], scores[-1], np.mean(scores, 1), centres)
