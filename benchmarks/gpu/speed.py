"""How fast: alone, in batches, as a graph, in other precisions, and what a shown frame costs."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from actviz_core import optimize
from actviz_core.machine import fetched, full_precision
from actviz_core.optimization.outcome import pixels_of

from ..quick import settings
from .cuda import DEVICE, LAYER, NETWORK, SO, WARM, Rows, good, milliseconds, model_of, rate, switched, wall


def baseline() -> Rows:
    """1. Iterations per second, a picture shown at each"""
    for setting in settings():
        if setting.device == DEVICE:
            found = setting.measured()
            yield setting.name, f"{found:.1f} it/s, {found * setting.count:.0f} pictures x it/s"


def launches() -> Rows:
    """6. Kernels of an iteration, and how long the GPU is busy"""
    model = model_of(NETWORK)
    for count in (1, 64):
        for graphs in (False, True):
            with switched(graphs):
                frames = optimize(model, good(count, iterations=WARM + 40), every=20)
                next(frames), next(frames)
                torch.cuda.synchronize()
                began = time.perf_counter()
                with profile(activities=[ProfilerActivity.CUDA]) as found:
                    next(frames)
                    torch.cuda.synchronize()
                took = time.perf_counter() - began
                kernels = [event for event in found.events() if event.device_type == DeviceType.CUDA]
                busy = sum(event.time_range.elapsed_us() for event in kernels) / 20e3
                yield (
                    f"{count} pictures, {'a graph' if graphs else 'one by one'}",
                    f"{len(kernels) / 20:.0f} kernels, {busy:.2f} ms busy, {took * 50:.2f} ms with the profiler",
                )


def precisions() -> Rows:
    """7. Precision, layout and choice of kernels"""
    for name, layer in ((NETWORK, LAYER), ("resnet50", "layer3"), ("vgg16", "features.28")):
        model = model_of(name)
        for count in (1, 64):
            spec = good(count, network=name, layer=layer)
            found = {"TF32": rate(model, replace(spec, precision="float32"), 10)}
            with full_precision():
                found["all of float32"] = rate(model, replace(spec, precision="float32"), 10)
            found["16 bits"] = rate(model, replace(spec, precision="autocast"), 10)
            torch.backends.cudnn.benchmark = True
            found["TF32, cudnn.benchmark"] = rate(model, replace(spec, precision="float32"), 10)
            found["16 bits, cudnn.benchmark"] = rate(model, replace(spec, precision="autocast"), 10)
            torch.backends.cudnn.benchmark = False
            for module in model.folded.network.modules():
                module.to(memory_format=torch.contiguous_format)
            found["TF32, contiguous"] = rate(model, replace(spec, precision="float32"), 10)
            for module in model.folded.network.modules():
                if isinstance(module, torch.nn.Conv2d):
                    module.to(memory_format=torch.channels_last)
            yield (
                f"{name} {layer}, {count} pictures, it/s",
                ", ".join(f"{key} {value:.1f}" for key, value in found.items()),
            )
            yield SO, f"{name}, {count} pictures: {max(found, key=found.get)}"


def gathering() -> Rows:
    """8. Objectives of many pictures: one gather against one for each"""
    for count, size in ((8, 8), (64, 8), (64, 14)):
        values = torch.randn(count, 112, size, size, device=DEVICE, requires_grad=True)
        which = torch.arange(count, device=DEVICE)
        gather = milliseconds(partial(gathered, values, which))
        each = milliseconds(partial(one_for_each, values))
        yield f"{count} x 112 x {size} x {size}", f"{gather:.2f} ms and {each:.2f} ms"


def gathered(values: Tensor, which: Tensor) -> tuple[Tensor, ...]:
    return torch.autograd.grad(values[which, which].mean((1, 2)).sum(), values)


def one_for_each(values: Tensor) -> tuple[Tensor, ...]:
    means = [values[:, channel].mean((1, 2))[channel] for channel in range(len(values))]
    return torch.autograd.grad(torch.stack(means).sum(), values)


def showing() -> Rows:
    """12. What a shown frame costs"""
    for count, size in ((1, 224), (64, 128), (64, 224)):
        parts = parts_of_showing(count, size)
        yield f"{count} x {size} px", ", ".join(f"{name} {wall(act):.2f} ms" for name, act in parts.items())


def parts_of_showing(count: int, size: int) -> dict[str, Callable[[], object]]:
    pictures = torch.zeros(count, size, size, 3, dtype=torch.uint8, device=DEVICE)
    host = torch.empty(pictures.shape, dtype=torch.uint8, pin_memory=True)
    return {
        "fetched": lambda: fetched([pictures]),
        "page-locked memory": lambda: torch.empty(pictures.shape, dtype=torch.uint8, pin_memory=True),
        "the copy": lambda: host.copy_(pictures, non_blocking=True),
        "copied for keeping": lambda: host.numpy().copy(),
        "rendered": lambda: pixels_of(torch.zeros(count, 3, size, size, device=DEVICE), good(count, size)),
    }
