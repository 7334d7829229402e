"""What this browser keeps of lessons, offered where the visitor has not done it: to go on with it, or to forget it.

`show` mounts it. Nothing of what is kept is known to the server before somebody wants to go on.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from streamlit.components.v2 import component

from dashboard.components import turn
from dashboard.components.tab import token_of
from dashboard.server import assets
from dashboard.state import keys
from dashboard.state.learning import END
from dashboard.state.links import NAME
from dashboard.state.member import Noted

MOST = 100  # lessons

mount = component(
    "actviz_kept", css=assets.style("kept/kept.css"), js=assets.loader("kept/kept.js"), isolate_styles=False
)


@dataclass(frozen=True)
class ShownLesson:
    """A lesson that one can go on with: its titles by language, its steps, and those at which something was done."""

    titles: Mapping[str, str]
    steps: tuple[str, ...]
    begun: tuple[str, ...]


@dataclass(frozen=True)
class KeptEvent:
    """Somebody goes on with these lessons, the one looked at last at the end, as the visitor of that token if it is."""

    token: str
    lessons: tuple[Noted, ...]


def show(
    lessons: Mapping[str, ShownLesson],
    words: Mapping[str, Mapping[str, str]],
    on_event: Callable[[KeptEvent], None],
) -> None:
    """Offers what the browser keeps of these lessons, by name, in the words of each language."""

    def obey(value: object) -> bool:
        event = event_of(value)
        if event is not None:
            on_event(event)
        return event is not None

    told = {name: asdict(lesson) for name, lesson in lessons.items()}
    data = {"files": assets.address(), "lessons": told, "words": {lang: dict(said) for lang, said in words.items()}}
    turn.show(mount, keys.KEPT, keys.KEPT_TURN, data, obey)


def event_of(value: object) -> KeptEvent | None:
    """What the browser sent, if it makes sense: it may be anybody's, so it is held to what is kept of a lesson."""
    lessons = value.get("lessons") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(lessons, list) or not 0 < len(lessons) <= MOST:
        return None
    noted = [noted_of(lesson) for lesson in lessons]
    return KeptEvent(token_of(value.get("token")), tuple(each for each in noted if each)) if all(noted) else None


def noted_of(value: object) -> Noted | None:
    """A lesson as the browser keeps it; None for what is none."""
    match value:
        case {"lesson": str(lesson), "lang": str(lang), "step": str(step), "kept": str(kept)}:
            pass
        case _:
            return None
    if not (NAME.fullmatch(lesson) and NAME.fullmatch(lang) and (step == END or NAME.fullmatch(step))):
        return None
    try:
        return Noted(lesson, lang, step, kept=kept)
    except ValueError:
        return None
