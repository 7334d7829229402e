"""The decision for a class, and the smallest region of a picture whose covering turns it.

Cells are ranked by what covering each of them alone does, and as many are covered as turn the decision. Then all that
can be uncovered again without turning it back are, until none is left: no cell of the region can be spared, though
another region may be smaller still.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from ..errors import ActvizError, NotAllowed
from ..frames import Frame
from ..models.model import Model
from ..objectives import class_name
from .attribute import NO_PICTURE
from .masking import Fill, cell_numbers, masked
from .prediction import Prediction, predictions

BATCH = 4  # images through the network between two frames; more take longer each, on two cores


@dataclass(frozen=True, eq=False)
class DecisionFrame(Frame):
    """The smallest region found so far.

    mask        which pixels it covers; none of them until one is found
    prediction  what the network says of the picture with that region covered; without one, of the picture itself
    passes      of images through the network so far
    fraction    of the search that is done, roughly; 1 where it has ended
    words       of the result, for people
    """

    mask: Bool[np.ndarray, "h w"] | None = None
    prediction: Prediction | None = None
    passes: int = 0
    fraction: float = 0.0
    words: str = ""

    @property
    def share(self) -> float:
        """Of the picture that is covered."""
        return 0.0 if self.mask is None else float(self.mask.mean())


@dataclass(frozen=True, eq=False)
class TurnDecision:
    """The work of a run: the smallest region of a picture uint8 [h, w, 3] whose covering turns a decision.

    label    the class that the network is to say no more; None: the one that it says
    against  the class that is to become likelier than it; None: any
    cells    along the longer side of the picture
    """

    network: tuple[str, str]
    image: np.ndarray
    fill: Fill = "grey"
    label: int | None = None
    against: int | None = None
    patch: np.ndarray | None = None
    cells: int = 14

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[DecisionFrame]:
        """Raises NotAllowed for a network without classes, ActvizError where the network does not say the class."""
        return Search(models(*self.network), self).frames()


class Search:
    """A search on its way: cells are numbered row by row, a set of them is a bool [cells]."""

    def __init__(self, model: Model, work: TurnDecision) -> None:
        self.model, self.work = model, work
        height, width = work.image.shape[:2]
        self.grid = square_cells(height, width, work.cells)
        self.count = int(self.grid.max()) + 1
        [self.before] = predictions(model, work.image[None])
        probabilities = self.before.probabilities
        if not len(probabilities):
            raise NotAllowed(f"{model.name} has no classes, so there is no decision to be turned.")
        self.label = self.before.ranked[0] if work.label is None else work.label
        for label in (self.label, self.label if work.against is None else work.against):
            if not 0 <= label < len(probabilities):
                raise ActvizError(f"class {label} is out of range: {model.name} has {len(probabilities)} classes.")
        if work.against == self.label:
            raise ActvizError("a class cannot be compared with itself: choose another one.")
        if self.margin(self.before) < 0:
            said = class_name(self.before.ranked[0], model.labels)
            raise ActvizError(f"the network says {said} already: there is nothing to be turned.")
        self.passes, self.batches = 1, 0
        self.found, self.prediction = np.zeros(self.count, bool), self.before

    def margin(self, prediction: Prediction) -> float:
        """By how much the class is likelier than its rival, in the logarithm of the probability; below 0 it is not."""
        logs = np.log(np.maximum(prediction.probabilities, np.finfo(np.float32).tiny))
        rival = logs[self.work.against] if self.work.against is not None else np.delete(logs, self.label).max()
        return float(logs[self.label] - rival)

    def frames(self) -> Iterator[DecisionFrame]:
        margins = yield from self.covered(np.eye(self.count, dtype=bool), 0.0, 0.3)
        if not self.found.any():
            yield from self.grow(np.argsort(margins, kind="stable"))
        if not self.found.any():
            yield self.frame(1.0, "Not even the whole picture covered turns the decision.")
            return
        yield from self.shrink()
        cells = int(self.found.sum())
        those = "1 cell" if cells == 1 else f"{cells} cells"
        yield self.frame(1.0, f"{those} of {self.count}, of which none can be spared; another region may be smaller.")

    def grow(self, order: Int[np.ndarray, " cells"]) -> Iterator[DecisionFrame]:
        """Covers more and more of the cells, in that order, until the decision turns."""
        rank = np.argsort(order)
        sets = rank[None] <= np.arange(self.count)[:, None]
        for start in range(0, self.count, BATCH):
            part = sets[start : start + BATCH]
            yield from self.covered(part, 0.3 + 0.3 * start / self.count, 0.3 * len(part) / self.count)
            if self.found.any():
                return

    def shrink(self) -> Iterator[DecisionFrame]:
        """Uncovers what can be: of the cells that matter least as many at once as possible, by halving."""
        done = 0.6
        while self.found.sum() > 1:
            found, cells = self.found, np.flatnonzero(self.found)
            without = found & ~np.eye(self.count, dtype=bool)[cells]
            margins = yield from self.covered(without, done, (1 - done) / 4)
            done += (1 - done) / 4
            spare = cells[np.argsort(margins, kind="stable")][: int((margins < 0).sum())]
            if not len(spare):
                return
            most, margin = len(spare), 0.0
            while most > 1 and margin >= 0:
                trial = found & ~np.isin(np.arange(self.count), spare[:most])
                (margin,) = yield from self.covered(trial[None], done, 0.0)
                most //= 2

    def covered(
        self, sets: Bool[np.ndarray, "n cells"], done: float, share: float
    ) -> Generator[DecisionFrame, None, Float[np.ndarray, " n"]]:
        """The margins of the picture with each set covered; keeps the smallest that turns the decision."""
        work, margins = self.work, np.zeros(len(sets))
        for start in range(0, len(sets), BATCH):
            part = sets[start : start + BATCH]
            pictures = [masked(work.image, each[self.grid], work.fill, work.patch) for each in part]
            for place, prediction in enumerate(predictions(self.model, np.stack(pictures)), start):
                margins[place] = self.margin(prediction)
                self.consider(sets[place], prediction)
            self.passes += len(part)
            self.batches += 1
            yield self.frame(done + share * (start + len(part)) / len(sets))
        return margins

    def consider(self, cells: Bool[np.ndarray, " cells"], prediction: Prediction) -> None:
        margin = self.margin(prediction)
        smaller = not self.found.any() or cells.sum() < self.found.sum()
        if margin < 0 and (smaller or cells.sum() == self.found.sum() and margin < self.margin(self.prediction)):
            self.found, self.prediction = cells, prediction

    def frame(self, fraction: float, words: str = "") -> DecisionFrame:
        return DecisionFrame(
            max(1, self.batches),
            NO_PICTURE,
            (self.margin(self.prediction),),
            mask=self.found[self.grid],
            prediction=self.prediction,
            passes=self.passes,
            fraction=fraction,
            words=words,
        )


def square_cells(height: int, width: int, cells: int) -> Int[np.ndarray, "height width"]:
    """Cells that are about square, about as many along the longer side."""
    side = max(height, width) / max(1, min(cells, height, width))
    rows, columns = (max(1, round(length / side)) for length in (height, width))
    return cell_numbers(height, width, rows, columns)
