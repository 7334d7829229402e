"""What people do on the Gallery page.

They leave it and come back, open a channel, and find everything there after a restart.
"""

import json
import os
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from actviz_core import Channel, Spec
from tests.browser.conftest import Server
from tests.browser.test_explore import address
from tests.browser.test_explore import wait_for as wait_for_viewer

ABSENT = 3  # seconds after which the work pauses
COUNT = 24
SMALL, SLOW = ((32, 16), (64, 64)), ((48, 128), (96, 512))  # pixels and iterations, coarse and fine
SPEC = Spec("efficientnet_lite0", Channel("blocks.1.0", 3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where this module's servers keep the pictures."""
    folder = tmp_path_factory.mktemp("pictures")
    before = os.environ.get("ACTVIZ_STORE")
    os.environ["ACTVIZ_STORE"] = str(folder)
    yield folder
    os.environ.pop("ACTVIZ_STORE") if before is None else os.environ.update(ACTVIZ_STORE=before)


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("elsewhere"))
    yield server
    server.stop()


def gallery(page: Page):
    return page.get_by_test_id("gallery")


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def open_small(visit) -> Page:
    page = visit(address(SPEC))
    go(page, "Gallery")
    page.get_by_role("radiogroup").get_by_text("64 px").click()
    expect(gallery(page)).to_have_attribute("style", re.compile("--ag-width: 64px"))
    return page


def wait_for(page: Page, stage: str, at_least: int) -> None:
    page.wait_for_function(
        "([stage, n]) => Number(document.querySelector('[data-testid=gallery]')?.dataset[stage]) >= n",
        arg=[stage, at_least],
    )


def files(folder, *settings: tuple[int, int]) -> list[Path]:
    """The pictures of the galleries of these sizes and iterations."""
    told = {about.parent: json.loads(about.read_text()) for about in folder.glob("*/gallery.json")}
    return [
        file
        for place, about in told.items()
        if (about["height"], about["iterations"]) in settings
        for file in place.glob("*.png")
    ]


def test_leaving_pauses_and_coming_back_goes_on(visit, folder):
    """All of this gallery would take minutes: it is left long before it is complete."""
    page = visit(address(SPEC))
    go(page, "Gallery")
    page.get_by_role("slider", name="Iterations").press("End")
    expect(page.get_by_role("slider", name="Iterations")).to_have_attribute("aria-valuetext", str(SLOW[1][1]))
    expect(gallery(page)).to_have_attribute("data-status", "working")
    wait_for(page, "coarse", 1)
    go(page, "Explore")
    expect(gallery(page)).to_have_count(0)
    time.sleep(ABSENT + 1)  # what must not happen cannot be waited for
    left = len(files(folder, *SLOW))
    time.sleep(2)
    assert len(files(folder, *SLOW)) == left, "the work goes on although nobody looks"
    go(page, "Gallery")
    page.wait_for_function(
        "n => { const { coarse, fine } = document.querySelector('[data-testid=gallery]')?.dataset ?? {}; "
        "return Number(coarse) + Number(fine) > n; }",
        arg=left,
    )
    expect(gallery(page)).to_have_attribute("data-status", "working")


def may_be_paused(page: Page) -> None:
    """By the visitor, over another page; it is complete afterwards."""
    wait_for(page, "coarse", 1)
    page.get_by_test_id("pause").click()
    expect(gallery(page)).to_have_attribute("data-status", "paused")
    expect(page.get_by_test_id("left")).to_have_text("")
    go(page, "Explore")
    expect(page.get_by_test_id("architecture")).to_have_attribute("data-drawn", re.compile("."))
    go(page, "Gallery")
    expect(gallery(page)).to_have_attribute("data-status", "paused")
    page.get_by_test_id("resume").click()
    expect(gallery(page)).not_to_have_attribute("data-status", "paused")
    wait_for(page, "fine", COUNT)
    expect(page.get_by_test_id("tile-3")).to_have_accessible_name(re.compile("^channel 3 ?, score "))
    expect(gallery(page)).to_have_attribute("data-status", "complete")


def is_looked_at_larger(page: Page) -> None:
    """Than the pictures of the sheet are."""
    page.get_by_test_id("tile-5").click()
    for width, height in ((390, 844), (640, 360), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".ag-large")).to_be_visible(visible=height >= 500)
        if height >= 500:
            page.wait_for_function(
                "() => document.querySelector('.ag-large').clientWidth >= "
                "1.4 * document.querySelector('.ag-tile[aria-selected=true] img').clientWidth"
            )


def test_a_visitor_may_pause_and_everything_is_there_after_a_restart(visit, folder, server):
    page = open_small(visit)
    may_be_paused(page)
    is_looked_at_larger(page)
    page.close()
    server.stop()
    server.start()
    times = {path: path.stat().st_mtime_ns for path in files(folder, *SMALL)}
    assert len(times) == 2 * COUNT
    page = open_small(visit)
    expect(gallery(page)).to_have_attribute("data-status", "complete")
    page.wait_for_function(
        "n => [...document.querySelectorAll('.ag-tile img')]"
        ".filter((image) => image.complete && image.naturalWidth).length >= n",
        arg=COUNT,
    )
    assert {path: path.stat().st_mtime_ns for path in files(folder, *SMALL)} == times

    page.get_by_test_id("sort").select_option("score")
    scores = [float(text) for text in page.locator(".ag-tile .ag-score").all_text_contents()]
    assert scores == sorted(scores, reverse=True)
    page.get_by_test_id("tile-5").click()
    expect(page.get_by_test_id("chosen")).to_have_text("Channel 5")
    page.get_by_test_id("sort").select_option("likeness")
    tiles = page.locator(".ag-tile")
    expect(tiles.first).to_have_attribute("data-channel", "5")
    cosines = [float(text.replace("−", "-")) for text in page.locator(".ag-tile .ag-score").all_text_contents()]
    assert cosines[0] == 1 and cosines == sorted(cosines, reverse=True)

    order = [int(tile.get_attribute("data-channel")) for tile in tiles.all()]
    across = len({tile.bounding_box()["x"] for tile in tiles.all()})
    page.get_by_test_id("tile-5").focus()
    for key, place in (
        ("ArrowLeft", 0),
        ("ArrowRight", 1),
        ("ArrowDown", 1 + across),
        ("ArrowUp", 1),
        ("End", COUNT - 1),
        ("Home", 0),
        ("ArrowRight", 1),
    ):
        page.keyboard.press(key)
        expect(tiles.nth(place)).to_be_focused()
    expect(page.get_by_test_id("chosen")).to_have_text(f"Channel {order[1]}")
    expect(page.get_by_test_id("facts")).to_contain_text(f"similarity to 5{cosines[1]:.2f}")
    expect(page.locator(".ag-tile[aria-selected=true]")).to_have_attribute("data-channel", str(order[1]))
    page.wait_for_function(
        "channel => new URL(location.href).searchParams.get('channel') === channel", arg=str(order[1])
    )
    expect(page.get_by_role("option", name="similarity to channel 5")).to_have_count(1)
    expect(tiles.first).to_have_attribute("data-channel", "5")
    expect(page.get_by_test_id("sheet")).to_have_accessible_description(
        "Arrow keys select the next picture. Enter or a double click opens it in Explore."
    )
    expect(page.get_by_text("Enter or a double click opens it in Explore")).to_be_visible()
    page.keyboard.press("Space")
    expect(tiles.first).to_have_attribute("data-channel", str(order[1]))
    page.wait_for_function(
        "channel => new URL(location.href).searchParams.get('channel') === channel", arg=str(order[1])
    )
    page.reload()
    expect(page.get_by_test_id("chosen")).to_have_text(f"Channel {order[1]}")
    expect(page.get_by_test_id("sort")).to_have_value("likeness")
    expect(tiles.first).to_have_attribute("data-channel", str(order[1]))
    expect(page.locator(".ag-tile[tabindex='0']")).to_have_attribute("data-channel", str(order[1]))
    page.get_by_test_id("tile-5").click()

    expect(page.get_by_test_id("facts")).to_contain_text(re.compile(r"rank\d+ of 24higher than\d+ % of this layer"))

    page.get_by_test_id("add").click()
    expect(page.get_by_text("Compare has 1 column now")).to_be_visible()
    page.get_by_test_id("tile-5").press("Enter")
    page.get_by_role("button", name="Start", exact=True).wait_for()
    page.wait_for_function('decodeURIComponent(location.href).includes(\'"layer":"blocks.1.0","channel":5\')')
    expect(page.get_by_test_id("still")).to_be_visible()
    assert page.get_by_test_id("still").evaluate(
        "async (image) => { await image.decode(); return image.naturalWidth; }"
    ) in (48, 64, 96)
    expect(
        page.get_by_text(
            re.compile(
                r"^The Gallery's small picture \((48|64|96) px\). Press Start to make it at full size \(224 px\).$"
            )
        )
    ).to_be_visible()
    expect(page.get_by_test_id("title")).to_have_text("efficientnet_lite0, blocks.1.0, channel 5, repeats every 72 px")
    expect(page.get_by_text("The settings have changed")).to_be_hidden()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_test_id("still")).to_be_hidden()
    page.get_by_test_id("stop").click()


def test_a_failure_stays_until_one_goes_on(visit, folder):
    page = visit(address(SPEC))
    go(page, "Gallery")
    page.get_by_role("radiogroup").get_by_text("128 px").click()
    expect(gallery(page)).to_have_attribute("data-status", "working")
    aside = folder.rename(folder.with_name("aside"))
    folder.touch()
    try:
        expect(gallery(page)).to_have_attribute("data-status", "failed")
        for _ in range(2):
            page.wait_for_event("response", lambda answer: "/state?" in answer.url)
        expect(page.get_by_test_id("counts")).to_contain_text("cannot be written")
        expect(gallery(page)).to_have_attribute("data-status", "failed")
    finally:
        folder.unlink()
        aside.rename(folder)
    page.get_by_test_id("sort").select_option("score")
    page.get_by_test_id("resume").click()
    expect(gallery(page)).to_have_attribute("data-status", re.compile("working|complete"))
    page.set_viewport_size({"width": 390, "height": 844})
    sheet, details = page.get_by_test_id("sheet").bounding_box(), page.locator(".ag-details").bounding_box()
    assert (
        sheet["height"] > 250
        and sheet["y"] + sheet["height"] <= details["y"]
        and details["y"] + details["height"] <= 850
    )
    page.set_viewport_size({"width": 1440, "height": 900})
    go(page, "Explore")
    go(page, "Gallery")
    expect(page.get_by_test_id("sort")).to_have_value("score")


def test_its_picture_is_shown_until_the_runs_own_is_clear(visit, folder):
    """At the default size: a long run is covered no longer than one of the default length."""
    page = visit(address(replace(SPEC, iterations=50_000)))
    expect(page.get_by_test_id("architecture")).to_have_attribute("data-drawn", re.compile("."))
    go(page, "Gallery")
    wait_for(page, "coarse", 5)
    go(page, "Explore")
    expect(page.get_by_test_id("architecture")).to_have_attribute("data-drawn", re.compile("."))
    page.evaluate("""() => {
        window.seen = [];
        const look = () => document.querySelectorAll("[data-testid=preview]").forEach(
            (preview) => seen.push([preview.textContent, preview.firstChild.naturalWidth]));
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
    }""")
    page.keyboard.press("n")
    page.wait_for_function("seen.length")
    text, width = page.evaluate("seen[0]")
    until = int(
        re.fullmatch(
            r"The Gallery's picture of this channel. At iteration (\d+) this run's own is clearer and takes its place.",
            text,
        )[1]
    )
    assert width >= 48 and until == min(48, round(192 * (width / 224) ** 2))
    wait_for_viewer(page, "iteration", until)
    expect(page.get_by_test_id("preview")).to_have_count(0)
    expect(page.get_by_test_id("picture-0")).to_have_css("opacity", "1")
    page.get_by_test_id("stop").click()


def test_it_gives_way_by_itself(visit, folder):
    page = visit(address(replace(SPEC, height=64, width=96, iterations=4000)))
    expect(page.get_by_test_id("architecture")).to_have_attribute("data-drawn", re.compile("."))
    page.keyboard.press("n")
    wait_for_viewer(page, "iteration", 100)
    expect(page.get_by_test_id("preview")).to_have_count(0)
    page.keyboard.press("n")
    wait_for_viewer(page, "iteration", 1)
    page.get_by_test_id("stop").click()
    expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "cancelled")
    expect(page.get_by_test_id("preview")).to_have_count(0)
