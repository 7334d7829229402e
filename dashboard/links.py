"""What the page is set to, in its address: JSON in a query parameter, read back through the dataclasses and nothing else."""

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace

from actviz_core import ActvizError, Comparison, Recipe
from dashboard.page_state import GalleryChoice, about

PARAMETER, COMPARISON = "recipe", "comparison"
LONGEST = 12_000  # characters; browsers and proxies refuse longer addresses
LARGEST = 2**19  # bytes that a compressed address may unpack to


def write(recipe: Recipe) -> str:
    """The text for the address; a photograph is too large for one and is left out."""
    return bare(recipe).to_json()


def bare(recipe: Recipe) -> Recipe:
    spec = recipe.spec
    if spec.start == "photograph":
        spec = replace(spec, start="noise", photograph="")
    return replace(recipe, spec=spec, changes=(), origin=None)


def read(parameters: Mapping[str, str]) -> Recipe | None:
    """The recipe in the address, None if there is none; ActvizError if it cannot be used."""
    text = given(parameters, PARAMETER)
    return Recipe.from_json(text) if text else None


def write_comparison(comparison: Comparison) -> str:
    """As `write`, compressed: the columns of a comparison are much alike."""
    columns = tuple(replace(column, recipe=bare(column.recipe)) for column in comparison.columns)
    return base64.urlsafe_b64encode(zlib.compress(Comparison(columns).to_json().encode(), 9)).decode()


def read_comparison(parameters: Mapping[str, str]) -> Comparison | None:
    """The comparison in the address, None if there is none; ActvizError if it cannot be used."""
    text = given(parameters, COMPARISON)
    if not text:
        return None
    try:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(base64.urlsafe_b64decode(text), LARGEST)
        if not unpacking.eof:
            raise ActvizError("it is damaged or too large.")
        return Comparison.from_json(data.decode())
    except (binascii.Error, zlib.error, ValueError):
        raise ActvizError("it is damaged.") from None


def write_gallery(choice: GalleryChoice) -> dict[str, str]:
    """What the Gallery page shows, in words."""
    shown = {"layer": choice.layer, "size": choice.size, "iterations": choice.iterations, "channel": choice.channel}
    return {name: str(value) for name, value in shown.items() if value is not None}


def read_gallery(parameters: Mapping[str, str], recipe: Recipe) -> GalleryChoice | None:
    """The gallery in the address, of the recipe's network, None if there is none; ActvizError if it cannot be used."""
    if "layer" not in parameters:
        return None
    numbers = {name: given(parameters, name) for name in ("size", "iterations", "channel") if name in parameters}
    if wrong := [name for name, text in numbers.items() if not re.fullmatch("[0-9]{1,6}", text)]:
        raise ActvizError(f"{wrong[0]} must be a whole number.")
    return GalleryChoice(about(recipe), given(parameters, "layer"), **{name: int(text) for name, text in numbers.items()})


def same(one: Recipe | Comparison, other: Recipe | Comparison) -> bool:
    """Whether an address says the same of both."""
    write_it = write_comparison if isinstance(one, Comparison) else write
    return type(one) is type(other) and write_it(one) == write_it(other)


def given(parameters: Mapping[str, str], name: str) -> str:
    """What the address holds under that name, no longer than allowed."""
    text = parameters.get(name, "")
    if len(text) > LONGEST:
        raise ActvizError(f"it is {len(text):,} characters long; at most {LONGEST:,} are read.")
    return text
