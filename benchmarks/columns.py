"""python -m benchmarks.columns: columns of a comparison one after the other and in one batch on this CPU.

How fast, how alike. A minute.
"""

import argparse
import time
from collections.abc import Sequence
from unittest.mock import patch

import numpy as np
import torch

from actviz_core import Ascent, Channel, Frame, Model, Recipe, Spec, replay, together
from actviz_core.optimization import in_step

from .machine import processor
from .report import table
from .runners.ours import load

LAYER, COLUMNS, ITERATIONS, WARM = "blocks.4.0", 6, 40, 10


def columns(size: int) -> list[Recipe]:
    channels = (Channel(LAYER, channel) for channel in range(COLUMNS))
    return [
        Recipe(Spec("efficientnet_lite0", channel, height=size, width=size, iterations=WARM + ITERATIONS))
        for channel in channels
    ]


def side_by_side(model: Model, recipes: Sequence[Recipe], batched: bool) -> tuple[float, list[Frame]]:
    """Pictures' iterations per second, and the last frames."""
    runs = [Ascent(model, recipe) for recipe in recipes]
    with patch.object(in_step, "known_of", lambda *_: batched):
        for iteration in range(WARM + ITERATIONS):
            if iteration == WARM:
                began = time.perf_counter()
            frames = together(runs, [None] * len(runs))
    return len(recipes) * ITERATIONS / (time.perf_counter() - began), frames


def difference(frames: Sequence[Frame], others: Sequence[Frame]) -> float:
    """Of two sets of pictures, on average over pixels, in steps of 255."""
    pairs = zip(frames, others, strict=True)
    return float(np.mean([np.abs(a.images.astype(float) - b.images).mean() for a, b in pairs]))


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    model = load(columns(224)[0].spec)
    rows = []
    for threads in sorted({1, torch.get_num_threads()}):
        torch.set_num_threads(threads)
        for size in (224, 128):
            recipes = columns(size)
            alone = [list(replay(model, recipe))[-1] for recipe in recipes]
            for batched in (False, True):
                rate, frames = side_by_side(model, recipes, batched)
                rows.append(
                    [
                        f"{size} px, {threads} threads",
                        "one batch" if batched else "in turn",
                        f"{rate:.0f}",
                        f"{difference(frames, alone):.1f}",
                    ]
                )
    print(
        f"{time.strftime('%Y-%m-%d')}, {processor()}, torch {torch.__version__}. "
        f"{COLUMNS} columns of {LAYER}, {WARM + ITERATIONS} iterations\n"
    )
    print(table(["", "", "pictures x iterations per second", "differs from the runs alone, of 255"], rows))


if __name__ == "__main__":
    main()
