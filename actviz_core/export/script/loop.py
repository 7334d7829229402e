"""Lines of a standalone script from the first parameters to the files."""

import re
from collections.abc import Iterator

from ...objectives import Objective
from ...optimization.parametrizations import PixelImage
from ...optimization.recipe import Recipe
from ...optimization.regularizers import REGULARIZERS, Blur, Operator, Penalty
from ...optimization.state import size_at
from ...optimization.transforms import Crops
from .network import Answers
from .parts import Drawing, operator_of, optimizer_of, penalty_of, preparing, rate_of, score_of
from .values import parts, rate
from .views import GENERATOR, view_lines


def loop_lines(
    recipe: Recipe, objective: Objective, answers: Answers, drawing: Drawing, reduced: bool
) -> Iterator[str]:
    spec, lines = recipe.spec, list(iteration_lines(recipe, objective, answers, drawing, reduced))
    yield GENERATOR.replace("ITERATION", "0")
    if spec.octaves > 1:
        begins = (1 + -(-octave * spec.scheduled // spec.octaves) for octave in range(spec.octaves))
        yield f"SIZES = {[size_at(spec, iteration) for iteration in begins]}"
        yield "height, width = SIZES[0]"
    yield f"x = ({drawing.start}).requires_grad_()"
    yield f"optimizer = {optimizer_of(spec.optimizer, steady_rate(recipe))}"
    yield "for k in range(1, PICTURE + 1):"
    if any("t" in re.findall(r"\w+", line) for line in lines):
        yield f"    t = {progress(recipe)}  # from 0 to 1"
    yield from (f"    {line}" for line in lines)
    picture, last = recipe.picture or spec.iterations, max(1, spec.scheduled - 1)
    images = drawing.there("x", repr(min(1.0, picture / last)))
    if spec.octaves > 1:
        yield f'images = F.interpolate({images}, {spec.canvas}, mode="bilinear", align_corners=False)'
        images = "images"
    yield from saving(recipe, images)


def saving(recipe: Recipe, images: str) -> Iterator[str]:
    spec, first = recipe.spec, 0 if recipe.spec.count == 1 else ":"
    images = f"({images})" if "/" in images else images
    part = f"[{first}]"
    if spec.tile:
        down, across = (-(-side // tile) for side, tile in zip((spec.height, spec.width), spec.canvas, strict=True))
        part = f".tile({down}, {across})[{first}, :, :{spec.height}, :{spec.width}]"
    found = f"{images}{part if spec.tile or spec.count == 1 else ''}.mul(255).round().byte()"
    if spec.count == 1:
        yield f'to_pil_image({found}).save("picture-0.png")'
    else:
        yield f"for number, image in enumerate({found}):"
        yield '    to_pil_image(image).save(f"picture-{number}.png")'


def progress(recipe: Recipe) -> str:
    spec, last = recipe.spec, max(1, recipe.spec.scheduled - 1)
    beyond = (recipe.picture or spec.iterations) > spec.scheduled
    return f"min(1.0, (k - 1) / {last})" if beyond else f"(k - 1) / {last}"


def steady_rate(recipe: Recipe) -> str:
    """The learning rate that holds all the time, or nothing."""
    text = rate_of(recipe.spec.optimizer, rate(recipe))
    return "" if {"k", "t"} & set(re.findall(r"\w+", text)) else text


def iteration_lines(
    recipe: Recipe, objective: Objective, answers: Answers, drawing: Drawing, reduced: bool
) -> Iterator[str]:
    spec = recipe.spec
    yield from growing(recipe, drawing)
    images = f"images = {drawing.there('x', 't')}"
    views = "images"
    for line in view_lines(recipe):
        text = line if spec.octaves > 1 else line.replace(".mul(zoom)", "").replace(" * zoom", "")
        yield images if text == "IMAGES" else text
        views = "views" if text.startswith("views") else views
    passing = f"{answers.start}network(({views} - GREY) / STD)"
    if reduced:
        yield 'with torch.autocast("cpu", torch.bfloat16):'
    yield "    " * reduced + passing
    yield from loss_lines(recipe, objective, answers)
    changes = list(operator_lines(recipe, drawing))
    if any("gradient" in line for line in changes):
        yield "gradient, x.grad = torch.autograd.grad(loss.sum(), (images, x))"
    else:
        yield "x.grad = torch.autograd.grad(loss.sum(), x)[0].contiguous()"
    yield from step_lines(recipe)
    yield from changes


def growing(recipe: Recipe, drawing: Drawing) -> Iterator[str]:
    spec = recipe.spec
    if spec.octaves == 1:
        return
    optimizer = optimizer_of(spec.optimizer, steady_rate(recipe)).replace("[x]", "[x.requires_grad_()]")
    smaller = drawing.there("x.detach()", "1.0")
    grown = f'F.interpolate({smaller}, size, mode="bilinear", antialias=True)'
    yield f"size = SIZES[min({spec.octaves - 1}, (k - 1) * {spec.octaves} // {spec.scheduled})]"
    yield "if size != (height, width):"
    yield f"    x = {drawing.back(grown)}"
    yield f"    (height, width), optimizer = size, {optimizer}"
    yield f"zoom = height / {spec.canvas[0]}"


def step_lines(recipe: Recipe) -> Iterator[str]:
    spec, steady = recipe.spec, steady_rate(recipe)
    if not steady:
        yield f'optimizer.param_groups[0]["lr"] = {rate_of(spec.optimizer, rate(recipe))}'
    yield from preparing(spec.optimizer, steady or 'optimizer.param_groups[0]["lr"]')
    yield "optimizer.step()"
    if isinstance(spec.parametrization, PixelImage) and not spec.parametrization.decorrelate:
        yield "x.detach().clamp_(0, 255)"


def loss_lines(recipe: Recipe, objective: Objective, answers: Answers) -> Iterator[str]:
    penalties = " + ".join(penalty_of(part.value, part.say) for part in parts(recipe, Penalty))
    score = score_of(objective, answers.texts, answers.flat)
    if any(parts(recipe, Crops)):
        several = len(answers.texts) > 1
        names = {layer: "seen" + f"_{k}" * several for k, layer in enumerate(answers.texts, 1)}
        split = ", ".join(f"{text}.split(COUNT)" for text in answers.texts.values())
        yield f"answers = {f'zip({split})' if several else split}  # of each crop"
        score = score_of(objective, names, answers.flat)
        score = f"torch.stack([{score} for {', '.join(names.values())} in answers]).mean(0)"
    elif " + " in score:
        score = f"({score})"
    yield f"loss = {penalties} - {score}" if penalties else f"loss = -{score}"


def operator_lines(recipe: Recipe, drawing: Drawing) -> Iterator[str]:
    """What changes the picture after a step, in the order of the kinds."""
    operators = sorted(parts(recipe, Operator), key=lambda part: REGULARIZERS.index(type(part.value)))
    if not operators:
        return
    conditions = []
    yield "with torch.no_grad():"
    yield f"    images = {drawing.there('x', '1.0')}"
    for part in operators:
        due = [f"k % {part.say('every')} == 0"] if isinstance(part.value, Blur) else []
        condition = " and ".join([part.active] * bool(part.active) + due)
        conditions.append(condition)
        if condition:
            yield f"    if {condition}:"
        yield f"    {'    ' * bool(condition)}images = {operator_of(part.value, part.say)}"
    store = f"x.copy_({drawing.back('images.clamp(0, 1)')})"
    if all(conditions):
        yield f"    if {' or '.join(conditions)}:"
        store = f"    {store}"
    yield f"    {store}"
