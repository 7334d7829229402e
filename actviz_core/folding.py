"""Folding: the same network with less to do.

A batch norm behind a convolution is another convolution: one pass over memory less in each direction. And where torch leaves
convolutions of one pixel to slow code, they are matrix products.
"""

import copy
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

BatchNorm = nn.modules.batchnorm._BatchNorm
TOLERANCE = 1e-3  # of the largest logit; pairs that were read wrongly miss it by far
SMALL = 20_480  # numbers in the input; below, torch does not give single pictures to oneDNN


@dataclass(frozen=True, eq=False)
class Folded:
    """A network that answers like another, but for the convolutions named: these took in a batch norm."""

    network: nn.Module
    changed: frozenset[str] = frozenset()

    def shows(self, names: Iterable[str]) -> bool:
        """Whether all these modules answer as they do in the other network."""
        return self.changed.isdisjoint(names)


@torch.inference_mode(False)
@torch.no_grad()
def folded(network: nn.Module, images: Tensor) -> Folded:
    """A copy of a frozen network that shares its other weights; the network itself where nothing can be gained.

    images  normalized; the two are compared on them
    """
    norms = any(isinstance(module, BatchNorm) for module in network.modules())
    pairs = dict(found_pairs(network, images)) if norms else {}
    if not pairs:
        return Folded(network)
    twin = copy.deepcopy(network, {id(tensor): tensor for tensor in (*network.parameters(), *network.buffers())})
    for convolution, norm in pairs.items():
        modules = twin.get_submodule(convolution), twin.get_submodule(norm)
        twin.set_submodule(convolution, fuse_conv_bn_eval(*modules))
        # What a norm of timm does afterwards, its activation, keeps its name.
        twin.set_submodule(norm, nn.Sequential(OrderedDict(modules[1].named_children())))
    if images.device.type == "cpu":
        for name, module in list(twin.named_modules()):
            if isinstance(module, nn.Conv2d) and is_pointwise(module):
                twin.set_submodule(name, Pointwise(module))
    before, after = network(images), twin(images)
    alike = (before - after).abs().max() <= TOLERANCE * before.abs().max()
    return Folded(twin, frozenset(pairs)) if alike else Folded(network)


class Pointwise(nn.Module):
    """A convolution of one pixel; for small single pictures a matrix product."""

    def __init__(self, convolution: nn.Conv2d):
        super().__init__()
        self.weight, self.bias = convolution.weight, convolution.bias

    def forward(self, images: Tensor) -> Tensor:
        if len(images) > 1 or images.numel() > SMALL:
            return F.conv2d(images, self.weight, self.bias)
        return F.linear(images.permute(0, 2, 3, 1), self.weight.flatten(1), self.bias).permute(0, 3, 1, 2)


def is_pointwise(module: nn.Conv2d) -> bool:
    plain = {"kernel_size": (1, 1), "stride": (1, 1), "padding": (0, 0), "groups": 1}
    return all(getattr(module, name) == value for name, value in plain.items())


def found_pairs(network: nn.Module, images: Tensor) -> Iterator[tuple[str, str]]:
    """(convolution, batch norm) by name, where both run once and one directly behind the other."""
    names = {module: name for name, module in network.named_modules()}
    calls, followed, handles = Counter(), [], []

    def convolved(module, inputs, output):
        calls[module] += 1
        output.convolution = (module, output._version)

    def normalizing(module, inputs):
        calls[module] += 1
        convolution, version = getattr(inputs[0], "convolution", (None, None))
        if convolution is not None and inputs[0]._version == version:
            followed.append((convolution, module))

    for module in names:
        if isinstance(module, nn.Conv2d):
            handles.append(module.register_forward_hook(convolved))
        elif isinstance(module, BatchNorm) and module.track_running_stats:
            handles.append(module.register_forward_pre_hook(normalizing))
    try:
        network(images)
    finally:
        for handle in handles:
            handle.remove()
    return ((names[c], names[n]) for c, n in followed if calls[c] == calls[n] == 1)
