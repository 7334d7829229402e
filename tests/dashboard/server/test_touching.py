"""Masks over the image: what they change, what is refused; the search for the smallest region that turns a decision."""

import asyncio
import base64
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from actviz_core import AttributionFrame, Channel, ClassLogit, History, Predict, Run, Touch, masked
from actviz_core.attribution import Saliency
from actviz_core.attribution.attribute import NO_PICTURE
from dashboard.server import touching
from dashboard.server.explain import routes
from dashboard.server.feed import jpeg
from dashboard.server.touching import LARGEST, SEARCH, mask_of
from dashboard.state import services
from dashboard.state.explaining import Picture, Seen, View
from dashboard.state.mapped import Asked, Mapped
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors
from tests.core.tiny import tiny_images, tiny_model

NETWORK, SIZE = ("tiny", ""), (12, 16)
PIXELS = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
OBJECTIVE = Channel("conv2", 1)


@pytest.fixture
def visitor(networks):
    networks(lambda name: tiny_model())
    picture = Picture("cat.png", PIXELS)
    prediction = services.door().ask_once(Predict(NETWORK, PIXELS))
    seen = Seen(View(NETWORK, picture.version, (0, 0, *SIZE), SIZE), PIXELS, prediction)
    visitor = Visitors().new()
    visitor.state = PageState(image=picture, seen=seen, explained=OBJECTIVE)
    return visitor


@pytest.fixture
def client(visitor):
    with TestClient(Starlette(routes=routes(visitor.visitors))) as client:
        yield client


def text_of(mask) -> str:
    return base64.b64encode(np.packbits(mask).tobytes()).decode()


def half() -> np.ndarray:
    mask = np.zeros(SIZE, bool)
    mask[:, 8:] = True
    return mask


def test_the_first_pixel_is_the_highest_bit():
    mask = np.zeros((3, 5), bool)
    mask[0, 0] = mask[2, 4] = mask[1, 2] = True
    assert np.array_equal(mask_of({"mask": text_of(mask)}, (3, 5)), mask)
    assert base64.b64decode(text_of(mask)) == bytes([0b10000001, 0b00000010])


@pytest.mark.parametrize("fill", ["grey", "blur", "mean", "patch"])
def test_classes_and_score_move(visitor, client, fill):
    answer = client.post(f"/explain/{visitor.token}/touch", json={"mask": text_of(half()), "fill": fill})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    said, before = answer.json(), visitor.state.seen.prediction
    assert said["before"] == services.door().ask_once(Predict(NETWORK, PIXELS, OBJECTIVE)).score
    if fill != "patch":
        after = services.door().ask_once(Touch(NETWORK, PIXELS, half(), fill, OBJECTIVE))
        assert said["score"] == after.score != said["before"]
        assert said["classes"][0][2] == pytest.approx(after.probabilities[before.ranked[0]])
    index, name, now, was = said["classes"][0]
    assert index == before.ranked[0] and was == pytest.approx(before.probabilities[index]) and 0 <= now <= 1
    assert str(index) in name and len(said["classes"]) == 5


@pytest.mark.parametrize("fill", ["grey", "blur", "mean"])
def test_the_masked_picture_comes_where_it_is_asked_for(visitor, client, fill):
    address, question = f"/explain/{visitor.token}/touch", {"mask": text_of(half()), "fill": fill}
    for no in ({}, {"picture": False}, {"picture": 1}):
        assert "picture" not in client.post(address, json=question | no).json()
    sent = base64.b64decode(client.post(address, json=question | {"picture": True}).json()["picture"])
    assert sent == jpeg(masked(PIXELS, half(), fill))
    assert Image.open(io.BytesIO(sent)).size == (16, 12)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "not JSON"),
        (b"[]", "not JSON"),
        (b"[" * 10_000, "not JSON"),
        (b'{"fill": "grey"}', "not one of 12 x 16 pixels"),
        (b'{"mask": "####"}', "not one of 12 x 16 pixels"),
        (b'{"mask": 5}', "not one of 12 x 16 pixels"),
        (b'{"mask": "AAAA"}', "not one of 12 x 16 pixels"),
        (b'{"fill": []}', "is a word"),
        (b'{"fill": "lava", "mask": "%s"}' % text_of(half()).encode(), "lava"),
        (b'{"mask": "' + b"A" * LARGEST + b'"}', "has more than"),
    ],
)
def test_questions_that_make_no_sense(visitor, client, body, sentence):
    answer = client.post(f"/explain/{visitor.token}/touch", content=body)
    assert answer.status_code == 400 and sentence in answer.json()["error"]


def test_without_an_image_there_is_nothing_to_mask(visitor, client):
    visitor.state = replace(visitor.state, image=None)
    for place in ("touch", "flip"):
        answer = client.post(f"/explain/{visitor.token}/{place}", json={"mask": text_of(half())})
        assert answer.status_code == 400 and "There is no image" in answer.json()["error"]


def test_nobody_elses(visitor, client):
    for place in ("touch", "flip", "flip/stop"):
        assert client.post(f"/explain/{visitor.token[:-1]}x/{place}", json={}).status_code == 404
    assert client.get(f"/explain/{visitor.token}/flip").status_code == 404, "none was begun"
    assert client.get(f"/explain/{visitor.token}/touch").status_code == 405


def test_one_answer_at_a_time(visitor, client):
    """A flood takes nothing from others: all but one are turned away at once, and afterwards all is as before."""
    address, question = f"/explain/{visitor.token}/touch", {"mask": text_of(half())}
    with ThreadPoolExecutor(8) as threads:
        codes = [each.status_code for each in threads.map(lambda _: client.post(address, json=question), range(24))]
    assert set(codes) <= {200, 429} and 200 in codes
    assert client.post(address, json=question).status_code == 200


def test_the_smallest_region_is_searched_for(visitor, client):
    address = f"/explain/{visitor.token}/flip"
    refused = client.post(address, json={"fill": "lava"})
    assert refused.status_code == 400 and "lava" in refused.json()["error"] and SEARCH not in visitor.aside
    assert client.post(address, json={"fill": "grey"}).status_code == 200
    run = visitor.aside[SEARCH]
    assert run.wait(lambda run: run.ended, 60) and run.finished, run.error
    said = client.get(address).json()
    assert said["status"] == "finished" and said["words"] and said["step"] == run.iteration
    frame = run.newest
    if frame.mask.any():
        assert np.array_equal(mask_of(said, SIZE), frame.mask) and said["share"] == frame.share > 0
        assert said["class"][0] == frame.prediction.ranked[0] != visitor.state.seen.prediction.ranked[0]
    else:
        assert said["mask"] == "" and said["class"] is None
    assert client.get(address, params={"since": f"{run.iteration}.finished"}).status_code == 204
    assert client.get(address, params={"since": "no"}).status_code == 404


def test_another_search_ends_the_one_before_and_so_does_the_visitor(visitor, client):
    address = f"/explain/{visitor.token}/flip"
    client.post(address, json={})
    first = visitor.aside[SEARCH]
    client.post(address, json={"fill": "blur"})
    assert visitor.aside[SEARCH] is not first and (first.cancelled or first.ended)
    client.post(f"{address}/stop")
    assert visitor.aside[SEARCH].cancelled
    assert visitor.aside[SEARCH].wait(lambda run: run.ended, 20)


def test_a_class_against_another_is_what_the_search_is_about(visitor, client):
    ranked = visitor.state.seen.prediction.ranked
    explanation = replace(visitor.state.explanation, label=ranked[0], against=ranked[3])
    visitor.state = replace(visitor.state, explanation=explanation, explained=ClassLogit(ranked[0]))
    client.post(f"/explain/{visitor.token}/flip", json={})
    run = visitor.aside[SEARCH]
    assert run.wait(lambda run: run.ended, 60) and run.finished, run.error
    if run.newest.mask.any():
        after = run.newest.prediction.probabilities
        assert after[ranked[3]] > after[ranked[0]]


def test_while_somebody_draws_his_maps_wait_and_go_on_afterwards(visitor, client, scheduler):
    """The answers do not wait for batches of maps; what was paused by hand stays so."""
    going, paused = (slow(visitor) for _ in range(2))
    visitor.explain([going, paused])
    paused.run.pause()
    for entry in (going, paused):
        scheduler.start(entry.run)
    assert going.run.wait(lambda run: run.iteration >= 1, 20)
    client.post(f"/explain/{visitor.token}/touch", json={"mask": text_of(half())})
    assert not going.run.wanted and not paused.run.wanted
    assert going.run.wait(lambda run: run.status == "paused", 20)
    reached = going.run.iteration
    assert going.run.wait(lambda run: run.iteration > reached, 20), "it goes on by itself"
    assert not paused.run.wanted
    visitor.explain([])


def slow(visitor) -> Mapped:
    frames = (AttributionFrame(step, NO_PICTURE, (0.5,)) for step in range(1, 10**9))
    return Mapped(Run(frames, float("inf"), History(0, 0)), Asked(visitor.state.seen.view, OBJECTIVE, Saliency()), "")


def test_who_leaves_in_the_middle_of_a_question_is_no_error(visitor):
    async def receive():
        return {"type": "http.disconnect"}

    with pytest.raises(touching.Refused, match="not sent whole"):
        asyncio.run(touching.question(Request({"type": "http", "headers": []}, receive)))
