"""The loop: gradient ascent on images, as a generator of frames.

    for frame in optimize(model, spec, hyperparams): ...      # generator.send(hyperparams) steers, close() cancels

Underneath are its steps, which ask for every pass through the network (passes.py), so that several runs can share one.
Between two iterations nothing is alive but the State of the run, and no hook is open, so many runs can take turns on
one network and each gives the frames it would give alone.
"""

import math
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..errors import Diverged
from ..frames import Frame, Snapshot
from ..machine import constant, sent, within_memory
from ..models.model import Model
from ..objectives import Objective, gathered
from ..sums import root_mean_square
from .passes import Fetch, Hidden, Look, Seen, Steps, alone, passed
from .recipe import Hyperparams, Recipe, Spec
from .regularizers import REGULARIZERS, Operator, Penalty
from .state import State, grow, progress, restored, seed_of, snapshot_of, started, taken
from .transforms import Drawn, Moment, drawn

DEFAULTS = Hyperparams()
SNAPSHOTS = 100  # taken in a run; the history keeps as many as fit


def optimize(
    model: Model, spec: Spec, hyperparams: Hyperparams = DEFAULTS, snapshot: Snapshot | None = None, every: int = 1
) -> Generator[Frame, Hyperparams | None, None]:
    """A frame of each iteration; what is sent back, if anything, holds from the next iteration on.

    `snapshot` goes on after its iteration; `every` gives each so manieth frame and the last, and between them nothing
    waits for the device. Raises ActvizError for a spec that does not fit the model, at the first frame, and for numbers
    that stop being numbers, memory that runs out and layers that are not reached.
    """
    return alone(ascent(model, spec, hyperparams, snapshot, every))


def replay(
    model: Model, recipe: Recipe, snapshot: Snapshot | None = None
) -> Generator[Frame, Hyperparams | None, None]:
    """The frames of a recipe with its logged changes, until somebody sends other hyperparams."""
    return alone(steps(model, recipe, snapshot))


def steps(model: Model, recipe: Recipe, snapshot: Snapshot | None = None) -> Steps:
    """What `replay` does, for those who answer the passes themselves (`together`)."""
    wish, answer = None, None
    inner = ascent(model, recipe.spec, recipe.hyperparams_at(snapshot.iteration + 1 if snapshot else 1), snapshot)
    try:
        while True:
            asked = inner.send(answer)
            try:
                answer = yield asked
            except Exception as problem:
                inner.throw(problem)
                raise
            if isinstance(asked, Frame):
                wish = answer or wish
                answer = wish or recipe.hyperparams_at(asked.iteration + 1)
    except StopIteration:
        return
    finally:
        inner.close()


def ascent(
    model: Model, spec: Spec, hyperparams: Hyperparams, snapshot: Snapshot | None = None, every: int = 1
) -> Steps:
    """The steps of all iterations."""
    with enough_memory(model, spec):
        objectives = tuple(objective.checked(model, spec.height, spec.width) for objective in spec.objectives)
        state = started(model, spec) if snapshot is None else restored(model, spec, snapshot)
    began = time.perf_counter()
    for iteration in range(snapshot.iteration + 1 if snapshot else 1, spec.iterations + 1):
        with enough_memory(model, spec):
            outcome = yield from ascend(model, spec, objectives, hyperparams, state, iteration)
            shown = iteration % every == 0 or iteration == spec.iterations
            frame = (
                (yield from seen(spec, hyperparams, state, outcome, iteration, began)) if shown else Hidden(iteration)
            )
        hyperparams = (yield frame) or hyperparams
        if shown:
            began = time.perf_counter()


@dataclass
class Outcome:
    """What one iteration found before its step, still on the device.

    Scores [n], penalties [n] by name, gradient [n, 3, h, w].
    """

    score: Tensor
    penalties: dict[str, Tensor]
    gradient: Tensor


def ascend(model, spec, objectives, hyperparams, state: State, iteration: int) -> Generator[Look, Seen, Outcome]:
    """One iteration: look, score, step, then what regularizers do to the picture itself."""
    grow(spec, state, iteration)
    full = (spec.height, spec.width)
    if state.size != full:
        objectives = tuple(objective.resized(model, full, state.size) for objective in objectives)
    plan = Plan(model, spec, objectives, hyperparams, state, iteration)
    captured = state.repetition.of(plan.key, plan.capture) if plan.capturable else None
    if captured:
        outcome = captured(plan.inputs())
    else:
        images = state.picture(spec, iteration)
        asked = plan.look(plan.views(images))
        outcome = plan.climb(images, asked, (yield asked), plan.rate)
    state.images = None  # they are no longer those of the parameters
    operate(hyperparams, spec.parametrization, state, outcome.gradient, grey_of(model), iteration)
    return outcome


@dataclass(frozen=True, eq=False)
class Plan:
    """What one iteration does.

    Its parts, for those who ask for its pass through the network and for a graph of them all.
    """

    model: Model
    spec: Spec
    objectives: tuple[Objective, ...]
    hyperparams: Hyperparams
    state: State
    iteration: int

    @cached_property
    def moment(self) -> Moment:
        return Moment(progress(self.spec, self.iteration), self.state.size[0] / self.spec.height)

    @cached_property
    def rate(self) -> float:
        return self.spec.optimizer.rate(self.hyperparams.learning_rate, self.moment.progress)

    @cached_property
    def drawn(self) -> Drawn:
        transforms, seed = self.hyperparams.transforms, seed_of(self.spec, self.iteration)
        return drawn(transforms, self.spec.count, *self.state.size, seed, self.moment, self.model.device)

    @property
    def redirected(self) -> bool:
        return self.iteration <= self.spec.redirected

    def views(self, images: Tensor, thetas: Sequence[Tensor] = ()) -> Tensor:
        return self.drawn.views(images, grey_of(self.model), self.moment, thetas)

    def look(self, views: Tensor) -> Look:
        """What the network is to see in this iteration."""
        layers = tuple(dict.fromkeys(layer for objective in self.objectives for layer in objective.layers))
        reduced = self.spec.precision == "autocast" or (self.spec.precision == "auto" and self.model.faster_in_16_bits)
        return Look(self.model, views, layers, partial(scored, self.spec, self.objectives), self.redirected, reduced)

    def climb(self, images: Tensor, asked: Look, found: Seen, rate: float | Tensor) -> Outcome:
        """The step, up the gradient of what was seen and down that of the penalties."""
        penalties = {
            name: regularizer.weight * regularizer.penalty(images)
            for name, regularizer in self.hyperparams.addresses().items()
            if isinstance(regularizer, Penalty) and regularizer.active
        }
        gradients = [found.gradient, *(-torch.ones_like(penalty) for penalty in penalties.values())]
        wanted = [images, self.state.parameters]
        gradient, moving = torch.autograd.grad([asked.views, *penalties.values()], wanted, gradients)
        self.state.parameters.grad = moving.contiguous()
        step(self.spec, rate, self.state)
        return Outcome(found.score, penalties, gradient)

    # as a graph

    @property
    def capturable(self) -> bool:
        return self.spec.optimizer.capturable and not self.redirected and not self.drawn.random

    @property
    def key(self) -> tuple:
        """Iterations that agree in it differ in their inputs only."""
        return self.state.size, replace(self.hyperparams, learning_rate=0.0)

    def inputs(self) -> list[Tensor]:
        changing = self.spec.parametrization.changing(*self.state.size, self.moment.progress, self.model.device)
        return [sent(torch.tensor(self.rate), self.model.device), *changing, *self.drawn.thetas]

    def capture(self) -> tuple[Callable[..., Outcome], list[Tensor]]:
        inputs = self.inputs()
        views = len(inputs) - len(self.drawn.thetas)
        self.state.images = None  # they hold on to what was computed outside of the graph

        def compute(rate: Tensor, *tensors: Tensor) -> Outcome:
            images = self.state.render(self.spec, *tensors[: views - 1])
            asked = self.look(self.views(images, tensors[views - 1 :]))
            (found,) = passed([asked])
            return self.climb(images, asked, found, rate)

        return compute, inputs


def seen(
    spec, hyperparams, state: State, outcome: Outcome, iteration: int, began: float
) -> Generator[Fetch, list[np.ndarray], Frame]:
    """The frame of an iteration; all of it comes from the device at once."""
    kept = taken(state) if iteration % math.ceil(spec.iterations / SNAPSHOTS) == 0 else {}
    numbers, pixels, *arrays = yield Fetch(
        (numbers_of(outcome), rendered(spec, state.picture(spec, iteration + 1)), *kept.values())
    )
    numbers, count = numbers.tolist(), len(outcome.score)
    pixels.flags.writeable = False
    diverged = tuple(
        index for index in range(count) if not (math.isfinite(numbers[index]) and math.isfinite(numbers[count + index]))
    )
    if diverged:
        raise Diverged(iteration, diverged)
    return Frame(
        iteration=iteration,
        images=pixels,
        score=tuple(numbers[:count]),
        penalties=dict(zip(outcome.penalties, numbers[2 * count :], strict=True)),
        gradient=tuple(numbers[count : 2 * count]),
        learning_rate=spec.optimizer.rate(hyperparams.learning_rate, progress(spec, iteration)),
        seconds=time.perf_counter() - began,
        snapshot=snapshot_of(iteration, dict(zip(kept, arrays, strict=True))) if kept else None,
    )


def scored(spec, objectives, read: dict[str, Tensor]) -> Tensor:
    """[n]: each image's objective on its views of this iteration, mean over the views."""
    views = len(next(iter(read.values()))) // spec.count
    if views == 1:
        return scored_once(objectives, read)
    parts = {name: values.unflatten(0, (views, spec.count)) for name, values in read.items()}
    return torch.stack(
        [scored_once(objectives, {name: values[view] for name, values in parts.items()}) for view in range(views)]
    ).mean(0)


def scored_once(objectives, read: dict[str, Tensor]) -> Tensor:
    """[n]: each image's objective on one view of each."""
    if len(objectives) == 1:
        return objectives[0](read)
    if found := gathered(objectives):  # else each image would send back a gradient of all images' size
        layer, channels, objective = found
        values = read[layer]
        which = (constant(numbers, torch.int64, values.device) for numbers in (tuple(range(len(values))), channels))
        return objective({layer: values[*which].unsqueeze(1)})
    return torch.stack([objective(read)[index] for index, objective in enumerate(objectives)])


def step(spec: Spec, learning_rate: float | Tensor, state: State) -> None:
    for group in state.optimizer.param_groups:
        group["lr"] = learning_rate
    spec.optimizer.prepare(state.parameters.grad, learning_rate)
    state.optimizer.step()
    with torch.no_grad():
        spec.parametrization.settle(state.parameters)


@torch.no_grad()
def operate(hyperparams, parametrization, state, gradient, grey, iteration) -> None:
    due = [r for r in hyperparams.regularizers if isinstance(r, Operator) and r.active and r.due(iteration)]
    if not due:
        return
    images = parametrization.images(state.parameters, *state.size)
    for operator in sorted(due, key=lambda operator: REGULARIZERS.index(type(operator))):  # in Yosinski's order
        images = operator.operate(images, gradient, grey)
    state.parameters.copy_(parametrization.parameters(images.clamp(0, 1)))


# what a frame shows


@torch.no_grad()
def numbers_of(outcome: Outcome) -> Tensor:
    """Of each picture its score, then of each the size of its gradient, then the penalties."""
    gradient = root_mean_square(outcome.gradient)
    return torch.cat([outcome.score, gradient, *(penalty.mean()[None] for penalty in outcome.penalties.values())])


@torch.no_grad()
def rendered(spec: Spec, images: Tensor) -> Tensor:
    """The pictures at full size, uint8 [n, height, width, 3]."""
    if images.shape[2:] != (spec.height, spec.width):
        images = F.interpolate(images, (spec.height, spec.width), mode="bilinear", align_corners=False)
    return (
        images.mul(255).round_().clamp_(0, 255).to(torch.uint8, memory_format=torch.channels_last).permute(0, 2, 3, 1)
    )


def grey_of(model: Model) -> Tensor:
    """The colour [3, 1, 1] that the network reads as zero."""
    return constant((model.mean * 3)[:3], torch.float32, model.device)[:, None, None]


def enough_memory(model: Model, spec: Spec):
    what = f"{spec.count} pictures of {spec.height} x {spec.width}"
    return within_memory(model.device, what, "Lower the number of pictures, their size, or the number of crops.")
