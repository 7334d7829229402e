"""Lines of a standalone script for what the network sees in an iteration."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...errors import NotAllowed
from ...optimization.recipe import Recipe
from ...optimization.transforms import Crops, Geometric, Jitter, Narrow, Pad, Pointwise, Rotate, Scale
from .parts import changed, function, move_of
from .values import Part, parts

WIDEST = 118  # of a line of a loop, with what is written twice where it becomes two
RIMMED = 'F.pad(images, (1, 1, 1, 1), mode="circular")'
FILLED = {
    "'grey'": "F.grid_sample(images - GREY, grid, align_corners=False) + GREY",
    "'edge'": 'F.grid_sample(images, grid, padding_mode="border", align_corners=False)',
    "'reflect'": 'F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)',
    "'wrap'": f"F.grid_sample({RIMMED}, grid, align_corners=False)",
}
GENERATOR = "rng = torch.Generator().manual_seed(int(np.random.SeedSequence((SEED, ITERATION)).generate_state(1)[0]))"
WRAPPED = """\
places = (grid + 1) * (SIZE / 2)  # outside of a tile lies the tile again
grid = (places - SIZE * (places / SIZE).floor() + 1) * (2 / (SIZE + 2)) - 1
"""


def sampled_lines(recipe: Recipe, images: str, moves: str, border: str, high: str, wide: str) -> list[str]:
    """The last one is what the views are. Raises NotAllowed."""
    pad = next(parts(recipe, Pad), None)
    fill = pad.say("fill") if pad else "'reflect'"
    if fill not in FILLED:
        raise NotAllowed("There is no script for a padding whose filling changes on the way: save the recipe.")
    fill = "'wrap'" if recipe.spec.tile else fill
    resampled, copies = FILLED[fill], []
    if any(parts(recipe, Crops)):  # a rim before it is repeated: gradients are sums in that order
        copied = RIMMED if fill == "'wrap'" else "images"
        copies = [f"copies = {copied}.repeat(len(grid) // len(images), 1, 1, 1)".replace("images", images)]
        resampled = resampled.replace(copied, "copies")
    resampled = resampled.replace("images", images)
    tall, broad = (bordered(side, border) for side in (high, wide))
    halves = ", ".join(f"({side}) / 2" if "+" in side else f"{side} / 2" for side in (broad, tall))
    theta = [
        f"theta = {moves}[:, :2] * torch.tensor([{halves}, 1.0])",
        f"theta = theta * torch.tensor([[2 / {wide}], [2 / {high}]])",
    ]
    return [
        *(theta if len(theta[0] + theta[1]) > WIDEST else [theta[0] + theta[1].removeprefix("theta = theta")]),
        f"grid = F.affine_grid(theta, [len(theta), 3, {tall}, {broad}], align_corners=False)",
        *(wrapped(recipe, high, wide) if fill == "'wrap'" else []),
        *copies,
        resampled,
    ]


def bordered(side: str, border: str) -> str:
    if border.isdigit() and side.isdigit():
        return str(int(side) + 2 * int(border))
    return side if border == "0" else f"{side} + 2 * {border}"


def wrapped(recipe: Recipe, high: str, wide: str) -> list[str]:
    square = len(set(recipe.spec.canvas)) == 1
    lines = WRAPPED.replace("SIZE", wide if square else "size").splitlines()
    return lines if square else [f"size = torch.tensor([{wide}, {high}])", *lines]


def sampling(recipe: Recipe) -> dict[str, str]:
    """The function that takes views of pictures, for where that is done more than once."""
    rim = border_of(recipe) != "0"
    *lines, answer = sampled_lines(recipe, "images", "moves", "border" if rim else "0", "high", "wide")
    lines = ["high, wide = images.shape[2:]", *lines, f"return {answer}"]
    return {"sampled": function(f"sampled(images, moves{', border=0' * rim})", lines)}


def border_of(recipe: Recipe) -> str:
    """Its width in an iteration, as a script writes it."""
    pad = next(parts(recipe, Pad), None)
    return pad.say("pixels") if pad else "0"


@dataclass
class Row:
    """Moves that become one resampling, and what then changes the views' values."""

    border: str
    moves: list[Part] = field(default_factory=list)
    change: str = ""

    @property
    def needed(self) -> str:
        """When there is anything to do: "" never, "True" always, else a condition."""
        if self.border.isdigit() and self.border != "0" or any(not part.active for part in self.moves):
            return "True"
        return " or ".join([*[self.border] * (self.border != "0"), *(part.active for part in self.moves)])


def rows_of(recipe: Recipe) -> list[Row]:
    rows = [Row(border_of(recipe))]
    for part in parts(recipe, (Geometric, Pointwise)):
        if isinstance(part.value, Geometric):
            rows[-1].moves.append(part)
        elif part.active:
            raise NotAllowed("There is no script for noise or blur that begins or ends on the way: save the recipe.")
        else:
            rows[-1].change = changed(part.value, part.say)
            rows.append(Row("0"))
    return rows


def view_lines(recipe: Recipe) -> Iterator[str]:
    """All moves are drawn first, then the pictures `images` become `views`."""
    narrow = next(parts(recipe, Narrow), None)
    rows = rows_of(recipe)
    if narrow and any(row.moves for row in rows):
        yield f"narrow = 1 - {narrow.say('by')} * t"
    if any(row.moves or row.change for row in rows):
        yield GENERATOR.replace("ITERATION", "k")
    used = [row for row in rows if row.needed]
    alone = len(used) == 1 and used[0].needed == "True"
    n, steps, seen = "COUNT", [], "images"
    for number, row in enumerate(rows):
        name = "moves" if number == 0 else f"moves_{number + 1}"
        if row.needed:
            yield from whole(row, bool(narrow)) if alone and is_whole(row) else drawn(name, row, n, bool(narrow))
            n = f"len({name})"
            grows, border = recipe.spec.octaves > 1, row.border
            if border != "0" and grows:
                border = f"round({border} * zoom)"
            if alone:
                size = ("height", "width") if grows else map(str, recipe.spec.canvas)
                *before, views = sampled_lines(recipe, seen, name, border, *size)
                steps += [*before, f"views = {views}"]
            else:
                rim = f", {border}" if border != "0" else ""
                condition = "" if row.needed == "True" else f" if {row.needed} else {seen}"
                steps.append(f"views = sampled({seen}, {name}{rim}){condition}")
            seen = "views"
        if row.change:
            steps.append(f"views = {row.change.replace('views', seen)}")
            seen = "views"
    yield "IMAGES"
    yield from steps


def is_whole(row: Row) -> bool:
    """Whether its moves are a shift, a zoom and a turn, whose matrices need no product."""
    return [type(part.value) for part in row.moves] == list(MOVES) and not any(part.active for part in row.moves)


def whole(row: Row, narrows: bool) -> Iterator[str]:
    shift, scale, angle = (move_of(part.value, part.say, narrows, "COUNT") for part in row.moves)
    yield f"column, row = {shift}.t()"
    yield f"scale = {scale}"
    yield f"angle = {angle}"
    yield "cosine, sine = scale * angle.cos(), scale * angle.sin()"
    yield "moves = torch.stack([cosine, -sine, column, sine, cosine, row], 1).view(-1, 2, 3)  # of a view's places"


def drawn(name: str, row: Row, n: str, narrows: bool) -> list[str]:
    """The matrices of a row of moves."""
    lines: list[str] = []
    product: list[str] = []  # not written yet
    for factor in factors_of(row.moves):
        part, crops = factor[0], isinstance(factor[0].value, Crops)
        texts = [move_of(part.value, part.say, narrows, n) for part in factor]
        if part.active or crops or len(factor) > 1:
            product = written(name, product, lines)
        times = f".repeat({part.say('count')}, 1, 1)" if crops else ""
        if part.active:
            if not product:
                lines.append(f"{name} = torch.eye(3).repeat({n}, 1, 1)")
            lines += [f"if {part.active}:", f"    {name} = {name}{times} @ {factor_text(factor, texts)}"]
            product = [name]
        elif len(factor) > 1:
            names = [ARGUMENTS[MOVES.index(type(part.value))] for part in factor]
            lines += [f"{argument} = {text}" for argument, text in zip(names, texts, strict=True)]
            product.append(factor_text(factor, names))
        else:
            product = [f"{before}{times}" for before in product] + [factor_text(factor, texts)]
        if crops:
            product, n = written(name, product, lines), f"len({name})"
    if not written(name, product, lines):
        lines.append(f"{name} = torch.eye(3).repeat({n}, 1, 1)")
    return lines


def written(name: str, product: list[str], lines: list[str]) -> list[str]:
    """The product after a line for it, where one is needed."""
    if product and product != [name]:
        lines.append(f"{name} = {' @ '.join(product)}")
    return [name] if product else []


def factors_of(moves: list[Part]) -> list[list[Part]]:
    """Jitter, Scale and Rotate in this order are one call of `move`, as long as they are always active."""
    factors: list[list[Part]] = []
    for part in moves:
        last = factors[-1][-1] if factors else part
        together = not (part.active or last.active) and type(last.value) in MOVES and type(part.value) in MOVES
        if factors and together and MOVES.index(type(last.value)) < MOVES.index(type(part.value)):
            factors[-1].append(part)
        else:
            factors.append([part])
    return factors


MOVES, ARGUMENTS = (Jitter, Scale, Rotate), ("shift", "scale", "angle")
"""What `move` does, in its order, and the names of its arguments."""


def factor_text(factor: list[Part], texts: list[str]) -> str:
    if type(factor[0].value) not in MOVES:
        return texts[0]
    names = [ARGUMENTS[MOVES.index(type(part.value))] for part in factor]
    return f"move({', '.join(f'{name}={text}' for name, text in zip(names, texts, strict=True))})"
