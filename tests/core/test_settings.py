import dataclasses
import math

import numpy as np
import pytest

from actviz_core import (
    OBJECTIVES,
    OPTIMIZERS,
    PARAMETRIZATIONS,
    REGULARIZERS,
    TRANSFORMS,
    ActvizError,
    Adam,
    Blur,
    Channel,
    Direction,
    Hyperparams,
    Jitter,
    Neuron,
    Objective,
    Pad,
    PhaseImage,
    Rotate,
    Scale,
    Spec,
    TotalVariation,
    described,
    kind,
)
from actviz_core.registry import KINDS as KINDS_BY_BASE
from actviz_core.registry import register_kinds
from actviz_core.settings import declared, to_data
from actviz_core.values import conform

KINDS = (*OBJECTIVES, *OPTIMIZERS, *PARAMETRIZATIONS, *REGULARIZERS, *TRANSFORMS, Spec, Hyperparams)
SETTINGS = [(cls, name, setting) for cls in KINDS for name, setting in described(cls).items()]
NUMBERS = [
    (cls, name, setting) for cls, name, setting in SETTINGS if setting.low is not None or setting.high is not None
]
MINIMAL = {
    "layer": "conv1",
    "label": 0,
    "channels": (0,),
    "weights": (1.0,),
    "model": "tiny",
    "objective": Channel("conv1"),
    "terms": (),
}


def made(cls, **given):
    needed = {f.name: MINIMAL[f.name] for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING}
    return cls(**needed | given)


def named(values):
    return [f"{kind(cls)}.{name}" for cls, name, _ in values]


def test_names_of_kinds():
    assert [kind(cls) for cls in (TotalVariation, Jitter, Adam, PhaseImage)] == [
        "total_variation",
        "jitter",
        "adam",
        "phase_image",
    ]


def test_no_two_kinds_share_a_name():
    assert len({kind(cls) for cls in KINDS}) == len(KINDS)


@pytest.mark.parametrize("cls, name, setting", SETTINGS, ids=named(SETTINGS))
def test_every_setting_says_what_it_is(cls, name, setting):
    if cls is not Neuron and name != "picture":
        assert setting.help and setting.help[0].islower() and not setting.help.endswith(".")
    default = cls.__dataclass_fields__[name].default
    if setting.choices:
        assert default in setting.choices
    elif isinstance(default, (int, float)) and not isinstance(default, bool):
        assert setting.low <= default <= (math.inf if setting.high is None else setting.high)


@pytest.mark.parametrize("cls, name, setting", NUMBERS, ids=named(NUMBERS))
def test_both_ends_of_a_range_are_allowed_and_nothing_beyond(cls, name, setting):
    many = cls is PhaseImage
    for end, beyond in ((setting.low, -1), (setting.high, 1)):
        if end is None:
            continue
        given = dict.fromkeys(
            ("low", "high") if cls is Scale else (name,), (end,) if many else end
        )  # a range may be as narrow as one number
        assert getattr(made(cls, **given), name) == given[name]
        with pytest.raises(ActvizError, match=rf"^{kind(cls)}\.{name}.* it must be (at least|between) "):
            made(cls, **{name: (end + beyond,) if many else end + beyond})


@pytest.mark.parametrize("cls", KINDS, ids=kind)
def test_values_are_frozen_and_hashable(cls):
    if cls.__name__ == "Sum":
        return
    value = made(cls)
    assert hash(value) == hash(made(cls)) and value == made(cls)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(cls)[0].name, 1)


def test_values_are_brought_to_their_type():
    jitter, rotate = Jitter(np.int64(3)), Rotate(5)
    assert type(jitter.pixels) is int and type(rotate.degrees) is float
    direction = Direction("conv1", [1, 2], [1, np.float32(0.5)])
    assert direction.channels == (1, 2) and direction.weights == (1.0, 0.5) and type(direction.weights[0]) is float


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        (lambda: Jitter(2.5), "jitter.pixels is 2.5; it must be a whole number."),
        (lambda: Jitter(True), "jitter.pixels is True; it must be a whole number."),
        (lambda: Jitter("3"), "jitter.pixels is '3'; it must be a whole number."),
        (lambda: Jitter(65), "jitter.pixels is 65; it must be between 0 and 64 px."),
        (lambda: Rotate(math.nan), "rotate.degrees is nan; it must be a finite number."),
        (lambda: Rotate(-math.inf), "rotate.degrees is -inf; it must be a finite number."),
        (lambda: Rotate(None), "rotate.degrees is None; it must be a number."),
        (lambda: Pad(0, "black"), "pad.fill is 'black'; it must be one of reflect, edge, grey, wrap."),
        (lambda: Pad(0, 3), "pad.fill is 3; it must be one of reflect, edge, grey, wrap."),
        (lambda: Channel(5), "channel.layer is 5; it must be text."),
        (lambda: Channel("conv1", -1), "channel.channel is -1; it must be at least 0."),
        (lambda: Neuron("conv1", 0, "a"), "neuron.row is 'a'; it must be a whole number or nothing."),
        (lambda: Direction("conv1", 3, (1.0,)), "direction.channels is 3; it must be a list."),
        (lambda: Direction("conv1", (1, "b"), (1.0, 1.0)), "direction.channels[1] is 'b'; it must be a whole number."),
        (
            lambda: Hyperparams(regularizers=(Jitter(),)),
            "hyperparams.regularizers[0] is Jitter(pixels=8); it must be a regularizer.",
        ),
        (lambda: Spec("tiny", 5), "spec.objective is 5; it must be an objective or a list."),
        (lambda: Blur(1.0, 0), "blur.every is 0; it must be between 1 and 50 iterations."),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(wrong, sentence):
    with pytest.raises(ActvizError) as problem:
        wrong()
    assert str(problem.value) == sentence


def test_numbers_beyond_floats_are_refused():
    with pytest.raises(ActvizError, match="hyperparams.learning_rate is 1000.* it must be a finite number"):
        Hyperparams(10**400)


def test_long_values_are_shortened():
    with pytest.raises(ActvizError) as problem:
        Channel("conv1", "x" * 10_000)
    assert len(str(problem.value)) < 150


@pytest.mark.parametrize("strange", [[], {}, 3, None, "no such"])
def test_an_unknown_kind_is_told_with_the_known_ones(strange):
    with pytest.raises(ActvizError, match="^here has the unknown kind .*; known: adam, n_?adam, sgd, ascent"):
        conform({"kind": strange}, type(Adam()).__mro__[1], "here")


def test_data_and_back():
    value = Hyperparams(0.25, (Jitter(3), Pad(2, "edge")), (Blur(0.5, 7),))
    data = to_data(value)
    assert data == {
        "kind": "hyperparams",
        "learning_rate": 0.25,
        "transforms": [{"kind": "jitter", "pixels": 3}, {"kind": "pad", "pixels": 2, "fill": "edge"}],
        "regularizers": [{"kind": "blur", "weight": 0.5, "every": 7}],
    }
    assert conform(data, Hyperparams, "here") == value


def test_a_kind_is_known_once_it_is_registered_not_when_it_is_declared(monkeypatch):
    monkeypatch.setitem(KINDS_BY_BASE, Objective, OBJECTIVES)
    data = {"kind": "latest", "layer": "a"}
    made = []
    for doubled in (False, True):  # and once more, as in a notebook

        @dataclasses.dataclass(frozen=True)
        class Latest(Objective):
            layer: str
            twice: bool = doubled

        if not doubled:
            with pytest.raises(ActvizError, match="unknown kind 'latest'"):
                conform(data, Objective, "here")
        register_kinds(Objective, Latest)
        made.append(conform(data, Objective, "here"))
    assert [latest.twice for latest in made] == [False, True]


def test_annotations_are_types_not_text():
    assert [(name, annotation) for name, annotation, *_ in declared(Jitter)] == [("pixels", int)]
