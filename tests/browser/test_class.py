"""A class as one of its members sees it, from the link to the end, with a teacher at the other end of the wall."""

import json
import re
import struct
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect
from websockets.sync.client import connect

from actviz_core import Channel, Recipe
from dashboard.state.courses import COURSES
from dashboard.words.classroom import words
from dashboard.words.lessons import unmarked
from tests.browser.conftest import ENDLESS, PATIENCE, PHONE, SMALL, Server
from tests.browser.test_explore import run_key, status, wait_for_another_run, wait_for_iteration
from tests.dashboard.server.test_class_server import cookie_of, links

SAID = words("de")  # the phone's language
PUSHED = Recipe(replace(ENDLESS, objective=Channel("blocks.1.0", 5), height=64, width=64, seed=40))
AROUND = """() => {
    const [ring, picture] = ["class-ring", "picture-0"].map((id) =>
        document.querySelector(`[data-testid=${id}]`).getBoundingClientRect());
    return ring.width && ring.top <= picture.top && ring.bottom >= picture.bottom && picture.bottom <= innerHeight;
}"""  # the ring is around the picture, which was scrolled into sight
AROUND_CONTROLS = """() => {
    const [ring, controls] = ["class-ring", "stSidebarUserContent"].map((id) =>
        document.querySelector(`[data-testid=${id}]`).getBoundingClientRect());
    const [front, back] = ["class-ring", "stSidebar"].map((id) =>
        Number(getComputedStyle(document.querySelector(`[data-testid=${id}]`)).zIndex));
    return ring.width && controls.left >= 0 && Math.abs(ring.left - controls.left) < 1 && front > back;
}"""  # they were in a sidebar that was closed, and it is not over the ring


FREE = """() => {
    const [told, way] = ["class-banner", "steps"].map((id) =>
        document.querySelector(`[data-testid=${id}]`).getBoundingClientRect());
    return told.height && way.bottom === innerHeight && told.bottom <= way.top;
}"""  # the banner stands above the way to the next step, at a phone's lower edge
LATE = """const set = window.setTimeout;
window.setTimeout = (act, wait, ...rest) => set(act, wait === 150 ? 3000 : wait, ...rest);"""  # the tab's question


@pytest.fixture
def shared(tmp_path):
    server = Server(tmp_path, "--share")
    yield server
    server.stop()


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport=dict(zip(("width", "height"), PHONE, strict=True)), locale="de-DE")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


class Teacher:
    def __init__(self, socket):
        self.socket = socket

    def do(self, **asked) -> None:
        self.socket.send(json.dumps(asked))

    def sees(self, good) -> dict:
        """The next message of the wall that is good."""
        while True:
            message = self.socket.recv(timeout=PATIENCE / 1000)
            if message:
                (length,) = struct.unpack(">I", message[:4])
                if good(header := json.loads(message[4 : 4 + length])):
                    return header


@contextmanager
def teaching(server: Server):
    cookie = cookie_of(server, links(server)[2])
    address = f"ws://127.0.0.1:{server.port}/class/wall"
    with connect(address, additional_headers={"Cookie": cookie}, ping_interval=None) as socket:
        yield Teacher(socket)


def test_a_member_from_the_link_to_the_end_of_the_class(visit, shared, phone, browser):
    alone = visit()
    alone.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
    assert alone.get_by_test_id("class-chip").count() == 0  # where there is no class
    page = visit(f"?join={links(shared)[0]}", context=phone, of=shared)
    name = page.get_by_test_id("class-name")
    expect(name).to_be_visible()
    called = name.inner_text()
    with teaching(shared) as teacher:
        obeys(page, teacher, called)
        key = run_key(page)
        page.add_init_script(LATE)  # the class knows who it is long before the tab has said so
        for at, said in (("task", ""), ("", SAID["look"])):
            teacher.do(push={"look": at})
            expect(page.get_by_test_id("class-pushed")).to_contain_text(said or SAID["look_nowhere"])
            page.reload()
            expect(name).to_have_text(called)
            status(page, "running")  # the tab has said who it is by now
            expect(page.get_by_test_id("class-pushed")).to_have_text(said)  # what was said once is over
            assert run_key(page) == key, "it begins again"
    shared.stop()
    expect(name).to_have_text(SAID["reconnecting"].format(name=called))
    shared.start(shared.port)
    wait_for_another_run(page, key)
    expect(name).to_have_text(called)
    wait_for_iteration(page, 2)
    with teaching(shared) as teacher:
        ends(page, teacher, called)
    leads(page, browser.new_context(viewport=dict(zip(("width", "height"), SMALL, strict=True))), shared)


def obeys(page, teacher: Teacher, called: str) -> None:
    """What the teacher does reaches the page, and what the page shows the wall."""
    teacher.do(push={"recipe": PUSHED.to_json(), "seeds": True})
    expect(page.get_by_test_id("class-pushed")).to_have_text(SAID["pushed_recipe"])
    wait_for_iteration(page, 2)
    page.wait_for_url(lambda url: '"channel":5' in unquote(url) and '"seed":40' in unquote(url))
    assert "join=" not in page.url
    expect(page.get_by_test_id("class-pushed")).to_be_hidden()  # it has been done, and read
    seen = teacher.sees(lambda header: header["sizes"])["tiles"][0]
    assert (seen["name"], seen["pictured"], seen["connected"]) == (called, True, True)
    teacher.do(pause=True)
    expect(page.get_by_test_id("class-paused")).to_have_text(SAID["paused"])
    status(page, "paused")
    expect(page.get_by_test_id("status")).to_have_text("paused")
    expect(page.get_by_test_id("halt")).to_have_text(f"{SAID['halted']}.")  # a sentence of its own, on an English page
    expect(page.get_by_test_id("halt")).to_have_attribute("lang", "de")
    for name in ("resume", "step"):
        expect(page.get_by_test_id(name)).to_be_disabled()
        expect(page.get_by_test_id(name)).to_have_attribute("title", SAID["halted"])
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_test_id("cover")).to_have_text(SAID["halted_run"])
    teacher.do(pause=False)
    wait_for_iteration(page, 2)
    expect(page.get_by_test_id("cover")).to_be_hidden()
    teacher.do(show=seen["id"])
    expect(page.get_by_test_id("class-shown")).to_have_text(SAID["shown"].format(name=called))
    expect(page.get_by_test_id("class-banner").get_by_role("img")).to_be_visible()
    teacher.do(show="")
    teacher.do(push={"look": "picture"})
    expect(page.get_by_test_id("class-pushed")).to_have_text(SAID["look_picture"])
    page.wait_for_function(AROUND)
    page.get_by_test_id("stSidebarHeader").hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    teacher.do(push={"look": "controls"})
    expect(page.get_by_test_id("class-pushed")).to_have_text(SAID["look_controls"])
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")
    page.wait_for_function(AROUND_CONTROLS)


def ends(page, teacher: Teacher, called: str) -> None:
    (tile,) = teacher.sees(lambda header: header["tiles"])["tiles"]
    page.get_by_test_id("class-close").click()
    page.get_by_test_id("class-name").click()
    page.get_by_test_id("class-hidden").check()
    assert teacher.sees(lambda header: header["gone"])["gone"] == [tile["id"]]
    page.get_by_test_id("class-rename").click()
    expect(page.get_by_test_id("class-name")).to_have_text(re.compile(rf"^(?!{re.escape(called)}$)\S+"))
    teacher.do(end=True)
    expect(page.get_by_test_id("class-told")).to_have_text(SAID["over"])
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('actviz-class'))") == []
    code = teacher.sees(lambda header: header["class"]["members"] == 0)["class"]["code"]
    page.get_by_test_id("class-code").fill(code.lower())
    page.get_by_test_id("class-join").click()
    expect(page.get_by_test_id("class-name")).to_be_visible()


def shows(page, teacher) -> None:
    """One member's picture on all screens, and the buttons of their lesson stay free."""
    stop, tile = teacher.get_by_test_id("stop-showing"), teacher.get_by_test_id("roster").get_by_role("listitem")
    expect(stop).to_be_disabled()
    teacher.get_by_text("The members as a list").click()
    tile.get_by_role("button", name="Show to all").click()
    expect(page.get_by_test_id("class-shown")).to_be_visible()
    size = page.viewport_size
    page.set_viewport_size(dict(zip(("width", "height"), PHONE, strict=True)))
    page.wait_for_function(FREE)
    page.set_viewport_size(size)
    expect(tile).to_contain_text("shown to all")
    stop.click()
    expect(page.get_by_test_id("class-shown")).to_be_hidden()
    expect(stop).to_be_disabled()
    expect(tile).not_to_contain_text("shown to all")


def leads(page, laptop, server: Server) -> None:
    """The teacher's own page: its link leaves no trace, and a step that is pushed is answered and counted."""
    laptop.set_default_timeout(PATIENCE)
    teacher = laptop.new_page()
    teacher.goto(f"{server.url}/class#{links(server)[2]}")
    expect(teacher.get_by_test_id("roster").get_by_role("button", include_hidden=True)).to_have_count(1)
    assert teacher.url == f"{server.url}/class"
    (cookie,) = [each for each in laptop.cookies() if each["name"] == "actviz-teacher"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and links(server)[2] not in cookie["value"]
    expect(teacher.get_by_test_id("address")).to_have_text(server.url)
    expect(teacher.get_by_role("link", name="Class")).to_be_visible()
    teacher.get_by_test_id("push-step").click()
    page.wait_for_url("**/learn?lesson=1-neuron&step=*")
    expect(page.get_by_role("heading", name=COURSES.lesson("1-neuron", "de").steps[0].title)).to_be_visible()
    page.get_by_test_id("choice-0").click()
    teacher.get_by_test_id("reveal").click()
    for screen, lang in ((teacher, "en"), (page, "de")):
        counted = words(lang)["answered"].format(n=1, of=1)
        expect(screen.get_by_test_id("class-answers").locator("figcaption")).to_contain_text(counted)
    question = unmarked(COURSES.lesson("1-neuron", "en").steps[0].question.text)
    expect(teacher.get_by_test_id("class-answers")).to_contain_text(question)
    expect(page.locator("[data-testid=question] + [role=status]")).to_contain_text(counted)  # it covers nothing
    texts = [unmarked(choice.text) for choice in COURSES.lesson("1-neuron", "de").steps[0].question.choices]
    asked = page.locator(".al-choice").evaluate_all("all => all.map((each) => +each.dataset.focus)")
    expect(page.locator(".aa-row > span:first-child")).to_have_text([texts[index] for index in asked])
    shows(page, teacher)
    assert page.get_by_role("link", name="Class").count() == 0
    page.get_by_role("link", name="Explore").click()  # where the step had found it
    sidebar = page.get_by_test_id("stSidebarUserContent")
    expect(sidebar.get_by_role("button", name="Start", exact=True)).to_be_visible()
    expect(sidebar.get_by_role("tab")).to_have_count(5)
    expect(page.get_by_test_id("class-answers")).to_have_count(0)
    expect(page.get_by_test_id("class-pushed")).to_be_hidden()
    page.goto(f"{server.url}/class")
    expect(page.get_by_test_id("class-told")).to_have_text(SAID["not_teacher"])
    laptop.close()
