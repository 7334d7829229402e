"""An index of images: which of them a layer's channels answer to most, and how they answer to all.

An image's value for a channel is the largest number in its feature map. Several copies of an image count once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float32

from ..errors import ActvizError, near

KEPT = 9  # patches of each kind
QUANTILES = 129  # values that are kept of a channel: those of all images where these are no more

PATCH = np.dtype([("image", "<i4"), ("row", "<i2"), ("column", "<i2"), ("value", "<f4")])
UNIT = np.dtype(
    [
        ("patches", PATCH, (3, KEPT)),  # the best, random ones, those spread over the percentiles; image -1: none
        ("quantiles", "<f4", (QUANTILES,)),  # of fewer images: their values, then the highest again
        ("tied", "<i4"),
        ("at_border", "?"),
        ("dead", "?"),
    ]
)
"""A channel in an index: 846 bytes."""


class DamagedIndex(ActvizError):
    """Files of an index are no longer what they were when it was opened."""

    def __init__(self) -> None:
        super().__init__("the index is damaged: it has to be made again.")


@dataclass(frozen=True)
class Patch:
    """Where an image's feature map of a channel is largest: row and column of the map.

    lower  how many of all images have a lower value, as UnitRecord.lower_than says
    """

    image: int
    row: int
    column: int
    value: float
    lower: int


@dataclass(frozen=True, eq=False)
class UnitRecord:
    """What an index knows of a channel.

    best       at most 9 patches, of 9 images, the highest value first
    random     as many, drawn by a seed of the channel's own
    spread     as many, from the lowest value to the highest in equal steps of rank
    quantiles  the images' values from the lowest to the highest; of more than 129, so many in equal steps of rank
    images     how many there are
    tied       how many images share the highest value; 1: no others
    at_border  the largest number lies in the map's outermost ring far more often than chance has it
    dead       the value of every image is zero
    """

    best: tuple[Patch, ...]
    random: tuple[Patch, ...]
    spread: tuple[Patch, ...]
    quantiles: Float32[np.ndarray, " k"]
    images: int
    tied: int = 1
    at_border: bool = False
    dead: bool = False

    def lower_than(self, value: float) -> int:
        """How many of the images have a lower value; of more than 129 about so many, to one part in 128."""
        return lower_than(self.quantiles, self.images, value)


def lower_than(quantiles: Float32[np.ndarray, " k"], images: int, value: float) -> int:
    """Of how many of so many images the value is lower."""
    single, count = np.float32(value), len(quantiles)
    place = int(np.searchsorted(quantiles, single))
    if place in (0, count):
        return images if place else 0
    if count == images:
        return place
    low, high = float(quantiles[place - 1]), float(quantiles[place])
    return int((place - 1 + (float(single) - low) / (high - low)) * (images - 1) / (count - 1))


@dataclass(frozen=True, eq=False)
class Index:
    """What the layers of a network answer to many images.

    about     what these are, in words: "the folder photos"
    small     so few images that the best of them may be poor
    units     by layer: entries of UNIT, a channel each
    pictures  each image as the network saw it, as JPEG
    skipped   files that are not in it, and why
    names     of the images, where they have any
    version   another one as soon as an image is another
    """

    about: str
    small: bool
    units: Mapping[str, Sequence[np.void] | np.ndarray]
    pictures: Sequence[bytes]
    skipped: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    version: str = ""

    @property
    def images(self) -> int:
        """How many there are."""
        return len(self.pictures)

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """In the order of the forward pass."""
        return tuple(self.units)

    def channels(self, layer: str) -> int:
        """How many a layer has. Raises ActvizError: a layer that is not in the index."""
        if layer not in self.units:
            raise ActvizError(f"the index of {self.about} has no layer {layer!r}{near(layer, self.units)}.")
        return len(self.units[layer])

    def unit(self, layer: str, channel: int) -> UnitRecord:
        """What is known of a channel.

        Raises ActvizError: a layer or a channel that is not in the index, DamagedIndex.
        """
        count = self.channels(layer)
        if not 0 <= channel < count:
            raise ActvizError(f"channel {channel} is out of range: layer {layer} has {count} channels.")
        return unpacked(self.units[layer][channel], self.images)

    def picture(self, image: int) -> bytes:
        """A JPEG. Raises ActvizError: there is no such image, DamagedIndex."""
        if not 0 <= image < self.images:
            raise ActvizError(f"image {image} is out of range: the index of {self.about} has {self.images} images.")
        return self.pictures[image]


def packed(records: Sequence[UnitRecord]) -> np.ndarray:
    """Records as an array of UNIT, one after the other."""
    units = np.zeros(len(records), UNIT)
    units["patches"]["image"] = -1
    for unit, record in zip(units, records, strict=True):
        for kind, patches in enumerate((record.best, record.random, record.spread)):
            for place, patch in enumerate(patches):
                unit["patches"][kind, place] = (patch.image, patch.row, patch.column, patch.value)
        unit["quantiles"] = record.quantiles[-1]
        unit["quantiles"][: len(record.quantiles)] = record.quantiles
        unit["tied"], unit["at_border"], unit["dead"] = record.tied, record.at_border, record.dead
    return units


def unpacked(unit: np.void, images: int) -> UnitRecord:
    """The record that an entry of UNIT holds, of so many images."""
    quantiles = np.array(unit["quantiles"][:images])

    def patches(kind: int) -> tuple[Patch, ...]:
        found = ((int(i), int(row), int(column), float(value)) for i, row, column, value in unit["patches"][kind])
        return tuple(Patch(*place, lower_than(quantiles, images, place[-1])) for place in found if place[0] >= 0)

    best, random, spread = map(patches, range(3))
    marks = int(unit["tied"]), bool(unit["at_border"]), bool(unit["dead"])
    return UnitRecord(best, random, spread, quantiles, images, *marks)
