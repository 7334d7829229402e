"""The chart of layers of what Explore is set to."""

from actviz_core import ModelHandle, Recipe, list_layers
from dashboard.actions import neighbours, steering
from dashboard.components import architecture
from dashboard.state import session
from dashboard.state.messages import guarded


def show(recipe: Recipe, model: ModelHandle) -> None:
    spec = recipe.spec
    size = (spec.height, spec.width)
    architecture.show(
        model.network,
        list_layers(model, *size),
        [name for each in spec.objectives for name in each.layers],
        neighbours.neighbours(spec.objectives[0], model, size),
        size,
        session.visitor().token,
        on_event=guarded(steering.walk),
    )
