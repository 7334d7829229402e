"""A comparison: recipes side by side, their JSON, and how to fill one with what people want to see together."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from ..errors import ActvizError
from ..models.layers import list_layers
from ..models.model import Model
from ..objectives import Channel, ClassLogit, check_channels
from ..optimization.presets import PRESETS
from ..optimization.recipe import Hyperparams, Recipe
from ..settings import Checked, described, read, setting, to_data

MOST = 12  # columns that are chosen one by one
CLASSIFIERS = ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")
BOARD_CHANGES = 12_000  # that the runs of a comparison take together: so many adjustments can be read again
FINEST = 6  # steps along a side of a sweep
LARGEST_NUMBER = 10**6
ALL_LOCKED = 0  # in place of a column's number

Load = Callable[[str, str], Model]


@dataclass(frozen=True)
class Column(Checked):
    """One recipe.

    locked  it obeys the sliders that all columns share
    number  what it is known by, whatever comes and goes beside it; 0: the comparison gives it one
    """

    recipe: Recipe
    locked: bool = True
    number: int = setting(0, 0, LARGEST_NUMBER)


@dataclass(frozen=True)
class Comparison(Checked):
    """Columns that advance in step under the same random views."""

    columns: tuple[Column, ...] = ()

    def __post_init__(self):
        super().__post_init__()
        if len(self.columns) > FINEST**2:
            raise ActvizError(f"a comparison has at most {FINEST**2} pictures; these would be {len(self.columns)}.")
        object.__setattr__(self, "columns", tuple(numbered(self.columns)))

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        return tuple(column.recipe for column in self.columns)

    def added(self, recipe: Recipe) -> "Comparison":
        """With one more column, under the seed of the others: the same seed means the same random views."""
        if len(self.columns) >= MOST:
            raise ActvizError(f"a comparison has at most {MOST} columns; remove one first.")
        recipe = replace(recipe, hyperparams=recipe.final, changes=(), picture=0)
        if self.columns:
            recipe = replace(recipe, spec=replace(recipe.spec, seed=self.columns[0].recipe.spec.seed))
        return Comparison((*self.columns, Column(recipe)))

    def without(self, number: int) -> "Comparison":
        return Comparison(tuple(column for column in self.columns if column.number != number))

    def switched(self, number: int) -> "Comparison":
        """A column that obeyed the shared sliders has its own from now on, or the other way round."""
        return Comparison(
            tuple(
                replace(column, locked=not column.locked) if column.number == number else column
                for column in self.columns
            )
        )

    def steered(self, number: int, address: str, value) -> "Comparison":
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
            if column.number == number or (number == ALL_LOCKED and column.locked)
            else column
            for column in self.columns
        )
        return Comparison(tuple(columns))

    def to_json(self) -> str:
        return json.dumps(shared_photographs(to_data(self)), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Comparison":
        """Of a comparison, or of a recipe as its only column. Raises ActvizError naming what is wrong with the text."""
        found = read(text, cls, Recipe, prepare=own_photographs)
        return found if isinstance(found, cls) else cls().added(found)


PHOTOGRAPHS = "photographs"


def shared_photographs(data: dict) -> dict:
    """A comparison's data with each photograph once, and its place where the columns had it.

    Twelve of them would be too long to read.
    """
    specs = [column["recipe"]["spec"] for column in data["columns"]]
    photographs = list(dict.fromkeys(spec["photograph"] for spec in specs if spec["photograph"]))
    for spec in specs:
        if spec["photograph"]:
            spec["photograph"] = photographs.index(spec["photograph"])
    return data | {PHOTOGRAPHS: photographs} if photographs else data


def own_photographs(data: dict) -> dict:
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
    columns, given = list(columns), set()
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


# fills: (recipe, load) -> recipes


def next_channels(recipe: Recipe, load: Load) -> tuple[Recipe, ...]:
    target = channel_of(recipe)
    layer = check_channels(
        load(recipe.spec.model, recipe.spec.weights),
        target.layer,
        (target.channel,),
        recipe.spec.height,
        recipe.spec.width,
    )
    channels = range(target.channel, min(target.channel + 6, layer.channels))
    return tuple(aimed(recipe, objective=Channel(target.layer, channel)) for channel in channels)


def across_layers(recipe: Recipe, load: Load) -> tuple[Recipe, ...]:
    """The same channel's number in up to eight blocks, from the first to the last.

    The recipe's own layer is among them.
    """
    target, model = channel_of(recipe), load(recipe.spec.model, recipe.spec.weights)
    size = recipe.spec.height, recipe.spec.width
    own = check_channels(model, target.layer, (target.channel,), *size)
    layers = [
        layer
        for layer in list_layers(model, *size)
        if layer == own or (layer.block and layer.channels > target.channel and layer.height > 1)
    ]
    count, here = min(8, len(layers)), layers.index(own)
    places = [round(index * (len(layers) - 1) / max(1, count - 1)) for index in range(count)]
    if here not in places:  # in place of the nearest, but for the ends
        places[min(range(1, count - 1), key=lambda index: abs(places[index] - here))] = here
    return tuple(aimed(recipe, objective=Channel(layers[place].name, target.channel)) for place in places)


def across_models(recipe: Recipe, load: Load) -> tuple[Recipe, ...]:
    """The same class in the three networks that come with actviz, each at its own size."""
    class_of(recipe)
    models = [load(name, "") for name in CLASSIFIERS]
    return tuple(aimed(recipe, model=m.name, weights="", height=m.height, width=m.width) for m in models)


def trained_and_untrained(recipe: Recipe, _load: Load) -> tuple[Recipe, ...]:
    trained = "" if recipe.spec.weights == "untrained" else recipe.spec.weights
    return aimed(recipe, weights=trained), aimed(recipe, weights="untrained")


def seeds(recipe: Recipe, _load: Load) -> tuple[Recipe, ...]:
    return tuple(aimed(recipe, seed=recipe.spec.seed + index) for index in range(4))


def presets(recipe: Recipe, _load: Load) -> tuple[Recipe, ...]:
    """The presets that need no more than some hundred iterations, cut to the recipe's number of them."""
    quick = [
        preset
        for preset in PRESETS
        if preset.name in ("good", "textbook", "lucid", "distill", "deepdream", "yosinski-3")
    ]
    applied = [preset.applied(recipe) for preset in quick]
    return tuple(replace(each, spec=replace(each.spec, iterations=recipe.spec.iterations)) for each in applied)


FILLS = {
    "Next channels of this layer": next_channels,
    "Same channel across layers": across_layers,
    "Same class across models": across_models,
    "Trained and untrained weights": trained_and_untrained,
    "Several seeds": seeds,
    "Several presets": presets,
}


def channel_of(recipe: Recipe) -> Channel:
    target = recipe.spec.objectives[0]
    if not isinstance(getattr(target, "channel", None), int):
        raise ActvizError("this needs a channel as the target; choose one first.")
    return Channel(target.layer, target.channel)


def class_of(recipe: Recipe) -> ClassLogit:
    if not isinstance(recipe.spec.objective, ClassLogit):
        raise ActvizError("models have only their classes in common; choose a class as the target first.")
    return recipe.spec.objective


NEEDS = {next_channels: channel_of, across_layers: channel_of, across_models: class_of}


def check_fill(recipe: Recipe, fill: Callable) -> None:
    """ActvizError where the recipe's target has not what the fill needs. Loads nothing."""
    if fill in NEEDS:
        NEEDS[fill](recipe)


def filled(recipe: Recipe, fill: Callable, load: Load) -> Comparison:
    """A comparison of what a fill makes of a recipe; `load` is load_model or something that keeps what it loads."""
    return Comparison(tuple(Column(replace(each, changes=(), picture=0)) for each in fill(recipe, load)))


def aimed(recipe: Recipe, **changes) -> Recipe:
    """With another spec but as many pictures; where each had an objective of its own, one that is given is for all."""
    return replace(recipe, spec=replace(recipe.spec, **changes))


# sweeps


@dataclass(frozen=True)
class Axis(Checked):
    """One number of the hyperparams by its address, from `low` to `high` in so many steps."""

    address: str
    low: float
    high: float
    steps: int = setting(4, 2, FINEST, 1, help="pictures along this side")

    def values(self, hyperparams: Hyperparams) -> list[float | int]:
        """Evenly spaced, by factors where the number's slider goes by decades; whole where the number is."""
        scale = setting_of(hyperparams, self.address)
        if scale.log and self.low > 0:
            spaced = [self.low * (self.high / self.low) ** (index / (self.steps - 1)) for index in range(self.steps)]
        else:
            spaced = [self.low + (self.high - self.low) * index / (self.steps - 1) for index in range(self.steps)]
        whole = isinstance(hyperparams.value(self.address), int)
        return [round(value) if whole else float(f"{value:.3g}") for value in spaced]


def setting_of(hyperparams: Hyperparams, address: str):
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
        return json.dumps(to_data(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Sweep":
        """Raises ActvizError naming what is wrong with the text."""
        return read(text, cls)


def sweep(recipe: Recipe, across: Axis, down: Axis) -> list[tuple[str, Recipe]]:
    """(label, recipe) for a grid, row by row; a cell has one picture, however many the recipe makes."""
    if across.address == down.address:
        raise ActvizError("a sweep needs two different settings.")
    cells = []
    for row in down.values(recipe.hyperparams):
        for column in across.values(recipe.hyperparams):
            hyperparams = recipe.hyperparams.with_values({across.address: column, down.address: row})
            single = aimed(recipe, objective=recipe.spec.objectives[0], count=1)
            cells.append((f"{column:g} | {row:g}", replace(single, hyperparams=hyperparams, changes=(), picture=0)))
    return cells
