"""The chart of a network's layers, with steps to the next layer, channel or class.

`show` mounts it and returns nothing: what is asked for on it reaches `on_event`, before the page is drawn again.

The browser sends no second event before the first has been answered (architecture.js): a key that is held down
starts one run after the other, as fast as the page follows. The answer is drawn last, by `answer`: with an event the
browser sends what all widgets hold, and one that has not been told its new value yet would set the page back to its
old one.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from plotly.colors import sample_colorscale
from streamlit.components.v2 import component

from actviz_core import OUTPUT, Layer
from dashboard.server import assets
from dashboard.state import keys
from dashboard.state.callbacks import whole

HEIGHT = 112  # px, of the bars; under them stands a line with the steps
TOP = 26  # px of them for the name of a marked layer, below the navigation
GAP = 0.12
MARKED = "#e8a33d"
SHARES = {"dark": (0.4, 1.0), "light": (0.0, 0.5)}  # the part of Viridis that stands out from the background by 3 : 1
APART = 0.1  # of the chart's width, so that two names do not lie upon each other
FARTHEST = 100_000

mount = component(
    "actviz_architecture",
    css=assets.style("parts/keys.css", "architecture/architecture.css"),
    js=assets.loader("architecture/architecture.js"),
    isolate_styles=False,
)
mount_answer = component(
    "actviz_answer",
    # Without a value of its own: Streamlit calls what is returned when the component goes.
    js="export default ({ data }) => { dispatchEvent(new CustomEvent('actviz-answer', { detail: data.turn })); };",
    isolate_styles=False,
)


@dataclass(frozen=True)
class Neighbours:
    """Where a target stands, and how far one can step from it. Steps end at the first and at the last one.

    noun    "channel" or "class" is what is counted, "" where a target has neither
    index   of `count` of them
    before, after   layers of the chart
    """

    noun: str = ""
    index: int = 0
    count: int = 0
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class ArchitectureEvent:
    """What was asked for.

    kind  "layer" (the one at `index`), "step" (so many `channels` and `layers` on, or back) or "random"
    """

    kind: str
    index: int = 0
    channels: int = 0
    layers: int = 0


def show(
    layers: Sequence[Layer],
    names: Sequence[str],
    neighbours: Neighbours,
    on_event: Callable[[ArchitectureEvent], None],
) -> None:
    """The chart of these layers; the ones that the target reads, by their names, are marked."""

    def sent() -> None:
        value = keys.ARCHITECTURE.get().get("event")
        event = event_of(value, len(layers))
        if event is not None:
            keys.TURN.set(value.get("turn"))
            on_event(event)

    mount(
        key=keys.ARCHITECTURE.name,
        data={
            "files": assets.address(),
            "figure": figure(layers, names),
            "layers": [f"{layer.name}, {layer.kind}, {layer.dimensions}" for layer in layers],
            "marked": marked(layers, names),
            "colours": {theme: colours(layers, *share) for theme, share in SHARES.items()},
            "neighbours": asdict(neighbours),
        },
        on_event_change=whole(sent),
    )


def answer() -> None:
    """The end of a drawing: what was asked for on the chart last has been obeyed, and every widget shows it."""
    turn = keys.TURN.get()
    mount_answer(key=keys.ANSWER.name, data={"turn": turn if type(turn) is int else 0})


def event_of(value: Any, layers: int) -> ArchitectureEvent | None:
    """What the browser sent, if it makes sense."""
    if not isinstance(value, dict) or value.get("kind") not in ("layer", "step", "random"):
        return None
    numbers = {name: value.get(name, 0) for name in ("index", "channels", "layers")}
    if (
        not all(type(number) is int and abs(number) <= FARTHEST for number in numbers.values())
        or not 0 <= numbers["index"] < layers
    ):
        return None
    return ArchitectureEvent(value["kind"], **numbers)


def marked(layers: Sequence[Layer], names: Sequence[str]) -> list[int]:
    """The indices of the layers that are, or hold, one of those names; the network's output is its last layer."""
    holds = [any(contains(layer.name, name) for name in names) for layer in layers]
    if OUTPUT in names and layers:
        holds[-1] = True
    return [index for index, held in enumerate(holds) if held]


def figure(layers: Sequence[Layer], names: Sequence[str]) -> dict:
    """For Plotly: bars as high as a layer has channels; the marked ones stand out.

    They are coloured by how many positions each channel has.
    """
    counts = [layer.channels for layer in layers] or [1]
    bars = {
        "type": "bar",
        "x": list(range(len(layers))),
        "y": counts,
        "customdata": [[layer.name, layer.kind, layer.dimensions] for layer in layers],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        "marker": {"line": {"width": 0}},  # their colours: `colours`
    }
    # On a logarithmic axis a bar has no natural foot: half of the smallest is low enough for it to be seen.
    ends = [math.log10(min(counts) / 2), math.log10(max(counts) * 1.1)]
    indices = marked(layers, names)
    layout = {
        "height": HEIGHT,
        "margin": {"l": 56, "r": 8, "t": TOP, "b": 4},
        "bargap": GAP,
        "showlegend": False,
        "dragmode": False,
        "xaxis": axis([-0.5, len(layers) - 0.5], showticklabels=False),
        "yaxis": axis(
            ends,
            type="log",
            title={"text": "channels", "standoff": 4},
            tickvals=sorted({min(counts), max(counts)}),
        ),
        "shapes": [mark(index) for index in indices],
        "annotations": [annotation(layers, names, index) for index in apart(indices, len(layers))],
    }
    return {"data": [bars], "layout": layout}


def axis(ends: list[float], **more: Any) -> dict:
    return {"range": ends, "fixedrange": True, "showgrid": False, "zeroline": False} | more


def mark(index: int) -> dict:
    """What stands behind a marked layer's bar, as high as the chart."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": index - 0.5,
        "x1": index + 0.5,
        "y0": 0,
        "y1": 1,
        "fillcolor": MARKED,
        "opacity": 0.35,
        "line": {"width": 0},
        "layer": "below",
    }


def annotation(layers: Sequence[Layer], names: Sequence[str], index: int) -> dict:
    """The name above a marked layer, kept within the chart."""
    place = (index + 0.5) / len(layers)
    text = next((name for name in names if contains(layers[index].name, name)), layers[index].name)
    x, anchor = (
        (-0.5, "left") if place < APART else (len(layers) - 0.5, "right") if place > 1 - APART else (index, "center")
    )
    return {
        "x": x,
        "xanchor": anchor,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"size": 12},
    }


def colours(layers: Sequence[Layer], low: float, high: float) -> list[str]:
    """How fine each layer sees, as a colour: Plotly complains of plain numbers at every drawing."""
    return list(map(str, sample_colorscale("Viridis", [low + (high - low) * grain(layer) for layer in layers])))


def apart(indices: Sequence[int], count: int) -> list[int]:
    """Those of the indices whose names have room beside each other."""
    kept: list[int] = []
    for index in indices:
        if not kept or (index - kept[-1]) / count >= APART:
            kept.append(index)
    return kept


def contains(block: str, name: str) -> bool:
    """Whether a layer is this block or lies inside of it."""
    return name.partition("@")[0] == block or name.startswith(f"{block}.")


def grain(layer: Layer) -> float:
    """How fine a layer sees, from 0 (one position) to 1 (256 a side): on a scale of doublings."""
    return min(1.0, math.log2(max(1, layer.height, layer.width)) / 8)
