"""Labels: short names for recipes side by side, made of what tells them apart."""

from collections.abc import Iterable, Sequence
from dataclasses import is_dataclass, replace

from ..models.layers import AnyModel
from ..numerals import written
from ..optimization.hyperparams import label_of
from ..optimization.presets import PRESETS, Preset, preset_of
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from ..registry import kind
from ..settings import described
from .comparison import Column

OWN, WHOLE = "custom settings", "does not repeat"
DETAILS = (
    "iterations",
    "schedule",
    "parametrization",
    "optimizer",
    "start",
    "tile",
    "octaves",
    "octave_factor",
    "redirected",
    "precision",
    "count",
)

Models = Sequence[AnyModel | None]  # one for each recipe, as far as they are known; their classes have names


def labels(columns: Sequence[Column], models: Models, presets: Sequence[Preset] = PRESETS) -> list[str]:
    """For each column its number and what tells it from the others.

    Of the main things all that differ, of the details as many as it takes.
    """
    if not columns:
        return []
    recipes = [replace(column.recipe, hyperparams=column.recipe.final, changes=()) for column in columns]
    told = subjects(recipes, models)
    mains = [main(recipe, subject, presets) for recipe, subject in zip(recipes, told, strict=True)]
    differing = [each for each in zip(*mains, strict=True) if len(set(each)) > 1]
    rows = [tuple(each[index] for each in differing) for index in range(len(recipes))]
    for detail in details(recipes):
        if len(set(zip(rows, detail, strict=True))) > len(set(rows)):
            rows = [(*row, words) for row, words in zip(rows, detail, strict=True)]
    if not any(rows):  # the network is said above the pictures
        rows = [(layer, place, weights) for _, weights, layer, place in told]
    rows = [tuple(filter(None, row)) or (WHOLE,) for row in rows]
    return [f"{column.number}. {', '.join(row)}" for column, row in zip(columns, rows, strict=True)]


def shared(recipes: Sequence[Recipe], models: Models) -> str:
    """What all have in common of network, weights, layer, place and how often the picture repeats, as a title."""
    told = [(*each, repeats(recipe.spec)) for each, recipe in zip(subjects(recipes, models), recipes, strict=True)]
    alike = [each[0] for each in zip(*told, strict=True) if len(set(each)) == 1]
    return ", ".join(filter(None, alike))


def full(recipe: Recipe, model: AnyModel | None) -> str:
    """Network, target and whether that repeats, for whom the picture itself says nothing."""
    return ", ".join(filter(None, (*subject(recipe, model), repeats(recipe.spec))))


def main(recipe: Recipe, told: Sequence[str], presets: Sequence[Preset]) -> tuple[str, ...]:
    """The things of a recipe that people ask for first."""
    model, weights, layer, place = told
    return (
        model,
        layer,
        place,
        weights or "trained",
        preset_words(recipe, presets),
        f"seed {recipe.spec.seed}",
        f"{recipe.spec.height} x {recipe.spec.width}",
        repeats(recipe.spec),
    )


def subjects(recipes: Sequence[Recipe], models: Models) -> list[tuple[str, str, str, str]]:
    """Of each; classes by name if all networks are there: that one of them is not makes no other class of it."""
    named = all(models)
    return [subject(recipe, model if named else None) for recipe, model in zip(recipes, models, strict=True)]


def subject(recipe: Recipe, model: AnyModel | None) -> tuple[str, str, str, str]:
    """Network, its weights unless they are the published ones, layer and the place in it."""
    spec = recipe.spec
    title = spec.objectives[0].describe(model.labels if model else ())
    more = len(spec.objectives) - 1
    layer, _, place = title.partition(", ") if hasattr(spec.objectives[0], "layer") else ("", "", title)
    return spec.model, weights_words(spec.weights), layer, f"{place} and {more} more" if more else place


def weights_words(weights: str) -> str:
    """What is to be said of a network's weights; nothing of the published ones."""
    return weights if weights in ("", "untrained") else f"custom weights {weights.removeprefix('sha256:')[:6]}"


def repeats(spec: Spec) -> str:
    """Of a picture that one tile fills, how large that is; nothing of a whole one."""
    return f"repeats every {spec.tile} px" if spec.canvas != (spec.height, spec.width) else ""


def preset_words(recipe: Recipe, presets: Sequence[Preset]) -> str:
    preset = preset_of(recipe, presets)
    return preset.title if preset else OWN


def details(recipes: Sequence[Recipe]) -> Iterable[list[str]]:
    """Every other setting, in words, for each recipe."""
    for name in DETAILS:
        values = [getattr(recipe.spec, name) for recipe in recipes]
        if not is_dataclass(values[0]):
            yield [setting_words(name, value) for value in values]
            continue
        yield [words(kind(type(value))) for value in values]
        for field in dict.fromkeys(field for value in values for field in described(type(value))):
            yield [
                f"{words(field)} {short(getattr(value, field))}" if hasattr(value, field) else "" for value in values
            ]
    parts = dict.fromkeys(name for recipe in recipes for name in recipe.hyperparams.addresses())
    addresses = [f"{name}.{field}" for name in parts for field in described(type(recipes[0].hyperparams.part(name)))]
    for address in ("learning_rate", *addresses):
        yield [f"{label_of(address).lower()} {short(recipe.hyperparams.value(address))}" for recipe in recipes]


def setting_words(name: str, value: object) -> str:
    """A field of the spec, as the page calls it."""
    if name == "count":
        return f"{value} picture{'s' * (value != 1)}"
    label = described(Spec)[name].label
    return f"{label[:1].lower() + label[1:] or words(name)} {short(value)}"


def words(name: str) -> str:
    """octave_factor -> octave factor"""
    return name.replace("_", " ").lower()


def short(value: object) -> str:
    """A number with at most six digits, anything else as it is."""
    return written(value) if isinstance(value, float) else str(value)
