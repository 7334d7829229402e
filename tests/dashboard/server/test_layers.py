"""The Layers page's routes and the camera's socket: what a browser receives, and what it may not ask for."""

import io
import json
import struct
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from actviz_core import Channel, LayerMaps, Predict
from dashboard.server import camera
from dashboard.server.layers import routes
from dashboard.state import services
from dashboard.state.explaining import Picture, Seen, View
from dashboard.state.page_state import START, PageState
from dashboard.state.visitors import Visitors
from tests.core.tiny import tiny_images, tiny_model

NETWORK, SIZE = ("tiny", ""), (12, 16)
PIXELS = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
TINY = replace(START, spec=replace(START.spec, model="tiny", objective=Channel("conv2", 1), height=12, width=16))


@pytest.fixture
def visitor(networks):
    networks(lambda name: tiny_model())
    services.door().model(*NETWORK)
    picture = Picture("cat.png", PIXELS)
    prediction = services.door().ask_once(Predict(NETWORK, PIXELS))
    seen = Seen(View(NETWORK, picture.version, (0, 0, *SIZE), SIZE), PIXELS, prediction)
    visitor = Visitors().new()
    visitor.state = PageState(recipe=TINY, image=picture, seen=seen)
    return visitor


@pytest.fixture
def client(visitor):
    with TestClient(Starlette(routes=routes(visitor.visitors))) as client:
        yield client


def jpeg(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=95, subsampling=0)
    return file.getvalue()


FRAME = jpeg(PIXELS)
DECODED = np.asarray(Image.open(io.BytesIO(FRAME)))


def read(content: bytes) -> tuple[dict, np.ndarray, np.ndarray, np.ndarray]:
    (length,) = struct.unpack("<I", content[:4])
    header = json.loads(content[4 : 4 + length])
    assert length % 4 == 0, "numbers of four bytes begin at a multiple of four"
    count, body = header["channels"], content[4 + length :]
    tops, peaks = np.frombuffer(body[: 8 * count], np.float32).reshape(2, count)
    values = np.frombuffer(body[8 * count :], np.int8).reshape(count, header["rows"], header["columns"])
    return header, tops, peaks, values


def expected(pixels: np.ndarray, layer: str):
    return services.door().ask_once(LayerMaps(NETWORK, pixels, layer))


def is_sheet_of(content: bytes, pixels: np.ndarray, layer: str) -> dict:
    header, tops, peaks, values = read(content)
    whole = expected(pixels, layer)
    assert np.array_equal(values, whole.values)
    assert np.array_equal(tops, whole.tops) and np.array_equal(peaks, whole.peaks)
    return header


def test_a_sheet_of_the_visitors_image(visitor, client):
    version = visitor.state.seen.view.version
    answer = client.get(f"/layers/{visitor.token}/sheet?layer=conv2&v={version}")
    header = is_sheet_of(answer.content, PIXELS, "conv2")
    said = visitor.state.seen.prediction
    best = said.ranked[0]
    assert header["classes"][0] == [
        best,
        f"{best} {('ant', 'bee', 'cat', 'dog', 'eel')[best]}",
        float(said.probabilities[best]),
    ]
    assert len(header["classes"]) == 3 and header["names"] == []
    assert (header["layer"], header["height"], header["width"], header["reduced"]) == ("conv2", 12, 16, 1)
    logits = client.get(f"/layers/{visitor.token}/sheet?layer=output&v={version}")
    assert read(logits.content)[0]["names"] == ["ant", "bee", "cat", "dog", "eel"]
    assert len(read(logits.content)[0]["classes"]) == 5, "more of them where they are the channels"
    seen = client.get(f"/layers/{visitor.token}/seen.jpg?v={version}")
    assert Image.open(io.BytesIO(seen.content)).size == (16, 12)
    refused = client.get(f"/layers/{visitor.token}/sheet?layer=conv9&v={version}")
    assert refused.status_code == 400 and "no layer 'conv9'" in refused.json()["error"]


@pytest.mark.parametrize(
    "address",
    [
        "/layers/{token}/sheet?layer=conv2&v=another",
        "/layers/{token}/sheet?layer=&v={version}",
        "/layers/nobody/sheet?layer=conv2&v={version}",
        "/layers/nobody/seen.jpg?v={version}",
    ],
)
def test_nothing_of_others_and_nothing_that_is_not_there(visitor, client, address):
    place = address.format(token=visitor.token, version=visitor.state.seen.view.version)
    assert client.get(place).status_code == 404


def test_the_pixels_that_drive_a_channel(visitor, client):
    place = f"/layers/{visitor.token}/pixels?layer=pool&channel=1&method="
    of_image, of_frame = client.post(place + "gradient"), client.post(place + "gradient", content=FRAME)
    for answer in (of_image, of_frame, client.post(place + "guided"), client.post(place + "deconvolution")):
        (length,) = struct.unpack("<I", answer.content[:4])
        header = json.loads(answer.content[4 : 4 + length])
        assert (header["status"], header["height"], header["width"]) == ("finished", 12, 16)
        assert len(answer.content) == 4 + length + 12 * 16
    assert of_image.content != of_frame.content
    assert client.post(place + "magic").status_code == 404
    assert client.post(f"/layers/{visitor.token}/pixels?layer=conv1&channel=-1&method=gradient").status_code == 404
    beyond = client.post(f"/layers/{visitor.token}/pixels?layer=conv1&channel=9&method=gradient")
    assert beyond.status_code == 400 and "channel 9" in beyond.json()["error"].lower()
    broken = client.post(place + "gradient", content=b"no picture")
    assert broken.status_code == 400 and "not an image" in broken.json()["error"]
    large = client.post(place + "gradient", content=b"x" * (camera.LARGEST_FRAME + 1))
    assert large.status_code == 400 and "256 kB" in large.json()["error"]


def test_what_a_cell_sees(visitor, client):
    place = f"/layers/{visitor.token}/field?layer="
    told = client.get(f"{place}conv2&row=3&column=5").json()
    assert told["theoretical"] == [1, 3, 5, 5] and told["centre"] == [3.5, 5.5], "two convolutions of 3 x 3"
    top, left, height, width = told["effective"]
    assert top >= 1 and left >= 3 and top + height <= 6 and left + width <= 8
    assert client.get(f"{place}conv9&row=0&column=0").status_code == 400
    assert client.get(f"{place}conv2&row=x&column=0").status_code == 404


def test_a_frame_waits_until_the_page_takes_it(visitor, client):
    answer = client.post(f"/layers/{visitor.token}/frame", content=FRAME)
    assert np.array_equal(visitor.offered.pixels, DECODED) and answer.json()["version"] == visitor.offered.version
    assert visitor.state.image.name == "cat.png"
    assert client.post(f"/layers/{visitor.token}/frame", content=b"GIF89a").status_code == 400
    large = io.BytesIO()
    Image.new("L", (6300, 6300)).save(large, "PNG")  # 40 kB, and two seconds of a decoder
    answer = client.post(f"/layers/{visitor.token}/frame", content=large.getvalue())
    assert "6300 x 6300 pixels; at most 1,638,400 are read" in answer.json()["error"] and answer.status_code == 400


def test_each_frame_is_answered_by_the_layer_that_is_wanted(visitor, client):
    with client.websocket_connect(f"/layers/{visitor.token}/camera") as socket:
        socket.send_bytes(FRAME)
        assert json.loads(socket.receive_text())["error"] == "No layer is chosen: choose one in the chart."
        for number, layer in enumerate(("conv1", "pool"), 1):
            socket.send_text(json.dumps({"layer": layer}))
            socket.send_bytes(FRAME)
            assert is_sheet_of(socket.receive_bytes(), DECODED, layer)["frame"] == number


def test_of_another_size_the_middle_is_looked_at(visitor, client):
    wide = np.zeros((24, 64, 3), np.uint8)
    wide[:, 16:48] = PIXELS.repeat(2, 0).repeat(2, 1)
    seen = camera.picture_of(jpeg(wide), SIZE)
    assert seen.shape == (12, 16, 3) and np.abs(seen.astype(int) - PIXELS).mean() < 40
    with client.websocket_connect(f"/layers/{visitor.token}/camera") as socket:
        socket.send_text('{"layer": "conv1"}')
        socket.send_bytes(jpeg(wide))
        is_sheet_of(socket.receive_bytes(), seen, "conv1")


def large() -> bytes:
    return jpeg(np.zeros((2160, 3840, 3), np.uint8))


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (b"", "not an image"),
        (b"garbage", "not an image"),
        (FRAME[: len(FRAME) - 40], "damaged"),
        (large(), "3840 x 2160"),
        (b"x" * (camera.LARGEST_FRAME + 1), "256 kB"),
    ],
    ids=["empty", "garbage", "cut short", "4K", "large"],
)
def test_a_bad_frame_is_told_and_the_next_is_looked_at(visitor, client, frame, words):
    with client.websocket_connect(f"/layers/{visitor.token}/camera") as socket:
        socket.send_text('{"layer": "conv1"}')
        socket.send_bytes(frame)
        assert words in json.loads(socket.receive_text())["error"]
        socket.send_bytes(FRAME)
        is_sheet_of(socket.receive_bytes(), DECODED, "conv1")


@pytest.mark.parametrize("text", ["", "null", '{"layer": 3}', "[" * 900, json.dumps({"layer": "x" * 2000})])
def test_what_is_not_understood_ends_it_with_a_reason(visitor, client, text):
    with client.websocket_connect(f"/layers/{visitor.token}/camera") as socket:
        socket.send_text(text)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert (closed.value.code, closed.value.reason) == (4400, camera.NO_PROTOCOL)


def test_a_flood_ends(visitor, client, monkeypatch):
    monkeypatch.setattr(camera, "MOST_A_SECOND", 5)
    with client.websocket_connect(f"/layers/{visitor.token}/camera") as socket:
        for _ in range(20):
            socket.send_text('{"layer": "conv1"}')
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.reason == camera.TOO_MANY


def test_of_two_cameras_of_a_visitor_the_newer_stays(visitor, client):
    place = f"/layers/{visitor.token}/camera"
    with client.websocket_connect(place) as first, client.websocket_connect(place) as second:
        with pytest.raises(WebSocketDisconnect) as closed:
            first.receive_text()
        assert closed.value.reason == camera.ELSEWHERE
        second.send_text('{"layer": "conv1"}')
        second.send_bytes(FRAME)
        is_sheet_of(second.receive_bytes(), DECODED, "conv1")


def test_who_is_nobody_and_who_comes_from_elsewhere_is_not_heard(visitor, client):
    for place, headers, code in (("nobody", {}, 4404), (visitor.token, {"origin": "http://elsewhere.example"}, 1008)):
        asked = client.websocket_connect(f"/layers/{place}/camera", headers=headers)
        with pytest.raises(WebSocketDisconnect) as closed, asked as socket:
            socket.receive_text()
        assert closed.value.code == code
