"""compare: several pictures side by side, on one sheet."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from .. import origin
from ..errors import ActvizError, near
from ..models.weights import weights_name
from ..objectives import Channel, ClassLogit, LayerEnergy, Objective
from ..optimization.recipe import Recipe
from ..studies.column_runs import LoadHere
from ..studies.comparison import Comparison
from ..studies.fills import FILLS, Fill, filled
from ..studies.labels import labels
from ..studies.sheet import read_comparison
from .command import Command
from .files import read_bytes
from .method import MethodOptions, changed, named, new_recipe, usual_model
from .network import ModelOptions, loader
from .options import option
from .sheets import SheetOptions, check_files, make_sheet
from .values import value_of_kind, whole_numbers


@dataclass(frozen=True)
class TargetsOptions:
    """What is to be maximized in each picture."""

    layer: str | None = option(None, help="a name from `layers`; alone: the energy of the whole layer")
    channels: str = option("", metavar="3,5-7", help="feature maps of the layer, a picture of each")
    classes: tuple[str, ...] = option(
        (), flag="--class", words="+", metavar="NAME_OR_INDEX", help="classes instead of a layer"
    )
    objectives: tuple[str, ...] = option(
        (),
        flag="--objective",
        words="+",
        metavar="KIND:FIELD=VALUE,...",
        help="any kind of target, or its JSON; `settings` lists the kinds and their fields",
    )


@dataclass(frozen=True)
class CompareOptions:
    """Recipes as described or from files, or several that are made of one."""

    network: ModelOptions
    targets: TargetsOptions
    method: MethodOptions
    files: SheetOptions
    recipes: tuple[Path, ...] = option(
        (),
        flag="--recipe",
        words="+",
        metavar="FILE",
        help="PNGs or JSONs saved earlier, of pictures or comparisons, in place of a target; --weights is the file "
        "that they need, and what says how a picture is made changes them all",
    )
    fill: str = option("", metavar="NAME", help=f"several of one recipe: {', '.join(FILLS).lower()}")


def make_comparison(options: CompareOptions) -> None:
    """Makes the pictures in step, under the same random views, and writes the files."""
    check_files(options.files)
    fill = fill_named(options.fill) if options.fill else None
    load = loader(options.network)
    comparison = from_files(options) if options.recipes else described(options, load)
    if fill:
        if len(comparison.columns) > 1:
            raise ActvizError(f"--fill makes several pictures of one recipe; these are {len(comparison.columns)}.")
        comparison = filled(comparison.recipes[0], fill, load)
    if len(comparison.columns) < 2:
        raise ActvizError(
            "there is only one picture to compare; name several --channels, --class or --recipe, or a --fill."
        )
    models = [load(recipe.spec.model, recipe.spec.weights) for recipe in comparison.recipes]
    if difference := origin.told([recipe.origin for recipe in comparison.recipes], models[0].device):
        print(f"actviz: {difference}", file=sys.stderr)
    make_sheet(options.files, comparison.columns, labels(comparison.columns, models), load)


def fill_named(text: str) -> Fill:
    """The fill of that name, upper and lower case alike; ActvizError with near names."""
    known = {name.lower(): fill for name, fill in FILLS.items()}
    if text.lower() not in known:
        raise ActvizError(f"there is no fill {text!r}{near(text.lower(), known)}; there are {', '.join(known)}.")
    return known[text.lower()]


def from_files(options: CompareOptions) -> Comparison:
    """The columns of all files; one comparison stays as it is, several files share the first one's seed."""
    if options.targets != TargetsOptions():
        raise ActvizError("--recipe names targets already; leave out --layer, --channels, --class and --objective.")
    if options.network.model and ":" not in options.network.model:  # one of your own has to be named all the same
        raise ActvizError("--recipe names networks already; leave out --model.")
    found = [read_comparison(read_bytes(path)) for path in options.recipes]
    if len(found) == 1:
        columns = (replace(column, recipe=changed(column.recipe, options.method)) for column in found[0].columns)
        return Comparison(tuple(columns))
    return together([changed(recipe, options.method) for each in found for recipe in each.recipes])


def described(options: CompareOptions, load: LoadHere) -> Comparison:
    """A column for each target of the options, or for the preset's famous one."""
    objectives = objectives_of(options.targets)
    name = options.network.model or usual_model(options.method, bool(objectives))
    weights = weights_name(options.network.weights)
    model = load(name, weights)
    recipes = [new_recipe(options.method, objective, model) for objective in objectives or [None]]
    return together([named(changed(recipe, options.method, model=model), model.name, weights) for recipe in recipes])


def together(recipes: list[Recipe]) -> Comparison:
    """All under the seed of the first: the same seed means the same random views."""
    comparison = Comparison()
    for recipe in recipes:
        comparison = comparison.added(replace(recipe, spec=replace(recipe.spec, seed=recipes[0].spec.seed)))
    return comparison


def objectives_of(targets: TargetsOptions) -> list[Objective]:
    """All targets of the options; ActvizError where they do not fit together."""
    found = [value_of_kind(Objective, text, "--objective") for text in targets.objectives]
    found += [ClassLogit(int(label) if label.isdecimal() else label) for label in targets.classes]
    layer = targets.layer
    if layer is None:
        if targets.channels:
            raise ActvizError("a channel belongs to a layer; give --layer too.")
        return found
    if not targets.channels:
        return [*found, LayerEnergy(layer)]
    return [*found, *(Channel(layer, channel) for channel in whole_numbers(targets.channels, "the channels"))]


COMMAND = Command("compare", "make several pictures side by side, on one sheet", CompareOptions, make_comparison)
