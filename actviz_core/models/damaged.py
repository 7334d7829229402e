"""A packaged network in which faults were planted, to learn on how pictures show them: in one layer, some channels.

dead       they answer 0 to everything
doubled    they have the weights of another one
unlearned  their weights are as before any training, and so is what the batch norm knows of them
"""

from dataclasses import replace
from functools import partial

import torch
from torch import nn

from . import packaged
from .source import Blueprint, Entry, seeded
from .weights import Progress

NAME, HEALTHY = "efficientnet_lite0_damaged", "efficientnet_lite0"
LAYER = "blocks.2.0"
DEAD = (12, 29)
DOUBLED = {31: 14}  # the copy, and what it is of
UNLEARNED = (5,)


def entries() -> tuple[Entry, ...]:
    return (Entry(NAME, "packaged"),)


def blueprint(name: str) -> Blueprint | None:
    healthy = packaged.blueprint(HEALTHY) if name == NAME else None
    return healthy and replace(healthy, publish=partial(publish, healthy))


def publish(healthy: Blueprint, progress: Progress | None) -> nn.Module:
    """The healthy network's weights, but for the planted channels of the layer."""
    network = healthy.publish(progress)
    block = network.get_submodule(LAYER)
    convolution, norm = block.get_submodule("conv_pwl"), block.get_submodule("bn3")
    assert isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d), "the layer ends with these"
    plant(convolution, norm)
    return network


@torch.no_grad()
def plant(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    """Changes the channels that the two give."""
    with seeded():
        fresh = nn.Conv2d(convolution.in_channels, len(UNLEARNED), 1, bias=False)
    initial = nn.BatchNorm2d(1).state_dict()
    for new, channel in enumerate(UNLEARNED):
        convolution.weight[channel] = fresh.weight[new]
        for name, tensor in norm.state_dict().items():
            if tensor.dim():
                tensor[channel] = initial[name][0]
    for copy, channel in DOUBLED.items():
        for tensor in (convolution.weight, *norm.state_dict().values()):
            if tensor.dim():
                tensor[copy] = tensor[channel]
    for channel in DEAD:
        norm.weight[channel] = norm.bias[channel] = 0.0
