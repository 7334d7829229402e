"""What the Layers page shows, and what is asked for on its sheet."""

from contextlib import suppress
from dataclasses import replace

from actviz_core import ActvizError, Channel, Layer, ModelHandle, find_layer, list_layers, photographs, samples
from dashboard.actions import arrival, explain, image, neighbours, steering
from dashboard.components.layers import LayersEvent
from dashboard.state import session
from dashboard.state.explaining import Seen
from dashboard.state.page_state import LayersChoice, about


def layers_of(model: ModelHandle) -> list[Layer]:
    """Those that the page goes through: the chart's, and the target's own."""
    target = about(session.recipe())[-1]
    return [layer for layer in list_layers(model) if layer.block or layer.name == target]


def current(model: ModelHandle, layers: list[Layer]) -> LayersChoice:
    """What was chosen here before, if it still fits; else the layer that the recipe is about, or one in the middle."""
    channels, known = {layer.name: layer.channels for layer in layers}, session.layers_choice()
    if known is not None and known.about == model.network:
        if known.layer not in channels:  # a link may name any, and one that is nowhere is said to be so
            channels[known.layer] = find_layer(model, known.layer).channels
        if known.channel is None or known.channel < channels[known.layer]:
            return known
        raise ActvizError(
            f"{known.layer} has {channels[known.layer]} channels, 0 to {channels[known.layer] - 1}; "
            f"{known.channel} is none of them."
        )
    named = about(session.recipe())[-1]
    return LayersChoice(model.network, named if named in channels else neighbours.default_layer(model).name)


def seen(model: ModelHandle) -> Seen | None:
    """What the network sees of the visitor's image; who has none begins with a sample, where there are samples."""
    image.bring_sample()
    if session.image() is None and not session.explanation().image:
        with suppress(ActvizError):
            image.take_sample(samples.SAMPLES[0].name)
    picture = session.image()
    return explain.seen(picture, explain.view_of(picture, model)) if picture is not None else None


def obey(model: ModelHandle, drawn: LayersChoice, event: LayersEvent) -> None:
    """What was asked for on the sheet; to open it anew the page need only be drawn again."""
    choice = session.layers_choice() or drawn  # a tab that returns may not know it yet
    take_offered()
    match event.kind:
        case "layer":
            session.choose_layers(replace(choice, layer=event.layer, channel=None))
        case "channel":
            session.choose_layers(replace(choice, layer=event.layer, channel=event.channel))
        case "open":
            open_in_explore(model, Channel(event.layer, event.channel or 0), event.start)
        case "explain":
            steering.set_target(Channel(event.layer, event.channel or 0))
            explain.explain_target(True)
            arrival.leave("layers", "explain")


def take_offered() -> None:
    """A frame of the camera that has come meanwhile is the image from now on."""
    visitor = session.visitor()
    picture, visitor.offered = visitor.offered, None
    if picture is not None:
        image.keep_frame(picture)


def open_in_explore(model: ModelHandle, channel: Channel, start: str) -> None:
    """From noise, as large as Explore's pictures are; or from the image as the network sees it."""
    if start == "image":
        found = seen(model)
        if found is None:
            raise ActvizError("there is no image to start from: give one first.")
        steering.edit_spec(
            objective=channel,
            count=1,
            height=found.view.size[0],
            width=found.view.size[1],
            start="photograph",
            photograph=photographs.to_base64(found.pixels),
        )
    else:
        before = session.recipe().spec.start
        steering.edit_spec(objective=channel, start="noise" if before == "photograph" else before)
    arrival.leave("layers")
