"""What is to be maximized, as options."""

import sys
from dataclasses import dataclass

from ..errors import ActvizError
from ..objectives import Channel, ClassLogit, Direction, LayerEnergy, Neuron, Objective
from .options import option, pair
from .values import value_of_kind

OF_LAYERS = ("layer", "channel", "neuron", "direction")  # no class has these


@dataclass(frozen=True)
class TargetOptions:
    """A target; without any of these it is the preset's or the recipe's."""

    layer: str | None = option(None, help="a name from `layers`; alone: the energy of the whole layer")
    channel: int | None = option(None, help="a feature map of the layer")
    neuron: tuple[int, int] | None = option(None, metavar="ROW,COLUMN", parse=pair, help="one position of the channel")
    direction: str | None = option(None, metavar="CHANNEL:WEIGHT,...", help="several channels of the layer")
    label: str | None = option(None, flag="--class", metavar="NAME_OR_INDEX", help="a class instead of a layer")
    objective: str | None = option(
        None,
        metavar="KIND:FIELD=VALUE,...",
        help="any kind of target, or its JSON, sums too; `settings` lists the kinds and their fields",
    )


def is_given(target: TargetOptions) -> bool:
    """Whether the options say what to maximize."""
    return any(text is not None for text in (target.layer, target.label, target.objective))


def objective_of(target: TargetOptions) -> Objective | None:
    """The target of the options, None where they name none; ActvizError where they do not fit together."""
    if target.objective is not None:
        return value_of_kind(Objective, target.objective, "--objective")
    if target.label is not None:
        tell_ignored(target)
        return class_of(target.label)
    if target.layer is None:
        if target.channel is not None or target.neuron or target.direction:
            raise ActvizError("a channel belongs to a layer; give --layer too.")
        return None
    if target.direction:
        return Direction.parse(target.layer, target.direction)
    if target.channel is None:
        if target.neuron:
            raise ActvizError("a neuron is one position of a channel; give --channel too.")
        return LayerEnergy(target.layer)
    if target.neuron:
        return Neuron(target.layer, target.channel, *target.neuron)
    return Channel(target.layer, target.channel)


def class_of(name: str) -> ClassLogit:
    """A class by its name or its index."""
    return ClassLogit(int(name) if name.isdecimal() else name)


def tell_ignored(target: TargetOptions) -> None:
    """Says on stderr what a class makes nothing of."""
    ignored = [f"--{name}" for name in OF_LAYERS if getattr(target, name) not in (None, "")]
    if ignored:
        verb = "is" if len(ignored) == 1 else "are"
        print(f"actviz: {' and '.join(ignored)} {verb} ignored: --class is of the network's output.", file=sys.stderr)
