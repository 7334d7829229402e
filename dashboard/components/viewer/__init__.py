"""The viewer: shows runs live in the browser. `show` mounts it and does what is asked for on it.

Pictures and curves reach it over the live route; the page's script only says which runs it shows, and may run again
at any time without disturbing it.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from streamlit.components.v2 import component

from dashboard.components.viewer.events import ViewerEvent, event_of
from dashboard.components.viewer.view import View
from dashboard.server import assets
from dashboard.server.feed import previewed
from dashboard.state import keys
from dashboard.state.callbacks import draw_anew, whole
from dashboard.state.keys import Key
from dashboard.state.watched import Watched

mount = component(
    "actviz_viewer", css=assets.style("viewer/viewer.css"), js=assets.loader("viewer/viewer.js"), isolate_styles=False
)

SERVER = secrets.token_urlsafe(6)  # tells a page whether it is still the same one


def show(
    token: str, watched: Sequence[Watched], key: Key[Any], view: View, *, on_event: Callable[[ViewerEvent], None]
) -> None:
    """Shows these runs of a visitor side by side; with none, the view's placeholder.

    on_event  does what was asked for, before the page is drawn: what draws it may be given up for a newer wish, and
              took the event with it
    """
    data = {"files": assets.address(), "live": f"{assets.base()}/live/{token}", "server": SERVER}
    data |= {"runs": [told(entry) for entry in watched]} | view.data()
    shown, obeyed = {entry.key for entry in watched}, keys.obeyed(key)

    def sent() -> None:
        obeyed.set(True)
        obey(key.get().get("event"))

    def obey(value: object) -> None:
        event = event_of(value, shown)
        if event is not None:
            on_event(event)

    event = mount(key=key.name, data=data, on_event_change=whole(sent), on_ended_change=lambda: None).get("event")
    # The first click after the server was restarted: nobody was there to hear of it.
    if not obeyed.pop() and event:
        obey(event)
        draw_anew()


def told(entry: Watched) -> dict:
    return {
        "key": entry.key,
        "title": entry.title,
        "captions": list(entry.captions),
        "about": entry.about or entry.title,
        "colour": entry.colour,
        "preview": previewed(entry),
    }
