"""What goes to the owner of a device, and what comes back, goes through pickle and is the same afterwards."""

import dataclasses
import math
import pickle
import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from actviz_core import (
    OBJECTIVES,
    OPTIMIZERS,
    PARAMETRIZATIONS,
    PRESETS,
    REGULARIZERS,
    TRANSFORMS,
    ActvizError,
    Attribute,
    AttributeAtOnce,
    AttributeEveryLayer,
    AttributeLayers,
    Change,
    Channel,
    ClassLogit,
    Comparison,
    Direction,
    Diverged,
    DownloadFailed,
    FieldOf,
    Gallery,
    Hyperparams,
    ImageTooSmall,
    IndexImages,
    Judge,
    Judgement,
    LayerMaps,
    LessonError,
    MeasureAgreement,
    MeasureDeletion,
    Neuron,
    NotAllowed,
    OtherKind,
    OutOfMemory,
    PhaseImage,
    Point,
    Predict,
    Problem,
    Randomize,
    Recipe,
    RenderTiles,
    Replay,
    ReplayInStep,
    Samples,
    Spec,
    Sum,
    Term,
    Tile,
    Touch,
    TurnDecision,
    WriteScript,
    list_layers,
    optimize,
    origin,
)
from actviz_core.attribution import GradCam, Saliency, SmoothGrad
from actviz_core.dataset.index import DamagedIndex
from actviz_core.dataset.photographs import NotInstalled
from actviz_core.errors import WrongType
from actviz_core.lessons.gained import FindGained
from actviz_core.lessons.lesson import StepGained
from actviz_core.models.handle import Describe, FindLayer, HashWeights, ListLayers
from actviz_core.models.kernels import pin
from actviz_core.models.receptive_field import TheoreticalFields
from actviz_core.quiz.pool import TooFew
from actviz_core.studies.alone import Unequal
from tests.core.tiny import tiny_model

NETWORK = ("tiny", "")
SMALL = Spec("tiny", Channel("conv2", 1), iterations=3, height=16, width=24)
PICTURE = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


def there_and_back(value):
    return pickle.loads(pickle.dumps(value))


def same(one, other) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(same(getattr(one, name), getattr(other, name)) for name in names)
    return type(one) is type(other) and (one == other or (one != one and other != other))


def frames():
    return list(optimize(tiny_model(), SMALL))


def recipe() -> Recipe:
    """With every kind of transform and regularizer, a change, and where it was made."""
    everything = Hyperparams(
        0.1, tuple(cls() for cls in TRANSFORMS), tuple(cls() for cls in REGULARIZERS if cls is not None)
    )
    changes = (Change(2, replace(everything, learning_rate=0.2)),)
    return Recipe(SMALL, everything, changes, origin=origin.here(tiny_model().device))


def objectives():
    layer = list_layers(tiny_model())[0]
    alone = [cls.nearest(layer, 1) for cls in OBJECTIVES if cls is not Sum]
    return [
        *alone,
        ClassLogit("bee"),
        Neuron("conv1", 1, 2, None),
        Direction("conv1", (0, 2), (1.0, -0.5)),
        sum_of(alone),
    ]


def sum_of(objectives) -> Sum:
    return Sum(tuple(Term(0.5 * place, objective) for place, objective in enumerate(objectives, 1)))


def recipes():
    yield recipe()
    yield from (preset.applied(Recipe(SMALL)) for preset in PRESETS)
    for name, kinds in (("parametrization", PARAMETRIZATIONS), ("optimizer", OPTIMIZERS)):
        yield from (Recipe(replace(SMALL, **{name: cls()})) for cls in kinds)
    yield from (Recipe(replace(SMALL, objective=objective)) for objective in objectives())
    yield Recipe(replace(SMALL, objective=(Channel("conv1", 0), Channel("conv2", 1)), count=2))
    yield Recipe(replace(SMALL, parametrization=PhaseImage((0.5, 0.25))))


def work() -> list:
    first = next(frame.snapshot for frame in frames() if frame.snapshot)
    gallery = Gallery.of(tiny_model(), "conv2", Recipe(SMALL))
    pictures, tall = np.stack([PICTURE] * 2), PICTURE.repeat(8, 0).repeat(8, 1)
    return [
        Replay(recipe(), first),
        ReplayInStep(recipe(), uphill=True),
        Attribute(NETWORK, pictures, ClassLogit("bee"), Saliency()),
        AttributeEveryLayer(NETWORK, pictures, ClassLogit("bee"), GradCam()),
        RenderTiles(NETWORK, gallery, (0, 2)),
        TurnDecision(NETWORK, frames()[-1].images[0], "blur"),
        MeasureAgreement(NETWORK, tall, ClassLogit("bee"), SmoothGrad(samples=2)),
        Randomize(NETWORK, tall, ClassLogit("bee"), Saliency(), stages=2),
        MeasureDeletion(NETWORK, tall, ClassLogit("bee"), PICTURE[..., 0].astype(np.float32)),
        IndexImages(NETWORK, Samples(), ("conv2",), "nowhere"),
    ]


def tasks() -> list:
    size, picture = (16, 24), frames()[-1].images[0]
    return [
        Describe(NETWORK),
        ListLayers(NETWORK, *size),
        FindLayer(NETWORK, *size, "conv2"),
        HashWeights(NETWORK),
        FieldOf(NETWORK, "pool"),
        TheoreticalFields(NETWORK, 64, 48),
        Judge(SMALL, frames()[-1].images[0]),
        Predict(NETWORK, picture, ClassLogit("bee")),
        Touch(NETWORK, picture, picture[..., 0] > 100, "mean", Channel("conv2"), picture),
        AttributeLayers(NETWORK, PICTURE[None], ClassLogit("bee"), GradCam()),
        AttributeAtOnce(NETWORK, PICTURE[None], ClassLogit("bee"), Saliency()),
        LayerMaps(NETWORK, picture, "conv2"),
        FindGained(NETWORK, "conv2", StepGained("grass", "grass_watermark", "bee")),
    ]


@pytest.mark.parametrize("value", [*recipes()])
def test_recipes_go_through_the_door(value):
    back = there_and_back(value)
    assert back == value and hash(back) == hash(value) and back.to_json() == value.to_json()


def test_comparisons_go_through_the_door():
    value = Comparison().added(recipe())
    assert there_and_back(value) == value


def test_frames_and_snapshots_go_through_the_door():
    for frame in frames():
        assert same(there_and_back(frame), frame)
    assert any(frame.snapshot for frame in frames())
    assert not same(frames()[0], frames()[1]), "what is compared differs"
    point = Point.of(frames()[0])
    assert there_and_back(point) == point


def test_a_run_goes_on_from_a_snapshot_that_came_through_the_door():
    whole = frames()
    snapshot = next(frame.snapshot for frame in whole if frame.snapshot)
    rest = list(optimize(tiny_model(), SMALL, snapshot=there_and_back(snapshot)))
    assert [frame.iteration for frame in rest] == [frame.iteration for frame in whole[snapshot.iteration :]]
    assert all(
        np.array_equal(one.images, other.images) for one, other in zip(rest, whole[snapshot.iteration :], strict=True)
    )


def test_tasks_go_through_the_door_and_so_does_what_comes_of_them():
    for task in tasks():
        back = there_and_back(task)
        assert same(back, task) and back.network == NETWORK
        value = back.carry_out(lambda name, weights: tiny_model())
        assert same(there_and_back(value), value), task


def test_a_script_goes_through_the_door_and_so_does_why_there_is_none():
    task = there_and_back(WriteScript(NETWORK, recipe()))
    assert task == WriteScript(NETWORK, recipe()) and task.network == NETWORK
    with pytest.raises(NotAllowed) as caught:
        task.carry_out(lambda name, weights: tiny_model())
    assert str(there_and_back(caught.value)) == str(caught.value)


def test_the_work_of_a_run_goes_through_the_door():
    for value in work():
        back = there_and_back(value)
        assert same(back, value) and back.network == NETWORK
        begun = back.begin(lambda name, weights: tiny_model())
        begun.close()


def test_the_frames_of_a_gallery_go_through_the_door():
    [tiles] = [there_and_back(each) for each in work() if isinstance(each, RenderTiles)]
    model = tiny_model()
    pin(model.network)  # else pictures together are not what each is alone, and each is made alone
    found = [there_and_back(frame) for frame in tiles.begin(lambda name, weights: model)]
    assert [frame.iteration for frame in found] == [1, 2, 3, 3] and found[0].tiles == ()
    assert [tile.channel for tile in found[-1].tiles] == [0, 2] and found[-1].tiles[1].image.shape == (16, 24, 3)


def test_these_are_all_tasks_and_all_work():
    found = {
        value
        for name, module in list(sys.modules.items())
        if name.startswith("actviz_core.")
        for value in vars(module).values()
        if isinstance(value, type)
        and dataclasses.is_dataclass(value)
        and (hasattr(value, "carry_out") or hasattr(value, "begin"))
    }
    assert found == {WriteScript, *map(type, [*tasks(), *work()])}
    assert all(cls.__dataclass_params__.frozen for cls in found)


ERRORS = (
    ActvizError("no"),
    Unequal("no"),
    Diverged(3, (0, 2)),
    DownloadFailed("a.pth", "no connection", "/folder"),
    ImageTooSmall("tiny", 8, 8, 16),
    OutOfMemory("cpu", "too much", "Lower it."),
    NotAllowed("the network has no ReLU."),
    DamagedIndex(),
    TooFew("images", 3, 20, "the photographs"),
    NotInstalled("install pillow-heif."),
    OtherKind("comparison", "a recipe"),
    WrongType("spec.seed", "x", "a number"),
    LessonError([Problem("noise.md", 3, "This is wrong.", "Mend it.")]),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_go_through_the_door(error):
    back = there_and_back(error)
    assert type(back) is type(error) and str(back) == str(error) and vars(back) == vars(error)


def test_these_are_all_errors():
    def below(cls):
        return {cls}.union(*map(below, cls.__subclasses__()))

    assert {cls for cls in below(ActvizError) if cls.__module__.startswith("actviz_core")} == set(map(type, ERRORS))


@pytest.mark.parametrize(
    "value",
    [
        Tile(3, PICTURE, math.nan, "failed", "why"),
        Judgement(0.5, 2, 40),
        Gallery.of(tiny_model(), "conv2", Recipe(SMALL)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_studies_hold_goes_through_the_door(value):
    assert same(there_and_back(value), value)
