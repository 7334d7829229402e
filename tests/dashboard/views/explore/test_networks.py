"""Another network on Explore, and what none can take."""

import pickle
from pathlib import Path

import pytest

from actviz_core import ActvizError, Channel, Recipe, Spec
from dashboard.state import services
from dashboard.state.page_state import START
from tests.dashboard.views.explore.page import recipe_of


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
