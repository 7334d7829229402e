"""What the Gallery shows, and what is asked for on its sheet."""

from dataclasses import replace
from typing import Any

from actviz_core import Channel, Gallery, Layer, ModelHandle, Recipe, followed
from dashboard.actions import arrival, columns, neighbours, opened
from dashboard.components.gallery import GalleryEvent
from dashboard.state import session
from dashboard.state.keys import Key
from dashboard.state.page_state import GalleryChoice, about
from dashboard.words.presets import presets


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


def choose(drawn: GalleryChoice, field: str, key: Key[Any]) -> None:
    """The choice as it is by now, with one field changed; channels are those of a layer."""
    now = session.gallery_choice() or drawn
    now = replace(now, channel=None) if field == "layer" else now
    session.choose_gallery(replace(now, **{field: key.get()}))


def obey(model: ModelHandle, drawn: GalleryChoice, event: GalleryEvent) -> None:
    """What was asked for on the sheet that was drawn: a channel in Explore or in the comparison.

    To open the sheet anew the page need only be drawn again.
    """
    recipe, choice = session.recipe(), session.gallery_choice() or drawn  # a tab that returns may not know it yet
    spec = replace(
        recipe.spec, objective=Channel(choice.layer, event.channel), count=1, height=model.height, width=model.width
    )
    alone = followed(recipe, spec, model, presets())
    match event.kind:
        case "chosen":
            session.choose_gallery(replace(choice, channel=event.channel))
        case "add":
            columns.add_and_tell(alone)
        case "open":
            here = (spec.model, spec.weights, choice.layer)
            session.choose_gallery(replace(choice, about=here, channel=event.channel))
            opened.open_tile(alone, model)
            arrival.leave("gallery")
