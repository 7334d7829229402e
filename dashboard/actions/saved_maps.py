"""What a saved map, or a sheet of them, brings: the page is set as it was made."""

from dataclasses import replace
from typing import Any

from actviz_core import ActvizError, ClassLogit, Explanation, Objective, Sum, Term, export
from dashboard.actions import steering
from dashboard.actions.explain import size_of
from dashboard.state import messages, services, session
from dashboard.state.explaining import MOST_MAPS, Explaining, MapChoice, version_of


def is_saved(data: bytes) -> bool:
    """Whether a file is a saved map or a sheet of them."""
    try:
        export.read_explanations(data)
    except ActvizError:
        return False
    return True


def open_saved(file: Any) -> None:
    """A saved map, or a sheet of them: the page is set as they were made, and says which image is missing."""
    saved = export.read_explanations(file.getvalue())
    found, first = saved[:MOST_MAPS], saved[0]
    model = services.loaded(first.model, first.weights)
    size = size_of(model)
    tell_of_differences(len(saved), first, size)
    first_target, *others = [each.objective.checked(model, *size) for each in found]
    classes = classes_in(first_target)
    spec = session.recipe().spec
    if (spec.model, spec.weights) != model.network or not classes:
        network = {"model": first.model, "weights": first.weights}
        steering.edit_spec(**network, objective=first_target, height=size[0], width=size[1])
    own = [None, *(None if each == first_target else each for each in others)]
    maps = tuple(MapChoice(each.method, target) for each, target in zip(found, own, strict=True))
    version = version_of(first.image)
    label, against = classes or (None, None)
    asked = Explaining(maps, not classes, label, against, image=version, frame=first.frame)
    session.explain(replace(asked, opacity=session.explanation().opacity))


def tell_of_differences(count: int, first: Explanation, size: tuple[int, int]) -> None:
    """Where the page shows something else than was saved, it says so."""
    told = []
    if count > MOST_MAPS:
        told.append(f"The sheet holds {count} maps; the first {MOST_MAPS} stand here.")
    if first.size != size:
        told.append(f"It was made at {first.height} x {first.width} px; here it is made anew at {size[0]} x {size[1]}.")
    if told:
        messages.notify(" ".join(told))


def classes_in(objective: Objective) -> tuple[int, int | None] | None:
    """The class, and the one that it is explained against; None for what is no such target."""
    match objective:
        case ClassLogit(label=int(label)):
            return label, None
        case Sum(terms=(Term(1.0, ClassLogit(label=int(label))), Term(-1.0, ClassLogit(label=int(against))))):
            return label, against
    return None
