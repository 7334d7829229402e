"""Directions: several channels of a layer with weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from ..errors import ActvizError
from ..machine import constant
from ..models.layer import Layer
from ..models.layers import AnyModel
from ..settings import LARGEST_INT, setting
from ..sums import mean
from .objective import Activations, Objective, Scores
from .units import check_channels

LEAST_COSINE = 0.1  # Lucid's floor, so that a direction seen from behind still has a gradient


@dataclass(frozen=True)
class Direction(Objective):
    """Several channels of a layer with weights: dot product x max(0.1, cosine)^cosine_power, mean over positions.

    As Lucid's direction_neuron_cossim (Carter et al. 2019), with the cosine taken of these channels and weights. Raises
    ActvizError for as many weights as channels, or a channel named twice.
    """

    score = "mean projection"

    layer: str
    channels: tuple[int, ...]
    weights: tuple[float, ...]
    cosine_power: float = setting(0.0, low=0.0, high=8.0, step=0.5, help="higher: these channels and no others")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.channels or len(self.channels) != len(self.weights):
            raise ActvizError(
                "a direction needs as many weights as channels and at least one; "
                f"it has {len(self.channels)} channels and {len(self.weights)} weights."
            )
        if len(set(self.channels)) < len(self.channels):
            twice = next(channel for channel in self.channels if self.channels.count(channel) > 1)
            raise ActvizError(f"channel {twice} stands in the direction more than once; give it one weight.")

    def __call__(self, activations: Activations) -> Scores:
        seen = activations[self.layer]
        channels, weights = (
            constant(self.channels, torch.int64, seen.device),
            constant(self.weights, seen.dtype, seen.device),
        )
        dot = torch.einsum("nchw,c->nhw", seen[:, channels], weights)
        if self.cosine_power:
            cosine = dot / (seen.norm(dim=1) * weights.norm() + 1e-6)
            dot = dot * cosine.clamp(min=LEAST_COSINE) ** self.cosine_power
        return mean(dot)

    def checked(self, model: AnyModel, height: int, width: int) -> "Direction":
        check_channels(model, self.layer, self.channels, height, width)
        return self

    @classmethod
    def nearest(cls, layer: Layer, channel: int) -> "Direction":
        return cls(layer.name, (channel,), (1.0,))

    def describe(self, labels: Sequence[str] = ()) -> str:
        return f"{self.layer}, direction {self}"

    def in_layer(self, layer: Layer) -> Objective:
        if max(self.channels) >= layer.channels:
            return Direction(layer.name, (0,), (1.0,), self.cosine_power)
        return super().in_layer(layer)

    def about(self, channel: int) -> "Direction":
        return self if len(self.channels) > 1 else replace(self, channels=(channel,))

    @property
    def main_channel(self) -> int:
        return max(zip(self.channels, self.weights, strict=True), key=lambda pair: abs(pair[1]))[0]

    @classmethod
    def parse(cls, layer: str, text: str, cosine_power: float = 0.0) -> "Direction":
        """From "20:1, 31:-0.5" (channel:weight); a channel alone weighs 1."""
        try:
            pairs = [
                (int(channel), float(weight or 1))
                for channel, _, weight in (part.partition(":") for part in text.split(","))
            ]
        except ValueError:
            raise ActvizError(f"the direction {text!r} cannot be read; write CHANNEL:WEIGHT, CHANNEL:WEIGHT.") from None
        for channel, weight in pairs:
            if not math.isfinite(weight):
                raise ActvizError(f"the weight of channel {channel} is {weight}; it must be a finite number.")
            if abs(channel) > LARGEST_INT:
                raise ActvizError(f"channel {channel} is out of range: no layer has so many.")
        return cls(layer, tuple(channel for channel, _ in pairs), tuple(weight for _, weight in pairs), cosine_power)

    def __str__(self) -> str:
        pairs = zip(self.channels, self.weights, strict=True)
        return ", ".join(f"{channel}:{weight:g}" for channel, weight in pairs)
