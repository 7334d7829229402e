"""The iteration as a CUDA graph, against one by one."""

import statistics
import time
from collections.abc import Generator

from actviz_core import Model

from .cuda import (
    NETWORK,
    SO,
    Rows,
    columns,
    difference,
    frames_of,
    good,
    model_of,
    rate,
)


def graphs() -> Rows:
    """9. The iteration as a CUDA graph"""
    model = model_of(NETWORK)
    yield from sizes(model)
    ratios = yield from larger_networks()
    plain, again, graph = (frames_of(model, good(), graphs) for graphs in (False, False, True))
    yield "one by one twice", difference(plain, again)
    yield "graph against one by one", difference(plain, graph)
    same = abs(graph[-1].score[0] / plain[-1].score[0] - 1) < 0.05
    yield SO, f"iterations are {'' if statistics.geometric_mean(ratios) > 1.1 and same else 'not '}to be captured"
    yield from whole_runs(model)
    for count, size in ((2, 224), (6, 224), (12, 128)):
        found = [columns(model, count, size, graphs) for graphs in (False, True)]
        yield (
            f"{count} columns of {size} px, each shown",
            f"{found[1]:.0f} it/s with graphs, {found[0]:.0f} in one batch",
        )


def sizes(model: Model) -> Rows:
    for count, size in ((1, 224), (1, 128), (4, 224), (64, 128), (64, 224)):
        spec = good(count, size)
        for every in (1, 10):
            plain, graph = rate(model, spec, every, graphs=False), rate(model, spec, every)
            yield (
                f"{count} x {size} px, each {every}. shown",
                f"{graph:.0f} it/s, one by one {plain:.0f}: {graph / plain:.2f} x",
            )


def larger_networks() -> Generator[tuple[str, str], None, list[float]]:
    """How many times faster a graph is in each."""
    ratios = []
    for name, layer in (("resnet50", "layer3"), ("vgg16", "features.28")):
        other = model_of(name)
        for count in (1, 64):
            spec, every = good(count, network=name, layer=layer), 1 if count == 1 else 10
            plain, graph = (rate(other, spec, every, graphs) for graphs in (False, True))
            ratios.append(graph / plain)
            yield (
                f"{name}, {count} x 224 px, each {every}. shown",
                f"{graph:.0f} it/s, one by one {plain:.0f}: {ratios[-1]:.2f} x",
            )
    return ratios


def whole_runs(model: Model) -> Rows:
    for graphs in (False, True):
        began = time.perf_counter()
        frames_of(model, good(iterations=192), graphs)
        yield (
            f"a whole run of 192 iterations, each shown, {'a graph' if graphs else 'one by one'}",
            f"{time.perf_counter() - began:.2f} s",
        )
    seconds = [frame.seconds for frame in frames_of(model, good(iterations=192))]
    yield (
        "the iteration that captures",
        f"{max(seconds[20:]) * 1e3:.0f} ms (median of all {statistics.median(seconds[40:]) * 1e3:.1f})",
    )
