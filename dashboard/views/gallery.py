"""Gallery: every channel of a layer at a glance; a click on one opens it in Explore."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from actviz_core import ActvizError, Channel, Gallery, Layer, ModelHandle, Recipe, list_layers
from dashboard.actions import arrival, neighbours, steering
from dashboard.components import gallery
from dashboard.state import links, messages, services, session
from dashboard.state.page_state import SIZES, GalleryChoice, about
from dashboard.views import explore
from dashboard.words import target

ITERATIONS = (16, 32, 64, 128, 192, 512)


def page() -> None:
    arrival.arrive("gallery")
    model = explore.usable_model()
    explore.say_complaint()
    recipe = session.recipe()
    layers = [layer for layer in list_layers(model) if layer.channels > 1]
    choice = current(recipe, model, layers)
    session.choose_gallery(choice)
    with st.sidebar:
        widgets(choice, recipe, layers)
    try:
        filling = services.filling(wanted(choice, recipe, model), model)
    except ActvizError as problem:
        st.error(messages.plain(str(problem)), icon=":material/error:")
        return
    title = ", ".join(filter(None, (recipe.spec.model, target.weights_words(recipe.spec.weights), choice.layer)))
    gallery.show(
        session.visitor().token,
        filling,
        key="gallery",
        title=title,
        chosen=choice.channel,
        on_event=messages.guarded(partial(obey, model, choice)),
    )
    session.share({links.PARAMETER: links.write(recipe), **links.write_gallery(session.gallery_choice())})


def current(recipe: Recipe, model: ModelHandle, layers: list[Layer]) -> GalleryChoice:
    """What was chosen here before, if it still fits; else the layer that the recipe is about, or one in the middle."""
    channels, known = {layer.name: layer.channels for layer in layers}, session.gallery_choice()
    if known is not None and known.about == about(recipe) and known.layer in channels:
        return known if (known.channel or 0) < channels[known.layer] else replace(known, channel=None)
    named = about(recipe)[-1]
    fresh = GalleryChoice(about(recipe), named if named in channels else neighbours.default_layer(model).name)
    return replace(fresh, size=known.size, iterations=known.iterations) if known else fresh


def wanted(choice: GalleryChoice, recipe: Recipe, model: ModelHandle) -> Gallery:
    small = replace(recipe.spec, height=choice.size, width=choice.size, iterations=choice.iterations)
    return Gallery.of(model, choice.layer, replace(recipe, spec=small))


def widgets(choice: GalleryChoice, recipe: Recipe, layers: list[Layer]) -> None:
    channels = {layer.name: layer.channels for layer in layers}
    widget = chooser(choice)
    widget(
        st.selectbox,
        "Layer",
        "layer",
        list(channels),
        format_func=lambda name: f"{name} ({channels[name]} channels)",
        help="Type to search",
    )
    widget(st.radio, "Picture size", "size", SIZES, horizontal=True, format_func=lambda size: f"{size} px")
    widget(
        st.select_slider,
        "Iterations",
        "iterations",
        sorted({*ITERATIONS, choice.iterations}),
        help="More iterations give clearer pictures and take longer",
    )
    st.caption(
        f"Model: {messages.plain(recipe.spec.model)}, on {services.device()}. "
        "Model, preset, transforms and regularization are those of Explore."
    )


def chooser(choice: GalleryChoice) -> Callable:
    """widget(kind, label, field, options): shows a field of the choice; a change becomes another choice."""

    def widget(kind: Callable, label: str, field: str, options, **more) -> None:
        key = f"gallery.{field}"
        st.session_state[key] = getattr(choice, field)
        kind(label, options, key=key, on_change=messages.guarded(chosen), args=(field, key), **more)

    return widget


def chosen(field: str, key: str) -> None:
    """The choice as it is by now, with one field changed; channels are those of a layer."""
    session.choose_gallery(
        replace(
            session.gallery_choice(),
            **({"channel": None} if field == "layer" else {}),
            **{field: st.session_state[key]},
        )
    )


def obey(model: ModelHandle, drawn: GalleryChoice, event: gallery.GalleryEvent) -> None:
    """What was asked for on the sheet that was drawn: a channel in Explore or in the comparison.

    To open the sheet anew the page need only be drawn again.
    """
    recipe, choice = session.recipe(), session.gallery_choice() or drawn  # a tab that returns may not know it yet
    spec = replace(
        recipe.spec, objective=Channel(choice.layer, event.channel), count=1, height=model.height, width=model.width
    )
    match event.kind:
        case "chosen":
            session.choose_gallery(replace(choice, channel=event.channel))
        case "add":
            explore.compare(Recipe(spec, recipe.final))
        case "open":
            session.choose_gallery(
                replace(choice, about=(spec.model, spec.weights, choice.layer), channel=event.channel)
            )
            steering.open_tile(Recipe(spec, recipe.final), model)
            arrival.leave_for_explore("gallery")
