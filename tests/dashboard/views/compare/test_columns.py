"""The columns of Compare: added, removed, with colours and seeds of their own."""

import pytest

from actviz_core import FILLS, Channel, ClassLogit, Column, Comparison, Recipe, Spec, filled
from dashboard.actions import board
from dashboard.state import services
from dashboard.words.labels import labels
from tests.dashboard.screen import state_of
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
    told,
)


def test_a_column_that_cannot_run_leaves_the_others_running(page):
    bad = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 999), height=32, width=48, iterations=6))
    unknown = Recipe(Spec("efficientnet_lite9", Channel("blocks.1.0", 1), height=32, width=48, iterations=6))
    app = page(comparison=Comparison((Column(SMALL), Column(bad), Column(unknown))))
    app.button(key="start").click().run()
    good, *failed = runs_of(app)
    assert all(finished(run) for run in (good, *failed)) and [run.status for run in (good, *failed)] == [
        "finished",
        "failed",
        "failed",
    ]
    assert "channel 999 is out of range" in failed[0].error and "did you mean" in failed[1].error


def test_the_same_column_is_added_once_more_only_to_who_asks_again(page):
    app = page()
    app.button(key="add").click().run()
    app.button(key="add").click().run()
    assert app.error[0].value.replace("\\", "") == "Column 1 is the same already. To have it twice, add it once more."
    assert len(state_of(app).comparison.columns) == 1
    app.button(key="add").click().run()
    assert not app.error and len(state_of(app).comparison.columns) == 2


@pytest.mark.parametrize("seed", [0, 77])
def test_what_is_added_from_explore_has_explores_seed(page, seed):
    explores = changed(seed=seed)
    app = page(explores, filled(changed(seed=0), FILLS["Several seeds"], None).without(1))
    app.button(key="add").click().run()
    assert not app.error and [recipe.spec.seed for recipe in state_of(app).comparison.recipes] == [1, 2, 3, seed]
    assert state_of(app).comparison.recipes[-1] == explores
    app.button(key="add").click().run()
    assert "Column 5 is the same already" in app.error[0].value.replace("\\", "")


def test_a_board_that_its_sliders_have_left_behind_says_so_and_what_start_will_do(page):
    app = page(comparison=Comparison().added(SMALL).added(changed(objective=Channel("blocks.1.0", 5))))
    app.button(key="start").click().run()
    assert all(map(finished, runs_of(app)))
    app.run()
    assert not told(app)
    app.button(key="lock.2").click().run()
    app.selectbox(key="steered").set_value(2).run()
    app.select_slider(key="compare.2.learning_rate").set_value(0.5).run()
    assert told(app) == ["The settings of one column have changed since this picture was made. Start makes all 2 anew."]
    app.selectbox(key="steered").set_value(0).run()
    app.select_slider(key="compare.0.learning_rate").set_value(0.5).run()
    assert told(app) == ["The settings have changed since these pictures were made. Start makes all 2 anew."]
    app.button(key="start").click().run()
    assert all(map(finished, runs_of(app)))
    app.run()
    assert not told(app)


def test_a_column_keeps_its_colour_while_it_lives(page):
    app = page(comparison=several(4))
    app.button(key="start").click().run()

    def colours() -> dict[int, int]:
        return {entry.column: entry.colour for entry in entries_of(app)}

    assert colours() == {1: 0, 2: 1, 3: 2, 4: 3}
    app.button(key="remove.2").click().run()
    assert colours() == {1: 0, 3: 2, 4: 3}
    app.button(key="add").click().run()
    app.button(key="start").click().run()
    assert colours() == {1: 0, 3: 2, 4: 3, 5: 1}
    app.button(key="remove.1").click().run()
    app.button(key="start").click().run()
    assert colours() == {3: 2, 4: 3, 5: 1}


def several(count: int) -> Comparison:
    comparison = Comparison()
    for channel in range(count):
        comparison = comparison.added(changed(objective=Channel("blocks.1.0", channel + 5)))
    return comparison


def test_columns_are_removed_and_seeds_renewed(page):
    app = page(
        comparison=Comparison()
        .added(SMALL)
        .added(Recipe(Spec("efficientnet_lite0", ClassLogit(130), height=32, width=48, iterations=3)))
    )
    app.button(key="remove.1").click().run()
    app.button(key="new_seed").click().run()
    (recipe,) = state_of(app).comparison.recipes
    assert recipe.spec.objective == ClassLogit(130) and recipe.spec.seed == 1
    assert finished(runs_of(app)[0])


@pytest.mark.parametrize(
    ("seeds", "renewed"), [((0, 1, 2, 3), [4, 5, 6, 7]), ((5, 5), [6, 6]), ((0, 7, 0), [8, 15, 8])]
)
def test_every_seed_is_a_new_one_and_columns_of_one_seed_keep_one(page, seeds, renewed):
    app = page(comparison=Comparison(tuple(Column(changed(seed=seed, iterations=1)) for seed in seeds)))
    app.button(key="new_seed").click().run()
    assert [recipe.spec.seed for recipe in state_of(app).comparison.recipes] == renewed and not app.error
    assert all(map(finished, runs_of(app)))


def test_a_column_removed_while_it_runs_disappears_and_the_others_obey_their_sliders(page):
    app, runs = three_running(page)
    app.button(key="remove.2").click().run()
    assert runs[1].wait(lambda run: run.status == "cancelled", 60)
    assert runs_of(app) == [runs[0], runs[2]] and not runs[0].ended and not runs[2].ended
    assert [entry.title for entry in entries_of(app)] == ["1. channel 3", "3. channel 7"] and "3. channel 7" in texts(
        app
    )
    app.button(key="lock.3").click().run()
    app.selectbox(key="steered").set_value(3).run()
    app.select_slider(key="compare.3.learning_rate").set_value(0.3).run()
    assert runs[2].wait(lambda run: marks(run) == 0.3, 60) and marks(runs[0]) is None
    app.button(key="remove.1").click().run()
    app.button(key="remove.3").click().run()
    assert (
        not state_of(app).board and runs[0].wait(lambda run: run.ended, 60) and runs[2].wait(lambda run: run.ended, 60)
    )


def test_a_column_added_while_others_run_starts_beside_them(page):
    app, runs = three_running(page)
    app.button(key="add").click().run()
    *before, added = runs_of(app)
    assert before == runs and added.wait(lambda run: run.iteration >= 2, 60) and not any(run.ended for run in runs)
    assert [entry.title for entry in entries_of(app)][-1] == "4. channel 9"
    app.select_slider(key="compare.0.learning_rate").set_value(0.5).run()
    assert all(run.wait(lambda run: marks(run) == 0.5, 60) for run in (*runs, added))


def test_classes_are_named_as_soon_as_their_network_is_there(page, monkeypatch):
    monkeypatch.setattr(services, "known_model", lambda *which: None)
    (unnamed,) = labels(columns(changed(objective=ClassLogit(130))))
    assert unnamed == "1. class 130"
    monkeypatch.undo()
    app = page(changed(objective=ClassLogit(130)))
    app.selectbox(key="fill").set_value("Several seeds").run()
    app.button(key="do_fill").click().run()
    assert board.title(entries_of(app)) == "efficientnet_lite0, class 130 flamingo"
    assert any("class 130 flamingo" in caption.value for caption in app.caption)
    two = columns(changed(objective=ClassLogit(130)), changed(objective=ClassLogit(131)))
    assert labels(two) == ["1. class 130 flamingo", "2. class 131 little blue heron"]
    stranger = changed(model="efficientnet_lite9", objective=ClassLogit(130))
    assert labels(columns(changed(objective=ClassLogit(130)), stranger)) == [
        "1. efficientnet_lite0",
        "2. efficientnet_lite9",
    ], "a name that one lacks is no difference"
