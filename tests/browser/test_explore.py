"""What people do on the Explore page, done in a real browser against the real server and a real network."""

import csv
import io
import re
from dataclasses import replace
from urllib.parse import quote, urljoin

from playwright.sync_api import Browser, Page, expect

from actviz_core import REMEDIES, Adam, Channel, FourierImage, Hyperparams, Jitter, Recipe, Spec, load_model
from dashboard.state.page_state import START

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


def test_a_slider_acts_on_the_running_picture_and_a_closed_tab_stops_computing(visit, browser):
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
    computes_no_more_when_its_tab_is_closed(page, browser)


def computes_no_more_when_its_tab_is_closed(page: Page, browser: Browser) -> None:
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


def test_held_arrow_keys_count_each_and_set_nothing_else(visit):
    page = visit(address(replace(START.spec, objective=Channel("blocks.1.0", 3))))
    page.get_by_role("tab", name="Optimization").click()

    def hold(slider: str, key: str, times: int, value: str) -> None:
        held = page.get_by_role("slider", name=slider)
        held.focus()
        for _ in range(times):
            page.keyboard.press(key, delay=25)
        expect(held).to_have_attribute("aria-valuetext", value)

    for name in ("Width", "Height"):
        hold(name, "ArrowLeft", 20, "64")
        hold(name, "ArrowRight", 38, "368")
    expect(page.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "0.35")
    expect(page.get_by_role("slider", name="Tile")).to_have_attribute("aria-valuetext", "72")
    expect(page.get_by_role("combobox", name="Preset")).to_have_value("Good default")
    page.get_by_role("tab", name="Transforms").click()
    hold("Jitter", "ArrowRight", 5, "21")
    expect(page.get_by_text("Connection error")).to_have_count(0)


def test_what_is_at_its_neutral_value_looks_quiet_and_the_address_brings_the_settings_back(visit):
    page = visit(address(SMALL, Hyperparams(0.2, (Jitter(4),))))
    page.get_by_role("tab", name="Transforms").click()
    said = """(widget) => [getComputedStyle(widget.querySelector("[role=group]")).filter,
                           getComputedStyle(widget.querySelector("label p"), "::after").content]"""

    def look(key: str) -> list[str]:
        expect(page.locator(f".st-key-{key} [role=group]")).to_be_visible()  # a slider's script may still come
        return page.locator(f".st-key-{key}").evaluate(said)

    expect(page.locator(".st-key-jitter-pixels")).to_be_visible()
    assert look("jitter-pixels") == ["none", "none"]
    assert look("noise-sd") == ["grayscale(1)", '" · off"'] and look("scale-low") == ["grayscale(1)", '" · no change"']
    assert look("crops-first") == ["grayscale(1)", "none"], "it only says how, of what is off"
    page.get_by_role("slider", name="Crops").press("ArrowRight")
    expect(page.get_by_role("slider", name="Crops")).to_have_attribute("aria-valuetext", "1")
    assert look("crops-count") == ["none", "none"] == look("crops-first")

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
