"""Contact sheets: a comparison or a gallery as one labelled picture, or a gallery as a table.

The picture is read back as a comparison.
"""

import csv
import io
import math
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw

from ..export.curves import without_points
from ..export.font import font
from ..export.pictures import FONT, go_on, labelled, length_of, line, sheet, text_of, widened, with_text
from ..numerals import written
from .comparison import Comparison
from .gallery import FAILED, SILENT, Gallery, Tile
from .labels import repeats

PAPER, INK, PALE, RULE = "#ffffff", "#22252b", "#f0eee8", "#b9b4a6"
GAP, LABEL, HEAD = 8, 20, 34  # px
WORDS = {SILENT: "dead channel", FAILED: "failed"}


def contact_sheet(
    pictures: list[np.ndarray],
    labels: list[str],
    comparison: Comparison,
    check: Callable[[], None] = go_on,
    title: str = "",
    across: int = 0,
) -> bytes:
    """Pictures uint8 [h, w, 3] of a comparison as one PNG with all recipes inside.

    Each is over its label, below a title if there is one; so many across, or as square as it gets.
    """
    whole = sheet(labelled(pictures, labels), across)
    if title:
        width = max(whole.shape[1], length_of(title))
        whole = np.concatenate((line(title, width), widened(whole, width)))
    return with_text(whole, comparison.to_json(), check)


def read_comparison(data: bytes) -> Comparison:
    """The comparison inside a contact sheet, or of a JSON text; a recipe's file gives one column."""
    return Comparison.from_json(without_points(text_of(data)))


def gallery_sheet(
    gallery: Gallery, tiles: Mapping[int, Tile], check: Callable[[], None] = go_on, order: str = ""
) -> bytes:
    """The tiles as the mapping has them, number and score below each, as a PNG whose text chunk holds the recipe.

    `order` says in the heading which order that is.
    """
    spec, count = gallery.spec, max(1, len(tiles))
    across, down = max(64, spec.width) + GAP, spec.height + LABEL + GAP
    columns = max(1, min(count, round(math.sqrt(count * down / across))))
    rows = math.ceil(count / columns)
    title = heading_of(gallery, len(tiles), order)
    heading = font(15)
    width = max(columns * across + GAP, round(heading.getlength(title)) + 2 * GAP)
    whole = Image.new("RGB", (width, HEAD + rows * down), PAPER)
    pen = ImageDraw.Draw(whole)
    pen.text((GAP, HEAD / 2), title, INK, heading, "lm")
    for place, tile in enumerate(tiles.values()):
        check()
        left, top = GAP + place % columns * across, HEAD + place // columns * down
        draw_tile(whole, pen, tile, (left, top, left + spec.width, top + spec.height))
    return with_text(np.asarray(whole), gallery.recipe.to_json(), check)


def heading_of(gallery: Gallery, tiles: int, order: str) -> str:
    """What so many tiles of a gallery are, above them."""
    spec = gallery.spec
    what = f"{spec.model}, {gallery.layer}: {tiles} of {gallery.channels} channels"
    return ", ".join(filter(None, (what, f"{spec.iterations} iterations", repeats(spec), order)))


def draw_tile(
    whole: Image.Image,
    pen: ImageDraw.ImageDraw,
    tile: Tile,
    box: tuple[int, int, int, int],
) -> None:
    """One picture of a gallery in its box (left, top, right, bottom), over number and score; words if it has none."""
    left, top, right, bottom = box
    if tile.flag:
        pen.rectangle((left, top, right - 1, bottom - 1), PALE, RULE)
        pen.text(
            ((left + right) / 2, (top + bottom) / 2),
            WORDS[tile.flag],
            INK,
            font(10 if right - left < 80 else 12),
            "mm",
        )
    else:
        whole.paste(Image.fromarray(tile.image), (left, top))
    middle = bottom + LABEL / 2
    pen.text((left, middle), str(tile.channel), INK, FONT, "lm")
    if not tile.flag:
        pen.text((max(right, left + 64), middle), written(tile.score, ".3g"), INK, FONT, "rm")


def gallery_table(tiles: Mapping[int, Tile]) -> str:
    """A line for each channel.

    Channel, score (empty where it failed), and what became of it: made, silent or failed.
    """
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["channel", "score", "state"])
    for channel in sorted(tiles):
        tile = tiles[channel]
        table.writerow([channel, "" if tile.flag == FAILED else tile.score, tile.flag or "made"])
    return file.getvalue()
