"""What settings are called: by the preset that they are."""

from actviz_core import PRESETS, Preset, Recipe, preset_of
from dashboard.state import session

OWN = "Custom settings"


def presets() -> tuple[Preset, ...]:
    """Everybody's, and the visitor's own."""
    return (*PRESETS, *session.own_presets())


def preset_title(recipe: Recipe) -> str:
    preset = preset_of(recipe, presets())
    return preset.title if preset else OWN


def full_title(recipe: Recipe) -> str:
    """With the iterations where they are not the preset's."""
    preset, iterations = preset_of(recipe, presets()), recipe.spec.iterations
    if preset is None:
        return OWN
    if any(manner.applied(recipe).spec.iterations == iterations for manner in preset.manners):
        return preset.title
    return f"{preset.title}, {iterations:,} iterations"
