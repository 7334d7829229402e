"""Objectives: what is maximized.

An objective is a value that declares the `layers` it reads and can be called: activations by layer's name -> score [n].
Activations are [n, channels, rows, columns]; dense outputs are 1 x 1, tokens are rows. Objectives add up exactly:
`Channel(a, 1) - 0.5 * Channel(a, 2)` is that, and never changes its operands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..errors import ActvizError, near
from ..models.layers import OUTPUT, Layer, find_layer, list_layers
from ..machine import constant
from ..models.model import Model
from ..settings import Checked, setting
from ..sums import mean, spread, total

Activations = Mapping[str, Tensor]
LEAST_COSINE = 0.1  # Lucid's floor, so that a direction seen from behind still has a gradient


class Objective(Checked):
    @property
    def layers(self) -> tuple[str, ...]:
        return (self.layer,)

    def __call__(self, activations: Activations) -> Tensor:
        raise NotImplementedError

    def checked(self, model: Model, height: int, width: int) -> "Objective":
        """The same objective with names resolved for this model; ActvizError where layer, channel or class do not exist."""
        find_layer(model, self.layer, height, width)
        return self

    def resized(self, model: Model, size: tuple[int, int], new: tuple[int, int]) -> "Objective":
        """The same objective for pictures of another size: what has a position keeps its place in the picture."""
        return self

    def __add__(self, other: "Objective") -> "Sum":
        return Sum(terms_of(self) + terms_of(other))

    def __sub__(self, other: "Objective") -> "Sum":
        return self + -1.0 * other

    def __mul__(self, weight: float) -> "Sum":
        return Sum(tuple(Term(float(weight) * term.weight, term.objective) for term in terms_of(self)))

    __rmul__ = __mul__

    def __neg__(self) -> "Sum":
        return self * -1.0


@dataclass(frozen=True)
class Channel(Objective):
    """Mean activation of one channel (feature map, filter) over all positions."""

    layer: str
    channel: int = setting(0, 0, help="which feature map of the layer")

    def __call__(self, activations):
        return mean(activations[self.layer][:, self.channel])

    def checked(self, model, height, width):
        check_channels(model, self.layer, (self.channel,), height, width)
        return self


@dataclass(frozen=True)
class Neuron(Objective):
    """Activation of one channel at one position; the middle where row or column is not given."""

    layer: str
    channel: int = setting(0, 0, help="which feature map of the layer")
    row: int | None = setting(None, 0, help="position in the feature map, from the top; empty: the middle")
    column: int | None = setting(None, 0, help="position in the feature map, from the left; empty: the middle")

    def __call__(self, activations):
        rows, columns = activations[self.layer].shape[2:]
        row = rows // 2 if self.row is None else self.row
        column = columns // 2 if self.column is None else self.column
        return activations[self.layer][:, self.channel, row, column]

    def checked(self, model, height, width):
        layer = check_channels(model, self.layer, (self.channel,), height, width)
        for name, place, size in (("row", self.row, layer.height), ("column", self.column, layer.width)):
            if place is not None and place >= size:
                raise ActvizError(f"{name} {place} is out of range: layer {layer.name} has {size} {name}s (0 to {size - 1}) at {height} x {width}.")
        return self

    def resized(self, model, size, new):
        before, after = find_layer(model, self.layer, *size), find_layer(model, self.layer, *new)
        row = None if self.row is None else self.row * after.height // before.height
        column = None if self.column is None else self.column * after.width // before.width
        return replace(self, row=row, column=column)


@dataclass(frozen=True)
class ClassLogit(Objective):
    """The network's output for one class, before the softmax; by index or by name."""

    label: int | str
    output: str = setting(OUTPUT, help="which of the network's outputs; the one with the classes if it answers with several")

    @property
    def layers(self):
        return (self.output,)

    def __call__(self, activations):
        return mean(activations[self.output][:, self.label])

    def checked(self, model, height, width):
        layer = class_layer(model, height, width) if self.output == OUTPUT else find_layer(model, self.output, height, width)
        label = label_index(model, self.label) if isinstance(self.label, str) else self.label
        if not 0 <= label < layer.channels:
            raise ActvizError(f"class {label} is out of range: {model.name} has {layer.channels} classes (0 to {layer.channels - 1}).")
        return ClassLogit(label, layer.name)


@dataclass(frozen=True)
class LayerEnergy(Objective):
    """Mean squared activation of a whole layer (DeepDream, Mordvintsev et al. 2015)."""

    layer: str

    def __call__(self, activations):
        return mean(activations[self.layer].square())


@dataclass(frozen=True)
class Direction(Objective):
    """Several channels of a layer with weights: dot product x max(0.1, cosine)^cosine_power, mean over positions."""

    layer: str
    channels: tuple[int, ...]
    weights: tuple[float, ...]
    cosine_power: float = setting(0.0, 0.0, 8.0, 0.5, help="higher: these channels and no others")

    def __post_init__(self):
        super().__post_init__()
        if not self.channels or len(self.channels) != len(self.weights):
            raise ActvizError(f"a direction needs as many weights as channels and at least one; it has {len(self.channels)} channels and {len(self.weights)} weights.")
        if len(set(self.channels)) < len(self.channels):
            twice = next(channel for channel in self.channels if self.channels.count(channel) > 1)
            raise ActvizError(f"channel {twice} stands in the direction more than once; give it one weight.")

    def __call__(self, activations):
        seen = activations[self.layer]
        channels, weights = constant(self.channels, torch.int64, seen.device), constant(self.weights, seen.dtype, seen.device)
        dot = torch.einsum("nchw,c->nhw", seen[:, channels], weights)
        if self.cosine_power:
            cosine = dot / (seen.norm(dim=1) * weights.norm() + 1e-6)
            dot = dot * cosine.clamp(min=LEAST_COSINE) ** self.cosine_power
        return mean(dot)

    def checked(self, model, height, width):
        check_channels(model, self.layer, self.channels, height, width)
        return self

    @classmethod
    def parse(cls, layer: str, text: str, cosine_power: float = 0.0) -> "Direction":
        """From "20:1, 31:-0.5" (channel:weight); a channel alone weighs 1."""
        try:
            pairs = [(int(channel), float(weight or 1)) for channel, _, weight in (part.partition(":") for part in text.split(","))]
        except ValueError:
            raise ActvizError(f"the direction {text!r} cannot be read; write CHANNEL:WEIGHT, CHANNEL:WEIGHT.") from None
        return cls(layer, tuple(channel for channel, _ in pairs), tuple(weight for _, weight in pairs), cosine_power)

    def __str__(self):
        return ", ".join(f"{channel}:{weight:g}" for channel, weight in zip(self.channels, self.weights))


@dataclass(frozen=True)
class Diversity(Objective):
    """How unlike the images of one run are: minus the mean cosine of their Gram matrices with each other's."""

    layer: str

    def __call__(self, activations):
        flat = activations[self.layer].flatten(2)
        gram = flat @ flat.transpose(1, 2)
        gram = gram / spread(total(gram.square()).sqrt().clamp(min=1e-12), gram)
        others = torch.stack([total(gram * one) for one in gram]).fill_diagonal_(0)
        return -others.sum(1) / max(1, len(gram) - 1)


@dataclass(frozen=True)
class Term(Checked):
    """One term of a Sum."""

    weight: float
    objective: Objective


@dataclass(frozen=True)
class Sum(Objective):
    """Weighted objectives added up."""

    terms: tuple[Term, ...]

    def __post_init__(self):
        super().__post_init__()
        # A sum of sums is one sum.
        flat = tuple(Term(term.weight * inner.weight, inner.objective) for term in self.terms for inner in terms_of(term.objective))
        object.__setattr__(self, "terms", flat)
        if not 1 <= len(self.terms) <= 32:
            raise ActvizError(f"a sum needs 1 to 32 terms; it has {len(self.terms)}.")

    @property
    def layers(self):
        return tuple(dict.fromkeys(name for term in self.terms for name in term.objective.layers))

    def __call__(self, activations):
        return sum(term.weight * term.objective(activations) for term in self.terms)

    def checked(self, model, height, width):
        return Sum(tuple(replace(term, objective=term.objective.checked(model, height, width)) for term in self.terms))

    def resized(self, model, size, new):
        return Sum(tuple(replace(term, objective=term.objective.resized(model, size, new)) for term in self.terms))


def gathered(objectives: tuple[Objective, ...]) -> tuple[str, tuple[int, ...], Objective] | None:
    """(layer, channels, objective) where the objectives differ in their channel only: the objective is of a layer with that one channel."""
    name = {Channel: "channel", Neuron: "channel", ClassLogit: "label"}.get(type(objectives[0]))
    if name is None or len(objectives) == 1 or len({type(objective) for objective in objectives}) > 1:
        return None
    alike = {replace(objective, **{name: 0}) for objective in objectives}
    return (*objectives[0].layers, tuple(getattr(objective, name) for objective in objectives), *alike) if len(alike) == 1 else None


OBJECTIVES = (Channel, Neuron, ClassLogit, LayerEnergy, Direction, Diversity, Sum)


def terms_of(objective: Objective) -> tuple[Term, ...]:
    return objective.terms if isinstance(objective, Sum) else (Term(1.0, objective),)


def check_channels(model, name, channels, height, width):
    layer = find_layer(model, name, height, width)
    for channel in channels:
        if not 0 <= channel < layer.channels:
            raise ActvizError(f"channel {channel} is out of range: layer {name} of {model.name} has {layer.channels} channels (0 to {layer.channels - 1}).")
    return layer


def class_layer(model: Model, height: int | None = None, width: int | None = None) -> Layer:
    """The output with the classes. Of several the one called logits, else the only one with as many channels as there are class names,
    else the only one without positions; ActvizError where none of these is one.
    """
    outputs = [layer for layer in list_layers(model, height, width) if layer.module == OUTPUT]
    if len(outputs) == 1:
        return outputs[0]
    for fits in (
        lambda layer: layer.name.endswith(".logits"),
        lambda layer: layer.channels == len(model.labels),
        lambda layer: layer.axes == "channels",
    ):
        if len(found := [layer for layer in outputs if fits(layer)]) == 1:
            return found[0]
    if not outputs:
        raise ActvizError(f"{model.name} answers with nothing that could be classes; choose a layer.")
    known = ", ".join(f"{layer.name} ({layer.dimensions})" for layer in outputs)
    raise ActvizError(f"{model.name} has several outputs, and which holds the classes cannot be told: choose a channel of one of these layers: {known}.")


def label_index(model: Model, name: str) -> int:
    """The index of a class by its name, upper and lower case alike."""
    labels = [label.casefold() for label in model.labels]
    if name.casefold() in labels:
        return labels.index(name.casefold())
    if not labels:
        raise ActvizError(f"{model.name} has no class names; give the class by its index.")
    raise ActvizError(f"{model.name} has no class named {name!r}{near(name.casefold(), labels)}.")
