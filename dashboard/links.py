"""A recipe in the address of the page: JSON in a query parameter, read back through the dataclasses and nothing else."""

from collections.abc import Mapping
from dataclasses import replace

from actviz_core import ActvizError, Recipe

PARAMETER = "recipe"
LONGEST = 12_000  # characters; browsers and proxies refuse longer addresses


def write(recipe: Recipe) -> str:
    """The text for the address; a photograph is too large for one and is left out."""
    spec = recipe.spec
    if spec.start == "photograph":
        spec = replace(spec, start="noise", photograph="")
    return replace(recipe, spec=spec, changes=()).to_json()


def read(parameters: Mapping[str, str]) -> Recipe | None:
    """The recipe in the address, None if there is none; ActvizError if it cannot be used."""
    text = parameters.get(PARAMETER)
    if not text:
        return None
    if len(text) > LONGEST:
        raise ActvizError(f"it is {len(text):,} characters long; at most {LONGEST:,} are read.")
    return Recipe.from_json(text)
