"""What tests of the dashboard share."""

import pytest

from actviz_core import Scheduler
from dashboard.state.visitors import VISITORS
from tests.browser.conftest import Server


@pytest.fixture
def scheduler():
    scheduler = Scheduler()
    yield scheduler
    scheduler.close()


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A real one, with a store of its own."""
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path / "store"))
    server = Server(tmp_path)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture
def nothing_left_running():
    """What a page has started is cancelled afterwards."""
    yield
    for visitor in VISITORS.by_token.values():
        for run in visitor.active:
            run.cancel()
