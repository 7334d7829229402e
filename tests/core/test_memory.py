"""Memory that runs out, on a device that says so when it is told to.

What failed is gone before it is tried again, and one run's trouble is its own.
"""

import gc
import os
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch

from actviz_core import (
    L1,
    Ascent,
    Gallery,
    History,
    Hyperparams,
    Jitter,
    OutOfMemory,
    Recipe,
    Run,
    Scheduler,
    batch_size,
    judge,
    list_layers,
    load_model,
    optimize,
    rendering,
    replay,
    together,
)
from actviz_core.machine import WithinMemory, is_out_of_memory, let_go
from actviz_core.models import model as models
from actviz_core.models.examination import takes
from actviz_core.models.folding import folded
from actviz_core.optimization import in_step
from actviz_core.optimization.loop import iterate
from tests.core.tiny import tiny_model
from tests.core.tiny_runs import spec

COMPLAINTS = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
    MemoryError(),
    RuntimeError(
        "[enforce fail at alloc_cpu.cpp:121] . DefaultCPUAllocator: can't allocate memory: "
        "you tried to allocate 1 bytes"
    ),
    RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("cuFFT error: CUFFT_ALLOC_FAILED"),
    RuntimeError("GET was unable to find an engine to execute this computation"),
]
VIEWS = Hyperparams(0.3, (Jitter(3),), (L1(0.1),))


class Allocator:
    """Lets `fits` pictures through the network at once, forward or back.

    Remembers the sizes that were asked for and what became of them.
    """

    def __init__(self, network, fits: int, back: bool = False):
        self.fits, self.back, self.sizes, self.made, self.alive = fits, back, [], [], []
        network.conv1.register_forward_hook(self.forward)

    def forward(self, module, inputs, output):
        self.alive += [len(one()) for one in self.made if one() is not None]
        self.sizes.append(len(output))
        self.made.append(weakref.ref(output))
        if self.back:
            output.register_hook(lambda gradient: self.take(len(gradient)))
        else:
            self.take(len(output))

    def take(self, count: int) -> None:
        if count > self.fits:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")


def recipe(**given) -> Recipe:
    return Recipe(spec(**{"iterations": 3, "redirected": 0} | given), VIEWS)


@pytest.fixture
def model(monkeypatch):
    monkeypatch.setattr(in_step, "BATCHED", {"cpu"})  # as on a GPU
    model = tiny_model()
    list_layers(model, 16, 24)
    return model


def frames_of(model, recipes) -> list[list]:
    runs, found = [Ascent(model, each) for each in recipes], [[] for _ in recipes]
    for _ in range(3):
        for frames, outcome in zip(found, together(runs, [None] * len(runs)), strict=True):
            frames.append(outcome)
    return found


@pytest.mark.parametrize("problem", COMPLAINTS, ids=lambda problem: str(problem)[:30])
def test_every_allocator_is_understood(problem):
    assert is_out_of_memory(problem)
    with (
        pytest.raises(OutOfMemory, match=r"Out of memory on cpu: a lot\. Take less\."),
        WithinMemory(torch.device("cpu"), "a lot", "Take less."),
    ):
        raise problem


def test_other_problems_are_no_lack_of_memory():
    assert not any(map(is_out_of_memory, (RuntimeError("sizes must match"), ValueError("out of memory"), KeyError(1))))


def test_what_a_failed_computation_held_is_gone_when_its_allocator_is_emptied():
    def fail():
        here = torch.ones(3)
        held.append(weakref.ref(here))
        raise torch.OutOfMemoryError("CUDA out of memory")

    held = []
    try:
        fail()
    except RuntimeError as problem:
        assert held[0]() is not None
        let_go(problem, torch.device("cpu"))
        assert held[0]() is None


@pytest.mark.parametrize("back", [False, True], ids=["forward", "backward"])
def test_a_batch_too_large_is_halved_and_what_failed_is_gone_before(model, back):
    recipes = [recipe(seed=seed) for seed in range(5)]
    expected = frames_of(tiny_model(), recipes)
    allocator = Allocator(model.network, 2, back)
    gc.disable()
    try:
        found = frames_of(model, recipes)
    finally:
        gc.enable()
    assert allocator.sizes == [5] + [2, 1, 2] * 3 and not allocator.alive, "the size that worked is remembered"
    for ours, theirs in zip(found, expected, strict=True):
        assert [frame.score[0] for frame in ours] == pytest.approx([frame.score[0] for frame in theirs], rel=1e-4)


@pytest.mark.parametrize("back", [False, True], ids=["forward", "backward"])
def test_the_run_that_is_too_large_alone_leaves_the_others_going(model, back):
    Allocator(model.network, 2, back)
    large, *others = frames_of(model, [recipe(count=3), recipe(), recipe(seed=1)])
    assert isinstance(large[0], OutOfMemory) and "3 pictures of 16 x 24" in str(large[0])
    assert [frame.iteration for frame in others[0]] == [frame.iteration for frame in others[1]] == [1, 2, 3]


def test_a_run_alone_says_what_to_lower_and_keeps_nothing(model):
    allocator = Allocator(model.network, 2)
    with pytest.raises(OutOfMemory, match="3 pictures of 16 x 24. Lower the number of pictures") as problem:
        next(optimize(model, recipe(count=3).spec, VIEWS))
    assert problem.value.__cause__ is not None and allocator.made[0]() is None


@pytest.fixture
def taken_as_equal(monkeypatch):
    """No batch is compared with what its pictures are alone: that takes passes of its own."""
    monkeypatch.setattr("actviz_core.studies.gallery.iterate_as_alone", lambda ascent, key, recipes: iterate(ascent))


@pytest.mark.parametrize("back", [False, True], ids=["forward", "backward"])
def test_a_gallery_goes_on_in_halves(model, back, taken_as_equal, monkeypatch):
    plan = Gallery.of(model, "relu", recipe())
    allocator, tiles = Allocator(model.network, 2, back), []
    assert batch_size(plan, model) == 8
    list(rendering(plan, model, (0, 1, 2, 3), tiles.append))
    assert [(tile.channel, tile.flag) for tile in tiles] == [(0, ""), (1, ""), (2, ""), (3, "")]
    assert allocator.sizes == [4] + [2] * 6 and batch_size(plan, model) == 2
    list(rendering(plan, model, (0, 1, 2, 3), tiles.append))
    assert allocator.sizes[7:] == [2] * 6
    allocator.fits = 0
    list(rendering(plan, model, (0,), tiles.append))
    assert tiles[-1].flag == "failed" and "Out of memory on cpu: 1 pictures of 16 x 24" in tiles[-1].reason


def test_a_channel_whose_numbers_end_costs_the_others_nothing(model, taken_as_equal):
    passes_made = []

    def spoil(module, inputs, output):
        passes_made.append(len(output))
        if passes_made == [4, 4]:
            return output * torch.tensor([1.0, torch.nan, 1.0, 1.0])[:, None, None, None]
        return None

    model.network.conv1.register_forward_hook(spoil)
    tiles = []
    list(rendering(Gallery.of(model, "relu", recipe()), model, (0, 1, 2, 3), tiles.append))
    assert [(tile.channel, tile.flag) for tile in tiles] == [(1, "failed"), (0, ""), (2, ""), (3, "")]
    assert passes_made == [4, 4, 3, 3, 3] and "stopped being a number at iteration 2" in tiles[0].reason
    assert not np.isnan([tile.score for tile in tiles]).any()


def test_everything_else_says_so_too(model, monkeypatch):
    image = np.full((16, 24, 3), 90, np.uint8)
    Allocator(model.network, 0)
    with pytest.raises(OutOfMemory, match="16 views of 16 x 24. Make the picture smaller"):
        judge(model, recipe().spec, image)
    with pytest.raises(OutOfMemory, match="the layers of tiny at 40 x 40. Lower the size"):
        list_layers(model, 40, 40)
    with pytest.raises(torch.OutOfMemoryError):
        takes(model, torch.zeros(1, 3, 32, 32))
    monkeypatch.setattr(models, "folded", lambda *_: (_ for _ in ()).throw(COMPLAINTS[4]))
    with pytest.raises(OutOfMemory, match="loading efficientnet_lite0. End other runs, or choose a smaller network"):
        load_model("efficientnet_lite0", "cpu")


def test_folding_does_not_hide_it(monkeypatch):
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 1), torch.nn.BatchNorm2d(4)).eval()
    network[0].register_forward_hook(lambda *_: (_ for _ in ()).throw(COMPLAINTS[0]))
    with pytest.raises(torch.OutOfMemoryError):
        folded(network, torch.rand(1, 3, 8, 8))


def test_a_long_run_takes_no_more_memory_than_its_history_may():
    """In 800 iterations one forgotten tensor of the picture's size each would be 39 MB."""

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    scheduler = Scheduler()
    try:
        long = recipe(height=64, width=64, iterations=1200)
        run = scheduler.start(Run(replay(tiny_model(), long), 1200, History(2**20, 2**20)))
        assert run.wait(lambda run: run.iteration >= 400 or run.ended, 600)
        before = resident()
        assert run.wait(lambda run: run.ended, 600) and run.iteration == 1200
        assert resident() - before < 24 * 2**20
    finally:
        scheduler.close()
