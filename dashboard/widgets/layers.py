"""The sheet of a layer's feature maps, of the visitor's image or of the camera."""

from functools import partial

from actviz_core import Layer, ModelHandle
from dashboard.actions import explain
from dashboard.actions import layers as actions
from dashboard.components import layers
from dashboard.server import assets
from dashboard.state import session
from dashboard.state.explaining import Seen
from dashboard.state.messages import guarded
from dashboard.state.page_state import LayersChoice
from dashboard.widgets.panels import COLOURS


def show(model: ModelHandle, choice: LayersChoice, known: list[Layer], seen: Seen | None) -> None:
    layers.show(shown(model, choice, known, seen), on_event=guarded(partial(actions.obey, model, choice)))


def shown(model: ModelHandle, choice: LayersChoice, known: list[Layer], seen: Seen | None) -> layers.Shown:
    entries = [layers.LayerEntry(layer.name, layer.name, layer.channels) for layer in known]
    return layers.Shown(
        door=f"{assets.base()}/layers/{session.visitor().token}",
        version=seen.view.version if seen is not None else "",
        network=model.name,
        size=explain.size_of(model),
        layers=tuple(entries),
        layer=choice.layer,
        channel=choice.channel,
        colours=COLOURS,
    )
