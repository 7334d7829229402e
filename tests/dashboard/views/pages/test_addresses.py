"""The address of a page: what it holds, and what back and forward bring."""

from dataclasses import replace
from functools import partial

import pytest
import streamlit
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from actviz_core import Change, Comparison, Hyperparams
from dashboard.components.viewer import ViewerEvent
from dashboard.state import keys, links
from dashboard.state.turns import TURNS
from tests.dashboard.screen import go, run_of, state_of, visitor_of
from tests.dashboard.views.pages.several import LONG, SHORT, reloaded


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"layer": "blocks.2.0", "size": "65"}, "64, 96, 128"),
        ({"layer": "blocks.2.0", "iterations": "0"}, "1 to 2048"),
        ({"layer": "blocks.2.0", "channel": "-1"}, "whole number"),
        ({"layer": "no.such.layer"}, ""),
        ({"layer": "blocks.2.0", "channel": "4000"}, ""),
    ],
)
def test_a_gallery_s_address_is_read_with_care(page, address, sentence):
    app = page(SHORT)
    go(app, "Gallery")
    other = reloaded(app, {links.PARAMETER: SHORT.to_json()} | address)
    other.run()
    assert (
        not other.exception
        and state_of(other).gallery.layer in ("blocks.1.0", "blocks.2.0")
        and state_of(other).gallery.channel is None
    )
    assert sentence in other.error[0].value.replace("\\", "") if sentence else not other.error


def test_the_address_holds_the_present_settings_and_the_page_says_what_it_leaves_out(page):
    app = page()
    app.button(key="start").click().run()
    run = run_of(app)
    app.slider(key="jitter.pixels").set_value(3).run()
    assert run.wait(lambda run: run.marks, 60)
    app.run()
    linked = links.read(
        {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}
    )
    made = visitor_of(app).get(state_of(app).run).recipe()
    assert (
        linked == state_of(app).recipe
        and made.changes
        and linked.hyperparams == made.changes[-1].hyperparams != made.hyperparams
    )
    assert any("unless settings were changed during its run" in caption.value for caption in app.caption)


def test_an_address_keeps_the_changes_that_it_was_opened_with(page):
    changed = replace(LONG, changes=(Change(3, Hyperparams(0.5)), Change(9, Hyperparams(0.25))), picture=20)
    app = page()
    app.file_uploader(key="recipe_file").upload("a.json", changed.to_json().encode(), "application/json").run()
    address = {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}
    assert links.read(address) == changed == state_of(app).recipe
    again = reloaded(app).run()
    assert state_of(again).recipe == changed
    again.slider(key="jitter.pixels").set_value(3).run()
    assert not state_of(again).recipe.changes


def test_an_address_without_room_for_the_changes_leaves_them_out():
    many = tuple(Change(index + 1, Hyperparams(0.1 + index * index % 977 / 1e5)) for index in range(3000))
    changed = replace(LONG, changes=many)
    assert len(links.write(changed)) < links.LONGEST and not links.read({links.PARAMETER: links.write(changed)}).changes
    board = Comparison().added(LONG)
    board = replace(board, columns=(replace(board.columns[0], recipe=changed),))
    assert (
        len(links.write_comparison(board)) < links.LONGEST
        and not links.read_comparison({links.COMPARISON: links.write_comparison(board)}).recipes[0].changes
    )


def test_back_and_forward_bring_the_settings_of_their_page(page, monkeypatch):
    app = page()
    app.button(key="start").click().run()
    run, earlier = run_of(app), dict(app.query_params)
    app.slider(key="jitter.pixels").set_value(3).run()
    assert run.wait(lambda run: run.marks, 60)
    app.query_params.clear()
    app.query_params.update(earlier)
    monkeypatch.setattr(
        "streamlit.testing.v1.local_script_runner.RerunData", partial(RerunData, is_history_navigation=True)
    )
    app.run()
    assert state_of(app).recipe == LONG and app.slider(key="jitter.pixels").value == 16
    assert (
        run.wait(lambda run: run.marks[-1][1] == LONG.hyperparams, 60)
        and run_of(app) is run
        and dict(app.query_params) == earlier
    )


def test_back_from_another_target_ends_its_run_for_one_of_the_former(page, monkeypatch):
    app = page()
    app.button(key="start").click().run()
    earlier = dict(app.query_params)
    app.number_input(key="target.channel").set_value(5).run()
    other = run_of(app)
    app.query_params.clear()
    app.query_params.update(earlier)
    monkeypatch.setattr(
        "streamlit.testing.v1.local_script_runner.RerunData", partial(RerunData, is_history_navigation=True)
    )
    app.run()
    assert other.cancelled and run_of(app) is not other
    assert visitor_of(app).get(state_of(app).run).recipe().spec == LONG.spec == state_of(app).recipe.spec


def test_what_goes_on_from_another_run_keeps_its_marks(page, monkeypatch):
    app = page()
    app.button(key="start").click().run()
    run = run_of(app)
    app.slider(key="jitter.pixels").set_value(3).run()
    assert run.wait(lambda run: run.marks, 60)
    change = run.marks[0][0]
    events = [ViewerEvent("branch", run.key, change + 1)]
    monkeypatch.setattr(
        "dashboard.components.viewer.show", lambda *given, on_event, **more: on_event(events.pop()) if events else None
    )
    app.run()
    entry = visitor_of(app).get(state_of(app).run)
    assert entry.run is not run and entry.run.wait(lambda new: new.iteration > change + 2, 60)
    assert entry.marks() == [(change, "Jitter 16 to 3"), (change + 2, "continued from here")]
    app.run()
    assert not any("settings have changed" in caption.value for caption in app.caption)


def test_others_are_drawn_while_somebody_is_led_to_another_page(page, monkeypatch):
    app, free = page(), []

    def lead(where):
        free.append(TURNS.free)
        streamlit.stop()

    monkeypatch.setattr(streamlit, "switch_page", lead)
    app.session_state[keys.LEAVES.name] = ("explore", "compare")
    app.run()
    assert free == [1]


def test_back_from_a_lesson_shows_the_list(page, monkeypatch):
    app = page(SHORT)
    go(app, "Learn")
    app.button(key=keys.lesson("1-neuron").name).click().run()
    assert app.query_params["lesson"] == "1-neuron"
    app.query_params.clear()
    monkeypatch.setattr(
        "streamlit.testing.v1.local_script_runner.RerunData", partial(RerunData, is_history_navigation=True)
    )
    app.run()
    assert not state_of(app).learning.lesson and not app.query_params
    assert not app.exception
