"""The live route: a visitor's runs over a websocket (viewer/connection.py), recorded pictures and files over GET."""

import re
from dataclasses import replace

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

# Private, and used in this one place: whoever may open Streamlit's own socket may open ours, and nobody else.
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

from actviz_core import export
from dashboard.viewer.connection import FOREIGN, UNKNOWN_VISITOR, Connection
from dashboard.viewer.feed import jpeg, pack
from dashboard.viewer.files import viewer_file
from dashboard.visitors import Visitors

SAVED = {"picture.png": "image/png", "curves.csv": "text/csv", "run.gif": "image/gif", "recipe.json": "application/json"}


def routes(visitors: Visitors, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    live, base = Live(visitors), f"/{base.strip('/')}".rstrip("/")
    return [
        WebSocketRoute(f"{base}/live/{{token}}", live.socket),
        Route(f"{base}/live/{{token}}/{{run}}/picture/{{iteration}}", live.picture),
        Route(f"{base}/live/{{token}}/{{run}}/save/{{what}}", live.save),
        Route(f"{base}/viewer/{{version}}/{{file}}", viewer_file),
    ]


class Live:
    def __init__(self, visitors: Visitors):
        self.visitors = visitors
        self.packers = anyio.CapacityLimiter(4)  # its own: a long export must not hold up the pictures

    async def socket(self, socket: WebSocket) -> None:
        origin, host = socket.headers.get("origin"), socket.headers.get("host")
        # In a thread: for a foreign origin Streamlit may ask the network for this machine's address.
        if not await anyio.to_thread.run_sync(_is_origin_allowed, origin, host):
            return await socket.close(FOREIGN)
        await socket.accept()
        visitor = self.visitors.get(socket.path_params["token"])
        if visitor is None:  # after accepting: a browser hides the code of a refused handshake
            return await socket.close(UNKNOWN_VISITOR)
        await Connection(socket, visitor, self.packers).serve()

    def entry(self, request: Request):
        visitor = self.visitors.get(request.path_params["token"])
        entry = visitor.get(request.path_params["run"]) if visitor else None
        if entry is None:
            raise HTTPException(404)
        return entry

    def picture(self, request: Request) -> Response:
        """The recorded pictures at or before an iteration: framed like a message, or with ?image=i one JPEG."""
        run = self.entry(request).run
        iteration, images = at_or_before(run, whole(request.path_params["iteration"]))
        index, headers = number(request, "image"), {"Cache-Control": "private, max-age=60"}
        if index is None:
            return Response(pack({"run": run.key, "iteration": iteration}, [jpeg(image) for image in images]), headers=headers)
        if index >= len(images):
            raise HTTPException(404)
        return Response(jpeg(images[index]), media_type="image/jpeg", headers=headers)

    def save(self, request: Request) -> Response:
        """A file to keep; a function, not a coroutine, so that Starlette runs it in a thread."""
        entry, what = self.entry(request), request.path_params["what"]
        if what not in SAVED:
            raise HTTPException(404)
        name = "-".join(filter(None, [re.sub(r"[^A-Za-z0-9]+", "-", entry.title).strip("-").lower()[:60], what]))
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(content(entry, what, number(request, "iteration")), media_type=SAVED[what], headers=headers)


def whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def number(request: Request, name: str) -> int | None:
    return whole(request.query_params.get(name, ""))


def at_or_before(run, iteration: int | None):
    found = run.history.pictures.at_or_before(iteration) if iteration is not None else None
    if found is None:
        raise HTTPException(404)
    return found


def content(entry, what: str, iteration: int | None) -> bytes | str:
    run = entry.run
    if what == "recipe.json":
        return entry.recipe().to_json()
    if what == "curves.csv":
        return export.curves_csv(list(run.history.points))
    if what == "run.gif" and run.history.pictures.values:
        return export.gif(dict(run.history.pictures.values))
    if what == "picture.png" and run.newest is not None:
        newest = run.newest
        shown, images = (newest.iteration, newest.images) if iteration in (None, newest.iteration) else at_or_before(run, iteration)
        return export.png(images, replace(entry.recipe(), picture=0 if shown == run.iterations else shown))
    raise HTTPException(404)
