"""What people do on the Explain page: an image, what the network says of it, and maps of where that comes from."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from dashboard.state import links
from dashboard.state.explaining import Explaining
from tests.browser.conftest import SIZE
from tests.browser.test_accessibility import ALL, COLOURS, faults

FINISHED = "[data-testid=panel][data-status=finished]"


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def panel(page: Page, title: str):
    return page.get_by_role("article", name=title, exact=True)


def open_sample(visit, **how) -> Page:
    """By its link; test_a_map_of_what_the_network_says chooses it."""
    page = visit(f"explain?{urlencode(links.write_explanation(Explaining(sample='cat')))}", **how)
    expect(page.locator(FINISHED)).to_have_count(1)
    return page


def frame_of(page: Page) -> list[int]:
    return [int(side) for side in page.get_by_test_id("frame").get_attribute("data-frame").split(",")]


def probability(page: Page, index: int) -> str:
    return page.get_by_test_id(f"class-{index}").locator(".ax-value").inner_text()


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def known(page: Page, address: str) -> None:
    """Waits until the page has heard of what was done since it had that address."""
    page.wait_for_function("before => location.href !== before", arg=address)


def other_than(text: str | None) -> re.Pattern[str]:
    """Any words but these; a cell that is empty until they come is no change."""
    assert text
    return re.compile(rf"^(?!{re.escape(text)}$).+")


def middle(box: dict) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


CAT, TABBY = 285, 281


@pytest.fixture
def page(visit):
    return open_sample(visit)


def test_a_map_of_what_the_network_says(visit):
    page = visit(size={"width": 1280, "height": 720})
    go(page, "Explain")
    page.get_by_role("radio", name="Sample").or_(page.get_by_role("button", name="Sample")).first.click()
    choose(page, "Sample photograph", "Cat")
    expect(page.locator(FINISHED)).to_have_count(1)
    expect(page.get_by_test_id(f"class-{CAT}")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("title")).to_contain_text("Egyptian cat")
    grad_cam = panel(page, "Grad-CAM")
    expect(grad_cam).to_contain_text("7 × 7")
    expect(grad_cam.get_by_test_id("top")).to_have_text(re.compile(r"^[0-9.]+$"))
    assert grad_cam.get_by_test_id("map").evaluate(
        "(map) => { const { data } = map.getContext('2d').getImageData(0, 0, map.width, map.height);"
        " return map.width === 224 && new Set(new Uint32Array(data.buffer)).size > 50; }"
    ), "an empty map"

    tops = "[...document.querySelectorAll('.ax-grid > *')].map((node) => node.getBoundingClientRect().top)"
    page.wait_for_function(f"{tops}.length === 2 && new Set({tops}).size === 1")  # beside the map, and not below it
    grad_cam.get_by_test_id("overlay").hover()
    expect(grad_cam.get_by_test_id("value")).to_have_text(re.compile(r"^row 11\d, column 11\d: [0-9.]+$"))
    grad_cam.get_by_text("What it means").click()
    expect(grad_cam.get_by_text("When it misleads:")).to_be_visible()


PASTE = """async () => {
    const canvas = new OffscreenCanvas(60, 40), files = new DataTransfer();
    canvas.getContext("2d").fillRect(0, 0, 30, 40);
    files.items.add(new File([await canvas.convertToBlob()], "image.png", { type: "image/png" }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true }));
}"""


def test_an_image_is_pasted(visit):
    page = visit()
    go(page, "Explain")
    page.get_by_role("button", name="Cat", exact=True).wait_for()
    page.locator("body[data-takes-pastes]").wait_for(state="attached")
    page.evaluate(PASTE)
    expect(page.locator(FINISHED)).to_have_count(1)
    expect(page.get_by_text("of 60 × 40 px")).to_be_visible()


@pytest.mark.parametrize(("theme", "options"), [("dark", ALL), ("light", COLOURS)])
def test_axe_finds_nothing_serious(visit, theme, options):
    page = open_sample(visit, theme=theme, size={"width": 1280, "height": 720})
    found = faults(page, "frame", options)
    panel(page, "Grad-CAM").get_by_test_id("overlay").hover()
    panel(page, "Grad-CAM").get_by_text("What it means").click()
    page.get_by_role("button", name="Mask regions").click()
    found += faults(page, "mask", options)
    assert not found, "\n".join(found)


def test_a_map_grows_all_can_be_done_with_keys_and_one_class_is_asked_for_and_not_another(page):
    grows(page)
    takes_keys_and_fits_a_phone(page)
    tells_one_class_from_another(page)


def grows(page: Page) -> None:
    choose(page, "Add a map", "SmoothGrad")
    smooth = panel(page, "SmoothGrad")
    expect(smooth.get_by_role("progressbar")).to_be_visible()
    expect(smooth).to_have_attribute("data-status", "running")
    smooth.get_by_test_id("pause").click()
    expect(smooth).to_have_attribute("data-status", "paused")
    expect(smooth.get_by_test_id("resume")).to_be_focused()
    smooth.get_by_test_id("resume").click()
    smooth.get_by_test_id("stop").click()
    expect(smooth).to_have_attribute("data-status", "cancelled")
    smooth.get_by_test_id("again").click()
    expect(smooth).to_have_attribute("data-status", "finished")
    expect(smooth.get_by_role("progressbar")).to_be_hidden()
    smooth.get_by_test_id("remove").click()
    expect(smooth).to_have_count(0)
    expect(page.locator(FINISHED)).to_have_count(1)


def takes_keys_and_fits_a_phone(page: Page) -> None:
    page.get_by_role("button", name="Frame", exact=True).focus()
    names = []
    for _ in range(9):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.dataset.testid ?? document.activeElement.textContent"))
    assert names[:3] == ["Mask regions", "frame", "class-search"]
    assert [name for name in names if name.startswith("class-")][1:3] == [f"class-{CAT}", "class-282"]
    assert f"why-not-{TABBY}" in names
    overlay = panel(page, "Grad-CAM").get_by_test_id("overlay")
    overlay.focus()
    page.keyboard.press("ArrowRight")
    expect(panel(page, "Grad-CAM").get_by_test_id("value")).to_have_text(re.compile("^row 112, column 116: "))
    expect(panel(page, "Grad-CAM").get_by_test_id("value")).to_have_attribute("aria-live", "polite")

    for width, height in ((390, 844), (720, 450)):
        page.set_viewport_size({"width": width, "height": height})
        overlay = panel(page, "Grad-CAM").get_by_test_id("overlay")
        overlay.scroll_into_view_if_needed()
        expect(overlay).to_be_in_viewport()
        assert overlay.bounding_box()["width"] > 200
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    page.set_viewport_size(SIZE)


def tells_one_class_from_another(page: Page) -> None:
    score = panel(page, "Grad-CAM").get_by_test_id("status").inner_text()
    page.get_by_test_id(f"why-not-{TABBY}").click()
    expect(page.get_by_test_id(f"why-not-{TABBY}")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("title")).to_contain_text("tabby")
    expect(page.locator(FINISHED)).to_have_count(1)
    expect(panel(page, "Grad-CAM").get_by_test_id("status")).to_have_text(other_than(score))  # the difference of two
    page.get_by_test_id("class-search").fill("egyptian")
    page.get_by_test_id(f"class-{CAT}").press("Enter")
    page.get_by_test_id("class-search").fill("TABBY")
    page.get_by_test_id(f"class-{TABBY}").click()
    expect(page.get_by_test_id(f"class-{TABBY}")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("title")).to_have_text(re.compile("^(?!.*Egyptian).*tabby"))


def test_a_slider_through_the_depth_and_the_frame_are_there_after_a_reload(page):
    first, small = moves_through_the_depth(page), moves_the_frame(page)
    address = page.url
    page.get_by_test_id("opacity").fill("0.8")
    known(page, address)
    page.reload()
    expect(page.locator(FINISHED)).to_have_count(1)
    assert frame_of(page) == small
    expect(page.get_by_test_id("opacity")).to_have_value("0.8")
    expect(panel(page, "Grad-CAM").get_by_test_id("map")).to_have_css("opacity", "0.8")
    expect(panel(page, "Grad-CAM")).to_contain_text(f"{first}, 112 × 112")


def moves_through_the_depth(page: Page) -> str:
    """Says which layer is shown in the end."""
    grad_cam = panel(page, "Grad-CAM")
    depth = grad_cam.get_by_test_id("depth")
    expect(depth).to_be_visible()
    expect(depth).to_have_attribute("aria-valuetext", re.compile("."))
    last = depth.get_attribute("aria-valuetext")
    address = page.url
    depth.press("Home")
    expect(depth).to_have_attribute("aria-valuetext", other_than(last))
    expect(grad_cam).to_contain_text("112 × 112")
    first = depth.get_attribute("aria-valuetext")
    expect(grad_cam).to_contain_text(f"{first}, 112 × 112")
    known(page, address)
    grad_cam.get_by_test_id("compare-layers").click()
    expect(grad_cam.get_by_test_id("depth-words")).to_have_text(
        re.compile(rf"^map of {first}, deletion score [0-9.−e]+, (the highest|highest at)")
    )
    expect(grad_cam.get_by_test_id("compare-layers")).to_have_text("Which layer?")
    return first


def moves_the_frame(page: Page) -> list[int]:
    before = frame_of(page)
    said = probability(page, CAT)
    assert before[2:] == [300, 300], "the largest square of an image of 451 x 300"
    address = page.url
    page.get_by_test_id("frame").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id(f"class-{CAT}").locator(".ax-value")).to_have_text(other_than(said))
    known(page, address)
    keyed = frame_of(page)
    assert keyed[2] == keyed[3] < 300
    frame = page.get_by_test_id("frame").bounding_box()
    x, y = middle(frame)
    address = page.url
    drag(page, (x, y), (x + 30, y))
    known(page, address)
    moved = frame_of(page)
    assert moved[1] > keyed[1] and moved[2:] == keyed[2:]
    corner = middle(page.get_by_test_id("se").bounding_box())
    address = page.url
    drag(page, corner, (corner[0] - 40, corner[1] - 40))
    known(page, address)
    small = frame_of(page)
    assert small[:2] == moved[:2] and small[2] == small[3] < moved[2]
    return small


def test_a_map_is_believed_or_not_and_what_is_masked_moves_the_answer(page):
    is_believed(page)
    page.get_by_test_id("clear").click()
    expect(page.get_by_test_id("touch-score")).to_have_text("")
    is_masked(page)


def is_believed(page: Page) -> None:
    grad_cam = panel(page, "Grad-CAM")
    believe = grad_cam.get_by_test_id("believe")
    believe.click()
    expect(believe).to_have_text("Stop the tests")
    expect(grad_cam.get_by_test_id("cascade").locator("figure").nth(1)).to_be_visible()
    expect(believe).to_have_text("Can it be believed?")
    verdict = grad_cam.get_by_test_id("verdict")
    expect(verdict).to_contain_text("SRG")
    expect(verdict).to_contain_text(re.compile("changes with the weights", re.IGNORECASE))
    expect(grad_cam.get_by_test_id("deletion")).to_be_visible()
    expect(grad_cam.get_by_role("img", name=re.compile("^deletion, area under the curve: this map"))).to_be_visible()
    assert not faults(page, "evidence", COLOURS)
    said = verdict.inner_text()
    page.get_by_role("button", name="Mask regions").click()
    page.get_by_test_id("drawing").press("Enter")
    score = page.get_by_test_id("touch-score")
    expect(score).to_contain_text("6.3 % of the picture masked")
    page.reload()
    expect(page.get_by_role("button", name="Mask regions")).to_have_attribute("aria-pressed", "true")
    expect(score).to_contain_text("6.3 % of the picture masked")
    expect(verdict).to_have_text(said.replace("\n", ""))


def is_masked(page: Page) -> None:
    drawing = page.get_by_test_id("drawing")
    box = drawing.bounding_box()
    x, y = middle(box)
    drag(page, (x - 60, y), (x + 60, y))
    score = page.get_by_test_id("touch-score")
    expect(score).to_have_text(re.compile(r"^score [0-9.]+ → .+, [0-9.]+ % of the picture masked$"))
    expect(page.get_by_test_id(f"class-{CAT}").locator(".ax-value")).to_contain_text("→")
    page.get_by_test_id("clear").click()
    expect(score).to_have_text("")
    expect(page.get_by_test_id(f"class-{CAT}").locator(".ax-value")).not_to_contain_text("→")

    drawing.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    expect(score).to_contain_text("of the picture masked")
    blurred = score.inner_text()
    page.get_by_test_id("fill").select_option("blur")
    expect(score).to_have_text(re.compile(rf"^(?!{re.escape(blurred)}$).*of the picture masked"))
    page.get_by_test_id("clear").click()

    flip = page.get_by_test_id("flip")
    flip.click()
    words = page.get_by_test_id("flip-words")
    expect(words).to_contain_text("searching")
    expect(words).to_contain_text(re.compile(r"[0-9.]+ % of the picture: then it is \d+ "))
    expect(flip).to_have_text("Find the smallest region that changes the answer")
    expect(page.get_by_test_id("touch-score")).to_contain_text("of the picture masked")
    expect(page.get_by_test_id(f"class-{CAT}").locator(".ax-value")).to_contain_text("→")
    flip.click()
    expect(flip).to_have_text("Stop the search")
    flip.click()
    expect(words).to_contain_text("stopped")

    page.get_by_role("button", name="Frame").click()
    expect(page.get_by_test_id(f"class-{CAT}").locator(".ax-value")).not_to_contain_text("→")
