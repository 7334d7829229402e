"""Depth: which layer's map finds soonest what the score comes from, by the areas under their deletion curves.

Layers have grids of their own, and finer ones hide less with each cell; so curves go by the share of the picture, and
what lies under them is compared only roughly.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..attribution import Maps
from ..attribution.attribute import NO_PICTURE
from ..attribution.masking import Fill, masked
from ..attribution.prediction import predictions
from ..frames import Frame
from ..models.model import Model
from ..objectives import Objective
from .deletion import ORIGINAL, MeasureDeletion, Measurement, Trial, grid_of, ranked, scoring

POINTS = 7  # of each curve


@dataclass(frozen=True, eq=False)
class DepthFrame(Frame):
    """The layers so far, in their order; a flat map has no area.

    areas  under the curves with the most important cells covered first: the lower, the sooner
    what   what is measured, as in DeletionFrame
    """

    areas: tuple[tuple[str, float], ...] = ()
    what: str = ""
    passes: int = 0
    fraction: float = 0.0


@dataclass(frozen=True, eq=False)
class MeasureLayers:
    """The work of a run that measures the maps at several layers of one picture uint8 [h, w, 3], a frame for each."""

    network: tuple[str, str]
    image: np.ndarray
    objective: Objective
    maps: tuple[Maps, ...]
    fill: Fill = "grey"
    points: int = POINTS
    seed: int = 0

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[DepthFrame]:
        """Raises ActvizError: an objective that is not the model's, OutOfMemory."""
        return measured(models(*self.network), self)


def measured(model: Model, work: MeasureLayers) -> Iterator[DepthFrame]:
    score, what = scoring(model, work.image, work.objective)
    covered = masked(work.image, np.ones(work.image.shape[:2], bool), work.fill)
    ends = [score(each) for each in predictions(model, np.stack([work.image, covered]), work.objective)]
    areas: list[tuple[str, float]] = []
    passes = 2
    for place, maps in enumerate(work.maps, 1):
        values = maps.values[0]
        if np.ptp(values) > 0:
            plan = plan_of(work, maps)
            scores = {ORIGINAL: ends[0], Trial("", "deletion", values.size): ends[1]}
            trials = [Trial("map", "deletion", count) for count in plan.counts[1:-1]]
            pictures = np.stack([plan.picture(trial) for trial in trials])
            found = predictions(model, pictures, work.objective)
            scores |= {trial: score(each) for trial, each in zip(trials, found, strict=True)}
            areas.append((maps.layer, plan.curves("map", scores).deletion.area))
            passes += len(trials)
        fraction = place / len(work.maps)
        yield DepthFrame(place, NO_PICTURE, (ends[0],), areas=tuple(areas), what=what, passes=passes, fraction=fraction)


def plan_of(work: MeasureLayers, maps: Maps) -> Measurement:
    alone = MeasureDeletion(
        work.network,
        work.image,
        work.objective,
        maps.values[0],
        centres=maps.centres,
        fill=work.fill,
        points=work.points,
    )
    return Measurement(alone, grid_of(alone), {"map": ranked(alone.values, np.random.default_rng(work.seed))})
