"""Whether what comes of it is right: the same numbers, no waits, with little memory and beside other threads."""

import threading
import time
from collections.abc import Callable
from functools import partial

import torch

from actviz_core import Ascent, Gallery, Recipe, judge, optimize, rendering, together
from actviz_core.machine import full_precision
from actviz_core.optimization.waves import in_two_steps

from .cuda import (
    DEVICE,
    NETWORK,
    SO,
    Rows,
    difference,
    frames_of,
    good,
    milliseconds,
    model_of,
    switched,
)


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
