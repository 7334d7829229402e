"""actviz: the Good default, as a page makes it; rates with nothing but `Spec` and `Hyperparams` given."""

import time
from collections.abc import Iterator
from dataclasses import replace

from actviz_core import Channel, ClassLogit, Frame, Model, Recipe, Spec, load_model, preset, replay

WARM = 20  # beyond the iterations with redirected ReLUs
REPEAT = 2  # times the iterations of a slow tool


def spec_of(network: str, layer: str, channel: int, **settings: object) -> Spec:
    objective = ClassLogit(channel) if layer == "classifier" else Channel(layer, channel)
    return Spec(network, objective, weights="" if network == "efficientnet_lite0" else "untrained", **settings)


def load(spec: Spec, device: str = "cpu") -> Model:
    return load_model(spec.model, device=device, weights=spec.weights)


def good(model: Model, spec: Spec) -> Recipe:
    """The Good default for the spec's target, in so many iterations."""
    made = preset("good").applied(Recipe(spec), model)
    return replace(made, spec=replace(made.spec, iterations=spec.iterations))


def timed(model: Model, recipe: Recipe) -> Iterator[tuple[float, Frame]]:
    """Seconds of computing up to each frame, from the call on; what is done with the frames between is not counted."""
    seconds, frames = 0.0, replay(model, recipe)
    while True:
        began = time.perf_counter()
        frame = next(frames, None)
        seconds += time.perf_counter() - began
        if frame is None:
            return
        yield seconds, frame


def times_of(model: Model, spec: Spec) -> list[float]:
    return [seconds for seconds, _ in timed(model, Recipe(spec))]
