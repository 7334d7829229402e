"""What channels gained: the strongest of a layer as a list with bars, beside a lesson's picture; one can be chosen.

`show` mounts it and does what is asked for on it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from streamlit.components.v2 import component

from dashboard.components import turn
from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_gained", css=assets.style("gained/gained.css"), js=assets.loader("gained/gained.js"), isolate_styles=False
)


@dataclass(frozen=True)
class ShownGain:
    """A channel: its name, its gain in words, how long its bar is, 0 to 1, and what a click does."""

    channel: int
    name: str
    gain: str
    bar: float
    hint: str


@dataclass(frozen=True)
class ShownGains:
    """What the component shows.

    about   whose gains they are
    head    above the gains
    note    what they do not say
    chosen  the channel that the picture is of
    """

    about: str
    head: str
    note: str
    rows: tuple[ShownGain, ...]
    chosen: int | None


def show(shown: ShownGains, *, on_chosen: Callable[[int], None]) -> None:
    """Shows them; `on_chosen` is told the channel that was chosen among them, before the page is drawn."""

    def obey(value: object) -> bool:
        channel = chosen_of(value, shown)
        if channel is not None:
            on_chosen(channel)
        return channel is not None

    turn.show(mount, keys.GAINED, keys.GAINED_TURN, {"files": assets.address(), **asdict(shown)}, obey)


def chosen_of(value: object, shown: ShownGains) -> int | None:
    """The channel that the browser sent, if it is one of those shown."""
    channel = value.get("channel") if isinstance(value, dict) else None
    return channel if type(channel) is int and channel in {row.channel for row in shown.rows} else None
