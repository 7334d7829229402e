"""State: what lives from one iteration of a run to the next; how it begins, grows, is kept and comes back."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..dataset.photographs import from_base64
from ..frames import Snapshot
from ..machine import sent
from ..models.model import Model
from .spec import Spec
from .views import repeated

SMALLEST = 32  # px, of the coarsest octave
WIDEST = 16  # numbers that a processor takes at once

Place = (
    tuple[()] | tuple[int, str]
)  # of an array in a snapshot: () is the parameters', (0, "exp_avg") one of the optimizer's for the first of `stepped`


@dataclass
class State:
    """All of a run that lives from one iteration to the next.

    stepped     what the optimizer is given: the parameters, or of each picture its part of them
    colourless  the network sees one channel: colours would stay as the start has drawn them, and mean nothing
    """

    parameters: Tensor
    stepped: list[Tensor]
    optimizer: torch.optim.Optimizer
    size: tuple[int, int]
    colourless: bool

    def images(self, spec: Spec, *changing: Tensor) -> Tensor:
        """The pictures [n, 3, h, w] in [0, 1], at their present size."""
        images = spec.parametrization.drawn(self.parameters, *self.size, *changing)
        return images.mean(1, keepdim=True).repeat(1, 3, 1, 1) if self.colourless else images

    def grow(self, spec: Spec, size: tuple[int, int]) -> None:
        """To another size, with an optimizer that begins anew."""
        with torch.no_grad():
            self.parameters = spec.parametrization.resized(self.parameters, self.size, size).requires_grad_()
        self.stepped, self.size = stepped(spec, self.parameters), size
        self.optimizer = spec.optimizer.build(self.stepped)

    def step(self, gradient: Tensor) -> None:
        """Down a gradient of the parameters."""
        gradients = [gradient] if len(self.stepped) == 1 else gradient.split(1)
        for part, its in zip(self.stepped, gradients, strict=True):
            part.grad = its
        self.optimizer.step()


# sizes, from coarse to fine


def progress(spec: Spec, iteration: int) -> float:
    """From 0 in the first iteration to 1 in the last one of the schedule and after it."""
    return min(1.0, (iteration - 1) / max(1, spec.scheduled - 1))


def size_at(spec: Spec, iteration: int) -> tuple[int, int]:
    """Height and width of what is optimized in an iteration."""
    octave = (max(1, iteration) - 1) * spec.octaves // spec.scheduled
    shrink = spec.octave_factor ** (spec.octaves - 1 - octave)
    height, width = spec.canvas
    shrink = max(1.0, min(shrink, min(height, width) / SMALLEST))
    return round(height / shrink), round(width / shrink)


# beginnings and snapshots


def started(model: Model, spec: Spec) -> State:
    size = size_at(spec, 1)
    if spec.start == "noise":
        noise = spec.parametrization.noise(spec.draws, *size, torch.Generator().manual_seed(seed_of(spec, 0)))
        parameters = repeated(sent(noise, model.device), spec.count // spec.draws)
    else:
        parameters = spec.parametrization.parameters(first_images(model, spec, size))
    parameters = parameters.contiguous().requires_grad_()  # as optimizers want it on a GPU
    parts = stepped(spec, parameters)
    return State(parameters, parts, spec.optimizer.build(parts), size, model.channels == 1)


def stepped(spec: Spec, parameters: Tensor) -> list[Tensor]:
    """What the optimizer is given.

    On a CPU the numbers at a tensor's end, where they are too few to be taken at once, are rounded in another way. So
    that each picture is what it would be alone, each then is a tensor of its own, in the same memory.
    """
    if spec.draws == spec.count or parameters.device.type != "cpu" or parameters[0].numel() % WIDEST == 0:
        return [parameters]
    return [part.requires_grad_() for part in parameters.detach().split(1)]


def seed_of(spec: Spec, iteration: int) -> int:
    """Of one iteration, 0 for the start.

    The views of iteration k are the same for every run of a seed, whatever came before.
    """
    (mixed,) = np.random.SeedSequence((spec.seed, iteration)).generate_state(
        1
    )  # neighbours must not resemble each other
    return int(mixed)


def first_images(model: Model, spec: Spec, size: tuple[int, int]) -> Tensor:
    if spec.start == "grey":
        return torch.full((spec.count, 3, *size), 0.5, device=model.device)
    photograph = sent(torch.from_numpy(from_base64(spec.photograph, *size)), model.device).permute(2, 0, 1) / 255
    return photograph.expand(spec.count, -1, -1, -1).contiguous()


def restored(model: Model, spec: Spec, snapshot: Snapshot) -> State:
    # Copies: the optimizer works in place, and the snapshot may be gone back to again.
    parameters = torch.tensor(snapshot.parameters, device=model.device).requires_grad_()
    parts = stepped(spec, parameters)
    optimizer = spec.optimizer.build(parts)
    state = {key: {name: torch.tensor(v) for name, v in values.items()} for key, values in snapshot.optimizer.items()}
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    # That takes every number to the device; an optimizer that is not fused reads its own on the host, in each
    # iteration.
    counted_on = model.device if optimizer.defaults.get("fused") else torch.device("cpu")
    for values in optimizer.state.values():
        values.update({name: value.to(counted_on) for name, value in values.items() if value.ndim == 0})
    return State(parameters, parts, optimizer, size_at(spec, snapshot.iteration), model.channels == 1)


def taken(state: State) -> dict[Place, Tensor]:
    """Copies that no later step can change."""
    found: dict[Place, Tensor] = {(): state.parameters}
    for key, values in state.optimizer.state_dict()["state"].items():
        found |= {(key, name): value for name, value in values.items() if value is not None}
    return {place: value.detach().clone() for place, value in found.items()}


def snapshot_of(iteration: int, arrays: dict[Place, np.ndarray]) -> Snapshot:
    """What `taken` found, once it is on the host."""
    optimizer: dict[int, dict[str, np.ndarray]] = {}
    for place, value in arrays.items():
        if place:
            optimizer.setdefault(place[0], {})[place[1]] = value
    return Snapshot(iteration, arrays[()], optimizer)
