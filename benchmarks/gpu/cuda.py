"""Runs on a CUDA GPU, with the iteration captured or without, and how their time is taken."""

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import torch

from actviz_core import Ascent, Channel, Model, Recipe, Spec, load_model, optimize, together
from actviz_core.optimization import captured

DEVICE = "cuda"
NETWORK, LAYER = "efficientnet_lite0", "blocks.4.0"
SO = "so"  # what a measurement says is to be done
Rows = Iterator[tuple[str, str]]
WARM, TIMED = 30, 40  # iterations; of the warm ones the first 16 redirect ReLUs


def model_of(name: str) -> Model:
    return load_model(name, DEVICE, weights="" if name == NETWORK else "untrained")


def good(count: int = 1, size: int = 224, network: str = NETWORK, layer: str = LAYER, **given: object) -> Spec:
    objective = Channel(layer, 0) if count == 1 else tuple(Channel(layer, channel) for channel in range(count))
    return Spec(network, objective, count=count, height=size, width=size, **given)


def rate(model: Model, spec: Spec, every: int = 1, graphs: bool = True) -> float:
    """Iterations per second behind the warm ones; without `graphs` the iteration is not captured."""
    with switched(graphs):
        total = WARM + TIMED
        frames = optimize(model, replace(spec, iterations=total), every=every)
        for frame in frames:
            if frame.iteration >= WARM:
                break
        began, first = time.perf_counter(), frame.iteration
        (last,) = deque(frames, maxlen=1)
        return (last.iteration - first) / (time.perf_counter() - began)


@contextmanager
def switched(graphs: bool) -> Iterator[None]:
    kept, captured.DEVICES = captured.DEVICES, {DEVICE} if graphs else set()
    try:
        yield
    finally:
        captured.DEVICES = kept


def milliseconds(act: Callable[[], object], repeats: int = 20) -> float:
    """Median, by the device's own clock."""
    times = []
    for _ in range(repeats + 3):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        act()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end))
    return statistics.median(times[3:])


def frames_of(model: Model, spec: Spec, graphs: bool = True) -> list:
    with switched(graphs):
        return list(optimize(model, spec))


def difference(one: list, other: list) -> str:
    pairs = zip(one, other, strict=True)
    unequal = [first.iteration for first, second in pairs if not np.array_equal(first.images, second.images)]
    apart = np.abs(one[-1].images.astype(int) - other[-1].images)
    scores = f"scores at the end {np.mean(one[-1].score):.3f} and {np.mean(other[-1].score):.3f}"
    return (
        f"first other picture: {unequal[0] if unequal else 'none'}; at the end {apart.mean():.2f} of 255 apart, "
        f"at most {apart.max()}; {scores}"
    )


def columns(model: Model, count: int, size: int, graphs: bool) -> float:
    """Iterations per second of runs in step."""
    with switched(graphs):
        runs = [
            Ascent(model, Recipe(replace(good(size=size), objective=Channel(LAYER, channel))))
            for channel in range(count)
        ]
        times = []
        for _ in range(WARM + TIMED):
            together(runs, [None] * count)
            times.append(time.perf_counter())
        return TIMED / (times[-1] - times[-1 - TIMED])


def wall(act: Callable[[], object]) -> float:
    times = []
    for _ in range(20):
        torch.cuda.synchronize()
        began = time.perf_counter()
        act()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times)
