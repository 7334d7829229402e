"""The routes of the quiz: where somebody is in it, its pictures, and answers, which the server judges.

Nothing that the browser is told before an answer says which one is right: pictures have the names of their places.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actviz_core import ActvizError, DamagedIndex, Index, ModelHandle, quiz
from dashboard.jobs.indexing import SAMPLES
from dashboard.jobs.synthesizing import FAILED, Synthesized
from dashboard.server import quiz_pictures as pictures
from dashboard.server import quiz_results as results
from dashboard.server.classroom import body_of
from dashboard.server.saving import FRESH
from dashboard.server.synthesis import ITERATIONS
from dashboard.state import services
from dashboard.state.quizzing import Quizzing
from dashboard.state.visitors import Visitor, Visitors

NUMBER = re.compile("[0-9]{1,9}")  # of a trial, in an address


def routes(visitors: Visitors, quizzing: Quizzing, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door, base = Door(visitors, quizzing), f"/{base.strip('/')}".rstrip("/")
    return [
        Route(f"{base}/quiz/{{token}}", door.now),
        Route(f"{base}/quiz/{{token}}/{{what}}", door.act, methods=["POST"]),
        Route(f"{base}/quiz/{{token}}/{{number}}/{{slot}}.jpg", door.picture),
    ]


@dataclass(frozen=True, eq=False)
class Room:
    """What a quiz is made with: the network, the index, and the units."""

    model: ModelHandle
    index: Index
    units: tuple[quiz.Unit, ...]
    stamp: str


class NotYet(Exception):
    """There is nothing to ask with; what the browser is told of it."""

    def __init__(self, status: str, **told: object) -> None:
        super().__init__(status)
        self.told = {"status": status, **told}


class Door:
    """Functions where they may take their time: Starlette runs those in threads."""

    def __init__(self, visitors: Visitors, quizzing: Quizzing) -> None:
        self.visitors, self.quizzing = visitors, quizzing

    def now(self, request: Request) -> Response:
        """Where the visitor is; asked for again and again, which keeps the work going that is waited for."""
        return told(self.standing(self.visited(request)))

    async def act(self, request: Request) -> Response:
        """Begins the quiz, answers the trial that is shown, or gives up one that cannot go on."""
        visitor, what = self.visited(request), request.path_params["what"]
        deeds: dict[str, Callable[[Visitor, dict], dict]] = {
            "begin": self.begin,
            "answer": self.answer,
            "anew": self.give_up,
        }
        if what not in deeds:
            raise HTTPException(404)
        return told(await anyio.to_thread.run_sync(deeds[what], visitor, parsed(await body_of(request))))

    def begin(self, visitor: Visitor, asked: dict) -> dict:
        with visitor.lock:
            if self.quizzing.sitting(visitor) is None:
                form = asked.get("form")
                if not isinstance(form, str) or form not in quiz.FORMS:
                    raise HTTPException(400)
                room = self.ready(visitor)
                planned = self.quizzing.planned(visitor, form, room.model.network, room.stamp)
                self.quizzing.keep(visitor, planned)
            return self.standing(visitor)

    def answer(self, visitor: Visitor, asked: dict) -> dict:
        """Of the trial of that number, once; what comes of it is told in practice only."""
        number, answer = asked.get("number"), asked.get("answer")
        with visitor.lock:
            sitting = self.quizzing.sitting(visitor)
            if sitting is None or type(number) is not int or type(answer) is not int:
                raise HTTPException(400)
            if number != len(sitting.answers) or sitting.trial is None:
                raise HTTPException(409)  # another tab, or a click that came twice
            trial, room = sitting.trial, self.ready(visitor)
            if room.stamp != sitting.images:
                raise HTTPException(409)
            try:
                after = sitting.answered(answer)
            except ValueError:
                raise HTTPException(400) from None
            self.quizzing.keep(visitor, after)
            feedback = said(trial, room.units[trial.unit], after.answers[-1]) if trial.kind == quiz.PRACTICE else None
            return {"feedback": feedback, "now": self.standing(visitor)}

    def give_up(self, visitor: Visitor, _asked: dict) -> dict:
        """Only one that cannot go on, or that does not count: nobody else is asked about a unit twice."""
        with visitor.lock:
            told = self.standing(visitor)
            missed = told["status"] == "end" and not told["own"]["counted"]
            if not missed and told["status"] not in ("changed", "gone"):
                raise HTTPException(409)
            self.quizzing.keep(visitor, None)
            return {}

    def picture(self, request: Request) -> Response:
        """One of the trial that is to be answered, or of one before."""
        visitor, told_number, slot = self.visited(request), request.path_params["number"], request.path_params["slot"]
        sitting, number = self.quizzing.sitting(visitor), int(told_number) if NUMBER.fullmatch(told_number) else -1
        if sitting is None or not 0 <= number <= len(sitting.answers) or number >= len(sitting.trials):
            raise HTTPException(404)
        trial, room = sitting.trials[number], self.ready(visitor)
        if slot not in ("left", "right", *pictures.slots(trial)) or room.stamp != sitting.images:
            raise HTTPException(404)
        unit = room.units[trial.unit]
        if slot.endswith(pictures.SYNTHETIC):
            found = pictures.synthesized(visitor, room.model, unit, slot, start=False)
            if found is None or not pictures.is_there(found):
                raise HTTPException(404)
            return Response(found.data, media_type=found.media, headers=FRESH)
        patch = pictures.patch_of(trial, unit, slot)
        try:
            data = pictures.crop(visitor, room.model, room.index, unit, patch)
        except ActvizError:  # DamagedIndex, or a network that is no longer there: the next question tells
            raise HTTPException(404) from None
        return Response(data, media_type="image/jpeg", headers=FRESH)

    def visited(self, request: Request) -> Visitor:
        visitor = self.visitors.get(request.path_params["token"])
        if visitor is None or visitor.state is None:
            raise HTTPException(404)
        return visitor

    def standing(self, visitor: Visitor) -> dict:
        """What the page shows."""
        sitting = self.quizzing.sitting(visitor)
        if sitting is not None and sitting.finished:
            class_ = results.of_class(self.quizzing) if self.quizzing.classroom.of(visitor.token) else []
            mine = [each for each in class_ if each["network"] == sitting.network[0]]
            told = {"own": results.own(sitting), "published": results.published(), "class": mine[0] if mine else None}
            return {"status": "end", "network": sitting.network[0], **told}
        try:
            room = self.room(visitor)
        except NotYet as reason:
            return reason.told
        if sitting is None:
            forms = [[form.name, form.trials, form.minutes] for form in quiz.FORMS.values()]
            planned = self.quizzing.planned(visitor, forms[0][0], room.model.network, room.stamp)
            lacking(visitor, planned.trials, room)  # the first pictures are made while the words are read
            return {"status": "ready", "forms": forms} | about(room)
        if sitting.images != room.stamp:
            return {"status": "changed"} | about(room)
        return asked_of(visitor, sitting, room)

    def ready(self, visitor: Visitor) -> Room:
        """The room; 409 where there is none."""
        try:
            return self.room(visitor)
        except NotYet:
            raise HTTPException(409) from None

    def room(self, visitor: Visitor) -> Room:
        model = services.known_model(*self.quizzing.network(visitor))
        if model is None:
            raise NotYet("gone")
        of = pictures.source()
        indexing = services.indexing(model, of)
        index = indexing.look()
        if index is None or not indexing.complete:
            if indexing.problem:
                raise NotYet("failed", words=indexing.problem)
            raise NotYet("making", fraction=indexing.fraction, counted=indexing.counted)
        try:
            units, stamp = pictures.pool_of(index, pictures.layers_of(model, index), of)
        except quiz.TooFew as problem:
            named = {"about": problem.about, "found": problem.found, "needed": problem.needed}
            raise NotYet("too_few", what=problem.what, **named) from None
        except DamagedIndex:
            indexing.forget()
            raise NotYet("making", fraction=0.0, counted=None) from None
        return Room(model, index, units, stamp)


def asked_of(visitor: Visitor, sitting: quiz.Sitting, room: Room) -> dict:
    """The trial that is next: nothing of its unit, and no catch trial by name; and what is being made meanwhile."""
    number, trial = len(sitting.answers), sitting.trials[len(sitting.answers)]
    left, making = lacking(visitor, sitting.trials[number:], room)
    waits = bool(pictures.missing(visitor, room.model, room.units, (trial,)))
    return {
        "status": "trial",
        "number": number,
        "of": len(sitting.trials),
        "practice": trial.kind == quiz.PRACTICE,
        "practices": len(sitting.length.practice),
        "condition": trial.condition,
        "slots": pictures.slots(trial),
        "waits": waits,
        "missing": left,
        "fraction": making.iteration / ITERATIONS if making else 1.0,
        "failed": making is not None and making.status == FAILED,
        "halted": visitor.halted,
    } | about(room)


def lacking(visitor: Visitor, trials: tuple[quiz.Trial, ...], room: Room) -> tuple[int, Synthesized | None]:
    """How many synthesized pictures these trials lack, and the first of them, which is being made."""
    found = pictures.missing(visitor, room.model, room.units, trials)
    return len(found), pictures.synthesized(visitor, room.model, *found[0], start=True) if found else None


def about(room: Room) -> dict:
    """What is asked about; `cut` from so many photographs, 0: the images of a folder are whole."""
    cut = pictures.photographs(room.index) if pictures.source() == SAMPLES else 0
    return {"network": room.model.name, "images": room.index.about, "count": room.index.images, "cut": cut}


def said(trial: quiz.Trial, unit: quiz.Unit, given: quiz.Given) -> dict:
    """What a practice trial teaches: which one it was, of which unit, and what the unit answers to both."""
    values = {trial.side: unit.high.value, "right" if trial.side == "left" else "left": unit.low.value}
    return {"right": given.right, "side": trial.side, "layer": unit.layer, "channel": unit.channel, "values": values}


def parsed(body: bytes) -> dict:
    """400 for what is no JSON object."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise HTTPException(400)
    return asked


def told(data: dict) -> Response:
    return JSONResponse(data, headers=FRESH)
