"""What is maximized, as widgets: channel, neuron, class, layer, direction, or several of those added up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from actviz_core import (
    Channel,
    ClassLogit,
    Direction,
    Diversity,
    Layer,
    ModelHandle,
    Neuron,
    Objective,
    Sum,
    Term,
    class_layer,
    class_name,
    described,
    find_layer,
    list_layers,
    written,
)
from dashboard.actions import neighbours
from dashboard.state import keys, session
from dashboard.state.keys import Key
from dashboard.state.messages import guarded
from dashboard.widgets import controls
from dashboard.words import glossary
from dashboard.words.names import spoken
from dashboard.words.target import offered, title


@dataclass(frozen=True)
class Place:
    """Where a target stands: in the recipe, or in a term of its sum.

    now     what is maximized there by now: a callback changes that, and not what it was when its widget was drawn
    change  puts another one there
    """

    now: Callable[[], Any]
    change: Callable[[Objective], object]
    model: ModelHandle
    size: tuple[int, int]


def show(
    now: Callable[[], Objective],
    model: ModelHandle,
    size: tuple[int, int],
    count: int,
    on_change: Callable[[Objective], object],
) -> None:
    """Draws the objective of a run of `count` pictures and hands on a changed one."""
    place = Place(now, on_change, model, size)
    if isinstance(now(), Sum):
        sum_widgets(place, count)
        return
    one(place, within_sum=False)
    st.button(
        "Add another target", icon=":material/add:", key=keys.ADD_TARGET.name, on_click=guarded(add), args=(place,)
    )


def add(place: Place) -> None:
    place.change(place.now() + 1.0 * neighbours.another(place.now(), place.model, place.size))


# several of them


def sum_widgets(place: Place, count: int) -> None:
    terms = terms_of(place)
    index = min(keys.TERM.get() if keys.TERM.held else len(terms) - 1, len(terms) - 1)
    keys.TERM.set(index)
    st.selectbox("Term", range(len(terms)), key=keys.TERM.name, format_func=partial(term_title, terms, place.model))
    weight, more, less = st.columns([2, 1, 1], vertical_alignment="bottom")
    keys.WEIGHT.set(terms[index].weight)
    weight.number_input("Weight", key=keys.WEIGHT.name, step=0.5, on_change=guarded(weigh), args=(place, index))
    icon_button(more, ":material/add:", keys.ADD_TARGET, "Add a term", add_term, place, index)
    icon_button(less, ":material/delete:", keys.REMOVE_TARGET, "Remove this term", remove_term, place, index)
    one(replace(place, now=partial(now_in_term, place, index), change=partial(change_in_term, place, index)), True)
    if isinstance(terms[index].objective, Diversity) and count < 2:
        st.caption("Diversity compares the pictures of a run and needs at least two: set Pictures under Optimization.")


def icon_button(spot: Any, icon: str, key: Key[bool], help: str, act: Callable[..., None], *args: Any) -> None:
    spot.button("", icon=icon, key=key.name, help=help, on_click=guarded(act), args=args)


def terms_of(place: Place) -> tuple[Term, ...]:
    objective = place.now()
    return objective.terms if isinstance(objective, Sum) else (Term(1.0, objective),)


def term_title(terms: tuple[Term, ...], model: ModelHandle, index: int) -> str:
    return f"{written(terms[index].weight, '+g')} · {title(terms[index].objective, model)}"


def term_of(place: Place, index: int) -> Term:
    terms = terms_of(place)
    return terms[min(index, len(terms) - 1)]


def change_term(place: Place, index: int, new: Term) -> None:
    terms = terms_of(place)
    place.change(Sum((*terms[:index], new, *terms[index + 1 :])))


def now_in_term(place: Place, index: int) -> Objective:
    return term_of(place, index).objective


def change_in_term(place: Place, index: int, objective: Objective) -> None:
    change_term(place, index, replace(term_of(place, index), objective=objective))


def weigh(place: Place, index: int) -> None:
    change_term(place, index, replace(term_of(place, index), weight=float(keys.WEIGHT.get())))


def add_term(place: Place, index: int) -> None:
    terms, beside = terms_of(place), now_in_term(place, index)
    new = neighbours.another(beside, place.model, place.size, [each.objective for each in terms])
    place.change(Sum((*terms, Term(1.0, new))))


def remove_term(place: Place, index: int) -> None:
    place.change(without(terms_of(place), index))


def without(terms: tuple[Term, ...], index: int) -> Objective:
    left = (*terms[:index], *terms[index + 1 :])
    return left[0].objective if len(left) == 1 and left[0].weight == 1 else Sum(left or terms)


# one of them


def one(place: Place, within_sum: bool) -> None:
    """A single objective: its kind, its layer, and what its kind needs."""
    objective = place.now()
    kinds = offered(within_sum) | {objective.title: type(objective)}
    keys.KIND.set(objective.title)
    st.segmented_control(
        "Maximize",
        list(kinds),
        key=keys.KIND.name,
        width="stretch",
        required=True,
        on_change=guarded(take_kind),
        args=(place, kinds),
    )
    WIDGETS.get(type(objective), fields)(place)


def fields(place: Place) -> None:
    """The layer, where there is one, and every setting of a kind that has no widgets of its own."""
    if hasattr(place.now(), "layer"):
        layer_widget(place)
    if described(type(place.now())):
        controls.form(place.now, "target", place.change, columns=1)


def take_kind(place: Place, kinds: dict[str, type[Objective]]) -> None:
    place.change(neighbours.as_kind(kinds[keys.KIND.get()], place.now(), place.model, session.targets()))


def layer_widget(place: Place) -> Layer:
    objective, model, size = place.now(), place.model, place.size
    keys.LAYER.set(objective.layer)
    st.selectbox(
        "Layer",
        [layer.name for layer in list_layers(model, *size)],
        key=keys.LAYER.name,
        on_change=guarded(take_layer),
        args=(place,),
    )
    layer = find_layer(model, objective.layer, *size)
    st.caption(f"{layer.kind}: {layer.dimensions}", help=glossary.help_of_kind(layer.kind))
    return layer


def take_layer(place: Place) -> None:
    layer = find_layer(place.model, keys.LAYER.get(), *place.size)
    place.change(neighbours.taken_to(place.now(), layer, session.targets()))


def numbers_widget(place: Place) -> None:
    layer = layer_widget(place)
    objective, ends = place.now(), {"channel": layer.channels, "row": layer.height, "column": layer.width}
    settings = {
        name: setting for name, setting in described(type(objective)).items() if name == "channel" or ends[name] > 1
    }
    for spot, name in zip(st.columns(len(settings)), settings, strict=True):
        key, end = keys.field("target", name), ends[name] - 1
        label, help = (
            ("Token", "position in the sequence")
            if name == "row" and layer.tokens
            else (spoken(name), settings[name].help)
        )
        within = replace(settings[name], low=0, high=end, step=1, help=f"{help}. 0 to {end}.")
        with spot:
            controls.typed(
                label, within, getattr(objective, name), key, take_number, (place, name), placeholder="middle"
            )


def take_number(place: Place, name: str, value: int | None) -> None:
    if hasattr(place.now(), name):  # else another kind has been chosen since this was drawn
        place.change(replace(place.now(), **{name: value}))


def class_widget(place: Place) -> None:
    model, objective = place.model, place.now()
    label = objective.label
    keys.LABEL.set(label if isinstance(label, int) else objective.checked(model, model.height, model.width).label)
    st.selectbox(
        "Class",
        range(class_layer(model).channels),
        key=keys.LABEL.name,
        format_func=lambda index: class_name(index, model.labels),
        on_change=guarded(take_class),
        args=(place,),
    )


def take_class(place: Place) -> None:
    now = place.now()
    if isinstance(now, ClassLogit):  # else another kind has been chosen since this was drawn
        place.change(replace(now, label=keys.LABEL.get()))


def direction_widget(place: Place) -> None:
    layer = layer_widget(place)
    keys.DIRECTION.set(str(place.now()))
    st.text_input(
        "Channels and weights",
        key=keys.DIRECTION.name,
        help=f"CHANNEL:WEIGHT, CHANNEL:WEIGHT with channels 0 to {layer.channels - 1}",
        on_change=guarded(take_direction),
        args=(place,),
    )
    controls.form(place.now, "target", place.change, columns=1)


def take_direction(place: Place) -> None:
    now = place.now()
    if isinstance(now, Direction):  # else another kind has been chosen since this was drawn
        place.change(Direction.parse(now.layer, keys.DIRECTION.get(), now.cosine_power))


# Of kinds whose settings are read best in another way than one below the other.
WIDGETS: dict[type[Objective], Callable[[Place], None]] = {
    Channel: numbers_widget,
    Neuron: numbers_widget,
    ClassLogit: class_widget,
    Direction: direction_widget,
}
