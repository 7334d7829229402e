"""python -m benchmarks.explaining: from a click on a class to its map, and answers a second while a region is masked.

In a real browser, on EfficientNet-Lite0 and the sample photograph of a cat; each figure beside its bar. Needs chromium
and an otherwise idle machine. Half a minute.
"""

import argparse
import math
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, Response, sync_playwright

from dashboard.state import links
from dashboard.state.explaining import Explaining

from .machine import processor
from .report import table
from .server import Server
from .streaming import FLAGS

CLASSES = (281, 282, 285)  # tabby, tiger cat, Egyptian cat
CLICK, ANSWERS = 0.4, 20  # seconds at most, a second at least
MOVES = 60  # of the mouse, a second: as many as a page hears of
# From the click to the moment at which the panel has another score, and its map is finished.
CLICKED = """(index) => new Promise((resolve) => {
    const panel = () => document.querySelector("[data-testid=panel]"),
        score = () => panel()?.querySelector("[data-testid=status]")?.innerText,
        before = score(), began = performance.now();
    document.querySelector(`[data-testid=class-${index}]`).click();
    const look = () => {
        if (score() !== before && panel()?.dataset.status === "finished") resolve((performance.now() - began) / 1000);
        else requestAnimationFrame(look);
    };
    look();
})"""


def clicks(page: Page, times: int) -> list[float]:
    """Seconds from clicks on one class after the other to their maps."""
    found = []
    for turn in range(times):
        found.append(page.evaluate(CLICKED, CLASSES[turn % len(CLASSES)]))
        page.wait_for_timeout(500)
    return found


def answers(page: Page, seconds: float) -> float:
    """Answers a second to a brush that goes round and round."""
    told: list[float] = []

    def note(response: Response) -> None:
        if response.url.endswith("/touch") and response.ok:
            told.append(time.perf_counter())

    page.on("response", note)
    page.get_by_role("button", name="Mask regions").click()
    box = page.get_by_test_id("drawing").bounding_box()
    if box is None:
        raise RuntimeError("there is nothing to draw on")
    middle, radius = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), box["height"] / 4
    page.mouse.move(*middle)
    page.mouse.down()
    began, step = time.perf_counter(), 0
    while time.perf_counter() - began < seconds + 1:
        page.wait_for_timeout(1000 / MOVES)
        angle, step = step / 12, step + 1
        page.mouse.move(middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle))
    page.mouse.up()
    return sum(began + 1 < each < began + 1 + seconds for each in told) / seconds  # the first second is for warming up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clicks", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=6, help="of masking")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(
                f"http://127.0.0.1:{server.port}/explain?{urlencode(links.write_explanation(Explaining(sample='cat')))}"
            )
            page.locator("[data-testid=panel][data-status=finished]").wait_for(timeout=60_000)
            page.wait_for_timeout(5000)  # the synthesized picture beside the map is made meanwhile
            waits, rate = clicks(page, options.clicks), answers(page, options.seconds)
            browser.close()
        finally:
            server.stop()
    rows = [
        ["from a click on a class to its map, s, median", f"{statistics.median(waits):.2f}", f"at most {CLICK}"],
        ["the longest", f"{max(waits):.2f}", ""],
        ["answers a second while a region is masked", f"{rate:.1f}", f"at least {ANSWERS}"],
    ]
    print(f"{time.strftime('%Y-%m-%d')}, {processor()}\n\n{table(['what', 'measured', 'bar'], rows)}")


if __name__ == "__main__":
    main()
