"""A preset is recognized.

That holds applied once or twice, from an address, on every network, whatever the target, size and start.
"""

from dataclasses import replace

import pytest

from actviz_core import PRESETS, Channel, ClassLogit, Recipe, Spec
from dashboard.state import links
from dashboard.words.presets import preset_title

SPECS = (
    Spec("efficientnet_lite0", Channel("blocks.1.0", 3)),
    Spec("efficientnet_lite2", ClassLogit(130), height=128, width=200, count=4, seed=7, weights="untrained"),
    Spec("efficientnet_lite1", (Channel("blocks.3.0", 12), ClassLogit(130)), count=2, start="grey"),
)


@pytest.mark.parametrize("known", PRESETS, ids=lambda known: known.name)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.model)
def test_the_page_knows_a_preset_again(known, spec):
    recipe = known.applied(Recipe(spec))
    assert preset_title(recipe) == known.title
    assert known.applied(recipe) == recipe
    assert links.read({links.PARAMETER: links.write(recipe)}) == recipe
    elsewhere = replace(recipe, spec=replace(recipe.spec, model="resnet18", weights="untrained", seed=3, height=96))
    assert preset_title(elsewhere) == known.title
    photographed = Recipe(replace(spec, start="photograph", photograph="QUJD"))
    assert preset_title(known.applied(photographed)) == known.title
