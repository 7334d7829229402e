"""The loop on a device without a driver: what would mix devices, or wait between two shown frames, fails here."""

import dataclasses
import io
import sys
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from PIL import Image
from timm.layers import Conv2dSame
from torch import nn

from actviz_core import (
    OBJECTIVES,
    OPTIMIZERS,
    PARAMETRIZATIONS,
    REGULARIZERS,
    SGD,
    TRANSFORMS,
    Ascent,
    Channel,
    ClassLogit,
    Crops,
    Direction,
    Diversity,
    FourierImage,
    Gallery,
    GradientAscent,
    Hyperparams,
    Jitter,
    LayerEnergy,
    Model,
    NAdam,
    Neuron,
    Noise,
    PhaseImage,
    PixelImage,
    Recipe,
    Spec,
    load_model,
    machine,
    optimize,
    photographs,
    rendering,
    together,
)
from actviz_core.models import kernels
from actviz_core.models.copies import copied
from actviz_core.models.folding import Folded
from actviz_core.optimization import in_step
from actviz_core.optimization.regularizers import Operator, Penalty
from actviz_core.optimization.transforms import Pointwise
from tests.core.fake_device import DEVICE, FAKE, Generator, Places, Watch, moved

pytestmark = pytest.mark.skipif(
    torch.__version__ < (2, 14), reason="older fake tensors cannot be made on a device without a driver"
)

ONCE = {("event", "", ""): 1}
EVERY = 2  # iterations; between them nothing may wait

PHOTOGRAPH = io.BytesIO()
Image.fromarray(np.full((40, 40, 3), 90, np.uint8)).save(PHOTOGRAPH, "PNG")
VIEWS = tuple(kind() for kind in TRANSFORMS if kind is not Crops)
PENALTIES, OPERATORS = (
    tuple(kind(0.5) for kind in REGULARIZERS if issubclass(kind, part)) for part in (Penalty, Operator)
)
CHANNELS = tuple(Channel("2", channel) for channel in range(5))
CASES = {
    "the Good default": ({}, Hyperparams()),
    "MACO": (
        dict(parametrization=PhaseImage(), optimizer=NAdam(), objective=ClassLogit(3)),
        Hyperparams(1.0, (Crops(3), Noise(0.1))),
    ),
    "every view": (
        dict(parametrization=PixelImage(), optimizer=GradientAscent("rms", 1.0), count=2),
        Hyperparams(0.1, VIEWS),
    ),
    "every penalty": (
        dict(parametrization=PhaseImage((1.0, 0.5)), optimizer=SGD(), redirected=3),
        Hyperparams(0.1, (), PENALTIES),
    ),
    "every operator": (
        dict(parametrization=PixelImage(decorrelate=True), objective=Neuron("2", 1), count=2),
        Hyperparams(0.1, VIEWS[:2], OPERATORS),
    ),
    "operators of waves": (dict(parametrization=FourierImage(), optimizer=NAdam()), Hyperparams(0.1, (), OPERATORS)),
    "sizes that grow": (dict(octaves=3, objective=LayerEnergy("1")), Hyperparams(0.1, (Jitter(3), Crops(2)))),
    "a tile that repeats": (dict(tile=24), Hyperparams(0.1, VIEWS)),
    "a photograph": (
        dict(start="photograph", photograph=photographs.to_base64(photographs.read(PHOTOGRAPH.getvalue()))),
        Hyperparams(),
    ),
    "grey": (dict(start="grey", objective=Direction("2", (1, 3), (1.0, -0.5), 2.0)), Hyperparams()),
    "one of many": (dict(count=5, objective=Channel("2", 3) + 0.1 * Diversity("1")), Hyperparams()),
    "a channel each": (dict(count=5, objective=CHANNELS, redirected=3), Hyperparams(0.1, VIEWS)),
}


def spec_of(**given) -> Spec:
    return Spec("tiny", **dict(objective=Channel("2", 3), height=32, width=32, iterations=4, redirected=2) | given)


@pytest.fixture
def device(monkeypatch):
    """Everything that is made belongs to the device, or to the host where it says so."""
    monkeypatch.setattr(torch, "Generator", Generator)
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())
    monkeypatch.setattr(sys.modules["torch.optim.adam"], "_device_dtype_check_for_fused", lambda *_: None)
    monkeypatch.setattr(in_step, "BATCHED", {DEVICE.type})
    monkeypatch.setattr(machine, "PINNED", {DEVICE.type})
    forget()
    with FAKE, Places():
        yield DEVICE
    forget()


def forget() -> None:
    """What is kept by size and device: tensors with numbers and those without must not meet."""
    for module in [module for name, module in sys.modules.items() if name.startswith("actviz_core.")]:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.fixture
def watch(device, monkeypatch):
    with Watch() as watch:
        monkeypatch.setattr(torch.cuda, "current_stream", lambda place: None)
        monkeypatch.setattr(torch.cuda, "Event", lambda: watch)
        yield watch


@pytest.fixture
def model(device):
    return placed(nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.ReLU(), nn.Conv2d(4, 8, 3, 2)).eval(), "tiny", 32)


def placed(network: nn.Module, name: str, size: int) -> Model:
    model = Model(name, moved(network), (0.5,) * 3, (0.2,) * 3, size, size, device=DEVICE)
    model.__dict__["folded"] = Folded(model.network)
    return model


def waits_of(frames, watch: Watch) -> list[dict]:
    """What waited up to each frame but the first."""
    next(frames)
    found = []
    while True:
        watch.waits.clear()
        if next(frames, None) is None:
            return found
        found.append(dict(watch.waits))


def check_waits(model: Model, spec: Spec, hyperparams: Hyperparams, watch: Watch) -> None:
    for _ in optimize(model, spec, hyperparams, every=EVERY):
        pass  # what is made once for a size is made
    assert waits_of(optimize(model, spec, hyperparams, every=EVERY), watch) == [ONCE] * (spec.iterations // EVERY - 1)


@pytest.mark.parametrize("name", CASES)
def test_nothing_waits_but_once_for_a_shown_frame(name, model, watch):
    given, hyperparams = CASES[name]
    check_waits(model, spec_of(**given), hyperparams, watch)


@pytest.mark.parametrize("name", ["the Good default", "MACO", "every penalty"])
def test_a_run_that_goes_on_from_a_snapshot_does_not_wait_either(name, model, watch):
    given, hyperparams = CASES[name]
    snapshot = next(optimize(model, spec_of(**given), hyperparams)).snapshot
    assert waits_of(optimize(model, spec_of(**given), hyperparams, snapshot), watch) == [ONCE] * 2


def test_columns_in_step_wait_once_together(model, watch):
    recipes = [Recipe(spec_of(objective=channel), CASES["every penalty"][1]) for channel in CHANNELS[:3]]
    runs = [Ascent(model, recipe) for recipe in recipes]
    for iteration in range(4):
        watch.waits.clear()
        frames = together(runs, [None] * len(runs))
        assert [frame.iteration for frame in frames] == [iteration + 1] * 3
        assert not iteration or dict(watch.waits) == ONCE


def test_a_gallery_does_not_wait_for_pictures_that_nobody_sees(model, watch):
    plan = Gallery(Recipe(spec_of(iterations=16), Hyperparams()), 8, "")
    for _ in range(2):
        waits = []
        for _step in rendering(plan, model, (0, 3, 5), lambda tile: None):
            waits.append(sum(watch.waits.values()))
            watch.waits.clear()
    assert waits == [0, 1] * 8


# kernels


@pytest.fixture(scope="module")
def lite0():
    """With its batch norms folded as on a GPU: convolutions are convolutions."""
    network = copied(load_model("efficientnet_lite0", "cpu").folded.network)
    for module in network.modules():
        module.__class__ = {kernels.Conv2d: nn.Conv2d, kernels.Conv2dSame: Conv2dSame, kernels.Linear: nn.Linear}.get(
            type(module), type(module)
        )
    return network


def kernels_of(iterate, watch: Watch) -> int:
    """Of one iteration after some warm ones."""
    for _ in range(4):
        iterate()
    watch.kernels.clear()
    iterate()
    return watch.kernels.total()


def good(count: int = 1, channel: int = 0) -> Spec:
    layer = "blocks.4.0"
    objective = Channel(layer, channel) if count == 1 else tuple(Channel(layer, channel) for channel in range(count))
    return Spec(
        "efficientnet_lite0", objective, height=96, width=96, count=count, redirected=0
    )  # as many as at any size


def test_kernels_of_an_iteration(lite0, watch):
    model = placed(lite0, "efficientnet_lite0", 224)
    one, many = optimize(model, good(), Hyperparams()), optimize(model, good(64), Hyperparams())
    columns = [Ascent(model, Recipe(good(channel=channel))) for channel in range(6)]
    found = dict(one=kernels_of(lambda: next(one), watch), many=kernels_of(lambda: next(many), watch))
    found["six columns"] = kernels_of(lambda: together(columns, [None] * 6), watch)
    print(found)
    assert found["one"] <= 150 and found["many"] <= 160 and found["six columns"] <= 420


def kinds_of(value) -> set[type]:
    """Its class and those of all values in it."""
    if isinstance(value, tuple):
        return set().union(*map(kinds_of, value))
    if not dataclasses.is_dataclass(value):
        return set()
    return {type(value)}.union(*(kinds_of(getattr(value, field.name)) for field in dataclasses.fields(value)))


def test_every_kind_is_among_the_cases():
    used = set().union(*(kinds_of((spec_of(**given), hyperparams)) for given, hyperparams in CASES.values()))
    assert set(OBJECTIVES + OPTIMIZERS + PARAMETRIZATIONS + REGULARIZERS + TRANSFORMS) <= used


# faults, one at a time


@dataclass(frozen=True)
class Fault(Pointwise):
    """Does to the views what `kind` says."""

    kind: str

    def apply(self, images, rng, moment, alike):
        return FAULTS[self.kind](images)


FAULTS = {
    "a number is read": lambda images: images * float(images.mean()),
    "a number is looked at": lambda images: images + images.mean((1, 2, 3)).nonzero().sum(),
    "a constant is copied": lambda images: images * torch.tensor([1.0], device=images.device),
    "a pageable copy": lambda images: images * torch.ones(1, 3, 1, 1).to(images.device, non_blocking=True),
    "a copy back": lambda images: images * images.mean().cpu(),
    "a tensor of the host": lambda images: images + torch.ones(1, 3, 1, 1),
    "a generator of the host": lambda images: (
        images + torch.rand(images.shape, generator=torch.Generator(), device=images.device)
    ),
    "a generator of the device": lambda images: images + torch.rand(1, generator=torch.Generator(images.device)).item(),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_found(kind, model, watch):
    with pytest.raises((AssertionError, RuntimeError)):
        check_waits(model, spec_of(), Hyperparams(0.1, (Jitter(3), Fault(kind))), watch)
