"""What people do on the Compare page."""

import functools
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from actviz_core import Channel, Comparison, Hyperparams, Recipe, Spec, read_comparison
from dashboard.state import links

SMALL = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=96, iterations=30))


@pytest.fixture
def compare(visit):
    """compare(comparison): the Compare page, with that comparison in its address."""

    def go(comparison: Comparison | None = None) -> Page:
        query = f"?{links.COMPARISON}={links.write_comparison(comparison)}" if comparison else ""
        page = visit(f"compare{query}")
        expect(page.get_by_role("button", name="Add from Explore")).to_be_visible(timeout=60_000)
        return page

    return go


def two() -> Comparison:
    return (
        Comparison()
        .added(SMALL)
        .added(Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 5), height=64, width=96, iterations=30)))
    )


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def finished(page: Page) -> None:
    expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "finished", timeout=60_000)


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


def pixels(page: Page, which: str) -> list:
    return page.get_by_test_id(which).evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
    )


UNCOVERED = """node => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return [top + 2, bottom - 2].every((y) => node.contains(document.elementFromPoint(left + 8, y))
        && node.contains(document.elementFromPoint(Math.min(right, innerWidth) - 8, y)));
}"""


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


def test_a_picture_is_added_from_explore(visit):
    page = visit()
    page.get_by_role("button", name="Add to comparison").click()
    expect(page.get_by_text("Compare has 1 column now")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("1. blocks.4.0, channel 20")).to_be_visible()
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Column 1 is the same already")
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.get_by_text("2. blocks.4.0, channel 20")).to_be_visible()


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
    page.wait_for_function("document.querySelector('[data-testid=picture-2]').width === 96")
    seen = pixels(page, "picture-2")
    assert seen[3] == 255 and not any(value for index, value in enumerate(seen) if index % 4 != 3)

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


def test_a_sweep_and_the_columns_are_a_click_apart_and_the_chosen_cell_stays_chosen(compare):
    page = compare(two())
    start(page)
    finished(page)
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Start sweep").click()
    expect(page.get_by_test_id("picture-8")).to_be_visible()
    page.get_by_test_id("stop").click()
    page.locator(".av-alone-button").nth(4).click()
    expect(page.get_by_text("Selected:")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 720})
    switch = page.get_by_role("radiogroup", name="Shown")
    for part in (switch, page.get_by_test_id("title")):
        assert part.evaluate(UNCOVERED)
    expect(page.get_by_role("button", name="Save as preset")).to_be_in_viewport(ratio=1)
    chosen = page.locator(".av-cell.av-marked canvas")
    expect(chosen).to_have_attribute("data-testid", "picture-4")
    switch.get_by_text("Columns (2)").click()
    expect(page.locator(".av-caption")).to_have_text(["1. channel 3", "2. channel 5"])
    switch.get_by_text("Sweep (9 pictures)").click()
    expect(chosen).to_have_attribute("data-testid", "picture-4")
    page.get_by_role("link", name="Explore").click()
    page.get_by_role("button", name="Add to comparison").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.locator(".av-cell")).to_have_count(3)
    switch.get_by_text("Sweep (9 pictures)").click()
    expect(chosen).to_have_attribute("data-testid", "picture-4")


LONG = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=64, iterations=50_000))


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


def test_the_focus_goes_to_the_next_column_when_one_is_removed(compare):
    page = compare(two().added(SMALL))
    for gone, next_one in ((2, "Remove column 3"), (3, "Remove column 1"), (1, "Create columns")):
        page.get_by_role("button", name=f"Remove column {gone}").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"Remove column {gone}")).to_have_count(0)
        expect(page.get_by_role("button", name=next_one)).to_be_focused()


def test_a_sweep_has_headings_and_its_cells_become_columns_and_are_taken_over(compare):
    page = compare()
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Start sweep").click()
    expect(page.get_by_test_id("picture-8")).to_be_visible(timeout=60_000)
    assert page.locator(".av-top").all_text_contents() == [
        "Learning rate 0.05",
        "Learning rate 0.141",
        "Learning rate 0.4",
    ]
    assert page.locator(".av-side").all_text_contents() == ["Largest scale 1", "Largest scale 1.3", "Largest scale 1.6"]
    page.wait_for_function("""() => {
        const [tops, boxes] = [".av-top", ".av-picture"].map((which) =>
            [...document.querySelectorAll(which)].map((each) => each.getBoundingClientRect()));
        const middle = (box) => box.left + box.width / 2;
        return boxes.length === 9 && boxes.every((box, index) =>
            Math.abs(middle(tops[index % 3]) - middle(box)) < box.width / 2
            && box.top === boxes[3 * Math.floor(index / 3)].top);
    }""")
    expect(page.get_by_test_id("picture-5")).to_have_attribute(
        "aria-label", re.compile("Learning rate 0.4, Largest scale 1.3. (Iteration|No picture)")
    )
    # A click at the moment of the end is not lost: the viewer tells the page both, at once.
    page.get_by_test_id("viewer").evaluate("""viewer => new MutationObserver((_, observer) => {
        if (viewer.dataset.status !== "cancelled") return;
        observer.disconnect();
        document.querySelectorAll(".av-alone-button")[4].click();
    }).observe(viewer, { attributes: true })""")
    page.get_by_test_id("stop").click()
    expect(page.get_by_text("Selected:")).to_be_visible()
    page.get_by_role("button", name="Add as a column").click()
    page.get_by_role("tab", name="Columns").click()
    expect(page.get_by_text("1. blocks.4.0, channel 20", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Use in Explore").click()
    expect(page.get_by_role("tab", name="Optimization")).to_be_visible()
    page.wait_for_function("decodeURIComponent(location.href).includes('\"learning_rate\":0.141')")


@pytest.mark.parametrize("width", [1100, 390])
def test_a_complaint_is_seen_and_covers_no_curves(visit, width):
    page = visit("compare")
    page.set_viewport_size({"width": width, "height": 800})
    if width < 768:  # the sidebar has closed
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()
    page.get_by_role("button", name="Add from Explore").click()
    complaint = page.get_by_test_id("stAlert")
    expect(complaint).to_contain_text("Column 1 is the same already")
    page.wait_for_function("""() => {
        const alert = document.querySelector("[data-testid=stAlert]"), box = alert.getBoundingClientRect();
        return alert.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
    }""")
    page.wait_for_function(
        """wide => {
            const [alert, curves] = ["[data-testid=stAlert]", ".av-curves"].map((name) => document.querySelector(name));
            return !wide || alert.getBoundingClientRect().right <= curves.getBoundingClientRect().left;
        }""",
        arg=width >= 1000,
    )


def test_a_complaint_leaves_the_navigation_free(visit):
    page = visit("compare?comparison=nonsense")
    page.set_viewport_size({"width": 1100, "height": 800})
    complaint, link = page.get_by_test_id("stAlert"), page.get_by_role("link", name="Gallery")
    expect(complaint).to_contain_text("valid comparison", timeout=60_000)
    upper, lower = link.bounding_box(), complaint.bounding_box()
    assert lower["y"] >= upper["y"] + upper["height"] and lower["x"] >= 0
    link.click(timeout=5000)
