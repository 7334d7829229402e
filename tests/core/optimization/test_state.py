"""Where a run begins, and the sizes that it goes through."""

import numpy as np
import pytest
from PIL import Image

from actviz_core import (
    ActvizError,
    ClassLogit,
    GradientAscent,
    Hyperparams,
    Jitter,
    Neuron,
    Pad,
    PixelImage,
    Spec,
    optimize,
    photographs,
)
from actviz_core.optimization.state import size_at
from tests.core.tiny import tiny_model
from tests.core.tiny_runs import PARAMETRIZATIONS, STILL, hooks, spec

# sizes


def test_octaves_grow_by_the_factor():
    run = spec(height=96, width=160, octaves=3, octave_factor=1.5, iterations=7)
    sizes = [size_at(run, i) for i in range(1, 8)]
    assert list(dict.fromkeys(sizes)) == [(43, 71), (64, 107), (96, 160)]
    assert [sizes.count(size) for size in dict.fromkeys(sizes)] == [3, 2, 2]


def test_octaves_are_never_smaller_than_a_network_can_take():
    assert size_at(spec(height=64, width=128, octaves=6, octave_factor=2.0), 1) == (32, 64)
    assert size_at(spec(height=20, width=60, octaves=6, octave_factor=2.0), 1) == (20, 60)


@pytest.mark.parametrize(
    "parametrization", PARAMETRIZATIONS[:3], ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}"
)
def test_the_picture_is_kept_when_it_grows(parametrization, model):
    run = spec(
        parametrization=parametrization,
        start="photograph",
        photograph=photographs.to_base64(photo()),
        octaves=2,
        height=64,
        width=96,
    )
    frames = list(optimize(model, run, Hyperparams(0.0, ())))
    assert frames[2].iteration == 3 and size_at(run, 3) != size_at(run, 4)
    assert np.abs(frames[2].images[0].astype(float) - frames[3].images[0])[4:-4, 4:-4].max() < 12


def test_a_neuron_keeps_its_place_when_the_picture_grows(model):
    run = spec(
        objective=Neuron("pool", 1, 28, 4) + 0 * ClassLogit(0),
        height=64,
        width=96,
        octaves=2,
        octave_factor=2.0,
        optimizer=GradientAscent("rms"),
    )
    run = Spec(
        **{name: getattr(run, name) for name in run.__dataclass_fields__}
        | {"parametrization": PixelImage(128.0, 0.0), "iterations": 2}
    )
    first, second = optimize(model, run, Hyperparams(20.0, ()))
    touched = np.abs(first.images[0].astype(int) - 128).sum(-1) > 6
    rows, columns = touched.nonzero()
    assert (
        rows.min() > 50 and rows.max() <= 63 and columns.min() >= 3 and columns.max() < 16
    )  # row 28 of 32, column 4 of 48
    assert len(first.score) == len(second.score) == 1


# beginnings


def photo(height=48, width=96):
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([60 + rows, 200 - columns, 100 + rows // 2], -1).astype(np.uint8)


@pytest.mark.parametrize(
    "parametrization", PARAMETRIZATIONS[:3], ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}"
)
def test_a_run_starts_from_a_photograph(parametrization, model):
    run = spec(
        parametrization=parametrization,
        start="photograph",
        photograph=photographs.to_base64(photo()),
        height=32,
        width=40,
        count=2,
    )
    frame = next(optimize(model, run, Hyperparams(0.0, ())))
    middle = np.asarray(Image.fromarray(photo()[:, 18:78]).resize((40, 32), Image.Resampling.BICUBIC))
    assert np.abs(frame.images.astype(int) - middle).max() <= 6
    assert (frame.images[0] == frame.images[1]).all()


def test_a_damaged_photograph_is_told(model):
    with pytest.raises(ActvizError, match="the photograph in the recipe is damaged"):
        next(optimize(model, spec(start="photograph", photograph="!"), STILL))


@pytest.mark.parametrize(
    "parametrization", PARAMETRIZATIONS[:3], ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}"
)
def test_a_run_starts_from_grey(parametrization, model):
    frame = next(optimize(model, spec(parametrization=parametrization, start="grey"), Hyperparams(0.0, ())))
    assert set(frame.images.flatten().tolist()) <= {127, 128}


def test_grey_networks_see_grey_pictures():
    frames = list(
        optimize(
            tiny_model(channels=1),
            spec(objective=ClassLogit(3), iterations=20),
            Hyperparams(4.0, (Pad(2, "grey"), Jitter(2))),
        )
    )
    assert frames[-1].score[0] > frames[0].score[0]
    assert not hooks(tiny_model(channels=1))
