"""A class at a server without pages; other tests here have servers of their own."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.server import members, wall
from dashboard.server.classroom import routes
from dashboard.state.classroom import Classroom
from dashboard.state.visitors import Visitors
from tests.dashboard.server.phone import Phone


@pytest.fixture
def visitors():
    return Visitors()


@pytest.fixture
def room(monkeypatch):
    monkeypatch.setattr(members, "AFTER_A_WRONG_ONE", 0.0)
    monkeypatch.setattr(wall, "EVERY", 0.05)
    room = Classroom()
    room.open = True
    return room


@pytest.fixture
def client(visitors, room):
    with TestClient(Starlette(routes=routes(visitors, room, url="http://10.0.0.5:8501"))) as client:
        client.phones = []
        yield client
        for phone in client.phones:
            phone.close()


@pytest.fixture
def phones(client, visitors, room):
    """phone(...): one that has joined, with what it was told first."""

    def phone(**given):
        joined = Phone(client, visitors.new(), **({"join": room.join_token} | given))
        return joined, joined.hear(lambda message: "you" in message)

    return phone
