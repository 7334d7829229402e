"""The gallery's routes: what has changed (asking is also the sign of presence), pictures, likeness, files to keep."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actviz_core import gallery_sheet, gallery_table
from dashboard.gallery.files import gallery_file
from dashboard.gallery.filling import Filling, Fillings
from dashboard.visitors import Visitors

CHANNEL = re.compile(r"[0-9]{1,6}")
CHANNELS = re.compile(r"[0-9]{1,6}(,[0-9]{1,6}){0,255}")
SAVED = {"sheet.png": "image/png", "table.csv": "text/csv"}


def routes(visitors: Visitors, fillings: Fillings, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door, base = Door(visitors, fillings), f"/{base.strip('/')}".rstrip("/")
    one = f"{base}/gallery/{{token}}/{{name}}"
    return [
        Route(f"{one}/state", door.state),
        Route(f"{one}/like/{{channel}}", door.like),
        Route(f"{one}/save/{{what}}", door.save),
        Route(f"{one}/{{shelf}}/{{channel}}.png", door.picture),
        Route(f"{base}/gallery-files/{{version}}/{{file}}", gallery_file),
    ]


class Door:
    """Functions, not coroutines: Starlette runs them in threads. Nothing that comes in is ever part of a path."""

    def __init__(self, visitors: Visitors, fillings: Fillings):
        self.visitors, self.fillings = visitors, fillings

    def filling(self, request: Request) -> Filling:
        """The one opened under that name, for somebody whom this server knows."""
        filling = self.fillings.get(request.path_params["name"]) if self.visitors.get(request.path_params["token"]) else None
        if filling is None:
            raise HTTPException(404)
        return filling

    def state(self, request: Request) -> Response:
        filling, who, asked = self.filling(request), request.path_params["token"], request.query_params
        if asked.get("paused") == "1":
            filling.calm(who)
        else:
            shown = asked.get("on_screen", "")
            filling.look(who, [int(channel) for channel in shown.split(",")] if CHANNELS.fullmatch(shown) else ())
        since = asked.get("since", "")
        return JSONResponse(filling.state(int(since) if re.fullmatch(r"[0-9]{1,9}", since) else 0), headers={"Cache-Control": "no-store"})

    def like(self, request: Request) -> Response:
        return JSONResponse(self.filling(request).likeness(channel_of(request)), headers={"Cache-Control": "no-store"})

    def picture(self, request: Request) -> Response:
        data = self.filling(request).png(request.path_params["shelf"], channel_of(request))
        if data is None:
            raise HTTPException(404)
        return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})

    def save(self, request: Request) -> Response:
        shelf, what = self.filling(request).fine, request.path_params["what"]
        if what not in SAVED:
            raise HTTPException(404)
        tiles = shelf.store.tiles(shelf.gallery)
        content = gallery_sheet(shelf.gallery, tiles) if what == "sheet.png" else gallery_table(tiles)
        name = re.sub(r"[^A-Za-z0-9]+", "-", f"{shelf.gallery.spec.model} {shelf.gallery.layer}").strip("-").lower()[:60]
        headers = {"Content-Disposition": f'attachment; filename="{name}-{what}"', "Cache-Control": "no-store"}
        return Response(content, media_type=SAVED[what], headers=headers)


def channel_of(request: Request) -> int:
    """Starlette's own numbers in paths may have any number of digits, which int refuses to read."""
    text = request.path_params["channel"]
    if not CHANNEL.fullmatch(text):
        raise HTTPException(404)
    return int(text)
