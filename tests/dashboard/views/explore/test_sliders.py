"""Explore's presets, sliders and numbers: what they set, and what is said where they cannot."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from actviz_core import ActvizError, Change, Channel, Diversity, Recipe, Spec, load_model, preset
from dashboard.actions import runs
from dashboard.state import links
from dashboard.state.page_state import START
from dashboard.widgets import files
from dashboard.words import target
from tests.dashboard.screen import Screen, parameters, run_of, state_of, visitor_of
from tests.dashboard.views.explore.page import SMALL, bare_png, recipe_of


def test_a_newcomer_finds_the_good_default(page):
    app = page()
    assert app.selectbox(key="preset").value == "Good default"
    assert app.selectbox(key="model").value == "efficientnet_lite0"
    assert recipe_of(app) == START
    assert not app.query_params, "what everybody begins with needs no address"
    app.slider(key="jitter.pixels").set_value(7).run()
    assert links.read(parameters(app)) == recipe_of(app) != START


def test_every_preset_moves_the_sliders(page):
    app = page()
    for title, name in (
        ("Lucid", "lucid"),
        ("Yosinski 2015, setting 3", "yosinski-3"),
        ("MACO", "maco"),
        ("Textbook", "textbook"),
    ):
        app.selectbox(key="preset").set_value(title).run()
        assert not app.exception
        assert recipe_of(app) == preset(name).applied(START)
        assert app.select_slider(key="learning_rate").value == preset(name).hyperparams.learning_rate
    app.slider(key="jitter.pixels").set_value(3).run()
    assert app.selectbox(key="preset").value == "Custom settings"


def test_a_slider_steers_the_run_and_a_spec_starts_another(page):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 2, 60)
    app.select_slider(key="total_variation.weight").set_value(5.0).run()
    assert run_of(app) is run
    assert run.wait(lambda run: run.newest.penalties.get("total_variation", 0) > 0, 60)
    app.number_input(key="target.channel").set_value(4).run()
    assert run.wait(lambda run: run.ended, 60)
    assert run_of(app) is not run
    assert "Target cannot change during a run" in app.toast[0].value


def test_the_smallest_scale_is_not_larger_than_the_largest(page):
    app = page()
    app.slider(key="scale.low").set_value(1.5).run()
    assert app.error[0].value.replace("\\", "") == "The smallest scale, 1.5, is larger than the largest, 1.2."
    assert app.slider(key="scale.low").value == state_of(app).recipe.hyperparams.value("scale.low") == 0.9
    app.slider(key="scale.high").set_value(2.0).run()
    app.slider(key="scale.low").set_value(1.5).run()
    assert not app.error and state_of(app).recipe.hyperparams.value("scale.low") == 1.5


def test_what_a_slider_has_changed_is_examined_too(page, monkeypatch):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 2, 60)
    app.select_slider(key="total_variation.weight").set_value(5.0).run()
    assert run.wait(lambda run: run.marks, 60)
    monkeypatch.setattr(runs, "diagnose", lambda recipe, *rest: recipe)
    assert visitor_of(app).get(state_of(app).run).examine().changes == (Change(*run.marks[0]),)


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("spec.iterations", 999_999, "Iterations is 999999; it must be between 1 and 100000."),
        ("spec.iterations", 0, "Iterations is 0; it must be between 1 and 100000."),
        ("spec.schedule", -1, "Schedule is -1; it must be between 0 and 100000 iterations."),
        ("target.channel", 24, "Channel is 24; it must be between 0 and 23."),
        ("target.channel", -1, "Channel is -1; it must be between 0 and 23."),
    ],
)
def test_a_number_out_of_range_is_told_and_the_former_one_stays(page, key, typed, sentence):
    app = page(Recipe(replace(SMALL, schedule=50)))
    field = app.number_input(key=key)
    before = field.value
    # A browser keeps what is beyond a widget's own bounds to itself, in red: nobody would hear of it.
    assert (field.min or -(2**53)) < -(2**40) and (field.max or 2**53) > 2**40
    field.set_value(typed).run()
    assert app.error[0].value.replace("\\", "") == sentence
    assert app.number_input(key=key).value == before and recipe_of(app) == Recipe(replace(SMALL, schedule=50))
    field = app.number_input(key=key)
    field.set_value(before - 1).run()
    assert not app.error and app.number_input(key=key).value == before - 1


def test_what_a_change_does_to_a_run_is_said_of_a_run(page):
    assert any(
        caption.value == "During a run, a change to anything below ends it and starts a new one."
        for caption in page().caption
    )


def test_limits_are_said_as_they_are_held(page):
    app = page()
    labels = [widget.label for widget in app.file_uploader]
    assert (
        "Weights for this architecture (PTH, PT, CKPT, BIN, TAR, SAFETENSORS; at most 600 MB)" in labels
        and "Recipe (PNG, JSON; at most 64 MB)" in labels
    )
    with pytest.raises(ActvizError, match="big.png has 65 MB; a file with a recipe has at most 64 MB."):
        files.RECIPE.check("big.png", 65 * 2**20)


def test_photographs_give_a_phase_image_its_spectrum(page):
    app = page(Recipe(SMALL))
    app.file_uploader(key="spectrum").upload("blank.png", bare_png(), "image/png").run()
    assert "blank" in app.error[0].value
    file = io.BytesIO()
    Image.effect_noise((64, 48), 50).save(file, "PNG")
    app.file_uploader(key="spectrum.1").upload("photograph.png", file.getvalue(), "image/png").run()
    assert not app.exception and len(recipe_of(app).spec.parametrization.spectrum) == 8


def test_diversity_of_one_picture_says_that_it_needs_two(page):
    objective = Channel("blocks.1.0", 3) + Diversity("blocks.1.0")
    app = page(Recipe(Spec("efficientnet_lite0", objective, height=64, width=96)))
    assert any("needs at least two" in caption.value for caption in app.caption)
    app = page(Recipe(Spec("efficientnet_lite0", objective, height=64, width=96, count=2)))
    assert not any("needs at least two" in caption.value for caption in app.caption)
    assert app.selectbox(key="target.term").label == "Term" and target.score_label(objective) == "score (weighted sum)"


@pytest.mark.parametrize("first, second", [((64, 64), (424, 408)), ((424, 408), (64, 64))])
def test_what_the_browser_still_says_of_the_drawing_before_sets_nothing(page, first, second):
    """A held arrow key is heard while a drawing is on its way that shows the preset's new values in other widgets."""
    good, (height, width) = preset("good"), first
    recipe = Recipe(replace(START.spec, objective=Channel("blocks.1.0", 3), height=height, width=width))
    recipe = good.applied(recipe, load_model(recipe.spec.model))
    screen = Screen(page(recipe))
    for field, size in (("height", second[0]), ("width", second[1] + 8), ("width", second[1])):
        screen.move(f"spec.{field}", size, late=True)
    screen.take()
    wanted = replace(recipe, spec=replace(recipe.spec, height=second[0], width=second[1]))
    wanted = good.applied(wanted, load_model(recipe.spec.model))
    assert recipe_of(screen.app) == wanted != recipe
    assert screen.widgets["preset"].value == "Good default"
    assert screen.widgets["spec.tile"].value == wanted.spec.tile
    # A slider that has been moved is not told its own value, which would undo what was pressed since.
    assert not any(screen.widgets[f"spec.{field}"].proto.set_value for field in ("height", "width"))
    screen.move("learning_rate", 1.0, late=True)
    screen.move("jitter.pixels", 3)
    assert recipe_of(screen.app).final == wanted.final.with_value("learning_rate", 1.0).with_value("jitter.pixels", 3)
