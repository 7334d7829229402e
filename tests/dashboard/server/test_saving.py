"""What can be saved over the live route.

Contents, names, the queue, and that the server is calm once everybody has left.
"""

import io
import json
import re
import socket
import threading
import time
from dataclasses import replace
from urllib.parse import parse_qsl

import httpx2 as httpx
import numpy as np
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import (
    Change,
    Channel,
    ClassLogit,
    Frame,
    Hyperparams,
    Jitter,
    Recipe,
    Run,
    Spec,
    encode,
    read_comparison,
)
from actviz_core.export.pictures import length_of
from actviz_core.studies.fills import CLASSIFIERS
from dashboard.jobs.exports import Exports, Order
from dashboard.server import saves
from dashboard.server.live import routes
from dashboard.server.saving import file_name
from dashboard.state import links
from dashboard.state.visitors import Visitors

HEIGHT, WIDTH, PATIENCE = 24, 40, 20
TITLE = "efficientnet_lite0 blocks.1.0, channel 3"


def recipe(weights="", channel=3) -> Recipe:
    return Recipe(
        Spec("efficientnet_lite0", Channel("blocks.1.0", channel), height=HEIGHT, width=WIDTH, weights=weights)
    )


def frames(count, size=(HEIGHT, WIDTH)):
    for iteration in range(1, count + 1):
        yield Frame(
            iteration,
            np.full((1, *size, 3), 20 * iteration % 256, np.uint8),
            (float(iteration),),
            {},
            (1.0,),
            0.05,
            0.01,
        )


@pytest.fixture
def visitors():
    return Visitors()


@pytest.fixture
def visitor(visitors):
    return visitors.new()


@pytest.fixture
def exports():
    return Exports()


@pytest.fixture
def client(visitors, exports):
    with TestClient(Starlette(routes=routes(visitors, exports))) as client:
        yield client


@pytest.fixture
def ended(scheduler, visitor):
    def ended(count=5, title=TITLE, weights="", channel=3, size=(HEIGHT, WIDTH)):
        run = scheduler.start(Run(frames(count, size), count))
        assert run.wait(lambda run: run.ended, PATIENCE)
        return visitor.show(run, lambda: recipe(weights, channel), title)

    return ended


def path(visitor, entries, what):
    return f"/live/{visitor.token}/{','.join(entry.key for entry in entries)}/save/{what}"


def name_of(answer):
    return answer.headers["content-disposition"].removeprefix('attachment; filename="').removesuffix('"')


NAMES = {
    "picture.png": ("image/png", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.png"),
    "curves.csv": ("text/csv; charset=utf-8", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5-curves.csv"),
    "recipe.json": ("application/json", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5-recipe.json"),
    "run.gif": ("image/gif", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.gif"),
    "run.webp": ("image/webp", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.webp"),
    "run.mp4": ("video/mp4", "efficientnet_lite0-blocks.1.0-channel-3-iteration-5.mp4"),
}


@pytest.mark.parametrize("what", NAMES)
def test_everything_of_a_run_can_be_saved_and_says_what_it_is(client, ended, visitor, what):
    entry = ended()
    answer = client.get(path(visitor, [entry], what))
    assert answer.status_code == 200 and len(answer.content) > 30
    assert (answer.headers["content-type"], name_of(answer)) == NAMES[what]
    assert answer.headers["cache-control"] == "no-store"


def test_a_script_comes_or_the_sentence_that_says_why_there_is_none(client, ended, visitor):
    entry = ended()
    answer = client.get(path(visitor, [entry], "script.py"), params={"iteration": 3})
    assert answer.headers["content-type"].startswith("text/x-python") and name_of(answer).endswith("iteration-3.py")
    assert "SEED, COUNT, PICTURE, SCHEDULE, REDIRECTED = 0, 1, 3, 192, 16" in answer.text
    entry.recipe = lambda: replace(recipe(), spec=replace(recipe().spec, start="grey"))
    answer = client.get(path(visitor, [entry], "script.py"))
    assert answer.status_code == 409 and answer.json()["problem"].startswith("A script makes pictures of one target")


def test_a_recipe_is_that_of_the_picture_shown(client, ended, visitor):
    entry = ended()
    for iteration, kept in ((3, 3), (5, 5), (None, 5)):  # the recipe has 192 iterations, and this run ended at 5
        answer = client.get(path(visitor, [entry], "recipe.json"), params={"iteration": iteration} if iteration else {})
        assert Recipe.from_json(answer.text).picture == (0 if kept == entry.run.iterations else kept)


def test_a_link_makes_the_same_again_with_all_its_changes(client, ended, visitor):
    entry = ended()
    changed = replace(
        recipe(), changes=tuple(Change(index + 1, Hyperparams(0.1 + index / 1000)) for index in range(60))
    )
    entry.recipe = lambda: changed
    told = client.get(path(visitor, [entry], "run.link"), params={"iteration": 3}).json()
    assert links.read(dict(parse_qsl(told["query"]))) == replace(changed, picture=3)
    told = client.get(path(visitor, [entry], "comparison.link")).json()
    assert links.read_comparison(dict(parse_qsl(told["query"]))).recipes == (changed,)


def test_what_fits_into_no_link_is_told(client, ended, visitor):
    entry = ended()
    many = tuple(
        Change(index + 1, Hyperparams(0.1 + index / 1e5, (Jitter(index * index % 60),))) for index in range(4000)
    )
    entry.recipe = lambda: replace(recipe(), spec=replace(recipe().spec, iterations=9000), changes=many)
    problem = client.get(path(visitor, [entry], "run.link")).json()["problem"]
    assert problem.startswith("With all that was changed the link would have") and problem.endswith(
        "Save the recipe (JSON) instead."
    )
    entry.recipe = lambda: replace(recipe(), spec=replace(recipe().spec, start="photograph", photograph="Q"))
    assert client.get(path(visitor, [entry], "comparison.link")).json() == {
        "problem": "A photograph does not fit into a link. Save the contact sheet instead."
    }


def test_an_earlier_picture_is_saved_under_its_iteration(client, ended, visitor):
    entry = ended()
    for query, value in (("?iteration=2", 2), ("", 5)):
        answer = client.get(path(visitor, [entry], f"picture.png{query}"))
        assert Image.open(io.BytesIO(answer.content)).getpixel((0, 0)) == (
            20 * value,
        ) * 3 and f"iteration-{value}.png" in name_of(answer)
    for query in ("?iteration=x", "?iteration=-1", "?iteration=", "?iteration=0"):
        assert client.get(path(visitor, [entry], f"picture.png{query}")).status_code == 404


@pytest.mark.parametrize("weights, word", [("untrained", "untrained"), ("sha256:" + "0" * 64, "custom-weights")])
@pytest.mark.parametrize("title", [TITLE, f"{TITLE}, untrained"])
def test_other_weights_are_told_in_the_name_once(client, ended, visitor, weights, word, title):
    entry = ended(weights=weights, title=title)
    name = name_of(client.get(path(visitor, [entry], "run.gif")))
    assert name.count(word) == 1 and name.endswith("-iteration-5.gif")


def test_a_name_is_one_that_every_system_takes():
    assert file_name('../Channel 20 · "blocks"\r\nX: y', "csv") == "Channel-20-blocks-X-y.csv"
    assert len(file_name("x" * 500, "gif")) == 124
    assert (
        file_name("+1 (class 130) -0.5 (blocks.1.0, channel 3)", "png")
        == "1-class-130-minus-0.5-blocks.1.0-channel-3.png"
    )
    assert file_name("blocks.1.0, direction 3:1, 5:-2", "png") == "blocks.1.0-direction-3-1-5-minus-2.png"
    assert file_name("mobilenet-2 seed", "png") == "mobilenet-2-seed.png"


BOARD = {
    "comparison.png": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.png",
    "comparison.csv": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.csv",
    "comparison.gif": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.gif",
    "comparison.webp": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.webp",
    "comparison.mp4": "comparison-efficientnet_lite0-blocks.1.0-2-pictures-iteration-6.mp4",
}


@pytest.mark.parametrize("what", BOARD)
def test_everything_of_a_board_can_be_saved(client, ended, visitor, what):
    entries = [ended(4, "1. channel 3"), ended(6, "2. channel 7", channel=7)]
    answer = client.get(path(visitor, entries, what))
    assert answer.status_code == 200 and name_of(answer) == BOARD[what]
    if what == "comparison.png":
        assert [one.spec.objective.channel for one in read_comparison(answer.content).recipes] == [3, 7]
    if what == "comparison.csv":
        assert len(answer.text.splitlines()) == 1 + 4 + 6
    if what.endswith(("gif", "webp")):
        film = Image.open(io.BytesIO(answer.content))
        assert film.n_frames == 6 and film.size == (2 * length_of("2. channel 7") + 4, HEIGHT + 24)


def test_a_board_is_named_by_what_all_have_in_common(client, ended, visitor):
    entries = [ended(6, f"{number}. {model}") for number, model in enumerate(CLASSIFIERS, 1)]
    for entry, model in zip(entries, CLASSIFIERS, strict=True):
        made = Recipe(replace(recipe().spec, model=model, objective=ClassLogit(130)))
        entry.recipe = lambda made=made: made
    assert re.fullmatch(
        r"comparison-class-130(-flamingo)?-3-pictures-iteration-6\.csv",
        name_of(client.get(path(visitor, entries, "comparison.csv"))),
    )
    entries = [ended(6, "1. trained"), ended(6, "2. untrained", "untrained")]
    assert (
        name_of(client.get(path(visitor, entries, "comparison.csv")))
        == "comparison-efficientnet_lite0-blocks.1.0-channel-3-2-pictures-iteration-6.csv"
    )


def test_what_cannot_be_saved_is_not_there(client, ended, visitor, visitors, scheduler):
    entry, fresh = ended(), visitor.show(Run(frames(3), 3), recipe)
    other = visitors.new()
    for address in (
        *(
            path(visitor, [entry], what)
            for what in ("passwords.txt", "run.exe", "run.", ".gif", "comparison.txt", "sheet.png")
        ),
        *(
            path(visitor, [fresh], what)
            for what in ("picture.png", "run.gif", "run.mp4", "comparison.png", "comparison.gif")
        ),
        path(visitor, [entry, entry], "run.gif"),
        path(other, [entry], "run.gif"),
        path(other, [entry], "run.gif/place"),
        path(visitor, [entry], "recipe.json/place"),
        f"/live/{visitor.token}/{entry.key},nobody/save/comparison.gif",
        f"/live/{visitor.token}/,/save/comparison.gif",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("what", ["comparison.gif", "comparison.png", "comparison.csv"])
def test_a_run_is_asked_for_once(client, ended, visitor, what):
    entry = ended()
    for many in (2, 37):
        assert client.get(path(visitor, [entry] * many, what)).status_code == 404


def test_the_same_film_is_made_once_and_anew_when_the_run_has_gone_on(client, ended, visitor, exports):
    entry = ended()
    first, again = (client.get(path(visitor, [entry], "run.webp")).content for _ in range(2))
    made = exports.files[((entry.key,), "run.webp")]
    assert first == again == made[1] and made[0] == 5
    entry.run.history.add(Frame(6, np.full((1, HEIGHT, WIDTH, 3), 200, np.uint8), (6.0,)))
    assert Image.open(io.BytesIO(client.get(path(visitor, [entry], "run.webp")).content)).n_frames == 6


# a real server


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
