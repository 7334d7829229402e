"""A run as a standalone script: short, of torch and torchvision alone, and where it was made the same picture.

`script_of(model, recipe)` is its text. What a recipe's parts become is in parts.py, the network's lines in network.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import NotAllowed
from ...models.handle import Question
from ...models.layer import OUTPUT
from ...models.layers import find_layer
from ...models.model import Model
from ...models.packaged import SIDES, wheel
from ...objectives import Neuron, Objective
from ...optimization.parametrizations import PixelImage
from ...optimization.recipe import Recipe
from ...optimization.regularizers import REGULARIZERS, Blur, Operator, Penalty
from ...optimization.state import size_at
from ...optimization.transforms import Crops, Geometric, Narrow, Pad, Pointwise
from ...runs.task import Models
from .functions import FUNCTIONS, IMPORTS
from .network import network_lines
from .parts import (
    changed,
    drawing_of,
    move_of,
    operator_of,
    optimizer_of,
    penalty_of,
    preparing,
    rate_of,
    score_of,
    start_of,
)
from .values import parts, rate

OUTSIDE = {"'grey'": '(GREY, "zeros")', "'edge'": '(0.0, "border")', "'reflect'": '(0.0, "reflection")'}

ABOUT = '''"""{what}: a picture that actviz made, made again.

On the machine that made it, it is the same bit for bit. It needs
{needs}.
"""
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
    layers = tuple(find_layer(model, name, spec.height, spec.width).module for name in objective.layers)
    reduced = spec.precision == "autocast" or (spec.precision == "auto" and model.faster_in_16_bits)
    loop = "".join(f"{line}\n" for line in loop_lines(recipe, objective, reduced))
    network = network_lines(model, layers) + "".join(hooks(model, recipe, objective))
    there, back = drawing_of(spec.parametrization)
    drawing = there + (back if "parameters(" in loop else "")
    head = constants(model, recipe)
    functions = needed(network + drawing + loop)
    code = head + functions + drawing + "\n\n" + network + loop
    what = f"{model.name}, {objective.describe(model.labels)}"
    return ABOUT.format(what=what, needs=packages(model)) + imports(code) + "\n" + code


def constants(model: Model, recipe: Recipe) -> str:
    spec = recipe.spec
    pad = next(parts(recipe, Pad), None)
    fill = pad.say("fill") if pad else "'reflect'"
    if fill.startswith("at("):
        raise NotAllowed("There is no script for a padding whose filling changes on the way: save the recipe.")
    outside = '(0.0, "zeros")' if wraps(recipe) else OUTSIDE.get(fill, OUTSIDE["'reflect'"])
    return (
        f"SEED, COUNT, PICTURE, SCHEDULE, REDIRECTED = "
        f"{spec.seed}, {spec.count}, {recipe.picture or spec.iterations}, {spec.scheduled}, {spec.redirected}\n"
        f"height, width, k = {spec.canvas[0]}, {spec.canvas[1]}, 0\n"
        f"GREY, STD = torch.tensor({list(model.mean)})[:, None, None], torch.tensor({list(model.std)})[:, None, None]\n"
        f"OUTSIDE, PADDING = {outside}\n"
    )


def wraps(recipe: Recipe) -> bool:
    """Whether outside of the picture it lies again."""
    pad = next(parts(recipe, Pad), None)
    return recipe.spec.tile > 0 or (pad is not None and pad.say("fill") == "'wrap'")


def packages(model: Model) -> str:
    further = ["timm"] if model.name in SIDES or model.name.startswith("timm/") else []
    further += [wheel(model.name)] if model.name in SIDES and not model.weights else []
    return ", ".join(["torch", "torchvision", "numpy", *further])


def needed(code: str) -> str:
    """The functions that are called, and those that they call."""
    words = set(re.findall(r"\w+", code))
    wanted: set[str] = set()
    while more := {name for name in FUNCTIONS if name in words} - wanted:
        wanted |= more
        words |= {word for name in more for word in re.findall(r"\w+", FUNCTIONS[name])}
    return "".join(f"\n{text}" for name, text in FUNCTIONS.items() if name in wanted)


def imports(code: str) -> str:
    words = set(re.findall(r"\w+", code))
    return "".join(f"{line}\n" for word, line in IMPORTS.items() if word in words)


def hooks(model: Model, recipe: Recipe, objective: Objective) -> Iterator[str]:
    """What keeps the layers' answers in `found`, as [n, channels, rows, columns]. Raises NotAllowed."""
    yield "found = {}\n"
    for name in objective.layers:
        layer = find_layer(model, name, recipe.spec.height, recipe.spec.width)
        axes = {"channels,rows,columns": "", "channels": "[:, :, None, None]"}.get(layer.axes)
        if axes is None or layer.name not in (layer.module, OUTPUT):
            raise NotAllowed(f"There is no script for layers such as {layer.name} yet: save the recipe instead.")
        where = "network" if layer.module == OUTPUT else f'network.get_submodule("{layer.module}")'
        keep = f'found.update({{"{name}": answer.float(){axes}}}) or answer.clone()'
        yield f"{where}.register_forward_hook(\n    lambda c, given, answer: {keep}\n)\n"


def loop_lines(recipe: Recipe, objective: Objective, reduced: bool) -> Iterator[str]:
    """From the first parameters to the files."""
    spec = recipe.spec
    optimizer = optimizer_of(spec.optimizer)
    yield "rng = generator(0)"
    if spec.octaves > 1:
        begins = (1 + -(-octave * spec.scheduled // spec.octaves) for octave in range(spec.octaves))
        yield f"SIZES = {[size_at(spec, iteration) for iteration in begins]}"
        yield "height, width = SIZES[0]"
    yield f"x = ({start_of(spec.parametrization)}).contiguous().requires_grad_()"
    yield f"optimizer = {optimizer}"
    yield "for k in range(1, PICTURE + 1):"
    yield from (f"    {line}" for line in iteration_lines(recipe, objective, optimizer, reduced))
    yield "images = pictures(x, min(1.0, k / max(1, SCHEDULE - 1)))"
    if spec.octaves > 1:
        yield f'images = F.interpolate(images, {spec.canvas}, mode="bilinear", align_corners=False)'
    if spec.tile:
        down, across = (-(-side // tile) for side, tile in zip((spec.height, spec.width), spec.canvas, strict=True))
        yield f"images = images.repeat(1, 1, {down}, {across})[:, :, :{spec.height}, :{spec.width}]"
    yield "for number, image in enumerate(images.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()):"
    yield '    Image.fromarray(image).save(f"picture-{number}.png")'


def iteration_lines(recipe: Recipe, objective: Objective, optimizer: str, reduced: bool) -> Iterator[str]:
    spec = recipe.spec
    yield "t = min(1.0, (k - 1) / max(1, SCHEDULE - 1))"
    if spec.octaves > 1:
        yield f"size = SIZES[min({spec.octaves - 1}, (k - 1) * {spec.octaves} // SCHEDULE)]"
        yield "if size != (height, width):"
        yield '    x = parameters(F.interpolate(pictures(x.detach(), 1.0), size, mode="bilinear", antialias=True))'
        yield f"    (height, width), optimizer = size, {optimizer.replace('[x]', '[x.requires_grad_()]')}"
        yield f"zoom = height / {spec.canvas[0]}"
    yield "images = views = pictures(x, t)"
    for line in view_lines(recipe):
        yield line if spec.octaves > 1 else line.replace(".mul(zoom)", "").replace(" * zoom", "")
    passing = ["Redirected()"] * bool(spec.redirected) + ['torch.autocast("cpu", torch.bfloat16)'] * reduced
    yield f"with {', '.join(passing) or 'torch.enable_grad()'}:"
    yield "    network((views - GREY) / STD)"
    yield from loss_lines(recipe, objective)
    yield "gradient, moving = torch.autograd.grad(loss, (images, x), torch.ones(COUNT))"
    yield f"x.grad, rate = moving.contiguous(), {rate_of(spec.optimizer, rate(recipe))}"
    yield from preparing(spec.optimizer)
    yield 'optimizer.param_groups[0]["lr"] = rate'
    yield "optimizer.step()"
    if isinstance(spec.parametrization, PixelImage) and not spec.parametrization.decorrelate:
        yield "x.detach().clamp_(0, 255)"
    yield from operator_lines(recipe)


def view_lines(recipe: Recipe) -> Iterator[str]:
    """What the network sees: all moves are drawn first, and those between two changes of values are one resampling."""
    narrow = next(parts(recipe, Narrow), None)
    pad = next(parts(recipe, Pad), None)
    if narrow:
        yield f"narrow = 1 - {narrow.say('by')} * t"
    yield "rng, n, moves = generator(k), COUNT, [[]]"
    border = f", round({pad.say('pixels')} * zoom)" if pad else ""
    sampled = "tiled" if wraps(recipe) else "sampled"
    steps = [f"views = {sampled}(views, moves[0]{border})"]
    for part in parts(recipe, (Geometric, Pointwise)):
        if isinstance(part.value, Geometric):
            yield f"{part.condition}moves[-1].append({move_of(part.value, part.say, bool(narrow))})"
            if isinstance(part.value, Crops):
                yield "n = len(moves[-1][-1])"
        elif part.active:
            raise NotAllowed("There is no script for noise or blur that begins or ends on the way: save the recipe.")
        else:
            yield "moves.append([])"
            steps += [
                f"views = {changed(part.value, part.say)}",
                f"views = {sampled}(views, moves[{len(steps) // 2 + 1}])",
            ]
    yield from steps


def loss_lines(recipe: Recipe, objective: Objective) -> Iterator[str]:
    penalties = " + ".join(penalty_of(part.value, part.say) for part in parts(recipe, Penalty))
    score = score_of(objective)
    if any(parts(recipe, Crops)):
        yield "parts = [{name: part[i : i + COUNT] for name, part in found.items()} for i in range(0, n, COUNT)]"
        yield f"score = torch.stack([{score.replace('found[', 'part[')} for part in parts]).mean(0)"
        score = "score"
    yield f"loss = {penalties or 0} - ({score})"


def operator_lines(recipe: Recipe) -> Iterator[str]:
    """What changes the picture after a step, in the order of the kinds."""
    operators = sorted(parts(recipe, Operator), key=lambda part: REGULARIZERS.index(type(part.value)))
    if not operators:
        return
    yield "with torch.no_grad():"
    yield "    before = images = pictures(x, 1.0)"
    for part in operators:
        due = [f"k % {part.say('every')} == 0"] if isinstance(part.value, Blur) else []
        condition = " and ".join([part.active] * bool(part.active) + due)
        yield f"    {f'if {condition}: ' if condition else ''}images = {operator_of(part.value, part.say)}"
    yield "    if images is not before:"
    yield "        x.copy_(parameters(images.clamp(0, 1)))"
