"""What comes along from one target, layer or network to another."""

from dataclasses import replace

from actviz_core import Channel, ClassLogit, Direction, LayerEnergy, Neuron, find_layer
from dashboard.actions import neighbours
from dashboard.state import services
from tests.dashboard.screen import Screen, run_of, state_of
from tests.dashboard.views.pages.several import LONG, SHORT


def test_layer_and_channel_come_along_from_kind_to_kind(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Channel("blocks.2.0", 20))))
    passed = {
        "Neuron": Neuron("blocks.2.0", 20),
        "Class": ClassLogit(0),
        "Layer": LayerEnergy("blocks.2.0"),
        "Direction": Direction("blocks.2.0", (20,), (1.0,)),
        "Channel": Channel("blocks.2.0", 20),
    }
    for kind, objective in passed.items():
        app.button_group(key="target.kind").set_value(kind).run()
        assert state_of(app).recipe.spec.objective == objective
    app.number_input(key="target.channel").set_value(7).run()
    for kind, objective in (
        ("Class", ClassLogit(0)),
        ("Neuron", Neuron("blocks.2.0", 7)),
        ("Channel", Channel("blocks.2.0", 7)),
    ):
        app.button_group(key="target.kind").set_value(kind).run()
        assert state_of(app).recipe.spec.objective == objective


def test_a_channel_is_known_again_where_its_direction_or_class_is_left(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Direction("blocks.2.0", (20, 3), (0.5, 2.0)))))
    app.button_group(key="target.kind").set_value("Channel").run()
    assert state_of(app).recipe.spec.objective == Channel("blocks.2.0", 3), "the one with most weight"
    channel, layer = Channel("blocks.2.0", 3), find_layer(services.model("efficientnet_lite0", ""), "blocks.2.0")
    assert neighbours.moved(ClassLogit(0), layer, (channel, ClassLogit(0))) == channel


def test_kinds_of_target_and_layers_that_are_passed_through_are_remembered(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Channel("blocks.2.0", 39))))
    for kind in ("Class", "Layer", "Neuron", "Direction"):
        app.button_group(key="target.kind").set_value(kind).run()
        app.button_group(key="target.kind").set_value("Channel").run()
        assert state_of(app).recipe.spec.objective == Channel("blocks.2.0", 39), f"after {kind}"
    app.button_group(key="target.kind").set_value("Class").run()
    app.selectbox(key="target.label").set_value(130).run()
    app.button_group(key="target.kind").set_value("Channel").run()
    app.selectbox(key="target.layer").set_value("blocks.1.0").run()  # has 24
    assert state_of(app).recipe.spec.objective == Channel("blocks.1.0", 23)
    app.selectbox(key="target.layer").set_value("blocks.2.0").run()
    assert state_of(app).recipe.spec.objective == Channel("blocks.2.0", 39)
    app.button_group(key="target.kind").set_value("Class").run()
    assert state_of(app).recipe.spec.objective == ClassLogit(130)
    assert not app.exception and not app.error


def test_a_channel_that_a_layer_does_not_have_is_wanted_again_in_the_next(page):
    app = page(replace(LONG, spec=replace(LONG.spec, objective=Channel("blocks.2.0", 39))))

    def to(layer: str) -> Channel:
        app.selectbox(key="target.layer").set_value(layer).run()
        return state_of(app).recipe.spec.objective

    assert [to(layer).channel for layer in ("blocks.1.0", "conv_stem", "blocks.3.0", "blocks.1.0", "blocks.4.0")] == [
        23,
        31,
        39,
        23,
        39,
    ]
    assert to("blocks.1.0").channel == 23
    app.number_input(key="target.channel").set_value(5).run()
    assert to("blocks.5.0").channel == 5, "another one is wanted by now"
    assert not app.exception and not app.error


def test_settings_that_are_not_those_of_the_picture_are_told(page):
    app, words = page(SHORT), "settings have changed since this picture"

    def said() -> bool:
        return any(words in caption.value for caption in app.caption)

    app.slider(key="jitter.pixels").set_value(3).run()
    assert not said(), "there is no picture yet"
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60)
    app.run()
    assert not said()
    screen = Screen(app)
    screen.move("jitter.pixels", 4)
    assert said()
    app.button(key="start").click().run()
    assert run_of(app).wait(lambda run: run.ended, 60)
    app.run()
    assert not said()
