"""Going on after the end of a run: what it makes, and what it does not take over."""

from dataclasses import replace

import pytest

from actviz_core import OPTIMIZERS, Adam, ClassLogit, Hyperparams, PixelImage, Recipe
from dashboard.components import viewer
from dashboard.words.changes import kept_in_going_on
from tests.dashboard.screen import run_of
from tests.dashboard.views.explore.page import SMALL, recipe_of


def test_what_a_continued_run_keeps_is_listed_as_a_sentence_lists():
    made = SMALL
    assert kept_in_going_on(made, replace(made, iterations=7)) == ""
    changes = {"weights": "untrained", "objective": ClassLogit(1), "parametrization": PixelImage()}
    for count, names in enumerate(("weights", "target and weights", "target, parametrization and weights"), 1):
        wanted = replace(made, **dict(list(changes.items())[:count]))
        sentence = f"Going on keeps the {names} of this run; Start uses what is set now."
        assert kept_in_going_on(made, wanted) == sentence


@pytest.mark.parametrize("octaves", [1, 2])
def test_going_on_after_the_end_makes_the_picture_that_its_recipe_makes(page, ask, octaves):
    app = page(
        Recipe(replace(SMALL, optimizer=Adam(0.5, cooling=0.3), iterations=20, octaves=octaves), Hyperparams(0.2))
    )
    app.button(key="start").click().run()
    first = run_of(app)
    assert first.wait(lambda run: run.ended, 60)
    ask(app, viewer.ViewerEvent("branch", first.key, 20, until=24))
    longer = run_of(app)
    assert (
        longer is not first and longer.wait(lambda run: run.ended, 60) and longer.iteration == longer.iterations == 24
    )
    assert [point.score for point in longer.history.points[:20]] == [point.score for point in first.history.points]
    assert [point.learning_rate for point in longer.history.points[19:]] == [pytest.approx(0.02)] * 5, (
        "it goes on as it ended"
    )
    assert (app.number_input(key="spec.iterations").value, app.number_input(key="spec.schedule").value) == (24, 20)
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60) and (run_of(app).newest.images == longer.newest.images).all()


def test_what_a_run_that_goes_on_does_not_take_over_is_said_before(page, ask, shown):
    app = page(Recipe(replace(SMALL, iterations=8)))
    app.button(key="start").click().run()
    first = run_of(app)
    assert first.wait(lambda run: run.ended, 60)
    app.number_input(key="spec.iterations").set_value(12).run()
    assert (shown["iterations"], shown["kept"]) == (12, "")
    app.number_input(key="target.channel").set_value(5).run()
    app.selectbox(key="optimizer").set_value(OPTIMIZERS[1]).run()
    assert shown["kept"] == "Going on keeps the target and optimizer of this run; Start uses what is set now."
    ask(app, viewer.ViewerEvent("branch", first.key, 4, until=12))
    assert shown["kept"] == "" and recipe_of(app).spec == replace(SMALL, iterations=12, schedule=8)
    assert run_of(app).wait(lambda run: run.ended, 60) and run_of(app).iteration == 12


def test_a_picture_that_was_kept_early_can_be_gone_on_from(page, ask):
    app = page()
    app.file_uploader(key="recipe_file").upload(
        "a.json", Recipe(replace(SMALL, iterations=8), picture=3).to_json().encode(), "application/json"
    ).run()
    app.button(key="start").click().run()
    first = run_of(app)
    assert first.wait(lambda run: run.iteration == 3 and not run.wanted, 60)
    ask(app, viewer.ViewerEvent("branch", first.key, 3, until=8))
    assert run_of(app).wait(lambda run: run.ended, 60) and run_of(app).iteration == 8
