"""The synthesized picture of what is explained: what the unit looks for, beside where it finds it."""

import hashlib
from dataclasses import replace

import anyio
import numpy as np
from starlette.exceptions import HTTPException
from starlette.responses import Response

from actviz_core import ActvizError, History, ModelHandle, Objective, Recipe, Replay, Run
from dashboard.server.feed import jpeg
from dashboard.server.waiting import ended
from dashboard.state import services
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitor

SIZE, ITERATIONS = 128, 96  # of one that is made for this: some two seconds of two cores
NAME = "synthesized"  # what the names of its runs begin with


def version_of(network: tuple[str, str], objective: Objective) -> str:
    """Tells its address from those of others."""
    return hashlib.sha256(f"{network} {objective}".encode()).hexdigest()[:16]


async def answer(visitor: Visitor, version: str) -> Response:
    """The Gallery's picture, else one that is made now as Explore is set; 404 where there is none, or of another."""
    state: PageState = visitor.state
    model = services.known_model(*state.seen.view.network) if state.seen else None
    if model is None or state.explained is None or version != version_of(model.network, state.explained):
        raise HTTPException(404)
    try:
        recipe = small(state.recipe, state.explained, model)
    except ActvizError:  # its target does not exist at that size
        raise HTTPException(404) from None
    found = await anyio.to_thread.run_sync(services.in_gallery, recipe, model)
    if found:
        return shown(found, "image/png")
    return shown(jpeg(await made(visitor, recipe, version)), "image/jpeg")


def small(recipe: Recipe, objective: Objective, model: ModelHandle) -> Recipe:
    """What Explore is set to, for a small picture of that target, or one of the size that is the network's only one."""
    natural = (model.height, model.width)
    size = natural if model.fixed_size or min(natural) < SIZE else (SIZE, SIZE)
    fitted = objective.resized(model, natural, size).checked(model, *size)
    spec = replace(
        recipe.spec, objective=fitted, count=1, height=size[0], width=size[1], start="noise", iterations=ITERATIONS
    )
    return Recipe(replace(spec, photograph=""), recipe.final)


async def made(visitor: Visitor, recipe: Recipe, version: str) -> np.ndarray:
    """The picture of a run, begun if nobody has; who asks meanwhile waits for the same one."""
    name = f"{NAME}.{version}"
    run = visitor.aside.get(name)
    if run is None:
        run = Run.of(Replay(recipe), ITERATIONS, History(0, 0))
        visitor.set_aside(name, run)
        services.scheduler().start(run)
    await ended(run)
    if not run.finished or run.newest is None:
        raise HTTPException(404)
    return run.newest.images[0]


def shown(data: bytes, media: str) -> Response:
    return Response(data, media_type=media, headers={"Cache-Control": "private, max-age=3600"})
