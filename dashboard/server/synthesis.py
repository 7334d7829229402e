"""Synthesized pictures: what a unit looks for, beside where it finds it.

Who waits for the same picture shares it, where what makes it is nobody's own.
"""

import hashlib
from collections.abc import Hashable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import Response

from actviz_core import (
    ActvizError,
    Channel,
    ClassLogit,
    History,
    ModelHandle,
    Neuron,
    Objective,
    Recipe,
    Replay,
    Run,
    Sum,
)
from dashboard.jobs.synthesizing import FAILED, MADE, Synthesized, Synthesizing
from dashboard.server.feed import jpeg
from dashboard.server.saving import FRESH
from dashboard.state import services
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitor

SIZE, ITERATIONS = 128, 96  # of one that is made for this: some two seconds of two cores
EVERYBODYS = (Channel, ClassLogit, Neuron)  # targets that are named by numbers, and made of nobody's image


def version_of(network: tuple[str, str], objective: Objective) -> str:
    """Tells its address from those of others."""
    return hashlib.sha256(f"{network} {objective}".encode()).hexdigest()[:16]


def answer(visitor: Visitor, version: str) -> Response:
    """The Gallery's picture, else one that is made now as Explore is set; 404 where there is none, or of another.

    While it is being made: status 202, the picture so far, and how far it is. What the visitor has asked for comes
    first: maps, and answers to masks.
    """
    state: PageState = visitor.state
    model = services.known_model(*state.seen.view.network) if state.seen else None
    if model is None or state.explained is None or version != version_of(model.network, state.explained):
        raise HTTPException(404)
    busy = any(entry.maps is None and not entry.run.ended for entry in list(visitor.mapped.values()))
    return made(visitor, model, state.explained, "explained", busy or visitor.draws)


def of_unit(visitor: Visitor, model: ModelHandle, objective: Objective) -> Response:
    """The same of any unit; of a visitor's units the one that is asked for last is being made."""
    return made(visitor, model, objective, "unit", busy=False)


def made(visitor: Visitor, model: ModelHandle, objective: Objective, place: str, busy: bool) -> Response:
    """Made once for all who look at the same, in whichever place; the work waits for a visitor who is `busy`."""
    try:
        recipe = small(visitor.state.recipe, objective, model)
    except ActvizError:  # its target does not exist at that size
        raise HTTPException(404) from None
    key, pictures = key_of(recipe, visitor), services.synthesizings()
    if not pictures.knows(key) and (found := services.in_gallery(recipe, model)):
        pictures.keep(key, Synthesized(MADE, ITERATIONS, found, "image/png"))
    return said(looked(visitor, recipe, place, going=not (busy or visitor.halted)))


def looked(visitor: Visitor, recipe: Recipe, place: str, going: bool) -> Synthesized:
    """The picture, or how far it is, for a visitor who waits for no other one at that place."""
    return services.synthesizings().look(
        key_of(recipe, visitor),
        f"{visitor.token} {place}",
        lambda: Synthesizing(lambda: run_of(recipe), services.scheduler().start, jpeg),
        going=going,
    )


def key_of(recipe: Recipe, visitor: Visitor) -> Hashable:
    """The same for everybody only where nothing in it can be somebody's own: weights, or a direction from an image."""
    spec, objective = recipe.spec, recipe.spec.objectives[0]
    parts = [term.objective for term in objective.terms] if isinstance(objective, Sum) else [objective]
    shared = spec.weights in ("", "untrained") and all(isinstance(part, EVERYBODYS) for part in parts)
    return recipe, "" if shared else visitor.token


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


def run_of(recipe: Recipe) -> Run:
    return Run.of(Replay(recipe), ITERATIONS, History(0, 0))


def said(found: Synthesized) -> Response:
    if found.status == FAILED:
        raise HTTPException(404)
    if found.status == MADE:
        return Response(found.data, media_type=found.media, headers={"Cache-Control": "private, max-age=3600"})
    far = {"X-Iteration": str(found.iteration), "X-Iterations": str(ITERATIONS)}
    return Response(found.data, 202, headers=FRESH | far, media_type=found.media)
