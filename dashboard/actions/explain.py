"""What is explained: the target, the maps, and what is asked for on the component."""

from dataclasses import replace
from typing import Any

from actviz_core import (
    METHODS,
    ActvizError,
    Attribute,
    AttributeEveryLayer,
    ClassLogit,
    GradientCam,
    History,
    Method,
    ModelHandle,
    Objective,
    Predict,
    Prediction,
    Run,
    class_layer,
    described,
    framing,
)
from dashboard.actions import arrival, image, steering
from dashboard.components.explain import ExplainEvent
from dashboard.state import services, session
from dashboard.state.explaining import MOST_MAPS, Explaining, MapChoice, Picture, Seen, View
from dashboard.state.mapped import Asked, Mapped
from dashboard.words import target

# what is explained


def size_of(model: ModelHandle) -> tuple[int, int]:
    """Of the pictures that the network is shown here: its own, whatever size Explore's pictures have."""
    return model.height, model.width


def view_of(picture: Picture, model: ModelHandle) -> View:
    frame = session.explanation().frame_in(picture, size_of(model))
    return View(model.network, picture.version, frame, size_of(model))


def seen(picture: Picture, view: View) -> Seen:
    """What the network sees and says of the view; asked once for each."""
    known = session.state().seen
    if known is not None and known.view == view:
        return known
    pixels = framing.framed(picture.pixels, view.frame, view.size)
    found = Seen(view, pixels, services.door().ask_once(Predict(view.network, pixels)))
    session.change(seen=found)
    end_asides()
    return found


def known_prediction() -> Prediction | None:
    """What the network says of what it sees of the image, as far as it has been asked."""
    known = session.state().seen
    return known.prediction if known is not None and session.image() is not None else None


def number_of_classes(model: ModelHandle) -> int:
    try:
        return class_layer(model).channels
    except ActvizError:
        return 0


def of_target(explanation: Explaining, model: ModelHandle) -> bool:
    """Whether Explore's target is explained: where the network has no classes there is nothing else."""
    return explanation.target or not number_of_classes(model)


def explores_target(model: ModelHandle) -> Objective:
    """What Explore maximizes, for pictures of the network's own size."""
    spec, size = session.recipe().spec, size_of(model)
    return spec.objectives[0].resized(model, (spec.height, spec.width), size).checked(model, *size)


def objective_of(explanation: Explaining, model: ModelHandle, prediction: Prediction) -> Objective:
    """What is explained."""
    if of_target(explanation, model):
        return explores_target(model)
    label, against = explanation.classes(prediction)
    objective = ClassLogit(label).checked(model, *size_of(model))
    return objective if against is None else objective - ClassLogit(against).checked(model, *size_of(model))


def explain_class(label: int | None) -> None:
    """A class by itself; None: the likeliest, whatever the image is."""
    turn_to(target=False, label=label, against=None)


def turn_to(**changes: Any) -> None:
    """Something else is explained, by all maps: those that were opened with a target of their own too."""
    explanation = session.explanation()
    maps = tuple(replace(choice, objective=None) for choice in explanation.maps)
    session.explain(replace(explanation, maps=maps, **changes))


def explain_against(against: int | None) -> None:
    """Why the class and not that one; the class is held on to."""
    explanation, known = session.explanation(), known_prediction()
    if known is None:
        return
    label, _ = explanation.classes(known)
    if label == against:
        raise ActvizError("a class is explained against another one: choose a second class.")
    turn_to(target=False, label=label, against=against)


def explain_target(whether: bool) -> None:
    """Explore's target, or a class."""
    turn_to(target=whether)


def maximize(model: ModelHandle) -> None:
    """Explore is set to what is explained."""
    known = known_prediction()
    if known is not None and not of_target(session.explanation(), model):
        steering.set_target(objective_of(session.explanation(), model, known))
    arrival.leave("explain")


# maps


def add_map(method: Method) -> None:
    explanation = session.explanation()
    if len(explanation.maps) == MOST_MAPS:
        raise ActvizError(f"there are {MOST_MAPS} maps already, as many as stand side by side: remove one first.")
    session.explain(replace(explanation, maps=(*explanation.maps, MapChoice(method))))


def remove_map(index: int) -> None:
    explanation = session.explanation()
    session.explain(replace(explanation, maps=(*explanation.maps[:index], *explanation.maps[index + 1 :])))


def method_at(index: int) -> Method:
    """Of the map there by now; a widget that was drawn before others were removed finds any."""
    maps = session.explanation().maps
    return maps[index].method if index < len(maps) else METHODS[0]()


def change_map(index: int, method: Method) -> None:
    explanation = session.explanation()
    if index < len(explanation.maps) and type(explanation.maps[index].method) is type(method):
        session.explain(explanation.with_map(index, replace(explanation.maps[index], method=method)))


def set_field(index: int, name: str, value: object) -> None:
    """One setting of a map's method, where it has that."""
    method = method_at(index)
    if name in described(type(method)):
        change_map(index, replace(method, **{name: value}))


def follow(model: ModelHandle) -> list[Mapped]:
    """The maps as they are wanted now: those that are there go on, others start, and what nobody wants any more ends.

    Raises ActvizError where what is explained is not the network's.
    """
    image.bring_sample()
    picture, explanation, visitor = session.image(), session.explanation(), session.visitor()
    if picture is None:
        visitor.explain([])
        return []
    view = view_of(picture, model)
    now = seen(picture, view)
    objective = objective_of(explanation, model, now.prediction)
    if objective != session.state().explained:
        session.change(explained=objective)
        end_asides()
    known, entries = list(visitor.mapped.values()), []
    for choice in explanation.maps:
        asked = Asked(view, choice.objective or objective, choice.method)
        found = [(entry, as_asked) for entry in known if (as_asked := entry.as_asked(asked))]
        for entry, as_asked in found[:1]:
            known.remove(entry)  # two maps may be the same
            entries.append(as_asked)
        if not found:
            entries.append(mapped(asked, now, model))
    begun = [entry.run for entry in entries if entry.key not in visitor.mapped]
    visitor.explain(entries)
    for run in begun:
        services.scheduler().start(run)
    return entries


def end_asides() -> None:
    """What was computed beside the maps was of something else."""
    for name in list(session.visitor().aside):
        session.visitor().set_aside(name, None)


def mapped(asked: Asked, now: Seen, model: ModelHandle) -> Mapped:
    """A map whose run the scheduler does not know yet."""
    asking = asked.view.network, now.pixels[None], asked.objective
    method = asked.method
    work = AttributeEveryLayer(*asking, method) if isinstance(method, GradientCam) else Attribute(*asking, method)
    return Mapped(Run.of(work, float("inf"), History(0, 0)), asked, target.explained(asked.objective, model))


# the component


def obey(model: ModelHandle, event: ExplainEvent) -> None:
    """What was asked for on the component; maps start at once, and not only with the page's next drawing."""
    match event.kind:
        case "frame":
            session.explain(replace(session.explanation(), frame=event.frame))
        case "opacity":
            session.explain(replace(session.explanation(), opacity=event.opacity))
        case "explain_class":
            explain_class(event.index)
        case "against":
            explain_against(event.index)
        case "open":
            maximize(model)
            return
        case _:
            command(event)
    follow(model)


def command(event: ExplainEvent) -> None:
    """One map: go on, or begin again where it has ended; pause, end, be removed."""
    visitor = session.visitor()
    entry = visitor.mapped.get(event.key)
    if entry is None:
        return
    place = list(visitor.mapped).index(event.key)
    match event.kind:
        case "pause":
            entry.run.pause()
        case "resume" if entry.run.ended:
            visitor.explain([other for other in visitor.mapped.values() if other is not entry])
        case "resume":
            entry.run.resume()
        case "stop":
            entry.run.cancel()
        case "remove":
            remove_map(place)
        case "signed":
            set_field(place, "signed", True)
        case "layer":
            set_field(place, "layer", event.layer)
