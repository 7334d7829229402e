"""The chart of a network's layers, with steps to the next layer, channel or class.

A strip of the network: each block with its size and a small picture of one of its channels, which the browser asks the
server for (server/blocks.py), as it does for the layers inside of a block. `show` mounts it and returns nothing: what
is asked for on it reaches `on_event`, before the page is drawn again.

The browser sends no second event before the first has been answered (architecture.js): a key that is held down
starts one run after the other, as fast as the page follows. The answer is drawn last, by `answer`: with an event the
browser sends what all widgets hold, and one that has not been told its new value yet would set the page back to its
old one.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from streamlit.components.v2 import component

from actviz_core import OUTPUT, Layer
from dashboard.server import assets, blocks
from dashboard.state import keys, services
from dashboard.state.callbacks import whole
from dashboard.words import layers as words

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

    kind  "layer" (the one of that `name`), "step" (so many `channels` and `layers` on, or back) or "random"
    """

    kind: str
    name: str = ""
    channels: int = 0
    layers: int = 0


def show(
    network: tuple[str, str],
    layers: Sequence[Layer],
    names: Sequence[str],
    neighbours: Neighbours,
    size: tuple[int, int],
    token: str,
    on_event: Callable[[ArchitectureEvent], None],
) -> None:
    """The blocks among these layers; the ones that the target reads, by their names, are marked.

    size   of the picture, by which the layers have theirs
    token  of the visitor who asks for pictures
    """

    def sent() -> None:
        value = keys.ARCHITECTURE.get().get("event")
        event = event_of(value, {layer.name for layer in layers})
        if event is None:
            return
        turn = value.get("turn")
        if type(turn) is int and turn == keys.TURN.get():  # its answer was late, so the browser has said it once more
            return
        keys.TURN.set(turn)
        on_event(event)

    shown = [layer for layer in layers if layer.block]
    mount(
        key=keys.ARCHITECTURE.name,
        data=words.told(shown, layers, partial(services.known_field, network))
        | {
            "files": assets.address(),
            "door": blocks.door_of(token, network),
            "size": list(size),
            "makes": blocks.makes_by_itself(),
            "reads": [shown[-1].name if name == OUTPUT and shown else name for name in names],
            "neighbours": asdict(neighbours),
        },
        on_event_change=whole(sent),
    )


def answer() -> None:
    """The end of a drawing: what was asked for on the chart last has been obeyed, and every widget shows it."""
    turn = keys.TURN.get()
    mount_answer(key=keys.ANSWER.name, data={"turn": turn if type(turn) is int else 0})


def event_of(value: Any, layers: Collection[str]) -> ArchitectureEvent | None:
    """What the browser sent, if it makes sense."""
    if not isinstance(value, dict) or value.get("kind") not in ("layer", "step", "random"):
        return None
    numbers = {name: value.get(name, 0) for name in ("channels", "layers")}
    if not all(type(number) is int and abs(number) <= FARTHEST for number in numbers.values()):
        return None
    name = value.get("name", "")
    if not isinstance(name, str) or (value["kind"] == "layer" and name not in layers):
        return None
    return ArchitectureEvent(value["kind"], name, **numbers)
