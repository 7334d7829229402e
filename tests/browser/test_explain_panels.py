"""What stands around a map on the Explain page."""

import json
import re
import struct

from playwright.sync_api import expect

from tests.browser.test_explain import open_sample, panel


def test_of_a_map_without_values_nothing_is_offered(visit):
    """Guided backpropagation of a network without any ReLU fails before it has a value: a sentence says so."""
    page = open_sample(visit)
    grad_cam = panel(page, "Grad-CAM")
    expect(grad_cam.get_by_test_id("save")).to_have_count(3)
    expect(grad_cam.get_by_test_id("save").first).to_be_visible()
    sentence = "Guided backpropagation needs a ReLU."
    told = dict.fromkeys(("step", "fraction", "passes", "height", "width", "rows", "columns", "top"), 0)
    told |= {"status": "failed", "error": sentence, "signed": False, "words": "", "layer": ""}
    text = json.dumps(told | {"score": None, "completeness": None, "layers": []}).encode()
    page.route(re.compile(r"/maps/[^/]+$"), lambda route: route.fulfill(body=struct.pack("<I", len(text)) + text))
    page.reload()
    expect(page.locator("[data-testid=panel][data-status=failed]")).to_have_count(1)
    expect(grad_cam.get_by_test_id("words")).to_have_text(sentence)
    expect(grad_cam.get_by_test_id("status")).to_have_text("")
    expect(grad_cam.get_by_test_id("save").first).to_be_hidden()
    expect(grad_cam.get_by_test_id("believe")).to_be_hidden()
