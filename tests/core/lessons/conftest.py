"""What the tests of lessons share: the tiny network can be named."""

import pytest

from actviz_core.models import own
from tests.core.tiny import tiny_model


@pytest.fixture(autouse=True)
def tiny_by_name(monkeypatch):
    monkeypatch.setitem(own.OWN, "tiny", tiny_model)
