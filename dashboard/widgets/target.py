"""What is maximized, as widgets: channel, neuron, class, layer, direction, or several of those added up."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

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
)
from dashboard.actions import neighbours
from dashboard.state import session
from dashboard.state.messages import guarded
from dashboard.widgets import controls
from dashboard.words.names import spoken
from dashboard.words.target import offered, title

# What is maximized now: a callback changes that, and not what it was when its widget was drawn.
Present = Callable[[], Objective]


def show(
    present: Present, model: ModelHandle, size: tuple[int, int], count: int, on_change: Callable[[Objective], None]
) -> None:
    """Draws the objective of a run of `count` pictures and hands on a changed one."""
    objective = present()
    if isinstance(objective, Sum):
        sum_widgets(present, model, size, count, on_change)
        return
    one(present, model, size, on_change, offered(within_sum=False))
    st.button(
        "Add another target",
        icon=":material/add:",
        key="target.add",
        on_click=guarded(lambda: on_change(present() + 1.0 * neighbours.another(present(), model, size))),
    )


def sum_widgets(
    present: Present, model: ModelHandle, size: tuple[int, int], count: int, on_change: Callable[[Objective], None]
) -> None:
    terms = terms_of(present())
    st.session_state.setdefault("target.term", len(terms) - 1)
    index = min(st.session_state["target.term"], len(terms) - 1)
    st.session_state["target.term"] = index
    st.selectbox(
        "Term",
        range(len(terms)),
        key="target.term",
        format_func=lambda i: f"{terms[i].weight:+g} · {title(terms[i].objective, model)}",
    )

    def term() -> Term:
        now = terms_of(present())
        return now[min(index, len(now) - 1)]

    def put(new: Term) -> None:
        now = terms_of(present())
        on_change(Sum((*now[:index], new, *now[index + 1 :])))

    def weigh() -> None:
        put(replace(term(), weight=float(st.session_state["target.weight"])))

    def add() -> None:
        now = terms_of(present())
        on_change(
            Sum((*now, Term(1.0, neighbours.another(term().objective, model, size, [each.objective for each in now]))))
        )

    weight, more, less = st.columns([2, 1, 1], vertical_alignment="bottom")
    st.session_state["target.weight"] = terms[index].weight
    weight.number_input("Weight", key="target.weight", step=0.5, on_change=guarded(weigh))
    more.button("", icon=":material/add:", key="target.add", help="Add a term", on_click=guarded(add))
    less.button(
        "",
        icon=":material/delete:",
        key="target.remove",
        help="Remove this term",
        on_click=guarded(lambda: on_change(without(terms_of(present()), index))),
    )
    one(
        lambda: term().objective, model, size, lambda new: put(replace(term(), objective=new)), offered(within_sum=True)
    )
    if isinstance(terms[index].objective, Diversity) and count < 2:
        st.caption("Diversity compares the pictures of a run and needs at least two: set Pictures under Optimization.")


def terms_of(objective: Objective) -> tuple[Term, ...]:
    return objective.terms if isinstance(objective, Sum) else (Term(1.0, objective),)


def without(terms: tuple[Term, ...], index: int) -> Objective:
    left = (*terms[:index], *terms[index + 1 :])
    return left[0].objective if len(left) == 1 and left[0].weight == 1 else Sum(left or terms)


def one(present: Present, model, size, on_change, kinds) -> None:
    """A single objective: its kind, its layer, and what its kind needs."""
    objective = present()
    kinds = kinds | {objective.title: type(objective)}
    st.session_state["target.kind"] = objective.title

    def of_kind() -> None:
        on_change(neighbours.as_kind(kinds[st.session_state["target.kind"]], present(), model, session.targets()))

    st.segmented_control(
        "Maximize", list(kinds), key="target.kind", width="stretch", required=True, on_change=guarded(of_kind)
    )
    if isinstance(objective, ClassLogit):
        class_widget(present, model, on_change)
        return
    if not hasattr(objective, "layer"):
        controls.form(present, "target", on_change, columns=1)
        return
    layer = layer_widget(present, model, size, on_change)
    if isinstance(objective, (Channel, Neuron)):
        whole_numbers(present, layer, on_change)
    elif isinstance(objective, Direction):
        direction_widget(present, layer, on_change)
    elif described(type(objective)):
        controls.form(present, "target", on_change, columns=1)


def layer_widget(present: Present, model, size, on_change) -> Layer:
    def chosen() -> None:
        on_change(
            neighbours.taken_to(
                present(), find_layer(model, st.session_state["target.layer"], *size), session.targets()
            )
        )

    objective = present()
    st.session_state["target.layer"] = objective.layer
    st.selectbox(
        "Layer", [layer.name for layer in list_layers(model, *size)], key="target.layer", on_change=guarded(chosen)
    )
    layer = find_layer(model, objective.layer, *size)
    st.caption(f"{layer.kind}: {layer.dimensions}")
    return layer


def whole_numbers(present: Present, layer: Layer, on_change) -> None:
    objective, ends = present(), {"channel": layer.channels, "row": layer.height, "column": layer.width}
    settings = {
        name: setting for name, setting in described(type(objective)).items() if name == "channel" or ends[name] > 1
    }

    def numbered(name: str, key: str) -> None:
        if hasattr(present(), name):  # else another kind has been chosen since this was drawn
            on_change(replace(present(), **{name: st.session_state[key]}))

    for place, name in zip(st.columns(len(settings)), settings, strict=True):
        key, end = f"target.{name}", ends[name] - 1
        st.session_state[key] = getattr(objective, name)
        hint = f"0 to {end}"
        label, help = (
            ("Token", "position in the sequence")
            if name == "row" and layer.tokens
            else (spoken(name), settings[name].help)
        )
        place.number_input(
            label,
            0,
            end,
            key=key,
            step=1,
            help=f"{help}. {hint}.",
            placeholder="middle",
            on_change=guarded(partial(numbered, name, key)),
        )


def class_widget(present: Present, model: ModelHandle, on_change) -> None:
    objective = present()
    classes = class_layer(model).channels
    st.session_state["target.label"] = (
        objective.label
        if isinstance(objective.label, int)
        else objective.checked(model, model.height, model.width).label
    )

    def chosen() -> None:
        now = present()
        if isinstance(now, ClassLogit):  # else another kind has been chosen since this was drawn
            on_change(replace(now, label=st.session_state["target.label"]))

    st.selectbox(
        "Class",
        range(classes),
        key="target.label",
        format_func=lambda index: class_name(index, model.labels),
        on_change=guarded(chosen),
    )


def direction_widget(present: Present, layer: Layer, on_change) -> None:
    def typed() -> None:
        now = present()
        if isinstance(now, Direction):  # else another kind has been chosen since this was drawn
            on_change(Direction.parse(now.layer, st.session_state["target.direction"], now.cosine_power))

    st.session_state["target.direction"] = str(present())
    st.text_input(
        "Channels and weights",
        key="target.direction",
        help=f"CHANNEL:WEIGHT, CHANNEL:WEIGHT with channels 0 to {layer.channels - 1}",
        on_change=guarded(typed),
    )
    controls.form(present, "target", on_change, columns=1)
