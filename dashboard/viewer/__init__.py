"""The viewer: shows runs live in the browser. `show` mounts it and does what is asked for on it.

Pictures and curves reach it over the live route; the page's script only says which runs it shows, and may run again
at any time without disturbing it.
"""

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.callbacks import whole
from dashboard.links import LONGEST
from dashboard.visitors import Watched

from .feed import previewed
from .files import STYLE, address, base, loader

mount = st.components.v2.component("actviz_viewer", css=STYLE, js=loader("viewer.js"), isolate_styles=False)


KINDS = ("branch", "remedy", "chosen")
SERVER = secrets.token_urlsafe(6)  # tells a page whether it is still the same one


@dataclass(frozen=True)
class ViewerEvent:
    """What the page has to do.

    kind  "branch" (go on from `iteration` of `run`, to iteration `until`; 0: to its end), "remedy" (apply `remedy` to
          `run`), "chosen" (the picture of `run` was clicked), or "again" (start what the page is set to, or what `of`
          says: its runs are lost)
    """

    kind: str
    run: str
    iteration: int = 0
    remedy: str = ""
    until: int = 0
    of: str = ""


def show(
    token: str,
    watched: Sequence[Watched],
    key: str,
    *,
    device: str = "",
    height: str = "max(760px, calc(100vh - 100px))",
    score_label: str = "score (mean activation)",
    placeholder: str = "Press Start and watch the picture form.",
    board: bool = False,
    across: int = 0,
    difference: tuple[str, str] | None = None,
    picked: str = "",
    again: str = "",
    title: str = "",
    axes: Sequence[dict] = (),
    still: bytes = b"",
    iterations: int = 0,
    kept: str = "",
    on_event: Callable[[ViewerEvent], None],
) -> None:
    """Shows these runs side by side; with none, the placeholder.

    device      a word on where the computing happens
    height      a CSS length: by default the window's, less what the page has above the viewer
    board       runs that belong together: clicks are told, the end of the last one draws the page anew, none goes on by
                itself
    across      so many pictures side by side; 0: as it fits
    difference  the keys of two runs whose difference is shown as one more picture
    picked      the key of the run whose picture stands out
    again       what the page is to say when it wants a sweep again that the server has forgotten; "": it cannot
    title       stands above the pictures; "": the run's own
    axes        of a sweep: name and values of what varies along the row and down the column
    still       without a run: a JPEG that stands above the placeholder
    iterations  how many the page is set to: a run that is continued goes on so far
    kept        what has been set since that a continued run does not take over, in a sentence; "" where there is
                nothing
    on_event    does what was asked for, before the page is drawn: what draws it may be given up for a newer wish, and
                took the event with it
    """
    data = {
        "files": address(),
        "live": f"{base()}/live/{token}",
        "server": SERVER,
        "runs": [told(entry) for entry in watched],
        "device": device,
        "height": height,
        "scoreLabel": score_label,
        "placeholder": placeholder,
        "board": board,
        "across": across,
        "difference": list(difference or ()),
        "picked": picked,
        "again": again,
        "title": title,
        "iterations": iterations,
        "kept": kept,
        "axes": list(axes),
        "still": f"data:image/jpeg;base64,{base64.b64encode(still).decode()}" if still else "",
    }
    keys, obeyed = {entry.key for entry in watched}, f"{key}.obeyed"

    def sent() -> None:
        st.session_state[obeyed] = True
        obey(st.session_state[key].get("event"))

    def obey(value) -> None:
        event = event_of(value, keys)
        if event is not None:
            on_event(event)

    event = mount(key=key, data=data, on_event_change=whole(sent), on_ended_change=lambda: None).get("event")
    # The first click after the server was restarted: nobody was there to hear of it.
    if not st.session_state.pop(obeyed, False) and event:
        obey(event)
        st.rerun()


def told(entry: Watched) -> dict:
    return {
        "key": entry.key,
        "title": entry.title,
        "captions": list(entry.captions),
        "about": entry.about or entry.title,
        "colour": entry.colour,
        "preview": previewed(entry),
    }


def event_of(value, runs: set[str]) -> ViewerEvent | None:
    """What the browser sent, if it makes sense: a run that is shown, a number, a short word."""
    if isinstance(value, dict) and value.get("kind") == "again":
        of = value.get("of", "")
        return ViewerEvent("again", "", of=of) if isinstance(of, str) and len(of) <= LONGEST else None
    if (
        not isinstance(value, dict)
        or value.get("kind") not in KINDS
        or not isinstance(value.get("run"), str)
        or value["run"] not in runs
    ):
        return None
    iteration, remedy, until = value.get("iteration", 0), value.get("remedy", ""), value.get("until", 0)
    if not isinstance(iteration, int) or not isinstance(until, int) or not isinstance(remedy, str) or len(remedy) > 200:
        return None
    return ViewerEvent(value["kind"], value["run"], iteration, remedy, until)
