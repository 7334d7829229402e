"""The routes of the panel of a unit: what the indexed images say of a channel, these images, and its picture.

Nobody's index is begun before its panel is opened: each question is a look, and looks keep the work going.
"""

import hashlib
import re
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actviz_core import (
    ActvizError,
    Channel,
    DamagedIndex,
    FieldOf,
    Folder,
    Index,
    LayerMaps,
    ModelHandle,
    Patch,
    ReceptiveField,
    UnitRecord,
    samples,
)
from dashboard.jobs.indexing import FOLDER, INDEXINGS, SAMPLES, Indexing
from dashboard.server import synthesis
from dashboard.server.saving import FRESH
from dashboard.state import services
from dashboard.state.explaining import Seen
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitor, Visitors

NUMBER = re.compile(r"[0-9]{1,6}")
MOST_TOLD = 500  # files that are not in an index, with the reasons
LONGEST_NAME = 200  # of a layer
KEEP = {"Cache-Control": "private, max-age=3600"}


def key_of(network: tuple[str, str]) -> str:
    """A network's name and weights, as an address tells them."""
    return hashlib.sha256(repr(tuple(network)).encode()).hexdigest()[:16]


def routes(visitors: Visitors, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door, base = Door(visitors), f"/{base.strip('/')}".rstrip("/")
    one = f"{base}/units/{{token}}/{{network}}"
    return [
        Route(f"{one}/unit", door.unit),
        Route(f"{one}/index", door.make, methods=["POST"]),
        Route(f"{one}/{{source}}/image/{{image}}.jpg", door.image),
        Route(f"{one}/synthesized", door.synthesized),
    ]


class Door:
    """Functions where they may take their time: Starlette runs those in threads."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors = visitors

    def unit(self, request: Request) -> Response:
        """What the indexed images say of a channel, or how far the index is; of the owner's folder where there is."""
        visitor, model = self.visited(request)
        layer, channel = asked(request, model)
        given = services.indexing(model, FOLDER) if INDEXINGS.folder else None
        named = given.look(start=given.run is not None) if given else None
        source = FOLDER if named and layer in named.layers else SAMPLES
        indexing = services.indexing(model, source)
        index = named if source == FOLDER else indexing.look()
        told = offer(given if given and source == SAMPLES and not given.complete else None) | {"source": source}
        if index is None:
            return JSONResponse(told | how_far(indexing), headers=FRESH)
        if layer not in index.layers:
            return JSONResponse(told | {"status": "no_layer"}, headers=FRESH)
        try:
            record = index.unit(layer, channel)
            field = services.door().ask(FieldOf(model.network, layer), whom=visitor.token)
        except DamagedIndex:
            services.indexing(model, source).forget()
            return JSONResponse(told | {"status": "making", "fraction": 0.0, "counted": None}, headers=FRESH)
        except ActvizError as problem:
            return JSONResponse(told | {"status": "none", "why": str(problem)}, headers=FRESH)
        seen = seen_by(visitor, model, request.query_params.get("v", ""))
        value = value_of(visitor, seen, layer, channel) if seen else None
        place = (
            None
            if value is None
            else {"value": value, "lower": record.lower_than(value), "name": called(visitor.state)}
        )
        more = {"image": place, "places": has_places(model, layer)}
        return JSONResponse(told | said(index, record, field, source) | more, headers=FRESH)

    def make(self, request: Request) -> Response:
        """Begins the index of the folder that the server's owner named."""
        _, model = self.visited(request)
        if not INDEXINGS.folder:
            raise HTTPException(404)
        services.indexing(model, FOLDER).look()
        return JSONResponse({}, headers=FRESH)

    def image(self, request: Request) -> Response:
        """An image of the index, as the network saw it."""
        _, model = self.visited(request)
        source, image = request.path_params["source"], request.path_params["image"]
        if source not in (SAMPLES, FOLDER) or not NUMBER.fullmatch(image):
            raise HTTPException(404)
        if source == FOLDER and not INDEXINGS.folder:
            raise HTTPException(404)
        index = services.indexing(model, source).look(start=False)
        if index is None or int(image) >= index.images:
            raise HTTPException(404)
        try:
            return Response(index.picture(int(image)), media_type="image/jpeg", headers=KEEP)
        except DamagedIndex:
            services.indexing(model, source).forget()
            raise HTTPException(404) from None

    def synthesized(self, request: Request) -> Response:
        """A picture that maximizes the channel."""
        visitor, model = self.visited(request)
        return synthesis.of_unit(visitor, model, Channel(*asked(request, model)))

    def visited(self, request: Request) -> tuple[Visitor, ModelHandle]:
        return visited(self.visitors, request)


def visited(visitors: Visitors, request: Request) -> tuple[Visitor, ModelHandle]:
    """The visitor, and the network where it is one that the visitor's pages are set to."""
    visitor = visitors.get(request.path_params["token"])
    if visitor is None or visitor.state is None:
        raise HTTPException(404)
    known = {key_of(network): network for network in networks_of(visitor.state)}
    network = known.get(request.path_params["network"])
    model = services.known_model(*network) if network else None
    if model is None:
        raise HTTPException(404)
    return visitor, model


def networks_of(state: PageState) -> list[tuple[str, str]]:
    specs = [state.recipe.spec, *(recipe.spec for recipe in state.comparison.recipes)]
    return [*((spec.model, spec.weights) for spec in specs), *state.learning.networks]


def asked(request: Request, model: ModelHandle) -> tuple[str, int]:
    """Layer and channel; 404 where there is none."""
    layer, channel = (request.query_params.get(name, "") for name in ("layer", "channel"))
    found = next((each for each in model.list_layers() if each.name == layer), None)
    if found is None or not NUMBER.fullmatch(channel) or int(channel) >= found.channels:
        raise HTTPException(404)
    return layer, int(channel)


def called(state: PageState) -> str:
    """What the visitor's image is called."""
    titles = {each.name: each.title for each in samples.SAMPLES}
    return titles.get(state.explanation.sample, state.image.name if state.image else "")


def has_places(model: ModelHandle, layer: str) -> bool:
    """Whether the maps of a layer have more than one cell."""
    return any(each.name == layer and each.height * each.width > 1 for each in model.list_layers())


def seen_by(visitor: Visitor, model: ModelHandle, version: str) -> Seen | None:
    """The visitor's image as the network sees it, if it is the one of that version."""
    seen = visitor.state.seen
    return seen if seen and seen.view.version == version and seen.view.network == model.network else None


def value_of(visitor: Visitor, seen: Seen, layer: str, channel: int) -> float | None:
    """What the indexed images are ranked by, of the visitor's own; None where it is no number."""
    task = LayerMaps(seen.view.network, seen.pixels, layer)
    with suppress(ActvizError):
        return float(services.scheduler().submit(task, whom=visitor.token).get().peaks[channel])
    return None


def offer(making: Indexing | None) -> dict:
    """What the page can offer of the owner's folder: how many files it has is counted where it is not being indexed."""
    if making is None:
        return {"folder": None}
    going, folder = making.run is not None, Folder(INDEXINGS.folder)
    told = {"making": going, "counted": making.counted, "why": making.problem, "lacking": making.index is not None}
    return {"folder": told | {"name": folder.name, "files": 0 if going else INDEXINGS.count_files()}}


def how_far(indexing: Indexing) -> dict:
    if indexing.problem:
        return {"status": "failed", "why": indexing.problem}
    return {"status": "making", "fraction": indexing.fraction, "counted": indexing.counted}


def said(index: Index, record: UnitRecord, field: ReceptiveField, source: str) -> dict:
    """As the browser reads it."""

    def told(patch: Patch) -> list:
        box, name = field.box(patch.row, patch.column), name_of(index, patch.image, source)
        return [patch.image, patch.row, patch.column, float(patch.value), patch.lower, list(box), *name]

    return {
        "status": "ready",
        "images": index.images,
        "version": index.version,
        "name": Folder(INDEXINGS.folder).name if source == FOLDER else "",
        "skipped": {"count": len(index.skipped), "files": index.skipped[:MOST_TOLD]},
        "small": index.small,
        "size": list(field.size),
        "exact": len(record.quantiles) == record.images,
        "best": [told(patch) for patch in record.best],
        "random": [told(patch) for patch in record.random],
        "spread": [told(patch) for patch in record.spread],
        "quantiles": [float(value) for value in record.quantiles],
        "tied": record.tied,
        "border": record.at_border,
        "dead": record.dead,
    }


def name_of(index: Index, image: int, source: str) -> tuple[str, bool]:
    """What people call an image of the index, a file's name or a photograph's title; and whether it is a part of it."""
    name = index.names[image]
    if source != SAMPLES:
        return name, False
    photograph, _, part = name.partition(" ")
    return next((each.title for each in samples.SAMPLES if each.name == photograph), name), part != "0"
