"""The synthesized picture of what is explained: what the unit looks for, beside where it finds it."""

import hashlib
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import Response

from actviz_core import ActvizError, History, ModelHandle, Objective, Recipe, Replay, Run
from dashboard.server.feed import jpeg
from dashboard.server.saving import FRESH
from dashboard.state import services
from dashboard.state.page_state import PageState
from dashboard.state.visitors import UNIT, Visitor

SIZE, ITERATIONS = 128, 96  # of one that is made for this: some two seconds of two cores
NAME = "synthesized"  # what the names of its runs on Explain begin with


def version_of(network: tuple[str, str], objective: Objective) -> str:
    """Tells its address from those of others."""
    return hashlib.sha256(f"{network} {objective}".encode()).hexdigest()[:16]


def answer(visitor: Visitor, version: str) -> Response:
    """The Gallery's picture, else one that is made now as Explore is set; 404 where there is none, or of another.

    While it is being made: status 202, the picture so far, and how far it is.
    """
    state: PageState = visitor.state
    model = services.known_model(*state.seen.view.network) if state.seen else None
    if model is None or state.explained is None or version != version_of(model.network, state.explained):
        raise HTTPException(404)
    busy = any(entry.maps is None and not entry.run.ended for entry in list(visitor.mapped.values()))
    return made(visitor, model, state.explained, f"{NAME}.{version}", busy)


def of_unit(visitor: Visitor, model: ModelHandle, objective: Objective) -> Response:
    """The same of any unit; of a visitor's units the one that is asked for last is being made."""
    name = f"{UNIT}{version_of(model.network, objective)}"
    for other in [other for other in list(visitor.aside) if other.startswith(UNIT) and other != name]:
        visitor.set_aside(other, None)
    return made(visitor, model, objective, name, busy=False)


def made(visitor: Visitor, model: ModelHandle, objective: Objective, name: str, busy: bool) -> Response:
    """The run aside of that name makes it, unless the visitor is `busy`: what one has asked for comes first."""
    try:
        recipe = small(visitor.state.recipe, objective, model)
    except ActvizError:  # its target does not exist at that size
        raise HTTPException(404) from None
    run = visitor.aside.get(name)
    if run is None:
        found = services.in_gallery(recipe, model)
        if found:
            return shown(found, "image/png")
        if busy:
            return far_off(0)
        run = begun(visitor, recipe, name)
    visitor.look_at(run)
    return so_far(run)


def small(recipe: Recipe, objective: Objective, model: ModelHandle) -> Recipe:
    """What Explore is set to, for a small picture of that target, or one of the size that is the network's only one."""
    natural = (model.height, model.width)
    size = natural if model.fixed_size or min(natural) < SIZE else (SIZE, SIZE)
    fitted = objective.resized(model, natural, size).checked(model, *size)
    spec = replace(
        recipe.spec,
        model=model.name,
        weights=model.network[1],
        objective=fitted,
        count=1,
        height=size[0],
        width=size[1],
        start="noise",
        iterations=ITERATIONS,
    )
    return Recipe(replace(spec, photograph=""), recipe.final)


def begun(visitor: Visitor, recipe: Recipe, name: str) -> Run:
    run = Run.of(Replay(recipe), ITERATIONS, History(0, 0))
    visitor.set_aside(name, run)
    services.scheduler().start(run)
    return run


def so_far(run: Run) -> Response:
    ended, frame = run.ended, run.newest  # in this order: what has ended has its last picture
    picture = jpeg(frame.images[0]) if frame is not None and len(frame.images) else b""
    if ended and run.finished and picture:
        return shown(picture, "image/jpeg")
    if ended:
        raise HTTPException(404)
    return far_off(run.iteration, picture)


def far_off(iteration: int, picture: bytes = b"") -> Response:
    far = {"X-Iteration": str(iteration), "X-Iterations": str(ITERATIONS)}
    return Response(picture, 202, headers=FRESH | far, media_type="image/jpeg")


def shown(data: bytes, media: str) -> Response:
    return Response(data, media_type=media, headers={"Cache-Control": "private, max-age=3600"})
