"""Lines of a standalone script that make a network compute as a Model does: folded, and by the same kernels."""

from torch import nn

from ...errors import NotAllowed
from ...models.folding import BatchNorm, pairing
from ...models.kernels import Conv2d as PinnedConv2d
from ...models.kernels import is_plain
from ...models.layer import OUTPUT
from ...models.model import Model
from ...models.packaged import SIDES, wheel
from ...models.timm import PREFIX
from ...models.torchvision import INCEPTIONS, names

FOLD = """\
for c, norm in zip(modules, modules[1:]):  # a batch norm becomes part of the convolution before it
    if isinstance(c, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
        fused = fuse_conv_bn_eval(c, norm).requires_grad_(False)
        c.weight, c.bias, norm.forward = fused.weight, fused.bias, getattr(norm, "act", nn.Identity()).forward
"""
PIN = """\
network.to(memory_format=torch.channels_last)
for c in modules:
    if isinstance(c, nn.Conv2d) and c.groups == 1:
        c.forward = partial(convolved, c, BACK)
"""
SAME = """\
    if type(c).__name__ == "Conv2dSame" and c.groups == 1:
        c.forward = lambda x, c=c, after=c.forward: after(pad_same(x, c.kernel_size, c.stride, c.dilation))
"""
DENSE = """\
    if isinstance(c, nn.Linear):  # a convolution of one pixel
        one = nn.Conv2d(c.in_features, c.out_features, 1).requires_grad_(False)
        one.weight.data, one.bias = c.weight[:, :, None, None], c.bias
        c.forward = lambda x, one=one: convolved(one, turned_back, x[:, :, None, None])[:, :, 0, 0]
"""


def network_lines(model: Model, layers: tuple[str, ...]) -> str:
    """The network by its name, ready to be asked for these layers. Raises NotAllowed, with the reason."""
    folding = model.folded.network is not model.network and model.folded.shows(layers)
    text = loading(model) + "modules = list(network.modules())\n" + (folds(model) if folding else "")
    pinned = PIN
    if any(type(module).__name__.endswith("Conv2dSame") for module in model.network.modules()):
        pinned += SAME
    if dense_before(model, layers):
        pinned += DENSE
    if any(isinstance(m, nn.Conv2d) and m.groups == 1 and not is_plain(m) for m in model.network.modules()):
        raise NotAllowed(f"{model.name} has convolutions of a kind that a script cannot repeat to the last bit.")
    strided = any(isinstance(m, PinnedConv2d) and m.stride != (1, 1) for m in model.network.modules())
    back = "turned_back if c.stride == (1, 1) else strided_back" if strided else "turned_back"
    return text + pinned.replace("BACK", back)


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
        package = wheel(name).replace("-", "_")
        text += (
            f'[file] = Path(importlib.import_module("{package}").__path__[0]).glob("models/*.pth")\n'
            "tensors = torch.load(file, weights_only=True).values()\n"
            "network.load_state_dict(dict(zip(network.state_dict(), tensors, strict=True)))\n"
        )
    return text


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
    return FOLD
