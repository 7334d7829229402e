"""A scale: which number a map's colours stand for, and what is to be said of maps that colours would lie about."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int8, UInt8

from .colours import diverging, sequential
from .maps import Maps

STEPS = 127  # that a value has on each side of zero
FLAT = 1e-5
OUTLIERS = 99  # percent

NOT_POSITIVE = "no positive evidence at this layer"


@dataclass(frozen=True)
class ColourScale:
    """From zero to `top`, or from -top to top where maps are signed: zero always has the same colour.

    top     what the last colour stands for, in the map's own unit; what is beyond it has that colour too
    signed  whether values below zero are evidence against
    """

    top: float
    signed: bool

    @classmethod
    def of(cls, maps: Maps, index: int, signed: bool) -> "ColourScale":
        """The scale of one image's map, for a map's cells up to the largest absolute value.

        Gradients by pixels have a few that are a hundred times larger than all others, and such a scale would show
        these only: there it ends where 99 % of the absolute values that are not zero do, as is usual (Adebayo et al.
        2018). Maps that are to be compared are drawn on one scale: the `largest` of theirs.
        """
        sizes = np.abs(maps.values[index])
        if maps.layer or not sizes.any():
            return cls(float(sizes.max()), signed)
        return cls(float(np.percentile(sizes[sizes > 0], OUTLIERS)), signed)

    @classmethod
    def largest(cls, *scales: "ColourScale") -> "ColourScale":
        """One scale that holds all these."""
        return cls(max(scale.top for scale in scales), any(scale.signed for scale in scales))

    def cuts_off(self, values: Float32[np.ndarray, "*shape"]) -> bool:
        """Whether some lie beyond `top`, so that its colour stands for more too."""
        return bool(np.abs(values).max(initial=0) > self.top * (1 + 1e-6))

    def quantized(self, values: Float32[np.ndarray, "*shape"]) -> Int8[np.ndarray, "*shape"]:
        """Values as -127 to 127 (0 to 127 where nothing is negative): value = byte / 127 * top."""
        if self.top <= 0:
            return np.zeros(values.shape, np.int8)
        steps = np.round(values.astype(np.float64) * (STEPS / self.top))
        return np.clip(steps, -STEPS if self.signed else 0, STEPS).astype(np.int8)

    @property
    def table(self) -> UInt8[np.ndarray, "256 3"]:
        """Its colours, from the lowest value to the highest."""
        return diverging() if self.signed else sequential()

    def coloured(self, values: Float32[np.ndarray, "*shape"]) -> UInt8[np.ndarray, "*shape 3"]:
        """The colours of values."""
        steps = self.quantized(values).astype(np.int64)
        if self.signed:
            return self.table[np.where(steps < 0, STEPS, STEPS + 1) + steps]
        return self.table[np.round(steps * (255 / STEPS)).astype(np.int64)]


def words_of(maps: Maps, index: int) -> str:
    """What is to be said of an image's map where colours would show nothing, or only noise; "" otherwise.

    "flat": all values together are less than 1e-5 of the score, or differ by less than 1e-5 of the largest, so that no
    place is told from another. "no positive evidence at this layer": all of it was below zero, and was cut off.
    """
    values = maps.values[index].astype(np.float64)
    sizes = np.abs(values)
    if not sizes.any() and maps.cut_off and maps.cut_off[index] > FLAT * abs(maps.score[index]) / sizes.size:
        return NOT_POSITIVE
    if sizes.sum() <= FLAT * abs(maps.score[index]) or np.ptp(values) <= FLAT * sizes.max():
        return "flat"
    return ""
