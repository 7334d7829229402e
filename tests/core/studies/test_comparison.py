import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from actviz_core import (
    ALL_LOCKED,
    FILLS,
    ActvizError,
    Axis,
    Change,
    Channel,
    ClassLogit,
    Column,
    Comparison,
    Film,
    Hyperparams,
    Jitter,
    LayerEnergy,
    Recipe,
    Spec,
    Sweep,
    contact_sheet,
    encode,
    export,
    filled,
    judge,
    load_model,
    read_comparison,
    sweep,
)
from actviz_core.export.pictures import LABEL, length_of, line
from actviz_core.runs.history import History, Point
from actviz_core.studies.fills import CLASSIFIERS
from tests.core.tiny import tiny_model
from tests.strategies import recipes

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.2.0", 7), height=48, width=64, seed=5))
OTHER = Recipe(
    Spec("efficientnet_lite0", Channel("blocks.4.0", 20), height=48, width=64, seed=5), Hyperparams(0.1, (Jitter(3),))
)


def load(name, weights):
    return load_model(name, "cpu", weights)


def two():
    return Comparison().added(RECIPE).added(OTHER)


def test_an_added_column_keeps_its_own_seed():
    other = replace(RECIPE, spec=replace(RECIPE.spec, seed=77))
    assert [column.spec.seed for column in Comparison().added(RECIPE).added(other).recipes] == [5, 77]


def test_columns_have_numbers_of_their_own_however_large_others_are():
    def numbers(*given):
        return [
            column.number for column in Comparison(tuple(Column(RECIPE, number=number) for number in given)).columns
        ]

    assert numbers(0, 0, 0) == [1, 2, 3]
    assert numbers(7, 7, 2, 0) == [7, 8, 2, 9]
    assert numbers(10**6, 10**6, 1, 0) == [10**6, 2, 1, 3]


def test_a_slider_moves_all_locked_columns_and_nobody_else():
    comparison = two().added(RECIPE).switched(2)
    moved = comparison.steered(ALL_LOCKED, "total_variation.weight", 2.0)
    assert [recipe.hyperparams.value("total_variation.weight") for recipe in moved.recipes] == [2.0, 0.0, 2.0]
    own = moved.steered(2, "jitter.pixels", 9)
    assert [recipe.hyperparams.value("jitter.pixels") for recipe in own.recipes] == [16, 9, 16]
    assert own.recipes[1].hyperparams.learning_rate == 0.1, "what was not moved stays each column's own"


def test_what_is_steered_no_longer_replays_what_was_changed_before():
    opened = Comparison((Column(replace(RECIPE, changes=(Change(3, Hyperparams(0.5)),))), Column(OTHER)))
    assert (
        not opened.steered(1, "jitter.pixels", 9).recipes[0].changes
        and opened.steered(2, "jitter.pixels", 9).recipes[0].changes
    )


def test_a_column_keeps_its_number_whatever_comes_and_goes():
    comparison = two().added(RECIPE).without(2)
    assert [column.number for column in comparison.columns] == [1, 3] and comparison.recipes == (RECIPE, RECIPE)
    assert [column.number for column in comparison.added(OTHER).columns] == [1, 3, 4]
    assert comparison.steered(3, "jitter.pixels", 9).recipes[1].hyperparams.value("jitter.pixels") == 9
    assert comparison.without(2) == comparison, "nobody has that number any more"
    assert Comparison.from_json(comparison.to_json()) == comparison
    twice = Comparison((Column(RECIPE, number=2), Column(OTHER, number=2), Column(RECIPE)))
    assert [column.number for column in twice.columns] == [2, 3, 4]


def test_twelve_columns_and_no_more():
    comparison = Comparison()
    for _ in range(12):
        comparison = comparison.added(RECIPE)
    with pytest.raises(ActvizError, match="at most 12 columns"):
        comparison.added(RECIPE)
    assert len(comparison.without(3).columns) == 11


def test_json_there_and_back():
    comparison = two().switched(2)
    assert Comparison.from_json(comparison.to_json()) == comparison
    assert Comparison.from_json(RECIPE.to_json()).recipes == (RECIPE,)


@given(st.lists(st.builds(Column, recipes(RECIPE.spec), st.booleans(), st.integers(0, 9)), max_size=8), st.data())
def test_any_comparison_is_read_again_and_each_column_stays_itself(columns, data):
    comparison = Comparison(tuple(columns))
    assert Comparison.from_json(comparison.to_json()) == comparison
    numbers = [column.number for column in comparison.columns]
    assert len(set(numbers)) == len(numbers) and 0 not in numbers
    assert [(c.recipe, c.locked) for c in comparison.columns] == [(c.recipe, c.locked) for c in columns]
    if not columns:
        return
    number = data.draw(st.sampled_from(numbers))
    others = [column for column in comparison.columns if column.number != number]
    steered = comparison.steered(number, "rotate.degrees", 7.0)
    assert [column for column in steered.columns if column.number != number] == others
    assert steered.recipes[numbers.index(number)].hyperparams.value("rotate.degrees") == 7.0
    assert list(comparison.without(number).columns) == others
    assert comparison.switched(number).switched(number) == comparison


@given(recipes(RECIPE.spec), st.integers(2, 6), st.integers(2, 6))
def test_any_recipe_can_be_swept(recipe, across, down):
    swept = Sweep(recipe, Axis("learning_rate", 0.1, 0.4, across), Axis("jitter.pixels", 0, 60, down))
    assert Sweep.from_json(swept.to_json()) == swept
    cells = sweep(recipe, swept.across, swept.down)
    assert len(cells) == across * down and len({cell for _, cell in cells}) == across * down
    for _, cell in cells:
        same = {"learning_rate": recipe.hyperparams.learning_rate, "jitter": recipe.hyperparams.value("jitter.pixels")}
        assert cell.hyperparams.with_values(same) == recipe.hyperparams.with_values(same)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("nonsense", "not JSON"),
        ("[]", "does not say"),
        ('{"kind": "spec"}', 'not a comparison of actviz: it says "kind": "spec"'),
        ('{"kind": "comparison", "columns": 3}', "must be a list"),
        ('{"kind": "comparison", "columns": [{"locked": true}]}', "lacks recipe"),
        ("[" * 100_000, "not JSON"),
        (" " * 2**21, "at most"),
    ],
)
def test_what_is_no_comparison_is_told(text, sentence):
    with pytest.raises(ActvizError, match=sentence):
        Comparison.from_json(text)


def fill(name, recipe=RECIPE):
    return filled(recipe, next(FILLS[each] for each in FILLS if name in each), load).recipes


def test_fills():
    assert [recipe.spec.objective.channel for recipe in fill("Next channels")] == [7, 8, 9, 10, 11, 12]
    layers = [recipe.spec.objective.layer for recipe in fill("across layers")]
    assert len(layers) == len(set(layers)) == 8 and layers[0] == "conv_stem" or layers[0].startswith("blocks.0")
    for own in ("blocks.1.1", "blocks.5.2.conv_dw"):
        found = [
            recipe.spec.objective.layer
            for recipe in fill("across layers", Recipe(Spec("efficientnet_lite0", Channel(own, 7))))
        ]
        assert own in found and len(set(found)) == 8 and (found[0], found[-1]) == (layers[0], layers[-1])
    assert [recipe.spec.weights for recipe in fill("untrained")] == ["", "untrained"]
    assert [recipe.spec.seed for recipe in fill("seeds")] == [5, 6, 7, 8]
    assert len({recipe.spec.parametrization for recipe in fill("presets")}) > 1 and {
        recipe.spec.iterations for recipe in fill("presets")
    } == {192}
    lion = Recipe(Spec("efficientnet_lite0", ClassLogit(291)))
    assert [(recipe.spec.model, recipe.spec.height) for recipe in fill("models", lion)] == list(
        zip(CLASSIFIERS, (224, 240, 260), strict=True)
    )


@pytest.mark.parametrize("name", FILLS)
def test_every_fill_keeps_the_number_of_pictures(name):
    spec = replace(RECIPE.spec, objective=ClassLogit(291) if "models" in name else RECIPE.spec.objective, count=3)
    assert {recipe.spec.count for recipe in fill(name, Recipe(spec))} == {3}


def test_one_objective_for_each_picture_is_kept_and_a_sweep_shows_the_first():
    spec = replace(RECIPE.spec, objective=(Channel("blocks.2.0", 7), Channel("blocks.2.0", 9)), count=2)
    assert {recipe.spec.objective for recipe in fill("seeds", Recipe(spec))} == {spec.objective}
    assert [recipe.spec.objective.channel for recipe in fill("Next channels", Recipe(spec))] == [7, 8, 9, 10, 11, 12]
    cells = sweep(Recipe(spec), Axis("learning_rate", 0.1, 0.4, 2), Axis("jitter.pixels", 0, 5, 2))
    assert {(recipe.spec.objective, recipe.spec.count) for _, recipe in cells} == {(Channel("blocks.2.0", 7), 1)}


def test_the_last_channels_are_as_many_as_there_are():
    last = Recipe(Spec("efficientnet_lite0", Channel("blocks.2.0", 39), height=48, width=64))
    assert [recipe.spec.objective.channel for recipe in fill("Next channels", last)] == [39]


@pytest.mark.parametrize(
    "name, recipe, sentence",
    [
        ("models", RECIPE, "choose a class"),
        ("Next", Recipe(Spec("efficientnet_lite0", LayerEnergy("blocks.2.0"))), "needs a channel"),
    ],
)
def test_fills_that_need_another_target_say_so(name, recipe, sentence):
    with pytest.raises(ActvizError, match=sentence):
        fill(name, recipe)


def test_the_label_and_title_of_small_pictures_are_whole():
    label, title = "1. channel 7, Good default: 1.234", "efficientnet_lite0, blocks.2.0, channel 7"
    whole = np.asarray(Image.open(io.BytesIO(contact_sheet(pictures((48, 64)), [label], two(), title=title))))
    for text, top in ((title, 0), (label, LABEL + 48)):
        words = line(text, length_of(text))
        assert (whole[top : top + LABEL, : words.shape[1]] == words).all()


def test_a_sweep_is_a_grid_row_by_row():
    cells = sweep(RECIPE, Axis("learning_rate", 0.1, 0.4, 3), Axis("jitter.pixels", 0, 5, 2))
    values = [(recipe.hyperparams.learning_rate, recipe.hyperparams.value("jitter.pixels")) for _, recipe in cells]
    assert values == [(0.1, 0), (0.2, 0), (0.4, 0), (0.1, 5), (0.2, 5), (0.4, 5)]
    assert cells[1][0] == "0.2 | 0"


def test_both_ends_of_a_range_are_swept():
    cells = sweep(RECIPE, Axis("scale.low", 1.3, 1.5, 2), Axis("scale.high", 1.6, 1.8, 2))
    assert [(recipe.hyperparams.value("scale.low"), recipe.hyperparams.value("scale.high")) for _, recipe in cells] == [
        (1.3, 1.6),
        (1.5, 1.6),
        (1.3, 1.8),
        (1.5, 1.8),
    ]


@pytest.mark.parametrize(
    "across, down, sentence",
    [
        (Axis("learning_rate", 0.1, 0.2), Axis("learning_rate", 0.1, 0.2), "two different"),
        (Axis("pad.fill", 0, 1), Axis("learning_rate", 0.1, 0.2), "not a number that can be swept"),
        (Axis("jitterr", 0, 1), Axis("learning_rate", 0.1, 0.2), "did you mean jitter"),
        (Axis("jitter.pixels", 0, 500), Axis("learning_rate", 0.1, 0.2), "must be between"),
    ],
)
def test_a_sweep_that_makes_no_sense_is_told(across, down, sentence):
    with pytest.raises(ActvizError, match=sentence):
        sweep(RECIPE, across, down)


# files


def pictures(*sizes):
    rng = np.random.default_rng(0)
    return [rng.integers(0, 255, (height, width, 3), np.uint8) for height, width in sizes]


def test_a_contact_sheet_holds_all_recipes():
    data = contact_sheet(
        pictures((48, 64), (60, 60)), ["1. channel 7", "2. a name that is far too long for its picture"], two()
    )
    assert read_comparison(data) == two()
    with pytest.raises(ActvizError, match="recipe"):
        export.read_recipe(data)
    headed = contact_sheet(pictures((48, 64), (60, 60)), ["1. one", "2. two"], two(), title="class 130 flamingo")
    assert (
        read_comparison(headed) == two()
        and Image.open(io.BytesIO(headed)).height == Image.open(io.BytesIO(data)).height + export.LABEL
    )
    assert read_comparison(export.png(np.stack(pictures((48, 64))), RECIPE)).recipes == (RECIPE,)
    assert read_comparison(export.curves_json([], RECIPE).encode()).recipes == (RECIPE,)  # what --json writes


def test_a_film_shows_all_pictures_of_a_column():
    history = History()
    history.pictures.add(1, np.stack(pictures((16, 24), (16, 24))))
    history.pictures.add(2, np.stack(pictures((16, 24), (16, 24))))
    assert Film.in_step([history], ["one"]).size() == (2 * 24 + export.GAP, 16 + export.LABEL)


def test_films_and_tables_go_in_step():
    histories = [History(), History()]
    for history, last in zip(histories, (3, 2), strict=True):
        for iteration in range(1, last + 1):
            history.pictures.add(iteration, np.stack(pictures((16, 24))))
            history.points.append(Point(iteration, (float(iteration),), (), (0.5,), 0.1, 0.01))
    assert encode(Film.in_step(histories, ["one", "two"]), "gif").startswith(b"GIF8")
    lines = export.comparison_csv({"one": histories[0].points, "two": histories[1].points}).splitlines()
    assert len(lines) == 6 and lines[4].startswith("two,1,1.0,")


# judgement


def test_the_rank_of_a_channel_is_its_place_among_all():
    model = tiny_model()
    image = pictures((24, 32))[0]
    spec = [Spec("tiny", Channel("conv2", channel), height=24, width=32) for channel in range(4)]
    judged = [judge(model, each, image) for each in spec]
    order = sorted(range(4), key=lambda channel: -judged[channel].score)
    assert [judged[channel].rank for channel in order] == [1, 2, 3, 4] and {each.of for each in judged} == {4}
    assert judge(model, spec[0], image) == judged[0], "the views are fixed"
    assert judge(model, Spec("tiny", LayerEnergy("conv2"), height=24, width=32), image).rank is None
    assert judge(model, Spec("tiny", ClassLogit("cat"), height=24, width=32), image).of == 5


def test_a_comparison_of_photographs_keeps_each_once():
    """Twelve columns that start from one photograph were longer than what is read again."""
    first, second = "Q" * 300_000, "R" * 100_000
    recipes = [
        Recipe(Spec("m", Channel("a", index), start="photograph", photograph=second if index == 5 else first))
        for index in range(12)
    ]
    whole = Comparison(tuple(Column(recipe) for recipe in recipes))
    assert len(whole.to_json()) < 450_000 and Comparison.from_json(whole.to_json()) == whole
    for wrong in ("7", "-1", "true", "[]"):
        with pytest.raises(ActvizError, match="spec.photograph is .*; it must be text"):
            Comparison.from_json(whole.to_json().replace('"photograph":1', f'"photograph":{wrong}'))
