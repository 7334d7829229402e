"""The Compare page without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, ClassLogit, Column, Comparison, Hyperparams, Jitter, Recipe, Spec
from dashboard import board, links
from dashboard.visitors import VISITORS

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


def runs_of(app: AppTest) -> list:
    keys = app.session_state["board"]
    visitor = next(visitor for visitor in VISITORS.by_token.values() if visitor.get(keys[0]))
    return [visitor.get(key).run for key in keys]


def finished(run) -> bool:
    return run.wait(lambda run: run.ended, 60)


def test_a_fill_starts_its_columns_and_the_numbers_come_at_the_end(page):
    app = page()
    app.selectbox(key="fill").set_value("Several seeds").run()
    app.button(key="do_fill").click().run()
    runs = runs_of(app)
    assert len(runs) == 4 and all(finished(run) for run in runs) and {run.status for run in runs} == {"finished"}
    app.run()
    table = app.dataframe[0].value
    assert list(table["Column"]) == ["1. seed 0", "2. seed 1", "3. seed 2", "4. seed 3"]
    assert list(table["Iterations"]) == [6] * 4 and all(table["Rank in layer"].str.endswith(" of 24")) and table["Held-out score"].notna().all()


def test_a_fill_that_cannot_be_is_a_sentence(page):
    app = page()
    app.selectbox(key="fill").set_value("Same class across models").run()
    app.button(key="do_fill").click().run()
    assert "choose a class" in app.error[0].value


def test_a_column_that_cannot_run_leaves_the_others_running(page):
    bad = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 999), height=32, width=48, iterations=6))
    unknown = Recipe(Spec("efficientnet_lite9", Channel("blocks.1.0", 1), height=32, width=48, iterations=6))
    app = page(comparison=Comparison((Column(SMALL), Column(bad), Column(unknown))))
    app.button(key="start").click().run()
    good, *failed = runs_of(app)
    assert all(finished(run) for run in (good, *failed)) and [run.status for run in (good, *failed)] == ["finished", "failed", "failed"]
    assert "channel 999 is out of range" in failed[0].error and "did you mean" in failed[1].error


def test_sliders_steer_all_locked_columns_at_once(page):
    app = page(LONG)
    app.button(key="add").click().run()
    app.button(key="add").click().run()
    app.button(key="add").click().run()
    app.button(key="lock.2").click().run()
    app.button(key="start").click().run()
    runs = runs_of(app)
    assert all(run.wait(lambda run: run.iteration >= 2, 60) for run in runs)
    app.slider(key="compare.0.jitter.pixels").set_value(3).run()
    for run in runs[:2]:
        assert run.wait(lambda run: run.marks and run.marks[-1][1].value("jitter.pixels") == 3, 60)
    assert not runs[2].marks
    assert links.read_comparison({k: v[0] if isinstance(v, list) else v for k, v in app.query_params.items()}) == app.session_state["comparison"]


def test_columns_are_removed_and_seeds_renewed(page):
    app = page(comparison=Comparison().added(SMALL).added(Recipe(Spec("efficientnet_lite0", ClassLogit(130), height=32, width=48, iterations=3))))
    app.button(key="remove.0").click().run()
    app.button(key="new_seed").click().run()
    (recipe,) = app.session_state["comparison"].recipes
    assert recipe.spec.objective == ClassLogit(130) and recipe.spec.seed == 1
    assert finished(runs_of(app)[0])


def test_a_sweep_is_computed_together_and_a_picture_of_it_kept_as_a_preset(page):
    app = page()
    app.number_input(key="sweep.across.steps").set_value(2).run()
    app.number_input(key="sweep.down.steps").set_value(2).run()
    app.button(key="do_sweep").click().run()
    runs = runs_of(app)
    assert len(runs) == 4 and all(finished(run) for run in runs)
    app.session_state["picked"] = runs[3].key
    app.run()
    app.button(key="keep_preset").click().run()
    assert "give the preset a name" in app.error[0].value
    app.text_input(key="preset_name").set_value("loud").run()
    app.button(key="keep_preset").click().run()
    kept = app.session_state["own_presets"]["loud"]
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


def test_labels_say_what_differs():
    other = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 5), height=32, width=48, iterations=6))
    assert board.labels([SMALL]) == ["1. blocks.1.0, channel 3"]
    assert board.labels([SMALL, other]) == ["1. channel 3", "2. channel 5"]
