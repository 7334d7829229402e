"""Transforms: random changes that the image must survive.

A transform is (images [n, 3, h, w], rng) -> views [v * n, 3, h', w'], drawn anew in every iteration, for every image on
its own. All geometric ones in a row become one matrix per view and cost one resampling together. The host draws the
matrices, before anything else is drawn, so a seed means the same views on every device; only the noise on pixels is
drawn where the pixels are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.transforms.v2.functional import gaussian_blur

from ..errors import ActvizError
from ..machine import sent
from ..settings import Checked, register_kinds, setting

FILLS = {"reflect": "reflection", "edge": "border", "grey": "zeros"}


@dataclass(frozen=True)
class Moment:
    """When in a run a view is drawn.

    progress  goes from 0 to 1
    zoom      the present size over the final one
    width     how wide the views of Scale and Rotate still are, of what they say
    """

    progress: float = 0.0
    zoom: float = 1.0
    width: float = 1.0


class Transform(Checked):
    """Off at strength 0: then nothing is drawn from the run's generator either."""

    @property
    def active(self) -> bool:
        return True


class Geometric(Transform):
    """Moves pixels.

    Gives, per view, the 3 x 3 matrix from view to image, in (column, row, 1) pixels from the centre.
    """

    views = 1

    def matrices(self, n: int, height: int, width: int, rng: torch.Generator, moment: Moment) -> Tensor:
        raise NotImplementedError


class Pointwise(Transform):
    """Changes values and moves nothing."""

    def apply(self, images: Tensor, rng: torch.Generator, moment: Moment) -> Tensor:
        raise NotImplementedError


@dataclass(frozen=True)
class Pad(Transform):
    """A border that the network sees around the picture, and what fills everything outside of it."""

    pixels: int = setting(12, 0, 64, 1, unit="px", help="border seen around the picture", label="Padding")
    fill: str = setting(
        "grey", help="what lies outside of the picture", choices=tuple(FILLS), label="Padding filled with"
    )


@dataclass(frozen=True)
class Jitter(Geometric):
    """Shift by whole pixels, up to `pixels` in each of the four directions.

    Papers that write "jitter 8" crop: +-4 here.
    """

    pixels: int = setting(8, 0, 64, 1, unit="px", help="largest shift to each side", label="Jitter")

    @property
    def active(self):
        return self.pixels > 0

    def matrices(self, n, height, width, rng, moment):
        shift = uniform((n, 2), -self.pixels - 0.5, self.pixels + 0.5, rng).mul(moment.zoom).round()
        return affine(n, rng, column=shift[:, 0], row=shift[:, 1])


@dataclass(frozen=True)
class Scale(Geometric):
    """Enlarge by a random factor between `low` and `high`."""

    low: float = setting(0.9, 0.25, 4.0, 0.05, help="smallest enlargement", label="Smallest scale")
    high: float = setting(1.1, 0.25, 4.0, 0.05, help="largest enlargement", label="Largest scale")

    def __post_init__(self):
        super().__post_init__()
        if self.low > self.high:
            raise ActvizError(f"the smallest scale, {self.low:g}, is larger than the largest, {self.high:g}.")

    @property
    def active(self):
        return (self.low, self.high) != (1.0, 1.0)

    def matrices(self, n, height, width, rng, moment):
        low, high = (bound**moment.width for bound in (self.low, self.high))
        return affine(n, rng, scale=1 / uniform((n,), low, high, rng))


@dataclass(frozen=True)
class Rotate(Geometric):
    """Turn by a random angle to either side."""

    degrees: float = setting(10.0, 0.0, 180.0, 1.0, unit="°", help="largest angle to each side", label="Rotation")

    @property
    def active(self):
        return self.degrees > 0

    def matrices(self, n, height, width, rng, moment):
        degrees = self.degrees * moment.width
        return affine(n, rng, angle=torch.deg2rad(uniform((n,), -degrees, degrees, rng)))


@dataclass(frozen=True)
class Narrow(Transform):
    """Wide views find the shape, narrow ones finish it.

    The ranges of Scale and Rotate shrink along a line until the end.
    """

    by: float = setting(
        0.8,
        0.0,
        1.0,
        0.05,
        help="how much of the ranges of scale and rotation is gone at the end of the run",
        label="Narrowing",
    )

    @property
    def active(self):
        return self.by > 0


@dataclass(frozen=True)
class Flip(Geometric):
    """Mirror left and right with a probability."""

    probability: float = setting(
        0.5, 0.0, 1.0, 0.05, help="how often the picture is mirrored", label="Mirroring probability"
    )

    @property
    def active(self):
        return self.probability > 0

    def matrices(self, n, height, width, rng, moment):
        matrices = affine(n, rng)
        matrices[:, 0, 0] = 1 - 2 * (uniform((n,), 0, 1, rng) < self.probability).float()
        return matrices


@dataclass(frozen=True)
class Crops(Geometric):
    """Several random square-ish crops of each image, blown up to full size (MACO, Fel et al. 2023).

    The side, as a share of the image's, goes from `first` to `last` over the run.
    """

    count: int = setting(32, 0, 64, 1, help="crops of each picture in one iteration", label="Crops")
    first: float = setting(
        0.5, 0.05, 1.0, 0.05, help="side of a crop at the start, as a share of the picture's", label="First crop size"
    )
    last: float = setting(
        0.05, 0.05, 1.0, 0.05, help="side of a crop at the end, as a share of the picture's", label="Last crop size"
    )

    @property
    def active(self):
        return self.count > 0

    @property
    def views(self):
        return self.count

    def matrices(self, n, height, width, rng, moment):
        side = self.first + (self.last - self.first) * moment.progress
        centre = uniform((n * self.count, 2), side / 2 - 0.5, 0.5 - side / 2, rng)
        side = torch.full((n * self.count,), side, device=rng.device)
        return affine(n * self.count, rng, scale=side, column=centre[:, 0] * width, row=centre[:, 1] * height)


@dataclass(frozen=True)
class Noise(Pointwise):
    """Normal noise on every pixel of the view."""

    sd: float = setting(0.05, 0.0, 0.5, 0.01, help="standard deviation, where white is 1", label="Noise")

    @property
    def active(self):
        return self.sd > 0

    def apply(self, images, rng, moment):
        if images.device != rng.device:
            seed = torch.randint(2**31, (), generator=rng).item()
            rng = torch.Generator(images.device).manual_seed(seed)
        return images + self.sd * torch.randn(images.shape, generator=rng, device=images.device)


@dataclass(frozen=True)
class BlurView(Pointwise):
    """The network sees the picture through a Gaussian blur."""

    sigma: float = setting(
        1.0,
        0.0,
        8.0,
        0.1,
        unit="px",
        help="standard deviation of the blur that the network sees the picture through",
        label="Blur of the views",
    )

    @property
    def active(self):
        return self.sigma > 0

    def apply(self, images, rng, moment):
        return blurred(images, self.sigma * moment.zoom)


TRANSFORMS = register_kinds(Transform, Pad, Jitter, Scale, Rotate, Narrow, Flip, Crops, Noise, BlurView)


def views(
    images: Tensor, transforms: tuple[Transform, ...], rng: torch.Generator, grey: Tensor, moment=Moment()
) -> Tensor:
    """What the network sees of images [n, 3, h, w]: [v * n, 3, h + 2 * pad, w + 2 * pad], view by view."""
    return seen(images, planned(transforms, *places(images), rng, moment, images.device), rng, grey, moment)


def places(images: Tensor) -> tuple[int, int, int]:
    return len(images), images.shape[2], images.shape[3]


@dataclass(frozen=True, eq=False)
class Resampling:
    """Bilinear samples of images at the places that theta [v * n, 2, 3] names: views of `size`.

    Theta is as affine_grid wants it.
    """

    theta: Tensor
    size: tuple[int, int]
    fill: str

    def apply(self, images: Tensor, grey: Tensor) -> Tensor:
        count = len(self.theta)
        grid = F.affine_grid(self.theta, [count, images.shape[1], *self.size], align_corners=False)
        if self.fill == "grey":  # "zeros" means grey once grey is subtracted
            images = images - grey
        if count > len(images):
            images = images.repeat(count // len(images), 1, 1, 1)
        found = F.grid_sample(images, grid, padding_mode=FILLS[self.fill], align_corners=False)
        return found + grey if self.fill == "grey" else found


@dataclass(frozen=True, eq=False)
class Drawn:
    """The steps to the views of one iteration with all matrices on the device.

    With them the generator as it was afterwards.
    """

    steps: tuple[Resampling | Pointwise, ...]
    rng: torch.Generator

    @property
    def thetas(self) -> list[Tensor]:
        return [step.theta for step in self.steps if isinstance(step, Resampling)]

    @property
    def random(self) -> bool:
        """Whether anything is still to be drawn."""
        return any(isinstance(step, Noise) for step in self.steps)

    def views(self, images: Tensor, grey: Tensor, moment: Moment, thetas: Sequence[Tensor] = ()) -> Tensor:
        """[v * n, 3, h', w'] of images [n, 3, h, w]; with other matrices where they are given."""
        others = iter(thetas or self.thetas)
        steps = (replace(step, theta=next(others)) if isinstance(step, Resampling) else step for step in self.steps)
        return seen(images, steps, self.rng.clone_state(), grey, moment)


@lru_cache(maxsize=8)
def drawn(transforms, n: int, height: int, width: int, seed: int, moment: Moment, device: torch.device) -> Drawn:
    """From a seed; runs side by side that agree in it share what is drawn."""
    rng = torch.Generator().manual_seed(seed)
    return Drawn(tuple(planned(transforms, n, height, width, rng, moment, device)), rng)


def planned(
    transforms, n: int, height: int, width: int, rng: torch.Generator, moment: Moment, device: torch.device
) -> list[Resampling | Pointwise]:
    """What happens to n images, in order, with all matrices drawn and on the device."""
    pad = next((transform for transform in transforms if isinstance(transform, Pad)), Pad(0, "reflect"))
    narrowed = next((transform.by for transform in transforms if isinstance(transform, Narrow)), 0.0)
    moment = replace(moment, width=1 - narrowed * moment.progress)
    border = round(pad.pixels * moment.zoom)
    steps, matrices, size = [], None, (height, width)

    def resample() -> None:
        nonlocal matrices, size, border
        if matrices is not None or border:
            theta, size = placed(torch.eye(3).expand(n, 3, 3) if matrices is None else matrices, size, border)
            steps.append(Resampling(sent(theta, device), size, pad.fill))
        matrices, border = None, 0

    for transform in transforms:
        if isinstance(transform, Geometric) and transform.active:
            found = transform.matrices(n, height, width, rng, moment)
            matrices = found if matrices is None else matrices.repeat(transform.views, 1, 1) @ found
            n = len(matrices)
        elif isinstance(transform, Pointwise) and transform.active:
            resample()
            steps.append(transform)
    resample()
    return steps


def placed(matrices: Tensor, size: tuple[int, int], border: int) -> tuple[Tensor, tuple[int, int]]:
    """Matrices in pixels from the centre as affine_grid wants them, and the size of the views with a border."""
    height, width = size
    wide, high = width + 2 * border, height + 2 * border
    to_pixels, from_pixels = torch.tensor([wide / 2, high / 2, 1.0]), torch.tensor([2 / width, 2 / height])
    return matrices[:, :2] * to_pixels * from_pixels[:, None], (high, wide)


def seen(images: Tensor, steps, rng: torch.Generator, grey: Tensor, moment: Moment) -> Tensor:
    for step in steps:
        images = step.apply(images, grey) if isinstance(step, Resampling) else step.apply(images, rng, moment)
    return images


def affine(n: int, rng: torch.Generator, scale=None, angle=None, column=None, row=None) -> Tensor:
    """n matrices that scale, turn and shift; the identity where nothing is given."""
    scale = torch.ones(n, device=rng.device) if scale is None else scale
    angle = torch.zeros(n, device=rng.device) if angle is None else angle
    matrices = torch.zeros(n, 3, 3, device=rng.device)
    cosine, sine = scale * angle.cos(), scale * angle.sin()
    matrices[:, 0, 0], matrices[:, 0, 1] = cosine, -sine
    matrices[:, 1, 0], matrices[:, 1, 1] = sine, cosine
    matrices[:, 2, 2] = 1
    if column is not None:
        matrices[:, 0, 2], matrices[:, 1, 2] = column, row
    return matrices


def uniform(shape, low: float, high: float, rng: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(shape, generator=rng, device=rng.device)


def blurred(images: Tensor, sigma: float) -> Tensor:
    """Gaussian blur, reflecting at the edges; the kernel ends at three sigma or at the image's size."""
    radius = min(max(1, round(3 * sigma)), *(side - 1 for side in images.shape[2:]))
    return gaussian_blur(images, [2 * radius + 1, 2 * radius + 1], [max(sigma, 1e-3)] * 2)
