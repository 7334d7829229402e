"""What tells columns apart, in words."""

from dataclasses import replace

from actviz_core import FILLS, Adam, Channel, ClassLogit, filled, load_model
from dashboard.state import services
from dashboard.words.labels import full, labels, shared
from tests.dashboard.views.compare.board import (
    SMALL,
    changed,
    columns,
    entries_of,
    finished,
    marks,
    runs_of,
    texts,
    three_running,
)


def test_labels_say_what_differs(monkeypatch):
    monkeypatch.setattr(services, "known_model", lambda *which: None)
    assert labels(columns(SMALL)) == ["1. blocks.1.0, channel 3"]
    assert labels(columns(SMALL, changed(objective=Channel("blocks.1.0", 5)))) == ["1. channel 3", "2. channel 5"]
    assert labels(columns(SMALL, changed(weights="untrained"))) == ["1. trained", "2. untrained"]
    assert labels(columns(changed(weights="untrained"))) == ["1. blocks.1.0, channel 3, untrained"]
    louder = replace(SMALL, hyperparams=SMALL.hyperparams.with_value("learning_rate", 0.3))
    quieter = replace(
        SMALL, hyperparams=SMALL.hyperparams.with_value("learning_rate", 0.1).with_value("jitter.pixels", 3)
    )
    assert labels(columns(louder, quieter)) == ["1. learning rate 0.3", "2. learning rate 0.1"]
    assert labels(columns(SMALL, changed(count=2))) == ["1. 1 picture", "2. 2 pictures"]
    assert labels(columns(changed(redirected=5), changed(redirected=3))) == [
        "1. redirect ReLU gradients 5",
        "2. redirect ReLU gradients 3",
    ]
    assert labels(columns(changed(optimizer=Adam(0.5)), changed(optimizer=Adam(0.6)))) == [
        "1. beta1 0.5",
        "2. beta1 0.6",
    ]
    assert labels(columns(SMALL, SMALL)) == ["1. blocks.1.0, channel 3", "2. blocks.1.0, channel 3"], (
        "nothing tells them apart but their numbers"
    )
    both = ClassLogit(130) + 1.0 * Channel("blocks.1.0", 3)
    assert labels(columns(changed(objective=both))) == ["1. +1 (class 130) +1 (blocks.1.0, channel 3)"]


def test_what_repeats_is_told_once_where_all_do_and_of_each_column_where_they_differ(monkeypatch):
    monkeypatch.setattr(services, "known_model", lambda *which: None)
    whole = changed(redirected=5)  # of no preset, as the others
    tile, other, later = changed(tile=16), changed(tile=24), changed(tile=16, objective=Channel("blocks.2.0", 3))
    assert shared([tile, later]) == "efficientnet_lite0, channel 3, repeats every 16 px"
    assert labels(columns(tile, later)) == ["1. blocks.1.0", "2. blocks.2.0"]
    assert shared([tile, whole]) == "efficientnet_lite0, blocks.1.0, channel 3"
    assert labels(columns(tile, whole, other)) == [
        "1. repeats every 16 px",
        "2. does not repeat",
        "3. repeats every 24 px",
    ]
    assert labels(columns(later, whole)) == ["1. blocks.2.0, repeats every 16 px", "2. blocks.1.0"]
    assert labels(columns(whole, changed(tile=64, redirected=5))) == ["1. tile 0", "2. tile 64"], (
        "a tile as large as the picture"
    )
    assert full(tile) == "efficientnet_lite0, blocks.1.0, channel 3, repeats every 16 px"


def load(name, weights):
    return load_model(name, device="cpu", weights=weights)


def test_presets_are_named_however_many_iterations_they_have():
    made = filled(SMALL, FILLS["Several presets"], load)
    found = [label.partition(". ")[2] for label in labels(made.columns)]
    assert found == ["Good default", "Textbook", "Yosinski 2015, setting 3", "Lucid", "Distill", "DeepDream"]
    moved = made.steered(2, "learning_rate", 0.5)
    assert [label.partition(". ")[2] for label in labels(moved.columns)][:3] == [
        "Good default",
        "custom settings",
        "Yosinski 2015, setting 3",
    ]
    again = moved.steered(4, "learning_rate", 0.2)
    assert len({label.partition(". ")[2] for label in labels(again.columns)}) == 6, "two of one's own are told apart"


def test_pictures_are_called_by_what_they_were_made_with(page):
    app = page(comparison=filled(SMALL, FILLS["Several presets"], load))
    app.button(key="start").click().run()
    assert all(map(finished, runs_of(app)))
    app.button(key="lock.1").click().run()
    app.selectbox(key="steered").set_value(1).run()
    app.select_slider(key="compare.1.learning_rate").set_value(0.5).run()
    assert "1. custom settings" in texts(app) and entries_of(app)[0].title == "1. Good default"
    app.button(key="start").click().run()
    assert entries_of(app)[0].title == "1. custom settings"


def test_a_running_picture_is_called_by_what_it_is_steered_to(page):
    app, runs = three_running(page)
    app.button(key="lock.2").click().run()
    app.selectbox(key="steered").set_value(2).run()
    app.select_slider(key="compare.2.learning_rate").set_value(0.5).run()
    assert runs[1].wait(lambda run: marks(run) == 0.5, 60)
    assert (
        entries_of(app)[1].title == "2. channel 5, custom settings"
        and entries_of(app)[0].title == "1. channel 3, Good default"
    )
