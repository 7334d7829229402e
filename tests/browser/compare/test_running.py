"""Columns in step, their numbers while they run, and what stands above them."""

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from actviz_core import Channel, Comparison, Hyperparams, Recipe, Spec, read_comparison
from tests.browser.compare.page import LONG, SMALL, UNCOVERED, finished, start, two


def choose_difference(page: Page) -> None:
    """Of the first two columns."""
    expect(
        page.get_by_text("Held-out score: the mean score")
    ).to_be_visible()  # the page is drawn anew when the last one has ended
    box = page.get_by_role("combobox", name="Difference of two columns")
    for number in (1, 2):
        box.click()
        expect(page.get_by_role("option").first).to_have_text(re.compile(r"^\d+\. "))  # no way to select all of them
        option = page.get_by_role("option", name=re.compile(rf"^{number}\. "))
        option.click()
        expect(option).to_have_count(0)
    page.keyboard.press("Escape")  # an open list takes the next click to close
    expect(page.get_by_role("listbox")).to_have_count(0)


BLACK = """() => {
    const canvas = document.querySelector("[data-testid=picture-2]");
    if (canvas.width !== 96) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.every((value, index) => value === (index % 4 === 3 ? 255 : 0));
}"""


def pixels(page: Page, which: str) -> list:
    return page.get_by_test_id(which).evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
    )


def test_a_message_stands_under_the_title_and_nothing_covers_either(compare):
    grey = Recipe(
        Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=96, iterations=60, start="grey"),
        Hyperparams(0.001),
    )
    page = compare(Comparison().added(grey).added(grey))
    start(page)
    finished(page)
    expect(page.get_by_test_id("banner-text")).to_contain_text("still grey")
    expect(page.get_by_test_id("title")).to_contain_text("efficientnet_lite0")
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for part in ("title", "banner"):
            page.wait_for_function(UNCOVERED, arg=page.get_by_test_id(part).element_handle())
        if width > 768:
            for part in ("picture-0", "pause", "step", "stop", "curves"):
                expect(page.get_by_test_id(part)).to_be_in_viewport(ratio=0.97)


def test_columns_run_in_step_are_marked_saved_and_scrubbed_together_and_give_way_to_new_ones(compare, tmp_path):
    page = compare(two())
    start(page)
    finished(page)
    name = page.locator(".av-curves .legendtoggle").nth(1)
    expect(name).to_be_visible()
    name.click()
    expect(page.locator(".av-cell.av-marked")).to_have_count(1)
    expect(page.locator(".av-cell").nth(1)).to_have_class("av-cell av-marked")

    with page.expect_download() as download:
        page.get_by_test_id("save").click()
        page.get_by_test_id("save-sheet").click()
    sheet = tmp_path / "comparison.png"
    download.value.save_as(sheet)
    found = read_comparison(sheet.read_bytes())
    assert [recipe.spec for recipe in found.recipes] == [recipe.spec for recipe in two().recipes]
    with page.expect_download() as download:
        page.get_by_test_id("save").click()
        page.get_by_test_id("save-csv").click()
    assert len(download.value.path().read_text().splitlines()) == 61
    other = compare()
    other.get_by_role("tab", name="Open").click()
    other.locator("input[type=file]").first.set_input_files(sheet)
    other.get_by_role("tab", name="Columns").click()
    expect(other.get_by_text("2. channel 5")).to_be_visible()
    other.close()
    page.bring_to_front()

    before = pixels(page, "picture-0"), pixels(page, "picture-1")
    page.get_by_test_id("scrub").fill("2")
    expect(page.get_by_test_id("shown")).to_have_text("shows 2")
    for which, last in zip(("picture-0", "picture-1"), before, strict=True):
        page.wait_for_function(
            "([which, last]) => { const c = document.querySelector(`[data-testid=${which}]`); "
            "return String([...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]) !== last; }",
            arg=[which, ",".join(map(str, last))],
        )

    page.evaluate("""() => {
        window.kept = [];
        const before = new Set(document.querySelectorAll(".av-cell canvas"));
        const note = () => window.kept.push(...[...document.querySelectorAll(".av-cell canvas")]
            .filter((canvas) => before.has(canvas)).map(() => run()));
        const run = () => document.querySelector("[data-testid=viewer]").dataset.status;
        new MutationObserver(() => run() !== "finished" && note()).observe(
            document.querySelector("[data-testid=viewer]"), { attributes: true, attributeFilter: ["data-status"] });
    }""")
    page.get_by_role("button", name="Create columns").click()
    page.wait_for_function("document.querySelectorAll('.av-cell').length === 6")
    expect(page.get_by_test_id("picture-0")).not_to_have_attribute("width", "1")
    page.get_by_test_id("stop").click()
    assert page.evaluate("window.kept") == [], "the new columns show something of those before"


def test_the_difference_of_a_picture_with_itself_is_black_and_its_canvas_shows_pictures_again(compare):
    page = compare(Comparison().added(SMALL).added(SMALL))
    start(page)
    finished(page)
    choose_difference(page)
    caption = page.locator(".av-caption", has_text="1 \u2212 2, doubled")
    expect(caption).to_be_visible()
    assert caption.evaluate(
        "({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => "
        "scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 2"
    ), "cut off"
    expect(page.get_by_test_id("picture-2")).to_have_attribute("aria-label", re.compile("difference, doubled, of 1"))
    page.get_by_test_id("live").is_disabled()
    page.get_by_test_id("scrub").fill("4")
    page.wait_for_function(BLACK)  # once both columns' pictures of that iteration are there

    page.get_by_test_id("live").click()
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.locator(".av-cell")).to_have_count(4, timeout=60_000)
    page.get_by_test_id("stop").click()
    start(page)
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=row-iteration]')].every((cell) => parseInt(cell.textContent) >= 3)"
    )
    expect(page.locator(".av-cell")).to_have_count(3, timeout=60_000)
    modes = page.locator(".av-cell canvas").evaluate_all(
        "all => all.map((canvas) => canvas.getContext('2d').globalCompositeOperation)"
    )
    assert modes == ["source-over"] * 3
    page.get_by_test_id("stop").click()


def several(count: int, recipe: Recipe = LONG) -> Comparison:
    comparison = Comparison()
    for channel in range(count):
        comparison = comparison.added(
            replace(recipe, spec=replace(recipe.spec, objective=Channel("blocks.1.0", channel)))
        )
    return comparison


def rows(page: Page, which: str) -> list[str]:
    return page.get_by_test_id("numbers").get_by_test_id(which).all_text_contents()


def test_the_numbers_are_live_and_complete(compare):
    page = compare(several(12, replace(LONG, spec=replace(LONG.spec, iterations=400))))
    expect(page.get_by_text("Press Start to run these columns.")).to_be_visible()
    start(page)
    page.wait_for_function("Number(document.querySelector('[data-testid=viewer]').dataset.iteration) >= 20")
    page.get_by_test_id("pause").click()
    expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "paused")
    expect(page.get_by_test_id("row-status").nth(11)).to_have_text("paused")
    at = page.get_by_test_id("viewer").get_attribute("data-iteration")
    assert rows(page, "row-iteration") == [f"{at} of 400"] * 12 and int(at) >= 20
    assert rows(page, "row-score") == [page.get_by_test_id(f"score-{index}").text_content() for index in range(12)]
    expect(page.get_by_test_id("left")).to_have_text("")
    expect(page.get_by_test_id("row-held-out").first).to_be_hidden()
    captions = page.locator(".av-cell .av-caption")
    assert captions.all_text_contents()[11] == "12. channel 11"
    assert captions.evaluate_all(
        "all => all.every(({scrollWidth, clientWidth, scrollHeight, clientHeight}) => "
        "scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 2)"
    ), "cut off"
    page.get_by_test_id("resume").click()
    expect(page.get_by_test_id("left")).to_have_text(re.compile(r"about .+ left"), timeout=60_000)
    page.get_by_test_id("stop").click()
    expect(page.get_by_test_id("row-held-out").nth(11)).to_have_text(re.compile(r"\d"), timeout=60_000)
    assert (
        all(text.endswith("of 24") for text in rows(page, "row-rank")) and rows(page, "row-status") == ["stopped"] * 12
    )
    expect(page.get_by_test_id("left")).to_have_text("")
    assert "None" not in page.locator(".stMain").inner_text()


def test_rows_pick_out_their_pictures_and_the_legend_names_runs_only(compare):
    page, warnings = compare(several(3)), []
    page.on("console", lambda message: warnings.append(message.text) if "listener" in message.text else None)
    start(page)
    page.locator(".av-curves .legendtoggle").first.wait_for()
    row = page.get_by_test_id("numbers").get_by_role("button", name="2. channel 1")
    row.click()
    expect(page.locator(".av-cell").nth(1)).to_have_class("av-cell av-marked")
    expect(row).to_have_attribute("aria-pressed", "true")
    for _ in range(6):  # each draws all curves anew
        row.click()
        page.wait_for_function(
            "() => { const plot = document.querySelector('.av-plot'); "
            "const ready = plot.drawnBefore !== plot.layout; plot.drawnBefore = plot.layout; return ready; }"
        )
    assert (
        page.evaluate("document.querySelector('.av-plot')._ev.listeners('plotly_legenddoubleclick').length") == 1
        and not warnings
    )
    assert page.locator(".av-curves .legendtext").all_text_contents() == [
        "1. channel 0",
        "2. channel 1",
        "3. channel 2",
    ]
    swatches = "swatches => swatches.filter((swatch) => !swatch.hidden).map((swatch) => swatch.style.background)"
    colours = page.locator(".av-cell .av-swatch").evaluate_all(swatches)
    page.locator(".st-key-remove-2 button").filter(visible=True).click()
    expect(page.locator(".av-cell")).to_have_count(2, timeout=60_000)
    expect(page.locator(".av-marked")).to_have_count(0)
    assert page.locator(".av-cell .av-caption").all_text_contents() == ["1. channel 0", "3. channel 2"]
    assert (
        page.locator(".av-cell .av-swatch").evaluate_all(swatches)
        == page.locator(".av-table .av-swatch").evaluate_all(swatches)
        == [colours[0], colours[2]]
    )
    page.get_by_test_id("stop").click()
