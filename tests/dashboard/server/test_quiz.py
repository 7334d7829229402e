"""The routes of the quiz: the server judges, nothing tells the answer, and a member's quiz outlives the server."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from torch import nn

from actviz_core import Channel, FieldOf, Index, Model, Recipe, Spec, quiz
from actviz_core.dataset import statistics
from dashboard.jobs.indexing import INDEXINGS, Indexing
from dashboard.server import quiz_pictures, quiz_results, synthesis
from dashboard.server.quiz import routes
from dashboard.state import services
from dashboard.state.class_file import kept, restore
from dashboard.state.classroom import Classroom
from dashboard.state.page_state import PageState
from dashboard.state.quizzing import Quizzing
from dashboard.state.visitors import Visitors

NETWORK, SIZE, IMAGES = ("small", ""), (12, 16), 60
TOLD = {"status", "number", "of", "practice", "practices", "condition", "slots", "waits", "missing", "fraction"} | {
    *("failed", "halted", "network", "images", "count", "cut")
}


def small_model(_name="") -> Model:
    def block(inputs):
        return nn.Conv2d(inputs, 8, 3, padding=1), nn.Softplus()

    network = nn.Sequential(*block(3), *block(8), *block(8), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return Model("small", network.eval().requires_grad_(False), (0.5,) * 3, (0.25,) * 3, *SIZE, ())


def index_of(images: int = IMAGES, layers=("1", "2", "3", "4", "5"), seed: int = 0) -> Index:
    """Each image is of one grey, by which it is known again."""
    rng = np.random.default_rng(seed)
    units = {
        layer: statistics.units(layer, rng.random((images, 8), np.float32), np.zeros((images, 8), np.int32), *SIZE)
        for layer in layers
    }
    return Index("grey images", False, units, tuple(map(grey, range(images))), (), tuple(map(str, range(images))))


def grey(number: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", SIZE[::-1], (4 * number,) * 3).save(file, "JPEG", quality=95)
    return file.getvalue()


def seen_in(picture: bytes) -> int:
    """Which of the images it is a part of."""
    return round(float(np.asarray(Image.open(io.BytesIO(picture))).mean()) / 4)


@pytest.fixture
def images(monkeypatch):
    """What the index is by now."""
    found = {"index": index_of()}

    def indexing(model, of):
        made = Indexing(lambda: found["index"], lambda: pytest.fail("it is there"), lambda run: None, ())
        return INDEXINGS.open((model.network, of, id(found["index"])), lambda: made)

    monkeypatch.setattr(services, "indexing", indexing)
    monkeypatch.setattr(INDEXINGS, "folder", "a folder")
    INDEXINGS.known.clear()
    yield found
    INDEXINGS.known.clear()


@pytest.fixture
def visitors(networks, images, monkeypatch):
    monkeypatch.setattr(synthesis, "ITERATIONS", 4)
    networks(small_model)
    services.model(*NETWORK).list_layers()
    return Visitors()


@pytest.fixture
def room():
    room = Classroom()
    room.open = True
    return room


@pytest.fixture
def client(visitors, room):
    with TestClient(Starlette(routes=routes(visitors, Quizzing(room)))) as client:
        yield client


def newcomer(visitors):
    visitor = visitors.new()
    visitor.state = PageState(recipe=Recipe(Spec("small", Channel("1", 0), height=16, width=16)))
    return visitor


def now(client, visitor) -> dict:
    answer = client.get(f"/quiz/{visitor.token}")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    return answer.json()


def post(client, visitor, what, body):
    return client.post(f"/quiz/{visitor.token}/{what}", content=body if isinstance(body, bytes) else json.dumps(body))


def begin(client, visitor, form="short") -> dict:
    assert now(client, visitor)["status"] == "ready"
    return post(client, visitor, "begin", {"form": form}).json()


def ready(client, visitor) -> dict:
    """The trial, as soon as its pictures are made."""
    while (found := now(client, visitor))["status"] == "trial" and found["waits"]:
        for each in list(services.synthesizings().making.values()):
            assert each.run.wait(lambda run: run.ended, 60)
    return found


def picture(client, visitor, number, slot):
    return client.get(f"/quiz/{visitor.token}/{number}/{slot}.jpg")


def answer(client, visitor, number, given=1):
    return post(client, visitor, "answer", {"number": number, "answer": given})


def sitting_of(visitor) -> quiz.Sitting:
    assert visitor.sitting is not None
    return visitor.sitting


def finish(client, visitor, right=True) -> dict:
    """To the end, with all answers right or all wrong."""
    while (found := ready(client, visitor))["status"] == "trial":
        side = sitting_of(visitor).trials[found["number"]].side
        assert answer(client, visitor, found["number"], 1 if (side == "left") == right else 6).status_code == 200
    return found


def test_nothing_tells_the_answer_before_it_is_given_and_the_server_is_right(client, visitors, images):
    visitor = newcomer(visitors)
    begin(client, visitor, "whole")
    told = ready(client, visitor)
    assert set(told) == TOLD and (told["number"], told["of"], told["practice"]) == (0, 15, True)
    assert told["condition"] == "natural" and told["slots"] == ["least-natural", "most-natural"]
    shown = {slot: seen_in(picture(client, visitor, 0, slot).content) for slot in ("left", "right", *told["slots"])}
    assert len(set(shown.values())) == 4
    said = answer(client, visitor, 0, given=1).json()
    assert set(said) == {"feedback", "now"} and set(said["now"]) == TOLD and said["now"]["number"] == 1
    feedback, index = said["feedback"], images["index"]
    at = {patch.image: patch.value for patch in all_patches(index, feedback["layer"], feedback["channel"])}
    assert feedback["values"] == {slot: at[shown[slot]] for slot in ("left", "right")}
    assert feedback["side"] == max(("left", "right"), key=lambda slot: at[shown[slot]])
    assert feedback["right"] == (feedback["side"] == "left")
    assert at[shown["most-natural"]] == max(at.values()) and at[shown["least-natural"]] == min(at.values())


def all_patches(index, layer, channel):
    record = index.unit(layer, channel)
    return [*record.best, *record.random, *record.spread]


def test_a_quiz_to_its_end_with_pictures_that_all_share(client, visitors):
    one, other = newcomer(visitors), newcomer(visitors)
    begin(client, one)
    kinds = []
    while (told := ready(client, one))["status"] == "trial":
        assert set(told) == TOLD, "a catch trial is like any other"
        trial = sitting_of(one).trials[told["number"]]
        kinds.append((trial.kind, trial.condition))
        assert (told["practice"], told["condition"]) == (trial.kind == "practice", trial.condition)
        files = {slot: picture(client, one, told["number"], slot) for slot in (*told["slots"], "left", "right")}
        assert {file.status_code for file in files.values()} == {200}
        repeated = trial.kind == "catch"
        if "most-natural" in files:
            assert (files["most-natural"].content == files[trial.side].content) == repeated
        if "most-synthetic" in files:
            assert files["most-synthetic"].content != files["least-synthetic"].content
        said = answer(client, one, told["number"], 3 if trial.side == "left" else 4).json()
        assert (said["feedback"] is None) == (trial.kind != "practice")
    assert [kind for kind, _ in kinds].count("catch") == 2 and len(kinds) == 7
    assert (told["status"], told["own"]["counted"], told["class"]) == ("end", True, None)
    assert told["own"]["conditions"]["none"] == {"right": 1, "of": 1, "interval": list(quiz.Share(1, 1).wilson())}
    assert told["own"]["confidences"] == {"1": [4, 4], "2": [0, 0], "3": [0, 0]}
    assert told["published"]["conditions"] == {"none": 0.447, "synthetic": 0.759, "natural": 0.837, "both": None}
    before = len(services.synthesizings().made)
    begin(client, other, "whole")
    other.sitting = replace(sitting_of(one), answers=())
    assert finish(client, other)["own"]["counted"] and len(services.synthesizings().made) <= before + 1


def test_only_ones_own_quiz_and_only_what_there_is(client, visitors):
    visitor, stranger = newcomer(visitors), newcomer(visitors)
    wrong = ("endless", ["short"], {"a": 1}, 1, None)
    for what, body in (*(("begin", {"form": form}) for form in wrong), ("begin", b"\xff"), ("begin", b"[]")):
        assert post(client, visitor, what, body).status_code == 400
    assert answer(client, visitor, 0).status_code == 400, "it has not begun"
    assert post(client, visitor, "anew", {}).status_code == 409 and post(client, visitor, "x", {}).status_code == 404
    begin(client, visitor)
    assert begin_again(client, visitor)["number"] == 0
    for number, given, status in ((1, 1, 409), (-1, 1, 409), (0, 0, 400), (0, 7, 400), (0, True, 400), (0, "1", 400)):
        assert answer(client, visitor, number, given).status_code == status
    assert post(client, visitor, "answer", {"number": 0.0, "answer": 1}).status_code == 400
    assert (
        post(client, visitor, "answer", b'{"number": 0, "answer": 1, "x": "' + b"x" * 2000 + b'"}').status_code == 400
    )
    assert sitting_of(visitor).answers == ()
    assert answer(client, visitor, 0).status_code == 200 and answer(client, visitor, 0).status_code == 409, "once"
    for number, slot in (
        (2, "left"),
        (0, "middle"),
        (0, "most-synthetic"),
        (7, "left"),
        (99999, "left"),
        ("9" * 5000, "left"),
        ("x", "left"),
    ):
        assert picture(client, visitor, number, slot).status_code == 404
    assert picture(client, stranger, 0, "left").status_code == 404 and now(client, stranger)["status"] == "ready"
    assert post(client, visitor, "anew", {}).status_code == 409, "nobody is asked about a unit twice"
    for path in ("/quiz/nobody", "/quiz/nobody/0/left.jpg"):
        assert client.get(path).status_code == 404
    assert client.post("/quiz/nobody/answer", content="{}").status_code == 404


def begin_again(client, visitor) -> dict:
    return post(client, visitor, "begin", {"form": "whole"}).json()


def test_what_stands_in_its_way_is_said(client, visitors, images):
    visitor = newcomer(visitors)
    begin(client, visitor)
    images["index"] = index_of(seed=1)
    assert now(client, visitor)["status"] == "changed" and answer(client, visitor, 0).status_code == 409
    assert post(client, visitor, "anew", {}).status_code == 200 and now(client, visitor)["status"] == "ready"
    images["index"] = index_of(images=20)
    few = now(client, visitor)
    assert few == {"status": "too_few", "what": "images", "about": "grey images", "found": 20, "needed": 40}
    assert post(client, visitor, "begin", {"form": "short"}).status_code == 409
    images["index"] = index_of(layers=("output",))
    assert now(client, visitor)["what"] == "layers"
    visitor.state = PageState(recipe=Recipe(Spec("never loaded", Channel("1", 0))))
    assert now(client, visitor) == {"status": "gone"}


def test_the_index_is_waited_for_in_words(client, visitors, monkeypatch):
    made = Indexing(lambda: None, lambda: pytest.fail("tested elsewhere"), lambda run: None, ())
    monkeypatch.setattr(made, "go_on", lambda: None)
    monkeypatch.setattr(services, "indexing", lambda model, of: made)
    assert now(client, newcomer(visitors)) == {"status": "making", "fraction": 0.0, "counted": None}
    made.problem = "the folder is gone."
    assert now(client, newcomer(visitors)) == {"status": "failed", "words": "the folder is gone."}


def test_a_crop_is_where_the_unit_sees(visitors, images):
    visitor, model, index = newcomer(visitors), services.model(*NETWORK), images["index"]
    pixels = np.arange(12 * 16 * 3, dtype=np.uint8).reshape(12, 16, 3)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    (unit, *_), _ = quiz_pictures.pool_of(index, quiz_pictures.layers_of(model, index), "folder")
    whole = replace(unit.most, image=0, row=6, column=8)
    looked = Index("one", False, index.units, (file.getvalue(),))
    box = services.door().ask(FieldOf(NETWORK, unit.layer)).box(6, 8)
    assert 0 < box[2] < 12, "a part of it"
    crop = Image.open(io.BytesIO(quiz_pictures.crop(visitor, model, looked, unit, whole)))
    assert crop.size == (224, 224)
    expected = pixels[box[0] : box[0] + box[2], box[1] : box[1] + box[3]].mean()
    assert abs(np.asarray(crop).mean() - expected) < 3


def test_a_members_quiz_comes_back_after_a_restart_and_counts_for_the_class(client, visitors, room):
    members = []
    for seat in range(5):
        visitor = newcomer(visitors)
        member = room.join(visitor, room.join_token, "", "en")
        begin(client, visitor)
        assert sitting_of(visitor).row == member.seat == seat
        members.append((visitor, member))
    for visitor, _ in members[:4]:
        assert finish(client, visitor, right=False)["own"]["counted"] is False
    visitor, member = members[4]
    assert answer(client, visitor, 0).status_code == 200
    other = Classroom()
    restore(other, json.loads(json.dumps(kept(room))))
    fresh, again = newcomer(visitors), Quizzing(other)
    assert again.sitting(fresh) is None
    assert other.join(fresh, "", member.secret, "en").sitting == again.sitting(fresh) == sitting_of(visitor)
    told = quiz_results.of_class(again)
    assert told[0] | {"published": None} == {
        "network": "small",
        "begun": 5,
        "halfway": 4,
        "finished": 4,
        "persons": 0,
        "needed": 5,
        "revealed": False,
        "conditions": {},
        "published": None,
    }
    for each in other.members.values():
        each.sitting = done(sitting_of(visitor), each.seat)
    (told,) = quiz_results.of_class(again)
    assert told["persons"] == 5 and told["conditions"] == {}, "before the teacher reveals it"
    other.reveal_quiz(True)
    (told,) = quiz_results.of_class(again)
    assert told["persons"] == 5 and told["conditions"]["natural"] == [1.0, 1.0, 1.0]


def test_who_is_not_counted_can_take_it_again_and_then_the_class_has_an_average(client, visitors, room):
    room.reveal_quiz(True)
    for _ in range(5):
        visitor = newcomer(visitors)
        room.join(visitor, room.join_token, "", "en")
        begin(client, visitor)
        finish(client, visitor, right=bool(visitor.sitting.row))
    first = next(iter(room.members.values())).visitor
    assert now(client, first)["class"]["persons"] == 4 and not now(client, first)["class"]["conditions"]
    assert post(client, first, "anew", {}).status_code == 200
    assert begin(client, first)["number"] == 0
    told = finish(client, first)
    assert told["own"]["counted"] and told["class"]["persons"] == 5 and told["class"]["conditions"]
    assert post(client, first, "anew", {}).status_code == 409, "one that counts stays"


def done(sitting: quiz.Sitting, row: int) -> quiz.Sitting:
    sitting = replace(sitting, row=row, answers=())
    for trial in sitting.trials:
        sitting = sitting.answered(2 if trial.side == "left" else 5)
    return sitting
