"""The synthesized picture beside the maps: made once for all, as Explore is set, and only of what is explained."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import Channel, ClassLogit, Direction, GradCam, Neuron, Predict, Recipe, Run, Spec
from dashboard.server import synthesis
from dashboard.server.explain import routes
from dashboard.state import services
from dashboard.state.explaining import Picture, Seen, View
from dashboard.state.mapped import Asked, Mapped
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors
from tests.core.tiny import tiny_model

NETWORK, SIZE = ("tiny", ""), (12, 16)
PIXELS = np.zeros((*SIZE, 3), np.uint8)


@pytest.fixture
def visitor(networks, tmp_path, monkeypatch):
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))
    monkeypatch.setattr(services, "in_gallery", lambda recipe, model: None)
    networks(lambda name: tiny_model())
    services.model(*NETWORK)
    seen = Seen(View(NETWORK, "v", (0, 0, *SIZE), SIZE), PIXELS, services.door().ask_once(Predict(NETWORK, PIXELS)))
    visitor = Visitors().new()
    recipe = Recipe(Spec("tiny", Channel("conv1", 0), height=40, width=40, count=2, seed=7))
    visitor.state = PageState(recipe=recipe, image=Picture("", PIXELS), seen=seen, explained=ClassLogit(2, "output"))
    return visitor


@pytest.fixture
def client(visitor):
    with TestClient(Starlette(routes=routes(visitor.visitors))) as client:
        yield client


def address_of(visitor, network=NETWORK) -> str:
    return f"/explain/{visitor.token}/synthesized?v={synthesis.version_of(network, visitor.state.explained)}"


def making() -> list[Run]:
    return [each.run for each in services.synthesizings().making.values()]


def test_it_is_made_once_for_all_as_explore_is_set(visitor, client):
    others = [other_of(visitor) for _ in range(3)]
    answer = client.get(address_of(visitor))
    assert answer.status_code == 202 and answer.headers["cache-control"] == "no-store"
    assert 0 <= int(answer.headers["x-iteration"]) < int(answer.headers["x-iterations"]) == synthesis.ITERATIONS
    (run,) = making()
    for other in others:
        assert client.get(address_of(other)).status_code in (200, 202)  # it may be there by now
    assert set(making()) <= {run}
    assert run.wait(lambda run: run.ended, 60) and run.finished and run.iteration == synthesis.ITERATIONS
    answers = [client.get(address_of(each)) for each in (visitor, *others)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert Image.open(io.BytesIO(answers[0].content)).size == SIZE[::-1] and making() == []


def other_of(visitor, **changes):
    """Somebody else, whose pages are set alike."""
    other = visitor.visitors.new()
    other.state = replace(visitor.state, **changes)
    return other


@pytest.mark.parametrize(
    "own", [{"weights": "sha256:0"}, {"objective": Direction("conv1", (0, 1), (1.0, 0.5))}], ids=str
)
def test_what_may_be_made_of_somebodys_own_is_his(visitor, own):
    other, recipe = other_of(visitor), visitor.state.recipe
    assert synthesis.key_of(recipe, visitor) == synthesis.key_of(recipe, other)
    least = Recipe(replace(recipe.spec, objective=-recipe.spec.objective))
    assert synthesis.key_of(least, visitor) == synthesis.key_of(least, other) != synthesis.key_of(recipe, other)
    mine = Recipe(replace(recipe.spec, **own))
    assert synthesis.key_of(mine, visitor) != synthesis.key_of(mine, other)


def test_the_maps_that_were_asked_for_come_first_and_the_teacher_too(visitor, client):
    run = Run(iter(()), 1)
    visitor.explain([Mapped(run, Asked(visitor.state.seen.view, visitor.state.explained, GradCam()), "")])
    answer = client.get(address_of(visitor))
    assert (answer.status_code, answer.headers["x-iteration"], making()) == (202, "0", [])
    run.status = "finished"
    visitor.halted = True
    assert client.get(address_of(visitor)).status_code == 202 and making() == []
    visitor.halted = False
    assert client.get(address_of(visitor)).status_code == 202 and len(making()) == 1


def test_the_gallerys_comes_first(visitor, client, monkeypatch):
    asked = []
    monkeypatch.setattr(services, "in_gallery", lambda recipe, model: asked.append(recipe) or b"a picture")
    visitor.state = replace(visitor.state, explained=Channel("conv2", 1))
    for _ in range(2):
        answer = client.get(address_of(visitor))
        assert answer.content == b"a picture" and answer.headers["content-type"] == "image/png" and not making()
    (recipe,) = asked
    assert recipe.spec.objective == Channel("conv2", 1) and recipe.spec.seed == 7 and recipe.spec.count == 1


def test_a_neuron_keeps_its_place_in_a_picture_of_another_size():
    services_model = services.model("efficientnet_lite0", "")
    recipe = synthesis.small(Recipe(Spec("efficientnet_lite0", Channel("blocks.4.0", 3))), NEURON, services_model)
    assert (recipe.spec.height, recipe.spec.width) == (128, 128) and recipe.spec.objective.row == 4


NEURON = Neuron("blocks.4.0", 3, 7, 7)


def test_there_is_none_of_nothing(visitor, client):
    state = visitor.state
    for nothing in (replace(state, explained=None), replace(state, seen=None)):
        visitor.state = nothing
        assert client.get(address_of(visitor)).status_code == 404
    visitor.state = replace(state, explained=Channel("conv1", 99))
    assert client.get(address_of(visitor)).status_code == 404
    visitor.state = state
    assert client.get(address_of(visitor, ("tiny", "untrained"))).status_code == 404, "of what is explained no more"
    assert client.get("/explain/nobody/synthesized").status_code == 404


def test_addresses_differ_by_target_and_network():
    found = {
        synthesis.version_of(network, objective)
        for network in (("tiny", ""), ("tiny", "untrained"))
        for objective in (Channel("conv1", 0), Channel("conv1", 1))
    }
    assert len(found) == 4
