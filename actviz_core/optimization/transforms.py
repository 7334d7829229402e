"""Transforms: random changes that the image must survive.

A transform is (drawing, rng) -> drawing: it takes the views so far and gives the next (views.py), drawn anew in every
iteration, for every image on its own, or once for images with objectives of their own (spec.py).
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor

from ..blur import blurred
from ..errors import ActvizError
from ..registry import register_kinds
from ..settings import Checked, setting
from .matrices import affine
from .views import Drawing, Fill, Moment, repeated


class Transform(Checked):
    """A random change of what the network sees; off at strength 0, and then nothing is drawn from `rng` either.

    leads  says how the others draw, and so comes before them
    """

    leads: ClassVar[bool] = False

    @property
    def active(self) -> bool:
        """Whether the views are other ones than without it."""
        return True

    @property
    def narrows(self) -> bool:
        """Whether later views show less of the picture than the first, so that their scores are of something else."""
        return False

    def draw(self, drawing: Drawing, rng: torch.Generator) -> Drawing:
        """The views after this change; whatever is random comes from `rng`, on the host."""
        raise NotImplementedError


class Geometric(Transform):
    """Moves pixels."""

    def draw(self, drawing: Drawing, rng: torch.Generator) -> Drawing:
        if not self.active:
            return drawing
        return drawing.moved(self.matrices(drawing.count, *drawing.picture, rng, drawing.moment))

    def matrices(self, n: int, height: int, width: int, rng: torch.Generator, moment: Moment) -> Tensor:
        """[v * n, 3, 3]: from view to image, in (column, row, 1) pixels from the centre, v views of each of n."""
        raise NotImplementedError


class Pointwise(Transform):
    """Changes values and moves nothing.

    random  `apply` draws from its generator
    """

    random: ClassVar[bool] = False

    def draw(self, drawing: Drawing, rng: torch.Generator) -> Drawing:
        return drawing.changed(self) if self.active else drawing

    def apply(self, images: Tensor, rng: torch.Generator, moment: Moment, alike: int) -> Tensor:
        """Images [n * alike, 3, h, w] -> the same, on their device; `alike` in a row share what is random."""
        raise NotImplementedError


@dataclass(frozen=True)
class Pad(Transform):
    """A border that the network sees around the picture, and what fills everything outside of it."""

    leads = True

    pixels: int = setting(
        12, low=0, high=64, step=1, unit="px", help="border seen around the picture", label="Padding", neutral=0
    )
    fill: Fill = setting(
        "grey", help="what lies outside of the picture", label="Padding filled with", neutral="reflect"
    )

    def draw(self, drawing: Drawing, rng: torch.Generator) -> Drawing:
        return replace(drawing, border=round(self.pixels * drawing.moment.zoom), fill=self.fill)


@dataclass(frozen=True)
class Jitter(Geometric):
    """Shift by whole pixels, up to `pixels` in each of the four directions.

    Papers that write "jitter 8" crop: +-4 here.
    """

    pixels: int = setting(
        8, low=0, high=64, step=1, unit="px", help="largest shift to each side", label="Jitter", neutral=0
    )

    @property
    def active(self) -> bool:
        return self.pixels > 0

    def matrices(self, n: int, height: int, width: int, rng: torch.Generator, moment: Moment) -> Tensor:
        shift = uniform((n, 2), -self.pixels - 0.5, self.pixels + 0.5, rng).mul(moment.zoom).round()
        return affine(n, rng, column=shift[:, 0], row=shift[:, 1])


@dataclass(frozen=True)
class Scale(Geometric):
    """Enlarge by a random factor between `low` and `high`."""

    low: float = setting(
        0.9, low=0.25, high=4.0, step=0.05, help="smallest enlargement", label="Smallest scale", neutral=1.0
    )
    high: float = setting(
        1.1, low=0.25, high=4.0, step=0.05, help="largest enlargement", label="Largest scale", neutral=1.0
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low > self.high:
            raise ActvizError(f"the smallest scale, {self.low:g}, is larger than the largest, {self.high:g}.")

    @property
    def active(self) -> bool:
        return (self.low, self.high) != (1.0, 1.0)

    def matrices(self, n: int, height: int, width: int, rng: torch.Generator, moment: Moment) -> Tensor:
        low, high = (bound**moment.width for bound in (self.low, self.high))
        return affine(n, rng, scale=1 / uniform((n,), low, high, rng))


@dataclass(frozen=True)
class Rotate(Geometric):
    """Turn by a random angle to either side."""

    degrees: float = setting(
        10.0, low=0.0, high=180.0, step=1.0, unit="°", help="largest angle to each side", label="Rotation", neutral=0.0
    )

    @property
    def active(self) -> bool:
        return self.degrees > 0

    def matrices(self, n: int, height: int, width: int, rng: torch.Generator, moment: Moment) -> Tensor:
        degrees = self.degrees * moment.width
        return affine(n, rng, angle=torch.deg2rad(uniform((n,), -degrees, degrees, rng)))


@dataclass(frozen=True)
class Narrow(Transform):
    """Wide views find the shape, narrow ones finish it.

    The ranges of Scale and Rotate shrink along a line until the end.
    """

    leads = True

    by: float = setting(
        0.8,
        low=0.0,
        high=1.0,
        step=0.05,
        help="how much of the ranges of scale and rotation is gone at the end of the run",
        label="Narrowing",
        neutral=0.0,
    )

    @property
    def active(self) -> bool:
        return self.by > 0

    def draw(self, drawing: Drawing, rng: torch.Generator) -> Drawing:
        moment = drawing.moment
        return replace(drawing, moment=replace(moment, width=1 - self.by * moment.progress))


@dataclass(frozen=True)
class Flip(Geometric):
    """Mirror left and right with a probability."""

    probability: float = setting(
        0.5,
        low=0.0,
        high=1.0,
        step=0.05,
        help="how often the picture is mirrored",
        label="Mirroring probability",
        neutral=0.0,
    )

    @property
    def active(self) -> bool:
        return self.probability > 0

    def matrices(self, n: int, height: int, width: int, rng: torch.Generator, moment: Moment) -> Tensor:
        matrices = affine(n, rng)
        matrices[:, 0, 0] = 1 - 2 * (uniform((n,), 0, 1, rng) < self.probability).float()
        return matrices


@dataclass(frozen=True)
class Crops(Geometric):
    """Several random square-ish crops of each image, blown up to full size (MACO, Fel et al. 2023).

    The side, as a share of the image's, goes from `first` to `last` over the run.
    """

    count: int = setting(
        32, low=0, high=64, step=1, help="crops of each picture in one iteration", label="Crops", neutral=0
    )
    first: float = setting(
        0.5,
        low=0.05,
        high=1.0,
        step=0.05,
        help="side of a crop at the start, as a share of the picture's",
        label="First crop size",
    )
    last: float = setting(
        0.05,
        low=0.05,
        high=1.0,
        step=0.05,
        help="side of a crop at the end, as a share of the picture's",
        label="Last crop size",
    )

    @property
    def active(self) -> bool:
        return self.count > 0

    @property
    def narrows(self) -> bool:
        return self.last < self.first

    def matrices(self, n: int, height: int, width: int, rng: torch.Generator, moment: Moment) -> Tensor:
        side = self.first + (self.last - self.first) * moment.progress
        centre = uniform((n * self.count, 2), side / 2 - 0.5, 0.5 - side / 2, rng)
        side = torch.full((n * self.count,), side, device=rng.device)
        return affine(n * self.count, rng, scale=side, column=centre[:, 0] * width, row=centre[:, 1] * height)


@dataclass(frozen=True)
class Noise(Pointwise):
    """Normal noise on every pixel of the view."""

    random = True

    sd: float = setting(
        0.05, low=0.0, high=0.5, step=0.01, help="standard deviation, where white is 1", label="Noise", neutral=0.0
    )

    @property
    def active(self) -> bool:
        return self.sd > 0

    def apply(self, images: Tensor, rng: torch.Generator, moment: Moment, alike: int) -> Tensor:
        if images.device != rng.device:
            seed = int(torch.randint(2**31, (), generator=rng))
            rng = torch.Generator(images.device).manual_seed(seed)
        shape = len(images) // alike, *images.shape[1:]
        return images + repeated(self.sd * torch.randn(shape, generator=rng, device=images.device), alike)


@dataclass(frozen=True)
class BlurView(Pointwise):
    """The network sees the picture through a Gaussian blur."""

    sigma: float = setting(
        1.0,
        low=0.0,
        high=8.0,
        step=0.1,
        unit="px",
        help="standard deviation of the blur that the network sees the picture through",
        label="Blur of the views",
        neutral=0.0,
    )

    @property
    def active(self) -> bool:
        return self.sigma > 0

    def apply(self, images: Tensor, rng: torch.Generator, moment: Moment, alike: int) -> Tensor:
        return blurred(images, self.sigma * moment.zoom)


TRANSFORMS = register_kinds(Transform, Pad, Jitter, Scale, Rotate, Narrow, Flip, Crops, Noise, BlurView)
"""The kinds of transforms that recipes and the page may name, in the order in which they are applied."""


def uniform(shape: tuple[int, ...], low: float, high: float, rng: torch.Generator) -> Tensor:
    """Evenly distributed between low and high, on the generator's device."""
    return low + (high - low) * torch.rand(shape, generator=rng, device=rng.device)
