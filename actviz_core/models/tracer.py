"""The tracer: watches one forward pass and notes every layer, with the shape and the layout of what it answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torchvision.ops import Permute

from ..machine import WithinMemory
from .activation_functions import has_own_function, limits_of, turned_round
from .blocks import blocks
from .hooks import hooked
from .layer import CANONICAL, OUTPUT, Layer
from .model import Model
from .outputs import parts
from .sizes import explained, fitted

PASSING = ("Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "DropPath", "StochasticDepth")
PERMUTED: dict[tuple[int, ...], int] = {(0, 2, 3, 1): 3, (0, 3, 1, 2): 1}  # where the channels are afterwards


def trace_layers(model: Model, height: int, width: int, known: dict[str, str]) -> tuple[Layer, ...]:
    """The layers with an image of that size.

    They are those with known axes, or at first all through which the picture has a gradient.
    """
    modules = {path: module for path, module in model.network.named_modules() if path not in ("", OUTPUT)}
    tracer = LayerTracer(modules, set(blocks(model.network)), known)
    asked = f"the layers of {model.name} at {height} x {width}"
    with (
        torch.inference_mode(False),  # its tensors have no versions
        torch.set_grad_enabled(not known),
        WithinMemory(model.device, asked, "Lower the size of the pictures."),
    ):
        images = torch.full((1, 3, height, width), 0.5, device=model.device, requires_grad=not known)
        with explained(model, images), hooked(modules | {OUTPUT: model.network}, tracer.leave, tracer.enter):
            model(fitted(model, images))
    return tuple(with_convolution(layer, tracer.layers, modules) for layer in tracer.layers)


def with_convolution(layer: Layer, layers: Sequence[Layer], modules: dict[str, nn.Module]) -> Layer:
    """What belongs to a norm with an activation function of its own knows the convolution before the norm."""
    norm = layer.module.removesuffix(".act")
    function = next((place for place, each in enumerate(layers) if each.name == f"{norm}.act"), 0)
    if not (has_own_function(modules.get(norm)) and function and "Conv2d" in layers[function - 1].kind):
        return layer
    return replace(layer, within=layers[function - 1].name, turned=turned_round(modules[norm]))


@dataclass(frozen=True)
class Entered:
    """What holds when a module is called.

    The axis of the channels so far, and of its input shape, layout and the layer that gave it.
    """

    axis: int
    shape: tuple[int, ...]
    axes: str
    producer: str


class LayerTracer:
    """Notes every layer during one forward pass, and where its channels are.

    Outputs of rank 4 are [n, c, h, w], or [n, h, w, c] in networks like Swin; those of rank 3 are [n, tokens, c], or
    [n, c, length] behind a Conv1d. The latest module that reveals it decides; what is shaped as its input is laid out
    as that.
    """

    def __init__(self, paths: Iterable[str], blocks: set[str], known: dict[str, str]) -> None:
        self.paths, self.blocks, self.known = set(paths), blocks, known
        self.layers: list[Layer] = []
        self.axis, self.channels, self.sequence = 1, 0, 2  # of the channels, in outputs of rank 4 and of rank 3
        self.entered: list[Entered] = []

    def enter(self, inputs: tuple) -> None:
        first = inputs[0] if inputs else None
        self.entered.append(
            Entered(self.axis, tuple(getattr(first, "shape", ())), getattr(first, "axes", ""), producer(inputs))
        )

    def leave(self, name: str, module: nn.Module, _inputs: tuple, output: object) -> None:
        entered = self.entered.pop()
        for part, tensor in parts(output):
            wanted = name + part in self.known if self.known else tensor.requires_grad
            if (
                wanted
                and tensor.is_floating_point()
                and 2 <= tensor.ndim <= 4
                and not (part and name + part in self.paths)
            ):
                self.note(name, part, module, tensor, entered)

    def note(self, name: str, part: str, module: nn.Module, output: Tensor, entered: Entered) -> None:
        kind, path = type(module).__name__, name.partition("@")[0]
        axes = self.known.get(name + part) or self.axes(module, kind, part, output, entered)
        images = axes.split(",").index("images") if "images" in axes else 0
        if kind in PASSING or output.shape[images] != 1:
            return
        _, channels, height, width = CANONICAL[axes](output).shape
        before = entered.producer if "activation" in type(module).__module__ else ""
        block, limits = path in self.blocks, limits_of(module)
        self.layers.append(Layer(name + part, kind, channels, height, width, axes, block, before, path, limits))
        # Marks, for as long as the tensor lives.
        output.layer = name + part, output._version  # pyright: ignore[reportAttributeAccessIssue]  # a mark
        output.axes = axes  # pyright: ignore[reportAttributeAccessIssue]  # a mark

    def axes(self, module: nn.Module, kind: str, part: str, output: Tensor, entered: Entered) -> str:
        if output.ndim == 2:
            return "channels"
        if output.ndim == 3:
            if known := getattr(output, "axes", None):
                return known  # handed on as another module answered it
            if isinstance(module, nn.RNNBase) and (part != ".0" or not module.batch_first):
                return "rows,images,channels"  # its last states by layer; its answers by time, if that comes first
            self.sequence = sequence_axis(module, kind) or self.sequence
            return "channels,rows" if self.sequence == 1 else "tokens,channels"
        if axis := channel_axis(module, kind):
            self.axis = axis
        elif entered.axes and output.shape == entered.shape:
            self.axis = entered.axes.split(",").index("channels") + 1
        elif self.axis == 3 and output.shape[1] == self.channels:
            # Moved to the front without a module's help. Where rows, columns and channels are equally many, a block
            # answers in the layout that it was asked in.
            self.axis = 1 if output.shape[3] != self.channels else entered.axis
        self.channels = output.shape[self.axis]
        return "channels,rows,columns" if self.axis == 1 else "rows,columns,channels"


def channel_axis(module: nn.Module, kind: str) -> int | None:
    """The axis of the channels in this module's output of rank 4, if its kind tells."""
    if isinstance(module, Permute):
        return PERMUTED.get(tuple(module.dims))
    if "2d" in kind or isinstance(module, (nn.Conv2d, nn.BatchNorm2d, nn.GroupNorm)):  # LayerNorm2d too
        return 1
    return 3 if isinstance(module, (nn.Linear, nn.LayerNorm)) else None


def sequence_axis(module: nn.Module, kind: str) -> int | None:
    """The same for an output of rank 3."""
    if "1d" in kind:
        return 1
    return 2 if isinstance(module, (nn.Linear, nn.LayerNorm, nn.MultiheadAttention, nn.RNNBase)) else None


def producer(inputs: tuple) -> str:
    """The layer whose untouched output this input is, or ""."""
    name, version = getattr(inputs[0], "layer", ("", None)) if inputs else ("", None)
    # `out += identity` changes a tensor that still carries the mark of the layer before: its version tells.
    return name if name and inputs[0]._version == version else ""
