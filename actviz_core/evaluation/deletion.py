"""Deletion and insertion: how the score falls when cells are covered in a map's order, and rises when they appear.

After Petsiuk et al. 2018, but by whole cells of the map's own grid, ties broken at random, beside random orders and
the order of an edge map. SRG, the area under the curve with the least important cells first less that with the most
important first, depends least on what the cells are covered with.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, UInt8

from ..attribution.attribute import NO_PICTURE
from ..attribution.masking import Fill, cell_numbers, masked, nearest_cells
from ..attribution.prediction import Prediction, predictions
from ..frames import Frame
from ..models.centres import Centres
from ..models.model import Model
from ..numerals import written
from ..objectives import ClassLogit, Objective, class_layer, class_name

POINTS = 29  # on a curve, as in the benchmark of Petsiuk et al.
BATCH = 4  # images through the network between two frames; more take longer each, on two cores
SOURCE = "Petsiuk et al. 2018; covering makes pictures that no network was trained on (Gomez et al. 2022)"
KINDS = ("deletion", "least_first", "insertion")


@dataclass(frozen=True)
class Curve:
    """The score by the fraction of the cells; as far as it is measured, from the left."""

    fractions: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()

    @property
    def area(self) -> float:
        """Under the curve, by trapezoids."""
        return float(np.trapezoid(self.scores, self.fractions[: len(self.scores)]))

    @property
    def done(self) -> bool:
        return bool(self.fractions) and len(self.scores) == len(self.fractions)


@dataclass(frozen=True)
class Curves:
    """One order of the cells: covered with the most important first, with the least important first, and uncovered."""

    deletion: Curve = Curve()
    least_first: Curve = Curve()
    insertion: Curve = Curve()

    @property
    def srg(self) -> float | None:
        """How much longer the score lasts with the least important cells covered first; None until it is known."""
        done = self.deletion.done and self.least_first.done
        return self.least_first.area - self.deletion.area if done else None


@dataclass(frozen=True, eq=False)
class DeletionFrame(Frame):
    """The curves so far.

    map, edges, random  by the order of the map, of an edge map (Sobel), and of chance, several times
    what                what is measured: "probability of 285 Egyptian cat", or the name of the objective's score
    words               the verdict, for people; "" until all is known
    """

    map: Curves = Curves()
    edges: Curves = Curves()
    random: tuple[Curves, ...] = ()
    what: str = ""
    passes: int = 0
    fraction: float = 0.0
    words: str = ""


@dataclass(frozen=True, eq=False)
class MeasureDeletion:
    """The work of a run that measures the map [rows, columns] of an objective in a picture uint8 [h, w, 3].

    centres  of the map's cells, as maps have them: a pixel goes with the nearest; None: cells of one size
    fill     what covers cells; those that are to be inserted are blurred before
    draws    random orders
    """

    network: tuple[str, str]
    image: np.ndarray
    objective: Objective
    values: np.ndarray
    centres: Centres | None = None
    fill: Fill = "grey"
    points: int = POINTS
    draws: int = 2
    seed: int = 0

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[DeletionFrame]:
        """Raises ActvizError: an objective that is not the model's, OutOfMemory."""
        return measured(models(*self.network), self)


class Trial(NamedTuple):
    """One picture of a curve: so many cells of an order covered, or uncovered; an end of the curve has no order."""

    order: str
    kind: str
    count: int


ORIGINAL, BLURRED = Trial("", "deletion", 0), Trial("", "insertion", 0)


@dataclass(frozen=True, eq=False)
class Measurement:
    """What is to be measured: how the picture is cut, and the place of each cell in each order."""

    work: MeasureDeletion
    grid: Int[np.ndarray, "h w"]
    ranks: dict[str, Int[np.ndarray, " cells"]] = field(default_factory=dict)

    @property
    def counts(self) -> tuple[int, ...]:
        cells = self.work.values.size
        return tuple(np.unique(np.linspace(0, cells, min(self.work.points, cells + 1)).round().astype(int)).tolist())

    def trials(self) -> list[Trial]:
        """Those of the ends, which all orders share, first."""
        _, *inner, whole = self.counts
        ends = [ORIGINAL, Trial("", "deletion", whole), BLURRED]
        return ends + [Trial(order, kind, count) for order in self.ranks for kind in KINDS for count in inner]

    def picture(self, trial: Trial) -> UInt8[np.ndarray, "h w 3"]:
        cells = self.work.values.size
        rank = self.ranks[trial.order or "map"]
        if trial.kind == "insertion":
            return masked(self.work.image, (rank >= trial.count)[self.grid], "blur")
        covered = rank < trial.count if trial.kind == "deletion" else rank >= cells - trial.count
        return masked(self.work.image, covered[self.grid], self.work.fill)

    def curves(self, order: str, scores: dict[Trial, float]) -> Curves:
        """Of an order, as far as it is measured."""
        fractions = tuple(count / self.counts[-1] for count in self.counts)
        found = {}
        for kind in KINDS:
            trials = (self.trial(order, kind, count) for count in self.counts)
            known = tuple(scores[trial] for trial in takewhile(scores.__contains__, trials))
            found[kind] = Curve(fractions, known)
        return Curves(**found)

    def trial(self, order: str, kind: str, count: int) -> Trial:
        """Whose score it is: of the ends there is one for all orders."""
        if 0 < count < self.counts[-1]:
            return Trial(order, kind, count)
        if kind == "insertion":
            return BLURRED if count == 0 else ORIGINAL
        return Trial("", "deletion", count)


def measured(model: Model, work: MeasureDeletion) -> Iterator[DeletionFrame]:
    """The curves of the map first, then those that they are compared with."""
    (score, what), grid = scoring(model, work.image, work.objective), grid_of(work)
    seeds = [np.random.default_rng([work.seed, draw]) for draw in range(work.draws + 2)]
    ranks = {"map": ranked(work.values, seeds[0]), "edges": ranked(edges(work.image, grid, work.values.size), seeds[1])}
    ranks |= {f"random {draw}": ranked(np.zeros(work.values.shape), rng) for draw, rng in enumerate(seeds[2:])}
    plan, scores = Measurement(work, grid, ranks), dict[Trial, float]()
    trials = plan.trials()
    for start in range(0, len(trials), BATCH):
        part = trials[start : start + BATCH]
        pictures = np.stack([plan.picture(trial) for trial in part])
        for trial, prediction in zip(part, predictions(model, pictures, work.objective), strict=True):
            scores[trial] = score(prediction)
        found = {name: plan.curves(name, scores) for name in ranks}
        frame = DeletionFrame(
            start // BATCH + 1,
            NO_PICTURE,
            (scores[ORIGINAL],),
            map=found["map"],
            edges=found["edges"],
            random=tuple(found[name] for name in ranks if name.startswith("random")),
            what=what,
            passes=len(scores),
            fraction=len(scores) / len(trials),
        )
        yield replace(frame, words=verdict(frame, work.values)) if len(scores) == len(trials) else frame


def grid_of(work: MeasureDeletion) -> Int[np.ndarray, "h w"]:
    """The number of each pixel's cell."""
    (rows, columns), (height, width) = work.values.shape, work.image.shape[:2]
    return nearest_cells(height, width, work.centres) if work.centres else cell_numbers(height, width, rows, columns)


def scoring(
    model: Model, image: UInt8[np.ndarray, "h w 3"], objective: Objective
) -> tuple[Callable[[Prediction], float], str]:
    """What of a prediction is measured: of a class its probability, else the score; and what it is called."""
    height, width = image.shape[:2]
    asked = objective.checked(model, height, width)
    if isinstance(asked, ClassLogit) and asked.output == class_layer(model, height, width).name:
        label = int(asked.label)
        return lambda prediction: float(prediction.probabilities[label]), (
            f"probability of {class_name(label, model.labels)}"
        )
    return lambda prediction: prediction.score or 0.0, asked.score


def ranked(values: Float[np.ndarray, "rows columns"], rng: np.random.Generator) -> Int[np.ndarray, " cells"]:
    """The place of each cell, 0 the largest; of equal ones at random."""
    order = np.lexsort((rng.random(values.size), -values.ravel()))
    return np.argsort(order)


def edges(image: UInt8[np.ndarray, "h w 3"], grid: Int[np.ndarray, "h w"], cells: int) -> Float[np.ndarray, "1 cells"]:
    """How strong edges are in each cell: the mean length of the gradient of its grey, by Sobel's filters."""
    grey = np.pad(image.mean(-1), 1, mode="edge")
    smooth_down = grey[:-2] + 2 * grey[1:-1] + grey[2:]
    smooth_along = grey[:, :-2] + 2 * grey[:, 1:-1] + grey[:, 2:]
    length = np.hypot(smooth_down[:, 2:] - smooth_down[:, :-2], smooth_along[2:] - smooth_along[:-2])
    pixels = np.bincount(grid.ravel(), minlength=cells)
    return (np.bincount(grid.ravel(), length.ravel(), cells) / np.maximum(pixels, 1))[None]


def verdict(frame: DeletionFrame, values: Float[np.ndarray, "rows columns"]) -> str:
    """The comparison of the map's order with the others, in a sentence."""
    ours, theirs = frame.map.srg or 0.0, frame.edges.srg or 0.0
    srg, by_edges = (written(each, ".3g") for each in (ours, theirs))
    chance = max((abs(each.srg or 0.0) for each in frame.random), default=0.0)
    if np.ptp(values) == 0:
        return "The map is flat: it says nothing of an order."
    if ours <= chance:
        return f"No better than a random order: SRG {srg}, by chance up to {chance:.3g}."
    if ours <= theirs:
        return f"No better than an edge map: SRG {srg}, of the edges {by_edges}."
    return (
        f"Better than an edge map and than random orders: SRG {srg}, of the edges {by_edges}, by chance up to "
        f"{chance:.3g}. A passed test is no proof."
    )
