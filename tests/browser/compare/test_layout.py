"""Where pictures and captions stand, of several shapes and several a column."""

import functools
from dataclasses import replace

from playwright.sync_api import expect

from actviz_core import Channel, Comparison
from tests.browser.compare.page import LONG, SMALL, finished, start, two


def test_pictures_of_several_shapes_stay_in_their_place(compare):
    """A tall one is not drawn over the buttons below and the title above."""
    shapes = ((64, 96), (64, 96), (96, 96), (96, 64))
    page = compare(
        functools.reduce(
            Comparison.added,
            [replace(LONG, spec=replace(LONG.spec, height=height, width=width)) for height, width in shapes],
            Comparison(),
        )
    )
    start(page)
    for index, (_, width) in enumerate(shapes):
        expect(page.get_by_test_id(f"picture-{index}")).to_have_attribute("width", str(width))
    page.wait_for_function("""() => {
        const place = document.querySelector(".av-pictures").getBoundingClientRect();
        return [...document.querySelectorAll(".av-cell")].every((cell) => {
            const box = cell.getBoundingClientRect();
            return box.top >= place.top - 1 && box.bottom <= place.bottom + 1;
        });
    }""")
    page.get_by_test_id("stop").click()


LINES = """captions => captions.map((caption) => {
    const words = document.createRange(), seen = caption.getBoundingClientRect(), lines = new Map();
    const text = [...caption.querySelectorAll("*")].at(-1).firstChild;
    for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
        words.setStart(text, index);
        words.setEnd(text, index + word.length);
        const { bottom, right } = words.getBoundingClientRect();
        if (bottom <= seen.bottom + 1 && right <= seen.right + 1) lines.set(index, word);
    }
    return [...lines.values()].join(" ");
})"""
BEGIN_WITH = f"""(wanted) => {{
    const told = ({LINES})([...document.querySelectorAll(".av-cell .av-caption")]);
    return told.length === wanted.length && wanted.every((words, place) => told[place].startsWith(words));
}}"""


def test_every_picture_of_a_column_is_told_by_its_caption_and_in_the_legend(compare):
    comparison = Comparison()
    for channel in range(8):
        comparison = comparison.added(
            replace(
                SMALL,
                spec=replace(SMALL.spec, objective=Channel("blocks.1.0", channel), count=2, width=64, iterations=8),
            )
        )
    page = compare(comparison)
    start(page)
    finished(page)
    names = [f"{channel + 1}. picture {picture}, channel {channel}" for channel in range(8) for picture in (1, 2)]
    expect(page.locator(".av-cell .av-caption")).to_have_text(names)
    assert page.locator(".av-cell .av-caption").evaluate_all("captions => captions.map(({ title }) => title)") == names
    expect(page.locator(".av-curves .legendtext")).to_have_text(names)
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(BEGIN_WITH, arg=[name.partition(",")[0] for name in names])
        expect(page.locator(".av-curves .legend .scrollbar")).to_have_attribute(
            "height", "0"
        )  # the curves scroll with it
    drawn = page.locator(".av-curves .legendlines path.js-line").evaluate_all(
        "lines => lines.map((line) => line.style.stroke + line.style.strokeDasharray)"
    )
    assert len(set(drawn)) == 16
    described = page.locator(".av-cell canvas").evaluate_all("canvases => canvases.map((canvas) => canvas.ariaLabel)")
    assert len(set(described)) == 16 and ", picture 2. Iteration 8 of 8" in described[1]


def test_columns_of_several_pictures_fit_a_small_screen(compare):
    comparison = functools.reduce(
        Comparison.added,
        [replace(recipe, spec=replace(recipe.spec, count=2)) for recipe in two().recipes],
        Comparison(),
    )
    page = compare(comparison)
    page.set_viewport_size({"width": 1280, "height": 720})
    start(page)
    finished(page)
    expect(page.get_by_text("All of each column's first picture.")).to_be_visible()
    page.wait_for_function(
        "(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight)(document.querySelector('.stMain'))"
    )
