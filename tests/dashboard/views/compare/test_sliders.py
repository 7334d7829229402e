"""Compare's sliders, which move all locked columns at once."""

from dataclasses import replace
from types import SimpleNamespace

from actviz_core import FILLS, Change, Column, Comparison, Hyperparams, Recipe, filled
from actviz_core.runs.run import PAUSED
from dashboard.actions import board, runs
from dashboard.state import links
from tests.dashboard.screen import Screen, state_of
from tests.dashboard.views.compare.board import LONG, SMALL, entries_of, marks, runs_of, three_running


def test_sliders_steer_all_locked_columns_at_once(page):
    app = page(LONG, Comparison().added(LONG).added(LONG).added(LONG))
    app.button(key="lock.3").click().run()
    app.button(key="start").click().run()
    runs = runs_of(app)
    assert all(run.wait(lambda run: run.iteration >= 2, 60) for run in runs)
    app.slider(key="compare.0.jitter.pixels").set_value(3).run()
    for run in runs[:2]:
        assert run.wait(lambda run: run.marks and run.marks[-1][1].value("jitter.pixels") == 3, 60)
    assert not runs[2].marks
    assert (
        links.read_comparison({k: v[0] if isinstance(v, list) else v for k, v in app.query_params.items()})
        == state_of(app).comparison
    )


def test_columns_with_changes_show_what_holds_after_them_their_marks_and_the_iteration_they_were_saved_at(page):
    later = Hyperparams().with_values({"learning_rate": 0.3, "total_variation.weight": 5.0})
    recipe = replace(LONG, hyperparams=Hyperparams(), changes=(Change(2, later),), picture=4)
    app = page(LONG, Comparison((Column(recipe), Column(recipe))))
    assert app.select_slider(key="compare.0.total_variation.weight").value == 5.0
    app.button(key="start").click().run()
    runs = runs_of(app)
    assert all(run.wait(lambda run: run.iteration == 4 and run.status == PAUSED, 60) for run in runs)
    assert [entry.marks()[0][0] for entry in entries_of(app)] == [2, 2]
    app.slider(key="compare.0.jitter.pixels").set_value(3).run()
    for run in runs:
        run.step()
        assert run.wait(lambda run: run.marks, 60)
        assert run.marks[-1][1] == later.with_value("jitter.pixels", 3)


def test_one_touch_during_a_replay_changes_one_setting_of_the_columns_that_it_moves(page):
    early, late = Hyperparams(0.3), Hyperparams(0.3).with_values({"jitter.pixels": 0, "rotate.degrees": 180.0})
    recipe = replace(LONG, hyperparams=Hyperparams(), changes=(Change(2, early), Change(90_000, late)), picture=4)
    other = replace(recipe, changes=(Change(80_000, late),))
    app = page(LONG, Comparison((Column(recipe), Column(other), Column(recipe, locked=False))))
    app.button(key="start").click().run()
    runs = runs_of(app)
    assert all(run.wait(lambda run: run.iteration == 4 and run.status == PAUSED, 60) for run in runs)
    app.run()
    said = "The columns replay recorded changes up to iteration 90,000; sliders show what holds then."
    assert said in [caption.value for caption in app.caption]
    app.slider(key="compare.0.noise.sd").set_value(0.1).run()
    assert [toast.value.replace("\\", "") for toast in app.toast] == [
        "The 2 changes recorded for iterations 80,000 to 90,000 are given up: from here on the sliders hold."
    ]
    wanted = [early.with_value("noise.sd", 0.1), Hyperparams().with_value("noise.sd", 0.1)]
    assert state_of(app).comparison.recipes == (*(Recipe(LONG.spec, each) for each in wanted), recipe)
    assert app.slider(key="compare.0.rotate.degrees").value == early.value("rotate.degrees")
    assert said in [caption.value for caption in app.caption], "of the third one"
    for run in runs:
        run.step()
        assert run.wait(lambda run: run.iteration == 5, 60)
    assert [run.marks for run in runs] == [[(5, wanted[0])], [(5, wanted[1])], []]


def test_what_a_slider_has_changed_is_examined_too(page, monkeypatch):
    app = page(LONG)
    app.button(key="add").click().run()
    app.button(key="start").click().run()
    (entry,) = entries_of(app)
    assert entry.run.wait(lambda run: run.iteration >= 2, 60)
    app.slider(key="compare.0.jitter.pixels").set_value(3).run()
    assert entry.run.wait(lambda run: run.marks, 60)
    monkeypatch.setattr(runs, "diagnose", lambda recipe, *rest: recipe)
    assert entry.examine().changes == (Change(*entry.run.marks[0]),)


def test_the_sliders_of_all_locked_columns_leave_the_unlocked_one_alone(page):
    app, runs = three_running(page)
    app.button(key="lock.1").click().run()
    assert app.selectbox(key="steered").options == ["all locked columns", "column 1"]
    steered = app.selectbox(key="steered").value
    app.select_slider(key=f"compare.{steered}.learning_rate").set_value(0.5).run()
    for run in runs[1:]:
        assert run.wait(lambda run: marks(run) == 0.5, 60)
    assert marks(runs[0]) is None
    app.selectbox(key="steered").set_value(1).run()
    app.select_slider(key="compare.1.learning_rate").set_value(0.3).run()
    assert runs[0].wait(lambda run: marks(run) == 0.3, 60) and marks(runs[1]) == 0.5


def test_columns_share_what_a_file_holds_of_changes(page, monkeypatch):
    monkeypatch.setattr(board, "BOARD_CHANGES", 3)
    app, runs = three_running(page)
    app.select_slider(key="compare.0.learning_rate").set_value(0.5).run()
    assert all(run.wait(lambda run: marks(run) == 0.5, 60) for run in runs)
    app.select_slider(key="compare.0.learning_rate").set_value(0.3).run()
    assert "have been changed 1 times" in app.error[0].value and {marks(run) for run in runs} == {0.5}
    assert app.select_slider(key="compare.0.learning_rate").value == 0.5


def test_the_sliders_stay_with_their_column_while_moving_them_renames_it(page):
    """A browser says which option is chosen by its words.

    It has yet to hear of new ones when the next key is pressed.
    """
    screen = Screen(page(comparison=filled(SMALL, FILLS["Trained and untrained weights"], None)))
    screen.app.button(key="lock.2").click().run()
    screen.take()
    screen.move("steered", 2)
    heard = SimpleNamespace(_widget_state=screen.widgets["steered"]._widget_state)
    for value in (0.5, 0.3, 0.2):
        screen.widgets["steered"] = heard
        screen.move("compare.2.learning_rate", value)
        assert state_of(screen.app).comparison.recipes[1].hyperparams.learning_rate == value
        assert screen.widgets["steered"].value == 2 and state_of(screen.app).comparison.recipes[0] == SMALL
