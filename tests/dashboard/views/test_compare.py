"""The Compare page without a browser."""

import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import (
    FILLS,
    Adam,
    Change,
    Channel,
    ClassLogit,
    Column,
    Comparison,
    Hyperparams,
    Recipe,
    Spec,
    export,
    filled,
    judge,
)
from actviz_core.runs.run import PAUSED
from dashboard.actions import board, runs
from dashboard.state import links, services
from dashboard.words.labels import labels
from tests.dashboard.screen import Screen, judgement_of, state_of, visitor_of

SCRIPT = "from dashboard.views import compare\ncompare.page()"
SMALL = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=32, width=48, iterations=6))
LONG = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=32, width=48, iterations=100_000))


@pytest.fixture
def page(nothing_left_running):
    """page(recipe, comparison): Explore is set to the recipe, the address holds the comparison."""

    def open_page(recipe: Recipe = SMALL, comparison: Comparison | None = None) -> AppTest:
        app = AppTest.from_string(SCRIPT, default_timeout=60)
        app.query_params[links.PARAMETER] = recipe.to_json()
        if comparison:
            app.query_params[links.COMPARISON] = links.write_comparison(comparison)
        app.run()
        assert not app.exception
        return app

    return open_page


def entries_of(app: AppTest) -> list:
    return [visitor_of(app).get(key) for key in state_of(app).shown]


def runs_of(app: AppTest) -> list:
    return [entry.run for entry in entries_of(app)]


def texts(app: AppTest) -> list[str]:
    """What the page says, without the backslashes that keep it from being Markdown."""
    return [text.value.replace("\\", "") for text in app.markdown]


def finished(run) -> bool:
    return run.wait(lambda run: run.ended, 60)


def test_a_fill_starts_its_columns_and_the_numbers_come_at_the_end(page):
    app = page()
    app.selectbox(key="fill").set_value("Several seeds").run()
    app.button(key="do_fill").click().run()
    runs = runs_of(app)
    assert len(runs) == 4 and all(finished(run) for run in runs) and {run.status for run in runs} == {"finished"}
    assert [entry.judgement for entry in entries_of(app)] == [None] * 4, "absent until all have finished"
    app.run()
    assert [entry.title for entry in entries_of(app)] == ["1. seed 0", "2. seed 1", "3. seed 2", "4. seed 3"]
    assert all(judgement_of(entry).of == 24 and entry.judgement.score != 0 for entry in entries_of(app))
    assert not app.dataframe and "None" not in " ".join(texts(app)) and not app.toast
    app.button(key="do_fill").click().run()
    assert [toast.value for toast in app.toast] == ["4 columns in place of the 4 before."]


def test_nobody_waits_for_an_evaluation(page, monkeypatch):
    app, done = page(comparison=Comparison().added(SMALL)), threading.Event()
    monkeypatch.setattr("actviz_core.evaluation.held_out.judge", lambda *given: done.wait(30) and judge(*given))
    app.button(key="start").click().run()
    entry = entries_of(app)[0]
    assert finished(entry.run)
    app.run()
    app.run()  # each picture once
    assert not app.exception and entry.judgement is None, "the page has waited for it"
    done.set()
    assert judgement_of(entry).of == 24


def test_a_fill_that_cannot_be_says_so_before_it_is_clicked(page):
    app = page()
    assert not app.button(key="do_fill").disabled
    app.selectbox(key="fill").set_value("Same class across models").run()
    assert app.button(key="do_fill").disabled and not app.error
    assert any(
        caption.value.startswith("Models have only") and "choose a class" in caption.value for caption in app.caption
    )
    app = page(changed(objective=ClassLogit(130)))
    assert app.button(key="do_fill").disabled and any(
        "needs a channel as the target" in caption.value for caption in app.caption
    )
    app.selectbox(key="fill").set_value("Same class across models").run()
    assert not app.button(key="do_fill").disabled and not any(
        "target; choose" in caption.value for caption in app.caption
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


def told(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption if "Start" in caption.value]


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


def swept(app: AppTest) -> None:
    for side in ("across", "down"):
        app.number_input(key=f"sweep.{side}.steps").set_value(2).run()
    app.button(key="do_sweep").click().run()


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        (
            "sweep.across.low.learning_rate",
            -1.0,
            "Across: Learning rate is -1.0; it must be between 0.0 and 1000000000.0.",
        ),
        ("sweep.down.high.scale.high", 9.0, "Down: Largest scale is 9.0; it must be between 0.25 and 4.0."),
        ("sweep.down.steps", 7, "Down: the number of steps is 7; it must be between 2 and 6."),
    ],
)
def test_a_sweep_out_of_range_is_told_and_not_started(page, key, typed, sentence):
    app = page()
    field = app.number_input(key=key)
    assert field.min is None or field.min < -(2**40)
    field.set_value(typed).run()
    app.button(key="do_sweep").click().run()
    assert app.error[0].value.replace("\\", "") == sentence
    assert not state_of(app).sweep and app.number_input(key=key).value == typed


def test_a_sweep_and_the_columns_are_kept_beside_each_other(page):
    app, columns = three_running(page)
    swept(app)
    cells = runs_of(app)
    assert len(cells) == 4 and state_of(app).sweeping and not any(run.ended or run.wanted for run in columns)
    assert told(app) == ["Start runs the 3 columns and shows them; the sweep is kept."]
    app.segmented_control(key="sweeping").set_value(False).run()
    assert (
        runs_of(app) == columns
        and all(run.wanted for run in columns)
        and not any(run.ended or run.wanted for run in cells)
    )
    app.segmented_control(key="sweeping").set_value(True).run()
    app.button(key="add").click().run()
    assert runs_of(app)[:3] == columns and len(runs_of(app)) == 4, "what was added is in sight"
    app.segmented_control(key="sweeping").set_value(True).run()
    app.button(key="start").click().run()
    assert not state_of(app).sweeping and len(runs_of(app)) == 4 and all(map(finished, columns))
    app.segmented_control(key="sweeping").set_value(True).run()
    assert runs_of(app) == cells and all(run.wanted for run in cells)
    app.button(key="do_sweep").click().run()
    assert [toast.value for toast in app.toast] == ["A new sweep in place of the one before."] and all(
        map(finished, cells)
    )


def test_sliders_steer_the_columns_behind_a_sweep_too(page):
    app, columns = three_running(page)
    swept(app)
    app.select_slider(key="compare.0.learning_rate").set_value(0.5).run()
    app.segmented_control(key="sweeping").set_value(False).run()
    for run in columns:
        assert run.wait(lambda run: marks(run) == 0.5, 60)


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


def test_a_sweep_is_computed_together_and_a_picture_of_it_kept_as_a_preset(page):
    app = page()
    app.number_input(key="sweep.across.steps").set_value(2).run()
    app.number_input(key="sweep.down.steps").set_value(2).run()
    app.button(key="do_sweep").click().run()
    runs = runs_of(app)
    assert len(runs) == 4 and all(finished(run) for run in runs)
    visitor_of(app).state = replace(state_of(app), picked=runs[3].key)
    app.run()
    app.button(key="keep_preset").click().run()
    assert "Give the preset a name" in app.error[0].value
    app.text_input(key="preset_name").set_value("loud").run()
    app.button(key="keep_preset").click().run()
    kept = state_of(app).presets[0]
    assert kept.hyperparams.learning_rate == 0.4 and kept.hyperparams.value("scale.high") == 1.6


@pytest.mark.parametrize("text", ["nonsense", "eJw=", "A" * 13_000])
def test_an_address_that_cannot_be_used_is_a_sentence(text):
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.query_params[links.COMPARISON] = text
    app.run()
    assert "does not contain a valid comparison" in app.error[0].value and not app.exception


def test_an_address_that_unpacks_to_too_much_is_refused():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 2**22)).decode()
    with pytest.raises(Exception, match="too large"):
        links.read_comparison({links.COMPARISON: bomb})


def columns(*recipes: Recipe) -> tuple[Column, ...]:
    return Comparison(tuple(map(Column, recipes))).columns


def changed(recipe: Recipe = SMALL, **spec) -> Recipe:
    return replace(recipe, spec=replace(recipe.spec, **spec))


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


def test_presets_are_named_however_many_iterations_they_have():
    made = filled(SMALL, FILLS["Several presets"], None)
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


# the running board


def marks(run) -> float | None:
    return run.marks[-1][1].learning_rate if run.marks else None


def three_running(page) -> tuple[AppTest, list]:
    app = page(
        changed(LONG, objective=Channel("blocks.1.0", 9)),
        Comparison()
        .added(LONG)
        .added(changed(LONG, objective=Channel("blocks.1.0", 5)))
        .added(changed(LONG, objective=Channel("blocks.1.0", 7))),
    )
    app.button(key="start").click().run()
    runs = runs_of(app)
    assert len(runs) == 3 and all(run.wait(lambda run: run.iteration >= 2, 60) for run in runs)
    return app, runs


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


def test_an_opened_file_takes_the_board_of_other_columns_away(page):
    app, runs = three_running(page)
    app.file_uploader(key="comparison_file").upload(
        "a.json",
        Comparison().added(SMALL).to_json().replace('"origin":null', '"origin":{"torch":"1.0"}').encode(),
        "application/json",
    ).run()
    assert [toast.value[:14] for toast in app.toast] == ["Made elsewhere"] and state_of(
        app
    ).comparison == Comparison().added(SMALL)
    assert not state_of(app).board and all(run.wait(lambda run: run.ended, 60) for run in runs)
    assert "1. blocks.1.0, channel 3" in texts(app)


def test_a_single_picture_opens_as_the_only_column_and_a_map_says_where_it_belongs(page):
    app, saved = page(), changed(objective=Channel("blocks.1.0", 8))
    picture = export.png(np.zeros((1, 32, 48, 3), np.uint8), saved)
    app.file_uploader(key="comparison_file").upload("picture.png", picture, "image/png").run()
    assert not app.error and state_of(app).comparison.recipes == (saved,)
    app = page()
    app.file_uploader(key="comparison_file").upload("map.json", b'{"kind":"explanation"}', "application/json").run()
    assert app.error[0].value.replace("\\", "") == (
        "This is a map of an image, not a comparison: open it on Explain, in Open a saved map."
    )
    assert not state_of(app).comparison.columns


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


def test_pictures_are_called_by_what_they_were_made_with(page):
    app = page(comparison=filled(SMALL, FILLS["Several presets"], None))
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
