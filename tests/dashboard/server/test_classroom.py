"""The teacher's door and wall: the token that is swapped for a cookie, what is shown, and what the teacher does."""

import io
import json
import struct

import anyio
import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from actviz_core import Channel, Recipe, Run, Spec
from actviz_core.export import LABEL
from actviz_core.frames import Frame
from dashboard.server import wall
from dashboard.server.classroom import COOKIE, LONGEST_BODY, NO_TEACHER, Attempts, proof
from tests.dashboard.server.phone import HERE, closed_with

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=24, width=40))
PATIENCE = 20


def enter(client, token, **headers):
    return client.post("/class/teacher", json={"token": token}, headers=HERE | headers)


def test_the_teachers_token_is_swapped_for_a_cookie(client, room):
    answer = enter(client, room.teacher_token)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 200 and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert room.teacher_token not in cookie and room.join_token not in cookie
    assert "Secure" not in cookie


def test_wrong_teachers_are_slowed_down(client, room):
    for wrong in ("", room.join_token, room.code, "x" * (LONGEST_BODY + 1)):
        assert enter(client, wrong).status_code == 403
    assert client.post("/class/teacher", content=b"[" * 1000, headers=HERE).status_code == 403
    for origin in ("http://elsewhere", "http://["):
        assert enter(client, room.teacher_token, origin=origin).status_code == 403
    assert enter(client, "a fifth one").status_code == 403
    waiting = enter(client, room.teacher_token)
    assert (
        waiting.status_code == 429
        and 0 < int(waiting.headers["retry-after"]) <= 61
        and "set-cookie" not in waiting.headers
    )


def test_tokens_that_come_long_after_their_headers_are_slowed_down_too(client, room):
    """Forty have asked before the first one says its token."""
    tokens = [f"wrong {number}" for number in range(40)]
    headers = (HERE | {"content-type": "application/json", "host": "testserver"}).items()
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/class/teacher",
        "query_string": b"",
        "client": ("10.0.0.9", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }

    async def statuses() -> list[int]:
        found, asked, all_asked = [], [], anyio.Event()

        async def tried(token):
            async def body():
                asked.append(token)
                if len(asked) == len(tokens):
                    all_asked.set()
                await all_asked.wait()
                return {"type": "http.request", "body": json.dumps({"token": token}).encode(), "more_body": False}

            async def told(event):
                found.extend([event["status"]] if "status" in event else [])

            await client.app(scope.copy(), body, told)

        async with anyio.create_task_group() as tasks:
            for token in tokens:
                tasks.start_soon(tried, token)
        return found

    assert sorted(anyio.run(statuses)) == [403] * 5 + [429] * 35


def test_addresses_that_somebody_here_makes_up_are_slowed_down_together(client, room):
    proxied = TestClient(ProxyHeadersMiddleware(client.app, "testclient"))

    def forwarded(token, number):
        return enter(proxied, token, **{"x-forwarded-for": f"10.0.0.{number}"}).status_code

    assert [forwarded("a wrong one", number) for number in range(31)] == [403] * 30 + [429]
    assert forwarded(room.teacher_token, 99) == 429 and enter(client, room.teacher_token).status_code == 200


def test_a_proxy_is_not_held_up_by_one_of_those_behind_it(client, room):
    proxied = TestClient(ProxyHeadersMiddleware(client.app, "testclient"))
    answers = [enter(proxied, "a wrong one", **{"x-forwarded-for": "10.0.0.9"}).status_code for _ in range(40)]
    assert answers == [403] * 5 + [429] * 35
    assert enter(proxied, room.teacher_token, **{"x-forwarded-for": "10.0.0.8"}).status_code == 200


def test_an_address_waits_for_a_minute_after_five_wrong_tokens_and_others_do_not():
    now = [100.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(5):
        assert attempts.wait("10.0.0.9") == 0
        attempts.note("10.0.0.9")
        now[0] += 1
    assert (attempts.wait("10.0.0.9"), attempts.wait("10.0.0.8")) == (55.0, 0)
    now[0] = 160.0
    assert attempts.wait("10.0.0.9") == 0
    for number in range(3000):
        attempts.note(str(number))
    assert len(attempts.wrong) == 1000


PUSHED_QUIZ = {"kind": "quiz", "number": 0, "lesson": "", "step": "", "at": ""}


class Screen:
    """The teacher's side of the wall."""

    def __init__(self, socket):
        self.socket = socket

    def hear(self):
        """The next message in which something is new: what holds, tiles by id, who is gone, pictures by id."""
        while not (message := self.socket.receive_bytes()):
            pass
        (length,) = struct.unpack(">I", message[:4])
        header, at, pictures = json.loads(message[4 : 4 + length]), 4 + length, {}
        pictured = [tile["id"] for tile in header["tiles"] if tile["pictured"]]
        for tile, size in zip(pictured, header["sizes"], strict=True):
            pictures[tile] = Image.open(io.BytesIO(message[at : at + size])).size
            at += size
        return header["class"], {tile["id"]: tile for tile in header["tiles"]}, header["gone"], pictures, message

    def do(self, **asked):
        self.socket.send_text(json.dumps(asked))


@pytest.fixture
def screen(client, room):
    enter(client, room.teacher_token)
    with client.websocket_connect("/class/wall", headers=HERE) as socket:
        yield Screen(socket)


def frames():
    yield Frame(1, np.zeros((1, 96, 192, 3), np.uint8), (6.125,), {}, (1.0,), 0.05, 0.0)


def test_the_wall_shows_what_has_changed_and_no_secret(phones, screen, room, scheduler):
    assert screen.hear()[0]["members"] == 0
    (_, told), (shy, _) = phones(), phones()
    member, hidden = room.members.values()
    heard = []
    while set().union(*(each[1] for each in heard)) != {member.id, hidden.id}:
        heard.append(screen.hear())
    assert not any(tile["there"] for each in heard for tile in each[1].values()), "a page that has some lets go of them"
    entry = member.visitor.show(scheduler.start(Run(frames(), 1)), lambda: RECIPE)
    assert entry.run.wait(lambda run: run.ended, PATIENCE)
    while not (heard[-1][3]):
        heard.append(screen.hear())
    about, tiles, _, pictures, _ = heard[-1]
    assert pictures == {member.id: (96, 48)} and list(tiles) == [member.id]
    assert tiles[member.id]["name"] == told["you"]["name"] and tiles[member.id]["score"] == 6.12
    assert about["waiting"] == [] and tiles[member.id]["wait"] is None and tiles[member.id]["there"]
    assert about["link"] == f"http://testserver/?join={room.join_token}" and len(about["qr"]) > 20
    shy.send(hide=True)
    while not (latest := screen.hear())[2]:
        heard.append(latest)
    heard.append(latest)
    assert latest[2] == [hidden.id] and latest[0]["hidden"] == 1
    screen.do(hide_names=True)
    while not (latest := screen.hear())[1]:
        pass
    assert latest[1][member.id]["name"] == "" and not latest[3]
    every = b"".join(each[4] for each in heard)
    for secret in (member.secret, hidden.secret, room.teacher_token, member.visitor.token):
        assert secret.encode() not in every


def test_the_wall_is_kept_as_a_contact_sheet(client, visitors, room, scheduler):
    assert client.get("/class/wall.png").status_code == 403
    enter(client, room.teacher_token)
    assert client.get("/class/wall.png").status_code == 404
    first, hidden = (room.join(visitors.new(), room.join_token, "", "fr") for _ in range(2))
    room.hide(hidden, True)
    for member in (first, hidden):
        entry = member.visitor.show(scheduler.start(Run(frames(), 1)), lambda: RECIPE)
        assert entry.run.wait(lambda run: run.ended, PATIENCE)
    named = Image.open(io.BytesIO(client.get("/class/wall.png").content))
    assert named.size[1] == 96 + LABEL and named.size[0] >= 192  # one picture of 96 x 192 over its line
    room.hide_names(True)
    assert Image.open(io.BytesIO(client.get("/class/wall.png").content)).tobytes() != named.tobytes()


def test_what_the_teacher_does(phones, screen, room):
    phone, told = phones()
    screen.hear()
    (member,) = room.members.values()
    screen.do(push={"recipe": RECIPE.to_json(), "seeds": True})
    phone.hear(lambda message: message.get("version"))
    assert phone.pull()["class"]["pushed"]["kind"] == "recipe" and room.pushed.recipe == RECIPE and room.pushed.seeds
    screen.do(pause=True)
    screen.do(show=member.id)
    phone.hear(lambda message: message.get("version") == room.version and room.shown)
    told = phone.pull()["class"]
    assert (told["paused"], told["shown"], member.visitor.halted) == (True, {"name": member.name}, True)
    screen.do(push={"quiz": True})
    screen.do(reveal_quiz=True)
    phone.hear(lambda message: message.get("version") == room.version and room.quiz_revealed)
    assert phone.pull()["class"]["pushed"] | {"number": 0} == PUSHED_QUIZ
    screen.do(push=None)
    screen.do(end=True)
    phone.hear(lambda message: message.get("ended"))
    assert not room.members and room.pushed is None and not room.paused and not room.quiz_revealed


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "[]",
        "{}",
        '{"push": {"look": "sky"}}',
        '{"push": {"quiz": 1}}',
        '{"reveal_quiz": null}',
        '{"push": {"lesson": "nope", "step": "x"}}',
        '{"push": {"lesson": "3-noise", "step": "x"}}',
        '{"reveal": {"lesson": "3-noise", "step": "' + "x" * 300 + '"}}',
        '{"push": {"recipe": "{}"}}',
        '{"pause": 1}',
        '{"show": "nobody"}',
        '{"end": false}',
        "[" * 9999,
    ]
    + ['{"pause": true, "end": true}', '{"reveal": {"lesson": "%s", "step": ""}}' % ("x" * 101)],
)
def test_what_cannot_be_done_is_answered_in_a_sentence(room, asked):
    before = room.version
    assert wall.obey(room, asked).endswith((".", "it."))
    assert room.version == before


def test_without_the_cookie_there_is_no_wall(client, room):
    for cookie in ("", "x" * 64, room.teacher_token):
        with client.websocket_connect("/class/wall", headers=HERE | {"cookie": f"{COOKIE}={cookie}"}) as socket:
            assert closed_with(socket) == NO_TEACHER
    foreign = {"origin": "http://localhost:8080", "cookie": f"{COOKIE}={proof(room)}"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/class/wall", headers=foreign):
        pass
