"""Layers: what a network computes on the way, by name. Hooks live for one forward pass of the calling thread.

A layer is one call of a module: `layer1.0.relu`, and `layer1.0.relu@2` if the forward pass comes through again. A
module that answers with several tensors has a layer for each: `output.logits`, `lstm.0`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from threading import get_ident
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import Permute

from ..errors import ActvizError, ImageTooSmall, near
from ..machine import WithinMemory, is_out_of_memory
from .model import Model
from .outputs import parts, replaced

OUTPUT = "output"  # the network's own output, the logits; always the last layer

PASSING = ("Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "DropPath", "StochasticDepth")
STACKS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
TOO_SMALL = re.compile(
    "kernel size can't be greater|output size is too small|padding size should be less|non-zero size"
    "|sizes should be greater than 0|negative dimension|expected more than 1",
    re.IGNORECASE,
)

# How a module's output is laid out -> the view [n, channels, rows, columns] of it, and back.
CANONICAL = {
    "channels,rows,columns": lambda output: output,
    "rows,columns,channels": lambda output: output.permute(0, 3, 1, 2),
    "tokens,channels": lambda output: output.transpose(1, 2).unsqueeze(3),
    "channels,rows": lambda output: output.unsqueeze(3),
    "rows,images,channels": lambda output: output.permute(1, 2, 0).unsqueeze(3),
    "channels": lambda output: output[:, :, None, None],
}
NATIVE = {
    "channels,rows,columns": lambda canonical: canonical,
    "rows,columns,channels": lambda canonical: canonical.permute(0, 2, 3, 1),
    "tokens,channels": lambda canonical: canonical.squeeze(3).transpose(1, 2),
    "channels,rows": lambda canonical: canonical.squeeze(3),
    "rows,images,channels": lambda canonical: canonical.squeeze(3).permute(2, 0, 1),
    "channels": lambda canonical: canonical[:, :, 0, 0],
}


@dataclass(frozen=True)
class Layer:
    """One call of a module, or one tensor of what it answers; channels x height x width as for one image.

    kind    the module's class
    axes    of its output after the image's: a key of CANONICAL; tokens count as rows, columns are 1
    block   stands in the architecture chart
    before  of an activation function: the layer whose output it receives, "" if that is no layer's (a sum, say)
    module  the module's path, which the name begins with
    """

    name: str
    kind: str
    channels: int
    height: int
    width: int
    axes: str
    block: bool = False
    before: str = ""
    module: str = ""

    @property
    def dimensions(self) -> str:
        """Channels and the size of one, in words."""
        if self.axes == "channels":
            return f"{self.channels} channels"
        return f"{self.channels} channels of " + (
            f"{self.height} tokens" if self.tokens else f"{self.height} x {self.width}"
        )

    @property
    def tokens(self) -> bool:
        """Whether its rows are the tokens of a sequence."""
        return self.axes == "tokens,channels"


def activations(model: Model, images: Tensor, names: Iterable[str], reduced: bool = False) -> dict[str, Tensor]:
    """What the named layers answer to images [n, 3, h, w] in [0, 1], each as [n, channels, rows, columns].

    The forward pass stops at the last layer asked for. Gradients flow unless the caller forbids it. Networks of a fixed
    size see the images resampled. `reduced` is for whoever has switched autocast on. Raises ActvizError: unknown layer,
    layer not reached, images too small for the network.
    """
    layers = {name: find_layer(model, name) for name in names}
    wanted, paths = {name: layer.axes for name, layer in layers.items()}, [layer.module for layer in layers.values()]
    network = (model.reduced if reduced else model.folded.network) if model.folded.shows(paths) else model.network
    modules = {path: network if path == OUTPUT else network.get_submodule(path) for path in paths}
    captured: dict[str, Tensor] = {}
    with explained(model, images), suppress(Reached), hooked(modules, partial(capture, wanted, captured)):
        network(model.normalize(fitted(model, images)))
    for name in wanted.keys() - captured.keys():
        raise ActvizError(f"The layer {name!r} was not reached in the forward pass of {model.name}.")
    return {name: captured[name] for name in wanted}


def find_layer(model: Model, name: str, height: int | None = None, width: int | None = None) -> Layer:
    """The layer of that name; raises ActvizError with near names."""
    layers = {layer.name: layer for layer in list_layers(model, height, width)}
    if name in layers:
        return layers[name]
    paths = dict(model.network.named_modules(remove_duplicate=False))
    first = next(
        (path for path, module in model.network.named_modules() if name in paths and module is paths[name]), name
    )
    if first != name:
        raise ActvizError(
            f"The layer {name!r} of {model.name} is known by its first name, {first!r}: both are one module."
        )
    if name in paths:
        raise ActvizError(
            f"The layer {name!r} was not reached in the forward pass of {model.name}, "
            "or its output is no feature map of the picture."
        )
    raise ActvizError(f"{model.name} has no layer {name!r}{near(name, layers)}.")


SURVEYS: WeakKeyDictionary[Model, dict] = WeakKeyDictionary()


def list_layers(model: Model, height: int | None = None, width: int | None = None) -> tuple[Layer, ...]:
    """Every layer in the order of the forward pass, as an image of that size (the model's own) makes them."""
    own = (model.height, model.width)
    size = (height or model.height, width or model.width)
    surveys = SURVEYS.setdefault(model, {})
    if size not in surveys:
        # Names and layouts are those of the model's own size: what a layer is called and where its channels are is
        # asked once.
        surveys[size] = survey(
            model, *size, {} if size == own else {layer.name: layer.axes for layer in list_layers(model)}
        )
    return surveys[size]


# hooks


class Reached(Exception):
    """Ends a forward pass that has nothing more to tell."""


@contextmanager
def hooked(modules: dict[str, nn.Module], leave: Callable, enter: Callable | None = None) -> Iterator[None]:
    """Calls leave(layer's name, module, inputs, output) for each module the calling thread comes through.

    Another thread may run the same network meanwhile: its calls are not counted. Only these hooks are removed again,
    always.
    """
    thread, calls, handles = get_ident(), Counter(), []

    def after(path, module, inputs, output):
        if get_ident() != thread:
            return None
        calls[path] += 1
        return leave(path if calls[path] == 1 else f"{path}@{calls[path]}", module, inputs, output)

    def before(_module, inputs):
        if get_ident() == thread:
            enter(inputs)

    try:
        for path, module in modules.items():
            handles.append(module.register_forward_hook(partial(after, path)))
            if enter:
                handles.append(module.register_forward_pre_hook(before))
        yield
    finally:
        for handle in handles:
            handle.remove()


def capture(wanted: dict[str, str], captured: dict[str, Tensor], name: str, _module: nn.Module, _inputs: tuple, output):
    """Keeps the output of a wanted layer and hands on a clone.

    The network may change that in place (`out += identity`). The clone descends from what was kept, so that gradients
    of later layers with respect to it exist.
    """

    def keep(part: str, tensor: Tensor) -> Tensor:
        axes = wanted.get(name + part)
        if axes is None:
            return tensor
        captured[name + part] = CANONICAL[axes](tensor)
        if len(captured) == len(wanted):
            raise Reached
        return NATIVE[axes](captured[name + part]).clone()

    return replaced(output, keep)


@contextmanager
def explained(model: Model, images: Tensor) -> Iterator[None]:
    """Turns the many errors that images too small for a network cause into one.

    Others, out of memory among them, pass.
    """
    try:
        yield
    except (RuntimeError, ValueError) as problem:
        if not TOO_SMALL.search(str(problem)):
            raise
        raise ImageTooSmall(model.name, *images.shape[-2:], enough=smallest(model)) from problem


def fitted(model: Model, images: Tensor) -> Tensor:
    size = (model.height, model.width)
    if not model.fixed_size or images.shape[-2:] == size:
        return images
    return F.interpolate(images, size, mode="bilinear", antialias=False)


def smallest(model: Model) -> int:
    """The smallest square of a multiple of 16 pixels that the network takes."""
    return next((side for side in range(16, model.height, 16) if takes(model, side)), model.height)


def takes(model: Model, side: int) -> bool:
    try:
        with torch.no_grad():
            model(torch.zeros(1, 3, side, side, device=model.device))
    except (RuntimeError, ValueError) as problem:
        if is_out_of_memory(problem):
            raise
        return False
    return True


# the survey


def survey(model: Model, height: int, width: int, known: dict[str, str]) -> tuple[Layer, ...]:
    """The layers with an image of that size.

    They are those with known axes, or at first all through which the picture has a gradient.
    """
    modules = {path: module for path, module in model.network.named_modules() if path not in ("", OUTPUT)}
    surveyor = Surveyor(modules, set(blocks(model.network)), known)
    asked = f"the layers of {model.name} at {height} x {width}"
    with (
        torch.inference_mode(False),  # its tensors have no versions
        torch.set_grad_enabled(not known),
        WithinMemory(model.device, asked, "Lower the size of the pictures."),
    ):
        images = torch.full((1, 3, height, width), 0.5, device=model.device, requires_grad=not known)
        with explained(model, images), hooked(modules | {OUTPUT: model.network}, surveyor.leave, surveyor.enter):
            model(fitted(model, images))
    return tuple(surveyor.layers)


@dataclass(frozen=True)
class Entered:
    """What holds when a module is called.

    The axis of the channels so far, and of its input shape, layout and the layer that gave it.
    """

    axis: int
    shape: tuple[int, ...]
    axes: str
    giver: str


class Surveyor:
    """Notes every layer during one forward pass, and where its channels are.

    Outputs of rank 4 are [n, c, h, w], or [n, h, w, c] in networks like Swin; those of rank 3 are [n, tokens, c], or
    [n, c, length] behind a Conv1d. The latest module that reveals it decides; what is shaped as its input is laid out
    as that.
    """

    def __init__(self, paths: Iterable[str], blocks: set[str], known: dict[str, str]):
        self.paths, self.blocks, self.known = set(paths), blocks, known
        self.layers: list[Layer] = []
        self.axis, self.channels, self.sequence = 1, 0, 2  # of the channels, in outputs of rank 4 and of rank 3
        self.entered: list[Entered] = []

    def enter(self, inputs: tuple) -> None:
        first = inputs[0] if inputs else None
        self.entered.append(
            Entered(self.axis, tuple(getattr(first, "shape", ())), getattr(first, "axes", ""), giver(inputs))
        )

    def leave(self, name: str, module: nn.Module, _inputs: tuple, output) -> None:
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
        before = entered.giver if "activation" in type(module).__module__ else ""
        self.layers.append(Layer(name + part, kind, channels, height, width, axes, path in self.blocks, before, path))
        output.layer, output.axes = (name + part, output._version), axes

    def axes(self, module: nn.Module, kind: str, part: str, output: Tensor, entered: Entered) -> str:
        if output.ndim == 2:
            return "channels"
        if output.ndim == 3:
            if known := getattr(output, "axes", None):
                return known  # handed on as another module answered it
            if isinstance(module, nn.RNNBase) and (part != ".0" or not module.batch_first):
                return "rows,images,channels"  # its last states by layer; its answers by time, if that comes first
            self.sequence = revealed_in_sequence(module, kind) or self.sequence
            return "channels,rows" if self.sequence == 1 else "tokens,channels"
        if axis := revealed(module, kind):
            self.axis = axis
        elif entered.axes and output.shape == entered.shape:
            self.axis = entered.axes.split(",").index("channels") + 1
        elif self.axis == 3 and output.shape[1] == self.channels:
            # Moved to the front without a module's help. Where rows, columns and channels are equally many, a block
            # answers in the layout that it was asked in.
            self.axis = 1 if output.shape[3] != self.channels else entered.axis
        self.channels = output.shape[self.axis]
        return "channels,rows,columns" if self.axis == 1 else "rows,columns,channels"


def revealed(module: nn.Module, kind: str) -> int | None:
    """The axis of the channels in this module's output of rank 4, if its kind tells."""
    if isinstance(module, Permute):
        return {(0, 2, 3, 1): 3, (0, 3, 1, 2): 1}.get(tuple(module.dims))
    if "2d" in kind or isinstance(module, (nn.Conv2d, nn.BatchNorm2d, nn.GroupNorm)):  # LayerNorm2d too
        return 1
    return 3 if isinstance(module, (nn.Linear, nn.LayerNorm)) else None


def revealed_in_sequence(module: nn.Module, kind: str) -> int | None:
    """The same for an output of rank 3."""
    if "1d" in kind:
        return 1
    return 2 if isinstance(module, (nn.Linear, nn.LayerNorm, nn.MultiheadAttention, nn.RNNBase)) else None


def giver(inputs: tuple) -> str:
    """The layer whose untouched output this input is, or ""."""
    name, version = getattr(inputs[0], "layer", ("", None)) if inputs else ("", None)
    # `out += identity` changes a tensor that still carries the mark of the layer before: its version tells.
    return name if name and inputs[0]._version == version else ""


def blocks(network: nn.Module) -> Iterator[str]:
    """The names of the modules that an architecture chart shows: stacks are opened, what they hold is not."""
    opened = STACKS + tuple({type(module) for module in network.modules() if holds_stack(module)})

    def names(module, prefix):
        for name, child in module.named_children():
            if isinstance(child, opened):
                yield from names(child, f"{prefix}{name}.")
            else:
                yield prefix + name

    return names(network, "")


def holds_stack(module: nn.Module) -> bool:
    """Whether one of its children is a stack of at least three modules of one class, like the encoder of a ViT."""
    stacks = [
        list(child.children()) for child in module.children() if isinstance(child, (nn.Sequential, nn.ModuleList))
    ]
    return any(len(stack) >= 3 and len(set(map(type, stack))) == 1 for stack in stacks)
