"""What lies next to a target: the next channel or class, the same in another layer, the nearest of another kind."""

import random
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from actviz_core import (
    ActvizError,
    Channel,
    ClassLogit,
    Direction,
    Layer,
    LayerEnergy,
    ModelHandle,
    Neuron,
    Objective,
    Sum,
    class_layer,
    find_layer,
    list_layers,
)
from dashboard.components.architecture import Neighbours
from dashboard.state import session

Move = Callable[[Objective, Layer], Objective]


def neighbours(objective: Objective, model: ModelHandle, size: tuple[int, int]) -> Neighbours:
    """Of a target; a sum has none, nor has a class a next layer."""
    match objective:
        case Channel() | Neuron():
            before, after = around(objective, model, size)
            return Neighbours(
                "channel",
                objective.channel,
                find_layer(model, objective.layer, *size).channels,
                len(before),
                len(after),
            )
        case ClassLogit():
            return Neighbours("class", int(objective.checked(model, *size).label), class_layer(model).channels)
        case LayerEnergy() | Direction():
            before, after = around(objective, model, size)
            return Neighbours(before=len(before), after=len(after))
    return Neighbours()


def around(objective: Objective, model: ModelHandle, size: tuple[int, int]) -> tuple[Sequence[Layer], Sequence[Layer]]:
    """The layers of the chart before the target's own, and those after it.

    A layer inside a block comes before that block.
    """
    layers = list_layers(model, *size)
    place = next((index for index, layer in enumerate(layers) if layer.name == objective.layer), 0)
    return [layer for layer in layers[:place] if layer.block], [layer for layer in layers[place + 1 :] if layer.block]


def as_kind(
    cls: type[Objective], objective: Objective, model: ModelHandle, before: Sequence[Objective] = ()
) -> Objective:
    """The nearest objective of another kind.

    Layer and channel are those one comes from, or those of before where it has none.
    """
    layers = {layer.name: layer for layer in list_layers(model)}
    known = [each for each in (objective, *reversed(before)) if getattr(each, "layer", "") in layers]
    layer = layers[known[0].layer] if known else default_layer(model)
    layered = any(field.name == "layer" for field in fields(cls))
    there = [each for each in known if each.layer == layer.name] if layered else list(reversed(before))
    found = next((each for each in there if type(each) is cls), None)
    channels = (each.main_channel for each in there if each.main_channel is not None)
    channel = next((number for number in channels if number < layer.channels), 0)
    return found.about(channel) if found else cls.nearest(layer, channel)


def taken_to(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """`moved`, for the visitor: a channel that the layer does not have is wanted again in the next layer."""
    wanted = session.wished(objective)
    found, channel = moved(wanted, layer, before), getattr(wanted, "channel", 0)
    if getattr(found, "channel", 0) == layer.channels - 1 < channel:
        session.wish(found, channel)
    return found


def moved(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """The same objective in another layer, as it was there before.

    What does not exist there starts at the first channel and in the middle.
    """
    if not hasattr(objective, "layer") and not isinstance(objective, Sum):
        objective = objective.in_layer(layer)
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
    if isinstance(objective, Sum):
        return Sum(tuple(replace(term, objective=moved(term.objective, layer, before)) for term in objective.terms))
    return objective.in_layer(layer)


def default_layer(model: ModelHandle) -> Layer:
    """A layer in the middle of the network, where pictures are neither stripes nor whole objects."""
    blocks = [layer for layer in list_layers(model) if layer.block and layer.height > 1]
    return blocks[len(blocks) * 3 // 5] if blocks else list_layers(model)[0]


def fitted(objective: Objective, model: ModelHandle, size: tuple[int, int]) -> Objective:
    """The objective if the model has it, else one in the middle of that model."""
    try:
        return objective.checked(model, *size)
    except ActvizError:
        return moved(objective, default_layer(model))


def stepped(
    objective: Objective,
    model: ModelHandle,
    size: tuple[int, int],
    channels: int = 0,
    layers: int = 0,
    move: Move = moved,
) -> Objective:
    """So many layers and then so many channels or classes further on (negative: back), or as far as there are some."""
    here = neighbours(objective, model, size)
    if layers and here.before + here.after:
        before, after = around(objective, model, size)
        way = after[:layers] if layers > 0 else before[layers:][::-1]
        objective = move(objective, way[-1]) if way else objective
        here = neighbours(objective, model, size)
    return (
        placed(objective, min(max(here.index + channels, 0), here.count - 1)) if channels and here.noun else objective
    )


def at_random(
    objective: Objective, model: ModelHandle, size: tuple[int, int], choice: Callable[[int], int] = random.randrange
) -> Objective:
    """Another channel of the same layer, or another class."""
    here = neighbours(objective, model, size)
    if here.count < 2:
        return objective
    return placed(objective, (here.index + 1 + choice(here.count - 1)) % here.count)


def another(
    objective: Objective, model: ModelHandle, size: tuple[int, int], taken: Sequence[Objective] = ()
) -> Objective:
    """The nearest channel, class or layer further on, else further back, that is none of those taken.

    Beside a direction a channel.
    """
    if isinstance(objective, Direction):
        objective = Channel(objective.layer, objective.main_channel)
    here = neighbours(objective, model, size)
    if here.noun:
        found = (
            placed(objective, index) for index in (*range(here.index + 1, here.count), *reversed(range(here.index)))
        )
    else:
        before, after = around(objective, model, size) if hasattr(objective, "layer") else ((), ())
        found = (moved(objective, layer) for layer in (*after, *reversed(before)))
    return next((each for each in found if each not in taken), objective)


def placed(objective: Objective, index: int) -> Objective:
    return replace(objective, **{"label" if isinstance(objective, ClassLogit) else "channel": index})
