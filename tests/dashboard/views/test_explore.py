"""The Explore page without a browser: what its widgets describe, and what a bad input gets."""

import base64
import io
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from actviz_core import (
    OBJECTIVES,
    OPTIMIZERS,
    ActvizError,
    Adam,
    Change,
    Channel,
    ClassLogit,
    Comparison,
    Direction,
    Diversity,
    Gallery,
    Hyperparams,
    Jitter,
    LayerEnergy,
    Model,
    Neuron,
    Objective,
    PixelImage,
    Recipe,
    Spec,
    Store,
    Sum,
    Tile,
    choose_device,
    described,
    export,
    preset,
    registry,
)
from actviz_core.models.own import OWN
from actviz_core.origin import Origin, here
from actviz_core.runs.run import PAUSED
from actviz_core.settings import setting
from dashboard.actions import neighbours, runs, steering
from dashboard.components import viewer
from dashboard.state import links, services
from dashboard.state.page_state import START
from dashboard.widgets import files, neutral
from dashboard.words import target
from dashboard.words.changes import kept_in_going_on
from dashboard.words.names import name_of
from tests.core.tiny import Answering
from tests.dashboard.screen import Screen, parameters, state_of, visitor_of

MAIN = Path(__file__).parents[3] / "dashboard" / "main.py"
SMALL = Spec(
    "efficientnet_lite0", Channel("blocks.1.0", 3), optimizer=Adam(0.5), height=64, width=96, iterations=100_000
)


@pytest.fixture
def page(nothing_left_running):
    """page(recipe) runs the page set to a recipe."""

    def open_page(recipe: Recipe | None = None) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        if recipe:
            app.query_params[links.PARAMETER] = recipe.to_json()
        app.run()
        assert not app.exception
        return app

    return open_page


def recipe_of(app: AppTest) -> Recipe:
    return state_of(app).recipe


def run_of(app: AppTest):
    return visitor_of(app).get(state_of(app).run).run


def test_a_recipe_with_changes_shows_what_holds_after_them_and_a_slider_changes_only_its_own(page):
    later = Hyperparams().with_values({"learning_rate": 0.3, "total_variation.weight": 5.0})
    app = page(Recipe(SMALL, Hyperparams(), (Change(3, later),), picture=6))
    assert app.select_slider(key="learning_rate").value == 0.3
    assert app.select_slider(key="total_variation.weight").value == 5.0
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.iteration == 6 and run.status == PAUSED, 60)
    app.run()
    assert not any("have changed since" in caption.value for caption in app.caption)
    app.slider(key="jitter.pixels").set_value(7).run()
    run_of(app).step()
    assert run_of(app).wait(lambda run: run.marks, 60)
    assert run_of(app).marks[-1][1] == later.with_value("jitter.pixels", 7) == recipe_of(app).final


def test_one_touch_during_a_replay_changes_one_setting_and_gives_up_what_was_recorded_for_later(page):
    early = Hyperparams().with_value("total_variation.weight", 5.0)
    late = early.with_values({"jitter.pixels": 0, "rotate.degrees": 180.0})
    changes = (Change(3, early), Change(80_000, late), Change(90_000, Hyperparams()))
    recipe = Recipe(SMALL, Hyperparams(), changes, picture=6)
    app = page(recipe)
    assert not notes(app, "Replays")
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration == 6 and run.status == PAUSED, 60)
    told = ["Replays recorded changes up to iteration 90,000; sliders show what holds then."]
    assert notes(app, "Replays") == told
    screen = Screen(app)
    screen.move("noise.sd", 0.1)
    wanted = early.with_value("noise.sd", 0.1)
    assert recipe_of(app) == Recipe(SMALL, wanted) and not notes(app, "Replays")
    assert [toast.value.replace("\\", "") for toast in app.toast] == [
        "The 2 changes recorded for iterations 80,000 to 90,000 are given up: from here on the sliders hold."
    ]
    shown = {key: app.slider(key=key).value for key in ("jitter.pixels", "rotate.degrees", "noise.sd")}
    assert shown == {key: wanted.value(key) for key in shown}
    assert app.select_slider(key="total_variation.weight").value == 5.0
    run.step()
    assert run.wait(lambda run: run.marks, 60) and run.marks == [(7, wanted)]
    assert visitor_of(app).get(run.key).recipe() == replace(recipe, changes=(Change(3, early), Change(7, wanted)))
    screen.move("noise.sd", 0.2)
    assert not app.toast and recipe_of(app).final == wanted.with_value("noise.sd", 0.2)


def notes(app: AppTest, first: str) -> list[str]:
    return [caption.value for caption in app.caption if caption.value.startswith(first)]


def test_a_preset_during_a_replay_gives_up_what_was_recorded_for_later(page):
    good = preset("good").applied(Recipe(SMALL))
    app = page(replace(good, changes=(Change(150, Hyperparams(0.3)),), picture=2))
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration == 2 and run.status == PAUSED, 60)
    app.selectbox(key="preset").set_value("Good default").run()
    assert [toast.value.replace("\\", "") for toast in app.toast] == [
        "The change recorded for iteration 150 is given up: from here on the sliders hold."
    ]
    run.step()
    assert recipe_of(app) == good and run.wait(lambda run: run.marks == [(3, good.hyperparams)], 60)


def test_a_newcomer_finds_the_good_default(page):
    app = page()
    assert app.selectbox(key="preset").value == "Good default"
    assert app.selectbox(key="model").value == "efficientnet_lite0"
    assert recipe_of(app) == START
    assert not app.query_params, "what everybody begins with needs no address"
    app.slider(key="jitter.pixels").set_value(7).run()
    assert links.read(parameters(app)) == recipe_of(app) != START


def test_every_preset_moves_the_sliders(page):
    app = page()
    for title, name in (
        ("Lucid", "lucid"),
        ("Yosinski 2015, setting 3", "yosinski-3"),
        ("MACO", "maco"),
        ("Textbook", "textbook"),
    ):
        app.selectbox(key="preset").set_value(title).run()
        assert not app.exception
        assert recipe_of(app) == preset(name).applied(START)
        assert app.select_slider(key="learning_rate").value == preset(name).hyperparams.learning_rate
    app.slider(key="jitter.pixels").set_value(3).run()
    assert app.selectbox(key="preset").value == "Custom settings"


def test_a_slider_steers_the_run_and_a_spec_starts_another(page):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 2, 60)
    app.select_slider(key="total_variation.weight").set_value(5.0).run()
    assert run_of(app) is run
    assert run.wait(lambda run: run.newest.penalties.get("total_variation", 0) > 0, 60)
    app.number_input(key="target.channel").set_value(4).run()
    assert run.wait(lambda run: run.ended, 60)
    assert run_of(app) is not run
    assert "Target cannot change during a run" in app.toast[0].value


def test_no_more_changes_than_a_file_holds(page, monkeypatch):
    monkeypatch.setattr(steering, "MOST_CHANGES", 2)
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    for count, rate in enumerate((0.1, 0.2), 1):
        app.select_slider(key="learning_rate").set_value(rate).run()
        assert run.wait(lambda run, count=count: len(run.marks) == count, 60)
    app.select_slider(key="learning_rate").set_value(0.3).run()
    assert (
        "have been changed 2 times" in app.error[0].value
        and app.select_slider(key="learning_rate").value == 0.2 == recipe_of(app).hyperparams.learning_rate
    )
    app.button(key="start").click().run()
    app.select_slider(key="learning_rate").set_value(0.3).run()
    assert not app.error and run_of(app) is not run and recipe_of(app).hyperparams.learning_rate == 0.3


def test_the_smallest_scale_is_not_larger_than_the_largest(page):
    app = page()
    app.slider(key="scale.low").set_value(1.5).run()
    assert app.error[0].value.replace("\\", "") == "The smallest scale, 1.5, is larger than the largest, 1.2."
    assert app.slider(key="scale.low").value == state_of(app).recipe.hyperparams.value("scale.low") == 0.9
    app.slider(key="scale.high").set_value(2.0).run()
    app.slider(key="scale.low").set_value(1.5).run()
    assert not app.error and state_of(app).recipe.hyperparams.value("scale.low") == 1.5


def test_what_a_slider_has_changed_is_examined_too(page, monkeypatch):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 2, 60)
    app.select_slider(key="total_variation.weight").set_value(5.0).run()
    assert run.wait(lambda run: run.marks, 60)
    monkeypatch.setattr(runs, "diagnose", lambda recipe, *rest: recipe)
    assert visitor_of(app).get(state_of(app).run).examine().changes == (Change(*run.marks[0]),)


def test_targets_of_every_kind(page):
    app = page(Recipe(SMALL))
    app.button_group(key="target.kind").set_value("Neuron").run()
    app.number_input(key="target.row").set_value(1).run()
    assert recipe_of(app).spec.objective == Neuron("blocks.1.0", 3, 1, None)
    app.button_group(key="target.kind").set_value("Class").run()
    app.selectbox(key="target.label").set_value(291).run()
    assert recipe_of(app).spec.objective == ClassLogit(291)
    app.button_group(key="target.kind").set_value("Direction").run()
    app.text_input(key="target.direction").set_value("1:2, 3:-0.5").run()
    assert recipe_of(app).spec.objective.channels == (1, 3) and recipe_of(app).spec.objective.weights == (2.0, -0.5)
    app.text_input(key="target.direction").set_value("nonsense").run()
    assert "cannot be read" in app.error[0].value
    assert isinstance(recipe_of(app).spec.objective, Direction), "the last good one is kept"
    for text, sentence in (
        ("1:nan", "The weight of channel 1 is nan; it must be a finite number."),
        ("1:2, 3:-1e999", "The weight of channel 3 is -inf; it must be a finite number."),
        (f"{10**20}:1", f"Channel {10**20} is out of range: no layer has so many."),
    ):
        app.text_input(key="target.direction").set_value(text).run()
        assert app.error[0].value.replace("\\", "") == sentence
        assert app.text_input(key="target.direction").value == "1:2, 3:-0.5"


@dataclass(frozen=True)
class Loudest(Objective):
    """A kind that somebody has declared, as in the README."""

    layer: str
    share: float = setting(0.5, low=0.0, high=1.0, step=0.1, help="of its channels")

    def __call__(self, activations):
        channels = activations[self.layer].mean((2, 3))
        return channels.topk(max(1, int(self.share * channels.shape[1])), 1).values.mean(1)


def test_a_target_of_a_kind_that_somebody_declared(page, monkeypatch):
    monkeypatch.setitem(registry.KINDS, Objective, (*OBJECTIVES, Loudest))
    app = page(Recipe(replace(SMALL, objective=Loudest("blocks.1.0"), iterations=3)))
    assert (
        app.button_group(key="target.kind").value == "Loudest"
        and app.selectbox(key="target.layer").value == "blocks.1.0"
    )
    app.slider(key="target.share").set_value(0.2).run()
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60) and run_of(app).iteration == 3 and not app.exception
    assert recipe_of(app).spec.objective == Loudest("blocks.1.0", 0.2)
    app.button(key="target.add").click().run()
    assert app.selectbox(key="target.term").options == ["+1 · blocks.1.0, loudest", "+1 · blocks.1.1, loudest"]
    app.button_group(key="target.kind").set_value("Channel").run()
    assert (
        recipe_of(app).spec.objective == Loudest("blocks.1.0", 0.2) + 1.0 * Channel("blocks.1.1", 0)
        and not app.exception
    )
    assert target.score_label(Loudest("blocks.1.0")) == "score (loudest)"


def test_a_class_of_a_network_that_answers_with_a_dictionary(page, monkeypatch):
    def network(**given):
        return lambda: Model.of(
            Answering(lambda logits, means, maps: {"means": means, "logits": logits} if given else (means, logits)),
            size=32,
            **given,
        )

    monkeypatch.setitem(OWN, "mine:named", network(labels="abcde"))
    monkeypatch.setitem(OWN, "mine:pair", network())
    app = page(Recipe(Spec("mine:named", Channel("conv", 3), height=32, width=32, iterations=4)))
    app.button_group(key="target.kind").set_value("Class").run()
    assert app.selectbox(key="target.label").options == ["0 a", "1 b", "2 c", "3 d", "4 e"]
    app.selectbox(key="target.label").set_value(4).run()
    app.button(key="start").click().run()
    assert not app.exception and not app.error and run_of(app).wait(lambda run: run.ended, 60)
    assert run_of(app).iteration == 4 and recipe_of(app).spec.objective == ClassLogit(4)
    app.selectbox(key="model").set_value("mine:pair").run()
    assert isinstance(recipe_of(app).spec.objective, Channel) and not app.exception
    app.button_group(key="target.kind").set_value("Class").run()
    assert "which holds the classes cannot be told" in app.error[0].value and not app.exception


def test_a_sum_is_built_and_taken_apart(page):
    app = page(Recipe(SMALL))
    app.button(key="target.add").click().run()
    app.number_input(key="target.channel").set_value(7).run()
    app.number_input(key="target.weight").set_value(-0.5).run()
    assert recipe_of(app).spec.objective == Channel("blocks.1.0", 3) - 0.5 * Channel("blocks.1.0", 7)
    assert isinstance(recipe_of(app).spec.objective, Sum)
    app.button(key="target.remove").click().run()
    assert recipe_of(app).spec.objective == Channel("blocks.1.0", 3)


def test_another_target_begins_with_something_else(page):
    app = page(Recipe(replace(SMALL, objective=Channel("blocks.1.0", 22))))  # of 24
    for channels in ([22, 23], [22, 23, 21]):
        app.button(key="target.add").click().run()
        assert [term.objective for term in recipe_of(app).spec.objective.terms] == [
            Channel("blocks.1.0", channel) for channel in channels
        ]
    app.selectbox(key="target.term").set_value(0).run()
    app.button(key="target.add").click().run()
    assert recipe_of(app).spec.objective.terms[-1].objective == Channel("blocks.1.0", 20)
    beside = {
        ClassLogit(999): ClassLogit(998),
        LayerEnergy("blocks.1.0"): LayerEnergy("blocks.1.1"),
        Direction("blocks.1.0", (4, 9), (1.0, -2.0)): Channel("blocks.1.0", 10),
    }
    model = services.model(SMALL.model, "")
    assert {objective: neighbours.another(objective, model, (64, 96)) for objective in beside} == beside


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("spec.iterations", 999_999, "Iterations is 999999; it must be between 1 and 100000."),
        ("spec.iterations", 0, "Iterations is 0; it must be between 1 and 100000."),
        ("spec.schedule", -1, "Schedule is -1; it must be between 0 and 100000 iterations."),
        ("target.channel", 24, "Channel is 24; it must be between 0 and 23."),
        ("target.channel", -1, "Channel is -1; it must be between 0 and 23."),
    ],
)
def test_a_number_out_of_range_is_told_and_the_former_one_stays(page, key, typed, sentence):
    app = page(Recipe(replace(SMALL, schedule=50)))
    field = app.number_input(key=key)
    before = field.value
    # A browser keeps what is beyond a widget's own bounds to itself, in red: nobody would hear of it.
    assert (field.min or -(2**53)) < -(2**40) and (field.max or 2**53) > 2**40
    field.set_value(typed).run()
    assert app.error[0].value.replace("\\", "") == sentence
    assert app.number_input(key=key).value == before and recipe_of(app) == Recipe(replace(SMALL, schedule=50))
    field = app.number_input(key=key)
    field.set_value(before - 1).run()
    assert not app.error and app.number_input(key=key).value == before - 1


def test_what_a_change_does_to_a_run_is_said_of_a_run(page):
    assert any(
        caption.value == "During a run, a change to anything below ends it and starts a new one."
        for caption in page().caption
    )


def test_another_model_keeps_what_it_can(page):
    app = page()
    app.selectbox(key="model").set_value("efficientnet_lite1").run()
    assert (recipe_of(app).spec.height, recipe_of(app).spec.objective) == (240, Channel("blocks.4.0", 20))
    app.toggle(key="untrained").set_value(True).run()
    assert recipe_of(app).spec.weights == "untrained"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("efficientnet_lite9", "did you mean"), ("os:system", "os:system"), ("timm/nothing", "timm/nothing")],
)
def test_an_unknown_model_is_a_sentence(name, sentence):
    with pytest.raises(ActvizError, match=sentence):
        services.model(name, "")


def test_a_recipe_file_sets_the_page(page):
    app = page()
    recipe = Recipe(
        Spec("efficientnet_lite0", ClassLogit(130), PixelImage(), height=32, width=48), Hyperparams(0.5, (Jitter(2),))
    )
    picture = export.png(np.zeros((1, 32, 48, 3), np.uint8), recipe)
    app.file_uploader(key="recipe_file").upload("picture.png", picture, "image/png").run()
    assert not app.error and recipe_of(app) == recipe


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("comparison", "This is a comparison, not a recipe: open it on Compare, in the tab Open."),
        ("explanation", "This is a map of an image, not a recipe: open it on Explain, in Open a saved map."),
        ("explanations", "These are maps of an image, not a recipe: open them on Explain, in Open a saved map."),
        ("sweep", 'This is not a recipe of actviz: it says "kind": "sweep".'),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name_with_where_it_opens(page, kind, sentence):
    app = page(Recipe(SMALL))
    text = Comparison().added(Recipe(SMALL)).added(Recipe(replace(SMALL, seed=1))).to_json()
    data = export.pictures.with_text(
        np.zeros((9, 9, 3), np.uint8), text.replace('{"kind":"comparison"', f'{{"kind":"{kind}"')
    )
    app.file_uploader(key="recipe_file").upload("sheet.png", data, "image/png").run()
    assert app.error[0].value.replace("\\", "") == sentence and recipe_of(app) == Recipe(SMALL)


@pytest.fixture
def shown(monkeypatch):
    """What the viewer was given last."""
    given, mount = {}, viewer.mount

    def mounted(key, data, **more):
        given.update(data)
        return mount(key=key, data=data, **more)

    monkeypatch.setattr(viewer, "mount", mounted)
    return given


def test_an_opened_file_takes_the_place_of_the_run_with_its_own_picture(page, shown):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    before = run_of(app)
    other = Recipe(replace(SMALL, objective=Channel("blocks.2.0", 7)), picture=57)
    red = np.zeros((1, 64, 96, 3), np.uint8) + np.array([200, 0, 0], np.uint8)
    app.file_uploader(key="recipe_file").upload("red.png", export.png(red, other), "image/png").run()
    assert before.wait(lambda run: run.ended, 60) and state_of(app).run == "" and shown["runs"] == []
    assert shown["title"] == "efficientnet_lite0, blocks.2.0, channel 7"
    assert shown["placeholder"] == "Opened from red.png, iteration 57 of 100000; press Start to make it again."
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(shown["still"].partition(",")[2]))))
    assert picture.shape == (64, 96, 3) and np.abs(picture.mean((0, 1)) - (200, 0, 0)).max() < 6
    assert not any("have changed" in caption.value for caption in app.caption)
    app.number_input(key="target.channel").set_value(3).run()
    assert (
        shown["still"]
        and shown["title"].endswith("channel 7")
        and any("have changed" in caption.value for caption in app.caption)
    )
    app.button(key="start").click().run()
    assert (
        state_of(app).opened is None
        and not shown["still"]
        and [run["key"] for run in shown["runs"]] == [state_of(app).run]
    )


def test_what_a_continued_run_keeps_is_listed_as_a_sentence_lists():
    made = SMALL
    assert kept_in_going_on(made, replace(made, iterations=7)) == ""
    changes = {"weights": "untrained", "objective": ClassLogit(1), "parametrization": PixelImage()}
    for count, names in enumerate(("weights", "target and weights", "target, parametrization and weights"), 1):
        wanted = replace(made, **dict(list(changes.items())[:count]))
        sentence = f"Going on keeps the {names} of this run; Start uses what is set now."
        assert kept_in_going_on(made, wanted) == sentence


def test_the_curve_is_called_as_the_score_of_the_run_that_is_shown(page, shown):
    app = page(Recipe(replace(SMALL, iterations=1)))
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60) and shown["scoreLabel"] == "score (mean activation)"
    app.button_group(key="target.kind").set_value("Class").run()
    assert isinstance(recipe_of(app).spec.objective, ClassLogit) and shown["scoreLabel"] == "score (mean activation)"
    app.button(key="start").click().run()
    assert shown["scoreLabel"] == "score (logit)"


def test_settings_without_a_picture_say_where_they_come_from(page, shown):
    app = page(Recipe(SMALL))
    assert (
        shown["title"] == "efficientnet_lite0, blocks.1.0, channel 3"
        and shown["placeholder"] == "Opened from the address of this page; press Start."
    )
    app.button(key="start").click().run()
    app.file_uploader(key="recipe_file").upload(
        "a.json", Recipe(replace(SMALL, seed=4)).to_json().encode(), "application/json"
    ).run()
    assert shown["runs"] == [] and not shown["still"] and shown["placeholder"] == "Opened from a.json; press Start."
    app.number_input(key="target.channel").set_value(5).run()
    assert shown["placeholder"] == "Press Start and watch the picture form." and shown["title"].endswith("channel 5")


def test_a_recipe_made_elsewhere_says_so_in_a_line(page):
    app, recipe = page(), Recipe(SMALL)
    app.file_uploader(key="recipe_file").upload(
        "a.json",
        replace(recipe, origin=Origin("0.1.0", "1.0", "cpu", "AVX2-like")).to_json().encode(),
        "application/json",
    ).run()
    (line,) = [toast.value for toast in app.toast]
    assert (
        line.startswith("Made elsewhere (") and "torch 1.0 instead of" in line and line.endswith("details may differ.")
    )
    assert recipe_of(app) == recipe and "origin" not in app.query_params[links.PARAMETER][0].replace(
        '"origin":null', ""
    )
    app.file_uploader(key="recipe_file").upload(
        "b.json", replace(recipe, origin=here(choose_device())).to_json().encode(), "application/json"
    ).run()
    assert recipe_of(app) == recipe and not app.toast


def test_a_recipe_with_its_log_of_changes_is_run_as_it_was(page):
    app = page()
    recipe = Recipe(SMALL, Hyperparams(0.2), (Change(3, Hyperparams(0.3)),))
    app.file_uploader(key="recipe_file").upload("recipe.json", recipe.to_json().encode(), "application/json").run()
    app.button(key="start").click().run()
    run = run_of(app)
    assert run.wait(lambda run: run.iteration >= 4, 60)
    assert [point.learning_rate for point in run.history.points[:4]] == [0.2, 0.2, 0.3, 0.3]


@pytest.fixture
def ask(page, monkeypatch):
    """ask(app, event) does what the browser does when something is asked for on the viewer."""
    events = []
    show = viewer.show
    monkeypatch.setattr(
        viewer,
        "show",
        lambda *given, on_event, **more: on_event(events.pop()) if events else show(*given, on_event=on_event, **more),
    )

    def ask(app: AppTest, event: viewer.ViewerEvent) -> None:
        events.append(event)
        app.run()
        app.run()
        assert not app.exception and not app.error

    return ask


@pytest.mark.parametrize("octaves", [1, 2])
def test_going_on_after_the_end_makes_the_picture_that_its_recipe_makes(page, ask, octaves):
    app = page(
        Recipe(replace(SMALL, optimizer=Adam(0.5, cooling=0.3), iterations=20, octaves=octaves), Hyperparams(0.2))
    )
    app.button(key="start").click().run()
    first = run_of(app)
    assert first.wait(lambda run: run.ended, 60)
    ask(app, viewer.ViewerEvent("branch", first.key, 20, until=24))
    longer = run_of(app)
    assert (
        longer is not first and longer.wait(lambda run: run.ended, 60) and longer.iteration == longer.iterations == 24
    )
    assert [point.score for point in longer.history.points[:20]] == [point.score for point in first.history.points]
    assert [point.learning_rate for point in longer.history.points[19:]] == [pytest.approx(0.02)] * 5, (
        "it goes on as it ended"
    )
    assert (app.number_input(key="spec.iterations").value, app.number_input(key="spec.schedule").value) == (24, 20)
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60) and (run_of(app).newest.images == longer.newest.images).all()


def test_what_a_run_that_goes_on_does_not_take_over_is_said_before(page, ask, shown):
    app = page(Recipe(replace(SMALL, iterations=8)))
    app.button(key="start").click().run()
    first = run_of(app)
    assert first.wait(lambda run: run.ended, 60)
    app.number_input(key="spec.iterations").set_value(12).run()
    assert (shown["iterations"], shown["kept"]) == (12, "")
    app.number_input(key="target.channel").set_value(5).run()
    app.selectbox(key="optimizer").set_value(OPTIMIZERS[1]).run()
    assert shown["kept"] == "Going on keeps the target and optimizer of this run; Start uses what is set now."
    ask(app, viewer.ViewerEvent("branch", first.key, 4, until=12))
    assert shown["kept"] == "" and recipe_of(app).spec == replace(SMALL, iterations=12, schedule=8)
    assert run_of(app).wait(lambda run: run.ended, 60) and run_of(app).iteration == 12


def test_a_picture_that_was_kept_early_can_be_gone_on_from(page, ask):
    app = page()
    app.file_uploader(key="recipe_file").upload(
        "a.json", Recipe(replace(SMALL, iterations=8), picture=3).to_json().encode(), "application/json"
    ).run()
    app.button(key="start").click().run()
    first = run_of(app)
    assert first.wait(lambda run: run.iteration == 3 and not run.wanted, 60)
    ask(app, viewer.ViewerEvent("branch", first.key, 3, until=8))
    assert run_of(app).wait(lambda run: run.ended, 60) and run_of(app).iteration == 8


def bare_png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bare_png(), "does not contain a recipe"),
        (bare_png()[:40], "damaged"),
        (b"\x80\x04\x95pickle", "neither a PNG nor a JSON"),
        (b"{}", "not a recipe"),
        (
            b'{"kind": "recipe", "spec": {"kind": "spec", "model": "efficientnet_lite0", '
            b'"objective": {"kind": "channel", "layer": "no.such", "channel": 1}}}',
            "no layer",
        ),
        (
            b'{"kind": "recipe", "spec": {"kind": "spec", "model": "efficientnet_lite0", '
            b'"objective": {"kind": "channel", "layer": "blocks.1.0", "channel": 9999}}}',
            "out of range",
        ),
    ],
)
def test_a_bad_recipe_file_is_a_sentence_and_the_run_goes_on(page, data, sentence):
    app = page(Recipe(SMALL))
    app.button(key="start").click().run()
    run = run_of(app)
    app.file_uploader(key="recipe_file").upload("recipe.png", data, "image/png").run()
    assert not app.exception and sentence in app.error[0].value
    assert recipe_of(app).spec == SMALL and not run.ended and run_of(app) is run


@pytest.mark.parametrize(
    "key, name, sentence",
    [
        ("recipe_file", "run.gif", "Only PNG and JSON files hold a recipe; this GIF does not."),
        ("recipe_file", "curves.csv", "Only PNG and JSON files hold a recipe; this CSV does not."),
        ("recipe_file", "recipe", "Only PNG and JSON files hold a recipe; this file does not."),
        ("photograph", "run.mp4", "Only PNG, JPG, JPEG and WEBP files hold a photograph; this MP4 does not."),
        ("spectrum", "a.webp.txt", "Only PNG, JPG, JPEG and WEBP files hold a photograph; this TXT does not."),
        ("weights", "run.webp", "Only PTH, PT, CKPT, BIN, TAR and SAFETENSORS files hold weights; this WEBP does not."),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence_and_the_next_one_is_taken(page, key, name, sentence):
    app = page(Recipe(SMALL))
    for attempt in (key, f"{key}.1"):
        app.file_uploader(key=attempt).upload(name, b"GIF89a", "application/octet-stream").run()
        assert not app.exception and [error.value.replace("\\", "") for error in app.error] == [sentence]
    assert app.file_uploader(key=f"{key}.2").value in (None, []), "the refused file is still there"
    app.file_uploader(key="recipe_file.2" if key == "recipe_file" else "recipe_file").upload(
        "b.json", Recipe(replace(SMALL, seed=9)).to_json().encode(), "application/json"
    ).run()
    assert not app.error and recipe_of(app).spec.seed == 9


def test_limits_are_said_as_they_are_held(page):
    app = page()
    labels = [widget.label for widget in app.file_uploader]
    assert (
        "Weights for this architecture (PTH, PT, CKPT, BIN, TAR, SAFETENSORS; at most 600 MB)" in labels
        and "Recipe (PNG, JSON; at most 64 MB)" in labels
    )
    with pytest.raises(ActvizError, match="big.png has 65 MB; a file with a recipe has at most 64 MB."):
        files.RECIPE.check("big.png", 65 * 2**20)


def test_a_recipe_cannot_name_a_file_of_the_server(page):
    app = page(Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), weights="/etc/passwd")))
    assert "weights" in app.error[0].value
    assert recipe_of(app) == START


def test_a_picture_too_small_for_the_network_is_refused_and_the_old_size_kept(page):
    app = page(Recipe(Spec("squeezenet1_1", Channel("features.3", 0), weights="untrained", height=64, width=64)))
    assert not app.error
    app.slider(key="spec.height").set_value(8).run()
    assert not app.exception and "too small" in app.error[0].value
    assert recipe_of(app).spec.height == 64


def test_photographs_give_a_phase_image_its_spectrum(page):
    app = page(Recipe(SMALL))
    app.file_uploader(key="spectrum").upload("blank.png", bare_png(), "image/png").run()
    assert "blank" in app.error[0].value
    file = io.BytesIO()
    Image.effect_noise((64, 48), 50).save(file, "PNG")
    app.file_uploader(key="spectrum.1").upload("photograph.png", file.getvalue(), "image/png").run()
    assert not app.exception and len(recipe_of(app).spec.parametrization.spectrum) == 8


def test_what_a_link_says_is_shown_and_not_obeyed(page):
    app = page(Recipe(Spec("![x](http://evil)", Channel("blocks.1.0", 3))))
    assert "](" not in app.error[0].value and "evil" in app.error[0].value


def test_a_pickled_payload_is_refused(page, tmp_path):
    class Payload:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "executed",))

    app = page()
    app.file_uploader(key="weights").upload("evil.pth", pickle.dumps(Payload(), 2), "application/octet-stream").run()
    assert not app.exception and app.error[0].value
    assert not (tmp_path / "executed").exists()
    assert recipe_of(app).spec.weights == ""


# words


def words_on(app: AppTest) -> list[str]:
    """Labels, helps, captions and choices of everything that the page shows."""
    found = [tab.label for tab in app.tabs] + [text.value for text in (*app.caption, *app.markdown)]
    for widget in (
        *app.selectbox,
        *app.slider,
        *app.select_slider,
        *app.number_input,
        *app.toggle,
        *app.button,
        *app.text_input,
        *app.file_uploader,
    ):
        found += [widget.label, getattr(widget, "help", "") or "", *map(str, getattr(widget, "options", ()))]
    return found


def test_every_number_has_a_name_of_its_own(page):
    app = page(preset("lucid").applied(START))  # with two jitters
    labels = [
        widget.label
        for widget in (*app.slider, *app.select_slider, *app.number_input)
        if "." in widget.key or widget.key == "learning_rate"
    ]
    assert len(labels) == len(set(labels)) == 43, sorted(labels)
    assert {"Boundary", "Boundary width (px)", "Rotation (°)", "Jitter (px)", "Jitter 2 (px)"} <= set(labels)
    text = " ".join(words_on(app))
    for odd in ("Rotate degrees", "Summand", "Wake", "Penalties", "Image made of", "(weighted)"):
        assert odd not in text


def test_transforms_stand_in_the_order_in_which_they_are_applied(page):
    app = page(preset("lucid").applied(START))

    def sliders() -> list[str]:
        return [widget.key for widget in app.slider if widget.key.partition(".")[0] in order]

    order = ["pad", "narrow", "jitter", "scale", "rotate", "jitter@2", "flip"]
    before = sliders()
    assert list(dict.fromkeys(key.partition(".")[0] for key in before)) == order
    app.slider(key="flip.probability").set_value(0.5).run()
    assert sliders() == before, "a slider that leaves its neutral value stays where it is"


def test_every_slider_says_where_it_does_nothing(page):
    app = page(START)
    helps = {widget.key: widget.help for widget in (*app.slider, *app.select_slider)}
    assert helps["jitter.pixels"].endswith("; 0: off") and helps["scale.low"].endswith("; 1: no change")
    assert helps["total_variation.weight"].endswith("; 0: off") and ": off" not in helps["lp.power"]
    off = Hyperparams(0.1, (), ())
    for name, part in off.every_part().items():
        values = [neutral.neutral_of(f"{name}.{field}", setting) for field, setting in described(type(part)).items()]
        assert any(value is not None for value in values), f"{name} has no neutral value"


def test_diversity_of_one_picture_says_that_it_needs_two(page):
    objective = Channel("blocks.1.0", 3) + Diversity("blocks.1.0")
    app = page(Recipe(Spec("efficientnet_lite0", objective, height=64, width=96)))
    assert any("needs at least two" in caption.value for caption in app.caption)
    app = page(Recipe(Spec("efficientnet_lite0", objective, height=64, width=96, count=2)))
    assert not any("needs at least two" in caption.value for caption in app.caption)
    assert app.selectbox(key="target.term").label == "Term" and target.score_label(objective) == "score (weighted sum)"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The gallery's, empty."""
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path / "store"))
    services.store.clear()
    yield Store(tmp_path / "store")
    services.store.clear()


def test_what_the_gallery_has_is_a_runs_preview(page, store, tmp_path):
    plan = Gallery.of(
        services.model(SMALL.model, ""), "blocks.1.0", Recipe(replace(SMALL, height=32, width=32, iterations=4))
    )
    store.put(plan, Tile(4, np.full((32, 32, 3), 9, np.uint8), 1.5))
    app = page(Recipe(SMALL))

    def preview(**changes) -> bytes | None:
        visitor_of(app).state = state_of(app).set_to(Recipe(replace(SMALL, **changes)))
        app.button(key="start").click().run()
        ask = visitor_of(app).get(run_of(app).key).preview
        with ThreadPoolExecutor(1) as another:  # as the live route does
            return ask and another.submit(ask).result()

    assert preview(objective=Channel("blocks.1.0", 4)) == store.png(plan, 4)
    assert preview() is None and preview(objective=Channel("blocks.1.0", 4), seed=1) is None
    assert (
        preview(objective=Neuron("blocks.1.0", 4)) is None
        and preview(objective=Channel("blocks.1.0", 4), count=2) is None
    )
    services.store.clear()
    shutil.rmtree(tmp_path / "store")
    (tmp_path / "store").write_text("somebody's")
    assert preview(objective=Channel("blocks.1.0", 4)) is None
    assert not app.exception and not app.error


def test_plain_ascent_has_the_name_of_the_field():
    assert [name_of(cls) for cls in OPTIMIZERS] == ["Adam", "NAdam", "SGD", "Gradient ascent"]
