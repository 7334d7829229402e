"""sweep: a grid of pictures, across which one setting varies, and down which another one."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .. import origin
from ..models.weights import weights_name
from ..optimization.hyperparams import Hyperparams, label_of
from ..optimization.recipe import Recipe
from ..studies.column_runs import LoadHere
from ..studies.comparison import FINEST, Column, Comparison
from ..studies.sweep import Axis, sweep
from .command import Command
from .method import MethodOptions, changed, named, new_recipe, read_recipe, usual_model
from .network import ModelOptions, loader
from .options import option
from .sheets import SheetOptions, check_files, make_sheet
from .target import TargetOptions, is_given, objective_of
from .values import number_or_text

AXIS = ("NAME", "LOW", "HIGH", "STEPS")


@dataclass(frozen=True)
class SweepOptions:
    """A recipe and the two numbers of it that vary."""

    network: ModelOptions
    target: TargetOptions
    method: MethodOptions
    files: SheetOptions
    across: tuple[str, ...] = option(
        help=f"what varies along a row, such as jitter 0 16 4; at most {FINEST} steps", metavar=AXIS, words=4
    )
    down: tuple[str, ...] = option(
        help="what varies down a column, such as learning_rate 0.05 0.4 3", metavar=AXIS, words=4
    )
    recipe: Path | None = option(None, help="a PNG or JSON saved earlier; other options change it")


def make_sweep(options: SweepOptions) -> None:
    """Makes the pictures in step and writes the files."""
    check_files(options.files)
    load = loader(options.network)
    recipe = described(options, load)
    across, down = (axis(words, recipe.hyperparams) for words in (options.across, options.down))
    cells = [cell for _, cell in sweep(recipe, across, down)]
    names = [f"{number}. {name_of(cell, across, down)}" for number, cell in enumerate(cells, 1)]
    columns = Comparison(tuple(Column(cell) for cell in cells)).columns
    make_sheet(options.files, columns, names, load, across.steps)


def described(options: SweepOptions, load: LoadHere) -> Recipe:
    """The recipe that is varied; tells where one from a file was made elsewhere."""
    base, objective, weights = (
        read_recipe(options.recipe),
        objective_of(options.target),
        weights_name(options.network.weights),
    )
    usual = base.spec.model if base else usual_model(options.method, is_given(options.target))
    model = load(options.network.model or usual, weights or (base.spec.weights if base else ""))
    if base and (difference := origin.told([base.origin], model.device)):
        print(f"actviz: {difference}", file=sys.stderr)
    recipe = changed(base or new_recipe(options.method, objective, model), options.method, objective, model)
    return named(recipe, model.name, weights)


def axis(words: tuple[str, ...], hyperparams: Hyperparams) -> Axis:
    """One side of the grid; a kind alone means its first field. ActvizError where it cannot be."""
    name, *ends = words
    low, high, steps = (cast(Any, number_or_text(end)) for end in ends)  # what is none, Axis says
    address = name if name == "learning_rate" else ".".join(hyperparams.place(name))
    return Axis(address, low, high, steps)


def name_of(cell: Recipe, across: Axis, down: Axis) -> str:
    """Both numbers of a cell, in words."""
    numbers = ((label_of(side.address), cell.hyperparams.value(side.address)) for side in (across, down))
    return ", ".join(f"{label} {number:g}" for label, number in numbers)


COMMAND = Command("sweep", "make a grid of pictures, two settings varying", SweepOptions, make_sweep)
