"""Parametrizations: parameters -> images [n, 3, h, w] in [0, 1].

What is optimized need not be pixels: the same gradient makes another picture when it moves waves or phases.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from ..registry import register_kinds
from ..settings import Checked, setting
from ..sums import each, spread, total
from .colours import coloured, from_rgb, rgb, uncoloured
from .transforms import uniform
from .waves import cycles, moved_spectrum, strength_of, summed_waves, wave_scale

ALL_WAVES = 0.6  # share of a run


class Parametrization(Checked):
    """A value with four abilities; parameters are one tensor, first axis the images."""

    def noise(self, n: int, height: int, width: int, rng: torch.Generator) -> Tensor:
        """Random parameters to start from."""
        raise NotImplementedError

    def images(
        self, parameters: Tensor, height: int, width: int, progress: float = 1.0
    ) -> Float[Tensor, "n 3 height width"]:
        """`progress` from 0 to 1: how far the run is, for pictures that sharpen on the way."""
        return self.drawn(parameters, height, width, *self.changing(height, width, progress, parameters.device))

    def changing(self, height: int, width: int, progress: float, device: torch.device) -> tuple[Tensor, ...]:
        """What `drawn` needs that changes as the run goes on; always as many tensors, of the same shapes."""
        return ()

    def drawn(self, parameters: Tensor, height: int, width: int, *changing: Tensor) -> Tensor:
        """Images [n, 3, height, width] in [0, 1] of parameters and of what `changing` gives."""
        raise NotImplementedError

    def parameters(self, images: Float[Tensor, "n 3 h w"]) -> Tensor:
        """The inverse of `images` at the end of a run, as near as there is one."""
        raise NotImplementedError

    def visible_rate(self, iterations: int) -> float:
        """The learning rate with which steps of steady length draw a picture in so many iterations, and not at once."""
        return 0.05

    def settle(self, parameters: Tensor) -> None:
        """Brings the parameters back, in place, to where they stand for images in [0, 1]."""

    def resized(self, parameters: Tensor, size: tuple[int, int], new: tuple[int, int]) -> Tensor:
        """Parameters of the same picture at another size."""
        return self.parameters(F.interpolate(self.images(parameters, *size), new, mode="bilinear", antialias=True))


@dataclass(frozen=True)
class PixelImage(Parametrization):
    """Every pixel by itself, in 0-255 as the oldest papers do it, so that their learning rates carry over."""

    mean: float = setting(
        128.0, low=0.0, high=255.0, step=1.0, help="mean grey level of the starting noise", label="Starting grey level"
    )
    spread: float = setting(
        10.0, low=0.0, high=127.0, step=1.0, help="starting noise to either side of the mean", label="Starting noise"
    )
    decorrelate: bool = setting(
        False, help="optimize in decorrelated colour space, which gives natural colours", label="Natural colours"
    )

    def noise(self, n: int, height: int, width: int, rng: torch.Generator) -> Tensor:
        pixels = uniform((n, 3, height, width), self.mean - self.spread, self.mean + self.spread, rng)
        return self.parameters(pixels.clamp(0, 255) / 255)

    def drawn(self, parameters: Tensor, height: int, width: int, *changing: Tensor) -> Tensor:
        return rgb(parameters) if self.decorrelate else parameters / 255

    def parameters(self, images: Float[Tensor, "n 3 h w"]) -> Tensor:
        return from_rgb(images) if self.decorrelate else images * 255

    def visible_rate(self, iterations: int) -> float:
        if self.decorrelate:
            return super().visible_rate(iterations)
        return min(4.0, max(0.5, 128 / iterations))  # grey levels

    def settle(self, parameters: Tensor) -> None:
        if not self.decorrelate:
            parameters.clamp_(0, 255)


@dataclass(frozen=True)
class FourierImage(Parametrization):
    """Waves, each scaled by 1 / frequency^decay, so that broad shapes form as fast as fine ones (Olah et al. 2017).

    Frequencies count in cycles per image: the same parameters are the same picture at every size.
    coarse  coarse to fine: the run begins with the waves up to this share of the finest, through a Gaussian, and has
            all of them from ALL_WAVES on; 0: all at once
    """

    decay: float = setting(
        1.0, low=0.0, high=2.5, step=0.05, help="higher: smoother pictures, stronger colours", label="Spectral decay"
    )
    sd: float = setting(
        0.01, low=0.0, high=1.0, step=0.01, help="strength of the starting noise", label="Starting noise"
    )
    decorrelate: bool = setting(
        True, help="optimize in decorrelated colour space, which gives natural colours", label="Natural colours"
    )
    coarse: float = setting(
        0.0,
        low=0.0,
        high=1.0,
        step=0.05,
        help="coarse shapes first: highest frequency at the start, as a share of the finest; "
        "0: all frequencies at once",
        label="Coarse to fine",
    )

    def noise(self, n: int, height: int, width: int, rng: torch.Generator) -> Tensor:
        return self.sd * torch.randn((n, 3, height, width // 2 + 1, 2), generator=rng, device=rng.device)

    def changing(self, height: int, width: int, progress: float, device: torch.device) -> tuple[Tensor, ...]:
        if self.coarse and progress < ALL_WAVES:
            return (coarse_scale(self, height, width, device, progress),)
        return (self.scale(height, width, device),)

    def drawn(self, parameters: Tensor, height: int, width: int, *changing: Tensor) -> Tensor:
        (scale,) = changing
        spectrum = torch.view_as_complex(parameters) * scale
        return coloured(summed_waves(spectrum, height, width), self.decorrelate)

    def parameters(self, images: Float[Tensor, "n 3 h w"]) -> Tensor:
        height, width = images.shape[2:]
        spectrum = torch.fft.rfft2(uncoloured(images, self.decorrelate), norm="ortho")
        return torch.view_as_real(spectrum / self.scale(height, width, images.device)).contiguous()

    def resized(self, parameters: Tensor, size: tuple[int, int], new: tuple[int, int]) -> Tensor:
        moved, narrow = moved_spectrum(parameters, size, new), min(size[1], new[1])
        if size[1] != new[1] and narrow % 2 == 0:
            # The narrower picture's fastest column wave stands for itself, in the wider one for its mirror image too.
            moved[:, :, :, narrow // 2] *= 0.5 if narrow < new[1] else 2.0
        return moved

    def scale(self, height: int, width: int, device: torch.device) -> Tensor:
        """How much each wave counts [height, width // 2 + 1]."""
        return wave_scale(self.decay, height, width, device)


@dataclass(frozen=True)
class PhaseImage(Parametrization):
    """Only the phases of the waves move; their strengths stay those of natural images (MACO, Fel et al. 2023).

    `spectrum` holds the strength at 1, 2, 4, ... cycles per image, measured by `spectrum_of`; empty: the law 1 / f.
    """

    spectrum: tuple[float, ...] = setting((), low=0.0, high=1e9, help="strength of the waves by frequency; empty: 1/f")
    decorrelate: bool = setting(
        True, help="optimize in decorrelated colour space, which gives natural colours", label="Natural colours"
    )

    def noise(self, n: int, height: int, width: int, rng: torch.Generator) -> Tensor:
        return uniform((n, 3, height, width // 2 + 1), -torch.pi, torch.pi, rng)

    def drawn(self, parameters: Tensor, height: int, width: int, *changing: Tensor) -> Tensor:
        strength = self.strength(height, width, parameters.device)
        spectrum = torch.complex(strength * each(torch.cos, parameters), strength * each(torch.sin, parameters))
        waves = summed_waves(spectrum, height, width)
        waves = waves - waves.mean((2, 3), keepdim=True)
        deviation = (total(waves.square()) / (waves[0].numel() - 1)).sqrt()
        return coloured(waves / spread(deviation, waves), self.decorrelate)

    def parameters(self, images: Float[Tensor, "n 3 h w"]) -> Tensor:
        return each(torch.angle, torch.fft.rfft2(uncoloured(images, self.decorrelate), norm="ortho"))

    def resized(self, parameters: Tensor, size: tuple[int, int], new: tuple[int, int]) -> Tensor:
        return moved_spectrum(parameters[..., None], size, new)[..., 0]

    def strength(self, height: int, width: int, device: torch.device) -> Tensor:
        """How strong each wave is [height, width // 2 + 1]."""
        return strength_of(self.spectrum, height, width, device)


PARAMETRIZATIONS = register_kinds(Parametrization, FourierImage, PixelImage, PhaseImage)
"""The kinds of parametrizations that recipes and the page may name."""


@lru_cache(maxsize=4)
def coarse_scale(image: FourierImage, height: int, width: int, device: torch.device, progress: float) -> Tensor:
    """With the fine waves still held back; kept for runs side by side."""
    finest = image.coarse / (1 - progress / ALL_WAVES) * max(height, width) / 2
    return (
        image.scale(height, width, device) * each(torch.exp, -((cycles(height, width, device) / finest) ** 2)[None])[0]
    )
