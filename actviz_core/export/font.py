"""The font of what is written on pictures: DejaVu Sans 2.37, its Latin, Greek and Cyrillic letters and a few signs.

Pillow's own has neither umlauts and accents, which names of members have, nor a minus sign.
"""

from functools import cache
from pathlib import Path

from PIL import ImageFont


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(__file__).with_name("DejaVuSans.ttf"), size)
