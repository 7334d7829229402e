"""The loop: gradient ascent on images, as a generator of frames.

    for frame in optimize(model, spec, hyperparams): ...      # generator.send(hyperparams) steers, close() cancels

Between two iterations nothing is alive but the State of the run, and no hook is open, so many runs can take turns on one
network and each gives the frames it would give alone.
"""

import math
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .errors import ActvizError
from .frames import Frame, Snapshot
from .layers import activations
from .models import Model
from .photographs import from_base64
from .recipe import Hyperparams, Recipe, Spec
from .redirected import redirected_relus
from .regularizers import REGULARIZERS, Operator, Penalty
from .transforms import Moment, views

SMALLEST = 32  # px, of the coarsest octave
SNAPSHOTS = 100  # taken in a run; the history keeps as many as fit


@dataclass
class State:
    """All that lives from one iteration to the next; `images` are those that the next one looks at."""

    parameters: Tensor
    optimizer: torch.optim.Optimizer
    size: tuple[int, int]
    images: Tensor


def optimize(
    model: Model, spec: Spec, hyperparams: Hyperparams = Hyperparams(), snapshot: Snapshot | None = None, every: int = 1
) -> Generator[Frame, Hyperparams | None, None]:
    """A frame of each iteration; what is sent back, if anything, holds from the next iteration on.

    `snapshot` goes on after its iteration; `every` gives each so manieth frame and the last, and between them nothing waits
    for the device. Raises ActvizError for a spec that does not fit the model, at the first frame, and for numbers that stop
    being numbers, memory that runs out and layers that are not reached.
    """
    with explained(model, spec):
        objectives = tuple(objective.checked(model, spec.height, spec.width) for objective in spec.objectives)
        state = started(model, spec) if snapshot is None else restored(model, spec, snapshot)
    began = time.perf_counter()
    for iteration in range(snapshot.iteration + 1 if snapshot else 1, spec.iterations + 1):
        with explained(model, spec):
            look = ascend(model, spec, objectives, hyperparams, state, iteration)
            if iteration % every and iteration < spec.iterations:
                continue
            frame = seen(spec, hyperparams, state, look, iteration, began)
        hyperparams = (yield frame) or hyperparams
        began = time.perf_counter()


def replay(model: Model, recipe: Recipe, snapshot: Snapshot | None = None) -> Generator[Frame, Hyperparams | None, None]:
    """The frames of a recipe with its logged changes, until somebody sends other hyperparams."""
    first = snapshot.iteration + 1 if snapshot else 1
    frames = optimize(model, recipe.spec, recipe.hyperparams_at(first), snapshot)
    wish = None
    try:
        frame = next(frames)
        while True:
            wish = (yield frame) or wish
            frame = frames.send(wish or recipe.hyperparams_at(frame.iteration + 1))
    except StopIteration:
        return
    finally:
        frames.close()


@dataclass
class Look:
    """What one iteration found before its step, still on the device: scores [n], penalties [n] by name, gradient [n, 3, h, w]."""

    score: Tensor
    penalties: dict[str, Tensor]
    gradient: Tensor


def ascend(model, spec, objectives, hyperparams, state: State, iteration: int) -> Look:
    """One iteration: look, score, step, then what regularizers do to the picture itself."""
    grow(spec, state, iteration)
    images = state.images
    images.retain_grad()
    score = score_of(model, spec, objectives, hyperparams, images, state, iteration)
    penalties = {
        name: regularizer.weight * regularizer.penalty(images)
        for name, regularizer in hyperparams.addresses().items()
        if isinstance(regularizer, Penalty) and regularizer.active
    }
    state.parameters.grad = None
    (score.sum() - sum(penalty.sum() for penalty in penalties.values())).backward()
    step(spec, spec.optimizer.rate(hyperparams.learning_rate, progress(spec, iteration)), state)
    operate(hyperparams, spec.parametrization, state, images.grad, grey_of(model), iteration)
    state.images = images_at(spec, state.parameters, state.size, iteration + 1)
    return Look(score.detach(), penalties, images.grad)


@torch.no_grad()
def seen(spec, hyperparams, state: State, look: Look, iteration: int, began: float) -> Frame:
    """The frame of an iteration; its numbers come from the device in one piece."""
    gradient = torch.linalg.vector_norm(look.gradient, dim=(1, 2, 3)) / math.sqrt(look.gradient[0].numel())
    means = [penalty.mean()[None] for penalty in look.penalties.values()]
    numbers = torch.cat([look.score, gradient, *means]).tolist()
    count = len(look.score)
    if not all(map(math.isfinite, numbers[: 2 * count])):
        raise ActvizError(f"The score stopped being a number at iteration {iteration}: the steps are too long. Lower the learning rate.")
    return Frame(
        iteration=iteration,
        images=rendered(spec, state.images),
        score=tuple(numbers[:count]),
        penalties=dict(zip(look.penalties, numbers[2 * count :])),
        gradient=tuple(numbers[count : 2 * count]),
        learning_rate=spec.optimizer.rate(hyperparams.learning_rate, progress(spec, iteration)),
        seconds=time.perf_counter() - began,
        snapshot=taken(state, iteration) if iteration % math.ceil(spec.iterations / SNAPSHOTS) == 0 else None,
    )


def score_of(model, spec, objectives, hyperparams, images, state, iteration) -> Tensor:
    """[n]: each image's objective on its views of this iteration, mean over the views."""
    full = (spec.height, spec.width)
    if state.size != full:
        objectives = tuple(objective.resized(model, full, state.size) for objective in objectives)
    moment = Moment(progress(spec, iteration), state.size[0] / spec.height)
    seen = views(images, hyperparams.transforms, randomness(model, spec, iteration), grey_of(model), moment)
    layers = tuple(dict.fromkeys(layer for objective in objectives for layer in objective.layers))
    reduced = spec.precision == "autocast" or (spec.precision == "auto" and model.faster_in_16_bits)
    autocast = torch.autocast(model.device.type, torch.bfloat16, enabled=reduced)
    with redirected_relus(iteration <= spec.redirected), autocast:
        read = activations(model, seen, layers)
    read = {name: values.float().unflatten(0, (-1, spec.count)) for name, values in read.items()}
    scores = []
    for view in range(len(seen) // spec.count):
        one = {name: values[view] for name, values in read.items()}
        if len(objectives) == 1:
            scores.append(objectives[0](one))
        else:
            scores.append(torch.stack([objective(one)[index] for index, objective in enumerate(objectives)]))
    return torch.stack(scores).mean(0)


def step(spec: Spec, learning_rate: float, state: State) -> None:
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


# sizes, from coarse to fine


def progress(spec: Spec, iteration: int) -> float:
    """From 0 in the first iteration to 1 in the last one and after it."""
    return min(1.0, (iteration - 1) / max(1, spec.iterations - 1))


def images_at(spec: Spec, parameters: Tensor, size: tuple[int, int], iteration: int) -> Tensor:
    """The images that an iteration looks at."""
    return spec.parametrization.images(parameters, *size, progress(spec, iteration))


def size_at(spec: Spec, iteration: int) -> tuple[int, int]:
    """Height and width that the picture has in an iteration."""
    octave = (max(1, iteration) - 1) * spec.octaves // spec.iterations
    shrink = spec.octave_factor ** (spec.octaves - 1 - octave)
    shrink = max(1.0, min(shrink, min(spec.height, spec.width) / SMALLEST))
    return round(spec.height / shrink), round(spec.width / shrink)


def grow(spec: Spec, state: State, iteration: int) -> None:
    size = size_at(spec, iteration)
    if size != state.size:
        with torch.no_grad():
            state.parameters = spec.parametrization.resized(state.parameters, state.size, size).requires_grad_()
        state.optimizer = spec.optimizer.build(state.parameters)
        state.size = size
        state.images = images_at(spec, state.parameters, size, iteration)


# beginnings and snapshots


def started(model: Model, spec: Spec) -> State:
    size = size_at(spec, 1)
    if spec.start == "noise":
        parameters = spec.parametrization.noise(spec.count, *size, randomness(model, spec, 0))
    else:
        parameters = spec.parametrization.parameters(first_images(model, spec, size))
    parameters.requires_grad_()
    return State(parameters, spec.optimizer.build(parameters), size, images_at(spec, parameters, size, 1))


def randomness(model: Model, spec: Spec, iteration: int) -> torch.Generator:
    """Of one iteration, 0 for the start: the views of iteration k are the same for every run of a seed, whatever came before."""
    (mixed,) = np.random.SeedSequence((spec.seed, iteration)).generate_state(1)  # neighbours must not resemble each other
    return torch.Generator(model.device).manual_seed(int(mixed))


def first_images(model: Model, spec: Spec, size: tuple[int, int]) -> Tensor:
    if spec.start == "grey":
        return torch.full((spec.count, 3, *size), 0.5, device=model.device)
    photograph = torch.from_numpy(from_base64(spec.photograph, *size)).to(model.device).permute(2, 0, 1) / 255
    return photograph.expand(spec.count, -1, -1, -1).contiguous()


def restored(model: Model, spec: Spec, snapshot: Snapshot) -> State:
    # Copies: the optimizer works in place, and the snapshot may be gone back to again.
    parameters = torch.tensor(snapshot.parameters, device=model.device).requires_grad_()
    optimizer = spec.optimizer.build(parameters)
    state = {key: {name: torch.tensor(v) for name, v in values.items()} for key, values in snapshot.optimizer.items()}
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    size = size_at(spec, snapshot.iteration)
    return State(parameters, optimizer, size, images_at(spec, parameters, size, snapshot.iteration + 1))


def taken(state: State, iteration: int) -> Snapshot:
    optimizer = {
        key: {name: array(value) for name, value in values.items() if value is not None}
        for key, values in state.optimizer.state_dict()["state"].items()
    }
    return Snapshot(iteration, array(state.parameters), optimizer)


def array(value) -> np.ndarray:
    """A copy of a tensor or number that no later step can change."""
    return value.detach().cpu().numpy().copy() if isinstance(value, Tensor) else np.asarray(value)


# what a frame shows


def rendered(spec: Spec, images: Tensor) -> np.ndarray:
    """The pictures at full size, uint8 [n, height, width, 3]."""
    if images.shape[2:] != (spec.height, spec.width):
        images = F.interpolate(images, (spec.height, spec.width), mode="bilinear", align_corners=False)
    pixels = images.mul(255).round_().clamp_(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()
    pixels.flags.writeable = False
    return pixels


def grey_of(model: Model) -> Tensor:
    """The colour [3, 1, 1] that the network reads as zero."""
    mean = model.mean if len(model.mean) == 3 else model.mean * 3
    return torch.tensor(mean, device=model.device)[:, None, None]


# what can go wrong, in words


NO_MEMORY = re.compile("out of memory|not enough memory|allocate memory", re.IGNORECASE)


@contextmanager
def explained(model: Model, spec: Spec):
    """Memory that runs out, told with what to lower."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as problem:
        if isinstance(problem, RuntimeError) and not NO_MEMORY.search(str(problem)):
            raise
        if model.device.type == "cuda":
            torch.cuda.empty_cache()
        raise ActvizError(
            f"Out of memory on {model.device}: {spec.count} pictures of {spec.height} x {spec.width}. "
            "Lower the number of pictures, their size, or the number of crops."
        ) from problem
