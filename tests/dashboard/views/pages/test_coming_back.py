"""What a visitor finds who leaves a page and comes back, or reloads it."""

from dataclasses import replace

import pytest

from actviz_core import Comparison
from dashboard.actions import board
from dashboard.components import tab
from dashboard.state import links
from tests.dashboard.screen import go, judgement_of, run_of, state_of, visitor_of
from tests.dashboard.views.compare.board import runs_of
from tests.dashboard.views.pages.several import LONG, SHORT, reloaded, told


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
    app.multiselect(key=f"difference.{'.'.join(before.board)}").set_value(list(before.board)).run()
    go(app, "Explore")
    go(app, "Compare")
    assert (
        app.multiselect(key=f"difference.{'.'.join(before.board)}").value
        == list(before.board)
        == list(state_of(app).difference)
    )


def test_a_finished_board_and_a_sweep_are_there_again(page):
    app = page(SHORT, Comparison().added(SHORT))
    go(app, "Compare")
    app.button(key="start").click().run()
    assert runs_of(app)[0].wait(lambda run: run.ended, 60)
    app.run()
    entries = [visitor_of(app).get(key) for key in state_of(app).shown]
    numbers = judgement_of(entries[0])
    go(app, "Explore")
    go(app, "Compare")
    assert visitor_of(app).get(state_of(app).board[0]).judgement == numbers
    for side in ("across", "down"):
        app.number_input(key=f"sweep.{side}.steps").set_value(2).run()
    app.button(key="do_sweep").click().run()
    runs = runs_of(app)
    assert len(runs) == 4
    visitor_of(app).state = replace(state_of(app), picked=runs[3].key)
    go(app, "Explore")
    go(app, "Compare")
    assert runs_of(app) == runs and state_of(app).swept.across.steps == 2
    assert board.axes([visitor_of(app).get(key) for key in state_of(app).sweep], 2)[0] == {
        "name": "Learning rate",
        "values": ["0.05", "0.4"],
    }
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


@pytest.mark.parametrize("name", ["Explore", "Compare", "Gallery"])
def test_a_reload_brings_everything_back(page, monkeypatch, name):
    app = page(comparison=Comparison().added(LONG))
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 1, 60)
    app.select_slider(key="total_variation.weight").set_value(5.0).run()
    go(app, "Compare")
    app.selectbox(key="fill").set_value("Several seeds").run()
    app.button(key="start").click().run()
    board = runs_of(app)
    go(app, "Gallery")
    app.selectbox(key="gallery.layer").set_value("blocks.2.0").run()
    app.radio(key="gallery.size").set_value(64).run()
    go(app, name)
    before, token = state_of(app), visitor_of(app).token
    again = told(reloaded(app), token, monkeypatch)
    assert not again.exception and visitor_of(again).token == token
    assert state_of(again) == before and run_of(again) is run and runs_of(again) == board
    assert (
        run.wanted == (name == "Explore")
        and board[0].wanted == (name == "Compare")
        and not run.ended
        and not board[0].ended
    )
    assert again.query_params == app.query_params
    if name == "Compare":
        assert again.selectbox(key="fill").value == "Several seeds"
    if name == "Gallery":
        assert (
            again.selectbox(key="gallery.layer").value == "blocks.2.0" and again.radio(key="gallery.size").value == 64
        )


def test_a_link_wins_over_what_the_tab_was(page, monkeypatch):
    app = page()
    app.button(key="start").click().run()
    run, token = run_of(app), visitor_of(app).token
    linked = replace(LONG, spec=replace(LONG.spec, seed=7))
    again = told(reloaded(app, {links.PARAMETER: linked.to_json()}), token, monkeypatch)
    assert state_of(again).recipe == linked and state_of(again).run == "" and run.cancelled
    assert visitor_of(again).token == token


def test_what_is_no_longer_kept_is_said_and_the_address_counts(page, monkeypatch):
    app = page(SHORT)
    visitor = visitor_of(app)
    visitor.release()
    again = told(reloaded(app), visitor.token, monkeypatch)
    assert "no longer kept" in again.toast[0].value and "20 minutes" in again.toast[0].value
    assert visitor_of(again) is not visitor and state_of(again).recipe == SHORT


def test_what_is_started_before_the_tab_has_told_who_it_was_takes_the_place_of_the_former_run(page, monkeypatch):
    app = page(comparison=Comparison().added(LONG))
    app.button(key="start").click().run()
    former, visitor = run_of(app), visitor_of(app)
    go(app, "Compare")
    app.button(key="start").click().run()
    columns = runs_of(app)
    go(app, "Explore")
    other = reloaded(app)
    other.run()
    fresh = visitor_of(other)
    other.slider(key="jitter.pixels").set_value(3).run()
    other.button(key="start").click().run()
    started = run_of(other)
    again = told(other, visitor.token, monkeypatch)
    assert visitor_of(again) is visitor and fresh.released and run_of(again) is started
    assert former.cancelled and started.wanted and not started.cancelled and started.key in visitor.watched
    assert (
        state_of(again).recipe.hyperparams.value("jitter.pixels") == 3
        and runs_of(again) == columns
        and not columns[0].ended
    )
    reached = started.iteration
    assert started.wait(lambda run: run.iteration > reached + 2, 60) and not started.marks


def test_a_slider_moved_before_the_tab_has_told_who_it_was_moves_the_former_run(page, monkeypatch):
    app = page()
    app.button(key="start").click().run()
    run, token = run_of(app), visitor_of(app).token
    other = reloaded(app)
    other.run()
    other.slider(key="jitter.pixels").set_value(3).run()
    again = told(other, token, monkeypatch)
    assert run_of(again) is run and not run.cancelled and again.slider(key="jitter.pixels").value == 3
    assert run.wait(lambda run: run.marks and run.marks[-1][1].value("jitter.pixels") == 3, 60)


@pytest.mark.parametrize(
    "value", [None, 7, "", "short", "x" * 65, "a/../../../b/c/d/e/f/g/h", {"token": "x"}, ["a" * 32]]
)
def test_what_a_browser_says_it_remembers_is_a_token_or_nothing(value):
    assert tab.token_of(value) == "" and tab.token_of("aA0_-" * 8) == "aA0_-" * 8
