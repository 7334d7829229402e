"""Another network, or other weights: what a choice beside Model does."""

from typing import Any

from actviz_core import ActvizError, DownloadFailed, Spec
from dashboard.actions import neighbours, steering
from dashboard.state import keys, messages, services, session


def want(name: str, weights: str) -> None:
    """The next drawing of the page loads this model; a callback could not show how far it is."""
    keys.WANTED_MODEL.set((name, weights))


def model_chosen() -> None:
    """An untrained network stays one: it needs no download."""
    untrained = session.recipe().spec.weights == "untrained"
    want(keys.MODEL.get(), "untrained" if untrained else "")


def untrained_switched(model: str) -> None:
    want(model, "untrained" if keys.UNTRAINED.get() else "")


def weights_given(file: Any) -> None:
    want(session.recipe().spec.model, services.keep_weights(file.name, file.getvalue()))


def take_wanted_model() -> None:
    wanted = keys.WANTED_MODEL.pop()
    if wanted is not None:
        messages.guarded(set_model)(*wanted)


def set_model(name: str, weights: str) -> None:
    """Another network: its own size, and the same target if it has it."""
    try:
        model = services.loaded(name, weights)
    except DownloadFailed as problem:
        if weights:
            raise
        raise ActvizError(
            f"{problem} Untrained, {name} needs no download: switch on Untrained beside Model, then choose it again."
        ) from None
    recipe = session.recipe()
    natural = (recipe.spec.height, recipe.spec.width) == natural_size(recipe.spec)
    size = (model.height, model.width) if natural or model.fixed_size else (recipe.spec.height, recipe.spec.width)
    objectives = tuple(neighbours.fitted(objective, model, size) for objective in recipe.spec.objectives)
    objective = objectives if isinstance(recipe.spec.objective, tuple) else objectives[0]
    steering.edit_spec(model=name, weights=weights, objective=objective, height=size[0], width=size[1])


def natural_size(spec: Spec) -> tuple[int, int]:
    model = services.model(spec.model, spec.weights)
    return model.height, model.width
