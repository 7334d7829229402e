"""The tab: what the browser knows of the visitor that its tab was before. Nothing waits for its answer."""

import re
from pathlib import Path

from streamlit.components.v2 import component

from dashboard.state import keys

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")

mount = component("actviz_tab", js=Path(__file__).with_name("tab.js").read_text(encoding="utf-8"), isolate_styles=False)

mount_drawn = component(
    "actviz_drawn",
    # Without a value of its own: Streamlit calls what is returned when the component goes.
    js="export default ({ data }) => { document.documentElement.dataset.actvizDrawn = data.token; "
    "dispatchEvent(new Event('actviz-drawn')); }",
    isolate_styles=False,
)


def drawn(token: str) -> None:
    """The end of a page's drawing: all of it is that visitor's."""
    mount_drawn(key=keys.DRAWN.name, data={"token": token})


def remembered(token: str, answered: str, doubted: str) -> str:
    """The token of the visitor that this tab was, told once; "" while it is this one or has been none.

    token     the visitor that the page belongs to now
    answered  what was remembered before and could not be
    doubted   what another tab may be: the browser is to ask with more patience
    """
    result = mount(
        key=keys.TAB.name,
        data={"token": token, "answered": answered, "doubted": doubted},
        on_remembered_change=lambda: None,
        on_returned_change=lambda: None,
    )
    return token_of(result.get("remembered"))


def token_of(value: object) -> str:
    """What the browser sent, if it can be a token."""
    return value if isinstance(value, str) and TOKEN.fullmatch(value) else ""
