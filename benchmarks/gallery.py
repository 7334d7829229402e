"""python -m benchmarks.gallery: what a gallery costs beside the loop alone, and how soon a stored one is there.

Prints each figure beside its bar. Needs an otherwise idle machine.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from actviz_core import Channel, Gallery, Hyperparams, Model, Recipe, Spec, Store, batch_size, load_model, machine, optimize

from .machine import processor
from .report import table

LAYER, COUNT = "blocks.4.0", 64
MOST_PICTURES, LEAST_SHARE, MOST_SECONDS = 60, 0.95, 1.0
WARM = 8  # iterations


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def loop(model: Model, spec: Spec, every: int) -> None:
    for _ in optimize(model, spec, Hyperparams(), every=every):
        pass


def measured(model: Model, size: int, iterations: int) -> list[list[str]]:
    recipe = Recipe(Spec(model.name, Channel(LAYER, 0), height=size, width=size, iterations=iterations))
    plan = Gallery.of(model, LAYER, recipe)
    batch, every = batch_size(model), max(1, iterations // 8)
    together = plan.spec_of(tuple(range(min(batch, COUNT))))
    for spec in (plan.spec, together):
        loop(model, Spec(spec.model, spec.objective, height=size, width=size, count=spec.count, iterations=WARM), every)
    one = seconds(lambda: loop(model, plan.spec, every))
    # Before and after, so that a machine that changes its pace does not decide.
    before = seconds(lambda: loop(model, together, every))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        all_of_it = seconds(lambda: list(store.fill(plan, model, range(COUNT))))
        again = seconds(lambda: Store(Path(folder)).tiles(plan))
    after = seconds(lambda: loop(model, together, every))
    share = (before + after) / 2 * COUNT / together.count / all_of_it
    return [
        [f"{COUNT} channels, in pictures of one alone", f"{all_of_it / one:.1f}", f"at most {MOST_PICTURES}"],
        ["rate, beside the loop's own", f"{100 * share:.1f} %", f"at least {100 * LEAST_SHARE:.0f} %"],
        ["reading the stored sheet", f"{again:.3f} s", f"at most {MOST_SECONDS:.0f} s"],
        ["one picture alone", f"{one:.2f} s", ""],
        ["one picture among the others", f"{all_of_it / COUNT:.2f} s", ""],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="efficientnet_lite0")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--iterations", type=int, default=64)
    options = parser.parse_args()
    machine.keep_memory()
    model = load_model(options.model)
    rows = measured(model, options.size, options.iterations)
    print(f"{time.strftime('%Y-%m-%d')}, {processor()}, {torch.get_num_threads()} threads, {model.device}, torch {torch.__version__}\n")
    print(f"{LAYER} of {options.model}, {options.size} px, {options.iterations} iterations\n\n{table(['', 'measured', 'bar'], rows)}")


if __name__ == "__main__":
    main()
