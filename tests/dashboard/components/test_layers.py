"""What the Layers page's component is told, and what of what it sends makes sense."""

import pytest

from dashboard.components.layers import LayerEntry, LayersEvent, Shown, event_of

SHOWN = Shown(
    door="/layers/token",
    version="v1",
    network="tiny",
    size=(224, 192),
    layers=(LayerEntry("stem", "stem", 32), LayerEntry("blocks.1", "blocks.1", 16)),
    layer="stem",
    channel=3,
    colours={"diverging": "", "sequential": ""},
)


def test_what_the_browser_reads():
    data = SHOWN.data()
    assert data["layers"] == [["stem", "stem", 32], ["blocks.1", "blocks.1", 16]]
    assert (data["size"], data["layer"], data["channel"]) == ([224, 192], "stem", 3)


@pytest.mark.parametrize(
    ("value", "event"),
    [
        ({"kind": "layer", "layer": "blocks.1", "turn": 7}, LayersEvent("layer", "blocks.1")),
        ({"kind": "channel", "layer": "blocks.1", "channel": 15}, LayersEvent("channel", "blocks.1", 15)),
        ({"kind": "channel", "layer": "stem", "channel": None}, LayersEvent("channel", "stem", None)),
        (
            {"kind": "open", "layer": "stem", "channel": 31, "start": "image"},
            LayersEvent("open", "stem", 31, "image"),
        ),
        ({"kind": "explain", "layer": "stem", "channel": 0}, LayersEvent("explain", "stem", 0)),
        ({"kind": "frame"}, LayersEvent("frame")),
        ({"kind": "reopen"}, LayersEvent("reopen")),
    ],
)
def test_events(value, event):
    assert event_of(value, SHOWN) == event


@pytest.mark.parametrize(
    "value",
    [
        None,
        "layer",
        {"kind": ["layer"], "layer": "stem"},
        {"kind": "layer"},
        {"kind": "layer", "layer": "blocks.9"},
        {"kind": "layer", "layer": ["stem"]},
        {"kind": "channel", "layer": "blocks.1", "channel": 16},
        {"kind": "channel", "layer": "stem", "channel": True},
        {"kind": "channel", "layer": "stem", "channel": -1},
        {"kind": "open", "layer": "stem", "channel": None, "start": "noise"},
        {"kind": "open", "layer": "stem", "channel": 1},
        {"kind": "open", "layer": "stem", "channel": 1, "start": {"a": 1}},
        {"kind": "explain", "layer": "stem"},
        {"kind": "close", "layer": "stem", "channel": 1},
    ],
)
def test_nonsense(value):
    assert event_of(value, SHOWN) is None
