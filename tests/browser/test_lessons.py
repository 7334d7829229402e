"""The shipped lessons, played as a learner does: wrong answers and right ones, hints, sliders, masks, to the end.

Every kind of step is played each time; `pytest -m every_lesson` plays all steps, in all languages and sizes.
"""

import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from actviz_core import Lesson, Step, read_course
from dashboard.words import gallery, unit, viewer
from dashboard.words.lessons import WORDS, words
from dashboard.words.terms import TERMS
from tests.browser.conftest import PHONE, SMALL
from tests.browser.learner import Learner

COURSE = read_course()
ENGLISH = {lesson.name: lesson for lesson in COURSE.lessons if lesson.lang == "en"}

SAID = """() => {
    const attributes = ["aria-label", "title", "alt", "aria-description", "aria-valuetext", "data-title"],
        said = new Set();
    for (const root of document.querySelectorAll(".stMain, .actviz-said"))
        for (const node of [root, ...root.querySelectorAll("*:not(style, script)")]) {
            for (const name of attributes) said.add(node.getAttribute(name) ?? "");
            for (const pseudo of ["::before", "::after"])
                said.add(getComputedStyle(node, pseudo).content.replace(/^"|"$/g, "").trim());
            for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) said.add(child.data.trim());
        }
    return [...said];
}"""


def kinds(step: Step) -> set[str]:
    """What somebody meets there: controls, panels, checks, questions, images, and what the solution does."""
    names = {f"shows {name}" for name in step.show} | {f"panel {name}" for name in step.panels}
    names |= {f"check of {measure.name}" for check in step.checks for measure in check.measures}
    names |= {f"solved by {name}" for name in step.solution.changes} if step.solution else set()
    facts = {
        "covered image": step.predict and step.image,
        "covered runs": step.predict and step.runs,
        "image": step.image,
        "two maps": step.image and len(step.image.methods) > 1,
        "estimate": step.question and step.question.estimate,
        "choices": step.question and step.question.choices,
        "several runs": len(step.runs) > 1,
        "one of several runs is steered": 0 < len(step.steers) < len(step.runs),
        "mask": step.solution and step.solution.mask,
    }
    return names | {name for name, holds in facts.items() if holds}


def fewest(lessons: Iterable[Lesson]) -> dict[str, list[Step]]:
    """Steps that meet every kind between them, by lesson: always the one that adds most."""
    steps = [(lesson.name, step) for lesson in lessons for step in lesson.steps]
    missing, chosen = set().union(*(kinds(step) for _, step in steps)), []
    while missing:
        chosen.append(max(steps, key=lambda each: len(kinds(each[1]) & missing)))
        missing -= kinds(chosen[-1][1])
    return {name: [step for of, step in steps if of == name and (of, step) in chosen] for name, _ in chosen}


def opened(profile, server, size: tuple[int, int], theme: str) -> Page:
    page = profile.new_page()
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.goto(f"{server.url}/learn")
    return page


def fits(page: Page) -> None:
    """Nothing has to be scrolled on a projector, and nothing to the side on a phone."""
    if page.viewport_size["width"] == SMALL[0]:
        page.wait_for_function("(node => node.scrollHeight <= node.clientHeight)(document.querySelector('.stMain'))")
    assert page.locator(".stMain").evaluate("node => node.scrollWidth <= node.clientWidth")


def go_on(page: Page) -> None:
    """To the next step, by its key."""
    page.evaluate("document.activeElement?.blur()")
    page.locator("body").press("n")


def test_every_kind_of_step(profile, server):
    chosen = fewest(ENGLISH.values())
    assert set().union(*(kinds(step) for steps in chosen.values() for step in steps)) == set().union(
        *(kinds(step) for lesson in ENGLISH.values() for step in lesson.steps)
    )
    page, said = opened(profile, server, SMALL, "dark"), words("en")
    for name, steps in chosen.items():
        learner = Learner(page, ENGLISH[name], said)
        page.locator(f".st-key-lesson-{name}").get_by_role("button").click()
        for step in steps:
            page.get_by_test_id(f"dot-{step.id}").click()
            learner.arrive(step)
            learner.play(step)
            fits(page)
        page.get_by_role("button", name=said["lessons"]).click()


def english(lang: str) -> re.Pattern:
    """What components say in English, and what the core calls things, but for what is the same in that language."""
    sentences = [
        said
        for table in (viewer.WORDS, unit.WORDS, gallery.WORDS)
        for name, said in table["en"].items()
        if table[lang][name] != said and name != "lang"
    ]
    patterns = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(sentence.strip())) for sentence in sentences]
    names = [re.escape(name) for name, other in TERMS[lang].items() if name != other]
    return re.compile("|".join(filter(re.compile("[a-z]{2}").search, patterns + names)))


def test_a_lesson_is_in_one_language(profile, server):
    """Also what the viewer says, its chart and its table, photographs and other channels, seen and heard."""
    page = opened(profile, server, SMALL, "dark")
    for lang in ("de", "fr"):
        page.get_by_role("radio", name=WORDS[lang]["language"], exact=True).click()
        page.locator(".st-key-lesson-3-noise").get_by_role("button").click()
        page.get_by_test_id("dot-total-variation").click()
        step = COURSE.lesson("3-noise", lang).step("total-variation")
        learner = Learner(page, COURSE.lesson("3-noise", lang), words(lang))
        learner.arrive(step)
        learner.slide(step, "total_variation.weight", 50.0)
        expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "finished")
        expect(page.get_by_text(viewer.WORDS[lang]["gradient"])).to_be_visible()
        said = page.evaluate(SAID)
        assert viewer.WORDS[lang]["save_hint"] in said and viewer.WORDS[lang]["axes"] in said
        assert unlike(page, lang) == []
        stands_below_its_title_on_a_phone(page)
        page.get_by_role("button", name=words(lang)["lessons"]).click()
        panels_are_in(page, lang)


def panels_are_in(page: Page, lang: str) -> None:
    """What stands beside pictures: parts of photographs, and the other channels of the layer."""
    lesson = COURSE.lesson("1-neuron", lang)
    learner = Learner(page, lesson, words(lang))
    page.locator(".st-key-lesson-1-neuron").get_by_role("button").click()
    page.get_by_test_id("dot-photographs").click()
    learner.arrive(lesson.step("photographs"))
    if learner.root.get_attribute("data-covered") == "true":  # until it is answered, in whichever language
        learner.answer(lesson.step("photographs"))
    best = page.get_by_test_id("patches").first.locator("canvas").first
    expect(best).to_have_attribute("aria-label", re.compile(rf"{unit.WORDS[lang]['best']}.*\d,\d"))
    assert unlike(page, lang) == []
    page.get_by_test_id("dot-furthest").click()
    learner.arrive(lesson.step("furthest"))
    expect(page.get_by_test_id("tile-11")).to_contain_text(gallery.WORDS[lang]["tile_score"])
    assert unlike(page, lang) == []
    page.get_by_role("button", name=words(lang)["lessons"]).click()


def stands_below_its_title_on_a_phone(page: Page) -> None:
    """Two pictures side by side leave no empty room above them."""
    page.set_viewport_size(dict(zip(("width", "height"), PHONE, strict=True)))
    page.wait_for_function("""() => {
        const box = selector => document.querySelector(selector).getBoundingClientRect();
        return box("[data-testid=picture-0]").top - box(".av-strip").bottom < 16;
    }""")
    page.set_viewport_size(dict(zip(("width", "height"), SMALL, strict=True)))


def unlike(page: Page, lang: str) -> list[str]:
    """What is said on the page in English."""
    return [text for text in page.evaluate(SAID) if english(lang).fullmatch(text)]


@pytest.mark.every_lesson
@pytest.mark.parametrize(("size", "theme"), [(SMALL, "dark"), (PHONE, "light")], ids=["projector", "phone"])
@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: f"{lesson.name}.{lesson.lang}")
def test_a_whole_lesson(lesson, size, theme, profile, server):
    page, said = opened(profile, server, size, theme), words(lesson.lang)
    page.get_by_role("radio", name=WORDS[lesson.lang]["language"], exact=True).click()
    learner = Learner(page, lesson, said)
    page.locator(f".st-key-lesson-{lesson.name}").get_by_role("button").click()
    middle = len(lesson.steps) // 2
    for number, step in enumerate(lesson.steps):
        learner.arrive(step)
        if number == 1:
            skip_and_return(page, lesson, number)
        fits(page)
        learner.play(step)
        fits(page)
        if number == middle:
            page.reload()
            done = page.get_by_test_id(f"dot-{step.id}")
            expect(done).to_have_attribute(
                "data-done", "true"
            )  # drawn for whom the tab was before, not for somebody new
            learner.arrive(step)
        go_on(page)
    reach_the_end(page, lesson, said)


def skip_and_return(page: Page, lesson: Lesson, number: int) -> None:
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("lesson")).to_have_attribute("data-step", lesson.steps[number + 1].id)
    page.get_by_test_id("steps").get_by_test_id("previous").click()
    expect(page.get_by_test_id("lesson")).to_have_attribute("data-step", lesson.steps[number].id)
    expect(page.get_by_test_id(f"dot-{lesson.steps[number].id}")).to_have_attribute("data-done", "false")


def reach_the_end(page: Page, lesson: Lesson, said: dict[str, str]) -> None:
    """All steps are done, the work can be kept, and the last picture goes to Explore."""
    steps = len(lesson.steps)
    expect(page.get_by_text(said["end_steps"].format(n=steps, of=steps))).to_be_visible()
    report = page.request.get(page.get_by_role("link", name=said["report"]).evaluate("link => link.href"))
    assert report.ok and lesson.title in report.text() and lesson.steps[-1].title in report.text()
    if not any(step.runs for step in lesson.steps):
        return
    page.get_by_role("button", name=said["explore"]).click()
    page.get_by_role("button", name="Start", exact=True).wait_for(state="attached")
    expect(page.get_by_test_id("viewer")).to_be_visible()
