"""Sweeps on Compare, and the columns behind one."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.screen import state_of, visitor_of
from tests.dashboard.views.compare.board import finished, marks, runs_of, three_running, told


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
