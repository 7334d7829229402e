"""While a network takes its time, everybody else's page, and the server, answer."""

import asyncio
import os
import threading
import urllib.parse
import urllib.request
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from actviz_core import Channel, Model, Recipe, Spec, list_layers, load_model
from benchmarks.visitor import Visitor
from dashboard.state import links, services
from dashboard.state.turns import TURNS
from tests.browser.conftest import Server
from tests.dashboard.screen import MAIN, go, visitor_of
from tests.dashboard.test_opening import run_aside

PATIENCE = 60
SLOW = Recipe(Spec("slow", Channel("conv", 1), iterations=50, height=32, width=48))


class Gated(nn.Module):
    """A network whose forward pass lasts until its gate opens."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.gate, self.inside = threading.Event(), threading.Event()
        self.gate.set()

    def __deepcopy__(self, memo):
        return self

    def forward(self, x):
        self.inside.set()
        assert self.gate.wait(PATIENCE)
        return self.conv(x).mean((2, 3))

    def close(self):
        self.inside.clear()
        self.gate.clear()


@pytest.fixture
def gated(networks, nothing_left_running):
    network = Gated()
    networks(lambda name: Model.of(network, 32, name="slow") if name == "slow" else load_model(name))
    yield network
    network.gate.set()


def opened(recipe: Recipe | None = None) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=PATIENCE)
    if recipe:
        app.query_params[links.PARAMETER] = recipe.to_json()
    app.run()
    assert not app.exception and not app.error
    return app


def test_a_forward_pass_holds_up_nobodys_page(gated):
    other, slow = opened(), opened(SLOW)
    gated.close()
    slow.button(key="start").click().run()
    (run,) = visitor_of(slow).active
    assert gated.inside.wait(PATIENCE)
    for app in (slow, other):
        app.run()
    other.button(key="start").click().run()
    (others,) = visitor_of(other).active
    go(other, "Compare")
    go(other, "Explore")
    another = opened()
    assert not another.exception and others.newest is None and run.newest is None, "the gate is still closed"
    gated.gate.set()
    assert others.wait(lambda run: run.newest is not None, PATIENCE) and run.wait(lambda run: run.ended, PATIENCE)
    assert run.status == "finished"


def test_who_waits_for_the_owner_gives_up_the_turn_to_draw(gated):
    """What is asked for here are the layers at a size that nobody has used."""
    model, found = services.model("slow", ""), []
    gated.close()

    def page() -> None:
        with TURNS.turn():
            found.extend(list_layers(model, 32, 64))

    waiting = threading.Thread(target=page)
    waiting.start()
    assert gated.inside.wait(PATIENCE)
    with TURNS.turn():
        assert TURNS.mine.turn and waiting.is_alive() and not found
    gated.gate.set()
    waiting.join(PATIENCE)
    assert [layer.name for layer in found] == ["conv", "output"]


def test_a_network_is_loaded_once_for_all_who_wait_for_it(networks, nothing_left_running):
    made, gate = [], threading.Event()

    def make(name):
        made.append(threading.current_thread())
        assert gate.wait(PATIENCE)
        return load_model("efficientnet_lite0")

    networks(make)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(services.model("efficientnet_lite0", "").width)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == [224] * 3 and made == [services.scheduler().thread]


NETWORK = """
import time
from pathlib import Path

from torch import nn

class Slow(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        while (HERE / "closed").exists():
            (HERE / "inside").touch()
            time.sleep(0.01)
        return self.conv(x).mean((2, 3))

HERE = Path(__file__).parent
"""


async def journey(server: Server) -> list[Visitor]:
    slow = replace(SLOW, spec=replace(SLOW.spec, model="slow_network:Slow", height=224, width=224))
    one = Visitor(server.port, "explore", f"recipe={urllib.parse.quote(slow.to_json())}")
    await one.open()
    closed, inside = server.folder / "closed", server.folder / "inside"
    closed.touch()
    await one.press("Start")
    while not inside.exists():
        await asyncio.sleep(0.01)  # between two looks at the condition
    other = Visitor(server.port, "explore")
    await other.open()
    await other.press("Start")
    with await asyncio.to_thread(urllib.request.urlopen, f"{server.url}/_stcore/health", timeout=PATIENCE) as answer:
        assert answer.status == 200
    assert closed.exists() and not one.pictures, "the forward pass goes on"
    closed.unlink()
    for visitor in (one, other):
        watching = asyncio.create_task(visitor.watch())
        while not visitor.pictures:
            await asyncio.sleep(0.01)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await visitor.socket.close()
    return [one, other]


def test_a_server_answers_while_a_network_takes_its_time(tmp_path, monkeypatch):
    (tmp_path / "slow_network.py").write_text(NETWORK)
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))
    server = Server(tmp_path, "--model", "slow_network:Slow")
    try:
        for visitor in run_aside(asyncio.wait_for(journey(server), 2 * PATIENCE)):
            assert not visitor.exceptions and visitor.viewer["runs"]
    finally:
        (tmp_path / "closed").unlink(missing_ok=True)
        server.stop()
