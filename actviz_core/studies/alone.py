"""Alone: whether a picture that is made beside others is, bit for bit, what its own recipe makes of it.

On a CPU it is, with nearly all networks: pictures with objectives of their own share their starts and views, and the
kernels do not look at their number. Where some do, the batch is given up, for smaller ones.
"""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
import torch

from ..errors import ActvizError
from ..frames import Frame, Snapshot
from ..models.model import Model
from ..optimization.loop import Ascent, iterate
from ..optimization.recipe import Recipe
from ..optimization.state import Place, size_at, snapshot_of, taken

Kind = tuple[str, int, tuple[int, int], int]  # of a batch: what it is made by, pictures, their size, torch's threads
EQUAL: WeakKeyDictionary[Model, dict[Kind, bool]] = WeakKeyDictionary()
"""Whether a batch of that kind was found equal."""


class Unequal(ActvizError):
    """Beside so many others a picture is another one than alone."""


def iterate_as_alone(ascent: Ascent, key: str, recipes: Sequence[Recipe]) -> Frame | None:
    """One iteration of a run of several pictures, each of which a recipe of its own makes alone.

    The first and the last are compared with what they are alone, once for each network, key, number and size; Unequal
    where they differ. On other devices than a CPU no two runs are equal, and nothing is compared.
    """
    size = size_at(ascent.spec, ascent.iteration + 1)
    known, kind = EQUAL.setdefault(ascent.model, {}), (key, len(recipes), size, torch.get_num_threads())
    if len(recipes) == 1 or ascent.model.device.type != "cpu" or known.get(kind):
        return iterate(ascent)
    if kind not in known:
        ends = {place: picture_of(ascent, place) for place in (0, len(recipes) - 1)}
        frame = iterate(ascent)
        equal = all(is_equal(ascent, place, recipes[place], before) for place, before in ends.items())
        if not equal or all(ascent.outcome.gradient[place].any() for place in ends):  # else it would tell nothing
            known[kind] = equal
        if equal:
            return frame
    raise Unequal(f"{len(recipes)} pictures made together are not what each of them is alone.")


def picture_of(ascent: Ascent, place: int) -> Snapshot | None:
    """One picture of a run, to go on alone; None before the first iteration."""
    if not ascent.iteration:
        return None
    arrays: dict[Place, np.ndarray] = {name: value.numpy() for name, value in taken(ascent.state).items()}
    if len(ascent.state.stepped) > 1:
        its: dict[Place, np.ndarray] = {(): arrays[()][place : place + 1]}
        its |= {(0, name[1]): value for name, value in arrays.items() if name and name[0] == place}
    else:
        its = {name: value[place : place + 1] if value.ndim else value for name, value in arrays.items()}
    return snapshot_of(ascent.iteration, its)


def is_equal(ascent: Ascent, place: int, recipe: Recipe, before: Snapshot | None) -> bool:
    """Whether an iteration alone, from there, has the same score, gradient and parameters."""
    alone = Ascent(ascent.model, recipe, before, every=recipe.spec.iterations)
    try:
        iterate(alone)
        return all(
            torch.equal(own[0], beside[place])
            for own, beside in (
                (alone.outcome.score, ascent.outcome.score),
                (alone.outcome.gradient, ascent.outcome.gradient),
                (alone.state.parameters, ascent.state.parameters),
            )
        )
    finally:
        alone.close()
