"""The loop: gradient ascent on images, as a generator of frames.

    for frame in optimize(model, spec, hyperparams): ...      # generator.send(hyperparams) steers, close() cancels

An Ascent is one run between two frames: views forward through the network, their loss, its gradient back to the
parameters, a step. Between two iterations no hook is open and nothing is alive but the run's state, so many runs can
take turns on one network, or share a pass through it (in_step.py), and each gives the frames it would give alone.
"""

import math
import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ..errors import Diverged
from ..frames import Frame, Snapshot
from ..machine import WithinMemory, constant, fetched, sent
from ..memory import KEEPER
from ..models.model import Model
from ..objectives import Objective, scores_of
from .captured import Compute, Repetition
from .hyperparams import Hyperparams
from .outcome import Outcome, pixels_of, uphill_of
from .passes import ForwardPass, gradients_of
from .recipe import Recipe
from .regularizers import REGULARIZERS, Operator, Penalty
from .spec import Spec
from .state import Place, State, progress, restored, seed_of, size_at, snapshot_of, started, taken
from .views import Drawn, Moment, drawn

DEFAULTS = Hyperparams()
SNAPSHOTS = 100  # taken in a run; the history keeps as many as fit

Frames = Generator[Frame, Hyperparams | None, None]


def optimize(
    model: Model, spec: Spec, hyperparams: Hyperparams = DEFAULTS, snapshot: Snapshot | None = None, every: int = 1
) -> Frames:
    """A frame of each iteration; what is sent back, if anything, holds from the next iteration on.

    `snapshot` goes on after its iteration; `every` gives each so manieth frame and the last, and between them nothing
    waits for the device. Raises ActvizError for a spec that does not fit the model, at the first frame, and for numbers
    that stop being numbers, memory that runs out and layers that are not reached. While runs go on, glibc keeps freed
    memory (memory.py); ACTVIZ_KEEP_MEMORY=0 in the environment leaves it as it is.
    """
    return replay(model, Recipe(spec, hyperparams), snapshot, every)


def replay(model: Model, recipe: Recipe, snapshot: Snapshot | None = None, every: int = 1) -> Frames:
    """The frames of a recipe with its logged changes, until somebody sends other hyperparams."""
    with closing(Ascent(model, recipe, snapshot, every)) as ascent:
        wish = None
        while not ascent.finished:
            if frame := iterate(ascent, wish):
                wish = yield frame


def iterate(ascent: "Ascent", wish: Hyperparams | None = None) -> Frame | None:
    """One iteration of a run by itself; None where its frame is not to be shown."""
    with ascent.enough_memory():
        ascent.begin(wish)
        if not ascent.repeated():
            loss = ascent.loss(ascent.forward_pass().activations())
            ascent.update(*gradients_of([loss], ascent.variables))
        return ascent.frame() if ascent.shown else None


class Ascent:
    """One run between two frames: `begin`, then `forward_pass`, `loss`, `update` or all three `repeated`, then `frame`.

    iteration  the one that was begun last; 0 before the first
    variables  what the loss is differentiated by: the images and the parameters that they are made of
    """

    # from the first iteration on
    state: State
    objectives: tuple[Objective, ...]
    repetition: Repetition
    # of the iteration that was begun
    hyperparams: Hyperparams
    moment: Moment
    rate: float
    drawn: Drawn
    outcome: Outcome
    kept: dict[Place, Tensor]
    # until a gradient has used them up
    asked: ForwardPass
    variables: tuple[Tensor, Tensor]
    score: Tensor
    penalties: dict[str, Tensor]

    def __init__(
        self, model: Model, recipe: Recipe, snapshot: Snapshot | None = None, every: int = 1, uphill: bool = False
    ) -> None:
        self.model, self.recipe, self.spec, self.snapshot, self.every = model, recipe, recipe.spec, snapshot, every
        self.uphill = uphill  # whether frames show the gradient too
        self.iteration = snapshot.iteration if snapshot else 0
        self.wish: Hyperparams | None = None
        self.ahead: Tensor | None = None  # the images of the next iteration, where a frame has shown them
        self.began = 0.0

    @property
    def finished(self) -> bool:
        return self.iteration >= self.spec.iterations

    @property
    def shown(self) -> bool:
        """Whether this iteration's frame is to be seen."""
        return self.iteration % self.every == 0 or self.finished

    def begin(self, wish: Hyperparams | None = None) -> None:
        """The next iteration: its size, settings and views. A wish holds from here on, in place of the recipe's log."""
        if "state" not in vars(self):
            self.start()
        self.began = self.began or time.perf_counter()
        self.iteration += 1
        self.wish = wish or self.wish
        self.hyperparams = self.wish or self.recipe.hyperparams_at(self.iteration)
        self.grow(size_at(self.spec, self.iteration))
        self.moment = Moment(progress(self.spec, self.iteration), self.state.size[0] / self.spec.canvas[0])
        self.rate = self.spec.optimizer.rate(self.hyperparams.learning_rate, self.moment.progress)
        self.drawn = self.draw()

    def start(self) -> None:
        model, spec = self.model, self.spec
        self.objectives = tuple(objective.checked(model, spec.height, spec.width) for objective in spec.objectives)
        self.state = restored(model, spec, self.snapshot) if self.snapshot else started(model, spec)
        self.repetition, self.snapshot = Repetition(model.device), None
        KEEPER.begin()

    def grow(self, size: tuple[int, int]) -> None:
        if size != self.state.size:
            self.state.grow(self.spec, size)
            self.repetition, self.ahead = Repetition(self.model.device), None

    def draw(self) -> Drawn:
        spec, seed = self.spec, seed_of(self.spec, self.iteration)
        place = self.moment, self.model.device, spec.tile > 0
        return drawn(self.hyperparams.transforms, spec.draws, *self.state.size, seed, *place)

    def forward_pass(self) -> ForwardPass:
        """What the network is to see in this iteration; made once, and anew after `forget`."""
        if "asked" not in vars(self):
            images = self.images_at(self.moment.progress) if self.ahead is None else self.ahead
            self.asked = self.look(images, self.drawn.thetas)
        return self.asked

    def look(self, images: Tensor, thetas: Sequence[Tensor]) -> ForwardPass:
        self.variables, self.ahead = (images, self.state.parameters), None
        views = self.drawn.views(images, self.grey, self.moment, thetas)
        layers = tuple(dict.fromkeys(layer for objective in self.objectives for layer in objective.layers))
        reduced = self.spec.precision == "autocast" or (self.spec.precision == "auto" and self.model.faster_in_16_bits)
        return ForwardPass(self.model, views, layers, self.redirected, reduced)

    def forget(self) -> None:
        """The forward pass was used up, by a loss whose gradient was asked for; the next one is made anew."""
        for name in ("asked", "variables", "score", "penalties"):
            vars(self).pop(name, None)

    def loss(self, activations: dict[str, Tensor]) -> Tensor:
        """[n]: each image's penalties minus its score."""
        spec, size, images = self.spec, self.state.size, self.variables[0]
        full, objectives = (spec.height, spec.width), self.objectives
        if size != full:
            objectives = tuple(objective.resized(self.model, full, size) for objective in objectives)
        self.score = scores_of(objectives, activations, spec.count)
        self.penalties = {
            name: regularizer.weight * regularizer.penalty(images)
            for name, regularizer in self.hyperparams.addresses().items()
            if isinstance(regularizer, Penalty) and regularizer.active
        }
        return sum(self.penalties.values()) - self.score

    def update(self, gradient: Tensor, moving: Tensor) -> None:
        """A step down the gradients of the images and of the parameters; then what regularizers do to the picture."""
        self.outcome = self.step(gradient, moving, self.rate)
        self.forget()
        self.operate()

    def step(self, gradient: Tensor, moving: Tensor, rate: float | Tensor) -> Outcome:
        state, optimizer = self.state, self.spec.optimizer
        moving = moving.contiguous()
        for group in state.optimizer.param_groups:
            group["lr"] = rate
        optimizer.prepare(moving, rate)
        state.step(moving)
        with torch.no_grad():
            self.spec.parametrization.settle(state.parameters)
        penalties = {name: penalty.detach() for name, penalty in self.penalties.items()}
        return Outcome(self.score.detach(), penalties, gradient)

    @torch.no_grad()
    def operate(self) -> None:
        """Regularizers that change the picture itself, in Yosinski's order."""
        regularizers, parametrization, state = self.hyperparams.regularizers, self.spec.parametrization, self.state
        due = [r for r in regularizers if isinstance(r, Operator) and r.active and r.due(self.iteration)]
        if not due:
            return
        images = parametrization.images(state.parameters, *state.size)
        for operator in sorted(due, key=lambda operator: REGULARIZERS.index(type(operator))):
            images = operator.operate(images, self.outcome.gradient, self.grey)
        state.parameters.copy_(parametrization.parameters(images.clamp(0, 1)))

    # what a frame shows

    def visible(self) -> list[Tensor]:
        """All that a frame needs from the device."""
        due = self.iteration % math.ceil(self.spec.iterations / SNAPSHOTS) == 0
        self.kept = taken(self.state) if due else {}
        self.ahead = self.images_at(progress(self.spec, self.iteration + 1))
        uphill = [uphill_of(self.outcome.gradient, self.spec)] if self.uphill else []
        return [self.outcome.numbers(), pixels_of(self.ahead, self.spec), *uphill, *self.kept.values()]

    def frame(self, arrays: Sequence[np.ndarray] | None = None) -> Frame:
        """The frame of this iteration, of what was `visible`; fetched where it is not given. Raises Diverged."""
        numbers, pixels, *state = fetched(self.visible()) if arrays is None else arrays
        uphill = state.pop(0) if self.uphill else None
        numbers, count = numbers.tolist(), self.spec.count
        pixels.flags.writeable = False
        if diverged := tuple(i for i in range(count) if not math.isfinite(numbers[i] + numbers[count + i])):
            raise Diverged(self.iteration, diverged)
        began, self.began = self.began, 0.0
        return Frame(
            iteration=self.iteration,
            images=pixels,
            score=tuple(numbers[:count]),
            penalties=dict(zip(self.outcome.penalties, numbers[2 * count :], strict=True)),
            gradient=tuple(numbers[count : 2 * count]),
            learning_rate=self.rate,
            seconds=time.perf_counter() - began,
            snapshot=snapshot_of(self.iteration, dict(zip(self.kept, state, strict=True))) if state else None,
            uphill=uphill,
        )

    def images_at(self, progress: float) -> Tensor:
        """The pictures [n, 3, h, w] as they are now, sharpened as far as that share of the run has it."""
        return self.state.images(self.spec, *self.changing(progress))

    def changing(self, progress: float) -> tuple[Tensor, ...]:
        return self.spec.parametrization.changing(*self.state.size, progress, self.model.device)

    # as a CUDA graph

    @property
    def redirected(self) -> bool:
        return self.iteration <= self.spec.redirected

    def repeated(self) -> bool:
        """Whether the iteration was carried out by a graph: it differs from those before in its inputs only."""
        if self.redirected or self.drawn.random or not self.spec.optimizer.capturable:
            return False
        key = self.state.size, replace(self.hyperparams, learning_rate=0.0)
        captured = self.repetition.of(key, self.capture)
        if captured is None:
            return False
        self.outcome = captured(self.inputs())
        self.ahead = None
        self.operate()
        return True

    def inputs(self) -> list[Tensor]:
        """What changes from one iteration to the next: the learning rate, the waves held back, the views."""
        rate = sent(torch.tensor(self.rate), self.model.device)
        return [rate, *self.changing(self.moment.progress), *self.drawn.thetas]

    def capture(self) -> tuple[Compute, list[Tensor]]:
        inputs = self.inputs()
        self.ahead = None  # it holds on to what was computed outside of the graph
        return partial(self.compute, len(inputs) - len(self.drawn.thetas)), inputs

    def compute(self, thetas: int, rate: Tensor, *inputs: Tensor) -> Outcome:
        """The iteration from its inputs, of which the matrices of the views begin at the place `thetas`."""
        images = self.state.images(self.spec, *inputs[: thetas - 1])
        loss = self.loss(self.look(images, inputs[thetas - 1 :]).activations())
        gradient, moving = gradients_of([loss], self.variables)
        outcome = self.step(gradient, moving, rate)
        self.forget()
        return outcome

    # the run as a whole

    @property
    def grey(self) -> Tensor:
        """The colour [3, 1, 1] that the network reads as zero."""
        return constant((self.model.mean * 3)[:3], torch.float32, self.model.device)[:, None, None]

    def enough_memory(self) -> AbstractContextManager[None]:
        what = f"{self.spec.count} pictures of {self.spec.height} x {self.spec.width}"
        remedy = "Lower the number of pictures, their size, or the number of crops."
        return WithinMemory(self.model.device, what, remedy)

    def close(self) -> None:
        """Nothing of the run stays on the device."""
        if "state" in vars(self):
            KEEPER.end()
        self.forget()
        self.ahead = None
        for name in ("state", "repetition", "outcome", "kept"):
            vars(self).pop(name, None)
