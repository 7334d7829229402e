"""Units of a network: a channel, a neuron, a class, a whole layer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from ..errors import ActvizError, near
from ..models.layer import OUTPUT, Layer
from ..models.layers import AnyModel, find_layer, list_layers
from ..settings import setting
from ..sums import mean
from .objective import Activations, Objective, Scores


@dataclass(frozen=True)
class OneChannel(Objective):
    """What is about one channel of a layer."""

    layer: str
    channel: int = setting(0, low=0, help="which feature map of the layer")

    @classmethod
    def nearest(cls, layer: Layer, channel: int) -> Self:
        return cls(layer.name, channel)

    def describe(self, labels: Sequence[str] = ()) -> str:
        return f"{self.layer}, {self.title.lower()} {self.channel}"

    def in_layer(self, layer: Layer) -> Objective:
        return self.nearest(layer, min(self.channel, layer.channels - 1))

    def about(self, channel: int) -> Self:
        return replace(self, channel=channel)

    @property
    def main_channel(self) -> int:
        return self.channel

    def before(self, model: AnyModel) -> Objective:
        layer = find_layer(model, self.layer)
        if layer.before or not layer.within:
            return super().before(model)
        moved = replace(self, layer=layer.within)
        return -moved if self.channel in layer.turned else moved

    def limits(self, model: AnyModel) -> tuple[str, float, float]:
        return find_layer(model, self.layer).limits

    def checked(self, model: AnyModel, height: int, width: int) -> Self:
        check_channels(model, self.layer, (self.channel,), height, width)
        return self


@dataclass(frozen=True)
class Channel(OneChannel):
    """Mean activation of one channel (feature map, filter) over all positions.

    layer    its name, as list_layers tells it
    channel  from 0; `checked` raises ActvizError for one that the layer has not
    """

    score = "mean activation"

    def __call__(self, activations: Activations) -> Scores:
        return mean(activations[self.layer][:, self.channel])


@dataclass(frozen=True)
class Neuron(OneChannel):
    """Activation of one channel at one position; the middle where row or column is not given.

    row, column  from 0, in the feature map, not in pixels; `checked` raises ActvizError beyond its end
    """

    score = "activation"

    row: int | None = setting(None, low=0, help="position in the feature map, from the top; empty: the middle")
    column: int | None = setting(None, low=0, help="position in the feature map, from the left; empty: the middle")

    def describe(self, labels: Sequence[str] = ()) -> str:
        row, column = ("middle" if index is None else index for index in (self.row, self.column))
        place = "the middle" if row == column == "middle" else f"row {row}, column {column}"
        return f"{self.layer}, neuron {self.channel} at {place}"

    def __call__(self, activations: Activations) -> Scores:
        rows, columns = activations[self.layer].shape[2:]
        row = rows // 2 if self.row is None else self.row
        column = columns // 2 if self.column is None else self.column
        return activations[self.layer][:, self.channel, row, column]

    def checked(self, model: AnyModel, height: int, width: int) -> Self:
        layer = check_channels(model, self.layer, (self.channel,), height, width)
        for name, place, size in (("row", self.row, layer.height), ("column", self.column, layer.width)):
            if place is not None and place >= size:
                raise ActvizError(
                    f"{name} {place} is out of range: layer {layer.name} has {size} {name}s "
                    f"(0 to {size - 1}) at {height} x {width}."
                )
        return self

    def resized(self, model: AnyModel, size: tuple[int, int], new: tuple[int, int]) -> "Neuron":
        before, after = find_layer(model, self.layer, *size), find_layer(model, self.layer, *new)
        row = None if self.row is None else self.row * after.height // before.height
        column = None if self.column is None else self.column * after.width // before.width
        return replace(self, row=row, column=column)


@dataclass(frozen=True)
class ClassLogit(Objective):
    """The network's output for one class, before the softmax (Simonyan et al. 2014); by index or by name.

    label   the index from 0, or the name, upper and lower case alike; `checked` resolves it, or raises ActvizError
    output  the layer with the classes
    """

    title, score = "Class", "logit"

    label: int | str
    output: str = setting(
        OUTPUT, help="which of the network's outputs; the one with the classes if it answers with several"
    )

    @property
    def layers(self) -> tuple[str, ...]:
        return (self.output,)

    @classmethod
    def nearest(cls, layer: Layer, channel: int) -> "ClassLogit":
        return cls(0)

    def in_layer(self, layer: Layer) -> Objective:
        return Channel(layer.name, 0)

    def before(self, model: AnyModel) -> Self:
        return self  # logits have no activation function

    def describe(self, labels: Sequence[str] = ()) -> str:
        return f"class {class_name(self.label, labels)}"

    def __call__(self, activations: Activations) -> Scores:
        return mean(activations[self.output][:, int(self.label)])

    def checked(self, model: AnyModel, height: int, width: int) -> "ClassLogit":
        layer = (
            class_layer(model, height, width)
            if self.output == OUTPUT
            else find_layer(model, self.output, height, width)
        )
        label = label_index(model, self.label) if isinstance(self.label, str) else self.label
        if not 0 <= label < layer.channels:
            raise ActvizError(
                f"class {label} is out of range: {model.name} has {layer.channels} classes (0 to {layer.channels - 1})."
            )
        return ClassLogit(label, layer.name)


@dataclass(frozen=True)
class LayerEnergy(Objective):
    """Mean squared activation of a whole layer, at least 0 (DeepDream, Mordvintsev et al. 2015)."""

    title, score = "Layer", "mean squared activation"

    layer: str

    def describe(self, labels: Sequence[str] = ()) -> str:
        return f"{self.layer}, whole layer"

    def __call__(self, activations: Activations) -> Scores:
        return mean(activations[self.layer].square())


def gathered(objectives: tuple[Objective, ...]) -> tuple[str, tuple[int, ...], Objective] | None:
    """(layer, channels, objective) where the objectives differ in their channel only.

    The objective is of a layer with that one channel.
    """
    name = {Channel: "channel", Neuron: "channel", ClassLogit: "label"}.get(type(objectives[0]))
    if name is None or len(objectives) == 1 or len({type(objective) for objective in objectives}) > 1:
        return None
    alike = {replace(objective, **{name: 0}) for objective in objectives}
    if len(alike) > 1:
        return None
    [layer] = objectives[0].layers
    return layer, tuple(getattr(objective, name) for objective in objectives), alike.pop()


def check_channels(model: AnyModel, name: str, channels: Iterable[int], height: int, width: int) -> Layer:
    """The layer, if it has these channels at that size; raises ActvizError otherwise."""
    layer = find_layer(model, name, height, width)
    for channel in channels:
        if not 0 <= channel < layer.channels:
            raise ActvizError(
                f"channel {channel} is out of range: layer {name} of {model.name} has {layer.channels} channels "
                f"(0 to {layer.channels - 1})."
            )
    return layer


def class_layer(model: AnyModel, height: int | None = None, width: int | None = None) -> Layer:
    """The output with the classes.

    Of several the one called logits, else the only one with as many channels as there are class names, else the only
    one without positions; ActvizError where none of these is one.
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
    raise ActvizError(
        f"{model.name} has several outputs, and which holds the classes cannot be told: "
        f"choose a channel of one of these layers: {known}."
    )


def class_name(label: int | str, labels: Sequence[str]) -> str:
    """The index of a class and its name, as far as there is one."""
    return f"{label} {labels[label]}" if isinstance(label, int) and label < len(labels) else str(label)


def label_index(model: AnyModel, name: str) -> int:
    """The index of a class by its name, upper and lower case alike."""
    labels = [label.casefold() for label in model.labels]
    if name.casefold() in labels:
        return labels.index(name.casefold())
    if not labels:
        raise ActvizError(f"{model.name} has no class names; give the class by its index.")
    raise ActvizError(f"{model.name} has no class named {name!r}{near(name.casefold(), labels)}.")
