"""What the page is set to, in its address: JSON in a query parameter, read back through the dataclasses and nothing else."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import replace

from actviz_core import ActvizError, Comparison, Recipe

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
    return replace(recipe, spec=spec, changes=())


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


def given(parameters: Mapping[str, str], name: str) -> str:
    """What the address holds under that name, no longer than allowed."""
    text = parameters.get(name, "")
    if len(text) > LONGEST:
        raise ActvizError(f"it is {len(text):,} characters long; at most {LONGEST:,} are read.")
    return text
