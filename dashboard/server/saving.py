"""A file to keep, and the answer that brings it: at once, or when the queue of exports has made it."""

import asyncio
import re
from asyncio import FIRST_COMPLETED
from concurrent.futures import Future
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actviz_core import WriteScript
from dashboard.jobs.exports import Exports, Order
from dashboard.server.waiting import answered

LONGEST = 120  # characters of a file's name before its ending
GONE = 499  # the status of an answer that nobody receives any more
FRESH = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Saved:
    """A file's name and media type, and what it holds, or the order or task to make that."""

    name: str
    media: str
    content: bytes | str | Order | WriteScript


def file_name(words: str, ending: str) -> str:
    """A name that every system takes: "blocks.4.0, channel 20" and "gif" -> "blocks.4.0-channel-20.gif".

    The sign of a negative number stays.
    """
    words = re.sub(r"(?<!\w)[-−](?=\d)", "minus ", words)
    return f"{re.sub(r'[^A-Za-z0-9._]+', '-', words).strip('-.')[:LONGEST].strip('-.')}.{ending}"


def weights_word(weights: str) -> str:
    """What a name says of weights that are not the network's usual ones."""
    return {"": "", "untrained": "untrained"}.get(weights, "custom weights")


async def answer(request: Request, exports: Exports, saved: Saved) -> Response:
    """The file, as soon as it is made. Raises ActvizError where a script cannot make the run."""
    content = saved.content
    if isinstance(content, WriteScript):  # only the device's owner has the network: no thread waits for it
        content = await answered(content, f"{request.path_params['token']} script")
    if isinstance(content, Order):
        with exports.wanted(content) as file:
            content = await unless_gone(request, file)
    if content is None:
        return Response(status_code=GONE)
    return Response(
        content, media_type=saved.media, headers=FRESH | {"Content-Disposition": f'attachment; filename="{saved.name}"'}
    )


def place(exports: Exports, order: Order) -> Response:
    """Where the file stands in the queue: 1 is being made, 0 is not in it."""
    return JSONResponse({"place": exports.place(order.name)}, headers=FRESH)


async def unless_gone(request: Request, file: Future) -> bytes | None:
    """What the file holds, or None as soon as the one who asked has gone."""
    made, gone = asyncio.wrap_future(file), asyncio.ensure_future(disconnected(request))
    try:
        await asyncio.wait((made, gone), return_when=FIRST_COMPLETED)
        return made.result() if made.done() else None
    finally:
        gone.cancel()


async def disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
