"""Reach: how much of an image can have a say in a cell, from the sizes of the windows on the way to it.

Followed through one forward pass: what each function answers carries the largest field of what it was given, grown by
the function's own window. Convolutions are followed as modules, for how they compute is no matter here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, inf
from typing import TypeVar
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
Number = TypeVar("Number", bound=Fraction | float)

CONVOLVING = {
    "conv2d": ("input", "weight", "bias", "stride", "padding", "dilation"),
    "conv_transpose2d": ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"),
}  # and what their arguments are called
TAPS = {"bilinear": 2, "bicubic": 4}  # cells that one is made of, in each axis
POOLING = {
    "max_pool2d": ("input", "kernel_size", "stride", "padding", "dilation"),
    "max_pool2d_with_indices": ("input", "kernel_size", "stride", "padding", "dilation"),
    "avg_pool2d": ("input", "kernel_size", "stride"),
    "lp_pool2d": ("input", "norm_type", "kernel_size", "stride"),
}
ADAPTIVE = ("adaptive_avg_pool2d", "adaptive_max_pool2d", "adaptive_max_pool2d_with_indices")
RESIZED = ("interpolate", "upsample")
SHUFFLED = ("pixel_shuffle", "pixel_unshuffle")  # between channels and places
MIXING = (
    *("matmul", "__matmul__", "bmm", "baddbmm", "einsum", "softmax", "scaled_dot_product_attention"),
    *("multi_head_attention_forward", "group_norm", "instance_norm"),
)  # whatever places they are given
MEANS = ("mean", "sum", "amax", "flatten", "reshape", "view")  # where they do away with rows and columns

FOUND: WeakKeyDictionary[Model, dict] = WeakKeyDictionary()


@dataclass(frozen=True)
class Span:
    """Along one axis, in pixels: what n neighbouring cells see is field + floor(((n - 1) step + rest) / grid) grid.

    field  of one cell; infinite: the whole image, however large
    step   how far apart neighbours are
    grid   by how much their fields differ, where they do: after an enlargement some neighbours see the same
    rest   how far towards the next place on that grid one cell sees
    """

    field: Fraction | float = Fraction(1)
    step: Fraction = Fraction(1)
    grid: Fraction = Fraction(1)
    rest: Fraction = Fraction(0)

    def through(self, kernel: Fraction | int, stride: Fraction | int) -> "Span":
        """Behind a window of that size, in cells, moved by that stride."""
        over = (kernel - 1) * self.step + self.rest
        return Span(self.field + over // self.grid * self.grid, self.step * stride, self.grid, over % self.grid)

    def enlarged(self, kernel: Fraction | int, by: Fraction | int) -> "Span":
        """So many times as many cells, each old one seen by `kernel` new ones."""
        step = self.step
        if step % self.grid == 0:
            on_steps = Span(self.field, step, step)
        elif self.grid % step == self.rest % step == 0:
            on_steps = self
        else:  # an upper bound: steps and grid do not meet
            on_steps = Span(self.field + self.rest, step, step)
        return replace(on_steps, step=step / by).through(kernel, 1)


Spans = tuple[Span, ...]  # of all ways to a cell, of which one may see more and another one's neighbours


@dataclass(frozen=True)
class Reach:
    """Of the cells of a map, along its rows and along its columns."""

    rows: Spans = (Span(),)
    columns: Spans = (Span(),)

    @property
    def field(self) -> Size:
        """Height and width, in pixels, of what has a say in a cell."""
        return float(max(span.field for span in self.rows)), float(max(span.field for span in self.columns))

    def through(self, kernel: Iterable[Fraction | int], stride: Iterable[Fraction | int]) -> "Reach":
        """Behind a window of that size, in cells, moved by that stride."""
        return self.changed(Span.through, kernel, stride)

    def enlarged(self, kernel: Iterable[Fraction | int], by: Iterable[Fraction | int]) -> "Reach":
        """So many times as many cells, each old one seen by a window of new ones."""
        return self.changed(Span.enlarged, kernel, by)

    def changed(self, change: Callable[..., Span], *numbers: Iterable[Fraction | int]) -> "Reach":
        """Each span changed by its axis's numbers."""
        rows, columns = zip(*map(pair, numbers), strict=True)
        return Reach(
            distinct(change(span, *rows) for span in self.rows),
            distinct(change(span, *columns) for span in self.columns),
        )

    @property
    def everything(self) -> "Reach":
        """With the whole image seen by each cell."""
        return Reach(
            distinct(replace(span, field=inf) for span in self.rows),
            distinct(replace(span, field=inf) for span in self.columns),
        )


def distinct(spans: Iterable[Span]) -> Spans:
    """Without those that see less than another one that is alike."""
    largest: dict[tuple[Fraction, ...], Span] = {}
    for span in spans:
        known = largest.setdefault((span.step, span.grid, span.rest), span)
        if span.field > known.field:
            largest[span.step, span.grid, span.rest] = span
    return tuple(largest.values())


EVERYTHING = (inf, inf)


def pair(value: Number | Iterable[Number]) -> tuple[Number, Number]:
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
        return before.enlarged(spanned(module.kernel_size, module.dilation), module.stride)
    if isinstance(module, nn.Conv2d):
        return before.through(spanned(module.kernel_size, module.dilation), module.stride)
    if isinstance(module, nn.Linear):
        return before if output.ndim == inputs[0].ndim == 4 else before.everything
    return None


def spanned(kernel: Iterable[int], dilation: Iterable[int]) -> Iterator[int]:
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
    if name in POOLING:
        named = {**dict(zip(POOLING[name], args, strict=False)), **kwargs}
        kernel, dilation = pair(named["kernel_size"]), pair(named.get("dilation", 1))
        return before.through(spanned(kernel, dilation), pair(named.get("stride") or kernel))
    if name in CONVOLVING:
        named = {**dict(zip(CONVOLVING[name], args, strict=False)), **kwargs}
        kernel, dilation = tuple(named["weight"].shape[2:]), pair(named.get("dilation", 1))
        change = before.through if name == "conv2d" else before.enlarged
        return change(spanned(kernel, dilation), pair(named.get("stride", 1)))
    if name in ADAPTIVE or name in RESIZED and kwargs.get("mode") == "area":
        return binned(before, sizes, now)
    if name in RESIZED:
        return resized(before, sizes, now, kwargs)
    if name in SHUFFLED:
        by = [max(old, new) // min(old, new) for old, new in zip(sizes, now, strict=True)]
        return before.through(by, by) if name == "pixel_unshuffle" else before.enlarged(by, by)
    if name in MIXING or (name in MEANS and (output.ndim < 3 or (sizes != now and output.ndim == given[0].ndim))):
        return before.everything
    return before


def binned(before: Reach, old: Iterable[int], new: Iterable[int]) -> Reach:
    """As many cells as asked for, each from the bin of old ones that it meets; uneven bins overlap.

    With bins p / q long, n of them begin and end within a cell each: they meet at most n p / q + 2 - 2 / q cells.
    """
    axes: list[Spans] = []
    for spans, have, get in zip((before.rows, before.columns), old, new, strict=True):
        ratio = Fraction(have, get)
        if ratio.denominator == 1:
            axes.append(distinct(span.through(ratio, ratio) for span in spans))
        else:
            kernel = 2 + Fraction(ratio.denominator - 2, ratio.numerator)
            axes.append(distinct(span.enlarged(kernel, 1 / ratio) for span in spans))
    return Reach(*axes)


def resized(before: Reach, old: Iterable[int], new: Iterable[int], kwargs: Mapping[str, object]) -> Reach:
    """As many cells as asked for, each from as many of the old ones as the mode takes."""
    taps, corners = TAPS.get(str(kwargs.get("mode", "nearest")), 1), kwargs.get("align_corners")
    axes: list[Spans] = []
    for spans, have, get in zip((before.rows, before.columns), old, new, strict=True):
        ratio = Fraction(have - 1, get - 1) if corners and min(have, get) > 1 else Fraction(have, get)
        if have == get:
            axes.append(spans)
        elif ratio < 1:
            kernel = 1 + (ratio.denominator - 1 + (taps - 1) * ratio.denominator) / Fraction(ratio.numerator)
            axes.append(distinct(span.enlarged(kernel, 1 / ratio) for span in spans))
        else:
            wide = ceil(ratio * taps) + 1 if kwargs.get("antialias") else ceil(ratio) + taps - 1
            axes.append(distinct(span.through(wide + (ratio.denominator > 1), ratio) for span in spans))
    return Reach(*axes)


def together(given: Iterable[Tensor]) -> Reach:
    """What all of them see, where a cell depends on the cells at its place."""
    found = [reach for tensor in given if (reach := reach_of(tensor))]
    return Reach(
        distinct(span for reach in found for span in reach.rows),
        distinct(span for reach in found for span in reach.columns),
    )
