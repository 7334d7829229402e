"""From page to page and back: nothing is lost, and nothing runs unseen."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Adam, Channel, Comparison, Recipe, Spec
from dashboard import links
from tests.dashboard.screen import go, state_of, visitor_of
from tests.dashboard.test_compare import runs_of
from tests.dashboard.test_explore import MAIN, run_of

LONG = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), optimizer=Adam(0.5), height=32, width=48, iterations=50_000))
SHORT = replace(LONG, spec=replace(LONG.spec, iterations=4))


@pytest.fixture
def page(nothing_left_running, tmp_path, monkeypatch):
    """page(recipe, comparison) opens Explore; the gallery's pictures go to a folder of the test's own."""
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))

    def open_page(recipe: Recipe = LONG, comparison: Comparison | None = None) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.query_params[links.PARAMETER] = recipe.to_json()
        if comparison:
            app.query_params[links.COMPARISON] = links.write_comparison(comparison)
        app.run()
        assert not app.exception
        return app

    return open_page


def going(run) -> bool:
    return run.wanted


def test_a_board_that_is_left_waits_and_is_there_again(page):
    app = page(comparison=Comparison().added(LONG).added(LONG))
    go(app, "Compare")
    app.button(key="start").click().run()
    runs, before = runs_of(app), state_of(app)
    assert all(run.wait(lambda run: run.iteration >= 2, 60) for run in runs)
    for other in ("Explore", "Gallery"):
        go(app, other)
        assert not any(map(going, runs)) and not any(run.ended for run in runs), "it goes on unseen"
        go(app, "Compare")
        assert runs_of(app) == runs and all(map(going, runs))
        assert state_of(app).comparison == before.comparison and state_of(app).board == before.board
    assert state_of(app).recipe == LONG
    app.multiselect(key="difference").set_value(list(before.board)).run()
    go(app, "Explore")
    go(app, "Compare")
    assert app.multiselect(key="difference").value == list(before.board) == list(state_of(app).difference)


def test_a_finished_board_and_a_sweep_are_there_again(page):
    app = page(SHORT, Comparison().added(SHORT))
    go(app, "Compare")
    app.button(key="start").click().run()
    assert runs_of(app)[0].wait(lambda run: run.ended, 60)
    app.run()
    table = app.dataframe[0].value
    go(app, "Explore")
    go(app, "Compare")
    assert app.dataframe[0].value.equals(table)
    for side in ("across", "down"):
        app.number_input(key=f"sweep.{side}.steps").set_value(2).run()
    app.button(key="do_sweep").click().run()
    runs = runs_of(app)
    assert len(runs) == 4
    visitor_of(app).state = replace(state_of(app), picked=runs[3].key)
    go(app, "Explore")
    go(app, "Compare")
    assert runs_of(app) == runs and "Across: Learning rate" in " ".join(caption.value for caption in app.caption)
    app.button(key="take_over").click().run()
    assert state_of(app).recipe.hyperparams.learning_rate == 0.4
    go(app, "Compare")
    assert runs_of(app) == runs, "taking over loses nothing"


def test_the_run_on_explore_waits_and_one_that_was_paused_stays_so(page):
    app = page()
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 1, 60)
    go(app, "Gallery")
    assert not run.wanted and "will continue" in app.toast[0].value
    go(app, "Explore")
    assert run.wanted and run_of(app) is run
    run.pause()
    go(app, "Compare")
    go(app, "Explore")
    assert not run.wanted and not run.ended
