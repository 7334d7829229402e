"""Near-duplicates: pictures that differ by no more than their format or size.

Their difference hashes are alike, and so are their colours. Flat pictures all have the same hash, whatever they show.
"""

import numpy as np
from jaxtyping import UInt8
from PIL import Image

NEAR = 4  # bits of 64; a photograph at half its size differs by 0-4, and two photographs by 18 or more
SIDE = 8  # cells
ROUNDED = 1.0  # grey levels that cells of any copy may differ by
SHARE = 0.125  # of a picture's contrast that they may differ by besides; JPEG costs .1, another picture .2 or more
FINGERPRINT = np.dtype([("hash", "<u8"), ("colours", "u1", (SIDE, SIDE, 3))])


def fingerprint(picture: UInt8[np.ndarray, "h w 3"]) -> np.ndarray:
    """What tells a picture from others: a FINGERPRINT."""
    colours = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.array((difference_hash(picture), np.asarray(colours)), FINGERPRINT)


def difference_hash(picture: UInt8[np.ndarray, "h w 3"]) -> int:
    """64 bits: where in a grey picture of 8 rows and 9 columns a cell is brighter than its left neighbour."""
    grey = np.asarray(Image.fromarray(picture).convert("L").resize((9, 8), Image.Resampling.BICUBIC), np.int16)
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


class Distinct:
    """Pictures no two of which are nearly the same, by their fingerprints and names."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.prints = np.zeros(64, FINGERPRINT)

    def nearest(self, found: np.ndarray) -> str | None:
        """The name of the first that is nearly the same, None if there is none."""
        known = self.prints[: len(self.names)]
        alike = np.flatnonzero(np.bitwise_count(known["hash"] ^ found["hash"]) <= NEAR)
        alike = alike[same_colours(known["colours"][alike], found["colours"])]
        return self.names[alike[0]] if len(alike) else None

    def add(self, name: str, found: np.ndarray) -> None:
        if len(self.names) == len(self.prints):
            self.prints = np.concatenate((self.prints, np.zeros_like(self.prints)))
        self.prints[len(self.names)] = found
        self.names.append(name)


def same_colours(many: UInt8[np.ndarray, "n 8 8 3"], one: UInt8[np.ndarray, "8 8 3"]) -> np.ndarray:
    """Which of many pictures have the colours of one, cell by cell, [n]."""
    others, this = many.astype(np.float32), one.astype(np.float32)
    differing = np.sqrt(np.square(others - this).mean((1, 2, 3)))
    return differing <= ROUNDED + SHARE * np.minimum(contrast(others), contrast(this[None]))


def contrast(colours: np.ndarray) -> np.ndarray:
    """How far cells lie from their picture's mean colour, [n]."""
    return np.sqrt(np.square(colours - colours.mean((1, 2), keepdims=True)).mean((1, 2, 3)))
