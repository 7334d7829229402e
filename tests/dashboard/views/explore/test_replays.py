"""A recipe with changes on Explore: what its sliders show, and what becomes of what was recorded for later."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from actviz_core import Change, Hyperparams, Recipe, load_model, preset
from actviz_core.runs.run import PAUSED
from dashboard.actions import steering
from tests.dashboard.screen import Screen, run_of, visitor_of
from tests.dashboard.views.explore.page import SMALL, recipe_of


def test_a_recipe_with_changes_shows_what_holds_after_them_and_a_slider_changes_only_its_own(page):
    later = Hyperparams().with_values({"learning_rate": 0.3, "total_variation.weight": 5.0})
    app = page(Recipe(SMALL, Hyperparams(), (Change(3, later),), picture=6))
    assert app.select_slider(key="learning_rate").value == 0.3
    assert app.select_slider(key="total_variation.weight").value == 5.0
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.iteration == 6 and run.status == PAUSED, 60)
    app.run()
    assert not any("have changed since" in caption.value for caption in app.caption)
    app.slider(key="jitter.pixels").set_value(7).run()
    run_of(app).step()
    assert run_of(app).wait(lambda run: run.marks, 60)
    assert run_of(app).marks[-1][1] == later.with_value("jitter.pixels", 7) == recipe_of(app).final


def test_one_touch_during_a_replay_changes_one_setting_and_gives_up_what_was_recorded_for_later(page):
    early = Hyperparams().with_value("total_variation.weight", 5.0)
    late = early.with_values({"jitter.pixels": 0, "rotate.degrees": 180.0})
    changes = (Change(3, early), Change(80_000, late), Change(90_000, Hyperparams()))
    recipe = Recipe(SMALL, Hyperparams(), changes, picture=6)
    app = page(recipe)
    assert not notes(app, "Replays")
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration == 6 and run.status == PAUSED, 60)
    told = ["Replays recorded changes up to iteration 90,000; sliders show what holds then."]
    assert notes(app, "Replays") == told
    screen = Screen(app)
    screen.move("noise.sd", 0.1)
    wanted = early.with_value("noise.sd", 0.1)
    assert recipe_of(app) == Recipe(SMALL, wanted) and not notes(app, "Replays")
    assert [toast.value.replace("\\", "") for toast in app.toast] == [
        "The 2 changes recorded for iterations 80,000 to 90,000 are given up: from here on the sliders hold."
    ]
    shown = {key: app.slider(key=key).value for key in ("jitter.pixels", "rotate.degrees", "noise.sd")}
    assert shown == {key: wanted.value(key) for key in shown}
    assert app.select_slider(key="total_variation.weight").value == 5.0
    run.step()
    assert run.wait(lambda run: run.marks, 60) and run.marks == [(7, wanted)]
    assert visitor_of(app).get(run.key).recipe() == replace(recipe, changes=(Change(3, early), Change(7, wanted)))
    screen.move("noise.sd", 0.2)
    assert not app.toast and recipe_of(app).final == wanted.with_value("noise.sd", 0.2)


def notes(app: AppTest, first: str) -> list[str]:
    return [caption.value for caption in app.caption if caption.value.startswith(first)]


def test_a_preset_during_a_replay_gives_up_what_was_recorded_for_later(page):
    good = preset("good").applied(Recipe(SMALL), load_model("efficientnet_lite0", device="cpu"))
    app = page(replace(good, changes=(Change(150, Hyperparams(0.3)),), picture=2))
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration == 2 and run.status == PAUSED, 60)
    app.selectbox(key="preset").set_value("Good default").run()
    assert [toast.value.replace("\\", "") for toast in app.toast] == [
        "The change recorded for iteration 150 is given up: from here on the sliders hold."
    ]
    run.step()
    assert recipe_of(app) == good and run.wait(lambda run: run.marks == [(3, good.hyperparams)], 60)


def test_no_more_changes_than_a_file_holds(page, monkeypatch):
    monkeypatch.setattr(steering, "MOST_CHANGES", 2)
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    for count, rate in enumerate((0.1, 0.2), 1):
        app.select_slider(key="learning_rate").set_value(rate).run()
        assert run.wait(lambda run, count=count: len(run.marks) == count, 60)
    app.select_slider(key="learning_rate").set_value(0.3).run()
    assert (
        "have been changed 2 times" in app.error[0].value
        and app.select_slider(key="learning_rate").value == 0.2 == recipe_of(app).hyperparams.learning_rate
    )
    app.button(key="start").click().run()
    app.select_slider(key="learning_rate").set_value(0.3).run()
    assert not app.error and run_of(app) is not run and recipe_of(app).hyperparams.learning_rate == 0.3


def test_a_recipe_with_its_log_of_changes_is_run_as_it_was(page):
    app = page()
    recipe = Recipe(SMALL, Hyperparams(0.2), (Change(3, Hyperparams(0.3)),))
    app.file_uploader(key="recipe_file").upload("recipe.json", recipe.to_json().encode(), "application/json").run()
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 4, 60)
    assert [point.learning_rate for point in run.history.points[:4]] == [0.2, 0.2, 0.3, 0.3]
