"""What the tests of commands share."""

import pytest

from actviz_core.cli import network

KEPT: dict = {}


@pytest.fixture(autouse=True)
def usual_network_is_loaded_once(monkeypatch):
    """Of all commands here; networks of files and of tests are loaded by each command, as in real life."""
    load = network.load_model

    def loaded_once(*asked):
        if asked[0] != network.USUAL or asked[2] not in ("", "untrained"):
            return load(*asked)
        if asked not in KEPT:
            KEPT[asked] = load(*asked)
        return KEPT[asked]

    monkeypatch.setattr(network, "load_model", loaded_once)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder that the command is called in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
