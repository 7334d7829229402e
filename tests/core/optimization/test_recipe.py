"""Recipes as JSON: every kind survives with every field, and what is wrong is told in a sentence."""

import dataclasses
import json

import pytest

from actviz_core import (
    OBJECTIVES,
    OPTIMIZERS,
    PARAMETRIZATIONS,
    REGULARIZERS,
    TRANSFORMS,
    ActvizError,
    Channel,
    ClassLogit,
    Hyperparams,
    Recipe,
    Spec,
    kind,
)
from actviz_core.reading import LONGEST_JSON
from tests.core.optimization.recipes import HYPERPARAMS, OF_EACH, RECIPE, SPEC

VALUES = [value for values in OF_EACH.values() for value in values]


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


def test_hyperparams_at_an_iteration():
    rates = [RECIPE.hyperparams_at(i).learning_rate for i in range(1, 9)]
    assert rates == [0.3, 0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2]


def test_the_same_run_until_an_iteration():
    branch = RECIPE.until(5, Hyperparams(0.9))
    assert [branch.hyperparams_at(i).learning_rate for i in range(1, 9)] == [0.3, 0.3, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9]
    assert len(RECIPE.changes) == 2 and branch.spec is RECIPE.spec
