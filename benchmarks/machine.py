"""What the machine can do: the rate of convolutions, and its name."""

import os
import platform
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from .targets import SIZE, answer

REPEATS = 5


@dataclass(frozen=True)
class Roof:
    """Of the layer's convolutions, forward and gradient of the input, for one image.

    operations  of one iteration; a multiplication and an addition are two
    seconds     that the convolutions take one by one and nothing between them
    dense       operations per second of one large 3 x 3 convolution, the machine's best
    """

    operations: float
    seconds: float
    dense: float


def roof(network: nn.Module, layer: str) -> Roof:
    network.requires_grad_(False)
    found = convolutions(network, layer)
    operations = sum(operations_of(*convolution) for convolution in found)
    seconds = sum(seconds_of(*convolution) for convolution in found)
    dense = nn.Conv2d(256, 256, 3, padding=1).requires_grad_(False), (1, 256, 56, 56)
    return Roof(operations, seconds, operations_of(*dense) / seconds_of(*dense))


def convolutions(network: nn.Module, layer: str) -> list[tuple[nn.Conv2d, tuple[int, ...]]]:
    """Those that run up to the layer, with the shapes of their inputs."""
    found, handles = [], []
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            handles.append(
                module.register_forward_pre_hook(lambda module, inputs: found.append((module, tuple(inputs[0].shape))))
            )
    with torch.no_grad():
        answer(network, layer, torch.zeros(1, 3, SIZE, SIZE))
    for handle in handles:
        handle.remove()
    return found


def operations_of(convolution: nn.Conv2d, shape: tuple[int, ...]) -> float:
    """Two for each weight and output, and as many for the gradient of the input."""
    with torch.no_grad():
        return 4.0 * convolution(torch.zeros(shape)).numel() * convolution.weight[0].numel()


def seconds_of(convolution: nn.Conv2d, shape: tuple[int, ...]) -> float:
    """Channels-last, the median of a few."""
    convolution = convolution.to(memory_format=torch.channels_last)
    images = torch.randn(shape).to(memory_format=torch.channels_last).requires_grad_()
    gradient = torch.randn_like(convolution(images))
    seconds = []
    for _ in range(REPEATS + 1):
        began = time.perf_counter()
        torch.autograd.grad(convolution(images), images, gradient)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


def processor() -> str:
    """Name of the processor and the number of its cores that may be used."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor() or platform.machine()}, {os.cpu_count()} cores"
