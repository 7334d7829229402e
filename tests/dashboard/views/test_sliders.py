"""Every slider of every tab, moved once in an order drawn by a seed.

Nothing that was set before is undone, and every widget shows what is true.
"""

import random
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button, FileUploader, NumberInput, Selectbox, Slider, Toggle

from actviz_core import ALL_LOCKED, ActvizError, Adam, Channel, Comparison, Hyperparams, Recipe, Spec, described
from dashboard.state import links
from dashboard.widgets.controls import decades, short
from tests.dashboard.screen import MAIN, Screen, parameters, run_of, state_of
from tests.dashboard.views.compare.board import SCRIPT, runs_of

SPEC = Spec("efficientnet_lite0", Channel("blocks.1.0", 3), optimizer=Adam(0.5), height=64, width=64, iterations=50_000)
NOT_MOVED = (
    "model",
    "untrained",
    "preset",
    "parametrization",
    "optimizer",
    "target.kind",
    "target.layer",
    "spec.start",
    "fill",
    "steered",
)


def other(widget, draw: random.Random):
    """Another value near the present one, whatever kind of widget it is."""
    if isinstance(widget, Toggle):
        return not widget.value
    if isinstance(widget, NumberInput):
        return type(widget.value)(widget.value + widget.step)
    if isinstance(widget, Slider):
        ups, downs = widget.value + widget.step <= widget.max, widget.value - widget.step >= widget.min
        sign = draw.choice([sign for sign, there in ((1, ups), (-1, downs)) if there])
        return type(widget.value)(round(widget.value + sign * widget.step, 6))
    if isinstance(widget, Selectbox):
        return next(option for option in widget.options if option != widget.value)
    place = widget.options.index(f"{widget.value:g}")  # a slider over decades
    return float(widget.options[place + 1 if place + 1 < len(widget.options) else place - 1])


def test_the_learning_rate_s_slider_ends_where_it_is_of_use_and_shows_what_is_beyond():
    rate = described(Hyperparams)["learning_rate"]
    spread = decades(rate, 0.175)
    assert (spread[0], spread[-1]) == (0, 1000) and not any("e" in short(each) for each in spread)
    assert decades(rate, 1e9)[-2:] == [1000, 1e9] and Hyperparams(1e9).learning_rate == rate.high


def changed(recipe: Recipe, key: str, value) -> Recipe:
    """The recipe with what the widget of that key stands for set to a value; as it is where that cannot be."""
    group, _, field = key.partition(".")
    try:
        if group == "spec":
            return replace(recipe, spec=replace(recipe.spec, **{field: value}))
        if group in ("parametrization", "optimizer"):
            return replace(
                recipe, spec=replace(recipe.spec, **{group: replace(getattr(recipe.spec, group), **{field: value})})
            )
        if group == "target":
            return replace(
                recipe, spec=replace(recipe.spec, objective=replace(recipe.spec.objective, **{field: value}))
            )
        return replace(recipe, hyperparams=recipe.hyperparams.with_value(key, value))
    except ActvizError:
        return recipe


def shown(recipe: Recipe, key: str):
    """What the widget of that key is to show."""
    group, _, field = key.partition(".")
    if group == "spec":
        return getattr(recipe.spec, field)
    if group in ("parametrization", "optimizer"):
        return getattr(getattr(recipe.spec, group), field)
    return getattr(recipe.spec.objective, field) if group == "target" else recipe.hyperparams.value(key)


def movable(screen: Screen) -> list[str]:
    return [
        key
        for key, widget in screen.widgets.items()
        if not isinstance(widget, (Button, FileUploader))
        and key not in NOT_MOVED
        and not key.startswith(("sweep.", "difference."))
    ]


@pytest.mark.parametrize(
    "hyperparams, running",
    [(Hyperparams(0.3).with_value("total_variation", 2.0), False), (Hyperparams(), True)],
    ids=["own settings, idle", "default, running"],
)
def test_no_slider_undoes_another(hyperparams, running, nothing_left_running):
    app, draw = AppTest.from_file(str(MAIN), default_timeout=60), random.Random(9)
    recipe = Recipe(SPEC, hyperparams)
    app.query_params[links.PARAMETER] = recipe.to_json()
    screen = Screen(app.run())
    run = None
    if running:
        app.button(key="start").click().run()
        screen.take()
        run = run_of(app)
        assert run.wait(lambda run: run.iteration >= 1, 60)
    keys = movable(screen)
    assert len(keys) > 40
    draw.shuffle(keys)
    # Those of the spec and its parts end the run: they come last.
    for key in sorted(keys, key=lambda key: key.startswith(("spec.", "parametrization.", "optimizer.", "target."))):
        value = other(screen.widgets[key], draw)
        before, recipe = recipe, changed(recipe, key, value)
        screen.move(key, value)
        assert state_of(app).recipe == recipe, f"{key} = {value}"
        assert links.read(parameters(app)) == recipe, f"the address after {key} = {value}"
        for other_key in keys:
            assert screen.widgets[other_key].value == shown(recipe, other_key), f"{other_key} after {key} = {value}"
        if run is not None and recipe.spec == before.spec and recipe != before:
            wanted = recipe.hyperparams
            obeyed = run.wait(lambda run, wanted=wanted: run.marks and run.marks[-1][1] == wanted, 60)
            assert obeyed, f"the picture after {key} = {value}"
            assert not run.ended and run_of(app) is run
        elif run is not None and recipe != before:
            run = run_of(app)
            assert run.wait(lambda run: run.iteration >= 1, 60) and not run.ended


def test_no_slider_undoes_another_on_compare(nothing_left_running):
    app, draw = AppTest.from_string(SCRIPT, default_timeout=60), random.Random(9)
    comparison = Comparison().added(Recipe(SPEC)).added(Recipe(replace(SPEC, seed=1))).added(Recipe(SPEC)).switched(3)
    app.query_params[links.COMPARISON] = links.write_comparison(comparison)
    screen = Screen(app.run())
    app.button(key="start").click().run()
    screen.take()
    runs = runs_of(app)
    assert all(run.wait(lambda run: run.iteration >= 1, 60) for run in runs)
    for number, place in ((ALL_LOCKED, 0), (3, 2)):
        screen.move("steered", number)
        keys = [key for key in movable(screen) if key.startswith(f"compare.{number}.")]
        assert len(keys) > 25
        draw.shuffle(keys)
        for key in keys:
            address, value = key.removeprefix(f"compare.{number}."), other(screen.widgets[key], draw)
            comparison = comparison.steered(number, address, value)
            screen.move(key, value)
            assert state_of(app).comparison == comparison == links.read_comparison(parameters(app)), f"{key} = {value}"
            hyperparams = [column.recipe.hyperparams for column in comparison.columns]
            for other_key in keys:
                assert screen.widgets[other_key].value == hyperparams[place].value(
                    other_key.removeprefix(f"compare.{number}.")
                ), f"{other_key} after {key} = {value}"
            for run, wanted in zip(runs, hyperparams, strict=True):
                assert (run.hyperparams or Hyperparams()) == wanted, f"the pictures after {key} = {value}"


def test_two_wishes_of_one_drawing_are_both_obeyed(nothing_left_running):
    """A quick hand moves a second widget before the page has been drawn anew."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params[links.PARAMETER] = Recipe(SPEC).to_json()
    app.run()
    app.slider(key="parametrization.decay").set_value(1.3)
    app.slider(key="parametrization.coarse").set_value(0.5)
    app.number_input(key="target.channel").set_value(5)
    app.selectbox(key="target.layer").set_value("blocks.2.0").run()
    spec = state_of(app).recipe.spec
    assert (spec.parametrization.decay, spec.parametrization.coarse, spec.objective) == (
        1.3,
        0.5,
        Channel("blocks.2.0", 5),
    )
