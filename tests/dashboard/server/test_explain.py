"""The explanation's routes: what a browser receives of maps and image, and what it may not ask for."""

import asyncio
import io
import json
import struct
import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from actviz_core import AttributionFrame, ClassLogit, GradCam, Maps, export, image_hash
from actviz_core.attribution import InputXGradient
from actviz_core.attribution.attribute import NO_PICTURE
from actviz_core.runs.run import Run
from dashboard.server.explain import Door, routes
from dashboard.state import services
from dashboard.state.explaining import Picture, View
from dashboard.state.mapped import Asked, Mapped
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors
from tests.core.tiny import tiny_model

VALUES = np.array([[[0.0, 1.0, 0.5], [0.25, -2.0, 0.0]]], np.float32)
MAPS = Maps(VALUES, (3.5,), 2, 3, "conv2", 0.5, 7, (1.0,))
PICTURE = Picture("cat.png", np.full((20, 30, 3), 200, np.uint8))
VIEW = View(("tiny", ""), PICTURE.version, (0, 5, 20, 20), (2, 3))


@pytest.fixture
def visitor():
    visitor = Visitors().new()
    visitor.state = PageState(image=PICTURE)
    return visitor


@pytest.fixture
def client(visitor):
    return TestClient(Starlette(routes=routes(visitor.visitors)))


def begun(visitor, scheduler, maps, gate=None) -> Mapped:
    """A map that comes in the given steps, each let through by the gate."""

    def frames():
        for step, each in enumerate(maps, 1):
            assert gate is None or gate.acquire(timeout=20)
            yield AttributionFrame(step, NO_PICTURE, each.score, maps=each)

    entry = Mapped(Run(frames(), float("inf")), Asked(VIEW, ClassLogit(1), InputXGradient()), "bee")
    visitor.explain([entry])
    scheduler.start(entry.run)
    return entry


def read(answer) -> tuple[dict, np.ndarray]:
    (length,) = struct.unpack("<I", answer.content[:4])
    header = json.loads(answer.content[4 : 4 + length])
    values = np.frombuffer(answer.content[4 + length :], np.int8)
    return header, values.reshape(header["height"], header["width"])


def test_a_map_comes_as_it_grows_and_once_only(visitor, client, scheduler):
    gate = threading.Semaphore(0)
    entry = begun(visitor, scheduler, [MAPS, replace(MAPS, fraction=1.0)], gate=gate)
    address = f"/explain/{visitor.token}/maps/{entry.key}"
    header, values = read(client.get(address))
    assert (header["step"], header["status"], values.size) == (0, "waiting", 0)
    gate.release()
    assert entry.run.wait(lambda run: run.iteration == 1, 20)
    header, values = read(client.get(address, params={"since": "0.waiting"}))
    assert values.tolist() == [[0, 64, 32], [16, -127, 0]]
    assert header == {
        "step": 1,
        "status": "running",
        "error": "",
        "layers": [],
        "fraction": 0.5,
        "passes": 7,
        "height": 2,
        "width": 3,
        "rows": 2,
        "columns": 3,
        "signed": True,
        "top": 2.0,
        "beyond": False,
        "words": "",
        "score": 3.5,
        "completeness": [-0.25, 1.0],
        "layer": "conv2",
    }
    assert client.get(address, params={"since": "1.running"}).status_code == 204
    gate.release()
    assert entry.run.wait(lambda run: run.ended, 20)
    header, _ = read(client.get(address, params={"since": "1.running"}))
    assert (header["step"], header["status"], header["fraction"]) == (2, "finished", 1.0)


def test_another_layer_comes_from_the_same_run(visitor, client, scheduler):
    layers = tuple(replace(MAPS, layer=name, values=VALUES * factor) for name, factor in (("conv1", 3), ("relu", 5)))
    frame = AttributionFrame(2, NO_PICTURE, (3.5,), maps=MAPS, layers=layers)
    entry = Mapped(Run(iter_of(frame), float("inf")), Asked(VIEW, ClassLogit(1), GradCam()), "bee")
    visitor.explain([entry])
    scheduler.start(entry.run)
    assert entry.run.wait(lambda run: run.ended, 20)
    address = f"/explain/{visitor.token}/maps/{entry.key}"
    header, _ = read(client.get(address))
    assert header["layers"] == ["conv1", "relu"] and header["layer"] == "conv2"
    header, _ = read(client.get(address, params={"layer": "relu"}))
    assert header["layer"] == "relu" and header["top"] == 10
    header, _ = read(client.get(address, params={"layer": "no such"}))
    assert header["layer"] == "conv2"
    asked = entry.as_asked(replace(entry.asked, method=GradCam("relu")))
    assert asked.run is entry.run and asked.maps.layer == "relu"
    assert entry.as_asked(replace(entry.asked, method=GradCam("fc"))) is None
    assert entry.as_asked(replace(entry.asked, method=GradCam("relu", signed=True))) is None
    assert entry.as_asked(replace(entry.asked, objective=ClassLogit(2), method=GradCam("relu"))) is None


def test_a_scale_that_cuts_off_what_is_far_beyond_says_so(visitor, client, scheduler):
    values = np.ones((1, 20, 30), np.float32)
    values[0, 3, 4] = 1000
    entry = begun(visitor, scheduler, [Maps(values, (3.5,), 20, 30, "", 1.0, 1)])
    assert entry.run.wait(lambda run: run.ended, 20)
    header, drawn = read(client.get(f"/explain/{visitor.token}/maps/{entry.key}"))
    assert (header["top"], header["beyond"]) == (1.0, True) and (drawn == 127).all()


def iter_of(frame):
    yield frame


def test_what_failed_says_why(visitor, client, scheduler):
    def broken():
        raise ValueError("no such thing")
        yield

    entry = Mapped(Run(broken(), 1), Asked(VIEW, ClassLogit(1), GradCam()), "bee")
    visitor.explain([entry])
    scheduler.start(entry.run)
    assert entry.run.wait(lambda run: run.ended, 20)
    header, _ = read(client.get(f"/explain/{visitor.token}/maps/{entry.key}"))
    assert header["status"] == "failed" and "no such thing" in header["error"]


def test_the_image_is_its_visitors_alone(visitor, client):
    answer = client.get(f"/explain/{visitor.token}/image.jpg", params={"v": PICTURE.version})
    assert Image.open(io.BytesIO(answer.content)).size == (30, 20) and answer.headers["cache-control"] == "no-store"
    other = visitor.visitors.new()
    other.state = PageState()
    for token in (other.token, "", "x", visitor.token[:-1]):
        assert client.get(f"/explain/{token}/image.jpg").status_code == 404
    assert client.get(f"/explain/{visitor.token}/image.jpg", params={"v": "older"}).status_code == 404
    visitor.release()
    assert client.get(f"/explain/{visitor.token}/image.jpg").status_code == 404, "gone with its visitor"


def test_a_large_image_is_shown_smaller(visitor, client):
    visitor.state = PageState(image=Picture("wide", np.zeros((512, 1536, 3), np.uint8)))
    answer = client.get(f"/explain/{visitor.token}/image.jpg")
    assert Image.open(io.BytesIO(answer.content)).size == (1024, 341)


@pytest.mark.parametrize("since", ["1", "x.running", "1.", "9999999999.running", "1.running.2", "-1.running"])
def test_no_address_of_ours(visitor, client, scheduler, since):
    entry = begun(visitor, scheduler, [MAPS])
    assert client.get(f"/explain/{visitor.token}/maps/{entry.key}", params={"since": since}).status_code == 404
    assert client.get(f"/explain/{visitor.token}/maps/{entry.key}x").status_code == 404
    stranger = visitor.visitors.new()
    stranger.state = PageState()
    assert client.get(f"/explain/{stranger.token}/maps/{entry.key}").status_code == 404


# files


def saved(client, visitor, what):
    return client.get(f"/explain/{visitor.token}/{what}")


@pytest.fixture
def tiny(networks, visitor, scheduler):
    """A map of a network that everybody can ask; its entry."""
    networks(lambda name: tiny_model())
    services.model("tiny", "")
    return begun(visitor, scheduler, [replace(MAPS, layer="", completeness=())])


def test_a_map_is_saved_with_all_that_makes_it_again(visitor, client, tiny):
    assert tiny.run.wait(lambda run: run.ended, 20)
    answer = saved(client, visitor, f"maps/{tiny.key}/save/overlay.png")
    explanation = export.read_explanation(answer.content)
    assert (explanation.model, explanation.objective, explanation.method) == ("tiny", ClassLogit(1), InputXGradient())
    assert explanation.frame == VIEW.frame and explanation.size == (2, 3) and explanation.image_name == "cat.png"
    assert explanation.image == image_hash(PICTURE.pixels) and explanation.origin is not None
    assert 'filename="Input-x-gradient-class-1-bee-tiny.png"' in answer.headers["content-disposition"]
    numbers = np.load(io.BytesIO(saved(client, visitor, f"maps/{tiny.key}/save/values.npz").content))
    assert np.array_equal(numbers["map"], VALUES[0]) and numbers["target_score"] == 3.5
    lines = saved(client, visitor, f"maps/{tiny.key}/save/values.csv").text.splitlines()
    assert len(lines) == 7 and lines[5].endswith("-2.0")
    sheet = saved(client, visitor, "save/sheet.png")
    assert export.read_explanations(sheet.content) == (explanation,)
    assert sheet.headers["cache-control"] == "no-store"


def test_nothing_is_saved_that_is_not_there(visitor, client, tiny):
    assert tiny.run.wait(lambda run: run.ended, 20)
    for what in (f"maps/{tiny.key}/save/recipe.json", f"maps/{tiny.key}x/save/overlay.png", "save/sheet.gif"):
        assert saved(client, visitor, what).status_code == 404
    visitor.state = PageState(image=Picture("another", np.zeros((20, 30, 3), np.uint8)))
    for what in (f"maps/{tiny.key}/save/overlay.png", "save/sheet.png"):
        assert saved(client, visitor, what).status_code == 404, "a map of one image is not saved over another"


def test_a_saved_map_is_as_opaque_as_it_is_asked_for(visitor, client, tiny):
    assert tiny.run.wait(lambda run: run.ended, 20)
    for what in (f"maps/{tiny.key}/save/overlay.png", "save/sheet.png"):
        usual = saved(client, visitor, what).content
        assert saved(client, visitor, f"{what}?opacity={export.OPACITY}").content == usual
        clear, opaque = (
            np.asarray(Image.open(io.BytesIO(saved(client, visitor, f"{what}?opacity={opacity}").content)))
            for opacity in ("0", "1.0")
        )
        left, right = (slice(100, 110), slice(20, 30)), (slice(100, 110), slice(220, 230))
        assert (clear[left] == 200).all() and (clear[right] == 200).all(), "the grey image by itself"
        assert (opaque[left] != opaque[right]).any() and (opaque[left] != 200).any()
        for nonsense in ("1.1", "-0.1", "nan", "inf", "1e-1", "half", "", "0" * 400):
            assert saved(client, visitor, f"{what}?opacity={nonsense}").status_code == 400


def test_files_that_nobody_waits_for_are_not_made(visitor, scheduler, monkeypatch):
    """Two at a time, so that others are answered meanwhile; and those whose client has gone not at all."""
    begun(visitor, scheduler, [MAPS]).run.wait(lambda run: run.ended, 20)
    door, gate, made = Door(visitor.visitors), threading.Event(), []

    def saved_sheet(*_):
        made.append("sheet")
        assert gate.wait(20)

    monkeypatch.setattr("dashboard.server.map_saves.saved_sheet", saved_sheet)

    async def ask(gone):
        async def receive():
            if not gone.is_set():
                await asyncio.sleep(3600)
            return {"type": "http.disconnect"}

        scope = {"type": "http", "path_params": {"token": visitor.token}, "query_string": b"", "headers": []}
        return await door.save_sheet(Request(scope, receive))

    async def thirty_who_leave():
        gone = asyncio.Event()
        asked = [asyncio.create_task(ask(gone)) for _ in range(30)]
        while len(made) < 2:
            await asyncio.sleep(0)
        gone.set()
        gate.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(thirty_who_leave())
    assert made == ["sheet"] * 2
    assert [getattr(answer, "status_code", None) for answer in answers] == [404] * 2 + [499] * 28
