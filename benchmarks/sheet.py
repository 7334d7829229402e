"""The contact sheet: a row for each target, our pictures beside the peers'."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TILE, LABEL, GAP = 168, 20, 4


def sheet(columns: list[str], rows: dict[str, list[np.ndarray | None]], file: Path) -> None:
    """Pictures uint8 [h, w, 3], None where there is none; each row's name stands above it."""
    step = TILE + LABEL + GAP
    page = Image.new("RGB", (len(columns) * (TILE + GAP) + GAP, LABEL + len(rows) * step + GAP), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(13)
    for column, name in enumerate(columns):
        draw.text((left(column), 2), name, "black", font)
    for row, (name, pictures) in enumerate(rows.items()):
        draw.text((GAP, LABEL + row * step + 2), name, "grey", font)
        for column, picture in enumerate(pictures):
            if picture is None:
                draw.text((left(column), 2 * LABEL + row * step), "none", "grey", font)
            else:
                tile = Image.fromarray(picture).resize((TILE, TILE), Image.Resampling.LANCZOS)
                page.paste(tile, (left(column), 2 * LABEL + row * step))
    page.save(file, quality=90)


def left(column: int) -> int:
    return GAP + column * (TILE + GAP)
