"""Cascading randomization: whether a map changes when the network forgets what it learned (Adebayo et al. 2018).

The weights are drawn anew from the block of the target's own layer downwards, for layers above it change nothing. The
target stays the same, where the paper takes the class that the random network would choose. What it shows: a map that
hardly changes shows the picture, not the network. What it does not: noise changes too, and random networks from the top
down keep the scale of what the lower layers answer (Binder et al. 2023), so a passed test is no proof.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float32

from ..attribution import Maps, Method, Subject
from ..attribution.attribute import NO_PICTURE, tensor_of
from ..errors import ActvizError
from ..frames import Frame
from ..machine import WithinMemory
from ..models.model import Model
from ..models.redrawn import Draw, redrawn, stages
from ..numerals import written
from ..objectives import Objective
from .agreement import rank_correlation

UNKNOWN = np.zeros((0, 0), np.float32)
ALIKE = 0.5  # a rank correlation above it, with all weights drawn anew: the map depends little on them
SOURCE = "Adebayo et al. 2018; a passed test is no proof (Binder et al. 2023)"


@dataclass(frozen=True, eq=False)
class CascadeStage:
    """The map with all weights from the target's block down to `name` drawn anew.

    values       of the first seed
    correlations with the map of the trained network, by ranks: of each seed so far; None where a map is flat
    absolute     the same of absolute values; differs for signed maps only
    """

    name: str
    values: Float32[np.ndarray, "rows columns"]
    correlations: tuple[float | None, ...] = ()
    absolute: tuple[float | None, ...] = ()


@dataclass(frozen=True, eq=False)
class CascadeFrame(Frame):
    """The strip so far; `values` is the map of the trained network, `words` the verdict, "" until all is known."""

    values: Float32[np.ndarray, "rows columns"] = field(default_factory=lambda: UNKNOWN)
    stages: tuple[CascadeStage, ...] = ()
    fraction: float = 0.0
    passes: int = 0
    words: str = ""


@dataclass(frozen=True, eq=False)
class Randomize:
    """The work of a run that makes the map of a picture uint8 [h, w, 3] again and again, of ever more random networks.

    stages      at most
    seeds       how often all of them are gone through
    draw        spread: normal numbers of each tensor's mean and spread, which keep the scale of what layers answer;
                initial: as the modules were made, and as in the paper. EfficientNet-Lite0's maps shrink to 1e-11 then
    statistics  of batch norms are forgotten too
    """

    network: tuple[str, str]
    image: np.ndarray
    objective: Objective
    method: Method
    stages: int = 8
    seeds: int = 3
    draw: Draw = "spread"
    statistics: bool = False

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[CascadeFrame]:
        """Raises ActvizError: an objective that is not the model's, what the method does not allow, OutOfMemory."""
        return Cascade(models(*self.network), self).frames()


class Cascade:
    """A cascade on its way."""

    def __init__(self, model: Model, work: Randomize) -> None:
        if work.stages < 2 or work.seeds < 1:
            raise ActvizError(f"a cascade of {work.stages} stages and {work.seeds} seeds; it takes 2 and 1 at least.")
        self.model, self.work, self.images = model, work, tensor_of(work.image[None])
        self.height, self.width = work.image.shape[:2]
        self.objective = work.objective.checked(model, self.height, self.width)
        self.parts = stages(model, self.objective.layers, work.stages, self.height, self.width)
        self.trained: tuple[np.ndarray, tuple[float, ...]] = UNKNOWN, ()
        self.found: list[CascadeStage] = []
        self.made, self.passes, self.iteration = 0, 0, 0

    @property
    def wanted(self) -> int:
        return 1 + len(self.parts) * self.work.seeds

    def frames(self) -> Iterator[CascadeFrame]:
        with WithinMemory(self.model.device, f"a copy of {self.model.name}", "End other runs."):
            self.work.method.check(self.model, self.height, self.width)
            trained = yield from self.mapped(self.model)
            self.trained = trained.values[0], trained.score
            yield self.frame(0.0)
            for seed in range(self.work.seeds):
                twins = redrawn(self.model, self.parts, seed, self.work.draw, self.work.statistics)
                for place, twin in enumerate(twins):
                    maps = yield from self.mapped(twin)
                    self.note(place, maps.values[0])
                    yield self.frame(0.0)

    def mapped(self, model: Model) -> Generator[CascadeFrame, None, Maps]:
        """The map of a model, with a frame for each step on its way."""
        for maps in self.work.method.improve(Subject.of(model, self.images, self.objective)):
            self.iteration += 1
            if maps.done:
                self.made, self.passes = self.made + 1, self.passes + maps.passes
                return maps
            yield self.frame(maps.fraction)
        raise RuntimeError(f"{self.work.method.title} ended before its map was done")

    def note(self, place: int, random: Float32[np.ndarray, "rows columns"]) -> None:
        trained, _ = self.trained
        if place == len(self.found):
            shown = np.nan_to_num(random, nan=0.0, posinf=0.0, neginf=0.0)
            self.found.append(CascadeStage(self.parts[place].name, shown))
        stage = self.found[place]
        self.found[place] = replace(
            stage,
            correlations=(*stage.correlations, rank_correlation(trained, random)),
            absolute=(*stage.absolute, rank_correlation(np.abs(trained), np.abs(random))),
        )

    def frame(self, part: float) -> CascadeFrame:
        values, score = self.trained
        return CascadeFrame(
            self.iteration,
            NO_PICTURE,
            score,
            values=values,
            stages=tuple(self.found),
            fraction=(self.made + part) / self.wanted,
            passes=self.passes,
            words=verdict(self.found[-1]) if self.made == self.wanted else "",
        )


def verdict(last: CascadeStage) -> str:
    """Of the stage at which all weights are random, in words."""
    known = [each for each in last.correlations if each is not None]
    absolute = [each for each in last.absolute if each is not None]
    if not known:
        return "With random weights the map is flat: it depends on them. A passed test is no proof."
    mean = float(np.mean(known))
    strongest = max(abs(mean), float(np.mean(absolute)) if absolute else 0.0)
    if strongest > ALIKE:
        return f"Hardly changes with the weights: rank correlation {strongest:.2f} with all of them random."
    said = written(mean, ".2f")
    return f"Changes with the weights: rank correlation {said} with all of them random. A passed test is no proof."
