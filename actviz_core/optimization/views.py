"""Views: what the network sees of a run's pictures in one iteration.

The host draws them, before anything else is drawn, so a seed means the same views on every device; only the noise on
pixels is drawn where the pixels are. All moves in a row are one matrix per view and cost one resampling together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ..machine import constant, sent
from .matrices import placed

if TYPE_CHECKING:
    from .transforms import Pointwise, Transform

Fill = Literal["reflect", "edge", "grey", "wrap"]
PADDING_MODES: dict[Fill, str] = {"reflect": "reflection", "edge": "border", "grey": "zeros", "wrap": "zeros"}


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


NOW = Moment()


@dataclass(frozen=True, eq=False)
class Resampling:
    """Bilinear samples of images at the places that theta [v * n, 2, 3] names: views of `size`.

    Theta is as affine_grid wants it.
    """

    theta: Tensor
    size: tuple[int, int]
    fill: Fill

    def apply(self, images: Tensor, grey: Tensor, alike: int) -> Tensor:
        """Images [n * alike, 3, h, w] and the network's zero [3, 1, 1] -> [v * n * alike, 3, *size]."""
        grid = F.affine_grid(self.theta, [len(self.theta), images.shape[1], *self.size], align_corners=False)
        grid, count = repeated(grid, alike), len(self.theta) * alike
        if self.fill == "grey":  # "zeros" means grey once grey is subtracted
            images = images - grey
        elif self.fill == "wrap":
            images, grid = F.pad(images, (1, 1, 1, 1), mode="circular"), wrapped(grid, *images.shape[2:])
        if count > len(images):
            images = images.repeat(count // len(images), 1, 1, 1)
        found = F.grid_sample(images, grid, padding_mode=PADDING_MODES[self.fill], align_corners=False)
        return found + grey if self.fill == "grey" else found


@dataclass(frozen=True, eq=False)
class Drawing:
    """Views as far as they are drawn; each transform takes one and gives the next.

    count     of the views
    picture   height and width of a picture, in pixels
    size      the same of a view so far
    matrices  [count, 3, 3], of the moves since the last resampling; None: nothing has moved
    border    pixels that the next resampling adds to each side
    fill      what lies outside of the picture
    tiled     outside lies the picture again, whatever the fill
    steps     what makes these views of the pictures
    """

    count: int
    picture: tuple[int, int]
    size: tuple[int, int]
    moment: Moment
    device: torch.device
    matrices: Tensor | None = None
    border: int = 0
    fill: Fill = "reflect"
    tiled: bool = False
    steps: tuple[Resampling | Pointwise, ...] = ()

    @classmethod
    def of(
        cls, count: int, height: int, width: int, moment: Moment, device: torch.device, tiled: bool = False
    ) -> Drawing:
        """The pictures themselves."""
        return cls(count, (height, width), (height, width), moment, device, tiled=tiled)

    def moved(self, matrices: Tensor) -> Drawing:
        """After one more move: [v * count, 3, 3], from view to picture, in (column, row, 1) pixels from the centre."""
        if self.matrices is not None:
            matrices = self.matrices.repeat(len(matrices) // self.count, 1, 1) @ matrices
        return replace(self, count=len(matrices), matrices=matrices)

    def changed(self, step: Pointwise) -> Drawing:
        """After a change of the values of all that was moved before."""
        done = self.resampled()
        return replace(done, steps=(*done.steps, step))

    def resampled(self) -> Drawing:
        """With the moves so far as one step."""
        if self.matrices is None and not self.border:
            return self
        matrices = torch.eye(3).expand(self.count, 3, 3) if self.matrices is None else self.matrices
        theta, size = placed(matrices, self.size, self.border)
        step = Resampling(sent(theta, self.device), size, "wrap" if self.tiled else self.fill)
        return replace(self, size=size, matrices=None, border=0, steps=(*self.steps, step))


@dataclass(frozen=True, eq=False)
class Drawn:
    """The steps to the views of one iteration with all matrices on the device.

    rng    the generator as it was afterwards
    count  of the pictures that it was drawn for; of more, as many in a row see the same
    """

    steps: tuple[Resampling | Pointwise, ...]
    rng: torch.Generator
    count: int

    @property
    def thetas(self) -> list[Tensor]:
        """The matrices of all resamplings, in order; each [v * n, 2, 3]."""
        return [step.theta for step in self.steps if isinstance(step, Resampling)]

    @property
    def random(self) -> bool:
        """Whether anything is still to be drawn."""
        return any(not isinstance(step, Resampling) and step.random for step in self.steps)

    def views(self, images: Tensor, grey: Tensor, moment: Moment, thetas: Sequence[Tensor] = ()) -> Tensor:
        """[v * n, 3, h', w'] of images [n, 3, h, w]; with other matrices where they are given."""
        others = iter(thetas or self.thetas)
        steps = (replace(step, theta=next(others)) if isinstance(step, Resampling) else step for step in self.steps)
        return seen(images, steps, self.rng.clone_state(), grey, moment, len(images) // self.count)


def views(
    images: Tensor, transforms: Sequence[Transform], rng: torch.Generator, grey: Tensor, moment: Moment = NOW
) -> Tensor:
    """What the network sees of images [n, 3, h, w]: [v * n, 3, h + 2 * pad, w + 2 * pad], view by view."""
    n, _, height, width = images.shape
    drawing = Drawing.of(n, height, width, moment, images.device)
    return seen(images, planned(transforms, drawing, rng), rng, grey, moment)


@lru_cache(maxsize=8)
def drawn(
    transforms: tuple[Transform, ...],
    n: int,
    height: int,
    width: int,
    seed: int,
    moment: Moment,
    device: torch.device,
    tiled: bool = False,
) -> Drawn:
    """From a seed; runs side by side that agree in it share what is drawn."""
    rng = torch.Generator().manual_seed(seed)
    return Drawn(planned(transforms, Drawing.of(n, height, width, moment, device, tiled), rng), rng, n)


def planned(
    transforms: Sequence[Transform], drawing: Drawing, rng: torch.Generator
) -> tuple[Resampling | Pointwise, ...]:
    """What happens to the pictures, in order, with all matrices drawn and on the device.

    Whatever says how the others draw comes before them, wherever it stands; of two of a kind the first holds.
    """
    leading = [transform for transform in transforms if transform.leads]
    following = [transform for transform in transforms if not transform.leads]
    for transform in (*reversed(leading), *following):
        drawing = transform.draw(drawing, rng)
    return drawing.resampled().steps


def seen(
    images: Tensor,
    steps: Iterable[Resampling | Pointwise],
    rng: torch.Generator,
    grey: Tensor,
    moment: Moment,
    alike: int = 1,
) -> Tensor:
    """The images [n, 3, h, w] after these steps, of which so many in a row see the same."""
    for step in steps:
        if isinstance(step, Resampling):
            images = step.apply(images, grey, alike)
        else:
            images = step.apply(images, rng, moment, alike)
    return images


def wrapped(grid: Tensor, height: int, width: int) -> Tensor:
    """Places as grid_sample wants them, brought back into a picture that repeats.

    As it is with a pixel of its next copies on each side.
    """
    size = constant((float(width), float(height)), grid.dtype, grid.device)
    places = (grid + 1) * (size / 2)
    places = places - size * (places / size).floor()
    return (places + 1) * (2 / (size + 2)) - 1


def repeated(values: Tensor, times: int) -> Tensor:
    """Each of [n, ...] so many times in a row."""
    return values if times == 1 else values[:, None].expand(-1, times, *values.shape[1:]).flatten(0, 1)
