"""The class's routes: members' sockets, and the teacher's, which a cookie opens that the teacher's link is swapped for.

The token of that link stands after its #, which no browser sends; the page posts it, so no log and no screen has it.
"""

import hashlib
import hmac
import json
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from urllib.parse import urlsplit

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from dashboard.jobs.exports import EXPORTS, Exports
from dashboard.server.members import Members
from dashboard.server.sockets import FOREIGN, is_from_here
from dashboard.server.thumbnails import Thumbnails, awaited, contact_sheet
from dashboard.server.waits import Waits
from dashboard.server.wall import Wall
from dashboard.state.classroom import Classroom, alike
from dashboard.state.visitors import Visitors

COOKIE = "actviz-teacher"
NO_TEACHER, TOO_MANY_WALLS = 4401, 4429
MOST_WALLS = 8
WRONG_ONES, WITHIN = 5, 60.0  # wrong tokens from one address in so many seconds; then it has to wait
FORWARDED, WRONG_FORWARDED = "X-Forwarded-For", 30  # the same of all that a proxy has forwarded, together
MOST_ADDRESSES = 1000  # of which that is known
LONGEST_BODY, PATIENCE = 1024, 10.0  # bytes, and seconds for them to come
LOOPBACK = "localhost", "127.0.0.1", "::1"


def routes(visitors: Visitors, classroom: Classroom, base: str = "", url: str = "", exports: Exports = EXPORTS) -> list:
    """`base`: Streamlit's server.baseUrlPath; `url`: where others find this server, for those who say localhost."""
    base, thumbnails = f"/{base.strip('/')}".rstrip("/"), Thumbnails()
    teacher = Teacher(classroom, thumbnails, Waits(exports), url)
    members = Members(visitors, classroom, thumbnails)
    return [
        Route(f"{base}/class/teacher", teacher.enter, methods=["POST"]),
        WebSocketRoute(f"{base}/class/wall", teacher.wall),
        Route(f"{base}/class/wall.png", teacher.sheet),
        WebSocketRoute(f"{base}/class/{{token}}", members.socket),
    ]


class Attempts:
    """Wrong tokens by where they came from; in memory only, and for a minute.

    A proxy on this machine is believed whom it names, and so is whoever else works on it: what was forwarded has a
    brake of its own beside that of each address.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, origin: str) -> float:
        """Seconds until one may try again from there; 0: now."""
        times = self.wrong.get(origin, deque())
        while times and times[0] <= self.clock() - WITHIN:
            times.popleft()
        most = WRONG_FORWARDED if origin == FORWARDED else WRONG_ONES
        return 0.0 if len(times) < most else times[0] + WITHIN - self.clock()

    def note(self, origin: str) -> None:
        self.wrong.setdefault(origin, deque()).append(self.clock())
        self.wrong.move_to_end(origin)
        while len(self.wrong) > MOST_ADDRESSES:
            self.wrong.popitem(last=False)


class Teacher:
    def __init__(self, classroom: Classroom, thumbnails: Thumbnails, waits: Waits, url: str) -> None:
        self.classroom, self.thumbnails, self.waits, self.url = classroom, thumbnails, waits, url
        self.attempts, self.walls = Attempts(), 0

    async def enter(self, request: Request) -> Response:
        """The token, as JSON, for a cookie that the page's scripts cannot read."""
        if not is_from_here(request.headers) or request.headers.get("content-type") != "application/json":
            return JSONResponse({}, 403)
        origins = origins_of(request)
        if slowed := self.slowed(origins):
            return slowed
        token = token_in(await body_of(request))
        if slowed := self.slowed(origins):  # by those that came while this body did
            return slowed
        if token is None or not alike(token, self.classroom.teacher_token):
            for origin in origins:
                self.attempts.note(origin)
            return JSONResponse({}, 403)
        response = JSONResponse({})
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, proof(self.classroom), httponly=True, samesite="strict", secure=secure)
        return response

    def slowed(self, origins: tuple[str, ...]) -> Response | None:
        """The answer to whoever has to wait; None: not now."""
        wait = max(map(self.attempts.wait, origins))
        told = round(wait) + 1
        return JSONResponse({"wait": told}, 429, {"Retry-After": str(told)}) if wait > 0 else None

    async def wall(self, socket: WebSocket) -> None:
        if not is_from_here(socket.headers):
            await socket.close(FOREIGN)
            return
        await socket.accept()
        if not is_teacher(socket, self.classroom):
            await socket.close(NO_TEACHER)
            return
        if self.walls >= MOST_WALLS:
            await socket.close(TOO_MANY_WALLS)
            return
        self.walls += 1
        try:
            await Wall(socket, self.classroom, self.thumbnails, self.waits, self.address(socket)).serve()
        finally:
            self.walls -= 1

    def sheet(self, request: Request) -> Response:
        """The wall as a contact sheet, to keep."""
        if not is_teacher(request, self.classroom):
            raise HTTPException(403)
        with self.classroom.lock:
            members = [member for member in self.classroom.members.values() if not member.hidden]
        data = contact_sheet(members, self.classroom.names_hidden, awaited(self.classroom))
        if data is None:
            raise HTTPException(404)
        headers = {"Content-Disposition": 'attachment; filename="class.png"', "Cache-Control": "no-store"}
        return Response(data, media_type="image/png", headers=headers)

    def address(self, socket: WebSocket) -> str:
        """Where the class finds this server: where the teacher has, unless that is a machine's name for itself."""
        origin = socket.headers.get("origin") or f"http://{socket.headers.get('host', '')}"
        return self.url if self.url and urlsplit(origin).hostname in LOOPBACK else origin


def origins_of(request: Request) -> tuple[str, ...]:
    """The address that asks; of one that was forwarded that as well, for it may be made up."""
    address = request.client.host if request.client else ""
    return (address, FORWARDED) if FORWARDED in request.headers else (address,)


def proof(classroom: Classroom) -> str:
    """What the cookie holds: nothing from which the token can be told, and the same after a restart."""
    return hmac.new(classroom.teacher_token.encode(), b"the teacher of this class", hashlib.sha256).hexdigest()


def is_teacher(connection: HTTPConnection, classroom: Classroom) -> bool:
    return alike(connection.cookies.get(COOKIE, ""), proof(classroom))


async def body_of(request: Request) -> bytes:
    """At most as much as a token needs, and as soon: whoever asks does not choose the memory."""
    body = b""
    with anyio.move_on_after(PATIENCE):
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_BODY:
                return b""
        return body
    return b""


def token_in(body: bytes) -> str | None:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    token = asked.get("token") if isinstance(asked, dict) else None
    return token if isinstance(token, str) else None
