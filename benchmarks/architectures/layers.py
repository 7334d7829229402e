"""What one network's layers answer, with batch norms folded and as they are built."""

import copy
import hashlib
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from actviz_core import ActvizError, list_layers
from actviz_core.models.activations import activations
from actviz_core.models.catalogue import find
from actviz_core.models.folding import TOLERANCE, BatchNorm
from actviz_core.models.layer import CANONICAL, Layer
from actviz_core.models.model import Model, finished
from actviz_core.models.outputs import parts

ROUNDING = 10
SIZES = ((64, 96), (96, 96), (128, 128))  # px; rows and columns that differ, where a network takes them


@dataclass(frozen=True)
class Found:
    """What one network's layers answer to one random picture.

    sizes       of that picture, in px
    layers      all that are listed; `folded`: those read in the folded network, which holds so many of the `norms` no
                more
    worst       the largest difference of folded and unfolded, as a share of the layer's largest number; `where` that is
    wrong       layers that differ by more than TOLERANCE, and by more than ROUNDING times what rounding alone does
                there
    rounding    the largest difference of the unfolded network from itself in 64 bits, as built and read with plain
                hooks; `rounds`: where
    hidden      the least difference among the layers that the folded network answers otherwise, and that are not read
                there
    """

    parameters: int
    sizes: tuple[int, int]
    layers: int
    folded: int
    norms: int
    folded_norms: int
    worst: float
    where: str
    wrong: tuple[str, ...]
    rounding: float | None
    rounds: str
    hidden: float | None
    seconds: float


def measured(name: str) -> Found:
    began = time.perf_counter()
    blueprint = find(name)
    network, mean, std = blueprint.build(None), tuple(blueprint.mean), tuple(blueprint.std)
    model = Model(name, network, mean, std, blueprint.height, blueprint.width, fixed_size=blueprint.fixed_size)
    randomize(network, model.normalize(pictures(4, model.height, model.width, 0)), name)
    exact, norms = copy.deepcopy(network).double(), norms_of(network)
    model = finished(model)
    sizes = size_for(model)
    images = pictures(2, *sizes, 1).mean(0, keepdim=True)
    layers = {layer.name: layer for layer in list_layers(model, *sizes)}
    seen = [name for name, layer in layers.items() if model.folded.shows([layer.module])]
    plain = answers(model.network, model.normalize(images), layers)
    differences = {name: distance(values, plain[name]) for name, values in activations(model, images, seen).items()}
    for name, values in activations(model, images, layers.keys() - seen).items():
        differences[name] = distance(values, plain[name])
    twin = answers(model.folded.network, model.normalize(images), layers)
    hidden = [distance(twin[name], plain[name]) for name in layers.keys() - seen if name in twin]
    rounding = rounded(exact, model.normalize(images), layers, plain)
    where = max(differences, key=differences.get)
    return Found(
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        sizes=sizes,
        layers=len(layers),
        folded=len(seen) if model.folded.network is not model.network else 0,
        norms=norms,
        folded_norms=norms - norms_of(model.folded.network),
        worst=differences[where],
        where=where,
        wrong=tuple(
            name
            for name, difference in differences.items()
            if not difference <= max(TOLERANCE, ROUNDING * rounding.get(name, 0.0))
        ),
        rounding=max(rounding.values(), default=None),
        rounds=max(rounding, key=rounding.get, default=""),
        hidden=min(hidden, default=None),
        seconds=time.perf_counter() - began,
    )


def size_for(model: Model) -> tuple[int, int]:
    """The first of the sizes that the network takes, else its own."""
    own = (model.height, model.width)
    return next(size for size in (*(() if model.fixed_size else SIZES), own) if takes(model, size))


@torch.no_grad()
def randomize(network: nn.Module, images: Tensor, name: str) -> None:
    """Its batch norms as after a training that nothing is known of.

    A new one does nothing, so that folding it could do no wrong. They measure random pictures, layer by layer, and are
    then moved by up to a tenth: further off, a hundred of them in a row let numbers grow until all is rounding.
    """
    rng = torch.Generator().manual_seed(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
    norms = [
        module
        for module in network.eval().modules()
        if isinstance(module, BatchNorm) and module.affine and module.track_running_stats
    ]
    if not norms:
        return
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.weight.copy_(spread(norm.weight, rng) + 1)
        norm.bias.copy_(spread(norm.bias, rng))
        norm.train().momentum = 1.0
    network(images)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.eval().momentum = momentum
        variance = norm.running_var.lerp(norm.running_var.mean(), 0.1)  # of a dead channel it is 0
        norm.running_mean.add_(0.2 * spread(norm.running_mean, rng) * variance.sqrt())
        norm.running_var.copy_(variance * (0.2 * spread(variance, rng) + 1))


def pictures(count: int, height: int, width: int, seed: int) -> Tensor:
    """Random [count, 3, height, width] in [0, 1]: every other one smooth, the others noise."""
    rng = torch.Generator().manual_seed(seed)
    smooth, noise = torch.rand(count, 3, 5, 7, generator=rng), torch.rand(count, 3, height, width, generator=rng)
    smooth = torch.nn.functional.interpolate(smooth, (height, width), mode="bilinear")
    return torch.where(torch.arange(count).view(-1, 1, 1, 1) % 2 == 0, smooth, noise)


def spread(like: Tensor, rng: torch.Generator) -> Tensor:
    """-0.5 to 0.5."""
    return torch.rand(like.shape, generator=rng) - 0.5


def takes(model: Model, size: tuple[int, int]) -> bool:
    try:
        return bool(list_layers(model, *size))
    except (ActvizError, RuntimeError, ValueError, AssertionError):
        return size == (model.height, model.width)


@torch.no_grad()
def answers(network: nn.Module, images: Tensor, layers: dict[str, Layer]) -> dict[str, Tensor]:
    """Of each layer, as [1, channels, rows, columns].

    Copied when it was answered, before anything works on it in place.
    """
    found, calls = {}, Counter()

    def leave(path: str, _module: nn.Module, _inputs: tuple, output: object) -> None:
        calls[path] += 1
        for part, tensor in parts(output):
            name = (path if calls[path] == 1 else f"{path}@{calls[path]}") + part
            if name in layers:
                found[name] = CANONICAL[layers[name].axes](tensor).float().clone()

    handles = [
        module.register_forward_hook(partial(leave, path or "output")) for path, module in network.named_modules()
    ]
    try:
        network(images)
    finally:
        for handle in handles:
            handle.remove()
    return found


def rounded(exact: nn.Module, images: Tensor, layers: dict[str, Layer], plain: dict[str, Tensor]) -> dict[str, float]:
    """How far the unfolded network is from itself in 64 bits; {} where it insists on 32."""
    try:
        return {name: distance(plain[name], values) for name, values in answers(exact, images.double(), layers).items()}
    except RuntimeError:
        return {}


def distance(first: Tensor, second: Tensor) -> float:
    """The largest difference, as a share of the largest number; infinite where one is no number."""
    if first.shape != second.shape or not (first.isfinite().all() and second.isfinite().all()):
        return float("inf")
    return float((first - second).abs().max() / second.abs().max().clamp(min=1e-30))


def norms_of(network: nn.Module) -> int:
    return sum(isinstance(module, BatchNorm) for module in network.modules())
