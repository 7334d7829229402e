"""The newcomer: who has done nothing here yet, and what is said to him once."""

from dataclasses import replace

from dashboard.state import keys, session
from dashboard.state.watched import Watched
from dashboard.state.welcome import Welcome

TIPS = {
    "chart": "Click another block of the strip above: a picture of that block begins to form.",
    "slider": "Move a slider while it runs, under Regularization or Transforms: the picture follows.",
    "save": "Save keeps the picture with all that makes it again, or copies a link that does.",
}


def is_untouched() -> bool:
    """Whether nothing has been set, opened or started yet, by address or by hand."""
    return replace(session.state(), closed=()) == session.untouched() and not came_by_link()


def came_by_link() -> bool:
    return bool(keys.GIVEN.get())


def is_welcome(entry: Watched) -> bool:
    """Whether this is the run that began by itself."""
    return entry.key == session.visitor().welcome.key


def tips() -> dict[str, str]:
    """What may be tried next, by name: none that was closed, and none for who came by a link."""
    if came_by_link() or not Welcome.switched_on:
        return {}
    return {name: text for name, text in TIPS.items() if name not in session.state().closed}


def close(names: object) -> None:
    """These tips, closed or followed, never come back; what names none is not heard."""
    if isinstance(names, list):
        closed = session.state().closed
        session.change(closed=tuple(name for name in TIPS if name in closed or name in names))
