"""The routes of lessons: how far the learner's own work at a step is, asked for twice a second by the page itself."""

import time

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actviz_core import (
    ActvizError,
    ChannelGains,
    ImageWork,
    Recipe,
    Step,
    Work,
    find_gained,
    kind,
    parse_measure,
    work_of,
)
from dashboard.server import lesson_numbers, touching
from dashboard.server.feed import encode
from dashboard.server.saving import FRESH
from dashboard.state import services
from dashboard.state.courses import COURSES
from dashboard.state.learning import Tried
from dashboard.state.visitors import Visitor, Visitors
from dashboard.state.watched import Watched

ANSWERS = ("answered", "right")  # checks of what was answered


def routes(visitors: Visitors, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door, base = Door(visitors), f"/{base.strip('/')}".rstrip("/")
    return [
        Route(f"{base}/lessons/{{token}}/progress", door.progress),
        Route(f"{base}/lessons/{{token}}/numbers", door.numbers),
        Route(f"{base}/lessons/{{token}}/gradient/{{run}}.png", door.gradient),
    ]


class Door:
    """Functions where they may take their time: Starlette runs those in threads."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors = visitors

    def progress(self, request: Request) -> Response:
        """Of the step that the visitor is at; 404 where that is none that this server knows."""
        visitor, step, tried = self.shown(request)
        return Response(encode(progress(visitor, step, tried)), media_type="application/json", headers=FRESH)

    def numbers(self, request: Request) -> Response:
        """What the panels beside the picture say of the step's runs; nothing while the picture is covered."""
        visitor, step, tried = self.shown(request)
        entries = [] if is_covered(step, tried) else entries_of(visitor, tried)
        told = {"step": step.id, "runs": [lesson_numbers.told(entry, "numbers" in step.panels) for entry in entries]}
        return Response(encode(told), media_type="application/json", headers=FRESH)

    def gradient(self, request: Request) -> Response:
        """The newest gradient of a run, as an image."""
        visitor, step, tried = self.shown(request)
        run = request.path_params["run"]
        entry = visitor.get(run) if run in tried.runs and not is_covered(step, tried) else None
        frame = entry.run.newest if entry else None
        if frame is None or frame.uphill is None:
            raise HTTPException(404)
        return Response(lesson_numbers.png(frame.uphill[0]), media_type="image/png", headers=FRESH)

    def shown(self, request: Request) -> tuple[Visitor, Step, Tried]:
        """Who asks, at which step, and what was done there; 404 where there is none that this server knows."""
        visitor = self.visitors.get(request.path_params["token"])
        if visitor is None or visitor.state is None:
            raise HTTPException(404)
        learning = visitor.state.learning
        try:
            step = COURSES.lesson(learning.lesson, learning.lang).step(learning.place[1])
        except ActvizError:
            raise HTTPException(404) from None
        return visitor, step, learning.tried


def progress(visitor: Visitor, step: Step, tried: Tried) -> dict:
    """What the checks say, whether all are met, whether a hint is offered, and what an estimate is compared with.

    Nothing of it is told while the picture is covered. What is said of an answer stands beside that.
    """
    work = work_so_far(visitor, step, tried)
    shown = not is_covered(step, tried)
    verdicts = {check: check.judge(work, step.lang) for check in step.checks} if shown else {}
    asked = step.question.estimate if step.question and shown else None
    of = parse_measure(asked.of) if asked else None
    return {
        "step": step.id,
        "checks": [[told.said, told.met] for check, told in verdicts.items() if check.measure.name not in ANSWERS],
        "met": bool(verdicts) and all(verdict.met for verdict in verdicts.values()),
        "hint": offers_hint(step, tried),
        "now": work.number(of.name, of.run) if of else None,
        "ended": ended(entries_of(visitor, tried)),
    }


def is_covered(step: Step, tried: Tried) -> bool:
    """Whether the picture is not shown before the learner has predicted."""
    return step.predict and step.question is not None and not tried.predicted


def offers_hint(step: Step, tried: Tried) -> bool:
    """After so many wrong answers or seconds; one that was asked for leaves the next to be asked for."""
    choices = step.question.choices if step.question else ()
    wrong = sum(not choices[index].right for index in tried.choices)
    late = time.monotonic() - tried.opened >= step.after.seconds
    return tried.hints < len(step.hints) and (wrong >= step.after.tries or late)


def entries_of(visitor: Visitor, tried: Tried) -> list[Watched]:
    return [entry for key in tried.runs if (entry := visitor.get(key)) is not None]


def ended(entries: list[Watched]) -> bool:
    return bool(entries) and all(entry.run.ended for entry in entries)


def work_so_far(visitor: Visitor, step: Step, tried: Tried) -> Work:
    """All that the checks of a step may look at."""
    entries = entries_of(visitor, tried)
    return work_of(
        step,
        [(by_now(entry), entry.run.newest) for entry in entries],
        tries=max(1, tried.starts),
        answered=tried.choices[-1] if tried.choices else None,
        estimate=tried.estimate,
        labels=labels_of(tried),
        image=image_so_far(visitor) if step.image else None,
        gains=gains_so_far(step, tried),
    )


def gains_so_far(step: Step, tried: Tried) -> ChannelGains | None:
    """What the channels gained among which the learner chooses, once its panel has shown that."""
    recipes = [tried.recipes[number] for number in step.steers if number < len(tried.recipes)]
    question = find_gained(step, recipes[0]) if recipes else None
    return services.door().known(question) if question else None


def image_so_far(visitor: Visitor) -> ImageWork:
    """What became of the step's image: what the network says with the region masked that is masked now."""
    state = visitor.state
    if state.lent is None or state.seen is None:
        return ImageWork()
    seen, touched = state.seen, touching.LAST.get(visitor)
    known = touched if touched and touched.version == seen.view.version else None
    said = known.prediction if known else seen.prediction
    label, _ = state.explanation.classes(seen.prediction)
    model, first = services.known_model(*seen.view.network), said.ranked[0]
    return ImageWork(
        masked=known.share if known else 0.0,
        probability=float(said.probabilities[label]),
        says=model.labels[first] if model and first < len(model.labels) else str(first),
        methods=tuple(kind(type(choice.method)) for choice in state.explanation.maps),
    )


def by_now(entry: Watched) -> Recipe:
    """What a run was and is set to, with a change that it has not obeyed yet."""
    recipe, wish = entry.recipe(), entry.run.hyperparams
    return recipe if wish in (None, recipe.final) else recipe.until(entry.run.iteration, wish)


def labels_of(tried: Tried) -> tuple[str, ...]:
    """The classes of the first run's network, where that is known."""
    spec = tried.recipes[0].spec if tried.recipes else None
    model = services.known_model(spec.model, spec.weights) if spec else None
    return tuple(model.labels) if model else ()
