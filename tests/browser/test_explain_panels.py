"""What stands around a map on the Explain page."""

import json
import re
import struct

import pytest
from playwright.sync_api import expect

from tests.browser.test_explain import drag, open_sample, panel


def test_of_a_map_without_values_nothing_is_offered(visit):
    """Guided backpropagation of a network without any ReLU fails before it has a value: a sentence says so."""
    page = open_sample(visit)
    grad_cam = panel(page, "Grad-CAM")
    expect(grad_cam.get_by_test_id("save")).to_have_count(3)
    expect(grad_cam.get_by_test_id("save").first).to_be_visible()
    sentence = "Guided backpropagation needs a ReLU."
    told = dict.fromkeys(("step", "fraction", "passes", "height", "width", "rows", "columns", "top", "beyond"), 0)
    told |= {"status": "failed", "error": sentence, "signed": False, "words": "", "layer": ""}
    text = json.dumps(told | {"score": None, "completeness": None, "layers": []}).encode()
    page.route(re.compile(r"/maps/[^/]+$"), lambda route: route.fulfill(body=struct.pack("<I", len(text)) + text))
    page.reload()
    expect(page.locator("[data-testid=panel][data-status=failed]")).to_have_count(1)
    expect(grad_cam.get_by_test_id("words")).to_have_text(sentence)
    expect(grad_cam.get_by_test_id("status")).to_have_text("")
    expect(grad_cam.get_by_test_id("save").first).to_be_hidden()
    expect(grad_cam.get_by_test_id("believe")).to_be_hidden()
    expect(page.get_by_text("All maps as PNG")).to_be_hidden()


CENTRE = """(image) => {
    const canvas = new OffscreenCanvas(1, 1), context = canvas.getContext("2d");
    context.drawImage(image, image.naturalWidth / 2, image.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
}"""


def test_what_the_network_sees_of_a_masked_picture_is_shown(visit):
    page = open_sample(visit)
    page.get_by_role("button", name="Mask regions").click()
    page.get_by_role("combobox", name="Masks with").select_option("box")
    page.get_by_role("combobox", name="Filled with").select_option("grey")
    stage, covered, veil = page.get_by_test_id("drawing"), page.get_by_test_id("covered"), page.locator(".ax-veil")
    box = stage.bounding_box()
    assert box is not None
    across = [box["x"] + box["width"] * share for share in (0.25, 0.75)]
    down = [box["y"] + box["height"] * share for share in (0.25, 0.75)]
    drag(page, (across[0], down[0]), (across[1], down[1]))
    expect(stage).to_have_attribute("data-answers", "1")
    expect(covered).to_be_hidden()
    expect(veil).to_be_visible()

    page.get_by_label("Show what the network sees").check()
    expect(covered).to_be_visible()
    expect(veil).to_be_hidden()
    page.wait_for_function("image => image.complete && image.naturalWidth === 224", arg=covered.element_handle())
    assert covered.evaluate(CENTRE) == pytest.approx([128, 128, 128, 255], abs=2)
    page.get_by_role("combobox", name="Filled with").select_option("blur")
    page.wait_for_function(
        f"image => ({CENTRE})(image).some((value, i) => Math.abs(value - [128, 128, 128, 255][i]) > 2)",
        arg=covered.element_handle(),
    )

    page.get_by_label("Show what the network sees").uncheck()
    expect(covered).to_be_hidden()
    expect(veil).to_be_visible()
    page.get_by_test_id("clear").click()
    page.get_by_label("Show what the network sees").check()
    expect(covered).to_be_hidden()


def test_pictures_are_saved_as_opaque_as_the_page_shows_them_however_long_it_takes(visit):
    """Nothing that waits in no queue has a place in one."""
    page, held = open_sample(visit), []
    page.get_by_test_id("opacity").fill("0.35")
    page.route(re.compile(r"\.png\?opacity=0\.35$"), lambda route: held.append(route))
    for name in ("save the map (PNG)", "save the maps on one sheet (All maps as PNG)"):
        with page.expect_download():
            with page.expect_response(re.compile(r"\.png/place$")):
                page.get_by_role("link", name=name).click()
            held.pop().continue_()
