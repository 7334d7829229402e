"""What people do with a run: its curves, its pictures, and where it goes on."""

from dataclasses import replace
from itertools import pairwise

from playwright.sync_api import Page, expect

from actviz_core import export
from tests.browser.test_explore import (
    LONG,
    SMALL,
    address,
    curves,
    iteration,
    run_key,
    saved,
    start,
    status,
    timeless,
    wait_for,
    wait_for_another_run,
    wait_for_iteration,
)


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


def test_a_run_is_looked_at_large_pauses_steps_resumes_is_changed_and_stops(visit):
    page = visit(address(LONG))
    start(page)
    is_looked_at_large(page)
    pauses_steps_and_resumes(page)
    says_what_was_changed_where(page)
    page.get_by_test_id("stop").click()
    status(page, "cancelled")
    assert len(curves(page)) == iteration(page)


def is_looked_at_large(page: Page) -> None:
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


def pauses_steps_and_resumes(page: Page) -> None:
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


DRAWN = """(iteration) => document.querySelector(".av-curves .js-plotly-plot").data[0].x.at(-1) === iteration"""


def says_what_was_changed_where(page: Page) -> None:
    """By a mark on the curves; the run is paused afterwards."""
    page.get_by_role("tab", name="Optimization").click()
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    marks = page.locator(".av-curves .xy99 .points path, .av-curves .overplot .points path")
    expect(marks).to_have_count(1)
    wait_for_iteration(page, iteration(page) + 30)
    page.get_by_test_id("pause").click()
    status(page, "paused")
    at = next(row["iteration"] for row in curves(page) if row["learning_rate"] == "0.2")
    page.wait_for_function(DRAWN, arg=iteration(page))  # each further point moves the marks
    marks.hover(force=True)
    expect(page.locator(".av-curves .hoverlayer")).to_have_text(f"iteration {at}: Learning rate 0.175 to 0.2")


def test_a_finished_run_is_saved_and_opened_again_branched_and_gone_on_with(visit):
    page = visit(address(SMALL))
    start(page)
    status(page, "finished")
    comes_out_the_same_where_it_is_opened(page, visit())
    page.bring_to_front()
    is_branched_and_gone_on_with(page)


def is_branched_and_gone_on_with(page: Page) -> None:
    before, key = curves(page), run_key(page)
    page.get_by_test_id("scrub").fill("20")
    expect(page.get_by_test_id("shown")).to_have_text("shows 20")
    page.get_by_test_id("branch").click()
    wait_for_another_run(page, key)
    status(page, "finished")
    after = curves(page)
    assert len(after) == 40
    assert timeless(after[:20]) == timeless(before[:20])

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
        "Going on keeps the target and parametrization of this run; Start uses what is set now."
    )
    go_on.click()
    wait_for_another_run(page, key)
    status(page, "finished")
    expect(page.get_by_test_id("iteration")).to_have_text("iteration 60 of 60")
    expect(channel).to_have_value("3")
    assert timeless(curves(page)[:40]) == timeless(before)


def comes_out_the_same_where_it_is_opened(page: Page, other: Page) -> None:
    first = saved(page, "save-png").body()
    assert saved(page, "save-gif").body().startswith(b"GIF8")
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
    other.close()
