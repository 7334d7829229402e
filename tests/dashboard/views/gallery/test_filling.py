"""A gallery while it is filled: coarse first, what is on screen first, for all who look."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.jobs.filling import ABSENT, Fillings
from dashboard.jobs.shelf import features
from tests.dashboard.views.gallery.studio import COUNT, FINE, ITERATIONS, filling_of, until


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
