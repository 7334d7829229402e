"""The routes of the chart of layers: small pictures of a network's blocks, and the layers inside of a block.

Pictures are made once for all visitors, and only while somebody looks: each question is a look.
"""

import re
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actviz_core import ActvizError, list_layers
from dashboard.server import assets
from dashboard.server.saving import FRESH
from dashboard.server.units import NUMBER, key_of, visited
from dashboard.state import services
from dashboard.state.visitors import Visitors
from dashboard.state.welcome import Welcome
from dashboard.words import layers as words

VERSION = re.compile(r"[0-9a-f]{12}")
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


def routes(visitors: Visitors, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door, base = Door(visitors), f"/{base.strip('/')}".rstrip("/")
    one = f"{base}/blocks/{{token}}/{{network}}"
    return [
        Route(f"{one}/state", door.state),
        Route(f"{one}/inside", door.inside),
        Route(f"{one}/{{index}}/{{version}}.jpg", door.picture),
    ]


def door_of(token: str, network: tuple[str, str]) -> str:
    """Where a visitor's browser asks for what belongs to a network."""
    return f"{assets.base()}/blocks/{token}/{key_of(network)}/"


def makes_by_itself() -> bool:
    """Whether pictures are made unasked; else somebody has to ask for them."""
    return Welcome.switched_on


class Door:
    """Functions where they may take their time: Starlette runs those in threads."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors = visitors

    def state(self, request: Request) -> Response:
        """The pictures that have come since a version; those that are missing are made where that is wanted."""
        visitor, model = visited(self.visitors, request)
        asked = request.query_params
        making = (makes_by_itself() or asked.get("make") == "1") and not visitor.halted
        pictures = services.block_pictures(model)
        pictures.look(visitor.token, number(asked.get("near", "")), making)
        return JSONResponse(pictures.state(number(asked.get("since", ""))), headers=FRESH)

    def picture(self, request: Request) -> Response:
        """A picture under the address that the state told."""
        _, model = visited(self.visitors, request)
        index, version = request.path_params["index"], request.path_params["version"]
        if not NUMBER.fullmatch(index) or not VERSION.fullmatch(version):
            raise HTTPException(404)
        data = services.block_pictures(model).picture(int(index), version)
        if data is None:
            raise HTTPException(404)
        return Response(data, media_type="image/jpeg", headers=FOR_EVER)

    def inside(self, request: Request) -> Response:
        """The layers inside of a block, in order, sized as in the visitor's picture."""
        visitor, model = visited(self.visitors, request)
        spec, block = visitor.state.recipe.spec, request.query_params.get("block", "")
        try:
            layers = list_layers(model, *((spec.height, spec.width) if spec.model == model.name else ()))
        except ActvizError:  # a size that it does not take
            raise HTTPException(404) from None
        inner = [layer for layer in layers if words.is_inside(block, layer.name)]
        if not block or not inner:
            raise HTTPException(404)
        return JSONResponse(words.told(inner, layers, partial(services.known_field, model.network)), headers=FRESH)


def number(text: str) -> int:
    return int(text) if NUMBER.fullmatch(text) else 0
