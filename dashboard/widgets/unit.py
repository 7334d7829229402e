"""The panel of what is maximized or explained, one unit or several, below what people work with."""

from collections.abc import Iterable
from dataclasses import replace

from actviz_core import (
    ActvizError,
    ClassLogit,
    Direction,
    ModelHandle,
    Neuron,
    Objective,
    Sum,
    class_name,
)
from dashboard.components import unit
from dashboard.components.unit import UnitEntry
from dashboard.server import assets, units
from dashboard.state import session
from dashboard.words import target

MOST = 12  # units that one panel offers
NO_CHANNEL = (
    "This target is no single channel, and images are ranked by single channels: choose a channel to see what it "
    "answers to."
)
OF_A_NEURON = "Images are ranked by this channel anywhere in the picture, not at the neuron's place alone."


def show(
    of: Iterable[tuple[Objective, ModelHandle]],
    version: str = "",
    pictured: Objective | None = None,
    folded: bool = True,
    border: bool = True,
) -> None:
    """A panel for these.

    version   of the visitor's image, where the page is about one
    pictured  what the page shows the synthesized picture of already
    folded    whether it is, until somebody opens it
    border    whether units are remarked on whose values are highest at the images' border
    """
    found = {
        entry.title: replace(
            entry, synthesized=part != pictured or bool(entry.note), border=border
        )  # the picture is its channel's
        for objective, model in of
        for part in parts(objective)
        for entry in entries(part, model)
    }
    unit.show(tuple(found.values())[:MOST], version, folded)


def parts(objective: Objective) -> list[Objective]:
    return [term.objective for term in objective.terms] if isinstance(objective, Sum) else [objective]


def entries(objective: Objective, model: ModelHandle) -> list[UnitEntry]:
    """What the panel shows of a target that is no sum; nothing of one that compares pictures."""
    if not objective.alone:
        return []
    door = f"{assets.base()}/units/{session.visitor().token}/{units.key_of(model.network)}"
    title = target.title(objective, model)
    try:
        known = objective.checked(model, model.height, model.width)
    except ActvizError as problem:
        return [UnitEntry(title, door, "", None, str(problem))]
    match known:
        case ClassLogit(label=label, output=output):
            return [UnitEntry(f"class {class_name(label, model.labels)}", door, output, int(label))]
        case Direction():
            return [of_direction(known, door)]
        case Neuron(layer=layer, channel=channel):
            return [UnitEntry(title, door, layer, channel, OF_A_NEURON)]
    if known.main_channel is None:
        return [UnitEntry(title, door, "", None, NO_CHANNEL)]
    return [UnitEntry(title, door, known.layer, known.main_channel)]


def of_direction(direction: Direction, door: str) -> UnitEntry:
    """Its channel of the largest weight, or where none is positive the one that it leads away from most."""
    weights = dict(zip(direction.channels, direction.weights, strict=True))
    most, least = max(weights, key=lambda each: weights[each]), min(weights, key=lambda each: weights[each])
    layer = direction.layer
    if weights[most] > 0:
        note = f"A direction mixes channels. Shown is channel {most}, of the largest weight: {weights[most]:g}."
        if -weights[least] > weights[most]:
            note += f" The target is pushed away from channel {least}, of weight {weights[least]:g}, even more."
        return UnitEntry(f"{layer}, channel {most} of the direction {direction}", door, layer, most, note)
    note = (
        f"Shown is channel {least}, of weight {weights[least]:g}: "
        "the target is pushed away from what is seen here, and no channel of it has a positive weight."
    )
    return UnitEntry(f"{layer}, channel {least} of the direction {direction}", door, layer, least, note)
