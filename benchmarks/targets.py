"""What is rendered and how a picture is judged; plain torch, nothing of the product or of a peer.

A picture is uint8 [height, width, 3]. Its score is the mean activation of the target under 16 fixed random views, its
noise the share of its power that lies above half the Nyquist frequency. How much it repeats is its highest correlation
with itself moved by a quarter to half of its side: 1 for a tile that is repeated.
"""

import math
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

SIZE = 224
VIEWS = 16
SHIFT, SCALE, DEGREES = 16.0, 0.1, 10.0
CLASSES = {130: "flamingo", 207: "golden retriever", 291: "lion", 970: "alp"}


@dataclass(frozen=True)
class Target:
    """One channel of EfficientNet-Lite0; a class where the layer is the classifier."""

    layer: str
    channel: int

    @property
    def name(self) -> str:
        return (
            f"class {self.channel} {CLASSES[self.channel]}"
            if self.layer == "classifier"
            else f"{self.layer} : {self.channel}"
        )


TARGETS = (
    Target("blocks.1.0", 3),
    Target("blocks.2.0", 7),
    Target("blocks.3.0", 12),
    Target("blocks.4.0", 20),
    Target("blocks.4.2", 33),
    Target("blocks.5.0", 40),
    Target("blocks.5.3", 61),
    Target("blocks.6.0", 100),
    Target("classifier", 130),
    Target("classifier", 291),
    Target("classifier", 970),
    # Six more, not looked at while the settings of small fields were chosen from the first eleven.
    Target("blocks.1.1", 11),
    Target("blocks.2.1", 17),
    Target("blocks.3.1", 30),
    Target("blocks.4.1", 57),
    Target("blocks.5.2", 90),
    Target("classifier", 207),
)


@dataclass(frozen=True)
class Verdict:
    score: float
    noise: float
    repeats: float

    def matches(self, other: "Verdict") -> bool:
        """At least the other's score with no more noise."""
        return self.score >= other.score and self.noise <= other.noise


def judged(network: nn.Module, target: Target, picture: np.ndarray) -> Verdict:
    return Verdict(score_of(network, target, picture), noise_of(picture), repeats_of(picture))


@torch.no_grad()
def score_of(network: nn.Module, target: Target, picture: np.ndarray) -> float:
    """`network` takes images in [0, 1]."""
    image = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None] / 255
    return answer(network, target.layer, views(image))[:, target.channel].mean().item()


def noise_of(picture: np.ndarray) -> float:
    """Over all three colours, without the mean; the frequency is radial, Nyquist is half a cycle per pixel."""
    values = picture.astype(np.float64)
    power = np.abs(np.fft.fft2(values - values.mean((0, 1)), axes=(0, 1))) ** 2
    rows, columns = (np.fft.fftfreq(side) for side in picture.shape[:2])
    high = np.hypot(rows[:, None], columns) > 0.25
    return float(power[high].sum() / max(power.sum(), 1e-12))


def repeats_of(picture: np.ndarray) -> float:
    """The highest correlation of the parts that lie on each other when the grey picture is moved along both axes."""
    grey = picture.astype(np.float64).mean(2)
    height, width = grey.shape
    sizes = 2 * height, 2 * width
    one, ones, squares = (np.fft.rfft2(values, sizes) for values in (grey, np.ones_like(grey), grey**2))

    def overlap(still: np.ndarray, moved: np.ndarray) -> np.ndarray:
        """The sum of the products over the pixels that lie on each other, for every move."""
        return np.fft.irfft2(still.conj() * moved, sizes)

    count = overlap(ones, ones).round().clip(1)
    mean, other = overlap(ones, one) / count, overlap(one, ones) / count
    spread = (overlap(ones, squares) / count - mean**2) * (overlap(squares, ones) / count - other**2)
    found = (overlap(one, one) / count - mean * other) / np.sqrt(spread.clip(1e-12))
    rows, columns = (np.minimum(np.arange(side), side - np.arange(side)) for side in sizes)
    far = np.maximum(rows[:, None] * 4 // height, columns * 4 // width) >= 1
    near = (rows[:, None] <= height // 2) & (columns <= width // 2)
    return float(found[far & near].max())


def views(image: Tensor) -> Tensor:
    """[1, 3, h, w] -> [16, 3, h, w], the same random ones each time; grey lies outside of the picture."""
    draw = torch.rand(VIEWS, 4, generator=torch.Generator().manual_seed(2017)) * 2 - 1
    angle, scale = draw[:, 2] * math.radians(DEGREES), 1 + SCALE * draw[:, 3]
    shift = draw[:, :2] * SHIFT * 2 / torch.tensor([image.shape[3], image.shape[2]])
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).view(VIEWS, 2, 2)
    theta = torch.cat([turn / scale[:, None, None], shift[:, :, None]], 2)
    grid = F.affine_grid(theta, [VIEWS, *image.shape[1:]], align_corners=False)
    return F.grid_sample(image.expand(VIEWS, -1, -1, -1) - 0.5, grid, align_corners=False) + 0.5


class Answered(Exception):
    """Ends a forward pass at the layer that was asked for."""


def answer(network: nn.Module, layer: str, images: Tensor) -> Tensor:
    """The layer's output; nothing behind the layer is computed."""
    answers = []

    def stop(_module: nn.Module, _inputs: tuple, output: Tensor) -> None:
        answers.append(output)
        raise Answered

    handle = network.get_submodule(layer).register_forward_hook(stop)
    try:
        with suppress(Answered):
            network(images)
    finally:
        handle.remove()
    return answers[0]
