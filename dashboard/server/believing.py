"""Whether a map can be believed: tests of it that somebody asks for, and what they have found so far."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actviz_core import (
    AgreementFrame,
    CascadeFrame,
    CascadeStage,
    Curves,
    DeletionFrame,
    History,
    Maps,
    MeasureAgreement,
    MeasureDeletion,
    Randomize,
    Run,
    variants,
)
from dashboard.server.saving import FRESH
from dashboard.state import services
from dashboard.state.mapped import Mapped
from dashboard.state.visitors import Visitor

LARGEST = 56  # cells a side, of a map in the strip
TOP = 127  # the byte of a map's largest value
TRAINED = "as trained"
DEAR = 400  # passes of a map whose whole cascade would take many minutes
EVIDENCE, TESTS = "evidence", ("deletion", "agreement", "cascade")
NOTE = (
    "SRG, the symmetric relevance gain: places are covered one after the other, once those first that the map marks "
    "least, and once those that it marks most; it is by how much the curve is higher on average in the first case. "
    "Of a probability it is -1 to 1; 0 is what chance gives, and the higher, the better. A rank correlation is 1 where "
    "two maps put all places in the same order, 0 where they have nothing in common, -1 where it is reversed. "
    "A failed test is evidence, a passed one is no proof (Adebayo et al. 2018, Binder et al. 2023)."
)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The runs that test one map, each in its own way.

    signed  whether values of the map below zero are evidence against
    """

    runs: tuple[Run, ...]
    signed: bool

    @property
    def step(self) -> int:
        """Changes with every frame of every run."""
        return sum(run.iteration for run in self.runs)

    @property
    def status(self) -> str:
        """Of all together: running while one of them is; failed where none has come to its end."""
        found = {run.status for run in self.runs}
        for status in ("running", "waiting", "paused", "finished", "failed"):
            if status in found:
                return status
        return "cancelled"

    @property
    def error(self) -> str:
        """The sentences of all that failed."""
        return " ".join(run.error for run in self.runs if run.error)


def start(visitor: Visitor, key: str) -> Response:
    """Tests the map of that key, in place of tests that are going on."""
    entry, seen = visitor.mapped.get(key), visitor.state.seen
    if entry is None:
        raise HTTPException(404)
    if entry.maps is None or seen is None or seen.view != entry.asked.view:
        return JSONResponse({"error": "There is no map to be tested yet."}, 400, headers=FRESH)
    end_others(visitor, key)
    for name, work in works(entry, entry.maps, seen.pixels).items():
        run = Run.of(work, float("inf"), History(0, 0))
        visitor.set_aside(named(name, key), run)
        services.scheduler().start(run)
    return JSONResponse({}, headers=FRESH)


def named(what: str, key: str) -> str:
    """What a test's run is called."""
    return f"{EVIDENCE}.{what}.{key}"


def is_begun(visitor: Visitor, key: str) -> bool:
    """Whether that map has been tested."""
    return any(named(what, key) in visitor.aside for what in TESTS)


def end_others(visitor: Visitor, key: str) -> None:
    """Tests of this map are forgotten, and those of maps that are gone; others end with what they have found."""
    for name, run in list(visitor.aside.items()):
        kind, _, whose = name.rpartition(".")
        if not kind.startswith(EVIDENCE):
            continue
        if whose == key or whose not in visitor.mapped:
            visitor.set_aside(name, None)
        else:
            run.cancel()


def works(entry: Mapped, maps: Maps, pixels: np.ndarray) -> dict[str, Any]:
    """The tests by name, the quickest first; one that the method has nothing for is left out."""
    asked = entry.asked
    of_it = asked.view.network, pixels, asked.objective
    found: dict[str, Any] = {"deletion": MeasureDeletion(*of_it, maps.values[0], centres=maps.centres)}
    if variants(asked.method):
        found["agreement"] = MeasureAgreement(*of_it, asked.method)
    model = services.known_model(*asked.view.network)
    dear = model is not None and asked.method.passes(model, *asked.view.size) > DEAR
    cascade = Randomize(*of_it, asked.method)
    return found | {"cascade": replace(cascade, stages=4, seeds=1) if dear else cascade}


def evidence_of(visitor: Visitor, key: str) -> Evidence:
    """The tests of the map of that key; 404 where there are none."""
    entry, runs = visitor.mapped.get(key), [visitor.aside.get(named(what, key)) for what in TESTS]
    known = tuple(run for run in runs if run is not None)
    if entry is None or not known:
        raise HTTPException(404)
    return Evidence(known, entry.asked.method.signed)


def news(visitor: Visitor, key: str, request: Request) -> Response:
    """What is known by now; 204 where who asks has said that he knows it."""
    evidence = evidence_of(visitor, key)
    step, status = evidence.step, evidence.status
    if request.query_params.get("since", "") == f"{step}.{status}":
        return Response(status_code=204, headers=FRESH)
    return JSONResponse({"step": step, "status": status, **told(evidence)}, headers=FRESH)


def stop(visitor: Visitor, key: str) -> Response:
    for run in evidence_of(visitor, key).runs:
        run.cancel()
    return JSONResponse({}, headers=FRESH)


def told(evidence: Evidence) -> dict[str, Any]:
    frames = [run.newest for run in evidence.runs]
    found: dict[str, Any] = {"error": evidence.error, "note": NOTE}
    found["fraction"] = sum(getattr(frame, "fraction", 0.0) for frame in frames) / len(frames)
    found["verdict"] = [words for frame in frames if (words := getattr(frame, "words", ""))]
    for frame in frames:
        match frame:
            case DeletionFrame():
                found |= curves(frame)
            case AgreementFrame():
                known = [each for each in frame.agreements if each.correlation is not None]
                found["agreement"] = [[each.between, each.correlation] for each in known]
            case CascadeFrame() if frame.values.size:
                found["cascade"] = cascade(frame, evidence.signed)
    return found


def curves(frame: DeletionFrame) -> dict[str, Any]:
    """By the order of the map, of an edge map, and the first of chance; the areas of those that are complete."""
    orders: list[tuple[str, Curves]] = [("", frame.map), ("_edges", frame.edges)]
    orders += [("_random", each) for each in frame.random[:1]]
    named = {f"{kind}{order}": getattr(each, kind) for order, each in orders for kind in ("deletion", "insertion")}
    return {
        "what": frame.what,
        "curves": {name: list(zip(curve.fractions, curve.scores, strict=False)) for name, curve in named.items()},
        "areas": {name: curve.area for name, curve in named.items() if curve.done},
    }


def cascade(frame: CascadeFrame, signed: bool) -> dict[str, Any]:
    """The map as trained and at every stage, each on a scale of its own."""
    first = small(frame.values)
    stages = [{"name": TRAINED, "values": text_of(first), "correlation": None}]
    stages += [
        {"name": stage.name, "values": text_of(small(stage.values)), "correlation": spread(stage)}
        for stage in frame.stages
    ]
    return {"height": first.shape[0], "width": first.shape[1], "signed": signed, "stages": stages}


def spread(stage: CascadeStage) -> Sequence[float] | None:
    """Mean, least and greatest of the seeds' rank correlations; None where the map is flat."""
    known = [each for each in stage.correlations if each is not None]
    return [float(np.mean(known)), min(known), max(known)] if known else None


def small(values: np.ndarray) -> np.ndarray:
    """The map, with no more cells than are drawn: means of those that were there."""
    height, width = values.shape
    if max(height, width) <= LARGEST:
        return values
    scale = LARGEST / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BOX))


def text_of(values: np.ndarray) -> str:
    """int8 row by row, 127 the largest, in Base64."""
    top = float(np.abs(values).max(initial=0)) or 1.0
    return base64.b64encode(np.rint(values / top * TOP).astype(np.int8).tobytes()).decode()
