"""What settings are called: by the preset that they are."""

from dataclasses import replace

from actviz_core import PRESETS, Preset, Recipe
from dashboard.state import session

OWN = "Custom settings"


def preset_of(recipe: Recipe) -> Preset | None:
    """The preset that the settings are at the recipe's end, for however many iterations; None where they are none."""
    ended = replace(recipe, hyperparams=recipe.final, changes=(), picture=0, origin=None)
    for preset in (*PRESETS, *session.own_presets()):
        applied = preset.applied(recipe)
        if replace(applied, spec=replace(applied.spec, iterations=recipe.spec.iterations)) == ended:
            return preset
    return None


def preset_title(recipe: Recipe) -> str:
    preset = preset_of(recipe)
    return preset.title if preset else OWN


def full_title(recipe: Recipe) -> str:
    """With the iterations where they are not the preset's."""
    preset, iterations = preset_of(recipe), recipe.spec.iterations
    if preset is None or preset.applied(recipe).spec.iterations == iterations:
        return preset_title(recipe)
    return f"{preset.title}, {iterations:,} iterations"
