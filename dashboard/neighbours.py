"""What lies next to a target: the next channel or class, the next layer, another one by chance."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actviz_core import (
    Channel,
    ClassLogit,
    Direction,
    Layer,
    LayerEnergy,
    Model,
    Neuron,
    Objective,
    class_layer,
    find_layer,
    list_layers,
)
from dashboard import target


@dataclass(frozen=True)
class Neighbours:
    """Where a target stands, and how far one can step from it. Steps end at the first and at the last one.

    noun    "channel" or "class" is what is counted, "" where a target has neither
    index   of `count` of them
    before, after   layers of the chart
    """

    noun: str = ""
    index: int = 0
    count: int = 0
    before: int = 0
    after: int = 0


def neighbours(objective: Objective, model: Model, size: tuple[int, int]) -> Neighbours:
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
            return Neighbours("class", objective.checked(model, *size).label, class_layer(model).channels)
        case LayerEnergy() | Direction():
            before, after = around(objective, model, size)
            return Neighbours(before=len(before), after=len(after))
    return Neighbours()


def around(objective: Objective, model: Model, size: tuple[int, int]) -> tuple[Sequence[Layer], Sequence[Layer]]:
    """The layers of the chart before the target's own, and those after it.

    A layer inside a block comes before that block.
    """
    layers = list_layers(model, *size)
    place = next((index for index, layer in enumerate(layers) if layer.name == objective.layer), 0)
    return [layer for layer in layers[:place] if layer.block], [layer for layer in layers[place + 1 :] if layer.block]


def stepped(
    objective: Objective, model: Model, size: tuple[int, int], channels: int = 0, layers: int = 0, move=target.moved
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


def at_random(objective: Objective, model: Model, size: tuple[int, int], choice=random.randrange) -> Objective:
    """Another channel of the same layer, or another class."""
    here = neighbours(objective, model, size)
    if here.count < 2:
        return objective
    return placed(objective, (here.index + 1 + choice(here.count - 1)) % here.count)


def another(objective: Objective, model: Model, size: tuple[int, int], taken: Sequence[Objective] = ()) -> Objective:
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
        found = (target.moved(objective, layer) for layer in (*after, *reversed(before)))
    return next((each for each in found if each not in taken), objective)


def placed(objective: Objective, index: int) -> Objective:
    return replace(objective, **{"label" if isinstance(objective, ClassLogit) else "channel": index})
