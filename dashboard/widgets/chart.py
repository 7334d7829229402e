"""The chart of layers of what Explore is set to."""

from functools import partial

from actviz_core import ModelHandle, Recipe, list_layers
from dashboard.actions import neighbours, steering
from dashboard.components import architecture
from dashboard.state.messages import guarded


def show(recipe: Recipe, model: ModelHandle) -> None:
    spec = recipe.spec
    size = (spec.height, spec.width)
    layers = [layer for layer in list_layers(model, *size) if layer.block]
    architecture.show(
        layers,
        [name for each in spec.objectives for name in each.layers],
        neighbours.neighbours(spec.objectives[0], model, size),
        on_event=guarded(partial(steering.walk, [layer.name for layer in layers])),
    )
