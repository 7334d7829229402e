"""The gallery's page without a browser.

In which order pictures are made, who keeps the work going, what may be asked for.
"""

import shutil
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, Gallery, GalleryFrame, Recipe, Spec, Store, Tile, export
from dashboard.components.gallery import GalleryEvent, event_of
from dashboard.jobs.exports import Exports
from dashboard.jobs.filling import ABSENT, FILLINGS, Filling, Fillings
from dashboard.jobs.shelf import Shelf, features
from dashboard.server.gallery import routes
from dashboard.state import links
from dashboard.state.visitors import Visitors
from tests.dashboard.screen import state_of

COUNT, ITERATIONS, PATIENCE = 10, 4, 20
NOTHING = np.zeros((0, 1, 1, 3), np.uint8)
FINE = Gallery(
    Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 0), height=32, width=48, iterations=ITERATIONS)),
    COUNT,
    "hash",
)
COARSE = Gallery(
    Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 0), height=16, width=24, iterations=2)), COUNT, "hash"
)


class Studio:
    """Makes pictures of stripes without any network; each iteration waits to be let through."""

    network = ("efficientnet_lite0", "")

    def __init__(self):
        self.batches, self.gate, self.flags = [], threading.Semaphore(0), {}

    def __call__(self, gallery, channels):
        self.batches.append((gallery is FINE, channels))
        return SimpleNamespace(network=self.network, begin=lambda models: self.frames(gallery, channels))

    def frames(self, gallery, channels):
        for iteration in range(1, gallery.spec.iterations + 1):
            assert self.gate.acquire(timeout=PATIENCE)
            yield GalleryFrame(iteration, NOTHING, ())
        yield GalleryFrame(iteration, NOTHING, (), tiles=tuple(self.tile(gallery, channel) for channel in channels))

    def tile(self, gallery, channel):
        flag = self.flags.get(channel, "")
        image = np.zeros((gallery.spec.height, gallery.spec.width, 3), np.uint8)
        image[:, : 1 + channel * gallery.spec.width // COUNT] = 200
        return Tile(channel, image, 0.0 if flag else channel / 2, flag, "it burns" if flag == "failed" else "")

    def let(self, iterations):
        self.gate.release(iterations)


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def studio(scheduler):
    studio = Studio()  # torn down before the scheduler, which would wait for it
    yield studio
    studio.let(10_000)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def clock():
    return Clock()


def filling_of(store, studio, scheduler, clock) -> Filling:
    return Filling((Shelf("coarse", COARSE, store), Shelf("fine", FINE, store)), studio, scheduler.start, 4, clock)


@pytest.fixture
def filling(store, studio, scheduler, clock):
    return filling_of(store, studio, scheduler, clock)


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)  # between two looks at the condition


# the work


def test_coarse_first_and_what_is_on_screen_first(filling, studio):
    studio.let(2)
    filling.look("me", (7, 3, 99))
    until(lambda: len(studio.batches) == 2)
    filling.look("me", (5, 9))
    studio.let(10_000)
    until(lambda: filling.status == "complete")
    coarse = [batch for fine, batch in studio.batches if not fine]
    assert coarse[0] == (7, 3, 0, 1) and sorted(sum(coarse, ())) == list(range(COUNT))
    fine = [batch for fine, batch in studio.batches if fine]
    assert studio.batches[: len(coarse)] == [(False, batch) for batch in coarse]
    assert fine[0] == (5, 9, 0, 1) and sorted(sum(fine, ())) == list(range(COUNT))
    assert filling.state()["progress"] == 1 and filling.state()["left"] == 0


def test_without_a_look_it_pauses_and_with_one_it_goes_on(filling, studio, clock):
    filling.look("me")
    studio.let(1)
    until(lambda: filling.run.iteration == 1)
    clock.now += ABSENT + 1
    assert filling.status == "paused"
    studio.let(1)
    until(lambda: filling.run.status == "paused")
    studio.let(10_000)
    made = len(filling.log)
    filling.calm("me")
    assert filling.run.status == "paused" and len(filling.log) == made == 0
    filling.look("me")
    assert filling.status == "working"
    until(lambda: filling.status == "complete")
    assert len(studio.batches) == 6, "something was made twice"


def test_who_pauses_pauses_only_for_herself(filling, studio):
    filling.look("me")
    filling.look("you")
    filling.calm("me")
    assert filling.status == "working"
    filling.calm("you")
    assert filling.status == "paused"
    studio.let(1)
    until(lambda: filling.run.status == "paused")
    filling.look("you")
    assert filling.status == "working" and filling.run.wanted


def test_it_goes_on_where_another_server_stopped(filling, store, studio, scheduler, clock):
    studio.let(2)
    filling.look("me")
    until(lambda: len(filling.coarse.entries) == 4)
    filling.stop()
    studio.let(10_000)
    until(lambda: filling.run.ended)
    again = filling_of(store, studio, scheduler, clock)
    stored = len(again.coarse.entries)
    assert stored >= 4 and len(again.state()["tiles"]) == stored
    studio.batches.clear()
    again.look("me")
    until(lambda: again.status == "complete")
    assert sum(len(batch) for fine, batch in studio.batches if not fine) == COUNT - stored


def test_only_what_is_new_is_told(filling, studio):
    studio.flags = {2: "silent", 3: "failed"}
    studio.let(2)
    filling.look("me")
    until(lambda: len(filling.log) == 4)
    first = filling.state()
    assert first["tiles"] == [
        [0, "coarse", 0.0, "", ""],
        [1, "coarse", 0.5, "", ""],
        [2, "coarse", 0.0, "silent", ""],
        [3, "coarse", 0.0, "failed", "it burns"],
    ]
    assert (first["coarse"], first["fine"], first["count"], first["status"]) == (4, 0, COUNT, "working") and 0 < first[
        "progress"
    ] < 1
    assert filling.state(first["version"])["tiles"] == []
    studio.let(10_000)
    until(lambda: filling.status == "complete")
    later = filling.state(first["version"])["tiles"]
    assert sorted(tile[0] for tile in later) == list(range(COUNT)) and {tile[1] for tile in later} == {"fine"}
    assert filling.state(10**6)["tiles"], "a version of another filling gets everything"


def test_time_left_is_told_when_a_large_batch_was_made_after_the_first_which_has_to_warm_up(filling, studio, clock):
    assert filling.state()["left"] is None
    ticks, tick = [], filling.tick
    filling.tick = lambda *given: ticks.append(tick(*given))
    filling.look("me")
    studio.let(6)
    until(lambda: len(studio.batches) == 4)
    for seconds, batches in ((100.0, 5), (1.0, 6)):
        for _ in range(ITERATIONS):
            assert filling.state()["left"] is None
            seen = len(ticks)
            clock.now += seconds
            filling.look("me")
            studio.let(1)
            until(lambda seen=seen: len(ticks) > seen)
        until(lambda batches=batches: len(studio.batches) == batches)
    assert filling.state()["left"] == pytest.approx(2 * 1.0), "four seconds for four pictures"


def test_the_bar_tells_what_the_words_tell(filling, studio):
    filling.look("me")
    assert filling.state()["progress"] == 0
    studio.let(1)
    until(lambda: filling.state()["progress"] > 0)
    assert filling.state()["progress"] == pytest.approx(2 / COUNT), "half of a batch of four"
    studio.let(1)
    until(lambda: len(studio.batches) == 2)
    assert (filling.state()["coarse"], filling.state()["progress"]) == (4, pytest.approx(4 / COUNT))
    studio.let(4)
    until(lambda: len(studio.batches) == 4)
    assert (filling.state()["coarse"], filling.state()["fine"], filling.state()["progress"]) == (COUNT, 0, 0)
    studio.let(ITERATIONS)
    until(lambda: len(studio.batches) == 5)
    assert (filling.state()["fine"], filling.state()["progress"]) == (4, pytest.approx(4 / COUNT))


def test_a_store_that_cannot_be_written_is_told_and_tried_again(filling, store, studio):
    studio.let(10_000)
    shutil.rmtree(store.folder)
    filling.look("me")
    until(lambda: filling.status == "failed")
    assert "cannot be written" in filling.state()["error"]
    batches = len(studio.batches)
    filling.look("me")
    until(lambda: filling.run.ended)
    filling.look("me")
    assert filling.run.ended and len(studio.batches) == batches
    store.folder.mkdir()
    filling.calm("me")
    filling.look("me")
    until(lambda: filling.status == "complete")


def test_what_failed_before_others_is_tried_again_by_one_who_comes_anew(filling, store, studio, clock):
    studio.let(10_000)
    shutil.rmtree(store.folder)
    filling.look("me")
    until(lambda: filling.status == "failed")
    clock.now += 10
    filling.look("me")
    assert filling.status == "failed", "it is told to those who were there"
    store.folder.mkdir()
    filling.look("you")
    until(lambda: filling.status == "complete")


def test_what_the_store_threw_out_is_made_again(filling, store, studio):
    studio.let(10_000)
    filling.look("me")
    until(lambda: filling.status == "complete")
    (store.place(FINE) / "00003.png").unlink()
    assert filling.png("fine", 3) is None and filling.status != "complete"
    filling.look("me")
    until(lambda: filling.status == "complete")
    assert studio.batches[-1] == (True, (3,)) and filling.png("fine", 3)


def test_everybody_shares_one_filling_and_the_oldest_ends():
    fillings, made = Fillings(kept=2), []

    def make(name, seen):
        filling = SimpleNamespace(name=name, seen=seen, stopped=False, over=False)
        filling.stop = lambda: setattr(filling, "stopped", True)
        made.append(filling)
        return filling

    first = fillings.open("a", lambda: make("first", 1))
    assert fillings.open("a", lambda: make("never", 9)) is first and fillings.get("first") is first
    fillings.open("b", lambda: make("second", 5))
    fillings.open("c", lambda: make("third", 3))
    assert [filling.stopped for filling in made] == [True, False, False] and fillings.get("first") is None


def test_likeness(filling, studio):
    studio.flags = {4: "silent"}
    studio.let(10_000)
    filling.look("me")
    until(lambda: filling.status == "complete")
    order = filling.likeness(5)
    assert (
        order[0] == (5, pytest.approx(1, abs=1e-5)) and {order[1][0], order[2][0]} <= {6, 7, 3} and 4 not in dict(order)
    )
    assert filling.likeness(4) == filling.likeness(99) == []
    assert np.linalg.norm(features(np.full((8, 8, 3), 7, np.uint8))) == 0


# the routes


@pytest.fixture
def door(filling):
    visitors, fillings = Visitors(), Fillings()
    fillings.open("key", lambda: filling)
    with TestClient(Starlette(routes=routes(visitors, fillings, Exports(), "/base/"))) as client:
        yield SimpleNamespace(
            client=client,
            token=visitors.new().token,
            at=lambda token, name, rest: client.get(f"/base/gallery/{token}/{name}/{rest}"),
        )


def test_asking_keeps_the_work_going(door, filling, studio):
    studio.let(10_000)
    assert door.at(door.token, filling.name, "state?paused=1").json()["tiles"] == [] and filling.run is None
    assert {door.at(door.token, filling.name, f"save/{what}").status_code for what in ("sheet.png", "table.csv")} == {
        404
    }, "nothing to save yet"
    assert door.at(door.token, filling.name, "state?since=0&on_screen=8,2").status_code == 200
    until(lambda: filling.status == "complete")
    assert studio.batches[0][1][:2] == (8, 2)
    told = door.at(door.token, filling.name, "state").json()
    assert told["status"] == "complete" and len(told["tiles"]) == COUNT
    picture = door.at(door.token, filling.name, "fine/3.png")
    assert picture.headers["content-type"] == "image/png" and "private" in picture.headers["cache-control"]
    assert export.read_recipe(picture.content) == FINE.recipe_of(3)
    assert door.at(door.token, filling.name, "like/3").json()[0][0] == 3
    sheet = door.at(door.token, filling.name, "save/sheet.png")
    assert (
        export.read_recipe(sheet.content) == FINE.recipe
        and f"efficientnet_lite0-blocks.1.0-{COUNT}-channels.png" in sheet.headers["content-disposition"]
    )
    assert len(door.at(door.token, filling.name, "save/table.csv").text.splitlines()) == COUNT + 1


def test_the_sheet_is_saved_in_the_order_in_which_it_is_shown(door, filling, studio):
    studio.flags = {4: "silent"}
    studio.let(10_000)
    filling.look("me")
    until(lambda: filling.status == "complete")
    rest = [channel for channel in range(COUNT) if channel != 4]
    assert filling.order("index", None) == list(range(COUNT))
    assert filling.order("score", None) == [*rest[::-1], 4]
    assert filling.order("likeness", 5) == [*(channel for channel, _ in filling.likeness(5)), 4]
    sheets = {
        query: door.at(door.token, filling.name, f"save/sheet.png{query}").content
        for query in ("", "?by=index", "?by=score", "?by=likeness&of=5", "?by=likeness&of=99", "?by=x&of=x")
    }
    assert sheets[""] == sheets["?by=index"] == sheets["?by=likeness&of=99"] == sheets["?by=x&of=x"]
    assert len(set(sheets.values())) == 3


@pytest.mark.parametrize(
    "rest",
    [
        "fine/99.png",
        "fine/1.png",
        "foo/1.png",
        "fine/..%2f..%2fx.png",
        "fine/-1.png",
        "save/passwd",
        "like/x",
        "../../x",
    ],
)
def test_what_is_not_there(door, filling, rest):
    assert door.at(door.token, filling.name, rest).status_code == 404


@pytest.mark.parametrize(
    "query", ["since=-1", "since=x", "on_screen=" + "9" * 400, "on_screen=1,,2", "on_screen=../1", "since=99999999999"]
)
def test_nonsense_is_taken_as_nothing(door, filling, studio, query):
    assert door.at(door.token, filling.name, f"state?{query}").status_code == 200
    assert filling.on_screen == ()


def test_strangers_see_nothing(door, filling):
    assert door.at("stranger", filling.name, "state").status_code == 404
    assert door.at(door.token, "key", "state").status_code == 404
    assert filling.run is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        "open",
        {},
        {"kind": "delete"},
        {"kind": "open", "channel": 10},
        {"kind": "open", "channel": -1},
        {"kind": "open", "channel": True},
        {"kind": "open", "channel": "1"},
    ],
)
def test_events_that_make_no_sense(value):
    assert event_of(value, COUNT) is None


def test_events():
    assert event_of({"kind": "open", "channel": 9}, COUNT) == GalleryEvent("open", 9)
    assert event_of({"kind": "chosen", "channel": 9}, COUNT) == GalleryEvent("chosen", 9)
    assert event_of({"kind": "reopen"}, COUNT) == GalleryEvent("reopen")


# the page


def script():
    from dashboard.views import gallery

    gallery.page()


@pytest.fixture
def page(tmp_path, monkeypatch, nothing_left_running):
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))
    app = AppTest.from_function(script, default_timeout=60)
    app.query_params[links.PARAMETER] = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3))).to_json()
    FILLINGS.by_key.clear()  # whatever other pages have left
    yield app.run()
    FILLINGS.by_key.clear()


def shown() -> list[tuple]:
    return [
        (
            filling.fine.gallery.layer,
            filling.fine.gallery.channels,
            filling.fine.gallery.spec.height,
            filling.fine.gallery.spec.iterations,
        )
        for filling in FILLINGS.by_key.values()
    ]


def test_the_page_begins_with_the_recipe_s_layer(page):
    assert not page.exception and shown() == [("blocks.1.0", 24, 96, 64)]
    page.selectbox(key="gallery.layer").set_value("blocks.2.0").run()
    page.select_slider(key="gallery.iterations").set_value(16).run()
    page.radio(key="gallery.size").set_value(64).run()
    assert not page.exception and shown()[-1] == ("blocks.2.0", 40, 64, 16)
    assert state_of(page).recipe.spec.objective == Channel("blocks.1.0", 3), "Explore is left alone"
    assert [filling.run for filling in FILLINGS.by_key.values()] == [None] * 4, (
        "nothing is computed before anybody looks"
    )


@pytest.fixture
def sheet(monkeypatch):
    """In place of the browser's: it says the same whenever one of two buttons is pressed."""

    def mount(key, data, on_event_change, on_chosen_change):
        st.button("event", key="tell.event", on_click=on_event_change)
        st.button("chosen", key="tell.chosen", on_click=on_chosen_change)
        st.session_state[key] = {"event": {"kind": "add", "channel": 7}, "chosen": 9}
        return {}

    monkeypatch.setattr("dashboard.components.gallery.mount", mount)


def test_what_is_asked_for_on_the_sheet_is_done_before_the_page_is_drawn(sheet, page):
    """What draws it may be given up for a newer wish."""
    page.button(key="tell.event").click().run()
    assert [recipe.spec.objective for recipe in state_of(page).comparison.recipes] == [Channel("blocks.1.0", 7)]
    page.button(key="tell.event").click().run()
    assert "Column 1 is the same already" in page.error[0].value and len(state_of(page).comparison.columns) == 1
    page.button(key="tell.chosen").click().run()
    assert state_of(page).gallery.channel == 9 and "9" in page.query_params["channel"]
