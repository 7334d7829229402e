"""Near-duplicates: pictures that differ by no more than their format or size, told by their difference hash."""

import numpy as np
from jaxtyping import UInt8
from PIL import Image

NEAR = 4  # bits of 64; a photograph at half its size differs by 0-4, and two photographs by 18 or more


def difference_hash(picture: UInt8[np.ndarray, "h w 3"]) -> int:
    """64 bits: where in a grey picture of 8 rows and 9 columns a cell is brighter than its left neighbour."""
    grey = np.asarray(Image.fromarray(picture).convert("L").resize((9, 8), Image.Resampling.BICUBIC), np.int16)
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


class Distinct:
    """Pictures no two of which are nearly the same, by their hashes and names."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.hashes = np.zeros(64, np.uint64)

    def nearest(self, found: int) -> str | None:
        """The name of the first that is nearly the same, None if there is none."""
        differing = np.bitwise_count(self.hashes[: len(self.names)] ^ np.uint64(found))
        alike = np.flatnonzero(differing <= NEAR)
        return self.names[alike[0]] if len(alike) else None

    def add(self, name: str, found: int) -> None:
        if len(self.names) == len(self.hashes):
            self.hashes = np.concatenate((self.hashes, np.zeros_like(self.hashes)))
        self.hashes[len(self.names)] = found
        self.names.append(name)
