"""The Layers page without a browser: which layer and image it shows, and what becomes of what is asked for on it."""

import io
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, Recipe, Spec
from dashboard.state import links
from dashboard.state.explaining import OF_CAMERA, Picture
from dashboard.state.page_state import LayersChoice
from dashboard.widgets import start_image
from tests.dashboard.screen import MAIN, go, state_of, visitor_of
from tests.dashboard.views.pages.several import reloaded, told

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=32, width=48, iterations=4))
PICTURE = Picture("mine.png", np.random.default_rng(0).integers(0, 255, (260, 300, 3), np.uint8))
SAID, COMPLAINTS = {}, []


@pytest.fixture
def component(monkeypatch):
    """In place of the browser's: it sends SAID when its button is pressed, and keeps what it is told."""
    told = {}

    def mount(key, data, on_event_change):
        told.update(data)
        st.session_state[key] = {"event": dict(SAID)}
        st.button("event", key="tell.event", on_click=on_event_change)
        return {}

    monkeypatch.setattr("dashboard.components.layers.mount", mount)
    return told


def opened(**address: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params |= {links.PARAMETER: RECIPE.to_json(), **address}
    app.run()
    COMPLAINTS[:] = [each.value for each in app.error]  # of the address, on the page that reads it
    go(app, "Layers")
    COMPLAINTS.extend(each.value for each in app.error)
    return app


@pytest.fixture
def page(component, nothing_left_running):
    return opened()


def say(app: AppTest, **event) -> AppTest:
    SAID.clear()
    SAID.update(event)
    app.run()
    return app.button(key="tell.event").click().run()


def test_it_begins_at_the_targets_layer_with_a_sample(page, component):
    assert not page.exception
    assert component["layer"] == "blocks.1.0" and component["channel"] is None and component["size"] == [224, 224]
    assert [name for name, _, _ in component["layers"]][:3] == ["conv_stem", "bn1", "blocks.0.0"]
    assert {name: count for name, _, count in component["layers"]}["blocks.1.0"] == 24
    assert component["version"] == state_of(page).seen.view.version
    assert state_of(page).explanation.sample == "cat"
    assert component["door"] == f"/layers/{visitor_of(page).token}"


def test_a_layer_and_a_channel_are_in_the_address_and_come_back(page, component):
    say(page, kind="layer", layer="blocks.4.2", turn=1)
    say(page, kind="channel", layer="blocks.4.2", channel=7, turn=2)
    assert (component["layer"], component["channel"]) == ("blocks.4.2", 7)
    address = {name: "".join(page.query_params[name]) for name in (links.SHEET, links.UNIT)}
    assert address == {"sheet": "blocks.4.2", "unit": "7"}
    another = opened(**address)
    assert state_of(another).layer == LayersChoice(("efficientnet_lite0", ""), "blocks.4.2", 7)
    say(page, kind="layer", layer="blocks.4.1", turn=3)
    assert (component["layer"], component["channel"]) == ("blocks.4.1", None)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"sheet": "blocks.99"}, "no layer 'blocks.99'"),
        ({"sheet": "blocks.1.0", "unit": "24"}, "has 24 channels, 0 to 23; 24 is none"),
        ({"sheet": "blocks.1.0", "unit": "-1"}, "unit must be a whole number"),
    ],
)
def test_a_wrong_link_is_refused_in_a_sentence_and_the_page_is_there(component, nothing_left_running, address, words):
    app = opened(**address)
    assert not app.exception and component["layer"] == "blocks.1.0"
    assert any(words in sentence.replace("\\", "") for sentence in COMPLAINTS)


def test_a_channel_is_maximized_from_noise_and_from_the_image(page):
    visitor_of(page).offered = PICTURE  # a frame of the camera that has just come
    say(page, kind="open", layer="blocks.4.2", channel=7, start="image", turn=1)
    spec = state_of(page).recipe.spec
    assert spec.objective == Channel("blocks.4.2", 7) and spec.start == "photograph" and spec.photograph
    assert (spec.height, spec.width) == (224, 224)
    assert state_of(page).image is PICTURE and visitor_of(page).offered is None
    assert start_image.WORDS in [caption.value for caption in page.caption], "Explore says so"
    page.button(key="from_noise").click().run()
    assert state_of(page).recipe.spec.start == "noise"
    assert start_image.WORDS not in [caption.value for caption in page.caption] and not page.exception
    go(page, "Layers")
    say(page, kind="open", layer="blocks.4.2", channel=8, start="noise", turn=2)
    assert state_of(page).recipe.spec.objective == Channel("blocks.4.2", 8)
    assert state_of(page).recipe.spec.start == "noise"


def test_a_channel_is_explained(page):
    say(page, kind="explain", layer="blocks.4.2", channel=7, turn=1)
    assert state_of(page).recipe.spec.objective == Channel("blocks.4.2", 7)
    assert state_of(page).explanation.target
    assert visitor_of(page).mapped, "the Explain page is shown"


def test_a_frame_becomes_the_image_and_another_network_another_layer(page, component):
    before = component["version"]
    kept = visitor_of(page).offered = replace(PICTURE, name=OF_CAMERA)
    say(page, kind="frame", turn=1)
    assert state_of(page).image is kept and component["version"] != before
    assert page.segmented_control(key="source").value is None, "it is no sample any more"
    assert "Image: A frame of the camera, 300 × 260 px" in [caption.value.replace("\\", "") for caption in page.caption]
    say(page, kind="layer", layer="conv_head", turn=2)
    go(page, "Explore")
    page.selectbox(key="model").select("efficientnet_lite1").run()
    go(page, "Layers")
    assert component["network"] == "efficientnet_lite1" and component["layer"] != "conv_head"


def test_a_frame_that_was_kept_is_still_the_image_after_a_reload(page, monkeypatch):
    kept = visitor_of(page).offered = replace(PICTURE, name=OF_CAMERA)
    say(page, kind="frame", turn=1)
    again = told(reloaded(page), visitor_of(page).token, monkeypatch)
    assert state_of(again).image is kept, "the sample that a fresh page begins with does not take its place"
    visitor_of(again).release()
    gone = told(reloaded(again), visitor_of(again).token, monkeypatch)
    assert "your image" in gone.toast[0].value and state_of(gone).explanation.sample == "cat"


def test_a_file_that_is_no_image_leaves_the_one_that_is_there(page):
    page.session_state["source"] = "File"
    page.run()
    file = io.BytesIO()
    Image.fromarray(PICTURE.pixels).save(file, "PNG")
    page.file_uploader(key="image_file").upload("mine.png", file.getvalue(), "image/png").run()
    page.file_uploader(key="image_file.1").upload("notes.png", b"no image", "image/png").run()
    assert page.toast[0].value == page.error[0].value, "seen wherever the page is scrolled to"
    assert "not an image" in page.error[0].value.replace("\\", "") and state_of(page).image.name == "mine.png"
