"""Where a picture was made: kept in the file, told where it matters."""

import dataclasses

import pytest
import torch

from actviz_core import ActvizError, Channel, Recipe, Spec
from actviz_core.origin import here, told

CPU = torch.device("cpu")
RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3)))


def test_here_is_what_decides_on_the_bits():
    found = here(CPU)
    assert (found.torch, found.device, found.instructions) == (
        torch.__version__,
        "cpu",
        torch.backends.cpu.get_cpu_capability(),
    )
    assert found.actviz


def test_what_differs_is_told_in_one_line():
    mine = here(CPU)
    assert told([mine, None], CPU) == ""
    other = dataclasses.replace(mine, torch="2.11.0", instructions="")
    versions = f"torch 2.11.0 instead of {torch.__version__}"
    instructions = f"instructions unknown instead of {mine.instructions}"
    assert told([None, other, mine, other], CPU) == f"Made elsewhere ({versions}, {instructions}): details may differ."


def test_recipes_with_and_without_the_record_are_read():
    recipe = dataclasses.replace(RECIPE, origin=here(CPU))
    assert Recipe.from_json(recipe.to_json()) == recipe
    older = RECIPE.to_json().replace(',"origin":null', "")
    assert "origin" not in older and Recipe.from_json(older) == RECIPE


@pytest.mark.parametrize("name", ["**bold**", "[a](http://b.c)", "<b>", "x" * 101])
def test_an_origin_is_a_name_and_nothing_else(name):
    with pytest.raises(ActvizError, match="torch"):
        Recipe.from_json(RECIPE.to_json().replace('"origin":null', f'"origin":{{"kind":"origin","torch":"{name}"}}'))
