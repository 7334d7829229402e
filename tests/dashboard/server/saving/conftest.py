"""What the tests of saving share: a visitor whose run has ended, and the routes."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import Run
from dashboard.jobs.exports import Exports
from dashboard.server.live import routes
from dashboard.state.visitors import Visitors
from tests.dashboard.server.saving.frames import HEIGHT, PATIENCE, TITLE, WIDTH, frames, recipe


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
