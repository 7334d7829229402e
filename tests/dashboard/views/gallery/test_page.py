"""The Gallery page without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, Recipe, Spec, preset
from dashboard.components.gallery import GalleryEvent, event_of
from dashboard.jobs.filling import FILLINGS
from dashboard.state import links
from tests.dashboard.screen import state_of
from tests.dashboard.views.gallery.studio import COUNT


@pytest.mark.parametrize(
    "value",
    [
        None,
        "open",
        {},
        {"kind": "delete"},
        {"kind": "open", "channel": 10},
        {"kind": "open", "channel": -1},
        {"kind": "open", "channel": True},
        {"kind": "open", "channel": "1"},
    ],
)
def test_events_that_make_no_sense(value):
    assert event_of(value, COUNT) is None


def test_events():
    assert event_of({"kind": "open", "channel": 9}, COUNT) == GalleryEvent("open", 9)
    assert event_of({"kind": "chosen", "channel": 9}, COUNT) == GalleryEvent("chosen", 9)
    assert event_of({"kind": "reopen"}, COUNT) == GalleryEvent("reopen")


def script():
    from dashboard.views import gallery

    gallery.page()


@pytest.fixture
def page(tmp_path, monkeypatch, nothing_left_running):
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))
    app = AppTest.from_function(script, default_timeout=60)
    app.query_params[links.PARAMETER] = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3))).to_json()
    FILLINGS.by_key.clear()  # whatever other pages have left
    yield app.run()
    FILLINGS.by_key.clear()


def shown() -> list[tuple]:
    return [
        (
            filling.fine.gallery.layer,
            filling.fine.gallery.channels,
            filling.fine.gallery.spec.height,
            filling.fine.gallery.spec.iterations,
        )
        for filling in FILLINGS.by_key.values()
    ]


def test_the_page_begins_with_the_recipe_s_layer(page):
    assert not page.exception and shown() == [("blocks.1.0", 24, 96, 64)]
    page.selectbox(key="gallery.layer").set_value("blocks.2.0").run()
    page.select_slider(key="gallery.iterations").set_value(16).run()
    page.radio(key="gallery.size").set_value(64).run()
    assert not page.exception and shown()[-1] == ("blocks.2.0", 40, 64, 16)
    assert state_of(page).recipe.spec.objective == Channel("blocks.1.0", 3), "Explore is left alone"
    assert [filling.run for filling in FILLINGS.by_key.values()] == [None] * 4, (
        "nothing is computed before anybody looks"
    )


def test_what_is_asked_for_on_the_sheet_is_done_before_the_page_is_drawn(sheet, page):
    """What draws it may be given up for a newer wish."""
    page.button(key="tell.event").click().run()
    assert [recipe.spec.objective for recipe in state_of(page).comparison.recipes] == [Channel("blocks.1.0", 7)]
    page.button(key="tell.event").click().run()
    assert "Column 1 is the same already" in page.error[0].value and len(state_of(page).comparison.columns) == 1
    page.button(key="tell.chosen").click().run()
    assert state_of(page).gallery.channel == 9 and "9" in page.query_params["channel"]


def test_the_title_says_how_often_the_pictures_repeat(sheet, tmp_path, monkeypatch, nothing_left_running):
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))
    app = AppTest.from_function(textures, default_timeout=60).run()
    assert not app.exception and sheet[-1]["title"] == "efficientnet_lite0, blocks.1.0, repeats every 72 px"
    app.radio(key="gallery.size").set_value(64).run()
    assert sheet[-1]["title"] == "efficientnet_lite0, blocks.1.0", "one tile is larger than the picture"
    app.selectbox(key="gallery.layer").set_value("blocks.5.1").run()
    assert sheet[-1]["title"] == "efficientnet_lite0, blocks.5.1"
    FILLINGS.by_key.clear()


def textures():
    from actviz_core import Channel, Recipe, Spec, preset
    from dashboard.actions import steering
    from dashboard.state import session
    from dashboard.views import gallery

    if session.gallery_choice() is None:
        recipe = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3)))
        session.set_recipe(preset("good").applied(recipe, steering.use_model()))
    gallery.page()


def adding():
    from actviz_core import preset
    from dashboard.actions import gallery, steering
    from dashboard.components.gallery import GalleryEvent
    from dashboard.state import session
    from dashboard.state.page_state import GalleryChoice, about

    session.set_recipe(preset("good").applied(session.recipe(), steering.use_model()))
    for layer in ("blocks.1.0", "blocks.5.1"):
        choice = GalleryChoice(about(session.recipe()), layer)
        session.choose_gallery(choice)
        gallery.obey(steering.use_model(), choice, GalleryEvent("add", 9))


def test_a_channel_goes_on_with_what_its_layer_has_of_the_preset(page):
    app = AppTest.from_function(adding, default_timeout=60).run()
    assert not app.exception
    early, deep = state_of(app).comparison.recipes
    assert (early.spec.tile, early.hyperparams) == (72, preset("good").textures.fine.hyperparams)
    assert deep == Recipe(Spec("efficientnet_lite0", Channel("blocks.5.1", 9)))
