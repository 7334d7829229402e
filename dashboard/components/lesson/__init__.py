"""The lesson's component: the question of a step, what is to be reached, hints, and the way through the steps.

`show` mounts it and does what is asked for on it. How far the learner's own runs are it asks the lessons' route itself;
it sends no second event before the page is drawn with the turn of the first (parts/queue.js).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from streamlit.components.v2 import component

from dashboard.components import turn
from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_lesson",
    css=assets.style("parts/answers.css", "lesson/lesson.css"),
    js=assets.loader("lesson/lesson.js"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class ShownChoice:
    """An answer that can be given: its index in the lesson, and what became of it where it was given."""

    index: int
    text: str
    right: bool | None = None
    feedback: str = ""


@dataclass(frozen=True)
class ShownEstimate:
    """An answer by a slider; `given` is the one that was given."""

    low: float
    high: float
    within: float
    given: float | None


@dataclass(frozen=True)
class ShownQuestion:
    """
    first  the index of the choice that was given first; None before
    """

    text: str
    choices: tuple[ShownChoice, ...]
    estimate: ShownEstimate | None
    first: int | None


@dataclass(frozen=True)
class ShownStep:
    """A step as its dot: whether it is done."""

    id: str
    title: str
    done: bool


@dataclass(frozen=True)
class Shown:
    """What the component shows.

    door      where it asks how far the learner is; "": there is nothing to ask
    words     what the page itself says, in the lesson's language
    step      the id of the one that is shown
    ids       of the step before, and of the next one; "" where there is none
    covered   whether the picture waits for the answer
    met       whether all checks have been met before
    kept      what the browser keeps of the lesson (components/kept); None where it keeps nothing
    """

    door: str
    words: Mapping[str, str]
    lesson: str
    lang: str
    step: str
    title: str
    steps: tuple[ShownStep, ...]
    before: str
    after: str
    look_for: str
    covered: bool
    question: ShownQuestion | None
    hints: tuple[str, ...]
    met: bool
    kept: Mapping[str, Any] | None

    def data(self) -> dict:
        """As the browser reads it."""
        data = asdict(self)
        return {"files": assets.address(), "lookFor": data.pop("look_for")} | data


@dataclass(frozen=True)
class LessonEvent:
    """What the page has to do.

    kind  "go" (to `step`), "answer" (the choice at `index`), "estimate" (`value` is expected), "hint" (the next one),
          "met" (all checks are), or "reopen" (the server no longer knows the lesson)
    """

    kind: str
    step: str = ""
    index: int = 0
    value: float = 0.0


def show(shown: Shown, *, on_event: Callable[[LessonEvent], None]) -> None:
    """Shows what stands beside the picture.

    on_event  does what was asked for, before the page is drawn
    """

    def obey(value: object) -> bool:
        event = event_of(value, shown)
        if event is not None:
            on_event(event)
        return event is not None

    turn.show(mount, keys.LESSON, keys.LESSON_TURN, shown.data(), obey)


def event_of(value: Any, shown: Shown) -> LessonEvent | None:
    """What the browser sent about the step that is shown, if it makes sense."""
    if not isinstance(value, dict) or value.get("at") != [shown.lesson, shown.step]:
        return None
    kind, question = value.get("kind"), shown.question
    match kind:
        case "go":
            known = {step.id for step in shown.steps} | {shown.before, shown.after} - {""}
            return LessonEvent("go", step=value["step"]) if value.get("step") in known else None
        case "answer":
            index = value.get("index")
            known = {choice.index for choice in question.choices} if question else set()
            return LessonEvent("answer", index=index) if type(index) is int and index in known else None
        case "estimate":
            number, asked = value.get("value"), question.estimate if question else None
            if asked is None or not isinstance(number, int | float) or not asked.low <= number <= asked.high:
                return None
            return LessonEvent("estimate", value=float(number))
        case "hint" | "met" | "reopen":
            return LessonEvent(kind)
    return None
