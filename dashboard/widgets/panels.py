"""The image and its maps, side by side, or what is missing."""

import base64
from functools import partial

from actviz_core import ColourScale, ModelHandle, Objective, Prediction, class_name, described
from dashboard.actions import explain as actions
from dashboard.components import explain
from dashboard.server import assets, believing, layering, map_saves, synthesis, touching
from dashboard.state import session
from dashboard.state.explaining import Picture
from dashboard.state.mapped import Mapped
from dashboard.state.messages import guarded
from dashboard.widgets import empty
from dashboard.words import target

COLOURS = {
    name: base64.b64encode(ColourScale(1.0, signed).table.tobytes()).decode()
    for name, signed in (("diverging", True), ("sequential", False))
}


def show(model: ModelHandle, entries: list[Mapped]) -> None:
    picture = session.image()
    if picture is None:
        empty.show()
        return
    prediction = actions.known_prediction()
    if prediction is None:  # the page says why
        return
    explain.show(shown(model, picture, prediction, entries), on_event=guarded(partial(actions.obey, model)))


def shown(model: ModelHandle, picture: Picture, prediction: Prediction, entries: list[Mapped]) -> explain.Shown:
    objective = actions.objective_of(session.explanation(), model, prediction)
    view, door = actions.view_of(picture, model), f"{assets.base()}/explain/{session.visitor().token}"
    return explain.Shown(
        door=door,
        version=picture.version,
        image=picture.size,
        given=picture.given,
        frame=view.frame,
        size=view.size,
        colours=COLOURS,
        explained=told(model, prediction, objective),
        maps=tuple(entry_of(entry, door, objective) for entry in entries),
        classes=tuple(
            (index, class_name(index, model.labels), float(prediction.probabilities[index]))
            for index in prediction.ranked
        ),
        synthesized=f"{door}/synthesized?v={synthesis.version_of(model.network, objective)}",
        flip=bool(len(prediction.probabilities)),
        searched=touching.SEARCH in session.visitor().aside,
        saves=(link_of(f"{door}/save", map_saves.SHEET),) if entries else (),
        opacity=session.explanation().opacity,
    )


def told(model: ModelHandle, prediction: Prediction, objective: Objective) -> explain.Explained:
    explanation, title = session.explanation(), target.explained(objective, model)
    if actions.of_target(explanation, model):
        return explain.Explained(title)
    return explain.Explained(title, *explanation.classes(prediction))


def entry_of(entry: Mapped, door: str, objective: Objective) -> explain.MapEntry:
    """One of another target than the page's says so."""
    other = "" if entry.asked.objective == objective else f", {entry.title}"
    method, saves = entry.asked.method, f"{door}/maps/{entry.key}/save"
    return explain.MapEntry(
        entry.key,
        f"{method.title}{other}",
        getattr(method, "layer", ""),
        method.meaning,
        method.misleads,
        method.signed,
        evidence=True,
        begun=begun_of(entry),
        offers_signed="signed" in described(type(method)),
        saves=tuple(link_of(saves, each) for each in map_saves.ONE),
    )


def begun_of(entry: Mapped) -> tuple[str, ...]:
    """What has been computed beside it: the page shows it again after a reload."""
    visitor = session.visitor()
    answered = (("evidence", believing.is_begun), ("layers", layering.is_begun))
    return tuple(what for what, is_begun in answered if is_begun(visitor, entry.key))


def link_of(place: str, save: tuple[str, str, str]) -> tuple[str, str, str]:
    file, label, what = save
    return f"{place}/{file}", label, what
