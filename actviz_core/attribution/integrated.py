"""Integrated gradients: the score's way from a baseline to the image, shared out among the pixels.

The integral is a trapezoid rule whose steps are halved where it is worst, so that no gradient is taken twice. How bad a
step is costs nothing: its part of the map should add up to what the score gains on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

import torch
from jaxtyping import Float
from torch import Tensor

from ..models.layers import AnyModel
from ..settings import setting
from ..sums import total
from .baselines import BASELINE_HELP, Baseline, baselines
from .gradients import pixel_maps
from .maps import Maps
from .method import Method
from .subject import Subject

HALVED = 4  # steps in one pass, so that the next map is there soon
FEWEST = 16  # steps before a map may be good enough: with fewer it may add up by chance
CANCELLING = 0.1  # of the ups and downs of the score that the steps may miss, each by itself, cancelling in the sum
BALANCED = 0.001  # of what a map adds and takes away: where the scores differ by less, this is the yardstick
SHORTEST = 2**-16  # of a way; a score that still jumps on it has no gradient that says so
KEPT = 256 * 2**20  # bytes of gradients, for all images together


@dataclass(frozen=True)
class IntegratedGradients(Method):
    """What each pixel brings to the difference between the image's score and the baseline's.

    The map should add up to that difference (`Maps.completeness`). Gradients are taken, for each image by itself, until
    it does within the tolerance, or until no halved step could change that, or there are `steps` (fewer where images
    are so large that these would take 256 MiB). Where both scores are nearly the same the tolerance is a share of a
    thousandth of all that the map adds and takes away. The paper takes 20 to 300 steps of one length.
    """

    title = "Integrated gradients"
    meaning = "How much of the difference between the image's score and the baseline's a pixel brings."
    misleads = "It is blind to pixels that are like the baseline: compare the maps of two baselines."
    source = "Sundararajan et al. 2017; baselines: Sturmfels et al. 2020"
    signed = True

    baseline: Baseline = setting("both", help=BASELINE_HELP)
    tolerance: float = setting(
        0.01, low=0.0, high=1.0, step=0.001, help="the share of the scores' difference that the sum may miss"
    )
    steps: int = setting(
        256, low=32, high=4096, step=1, log=True, unit="gradients", label="Steps", help="at most, of an image"
    )
    seed: int = setting(0, low=0, high=2**31 - 1, step=1, help="of a baseline of noise")

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        """At most; most images need fewer."""
        return 2 * self.steps

    def improve(self, subject: Subject) -> Iterator[Maps]:
        """A map after each pass of every image that still needs one."""
        compared = baselines(subject.model, subject.images, self.baseline, self.seed)
        paths = [Path(subject, image, compared[:, index]) for index, image in enumerate(subject.images)]
        most = min(self.steps, KEPT // (4 * compared[0, :, 0].numel()))
        waiting = paths
        while True:
            waiting = [path for path in waiting if path.taken < most and not path.settled(self.tolerance)]
            passes = 2 * max(path.taken for path in paths)
            fraction = max(path.taken for path in waiting) / most if waiting else 1.0
            scores, values = torch.tensor([path.score for path in paths]), torch.stack([path.values for path in paths])
            completeness = tuple(path.completeness for path in paths)
            yield pixel_maps(subject, scores, values, passes, fraction, completeness)
            if not waiting:
                return
            for path in waiting:
                path.advance(most)


@dataclass(frozen=True, eq=False)
class Place:
    """On the way from a baseline: how far, the score there, and what each pixel adds to it there.

    slope  the sum of that
    """

    share: float
    score: float
    pixels: Float[Tensor, "h w"]
    slope: float


@dataclass(frozen=True, eq=False)
class Step:
    """From one place to the next on the way from the baseline of that number."""

    baseline: int
    start: Place
    end: Place

    @property
    def length(self) -> float:
        return self.end.share - self.start.share

    @property
    def error(self) -> float:
        """What the step adds to the map's sum, less what the score gains on it."""
        return self.length / 2 * (self.start.slope + self.end.slope) - (self.end.score - self.start.score)


class Path:
    """An image on the straight ways from its baselines.

    values        the map so far
    taken         gradients so far
    completeness  what the map should add up to
    """

    def __init__(self, subject: Subject, image: Float[Tensor, "3 h w"], compared: Float[Tensor, "draws 3 h w"]) -> None:
        self.subject, self.image, self.compared, self.taken = subject, image, compared, 0
        starts, ends = (self.take([(index, share) for index in range(len(compared))]) for share in (0.0, 1.0))
        self.steps = [Step(index, *both) for index, both in enumerate(zip(starts, ends, strict=True))]
        self.values = torch.stack([(step.start.pixels + step.end.pixels) / 2 for step in self.steps]).sum(0)
        self.score = len(compared) * ends[0].score
        self.completeness = sum(step.end.score - step.start.score for step in self.steps)

    def take(self, places: Sequence[tuple[int, float]]) -> list[Place]:
        """The places so far on the ways from those baselines; of several baselines each counts for its part."""
        compared = self.compared[[index for index, _ in places]]
        shares = torch.tensor([share for _, share in places], device=compared.device).view(-1, 1, 1, 1)
        images = self.image.expand_as(compared)
        scores, gradients = self.subject.pixel_gradients(torch.lerp(compared, images, shares))
        pixels = ((images - compared) * gradients).sum(1) / len(self.compared)
        self.taken += len(places)
        numbers = zip((scores / len(self.compared)).tolist(), total(pixels.cpu().double()).tolist(), strict=True)
        return [
            Place(share, score, pixels[index], slope)
            for index, ((_, share), (score, slope)) in enumerate(zip(places, numbers, strict=True))
        ]

    def advance(self, most: int) -> None:
        """The worst steps are halved."""
        worst = nlargest(min(HALVED, most - self.taken), self.divisible(), key=lambda step: abs(step.error))
        middles = self.take([(step.baseline, step.start.share + step.length / 2) for step in worst])
        for step, middle in zip(worst, middles, strict=True):
            self.values += step.length / 4 * (2 * middle.pixels - step.start.pixels - step.end.pixels)
            self.steps.remove(step)
            self.steps += Step(step.baseline, step.start, middle), Step(step.baseline, middle, step.end)

    def divisible(self) -> list[Step]:
        return [step for step in self.steps if step.length > SHORTEST]

    def settled(self, tolerance: float) -> bool:
        """Whether the map adds up to what it should, or no halved step could change it."""
        if len(self.steps) < FEWEST:
            return False
        size = BALANCED * total(self.values[None].abs().cpu().double()).item()
        allowed = tolerance * max(abs(self.completeness), size)
        errors = [step.error for step in self.steps]
        ups_and_downs = sum(abs(step.end.score - step.start.score) for step in self.steps)
        close = sum(map(abs, errors)) <= CANCELLING * max(ups_and_downs, size)
        if close and abs(sum(errors)) <= allowed:
            return True
        return sum(abs(step.error) for step in self.divisible()) <= CANCELLING * allowed
