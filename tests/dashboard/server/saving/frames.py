"""The frames of a run, and the addresses of its files."""

import numpy as np

from actviz_core import Channel, Frame, Recipe, Spec

HEIGHT, WIDTH, PATIENCE = 24, 40, 20
TITLE = "efficientnet_lite0 blocks.1.0, channel 3"


def recipe(weights="", channel=3) -> Recipe:
    return Recipe(
        Spec("efficientnet_lite0", Channel("blocks.1.0", channel), height=HEIGHT, width=WIDTH, weights=weights)
    )


def frames(count, size=(HEIGHT, WIDTH)):
    for iteration in range(1, count + 1):
        yield Frame(
            iteration,
            np.full((1, *size, 3), 20 * iteration % 256, np.uint8),
            (float(iteration),),
            {},
            (1.0,),
            0.05,
            0.01,
        )


def path(visitor, entries, what):
    return f"/live/{visitor.token}/{','.join(entry.key for entry in entries)}/save/{what}"


def name_of(answer):
    return answer.headers["content-disposition"].removeprefix('attachment; filename="').removesuffix('"')
