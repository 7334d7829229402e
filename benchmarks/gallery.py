"""python -m benchmarks.gallery: what a gallery costs beside the loop alone, and how soon a stored one is on the screen.

Prints each figure beside its bar. Needs chromium and an otherwise idle machine.
"""

import argparse
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from playwright.sync_api import Page, sync_playwright

from actviz_core import (
    Channel,
    Gallery,
    Hyperparams,
    KeptModels,
    Model,
    Recipe,
    RenderTiles,
    Scheduler,
    Spec,
    Store,
    batch_size,
    load_model,
    machine,
    optimize,
    preset,
)
from actviz_core.memory import KEEPER
from actviz_core.studies.gallery import batches
from dashboard.jobs.filling import Filling
from dashboard.jobs.shelf import Shelf
from dashboard.state.page_state import GalleryChoice

from .machine import processor
from .report import table
from .streaming import FLAGS, serve

NETWORK, LAYER, COUNT = "efficientnet_lite0", "blocks.4.0", 64
EARLY = "blocks.1.0", "blocks.1.1", "blocks.2.0", "blocks.2.1", "blocks.3.0"
GOOD = preset("good")
CELL, CELLS, ROUNDS, LEAST_GAIN = 96, 16, 2, 2.0
MOST_PICTURES, LEAST_SHARE, MOST_SECONDS = 60, 0.95, 1.0
WARM = 8  # iterations
SHOWN = """() => {
    const bottom = document.querySelector("[data-testid=sheet]")?.getBoundingClientRect().bottom;
    const seen = [...document.querySelectorAll(".ag-tile")].filter((tile) => tile.getBoundingClientRect().top < bottom);
    return seen.length > 0 && seen.every((tile) => tile.dataset.flag || tile.querySelector("img")?.naturalWidth);
}"""


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def plan_of(model: Model, size: int, iterations: int) -> Gallery:
    return Gallery.of(
        model, LAYER, Recipe(Spec(model.name, Channel(LAYER, 0), height=size, width=size, iterations=iterations))
    )


def loop(model: Model, spec: Spec, every: int, hyperparams: Hyperparams = GOOD.hyperparams) -> None:
    for _ in optimize(model, spec, hyperparams, every=every):
        pass


def textures(model: Model, iterations: int) -> list[list[str]]:
    """What the gallery makes of early layers, whose cells are tiles, beside whole pictures, in turn."""
    rows = []
    for layer in EARLY:
        whole = Recipe(Spec(model.name, Channel(layer, 0), height=CELL, width=CELL, iterations=iterations))
        plan = Gallery.of(model, layer, whole)
        plain = replace(plan, recipe=Recipe(whole.spec, GOOD.hyperparams))
        took = dict.fromkeys(("plain", "plan"), 0.0)
        for _ in range(ROUNDS):
            for one, gallery in (("plain", plain), ("plan", plan)):
                took[one] += seconds(partial(render, gallery, model))
        gain = took["plain"] / took["plan"]
        what = f"{layer}, cells of {CELL} px, a tile of {plan.spec.tile}: times as fast as whole pictures"
        rows.append([what, f"{gain:.2f}", f"at least {LEAST_GAIN:.0f}"])
    return rows


def render(gallery: Gallery, model: Model) -> None:
    """The first of its pictures, as many together as the gallery makes."""
    for together in batches(range(CELLS), batch_size(gallery, model)):
        loop(model, gallery.spec_of(together), gallery.spec.iterations, gallery.recipe.hyperparams)


# making pictures


def making(model: Model, size: int, iterations: int) -> list[list[str]]:
    plan, every = plan_of(model, size, iterations), max(1, iterations // 8)
    together = plan.spec_of(tuple(range(min(batch_size(plan, model), COUNT))))
    warm = plan_of(model, size, WARM)
    for channels in ((0,), tuple(range(together.count))):
        loop(model, warm.spec_of(channels), every)
    one = seconds(lambda: loop(model, plan.spec, every))
    with tempfile.TemporaryDirectory() as folder:
        shell, shell_share = share(lambda: list(Store(Path(folder)).fill(plan, model, range(COUNT))), model, together)
        read = seconds(lambda: Store(Path(folder)).tiles(plan))
    machine.serve()  # from here on as the page does it
    _, page_share = share(lambda: as_the_page(model, plan), model, together)
    return [
        [
            f"{COUNT} channels at {size} px, in times of one picture alone",
            f"{shell / one:.1f}",
            f"at most {MOST_PICTURES}",
        ],
        ["rate from the shell, of the loop's own", f"{100 * shell_share:.1f} %", f"at least {100 * LEAST_SHARE:.0f} %"],
        [
            "rate on the page's scheduler, of the loop's own",
            f"{100 * page_share:.1f} %",
            f"at least {100 * LEAST_SHARE:.0f} %",
        ],
        ["reading the stored sheet", f"{read:.3f} s", f"at most {MOST_SECONDS:.0f} s"],
    ]


def share(fill: Callable[[], object], model: Model, together: Spec) -> tuple[float, float]:
    """Seconds that filling a gallery of COUNT channels takes, and its rate.

    The rate is a share of the loop's own for one batch.
    """
    every = max(1, together.iterations // 8)
    # The loop alone before and after: a machine that changes its pace must not decide.
    before = seconds(lambda: loop(model, together, every))
    took = seconds(fill)
    after = seconds(lambda: loop(model, together, every))
    return took, (before + after) / 2 * COUNT / together.count / took


def as_the_page(model: Model, plan: Gallery) -> None:
    """The fine pictures of COUNT channels made by the page's own machinery, with somebody looking."""
    part = Gallery(plan.recipe, COUNT, plan.weights)
    models = KeptModels(1)
    models.keep((NETWORK, ""), model)
    scheduler = Scheduler(models)
    with tempfile.TemporaryDirectory() as folder:
        fine = Shelf("fine", part, Store(Path(folder)))
        coarse = Shelf("coarse", part, Store(Path(folder)))
        coarse.entries = dict.fromkeys(range(COUNT))
        tiles = partial(RenderTiles, (NETWORK, ""))
        filling = Filling((coarse, fine), tiles, scheduler.start, partial(batch_size, model=model))
        filling.log.clear()
        filling.look("somebody")
        while filling.status != "complete":
            filling.run.wait(lambda run: run.ended, 0.5)
            filling.look("somebody")
            filling.state(len(filling.log))
    scheduler.close()


# looking at them


def looking(model: Model) -> list[list[str]]:
    """The page of a gallery that is in the store, in a real browser.

    After a restart of the server and on the second visit.
    """
    chosen = GalleryChoice(("", "", ""), LAYER)
    plan = plan_of(model, chosen.size, chosen.iterations)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        list(Store(Path(folder)).fill(plan, model, range(plan.channels)))
        os.environ["ACTVIZ_STORE"] = folder
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = serve(port)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
                page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
                page.goto(f"http://127.0.0.1:{port}/")
                page.get_by_role("button", name="Start", exact=True).wait_for(timeout=120_000)
                visits = [visit(page) for _ in range(3)]
                browser.close()
        finally:
            server.terminate()
            server.wait(30)
    return [
        [f"the page of {plan.channels} channels, first after a restart", f"{visits[0]:.2f} s", ""],
        ["on the second visit", f"{max(visits[1:]):.2f} s", f"at most {MOST_SECONDS:.0f} s"],
    ]


def visit(page: Page) -> float:
    """Seconds from the click to every picture that is on the screen."""
    began = time.perf_counter()
    page.get_by_role("link", name="Gallery", exact=True).click()
    page.wait_for_function(SHOWN)
    took = time.perf_counter() - began
    page.get_by_role("link", name="Explore", exact=True).click()
    page.get_by_role("button", name="Start", exact=True).wait_for()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--iterations", type=int, default=64)
    options = parser.parse_args()
    KEEPER.serve()
    model = load_model(NETWORK)
    about = (
        f"{time.strftime('%Y-%m-%d')}, {processor()}, {torch.get_num_threads()} threads, {model.device}, "
        f"torch {torch.__version__}"
    )
    rows = textures(model, options.iterations)
    rows += making(model, options.size, options.iterations) + looking(model)
    print(f"{about}\n")
    print(f"{LAYER} of {NETWORK}, {options.iterations} iterations\n\n{table(['', 'measured', 'bar'], rows)}")


if __name__ == "__main__":
    main()
