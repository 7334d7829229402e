"""python -m benchmarks.streaming: how fast the page follows the loop, in a real browser on the real network.

Prints each figure beside its bar. Needs chromium and an otherwise idle machine.
"""

import argparse
import json
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from actviz_core import Channel, Recipe, Run, Scheduler, Spec, load_model, machine, replay
from actviz_core.runs.history import PICTURE_BYTES, SNAPSHOT_BYTES
from benchmarks import paired

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
LITE = Spec("efficientnet_lite0", Channel("blocks.4.0", 20), iterations=100_000)


@dataclass
class Messages:
    """What came over the live websocket: (seconds, header, whether with a picture)."""

    seen: list[tuple[float, dict, bool]] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        page.on("websocket", lambda ws: ws.on("framereceived", self.add) if "/live/" in ws.url else None)

    def add(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            (length,) = struct.unpack(">I", payload[:4])
            header = json.loads(payload[4 : 4 + length])
            self.seen.append((time.perf_counter(), header, bool(header["sizes"])))

    def wait(self, page: Page, good: Callable[[dict, bool], bool], since: float, patience: float = 30) -> float:
        """Seconds from `since` to the first message that is good."""
        while time.perf_counter() < since + patience:
            for at, header, pictured in self.seen:
                if at >= since and good(header, pictured):
                    return at - since
            page.wait_for_timeout(2)
        raise TimeoutError("nothing came")


# the loop, alone and with a page


def alone(seconds: float) -> float:
    """Iterations per second of the server's own loop, scheduler and all, in this process and with nobody watching."""
    scheduler, run = Scheduler(), Run(replay(load_model(LITE.model), Recipe(LITE)), LITE.iterations)
    scheduler.start(run)
    run.wait(lambda run: run.iteration >= 40, 60)
    began, first = time.perf_counter(), run.iteration
    run.wait(lambda _: time.perf_counter() - began > seconds, 60)
    rate = (run.iteration - first) / (time.perf_counter() - began)
    scheduler.close()
    return rate


def serve(port: int) -> subprocess.Popen:
    command = [str(Path(sys.executable).with_name("streamlit")), "run", str(APP), "--server.port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
            return process
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)


def visit(browser: Browser, port: int, spec: Spec) -> tuple[Page, Messages]:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    messages = Messages()
    messages.attach(page)
    page.goto(f"http://127.0.0.1:{port}/?recipe={quote(Recipe(spec).to_json())}")
    page.get_by_role("button", name="Start", exact=True).wait_for(timeout=120_000)
    page.get_by_test_id("architecture").wait_for(timeout=60_000)
    return page, messages


def start(page: Page, messages: Messages) -> float:
    """Seconds from the click to the first picture."""
    began = time.perf_counter()
    page.get_by_role("button", name="Start", exact=True).click()
    return messages.wait(page, lambda _, pictured: pictured, began)


def counts(page: Page) -> tuple[float, int, int]:
    data = page.evaluate("({...document.querySelector('[data-testid=viewer]').dataset})")
    return time.perf_counter(), int(data["iteration"]), int(data["drawn"])


def rates(page: Page, seconds: float) -> tuple[float, float]:
    """Iterations and pictures per second, as the page sees them."""
    then, iterations, drawn = counts(page)
    page.wait_for_timeout(1000 * seconds)
    now, iterations_now, drawn_now = counts(page)
    return (iterations_now - iterations) / (now - then), (drawn_now - drawn) / (now - then)


# delays


def start_delays(page: Page, messages: Messages, times: int) -> list[float]:
    delays = []
    for _ in range(times):
        page.get_by_test_id("stop").click()
        page.wait_for_timeout(1000)
        delays.append(start(page, messages))
    return delays


def slider_delays(page: Page, messages: Messages, times: int) -> list[float]:
    page.get_by_role("tab").nth(1).click()  # its name has changed since the commits that one compares with
    slider = page.get_by_role("slider", name="Learning rate")
    delays = []
    for turn in range(times):
        page.wait_for_timeout(700)
        rate = next(header["points"][-1][4] for _, header, _ in reversed(messages.seen) if header["points"])
        began = time.perf_counter()
        slider.press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
        delays.append(messages.wait(page, shows_another(rate), began))
    return delays


def shows_another(rate: float) -> Callable[[dict, bool], bool]:
    """Whether a message has a picture, and a point with another learning rate."""
    return lambda header, pictured: pictured and any(point[4] != rate for point in header["points"])


def stop_delays(page: Page, messages: Messages, times: int) -> list[float]:
    delays = []
    for _ in range(times):
        began = time.perf_counter()
        page.get_by_test_id("stop").click()
        delays.append(messages.wait(page, lambda header, _: header["status"] == "cancelled", began))
        start(page, messages)
        page.wait_for_timeout(500)
    return delays


def closing_delay(page: Page, port: int) -> float:
    """Seconds from the tab's end to the last new curve point."""
    link = f"http://127.0.0.1:{port}" + page.get_by_test_id("save-csv").get_attribute("href")
    page.close()
    closed = last = time.perf_counter()
    lines = -1
    while time.perf_counter() - closed < 4:
        now = urllib.request.urlopen(link).read().count(b"\n")
        if now != lines:
            lines, last = now, time.perf_counter()
    return last - closed


# memory


def resident(process: subprocess.Popen) -> float:
    """Memory of the server in MiB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def memory(browser: Browser, port: int, server: subprocess.Popen, iterations: int) -> None:
    page, messages = visit(browser, port, Spec(LITE.model, Channel("blocks.1.0", 3), iterations=iterations))
    start(page, messages)
    page.wait_for_function(
        "Number(document.querySelector('[data-testid=viewer]').dataset.iteration) >= 50", timeout=60_000
    )
    before = resident(server)
    page.wait_for_function(
        "document.querySelector('[data-testid=viewer]').dataset.status == 'finished'", timeout=600_000
    )
    growth, bound = resident(server) - before, (PICTURE_BYTES + SNAPSHOT_BYTES) / 2**20
    show(
        f"memory beyond the history, {iterations} iterations, MiB",
        growth - bound,
        "at most 50",
        f"grew by {growth:.0f}, of which the history {bound:.0f}",
    )


FIGURES: dict[str, float] = {}


def show(what: str, value: float, bar: str, remark: str = "") -> None:
    FIGURES[what] = value
    print(f"{what:48} {value:8.3f}   {bar}   {remark}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=8, help="of each rate")
    options.add_argument("--long", type=int, default=5000, help="iterations of the memory test; 0: none")
    paired.add_options(options)
    options = options.parse_args()
    if options.against:
        arguments = ["--seconds", str(options.seconds), "--long", str(options.long)]
        paired.compare("benchmarks.streaming", options.against, options.rounds, arguments)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    machine.serve()
    before = alone(options.seconds)
    server = serve(port)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
            measure(browser, port, server, options, before)
            browser.close()
    finally:
        server.terminate()
        server.wait()
    if options.figures:
        options.figures.write_text(json.dumps(FIGURES))


def measure(browser: Browser, port: int, server: subprocess.Popen, options: argparse.Namespace, before: float) -> None:
    page, messages = visit(browser, port, LITE)
    start(page, messages)
    firsts = start_delays(page, messages, 5)
    page.wait_for_timeout(2000)
    seen, drawn = rates(page, options.seconds)
    sliders = slider_delays(page, messages, 12)
    stops = stop_delays(page, messages, 5)
    closing = closing_delay(page, port)
    after = alone(options.seconds)
    print(f"loop without a page, before and after: {before:.1f} and {after:.1f} it/s")
    show("loop with the page, of the loop without", 2 * seen / (before + after), "at least 0.90", f"{seen:.1f} it/s")
    show("pictures drawn, of the iterations up to 25/s", drawn / min(25, seen), "at least 0.90", f"{drawn:.1f}/s")
    show("start to first picture, median s", statistics.median(firsts), "at most 0.70")
    show("slider to first obeying picture, median s", statistics.median(sliders), "at most 0.25")
    show("stop, median s", statistics.median(stops), "at most 0.30")
    show("tab closed to last iteration, s", closing, "at most 2.0")
    if options.long:
        memory(browser, port, server, options.long)


if __name__ == "__main__":
    main()
