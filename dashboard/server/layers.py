"""The Layers page's routes: sheets of feature maps, and what is asked about one channel; seen by their visitor only."""

import json
import struct

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from actviz_core import (
    OUTPUT,
    ActvizError,
    AttributeAtOnce,
    Channel,
    Deconvolution,
    FeatureMaps,
    FieldOf,
    GuidedBackpropagation,
    LayerMaps,
    ModelHandle,
    Saliency,
    class_layer,
    class_name,
    list_layers,
)
from dashboard.server.camera import LARGEST_FRAME, LARGEST_PICTURE, Cameras, picture_of
from dashboard.server.explain import drawn
from dashboard.server.feed import jpeg
from dashboard.server.saving import FRESH
from dashboard.server.waiting import answered
from dashboard.state import services
from dashboard.state.explaining import OF_CAMERA, Picture, Seen
from dashboard.state.visitors import Visitor, Visitors

METHODS = {"gradient": Saliency(), "guided": GuidedBackpropagation(), "deconvolution": Deconvolution()}
SHOWN, SHOWN_OF_CLASSES = 3, 10  # of the likeliest classes; of the layer that they are the channels of
LONGEST_NAME = 200  # letters, of a layer


def routes(visitors: Visitors, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door = Door(visitors)
    one = f"{base.strip('/') and '/' + base.strip('/')}/layers/{{token}}"
    return [
        Route(f"{one}/sheet", door.sheet),
        Route(f"{one}/seen.jpg", door.seen),
        Route(f"{one}/pixels", door.pixels, methods=["POST"]),
        Route(f"{one}/field", door.field),
        Route(f"{one}/frame", door.frame, methods=["POST"]),
        WebSocketRoute(f"{one}/camera", door.cameras.socket),
    ]


class Door:
    def __init__(self, visitors: Visitors) -> None:
        self.visitors, self.cameras = visitors, Cameras(visitors, sheet_message)

    def visitor(self, request: Request) -> Visitor:
        visitor = self.visitors.get(request.path_params["token"])
        if visitor is None or visitor.state is None:
            raise HTTPException(404)
        return visitor

    async def sheet(self, request: Request) -> Response:
        """What a layer answers to the visitor's image; 404 where it is another one by now."""
        visitor, layer = self.visitor(request), layer_of(request)
        seen = seen_of(visitor, request.query_params.get("v", ""))
        model = known(seen.view.network)
        try:
            maps = await answered(LayerMaps(model.network, seen.pixels, layer), visitor.token)
        except ActvizError as problem:
            return refusal(problem)
        content = sheet_message(maps, model, seen.view.size)
        return Response(content, media_type="application/octet-stream", headers=FRESH)

    async def seen(self, request: Request) -> Response:
        """The image as the network sees it."""
        seen = seen_of(self.visitor(request), request.query_params.get("v", ""))
        headers = {"Cache-Control": "private, max-age=3600"}
        return Response(jpeg(seen.pixels), media_type="image/jpeg", headers=headers)

    async def pixels(self, request: Request) -> Response:
        """The pixels that drive a channel: of a frame of the camera, or of the visitor's image."""
        visitor, layer = self.visitor(request), layer_of(request)
        method, channel = METHODS.get(request.query_params.get("method", "")), number_of(request, "channel")
        if method is None:
            raise HTTPException(404)
        try:
            network, picture = await self.looked_at(request, visitor)
            asked = AttributeAtOnce(network, picture[None], Channel(layer, channel), method)
            maps = await answered(asked, f"{visitor.token} pixels")
        except ActvizError as problem:
            return refusal(problem)
        told, values = drawn(maps, method.signed)
        text = json.dumps({"step": 1, "status": "finished", "error": "", "layers": []} | told, allow_nan=False).encode()
        content = struct.pack("<I", len(text)) + text + values
        return Response(content, media_type="application/octet-stream", headers=FRESH)

    async def field(self, request: Request) -> Response:
        """What a cell of a layer's map sees of the picture, and where its middle lies, in pixels."""
        visitor, layer = self.visitor(request), layer_of(request)
        row, column = number_of(request, "row"), number_of(request, "column")
        spec = visitor.state.recipe.spec
        try:
            found = await answered(FieldOf(known((spec.model, spec.weights)).network, layer), f"{visitor.token} field")
        except ActvizError as problem:
            return refusal(problem)
        boxes = {"theoretical": found.box(row, column, effective=False), "effective": found.box(row, column)}
        middle = [pixel + 0.5 for pixel in found.centre(row, column)]
        return JSONResponse(boxes | {"centre": middle}, headers={"Cache-Control": "private, max-age=3600"})

    async def looked_at(self, request: Request, visitor: Visitor) -> tuple[tuple[str, str], np.ndarray]:
        """The network, and the picture in the question as it sees it, or the visitor's image."""
        frame = await body_of(request)
        if not frame:
            if visitor.state.seen is None:
                raise HTTPException(404)
            return visitor.state.seen.view.network, visitor.state.seen.pixels
        model = known((visitor.state.recipe.spec.model, visitor.state.recipe.spec.weights))
        return model.network, await self.cameras.posted(picture_of, frame, (model.height, model.width))

    async def frame(self, request: Request) -> Response:
        """A frame becomes the visitor's image, as soon as the page hears of it."""
        visitor = self.visitor(request)
        try:
            picture = await self.cameras.posted(Picture.read, OF_CAMERA, await body_of(request), LARGEST_PICTURE)
        except ActvizError as problem:
            return refusal(problem)
        visitor.offered = picture
        return JSONResponse({"version": picture.version}, headers=FRESH)


def layer_of(request: Request) -> str:
    layer = request.query_params.get("layer", "")
    if not 0 < len(layer) <= LONGEST_NAME:
        raise HTTPException(404)
    return layer


def number_of(request: Request, name: str) -> int:
    """The whole number that the address gives under that name."""
    text = request.query_params.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise HTTPException(404)
    return int(text)


def known(network: tuple[str, str]) -> ModelHandle:
    """A network that somebody has loaded."""
    model = services.known_model(*network)
    if model is None:
        raise HTTPException(404)
    return model


def seen_of(visitor: Visitor, version: str) -> Seen:
    """What the network sees of the visitor's image, if it is that one."""
    seen = visitor.state.seen
    if seen is None or seen.view.version != version:
        raise HTTPException(404)
    return seen


async def body_of(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FRAME:
            raise ActvizError(f"the picture has more than {LARGEST_FRAME // 1024} kB, the most that is taken here.")
    return body


def refusal(problem: Exception) -> Response:
    text = str(problem)
    return JSONResponse({"error": text[:1].upper() + text[1:]}, 400, headers=FRESH)


def names_of(layer: str, model: ModelHandle) -> list[str]:
    """What the channels of a layer are called, where they are the classes."""
    try:
        classes = class_layer(model)
    except ActvizError:  # it has none
        return []
    before = [each for each in list_layers(model) if each.module != OUTPUT][-1:]  # what the output is made of
    alike = [each.name for each in before if (each.channels, each.axes) == (classes.channels, classes.axes)]
    return list(model.labels) if layer in (classes.name, *alike) else []


def sheet_message(maps: FeatureMaps, model: ModelHandle, size: tuple[int, int], frame: int = 0) -> bytes:
    """uint32, little-endian, the header's length | the header, JSON | tops, peaks, float32 | the maps, int8.

    size   height and width of the network's picture
    frame  its number, of a camera
    """
    channels, rows, columns = maps.values.shape
    said, names = maps.prediction, names_of(maps.layer, model)
    header = {
        "layer": maps.layer,
        "channels": channels,
        "rows": rows,
        "columns": columns,
        "reduced": maps.reduced,
        "height": size[0],
        "width": size[1],
        "frame": frame,
        "classes": [
            [index, class_name(index, model.labels), float(said.probabilities[index])]
            for index in said.ranked[: SHOWN_OF_CLASSES if names else SHOWN]
        ],
        "names": names,
    }
    text = json.dumps(header, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)  # numbers of four bytes begin where the browser can read them
    return b"".join(
        (struct.pack("<I", len(text)), text, maps.tops.tobytes(), maps.peaks.tobytes(), maps.values.tobytes())
    )
