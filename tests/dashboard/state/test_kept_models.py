"""A network that the server no longer keeps is gone.

That holds whatever is still known of runs, boards and galleries that it made.
"""

import gc
import time
import weakref

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import ActvizError, Channel, Column, Comparison, Frame, Gallery, Recipe, Run, Spec
from dashboard.actions import board, runs, steering
from dashboard.jobs.filling import ABSENT, FILLINGS
from dashboard.state import services
from dashboard.state.visitors import VISITORS
from tests.core.tiny import tiny_model

SMALL = Recipe(Spec("tiny", Channel("conv2", 1), iterations=4, height=16, width=16))
LONG = Recipe(Spec("tiny", Channel("conv2", 1), iterations=50_000, height=16, width=16))
PATIENCE = 60


def run_and_board():
    steering.start(LONG)
    board.start(Comparison((Column(SMALL, number=1), Column(SMALL, number=2))))


def gallery(iterations: int = 4):
    model = services.model("tiny", "")
    return services.filling(
        Gallery.of(
            model, "conv2", Recipe(Spec("tiny", Channel("conv2", 1), iterations=iterations, height=16, width=16))
        ),
        model,
    )


@pytest.fixture
def begin(tmp_path, monkeypatch, nothing_left_running, networks):
    """begin(act): what a page does, with a tiny network; gives a weak reference to that."""
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))
    networks(lambda name: tiny_model())
    services.store.clear()

    def begin(name: str):
        app = AppTest.from_string(
            f"from tests.dashboard.state import test_kept_models\ntest_kept_models.{name}()", default_timeout=PATIENCE
        ).run()
        assert not app.exception
        return tiny()

    yield begin
    FILLINGS.by_key.clear()
    services.store.clear()


def tiny():
    """A weak reference to the network, which pages never have."""
    return weakref.ref(services.models()("tiny", ""))


def make_room():
    for number in range(services.MODELS_KEPT):
        services.models()(f"another {number}", "")


def no_longer_kept(known) -> bool:
    make_room()
    return is_gone(known)


def is_gone(known) -> bool:
    """Soon; a thread may be about to let go of it."""
    deadline = time.monotonic() + PATIENCE
    while known() is not None and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)  # between two looks at the condition
    return known() is None


def test_what_is_known_of_runs_and_boards_keeps_no_network(begin):
    known = begin("run_and_board")
    entries = list(list(VISITORS.by_token.values())[-1].watched.values())
    first, *columns = entries
    assert len(columns) == 2 and all(entry.run.wait(lambda run: run.ended, PATIENCE) for entry in columns)
    first.run.cancel()
    assert first.run.wait(lambda run: run.ended, PATIENCE)
    assert all(entry.examine is not None for entry in entries), "nobody has looked at them yet"
    assert no_longer_kept(known)
    for entry in entries:
        entry.look()
    board.evaluate(columns)


def test_an_ended_run_is_examined_once(begin):
    begin("run_and_board")
    entry = list(list(VISITORS.by_token.values())[-1].watched.values())[-1]
    assert entry.run.wait(lambda run: run.ended, PATIENCE)
    entry.examine, found = lambda: asked.append(1) or "why", entry.look
    asked = []
    found()
    found()
    assert asked == [1] and entry.diagnosis == "why"


def test_a_gallery_that_nobody_looks_at_keeps_no_network_and_goes_on_with_the_next_look(begin):
    filling = gallery(iterations=50_000)
    known, now = tiny(), time.monotonic()
    filling.clock = lambda: now
    filling.look("me")
    run = filling.run
    assert run.wait(lambda run: run.iteration > 2, PATIENCE)
    make_room()
    assert known() is not None and not run.ended, "somebody looks at it"
    filling.clock = lambda: now + 2 * ABSENT
    assert run.wait(lambda run: run.status == "paused", PATIENCE)
    services.models()("one more", "")
    assert run.wait(lambda run: run.ended, PATIENCE) and is_gone(known)
    assert FILLINGS.get(filling.name) is filling
    filling.look("me")
    assert filling.run is not run and filling.run.wait(lambda run: run.iteration > 2, PATIENCE)
    filling.stop()


def test_a_finished_gallery_keeps_no_network_and_stays_open(begin):
    filling = gallery()
    known = tiny()
    filling.look("me")
    deadline = time.monotonic() + PATIENCE
    while filling.status != "complete" and time.monotonic() < deadline:
        time.sleep(0.01)  # between two looks at the condition
    assert filling.status == "complete" and no_longer_kept(known)
    assert FILLINGS.get(filling.name) is filling and filling.state()["status"] == "complete"


def test_a_run_whose_network_cannot_be_loaded_any_more_is_shown_all_the_same(networks):
    networks(lambda name: tiny_model())
    model, run = services.model("tiny", ""), Run(iter(()), 4)
    for iteration in range(1, 5):
        run.history.add(Frame(iteration, np.zeros((1, 16, 16, 3), np.uint8), (0.0,), gradient=(0.0,)))
    assert runs.examine(SMALL, run, model).kind == "no gradient"

    def lost(name):
        raise ActvizError("it is lost")

    networks(lost)
    assert runs.examine(SMALL, run, model) is None
