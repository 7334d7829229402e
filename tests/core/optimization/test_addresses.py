"""Numbers of a recipe by their address: changed, added, and put where they are applied."""

import pytest

from actviz_core import (
    L1,
    REGULARIZERS,
    TRANSFORMS,
    ActvizError,
    Blur,
    Hyperparams,
    Jitter,
    Narrow,
    Pad,
    Rotate,
    Scale,
    described,
    kind,
)


def test_addresses():
    hyperparams = Hyperparams(0.3, (Jitter(8), Pad(1), Jitter(4)), (Blur(1.0), L1(0.5)))
    assert list(hyperparams.addresses()) == ["jitter", "pad", "jitter@2", "blur", "l1"]
    assert hyperparams.value("learning_rate") == 0.3
    assert hyperparams.value("jitter.pixels") == 8 and hyperparams.value("jitter@2.pixels") == 4
    assert hyperparams.value("blur.every") == 4 and hyperparams.value("total_variation.weight") == 0


def test_a_new_part_comes_before_those_of_later_kinds():
    hyperparams = Hyperparams(0.3, (Scale(0.9, 1.1), Rotate(10.0), Jitter(2)), (Blur(1.0),))
    assert hyperparams.with_value("narrow", 0.5).transforms == (Scale(0.9, 1.1), Rotate(10.0), Jitter(2), Narrow(0.5))
    assert hyperparams.with_value("pad.pixels", 4).transforms[0] == Pad(4, "reflect")
    assert hyperparams.with_value("l1", 0.5).regularizers == (L1(0.5), Blur(1.0))
    assert hyperparams.with_value("jitter@2", 3).transforms[2:] == (Jitter(2), Jitter(3)), "a second one at the end"
    backwards = Hyperparams(0.3, (), ()).with_value("rotate", 5.0).with_value("jitter", 3)
    assert backwards.transforms == (Jitter(3), Rotate(5.0))


def test_every_part_stands_where_it_is_applied():
    hyperparams = Hyperparams(0.3, (Pad(6, "grey"), Jitter(4), Scale(0.9, 1.1), Rotate(10.0), Jitter(2)), ())
    parts = hyperparams.every_part()
    order = "pad narrow jitter scale rotate jitter@2 flip crops noise blur_view"
    assert list(parts)[: order.count(" ") + 1] == order.split()
    assert parts["jitter@2"] == Jitter(2) and parts["narrow"] == Narrow(0.0)
    for name in set(parts) - set(hyperparams.addresses()):
        field = next(iter(described(type(parts[name]))))
        places = list(hyperparams.with_value(f"{name}.{field}", getattr(parts[name], field)).every_part())
        assert places == list(parts), f"{name} is applied elsewhere once it is there"


def test_one_number_changed():
    hyperparams = Hyperparams(0.3, (Jitter(8), Jitter(4)), (L1(0.5),))
    assert hyperparams.with_value("learning_rate", 2).learning_rate == 2.0
    assert hyperparams.with_value("jitter@2", 3).transforms == (Jitter(8), Jitter(3))
    assert hyperparams.with_value("l1", 0.1).regularizers == (L1(0.1),)
    assert hyperparams.with_value("scale.low", 0.5).transforms == (Jitter(8), Jitter(4), Scale(0.5, 1.0))
    assert hyperparams.with_value("blur.weight", 0.5).regularizers == (L1(0.5), Blur(0.5))
    assert hyperparams == Hyperparams(0.3, (Jitter(8), Jitter(4)), (L1(0.5),))


def test_a_range_ends_above_its_beginning_whichever_is_named_first():
    assert Hyperparams().with_values({"scale.low": 1.5, "scale.high": 2.0, "learning_rate": 0.3}) == Hyperparams(
        0.3
    ).with_value("scale.high", 2.0).with_value("scale.low", 1.5)
    with pytest.raises(ActvizError, match="the smallest scale, 1.5, is larger than the largest, 1.2."):
        Hyperparams().with_value("scale.low", 1.5)


@pytest.mark.parametrize(
    "address, value, sentence",
    [
        ("totalvariation", 1, r"there is no setting 'totalvariation' \(did you mean total_variation"),
        ("learning_rat", 1, "did you mean learning_rate"),
        ("scale.middle", 1, "scale has no setting 'middle'; it has low, high."),
        ("jitter", 2.5, "jitter.pixels is 2.5; it must be a whole number."),
        ("jitter", 999, "jitter.pixels is 999; it must be between 0 and 64 px."),
        ("learning_rate", "x", "hyperparams.learning_rate is 'x'"),
    ],
)
def test_a_number_that_cannot_be_changed(address, value, sentence):
    with pytest.raises(ActvizError, match=sentence):
        Hyperparams().with_value(address, value)


def test_what_is_added_by_address_does_nothing_until_it_has_a_strength():
    for kinds in (TRANSFORMS, REGULARIZERS):
        for cls in kinds:
            part = Hyperparams(0.1, ()).part(kind(cls))
            assert type(part) is cls and (cls is Pad and part.pixels == 0 or not part.active)
