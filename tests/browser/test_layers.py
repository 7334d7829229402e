"""What people do on the Layers page: every channel of a layer, of an image and of the camera, and one beside them."""

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FLAGS, PATIENCE
from tests.browser.test_accessibility import ALL, faults
from tests.browser.test_explain import FINISHED, choose, go

CAMERA = "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
CAMERA_INPUT = "[data-testid=stCameraInput]"
COLOURS = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""


def shown(page: Page, layer: str) -> None:
    expect(page.get_by_test_id("layers")).to_have_attribute("data-layer", layer)


def another(page: Page, layer: str) -> None:
    """Until the sheet of another layer is shown."""
    page.locator(f"[data-testid=layers][data-layer]:not([data-layer='{layer}'])").wait_for()


def order(page: Page) -> str:
    return page.get_by_test_id("sheet").get_attribute("data-order") or ""


def layer_of(page: Page) -> str:
    return page.get_by_test_id("layers").get_attribute("data-layer") or ""


def sheets(page: Page) -> int:
    return int(page.get_by_test_id("layers").get_attribute("data-sheets") or 0)


def test_every_channel_of_an_image(visit):
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/layers/" in request.url else None)
    go(page, "Layers")
    page.get_by_role("radio", name="Sample").or_(page.get_by_role("button", name="Sample")).first.click()
    choose(page, "Sample photograph", "Cat")
    page.locator("[data-testid=layers][data-layer]").wait_for()
    expect(page.get_by_test_id("classes")).to_contain_text("Egyptian cat")
    expect(page.get_by_test_id("strongest").get_by_role("listitem")).to_have_count(10)
    assert page.locator(".al-canvas").evaluate(COLOURS) > 50, "an empty sheet"

    # another order and another scale cost no pass through the network
    before, strongest = len(asked), order(page)
    page.get_by_test_id("sheet").press("s")
    expect(page.get_by_test_id("sheet")).to_have_attribute("data-order", "0,1,2,3,4,5,6,7,8,9")
    page.keyboard.press("c")
    expect(page.get_by_test_id("scale")).to_have_value("common")
    page.keyboard.press("s")
    expect(page.get_by_test_id("sheet")).to_have_attribute("data-order", strongest)
    assert len(asked) == before

    first = layer_of(page)
    page.keyboard.press("]")
    another(page, first)
    page.get_by_test_id("previous-layer").click()
    shown(page, first)

    page.get_by_test_id("sheet").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("reading")).to_contain_text("2nd of")
    page.keyboard.press("Enter")
    channel = order(page).split(",")[1]
    expect(page.get_by_test_id("chosen")).to_have_text(f"Channel {channel}")
    pixels = page.get_by_test_id("pixels")
    expect(pixels).to_have_attribute("data-channel", channel)
    page.get_by_test_id("overlay").first.hover()
    expect(page.get_by_test_id("value")).to_have_text(re.compile(r"^row \d+, column \d+: .+, sees \d+ × \d+ px"))
    expect(page.get_by_test_id("field")).to_be_visible()
    assert not faults(page, "layers", ALL, "[data-testid=layers]")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("channel")).to_be_hidden()

    page.keyboard.press("n")
    page.get_by_test_id("maximize-image").click()
    first = strongest.split(",")[0]
    expect(page).to_have_title(re.compile(f"channel {first}"))
    expect(page.get_by_test_id("still")).to_be_visible()
    page.get_by_role("button", name="Start from noise instead").click()
    expect(page.get_by_test_id("still")).to_be_hidden()


@pytest.fixture
def camera(browser):
    """A profile of a browser that takes Chromium's test picture for a camera."""
    other = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=[*FLAGS.split(), *CAMERA.split()]
    )
    context = other.new_context(viewport={"width": 1280, "height": 720}, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    yield context
    other.close()


PANEL_SAYS_SO = """() => {
    const note = document.body.appendChild(document.createElement("p"));
    note.className = "au-earlier";  // of the unit's panel: its image is the one from before the camera
    const { display } = getComputedStyle(note);
    note.remove();
    return display;
}"""


def test_the_camera(visit, camera):
    page = visit(context=camera)
    go(page, "Layers")
    expect(page.get_by_test_id("strongest").get_by_role("listitem")).to_have_count(10)
    assert page.evaluate(PANEL_SAYS_SO) == "none"
    page.get_by_test_id("live").click()
    expect(page.get_by_test_id("dot")).to_be_visible()
    page.wait_for_function("document.activeElement?.dataset.testid === 'freeze'")  # Space freezes, and does not stop
    page.wait_for_function("Number(document.querySelector('[data-testid=layers]').dataset.sheets) > 20")
    expect(page.get_by_test_id("pace")).to_have_text(re.compile(r"^[\d.]+ frames/s, \d+ ms delay$"))

    expect(page.get_by_test_id("top").first).to_have_text("own peak, 10 s")
    assert page.evaluate(PANEL_SAYS_SO) == "block"
    page.keyboard.press("Space")
    expect(page.get_by_test_id("scrub")).to_be_visible()
    expect(page.get_by_test_id("top").first).to_have_text("own peak, 10 s")
    held = sheets(page)
    page.get_by_test_id("scrub").press("Home")
    page.wait_for_function(
        "held => Number(document.querySelector('[data-testid=layers]').dataset.sheets) > held", arg=held
    )
    first = layer_of(page)
    page.get_by_test_id("next-layer").click()  # of the held frame
    another(page, first)
    held = sheets(page)  # the scale is that of the last seconds, as it is while the camera runs
    page.wait_for_function(
        "held => Number(document.querySelector('[data-testid=layers]').dataset.sheets) > held + 5", arg=held
    )
    page.get_by_test_id("freeze").click()
    expect(page.get_by_test_id("scrub")).to_be_hidden()
    page.get_by_test_id("sort").select_option("change")
    expect(page.get_by_test_id("reading")).to_have_text(re.compile(r"^\d+ channels of \d+ × \d+"))

    page.locator("video").evaluate("(video) => video.srcObject.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.get_by_test_id("problem")).to_contain_text("unplugged")
    page.get_by_test_id("keep").click()
    expect(page.get_by_test_id("problem")).to_be_hidden()  # it is the visitor's image: no camera any more
    expect(page.get_by_test_id("dot")).to_be_hidden()
    expect(page.locator("[data-testid=layers][data-layer]")).to_be_visible()

    go(page, "Explain")
    expect(page.locator(FINISHED)).to_have_count(1)
    image = page.get_by_alt_text("your image")
    expect(image).to_have_attribute("src", re.compile("."))
    kept = image.get_attribute("src")
    page.get_by_role("radio", name="Camera").or_(page.get_by_role("button", name="Camera")).first.click()
    page.wait_for_function(
        f"document.querySelector('{CAMERA_INPUT} video')?.videoHeight > 0"
    )  # before, no photo is taken
    page.get_by_role("button", name="Take Photo").click()
    expect(image).not_to_have_attribute("src", kept)  # the still is the image
    expect(page.locator(FINISHED)).to_have_count(1)
    page.wait_for_function("image => image.complete && image.naturalWidth > 100", arg=image.element_handle())
    expect(page.get_by_test_id("frame")).to_be_visible()


def test_on_a_phone_the_sheet_is_what_is_seen_first(visit):
    page = visit(size={"width": 390, "height": 844})
    go(page, "Layers")
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    expect(page.get_by_test_id("sheet")).to_be_in_viewport()
