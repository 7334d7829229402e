"""Tests of maps over their routes: they grow, they can be stopped, and they end with their map."""

import base64
from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import AttributeEveryLayer, ClassLogit, GradCam, History, MeasureDeletion, Predict, Run
from actviz_core.attribution import Attribute, InputXGradient, SmoothGrad
from dashboard.server.believing import LARGEST, evidence_of, small, text_of, works
from dashboard.server.explain import routes
from dashboard.server.layering import POINTS, runs_of, score_of
from dashboard.state import services
from dashboard.state.explaining import Picture, Seen, View
from dashboard.state.mapped import Asked, Mapped
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors
from tests.core.tiny import tiny_images, tiny_model

NETWORK, SIZE = ("tiny", ""), (12, 16)
PIXELS = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
PICTURE = Picture("cat.png", PIXELS)
VIEW = View(NETWORK, PICTURE.version, (0, 0, *SIZE), SIZE)


@pytest.fixture
def visitor(networks):
    networks(lambda name: tiny_model())
    seen = Seen(VIEW, PIXELS, services.door().ask_once(Predict(NETWORK, PIXELS)))
    visitor = Visitors().new()
    visitor.state = PageState(image=PICTURE, seen=seen, explained=ClassLogit(1))
    return visitor


@pytest.fixture
def client(visitor):
    with TestClient(Starlette(routes=routes(visitor.visitors))) as client:
        yield client


def mapped(visitor, method, finished=True, work=Attribute) -> Mapped:
    run = Run.of(work(NETWORK, PIXELS[None], ClassLogit(1), method), float("inf"), History(0, 0))
    entry = Mapped(run, Asked(VIEW, ClassLogit(1), method), "bee")
    visitor.explain([*visitor.mapped.values(), entry])
    if finished:
        services.scheduler().start(run)
        assert run.wait(lambda run: run.ended, 60) and entry.maps is not None
    return entry


def address(visitor, entry) -> str:
    return f"/explain/{visitor.token}/maps/{entry.key}/evidence"


def ended(visitor, entry) -> None:
    for run in evidence_of(visitor, entry.key).runs:
        assert run.wait(lambda run: run.ended, 60)


def test_what_is_known_of_a_map(visitor, client):
    entry = mapped(visitor, InputXGradient())
    where = address(visitor, entry)
    assert client.get(where).status_code == 404
    assert client.post(where).json() == {}
    ended(visitor, entry)
    said = client.get(where).json()
    assert (said["status"], said["error"], said["fraction"]) == ("finished", "", 1.0)
    assert len(said["verdict"]) == 2 and "no proof" in said["note"]
    curves = said["curves"]
    assert set(curves) == {
        f"{kind}{order}" for kind in ("deletion", "insertion") for order in ("", "_edges", "_random")
    }
    assert said["areas"].keys() == curves.keys()
    assert curves["deletion"][0][0] == 0 and curves["deletion"][-1][0] == 1
    assert curves["deletion"][0] == curves["deletion_edges"][0] == curves["deletion_random"][0], (
        "nothing is covered yet"
    )
    points = np.array(curves["deletion"])
    assert said["areas"]["deletion"] == pytest.approx(np.trapezoid(points[:, 1], points[:, 0]))
    cascade = said["cascade"]
    assert (cascade["height"], cascade["width"], cascade["signed"]) == (12, 16, True)
    first, *others = cascade["stages"]
    values = np.frombuffer(base64.b64decode(first["values"]), np.int8).reshape(12, 16)
    assert np.array_equal(values, np.rint(entry.maps.values[0] / np.abs(entry.maps.values[0]).max() * 127))
    assert first["correlation"] is None and others
    for stage in others:
        if stage["correlation"]:
            mean, low, high = stage["correlation"]
            assert -1 <= low <= mean <= high <= 1
    assert client.get(where, params={"since": f"{said['step']}.finished"}).status_code == 204


def test_what_draws_is_compared_with_other_seeds(visitor, client):
    entry = mapped(visitor, SmoothGrad(samples=4))
    client.post(address(visitor, entry))
    ended(visitor, entry)
    said = client.get(address(visitor, entry)).json()
    assert said["agreement"][0][0] == "seeds 0 and 1" and -1 <= said["agreement"][0][1] <= 1
    assert len(said["verdict"]) == 3


def test_a_dear_map_is_made_again_less_often(visitor):
    entry = mapped(visitor, InputXGradient())
    services.model(*NETWORK)
    for samples, stages, seeds in ((10, 8, 3), (1000, 4, 1)):
        asked = replace(entry.asked, method=SmoothGrad(samples=samples))
        cascade = works(replace(entry, asked=asked), entry.maps, PIXELS)["cascade"]
        assert (cascade.stages, cascade.seeds) == (stages, seeds)


def test_tests_are_stopped_by_whoever_wants_and_by_other_tests(visitor, client):
    one, two = mapped(visitor, InputXGradient()), mapped(visitor, GradCam())
    client.post(address(visitor, one))
    client.post(f"{address(visitor, one)}/stop")
    ended(visitor, one)
    first = evidence_of(visitor, one.key).runs
    client.post(address(visitor, one))
    again = evidence_of(visitor, one.key).runs
    assert not set(first) & set(again)
    client.post(address(visitor, two))
    assert all(run.cancelled or run.ended for run in again)
    assert set(visitor.on_explain) >= {run.key for run in evidence_of(visitor, two.key).runs}
    assert client.get(address(visitor, one)).status_code == 200, "what they have found stays"
    visitor.explain([two])
    assert client.get(address(visitor, one)).status_code == 404
    client.post(address(visitor, two))
    assert all(name.endswith(two.key) for name in visitor.aside), "of maps that are gone nothing is kept"


def test_what_cannot_be_tested(visitor, client):
    entry = mapped(visitor, InputXGradient(), finished=False)
    answer = client.post(address(visitor, entry))
    assert answer.status_code == 400 and "no map" in answer.json()["error"]
    assert client.post(f"/explain/{visitor.token}/maps/nothing/evidence").status_code == 404
    assert client.post(f"/explain/nobody/maps/{entry.key}/evidence").status_code == 404


def test_a_large_map_is_made_smaller():
    values = np.arange(224 * 112, dtype=np.float32).reshape(224, 112)
    made = small(values)
    assert made.shape == (LARGEST, LARGEST // 2)
    assert made[0, 0] == pytest.approx(values[:4, :4].mean())
    assert small(values[:7, :9]).shape == (7, 9)
    assert base64.b64decode(text_of(np.array([[-2.0, 1.0]]))) == np.array([-127, 64], np.int8).tobytes()
    assert base64.b64decode(text_of(np.zeros((1, 2)))) == bytes(2)


def test_which_layer_marks_what_matters(visitor, client):
    entry = mapped(visitor, GradCam(), work=AttributeEveryLayer)
    where = f"/explain/{visitor.token}/maps/{entry.key}/layers"
    assert client.get(where).status_code == 404
    assert client.post(where).json() == {}
    for run in runs_of(visitor, entry.key).values():  # each begins when somebody asks and the one before has ended
        client.get(where)
        assert run.wait(lambda run: run.newest is not None and score_of(run) is not None or run.ended, 60)
        client.get(where)
        assert run.wait(lambda run: run.ended, 60)
    said = client.get(where).json()
    names = [maps.layer for maps in entry.layers]
    assert len(names) > 1 and list(said["scores"]) == names
    assert (said["step"], said["status"], said["error"]) == (len(names), "finished", "")
    first = entry.layers[0]
    work = MeasureDeletion(
        NETWORK, PIXELS, ClassLogit(1), first.values[0], points=POINTS, draws=0, centres=first.centres
    )
    run = Run.of(work, float("inf"), History(0, 0))
    services.scheduler().start(run)
    assert run.wait(lambda run: run.ended, 60)
    assert said["scores"][names[0]] == pytest.approx(run.newest.map.srg)
    assert client.get(where, params={"since": f"{len(names)}.finished"}).status_code == 204


def test_without_layers_there_is_nothing_to_compare(visitor, client):
    entry = mapped(visitor, InputXGradient())
    answer = client.post(f"/explain/{visitor.token}/maps/{entry.key}/layers")
    assert answer.status_code == 400 and "not there yet" in answer.json()["error"]
    assert client.post(f"/explain/{visitor.token}/maps/nothing/layers").status_code == 404
    assert client.post(f"/explain/{visitor.token}/maps/nothing/layers/stop").status_code == 404
