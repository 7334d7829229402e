"""What the tests of commands share."""

import pytest


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder that the command is called in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
