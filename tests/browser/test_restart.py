"""The server ends and is started again while pages are open: they say so, keep what they have, and go on from there."""

import re

import pytest
from playwright.sync_api import Page, expect

from actviz_core import Comparison, Recipe
from dashboard.state import links
from tests.browser.conftest import PATIENCE, SIZE, Server
from tests.browser.test_explore import (
    LONG,
    SMALL,
    address,
    iteration,
    run_key,
    start,
    status,
    wait_for,
    wait_for_iteration,
)

ASKED = ("pause", "step", "stop", "branch", "scrub")


@pytest.fixture
def other(tmp_path):
    """A server of the test's own."""
    server = Server(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def profile(browser):
    """One whose clock can be put forward."""
    context = browser.new_context(viewport=SIZE, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    context.clock.install()
    yield context
    context.close()


def drawn(page: Page) -> list:
    """Some pixels of the first picture."""
    return page.get_by_test_id("picture-0").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(9, 9, 9, 9).data]"
    )


def press(page: Page, name: str) -> None:
    page.get_by_test_id(name).click()


def try_again(page: Page) -> None:
    """Brings the next attempt of all pages to connect forward: Streamlit waits up to fifteen seconds for it."""
    page.clock.fast_forward(15_000)


def running(page: Page) -> Page:
    start(page)
    wait_for_iteration(page, 5)
    wait_for(page, "drawn", 2)
    return page


def looking_back(page: Page) -> Page:
    """At a picture of a paused run."""
    start(page)
    wait_for_iteration(page, 25)
    press(page, "pause")
    status(page, "paused")
    with page.expect_response(lambda answer: answer.url.endswith("/picture/20")):
        page.get_by_test_id("scrub").fill("20")
    return page


def finished(page: Page) -> Page:
    start(page)
    status(page, "finished")
    return page


def swept(page: Page) -> Page:
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Start sweep").click()
    expect(page.get_by_test_id("picture-8")).to_be_visible()
    wait_for_iteration(page, 5)
    wait_for(page, "drawn", 9)
    return page


BOARD = f"compare?{links.COMPARISON}={links.write_comparison(Comparison().added(Recipe(LONG)).added(Recipe(LONG)))}"
STATES = {
    "looking back": (address(LONG), looking_back),
    "finished": (address(SMALL), finished),
    "running": (address(LONG), running),
    "compared": (BOARD, running),
    "swept": (f"compare{address(LONG)}", swept),
}


ALONE = ("running", "looking back", "finished")  # on Compare a socket is the same


def test_after_a_restart_every_page_says_so_keeps_its_picture_and_starts_again(visit, profile, other):
    idle = visit(address(LONG), profile, other)
    pages = {name: make(visit(query, profile, other)) for name, (query, make) in STATES.items()}
    gallery = visit("", profile, other)
    gallery.get_by_role("link", name="Gallery", exact=True).click()
    expect(gallery.get_by_test_id("counts")).to_contain_text("of")
    seen = {}
    other.stop()
    for name, page in pages.items():
        expect(page.get_by_test_id("banner-text")).to_contain_text("trying again")
        expect(page.get_by_test_id("status")).to_have_text("finished" if name == "finished" else "reconnecting…")
        for part in ASKED:
            expect(page.get_by_test_id(part)).to_be_disabled()
        seen[name] = drawn(page)
        # Streamlit's own box would cover that; where nothing else says so it stays.
        expect(page.get_by_test_id("stDialog")).to_have_count(0)
    expect(gallery.get_by_test_id("stDialog")).to_have_count(0)
    expect(idle.get_by_test_id("stDialog")).to_contain_text("Connection error")
    other.start(other.port)
    try_again(idle)
    expect(gallery.get_by_test_id("status")).to_have_text(re.compile("working|complete"))
    gallery.close()  # and computes no more
    for name, page in pages.items():
        page.bring_to_front()  # others are drawn once a second
        expect(page.get_by_test_id("banner-text")).to_contain_text("The server was restarted")
        expect(page.get_by_test_id("title")).to_be_visible()
        for part in ASKED:
            expect(page.get_by_test_id(part)).to_be_disabled()
        assert drawn(page) == seen[name] and any(seen[name])
        press(page, "save")
        with page.expect_download() as saved:
            press(page, "save-shown")
        assert saved.value.suggested_filename.endswith(".png") and saved.value.path().read_bytes().startswith(
            b"\x89PNG"
        )
        page.get_by_role("button", name="Start again").click()
        expect(page.get_by_test_id("banner")).to_be_hidden()
        if name == "finished":
            status(page, "finished")
            continue
        wait_for_iteration(page, 2)
        press(page, "stop")
        status(page, "cancelled")
    idle.bring_to_front()
    start(idle)  # the first click counts
    wait_for_iteration(idle, 2)
    press(idle, "stop")
    status(idle, "cancelled")


def test_a_connection_that_is_only_cut_is_told_and_comes_back(visit, profile):
    """What is closed, and then a network that says nothing although nothing was closed."""
    cut, silent, sockets = False, False, []

    def through(socket):
        if cut or silent:
            socket.close()
            return
        server = socket.connect_to_server()
        sockets.append(socket)
        if "/live/" in socket.url:
            socket.on_message(lambda message: silent or server.send(message))
            server.on_message(lambda message: silent or socket.send(message))

    profile.route_web_socket("**", through)
    pages = {name: make(visit(query, profile)) for name, (query, make) in STATES.items() if name in ALONE}
    reached, cut = {name: (iteration(page), run_key(page)) for name, page in pages.items()}, True
    for socket in sockets:
        socket.close()
    for page in pages.values():
        expect(page.get_by_test_id("banner-text")).to_contain_text("trying again")
        for part in ASKED:
            expect(page.get_by_test_id(part)).to_be_disabled()
    cut = False
    try_again(page)
    for name, page in pages.items():
        page.bring_to_front()
        expect(page.get_by_test_id("banner")).to_be_hidden()
        expect(page.get_by_test_id("scrub")).to_be_enabled()
        before, key = reached[name]
        assert run_key(page) == key
        if name == "looking back":
            expect(page.get_by_test_id("shown")).to_have_text("shows 20")
            press(page, "live")
            press(page, "resume")
        if name != "finished":
            wait_for_iteration(page, before + 3)
            press(page, "stop")
            status(page, "cancelled")

    page = pages["looking back"]
    page.bring_to_front()
    start(page)
    status(page, "running")
    press(page, "pause")
    status(page, "paused")
    silent = True
    page.clock.fast_forward(4_000)
    expect(page.get_by_test_id("banner-text")).to_contain_text("trying again")
    silent = False
    try_again(page)
    expect(page.get_by_test_id("banner")).to_be_hidden()
    press(page, "resume")
    wait_for_iteration(page, iteration(page) + 3)
    press(page, "stop")
    status(page, "cancelled")
