"""The routes of the chart of layers: only who may ask, pictures made by a real scheduler, the inside of a block."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import Channel, Recipe, Spec, load_model
from dashboard.server.blocks import door_of, routes
from dashboard.state import services
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors
from tests.core.tiny import tiny_model

NETWORK = ("tiny", "")


@pytest.fixture
def visitor(networks, monkeypatch, tmp_path):
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))
    services.store.clear()
    networks(lambda name: tiny_model() if name == "tiny" else load_model(name))
    services.model(*NETWORK)
    visitor = Visitors().new()
    visitor.state = PageState(recipe=Recipe(Spec("tiny", Channel("conv1", 0), height=40, width=48)))
    yield visitor
    services.store.clear()


@pytest.fixture
def client(visitor):
    with TestClient(Starlette(routes=routes(visitor.visitors))) as client:
        yield client


def test_pictures_are_made_when_they_are_asked_for_and_kept_by_the_browser(client, visitor):
    door = door_of(visitor.token, NETWORK)
    assert client.get(f"{door}state").json()["status"] == "off", "not unasked, on a server without a welcome"
    visitor.halted = True
    assert client.get(f"{door}state?make=1").json()["status"] == "off", "the teacher has paused all"
    visitor.halted = False
    while (state := client.get(f"{door}state?make=1&near=2").json())["status"] != "complete":
        for run in services.scheduler().runs:
            run.wait(lambda run: run.ended, 10)
    assert [layer for _, layer, *_ in state["pictures"]][0] == "conv2", "the nearest first"
    assert {layer for _, layer, *_ in state["pictures"]} == {"conv1", "relu", "conv2", "relu@2", "pool", "fc"}
    index, _, _, version, _ = next(each for each in state["pictures"] if each[3])
    answer = client.get(f"{door}{index}/{version}.jpg")
    assert answer.status_code == 200 and answer.content[:2] == b"\xff\xd8"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["0/0123456789ab.jpg", "x/0123456789ab.jpg", "0/short.jpg", "inside?block=conv1"])
def test_what_there_is_not(client, visitor, path):
    assert client.get(door_of(visitor.token, NETWORK) + path).status_code == 404


@pytest.mark.parametrize("path", ["state", "inside?block=conv1"])
def test_only_a_visitor_whose_pages_are_set_to_a_network_may_ask(client, visitor, path):
    assert client.get(door_of("nobody", NETWORK) + path).status_code == 404
    assert client.get(door_of(visitor.token, ("resnet18", "")) + path).status_code == 404


def test_the_layers_inside_of_a_block(client, visitor):
    services.model("efficientnet_lite0", "")
    visitor.state = PageState()
    found = client.get(f"{door_of(visitor.token, ('efficientnet_lite0', ''))}inside?block=blocks.4.0").json()
    names = [layer["name"] for layer in found["layers"]]
    assert names[0] == "blocks.4.0.conv_pw" and len(names) == 8
    assert found["sentences"][found["layers"][0]["about"]][0].startswith("Slides small patterns")
