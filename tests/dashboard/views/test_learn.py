"""The Learn page without a browser: steps with their answers, runs and controls, and what outlives a page."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, GradCam, Recipe, Saliency, Spec, preset
from dashboard.actions import lessons
from dashboard.components import viewer
from dashboard.server import touching
from dashboard.server.lessons import progress
from dashboard.state import keys
from dashboard.state.courses import COURSES
from dashboard.state.explaining import Picture
from dashboard.state.learning import END, Learning
from dashboard.widgets import lesson_controls
from dashboard.words.lessons import words
from tests.dashboard.screen import MAIN, go, parameters, state_of, visitor_of

FOLDER = Path(__file__).parents[2] / "lessons"
SAID = {}


@pytest.fixture
def told(monkeypatch, tmp_path):
    """What the lesson's component is told; it sends SAID when its button is pressed."""
    found = {}

    def mount(key, data, on_event_change):
        found.clear()
        found.update(data)
        st.session_state[key] = {"event": dict(SAID)}
        st.button("event", key="tell.event", on_click=on_event_change)
        return {}

    monkeypatch.setattr("dashboard.components.lesson.mount", mount)
    monkeypatch.setattr(COURSES, "folders", (str(FOLDER), str(tmp_path)))
    monkeypatch.setattr(lessons, "PAUSE", 0.0)
    return found


@pytest.fixture
def page(told, nothing_left_running):
    """page(): the list of lessons; page("blur"): that step of the first one."""

    def open_page(step: str = "") -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.run()
        go(app, "Learn")
        if step:
            app.button(key="lesson.first").click().run()
            say(app, kind="go", step=step)
        assert not app.exception
        return app

    return open_page


def say(app: AppTest, **event) -> None:
    learning, turn = state_of(app).learning, SAID.get("turn", 0) + 1
    SAID.clear()
    SAID.update(event | {"turn": turn, "at": list(learning.place)})
    app.run()
    app.button(key="tell.event").click().run()
    assert not app.exception


def runs_of(app: AppTest) -> list:
    return [visitor_of(app).get(key).run for key in state_of(app).learning.runs]


def reached(run, iteration: int) -> bool:
    return run.wait(lambda run: run.iteration >= iteration or run.ended, 60)


def news(app: AppTest) -> dict:
    """What the browser would hear of the step that is shown."""
    learning = state_of(app).learning
    return progress(visitor_of(app), COURSES.lesson("first", "en").step(learning.place[1]), learning.tried)


def texts(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.markdown, *app.caption, *app.warning]).replace("\\", "")


def test_a_prediction_uncovers_the_picture_and_each_answer_has_its_own_word(page, told, monkeypatch):
    views, show = [], viewer.show
    monkeypatch.setattr(viewer, "show", lambda *args, **more: views.append(args[3]) or show(*args, **more))
    app = page("noise")
    [run] = runs_of(app)
    assert reached(run, 6) and told["covered"], "it goes on under the cover"
    assert {choice["feedback"] for choice in told["question"]["choices"]} == {""}, "told once it was given"
    assert news(app)["checks"] == [] and not news(app)["met"] and news(app)["now"] is None
    say(app, kind="answer", index=0)
    assert not told["covered"] and told["question"]["first"] == 0 and runs_of(app) == [run]
    assert views[-1].covered is None and views[-1].quiet, "what looks wrong with a run may be what is asked"
    given = {choice["index"]: choice for choice in told["question"]["choices"]}
    assert given[0]["right"] is False and "no photographs" in given[0]["feedback"]
    assert given[1]["right"] is None and given[1]["feedback"] == ""
    assert news(app)["hint"] and told["hints"] == (), "offered after one wrong answer, shown on request"
    say(app, kind="hint")
    assert told["hints"] == ("A channel looks through the same small window at every place.",)
    assert not news(app)["hint"]
    say(app, kind="answer", index=1)
    say(app, kind="answer", index=2)
    assert state_of(app).learning.tried.choices == (0, 1), "none after the right one"
    assert not views[-1].quiet
    assert news(app)["met"] and not told["steps"][0]["done"]
    say(app, kind="met")
    assert told["steps"][0]["done"] and [step["done"] for step in told["steps"][1:]] == [False] * 3


def test_only_the_controls_that_a_step_shows_and_they_move_its_run(page, told):
    app = page("blur")
    [run] = runs_of(app)
    assert [each.label for each in [*app.slider, *app.select_slider, *app.number_input]] == ["Total variation"]
    assert reached(run, 9) and news(app)["checks"][0] == ["Total variation is 0; at least 0.5 is asked.", False]
    before = state_of(app).recipe
    [slider] = app.select_slider
    slider.set_value(0.5).run()
    assert run.hyperparams.value("total_variation.weight") == 0.5 and runs_of(app) == [run]
    assert news(app)["checks"][0][1] and state_of(app).recipe == before, "Explore's own is untouched"
    run.cancel()
    assert run.wait(lambda run: run.ended, 60)
    app.select_slider[0].set_value(0.7).run()
    [again] = runs_of(app)
    assert again is not run and not again.ended, "one that is over begins anew with what is set"
    learning = state_of(app).learning  # as the next number finds it that comes before the page is drawn
    ended = learning.with_tried(learning.place, replace(learning.tried, runs=()))
    visitor_of(app).state = replace(state_of(app), learning=ended)
    app.select_slider[0].set_value(1.0).run()
    [last] = runs_of(app)
    [set_to] = state_of(app).learning.tried.recipes
    assert not app.exception and last is not again and set_to.hyperparams.value("total_variation.weight") == 1.0


def test_a_number_begins_the_runs_anew_where_the_step_says_so(page, told):
    app = page("score")
    say(app, kind="estimate", value=5)
    first = runs_of(app)
    [slider] = app.select_slider
    begun = state_of(app).learning.tried.recipes
    assert float(slider.options[0]) == 0.01 and float(slider.options[-1]) == 10, "where the step says"
    assert reached(first[1], 2)
    slider.set_value(7.0).run()
    again, tried = runs_of(app), state_of(app).learning.tried
    assert not {*first} & {*again}, "the other one too, with which it is compared"
    assert tried.starts == 2 and tried.recipes[0] == begun[0]
    assert not tried.recipes[1].changes and tried.recipes[1].hyperparams.learning_rate == 7.0, "from its beginning"
    assert reached(again[1], 12) and not visitor_of(app).get(state_of(app).learning.runs[1]).recipe().changes


def test_presets_are_named_in_the_lessons_language(monkeypatch):
    found = {}

    def select(control, options, present, name):
        found.update({option: name(option) for option in options}, present=present)

    monkeypatch.setattr(lesson_controls, "select", select)
    recipe = preset("good").applied(Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3))))
    lesson_controls.preset(SimpleNamespace(recipe=recipe, lang="de"))
    assert (found["present"], found["good"], found["lucid"]) == ("good", "Gute Voreinstellung", "Lucid")


def test_another_channel_or_layer_begins_the_runs_anew(page, told):
    app = page("own")
    [run] = runs_of(app)
    assert app.selectbox[0].label == "Layer" and app.number_input[0].label == "Channel"
    assert reached(run, 2) and not news(app)["met"]
    app.number_input[0].set_value(5).run()
    [other] = runs_of(app)
    assert other is not run and run.cancelled and news(app)["met"]
    assert state_of(app).learning.tried.recipes[0].spec.objective == Channel("blocks.1.0", 5)
    app.number_input[0].set_value(24).run()
    assert runs_of(app) == [other] and "Channel" in app.error[0].value
    app.selectbox[0].set_value("blocks.0.0").run()
    assert state_of(app).learning.tried.recipes[0].spec.objective == Channel("blocks.0.0", 5)
    assert state_of(app).learning.tried.starts == 3


def test_a_control_that_was_replaced_is_not_heard(page, told):
    app = page("own")
    learning = state_of(app).learning
    chosen = lessons.choose(learning.tried.recipes[0], {"channel": 5}, None)
    picked = replace(learning.tried, picked=1, recipes=(chosen,))
    visitor_of(app).state = replace(state_of(app), learning=learning.with_tried(learning.place, picked))
    app.number_input[0].set_value(7).run()  # the one from before that: the browser has not been told yet
    assert state_of(app).learning.tried.recipes == (chosen,)
    assert app.number_input[0].value == 5
    app.number_input[0].set_value(7).run()
    assert state_of(app).learning.tried.recipes[0].spec.objective == Channel("blocks.1.0", 7)


def test_what_a_browser_says_of_the_control_before_its_tab_was_known_is_not_heard(page, told):
    before = page("blur")
    before.select_slider[0].set_value(0.5).run()
    known = state_of(before).learning.tried.recipes
    app = page("blur")  # the same tab, loaded anew: somebody new's at first
    mine = app.select_slider[0]
    app.session_state[keys.VISITOR.name] = visitor_of(before)
    app.run()
    assert app.select_slider[0].value == 0.5 and app.select_slider[0].key != mine.key
    app.session_state[mine.key] = 0.0  # the browser's, until it has drawn the other one
    app.run()
    assert not app.exception and state_of(app).learning.tried.recipes == known


def test_an_estimate_stands_beside_what_it_became(page, told):
    app = page("score")
    runs = runs_of(app)
    assert len(runs) == 2 and all(run.wait(lambda run: run.ended, 60) for run in runs)
    assert news(app)["now"] is None
    for wrong in (-1, 11, "5", None):
        say(app, kind="estimate", value=wrong)
    assert state_of(app).learning.tried.estimate is None
    say(app, kind="estimate", value=5)
    assert told["question"]["estimate"]["given"] == 5.0 and news(app)["ended"]
    assert news(app)["now"] == runs[0].newest.score[0]
    say(app, kind="estimate", value=6)
    assert state_of(app).learning.tried.estimate == 5.0, "it is a prediction"


def test_leaving_and_coming_back_leads_to_the_same_step_with_the_same_run(page, told):
    app = page("noise")
    say(app, kind="answer", index=2)
    [run] = runs_of(app)
    assert parameters(app) == {"lesson": "first", "step": "noise"}
    go(app, "Explore")
    assert not run.wanted, "it waits unseen"
    assert any("on Learn will continue" in toast.value for toast in app.toast)
    go(app, "Learn")
    assert runs_of(app) == [run] and run.wanted and state_of(app).learning.tried.choices == (2,)
    say(app, kind="go", step="score")
    assert not run.wanted and not app.toast, "from step to step nothing is said"
    say(app, kind="go", step="noise")
    assert runs_of(app) == [run] and run.wanted
    app.button(key="all_lessons").click().run()
    assert parameters(app) == {} and "0 of 4 steps done" in texts(app)
    app.button(key="lesson.first").click().run()
    assert runs_of(app) == [run] and parameters(app)["step"] == "noise"


def test_a_run_that_is_no_longer_kept_leaves_a_small_picture(page, told, monkeypatch):
    monkeypatch.setattr(Learning, "running_steps", 1)
    app = page("noise")
    [run] = runs_of(app)
    assert reached(run, 2)
    say(app, kind="go", step="score")
    [left] = state_of(app).learning.at(("first", "noise")).left
    assert run.cancelled and left.picture.startswith(b"\xff\xd8"), "a JPEG"
    assert 2 <= len(left.scores) <= left.iteration
    say(app, kind="go", step="noise")
    assert runs_of(app) != [run] and state_of(app).learning.tried.left == ()


def test_a_photograph_that_waits_for_a_prediction_stands_where_it_will_stay(page, monkeypatch):
    """In the same component: only what waits is not told, and what stands in its place goes."""
    drawn = {}
    monkeypatch.setattr("dashboard.components.explain.mount", lambda key, data, **_: drawn.update(data) or {})
    app = page()
    app.button(key="lesson.9-shortcut").click().run()
    say(app, kind="go", step="text")
    covered = dict(drawn)
    assert not covered["maps"] and not covered["classes"] and covered["explained"]["index"] is None
    assert covered["covered"] == words("en")["covered_maps"]
    say(app, kind="answer", index=2)
    assert drawn["maps"] and drawn["classes"] and not drawn["covered"]
    assert all(drawn[name] == covered[name] for name in ("door", "image", "size", "frame", "mode"))


def test_a_lessons_photograph_takes_explains_place_and_gives_it_back(page, told):
    app = page()
    visitor, own = visitor_of(app), Picture("mine.png", np.full((40, 60, 3), 90, np.uint8))
    visitor.state = replace(visitor.state, image=own, explanation=visitor.state.explanation.of(own))
    app.button(key="lesson.photograph").click().run()
    state = state_of(app)
    assert state.image.name == "cat" and state.lent.image is own and not app.error
    assert [choice.method for choice in state.explanation.maps] == [Saliency()] and len(visitor.mapped) == 1
    step = COURSES.lesson("photograph", "en").step("cover")
    assert progress(visitor, step, state.learning.tried)["checks"][0] == [
        "The covered share is 0 %; at least 40 % is asked.",
        False,
    ]
    touching.LAST[visitor] = touching.Touched(state.seen.view.version, 0.5, state.seen.prediction)
    assert [met for _, met in progress(visitor, step, state.learning.tried)["checks"]] == [True, True]
    app.selectbox[0].set_value(GradCam).run()
    assert [type(choice.method) for choice in state_of(app).explanation.maps] == [Saliency, GradCam]
    assert state_of(app).lent.image is own
    go(app, "Explain")
    assert state_of(app).image is own and state_of(app).lent is None
    go(app, "Learn")
    assert state_of(app).image.name == "cat" and state_of(app).lent.image is own
    say(app, kind="go", step="picture")
    assert state_of(app).image is own and len(runs_of(app)) == 1


def test_the_end_says_what_was_done_and_takes_the_recipe_to_explore(page, told):
    app = page("blur")
    say(app, kind="go", step=END)
    assert state_of(app).learning.place[1] == "blur", "it is not the next"
    say(app, kind="go", step="own")
    say(app, kind="go", step=END)
    assert "You have done 0 of 4 steps." in texts(app) and told["after"] == ""
    assert "first try" not in texts(app), "nothing was answered"
    way = app.button(key="missing.blur")
    assert way.label == "Smooth it", "a phone has no dots"
    way.click().run()
    assert state_of(app).learning.place == ("first", "blur")
    say(app, kind="go", step="own")
    own = state_of(app).learning.at(("first", "own"))
    assert reached(visitor_of(app).get(own.runs[-1]).run, 1), "once it is out of sight it waits"
    say(app, kind="go", step=END)
    visitor, learning = visitor_of(app), state_of(app).learning
    visitor.state = replace(visitor.state, run=learning.at(("first", "blur")).runs[0])  # as if Explore showed that
    tried = learning.at(("first", "own"))
    assert reached(visitor.get(tried.runs[-1]).run, 1)
    app.button(key="in_explore").click().run()
    state = state_of(app)
    assert state.recipe == state.opened.recipe == tried.recipes[-1] and state.learning.place == ("first", END)
    assert state.run == "" and state.opened.picture.startswith(b"\xff\xd8"), "the lesson's, and no other unit's"


def test_a_broken_lesson_is_named_and_the_others_work(page, told, tmp_path):
    (tmp_path / "broken.md").write_text("# nothing\n")
    app = page()
    assert "One lesson cannot be used" in texts(app) and "broken.md:1" in texts(app)
    app.segmented_control(key="language").set_value("de").run()
    assert app.button(key="lesson.first").label == "Beginnen" and "auf Englisch" in texts(app)
    assert words("de")["keeping"].format(n=20) in texts(app)


def test_an_address_may_name_anything(told, nothing_left_running):
    for lesson, step in (("first", "nowhere"), ("nowhere", ""), ("../x", ""), ("x" * 13_000, "")):
        app = AppTest.from_string("from dashboard.views import learn\nlearn.page()", default_timeout=60)
        app.query_params["lesson"], app.query_params["step"] = lesson, step
        app.run()
        assert not app.exception and len(app.error) == 1, lesson[:20]
        assert app.button(key="lesson.first")


OFFER = {}


def test_a_browser_goes_on_where_its_tab_was_closed(page, told, monkeypatch):
    def mount(key, data, on_event_change):
        st.session_state[key] = {"event": dict(OFFER)}
        st.button("resume", key="kept.event", on_click=on_event_change)
        OFFER["told"] = data
        return {}

    monkeypatch.setattr("dashboard.components.kept.mount", mount)

    def resume(token: str, kept: str, step: str = "blur") -> AppTest:
        app = page()
        lesson = {"lesson": "first", "lang": "en", "step": step, "kept": kept}
        OFFER.update(turn=1, kind="resume", token=token, lessons=[lesson])
        app.run()
        app.button(key="kept.event").click().run()
        assert not app.exception
        return app

    app = page("noise")
    say(app, kind="answer", index=0)
    say(app, kind="go", step="blur")
    app.select_slider[0].set_value(0.5).run()
    [run] = runs_of(app)
    before, visitor = state_of(app).learning, visitor_of(app)
    token, kept = told["kept"]["token"], json.dumps({name: told["kept"][name] for name in ("steps", "recipes")})
    assert token == visitor.token and list(told["kept"]["steps"]) == ["noise", "blur"]

    looking = resume(token, kept)  # while somebody looks at it
    assert visitor_of(looking) is not visitor and runs_of(looking) != [run] and not run.ended
    found = state_of(looking).learning
    assert found.place == ("first", "blur") and found.at(("first", "noise")).choices == (0,)
    assert found.tried.recipes == before.tried.recipes, "the slider is where it was"
    assert OFFER["told"]["lessons"]["first"]["steps"][:2] == ("noise", "blur")
    looking.button(key="all_lessons").click().run()
    assert OFFER["told"]["lessons"]["first"]["begun"] == ("noise",), "and is not offered again"

    visitor.awaited, visitor.pages = False, 0
    back = resume(token, kept)
    assert visitor_of(back) is visitor and runs_of(back) == [run], "the same run"
    assert state_of(back).learning.at(("first", "noise")).choices == (0,)

    forgotten = resume("b" * 32, kept, step="gone")  # another server's, of a lesson that has changed
    assert state_of(forgotten).learning.place == ("first", "noise")
    for spoilt in ("[" * 10_000, "{}", "null", json.dumps({"steps": {"noise": {"choices": [7]}}, "recipes": []})):
        nothing = resume("", spoilt)
        assert not state_of(nothing).learning.at(("first", "noise")).predicted
