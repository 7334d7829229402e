"""The route of a visitor's report: what he has on Explore and Compare, what he did of each lesson, and of the quiz,
as one page.

It is made of what is kept, not of what happened, so nothing is lost by a reload.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from math import inf

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actviz_core import ActvizError, Chapter, Exhibit, Recipe, Step, export, report
from dashboard.jobs.exports import Exports, Order
from dashboard.server import saving
from dashboard.server.lessons import ANSWERS
from dashboard.server.report_quiz import quizzed
from dashboard.server.saves import stamped
from dashboard.server.saving import Saved
from dashboard.state.courses import COURSES
from dashboard.state.learning import Tried
from dashboard.state.left import Left
from dashboard.state.visitors import Visitor, Visitors
from dashboard.state.watched import Watched
from dashboard.words.labels import full
from dashboard.words.lessons import spelled, unmarked, words

MOST = 60  # pictures of a report; more are counted

VERDICTS = {True: "right", False: "wrong"}
Check = Callable[[], None]
Said = Mapping[str, str]


def routes(visitors: Visitors, exports: Exports, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""

    async def answer(request: Request) -> Response:
        visitor = visitors.get(request.path_params["token"])
        if visitor is None or visitor.state is None:
            raise HTTPException(404)
        order = Order((visitor.token, "report"), time.monotonic(), lambda check: report_of(visitor, check))
        name = saving.file_name(words(visitor.state.learning.lang)["report_title"].lower(), "html")
        return await saving.answer(request, exports, Saved(name, "text/html; charset=utf-8", order))

    return [Route(f"/{base.strip('/')}".rstrip("/") + "/report/{token}/my-work.html", answer)]


def address(visitor: Visitor, base: str) -> str:
    """Where a visitor's report is."""
    return f"{base}/report/{visitor.token}/my-work.html"


def report_of(visitor: Visitor, check: Check) -> bytes:
    """The page; `check` is called before each picture, and may end it."""
    state = visitor.state
    said = words(state.learning.lang)
    chapters = [
        *looked_at("Explore", visitor, [state.run], said, check),
        *looked_at("Compare", visitor, state.board, said, check),
        *(chapter for name in state.learning.places for chapter in learned(visitor, name, check)),
        *quizzed(visitor, state.learning.lang),
    ]
    made = f"{time.strftime('%Y-%m-%d %H:%M')} · actviz"
    titles = {"recipe": said["report_recipe"], "score": said["report_score"], "gone": said["report_gone"]}
    return report(said["report_title"], made, state.learning.lang, list(bounded(chapters)), titles)


def bounded(chapters: Iterable[Chapter]) -> Iterator[Chapter]:
    """With no more pictures than a report has."""
    left = MOST
    for chapter in chapters:
        yield Chapter(chapter.title, chapter.lines, chapter.exhibits[:left])
        left -= len(chapter.exhibits[:left])


def looked_at(title: str, visitor: Visitor, runs: Iterable[str], said: Said, check: Check) -> Iterator[Chapter]:
    """A page's runs that have a picture."""
    entries = [entry for key in runs if (entry := visitor.get(key)) is not None]
    exhibits = tuple(exhibit for entry in entries if (exhibit := exhibit_of(entry, entry.title, said, check)))
    if exhibits:
        yield Chapter(title, exhibits=exhibits)


def learned(visitor: Visitor, name: str, check: Check) -> Iterator[Chapter]:
    """A lesson, step by step, as far as something was done; nothing where the lesson is no longer taught.

    What is not the lesson's own is said in the reader's language, which the lesson may not have.
    """
    learning = visitor.state.learning
    said = words(learning.lang)
    try:
        lesson = COURSES.lesson(name, learning.lang)
    except ActvizError:
        return
    for step in lesson.steps:
        tried = learning.at((name, step.id))
        if tried.opened:
            yield Chapter(
                f"{lesson.title}: {step.title}",
                tuple(lines_of(step, tried, said)),
                shown(visitor, step, tried, said, check),
            )


def lines_of(step: Step, tried: Tried, said: Said) -> Iterator[tuple[str, str]]:
    """What was asked and answered, and what was to be reached."""
    question, verdicts = step.question, {right: said[word].rstrip(".") for right, word in VERDICTS.items()}
    if question and tried.choices:
        given = [question.choices[index] for index in tried.choices if index < len(question.choices)]
        answers = [f"{unmarked(choice.text)} ({verdicts[choice.right]})" for choice in given]
        yield unmarked(question.text), "; ".join(answers)
    elif question and tried.estimate is not None:
        yield unmarked(question.text), spelled(tried.estimate, "g", said)
    if any(check.measure.name not in ANSWERS for check in step.checks):  # the question tells of the others
        yield said["report_task"], said["report_met" if tried.met else "report_not_met"]


def shown(visitor: Visitor, step: Step, tried: Tried, said: Said, check: Check) -> tuple[Exhibit, ...]:
    """The pictures of a step, called as beside it; of runs that are no longer kept what is left."""
    entries = [visitor.get(key) for key in tried.runs]
    return tuple(
        (entry and exhibit_of(entry, run.title or entry.title, said, check))
        or forgotten(recipe, run.title, left or Left(), said)
        for run, entry, recipe, left in zip_longest(step.runs, entries, tried.recipes, tried.left)
        if run is not None and recipe is not None
    )


def exhibit_of(entry: Watched, title: str, said: Said, check: Check) -> Exhibit | None:
    """None where it has no picture yet."""
    check()
    frame, run = entry.run.newest, entry.run
    if frame is None:
        return None
    recipe = stamped(entry)
    scores = [sum(point.score) / len(point.score) for point in list(run.history.points)]
    told = told_of(frame.iteration, run.iterations, scores, said)
    return Exhibit(title, told, export.png(frame.images, recipe), scores, recipe.to_json())


def forgotten(recipe: Recipe, title: str, left: Left, said: Said) -> Exhibit:
    """Of a run that is no longer kept, with the picture that it left, where it left one."""
    told = [told_of(left.iteration, left.iterations, left.scores, said), said["report_small"] if left.picture else ""]
    return Exhibit(title or full(recipe), " · ".join(filter(None, told)), left.picture, left.scores, recipe.to_json())


def told_of(iteration: int, iterations: float, scores: Sequence[float], said: Said) -> str:
    """How far it came, of how much where that has an end, and its score."""
    far = f"{iteration} / {iterations:.0f}" if iterations < inf else f"{iteration}"
    return f"{far}: {spelled(scores[-1], '.4g', said)}" if scores else ""
