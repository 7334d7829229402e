"""What people do on the Explore page, done in a real browser against the real server and a real network."""

import csv
import io
import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote, urljoin

from playwright.sync_api import Page, expect

from actviz_core import REMEDIES, Adam, Channel, FourierImage, Hyperparams, Jitter, Recipe, Spec, export, load_model

SMALL = Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=96, iterations=40)
LONG = Spec("efficientnet_lite0", Channel("blocks.1.0", 3), optimizer=Adam(0.5), height=64, width=96, iterations=50_000)

USUAL = Hyperparams()


def address(spec: Spec, hyperparams: Hyperparams = USUAL) -> str:
    return f"?recipe={quote(Recipe(spec, hyperparams).to_json())}"


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def viewer(page: Page):
    return page.get_by_test_id("viewer")


def status(page: Page, word: str) -> None:
    expect(viewer(page)).to_have_attribute("data-status", word, timeout=60_000)


def iteration(page: Page) -> int:
    return int(viewer(page).get_attribute("data-iteration") or 0)


def wait_for(page: Page, count: str, at_least: int) -> None:
    """Until the viewer counts so many; `count` is "iteration" or "drawn"."""
    page.wait_for_function(
        "([count, n]) => Number(document.querySelector('[data-testid=viewer]')?.dataset[count]) >= n",
        arg=[count, at_least],
    )


def wait_for_iteration(page: Page, at_least: int) -> None:
    wait_for(page, "iteration", at_least)


def wait_for_another_run(page: Page, key: str) -> None:
    page.wait_for_function(
        "key => { const link = document.querySelector('[data-testid=save-csv]'); "
        "return link?.href && !link.href.includes(key); }",
        arg=key,
    )


def saved(page: Page, which: str):
    """The answer to one of the links under Save."""
    answer = page.request.get(urljoin(page.url, page.get_by_test_id(which).get_attribute("href")))
    assert answer.ok, f"{which}: {answer.status} {answer.text()[:200]}"
    return answer


def curves(page: Page) -> list[dict]:
    return list(csv.DictReader(io.StringIO(saved(page, "save-csv").text())))


def timeless(rows: list[dict]) -> list[dict]:
    """Curves without the time that they took."""
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def run_key(page: Page) -> str:
    return page.get_by_test_id("save-csv").get_attribute("href").split("/")[-3]


def test_a_newcomer_gets_a_picture_and_its_curve(visit):
    page = visit()
    start(page)
    wait_for(page, "drawn", 3)
    wait_for_iteration(page, 10)
    expect(page.get_by_test_id("iteration")).to_have_text(re.compile(r"iteration \d+ of 192"))
    expect(page.locator(".av-viewer .js-plotly-plot").first).to_be_visible()
    page.get_by_test_id("stop").click()
    status(page, "cancelled")
    assert iteration(page) == len(curves(page)) >= 10
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.evaluate("document.querySelector('.stMain').scrollHeight <= window.innerHeight + 1"), "the page scrolls"


def test_a_slider_acts_on_the_running_picture(visit):
    page = visit(address(LONG))
    start(page)
    wait_for_iteration(page, 5)
    key = run_key(page)
    page.get_by_role("tab", name="Optimization").click()
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    wait_for_iteration(page, iteration(page) + 20)
    rates = [float(row["learning_rate"]) for row in curves(page)]
    assert rates[0] == 0.175 and rates[-1] == 0.2, "not obeyed"
    assert run_key(page) == key and rates == sorted(rates), "restarted"
    page.get_by_role("tab", name="Regularization").click()
    for name in ("Total variation", "High frequencies"):
        page.get_by_role("slider", name=name).press("ArrowRight")
        expect(page.get_by_test_id("curves")).to_contain_text(f"penalty: {name}")
    page.get_by_test_id("stop").click()
    status(page, "cancelled")


def test_the_tab_and_the_focus_stay_where_they_are_when_the_picture_is_out_of_date(visit):
    page = visit(address(SMALL))
    viewer(page).evaluate("viewer => { viewer.dataset.built = 'once'; }")
    start(page)
    status(page, "finished")
    outdated, tab, slider = (
        page.get_by_text("The settings have changed since"),
        page.get_by_role("tab", name="Transforms"),
        page.get_by_role("slider", name="Jitter (px)"),
    )
    tab.click()
    place = slider.bounding_box()["y"]
    slider.press("ArrowRight")
    expect(outdated).to_be_visible()
    assert slider.bounding_box()["y"] == place, "it moved away under the pointer"
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(slider).to_be_focused()
    start(page)
    expect(outdated).to_be_hidden()
    expect(tab).to_have_attribute("aria-selected", "true")
    page.get_by_role("slider", name="Smallest scale").press("End")
    expect(page.get_by_role("alert").filter(has_text="larger than the largest")).to_be_visible()
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(viewer(page)).to_have_attribute("data-built", "once")


def test_one_iteration_is_a_point_on_axes_that_can_be_read(visit):
    page = visit(address(replace(SMALL, iterations=1)))
    start(page)
    status(page, "finished")
    points, figure = page.locator(".av-curves :is(.xy, .xy2) > .scatterlayer .points path"), page.locator(".av-plot")
    expect(points).to_have_count(2)  # score and gradient
    (row,) = curves(page)
    score, (low, high) = float(row["score_0"]), figure.evaluate("plot => plot._fullLayout.yaxis.range")
    assert low < score < high and high - low <= 2 * abs(score)
    for axis in ("ytick", "y2tick"):
        boxes = sorted(
            (tick.bounding_box() for tick in page.locator(f".av-curves .{axis} text").all()), key=lambda box: box["y"]
        )
        assert boxes and all(above["y"] + above["height"] <= below["y"] + 1 for above, below in pairwise(boxes))
    page.get_by_test_id("branch").click()
    wait_for_iteration(page, 100)
    status(page, "finished")
    expect(points).to_have_count(0)


def test_a_mark_on_the_curves_says_what_was_changed_there(visit):
    page = visit(address(LONG))
    start(page)
    wait_for_iteration(page, 5)
    page.get_by_role("tab", name="Optimization").click()
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    marks = page.locator(".av-curves .xy99 .points path, .av-curves .overplot .points path")
    expect(marks).to_have_count(1)
    wait_for_iteration(page, iteration(page) + 30)
    page.get_by_test_id("pause").click()
    status(page, "paused")
    at = next(row["iteration"] for row in curves(page) if row["learning_rate"] == "0.2")
    marks.hover(force=True)
    expect(page.locator(".av-curves .hoverlayer")).to_have_text(f"iteration {at}: Learning rate 0.175 to 0.2")
    page.get_by_test_id("stop").click()
    status(page, "cancelled")


def test_pause_step_resume_and_stop(visit):
    page = visit(address(LONG))
    start(page)
    wait_for_iteration(page, 3)
    page.get_by_test_id("pause").click()
    status(page, "paused")
    paused_at = iteration(page)
    page.get_by_test_id("step").click()
    wait_for_iteration(page, paused_at + 1)
    status(page, "paused")
    assert iteration(page) == paused_at + 1
    page.get_by_test_id("scrub").fill("1")
    expect(page.get_by_test_id("shown")).to_have_text("shows 1")
    page.get_by_test_id("resume").click()
    expect(page.get_by_test_id("shown")).to_have_text("")  # who lets it go on looks at what comes
    wait_for_iteration(page, paused_at + 5)
    page.get_by_test_id("stop").click()
    status(page, "cancelled")
    assert len(curves(page)) == iteration(page)


def test_looking_back_and_branching(visit):
    page = visit(address(SMALL))
    start(page)
    status(page, "finished")
    before, key = curves(page), run_key(page)
    page.get_by_test_id("scrub").fill("20")
    expect(page.get_by_test_id("shown")).to_have_text("shows 20")
    page.get_by_test_id("branch").click()
    wait_for_another_run(page, key)
    status(page, "finished")
    after = curves(page)
    assert len(after) == 40
    assert timeless(after[:20]) == timeless(before[:20])


def test_a_run_goes_on_after_its_end(visit):
    page = visit(address(SMALL))
    start(page)
    status(page, "finished")
    go_on, before, key = page.get_by_test_id("branch"), curves(page), run_key(page)
    expect(go_on).to_have_text("100 more iterations")
    page.get_by_test_id("scrub").fill("20")
    expect(go_on).to_have_text("Continue from here")
    page.get_by_test_id("live").click()
    page.get_by_role("tab", name="Optimization").click()
    count = page.get_by_role("spinbutton", name="Iterations", exact=True)
    count.fill("60")
    count.press("Enter")
    expect(go_on).to_have_text("20 more iterations")
    expect(page.get_by_test_id("kept")).to_have_text("")
    page.get_by_role("tab", name="Target").click()
    channel = page.get_by_role("spinbutton", name="Channel")
    channel.fill("4")
    channel.press("Enter")
    expect(page.get_by_test_id("kept")).to_have_text(
        "Going on keeps the target of this run; Start uses what is set now."
    )
    go_on.click()
    wait_for_another_run(page, key)
    status(page, "finished")
    expect(page.get_by_test_id("iteration")).to_have_text("iteration 60 of 60")
    expect(channel).to_have_value("3")
    assert timeless(curves(page)[:40]) == timeless(before)


def test_a_picture_is_shown_large_and_the_run_goes_on(visit):
    page = visit(address(LONG))
    start(page)
    wait_for(page, "drawn", 1)
    key, large, enlarge = (
        run_key(page),
        page.get_by_test_id("large"),
        page.get_by_role("button", name="show the picture large"),
    )
    enlarge.press("Enter")
    expect(large).to_be_visible()
    canvas = large.locator("canvas").bounding_box()
    assert canvas["width"] > 0.9 * 1440 and canvas["height"] > 0.9 * 900
    before = large.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    page.wait_for_function(
        "before => document.querySelector('[data-testid=large] canvas').toDataURL() !== before", arg=before
    )
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(enlarge).to_be_focused()
    enlarge.click()
    large.click()
    expect(large).to_be_hidden()
    status(page, "running")
    assert run_key(page) == key
    page.get_by_test_id("stop").click()


def test_a_saved_picture_opens_again_and_comes_out_the_same(visit):
    page = visit(address(SMALL))
    start(page)
    status(page, "finished")
    first = saved(page, "save-png").body()
    assert saved(page, "save-gif").body().startswith(b"GIF8")
    other = visit()
    other.get_by_role("tab", name="Open").click()
    other.locator("input[type=file]").first.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": first})
    expect(other.get_by_text("Opened from a.png; press Start to make it again.")).to_be_visible()
    other.wait_for_function(
        "document.querySelector('[data-testid=still]').naturalWidth === 96 && location.href.includes('blocks.1.0')"
    )
    start(other)
    expect(other.get_by_test_id("still")).to_be_hidden()
    status(other, "finished")
    second = saved(other, "save-png").body()
    assert export.read_recipe(first).spec == export.read_recipe(second).spec == SMALL
    assert second == first, "not the same picture"


def test_what_is_at_its_neutral_value_looks_quiet_and_says_so(visit):
    page = visit(address(SMALL, Hyperparams(0.2, (Jitter(4),))))
    page.get_by_role("tab", name="Transforms").click()
    said = """(widget) => [getComputedStyle(widget.querySelector("[role=group]")).filter,
                           getComputedStyle(widget.querySelector("label p"), "::after").content]"""

    def look(key: str) -> list[str]:
        return page.locator(f".st-key-{key}").evaluate(said)

    expect(page.locator(".st-key-jitter-pixels")).to_be_visible()
    assert look("jitter-pixels") == ["none", "none"]
    assert look("noise-sd") == ["grayscale(1)", '" · off"'] and look("scale-low") == ["grayscale(1)", '" · no change"']
    assert look("crops-first") == ["grayscale(1)", "none"], "it only says how, of what is off"
    page.get_by_role("slider", name="Crops").press("ArrowRight")
    expect(page.get_by_role("slider", name="Crops")).to_have_attribute("aria-valuetext", "1")
    assert look("crops-count") == ["none", "none"] == look("crops-first")


def test_the_address_brings_the_settings_back(visit):
    page = visit(address(SMALL, Hyperparams(0.2, (Jitter(4),))))
    page.get_by_role("tab", name="Optimization").click()
    slider = page.get_by_role("slider", name="Learning rate")
    expect(slider).to_have_attribute("aria-valuetext", "0.2")
    slider.press("ArrowRight")
    page.wait_for_function("decodeURIComponent(location.href).includes('\"learning_rate\":0.3')")
    page.reload()
    page.get_by_role("tab", name="Optimization").click()
    expect(page.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "0.3")


def test_a_broken_address_is_said_and_the_page_works(visit):
    page = visit("?recipe=%7Bnot%20json")
    expect(page.get_by_role("alert").first).to_contain_text("valid recipe")
    start(page)
    wait_for(page, "drawn", 1)
    page.get_by_test_id("stop").click()


def test_two_visitors_do_not_see_each_other(visit):
    one = visit(address(LONG))
    start(one)
    wait_for_iteration(one, 2)
    other = visit(address(LONG))
    expect(other.locator(".av-empty")).to_be_visible()
    start(other)
    wait_for_iteration(other, 2)
    mine, theirs = (page.get_by_test_id("save-csv").get_attribute("href").split("/") for page in (one, other))
    mixed = "/".join([*theirs[:-3], mine[-3], *theirs[-2:]])
    assert other.request.get(urljoin(other.url, mixed)).status == 404
    for page in (other, one):
        page.bring_to_front()
        page.get_by_test_id("stop").click()


def test_a_closed_tab_stops_computing(visit, browser):
    page = visit(address(LONG))
    start(page)
    wait_for_iteration(page, 3)
    link = page.url.split("/?")[0] + page.get_by_test_id("save-csv").get_attribute("href")
    page.close()
    watcher = browser.new_context()
    previous, same = -1, 0
    while same < 3:  # the same number of points in three looks half a second apart: nothing computes any more
        rows = len(watcher.request.get(link).text().splitlines())
        same = same + 1 if rows == previous else 0
        previous = rows
        watcher.pages or watcher.new_page()
        watcher.pages[0].wait_for_timeout(500)
    watcher.close()


def test_a_failure_is_explained_and_mended_by_one_click(visit):
    grey = Spec(
        "efficientnet_lite0", Channel("blocks.1.0", 3), FourierImage(), height=64, width=96, iterations=60, start="grey"
    )
    page = visit(address(grey, Hyperparams(0.001)))
    start(page)
    expect(page.get_by_test_id("banner-text")).to_contain_text("still grey")
    key = run_key(page)
    page.get_by_test_id("remedy").click()
    wait_for_another_run(page, key)
    rate = REMEDIES["faster"].apply(Recipe(grey, Hyperparams(0.001)), load_model(grey.model)).hyperparams.learning_rate
    page.wait_for_function('rate => decodeURIComponent(location.href).includes(`"learning_rate":${rate}`)', arg=rate)


def at(page: Page, objective: str) -> None:
    """Until the page's address names this target and the viewer shows a run of it."""
    page.wait_for_function("words => decodeURIComponent(location.href).includes(words)", arg=objective)


def test_the_layers_are_chosen_by_click_and_by_key(visit):
    page = visit()
    chart, columns = page.get_by_test_id("architecture"), page.get_by_test_id("layers").get_by_role("button")
    expect(chart).to_have_attribute("data-drawn", "10")
    expect(columns.nth(10)).to_have_attribute("aria-pressed", "true")
    box = columns.nth(2).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)  # far above its bar
    at(page, '"layer":"blocks.0.0"')
    expect(chart).to_have_attribute("data-drawn", "2")
    columns.nth(2).press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(columns.nth(20)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    at(page, '"layer":"conv_stem"')
    page.get_by_role("radio", name="Class").click()
    expect(chart).to_have_attribute("data-drawn", "21")
    expect(page.get_by_test_id("next-layer")).to_be_hidden()


# All steps are answered, and the address and the viewer name the channel that its field shows.
SETTLED = """field => document.querySelector("[data-testid=architecture]").ariaBusy === "false"
    && decodeURIComponent(location.href).includes(`"channel":${field.value}}`)
    && document.querySelector("[data-testid=viewer]").textContent.includes(`channel ${field.value}`)"""


def test_a_step_is_answered_when_every_widget_shows_it(visit):
    """The next one tells the server what all widgets hold.

    One that still held the layer of before would bring it back.
    """
    page = visit(address(LONG))
    page.get_by_test_id("architecture").wait_for()
    page.get_by_role("spinbutton", name="Channel").wait_for()
    page.evaluate("""() => {
        const chart = document.querySelector("[data-testid=architecture]");
        window.seen = [];
        new MutationObserver(([{ oldValue }]) => {
            if (oldValue === "true" && chart.ariaBusy === "false") seen.push([
                chart.querySelector("[data-noun=channel] span").textContent,
                document.querySelector("[aria-label=Channel]").value,
            ]);
        }).observe(chart, { attributes: true, attributeFilter: ["aria-busy"], attributeOldValue: true });
    }""")
    for steps in range(1, 6):
        page.keyboard.press("n")
        page.wait_for_function("steps => seen.length >= steps", arg=steps)
    assert page.evaluate("seen.slice(0, 5)") == [[f"Channel {channel}", str(channel)] for channel in range(4, 9)]


def test_channels_are_stepped_through(visit):
    page = visit(address(LONG))
    page.get_by_test_id("next-channel").click()
    at(page, '"channel":4')
    wait_for(page, "drawn", 1)
    first = run_key(page)
    expect(viewer(page)).to_contain_text("blocks.1.0, channel 4")
    page.keyboard.press("p")
    expect(viewer(page)).to_contain_text("blocks.1.0, channel 3")
    page.keyboard.press("Shift+N")
    expect(viewer(page)).to_contain_text("blocks.1.1, channel 3")
    for _ in range(40):  # more than the layer has
        page.keyboard.press("n")
    expect(viewer(page)).to_contain_text("blocks.1.1, channel 23")
    expect(page.get_by_test_id("next-channel")).to_have_attribute("aria-disabled", "true")
    for _ in range(60):
        page.keyboard.down("p")  # held: repeated without a release
    page.keyboard.up("p")
    page.keyboard.press("x")
    wait_for_another_run(page, first)
    status(page, "running")
    channel = page.get_by_role("spinbutton", name="Channel")
    page.wait_for_function(SETTLED, arg=channel.element_handle())
    channel.focus()
    before = page.url
    page.keyboard.type("xn")
    page.keyboard.press("Escape")
    page.get_by_test_id("keys").click()
    sheet = page.get_by_test_id("keys-sheet")
    expect(sheet).to_contain_text("Shift+N, Shift+P")
    sheet.get_by_label("Listen to these keys").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    assert page.url == before
    page.get_by_test_id("stop").click()
    status(page, "cancelled")
