"""python -m benchmarks.cold_start: many people open the page in the moment in which the server is up.

On Explore each has a first picture begin by itself, and then all press Start at once; to Explain each comes with an
image of its own; "unit" is Explore's panel of the unit, which all of them open. Real sessions over loopback that speak
Streamlit's protocol, a fresh server for each page. Prints each figure beside its bar, and how busy the machine was.
"""

import argparse
import asyncio
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from actviz_core import samples
from benchmarks.health import Health
from benchmarks.server import PATIENCE, Server
from benchmarks.visitor import Visitor
from dashboard.state import links
from dashboard.state.explaining import Explaining

PAGES = ("explore", "compare", "gallery", "explain", "unit")
USABLE, HEALTH = 3.5, 250  # the bars: seconds, milliseconds
BARRED = ("page usable", "Start obeyed")


def image_of(number: int) -> str:
    """The query of somebody who comes with an image: a sample photograph, and nobody else has that part of it."""
    sample = samples.SAMPLES[number % len(samples.SAMPLES)]
    return urlencode(links.write_explanation(Explaining(sample=sample.name, frame=(number, number, 224, 224))))


# measuring


async def visits(port: int, page: str, count: int, seconds: float) -> tuple[list[Visitor], dict[str, list[float]]]:
    """All open the page at once; on Explore all press Start at once; then they look for some seconds.

    The visitors, and seconds by what they did.
    """
    visitors = [Visitor(port, page, image_of(number) if page == "explain" else "") for number in range(count)]
    began = time.perf_counter()
    if page == "explore":
        opened = await asyncio.gather(*(visitor.welcomed() for visitor in visitors))
        figures = {"page usable": [usable for usable, _ in opened], "first picture": [first for _, first in opened]}
        pressed = time.perf_counter()
        figures["Start obeyed"] = await asyncio.gather(*(visitor.press("Start") for visitor in visitors))
        await look_for(visitors, seconds, until=lambda: all(visitor.pictures for visitor in visitors))
        figures["Start to the first picture"] = [
            visitor.pictures[0][0] - pressed for visitor in visitors if visitor.pictures
        ]
    else:
        figures = {"page usable": await asyncio.gather(*(visitor.open() for visitor in visitors))}
    if page == "gallery":
        await look_for(visitors, seconds, until=lambda: True)
    elif page == "explain":
        await look_for(visitors, seconds, until=lambda: all(visitor.mapped for visitor in visitors))
        figures["first map there"] = [visitor.mapped - began for visitor in visitors if visitor.mapped]
    elif page == "unit":
        opened = time.perf_counter()
        await look_for(visitors, seconds, until=lambda: all(each.answered and each.synthesized for each in visitors))
        figures["panel to its images"] = [visitor.answered - opened for visitor in visitors if visitor.answered]
        figures["panel to its picture"] = [visitor.synthesized - opened for visitor in visitors if visitor.synthesized]
    for visitor in visitors:
        await visitor.socket.close()
    return visitors, figures


async def look_for(visitors: list[Visitor], seconds: float, until: Callable[[], bool]) -> None:
    """Everybody looks for so long, and longer until something has come about."""
    ways = {"explore": Visitor.watch, "gallery": Visitor.look, "explain": Visitor.explain, "unit": Visitor.open_panel}
    looking = [asyncio.create_task(ways[visitor.page](visitor)) for visitor in visitors]
    began = time.perf_counter()
    while time.perf_counter() < began + seconds or (not until() and time.perf_counter() < began + PATIENCE):
        await asyncio.sleep(0.1)
    for task in looking:
        task.cancel()
    for outcome in await asyncio.gather(*looking, return_exceptions=True):
        if not isinstance(outcome, asyncio.CancelledError | None):
            raise outcome


def show(page: str, what: str, values: list[float], bar: str = "", digits: int = 2) -> None:
    middle, worst = (statistics.median(values), max(values)) if values else (math.nan, math.nan)
    print(f"{page:8} {what:28} median {middle:8.{digits}f}   worst {worst:8.{digits}f}   {bar}", flush=True)


def measure(page: str, count: int, seconds: float, folder: Path, welcome: bool) -> bool:
    """A fresh server and `count` visitors of one page; whether nobody got an exception."""
    health, server = Health(), Server(folder, welcome=welcome)
    try:
        health.begin(server.port)
        visitors, figures = asyncio.run(visits(server.port, page, count, seconds))
        answered = health.end()
        show(page, "server up, s", [server.up])
        for what, delays in figures.items():
            show(page, f"{what}, s", delays, f"at most {USABLE}" if what in BARRED else "")
        show(
            page,
            "health route, ms",
            answered,
            f"at most {HEALTH}; {sum(delay > HEALTH for delay in answered)} of {len(answered)} later",
            0,
        )
        problems = [visitor.exceptions[0] for visitor in visitors if visitor.exceptions]
        print(
            f"{page:8} {'visitors with an exception':28} {len(problems)} of {count}   at most 0   "
            f"{'; '.join(sorted(set(problems)))}",
            flush=True,
        )
        return not problems and "Traceback" not in server.text()
    finally:
        server.stop()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--visitors", type=int, default=30)
    options.add_argument("--seconds", type=float, default=4, help="to look on after everybody has started")
    options.add_argument("--pages", nargs="+", default=PAGES, choices=PAGES)
    options.add_argument("--no-welcome", action="store_true", help="no first picture that begins by itself")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
        welcome = not options.no_welcome
        good = [measure(page, options.visitors, options.seconds, Path(folder), welcome) for page in options.pages]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
