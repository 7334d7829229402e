"""The same picture, bit for bit, whatever the number of threads, and among others what it is alone.

In one process: torch.set_num_threads changes the kernels and the cutting of sums as OMP_NUM_THREADS does.
"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from actviz_core import (
    Ascent,
    Channel,
    ClassLogit,
    Direction,
    Diversity,
    GradientAscent,
    Hyperparams,
    LayerEnergy,
    Neuron,
    PhaseImage,
    PixelImage,
    Recipe,
    Spec,
    load_model,
    optimize,
    together,
)
from actviz_core.models import kernels
from actviz_core.models.kernels import pin
from actviz_core.sums import GRAIN, each, mean, spread, total

THREADS = (2, 3, 8)
SEVERAL = (2, 16)  # pictures
LITE = "efficientnet_lite0"


@pytest.fixture(scope="module")
def loaded():
    models = {}

    def load(name):
        if name not in models:
            models[name] = load_model(name, "cpu", "" if name.startswith("efficientnet_lite") else "untrained")
        return models[name]

    return load


# the layers: the first that differs is named


class Calls:
    """What went into each call of the modules that hold no others, and what came out."""

    def __init__(self, network: nn.Module, images: torch.Tensor):
        self.found, self.kinds = [], set()
        leaves = {name: module for name, module in network.named_modules() if not list(module.children())}
        handles = [module.register_forward_hook(self.noting(name)) for name, module in leaves.items()]
        with torch.no_grad():
            network(images)
        for handle in handles:
            handle.remove()

    def noting(self, name):
        def note(module, inputs, output):
            # Of modules that are alike one is enough.
            kind = repr(module), [tuple(value.shape) for value in inputs], getattr(module, "bias", None) is None
            if len(inputs) == 1 and isinstance(output, torch.Tensor) and str(kind) not in self.kinds:
                self.kinds.add(str(kind))
                self.found.append(
                    (
                        name,
                        module,
                        inputs[0].clone(),
                        torch.randn(output.shape, generator=torch.Generator().manual_seed(0)),
                    )
                )

        return note


def both_ways(module, inputs, gradient):
    """What a module answers, and the gradient of its input."""
    inputs = inputs.clone().requires_grad_()
    answer = module(inputs)
    return answer.detach(), torch.autograd.grad(answer, inputs, gradient)[0]


def first_that_differs(network: nn.Module, images: torch.Tensor) -> str:
    """Name, threads, pictures and direction of the first module that depends on threads or on the pictures beside one.

    "" if none does.
    """
    for name, module, inputs, gradient in Calls(network, images).found:
        torch.set_num_threads(1)
        alone = {
            place: both_ways(module, inputs[place : place + 1], gradient[place : place + 1]) for place in (0, 1, 15)
        }
        for count, threads in (
            *((1, threads) for threads in THREADS),
            *((count, threads) for count in SEVERAL for threads in (1, 3)),
        ):
            torch.set_num_threads(threads)
            found = both_ways(module, inputs[:count], gradient[:count])
            for place in {0, count - 1}:
                for direction, ours, expected in zip(("forward", "backward"), found, alone[place], strict=True):
                    if not torch.equal(ours[place], expected[0]):
                        return f"{name}, {threads} threads, {count} pictures, {direction}"
    return ""


@pytest.mark.parametrize(
    "name, size, folded",
    [
        (LITE, (96, 96), True),
        (LITE, (128, 128), True),
        (LITE, (88, 152), False),
        ("efficientnet_lite1", (64, 64), True),
        ("efficientnet_lite2", (64, 96), True),
        ("resnet18", (64, 120), True),
    ],
)
def test_no_layer_depends_on_threads_or_company(loaded, name, size, folded, rng):
    model = loaded(name)
    network = model.folded.network if folded else model.network
    assert first_that_differs(network, torch.randn(16, 3, *size, generator=rng)) == ""


def test_the_guard_names_the_layer(rng):
    """As torch has it.

    Of one pixel, by another kernel for two threads than for one; of small inputs for two pictures than for one.
    """
    with torch.random.fork_rng():
        network = nn.Sequential(nn.ReLU(), nn.Conv2d(40, 240, 1), nn.Conv2d(240, 40, 1)).requires_grad_(False)
    images = torch.randn(16, 40, 12, 12, generator=rng)
    assert first_that_differs(network, images).startswith(("1, ", "2, "))
    pin(network)
    assert first_that_differs(network, images) == ""
    assert type(network[1]).__name__ == "Conv2d" and set(network.state_dict()) == {
        "1.weight",
        "1.bias",
        "2.weight",
        "2.bias",
    }


@pytest.mark.parametrize(
    "change",
    [lambda c: nn.utils.weight_norm(c), lambda c: prune.l1_unstructured(c, "weight", 0.5)],
    ids=["normed", "pruned"],
)
@pytest.mark.filterwarnings("ignore:.*weight_norm")
def test_weights_that_are_made_in_each_pass_are_left_alone(change, rng):
    with torch.random.fork_rng():
        network = nn.Sequential(change(nn.Conv2d(3, 4, 3)))
    images = torch.randn(1, 3, 8, 8, generator=rng)
    before = network(images)
    pin(network)
    assert torch.equal(network(images), before)


def test_weights_that_change_are_packed_anew(rng):
    with torch.random.fork_rng():
        network = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False)).requires_grad_(False)
    pin(network)
    images = torch.randn(1, 3, 8, 8, generator=rng)
    before = network(images)
    network[0].weight.mul_(2)
    torch.testing.assert_close(network(images), 2 * before)


def test_weights_are_laid_out_once_for_each_shape_and_number_of_threads(rng):
    """And for the last few only: a layer does not fill the memory."""
    with torch.random.fork_rng():
        network = nn.Sequential(nn.Conv2d(3, 4, 3)).requires_grad_(False)
    pin(network)
    for size in (8, 9, 10, 11, 12, 12):
        network(torch.randn(1, 3, size, size, generator=rng))
    _, _, found = network[0].kept
    assert [shape[2] for _, _, shape, _ in found] == [9, 10, 11, 12]
    torch.set_num_threads(2)
    network(torch.randn(1, 3, 12, 12, generator=rng))
    assert len(network[0].kept[2]) == 4 and list(network[0].kept[2])[-1][3] == 2


def test_where_the_kernel_has_no_16_bits_torchs_own_is_taken(rng, monkeypatch):
    with torch.random.fork_rng():
        network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(144, 5)).requires_grad_(False)
    images = torch.randn(1, 3, 8, 8, generator=rng)
    with torch.autocast("cpu", torch.bfloat16):
        before = network(images)
        pin(network)
        monkeypatch.setattr(kernels, "IN_16_BITS", False)
        assert torch.equal(network(images), before)


# the pictures


DEFAULTS = Hyperparams()


def last_of(model, spec, hyperparams=DEFAULTS, threads=1):
    torch.set_num_threads(threads)
    *_, last = optimize(model, spec, hyperparams)
    return last


def assert_same(frame, alone, place=0):
    assert np.array_equal(frame.snapshot.parameters[place], alone.snapshot.parameters[0])
    assert np.array_equal(frame.images[place], alone.images[0])
    assert (frame.score[place], frame.gradient[place], frame.penalties) == (
        alone.score[0],
        alone.gradient[0],
        alone.penalties,
    )


def assert_threads_do_not_matter(model, spec, hyperparams=DEFAULTS):
    alone = last_of(model, spec, hyperparams)
    for threads in THREADS:
        assert_same(last_of(model, spec, hyperparams, threads), alone)


@pytest.mark.parametrize(
    "target, height, width",
    [
        (Channel("blocks.4.0", 20), 96, 96),
        (Neuron("blocks.3.1", 5), 128, 128),
        (ClassLogit(130), 224, 224),  # which eight threads share unevenly
        (ClassLogit(130), 120, 152),
        (Direction("blocks.5.0", (3, 9), (1.0, -0.5), 2.0), 120, 152),
    ],
    ids=str,
)
def test_every_target_and_every_size(loaded, target, height, width):
    """What a target adds does not depend on the size, and the classes go through all layers."""
    assert_threads_do_not_matter(loaded(LITE), Spec(LITE, target, height=height, width=width, iterations=3))


# oneDNN has no kernels in 16 bits for others, and MKL, which multiplies in attention, cuts its sums by threads there.
wide = pytest.mark.skipif(
    torch.backends.cpu.get_cpu_capability() != "AVX512", reason="promised for processors with AVX-512"
)

OTHERS = [
    ("efficientnet_lite1", Channel("blocks.5.0", 3), 96, "float32"),
    ("efficientnet_lite2", Channel("blocks.6.0.conv_pwl", 3), 96, "float32"),  # what a folded convolution answered
    ("vgg16", Channel("features.28", 0), 64, "float32"),
    ("resnet18", ClassLogit(7), 96, "float32"),
    pytest.param("resnet18", ClassLogit(7), 96, "autocast", marks=wide),
    pytest.param("timm/vit_tiny_patch16_224", ClassLogit(7), 224, "float32", marks=wide),
]


@pytest.mark.parametrize(
    "name, target, size, precision", OTHERS, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_other_networks(loaded, name, target, size, precision):
    assert_threads_do_not_matter(
        loaded(name), Spec(name, target, height=size, width=size, iterations=2, precision=precision)
    )


WAYS = [
    *(dict(parametrization=PixelImage(), optimizer=GradientAscent(normalize)) for normalize in ("mean", "rms", "norm")),
    dict(parametrization=PixelImage(decorrelate=True), optimizer=GradientAscent("none", 1.0)),
    dict(parametrization=PhaseImage((1.0, 0.5, 0.2))),
    dict(objective=LayerEnergy("blocks.0.0")),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(str(value) for value in way.values())[:40])
def test_whatever_steers(loaded, way):
    """More than 32,768 numbers in a picture: torch cuts such sums by threads."""
    assert_threads_do_not_matter(
        loaded(LITE),
        Spec(**dict(model=LITE, objective=Channel("blocks.1.0", 3), height=216, width=232, iterations=2) | way),
    )


def test_penalties_and_diversity(loaded):
    hyperparams = Hyperparams()
    for name in ("total_variation", "l1", "l2", "lp", "high_frequency", "boundary"):
        hyperparams = hyperparams.with_value(name, 0.1)
    assert_threads_do_not_matter(
        loaded(LITE), Spec(LITE, Diversity("blocks.1.0"), height=216, width=232, iterations=2, count=2), hyperparams
    )


# one among others

AMONG = [
    (LITE, Channel("blocks.4.0", 0), 96, 96, "float32"),
    (LITE, Channel("blocks.4.0", 0), 88, 152, "float32"),
    (LITE, ClassLogit(0), 64, 64, "float32"),
    ("resnet18", Channel("layer4", 0), 64, 64, "float32"),
    pytest.param("resnet18", Channel("layer4", 0), 64, 64, "autocast", marks=wide),
    pytest.param("timm/vit_tiny_patch16_224", Channel("blocks.2", 0), 224, 224, "float32", marks=wide),
]


@pytest.mark.parametrize(
    "name, target, height, width, precision", AMONG, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_a_picture_among_others_is_the_picture_alone(loaded, name, target, height, width, precision):
    model, spec = loaded(name), Spec(name, target, height=height, width=width, iterations=2, precision=precision)
    specs = [
        replace(spec, objective=ClassLogit(k) if isinstance(target, ClassLogit) else replace(target, channel=k))
        for k in range(max(SEVERAL))
    ]
    alone = {place: last_of(model, specs[place]) for place in (0, 1, 9)}
    for count, threads in zip(SEVERAL, (3, 2), strict=True):
        torch.set_num_threads(threads)
        runs = [Ascent(model, Recipe(spec)) for spec in specs[:count]]
        for _ in range(spec.iterations):
            frames = together(runs, [None] * count)
        for place in (place for place in alone if place < count):
            assert_same(frames[place], alone[place])


# sums


@pytest.mark.parametrize("shape", [(1, 3, 224, 224), (2, 3, 97, 131), (1, 700, 90)])
def test_sums_do_not_depend_on_threads_or_company(shape, rng):
    values = torch.randn(shape, generator=rng)
    torch.set_num_threads(1)
    first = total(values)
    torch.testing.assert_close(first, values.flatten(1).sum(1), rtol=1e-3, atol=1e-2)
    torch.testing.assert_close(mean(values), first / values[0].numel())
    numbers = torch.ones(len(values), requires_grad=True)
    for threads in (1, *THREADS):
        torch.set_num_threads(threads)
        assert torch.equal(total(torch.cat([values, values]))[: len(values)], first) and torch.equal(
            total(values), first
        )
        assert torch.equal(torch.autograd.grad(spread(numbers, values), numbers, values)[0], first)


@pytest.mark.parametrize("function", [torch.sigmoid, torch.sin, torch.exp], ids=lambda function: function.__name__)
def test_functions_of_each_number_do_not_depend_on_threads_or_company(function, rng):
    values = torch.randn(3, 5 * GRAIN // 3 + 7, generator=rng)
    torch.set_num_threads(1)
    first = each(function, values)
    torch.testing.assert_close(first, function(values))
    for threads in (1, *THREADS):
        torch.set_num_threads(threads)
        assert torch.equal(each(function, values), first) and torch.equal(each(function, values[2:]), first[2:])
