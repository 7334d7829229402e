"""A recipe, pictures and points that the tests of diagnoses and of remedies begin with."""

import numpy as np

from actviz_core import Change, Channel, Hyperparams, Point, Recipe, Spec

RECIPE = Recipe(
    Spec("tiny", Channel("conv2", 1), height=40, width=56, count=4), Hyperparams(0.5), (Change(5, Hyperparams(0.25)),)
)
COLOURFUL = np.random.default_rng(0).integers(20, 230, (4, 40, 56, 3), dtype=np.uint8)


def points(scores, gradient=1.0):
    return [Point(i, (score,), (), (gradient,), 0.5, 0.01) for i, score in enumerate(scores, 1)]
