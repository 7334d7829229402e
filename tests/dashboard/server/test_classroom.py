"""The class's sockets and the teacher's door: who may enter, what each is told, and what an attacker comes to."""

import io
import json
import struct

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from actviz_core import Channel, Recipe, Run, Spec
from actviz_core.export import LABEL
from actviz_core.frames import Frame
from dashboard.server import members, wall
from dashboard.server.classroom import COOKIE, LONGEST_BODY, NO_TEACHER, Attempts, proof, routes
from dashboard.server.members import LONGEST_TEXT, MOST_A_SECOND, NOT_ADMITTED, OVER
from dashboard.server.sockets import BAD_MESSAGE, FOREIGN, UNKNOWN_VISITOR
from dashboard.state.classroom import Classroom
from dashboard.state.member import Answer, Noted
from dashboard.state.visitors import Visitors

HERE = {"origin": "http://testserver"}
RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=24, width=40))
PATIENCE = 20


@pytest.fixture
def visitors():
    return Visitors()


@pytest.fixture
def room(monkeypatch):
    monkeypatch.setattr(members, "AFTER_A_WRONG_ONE", 0.0)
    monkeypatch.setattr(wall, "EVERY", 0.05)
    room = Classroom()
    room.open = True
    return room


@pytest.fixture
def client(visitors, room):
    with TestClient(Starlette(routes=routes(visitors, room, url="http://10.0.0.5:8501"))) as client:
        client.phones = []
        yield client
        for phone in client.phones:
            phone.close()


class Phone:
    """A member's side of the socket."""

    def __init__(self, client, visitor, join="", secret="", lang="en", headers=HERE):
        self.connection = client.websocket_connect(f"/class/{visitor.token}", headers=headers)
        self.socket = self.connection.__enter__()
        client.phones.append(self)
        self.send(join=join, secret=secret, lang=lang)

    def send(self, **message):
        self.socket.send_text(json.dumps(message))

    def hear(self, good=lambda message: message):
        """The next message that is good; signs of life pass."""
        while not good(message := json.loads(self.socket.receive_text())):
            pass
        return message

    def pull(self):
        self.send(pull=0)
        return self.hear(lambda message: "class" in message)

    def close(self):
        if self.connection is not None:
            self.connection.__exit__(None, None, None)
        self.connection = None


@pytest.fixture
def phones(client, visitors, room):
    """phone(...): one that has joined, with what it was told first."""

    def phone(**given):
        joined = Phone(client, visitors.new(), **({"join": room.join_token} | given))
        return joined, joined.hear(lambda message: "you" in message)

    return phone


def closed_with(socket) -> int:
    with pytest.raises(WebSocketDisconnect) as end:
        while True:
            socket.receive_text()
    return end.value.code


def test_a_push_is_a_hint_and_who_was_away_pulls_what_holds(phones, room, visitors):
    phone, told = phones(lang="fr")
    assert told["class"] == {"pushed": None, "paused": False, "shown": None, "revealed": None}
    room.push("step", lesson="noise", step="blur")
    assert phone.hear(lambda message: message) == {"version": room.version}
    step = {"kind": "step", "number": room.version, "lesson": "noise", "step": "blur"}
    assert phone.pull()["class"]["pushed"] == step
    phone.close()
    room.push("look")
    room.pause(True)
    back, told = phones(join="", secret=told["you"]["secret"])
    assert told["you"]["name"] == next(iter(room.members.values())).name and len(room.members) == 1
    assert (told["class"]["pushed"]["kind"], told["class"]["paused"], told["version"]) == ("look", True, room.version)
    back.send(rename=True)
    renamed = back.hear(lambda message: "you" in message)["you"]
    assert renamed["name"] != told["you"]["name"] and renamed["secret"] == told["you"]["secret"]


def test_the_class_s_answers_come_after_ones_own(phones, room):
    (one, _), (two, _) = phones(), phones()
    tokens = list(room.by_visitor)
    room.reveal("noise", "blur")
    room.note(tokens[0], Noted("noise", "en", "blur", {"blur": Answer(1)}))
    assert one.pull()["class"]["revealed"]["choices"] == [[1, 1]]
    assert two.pull()["class"]["revealed"] is None
    room.note(tokens[1], Noted("noise", "en", "blur", {"blur": Answer(estimate=3.5)}))
    found = {"lesson": "noise", "step": "blur", "texts": [], "choices": [[1, 1]], "estimates": [3.5], "of": 2}
    assert two.pull()["class"]["revealed"] == found


def test_the_end_of_the_class_and_leaving_it(phones, room, client, visitors):
    (one, _), (two, told) = phones(), phones()
    one.send(leave=True)
    assert one.hear() == {"ended": True} and closed_with(one.socket) == OVER and len(room.members) == 1
    room.forget()
    assert two.hear(lambda message: message.get("ended")) and closed_with(two.socket) == OVER
    again = Phone(client, visitors.new(), secret=told["you"]["secret"])
    assert again.hear() == {"refused": "unknown"}


def test_who_may_not_join(client, visitors, room):
    page = visitors.new()
    for wrong in ({}, {"join": room.teacher_token}, {"secret": "x" * 22}, {"join": 5}):
        phone = Phone(client, page, **wrong)
        assert phone.hear() == {"refused": "unknown"} and closed_with(phone.socket) == NOT_ADMITTED
    for text in ("", "[]", "no JSON", "[" * 900, json.dumps({"join": room.join_token, "more": "x" * LONGEST_TEXT})):
        with client.websocket_connect(f"/class/{page.token}", headers=HERE) as socket:
            socket.send_text(text)
            assert closed_with(socket) == BAD_MESSAGE
    for origin in ("http://elsewhere", "http://localhost", "http://127.0.0.1", "http://testserver:1", "null"):
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            client.websocket_connect(f"/class/{page.token}", headers={"origin": origin}),
        ):
            pass
        assert refused.value.code == FOREIGN
    with client.websocket_connect("/class/nobody", headers=HERE) as socket:
        assert closed_with(socket) == UNKNOWN_VISITOR
    assert not room.members


def test_a_page_has_one_socket_and_one_that_floods_is_closed(phones, room, client, visitors):
    first, _ = phones()
    page = next(iter(room.members.values())).visitor
    second = Phone(client, page)
    assert second.hear()["you"] and closed_with(first.socket) == members.ELSEWHERE and len(room.members) == 1
    for _ in range(MOST_A_SECOND + 1):
        second.send(pull=0)
    assert closed_with(second.socket) == BAD_MESSAGE
    first.close()
    second.close()
    assert next(iter(room.members.values())).connections == 0 and room.listeners == ()


# the teacher


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
    assert enter(client, room.teacher_token, origin="http://elsewhere").status_code == 403
    assert enter(client, "a fifth one").status_code == 403
    waiting = enter(client, room.teacher_token)
    assert (
        waiting.status_code == 429
        and 0 < int(waiting.headers["retry-after"]) <= 61
        and "set-cookie" not in waiting.headers
    )


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
    entry = member.visitor.show(scheduler.start(Run(frames(), 1)), lambda: RECIPE)
    assert entry.run.wait(lambda run: run.ended, PATIENCE)
    while not (heard[-1][3]):
        heard.append(screen.hear())
    about, tiles, _, pictures, _ = heard[-1]
    assert pictures == {member.id: (96, 48)} and list(tiles) == [member.id]
    assert tiles[member.id]["name"] == told["you"]["name"] and tiles[member.id]["score"] == 6.12
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
    screen.do(push=None)
    screen.do(end=True)
    phone.hear(lambda message: message.get("ended"))
    assert not room.members and room.pushed is None and not room.paused


@pytest.mark.parametrize(
    "asked",
    ["", "[]", "{}", '{"push": {"recipe": "{}"}}', '{"pause": 1}', '{"show": "nobody"}', '{"end": false}', "[" * 9999]
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
