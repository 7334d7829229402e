"""Members of a class at their sockets: who may join, what each is told, and what an attacker comes to."""

import json

import pytest
from starlette.websockets import WebSocketDisconnect

from dashboard.server import members
from dashboard.server.members import LONGEST_TEXT, MOST_A_SECOND, NOT_ADMITTED, OVER
from dashboard.server.sockets import BAD_MESSAGE, FOREIGN, UNKNOWN_VISITOR
from dashboard.state.courses import COURSES
from dashboard.state.member import Answer, Noted
from dashboard.words.lessons import unmarked
from tests.dashboard.server.phone import HERE, Phone, closed_with


def test_a_push_is_a_hint_and_who_was_away_pulls_what_holds(phones, room, visitors):
    phone, told = phones(lang="fr")
    assert told["class"] == {"pushed": None, "paused": False, "shown": None, "revealed": None}
    room.push("step", lesson="noise", step="blur")
    assert phone.hear(lambda message: message) == {"version": room.version}
    step = {"kind": "step", "number": room.version, "lesson": "noise", "step": "blur", "at": ""}
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


def test_who_joins_late_or_slept_for_long_is_told_all_and_has_what_was_done(phones, room):
    phones()
    room.push("step", lesson="noise", step="blur")
    late, told = phones()
    assert told["class"]["pushed"]["step"] == "blur" and told["you"]["followed"] == 0
    member = list(room.members.values())[1]
    slept, noted = member.visitor, Noted("noise", "en", "blur", {"blur": Answer(1)})
    room.note(slept.token, noted)
    room.followed(member, room.version)
    late.close()
    slept.release()  # its page was away for too long
    room.tidy()
    assert member.visitor is None and room.of(slept.token) is None
    room.push("look")
    _, back = phones(join="", secret=told["you"]["secret"])
    assert back["you"] == told["you"] | {"known": True, "followed": told["class"]["pushed"]["number"]}
    assert back["class"]["pushed"]["kind"] == "look" and member.noted == noted and len(room.members) == 2
    assert member.visitor not in (None, slept)


def test_a_page_that_is_left_for_another_is_not_waited_for_and_forgotten(phones, room):
    phone, told = phones()
    (member,) = room.members.values()
    before = member.visitor
    phone.close()
    phones(join="", secret=told["you"]["secret"])
    assert before.succeeded and not member.visitor.succeeded and len(room.by_visitor) == 2
    before.release()
    room.tidy()
    assert [*room.by_visitor] == [member.visitor.token]
    phones(join="", secret=told["you"]["secret"])
    assert member.visitor is not before and room.of(member.visitor.token) is member


def test_the_class_s_answers_come_after_ones_own(phones, room):
    (one, _), (two, _) = phones(), phones()
    tokens = list(room.by_visitor)
    room.reveal("noise", "blur")
    room.note(tokens[0], Noted("noise", "en", "blur", {"blur": Answer(1)}))
    assert one.pull()["class"]["revealed"]["choices"] == [[1, 1]]
    assert two.pull()["class"]["revealed"] is None
    room.note(tokens[1], Noted("noise", "en", "blur", {"blur": Answer(estimate=3.5)}))
    found = {"lesson": "noise", "step": "blur", "texts": [], "choices": [[1, 1]], "estimates": [3.5], "of": 2}
    assert two.pull()["class"]["revealed"] == found | {"question": ""}
    lesson = next(lesson for lesson in COURSES.read().lessons if lesson.steps[0].question)
    told = members.histogram_of(room, lesson.name, lesson.steps[0].id, lesson.lang)
    assert told["question"] == unmarked(lesson.steps[0].question.text)
    room.push("look", at="task")
    assert two.pull()["class"]["revealed"]
    room.push("step", lesson="noise", step="blur")
    assert two.pull()["class"]["revealed"]
    room.push("quiz")
    assert two.pull()["class"]["revealed"] is None and room.revealed is None


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
    for wrong in (
        {},
        {"join": room.teacher_token},
        {"secret": "x" * 22},
        {"join": 5},
        {"secret": "\ud800"},
        {"join": "\ud800"},
    ):
        phone = Phone(client, page, **wrong)
        assert phone.hear() == {"refused": "unknown"} and closed_with(phone.socket) == NOT_ADMITTED
    for text in ("", "[]", "no JSON", "[" * 900, json.dumps({"join": room.join_token, "more": "x" * LONGEST_TEXT})):
        with client.websocket_connect(f"/class/{page.token}", headers=HERE) as socket:
            socket.send_text(text)
            assert closed_with(socket) == BAD_MESSAGE
    for origin in (
        "http://elsewhere",
        "http://localhost",
        "http://127.0.0.1",
        "http://testserver:1",
        "null",
        "http://[",
    ):
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
