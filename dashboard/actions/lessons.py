"""What a visitor does in lessons: opens one, answers, moves on; and the runs of the step that is shown."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from actviz_core import MOST_CHANGES, Lesson, Recipe, Step, alike, choose, together
from dashboard.actions import arrival, board, runs
from dashboard.actions.opened import still
from dashboard.components.gallery import GalleryEvent
from dashboard.components.lesson import LessonEvent
from dashboard.components.viewer.events import ViewerEvent
from dashboard.server import lessons
from dashboard.state import page_state, services, session
from dashboard.state.allowance import allowance
from dashboard.state.classroom import CLASSROOM
from dashboard.state.courses import COURSES
from dashboard.state.learning import END, Place, Tried
from dashboard.state.watched import Watched
from dashboard.words.changes import describe_change
from dashboard.words.labels import full
from dashboard.words.lessons import words
from dashboard.words.terms import titled

PAUSE = 1.0  # seconds between two answers, so that nobody tries them all without reading


@dataclass(frozen=True)
class Opened:
    """What is shown: a lesson in a language, the steps that it has here, and one of them; None is its end."""

    lesson: Lesson
    steps: tuple[Step, ...]
    step: Step | None

    @property
    def place(self) -> Place:
        return self.lesson.name, self.step.id if self.step else END

    @property
    def number(self) -> int:
        """Of the step, from 0; past the last one at the end."""
        return self.steps.index(self.step) if self.step else len(self.steps)

    def beside(self, by: int) -> str | None:
        """The id of the step so many further on, END after the last; None where there is nothing."""
        ids = [step.id for step in self.steps] + [END]
        at = self.number + by
        return ids[at] if 0 <= at < len(ids) else None


def opened() -> Opened | None:
    """What is shown, None for the list; a lesson that was not begun is, at its first step.

    ActvizError where the visitor's lesson or step is not there.
    """
    learning = session.learning()
    name, at = learning.place
    if not name:
        return None
    lesson = COURSES.lesson(name, learning.lang)
    steps = steps_of(lesson)
    if at == END:
        return Opened(lesson, steps, None)
    step = lesson.step(at) if at else steps[0]
    shown = Opened(lesson, steps, step if step in steps else steps[0])
    if shown.place != learning.place:
        session.learn(learning.opened(*shown.place))
    return shown


def steps_of(lesson: Lesson) -> tuple[Step, ...]:
    """Those that are shown here: some are for a class only, some for home."""
    other = "home" if CLASSROOM.of(session.visitor().token) else "class"
    return tuple(step for step in lesson.steps if step.only != other)


def open_step(lesson: str, step: str = "") -> None:
    """That lesson is open, at that step or where one left it; ActvizError where there is no such lesson or step."""
    found = COURSES.lesson(lesson, session.learning().lang)
    if step not in ("", END):
        found.step(step)
    session.learn(session.learning().opened(lesson, step))


def enter(lesson: str) -> None:
    """That lesson is open where one left it; at its beginning after its end. What was done of it stays."""
    open_step(lesson)
    if session.learning().place[1] == END:
        found = COURSES.lesson(lesson, session.learning().lang)
        open_step(lesson, steps_of(found)[0].id)


def show_list() -> None:
    session.learn(session.learning().closed())


def open_quiz() -> None:
    session.learn(session.learning().in_quiz())


def speak(lang: str) -> None:
    """Lessons are read in that language, where they have it."""
    session.learn(replace(session.learning(), lang=lang))


# what is done at a step


def note(place: Place, **changes: object) -> None:
    learning = session.learning()
    session.learn(learning.with_tried(place, replace(learning.at(place), **changes)))


def obey(shown: Opened, event: LessonEvent) -> None:
    """What was asked for beside the picture."""
    step, tried = shown.step, session.learning().at(shown.place)
    match event.kind:
        case "go":
            open_step(shown.lesson.name, event.step)
        case "answer" if step:
            answer(shown.place, step, tried, event.index)
        case "estimate" if step and step.question and step.question.estimate and tried.estimate is None:
            note(shown.place, estimate=event.value)
        case "hint" if step:
            note(shown.place, hints=min(tried.hints + 1, len(step.hints)))
        case "met" if step and lessons.progress(session.visitor(), step, tried)["met"]:
            note(shown.place, met=True)


def hear(shown: Opened, event: ViewerEvent) -> None:
    """What was asked for on the picture: to begin once more where the server has forgotten the runs."""
    if event.kind == "again" and shown.step:
        renew(shown.place, session.learning().at(shown.place).recipes)


def hear_gallery(shown: Opened, event: GalleryEvent) -> None:
    """A click on another channel of the layer."""
    if event.kind == "chosen":
        pick(shown, event.channel)


def pick(shown: Opened, channel: int) -> None:
    """A channel was chosen beside the picture; it counts where the step lets one choose."""
    if shown.step and "channel" in shown.step.show:
        note(shown.place, picked=session.learning().at(shown.place).picked + 1)
        choose_for(shown, "channel", channel)


def answer(place: Place, step: Step, tried: Tried, index: int) -> None:
    """One of the choices, unless the last was only just given, or was right."""
    choices = step.question.choices if step.question else ()
    now = time.monotonic()
    if index >= len(choices) or index in tried.choices or now - tried.answered < PAUSE:
        return
    if not any(choices[given].right for given in tried.choices):
        note(place, choices=(*tried.choices, index), answered=now)


def is_done(step: Step, tried: Tried) -> bool:
    """Whether the question is answered, and all checks have been met."""
    return bool(tried.opened) and is_answered(step, tried) and (tried.met or not step.checks)


def is_answered(step: Step, tried: Tried) -> bool:
    """Whether the question, if there is one, is answered rightly or estimated."""
    rightly = any(step.question.choices[index].right for index in tried.choices) if step.question else True
    return rightly or tried.estimate is not None


# its runs


def follow(shown: Opened) -> list[Watched]:
    """The runs of the step that is shown: they begin with it, and once more where they are no longer kept."""
    step, tried = shown.step, session.learning().at(shown.place)
    if step is None:
        return []
    if not tried.opened:
        note(shown.place, opened=time.monotonic())
    entries = session.entries(tried.runs)
    if len(entries) < len(step.runs):
        return begin(shown.place, step, tried.recipes or tuple(run.recipe for run in step.runs))
    return entries


def begin(place: Place, step: Step, recipes: Sequence[Recipe]) -> list[Watched]:
    """Starts the runs of a step in step, in place of those before."""
    board.end(session.entries(session.learning().at(place).runs))
    uphill, of = "gradient" in step.panels, len(recipes)
    entries = [board.begun(recipe, number, of, allowance().step, uphill) for number, recipe in enumerate(recipes)]
    for number, (entry, run) in enumerate(zip(entries, step.runs, strict=True)):
        name(entry, run.title, step.lang)
        entry.colour, entry.evaluate = number, None
    starts = session.learning().at(place).starts + 1
    note(place, runs=tuple(entry.key for entry in entries), recipes=tuple(recipes), left=(), starts=starts)
    services.scheduler().start_team([entry.run for entry in entries], together, alike=alike(recipes))
    return entries


def name(entry: Watched, title: str, lang: str) -> None:
    """A run is called as the lesson does, or else by its target, and its changes are told in the lesson's language."""
    what = titled(full(entry.recipe()), lang)
    entry.title = title or what
    entry.captions, entry.about = (entry.title,), f"{what}{words(lang)['colon']} {title}" if title else what
    entry.describe_mark = partial(describe_change, lang=lang)


def renew(place: Place, recipes: Sequence[Recipe]) -> None:
    """Ends the runs of a step; the drawing that follows begins them with these recipes.

    A callback would draw how a network is loaded above the page, and move all that stands there.
    """
    board.end(session.entries(session.learning().at(place).runs))
    note(place, recipes=tuple(recipes), left=(), runs=())


def set_number(shown: Opened, address: str, value: object) -> None:
    """One number of the runs that controls act on; they begin anew with it if the step says so, or all are over."""
    step, tried = shown.step, session.learning().at(shown.place)
    if step is None:
        return
    entries = session.entries(tried.runs)
    # None are there where the number before has ended them and no drawing has begun them anew yet.
    steered = [entries[number] for number in step.steers] if len(entries) == len(step.runs) else []
    anew = step.anew or all(entry.run.ended for entry in steered)
    for entry in steered if not anew else ():
        runs.check_log(entry, MOST_CHANGES)
    recipes = [
        Recipe(recipe.spec, recipe.final.with_value(address, value)) if number in step.steers else recipe
        for number, recipe in enumerate(tried.recipes)
    ]
    if anew:
        renew(shown.place, recipes)
        return
    note(shown.place, recipes=tuple(recipes))
    for number, entry in zip(step.steers, steered, strict=True):
        entry.run.update(recipes[number].final)


def choose_by_control(shown: Opened, picked: int, name: str, value: object) -> None:
    """What a control says that was drawn after so many channels were picked beside it.

    The browser speaks of it until the page is drawn that has another one in its place, and Streamlit then takes the
    choice of before for a new one.
    """
    if picked == session.learning().at(shown.place).picked:
        choose_for(shown, name, value)


def choose_for(shown: Opened, name: str, value: object) -> None:
    """Another channel, layer, class, seed or preset: all runs of the step begin anew."""
    step, tried = shown.step, session.learning().at(shown.place)
    if step is None:
        return
    recipes = list(tried.recipes)
    for number in step.steers:
        spec = recipes[number].spec
        model = services.model(spec.model, spec.weights)
        recipes[number] = choose(recipes[number], {name: value}, model)
        for objective in recipes[number].spec.objectives:
            objective.checked(model, spec.height, spec.width)
    renew(shown.place, recipes)


def open_in_explore(place: Place, title: str) -> None:
    """The learner's own last settings, where every number can be changed, and the picture that they made."""
    tried = session.learning().at(place)
    recipe, entry = tried.recipes[-1], session.visitor().get(tried.runs[-1]) if tried.runs else None
    frame = entry.run.newest if entry and runs.is_made_with(entry, recipe) else None
    picture = still(frame.images[0]) if frame else b""
    session.set_recipe(recipe)
    session.show_opened(page_state.Opened(f"the lesson “{title}”", recipe, picture))
    arrival.leave("learn")
