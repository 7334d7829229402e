"""What a region of the image is to the network: answers while somebody masks it, the search for the smallest one."""

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from actviz_core import (
    ActvizError,
    DecisionFrame,
    History,
    Predict,
    Prediction,
    Run,
    Touch,
    TurnDecision,
    class_name,
    framing,
    masked,
    samples,
)
from dashboard.server.feed import jpeg
from dashboard.server.saving import FRESH
from dashboard.server.waiting import answered
from dashboard.state import services
from dashboard.state.explaining import Seen
from dashboard.state.visitors import Visitor

LARGEST = 2**20  # bytes of a question: a mask of 2048 x 2048 takes two thirds of that
SHOWN = 5  # classes
SHORT = 20  # letters of a word
SEARCH = "search"  # the name of its run
CALM = 1.0  # seconds after an answer, until the maps go on
PATCH = "gravel"  # whose pixels stand in for a region: like a photograph's, and of no object


@dataclass(frozen=True, eq=False)
class Touched:
    """What was answered last: of which view, with how much of it masked, and what the network said."""

    version: str
    share: float
    prediction: Prediction


LAST: WeakKeyDictionary[Visitor, Touched] = WeakKeyDictionary()


class Refused(Exception):
    """A question that makes no sense, in a sentence."""


async def question(request: Request) -> dict[str, Any]:
    """The JSON of a body that is not too large."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                raise Refused(f"The question has more than {LARGEST:,} bytes.")
    except ClientDisconnect:
        raise Refused("The question was not sent whole.") from None
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Refused("The question is not JSON as the page sends it.")
    return asked


def fill_of(asked: dict[str, Any]) -> Any:
    """What a region is filled with; of words that are none the network's owner says so."""
    fill = asked.get("fill", "grey")
    if not isinstance(fill, str):
        raise Refused("What a region is filled with is a word.")
    return fill[:SHORT]


def mask_of(asked: dict[str, Any], size: tuple[int, int]) -> np.ndarray:
    """bool [h, w] from base64 of packed bits, row by row, the first pixel in the highest bit."""
    height, width = size
    text = asked.get("mask")
    try:
        packed = base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (binascii.Error, ValueError):
        packed = b""
    if len(packed) != -(-height * width // 8):
        raise Refused(f"The mask is not one of {height} x {width} pixels.")
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=height * width)
    return bits.reshape(height, width).astype(bool)


def packed(mask: np.ndarray | None) -> str:
    """The same back; "" where nothing is masked."""
    return base64.b64encode(np.packbits(mask).tobytes()).decode() if mask is not None and mask.any() else ""


def patch_of(fill: str, size: tuple[int, int]) -> np.ndarray | None:
    """The other image whose pixels are put in place of a region's."""
    if fill != "patch":
        return None
    image = samples.sample(PATCH)
    return framing.framed(image, framing.whole(image.shape[0], image.shape[1], size), size)


def seen_by(visitor: Visitor) -> Seen:
    """What the network sees of the visitor's image."""
    if visitor.state.image is None or visitor.state.seen is None:
        raise Refused("There is no image to mask: choose one first.")
    return visitor.state.seen


class Touching:
    """The answers to masks, one at a time for each visitor."""

    def __init__(self) -> None:
        self.busy: set[str] = set()

    @asynccontextmanager
    async def turn(self, token: str) -> AsyncIterator[None]:
        if token in self.busy:
            raise HTTPException(429)
        self.busy.add(token)
        try:
            yield
        finally:
            self.busy.discard(token)

    async def touch(self, request: Request, visitor: Visitor) -> Response:
        async with self.turn(visitor.token):
            try:
                asked = await question(request)
                visitor.draw(CALM)
                return JSONResponse(await self.told(asked, visitor), headers=FRESH)
            except (Refused, ActvizError) as problem:
                return refusal(problem)
            finally:
                asyncio.get_running_loop().call_later(CALM, visitor.settle)

    async def told(self, asked: dict[str, Any], visitor: Visitor) -> dict:
        seen, objective = seen_by(visitor), visitor.state.explained
        fill, network = fill_of(asked), seen.view.network
        mask, patch = mask_of(asked, seen.view.size), patch_of(fill, seen.view.size)
        after: Prediction = await answered(Touch(network, seen.pixels, mask, fill, objective, patch), visitor.token)
        LAST[visitor] = Touched(seen.view.version, float(mask.mean()), after)
        before = known_score(visitor)
        if before is None and objective is not None:
            before = (await answered(Predict(network, seen.pixels, objective), visitor.token)).score
        told = {"score": after.score, "before": before, "classes": changes(seen, after)}
        if asked.get("picture") is True:
            covered = jpeg(masked(seen.pixels, mask, fill, patch))
            told["picture"] = base64.b64encode(covered).decode()
        return told


def known_score(visitor: Visitor) -> float | None:
    """What is explained, of the picture without a mask, as far as a map has it."""
    of_it = (entry for entry in list(visitor.mapped.values()) if entry.asked.objective == visitor.state.explained)
    return next((maps.score[0] for entry in of_it if (maps := entry.maps) is not None), None)


def changes(seen: Seen, after: Prediction) -> list:
    """The likeliest classes before and now: index, name, probability now, and before."""
    known = services.known_model(*seen.view.network)
    labels = known.labels if known else ()
    before = seen.prediction.probabilities
    shown = dict.fromkeys((*seen.prediction.ranked[:SHOWN], *after.ranked[:SHOWN]))
    return [[i, class_name(i, labels), float(after.probabilities[i]), float(before[i])] for i in shown]


def refusal(problem: Exception) -> Response:
    text = str(problem)
    return JSONResponse({"error": text[:1].upper() + text[1:]}, 400, headers=FRESH)


# the smallest region that turns the decision


async def start_search(request: Request, visitor: Visitor) -> Response:
    """In place of the one before."""
    try:
        fill, seen = fill_of(await question(request)), seen_by(visitor)
        patch, label, against = patch_of(fill, seen.view.size), None, None
        masked(seen.pixels, np.zeros(seen.view.size, bool), fill, patch)  # refuses words that are no fill
        explanation = visitor.state.explanation
        if len(seen.prediction.probabilities) and not explanation.target:
            label, against = explanation.classes(seen.prediction)
    except (Refused, ActvizError) as problem:
        return refusal(problem)
    work = TurnDecision(seen.view.network, seen.pixels, fill, label, against, patch)
    run = Run.of(work, float("inf"), History(0, 0))
    visitor.set_aside(SEARCH, run)
    services.scheduler().start(run)
    return JSONResponse({}, headers=FRESH)


def search_news(run: Run, network: tuple[str, str]) -> dict:
    """How far it is, and the smallest region so far."""
    status, frame = run.status, run.newest  # in this order: what is finished has its last region
    told = {"step": frame.iteration if frame else 0, "status": status, "error": run.error}
    if not isinstance(frame, DecisionFrame):
        return told | {"mask": "", "share": 0, "class": None, "words": ""}
    mask, said = packed(frame.mask), frame.prediction
    answer = said_of(said, network) if mask and said is not None else None
    return told | {"mask": mask, "share": frame.share, "class": answer, "words": frame.words}


def said_of(prediction: Prediction, network: tuple[str, str]) -> list:
    """The likeliest class: index, name, probability."""
    known, first = services.known_model(*network), prediction.ranked[0]
    return [first, class_name(first, known.labels if known else ()), float(prediction.probabilities[first])]
