"""What tests of the dashboard share."""

import pytest

from actviz_core import Scheduler
from dashboard.visitors import VISITORS


@pytest.fixture
def scheduler():
    scheduler = Scheduler()
    yield scheduler
    scheduler.close()


@pytest.fixture
def nothing_left_running():
    """What a page has started is cancelled afterwards."""
    yield
    for visitor in VISITORS.by_token.values():
        for run in visitor.active:
            run.cancel()
