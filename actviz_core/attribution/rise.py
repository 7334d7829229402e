"""RISE: what the score is under many random masks."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from ..models.layers import AnyModel
from ..settings import setting
from .baselines import BASELINE_HELP, Baseline, baselines
from .maps import Maps
from .method import Method
from .perturbed import fills_of, masked_scores, masks_at_once
from .subject import Subject

FIRST_LOOK = 128  # masks before a change is looked at, and again each time that they have doubled
FLAT = 1e-6  # of the mean score: what rounding makes of a map without anything in it


@dataclass(frozen=True)
class Rise(Method):
    """The mean score of masked images in which a pixel is seen, less that of all masked images.

    The paper's map is the first of the two, divided by the share of cells that are open; what is taken away here is
    the same for all pixels. It ends when the second half of the masks has hardly changed the map, an image at a time.
    """

    title = "RISE"
    meaning = "How much higher the score is when a pixel can be seen, whatever else is covered."
    misleads = "It is an average over images in pieces, and grainy until there are thousands of them."
    source = "Petsiuk et al. 2018"
    signed = True

    masks: int = setting(4000, low=2, high=100_000, step=1, log=True, unit="images", help="at most")
    cells: int = setting(7, low=2, high=64, step=1, help="of a mask along each side, open or closed by chance")
    open: float = setting(0.5, low=0.01, high=0.99, step=0.01, help="share of the cells that are open")
    tolerance: float = setting(
        0.2,
        low=0.0,
        high=1.0,
        step=0.01,
        help="ends when the later half of the masks has changed the map by less than this share of it; 0: never before",
    )
    baseline: Baseline = setting("mean", help=BASELINE_HELP)
    seed: int = setting(0, low=0, high=2**31 - 1, step=1, help="of the masks")

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 1 + self.masks * fills_of(self.baseline)

    def improve(self, subject: Subject) -> Iterator[Maps]:
        fills = baselines(subject.model, subject.images, self.baseline, self.seed)
        scores, at_once = subject.scores(subject.images), masks_at_once(subject, fills)
        rng, average, done = torch.Generator().manual_seed(self.seed), Averages(len(scores), *subject.size), 0
        while done < self.masks and not average.settled.all():
            looked = FIRST_LOOK * 2 ** (done // FIRST_LOOK).bit_length()
            count = min(at_once, self.masks - done, looked - done)
            masks = self.drawn(rng, count, *subject.size)
            average.add(masks[:, 0], masked_scores(subject, fills, masks.to(subject.images.device)).cpu())
            done += count
            if done == looked:
                average.look(self.tolerance)
            whole = done >= self.masks or bool(average.settled.all())
            values = average.values.float().numpy()
            fraction = 1.0 if whole else done / self.masks
            yield Maps(values, tuple(scores.tolist()), *subject.size, "", fraction, 1 + done * len(fills))

    def drawn(self, rng: torch.Generator, count: int, height: int, width: int) -> Float[Tensor, "k 1 h w"]:
        """Masks, one after the other, so the number at once changes none: cells made smooth, and shifted by chance."""
        sides = [-(-side // self.cells) for side in (height, width)]
        whole = [side * (self.cells + 1) for side in sides]
        found = []
        for _ in range(count):
            cells = (torch.rand(1, 1, self.cells, self.cells, generator=rng) < self.open).float()
            top, left = (int(torch.randint(side, (), generator=rng)) for side in sides)
            smooth = F.interpolate(cells, whole, mode="bilinear")
            found.append(smooth[:, :, top : top + height, left : left + width])
        return torch.cat(found)


class Averages:
    """Of each pixel the mean score of the masks that show it, less the mean of all; and when that has settled."""

    def __init__(self, images: int, height: int, width: int) -> None:
        self.count, self.seen = 0, torch.zeros(height, width, dtype=torch.float64)
        self.scores, self.settled = torch.zeros(images, dtype=torch.float64), torch.zeros(images, dtype=torch.bool)
        self.weighted = torch.zeros(images, height, width, dtype=torch.float64)
        self.values, self.before = torch.zeros_like(self.weighted), torch.zeros_like(self.weighted)

    def add(self, masks: Float[Tensor, "k h w"], scores: Float[Tensor, "k n"]) -> None:
        for mask, each in zip(masks.double(), scores.double(), strict=True):
            self.count += 1
            self.seen += mask
            self.scores += each
            self.weighted += each[:, None, None] * mask
        mean = (self.scores / self.count)[:, None, None]
        latest = torch.where(self.seen > 0, (self.weighted - mean * self.seen) / self.seen.clamp(min=1e-9), 0)
        self.values = torch.where(self.settled[:, None, None], self.values, latest)

    def look(self, tolerance: float) -> None:
        """Images whose map has changed by less than the tolerance since the masks were half as many are done."""
        change, size = ((each**2).mean((1, 2)).sqrt() for each in (self.values - self.before, self.values))
        rounding = FLAT * (self.scores / self.count).abs()
        if self.count > FIRST_LOOK:
            self.settled |= (change <= tolerance * size) | (size <= rounding)
        self.before = self.values.clone()
