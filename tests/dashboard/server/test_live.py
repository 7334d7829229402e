"""The live route: what a browser receives, what it may ask for, and what it may not."""

import io
import json
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import net_util

from actviz_core import Channel, Diagnosis, Recipe, Spec
from actviz_core.frames import Frame
from actviz_core.runs.history import Point
from actviz_core.runs.run import CANCELLED, FINISHED, PAUSED, Run
from dashboard.components.viewer import told
from dashboard.jobs.exports import Exports
from dashboard.server import connection
from dashboard.server.assets import SCRIPTS, VERSION
from dashboard.server.connection import parse
from dashboard.server.feed import POINTS, Feed, Pace
from dashboard.server.live import routes
from dashboard.server.window import LARGEST, START, Window
from dashboard.state.visitors import Visitors

HEIGHT, WIDTH = 24, 40
PATIENCE = 20  # seconds until a test that hears nothing fails
THREADS = ThreadPoolExecutor(1)


def recipe() -> Recipe:
    return Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=HEIGHT, width=WIDTH, count=2))


def picture(iteration):
    return np.full((2, HEIGHT, WIDTH, 3), iteration % 256, np.uint8)


def frames(count, gate=None):
    """Frames numbered from 1; with a gate (a semaphore) each waits to be let through."""
    for iteration in range(1, count + 1):
        if gate is not None and not gate.acquire(timeout=PATIENCE):
            return
        score = (float(iteration), float("nan") if iteration == 3 else 0.5)
        yield Frame(iteration, picture(iteration), score, {"l2": 0.25, "high_frequency@2": 0.5}, (1.0, 2.0), 0.05, 0.01)


@pytest.fixture
def visitors():
    return Visitors()


@pytest.fixture
def client(visitors):
    with TestClient(Starlette(routes=routes(visitors, Exports()))) as client:
        yield client


def started(scheduler, visitor, count=5, gate=None, **description):
    return visitor.show(scheduler.start(Run(frames(count, gate), count)), recipe, **description)


def ended(scheduler, visitor, count=5, **description):
    entry = started(scheduler, visitor, count, **description)
    assert entry.run.wait(lambda run: run.ended, PATIENCE)
    return entry


def unpack(message):
    length = struct.unpack(">I", message[:4])[0]
    header, at, pictures = json.loads(message[4 : 4 + length]), 4 + length, []
    for size in header["sizes"]:
        pictures.append(np.asarray(Image.open(io.BytesIO(message[at : at + size]))))
        at += size
    assert at == len(message)
    return header, pictures


class Viewer:
    """A browser's side of the socket."""

    def __init__(self, socket, **watch):
        self.socket, self.points = socket, []
        self.send(watch=watch)

    def send(self, **message):
        self.socket.send_text(json.dumps(message))

    def receive(self, ack=True):
        while not (message := THREADS.submit(self.socket.receive_bytes).result(PATIENCE)):
            pass  # the server is there, and has nothing to say
        header, pictures = unpack(message)
        self.points += [point[0] for point in header["points"]]
        if ack:
            self.send(ack=header["seq"])
        return header, pictures

    def until(self, reached):
        while not reached(header_and_pictures := self.receive()):
            pass
        return header_and_pictures


def finished(message):
    return message[0]["status"] == FINISHED


def path(visitor, *rest):
    return "/".join(["/live", visitor.token, *map(str, rest)])


def test_a_message_holds_the_newest_pictures_and_every_point(client, scheduler, visitors):
    visitor = visitors.new()
    entry = ended(scheduler, visitor)
    with client.websocket_connect(path(visitor)) as socket:
        header, pictures = Viewer(socket, **{entry.key: 0}).until(finished)
    assert (header["run"], header["iteration"], header["iterations"], header["error"]) == (entry.key, 5, 5, "")
    assert [point[0] for point in header["points"]] == [1, 2, 3, 4, 5]
    assert header["points"][0] == [1, [1.0, 0.5], {"L2 norm": 0.25, "High frequencies 2": 0.5}, [1.0, 2.0], 0.05, 0.01]
    assert header["points"][2][1] == [3.0, None]  # browsers refuse NaN
    assert header["recorded"] == {"first": 1, "last": 5, "spacing": 1}
    assert [image.shape for image in pictures] == [(HEIGHT, WIDTH, 3)] * 2
    assert all(abs(int(image.mean()) - 5) <= 1 for image in pictures)


def test_the_newest_picture_wins_and_no_point_is_lost_when_the_viewer_is_slow(client, scheduler, visitors, monkeypatch):
    monkeypatch.setattr(connection, "FASTEST", 0)
    visitor, gate = visitors.new(), threading.Semaphore(0)
    entry = started(scheduler, visitor, 100, gate)
    with client.websocket_connect(path(visitor)) as socket:
        viewer, header, shown = Viewer(socket, **{entry.key: 0}), {"iteration": 0}, []
        for iteration in range(1, 101):
            gate.release()
            assert entry.run.wait(lambda run, reached=iteration: run.iteration >= reached, PATIENCE)
        while header["iteration"] < 100 or header["status"] != FINISHED:
            header, pictures = viewer.receive(ack=False)
            shown = pictures or shown
        # Without an acknowledgement: two messages, and those that tell of "waiting", "running" and "finished".
        assert header["seq"] <= START + 3
    assert abs(int(shown[0].mean()) - 100) <= 1
    assert viewer.points == list(range(1, 101))


def test_points_beyond_the_bound_follow_in_the_next_messages(client, scheduler, visitors):
    visitor = visitors.new()
    entry = ended(scheduler, visitor, 2)
    entry.run.history.points = [Point(i, (0.0,), (), (0.0,), 0.1, 0.1) for i in range(1, 2 * POINTS + 8)]
    with client.websocket_connect(path(visitor)) as socket:
        viewer = Viewer(socket, **{entry.key: 0})
        sizes = [len(viewer.receive()[0]["points"]) for _ in range(3)]
    assert sizes == [POINTS, POINTS, 7]
    assert viewer.points == list(range(1, 2 * POINTS + 8))


def test_a_viewer_that_reconnects_goes_on_where_it_was(client, scheduler, visitors):
    visitor, gate = visitors.new(), threading.Semaphore(4)
    entry = started(scheduler, visitor, 9, gate)
    with client.websocket_connect(path(visitor)) as socket:
        first = Viewer(socket, **{entry.key: 0})
        first.until(lambda message: message[0]["iteration"] == 4 and first.points[-1:] == [4])
    gate.release(5)
    with client.websocket_connect(path(visitor)) as socket:
        second = Viewer(socket, **{entry.key: first.points[-1]})
        second.until(finished)
    assert (first.points, second.points) == ([1, 2, 3, 4], [5, 6, 7, 8, 9])


def test_nothing_listens_to_a_run_once_the_viewer_is_gone(client, scheduler, visitors):
    visitor = visitors.new()
    entry = ended(scheduler, visitor)
    with client.websocket_connect(path(visitor)) as socket:
        viewer = Viewer(socket, **{entry.key: 0})
        viewer.until(finished)
        assert len(entry.run.listeners) == 1
        viewer.send(watch={entry.key: 5})  # the same again: it goes on, nothing doubles
        viewer.send(watch={})
        viewer.send(wish="nonsense")
        with pytest.raises(WebSocketDisconnect):
            viewer.receive()
    assert entry.run.listeners == ()


def test_wishes_are_obeyed_and_told(client, scheduler, visitors):
    visitor, gate = visitors.new(), threading.Semaphore(1)
    entry = started(scheduler, visitor, 50, gate)
    with client.websocket_connect(path(visitor)) as socket:
        viewer = Viewer(socket, **{entry.key: 0})
        viewer.until(lambda message: message[0]["iteration"] == 1)
        viewer.send(wish="pause", run=entry.key)
        header = {"status": ""}
        while header["status"] != PAUSED:  # iterations go on one by one until the wish has arrived
            gate.release()
            header, _ = viewer.receive()
        paused = header["iteration"]
        gate.release(50)
        viewer.send(wish="step", run=entry.key)
        header, _ = viewer.until(lambda message: message[0]["status"] == PAUSED and message[0]["iteration"] > paused)
        assert header["iteration"] == paused + 1
        viewer.send(wish="cancel", run=entry.key)
        viewer.until(lambda message: message[0]["status"] == CANCELLED)


def test_a_diagnosis_is_sent_without_a_new_picture(client, scheduler, visitors):
    visitor = visitors.new()
    entry = ended(scheduler, visitor)
    with client.websocket_connect(path(visitor)) as socket:
        viewer = Viewer(socket, **{entry.key: 0})
        viewer.until(finished)
        entry.diagnosis = Diagnosis("grey", "grey by {pulling}", "faster", {"pulling": ("Noise", "Blur")}, picture=2)
        header, pictures = viewer.receive()
    told = {"kind": "grey", "sentence": "grey by {pulling}", "values": {"pulling": ["Noise", "Blur"]}, "picture": 2}
    assert header["diagnosis"] == told | {"remedy": "faster", "label": "Take longer steps"}
    assert pictures == [] and header["points"] == []


def test_a_judgement_is_sent_without_a_new_picture(client, scheduler, visitors):
    visitor = visitors.new()
    entry = ended(scheduler, visitor)
    with client.websocket_connect(path(visitor)) as socket:
        viewer = Viewer(socket, **{entry.key: 0})
        assert viewer.until(finished)[0]["heldOut"] is None
        entry.judgement = SimpleNamespace(score=2.5, rank=1, of=24)
        header, pictures = viewer.receive()
    assert header["heldOut"] == {"score": 2.5, "rank": 1, "of": 24} and pictures == []


def test_marks_come_once_with_their_sentence(scheduler, visitors):
    entry = ended(scheduler, visitors.new(), describe_mark=lambda before, after: f"{before} -> {after}")
    entry.run.marks = [(2, 1), (4, 2)]
    feed = Feed(entry, last=2)
    assert unpack(feed.message(1)[0])[0]["marks"] == [[4, "1 -> 2"]]
    assert unpack(feed.message(2)[0])[0]["marks"] == []


def test_a_viewer_hears_that_the_server_is_there(client, scheduler, visitors, monkeypatch):
    monkeypatch.setattr(connection, "SILENCE", 0.05)
    visitor = visitors.new()
    entry = ended(scheduler, visitor)
    with client.websocket_connect(path(visitor)) as socket:
        Viewer(socket, **{entry.key: 0}).until(finished)
        assert [THREADS.submit(socket.receive_bytes).result(PATIENCE) for _ in range(3)] == [b""] * 3


def test_an_unknown_token_is_closed(client):
    with client.websocket_connect("/live/guess") as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_bytes()
    assert closed.value.code == 4404


def test_a_released_token_opens_nothing(client, scheduler, visitors):
    visitor = visitors.new()
    entry = ended(scheduler, visitor)
    assert client.get(path(visitor, entry.key, "picture", 3)).status_code == 200
    visitor.release()
    assert client.get(path(visitor, entry.key, "picture", 3)).status_code == 404


def test_releasing_a_visitor_closes_the_socket(client, scheduler, visitors):
    visitor, gate = visitors.new(), threading.Semaphore(1)
    entry = started(scheduler, visitor, 9, gate)
    with client.websocket_connect(path(visitor)) as socket:
        viewer = Viewer(socket, **{entry.key: 0})
        viewer.until(lambda message: message[0]["iteration"] == 1)
        visitor.release()
        gate.release()
        with pytest.raises(WebSocketDisconnect) as closed:
            viewer.until(lambda message: False)
    assert closed.value.code == 4404 and entry.run.status == CANCELLED


def test_a_foreign_page_is_refused(client, visitors, monkeypatch):
    monkeypatch.setattr(net_util, "get_internal_ip", lambda: None)
    monkeypatch.setattr(net_util, "get_external_ip", lambda: None)
    address = path(visitors.new())
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        client.websocket_connect(address, headers={"Origin": "https://evil.example"}),
    ):
        pass
    assert closed.value.code == 1008
    with client.websocket_connect(address, headers={"Origin": "http://testserver"}):
        pass


def test_one_visitor_neither_sees_nor_moves_another_ones_run(client, scheduler, visitors):
    mine, other, gate = visitors.new(), visitors.new(), threading.Semaphore(0)
    own, theirs = ended(scheduler, mine), started(scheduler, other, 5, gate)
    with client.websocket_connect(path(mine)) as socket:
        viewer = Viewer(socket, **{theirs.key: 0, own.key: 0})
        viewer.send(wish="cancel", run=theirs.key)
        header, _ = viewer.receive()
        assert header["run"] == own.key
    assert theirs.run.listeners == () and not theirs.run.cancelled
    for rest in (["picture", 1], ["save", "recipe.json"]):
        assert client.get(path(mine, theirs.key, *rest)).status_code == 404
    gate.release(5)
    assert theirs.run.wait(lambda run: run.status == FINISHED, PATIENCE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "7",
        "[" * 9000,
        "x" * 20_000,
        '{"watch": []}',
        '{"watch": {"a": "b"}}',
        '{"ack": "1"}',
        '{"wish": "close"}',
        '{"wish": ["pause"]}',
        '{"wish": "pause", "run": 3}',
        json.dumps({"watch": {str(i): 0 for i in range(65)}}),
    ],
)
def test_bad_messages_close_the_socket_quietly(client, visitors, text, caplog):
    with client.websocket_connect(path(visitors.new())) as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.send_text(text)
        socket.receive_bytes()
    assert closed.value.code == 4400
    assert not caplog.records


def test_bytes_are_a_bad_message_too():
    with pytest.raises(ValueError):
        parse(None)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"unknown": 1},
        {"ack": 99},
        {"ack": -(10**30)},
        {"wish": "pause"},
        {"wish": "pause", "run": "?"},
        {"watch": {"?": 10**30}},
    ],
)
def test_messages_that_mean_nothing_change_nothing(client, scheduler, visitors, message):
    visitor = visitors.new()
    entry = ended(scheduler, visitor)
    with client.websocket_connect(path(visitor)) as socket:
        socket.send_text(json.dumps(message))
        assert Viewer(socket, **{entry.key: 0}).receive()[0]["run"] == entry.key


def test_a_preview_is_there_for_a_quarter_of_the_run(client, scheduler, visitors):
    visitor, stranger, gate, asked = visitors.new(), visitors.new(), threading.Semaphore(0), []
    over = ended(scheduler, visitor, 0)
    over.preview = lambda: pytest.fail("it will have no picture")
    entry = started(scheduler, visitor, 12, gate)
    assert client.get(path(visitor, entry.key, "preview")).status_code == 204 and not told(entry)["preview"], (
        "there is nothing to ask"
    )
    entry.preview = lambda: asked.append(1) or (b"picture" if len(asked) == 1 else None)
    answer = client.get(path(visitor, entry.key, "preview"))
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"picture", "image/png")
    assert answer.headers["cache-control"] == "no-store"
    assert (told(entry)["preview"], told(over)["preview"]) == ({"until": 3, "iterations": 12, "width": WIDTH}, None)
    assert client.get(path(visitor, entry.key, "preview")).status_code == 204, "the gallery has none"
    assert client.get(path(visitor, over.key, "preview")).status_code == 204
    for foreign in (
        path(stranger, entry.key, "preview"),
        f"/live/guess/{entry.key}/preview",
        path(visitor, "guess", "preview"),
        path(visitor, "..%2F..", "preview"),
    ):
        assert client.get(foreign).status_code == 404
    gate.release(2)
    assert entry.run.wait(lambda run: run.iteration == 2, PATIENCE) and told(entry)["preview"]["until"] == 3
    gate.release()
    assert entry.run.wait(lambda run: run.iteration == 3, PATIENCE)
    assert client.get(path(visitor, entry.key, "preview")).status_code == 204 and not told(entry)["preview"]
    assert len(asked) == 2 and not entry.run.ended
    gate.release(9)


def test_a_preview_does_not_stand_for_long_before_a_long_run(client, scheduler, visitors):
    visitor, gate = visitors.new(), threading.Semaphore(0)
    entry = started(scheduler, visitor, 50_000, gate)
    entry.preview = lambda: b"picture"
    assert told(entry)["preview"] == {"until": 48, "iterations": 192, "width": WIDTH}, (
        "as before a run of the default length"
    )
    entry.run.cancel()
    gate.release()


def test_recorded_pictures_are_the_ones_at_or_before(client, scheduler, visitors):
    visitor = visitors.new()
    entry = ended(scheduler, visitor, 6)
    entry.run.history.pictures.thin()
    answer = client.get(path(visitor, entry.key, "picture", 5))
    header, pictures = unpack(answer.content)
    assert header["iteration"] == 4 and abs(int(pictures[1].mean()) - 4) <= 1
    assert answer.headers["cache-control"].startswith("private")
    one = client.get(path(visitor, entry.key, "picture", 5) + "?image=1")
    assert one.headers["content-type"] == "image/jpeg" and Image.open(io.BytesIO(one.content)).size == (WIDTH, HEIGHT)
    assert client.get(path(visitor, entry.key, "picture", 5) + "?image=2").status_code == 404
    assert client.get(path(visitor, entry.key, "picture", 5) + "?image=x").status_code == 404
    assert client.get(path(visitor, entry.key, "picture", 1)).status_code == 404


def test_only_the_components_scripts_are_served(client):
    assert {"viewer/viewer.js", "gallery/gallery.js", "architecture/architecture.js"} <= set(SCRIPTS)
    for file in [*SCRIPTS, "plotly.min.js"]:
        answer = client.get(f"/components/{VERSION}/{file}")
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/javascript")
    assert client.get("/components/old/viewer/viewer.js").headers["cache-control"] == "no-cache"
    for file in ("viewer/__init__.py", "..%2Fserver/live.py", "viewer/viewer.css", "none.js"):
        assert client.get(f"/components/{VERSION}/{file}").status_code == 404


def test_routes_lie_below_the_base_path(visitors):
    assert [route.path for route in routes(visitors, Exports(), "/lab/actviz/")][0] == "/lab/actviz/live/{token}"


def line(window, delay, per_message, seconds, interval=0.036):
    """A sender with a message every `interval`.

    It sends over a line with a delay that passes one message per `per_message` seconds.

    Returns messages per second in the second half of the time.
    """
    now, seq, free, arriving, late = 0.0, 0, 0.0, [], 0
    while now < seconds:
        for sent in [sent for sent in arriving if sent[0] <= now]:
            arriving.remove(sent)
            window.ack(sent[1], sent[0])
        if window.open:
            seq, free = seq + 1, max(free, now) + per_message
            window.send(seq, now)
            arriving.append((free + delay, seq))
            late += now > seconds / 2
        now += interval
    return late / (seconds / 2)


def test_the_window_grows_over_a_long_line_until_nothing_is_lost():
    window = Window()
    assert line(window, 0.2, 0.001, 10) > 0.95 / 0.036
    assert 6 <= window.size <= LARGEST


def test_the_window_stays_small_before_a_narrow_line():
    window = Window()
    rate = line(window, 0.02, 0.15, 20)
    assert 0.7 / 0.15 < rate < 1.1 / 0.15
    assert window.size < 4


def test_the_window_shrinks_when_the_round_trip_rises():
    window = Window()
    for seq in range(40):
        window.send(seq, seq * 1.0)
        window.ack(seq, seq + 0.02)
    before = window.size
    window.send(100, 100.0)
    window.ack(100, 101.0)
    assert window.size < before
    window.ack(12345, 102.0)  # never sent: ignored


def test_pace_counts_wall_clock_time_over_the_last_second():
    pace = Pace()
    point = Point(1, (0.0,), (), (), 0.1, 0.05)
    assert pace.rate(1, [point], 0.0) == pytest.approx(20)  # at first: the computing time alone
    for tick in range(1, 31):
        rate = pace.rate(1 + tick, [point] * 5, tick / 10)
    assert rate == pytest.approx(10)
