"""Occlusion: what the score loses when a window of the image is covered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float64
from torch import Tensor

from ..errors import ActvizError
from ..models.layers import AnyModel
from ..settings import setting
from .baselines import BASELINE_HELP, Baseline, baselines
from .maps import Maps
from .method import Method
from .perturbed import fills_of, masked_scores, masks_at_once
from .subject import Subject

COARSEST = 16  # windows from one to the next, in the first round
PARTS = 7  # windows of the usual size side by side, along the image's shorter side


@dataclass(frozen=True)
class Windows:
    """Where windows of height x width begin: the tops and the lefts; all of them lie within the image."""

    tops: tuple[int, ...]
    lefts: tuple[int, ...]
    height: int
    width: int

    @property
    def order(self) -> list[tuple[int, int]]:
        """Row and column of each: a coarse grid of them first, then those between, so that a part shows all."""
        every = [(row, column) for row in range(len(self.tops)) for column in range(len(self.lefts))]
        return sorted(every, key=lambda place: (-coarseness(*place), place))

    def averaged(self, values: Float64[np.ndarray, "n rows columns"], height: int, width: int) -> np.ndarray:
        """Of each pixel the mean value of the windows that cover it.

        Torch multiplies: NumPy's library for it would keep its own threads spinning, which the next pass waits for.
        """
        down, across = covers(self.tops, self.height, height), covers(self.lefts, self.width, width)
        sums = torch.from_numpy(down) @ torch.from_numpy(values) @ torch.from_numpy(across.T)
        return sums.numpy() / np.outer(down.sum(1), across.sum(1))


@dataclass(frozen=True)
class Occlusion(Method):
    """How much lower the score is with a window of the image covered, at each pixel the mean of the windows over it.

    Windows at the borders are whole; there they overlap more.
    """

    meaning = "How much the score falls when what is around a pixel is covered; below zero: it rises."
    misleads = "The cover has edges and a colour of its own, and of two things that say the same neither is missed."
    source = "Zeiler & Fergus 2014"
    signed = True

    window: int | None = setting(
        None, low=1, high=2048, unit="px", help="side of what is covered; empty: a seventh of the image's shorter side"
    )
    stride: int | None = setting(
        None, low=1, high=2048, unit="px", help="from one window to the next; empty: half the window"
    )
    baseline: Baseline = setting("mean", help=BASELINE_HELP)

    def windows(self, height: int, width: int) -> Windows:
        """Raises ActvizError where windows would leave gaps."""
        side = self.window or max(1, round(min(height, width) / PARTS))
        stride = self.stride or max(1, side // 2)
        if stride > side:
            raise ActvizError(f"occlusion.stride is {stride}; it must be at most the window, {side} px.")
        rows, columns = min(side, height), min(side, width)
        return Windows(starts(height, rows, stride), starts(width, columns, stride), rows, columns)

    def check(self, model: AnyModel, height: int, width: int) -> None:
        self.windows(height, width)

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        windows = self.windows(height, width)
        return 1 + len(windows.tops) * len(windows.lefts) * fills_of(self.baseline)

    def improve(self, subject: Subject) -> Iterator[Maps]:
        """A map after each batch of windows; one that is still to come has the value of the nearest that has been."""
        windows, fills = self.windows(*subject.size), baselines(subject.model, subject.images, self.baseline)
        order, at_once = windows.order, masks_at_once(subject, fills)
        scores, nearest = subject.scores(subject.images), Nearest(len(subject.images), windows)
        for done in range(0, len(order), at_once):
            places = order[done : done + at_once]
            covered = masked_scores(subject, fills, masks_of(windows, places, subject))
            for place, drops in zip(places, (scores - covered).cpu().double().numpy(), strict=True):
                nearest.put(place, drops)
            values = windows.averaged(nearest.values, *subject.size).astype(np.float32)
            count = done + len(places)
            passes, fraction = 1 + count * len(fills), count / len(order)
            yield Maps(values, tuple(scores.tolist()), *subject.size, "", fraction, passes)


class Nearest:
    """The values of windows, of each that is missing that of the nearest known one."""

    def __init__(self, count: int, windows: Windows) -> None:
        self.rows, self.columns = np.arange(len(windows.tops))[:, None], np.arange(len(windows.lefts))
        self.values = np.zeros((count, len(windows.tops), len(windows.lefts)))
        self.distances = np.full(self.values.shape[1:], np.inf)

    def put(self, place: tuple[int, int], values: Float64[np.ndarray, " n"]) -> None:
        distances = np.hypot(self.rows - place[0], self.columns - place[1])
        nearer = distances < self.distances
        self.values[:, nearer], self.distances[nearer] = values[:, None], distances[nearer]


def starts(size: int, window: int, stride: int) -> tuple[int, ...]:
    """Where windows begin along a side; the last one ends where the side does."""
    return (*range(0, size - window, stride), size - window)


def coarseness(row: int, column: int) -> int:
    """The largest power of two up to COARSEST that both are multiples of."""
    step = COARSEST
    while row % step or column % step:
        step //= 2
    return step


def covers(starts: Sequence[int], window: int, size: int) -> Float64[np.ndarray, "size windows"]:
    """1 where a window covers a pixel of the side, else 0."""
    offsets = np.arange(size)[:, None] - np.array(starts)
    return ((offsets >= 0) & (offsets < window)).astype(float)


def masks_of(windows: Windows, places: Sequence[tuple[int, int]], subject: Subject) -> Float[Tensor, "k 1 h w"]:
    """0 in the window at each place, 1 elsewhere."""
    masks = torch.ones(len(places), 1, *subject.size, device=subject.images.device)
    for mask, (row, column) in zip(masks, places, strict=True):
        top, left = windows.tops[row], windows.lefts[column]
        mask[0, top : top + windows.height, left : left + windows.width] = 0
    return masks
