"""A comparison: recipes side by side, and their JSON."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from ..errors import ActvizError
from ..optimization.recipe import Recipe
from ..reading import read
from ..settings import Checked, setting, to_data

MOST = 12
"""How many columns may be chosen one by one."""
BOARD_CHANGES = 12_000
"""How many changes the runs of a comparison take together: so many adjustments can be read again."""
FINEST = 6
"""The most steps along a side of a sweep."""
LARGEST_NUMBER = 10**6
ALL_LOCKED = 0
"""In place of a column's number: all columns whose settings are moved together."""


@dataclass(frozen=True)
class Column(Checked):
    """One recipe.

    locked  it obeys the sliders that all columns share
    number  what it is known by, whatever comes and goes beside it; 0: the comparison gives it one
    """

    recipe: Recipe
    locked: bool = True
    number: int = setting(0, low=0, high=LARGEST_NUMBER)

    def obeys(self, number: int) -> bool:
        """Whether it is moved by the sliders of that number, with ALL_LOCKED by those that locked columns share."""
        return self.number == number or (number == ALL_LOCKED and self.locked)


@dataclass(frozen=True)
class Comparison(Checked):
    """Columns that advance in step under the same random views."""

    columns: tuple[Column, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.columns) > FINEST**2:
            raise ActvizError(f"a comparison has at most {FINEST**2} pictures; these would be {len(self.columns)}.")
        object.__setattr__(self, "columns", tuple(numbered(self.columns)))

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """Those of all columns, in order."""
        return tuple(column.recipe for column in self.columns)

    def added(self, recipe: Recipe) -> "Comparison":
        """With one more column, of what holds after all changes of the recipe."""
        if len(self.columns) >= MOST:
            raise ActvizError(f"a comparison has at most {MOST} columns; remove one first.")
        return Comparison((*self.columns, Column(replace(recipe, hyperparams=recipe.final, changes=(), picture=0))))

    def without(self, number: int) -> "Comparison":
        """The other columns."""
        return Comparison(tuple(column for column in self.columns if column.number != number))

    def switched(self, number: int) -> "Comparison":
        """A column that obeyed the shared sliders has its own from now on, or the other way round."""
        return Comparison(
            tuple(
                replace(column, locked=not column.locked) if column.number == number else column
                for column in self.columns
            )
        )

    def steered(self, number: int, address: str, value: Any) -> "Comparison":
        """One number changed: in the column of that number, or with ALL_LOCKED in all that share their sliders."""
        columns = (
            replace(
                column,
                recipe=replace(
                    column.recipe,
                    hyperparams=column.recipe.final.with_value(address, value),
                    changes=(),
                    picture=0,
                ),
            )
            if column.obeys(number)
            else column
            for column in self.columns
        )
        return Comparison(tuple(columns))

    def to_json(self) -> str:
        """The text that from_json reads, each photograph in it once."""
        return json.dumps(shared_photographs(to_data(self)), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Comparison":
        """Of a comparison, or of a recipe as its only column. Raises ActvizError naming what is wrong with the text."""
        found = read(text, cls, Recipe, prepare=own_photographs)
        return found if isinstance(found, cls) else cls().added(found)


PHOTOGRAPHS = "photographs"


def shared_photographs(data: dict[str, Any]) -> dict[str, Any]:
    """A comparison's data with each photograph once, and its place where the columns had it.

    Twelve of them would be too long to read.
    """
    specs = [column["recipe"]["spec"] for column in data["columns"]]
    photographs = list(dict.fromkeys(spec["photograph"] for spec in specs if spec["photograph"]))
    for spec in specs:
        if spec["photograph"]:
            spec["photograph"] = photographs.index(spec["photograph"])
    return data | {PHOTOGRAPHS: photographs} if photographs else data


def own_photographs(data: dict[str, Any]) -> dict[str, Any]:
    """The inverse; what makes no sense is left, and told by whoever checks it."""
    photographs = data.get(PHOTOGRAPHS)
    if data["kind"] != "comparison" or not isinstance(photographs, list) or not isinstance(data.get("columns"), list):
        return data
    for column in data["columns"]:
        with suppress(KeyError, TypeError, IndexError):
            spec = column["recipe"]["spec"]
            if type(spec["photograph"]) is int and spec["photograph"] >= 0:
                spec["photograph"] = photographs[spec["photograph"]]
    return {key: value for key, value in data.items() if key != PHOTOGRAPHS}


def numbered(columns: Iterable[Column]) -> Iterator[Column]:
    """The same columns; those without a number, or with that of an earlier one, get the next free ones."""
    columns = list(columns)
    given: set[int] = set()
    taken = {column.number for column in columns}
    for column in columns:
        if not column.number or column.number in given:
            later = range(
                1 + max(taken), LARGEST_NUMBER + 1
            )  # else a number that somebody may remember, where there is no other
            number = next(
                number for numbers in (later, range(1, LARGEST_NUMBER)) for number in numbers if number not in taken
            )
            column = replace(column, number=number)
        given.add(column.number)
        taken.add(column.number)
        yield column
