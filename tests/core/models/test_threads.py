"""The same picture, bit for bit, whatever the number of threads, and among others what it is alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

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
    optimize,
    together,
)
from tests.core.models.test_kernels import LITE, SEVERAL, THREADS

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
    assert_threads_do_not_matter(loaded(LITE), Spec(LITE, target, height=height, width=width, iterations=2))


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
        loaded(name), Spec(name, target, height=size, width=size, iterations=1, precision=precision)
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
    model, spec = loaded(name), Spec(name, target, height=height, width=width, iterations=1, precision=precision)
    specs = [
        replace(spec, objective=ClassLogit(k) if isinstance(target, ClassLogit) else replace(target, channel=k))
        for k in range(max(SEVERAL))
    ]
    alone = {place: last_of(model, specs[place]) for place in (0, 1, 7)}
    for count, threads in zip(SEVERAL, (3, 2), strict=True):
        torch.set_num_threads(threads)
        runs = [Ascent(model, Recipe(spec)) for spec in specs[:count]]
        for _ in range(spec.iterations):
            frames = together(runs, [None] * count)
        for place in (place for place in alone if place < count):
            assert_same(frames[place], alone[place])
