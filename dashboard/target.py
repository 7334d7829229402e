"""What is maximized, as widgets: channel, neuron, class, layer, direction, or several of those added up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from actviz_core import (
    ActvizError,
    Channel,
    ClassLogit,
    Direction,
    Diversity,
    Layer,
    LayerEnergy,
    Model,
    Neuron,
    Objective,
    Sum,
    Term,
    class_layer,
    described,
    find_layer,
    kind,
    list_layers,
)
from dashboard import controls, session
from dashboard.session import guarded

KINDS = {"Channel": Channel, "Neuron": Neuron, "Class": ClassLogit, "Layer": LayerEnergy, "Direction": Direction}
IN_SUMS = KINDS | {"Diversity": Diversity}


def title(objective: Objective, model: Model | None = None) -> str:
    """A short name for people: "blocks.4.0, channel 20"; classes have names where the model is given."""
    match objective:
        case Channel():
            return f"{objective.layer}, channel {objective.channel}"
        case Neuron():
            row, column = ("middle" if index is None else index for index in (objective.row, objective.column))
            place = "the middle" if row == column == "middle" else f"row {row}, column {column}"
            return f"{objective.layer}, neuron {objective.channel} at {place}"
        case ClassLogit():
            return f"class {class_name(model, objective.label)}"
        case LayerEnergy():
            return f"{objective.layer}, whole layer"
        case Direction():
            return f"{objective.layer}, direction {objective}"
        case Diversity():
            return f"{objective.layer}, diversity"
        case Sum():
            return " ".join(f"{term.weight:+g} ({title(term.objective, model)})" for term in objective.terms)
    return f"{', '.join(objective.layers)}, {kind_name(type(objective)).lower()}"


def kind_name(cls: type[Objective]) -> str:
    """What a kind of target is called; one that somebody has declared by the name of its class."""
    return next((name for name, known in IN_SUMS.items() if known is cls), controls.spoken(kind(cls)))


def weights_words(weights: str) -> str:
    """What is to be said of a network's weights; nothing of the published ones."""
    return weights if weights in ("", "untrained") else f"custom weights {weights.removeprefix('sha256:')[:6]}"


def score_label(objective: Objective) -> str:
    """What the score is, for the axis of its curve."""
    words = {Channel: "mean activation", Neuron: "activation", ClassLogit: "logit", LayerEnergy: "mean squared activation", Direction: "mean projection", Diversity: "diversity", Sum: "weighted sum"}
    return f"score ({words.get(type(objective), kind_name(type(objective)).lower())})"


def class_name(model: Model | None, label: int | str) -> str:
    labels = model.labels if model else ()
    return f"{label} {labels[label]}" if isinstance(label, int) and label < len(labels) else str(label)


Present = Callable[[], Objective]  # what is maximized now: a callback changes that, and not what it was when its widget was drawn


def widgets(present: Present, model: Model, size: tuple[int, int], count: int, on_change: Callable[[Objective], None]) -> None:
    """Draws the objective of a run of `count` pictures and hands on a changed one."""
    objective = present()
    if isinstance(objective, Sum):
        return sum_widgets(present, model, size, count, on_change)
    one(present, model, size, on_change, KINDS if type(objective) in KINDS.values() else IN_SUMS)
    st.button("Add another target", icon=":material/add:", key="target.add", on_click=guarded(lambda: on_change(present() + 1.0 * present())))


def sum_widgets(present: Present, model: Model, size: tuple[int, int], count: int, on_change: Callable[[Objective], None]) -> None:
    terms = terms_of(present())
    st.session_state.setdefault("target.term", len(terms) - 1)
    index = min(st.session_state["target.term"], len(terms) - 1)
    st.session_state["target.term"] = index
    st.selectbox("Term", range(len(terms)), key="target.term", format_func=lambda i: f"{terms[i].weight:+g} · {title(terms[i].objective, model)}")

    def term() -> Term:
        now = terms_of(present())
        return now[min(index, len(now) - 1)]

    def put(new: Term) -> None:
        now = terms_of(present())
        on_change(Sum((*now[:index], new, *now[index + 1 :])))

    def weigh() -> None:
        put(replace(term(), weight=float(st.session_state["target.weight"])))

    def add() -> None:
        on_change(Sum((*terms_of(present()), Term(1.0, term().objective))))

    weight, more, less = st.columns([2, 1, 1], vertical_alignment="bottom")
    st.session_state["target.weight"] = terms[index].weight
    weight.number_input("Weight", key="target.weight", step=0.5, on_change=guarded(weigh))
    more.button("", icon=":material/add:", key="target.add", help="Add a term", on_click=guarded(add))
    less.button("", icon=":material/delete:", key="target.remove", help="Remove this term", on_click=guarded(lambda: on_change(without(terms_of(present()), index))))
    one(lambda: term().objective, model, size, lambda new: put(replace(term(), objective=new)), IN_SUMS)
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
    kinds = kinds | {kind_name(type(objective)): type(objective)}
    st.session_state["target.kind"] = kind_name(type(objective))

    def of_kind() -> None:
        on_change(as_kind(kinds[st.session_state["target.kind"]], present(), model, session.targets()))

    st.segmented_control("Maximize", list(kinds), key="target.kind", width="stretch", required=True, on_change=guarded(of_kind))
    if isinstance(objective, ClassLogit):
        return class_widget(present, model, on_change)
    if not hasattr(objective, "layer"):
        return controls.form(present, "target", on_change, columns=1)
    layer = layer_widget(present, model, size, on_change)
    if isinstance(objective, (Channel, Neuron)):
        whole_numbers(present, layer, on_change)
    elif isinstance(objective, Direction):
        direction_widget(present, layer, on_change)
    elif described(type(objective)):
        controls.form(present, "target", on_change, columns=1)


def layer_widget(present: Present, model, size, on_change) -> Layer:
    def chosen() -> None:
        on_change(taken_to(present(), find_layer(model, st.session_state["target.layer"], *size), session.targets()))

    objective = present()
    st.session_state["target.layer"] = objective.layer
    st.selectbox("Layer", [layer.name for layer in list_layers(model, *size)], key="target.layer", on_change=guarded(chosen))
    layer = find_layer(model, objective.layer, *size)
    st.caption(f"{layer.kind}: {layer.dimensions}")
    return layer


def whole_numbers(present: Present, layer: Layer, on_change) -> None:
    objective, ends = present(), {"channel": layer.channels, "row": layer.height, "column": layer.width}
    settings = {name: setting for name, setting in described(type(objective)).items() if name == "channel" or ends[name] > 1}

    def numbered(name: str, key: str) -> None:
        if hasattr(present(), name):  # else another kind has been chosen since this was drawn
            on_change(replace(present(), **{name: st.session_state[key]}))

    for place, name in zip(st.columns(len(settings)), settings):
        key, end = f"target.{name}", ends[name] - 1
        st.session_state[key] = getattr(objective, name)
        hint = f"0 to {end}"
        label, help = ("Token", "position in the sequence") if name == "row" and layer.tokens else (controls.spoken(name), settings[name].help)
        place.number_input(
            label, 0, end, key=key, step=1, help=f"{help}. {hint}.", placeholder="middle", on_change=guarded(partial(numbered, name, key))
        )


def class_widget(present: Present, model: Model, on_change) -> None:
    objective = present()
    classes = class_layer(model).channels
    st.session_state["target.label"] = objective.label if isinstance(objective.label, int) else objective.checked(model, model.height, model.width).label

    def chosen() -> None:
        now = present()
        if isinstance(now, ClassLogit):  # else another kind has been chosen since this was drawn
            on_change(replace(now, label=st.session_state["target.label"]))

    st.selectbox("Class", range(classes), key="target.label", format_func=lambda index: class_name(model, index), on_change=guarded(chosen))


def direction_widget(present: Present, layer: Layer, on_change) -> None:
    def typed() -> None:
        now = present()
        if isinstance(now, Direction):  # else another kind has been chosen since this was drawn
            on_change(Direction.parse(now.layer, st.session_state["target.direction"], now.cosine_power))

    st.session_state["target.direction"] = str(present())
    st.text_input("Channels and weights", key="target.direction", help=f"CHANNEL:WEIGHT, CHANNEL:WEIGHT with channels 0 to {layer.channels - 1}", on_change=guarded(typed))
    controls.form(present, "target", on_change, columns=1)


# from one objective to a similar one


def as_kind(cls: type[Objective], objective: Objective, model: Model, before: Sequence[Objective] = ()) -> Objective:
    """The nearest objective of another kind: layer and channel are those one comes from, or those of before where it has none."""
    if cls is ClassLogit:
        return next((each for each in reversed(before) if type(each) is cls), ClassLogit(0))
    layers = {layer.name: layer for layer in list_layers(model)}
    known = [each for each in (objective, *reversed(before)) if getattr(each, "layer", "") in layers]
    layer = layers[known[0].layer] if known else default_layer(model)
    there = [each for each in known if each.layer == layer.name]
    found = next((each for each in there if type(each) is cls), None)
    channel = next((number for number in map(channel_of, there) if number is not None and number < layer.channels), 0)
    if cls in (Channel, Neuron):
        return replace(found, channel=channel) if found else cls(layer.name, channel)
    if cls is Direction:
        return found if found and len(found.channels) > 1 else Direction(layer.name, (channel,), (1.0,))
    return found or cls(layer.name)


def channel_of(objective: Objective) -> int | None:
    """The channel that it is about most."""
    if isinstance(objective, Direction):
        return max(zip(objective.channels, objective.weights), key=lambda pair: abs(pair[1]))[0]
    return getattr(objective, "channel", None)


def taken_to(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """`moved`, for the visitor: a channel that the layer does not have is wanted again in the next layer."""
    wanted = session.wished(objective)
    found = moved(wanted, layer, before)
    if getattr(found, "channel", 0) == layer.channels - 1 < getattr(wanted, "channel", 0):
        session.wish(found, wanted.channel)
    return found


def moved(objective: Objective, layer: Layer, before: Sequence[Objective] = ()) -> Objective:
    """The same objective in another layer, as it was there before; what does not exist there starts at the first channel and in the middle."""
    if isinstance(objective, ClassLogit):
        objective = Channel(layer.name, 0)
    found = next((each for each in reversed(before) if type(each) is type(objective) and getattr(each, "layer", "") == layer.name), None)
    if found is not None and getattr(found, "channel", 0) < layer.channels:
        return found
    match objective:
        case Neuron():
            return Neuron(layer.name, min(objective.channel, layer.channels - 1))
        case Channel():
            return Channel(layer.name, min(objective.channel, layer.channels - 1))
        case Direction() if max(objective.channels) >= layer.channels:
            return Direction(layer.name, (0,), (1.0,), objective.cosine_power)
        case Sum():
            return Sum(tuple(replace(term, objective=moved(term.objective, layer, before)) for term in objective.terms))
    return replace(objective, layer=layer.name)


def default_layer(model: Model) -> Layer:
    """A layer in the middle of the network, where pictures are neither stripes nor whole objects."""
    blocks = [layer for layer in list_layers(model) if layer.block and layer.height > 1]
    return blocks[len(blocks) * 3 // 5] if blocks else list_layers(model)[0]


def fitted(objective: Objective, model: Model, size: tuple[int, int]) -> Objective:
    """The objective if the model has it, else one in the middle of that model."""
    try:
        return objective.checked(model, *size)
    except ActvizError:
        return moved(objective, default_layer(model)) if not isinstance(objective, ClassLogit) else Channel(default_layer(model).name, 0)
