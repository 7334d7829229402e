"""A contact sheet: rows and columns of pictures with their names."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TILE, LABEL, GAP = 168, 20, 4


def sheet(
    columns: list[str], rows: dict[str, list[np.ndarray | None]], file: Path, side: int = TILE, quality: int = 90
) -> None:
    """Pictures uint8 [h, w, 3], None where there is none; each row's name stands above it."""
    step = side + LABEL + GAP
    page = Image.new("RGB", (len(columns) * (side + GAP) + GAP, LABEL + len(rows) * step + GAP), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(13)
    for column, name in enumerate(columns):
        draw.text((left(column, side), 2), name, "black", font)
    for row, (name, pictures) in enumerate(rows.items()):
        draw.text((GAP, LABEL + row * step + 2), name, "grey", font)
        for column, picture in enumerate(pictures):
            if picture is None:
                draw.text((left(column, side), 2 * LABEL + row * step), "none", "grey", font)
            else:
                tile = Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS)
                page.paste(tile, (left(column, side), 2 * LABEL + row * step))
    page.save(file, quality=quality)


def left(column: int, side: int) -> int:
    return GAP + column * (side + GAP)
