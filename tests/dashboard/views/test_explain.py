"""The Explain page without a browser: image, target and maps, and what of it outlives a page and an address."""

import io
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from actviz_core import (
    METHODS,
    Channel,
    ClassLogit,
    Comparison,
    Explanation,
    GradCam,
    Recipe,
    Spec,
    Sum,
    Term,
    described,
)
from actviz_core.attribution import InputXGradient, Occlusion, Saliency
from dashboard.server.map_saves import saved_of_map, saved_sheet
from dashboard.state import links
from dashboard.state.explaining import Explaining, MapChoice, Picture
from tests.dashboard.screen import MAIN, go, state_of, visitor_of

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=32, width=48, iterations=4))
PIXELS = np.random.default_rng(0).integers(0, 255, (260, 300, 3), np.uint8)
SAID = {}


def file_of(pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def component(monkeypatch):
    """In place of the browser's: it sends SAID when its button is pressed, and keeps what it is told."""
    told = {}

    def mount(key, data, on_event_change):
        told.update(data)
        st.session_state[key] = {"event": dict(SAID)}
        st.button("event", key="tell.event", on_click=on_event_change)
        return {}

    monkeypatch.setattr("dashboard.components.explain.mount", mount)
    return told


def opened(explanation: Explaining | None = None, recipe: Recipe = RECIPE) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params[links.PARAMETER] = recipe.to_json()
    if explanation is not None:
        app.query_params |= links.write_explanation(explanation)
    app.run()
    go(app, "Explain")
    return app


@pytest.fixture
def page(component, nothing_left_running):
    return opened()


def image_place(app: AppTest):
    """Where the sidebar takes an image by now."""
    return next(each for each in app.file_uploader if each.label.startswith("Image"))


def give(app: AppTest, pixels=PIXELS, name: str = "cat.png") -> None:
    image_place(app).upload(name, file_of(pixels), "image/png").run()
    assert not app.exception


def say(app: AppTest, **event) -> None:
    SAID.clear()
    SAID.update(event)
    app.run()
    app.button(key="tell.event").click().run()
    assert not app.exception


def entries(app: AppTest) -> list:
    return list(visitor_of(app).mapped.values())


def finished(app: AppTest) -> list:
    """The maps, when all of them are there."""
    assert all(entry.run.wait(lambda run: run.ended, 60) for entry in entries(app))
    return [entry.run.newest.maps for entry in entries(app)]


def test_an_image_has_its_likeliest_class_explained_at_once(page, component):
    assert any("begin with a sample" in each.value for each in page.markdown) and not entries(page)
    give(page)
    (maps,) = finished(page)
    ranked = state_of(page).seen.prediction.ranked
    (asked,) = [entry.asked for entry in entries(page)]
    assert asked.objective == ClassLogit(ranked[0]) and asked.method == GradCam() and maps.done
    assert asked.view.frame == (0, 20, 260, 260) and asked.view.size == (224, 224)
    assert maps.score[0] > 0 and maps.values.shape == (1, 7, 7)
    version = Picture("", PIXELS).version
    assert component["image"] == {"version": version, "height": 260, "width": 300, "given": None}
    assert [entry[0] for entry in component["classes"]] == ranked and component["explained"]["index"] == ranked[0]
    assert component["door"] == f"/explain/{visitor_of(page).token}"
    assert [entry["key"] for entry in component["maps"]] == [entries(page)[0].key]


def test_another_class_and_why_not_restart_the_maps_and_a_drawing_does_not(page):
    give(page)
    (first,) = entries(page)
    page.run()
    assert entries(page) == [first]
    say(page, kind="explain_class", index=7)
    (second,) = entries(page)
    assert second.asked.objective == ClassLogit(7) and page.selectbox(key="class").value == 7
    say(page, kind="against", index=9)
    (third,) = entries(page)
    assert third.asked.objective == Sum((Term(1.0, ClassLogit(7)), Term(-1.0, ClassLogit(9))))
    assert "cock" in third.title and ", not " in third.title
    assert page.selectbox(key="against").value == 9
    page.selectbox(key="class").set_value(8).run()
    assert entries(page)[0].asked.objective == ClassLogit(8) and not page.exception


def test_the_frame_is_moved_and_another_image_has_its_own(page):
    give(page)
    say(page, kind="frame", frame=[10, 30, 224, 224])
    (entry,) = entries(page)
    assert entry.asked.view.frame == (10, 30, 224, 224)
    give(page, PIXELS[:, ::-1])
    assert entries(page)[0].asked.view.frame == (0, 20, 260, 260)


def test_maps_are_added_set_and_removed(page):
    give(page)
    first = entries(page)[0]
    page.selectbox(key="new_map").set_value(InputXGradient).run()
    page.selectbox(key="new_map").set_value(Saliency).run()
    assert [type(entry.asked.method) for entry in entries(page)] == [GradCam, InputXGradient, Saliency]
    assert entries(page)[0] is first, "those that are there go on"
    page.selectbox(key="map.0.layer").set_value("blocks.3.0").run()
    assert entries(page)[0].asked.method == GradCam("blocks.3.0")
    finished(page)
    assert [entry.maps.layer for entry in entries(page)] == ["blocks.3.0", "", ""]
    page.button(key="map.1.remove").click().run()
    assert [type(choice.method) for choice in state_of(page).explanation.maps] == [GradCam, Saliency]
    say(page, kind="remove", key=entries(page)[0].key)
    assert [type(entry.asked.method) for entry in entries(page)] == [Saliency]


def test_another_layer_is_of_the_same_run_and_a_signed_map_of_another(page):
    give(page)
    (first,) = entries(page)
    finished(page)
    names = [maps.layer for maps in first.layers]
    assert "blocks.3.0" in names and names[-1] == first.maps.layer
    say(page, kind="layer", key=first.key, layer="blocks.3.0")
    (now,) = entries(page)
    assert now.run is first.run and now.maps.layer == "blocks.3.0" and page.selectbox(key="map.0.layer").value
    say(page, kind="signed", key=first.key)
    assert entries(page)[0].asked.method == GradCam("blocks.3.0", signed=True) and entries(page)[0].run is not first.run
    finished(page)


def test_an_image_may_be_dropped_where_there_is_none(page):
    page.file_uploader(key="dropped").upload("cat.png", file_of(PIXELS), "image/png").run()
    assert len(entries(page)) == 1 and not page.exception


def test_the_address_is_empty_as_long_as_nothing_is_set(component, nothing_left_running):
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    go(app, "Explain")
    assert not app.query_params
    app.button(key="sample.cat").click().run()
    assert links.EXPLANATION in app.query_params and links.PARAMETER in app.query_params


def test_six_maps_are_the_most(page):
    visitor_of(page).state = replace(state_of(page), explanation=Explaining(maps=(MapChoice(Saliency()),) * 6))
    page.run()
    assert page.selectbox(key="new_map").disabled


def test_the_same_map_twice_is_two(page):
    give(page)
    page.selectbox(key="new_map").set_value(GradCam).run()
    one, other = entries(page)
    assert one is not other and one.asked == other.asked


def test_explores_target_carries_over_and_back(page):
    give(page)
    page.segmented_control(key="explained").set_value("Explore's target").run()
    assert entries(page)[0].asked.objective == Channel("blocks.1.0", 3)
    page.segmented_control(key="explained").set_value("A class").run()
    say(page, kind="explain_class", index=7)
    page.button(key="maximize").click().run()
    assert state_of(page).recipe.spec.objective == ClassLogit(7)


def test_what_is_shown_outlives_the_page_and_waits_unseen(page):
    give(page)
    before = state_of(page)
    go(page, "Explore")
    go(page, "Explain")
    assert state_of(page).image is before.image and state_of(page).explanation == before.explanation
    assert len(entries(page)) == 1


def test_a_link_has_everything_but_the_image(page, component):
    give(page)
    say(page, kind="frame", frame=[10, 30, 224, 224])
    page.selectbox(key="new_map").set_value(Saliency).run()
    assert component["opacity"] == 0.6, "as usual"
    say(page, kind="opacity", opacity=0.25)
    explanation = links.read_explanation({links.EXPLANATION: page.query_params[links.EXPLANATION]})
    assert explanation == state_of(page).explanation
    other = opened(explanation)
    assert any("cannot contain" in each.value for each in other.markdown) and not entries(other)
    give(other)
    assert state_of(other).explanation == explanation, "the same image is framed as it was"
    assert entries(other)[0].asked.view.frame == (10, 30, 224, 224) and component["opacity"] == 0.25


def test_the_same_file_can_be_given_again(page):
    give(page)
    version = state_of(page).image.version
    page.button(key="remove_image").click().run()
    assert state_of(page).image is None and not image_place(page).value
    give(page)
    assert state_of(page).image.version == version


def test_a_broken_file_is_refused_in_a_sentence(page):
    image_place(page).upload("cat.png", b"no image", "image/png").run()
    assert "can be read" in page.error[0].value and not page.exception and state_of(page).image is None


def test_of_an_animation_the_page_says_which_frame_is_taken(page):
    file = io.BytesIO()
    first, other = (Image.new("RGB", (30, 20), colour) for colour in ("red", "blue"))
    first.save(file, "GIF", save_all=True, append_images=[other])
    image_place(page).upload("two.gif", file.getvalue(), "image/gif").run()
    assert "its first frame is taken" in page.toast[0].value
    assert state_of(page).image.pixels[0, 0].tolist() == [255, 0, 0]


def test_the_picture_made_on_explore(page):
    page.segmented_control(key="source").set_value("Explore").run()
    page.button(key="from_explore").click().run()
    assert "press Start there first" in page.error[0].value
    go(page, "Explore")
    page.button(key="start").click().run()
    run = visitor_of(page).get(state_of(page).run).run
    assert run.wait(lambda run: run.ended, 60)
    go(page, "Explain")
    page.segmented_control(key="source").set_value("Explore").run()
    page.button(key="from_explore").click().run()
    assert np.array_equal(state_of(page).image.pixels, run.newest.images[0]) and len(entries(page)) == 1


def test_a_sample_photograph_comes_with_its_link(page):
    page.button(key="sample.cat").click().run()
    assert state_of(page).explanation.sample == "cat"
    page.segmented_control(key="source").set_value("Sample").run()
    page.selectbox(key="sample").set_value("coffee").run()
    assert state_of(page).explanation.sample == "coffee" and len(entries(page)) == 1
    other = opened(state_of(page).explanation)
    assert np.array_equal(state_of(other).image.pixels, state_of(page).image.pixels)
    wrong = opened(replace(state_of(page).explanation, image="", sample="no such thing"))
    assert "no sample photograph" in wrong.error[0].value and not wrong.exception


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_every_setting_of_every_method_has_a_widget(component, nothing_left_running, method):
    app = opened(Explaining(maps=(MapChoice(method()),)))
    assert not app.exception
    for name in described(method):
        if name == "layer":
            continue
        widget = {each.key: each for each in (*app.number_input, *app.slider, *app.toggle, *app.selectbox)}.get(
            f"map.0.{name}"
        ) or app.select_slider(key=f"map.0.{name}")
        assert widget.value == getattr(method(), name)


def test_a_number_that_may_be_left_to_the_method_is_typed_and_emptied_again(component, nothing_left_running):
    app = opened(Explaining(maps=(MapChoice(Occlusion()),)))
    app.number_input(key="map.0.window").set_value(48).run()
    assert state_of(app).explanation.maps[0].method == Occlusion(window=48)
    app.number_input(key="map.0.window").set_value(0).run()
    assert "1" in app.error[0].value and state_of(app).explanation.maps[0].method == Occlusion(window=48)
    app.number_input(key="map.0.window").set_value(None).run()
    assert state_of(app).explanation.maps[0].method == Occlusion()


def test_a_comparison_among_saved_maps_says_where_it_opens(page):
    page.file_uploader(key="map_file").upload("c.json", Comparison().to_json().encode(), "application/json").run()
    assert page.error[0].value.replace("\\", "") == (
        "This is a comparison, not a saved map: open it on Compare, in the tab Open."
    )


def test_a_saved_map_is_opened_again_and_says_which_image_is_missing(page):
    give(page)
    say(page, kind="frame", frame=[10, 30, 224, 224])
    say(page, kind="explain_class", index=7)
    finished(page)
    visitor = visitor_of(page)
    data = saved_of_map(entries(page)[0], visitor, "overlay.png").content
    other = opened()
    image_place(other).upload("map.png", data, "image/png").run()
    assert not other.exception and not other.error and any("cannot contain" in each.value for each in other.markdown)
    give(other)
    assert entries(other)[0].asked == entries(page)[0].asked and state_of(other).explanation.label == 7
    say(other, kind="explain_class", index=9)
    assert entries(other)[0].asked.objective == ClassLogit(9)
    other.file_uploader(key="map_file").upload("cat.png", file_of(PIXELS), "image/png").run()
    assert other.error and not other.exception


def test_a_map_of_another_size_is_made_anew_and_the_page_says_so(page, component):
    known = "sha256:" + 64 * "0"
    saved = Explanation("efficientnet_lite0", ClassLogit(7), GradCam(), 64, 96, (0, 0, 64, 96), known)
    page.file_uploader(key="map_file").upload("m.json", saved.to_json().encode(), "application/json").run()
    assert "made at 64 x 96 px; here it is made anew at 224 x 224" in page.toast[0].value.replace("\\", "")


def test_an_image_is_removed_with_all_that_was_made_of_it(page):
    give(page)
    finished(page)
    visitor = visitor_of(page)
    page.button(key="remove_image").click().run()
    assert not page.exception and visitor.state.image is visitor.state.seen is None
    assert not visitor.mapped and not visitor.aside and visitor.bytes == 0
    give(page)
    assert entries(page)


def test_a_saved_sheet_keeps_the_target_of_each_map(page, component):
    give(page)
    visitor_of(page).state = replace(
        state_of(page),
        explanation=Explaining((MapChoice(), MapChoice(Saliency(), ClassLogit(5, "output"))), target=True),
    )
    page.run()
    finished(page)
    assert component["maps"][1]["title"] == "Saliency, class 5 electric ray"
    data = saved_sheet(visitor_of(page)).content
    other = opened(recipe=replace(RECIPE, spec=replace(RECIPE.spec, objective=Channel("blocks.0.0", 1))))
    other.file_uploader(key="map_file").upload("sheet.png", data, "image/png").run()
    give(other)
    assert not other.exception and not other.error and state_of(other).explanation.target
    assert [entry.asked.objective for entry in entries(other)] == [Channel("blocks.1.0", 3), ClassLogit(5, "output")]


def test_a_class_that_was_chosen_is_not_asked_of_another_image(page):
    give(page)
    say(page, kind="explain_class", index=7)
    assert state_of(page).explanation.label == 7
    page.segmented_control(key="source").set_value("Sample").run()
    page.selectbox(key="sample").set_value("cat").run()
    assert state_of(page).explanation.label is None and state_of(page).explanation.sample == "cat"


def test_coming_back_the_page_says_where_the_image_is_from_and_what_the_weights_are(page):
    page.segmented_control(key="source").set_value("Sample").run()
    page.selectbox(key="sample").set_value("cat").run()
    steer = replace(state_of(page).recipe, spec=replace(state_of(page).recipe.spec, weights="untrained"))
    visitor_of(page).state = state_of(page).set_to(steer)
    go(page, "Compare")
    go(page, "Explain")
    assert page.segmented_control(key="source").value == "Sample"
    assert any("untrained, as set on Explore" in caption.value for caption in page.caption)
