"""Reach: how much of an image can have a say in a cell, from the sizes of the windows on the way to it.

Followed through one forward pass: what each function answers carries the largest field of what it was given, grown by
the function's own window. Convolutions are followed as modules, for how they compute is no matter here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil, inf
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from .hooks import hooked
from .layer import OUTPUT
from .model import Model
from .outputs import parts
from .sizes import explained, fitted

Size = tuple[float, float]

POOLS = ("max_pool2d", "avg_pool2d", "max_pool2d_with_indices")
RESIZED = ("adaptive_avg_pool2d", "adaptive_max_pool2d", "interpolate", "upsample")
MIXING = (
    *("matmul", "__matmul__", "bmm", "baddbmm", "einsum", "softmax", "scaled_dot_product_attention"),
    *("multi_head_attention_forward", "group_norm", "instance_norm"),
)  # whatever places they are given
MEANS = ("mean", "sum", "amax", "flatten", "reshape", "view")  # where they do away with rows and columns

FOUND: WeakKeyDictionary[Model, dict] = WeakKeyDictionary()


@dataclass(frozen=True)
class Reach:
    """Of the cells of a map.

    field  height and width, in pixels, of what has a say in one; infinite: the whole image, however large
    step   how far apart neighbours are, in pixels
    """

    field: Size = (1.0, 1.0)
    step: Size = (1.0, 1.0)

    def through(self, kernel: Iterable[float], stride: Iterable[float]) -> "Reach":
        """Behind a window of that size, in cells, moved by that stride."""
        field = tuple(f + (k - 1) * s for f, k, s in zip(self.field, kernel, self.step, strict=True))
        return Reach(pair(field), pair(s * by for s, by in zip(self.step, stride, strict=True)))


EVERYTHING = (inf, inf)


def pair(value: float | Iterable[float]) -> Size:
    """A number for both axes, or one for each."""
    numbers = tuple(value) if isinstance(value, Iterable) else (value,)
    return numbers[0], numbers[-1]


def reaches(model: Model, height: int, width: int) -> Mapping[str, Size]:
    """For each layer, the field of one of its cells in an image of that size, in pixels, height and width.

    An upper bound: what attends, or is gated by a mean, sees everything. Raises ImageTooSmall.
    """
    known = FOUND.setdefault(model, {})
    if (height, width) not in known:
        known[height, width] = followed(model, height, width)
    return known[height, width]


@torch.no_grad()
def followed(model: Model, height: int, width: int) -> dict[str, Size]:
    found: dict[str, Size] = {}

    def leave(name: str, module: nn.Module, inputs: tuple, output: object) -> None:
        for part, tensor in parts(output):
            reach = through_module(module, inputs, tensor) or reach_of(tensor)
            if reach:
                mark(tensor, reach)
                found[name + part] = reach.field

    modules = {path: module for path, module in model.network.named_modules() if path not in ("", OUTPUT)}
    images = fitted(model, torch.full((1, 3, height, width), 0.5, device=model.device))
    with explained(model, images), hooked(modules | {OUTPUT: model.network}, leave):
        seen = model.normalize(images)
        mark(seen, Reach())
        with Follow():
            model.network(seen)
    return found


def mark(tensor: Tensor, reach: Reach) -> None:
    tensor.reach = reach  # pyright: ignore[reportAttributeAccessIssue]  # for as long as the tensor lives


def reach_of(tensor: Tensor) -> Reach | None:
    return getattr(tensor, "reach", None)


def through_module(module: nn.Module, inputs: tuple, output: Tensor) -> Reach | None:
    """What modules that convolve answer; None for others, whose functions tell."""
    before = reach_of(inputs[0]) if inputs and isinstance(inputs[0], Tensor) else None
    if before is None:
        return None
    if isinstance(module, nn.ConvTranspose2d):
        kernel = (-(-size // by) for size, by in zip(module.kernel_size, module.stride, strict=True))
        return before.through(kernel, (1 / by for by in module.stride))
    if isinstance(module, nn.Conv2d):
        return before.through(spanned(module.kernel_size, module.dilation), module.stride)
    if isinstance(module, nn.Linear):
        return before if output.ndim == inputs[0].ndim == 4 else Reach(EVERYTHING, before.step)
    return None


def spanned(kernel: Iterable[float], dilation: Iterable[float]) -> Iterator[float]:
    return ((size - 1) * by + 1 for size, by in zip(kernel, dilation, strict=True))


class Follow(TorchFunctionMode):
    """Within this context what each function of torch answers is marked with its reach."""

    def __torch_function__(
        self, function: Callable, types: object, args: tuple = (), kwargs: Mapping[str, object] | None = None
    ) -> object:
        kwargs = kwargs or {}
        output = function(*args, **kwargs)
        given = [tensor for value in (*args, *kwargs.values()) for _, tensor in parts(value) if reach_of(tensor)]
        if given:
            for _, tensor in parts(output):
                mark(tensor, through_function(function, args, kwargs, given, tensor))
        return output


def through_function(
    function: Callable, args: tuple, kwargs: Mapping[str, object], given: list[Tensor], output: Tensor
) -> Reach:
    name, before = getattr(function, "__name__", ""), together(given)
    sizes, now = given[0].shape[-2:], output.shape[-2:]
    if name in POOLS:
        named = {**dict(zip(("input", "kernel_size", "stride", "padding", "dilation"), args, strict=False)), **kwargs}
        kernel, dilation = pair(named["kernel_size"]), pair(named.get("dilation", 1) if name != "avg_pool2d" else 1)
        return before.through(spanned(kernel, dilation), pair(named.get("stride") or kernel))
    if name == "conv2d":
        named = {
            **dict(zip(("input", "weight", "bias", "stride", "padding", "dilation"), args, strict=False)),
            **kwargs,
        }
        kernel, dilation = tuple(named["weight"].shape[2:]), pair(named.get("dilation", 1))
        return before.through(spanned(kernel, dilation), pair(named.get("stride", 1)))
    if name in RESIZED:
        ratios = [one / other for one, other in zip(sizes, now, strict=True)]
        blurred = kwargs.get("mode", "nearest") != "nearest"
        return before.through((ceil(ratio) + (ratio % 1 > 0 and ratio > 1) + blurred for ratio in ratios), ratios)
    if name in MIXING or (name in MEANS and (output.ndim < 3 or (sizes != now and output.ndim == given[0].ndim))):
        return Reach(EVERYTHING, before.step)
    return before


def together(given: Iterable[Tensor]) -> Reach:
    """What all of them see, where a cell depends on the cells at its place."""
    found = [reach for tensor in given if (reach := reach_of(tensor))]
    field = pair(max(each.field[axis] for each in found) for axis in (0, 1))
    return Reach(field, pair(min(each.step[axis] for each in found) for axis in (0, 1)))
