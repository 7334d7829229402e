"""The loop on a CUDA device, where there is one.

What the CPU gives but for rounding, without a wait between shown frames.
"""

import numpy as np
import pytest
import torch

from actviz_core import (
    Ascent,
    Channel,
    Gallery,
    Hyperparams,
    Model,
    Noise,
    Recipe,
    Spec,
    load_model,
    optimize,
    rendering,
    together,
)
from actviz_core.machine import full_precision
from actviz_core.optimization import captured
from tests.core.test_device import CASES, CHANNELS, spec_of

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")


@pytest.fixture(autouse=True)
def exactly():
    with full_precision():
        yield
    torch.cuda.set_sync_debug_mode("default")


def small(device: str):
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, 2), torch.nn.ReLU(), torch.nn.Conv2d(4, 8, 3, 2)).eval()
    return Model.of(network, 32, (0.5,) * 3, (0.2,) * 3, name="tiny", device=device)


def random(hyperparams: Hyperparams) -> bool:
    return any(isinstance(transform, Noise) for transform in hyperparams.transforms)


@pytest.mark.parametrize("name", CASES)
def test_a_run_is_that_of_the_cpu_but_for_rounding(name):
    given, hyperparams = CASES[name]
    here, there = (list(optimize(small(device), spec_of(**given), hyperparams)) for device in ("cpu", "cuda"))
    if random(hyperparams):
        return
    for mine, other in zip(here, there, strict=True):
        np.testing.assert_allclose(other.score, mine.score, rtol=0.02, atol=1e-3)
    np.testing.assert_allclose(there[0].score, here[0].score, rtol=1e-4, atol=1e-5)
    assert np.abs(here[0].images.astype(int) - there[0].images).mean() < 1


@pytest.mark.parametrize("devices", [set(), {"cuda"}], ids=["one by one", "as a graph"])
@pytest.mark.parametrize("name", CASES)
def test_nothing_waits_between_shown_frames(name, devices, monkeypatch):
    given, hyperparams = CASES[name]
    monkeypatch.setattr(captured, "DEVICES", devices)
    frames = optimize(small("cuda"), spec_of(**given | {"iterations": 60}), hyperparams, every=30)
    assert next(frames).iteration == 30  # what is made once is made
    if given.get("octaves"):
        return  # a new size makes it anew
    torch.cuda.set_sync_debug_mode("error")
    assert next(frames).iteration == 60


@pytest.mark.parametrize("name", CASES)
def test_captured_iterations_give_the_same_frames(name, monkeypatch):
    given, hyperparams = CASES[name]
    model, spec = small("cuda"), spec_of(**given | {"iterations": 24})
    monkeypatch.setattr(captured, "DEVICES", set())
    plain, again = (list(optimize(model, spec, hyperparams)) for _ in range(2))
    monkeypatch.setattr(captured, "DEVICES", {"cuda"})
    graphs = list(optimize(model, spec, hyperparams))
    # Some gradients are not deterministic there: no further apart than ten times what two plain runs are.
    apart = max(np.abs(np.array(one.score) - two.score).max() for one, two in zip(plain, again, strict=True))
    scale = max(np.abs(frame.score).max() for frame in plain)
    for mine, other in zip(plain, graphs, strict=True):
        assert np.abs(np.array(mine.score) - other.score).max() <= 10 * apart + 0.01 * scale


def test_a_snapshot_goes_on():
    model, spec = small("cuda"), spec_of(iterations=8)
    frames = list(optimize(model, spec))
    again = list(optimize(model, spec, snapshot=frames[3].snapshot))
    assert [frame.iteration for frame in again] == [5, 6, 7, 8]
    np.testing.assert_allclose(again[0].score, frames[4].score, rtol=1e-3)


def test_columns_in_step_are_each_what_they_are_alone():
    model = small("cuda")
    recipes = [Recipe(spec_of(objective=channel)) for channel in CHANNELS[:3]]
    runs = [Ascent(model, recipe) for recipe in recipes]
    frames = together(runs, [None] * 3)
    for frame, recipe in zip(frames, recipes, strict=True):
        np.testing.assert_allclose(frame.score, next(optimize(model, recipe.spec, recipe.hyperparams)).score, rtol=1e-3)


def test_a_gallery_too_large_for_the_memory_is_made_in_parts():
    model = load_model("efficientnet_lite0", "cuda")
    plan = Gallery.of(
        model,
        "blocks.1.0",
        Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 0), height=224, width=224, iterations=8)),
    )
    torch.cuda.empty_cache()
    free, total = torch.cuda.mem_get_info()
    torch.cuda.set_per_process_memory_fraction(min(1.0, (torch.cuda.memory_reserved() + 700 * 2**20) / total))
    tiles = []
    try:
        for _ in rendering(plan, model, tuple(range(24)), tiles.append):
            pass
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert sorted(tile.channel for tile in tiles) == list(range(24)) and not any(tile.reason for tile in tiles)


def test_folding_is_found_right():
    model = load_model("efficientnet_lite0", "cuda")
    assert model.folded.network is not model.network
