"""The class's file: read whole or refused whole, whatever stands in it; what is refused is moved aside and not lost."""

import json
import math

import pytest
from hypothesis import given, settings

from actviz_core import Channel, Recipe, Spec, quiz
from dashboard.server.members import class_of, you
from dashboard.server.wall import about_class, tile_of
from dashboard.state.class_file import ClassFile, kept
from dashboard.state.classroom import Classroom
from dashboard.state.member import Answer, Noted
from dashboard.state.visitors import Visitors
from tests.strategies import spoiled_json

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=24, width=40, seed=7))
NOW = 1000.0


def a_class() -> Classroom:
    """One of whom everything is known that can be kept, and one of whom nothing is."""
    room, visitors = Classroom(clock=lambda: NOW), Visitors()
    room.open = True
    first, _ = (room.join(visitors.new(), room.join_token, "", lang) for lang in ("en", "fr"))
    answers = {"blur": Answer(1, right=True), "start": Answer(estimate=4.5)}
    room.note(first.visitor.token, Noted("noise", "en", "blur", answers, ("start",), "{}"))
    first.sitting = quiz.Sitting("short", ("small", ""), "images", "seed", 2**64 - 1).answered(1)
    first.recipe = RECIPE.to_json()
    room.reveal("noise", "blur")
    room.push("recipe", recipe=RECIPE, seeds=True)
    return room


GOOD = json.dumps(kept(a_class()))


def changed(*path, to) -> str:
    """The good file with another value at that place."""
    data = json.loads(GOOD)
    inside = data
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = to
    return json.dumps(data)


def loaded(folder, text) -> Classroom:
    (folder / "class.json").write_text(text)
    room = Classroom(clock=lambda: NOW)
    ClassFile(folder, room).load()
    return room


def as_written(room) -> dict:
    return json.loads(json.dumps(kept(room)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("classes")


MEMBER = "members", 0
DAMAGED = [
    *((("seats",), value) for value in (math.inf, math.nan, -1, 2**63, 1.5, "1", True)),
    *((("version",), value) for value in (math.inf, None, "2")),
    *((("seen",), value) for value in (10**400, math.nan, "now")),
    *((("code",), value) for value in ("", "ABC", "A" * 5000, 7)),
    *((("join_token",), value) for value in ("x" * 4000, "x" * 19, "\ud800" * 22, None)),
    *(((name,), "") for name in ("paused", "names_hidden", "quiz_revealed", "revealed", "pushed")),
    *((("revealed",), value) for value in (["a"], "ab", [1, 2], [], {})),
    *((("pushed", "number"), value) for value in ("1", None, math.inf)),
    *((("pushed", name), 1) for name in ("kind", "lesson", "step", "at", "seeds", "recipe")),
    *(((*MEMBER, "hidden"), value) for value in ("x", 0, math.nan)),
    *(((*MEMBER, "seat"), value) for value in ("0", math.nan, None, [])),
    *(((*MEMBER, name), value) for name in ("followed", "iteration", "number") for value in ("1", 0.5, -1, 10**30)),
    *(((*MEMBER, name), value) for name in ("noted", "sitting") for value in (0, "", [], {}, False)),
    *(((*MEMBER, "noted", "answers", "blur", "choice"), value) for value in ("1", [1], math.nan)),
    *(
        ((*MEMBER, "noted", name), value)
        for name in ("done", "answers", "lesson", "kept")
        for value in (1, "a\0", None)
    ),
    *(
        ((*MEMBER, "sitting", name), value)
        for name in ("row", "form", "answers", "network")
        for value in (1.5, {}, [1])
    ),
    ((*MEMBER, "sitting", "seed"), "\ud800"),
    *(((*MEMBER, "secret"), value) for value in ("short", 3, "\ud800" * 22, "x" * 5000)),
    *(((*MEMBER, name), "x" * 2**21) for name in ("lang", "recipe", "id")),
    *(((*MEMBER, "seen"), value) for value in (-1, 1e308, math.nan)),
    ((*MEMBER, "id"), ""),
    (("seen",), -1),
    (("members",), [json.loads(GOOD)["members"][0]] * 2),
    (("members",), [json.loads(GOOD)["members"][0] | {"id": f"{n}", "secret": f"{n:020}"} for n in range(201)]),
]


@pytest.mark.parametrize(("place", "value"), DAMAGED)
def test_a_damaged_file_is_refused_whole_in_a_sentence_and_moved_aside(tmp_path, caplog, place, value):
    text = changed(*place, to=value)
    room = loaded(tmp_path, text)
    assert not room.members and room.pushed is None and room.revealed is None and not room.version
    refused, moved = caplog.messages
    assert "no class that was kept, so a new one begins: " in refused and "class.json.unread" in moved
    assert (tmp_path / "class.json.unread").read_text() == text and not (tmp_path / "class.json").exists()


def test_a_clock_that_was_ahead_keeps_no_class_for_ever(tmp_path):
    assert loaded(tmp_path, changed("seen", to=2.0**40)).seen == NOW


def test_one_refused_file_is_kept(tmp_path):
    for text in ("first", "second"):
        loaded(tmp_path, text)
        ClassFile(tmp_path, Classroom()).save()  # without members there is no file
    assert [each.name for each in tmp_path.iterdir()] == ["class.json.unread"]
    assert (tmp_path / "class.json.unread").read_text() == "second"


def test_a_file_from_before_a_field_was_added_loses_nobody(tmp_path):
    data = json.loads(GOOD)
    for name in ("quiz_revealed", "names_hidden", "revealed"):
        del data[name]
    del data["pushed"]["at"], data["members"][0]["iteration"], data["members"][1]["sitting"]
    room = loaded(tmp_path, json.dumps(data | {"added_later": 1}))
    assert len(room.members) == 2 and not room.quiz_revealed and room.revealed is None and room.pushed.recipe == RECIPE
    assert as_written(room)["members"] == json.loads(GOOD)["members"]


def test_a_good_file_is_read_as_it_was_written(tmp_path):
    assert as_written(loaded(tmp_path, GOOD)) == json.loads(GOOD)


@settings(max_examples=300)
@given(spoiled_json(GOOD) | spoiled_json(GOOD, most=1))
def test_whatever_stands_in_it_is_a_class_that_all_can_see_or_is_refused(folder, text):
    (folder / "class.json.unread").unlink(missing_ok=True)
    room = loaded(folder, text)
    if (folder / "class.json.unread").exists():
        assert not room.members and not room.version
        return
    members = room.members.values()
    told = [about_class(room, "http://here")]
    told += [part for each in members for part in (tile_of(each, False, frozenset()), you(each), class_of(room, each))]
    assert json.dumps([*told, kept(room)], allow_nan=False)
    room.open = True
    for member in [*members]:
        assert room.join(Visitors().new(), "", member.secret, "en").name
    assert room.pushed is None or room.pushed.recipe_for(3) is None or room.pushed.kind == "recipe"
    room.tell()
    again = loaded(folder, json.dumps(kept(room)))
    assert kept(again) == kept(room)
