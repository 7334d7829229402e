"""A handle: what is known of a network where it is not, and the questions to whoever has it.

The layers of a handle are listed as those of a model are (`list_layers`, `find_layer`), and what takes a model only to
look at its layers takes a handle too. Every question is a frozen value that pickles, and so is every answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import torch

from .kept import Network
from .layer import Layer
from .layers import find_layer, list_layers
from .model import Model

Models = Callable[[str, str], Model]
Ask = Callable[[Any], Any]  # a question -> what its `carry_out` answers where the network is


@dataclass(frozen=True)
class ModelInfo:
    """What a model's fields say but for the network itself."""

    name: str
    height: int
    width: int
    labels: tuple[str, ...]
    device: torch.device
    fixed_size: bool
    source: str
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """What is asked about a network, by its name and that of its weights."""

    network: Network

    def model(self, models: Models) -> Model:
        return models(*self.network)


@dataclass(frozen=True)
class Describe(Question):
    """What is said of a network."""

    def carry_out(self, models: Models) -> ModelInfo:
        model = self.model(models)
        return ModelInfo(**{field.name: getattr(model, field.name) for field in fields(ModelInfo)})


@dataclass(frozen=True)
class ListLayers(Question):
    """Its layers as an image of that size makes them."""

    height: int
    width: int

    def carry_out(self, models: Models) -> tuple[Layer, ...]:
        return list_layers(self.model(models), self.height, self.width)


@dataclass(frozen=True)
class FindLayer(ListLayers):
    """Asked for a layer that is not listed: why it is not."""

    layer: str

    def carry_out(self, models: Models) -> Layer:
        return find_layer(self.model(models), self.layer, self.height, self.width)


@dataclass(frozen=True)
class HashWeights(Question):
    def carry_out(self, models: Models) -> str:
        return self.model(models).weights_hash


class ModelHandle:
    """A network that somebody else has, by its name and that of its weights."""

    def __init__(self, network: Network, ask: Ask) -> None:
        self.network, self.ask = network, ask
        info: ModelInfo = ask(Describe(network))
        self.name, self.labels, self.source = info.name, info.labels, info.source
        self.height, self.width, self.fixed_size, self.device = info.height, info.width, info.fixed_size, info.device
        self.mean, self.std = info.mean, info.std

    def list_layers(self, height: int | None = None, width: int | None = None) -> tuple[Layer, ...]:
        return self.ask(ListLayers(self.network, height or self.height, width or self.width))

    def find_layer(self, name: str, height: int | None = None, width: int | None = None) -> Layer:
        for layer in self.list_layers(height, width):
            if layer.name == name:
                return layer
        return self.ask(FindLayer(self.network, height or self.height, width or self.width, name))

    @property
    def weights_hash(self) -> str:
        return self.ask(HashWeights(self.network))
