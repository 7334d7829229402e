"""The explanation's routes: maps as they grow, and the image that they are of; only its visitor sees any of it."""

import asyncio
import json
import re
import struct
from collections.abc import Callable

import numpy as np
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actviz_core import ColourScale, Maps, Run, export, resized, words_of
from dashboard.server import believing, layering, map_saves, synthesis, touching
from dashboard.server.feed import jpeg
from dashboard.server.saving import FRESH, GONE, Saved
from dashboard.state.mapped import Mapped
from dashboard.state.visitors import Visitor, Visitors

SINCE = re.compile(r"[0-9]{1,9}\.[a-z]{1,12}")
SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?")
LONGEST_SHOWN = 1024  # px, of the image on the page
AT_A_TIME = 2  # files that are made; with more of them everybody else's questions wait


def routes(visitors: Visitors, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door, base = Door(visitors), f"/{base.strip('/')}".rstrip("/")
    one = f"{base}/explain/{{token}}"
    return [
        Route(f"{one}/maps/{{key}}", door.map),
        Route(f"{one}/image.jpg", door.image),
        Route(f"{one}/maps/{{key}}/save/{{what}}", door.save),
        Route(f"{one}/save/sheet.png", door.save_sheet),
        Route(f"{one}/synthesized", door.synthesized),
        Route(f"{one}/touch", door.touch, methods=["POST"]),
        Route(f"{one}/flip", door.search, methods=["POST"]),
        Route(f"{one}/flip", door.searched, methods=["GET"]),
        Route(f"{one}/flip/stop", door.stop_search, methods=["POST"]),
        Route(f"{one}/maps/{{key}}/evidence", door.test, methods=["POST"]),
        Route(f"{one}/maps/{{key}}/evidence", door.tested, methods=["GET"]),
        Route(f"{one}/maps/{{key}}/evidence/stop", door.stop_tests, methods=["POST"]),
        Route(f"{one}/maps/{{key}}/layers", door.compare, methods=["POST"]),
        Route(f"{one}/maps/{{key}}/layers", door.compared, methods=["GET"]),
        Route(f"{one}/maps/{{key}}/layers/stop", door.stop_comparing, methods=["POST"]),
    ]


class Door:
    """Functions where they may take their time: Starlette runs those in threads."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors, self.touching = visitors, touching.Touching()
        self.making = asyncio.Semaphore(AT_A_TIME)

    def visitor(self, request: Request) -> Visitor:
        visitor = self.visitors.get(request.path_params["token"])
        if visitor is None or visitor.state is None:
            raise HTTPException(404)
        return visitor

    def map(self, request: Request) -> Response:
        """A map and how far it is; 204 where that is known already."""
        entry = self.visitor(request).mapped.get(request.path_params["key"])
        if entry is None:
            raise HTTPException(404)
        if is_known(request, entry.run):
            return Response(status_code=204, headers=FRESH)
        layer = request.query_params.get("layer", "")
        return Response(message(entry, layer), media_type="application/octet-stream", headers=FRESH)

    async def made(self, request: Request, make: Callable[[Request], Response]) -> Response:
        """What takes a while to be made, unless who has asked is gone by then."""
        async with self.making:
            if await request.is_disconnected():
                return Response(status_code=GONE)
            return await run_in_threadpool(make, request)

    async def image(self, request: Request) -> Response:
        """The whole image, for the page; never kept on a disk, the browser's neither."""
        return await self.made(request, self.jpeg_of_image)

    def jpeg_of_image(self, request: Request) -> Response:
        picture = self.visitor(request).state.image
        if picture is None or request.query_params.get("v", picture.version) != picture.version:
            raise HTTPException(404)
        shown = Image.fromarray(picture.pixels)
        shown.thumbnail((LONGEST_SHOWN, LONGEST_SHOWN))
        return Response(jpeg(np.asarray(shown)), media_type="image/jpeg", headers=FRESH)

    async def save(self, request: Request) -> Response:
        """A file of one map."""
        return await self.made(request, self.file_of_map)

    def file_of_map(self, request: Request) -> Response:
        visitor = self.visitor(request)
        entry = visitor.mapped.get(request.path_params["key"])
        if entry is None:
            raise HTTPException(404)
        return file_of(map_saves.saved_of_map(entry, visitor, request.path_params["what"], opacity_of(request)))

    async def save_sheet(self, request: Request) -> Response:
        """All maps, as one file."""
        return await self.made(request, self.file_of_sheet)

    def file_of_sheet(self, request: Request) -> Response:
        return file_of(map_saves.saved_sheet(self.visitor(request), opacity_of(request)))

    def synthesized(self, request: Request) -> Response:
        """A picture that maximizes what is explained."""
        return synthesis.answer(self.visitor(request), request.query_params.get("v", ""))

    async def touch(self, request: Request) -> Response:
        """What the network says with a region of the image masked."""
        return await self.touching.touch(request, self.visitor(request))

    async def search(self, request: Request) -> Response:
        """Begins to look for the smallest region that turns the decision."""
        return await touching.start_search(request, self.visitor(request))

    def searched(self, request: Request) -> Response:
        """How far the search is; 204 where that is known already."""
        visitor = self.visitor(request)
        search = visitor.aside.get(touching.SEARCH)
        if search is None or visitor.state.seen is None:
            raise HTTPException(404)
        if is_known(request, search):
            return Response(status_code=204, headers=FRESH)
        return JSONResponse(touching.search_news(search, visitor.state.seen.view.network), headers=FRESH)

    def stop_search(self, request: Request) -> Response:
        search = self.visitor(request).aside.get(touching.SEARCH)
        if search is not None:
            search.cancel()
        return JSONResponse({}, headers=FRESH)

    def test(self, request: Request) -> Response:
        """Begins to test whether a map can be believed."""
        return believing.start(self.visitor(request), request.path_params["key"])

    def tested(self, request: Request) -> Response:
        """What the tests have found so far."""
        return believing.news(self.visitor(request), request.path_params["key"], request)

    def stop_tests(self, request: Request) -> Response:
        return believing.stop(self.visitor(request), request.path_params["key"])

    def compare(self, request: Request) -> Response:
        """Begins to measure the maps at all layers."""
        return layering.start(self.visitor(request), request.path_params["key"])

    def compared(self, request: Request) -> Response:
        """What is known of the layers so far."""
        return layering.news(self.visitor(request), request.path_params["key"], request)

    def stop_comparing(self, request: Request) -> Response:
        return layering.stop(self.visitor(request), request.path_params["key"])


def file_of(saved: Saved | None) -> Response:
    if saved is None:
        raise HTTPException(404)
    headers = FRESH | {"Content-Disposition": f'attachment; filename="{saved.name}"'}
    return Response(saved.content, media_type=saved.media, headers=headers)


def opacity_of(request: Request) -> float:
    """How opaque maps are in a picture that is saved, as the page shows them."""
    text = request.query_params.get("opacity")
    if text is None:
        return export.OPACITY
    if not SHARE.fullmatch(text) or not 0 <= float(text) <= 1:
        raise HTTPException(400, "The opacity is a number from 0 to 1.")
    return float(text)


def is_known(request: Request, run: Run) -> bool:
    """Whether who asks has said that this is what he knows of the run."""
    since = request.query_params.get("since", "")
    if since and not SINCE.fullmatch(since):
        raise HTTPException(404)
    return since == f"{run.iteration}.{run.status}"


def message(entry: Mapped, layer: str = "") -> bytes:
    """uint32, little-endian, the header's length | the header, JSON | the map, int8, row by row.

    The map that is asked for, or that at a layer, if there is one.
    """
    run = entry.run
    status, step = run.status, run.iteration  # in this order: what is finished has its last map
    maps = entry.at(layer) or entry.maps
    header = {"step": step, "status": status, "error": run.error, "layers": [each.layer for each in entry.layers]}
    values = b""
    if maps is None:
        header |= EMPTY
    else:
        told, values = drawn(maps, entry.asked.method.signed)
        header |= told
    text = json.dumps(header, allow_nan=False).encode()
    return struct.pack("<I", len(text)) + text + values


EMPTY = {
    "fraction": 0,
    "passes": 0,
    "height": 0,
    "width": 0,
    "rows": 0,
    "columns": 0,
    "signed": False,
    "top": 0,
    "beyond": False,
    "words": "",
    "score": None,
    "completeness": None,
    "layer": "",
}


def drawn(maps: Maps, signed: bool) -> tuple[dict, bytes]:
    """What is said of the map of the first image, and the map at the size of the network's picture."""
    values = maps.values[0]
    large = resized(maps)[0]
    scale = ColourScale.of(maps, 0, signed)
    sums = [float(values.sum()), float(maps.completeness[0])] if maps.completeness else None
    told = {
        "fraction": maps.fraction,
        "passes": maps.passes,
        "height": maps.height,
        "width": maps.width,
        "rows": values.shape[0],
        "columns": values.shape[1],
        "signed": signed,
        "top": scale.top,
        "beyond": scale.cuts_off(values),
        "words": words_of(maps, 0),
        "score": maps.score[0],
        "completeness": sums,
        "layer": maps.layer,
    }
    return told, scale.quantized(large).tobytes()
