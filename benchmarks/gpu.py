"""python -m benchmarks.gpu: what only a CUDA GPU can tell, measured in order, unattended, in some minutes.

Prints a table with a line for each figure and, at the end, what to switch on. A measurement that fails says so, and the
next begins.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
import torchvision
from torch import Tensor
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from actviz_core import Ascent, Gallery, Recipe, judge, optimize, rendering, together
from actviz_core.machine import fetched, full_precision, keep_memory
from actviz_core.optimization.outcome import pixels_of
from actviz_core.optimization.parametrizations import in_two_steps

from .cuda import (
    DEVICE,
    LAYER,
    NETWORK,
    WARM,
    columns,
    difference,
    frames_of,
    good,
    milliseconds,
    model_of,
    rate,
    switched,
    wall,
)
from .machine import processor
from .quick import settings
from .report import table

SO = "so"  # what a measurement says is to be done
Rows = Iterator[tuple[str, str]]


def baseline() -> Rows:
    """1. Iterations per second, a picture shown at each"""
    for setting in settings():
        if setting.device == DEVICE:
            found = setting.measured()
            yield setting.name, f"{found:.1f} it/s, {found * setting.count:.0f} pictures x it/s"


def folding() -> Rows:
    """2. Batch norms folded into convolutions, and TF32"""
    model = model_of(NETWORK)
    yield "folded", "yes" if model.folded.network is not model.network else "NO"
    with torch.no_grad():
        for name, precision in (("TF32", None), ("all of float32", full_precision())):
            with precision or torch.no_grad():
                first, second = model.network(model.example), model.folded.network(model.example)
            yield f"largest difference of logits, {name}", f"{(first - second).abs().max() / first.abs().max():.1e}"


def free_waves() -> Rows:
    """3. Pictures of free waves, CPU against GPU"""
    right = True
    for count, size in ((1, 224), (1, 225), (64, 128), (12, 96), (1, 512), (3, 250)):
        spectrum = torch.view_as_complex(
            torch.randn(count, 3, size, size // 2 + 1, 2, generator=torch.Generator().manual_seed(0))
        )
        expected = torch.fft.irfft2(spectrum, s=(size, size), norm="ortho")
        there = spectrum.to(DEVICE)
        ways = {
            "irfft2": partial(torch.fft.irfft2, there, s=(size, size), norm="ortho"),
            "in two steps": partial(in_two_steps, there, size),
        }
        found = [
            f"{name} {(way().cpu() - expected).abs().max():.1e} away in {milliseconds(way):.3f} ms"
            for name, way in ways.items()
        ]
        yield f"{count} x {size} px, numbers up to {expected.abs().max():.1f}", ", ".join(found)
        right &= bool((ways["irfft2"]().cpu() - expected).abs().max() < 1e-4)
    yield SO, "irfft2 would do" if right else "free waves are to be summed in two steps"


def waits() -> Rows:
    """4. What waits between shown frames"""
    model = model_of(NETWORK)
    for graphs in (False, True):
        with switched(graphs):
            frames = optimize(model, good(iterations=60), every=30)
            next(frames)
            torch.cuda.set_sync_debug_mode("error")
            try:
                next(frames)
                yield "as a graph" if graphs else "one by one", "nothing"
            except RuntimeError as problem:
                yield "as a graph" if graphs else "one by one", str(problem).splitlines()[0]
            finally:
                torch.cuda.set_sync_debug_mode("default")


def repeated() -> Rows:
    """5. The Good default twice with one seed"""
    model = model_of(NETWORK)
    yield "the same twice", difference(*(frames_of(model, good()) for _ in range(2)))
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield (
            "with deterministic algorithms where there are such",
            difference(*(frames_of(model, good()) for _ in range(2))),
        )
    finally:
        torch.use_deterministic_algorithms(False)


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


def graphs() -> Rows:
    """9. The iteration as a CUDA graph"""
    model = model_of(NETWORK)
    for count, size in ((1, 224), (1, 128), (4, 224), (64, 128), (64, 224)):
        spec = good(count, size)
        for every in (1, 10):
            plain, graph = rate(model, spec, every, graphs=False), rate(model, spec, every)
            yield (
                f"{count} x {size} px, each {every}. shown",
                f"{graph:.0f} it/s, one by one {plain:.0f}: {graph / plain:.2f} x",
            )
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
    plain, again, graph = (frames_of(model, good(), graphs) for graphs in (False, False, True))
    yield "one by one twice", difference(plain, again)
    yield "graph against one by one", difference(plain, graph)
    same = abs(graph[-1].score[0] / plain[-1].score[0] - 1) < 0.05
    yield SO, f"iterations are {'' if statistics.geometric_mean(ratios) > 1.1 and same else 'not '}to be captured"
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
    for count, size in ((2, 224), (6, 224), (12, 128)):
        found = [columns(model, count, size, graphs) for graphs in (False, True)]
        yield (
            f"{count} columns of {size} px, each shown",
            f"{found[1]:.0f} it/s with graphs, {found[0]:.0f} in one batch",
        )


def little_memory() -> Rows:
    """10. With 5 % of the memory"""
    model = model_of("vgg16")
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(0.05)
    try:
        plan = Gallery.of(model, "features.28", Recipe(good(network="vgg16", layer="features.28", iterations=8)))
        tiles = []
        began = time.perf_counter()
        for _ in rendering(plan, model, tuple(range(64)), tiles.append):
            pass
        seconds, failed = time.perf_counter() - began, sum(bool(tile.reason) for tile in tiles)
        yield (
            "gallery of 64, VGG16 at 224 px",
            f"{len(tiles)} pictures, {failed} failed, {seconds:.1f} s",
        )
        runs = [
            Ascent(model, Recipe(good(network="vgg16", layer="features.28", iterations=8, seed=seed)))
            for seed in range(12)
        ]
        frames = [together(runs, [None] * 12) for _ in range(8)][-1]
        yield "twelve columns", f"{sum(not isinstance(frame, Exception) for frame in frames)} of 12 made"
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


def beside() -> Rows:
    """11. Loading and judging in other threads while iterations are captured"""
    model, problems, done = model_of(NETWORK), [], threading.Event()
    picture = frames_of(model, good(iterations=24))[-1].images[0]

    def judging() -> None:
        while not done.is_set():
            attempt(lambda: judge(model, good(), picture))

    def loading() -> None:
        while not done.is_set():
            attempt(lambda: model_of("resnet18"))

    def attempt(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as problem:
            problems.append(f"{type(problem).__name__}: {str(problem).splitlines()[0]}")

    threads = [threading.Thread(target=act) for act in (judging, loading)]
    for thread in threads:
        thread.start()
    try:
        found = [frames_of(model, good(iterations=48, seed=seed))[-1].score[0] for seed in range(8)]
    finally:
        done.set()
        for thread in threads:
            thread.join()
    alone = [frames_of(model, good(iterations=48, seed=seed))[-1].score[0] for seed in range(8)]
    yield (
        "eight captured runs, scores over those alone",
        " ".join(f"{one / other:.2f}" for one, other in zip(found, alone, strict=True)),
    )
    yield "problems of the other threads", "; ".join(dict.fromkeys(problems)) or "none"


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


MEASUREMENTS = (
    baseline,
    folding,
    free_waves,
    waits,
    repeated,
    launches,
    precisions,
    gathering,
    graphs,
    little_memory,
    beside,
    showing,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="numbers of measurements, as 1,4,9")
    parser.add_argument("--out", type=Path, help="write the table into this file too")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        parser.error("there is no CUDA GPU here")
    keep_memory()
    chosen = [MEASUREMENTS[int(number) - 1] for number in options.only.split(",")] if options.only else MEASUREMENTS
    about = (
        f"{time.strftime('%Y-%m-%d')}, {torch.cuda.get_device_name()}, {processor()}, torch {torch.__version__}, "
        f"torchvision {torchvision.__version__}"
    )
    rows = []
    for measure in chosen:
        began = time.perf_counter()
        rows.append((f"**{measure.__doc__}**", ""))
        try:
            for row in measure():
                rows.append(row)
                print(*row, sep=": ", flush=True)
        except Exception as problem:
            rows.append(("failed", f"{type(problem).__name__}: {str(problem).splitlines()[0]}"))
        print(f"{measure.__doc__} took {time.perf_counter() - began:.0f} s", flush=True)
    advice = "\n".join(f"* {value}" for name, value in rows if name == SO)
    measured = table(["", "measured"], [list(row) for row in rows if row[0] != SO])
    text = f"{about}\n\n{measured}\n\nWhat to switch on:\n\n{advice}\n"
    print(f"\n{text}")
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
