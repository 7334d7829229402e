"""What is maximized, in words; and from one target to a similar one."""

from collections.abc import Sequence
from dataclasses import replace

from actviz_core import (
    ActvizError,
    Channel,
    ClassLogit,
    Direction,
    Diversity,
    Layer,
    LayerEnergy,
    Model,
    Neuron,
    Objective,
    Sum,
    kind,
    list_layers,
)
from dashboard import controls, session

KINDS = {"Channel": Channel, "Neuron": Neuron, "Class": ClassLogit, "Layer": LayerEnergy, "Direction": Direction}
IN_SUMS = KINDS | {"Diversity": Diversity}


def title(objective: Objective, model: Model | None = None) -> str:
    """A short name for people: "blocks.4.0, channel 20"; classes have names where the model is given."""
    match objective:
        case Channel():
            return f"{objective.layer}, channel {objective.channel}"
        case Neuron():
            row, column = ("middle" if index is None else index for index in (objective.row, objective.column))
            place = "the middle" if row == column == "middle" else f"row {row}, column {column}"
            return f"{objective.layer}, neuron {objective.channel} at {place}"
        case ClassLogit():
            return f"class {class_name(model, objective.label)}"
        case LayerEnergy():
            return f"{objective.layer}, whole layer"
        case Direction():
            return f"{objective.layer}, direction {objective}"
        case Diversity():
            return f"{objective.layer}, diversity"
        case Sum():
            return " ".join(f"{term.weight:+g} ({title(term.objective, model)})" for term in objective.terms)
    return f"{', '.join(objective.layers)}, {kind_name(type(objective)).lower()}"


def kind_name(cls: type[Objective]) -> str:
    """What a kind of target is called; one that somebody has declared by the name of its class."""
    return next((name for name, known in IN_SUMS.items() if known is cls), controls.spoken(kind(cls)))


def weights_words(weights: str) -> str:
    """What is to be said of a network's weights; nothing of the published ones."""
    return weights if weights in ("", "untrained") else f"custom weights {weights.removeprefix('sha256:')[:6]}"


def score_label(objective: Objective) -> str:
    """What the score is, for the axis of its curve."""
    words = {
        Channel: "mean activation",
        Neuron: "activation",
        ClassLogit: "logit",
        LayerEnergy: "mean squared activation",
        Direction: "mean projection",
        Diversity: "diversity",
        Sum: "weighted sum",
    }
    return f"score ({words.get(type(objective), kind_name(type(objective)).lower())})"


def class_name(model: Model | None, label: int | str) -> str:
    labels = model.labels if model else ()
    return f"{label} {labels[label]}" if isinstance(label, int) and label < len(labels) else str(label)


def as_kind(cls: type[Objective], objective: Objective, model: Model, before: Sequence[Objective] = ()) -> Objective:
    """The nearest objective of another kind: layer and channel are those one comes from, or those of before where it has none."""
    if cls is ClassLogit:
        return next((each for each in reversed(before) if type(each) is cls), ClassLogit(0))
    layers = {layer.name: layer for layer in list_layers(model)}
    known = [each for each in (objective, *reversed(before)) if getattr(each, "layer", "") in layers]
    layer = layers[known[0].layer] if known else default_layer(model)
    there = [each for each in known if each.layer == layer.name]
    found = next((each for each in there if type(each) is cls), None)
    channel = next((number for number in map(channel_of, there) if number is not None and number < layer.channels), 0)
    if cls in (Channel, Neuron):
        return replace(found, channel=channel) if found else cls(layer.name, channel)
    if cls is Direction:
        return found if found and len(found.channels) > 1 else Direction(layer.name, (channel,), (1.0,))
    return found or cls(layer.name)


def channel_of(objective: Objective) -> int | None:
    """The channel that it is about most."""
    if isinstance(objective, Direction):
        return max(zip(objective.channels, objective.weights), key=lambda pair: abs(pair[1]))[0]
    return getattr(objective, "channel", None)


def taken_to(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """`moved`, for the visitor: a channel that the layer does not have is wanted again in the next layer."""
    wanted = session.wished(objective)
    found = moved(wanted, layer, before)
    if getattr(found, "channel", 0) == layer.channels - 1 < getattr(wanted, "channel", 0):
        session.wish(found, wanted.channel)
    return found


def moved(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """The same objective in another layer, as it was there before; what does not exist there starts at the first channel and in the middle."""
    if isinstance(objective, ClassLogit):
        objective = Channel(layer.name, 0)
    found = next(
        (
            each
            for each in reversed(before)
            if type(each) is type(objective) and getattr(each, "layer", "") == layer.name
        ),
        None,
    )
    if found is not None and getattr(found, "channel", 0) < layer.channels:
        return found
    match objective:
        case Neuron():
            return Neuron(layer.name, min(objective.channel, layer.channels - 1))
        case Channel():
            return Channel(layer.name, min(objective.channel, layer.channels - 1))
        case Direction() if max(objective.channels) >= layer.channels:
            return Direction(layer.name, (0,), (1.0,), objective.cosine_power)
        case Sum():
            return Sum(tuple(replace(term, objective=moved(term.objective, layer, before)) for term in objective.terms))
    return replace(objective, layer=layer.name)


def default_layer(model: Model) -> Layer:
    """A layer in the middle of the network, where pictures are neither stripes nor whole objects."""
    blocks = [layer for layer in list_layers(model) if layer.block and layer.height > 1]
    return blocks[len(blocks) * 3 // 5] if blocks else list_layers(model)[0]


def fitted(objective: Objective, model: Model, size: tuple[int, int]) -> Objective:
    """The objective if the model has it, else one in the middle of that model."""
    try:
        return objective.checked(model, *size)
    except ActvizError:
        return (
            moved(objective, default_layer(model))
            if not isinstance(objective, ClassLogit)
            else Channel(default_layer(model).name, 0)
        )
