"""The changes that a recipe records: how many are read again, and which cannot be."""

import json
from dataclasses import replace

import pytest

from actviz_core import L1, ActvizError, Change, Column, Comparison, Hyperparams, Jitter, Pad, Recipe, Scale
from actviz_core.optimization.changes import MOST_CHANGES
from actviz_core.reading import LONGEST_JSON
from actviz_core.studies.comparison import BOARD_CHANGES
from tests.core.optimization.recipes import RECIPE


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
