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
from dashboard.words.lessons import spelled
from dashboard.words.tables import FIRST
from dashboard.words.terms import titled
from dashboard.words.unit import words

MOST = 12  # units that one panel offers


def show(
    of: Iterable[tuple[Objective, ModelHandle]],
    version: str = "",
    pictured: Objective | None = None,
    folded: bool = True,
    border: bool = True,
    lang: str = FIRST,
) -> None:
    """A panel for these.

    version   of the visitor's image, where the page is about one
    pictured  what the page shows the synthesized picture of already
    folded    whether it is, until somebody opens it
    border    whether units are remarked on whose values are highest at the images' border
    lang      the language that it is said in
    """
    found = {
        entry.title: replace(
            entry, synthesized=part != pictured or bool(entry.note), border=border
        )  # the picture is its channel's
        for objective, model in of
        for part in parts(objective)
        for entry in entries(part, model, lang)
    }
    unit.show(tuple(found.values())[:MOST], version, folded, lang)


def parts(objective: Objective) -> list[Objective]:
    return [term.objective for term in objective.terms] if isinstance(objective, Sum) else [objective]


def entries(objective: Objective, model: ModelHandle, lang: str) -> list[UnitEntry]:
    """What the panel shows of a target that is no sum; nothing of one that compares pictures."""
    if not objective.alone:
        return []
    door = f"{assets.base()}/units/{session.visitor().token}/{units.key_of(model.network)}"
    title, said = titled(target.title(objective, model), lang), words(lang)
    try:
        known = objective.checked(model, model.height, model.width)
    except ActvizError as problem:
        return [UnitEntry(title, door, "", None, str(problem))]
    match known:
        case ClassLogit(label=label, output=output):
            return [UnitEntry(titled(f"class {class_name(label, model.labels)}", lang), door, output, int(label))]
        case Direction():
            return [of_direction(known, door, lang)]
        case Neuron(layer=layer, channel=channel):
            return [UnitEntry(title, door, layer, channel, said["note_neuron"])]
    if known.main_channel is None:
        return [UnitEntry(title, door, "", None, said["note_no_channel"])]
    return [UnitEntry(title, door, known.layer, known.main_channel)]


def of_direction(direction: Direction, door: str, lang: str = FIRST) -> UnitEntry:
    """Its channel of the largest weight, or where none is positive the one that it leads away from most."""
    weights, said = dict(zip(direction.channels, direction.weights, strict=True)), words(lang)
    most, least = max(weights, key=lambda each: weights[each]), min(weights, key=lambda each: weights[each])
    positive = weights[most] > 0
    shown = most if positive else least

    def told(name: str, channel: int) -> str:
        return said[name].format(n=channel, weight=spelled(weights[channel], "g", said))

    notes = [told("note_most" if positive else "note_least", shown)]
    if positive and -weights[least] > weights[most]:
        notes.append(told("note_least_more", least))
    title = said["note_direction"].format(layer=direction.layer, n=shown, direction=direction)
    return UnitEntry(title, door, direction.layer, shown, " ".join(notes))
