"""The gallery's routes: what has changed (asking is also the sign of presence), pictures, likeness, files to keep."""

import re
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actviz_core import gallery_sheet, gallery_table
from dashboard.jobs.exports import Exports, Order
from dashboard.jobs.filling import Filling, Fillings
from dashboard.server import saving
from dashboard.server.saving import Saved
from dashboard.state.visitors import Visitors

CHANNEL = re.compile(r"[0-9]{1,6}")
# What can be saved: its media type, and (gallery, tiles, check, order) -> what it holds.
MADE = {
    "sheet.png": ("image/png", gallery_sheet),
    "table.csv": ("text/csv", lambda _gallery, tiles, _check, _order: gallery_table(tiles).encode()),
}
CHANNELS = re.compile(r"[0-9]{1,6}(,[0-9]{1,6}){0,255}")
# The orders of the sheet, and the words for them in its heading.
ORDERS = {"index": "", "score": "highest score first", "likeness": "most similar to channel {} first"}


def routes(visitors: Visitors, fillings: Fillings, exports: Exports, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    door, base = Door(visitors, fillings, exports), f"/{base.strip('/')}".rstrip("/")
    one = f"{base}/gallery/{{token}}/{{name}}"
    return [
        Route(f"{one}/state", door.state),
        Route(f"{one}/like/{{channel}}", door.like),
        Route(f"{one}/save/{{what}}", door.save),
        Route(f"{one}/save/{{what}}/place", door.place),
        Route(f"{one}/{{shelf}}/{{channel}}.png", door.picture),
    ]


class Door:
    """Functions where they may take their time: Starlette runs those in threads.

    Nothing that comes in is ever part of a path.
    """

    def __init__(self, visitors: Visitors, fillings: Fillings, exports: Exports) -> None:
        self.visitors, self.fillings, self.exports = visitors, fillings, exports

    def filling(self, request: Request) -> Filling:
        """The one opened under that name, for somebody whom this server knows."""
        filling = (
            self.fillings.get(request.path_params["name"]) if self.visitors.get(request.path_params["token"]) else None
        )
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
        return JSONResponse(
            filling.state(int(since) if re.fullmatch(r"[0-9]{1,9}", since) else 0),
            headers={"Cache-Control": "no-store"},
        )

    def like(self, request: Request) -> Response:
        return JSONResponse(self.filling(request).likeness(channel_of(request)), headers={"Cache-Control": "no-store"})

    def picture(self, request: Request) -> Response:
        data = self.filling(request).png(request.path_params["shelf"], channel_of(request))
        if data is None:
            raise HTTPException(404)
        return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})

    async def save(self, request: Request) -> Response:
        name, media, order = self.saved(request)
        return await saving.answer(request, self.exports, Saved(name, media, order))

    def place(self, request: Request) -> Response:
        return saving.place(self.exports, self.saved(request)[2])

    def saved(self, request: Request) -> tuple[str, str, Order]:
        """Name and media type of the sheet or the table of all pictures that are finished, and the order to make it."""
        filling, what = self.filling(request), request.path_params["what"]
        shelf = filling.fine
        if what not in MADE or not shelf.entries:
            raise HTTPException(404)
        media, make = MADE[what]
        spec, by, reference = shelf.gallery.spec, *order_of(request, filling)

        def made(check: Callable[[], None]) -> bytes:
            tiles = shelf.store.tiles(shelf.gallery)
            ordered = {channel: tiles[channel] for channel in filling.order(by, reference) if channel in tiles}
            return make(shelf.gallery, ordered, check, ORDERS[by].format(reference))

        order = Order((filling.name, what), (len(shelf.entries), by, reference), made)
        name = saving.file_name(
            f"{spec.model} {saving.weights_word(spec.weights)} {shelf.gallery.layer} {len(shelf.entries)} channels",
            what.partition(".")[2],
        )
        return name, media, order


def order_of(request: Request, filling: Filling) -> tuple[str, int | None]:
    """How the sheet is sorted that somebody looks at, and the channel that others are compared with.

    By channel where he does not say.
    """
    by, of = request.query_params.get("by", ""), request.query_params.get("of", "")
    reference = int(of) if CHANNEL.fullmatch(of) else None
    return (by if by in ORDERS and (by != "likeness" or reference in filling.channels) else "index"), reference


def channel_of(request: Request) -> int:
    """Starlette's own numbers in paths may have any number of digits, which int refuses to read."""
    text = request.path_params["channel"]
    if not CHANNEL.fullmatch(text):
        raise HTTPException(404)
    return int(text)
