"""The quiz on a laptop and a phone, by finger and by key, from the teacher's push over a reload to its end."""

import os
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from actviz_core import Channel, Recipe, Spec
from tests.browser.conftest import PATIENCE, PHONE, SMALL, Server
from tests.browser.test_accessibility import ALL, faults
from tests.dashboard.server.test_class_server import links

# So small that its index and its pictures take no time.
NETWORK = """
from torch import nn


def small():
    block = lambda inputs: (nn.Conv2d(inputs, 8, 3, 2, padding=1), nn.BatchNorm2d(8), nn.SiLU())
    return nn.Sequential(*block(3), *block(8), *block(8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5))
"""
RECIPE = Recipe(Spec("small_network:small", Channel("0", 0), height=32, width=32))
ON_ONE_SCREEN = """() => [...document.querySelectorAll('.aq-trial img, .aq-answer, .aq-end')].every((node) => {
    const { left, right, bottom } = node.getBoundingClientRect();
    return left >= 0 && right <= innerWidth && bottom <= innerHeight;
})"""
APART = """() => {
    const shown = [...document.querySelectorAll('.aq-trial img, .aq-answer')],
        boxes = shown.map((node) => node.getBoundingClientRect());
    return boxes.every((one, at) => one.left >= 0 && one.right <= innerWidth && boxes.slice(at + 1).every((other) =>
        one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top));
}"""
LOADED = "() => [...document.querySelectorAll('.aq-trial img')].every((image) => image.complete && image.naturalWidth)"


@pytest.fixture
def quizzed(tmp_path, monkeypatch):
    (tmp_path / "small_network.py").write_text(NETWORK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))
    server = Server(tmp_path, "--share", "--model", "small_network:small", "--input-size", "32")
    yield server
    server.stop()


@pytest.fixture
def phone(browser):
    size = dict(zip(("width", "height"), PHONE, strict=True))
    context = browser.new_context(viewport=size, has_touch=True, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def laptop(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def sized(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))


def test_a_quiz_on_a_phone_from_the_teachers_push_over_a_reload_to_its_end(quizzed, phone, laptop):
    page, problems = phone.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    sized(page, SMALL)
    page.goto(f"{quizzed.url}/explore?join={links(quizzed)[0]}&recipe={quote(RECIPE.to_json())}")
    expect(page.get_by_test_id("class-name")).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_role("button", name="Start", exact=True)).to_be_visible()
    teacher = laptop.new_page()
    teacher.goto(f"{quizzed.url}/class#{links(quizzed)[2]}")
    teacher.get_by_test_id("push-quiz").click()
    page.wait_for_url("**/learn?quiz=open*")
    expect(page.get_by_test_id("quiz")).to_contain_text("cut out of 11 sample photographs: 55 images in all")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    sized(page, PHONE)
    page.get_by_test_id("quiz-short").tap()
    trial = page.get_by_test_id("quiz-trial")
    page.get_by_test_id("answer-2").tap()
    expect(page.get_by_test_id("quiz-said")).to_contain_text("answers")
    page.get_by_test_id("quiz-next").tap()
    for number in range(1, 7):
        expect(trial).to_have_attribute("data-number", str(number))
        expect(trial).to_have_attribute("data-waits", "false")
        page.wait_for_function(LOADED)
        for size in (PHONE[::-1], PHONE):
            sized(page, size)
            page.wait_for_function(ON_ONE_SCREEN)
        assert {image.get_attribute("alt") for image in trial.locator(".aq-queries img").all()} == {
            "The left image",
            "The right image",
        }
        if trial.get_attribute("data-condition") == "both":
            for width in (720, 800, 900, SMALL[0]):
                sized(page, (width, SMALL[1]))
                assert page.evaluate(APART), width
            sized(page, PHONE)
            assert not faults(page, "a trial", ALL, ".aq-quiz")
        if number == 4:
            expect(page.locator(".aq-question")).to_be_focused()  # not the answer that Enter gave before
        if number == 3:
            page.reload()
            expect(trial).to_have_attribute("data-number", "3")
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowRight")
            expect(page.get_by_test_id("answer-6")).to_be_focused()
            page.keyboard.press("Enter")
        else:
            page.keyboard.press(str(number))
    results = page.get_by_test_id("quiz")
    expect(results).to_have_attribute("data-status", "end")
    expect(results.get_by_test_id("shares")).to_have_count(5)
    expect(results).to_contain_text("left out of the numbers below")
    expect(results.get_by_test_id("reading")).to_contain_text("Dashed line: 50 %")
    expect(results).to_contain_text("Borowski et al. 2021")
    expect(results).to_contain_text("another network (Inception V1)")
    assert not faults(page, "the end", ALL, ".aq-quiz")
    expect(results).to_contain_text(
        "Finished so far: 1. The class's average is shown here when your teacher reveals it."
    )
    teacher.get_by_test_id("reveal-quiz").click()
    expect(results).to_contain_text(re.compile("Finished so far: 1, [01] of them counted. .* once 5 are."))
    expect(teacher.get_by_test_id("class-quiz")).to_contain_text("0 in the second half, 1 finished")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0] and not problems
