"""The routes of the panel of a unit: only who may ask, only what there is, and what an index says."""

from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import Channel, DamagedIndex, FieldOf, Index, IndexFrame, Patch, Predict, Recipe, Run, Spec, UnitRecord
from actviz_core.attribution.attribute import tensor_of
from actviz_core.dataset.index import packed
from actviz_core.studies.read_ahead import NO_PICTURE
from dashboard.jobs.indexing import FOLDER, INDEXINGS, Indexing
from dashboard.server.units import key_of, routes
from dashboard.state import services
from dashboard.state.explaining import Picture, Seen, View
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors
from tests.core.tiny import reference, tiny_images, tiny_model

NETWORK = ("tiny", "")
KEY = key_of(NETWORK)
RECORD = UnitRecord(
    (Patch(1, 0, 7, 40.0, 1),), (Patch(0, 2, 2, 0.0, 0),), (), np.float32([0, 40]), 2, tied=2, at_border=True
)
INDEX = Index(
    "parts of photographs", True, {"pool": packed([RECORD] * 4)}, (b"first", b"second"), (), ("cat 0", "camera 3"), "v1"
)


@pytest.fixture
def visitor(networks):
    networks(lambda name: tiny_model())
    services.model(*NETWORK)
    visitor = Visitors().new()
    visitor.state = PageState(recipe=Recipe(Spec("tiny", Channel("conv1", 0), height=40, width=40)))
    return visitor


@pytest.fixture
def made(monkeypatch):
    """What there is of each index; runs that were begun, of which none ends by itself."""
    found, begun = {}, []

    def indexing(model, of):
        def start() -> Indexing:
            return Indexing(lambda: found.get(of), waiting_run, begun.append, ("pool",))

        return INDEXINGS.open((model.network, of), start)

    monkeypatch.setattr(services, "indexing", indexing)
    monkeypatch.setattr(INDEXINGS, "folder", "")
    INDEXINGS.known.clear()
    yield found, begun
    INDEXINGS.known.clear()


def waiting_run() -> Run:
    return Run(iter(()), 1)


@pytest.fixture
def client(visitor):
    with TestClient(Starlette(routes=routes(visitor.visitors))) as client:
        yield client


def asked(client, visitor, path="unit", layer="pool", channel="2", token="", key=KEY, **more):
    return client.get(
        f"/units/{token or visitor.token}/{key}/{path}", params={"layer": layer, "channel": channel, **more}
    )


def test_what_an_index_says_of_a_channel(client, visitor, made):
    made[0]["samples"] = INDEX
    told = asked(client, visitor).json()
    assert (told["status"], told["images"], told["name"], told["small"]) == ("ready", 2, "", True)
    assert (told["tied"], told["border"], told["dead"], told["source"]) == (2, True, False, "samples")
    assert told["version"] == "v1", "what browsers keep of its images is not of another index"
    assert (
        told["quantiles"] == [0, 40]
        and told["exact"]
        and told["places"]
        and told["size"] == [12, 16]
        and told["folder"] is None
    )
    field = services.door().ask(FieldOf(NETWORK, "pool"))
    assert told["best"] == [[1, 0, 7, 40.0, 1, list(field.box(0, 7)), "Man with a camera", True]]
    assert [(*patch[:3], *patch[-2:]) for patch in told["random"]] == [(0, 2, 2, "Cat", False)] and told["spread"] == []
    image = client.get(f"/units/{visitor.token}/{KEY}/samples/image/1.jpg")
    assert image.content == b"second" and "max-age" in image.headers["cache-control"]


def test_it_is_begun_once_when_the_panel_asks(client, visitor, made):
    told = asked(client, visitor).json()
    assert (told["status"], told["fraction"], told["counted"]) == ("making", 0, None)
    assert asked(client, visitor).json() == told and len(made[1]) == 1
    made[1][0].newest = IndexFrame(1, NO_PICTURE, (), fraction=0.5, done=8, of=16)
    told = asked(client, visitor).json()
    assert (told["fraction"], told["counted"]) == (0.5, [8, 16])
    made[1][0].error, made[1][0].status = "there are no photographs.", "failed"
    told = asked(client, visitor).json()
    assert (told["status"], told["why"]) == ("failed", "there are no photographs.") and len(made[1]) == 1


def test_the_owners_folder_is_indexed_by_a_click_and_shared(client, visitor, made, monkeypatch, tmp_path):
    found, begun = made
    found["samples"] = INDEX
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    monkeypatch.setattr(INDEXINGS, "folder", str(tmp_path / "photos"))
    offered = asked(client, visitor).json()["folder"]
    assert (offered["making"], offered["name"], offered["files"], offered["lacking"]) == (False, "photos", 1, False)
    assert not begun
    assert client.post(f"/units/{visitor.token}/{KEY}/index").status_code == 200 and len(begun) == 1
    assert client.post(f"/units/{visitor.token}/{KEY}/index").status_code == 200 and len(begun) == 1
    told = asked(client, visitor).json()
    assert told["folder"]["making"] and told["source"] == "samples"
    begun[0].status, found[FOLDER] = "finished", replace(INDEX, skipped=(("b.jpg", "cut short"),))
    told = asked(client, visitor).json()
    assert told["folder"] is None and (told["source"], told["name"]) == (FOLDER, "photos")
    assert told["skipped"] == {"count": 1, "files": [["b.jpg", "cut short"]]}
    assert client.get(f"/units/{visitor.token}/{KEY}/folder/image/0.jpg").content == b"first"


def test_what_the_owners_index_lacks_the_samples_have_until_it_is_added(client, visitor, made, monkeypatch):
    found, begun = made
    monkeypatch.setattr(INDEXINGS, "folder", "photos")
    units = {"conv1": packed([RECORD] * 4)}
    found["samples"], found[FOLDER] = INDEX, Index("the folder photos", True, units, (b"x",), names=("a.jpg", "b.jpg"))
    told = asked(client, visitor, layer="conv1").json()
    assert (told["source"], told["images"], told["folder"]) == (FOLDER, 1, None)
    told = asked(client, visitor).json()
    assert (told["source"], told["images"]) == ("samples", 2) and not begun
    assert told["folder"]["lacking"] and told["folder"]["name"] == "photos"
    assert client.post(f"/units/{visitor.token}/{KEY}/index").status_code == 200 and len(begun) == 1
    assert asked(client, visitor).json()["folder"]["making"] and len(begun) == 1


def test_an_index_that_was_damaged_while_it_was_served_is_made_again(client, visitor, made, monkeypatch):
    found, begun = made
    found["samples"] = INDEX
    assert asked(client, visitor).json()["status"] == "ready"
    with monkeypatch.context() as damaged:
        for name in ("unit", "picture"):
            damaged.setattr(Index, name, lambda *_: raised())
        assert asked(client, visitor, path="samples/image/1.jpg").status_code == 404
        found.clear()  # as it cannot be opened
        assert asked(client, visitor).json()["status"] == "making" and len(begun) == 1
    found["samples"] = INDEX
    begun[0].status = "finished"
    assert asked(client, visitor).json()["status"] == "ready"


def raised():
    raise DamagedIndex


def test_where_the_visitors_image_lies(client, visitor, made):
    made[0]["samples"] = INDEX
    pixels = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
    view = View(NETWORK, "image", (0, 0, 12, 16), (12, 16))
    prediction = services.door().ask_once(Predict(NETWORK, pixels))
    visitor.state = replace(visitor.state, image=Picture("mine.png", pixels), seen=Seen(view, pixels, prediction))
    told = asked(client, visitor, v=view.version).json()["image"]
    expected = reference(tiny_model(), tensor_of(pixels[None]))["pool"][0, 2].max().item()
    assert (
        told["value"] == pytest.approx(expected, rel=1e-5)
        and told["lower"] == 1 < expected < 40
        and told["name"] == "mine.png"
    )
    assert asked(client, visitor, v="other").json()["image"] is None
    assert asked(client, visitor).json()["image"] is None


def test_a_layer_that_is_not_in_the_index_is_a_sentence(client, visitor, made):
    made[0]["samples"] = INDEX
    told = asked(client, visitor, layer="conv2").json()
    assert told["status"] == "no_layer"


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "x"},
        {"key": key_of(("resnet18", ""))},
        {"layer": "nothing"},
        {"layer": ""},
        {"channel": "4"},
        {"channel": "-1"},
        {"channel": "1e3"},
        {"path": "synthesized", "channel": "9"},
        {"path": "samples/image/2.jpg"},
        {"path": "samples/image/x.jpg"},
        {"path": "folder/image/0.jpg"},
        {"path": "other/image/0.jpg"},
    ],
    ids=str,
)
def test_what_is_not_there_is_not_found(client, visitor, made, wrong):
    made[0]["samples"] = INDEX
    made[0][FOLDER] = INDEX
    assert asked(client, visitor, **wrong).status_code == 404 and not made[1]
    assert client.post(f"/units/{visitor.token}/{KEY}/index").status_code == 404


def test_of_its_pictures_the_one_that_is_looked_at_is_made(client, visitor, made, monkeypatch):
    monkeypatch.setattr(services, "in_gallery", lambda recipe, model: None)
    making = services.synthesizings().making
    assert asked(client, visitor, "synthesized").status_code == 202
    (first,) = [each.run for each in making.values()]
    assert asked(client, visitor, "synthesized", channel="3").status_code == 202
    (second,) = [each.run for each in making.values()]
    assert first.cancelled and second.wait(lambda run: run.ended, 60) and second.finished
    assert asked(client, visitor, "synthesized", channel="3").status_code == 200
