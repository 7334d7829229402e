"""From page to page and back: nothing is lost, and nothing runs unseen."""

import urllib.request
from dataclasses import replace
from functools import cache, partial

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from actviz_core import (
    Adam,
    Change,
    Channel,
    ClassLogit,
    Comparison,
    Direction,
    Hyperparams,
    LayerEnergy,
    Neuron,
    Recipe,
    Spec,
    find_layer,
)
from dashboard.actions import board, neighbours
from dashboard.components import tab
from dashboard.components.viewer import ViewerEvent
from dashboard.state import links, services
from tests.dashboard.screen import Screen, go, judgement_of, state_of, visitor_of
from tests.dashboard.views.test_compare import runs_of
from tests.dashboard.views.test_explore import MAIN, run_of

LONG = Recipe(
    Spec("efficientnet_lite0", Channel("blocks.1.0", 3), optimizer=Adam(0.5), height=32, width=48, iterations=50_000)
)
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


def reloaded(before: AppTest, address: dict | None = None) -> AppTest:
    """Another session, which the browser opens at the address that it had (or another one).

    The browser tells it which visitor the tab was.
    """
    visitor_of(before).leave()
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app._registered_pages, app._page_hash = before._registered_pages, before._finished_page_script_hash
    for name, value in (before.query_params if address is None else address).items():
        app.query_params[name] = value
    return app


def told(app: AppTest, token: str, monkeypatch) -> AppTest:
    """The tab's answer arrives while the page is there already."""
    app.run()
    assert not app.exception
    answers = [token]
    monkeypatch.setattr(
        services, "present", cache(services.present.__wrapped__)
    )  # AppTest's sessions share one cache, those of browsers do not
    monkeypatch.setattr(
        tab, "remembered", lambda now, answered, doubted: answers.pop() if answers and now != token else ""
    )
    return app.run()


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


def test_layer_and_channel_come_along_from_kind_to_kind(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Channel("blocks.2.0", 20))))
    passed = {
        "Neuron": Neuron("blocks.2.0", 20),
        "Class": ClassLogit(0),
        "Layer": LayerEnergy("blocks.2.0"),
        "Direction": Direction("blocks.2.0", (20,), (1.0,)),
        "Channel": Channel("blocks.2.0", 20),
    }
    for kind, objective in passed.items():
        app.button_group(key="target.kind").set_value(kind).run()
        assert state_of(app).recipe.spec.objective == objective
    app.number_input(key="target.channel").set_value(7).run()
    for kind, objective in (
        ("Class", ClassLogit(0)),
        ("Neuron", Neuron("blocks.2.0", 7)),
        ("Channel", Channel("blocks.2.0", 7)),
    ):
        app.button_group(key="target.kind").set_value(kind).run()
        assert state_of(app).recipe.spec.objective == objective


def test_a_channel_is_known_again_where_its_direction_or_class_is_left(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Direction("blocks.2.0", (20, 3), (0.5, 2.0)))))
    app.button_group(key="target.kind").set_value("Channel").run()
    assert state_of(app).recipe.spec.objective == Channel("blocks.2.0", 3), "the one with most weight"
    channel, layer = Channel("blocks.2.0", 3), find_layer(services.model("efficientnet_lite0", ""), "blocks.2.0")
    assert neighbours.moved(ClassLogit(0), layer, (channel, ClassLogit(0))) == channel


def test_kinds_of_target_and_layers_that_are_passed_through_are_remembered(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Channel("blocks.2.0", 39))))
    for kind in ("Class", "Layer", "Neuron", "Direction"):
        app.button_group(key="target.kind").set_value(kind).run()
        app.button_group(key="target.kind").set_value("Channel").run()
        assert state_of(app).recipe.spec.objective == Channel("blocks.2.0", 39), f"after {kind}"
    app.button_group(key="target.kind").set_value("Class").run()
    app.selectbox(key="target.label").set_value(130).run()
    app.button_group(key="target.kind").set_value("Channel").run()
    app.selectbox(key="target.layer").set_value("blocks.1.0").run()  # has 24
    assert state_of(app).recipe.spec.objective == Channel("blocks.1.0", 23)
    app.selectbox(key="target.layer").set_value("blocks.2.0").run()
    assert state_of(app).recipe.spec.objective == Channel("blocks.2.0", 39)
    app.button_group(key="target.kind").set_value("Class").run()
    assert state_of(app).recipe.spec.objective == ClassLogit(130)
    assert not app.exception and not app.error


def test_a_channel_that_a_layer_does_not_have_is_wanted_again_in_the_next(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Channel("blocks.2.0", 39))))

    def to(layer: str) -> Channel:
        app.selectbox(key="target.layer").set_value(layer).run()
        return state_of(app).recipe.spec.objective

    assert [to(layer).channel for layer in ("blocks.1.0", "conv_stem", "blocks.3.0", "blocks.1.0", "blocks.4.0")] == [
        23,
        31,
        39,
        23,
        39,
    ]
    assert to("blocks.1.0").channel == 23
    app.number_input(key="target.channel").set_value(5).run()
    assert to("blocks.5.0").channel == 5, "another one is wanted by now"
    assert not app.exception and not app.error


def test_settings_that_are_not_those_of_the_picture_are_told(page):
    app, words = page(SHORT), "settings have changed since this picture"

    def said() -> bool:
        return any(words in caption.value for caption in app.caption)

    app.slider(key="jitter.pixels").set_value(3).run()
    assert not said(), "there is no picture yet"
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60)
    app.run()
    assert not said()
    screen = Screen(app)
    screen.move("jitter.pixels", 4)
    assert said()
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60)
    app.run()
    assert not said()


def test_an_untrained_network_is_chosen_without_a_download(page, monkeypatch):
    app = page(SHORT)
    app.toggle(key="untrained").set_value(True).run()
    app.selectbox(key="model").set_value("squeezenet1_1").run()
    assert not app.error and (state_of(app).recipe.spec.model, state_of(app).recipe.spec.weights) == (
        "squeezenet1_1",
        "untrained",
    )


def test_a_download_that_fails_offers_the_untrained_network(page, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", "/nonexistent")
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setattr(
        urllib.request, "_opener", None
    )  # it reads the proxies once: neither others' here nor these elsewhere
    app = page(SHORT)
    app.selectbox(key="model").set_value("alexnet").run()
    assert "could not be downloaded" in app.error[0].value and "switch on Untrained" in app.error[0].value
    assert state_of(app).recipe == SHORT
