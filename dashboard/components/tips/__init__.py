"""Tips: what a newcomer may try next, one at a time. Closed they never come back: the browser remembers it, too."""

from collections.abc import Callable, Mapping

from streamlit.components.v2 import component

from dashboard.server import assets
from dashboard.state import keys
from dashboard.state.callbacks import whole

mount = component(
    "actviz_tips", css=assets.style("tips/tips.css"), js=assets.loader("tips/tips.js"), isolate_styles=False
)


def show(tips: Mapping[str, str], close: Callable[[object], None]) -> None:
    """Shows the first of them, by name and text; `close` is told all names that have been closed."""

    def closed() -> None:
        close(keys.TIPS.get().get("closed"))

    data = {"files": assets.address(), "tips": list(tips.items())}
    mount(key=keys.TIPS.name, data=data, on_closed_change=whole(closed))
