import dataclasses
import json
from dataclasses import replace

import pytest

from actviz_core import (
    L1,
    L2,
    OBJECTIVES,
    OPTIMIZERS,
    PARAMETRIZATIONS,
    REGULARIZERS,
    SGD,
    TRANSFORMS,
    ActvizError,
    Adam,
    Blur,
    BlurView,
    Boundary,
    Change,
    Channel,
    ClassLogit,
    Column,
    Comparison,
    Crops,
    Decay,
    Direction,
    Diversity,
    Flip,
    FourierImage,
    GradientAscent,
    HighFrequency,
    Hyperparams,
    Jitter,
    LayerEnergy,
    Lp,
    NAdam,
    Narrow,
    Neuron,
    Noise,
    Pad,
    PhaseImage,
    PixelImage,
    Recipe,
    Rotate,
    Scale,
    SmallContribution,
    SmallNorm,
    Spec,
    TotalVariation,
    described,
    kind,
)
from actviz_core.optimization.changes import MOST_CHANGES
from actviz_core.origin import Origin
from actviz_core.reading import LONGEST_JSON
from actviz_core.studies.comparison import BOARD_CHANGES

OF_EACH = {
    "objective": (
        Channel("a.b", 3),
        Neuron("a", 1, 2, 3),
        ClassLogit("tabby", "output.logits"),
        LayerEnergy("relu@2"),
        Direction("l", (1, 2), (0.5, -1.0), 2.0),
        Diversity("d"),
        Channel("a", 1) - 0.5 * Neuron("b", 2),
    ),
    "transforms": (
        Pad(3, "edge"),
        Jitter(2),
        Scale(0.5, 2.0),
        Rotate(3.0),
        Narrow(0.5),
        Flip(0.25),
        Crops(2, 0.7, 0.3),
        Noise(0.01),
        BlurView(0.3),
    ),
    "regularizers": (
        TotalVariation(0.1),
        L1(0.2),
        L2(0.3),
        Lp(0.4, 3.0),
        HighFrequency(5.0),
        Boundary(0.6, 7),
        Decay(0.01),
        Blur(0.5, 2),
        SmallNorm(10.0),
        SmallContribution(20.0),
    ),
    "optimizer": (Adam(0.1, 0.2, 0.3), NAdam(0.3, 0.4), SGD(0.5), GradientAscent("rms", 2.0)),
    "parametrization": (
        FourierImage(0.5, 0.02, False, 0.25),
        PixelImage(100.0, 5.0, True),
        PhaseImage((2.0, 1.0), False),
    ),
}
VALUES = [value for values in OF_EACH.values() for value in values]
HYPERPARAMS = Hyperparams(0.3, OF_EACH["transforms"], OF_EACH["regularizers"])
SPEC = Spec(
    "m",
    OF_EACH["objective"],
    PixelImage(),
    SGD(),
    height=48,
    width=64,
    count=7,
    seed=2**32 - 1,
    iterations=9,
    schedule=90,
    octaves=3,
    octave_factor=1.5,
    redirected=2,
    start="photograph",
    precision="autocast",
    photograph="QUJD",
    weights="untrained",
)
RECIPE = Recipe(
    SPEC,
    HYPERPARAMS,
    (Change(3, Hyperparams(0.1)), Change(7, Hyperparams(0.2, ()))),
    5,
    Origin("0.1.0", "2.14.1+cu130", "cpu", "AVX2"),
)


def off_default(value):
    return [f.name for f in dataclasses.fields(value) if getattr(value, f.name) == f.default]


def test_the_examples_hold_every_kind_and_every_field():
    assert [type(value) for value in VALUES] == [
        *OBJECTIVES,
        *TRANSFORMS,
        *REGULARIZERS,
        *OPTIMIZERS,
        *PARAMETRIZATIONS,
    ]
    assert not [name for value in (*VALUES, HYPERPARAMS, SPEC, RECIPE) for name in off_default(value)]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: kind(type(value)))
def test_every_kind_survives_json_with_every_field(value):
    name = next(name for name, values in OF_EACH.items() if value in values)
    if name in ("transforms", "regularizers"):
        recipe = Recipe(Spec("m", Channel("a")), Hyperparams(**{name: (value,)}))
    else:
        recipe = Recipe(Spec(**{"model": "m", "objective": Channel("a")} | {name: value}))
    assert Recipe.from_json(recipe.to_json()) == recipe


@pytest.mark.parametrize("indent", [None, 2])
def test_a_full_recipe_survives_json(indent):
    assert Recipe.from_json(RECIPE.to_json(indent)) == RECIPE
    assert Recipe.from_json(RECIPE.to_json(indent)).to_json() == RECIPE.to_json()


def test_strange_letters_survive_json():
    recipe = Recipe(Spec('m"\n', ClassLogit("chien \u2603 \U0001f600")))
    assert recipe.to_json().isascii() and Recipe.from_json(recipe.to_json()) == recipe


def test_a_short_recipe_means_the_defaults():
    short = '{"kind": "recipe", "spec": {"model": "m", "objective": {"kind": "channel", "layer": "a"}}}'
    assert Recipe.from_json(short) == Recipe(Spec("m", Channel("a")))


def edited(path, value):
    """The JSON of the full recipe with one entry replaced; `...` removes it."""
    data = json.loads(RECIPE.to_json())
    at = data
    for key in path[:-1]:
        at = at[key]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    "path, value, sentence",
    [
        (["kind"], "spec", 'not a recipe of actviz: it says "kind": "spec"'),
        (["kind"], "Spec!", 'it does not say "kind": "recipe"'),
        (["kind"], [], 'it does not say "kind": "recipe"'),
        (["spec", "kind"], "run", "recipe.spec has the unknown kind 'run'; known: spec."),
        (["spec", "optimizer", "kind"], "lion", "spec.optimizer has the unknown kind 'lion'; known: "),
        (["spec", "optimizer", "kind"], ["sgd"], "spec.optimizer has the unknown kind"),
        (["spec", "optimizer", "kind"], {}, "spec.optimizer has the unknown kind"),
        (["spec", "objective", 0, "kind"], "os.system", "unknown kind 'os.system'"),
        (["spec", "objective", 0, "kind"], ..., "unknown kind"),
        (["spec", "objective", 0, "kind"], "jitter", "unknown kind 'jitter'"),
        (
            ["spec", "objective", 0, "row"],
            3,
            r"spec.objective\[0\] has the unknown field 'row'; known: layer, channel.",
        ),
        (["spec", "__class__"], 3, "unknown field '__class__'"),
        (["spec", "model"], ..., r"\(spec\) lacks model"),
        (["spec", "model"], None, "spec.model is None; it must be text."),
        (["spec", "seed"], 0.5, "spec.seed is 0.5; it must be a whole number."),
        (["spec", "seed"], -1, "spec.seed is -1; it must be between 0 and 4294967295."),
        (["spec", "seed"], True, "spec.seed is True"),
        (["spec", "height"], 10**100, "spec.height is 1000.* it must be between 8 and 2048 px."),
        (["spec", "octave_factor"], float("nan"), "spec.octave_factor is nan; it must be a finite number."),
        (["spec", "octave_factor"], float("inf"), "spec.octave_factor is inf; it must be a finite number."),
        (["spec", "octave_factor"], 10**400, "spec.octave_factor is 1000.* it must be a finite number."),
        (["spec", "start"], "middle", "spec.start is 'middle'; it must be one of noise, grey, photograph."),
        (["spec", "start"], ["noise"], r"spec.start is \['noise'\]; it must be one of noise, grey, "),
        (["spec", "count"], 6, "there are 7 objectives for 6 images; give one, or one each."),
        (["spec", "photograph"], "", "start from a photograph, but none is given"),
        (["spec", "objective"], [], "there are 0 objectives for 7 images"),
        (["spec", "objective"], "channel", "spec.objective is 'channel'; it must be an objective or a list."),
        (["spec", "objective", 6, "terms"], [], "a sum needs 1 to 32 terms"),
        (["spec", "objective", 6, "terms", 0, "weight"], float("nan"), "term.weight is nan"),
        (["spec", "objective", 4, "weights"], [1.0], "as many weights as channels"),
        (["spec"], [], r"recipe.spec is \[\]; it must be a spec."),
        (["hyperparams", "transforms"], {}, "hyperparams.transforms is {}; it must be a list."),
        (["hyperparams", "transforms", 0, "kind"], "l1", r"hyperparams.transforms\[0\] has the unknown kind 'l1'"),
        (["hyperparams", "learning_rate"], "fast", "hyperparams.learning_rate is 'fast'; it must be a number."),
        (["hyperparams", "learning_rate"], -1, "hyperparams.learning_rate is -1.0; it must be between 0.0 and"),
        (["changes", 0], 3, r"recipe.changes\[0\] is 3; it must be a log entry."),
        (["picture"], -1, "recipe.picture is -1; it must be at least 0."),
        (["picture"], 10, "the picture is that of iteration 10, but there are only 9."),
        (["changes", 0, "iteration"], 8, r"the iterations of the changes, \[8, 7\], must be at least 1 and in order."),
        (["changes", 0, "iteration"], 0, r"\[0, 7\], must be at least 1"),
    ],
)
def test_a_wrong_recipe_is_told_in_a_sentence(path, value, sentence):
    with pytest.raises(ActvizError, match=sentence) as problem:
        Recipe.from_json(edited(path, value))
    assert len(str(problem.value)) < 300 and "\n" not in str(problem.value)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("nan", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ('{"kind": "recipe", "spec": ' + "[" * 900 + "]" * 900 + "}", r"recipe.spec is \[\[.*; it must be a spec."),
        ('{"kind": "recipe", "spec": ' + '{"a":' * 50_000 + "1" + "}" * 50_001, "this is not a recipe: it is"),
        ('{"kind": "recipe", "picture": ' + "9" * 5000 + "}", "it is not JSON"),
        ("null", "not a recipe of actviz"),
        ("[]", "not a recipe of actviz"),
        ('"recipe"', "not a recipe of actviz"),
        ("{}", "not a recipe of actviz"),
        ('{"kind": "recipe"}', r"\(recipe\) lacks spec"),
        (" " * (LONGEST_JSON + 1), "the recipe is 1,048,577 characters long; at most 1,048,576 are read."),
    ],
    ids=range(13),
)
def test_what_is_no_recipe(text, sentence):
    with pytest.raises(ActvizError, match=sentence):
        Recipe.from_json(text)


@pytest.mark.parametrize("depth", [50, 300, 900, 3000, 20_000])
def test_objectives_nested_too_deeply_are_refused_or_read(depth):
    inner = '{"kind": "sum", "terms": [{"kind": "term", "weight": 1.0, "objective": '
    text = '{"kind": "recipe", "spec": {"model": "m", "objective": %s}}'
    try:
        recipe = Recipe.from_json(text % (inner * depth + '{"kind": "channel", "layer": "a"}' + "}]}" * depth))
    except ActvizError as problem:
        assert depth > 50 and ("this is not a recipe" in str(problem) or "long" in str(problem))
    else:
        assert recipe.spec.objective.layers == ("a",)


# what changes


def logged(number: int) -> Recipe:
    """A slider that was moved at each of so many iterations."""
    changes = tuple(
        Change(index + 1, Hyperparams().with_value("total_variation.weight", 0.5 + index % 7))
        for index in range(number)
    )
    return replace(
        RECIPE, spec=replace(RECIPE.spec, iterations=100_000), hyperparams=Hyperparams(), changes=changes, picture=0
    )


def test_as_many_changes_as_a_run_takes_are_read_again():
    recipe = logged(MOST_CHANGES)
    text = recipe.to_json()
    assert len(text) < LONGEST_JSON / 3 and Recipe.from_json(text) == recipe
    columns = Comparison(tuple(Column(logged(BOARD_CHANGES // 12)) for _ in range(12)))
    assert Comparison.from_json(columns.to_json()) == columns


def test_changes_of_more_than_one_number_are_kept_whole():
    first = Hyperparams(0.3, (Jitter(8), Scale(0.9, 1.2)))
    steps = (
        first.with_value("scale.low", 0.8),
        first.with_values({"jitter.pixels": 4, "learning_rate": 0.1}),
        Hyperparams(0.1, (Scale(0.9, 1.2), Jitter(4))),
        Hyperparams(0.1, (Jitter(4),)),
        Hyperparams(0.1, (Jitter(4),), (L1(0.5),)),
        Hyperparams(0.1, (Jitter(4), Pad(2, "grey")), (L1(0.5),)),
    )
    recipe = replace(
        RECIPE, hyperparams=first, changes=tuple(Change(index + 1, step) for index, step in enumerate(steps)), picture=0
    )
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert [entry["kind"] for entry in json.loads(recipe.to_json())["changes"]] == [
        "adjustment",
        "change",
        "change",
        "change",
        "adjustment",
        "change",
    ]


@pytest.mark.parametrize(
    "entry, sentence",
    [
        ({"address": "jitterr", "value": 3}, "did you mean jitter"),
        ({"address": "jitter.pixels", "value": 999}, "jitter.pixels is 999; it must be between"),
        ({"address": "scale.low", "value": 4.0}, "the smallest scale, 4, is larger"),
        ({"address": "jitter.pixels", "value": []}, r"adjustment.value is \[\]; it must be"),
        ({"address": "jitter.pixels"}, "lacks value"),
    ],
)
def test_an_adjustment_that_cannot_be(entry, sentence):
    data = json.loads(replace(RECIPE, hyperparams=Hyperparams(), changes=(), picture=0).to_json())
    with pytest.raises(ActvizError, match=sentence):
        Recipe.from_json(json.dumps(data | {"changes": [{"kind": "adjustment", "iteration": 1} | entry]}))


def test_hyperparams_at_an_iteration():
    rates = [RECIPE.hyperparams_at(i).learning_rate for i in range(1, 9)]
    assert rates == [0.3, 0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2]


def test_the_same_run_until_an_iteration():
    branch = RECIPE.until(5, Hyperparams(0.9))
    assert [branch.hyperparams_at(i).learning_rate for i in range(1, 9)] == [0.3, 0.3, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9]
    assert len(RECIPE.changes) == 2 and branch.spec is RECIPE.spec


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
