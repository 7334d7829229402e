"""Ablation-CAM: a layer's feature maps, each weighted by what the score loses without it."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from ..machine import is_out_of_memory
from ..models.activations import activations
from ..models.layers import AnyModel
from ..settings import setting
from .cams import LayerMethod, signed_setting
from .channels import channels_of, weighted, widest
from .layer_gradients import LayerGradient, layer_gradient
from .maps import Maps
from .subject import Subject, at_once

LARGEST = 2**22  # numbers of a layer's copies that go through what follows it in one pass
TOLERANCE = 1e-3  # of the largest score; without a channel less all of them are the same


@dataclass(frozen=True)
class AblationCam(LayerMethod):
    """Feature maps weighted by how much lower the score is with the channel set to zero.

    The paper divides by the score, which only scales the map, and turns it round where the score is negative: that is
    left out. What comes before the layer is computed once for many channels, where the network allows that.
    """

    title = "Ablation-CAM"
    meaning = "Where channels are active that the score would miss."
    misleads = "A channel that another one makes up for weighs nothing; zero is off only behind a ReLU."
    source = "Desai & Ramaswamy 2020"

    signed: bool = signed_setting()
    channels: int | None = setting(
        None, low=1, high=100_000, help="how many: those whose values spread most over the image; empty: all"
    )

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        """Fewer where what comes before the layer is computed once for many channels."""
        channels = channels_of(model, self.layer, height, width)
        return 2 + min(channels, self.channels or channels)

    def improve(self, subject: Subject) -> Iterator[Maps]:
        """A map after each batch of channels, those that spread most first."""
        found = layer_gradient(subject, self.layer)
        order = widest(found.activation, self.channels)
        drops, ablation = found.scores.new_zeros(order.shape), Ablation(subject, found)
        count, done = order.shape[1], 0
        while done < count:
            some = order[:, done : done + ablation.at_once]
            without = torch.stack([ablation.scores(index, each) for index, each in enumerate(some)])
            drops[:, done : done + some.shape[1]] = found.scores[:, None] - without
            done += some.shape[1]
            values = weighted(found.activation, order[:, :done], drops[:, :done])
            yield self.drawn(subject, found.layer, found.scores, values, 2 + done, done / count)


class Ablation:
    """Scores of single images with channels of a layer set to zero, one channel at a time.

    expands  whether one image may go as far as the layer, and copies of what it answers from there on. A network that
             joins what follows with something from before the layer, or counts images itself, does not take that.
    """

    def __init__(self, subject: Subject, found: LayerGradient) -> None:
        self.subject, self.layer, self.known = subject, found.layer, found.scores
        self.numbers, self.expands = found.activation[0].numel(), True
        self.expands = self.expanded(0, torch.zeros(1, dtype=torch.int64)) is not None

    @property
    def at_once(self) -> int:
        """Channels of each image in one pass."""
        if not self.expands:
            return at_once(self.subject)
        return min(64, max(at_once(self.subject), LARGEST // self.numbers))

    def scores(self, index: int, channels: Int64[Tensor, " k"]) -> Float[Tensor, " k"]:
        """Of that image, without each of the channels."""
        found = self.expanded(index, channels) if self.expands else None
        if found is None:
            self.expands = False
            image = self.subject.images[index].expand(len(channels), -1, -1, -1)
            found = self.changed_scores(image, channels)
        return found

    def expanded(self, index: int, channels: Int64[Tensor, " k"]) -> Float[Tensor, " k"] | None:
        """The same from one image; None where the network does not take it.

        One more copy keeps all its channels: its score is known.
        """
        try:
            found = self.changed_scores(self.subject.images[index : index + 1], channels, whole=1)
        except Exception as problem:  # of somebody's network nearly anything can be raised
            if is_out_of_memory(problem):
                raise
            return None
        if found.shape != (len(channels) + 1,):
            return None
        known = self.known[index]
        same = (found[-1] - known).abs() <= TOLERANCE * max(found.abs().max(), known.abs())
        return found[:-1] if same else None

    def changed_scores(
        self, images: Float[Tensor, "m 3 h w"], channels: Int64[Tensor, " k"], whole: int = 0
    ) -> Float[Tensor, " n"]:
        """Of copies without a channel each, and so many that keep all."""

        def change(answer: Tensor) -> Tensor:
            copies = answer.expand(len(channels) + whole, -1, -1, -1).clone()
            copies[range(len(channels)), channels] = 0
            return copies

        objective, model = self.subject.objective, self.subject.model
        with torch.no_grad():
            return objective(activations(model, images, objective.layers, changed={self.layer: change}))
