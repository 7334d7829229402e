"""The live route: a visitor's runs over a websocket (viewer/connection.py), recorded pictures and files over GET."""

import re

import anyio
import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from actviz_core import FINEST, ActvizError, Run
from dashboard.jobs.exports import Exports, Order
from dashboard.server import assets, saving
from dashboard.server.connection import Connection
from dashboard.server.feed import jpeg, pack, previewed
from dashboard.server.saves import saved_of_board, saved_of_run
from dashboard.server.saving import Saved
from dashboard.server.sockets import admitted, is_from_here
from dashboard.state.turns import TURNS
from dashboard.state.visitors import Visitors
from dashboard.state.watched import Watched

LONGEST_WELCOME, LOOK = 10.0, 0.05  # seconds that a first picture waits for pages, and between two looks


def routes(visitors: Visitors, exports: Exports, base: str = "") -> list:
    """`base`: Streamlit's server.baseUrlPath."""
    live, base = Live(visitors, exports), f"/{base.strip('/')}".rstrip("/")
    return [
        WebSocketRoute(f"{base}/live/{{token}}", live.socket),
        Route(f"{base}/live/{{token}}/welcome", live.welcome, methods=["POST"]),
        Route(f"{base}/live/{{token}}/{{run}}/picture/{{iteration}}", live.picture),
        Route(f"{base}/live/{{token}}/{{run}}/preview", live.preview),
        Route(f"{base}/live/{{token}}/{{runs}}/save/{{what}}", live.save),
        Route(f"{base}/live/{{token}}/{{runs}}/save/{{what}}/place", live.place),
        Route(f"{base}/components/{{version}}/{{file:path}}", assets.script),
    ]


class Live:
    def __init__(self, visitors: Visitors, exports: Exports) -> None:
        self.visitors, self.exports = visitors, exports
        self.packers = anyio.CapacityLimiter(4)  # their own: nothing else that takes long may hold up the pictures

    async def socket(self, socket: WebSocket) -> None:
        visitor = await admitted(socket, self.visitors)
        if visitor is not None:
            await Connection(socket, visitor, self.packers).serve()

    async def welcome(self, request: Request) -> Response:
        """Begins the first picture that the page offers: what its viewer is told of the run, or nothing.

        Pages that are still to be drawn come first: whoever opens one with thirty others sees the page sooner.
        """
        with anyio.move_on_after(LONGEST_WELCOME):
            while not TURNS.idle:
                await anyio.sleep(LOOK)
        return await anyio.to_thread.run_sync(self.welcomed, request)

    def welcomed(self, request: Request) -> Response:
        visitor = self.visitors.get(request.path_params["token"])
        if visitor is None or not is_from_here(request.headers):
            raise HTTPException(404)
        told = visitor.welcome.begin()
        return JSONResponse(told) if told else Response(status_code=204)

    def entry(self, request: Request, run: str) -> Watched:
        visitor = self.visitors.get(request.path_params["token"])
        entry = visitor.get(run) if visitor else None
        if entry is None:
            raise HTTPException(404)
        return entry

    def picture(self, request: Request) -> Response:
        """The recorded pictures at or before an iteration: framed like a message, or with ?image=i one JPEG."""
        run = self.entry(request, request.path_params["run"]).run
        iteration, images = at_or_before(run, whole(request.path_params["iteration"]))
        index, headers = number(request, "image"), {"Cache-Control": "private, max-age=60"}
        if index is None:
            return Response(
                pack({"run": run.key, "iteration": iteration}, [jpeg(image) for image in images]), headers=headers
            )
        if index >= len(images):
            raise HTTPException(404)
        return Response(jpeg(images[index]), media_type="image/jpeg", headers=headers)

    def preview(self, request: Request) -> Response:
        """What the gallery has of it, for a run whose own picture is not clear yet."""
        entry = self.entry(request, request.path_params["run"])
        data = entry.preview() if entry.preview and previewed(entry) else None
        headers = {"Cache-Control": "no-store"}
        return (
            Response(data, media_type="image/png", headers=headers)
            if data
            else Response(status_code=204, headers=headers)
        )

    async def save(self, request: Request) -> Response:
        """A file to keep, of one run or of several whose keys are joined by commas."""
        try:
            saved = await anyio.to_thread.run_sync(self.saved, request)
            return await saving.answer(request, self.exports, saved)
        except ActvizError as problem:
            return JSONResponse({"problem": str(problem)}, status_code=409, headers=saving.FRESH)

    def place(self, request: Request) -> Response:
        """Where a file that takes long stands in the queue."""
        saved = self.saved(request)
        if not isinstance(saved.content, Order):
            raise HTTPException(404)
        return saving.place(self.exports, saved.content)

    def saved(self, request: Request) -> Saved:
        keys = request.path_params["runs"].split(",")
        # More than any page shows: whoever asks does not choose the memory.
        if len(set(keys)) < len(keys) or len(keys) > FINEST**2:
            raise HTTPException(404)
        entries = [self.entry(request, run) for run in keys]
        what = request.path_params["what"]
        saved = saved_of_board(entries, what) or (
            saved_of_run(entries[0], what, number(request, "iteration")) if len(entries) == 1 else None
        )
        if saved is None:
            raise HTTPException(404)
        return saved


def whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def number(request: Request, name: str) -> int | None:
    """The number that the address gives under that name, None if it gives none.

    What is no number is no address of ours.
    """
    text = request.query_params.get(name)
    if text is not None and whole(text) is None:
        raise HTTPException(404)
    return whole(text or "")


def at_or_before(run: Run, iteration: int | None) -> tuple[int, np.ndarray]:
    found = run.history.pictures.at_or_before(iteration) if iteration is not None else None
    if found is None:
        raise HTTPException(404)
    return found
