"""Turns: a component's events, each obeyed once and before the page is drawn (parts/queue.js sends one a turn)."""

from collections.abc import Callable
from typing import Any

from dashboard.state import keys
from dashboard.state.callbacks import draw_anew, whole
from dashboard.state.keys import Key


def show(mount: Callable[..., Any], key: Key[Any], turn: Key[Any], data: dict, obey: Callable[[object], bool]) -> None:
    """Mounts a component with that data and the turn of its last event.

    obey  does what the browser sent, if that makes sense, and tells whether it did
    """
    obeyed = keys.obeyed(key)

    def sent() -> None:
        obeyed.set(True)
        value = key.get().get("event")
        now = value.get("turn") if isinstance(value, dict) else 0
        if now and now == turn.get():  # its answer was late, so the browser has said it once more
            return
        turn.set(now)
        obey(value)

    event = mount(key=key.name, data=data | {"turn": turn.get()}, on_event_change=whole(sent)).get("event")
    # The first click after the server was restarted: nobody was there to hear of it.
    if not obeyed.pop() and event and obey(event):
        draw_anew()
