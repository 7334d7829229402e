"""The classroom: who is in it, what is noted and pushed, what pauses, and what a server that starts again knows."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from actviz_core import ActvizError, Channel, Recipe, Run, Spec
from actviz_core.frames import Frame
from dashboard.state import animals, classroom
from dashboard.state.class_file import ClassFile
from dashboard.state.classroom import LETTERS, MOST_MEMBERS, Classroom, NotAdmitted
from dashboard.state.member import Answer, Member, Noted
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=24, width=40, seed=7))
HALF_A_DAY = 12 * 3600


@pytest.fixture
def visitors():
    return Visitors()


@pytest.fixture
def room():
    room = Classroom(clock=lambda: 1000.0)
    room.open = True
    return room


def joined(room, visitors, lang="en", secret="") -> Member:
    return room.join(visitors.new(), room.join_token, secret, lang)


def test_names_are_as_many_as_they_say_and_agree_with_their_animals():
    for lang in animals.LANGUAGES:
        assert len({animals.name_of(number, lang) for number in range(animals.NAMES)}) == animals.NAMES == 1100
    wise = 2 * len(animals.ANIMALS)
    assert [animals.name_of(wise + animal, "de") for animal in (1, 2, 6)] == [
        "Weiser Fuchs",
        "Weise Eule",
        "Weises Reh",
    ]
    assert (animals.name_of(wise + 1, "fr"), animals.name_of(wise + 1, "xx")) == ("Renard sage", "Wise Fox")
    taken = set(range(len(animals.ANIMALS) - 1))  # every animal but the last, and each name once
    assert animals.free_number(taken, random.Random(1)) % len(animals.ANIMALS) == len(animals.ANIMALS) - 1


def test_one_joins_by_token_or_code_and_comes_back_by_the_secret_alone(room, visitors):
    first, second = joined(room, visitors, "de"), joined(room, visitors)
    code = f" {room.code[:3].lower()}-{room.code[3:].lower()} "
    third = room.join(visitors.new(), code, "", "en")
    assert set(room.code) <= set(LETTERS) and len(room.members) == 3
    assert len({first.name, second.name, third.name}) == 3 and [first.seat, second.seat, third.seat] == [0, 1, 2]
    assert room.join(visitors.new(), "", first.secret, "fr") is first
    for wrong in ("", room.teacher_token, room.code[:5], room.code + "A"):
        with pytest.raises(NotAdmitted, match="unknown"):
            room.join(visitors.new(), wrong, "x" * 22, "en")
    page = visitors.new()
    assert room.join(page, room.join_token, "", "en") is room.join(page, room.join_token, "", "en")


def test_a_full_class_lets_go_of_idle_members_only(room, visitors):
    members = [joined(room, visitors) for _ in range(MOST_MEMBERS)]
    with pytest.raises(NotAdmitted, match="full"):
        joined(room, visitors)
    for member in members[5:7]:
        room.left(member)
    room.note(members[5].visitor.token, Noted("depth", "en", "edges"))
    joined(room, visitors)
    assert members[6].id not in room.members and members[5].id in room.members


def test_the_class_s_answers_are_counted(room, visitors):
    answers = [Answer(1, right=True), Answer(0, right=False), Answer(1, right=True), Answer(estimate=4.5)]
    for answer in answers:
        room.note(joined(room, visitors).visitor.token, Noted("noise", "de", "blur", {"blur": answer}))
    stranger = visitors.new()
    room.note(stranger.token, Noted("noise", "de", "blur", {"blur": Answer(1)}))
    room.note(joined(room, visitors).visitor.token, Noted("depth", "de", "blur", {"blur": Answer(1)}))
    found = room.histogram("noise", "blur")
    assert (found.choices, found.estimates, found.of) == ({0: 1, 1: 2}, (4.5,), 5)
    assert room.of(stranger.token) is None
    with pytest.raises(ValueError, match="progress"):
        Noted("noise", "de", "blur", kept="x" * 20_000)


def test_one_recipe_with_a_seed_for_each(room, visitors):
    seats = [joined(room, visitors).seat for _ in range(3)]
    pushed = room.push("recipe", recipe=RECIPE, seeds=True)
    assert [pushed.recipe_for(seat).spec.seed for seat in seats] == [7, 8, 9]
    assert room.push("recipe", recipe=RECIPE).recipe_for(2) is RECIPE
    assert room.pushed.number == room.version > pushed.number


def endless():
    for iteration in range(1, 10**6):
        yield Frame(iteration, np.zeros((1, 4, 6, 3), np.uint8), (1.0,), {}, (1.0,), 0.05, 0.0)


def test_pause_holds_everybodys_runs_and_gives_back_what_each_wished(room, visitors, scheduler):
    member = joined(room, visitors)
    page = member.visitor
    going, own = (page.show(scheduler.start(Run(endless(), 10**6)), lambda: RECIPE).run for _ in range(2))
    assert going.wait(lambda run: run.iteration > 2, 20) and own.wait(lambda run: run.iteration > 2, 20)
    own.pause()
    room.pause(True)
    assert (going.limit, own.limit) == (0, 0)
    late = page.show(scheduler.start(Run(endless(), 10**6)), lambda: RECIPE).run
    elsewhere = room.join(visitors.new(), "", member.secret, "en").visitor
    assert late.limit == 0 and elsewhere.halted
    for wish in ("pause", "resume"):
        page.wish(late, wish)
        assert late.limit == 0
    page.wish(going, "pause")
    room.pause(False)
    assert late.wanted and not going.wanted and not own.wanted and not elsewhere.halted


def test_what_a_server_that_starts_again_knows(room, visitors, scheduler, tmp_path):
    member, hidden = joined(room, visitors, "fr"), joined(room, visitors)
    entry = member.visitor.show(scheduler.start(Run(endless(), 5)), lambda: RECIPE)
    assert entry.run.wait(lambda run: run.ended, 20)
    member.visitor.state = PageState(run=entry.key)
    room.note(member.visitor.token, Noted("noise", "fr", "blur", {"blur": Answer(1, right=True)}, ("start",), "{}"))
    room.hide(hidden, True)
    room.push("recipe", recipe=RECIPE, seeds=True)
    room.reveal("noise", "blur")
    room.reveal_quiz(True)
    ClassFile(tmp_path, room).save()
    assert (tmp_path / "class.json").stat().st_mode & 0o777 == 0o600
    again = Classroom(clock=lambda: 1000.0 + HALF_A_DAY)
    again.open = True
    ClassFile(tmp_path, again).load()
    back = again.join(visitors.new(), "", member.secret, "en")
    assert (back.name, back.seat, back.iteration, back.noted) == (member.name, 0, 5, member.noted)
    assert Recipe.from_json(back.recipe) == RECIPE and again.members[hidden.id].hidden
    assert (again.pushed, again.revealed) == (room.pushed, ("noise", "blur")) and again.quiz_revealed
    assert (again.teacher_token, again.code, again.version) == (room.teacher_token, room.code, room.version)
    again.forget()
    ClassFile(tmp_path, again).save()
    assert not (tmp_path / "class.json").exists() and again.join_token != room.join_token


def test_a_photograph_is_not_kept_of_a_member(room, visitors, scheduler, tmp_path):
    photographed = replace(RECIPE, spec=replace(RECIPE.spec, start="photograph", photograph="aGVsbG8="))
    member = joined(room, visitors)
    entry = member.visitor.show(scheduler.start(Run(endless(), 5)), lambda: photographed)
    member.visitor.state = PageState(run=entry.key)
    ClassFile(tmp_path, room).save()
    assert json.loads((tmp_path / "class.json").read_text())["members"][0]["recipe"] == ""


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"members": [{"id": 1}]}', "[" * 10_000])
def test_a_file_that_is_no_class_begins_a_new_one(room, tmp_path, text, caplog):
    (tmp_path / "class.json").write_text(text)
    ClassFile(tmp_path, room).load()
    assert not room.members and len(room.teacher_token) >= 20 and "no class that was kept" in caplog.text


def test_a_class_is_forgotten_half_a_day_after_its_last_sign_of_life(visitors, tmp_path):
    now = [0.0]
    room = Classroom(clock=lambda: now[0])
    room.open = True
    member = joined(room, visitors)
    now[0] = HALF_A_DAY
    assert not room.tidy() and room.members
    room.hide(member, True)
    ClassFile(tmp_path, room).save()
    now[0] = 2 * HALF_A_DAY + 1.0
    again = Classroom(clock=lambda: now[0])
    ClassFile(tmp_path, again).load()
    assert not again.members and room.tidy() and not room.members
    assert room.of(member.visitor.token) is None


def test_what_is_not_on_the_wall_cannot_be_shown_and_pages_that_are_gone_are_let_go_of(room, visitors):
    member = joined(room, visitors)
    room.show(member.id)
    room.hide(member, True)
    assert room.shown == ""
    with pytest.raises(ActvizError, match="not on the wall"):
        room.show(member.id)
    member.visitor.release()
    room.tidy()
    assert member.visitor is None and not room.by_visitor
    room.remove(member)
    assert not room.members


def test_without_a_class_nobody_can_join(visitors):
    closed = Classroom()
    with pytest.raises(NotAdmitted):
        joined(closed, visitors)
    assert not classroom.CLASSROOM.open


def test_with_a_class_fewer_ended_runs_are_kept(visitors, scheduler):
    visitors.kept = 1
    page = visitors.new()
    runs = [page.show(scheduler.start(Run(endless(), 1)), lambda: RECIPE).run for _ in range(3)]
    assert all(run.wait(lambda run: run.ended, 20) for run in runs)
    page.show(last := scheduler.start(Run(endless(), 1)), lambda: RECIPE)
    assert [*page.watched] == [runs[2].key, last.key]
