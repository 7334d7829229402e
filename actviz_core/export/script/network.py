"""Lines of a standalone script that make a network compute as a Model does: folded, and by the same kernels."""

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.overrides import TorchFunctionMode

from ...errors import NotAllowed
from ...models.folding import BatchNorm, pairing
from ...models.kernels import Conv2d as PinnedConv2d
from ...models.layer import OUTPUT
from ...models.layers import find_layer
from ...models.model import Model
from ...models.packaged import SIDES
from ...models.relu_rules import upper_of
from ...models.timm import PREFIX
from ...models.torchvision import INCEPTIONS, names
from ...objectives import Objective
from ...optimization.recipe import Recipe

FOLD = """\
for c, norm in zip(network.modules(), list(network.modules())[1:]):  # norms become part of convolutions
    if isinstance(c, torch.nn.Conv2d) and isinstance(norm, torch.nn.BatchNorm2d):
        fused = torch.nn.utils.fuse_conv_bn_eval(c, norm)
        c.weight, c.bias, norm.forward = fused.weight, fused.bias, AFTER.forward
"""
SQUARE = """\
        side, step = weight.shape[3], stride[0]
        turned = F.pixel_unshuffle(F.pad(weight, (0, -side % step) * 2), step).transpose(0, 1).flip(2, 3)
        if step == 1:
            return convolve(grad, turned, None, [side - 1 - padding[0]] * 2)CAST
        found = F.pixel_shuffle(convolve(F.pad(grad, [turned.shape[2] - 1] * 4), turned, None, (0, 0)), step)
        (high, wide), p = x.shape[2:], padding[0]
        return F.pad(found, (-p, p + wide - found.shape[3], -p, p + high - found.shape[2]))CAST
"""
OBLONG = """\
        step, (high, wide) = stride[0], weight.shape[2:]
        turned = F.pixel_unshuffle(F.pad(weight, (0, -wide % step, 0, -high % step)), step)
        turned = turned.transpose(0, 1).flip(2, 3)
        if step == 1:
            rim = [d * (size - 1) - p for d, size, p in zip(dilation, (high, wide), padding)]
            return convolve(grad, turned, None, rim, (1, 1), dilation)CAST
        rows, columns = (size - 1 for size in turned.shape[2:])
        found = convolve(F.pad(grad, (columns, columns, rows, rows)), turned, None, (0, 0))
        found, (top, left), (high, wide) = F.pixel_shuffle(found, step), padding, x.shape[2:]
        return F.pad(found, (-left, left + wide - found.shape[3], -top, top + high - found.shape[2]))CAST
"""
UNSTRIDED = """\
        turned = weight.transpose(0, 1).flip(2, 3)
        rim = [d * (size - 1) - p for d, size, p in zip(dilation, weight.shape[2:], padding)]
        return convolve(grad, turned, None, rim, (1, 1), dilation)CAST
"""
CHANNELS_LAST = "network.to(memory_format=torch.channels_last)"
LINEAR = """\
F.linear = lambda x, weight, bias: conv2d(x[:, :, None, None], weight[:, :, None, None], bias)[:, :, 0, 0]
"""
RELU = """
def NAME(x, *options, **others):  # redirected: where all gradient would end, what would wake it goes on
    def back(grad, x):
        kept = grad.where(INSIDE, 0)
        ANSWER
    return Step.apply(x, lambda x: x.clamp(LIMITS), back)
"""


@dataclass(frozen=True)
class Arithmetic:
    """How a network computes: what takes the place of torch's functions.

    functions  names of the script's -> their lines
    patches    names of torch's -> those of the script's
    dense      whether dense layers count
    """

    functions: Mapping[str, str]
    patches: Mapping[str, str]
    dense: bool

    @property
    def lines(self) -> str:
        return f"{', '.join(self.patches)} = {', '.join(self.patches.values())}\n" + LINEAR * self.dense


def network_lines(model: Model, layers: tuple[str, ...]) -> str:
    """The network by its name, ready to be asked for these layers. Raises NotAllowed, with the reason."""
    folding = model.folded.network is not model.network and model.folded.shows(layers)
    return loading(model) + (folds(model) if folding else "")


def arithmetic_of(model: Model, layers: tuple[str, ...], redirected: int, alone: bool, reduced: bool) -> Arithmetic:
    """Of convolutions, dense layers and ReLUs; `alone`: one view of one picture. Raises NotAllowed, with the reason."""
    dense = dense_before(model, layers)
    if dense and any(isinstance(module, nn.LayerNorm) for module in model.network.modules()):
        raise NotAllowed(
            f"There is no script yet for dense layers of many places, as in {model.name}: save the recipe."
        )
    functions, patches = {"conv2d": conv2d(model, reduced)}, {"F.conv2d": "conv2d"}
    for upper, called in relus(model).items() if redirected else ():
        name = "relu" if math.isinf(upper) else f"relu{upper:g}"
        functions[name] = relu(name, upper, redirected, alone)
        patches |= dict.fromkeys(called, name)
    return Arithmetic(functions, patches, dense)


def conv2d(model: Model, reduced: bool) -> str:
    convolutions = [module for module in model.network.modules() if isinstance(module, nn.Conv2d)]
    dense = [module for module in convolutions if module.groups == 1]
    if not all(isinstance(module, PinnedConv2d) for module in dense):
        raise NotAllowed(f"{model.name} has convolutions of a kind that a script cannot repeat to the last bit.")
    strided = any(module.stride != (1, 1) for module in dense)
    turned = (SQUARE if all(map(is_square, dense)) else OBLONG) if strided else UNSTRIDED
    lines = [
        "\ndef conv2d(x, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):",
        "    def back(grad, x):  # a convolution too, with turned weights"
        + "; places within a stride are channels" * strided,
        turned.replace("CAST", ".to(x.dtype)" * reduced).rstrip("\n"),
    ]
    if len(dense) < len(convolutions):
        lines += [
            "    if groups > 1:",
            "        return torch.conv2d(x, weight, bias, stride, padding, dilation, groups)",
        ]
    if reduced:
        lines.append("    bias = None if bias is None else bias.bfloat16()")
    x = "x.bfloat16()" if reduced else "x"
    lines.append(f"    return Step.apply(x, lambda x: convolve({x}, weight, bias, padding, stride, dilation), back)")
    return "\n".join(lines) + "\n"


def is_square(module: nn.Conv2d) -> bool:
    return all(len(set(sizes)) == 1 for sizes in (module.kernel_size, module.padding)) and module.dilation == (1, 1)


def relu(name: str, upper: float, redirected: int, alone: bool) -> str:
    """One whose gradient is redirected in the first iterations."""
    text = RELU.replace("NAME", name)
    if math.isinf(upper):
        inside, wakes, limits = "x > 0", "(x <= 0) & (grad < 0)", "0"
    else:
        inside, limits = f"(x > 0) & (x < {upper:g})", f"0, {upper:g}"
        wakes = f"(x <= 0) & (grad < 0) | (x >= {upper:g}) & (grad > 0)"
    woken = f"grad.where({wakes}, 0)"
    answer = f"return kept if k > {redirected} or kept.any() else {woken}"
    if not alone:
        answer = (
            f"alive = kept.flatten(1).any(1).view(-1, *[1] * (x.dim() - 1)) | (k > {redirected})\n"
            f"        return kept.where(alive, {woken})"
        )
    for place, value in (("INSIDE", inside), ("LIMITS", limits), ("ANSWER", answer)):
        text = text.replace(place, value)
    return text


class CalledRelus(TorchFunctionMode):
    """Notes the functions by which a network computes its ReLUs, by where they end."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[float, set[str]] = {}

    def __torch_function__(
        self, function: Callable, types: object, args: tuple = (), kwargs: Mapping[str, Any] | None = None
    ) -> object:
        if function in RELU_NAMES:
            upper = upper_of(function.__name__, args, kwargs or {})
            if upper is not None:
                self.found.setdefault(upper, set()).add(RELU_NAMES[function])
        return function(*args, **(kwargs or {}))


RELU_NAMES = {
    F.relu: "F.relu",
    F.relu6: "F.relu6",
    F.hardtanh: "F.hardtanh",
    torch.relu: "torch.relu",
    torch.Tensor.relu: "torch.Tensor.relu",
}


def relus(model: Model) -> dict[float, list[str]]:
    with torch.no_grad(), CalledRelus() as called:
        model.network(model.example)
    return {upper: sorted(names) for upper, names in called.found.items()}


def dense_before(model: Model, layers: tuple[str, ...]) -> bool:
    """Whether the way to these layers leads through a dense one, which a Model computes as a convolution."""
    order = [name for name, _ in model.network.named_modules()]
    dense = [order.index(name) for name, module in model.network.named_modules() if isinstance(module, nn.Linear)]
    return any(layer == OUTPUT or order.index(layer) >= min(dense, default=len(order)) for layer in layers)


def loading(model: Model) -> str:
    """With its weights. Raises NotAllowed where these are nobody else's."""
    name, untrained = model.name, model.weights == "untrained"
    if model.weights not in ("", "untrained"):
        raise NotAllowed("A script loads published weights by name; these are of a file of yours.")
    if name in SIDES:
        build = f'timm.create_model("tf_{name}")'
    elif name.startswith(PREFIX):
        build = f'timm.create_model("{name.removeprefix(PREFIX)}"{"" if untrained else ", pretrained=True"})'
    elif name in names():
        options = ", aux_logits=False, init_weights=True" if untrained and name in INCEPTIONS else ""
        options += "" if untrained else ', weights="DEFAULT"' + ", transform_input=False" * (name in INCEPTIONS)
        build = f'torchvision.models.get_model("{name}"{options})'
    else:
        raise NotAllowed("A script loads networks by name; this one is your own.")
    text = "torch.manual_seed(0)\n" * untrained + f"network = {build}.eval().requires_grad_(False)\n"
    if name in SIDES and not untrained:  # its wheel names the tensors differently, in the same order
        text += (
            f"tensors = torch.load({weights_of(name)}.get_model_file_path(), weights_only=True).values()\n"
            "network.load_state_dict(dict(zip(network.state_dict(), tensors, strict=True)))\n"
        )
    return text


def weights_of(name: str) -> str:
    """The class that knows where a packaged network's weights are."""
    return "".join(word.capitalize() for word in name.split("_")) + "ModelFile"


def folds(model: Model) -> str:
    """Which batch norms become part of a convolution: where that can be told from their order, in a few lines."""
    with pairing(model.network) as pairs:
        model.network(model.example)
    named = list(model.network.named_modules())
    in_order = [
        (before, after)
        for (before, first), (after, second) in zip(named, named[1:], strict=False)
        if isinstance(first, nn.Conv2d) and isinstance(second, BatchNorm)
    ]
    if sorted(pairs()) != sorted(in_order):
        raise NotAllowed(f"A script cannot tell which layers of {model.name} are computed as one.")
    norms = [module for module in model.network.modules() if isinstance(module, BatchNorm)]
    own = [hasattr(module, "act") for module in norms]  # timm's end with an activation function
    after = "norm.act" if all(own) else 'getattr(norm, "act", torch.nn.Identity())'
    return FOLD.replace("AFTER", after if any(own) else "torch.nn.Identity()")


@dataclass(frozen=True)
class Answers:
    """What layers answer.

    hooks  lines that keep it
    start  what stands before a call of the network
    texts  layers -> their answers, as the script writes them
    flat   layers whose answers have no rows and columns
    """

    hooks: str
    start: str
    texts: Mapping[str, str]
    flat: Set[str]


def answers_of(model: Model, recipe: Recipe, objective: Objective, reduced: bool) -> Answers:
    """Of the layers of an objective. Raises NotAllowed."""
    hooks, start, texts, flat = "", "", {}, set()
    cast = ".float()" if reduced else ""
    for name in objective.layers:
        layer = find_layer(model, name, recipe.spec.height, recipe.spec.width)
        if layer.axes not in ("channels,rows,columns", "channels") or layer.name not in (layer.module, OUTPUT):
            raise NotAllowed(f"There is no script for layers such as {layer.name} yet: save the recipe instead.")
        if layer.axes == "channels":
            flat.add(name)
        if layer.module == OUTPUT:
            start, texts[name] = "output = ", f"output{cast}"
            continue
        place = "network" if hooks else CHANNELS_LAST
        variable = f"layer_{len(texts) + 1}" if len(objective.layers) > 1 else "layer"
        keep = f'setattr(layer, "answer", answer.clone(){cast})'
        hooks += f'{variable} = {place}.get_submodule("{layer.module}")\n'
        hooks += f"{variable}.register_forward_hook(lambda layer, given, answer: {keep})\n"
        texts[name] = f"{variable}.answer"
    hooks = hooks or f"{CHANNELS_LAST}\n"
    return Answers(hooks, start, texts, flat)
