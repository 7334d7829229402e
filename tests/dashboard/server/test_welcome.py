"""The route by which a browser has a newcomer's first picture begin."""

import threading

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.jobs.exports import Exports
from dashboard.server.live import routes
from dashboard.state.turns import TURNS
from dashboard.state.visitors import Visitors
from dashboard.state.welcome import Welcome

PATIENCE = 20  # seconds


@pytest.fixture
def visitors(monkeypatch):
    monkeypatch.setattr(Welcome, "switched_on", True)
    return Visitors()


@pytest.fixture
def client(visitors):
    with TestClient(Starlette(routes=routes(visitors, Exports()))) as client:
        yield client


def test_it_begins_once_for_its_visitor_and_for_no_foreign_page(client, visitors):
    visitor, begun = visitors.new(), []

    def begin():
        begun.append("once")
        return {"key": "a run"}

    assert visitor.welcome.offer(begin)
    address = f"/live/{visitor.token}/welcome"
    assert client.post(address, headers={"Origin": "http://elsewhere.example"}).status_code == 404
    assert client.post("/live/nobody/welcome").status_code == 404 and not begun
    assert client.get(address).status_code == 405
    answer = client.post(address)
    assert answer.status_code == 200 and answer.json() == {"key": "a run"}
    assert client.post(address).status_code == 204 and begun == ["once"]
    assert not visitor.welcome.offer(begin) and visitor.welcome.take() == "a run" and visitor.welcome.take() == ""


def test_pages_that_are_still_to_be_drawn_come_first(client, visitors):
    visitor, order, asked = visitors.new(), [], threading.Event()
    visitor.welcome.offer(lambda: order.append("picture") or {"key": "a run"})

    def ask():
        asked.set()
        client.post(f"/live/{visitor.token}/welcome")

    with TURNS.turn():
        asking = threading.Thread(target=ask)
        asking.start()
        assert asked.wait(PATIENCE)
        asking.join(0.2)
        order.append("page")
    asking.join(PATIENCE)
    assert order == ["page", "picture"]
