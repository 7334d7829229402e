"""The chart of layers, and what lies next to a target."""

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, ClassLogit, Direction, LayerEnergy, Neuron, list_layers
from dashboard.actions.neighbours import Neighbours, at_random, neighbours, stepped
from dashboard.components.architecture import ArchitectureEvent, event_of
from dashboard.state import services
from dashboard.state.visitors import KEPT
from dashboard.state.welcome import Welcome
from tests.dashboard.screen import state_of, visitor_of

SIZE = (64, 96)
LAYERS = {"blocks.0", "blocks.0.conv", "head"}


def model():
    return services.model("efficientnet_lite0", "")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "step",
        {},
        {"kind": "delete"},
        {"kind": "layer"},
        {"kind": "layer", "name": "blocks.9"},
        {"kind": "layer", "name": ["head"]},
        {"kind": "step", "channels": True},
        {"kind": "step", "layers": 1.5},
        {"kind": "step", "channels": 10**9},
    ],
)
def test_events_that_make_no_sense(value):
    assert event_of(value, LAYERS) is None


def test_events():
    assert event_of({"kind": "step", "channels": -3}, LAYERS) == ArchitectureEvent("step", channels=-3)
    assert event_of({"kind": "layer", "name": "blocks.0.conv"}, LAYERS) == ArchitectureEvent("layer", "blocks.0.conv")


def test_where_a_target_stands():
    assert neighbours(Channel("blocks.4.0", 20), model(), SIZE) == Neighbours("channel", 20, 112, 10, 11)
    assert neighbours(Neuron("conv_stem", 3), model(), SIZE) == Neighbours("channel", 3, 32, 0, 21)
    assert neighbours(ClassLogit("flamingo"), model(), SIZE) == Neighbours("class", 130, 1000)
    assert neighbours(LayerEnergy("blocks.4.0"), model(), SIZE) == Neighbours(before=10, after=11)
    assert neighbours(Channel("blocks.4.0", 1) + Channel("blocks.1.0", 1), model(), SIZE) == Neighbours()


def test_steps_end_at_the_ends():
    channel = Channel("blocks.4.0", 20)
    assert stepped(channel, model(), SIZE, channels=1) == Channel("blocks.4.0", 21)
    assert stepped(channel, model(), SIZE, channels=999) == Channel("blocks.4.0", 111)
    assert stepped(channel, model(), SIZE, channels=-999) == Channel("blocks.4.0", 0)
    assert (
        stepped(channel, model(), SIZE, layers=-1).layer == "blocks.3.2"
        and stepped(channel, model(), SIZE, layers=2).layer == "blocks.4.2"
    )
    assert stepped(channel, model(), SIZE, layers=99) == Channel("classifier", 20) and stepped(
        channel, model(), SIZE, layers=-99
    ) == Channel("conv_stem", 20)
    assert stepped(Channel("classifier", 20), model(), SIZE, layers=1) == Channel("classifier", 20)
    assert stepped(ClassLogit(999), model(), SIZE, channels=1, layers=1) == ClassLogit(999)
    assert stepped(ClassLogit(5), model(), SIZE, channels=-2) == ClassLogit(3)
    assert stepped(Direction("blocks.4.0", (1,), (1.0,)), model(), SIZE, channels=1, layers=1).layer == "blocks.4.1"
    inner = next(layer.name for layer in list_layers(model(), *SIZE) if layer.name.startswith("blocks.4.0."))
    assert stepped(Channel(inner, 1), model(), SIZE, layers=1).layer == "blocks.4.0", (
        "a layer inside a block comes before it"
    )


def test_another_one_by_chance():
    found = {at_random(Channel("blocks.0.0", 3), model(), SIZE).channel for _ in range(400)}
    assert found == set(range(16)) - {3}
    assert at_random(ClassLogit(0), model(), SIZE, choice=lambda count: count - 1) == ClassLogit(999)
    assert at_random(LayerEnergy("blocks.0.0"), model(), SIZE) == LayerEnergy("blocks.0.0")


def held_down():
    from dashboard.actions import steering
    from dashboard.components.architecture import ArchitectureEvent
    from dashboard.state import session

    session.visitor()
    for _ in range(40):
        steering.walk(ArchitectureEvent("step", channels=1))


def test_each_step_takes_the_place_of_the_one_before(nothing_left_running):
    app = AppTest.from_function(held_down, default_timeout=60).run()
    assert not app.exception and not app.toast
    visitor, state = visitor_of(app), state_of(app)
    assert state.recipe.spec.objective == Channel("blocks.4.0", 60)
    runs = {key: entry.run for key, entry in visitor.watched.items()}
    last = runs.pop(state.run)
    assert last.wait(lambda run: run.iteration >= 1, 60) and not last.ended
    for run in runs.values():
        assert run.wait(lambda run: run.ended, 60)
    visitor.show(last, lambda: None)
    assert len(visitor.watched) <= KEPT + 1, "what nobody can see any more is kept"


def from_block_to_block():
    from dashboard.actions import steering
    from dashboard.components.architecture import ArchitectureEvent
    from dashboard.state import newcomer, session
    from dashboard.state.welcome import Welcome

    Welcome.switched_on = True
    session.visitor()
    assert "chart" in newcomer.tips()
    for name in ("blocks.1.0", "blocks.2.0", "blocks.2.0"):
        steering.walk(ArchitectureEvent("layer", name))
    assert "chart" not in newcomer.tips()


def test_a_block_that_is_clicked_is_run_at_once_as_the_tip_says(monkeypatch, nothing_left_running):
    monkeypatch.setattr(Welcome, "switched_on", False)  # put back afterwards
    app = AppTest.from_function(from_block_to_block, default_timeout=60).run()
    assert not app.exception and not app.toast
    first, last = visitor_of(app).watched.values()
    assert [entry.recipe().spec.objective.layer for entry in (first, last)] == ["blocks.1.0", "blocks.2.0"]
    assert first.run.wait(lambda run: run.ended, 60)
    assert state_of(app).run == last.key and last.run.wait(lambda run: run.iteration >= 1, 60)
