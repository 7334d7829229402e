"""A lesson from its first step to its last, with right and wrong answers, a reload in the middle, and on a phone."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SMALL, Server

LESSONS = Path(__file__).parents[1] / "lessons"
SEEN = """
    window.seen = []; // what stood at the viewer while it was to be seen
    (function look() {
        const viewer = document.querySelector("[data-testid=viewer]");
        if (viewer?.dataset.status && viewer.checkVisibility({ visibilityProperty: true })) {
            const { status, iteration = "0" } = viewer.dataset;
            if (status !== "waiting") window.seen.push([status, Number(iteration)]);
        }
        requestAnimationFrame(look);
    })();
"""
LOCKED = """() => {
    (function look() {
        const other = document.querySelector("[data-testid=choice-1]");
        window.locked ||= other?.getAttribute("aria-disabled") === "true";
        requestAnimationFrame(look);
    })();
}"""


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A server with the lesson of the tests."""
    school = Server(tmp_path_factory.mktemp("school"), "--lessons", str(LESSONS))
    yield school
    school.stop()


@pytest.fixture
def step(profile, school):
    """step(id): a tab that is opened at that step of the lesson."""

    def opened(id: str, size: tuple[int, int] = SMALL, theme: str = "dark") -> Page:
        page = profile.new_page()
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.goto(f"{school.url}/learn?lesson=first&step={id}")
        expect(page.get_by_test_id("lesson")).to_have_attribute("data-step", id)
        return page

    return opened


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled."""
    return page.locator(".stMain").evaluate("node => node.scrollHeight <= node.clientHeight")


def run_of(page: Page) -> int:
    return int(page.get_by_test_id("viewer").get_attribute("data-iteration") or 0)


def goes_on(page: Page, to: int) -> None:
    """Until the run is that far."""
    page.wait_for_function(
        "to => Number(document.querySelector('[data-testid=viewer]')?.dataset.iteration) >= to", arg=to
    )


def serious(page: Page) -> list[str]:
    found = Axe().run(page, context=".stMain", options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in ("serious", "critical")
    ]


def test_a_lesson_from_its_first_step_to_its_last(step, school):
    page = step("noise")
    lesson, cover, picture = (
        page.get_by_test_id("lesson"),
        page.get_by_test_id("cover"),
        page.get_by_test_id("picture-0"),
    )
    goes_on(page, 6)
    expect(cover).to_be_visible()
    expect(picture).to_be_hidden()
    expect(page.get_by_test_id("tasks")).to_be_hidden()
    assert fits(page) and not serious(page)
    page.evaluate(LOCKED)
    page.get_by_test_id("choice-0").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("feedback-0")).to_contain_text("Not quite. The network keeps no photographs")
    expect(picture).to_be_visible()
    expect(cover).to_be_hidden()
    expect(page.get_by_test_id("choice-0")).to_contain_text("your prediction")
    page.wait_for_function("window.locked")  # for a second
    expect(lesson).to_have_attribute("data-met", "true")
    page.get_by_test_id("hint").click()
    expect(page.get_by_text("the same small window")).to_be_visible()
    page.locator("[data-testid=choice-1][aria-disabled=false]").click()
    expect(page.get_by_test_id("feedback-1")).to_contain_text("Right.")
    expect(page.get_by_test_id("dot-noise")).to_have_attribute("data-done", "true")
    assert fits(page) and not serious(page)

    page.keyboard.press("Escape")
    page.get_by_test_id("choice-1").press("n")  # the next step, by its key
    expect(lesson).to_have_attribute("data-step", "blur")
    expect(lesson).to_be_focused()  # and no answer of the next question
    expect(page.get_by_test_id("spoken")).to_have_text("Smooth it")
    expect(page.locator(".st-key-step_controls [data-testid=stWidgetLabel]")).to_have_count(1)
    expect(page.get_by_test_id("tasks")).to_contain_text("Total variation is 0; at least 0.5 is asked.")
    goes_on(page, 9)
    reached, address = run_of(page), page.url
    page.add_init_script(SEEN)
    page.reload()
    expect(page.get_by_test_id("dot-noise")).to_have_attribute("data-done", "true")
    expect(lesson).to_have_attribute("data-step", "blur")
    goes_on(page, reached)
    early = page.evaluate("least => seen.filter(([, iteration]) => iteration < least)", reached)
    assert not early, f"a run of somebody new was shown for a moment, not one at {reached}"
    assert page.url == address
    slider = page.locator(".st-key-step_controls input[type=range]")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    expect(page.get_by_test_id("met")).to_have_text("Reached. Go on when you like.")
    assert fits(page) and not serious(page)

    page.get_by_test_id("next").click()
    expect(page).to_have_url(re.compile("step=score"))
    page.go_back()
    expect(lesson).to_have_attribute("data-step", "blur")
    page.go_forward()
    expect(lesson).to_have_attribute("data-step", "score")
    expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "finished")
    page.get_by_test_id("estimate").fill("6")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("result")).to_have_text(re.compile(r"You expected 6. It became [\d.]+. That is"))
    expect(page.get_by_test_id("dot-score")).to_have_attribute("data-done", "true")
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("run-numbers")).to_contain_text("Size of the gradient g")
    page.get_by_test_id("tile-5").click()  # of the layer's gallery
    expect(page.get_by_role("spinbutton", name="Channel").last).to_have_value("5")  # the old one may still go
    expect(page.get_by_test_id("dot-own")).to_have_attribute("data-done", "true")
    page.get_by_test_id("next").click()
    expect(page.get_by_text("You have done 4 of 4 steps.")).to_be_visible()
    page.get_by_role("button", name="Open this unit in Explore").click()
    page.get_by_role("button", name="Start", exact=True).wait_for()
    expect(page).to_have_url(re.compile("blocks.1.0"))
    see_that_the_browser_goes_on(page, school)


def see_that_the_browser_goes_on(page: Page, school: Server) -> None:
    """Once the tab is closed, where it was; and not where somebody wants it forgotten."""
    other = page.context.new_page()
    page.close()
    other.goto(f"{school.url}/learn")
    expect(other.get_by_test_id("kept-lessons")).to_contain_text("“A first look”, step 4 of 4.")
    assert not serious(other)
    other.get_by_test_id("forget-lessons").click()
    assert other.evaluate("localStorage.getItem('actviz-lessons')") is None
    other.get_by_test_id("undo-forgetting").click()
    other.get_by_test_id("resume-lessons").click()
    expect(other.get_by_text("You have done 4 of 4 steps.")).to_be_visible()
    other.get_by_role("button", name="All lessons").click()
    expect(other.get_by_text("4 of 4 steps done")).to_be_visible()
    expect(other.get_by_test_id("kept-lessons")).to_be_attached()
    expect(other.get_by_test_id("resume-lessons")).to_have_count(0)


IN_SIGHT = """() => document.activeElement.getBoundingClientRect().bottom <=
    document.querySelector('.al-steps').getBoundingClientRect().top"""


def test_on_a_phone_the_controls_stand_below_the_picture(step):
    page = step("blur", PHONE, "light")
    picture = page.get_by_test_id("picture-0")
    expect(picture).to_be_visible()
    controls, next_step = page.locator(".st-key-step_controls"), page.get_by_test_id("next")
    expect(controls).to_be_visible()
    assert page.locator(".stMain").evaluate("node => node.scrollWidth <= node.clientWidth")
    box, bar = controls.bounding_box(), page.get_by_test_id("steps").bounding_box()
    assert box["y"] + box["height"] <= bar["y"] < PHONE[1], "what moves the picture, and the way on, are in reach"
    page.locator(".stMain").evaluate("node => node.scrollTo(0, node.scrollHeight)")
    below, above = controls.bounding_box(), picture.bounding_box()
    assert below["y"] >= above["y"] + above["height"] and below["y"] + below["height"] <= bar["y"]
    assert not serious(page)
    next_step.click()
    expect(page.get_by_test_id("lesson")).to_have_attribute("data-step", "score")
    page.get_by_test_id("previous").click()
    expect(page.get_by_test_id("lesson")).to_have_attribute("data-step", "blur")
    page.get_by_test_id("previous").click()
    page.set_viewport_size({"width": 640, "height": 360})  # a laptop's at 200 %
    choices = page.locator(".al-choice")
    expect(choices).to_have_count(3)
    for choice in choices.all():
        choice.focus()
        page.wait_for_function(IN_SIGHT)
