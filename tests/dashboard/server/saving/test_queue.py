"""The queue of files that take their time, at a real server."""

import io
import json
import socket
import threading
import time

import httpx2 as httpx
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette

from actviz_core import Run, encode
from dashboard.jobs.exports import Order
from dashboard.server import saves
from dashboard.server.live import routes
from tests.dashboard.server.saving.frames import PATIENCE, TITLE, frames, name_of, path, recipe


@pytest.fixture
def served(visitors, exports):
    """The address of a server of these routes, in this process."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(100)  # who comes before the server waits
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(visitors, exports)), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)  # between two looks at the condition


class Gate:
    """Keeps the only worker busy until it is opened."""

    def __init__(self, exports):
        self.opened, self.begun = threading.Event(), threading.Event()
        self.wanted = exports.wanted(Order("gate", 1, self.make))

    def make(self, check):
        self.begun.set()
        assert self.opened.wait(PATIENCE)
        return b"open"

    def __enter__(self):
        self.wanted.__enter__()
        assert self.begun.wait(PATIENCE)
        return self

    def __exit__(self, *problem):
        self.opened.set()
        self.wanted.__exit__(*problem)


def left_behind(served, address):
    """A connection that has asked for a file and waits."""
    asker = socket.create_connection(("127.0.0.1", int(served.rpartition(":")[2])))
    asker.sendall(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return asker


def test_the_place_in_the_queue_is_told_and_then_the_file_comes(served, exports, ended, visitor):
    first, second = path(visitor, [ended()], "run.gif"), path(visitor, [ended()], "run.gif")

    def place(address: str) -> int:
        return httpx.get(f"{served}{address}/place").json()["place"]

    with Gate(exports) as gate, left_behind(served, first), left_behind(served, second) as asker:
        until(lambda: len(exports.under_way) == 3)
        assert sorted([place(first), place(second)]) == [2, 3]
        gate.opened.set()
        assert asker.recv(15) == b"HTTP/1.1 200 OK"
    assert place(first) == place(second) == 0


def test_sixty_who_leave_cost_nothing(served, exports, ended, visitor):
    """Large films of sixty runs: nothing is begun after everybody has gone; live routes answer at once meanwhile."""
    entries = [ended(40, size=(480, 640)) for _ in range(60)]
    visitor.pin([entry.key for entry in entries])
    made = []
    keep, exports.keep = exports.keep, lambda order, data: (made.append(order.name), keep(order, data))
    askers = []
    with Gate(exports) as gate:
        for entry in entries:
            visitor.watched[entry.key] = entry
            askers.append(left_behind(served, path(visitor, [entry], "run.gif")))
        until(lambda: len(exports.under_way) == 61)
        gate.opened.set()
        began = time.perf_counter()
        assert httpx.get(f"{served}/live/{visitor.token}/{entries[0].key}/picture/3").status_code == 200
        assert time.perf_counter() - began < 2
    for asker in askers:
        asker.close()
    gone = time.perf_counter()
    until(lambda: not exports.under_way)
    exports.pool.submit(int).result(PATIENCE)  # whatever was in the thread's own queue has been passed over
    assert time.perf_counter() - gone < 3
    assert len(made) < 30


def test_leaving_ends_a_film_between_two_pictures(served, exports, ended, visitor, monkeypatch):
    """The thirtieth picture is held back until the one who asked has gone: it is the last that is thought of."""
    checks, enough, left = [], threading.Event(), threading.Event()

    def held(film, kind, check):
        def counted():
            checks.append(kind)
            if len(checks) == 30:
                enough.set()
                assert left.wait(PATIENCE)
            check()

        return encode(film, kind, counted)

    monkeypatch.setattr(saves, "encode", held)
    asker = left_behind(served, path(visitor, [ended(120)], "run.webp"))
    assert enough.wait(PATIENCE)
    asker.close()
    until(lambda: not exports.under_way)
    left.set()
    exports.pool.submit(int).result(PATIENCE)
    assert len(checks) == 30 and exports.files == {}


def test_a_film_of_a_running_run_shows_it_until_then(client, visitor, scheduler):
    gate = threading.Semaphore(3)

    def gated():
        for frame in frames(9):
            assert gate.acquire(timeout=PATIENCE)
            yield frame

    entry = visitor.show(scheduler.start(Run(gated(), 9)), recipe, TITLE)
    assert entry.run.wait(lambda run: run.iteration == 3, PATIENCE)
    answer = client.get(path(visitor, [entry], "run.gif"))
    assert name_of(answer).endswith("iteration-3.gif") and Image.open(io.BytesIO(answer.content)).n_frames == 3
    assert json.loads(client.get(path(visitor, [entry], "recipe.json")).text)
    gate.release(9)
