"""python -m benchmarks.camera: how fast layers answer a camera, beside somebody else's running picture.

In a real browser: Chromium's test picture stands in for the camera. Prints each layer's rate and delay beside their
bars, and how fast the other visitor's picture goes on meanwhile.
Needs chromium and an otherwise idle machine. Two minutes.
"""

import argparse
import re
import shutil
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from actviz_core import list_layers, load_model

from . import streaming
from .machine import processor
from .report import table

CAMERA = "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
RATE, DELAY = 10, 250  # frames a second at least, ms at most
OUT = Path(__file__).parent / "results" / "camera.md"


def sheets(page: Page) -> int:
    return int(page.get_by_test_id("layers").get_attribute("data-sheets") or 0)


def measured(page: Page, seconds: float) -> tuple[float, float]:
    """Sheets a second that were drawn, and the median delay in ms that the page tells at the end."""
    page.wait_for_function("document.querySelector('[data-testid=pace]').textContent.includes('delay')")
    began, first = time.perf_counter(), sheets(page)
    page.wait_for_timeout(1000 * seconds)
    rate = (sheets(page) - first) / (time.perf_counter() - began)
    (delay,) = re.findall(r"(\d+) ms", page.get_by_test_id("pace").inner_text())
    return rate, float(delay)


def layer_rows(page: Page, other: Page, names: list[str], seconds: float) -> list[list[str]]:
    rows = []
    for name in names:
        page.get_by_test_id("layer").select_option(name)
        page.wait_for_function(
            "name => document.querySelector('[data-testid=layers]').dataset.layer === name", arg=name
        )
        page.wait_for_timeout(2500)  # the pace is that of the last two seconds
        _, before, _ = streaming.counts(other)
        began = time.perf_counter()
        rate, delay = measured(page, seconds)
        _, after, _ = streaming.counts(other)
        beside = (after - before) / (time.perf_counter() - began)
        rows.append([name, f"{rate:.1f}", f"{delay:.0f}", f"{beside:.1f}"])
        print(*rows[-1], flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5, help="for each layer")
    parser.add_argument("--port", type=int, default=8965)
    parser.add_argument("--alone", action="store_true", help="without somebody else's picture")
    options = parser.parse_args()
    blocks = [layer.name for layer in list_layers(load_model("efficientnet_lite0", "cpu")) if layer.block]
    process = streaming.serve(options.port)
    try:
        with sync_playwright() as playwright:
            flags = [*streaming.FLAGS.split(), *CAMERA.split()]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            other, messages = streaming.visit(browser, options.port, streaming.LITE)
            if not options.alone:
                streaming.start(other, messages)
            page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            page.goto(f"http://127.0.0.1:{options.port}/layers")
            page.get_by_test_id("live").click()
            rows = layer_rows(page, other, blocks, options.seconds)
            browser.close()
    finally:
        process.terminate()
        process.wait()
    heads = ["layer", f"frames/s (bar {RATE})", f"delay, ms (bar {DELAY})", "iterations/s of the other's picture"]
    about = f"{time.strftime('%Y-%m-%d')}, {processor()}. EfficientNet-Lite0 at 224 px, fake camera of 20 frames/s."
    text = f"# A camera's layers\n\n{about}\n\n{table(heads, rows)}\n"
    print(text)
    OUT.write_text(text)


if __name__ == "__main__":
    main()
