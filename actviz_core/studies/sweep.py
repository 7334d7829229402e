"""A sweep: a grid of pictures, across which one number of a recipe varies, and down which another one."""

import json
from dataclasses import dataclass, replace

from ..errors import ActvizError
from ..optimization.hyperparams import Hyperparams
from ..optimization.recipe import Recipe
from ..reading import read
from ..settings import Checked, Setting, described, setting, to_data
from .comparison import FINEST
from .fills import aimed


@dataclass(frozen=True)
class Axis(Checked):
    """One number of the hyperparams by its address, from `low` to `high` in so many steps."""

    address: str
    low: float
    high: float
    steps: int = setting(4, low=2, high=FINEST, step=1, help="pictures along this side")

    def values(self, hyperparams: Hyperparams) -> list[float | int]:
        """Evenly spaced, by factors where the number's slider goes by decades; whole where the number is."""
        shares = [index / (self.steps - 1) for index in range(self.steps)]
        if setting_of(hyperparams, self.address).log and min(self.low, self.high) > 0:
            spaced = [self.low ** (1 - share) * self.high**share for share in shares]
        else:
            spaced = [self.low * (1 - share) + self.high * share for share in shares]
        whole = isinstance(hyperparams.value(self.address), int)
        return [round(value) if whole else float(f"{value:.3g}") for value in spaced]


def setting_of(hyperparams: Hyperparams, address: str) -> Setting:
    """Range and help of a number; ActvizError if it cannot be swept."""
    name, _, field = address.partition(".")
    found = (
        described(Hyperparams)["learning_rate"]
        if name == "learning_rate"
        else described(type(hyperparams.part(name))).get(field)
    )
    if found is None or found.choices:
        raise ActvizError(f"{address} is not a number that can be swept.")
    return found


@dataclass(frozen=True)
class Sweep(Checked):
    """What a grid is made of: a recipe and the two numbers of it that vary."""

    recipe: Recipe
    across: Axis
    down: Axis

    def to_json(self) -> str:
        """The text that from_json reads."""
        return json.dumps(to_data(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Sweep":
        """Raises ActvizError naming what is wrong with the text."""
        return read(text, cls)


def sweep(recipe: Recipe, across: Axis, down: Axis) -> list[tuple[str, Recipe]]:
    """(label, recipe) for a grid, row by row; a cell has one picture, however many the recipe makes."""
    if across.address == down.address:
        raise ActvizError("a sweep needs two different settings.")
    cells: list[tuple[str, Recipe]] = []
    for row in down.values(recipe.hyperparams):
        for column in across.values(recipe.hyperparams):
            hyperparams = recipe.hyperparams.with_values({across.address: column, down.address: row})
            single = aimed(recipe, objective=recipe.spec.objectives[0], count=1)
            cells.append((f"{column:g} | {row:g}", replace(single, hyperparams=hyperparams, changes=(), picture=0)))
    return cells
