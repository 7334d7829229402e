"""What the Explain page's component is told, and what of what it sends makes sense."""

import pytest

from dashboard.components.explain import Explained, ExplainEvent, MapEntry, Shown, event_of

ENTRY = MapEntry("a", "Grad-CAM", "blocks.6", "Where it looks.", "It may mark more.", signed=False)
SHOWN = Shown(
    door="/explain/token",
    version="v1",
    image=(300, 400),
    frame=(0, 50, 300, 300),
    size=(224, 224),
    colours={"diverging": "", "sequential": ""},
    explained=Explained("class flamingo", index=130),
    maps=(ENTRY,),
    classes=((130, "flamingo", 0.9), (7, "cock", 0.1)),
)


def test_what_the_browser_reads():
    data = SHOWN.data()
    assert data["image"] == {"version": "v1", "height": 300, "width": 400, "given": None}
    assert data["frame"] == [0, 50, 300, 300] and data["size"] == [224, 224]
    assert data["explained"] == {"title": "class flamingo", "index": 130, "against": None, "score": None}
    assert data["maps"][0]["key"] == "a" and data["maps"][0]["offersSigned"] is False
    assert data["classes"] == [[130, "flamingo", 0.9], [7, "cock", 0.1]]


@pytest.mark.parametrize(
    ("value", "event"),
    [
        ({"kind": "frame", "frame": [10, 0, 290, 400]}, ExplainEvent("frame", frame=(10, 0, 290, 400))),
        ({"kind": "explain_class", "index": 7}, ExplainEvent("explain_class", index=7)),
        ({"kind": "against", "index": 130}, ExplainEvent("against", index=130)),
        ({"kind": "remove", "key": "a"}, ExplainEvent("remove", key="a")),
        ({"kind": "signed", "key": "a"}, ExplainEvent("signed", key="a")),
        ({"kind": "layer", "key": "a", "layer": "blocks.5"}, ExplainEvent("layer", key="a", layer="blocks.5")),
        ({"kind": "opacity", "opacity": 0.35}, ExplainEvent("opacity", opacity=0.35)),
        ({"kind": "opacity", "opacity": 1}, ExplainEvent("opacity", opacity=1)),
        ({"kind": "open"}, ExplainEvent("open")),
        ({"kind": "reopen", "key": "b"}, ExplainEvent("reopen")),
    ],
)
def test_events(value, event):
    assert event_of(value, SHOWN) == event


@pytest.mark.parametrize(
    "value",
    [
        None,
        "frame",
        {},
        {"kind": "delete"},
        {"kind": ["frame"]},
        {"kind": "frame"},
        {"kind": "frame", "frame": [0, 0, 300]},
        {"kind": "frame", "frame": [0, 0, 301, 300]},
        {"kind": "frame", "frame": [0, 101, 300, 300]},
        {"kind": "frame", "frame": [-1, 0, 300, 300]},
        {"kind": "frame", "frame": [0, 0, 0, 300]},
        {"kind": "frame", "frame": [0.5, 0, 300, 300]},
        {"kind": "frame", "frame": [True, 0, 100, 100]},
        {"kind": "opacity"},
        {"kind": "opacity", "opacity": True},
        {"kind": "opacity", "opacity": -0.01},
        {"kind": "opacity", "opacity": float("nan")},
        {"kind": "explain_class"},
        {"kind": "explain_class", "index": 8},
        {"kind": "against", "index": True},
        {"kind": "remove"},
        {"kind": "remove", "key": "b"},
        {"kind": "pause", "key": ["a"]},
        {"kind": "layer", "key": "a", "layer": "x" * 201},
        {"kind": "layer", "key": "a", "layer": 4},
        {"kind": "layer", "key": "a"},
        {"kind": "layer", "key": "b", "layer": "blocks.5"},
    ],
)
def test_what_makes_no_sense_is_not_done(value):
    assert event_of(value, SHOWN) is None
