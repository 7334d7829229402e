"""Which layer's map marks what the score depends on.

Measured by SRG: how much longer the score lasts when the places are deleted first that the map marks least. The area
under the deletion curve alone would favour fine maps: single pixels deleted here and there disturb any network.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actviz_core import DeletionFrame, History, MeasureDeletion, Run
from dashboard.server.saving import FRESH
from dashboard.state import services
from dashboard.state.visitors import Visitor

POINTS = 7  # of each of a layer's two curves


def named(key: str, layer: str) -> str:
    """What the run of a layer is called."""
    return f"layer.{key}.{layer}"


def is_begun(visitor: Visitor, key: str) -> bool:
    """Whether the layers of that map have been compared."""
    return any(name.startswith(named(key, "")) for name in list(visitor.aside))


def start(visitor: Visitor, key: str) -> Response:
    """Measures the maps at all layers, in place of what was measured before."""
    entry, seen = visitor.mapped.get(key), visitor.state.seen
    if entry is None:
        raise HTTPException(404)
    if not entry.layers or seen is None or seen.view != entry.asked.view:
        return JSONResponse({"error": "The maps at the layers are not there yet."}, 400, headers=FRESH)
    asked = entry.asked
    for maps in entry.layers:
        work = MeasureDeletion(
            asked.view.network,
            seen.pixels,
            asked.objective,
            maps.values[0],
            points=POINTS,
            draws=0,
            centres=maps.centres,
        )
        visitor.set_aside(named(key, maps.layer), Run.of(work, float("inf"), History(0, 0)))
    begin_next(runs_of(visitor, key))
    return JSONResponse({}, headers=FRESH)


def begin_next(runs: dict[str, Run]) -> None:
    """One after the other: each run has a turn of its own, and twenty would take twenty from everybody else."""
    waiting = [run for run in runs.values() if not run.ended and not run.cancelled]
    if waiting and waiting[0] not in services.scheduler().runs:
        services.scheduler().start(waiting[0])


def runs_of(visitor: Visitor, key: str) -> dict[str, Run]:
    """The runs by layer; 404 where there are none."""
    entry, known = visitor.mapped.get(key), dict[str, Run]()
    for maps in entry.layers if entry else ():
        run = visitor.aside.get(named(key, maps.layer))
        if run is not None:
            known[maps.layer] = run
    if not known:
        raise HTTPException(404)
    return known


def news(visitor: Visitor, key: str, request: Request) -> Response:
    """The scores that are known; 204 where who asks has said that he knows them."""
    runs = runs_of(visitor, key)
    ended = [run.ended for run in runs.values()]  # before the scores: what has ended has its last frame
    scores = {layer: score for layer, run in runs.items() if (score := score_of(run)) is not None}
    for layer in scores:
        runs[layer].cancel()  # what follows is of other orders
    begin_next(runs)
    going = [layer for layer, over in zip(runs, ended, strict=True) if not over and layer not in scores]
    status = "running" if going else "finished" if scores else "failed"
    if request.query_params.get("since", "") == f"{len(scores)}.{status}":
        return Response(status_code=204, headers=FRESH)
    error = next((run.error for run in runs.values() if run.error), "")
    told = {"step": len(scores), "status": status, "error": error, "scores": scores}
    return JSONResponse(told, headers=FRESH)


def score_of(run: Run) -> float | None:
    frame = run.newest
    return frame.map.srg if isinstance(frame, DeletionFrame) else None


def stop(visitor: Visitor, key: str) -> Response:
    for layer, run in runs_of(visitor, key).items():
        if run in services.scheduler().runs or run.ended:
            run.cancel()
        else:
            visitor.set_aside(named(key, layer), None)
    return JSONResponse({}, headers=FRESH)
