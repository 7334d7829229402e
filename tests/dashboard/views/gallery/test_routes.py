"""The routes of a gallery: what they answer, to whom, and to nonsense."""

from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import export
from dashboard.jobs.exports import Exports
from dashboard.jobs.filling import Fillings
from dashboard.server.gallery import routes
from dashboard.state.visitors import Visitors
from tests.dashboard.views.gallery.studio import COUNT, FINE, until


@pytest.fixture
def door(filling):
    visitors, fillings = Visitors(), Fillings()
    fillings.open("key", lambda: filling)
    with TestClient(Starlette(routes=routes(visitors, fillings, Exports(), "/base/"))) as client:
        yield SimpleNamespace(
            client=client,
            token=visitors.new().token,
            at=lambda token, name, rest: client.get(f"/base/gallery/{token}/{name}/{rest}"),
        )


def test_asking_keeps_the_work_going(door, filling, studio):
    studio.let(10_000)
    assert door.at(door.token, filling.name, "state?paused=1").json()["tiles"] == [] and filling.run is None
    assert {door.at(door.token, filling.name, f"save/{what}").status_code for what in ("sheet.png", "table.csv")} == {
        404
    }, "nothing to save yet"
    assert door.at(door.token, filling.name, "state?since=0&on_screen=8,2").status_code == 200
    until(lambda: filling.status == "complete")
    assert studio.batches[0][1][:2] == (8, 2)
    told = door.at(door.token, filling.name, "state").json()
    assert told["status"] == "complete" and len(told["tiles"]) == COUNT
    picture = door.at(door.token, filling.name, "fine/3.png")
    assert picture.headers["content-type"] == "image/png" and "private" in picture.headers["cache-control"]
    assert export.read_recipe(picture.content) == FINE.recipe_of(3)
    assert door.at(door.token, filling.name, "like/3").json()[0][0] == 3
    sheet = door.at(door.token, filling.name, "save/sheet.png")
    assert (
        export.read_recipe(sheet.content) == FINE.recipe
        and f"efficientnet_lite0-blocks.1.0-{COUNT}-channels.png" in sheet.headers["content-disposition"]
    )
    assert len(door.at(door.token, filling.name, "save/table.csv").text.splitlines()) == COUNT + 1


def test_the_sheet_is_saved_in_the_order_in_which_it_is_shown(door, filling, studio):
    studio.flags = {4: "silent"}
    studio.let(10_000)
    filling.look("me")
    until(lambda: filling.status == "complete")
    rest = [channel for channel in range(COUNT) if channel != 4]
    assert filling.order("index", None) == list(range(COUNT))
    assert filling.order("score", None) == [*rest[::-1], 4]
    assert filling.order("likeness", 5) == [*(channel for channel, _ in filling.likeness(5)), 4]
    sheets = {
        query: door.at(door.token, filling.name, f"save/sheet.png{query}").content
        for query in ("", "?by=index", "?by=score", "?by=likeness&of=5", "?by=likeness&of=99", "?by=x&of=x")
    }
    assert sheets[""] == sheets["?by=index"] == sheets["?by=likeness&of=99"] == sheets["?by=x&of=x"]
    assert len(set(sheets.values())) == 3


@pytest.mark.parametrize(
    "rest",
    [
        "fine/99.png",
        "fine/1.png",
        "foo/1.png",
        "fine/..%2f..%2fx.png",
        "fine/-1.png",
        "save/passwd",
        "like/x",
        "../../x",
    ],
)
def test_what_is_not_there(door, filling, rest):
    assert door.at(door.token, filling.name, rest).status_code == 404


@pytest.mark.parametrize(
    "query", ["since=-1", "since=x", "on_screen=" + "9" * 400, "on_screen=1,,2", "on_screen=../1", "since=99999999999"]
)
def test_nonsense_is_taken_as_nothing(door, filling, studio, query):
    assert door.at(door.token, filling.name, f"state?{query}").status_code == 200
    assert filling.on_screen == ()


def test_strangers_see_nothing(door, filling):
    assert door.at("stranger", filling.name, "state").status_code == 404
    assert door.at(door.token, "key", "state").status_code == 404
    assert filling.run is None
